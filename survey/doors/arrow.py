"""Parquet and Arrow files <-> frames. pyarrow is loaded when a file is read, and of it only what reads single files.

Arrow files are for tables that are made anew often: of a text only its number in a list of different texts is written,
which takes a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.tables import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NEUTRAL: dict[str, object] = {"str": "", "int64": 0, "float64": float("nan"), "bool": False}
"""What a column has that did not exist when its file was written."""


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a table from a Parquet file; FileNotFoundError where there is none."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        return _to_frame(file.read(use_threads=False))  # starting threads costs more than they gain


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as a Parquet file: texts by number, and nothing besides columns, which takes half of the time."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    columns = {str(name): pa.array(column.array) for name, column in frame.items()}
    texts = [name for name, column in columns.items() if pa.types.is_large_string(column.type)]
    write_table(pa.table(columns), path, use_dictionary=texts, write_statistics=False)


@contextmanager
def arrow_writer(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Give a function that writes a table part by part, each with the same columns, as an Arrow stream."""
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as file, ExitStack() as open_:
        writers: list[pa.RecordBatchStreamWriter] = []

        def write(part: pd.DataFrame) -> None:
            columns = {str(name): _pack(column.array) for name, column in part.items()}
            kinds = [{"dtype": str(kind)} for kind in part.dtypes]
            named = zip(columns.items(), kinds, strict=True)
            schema = pa.schema([pa.field(name, one.type, metadata=kind) for (name, one), kind in named])
            packed = pa.table(columns, schema=schema)
            if not writers:
                stream = pa.ipc.new_stream(file, packed.schema, options=options)
                writers.append(open_.enter_context(stream))
            nothing = pa.RecordBatch.from_arrays([pa.array([], one.type) for one in schema], schema=schema)
            for batch in packed.combine_chunks().to_batches() or [nothing]:
                writers[0].write_batch(batch)

        yield write


def _pack(column: Any) -> pa.Array:
    """Turn a column into Arrow's; of texts their number in a list of different ones."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(column, pd.Categorical):
        texts = pa.array(column.categories.array, pa.large_string())
        return pa.DictionaryArray.from_arrays(pa.array(column.codes, pa.int32()), texts)
    packed = pa.array(column)
    return packed.dictionary_encode() if pa.types.is_large_string(packed.type) else packed


def read_arrow(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table, or some of its columns, as it was written; FileNotFoundError where there is none."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as file:
        packed = _open_stream(file, columns).read_all()
    texts = [field.name for field in packed.schema if field.metadata[b"dtype"] == b"str"]
    plain = {name: pa.large_string() for name in texts}
    schema = pa.schema([(field.name, plain.get(field.name, field.type)) for field in packed.schema])
    return _to_frame(packed.cast(schema))


def walk_arrow(
    path: Path, columns: Sequence[str] | None = None, only: Mapping[str, Collection[str]] | None = None
) -> Iterator[pd.DataFrame]:
    """Read a table part by part; texts stay numbers in a list of different ones (categories), which is much faster.

    `only` names the texts that rows must have in some of the columns; others are left out.
    """
    import numpy as np
    import pyarrow as pa

    with pa.OSFile(str(path)) as file:
        for batch in _open_stream(file, columns):
            for name, wanted in (only or {}).items():
                column = batch.column(name)
                is_wanted = np.array([text in wanted for text in column.dictionary.to_pylist()], bool)
                batch = batch.filter(pa.array(is_wanted[column.indices.to_numpy()]))
            yield batch.to_pandas()


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV, its texts in quotation marks: many times faster than pandas writes it."""
    import pyarrow as pa
    from pyarrow import csv

    out = pa.BufferOutputStream()
    columns = {str(name): pa.array(column.array) for name, column in frame.items()}
    csv.write_csv(pa.table(columns), out)
    return out.getvalue().to_pybytes().decode("utf-8")


def _open_stream(file: pa.NativeFile, columns: Sequence[str] | None) -> pa.RecordBatchReader:
    import pyarrow as pa

    names = pa.ipc.open_stream(file).schema.names
    file.seek(0)
    wanted = [names.index(name) for name in columns] if columns else None
    options = pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
    return pa.ipc.open_stream(file, options=options)


def read_parts(table: Table, paths: Sequence[Path]) -> tuple[pd.DataFrame, list[int]]:
    """Read a declared table from several files: its rows in order, and how many come from each."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    types = {"str": pa.large_string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, (kind, _) in table.columns.items()])
    parts = []
    for path in paths:
        with ParquetFile(path) as file:
            part = file.read(use_threads=False)
        for name, (kind, _) in table.columns.items():
            if name not in part.column_names:
                part = part.append_column(name, pa.repeat(pa.scalar(NEUTRAL[kind], types[kind]), len(part)))
        parts.append(part.select(schema.names).cast(schema))
    if not parts:
        return table.frame(), []
    return table.frame(_to_frame(pa.concat_tables(parts).combine_chunks())), [len(part) for part in parts]


def _to_frame(table: pa.Table) -> pd.DataFrame:
    """Turn an Arrow table into a frame; texts become pandas' own."""
    import pandas as pd
    import pyarrow as pa

    text = pd.StringDtype(na_value=float("nan"))
    return table.to_pandas(types_mapper={pa.string(): text, pa.large_string(): text}.get)

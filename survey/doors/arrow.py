"""Parquet and Arrow files <-> frames. pyarrow is loaded when a file is read, and of it only what reads single files.

Arrow files are for tables that are made anew often: of a text only its number in a list of different texts is written,
which takes a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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


def write_arrow(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as an Arrow file."""
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    columns = [
        column.dictionary_encode() if pa.types.is_large_string(column.type) else column
        for column in table.columns
    ]
    packed = pa.table(columns, names=table.column_names)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, packed.schema, options=options) as writer:
        writer.write_table(packed)


def read_arrow(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table, or some of its columns, from an Arrow file; FileNotFoundError where there is none."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as file:
        names = pa.ipc.open_file(file).schema.names
        wanted = [names.index(name) for name in columns] if columns else None
        options = pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        packed = pa.ipc.open_file(file, options=options).read_all()
    texts = {field.name: pa.large_string() for field in packed.schema if pa.types.is_dictionary(field.type)}
    schema = pa.schema([(field.name, texts.get(field.name, field.type)) for field in packed.schema])
    return _to_frame(packed.cast(schema))


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

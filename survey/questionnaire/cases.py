"""<id>.cases.csv <-> the serials that were issued and their stratum; never a name, never an address."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from survey.errors import SchemaError, UsageError
from survey.files import read_csv
from survey.questionnaire.printed_code import make_serial, serial_is_valid

SERIAL_NUMBERS = 10_000  # a serial has four digits before its check digit

PRIVATE_WORDS = frozenset({
    "ort", "wohnort", "plz", "postleitzahl", "hausnummer", "hausnr", "zip", "zipcode", "city", "town",
    "postcode", "surname", "iban", "dob", "mobil", "handy", "mobile", "bgnummer", "bedarfsgemeinschaft",
    "kundennummer", "sozialversicherungsnummer", "steuernummer", "steuerid",
})  # fmt: skip
"""Words that name a person's data; matched whole, because "ort" also ends "Standort"."""
PRIVATE_PARTS = (
    "name", "strasse", "street", "adress", "address", "anschrift", "geburt", "birth", "telefon", "phone",
    "mail",
)  # fmt: skip
"""Parts of words that name a person's data."""


def load_cases(path: Path, stratum: str, *, ours: bool = True) -> pd.DataFrame:
    """Read the issued serials: columns serial and, where the frame is divided, its stratum; all text.

    `ours` says that we printed them, with a check digit. Raises SchemaError, with file and line, for a column about a
    person, a serial that is none, or one issued twice.
    """
    table = read_csv(path)
    refuse_private_columns(list(table.columns), path, stratum)
    for column in ["serial", *([stratum] if stratum else [])]:
        if column not in table.columns:
            raise SchemaError(
                f"column {column} is missing", where=f"{path}:1", hint="survey print writes this file"
            )
    seen: set[str] = set()
    for line, serial in enumerate(table["serial"].tolist(), start=2):
        if ours and not serial_is_valid(serial):
            raise SchemaError(
                f"{serial!r} is no serial", where=f"{path}:{line}", hint="its last digit checks the others"
            )
        if serial in seen:
            raise SchemaError(
                f"serial {serial} stands twice", where=f"{path}:{line}", hint="delete one of the lines"
            )
        seen.add(serial)
    return table


def refuse_private_columns(columns: list[str], path: Path, stratum: str) -> None:
    """Raise SchemaError if a column looks like a name, an address or another thing that leads to a person."""
    private = [column for column in columns if column != stratum and _looks_private(column)]
    if private:
        raise SchemaError(
            f"column {private[0]!r} looks as if it told who a person is",
            where=f"{path}:1",
            hint="a serial stands for a case and its stratum only: delete the column, keep lists elsewhere",
        )


def _looks_private(column: str) -> bool:
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])", " ", column))
    lowered = [word.casefold() for word in [*words, "".join(words)]]
    return any(word in PRIVATE_WORDS or any(part in word for part in PRIVATE_PARTS) for word in lowered)


def draw_cases(
    letter: str, counts: Mapping[str, int], seed: int, taken: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Draw new serials for each stratum: columns serial and stratum, in the order drawn.

    Numbers are drawn at random: neither a serial nor its place in the pile says anything about a person.
    """
    free = [number for number in range(SERIAL_NUMBERS) if make_serial(letter, number) not in taken]
    wanted = sum(counts.values())
    if wanted > len(free):
        raise UsageError(
            f"{wanted} serials are wanted, {len(free)} with the letter {letter} are free",
            hint="use another letter",
        )
    numbers = random.Random(seed).sample(free, wanted)
    strata = [stratum for stratum, count in counts.items() for _ in range(count)]
    rows = [(make_serial(letter, number), stratum) for number, stratum in zip(numbers, strata, strict=True)]
    return pd.DataFrame(rows, columns=["serial", "stratum"], dtype="str")

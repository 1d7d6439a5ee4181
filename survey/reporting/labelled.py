"""One row a case -> SPSS and Stata files with labels and missing codes, and SPSS syntax for multiple responses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from survey.analysis.coding import MISSING_CODES, MISSING_LABELS, Variable, variable_label, variables
from survey.files import digest
from survey.questionnaire.model import Questionnaire, say

SPSS, STATA = ".sav", ".dta"
LABELLED = ("wide", "microdata-internal", "microdata-public")
"""Exports with one row a case, which these files can hold."""
LETTERS = dict(zip(MISSING_CODES, "abcdef", strict=True))
"""Missing reason -> Stata's missing value .a to .f."""
LONGEST_NAME, KEPT_OF_NAME = 28, 24
"""Letters of a name in Stata: the library adds up to four to the 32 there are; longer ones end in a digest."""
LONGEST_LABEL = {SPSS: 120, STATA: 80}
"""Letters of a variable label; SPSS has room for 256 bytes."""
MOST_TEXT_MISSING = 3
"""Codes that SPSS can take for missing in a column of text."""
Labels = dict[Any, str]
"""Code, a number or text as the column, -> its label."""
SPSS_MADE, STATA_MADE = slice(92, 109), re.compile(rb"\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d")
"""Where the files say when they were made."""


def write_labelled(
    write_with: Callable[[Callable[[Path], object]], object],
    table: pd.DataFrame,
    questionnaire: Questionnaire,
    kind: str,
) -> None:
    """Write a table with one column a variable as SPSS (.sav) or Stata (.dta); the same table gives the same bytes.

    `write_with` hands the function that writes to whom writes files whole or not at all. Missing reasons are user
    missing values with labels: -1 to -6 in SPSS, .a to .f in Stata. A declared missing code is missing in SPSS, too.
    """
    import pyreadstat

    language = questionnaire.schema.languages[0]
    own = {one.name: one for one in variables(questionnaire) if one.name in table.columns}
    names: dict[str, str | None] = {
        name: _shortened(variable_label(one, language), LONGEST_LABEL[kind]) for name, one in own.items()
    }
    numbers = pd.DataFrame({name: _as_numbers(table[name]) for name in table.columns})
    labels = {name: _value_labels(one, numbers[name], language) for name, one in own.items()}
    short = {name: _short_name(name) if kind == STATA else name for name in table.columns}

    def write(path: Path) -> None:
        if kind == SPSS:
            missing = {name: _missing_of(one, numbers[name]) for name, one in own.items()}
            pyreadstat.write_sav(numbers, path, questionnaire.id, names, variable_value_labels=labels,
                                 missing_ranges={name: found for name, found in missing.items() if found})  # fmt: skip
        else:
            with_letters = {short[name]: _with_letters(numbers[name]) for name in numbers.columns}
            is_number = {name: pd.api.types.is_numeric_dtype(numbers[name]) for name in own}
            letters = {short[name]: list(LETTERS.values()) for name, is_one in is_number.items() if is_one}
            known = {
                short[name]: _letter_labels(labels[name]) for name, is_one in is_number.items() if is_one
            }
            told: dict[str, str | None] = {short[name]: label for name, label in names.items()}
            pyreadstat.write_dta(pd.DataFrame(with_letters), path, questionnaire.id, told, variable_value_labels=known,
                                 missing_user_values=letters)  # fmt: skip
        path.write_bytes(_undated(path.read_bytes(), kind))

    write_with(write)


def multiple_response_syntax(questionnaire: Questionnaire, columns: Sequence[str], data: str) -> bytes:
    """SPSS syntax that opens a .sav file by name and declares its multiple-response sets: boxes counted together.

    Items of several boxes, the rows of grids, and the schema's own sets; only variables among `columns`. UTF-8 with a
    byte order mark, by which SPSS knows it.
    """
    language = questionnaire.schema.languages[0]
    labels: dict[str, tuple[str, list[str]]] = {}
    for one in variables(questionnaire):
        if one.option is not None:
            name = one.asked.id
            wording = variable_label(Variable(name, one.asked), language)
            labels.setdefault(name, (wording, []))[1].append(one.name)
    for own in questionnaire.schema.analysis.sets:
        labels[own.id] = (say(own.label, language), list(own.variables))
    lines = ["* Encoding: UTF-8.", f"GET FILE={_quoted(data)}."]
    for name, (label, members) in labels.items():
        there = [member for member in members if member in columns]
        if len(there) > 1:
            lines += [
                "MRSETS",
                f"  /MDGROUP NAME=${name} LABEL={_quoted(_shortened(label, LONGEST_LABEL[SPSS]))} "
                "CATEGORYLABELS=VARLABELS",
                *(f"    {'VARIABLES=' if not place else '  '}{member}" for place, member in enumerate(there)),
                "    VALUE=1",
                f"  /DISPLAY NAME=[${name}].",
            ]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _short_name(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:KEPT_OF_NAME]}_{digest(name)[:3]}"


def _shortened(label: str, most: int) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"


def _as_numbers(column: pd.Series) -> pd.Series:
    """Numbers where all codes are numbers, else text."""
    text = column.astype("str")
    return (
        text.astype("float64")
        if text.str.fullmatch(r"-?\d+(\.\d+)?").all() and len(text)
        else text.astype(object)
    )


def _value_labels(variable: Variable, column: pd.Series, language: str) -> Labels:
    labels = {code: say(label, language) or code for code, label in variable.value_labels().items()}
    labels |= {str(code): say(MISSING_LABELS[reason], language) for reason, code in MISSING_CODES.items()}
    if pd.api.types.is_numeric_dtype(column):
        return {float(code): label for code, label in labels.items() if re.fullmatch(r"-?\d+", code)}
    return dict(labels)


def _missing_of(variable: Variable, column: pd.Series) -> list[Any]:
    """What SPSS takes for missing: a range and one further code of numbers, three codes of text."""
    if pd.api.types.is_numeric_dtype(column):
        declared = [float(one.code) for one in variable.asked.options if one.missing and one.code.isdigit()]
        return [
            {"lo": float(min(MISSING_CODES.values())), "hi": float(max(MISSING_CODES.values()))},
            *declared[:1],
        ]
    used = set(column)
    return [str(code) for code in MISSING_CODES.values() if str(code) in used][:MOST_TEXT_MISSING]


def _with_letters(column: pd.Series) -> pd.Series:
    """Missing reasons as Stata's letters."""
    if not pd.api.types.is_numeric_dtype(column):
        return column
    letters = {float(code): LETTERS[reason] for reason, code in MISSING_CODES.items()}
    return column.astype(object).map(lambda value: letters.get(value, value))


def _letter_labels(labels: Labels) -> Labels:
    letters = {float(code): LETTERS[reason] for reason, code in MISSING_CODES.items()}
    return {letters.get(float(code), code): label for code, label in labels.items()}


def _undated(content: bytes, kind: str) -> bytes:
    """The file without the moment it was made."""
    if kind == STATA:
        return STATA_MADE.sub(b"01 Jan 2000 00:00", content, count=1)
    return content[: SPSS_MADE.start] + b"01 Jan 0000:00:00" + content[SPSS_MADE.stop :]

"""A list of envelopes that came back unopened, were refused or arrived <-> table MAILING, and what it adds up to."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from survey.errors import UsageError
from survey.files import read_csv
from survey.questionnaire.cases import refuse_private_columns
from survey.questionnaire.model import Questionnaire
from survey.tables import MAILING

KINDS = ("undeliverable", "refused", "received")
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")
COLUMNS_HINT = "columns: serial and date, or stratum, count and date"


def read_mailing(path: Path, kind: str, questionnaire: Questionnaire) -> pd.DataFrame:
    """Read a list that people keep: columns serial (and date), or stratum, count (and date); returns MAILING.

    Raises UsageError with file and line for a serial that was never issued, an unknown stratum, a number or a date
    that is none, and a column about a person.
    """
    table = read_csv(path)
    table.columns = pd.Index([str(name).casefold() for name in table.columns])
    columns = list(table.columns)
    refuse_private_columns(columns, path, questionnaire.schema.population.stratum)
    by_serial = "serial" in columns
    if not by_serial and not {"stratum", "count"} <= set(columns):
        raise UsageError(
            "neither a column serial nor the columns stratum and count",
            where=f"{path}:1",
            hint=COLUMNS_HINT,
        )
    rows, seen = [], set()
    for line, given in enumerate(table.to_dict("records"), start=2):
        where = f"{path}:{line}"
        day = _day(str(given.get("date", "")).strip(), where)
        read = _serial_row if by_serial else _count_row
        serial, stratum, envelopes = read(given, where, questionnaire)
        if not serial and (stratum, day) in seen:
            raise UsageError(
                f"{stratum} stands twice for the same date", where=where, hint="add the two numbers up"
            )
        seen.add((stratum, day))
        rows.append(("", questionnaire.id, kind, serial, stratum, envelopes, day, path.name))
    return MAILING.frame(rows)


def _serial_row(given: dict[str, str], where: str, questionnaire: Questionnaire) -> tuple[str, str, int]:
    serial = given["serial"].strip().upper()
    if serial not in questionnaire.issued:
        raise UsageError(
            f"serial {serial!r} was never issued",
            where=where,
            hint=f"compare it with schemas/{questionnaire.id}.cases.csv",
        )
    return serial, questionnaire.issued[serial], 1


def _count_row(given: dict[str, str], where: str, questionnaire: Questionnaire) -> tuple[str, str, int]:
    stratum, count = given["stratum"].strip(), given["count"].strip()
    if stratum not in questionnaire.frame:
        there = ", ".join(questionnaire.frame) or "none"
        raise UsageError(f"there is no stratum {stratum!r}", where=where, hint=f"there are: {there}")
    if not count.isdecimal():
        raise UsageError(
            f"{count!r} is no number of envelopes", where=where, hint="a whole number, 0 or more"
        )
    return "", stratum, int(count)


def _day(text: str, where: str) -> str:
    """Turn 2012-07-17, 17.07.2012 or 17.7.12 into the first of them; nothing stays nothing."""
    if not text:
        return ""
    for form in DAY_FORMATS:
        try:
            return datetime.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise UsageError(f"{text!r} is no date", where=where, hint="write it as 2012-07-17 or 17.07.2012")


def only_new(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Leave out what was recorded before: recording a file again, or a longer one, adds no row twice."""
    keys = ["questionnaire", "kind", "serial", "stratum", "envelopes", "day"]
    before = set(known[keys].itertuples(index=False, name=None))
    new = [row not in before for row in rows[keys].itertuples(index=False, name=None)]
    return MAILING.frame(rows[new].drop_duplicates(keys))


def standing_rows(mailing: pd.DataFrame) -> pd.DataFrame:
    """Keep the last row of each serial, and of each kind, stratum and date where envelopes were only counted."""
    by_serial = mailing["serial"] != ""
    single = mailing[by_serial].drop_duplicates(["questionnaire", "serial"], keep="last")
    counted = mailing[~by_serial].drop_duplicates(["questionnaire", "kind", "stratum", "day"], keep="last")
    return pd.concat([single, counted]).sort_index()


@dataclass(frozen=True)
class Balance:
    """Issued = returned + undeliverable + refused + outstanding; what does not add up stands in `contradictions`."""

    undeliverable: int
    refused: int
    outstanding: int
    unscanned: int
    """Of those outstanding: recorded as received, but no page of theirs has been scanned."""
    contradictions: tuple[str, ...]


def balance(
    questionnaire: Questionnaire, returned: pd.DataFrame, mailing: pd.DataFrame, issued: int
) -> Balance:
    """Balance what was issued against the returned CASES and MAILING. A case that returned counts as returned only."""
    rows = standing_rows(mailing[mailing["questionnaire"] == questionnaire.id])
    back = returned.loc[returned["serial"] != "", "serial"]
    known = rows["serial"].isin(back)
    lost = rows[~known & rows["kind"].isin(["undeliverable", "refused"])]
    counts = {kind: int(lost.loc[lost["kind"] == kind, "envelopes"].sum()) for kind in KINDS}
    outstanding = issued - len(returned) - counts["undeliverable"] - counts["refused"]
    contradictions = [
        f"{row.serial} is recorded as {row.kind}, but has returned"
        for row in rows[known].itertuples(index=False)
        if row.kind != "received"
    ]
    contradictions += _too_many(questionnaire, returned, lost)
    if issued and outstanding < 0:
        contradictions.append(f"{-outstanding:,} more envelopes are accounted for than were issued")
    arrived = rows[rows["kind"] == "received"]
    unscanned = int((arrived["serial"].ne("") & ~arrived["serial"].isin(back)).sum())
    counted = int(arrived.loc[arrived["serial"] == "", "envelopes"].sum())
    unscanned += max(0, counted - len(returned))
    return Balance(
        counts["undeliverable"],
        counts["refused"],
        outstanding if issued else 0,
        unscanned,
        tuple(contradictions),
    )


def _too_many(questionnaire: Questionnaire, returned: pd.DataFrame, lost: pd.DataFrame) -> Iterable[str]:
    """Name the strata for which more envelopes are accounted for than were issued."""
    for stratum, issued in questionnaire.frame.items():
        back = int((returned["stratum"] == stratum).sum())
        gone = int(lost.loc[lost["stratum"] == stratum, "envelopes"].sum())
        if gone and back + gone > issued:
            yield f"{stratum}: {issued:,} issued, but {back:,} returned and {gone:,} undeliverable or refused"


def days_received(questionnaire: str, mailing: pd.DataFrame) -> dict[str, str]:
    """Serial -> date on which people recorded its envelope as received."""
    rows = standing_rows(mailing[mailing["questionnaire"] == questionnaire])
    dated = rows[(rows["kind"] == "received") & (rows["serial"] != "") & (rows["day"] != "")]
    return dict(zip(dated["serial"], dated["day"], strict=True))

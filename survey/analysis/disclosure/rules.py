"""Rows of ESTIMATES -> cells, which of them are sensitive, and every sum that links them.

A row stands for its count; its share, interval, bounds and base are shown or hidden with it. Rows link through their
base, through the domains that make up a larger one, and through whatever is counted in two places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import comb

import pandas as pd

from survey.analysis.coding import variables_of
from survey.analysis.disclosure.cells import Linking
from survey.analysis.population import CROSS
from survey.analysis.targets import NEEDS, NEEDS_NUMBER, RETURNED
from survey.errors import UsageError
from survey.questionnaire.model import Questionnaire

SMALL_BASE = "fewer people answered than the minimum cell"
SMALL_CELL = "fewer people said so, or did not, than the minimum cell"
ALL_OR_NONE = "everybody in the domain said so, or nobody"
NOBODY = "nobody said so, which is protected here"
DOMINATED = "one person makes up most of the sum"
PROTECTS = "another hidden number could be worked out from it"
KEPT_BACK = "kept back in an earlier publication"

COUNTED = ("share", "mean", "median")
"""Statistics that tell counts of people; others are made of these (resting.py), or are about the return."""

Told = tuple[str, str]
"""Variable and code of a count."""


@dataclass(frozen=True)
class Contained:
    """Counts of which one holds the others: together they are at most it, or exactly it."""

    total: Told
    parts: tuple[Told, ...]
    is_exact: bool = False


@dataclass(frozen=True)
class Policy:
    """What may not be published, and what a reader knows besides."""

    minimum: int
    zeros: frozenset[str] = frozenset()
    """Items in which "nobody" is protected; `all` stands for every item."""
    dominated: frozenset[str] = frozenset()
    """Keys of means of which one person makes up most of the sum."""
    contained: tuple[Contained, ...] = ()


@dataclass(frozen=True)
class Row:
    """What disclosure control looks at in a row of ESTIMATES."""

    key: str
    item: str
    variable: str
    code: str
    domain: str
    statistic: str
    count: int
    base: int

    @property
    def is_share(self) -> bool:
        """Its count is one of people who said so; a mean tells of all who answered."""
        return self.statistic == "share"


@dataclass
class Linked:
    """Rows entered into a system of cells under a prefix: which cell each stands for, and why it is sensitive."""

    prefix: str
    cell: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Key of a row -> the cells it shows; it is shown where all of them are."""
    reason: dict[str, str] = field(default_factory=dict)
    """Cell -> why it is sensitive."""


def rows_of(table: pd.DataFrame) -> list[Row]:
    """The counts of a table with the columns of ESTIMATES up to the base; not the return, which is no answer."""
    columns = ["key", "item", "variable", "code", "domain", "statistic", "count", "base"]
    counts = table[(table["item"] != RETURNED) & table["statistic"].isin(COUNTED)]
    return [Row(*value) for value in counts[columns].itertuples(index=False, name=None)]


def link_rows(linking: Linking, rows: Sequence[Row], policy: Policy, prefix: str = "") -> Linked:
    """Enter rows, their bases and all sums that link them. `prefix` sets publications of other data apart."""
    linked = Linked(prefix)
    ordered = sorted(rows, key=lambda row: row.variable)
    for _, of_variable in groupby(ordered, key=lambda row: row.variable):
        _link_variable(linking, list(of_variable), policy, linked)
    names = {name for row in rows for name in linked.cell[row.key]}
    _link_domains(linking, names)
    _link_contained(linking, policy.contained, sorted({row.domain for row in rows}), prefix)
    return linked


def _link_variable(linking: Linking, rows: list[Row], policy: Policy, linked: Linked) -> None:
    plain = {row.code for row in rows if row.is_share and not _members(row, rows)}
    exhaustive = len(plain) > 1 and all(_rest(rows, plain, domain) >= 0 for domain in _domains(rows))
    for domain in _domains(rows):
        here = [row for row in rows if row.domain == domain]
        base = f"{linked.prefix}{here[0].variable}@{domain}"
        small = 0 < here[0].base < policy.minimum
        dominated = not plain and here[0].key in policy.dominated
        if small or dominated:
            linked.reason[base] = SMALL_BASE if small else DOMINATED
        linking.add(
            base, here[0].base, sensitive=small or dominated, public=here[0].base == 0,
            cost=40.0 if domain == "all" else 10.0, base=True,
        )  # fmt: skip
        for row in here:
            if row.is_share:
                _add_row(linking, row, policy, linked, yes_or_no=not exhaustive and row.code in plain)
                linking.follow(base, linked.prefix + row.key)
        _link_base(linking, here, plain, base, linked, exhaustive=exhaustive)


def _domains(rows: Sequence[Row]) -> list[str]:
    """Domains of rows, the whole first."""
    return sorted(dict.fromkeys(row.domain for row in rows), key=lambda domain: domain != "all")


def _rest(rows: Sequence[Row], plain: set[str], domain: str) -> int:
    """Those in the base of a domain whom no code of its own counts."""
    here = [row for row in rows if row.domain == domain]
    return here[0].base - sum(row.count for row in here if row.code in plain)


def _add_row(linking: Linking, row: Row, policy: Policy, linked: Linked, *, yes_or_no: bool) -> None:
    name = linked.prefix + row.key
    reason = why_sensitive(row, policy, yes_or_no=yes_or_no)
    whole = f"{linked.prefix}{row.variable}={row.code}@all"
    if (
        reason == ALL_OR_NONE
        and whole in linking
        and _is_all_or_none(linking, whole, row.variable, linked.prefix)
    ):
        reason = ""  # the total says it of everybody
    if reason:
        linked.reason[name] = reason
    cost = 4.0 if row.domain == "all" else 1.0
    linking.add(name, row.count, sensitive=bool(reason), public=row.count == 0 and not reason, cost=cost)


def _is_all_or_none(linking: Linking, whole: str, variable: str, prefix: str) -> bool:
    return linking.count(whole) in {0, linking.count(f"{prefix}{variable}@all")}


def why_sensitive(row: Row, policy: Policy, *, yes_or_no: bool) -> str:
    """Why a count may not be published by itself; "" where it may. Of a yes or no, the complement counts too."""
    rest = row.base - row.count
    if row.base == 0:
        return ""
    if row.base < policy.minimum:
        return SMALL_BASE
    if 0 < row.count < policy.minimum or (yes_or_no and 0 < rest < policy.minimum):
        return SMALL_CELL
    if row.domain != "all" and (rest == 0 or (yes_or_no and row.count == 0)):
        return ALL_OR_NONE
    if row.count == 0 and policy.zeros & {row.item, "all"}:
        return NOBODY
    return ""


def _members(row: Row, rows: Sequence[Row]) -> list[str]:
    """Codes that a row takes together: the ends of a scale, or two needs and more; [] for a code of its own."""
    if row.variable == NEEDS:
        return []
    if row.variable == NEEDS_NUMBER:
        return (
            [code for code in _codes(rows) if code.isdigit() and int(code) > 1]
            if row.code == "several"
            else []
        )
    return row.code.split("+") if "+" in row.code else []


def _codes(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.code for row in rows))


def _link_base(
    linking: Linking, here: list[Row], plain: set[str], base: str, linked: Linked, *, exhaustive: bool
) -> None:
    """Codes add up to the base, combined codes to their members; a mean tells as much as all codes together."""
    own = [row for row in here if row.code in plain]
    names = [linked.prefix + row.key for row in own]
    if exhaustive:
        linking.add(f"rest {base}", _rest(here, plain, here[0].domain), public=True)
        linking.relate(base, [*names, f"rest {base}"])
    else:
        for row, name in zip(own, names, strict=True):
            linking.add_secret(f"not {name}", row.base - row.count)
            linking.relate(base, [name, f"not {name}"])
    for row in here:
        members = [code for code in _members(row, here) if code in plain]
        if members:
            name = f"{linked.prefix}{row.variable}={{}}@{row.domain}"
            linking.relate(linked.prefix + row.key, [name.format(code) for code in members])
        linked.cell[row.key] = (base, linked.prefix + row.key) if row.is_share else (base, *names)


def _parts_of(domain: str) -> frozenset[str]:
    """all -> nothing; office=A&sex=2 -> both."""
    return frozenset() if domain == "all" else frozenset(part.strip() for part in domain.split("&"))


def _link_domains(linking: Linking, names: set[str]) -> None:
    """A domain is the sum of those that divide it; who belongs to none of them is known to the reader."""
    whole: dict[tuple[str, frozenset[str]], str] = {}
    for name in names:
        told, _, domain = name.rpartition("@")
        whole[told, _parts_of(domain)] = name
    children: dict[tuple[str, str], list[str]] = {}
    for (told, parts), name in sorted(whole.items(), key=lambda pair: pair[1]):
        for fewer in _nearest(
            parts, {inside for one, inside in whole if one == told} if len(parts) > 1 else None
        ):
            parent = whole.get((told, fewer))
            if parent:
                divided_by = CROSS.join(sorted(part.split("=")[0] for part in parts - fewer))
                children.setdefault((parent, divided_by), []).append(name)
    for (parent, divided_by), found in children.items():
        rest = linking.count(parent) - sum(linking.count(name) for name in found)
        if rest < 0:
            raise UsageError(
                f"{parent} is less than its parts by {divided_by} together: the margin does not add up",
                hint="make the table from one state of the data, whole and parts alike",
            )
        elsewhere = f"elsewhere {parent} by {divided_by}"
        linking.add(elsewhere, rest, public=True, base=True)
        linking.relate(parent, [*found, elsewhere])


def _nearest(parts: frozenset[str], there: set[frozenset[str]] | None) -> list[frozenset[str]]:
    """The largest groups that hold a domain: without one of its parts, or without more where there is none such."""
    if there is None:
        return [parts - {part} for part in sorted(parts)]
    above = [one for one in there if one < parts]
    largest = max((len(one) for one in above), default=0)
    return sorted((one for one in above if len(one) == largest), key=sorted)


def _link_contained(
    linking: Linking, contained: Sequence[Contained], domains: Sequence[str], prefix: str
) -> None:
    for one in contained:
        for domain in domains:
            total, *parts = (f"{prefix}{v}={c}@{domain}" for v, c in (one.total, *one.parts))
            if total not in linking or not all(part in linking for part in parts):
                continue
            rest = linking.count(total) - sum(linking.count(part) for part in parts)
            if rest < 0:  # bases differ, so that the reader cannot rely on it either
                continue
            outside = f"outside {parts} of {total}"
            if not one.is_exact or rest:
                linking.add_secret(outside, rest)
            linking.relate(total, [*parts, outside] if not one.is_exact or rest else parts, loose=True)


def contained_in(questionnaire: Questionnaire, codes: Sequence[str]) -> Iterator[Contained]:
    """What a questionnaire counts in two places: cells and their groups, needs, combinations and their number.

    `codes` are those of the variable of combinations.
    """
    for item in questionnaire.items:
        for group in item.groups:
            for row in group.rows or [row.code for row in item.rows]:
                for column in group.columns or [column.code for column in item.columns]:
                    yield Contained((f"{item.id}_{group.id}", "1"), ((f"{item.id}_{row}_{column}", "1"),))
    by_id = {asked.id: asked for asked in questionnaire.asked()}
    areas = [area for area in questionnaire.schema.need_areas if area.need]
    for area in areas:
        for name, wanted in area.need.items():
            codes_of = set(wanted) or {option.code for option in by_id[name].substantive}
            for variable in variables_of(by_id[name]):
                if variable.option is None:
                    parts = tuple((name, code) for code in sorted(codes_of))
                    yield Contained((f"need_{area.id}", "1"), parts)
                elif variable.option.code in codes_of:
                    yield Contained((f"need_{area.id}", "1"), ((variable.name, "1"),))
    yield from _combined([area.id for area in areas], codes)


def _combined(areas: Sequence[str], codes: Sequence[str]) -> Iterator[Contained]:
    members = {code: set() if code == "none" else set(code.split("+")) for code in codes if code != "rare"}
    for area in areas:
        parts = tuple((NEEDS, code) for code, inside in members.items() if area in inside)
        if parts:
            yield Contained((f"need_{area}", "1"), parts)
    for count in range(len(areas) + 1):
        parts = tuple((NEEDS, code) for code, inside in members.items() if len(inside) == count)
        if parts:
            yield Contained((NEEDS_NUMBER, str(count)), parts, len(parts) == comb(len(areas), count))

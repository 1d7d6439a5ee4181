"""Coded answers and the population part of the schema -> domains, weights, and the design estimates rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.coding import variables
from survey.analysis.design import Design
from survey.analysis.weighting import (
    UNKNOWN,
    KnownMargin,
    Raked,
    adjust_for_nonresponse,
    indicators,
    rake,
)
from survey.errors import SchemaError, UsageError
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import Margin
from survey.tables import WEIGHTS

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

ALL = "all"
"""The domain of everybody."""
ROUNDED_PEOPLE = 0.5
"""People by which a margin may miss the frame: numbers that were shares before."""
EARLY, LATE = "received=early", "received=late"
"""Domains of the returns up to the middle day, and after it."""
CROSS = "*"
"""Joins variables whose codes are crossed to domains."""


@dataclass(frozen=True)
class Domain:
    """A group an estimate is for: its cases, and the people of the frame they stand for (inf: unknown)."""

    name: str
    cases: Flags
    population: float
    is_counted: bool = True
    """Its people were counted in the frame, not estimated from those who returned."""


@dataclass(frozen=True)
class Weighted:
    """Weights of all cases, with the design and the account of the raking, if there was any."""

    design: Design
    before: Numbers
    raked: Raked | None


def frame_domains(coded: Coded, questionnaire: Questionnaire) -> Iterator[Domain]:
    """All cases, then each stratum; a stratum never counts fewer people than returned from it."""
    frame = questionnaire.population
    everyone = np.ones(len(coded.cases), dtype=bool)
    total = float(sum(frame.values())) or np.inf
    yield Domain(ALL, everyone, max(total, float(len(coded.cases))))
    for stratum, count in frame.items():
        here = coded.stratum.are(stratum)
        yield Domain(
            f"{questionnaire.schema.population.stratum}={stratum}", here, max(float(count), float(here.sum()))
        )


def variable_domains(
    coded: Coded, questionnaire: Questionnaire, names: Sequence[str], weighted: Weighted | None = None
) -> Iterator[Domain]:
    """Each code of a variable as a domain; names joined by * are crossed. Their people are estimated.

    The people are the weights of the domain's cases, or without weights the frame's share of its cases.
    """
    total = float(sum(questionnaire.population.values())) or np.inf
    for name in names:
        parts = [_groups(part, coded, questionnaire) for part in name.split(CROSS)]
        for combination in product(*parts):
            here = np.all([cases for _, cases in combination], axis=0)
            if weighted is not None:
                people = float(weighted.design.weight[here].sum())
            else:
                people = total * here.sum() / max(len(here), 1) if np.isfinite(total) else np.inf
            label = "&".join(label for label, _ in combination)
            yield Domain(label, here, max(people, float(here.sum())), is_counted=False)


def _groups(name: str, coded: Coded, questionnaire: Questionnaire) -> list[tuple[str, Flags]]:
    """Name and cases of each code of one variable, or of each stratum."""
    if name == questionnaire.schema.population.stratum:
        return [(f"{name}={one}", coded.stratum.are(one)) for one in questionnaire.population]
    own = next((one for one in variables(questionnaire) if one.name == name), None)
    if own is None or not own.value_labels():
        there = [questionnaire.schema.population.stratum or "no stratum"]
        there += [one.name for one in variables(questionnaire) if one.asked.kind == "single"]
        raise UsageError(
            f"{name!r} does not divide the cases into domains", hint="there are: " + ", ".join(there)
        )
    code, missing = coded.of(name)
    declared = {option.code for option in own.asked.options if option.missing and own.option is None}
    codes = [one for one in own.value_labels() if one not in declared]
    return [(f"{name}={one}", missing.are("") & code.are(one)) for one in codes]


def weigh(coded: Coded, questionnaire: Questionnaire) -> Weighted | None:
    """Weigh the cases as population.weights says; None where the schema has none.

    Base weight 1 (everybody was written to), adjusted for nonresponse within strata, raked to the known margins. Raises
    SchemaError, with file and line, for a stratum or group without returns, and margins that cannot be met.
    """
    population = questionnaire.schema.population
    people = questionnaire.population
    if population.weights is None:
        return None
    if not people:
        raise SchemaError(
            "weights need to know how many people were written to",
            where=where_of(questionnaire, "weights"),
            hint="state population.frame",
        )
    names = list(people) if population.weights.nonresponse else [ALL]
    counts = np.array(list(people.values()), float) if len(names) > 1 or population.weights.nonresponse else (
        np.array([float(sum(people.values()))])
    )  # fmt: skip
    stratum = coded.stratum.places_in(names)
    if not population.weights.nonresponse:
        stratum = np.zeros(len(coded.cases), dtype=np.int64)
    before = adjust_for_nonresponse(stratum, counts, names, lambda: where_of(questionnaire, "frame"))
    groups, units = _with_unknown(stratum, counts, before)
    margins = [
        _margin(one, place, coded, questionnaire) for place, one in enumerate(population.weights.margins)
    ]
    if not margins:
        return Weighted(Design(before, groups, units), before, None)
    raked = rake(before, margins, population.weights.bounds)
    return Weighted(Design(raked.weight, groups, units, None, before, indicators(margins)), before, raked)


def _with_unknown(
    stratum: NDArray[np.int64], people: Numbers, before: Numbers
) -> tuple[NDArray[np.int64], Numbers]:
    """Give the returns of no known stratum one of their own."""
    unknown = stratum < 0
    if not unknown.any():
        return stratum, people
    return np.where(unknown, len(people), stratum), np.append(people, before[unknown].sum())


def _margin(margin: Margin, place: int, coded: Coded, questionnaire: Questionnaire) -> KnownMargin:
    given = margin.people or margin.shares
    if margin.variable == questionnaire.schema.population.stratum:
        code, is_known = coded.stratum, ~coded.stratum.are("")
    else:
        code, missing = coded.of(margin.variable)
        is_known = missing.are("")
    group = np.full(len(code), UNKNOWN, dtype=np.int64)
    for number, codes in enumerate(given):
        group[is_known & code.among(codes.split("+"))] = number
    people = np.array(list(given.values()), float)
    total = float(sum(questionnaire.population.values()))
    if margin.shares:
        people = people * total / people.sum()
    if abs(people.sum() - total) > ROUNDED_PEOPLE:
        raise SchemaError(
            f"margin {margin.variable} adds up to {people.sum():,.0f} people, the frame to {total:,.0f}",
            where=where_of(questionnaire, "weights", "margins", place),
            hint="people of unknown group belong into one of the groups, or state shares",
        )
    return KnownMargin(margin.variable, tuple(given), group, people,
                       lambda: where_of(questionnaire, "weights", "margins", place))  # fmt: skip


def where_of(questionnaire: Questionnaire, *steps: object) -> str:
    """File and line of a part of the schema's population; the file alone where it is not there to be read."""
    from survey.questionnaire.tree import line_of, read_tree  # only when there is something to say

    if not questionnaire.path.exists():
        return str(questionnaire.path)
    return f"{questionnaire.path}:{line_of(read_tree(questionnaire.path), ['population', *steps])}"


def weight_rows(coded: Coded, weighted: Weighted | None) -> pd.DataFrame:
    """Return WEIGHTS: one row a case; without weights every case counts once."""
    count = len(coded.cases)
    before = np.ones(count) if weighted is None else weighted.before
    final = before if weighted is None else weighted.design.weight
    bound = np.zeros(count, dtype=bool)
    if weighted is not None and weighted.raked is not None:
        bound = weighted.raked.at_bound
    columns = {
        "case": coded.cases, "stratum": coded.stratum.as_objects(), "base": 1.0, "nonresponse": before,
        "weight": final, "is_trimmed": bound,
    }  # fmt: skip
    return WEIGHTS.frame(pd.DataFrame(columns))


def received_domains(coded: Coded, questionnaire: Questionnaire, received: pd.Series) -> list[Domain]:
    """Early and late returns, divided at the middle day: who answers late is more like who does not answer at all.

    Lin & Schaeffer 1995 (Public Opinion Quarterly 59) tell how little that proves. Nothing where fewer than two days
    are known. Their people are not known.
    """
    days = received.reindex(coded.cases).fillna("").to_numpy(dtype=object)
    known = np.sort(days[days != ""])
    if not len(known) or known[0] == known[-1]:
        return []
    middle = known[(len(known) - 1) // 2]
    if middle == known[-1]:
        middle = known[known < middle][-1]
    early = (days != "") & (days <= middle)
    late = (days != "") & (days > middle)
    total = float(sum(questionnaire.population.values())) or np.inf
    return [
        Domain(name, here, max(total * float(here.mean()), float(here.sum())), is_counted=False)
        for name, here in ((EARLY, early), (LATE, late))
    ]


def all_domains(coded: Coded, questionnaire: Questionnaire, weighted: Weighted | None) -> list[Domain]:
    """Everybody, the strata, and the codes of the variables named under analysis.domains."""
    extra: Iterable[Domain] = variable_domains(
        coded, questionnaire, questionnaire.schema.analysis.domains, weighted
    )
    return [*frame_domains(coded, questionnaire), *extra]

"""The parts `population` and `analysis` of a schema -> the first fault in them, with its place and a way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from survey.questionnaire.formulas import check, is_truth, parse
from survey.questionnaire.model import Schema, ask
from survey.questionnaire.plan import Derived, Margin

Fail = Callable[[str, list[Any], str], None]
"""Raises SchemaError for a message, the place in the YAML tree and a hint."""
Codes = dict[str, Sequence[str]]
"""Variable -> its codes; none for numbers and texts."""
SHARES_OFF = 0.002  # shares printed with three places may be off by so much


def check_plan(schema: Schema, fail: Fail, where: Callable[[list[Any]], str]) -> None:
    """Refuse names and codes that lead nowhere, formulas with a slip, and settings that exclude each other."""
    known = known_variables(schema)
    _check_derived(schema, known, fail, where)
    stratum = schema.population.stratum
    dividers = known | ({stratum: list(schema.population.frame)} if stratum else {})
    _check_population(schema, dividers, fail)
    plan = schema.analysis
    for place, name in enumerate(plan.domains):
        for part in name.split("*"):
            _known(part, {one for one in dividers if dividers[one]}, ["analysis", "domains", place], fail)
    for place, one in enumerate(plan.sets):
        for variable in one.variables:
            at = ["analysis", "sets", place, "variables"]
            _known(variable, {name for name in known if set(known[name]) == {"0", "1"}}, at, fail)
    reported = {f"need_{area.id}" for area in schema.need_areas} | set(known)
    reported |= {
        f"{item.id}_{group.id}" for part in schema.sections for item in part.items for group in item.groups
    }
    for place, family in enumerate(plan.families):
        for variable in family.variables:
            _known(variable, reported, ["analysis", "families", place, "variables"], fail)
        if family.by:
            _known(family.by, set(dividers), ["analysis", "families", place, "by"], fail)
    for place, advice in enumerate(schema.report.recommendations):
        variable = advice.rests_on.partition("@")[0].partition("=")[0]
        _known(variable, reported, ["report", "recommendations", place, "rests_on"], fail)
    if plan.valid_case is not None:
        asked = {one.id for part in schema.sections for item in part.items for one in ask(item)}
        for name in plan.valid_case.items:
            _known(name, asked, ["analysis", "valid_case", "items"], fail)
    if plan.interval == "exact" and schema.population.weights is not None:
        fail("exact intervals are for counts without weights", ["analysis", "interval"],
             "use korn-graubard or logit, or leave population.weights out")  # fmt: skip


def known_variables(schema: Schema) -> Codes:
    """The variables of all things asked with their codes, derived ones not among them."""
    found: Codes = {}
    for section in schema.sections:
        for item in section.items:
            for asked in ask(item):
                if asked.kind == "multiple":
                    found |= {f"{asked.id}_{o.code}": ["0", "1"] for o in asked.options if not o.missing}
                else:
                    found[asked.id] = [option.code for option in asked.options]
    return found


def missing_codes(schema: Schema) -> dict[str, set[str]]:
    """Variable -> its codes that are declared missing."""
    return {
        asked.id: {option.code for option in asked.options if option.missing}
        for section in schema.sections for item in section.items for asked in ask(item)
    }  # fmt: skip


def _known(name: str, there: set[str], place: list[Any], fail: Fail) -> None:
    if name not in there:
        close = get_close_matches(name, sorted(there), n=1)
        some = ", ".join(sorted(there)[:8]) or "none"
        fail(f"there is no variable {name!r} for this", place, f"did you mean {close[0]!r}?" if close else
             f"there are: {some} …")  # fmt: skip


def _check_derived(schema: Schema, known: Codes, fail: Fail, where: Callable[[list[Any]], str]) -> None:
    """Check each derived variable against those before it, and add it to the known ones."""
    areas = {area.id for area in schema.need_areas}
    for place, derived in enumerate(schema.analysis.derived):
        here = ["analysis", "derived", place]
        if derived.id in known:
            fail(f"derived variable {derived.id} has the name of another one", here, "give it another id")
        if derived.need_area is not None and derived.need_area not in areas:
            fail(f"need area {derived.need_area!r} is not declared", [*here, "need_area"],
                 "need_areas has: " + ", ".join(sorted(areas)))  # fmt: skip
        known[derived.id] = _codes_of(derived, known, here, fail, where)


def _codes_of(
    derived: Derived, known: Mapping[str, Sequence[str]], here: list[Any], fail: Fail,
    where: Callable[[list[Any]], str],
) -> list[str]:  # fmt: skip
    if derived.of:
        _known(derived.of, set(known), [*here, "of"], fail)
        for place, group in enumerate(derived.groups):
            strange = [code for code in group.codes if known[derived.of] and code not in known[derived.of]]
            if strange:
                fail(f"{derived.of} has no code {strange[0]!r}", [*here, "groups", place],
                     "its codes: " + ", ".join(known[derived.of]))  # fmt: skip
        return [group.code for group in derived.groups]
    tree = parse(derived.formula, where([*here, "formula"]))
    check(tree, known, derived.formula, where([*here, "formula"]))
    return list(derived.labels) or (["0", "1"] if is_truth(tree) else [])


def _check_population(schema: Schema, dividers: Codes, fail: Fail) -> None:
    population = schema.population
    for place, count in enumerate(population.counts):
        strange = [name for name in count.people if name not in population.frame]
        if strange and population.frame:
            fail(f"there is no stratum {strange[0]!r}", ["population", "counts", place],
                 "population.frame has: " + ", ".join(population.frame))  # fmt: skip
    for place, margin in enumerate(population.weights.margins if population.weights else []):
        here: list[Any] = ["population", "weights", "margins", place]
        _check_margin(margin, dividers, here, fail)
        _check_complete(margin, dividers, missing_codes(schema), here, fail)


def _check_complete(
    margin: Margin, dividers: Codes, missing: Mapping[str, set[str]], here: list[Any], fail: Fail
) -> None:
    """Refuse a margin that leaves out a code somebody may have answered."""
    given = {code for codes in (margin.people or margin.shares) for code in codes.split("+")}
    lacking = [
        one for one in dividers[margin.variable] if one not in given | missing.get(margin.variable, set())
    ]
    if lacking:
        fail(f"margin {margin.variable} leaves out code {lacking[0]}", here,
             "give it people or a share, or join it with another, as in 1+2")  # fmt: skip


def _check_margin(margin: Margin, dividers: Codes, here: list[Any], fail: Fail) -> None:
    """Refuse a margin of an unknown variable, an unknown code, or one named twice."""
    _known(margin.variable, {one for one in dividers if dividers[one]}, [*here, "variable"], fail)
    given = [code for codes in (margin.people or margin.shares) for code in codes.split("+")]
    strange = [code for code in given if code not in dividers[margin.variable]]
    if strange:
        fail(
            f"{margin.variable} has no code {strange[0]!r}",
            here,
            "its codes: " + ", ".join(dividers[margin.variable]),
        )
    twice = next((code for code in given if given.count(code) > 1), None)
    if twice is not None:
        fail(f"margin {margin.variable}: code {twice} stands twice", here, "each code belongs to one group")
    if margin.shares and abs(sum(margin.shares.values()) - 1) > SHARES_OFF:
        total = sum(margin.shares.values())
        fail(
            f"margin {margin.variable}: the shares add up to {total:g}, not to 1",
            here,
            "shares, not per cent",
        )

"""Coded answers -> everything a report states: for each number who was asked, who answered, and who hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.coding import variables_of
from survey.analysis.derive import derived_asked
from survey.questionnaire.model import Asked, CellGroup, Item, NeedArea, Questionnaire, ask

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEEDS = "needs"
"""Variable of the combinations of need areas; its codes are need areas joined by +, none, and rare."""
NEEDS_NUMBER = "needs_number"
"""Variable of how many need areas a case shows; code several means two or more."""
RETURNED = "returned"
"""Variable of the return: cases returned over the frame; code 1, and …"""
NOT_RETURNED = "0"
"""… of those that did not."""


@dataclass(frozen=True)
class Target:
    """One number to estimate: for each case whether it was asked, answered, and hit, or the value it has."""

    item: str
    variable: str
    code: str
    asked: Flags
    valid: Flags
    value: Numbers
    undetermined: Flags
    """Cases counted as not hit although a missing answer might have made them one."""
    lowest: float = 0.0
    highest: float = 1.0
    answers: Numbers | None = None
    """How many answers each case gave, where the base is answers and not cases."""
    boxes: int = 1
    """Boxes of which one misread mark changes the answer."""

    @property
    def statistic(self) -> str:
        if self.answers is not None:
            return "share of answers"
        return "mean" if self.code == "mean" else "share"


def targets(coded: Coded, questionnaire: Questionnaire, minimum: int) -> Iterable[Target]:
    """Everything a report states, in printed order: items, cell groups, derived variables, sets, need areas."""
    for item in questionnaire.items:
        for asked in ask(item):
            yield from targets_of(asked, coded)
        for group in item.groups:
            yield _group_target(item, group, coded)
    for asked in derived_asked(questionnaire):
        yield from targets_of(asked, coded)
    for one in questionnaire.schema.analysis.sets:
        yield from _answer_targets(one.id, one.variables, coded)
    needs = need_targets(coded, questionnaire)
    yield from needs
    if len(needs) > 1:
        yield from _combination_targets(needs, minimum)


def need_targets(coded: Coded, questionnaire: Questionnaire) -> list[Target]:
    """The need areas that say which marks show the need."""
    return [need_target(area, coded, questionnaire) for area in questionnaire.schema.need_areas if area.need]


def targets_of(asked: Asked, coded: Coded) -> Iterable[Target]:
    """The numbers of one thing asked: shares, a mean, both ends of a scale; of several marks also on answers."""
    names = [variable.name for variable in variables_of(asked)]
    if asked.kind == "multiple":
        for name in names:
            yield _share(asked.id, name, "1", coded)
        substantive = [one.name for one in variables_of(asked) if one.option in asked.substantive]
        if asked.item.type == "multiple" and len(substantive) > 1:
            yield from _answer_targets(asked.id, substantive, coded)
    elif asked.kind == "text":
        yield _written(asked.id, coded)
    elif asked.kind == "number":
        yield _mean(asked, coded)
    else:
        for option in asked.options:
            if not option.missing:
                yield _share(asked.id, asked.id, option.code, coded, len(asked.options))
        if asked.item.type in {"scale", "matrix"} and all(o.code.isdigit() for o in asked.options):
            yield _mean(asked, coded)
        if asked.item.type in {"scale", "matrix"} and len(asked.substantive) >= 4:
            first, *_, last_but_one, last = (option.code for option in asked.substantive)
            yield _share(
                asked.id, asked.id, f"{first}+{asked.substantive[1].code}", coded, len(asked.options)
            )
            yield _share(asked.id, asked.id, f"{last_but_one}+{last}", coded, len(asked.options))


def _share(item: str, variable: str, wanted: str, coded: Coded, boxes: int = 1) -> Target:
    """The share with a code; codes joined by + are taken together, as the two ends of a scale."""
    code, missing = coded.of(variable)
    valid = missing.are("")
    hit = valid & code.among(wanted.split("+"))
    return Target(
        item, variable, wanted, ~missing.are("not asked"), valid, hit.astype(float), np.zeros_like(valid),
        boxes=boxes,
    )  # fmt: skip


def _answer_targets(item: str, names: Sequence[str], coded: Coded) -> Iterable[Target]:
    """The share of each variable among all answers given to a multiple-response set; code `answers`."""
    pairs = [coded.of(name) for name in names]
    valid = np.all([missing.are("") for _, missing in pairs], axis=0)
    hits = [valid & code.are("1") for code, _ in pairs]
    given = np.sum(hits, axis=0).astype(float)
    asked = ~np.all([missing.are("not asked") for _, missing in pairs], axis=0)
    for name, hit in zip(names, hits, strict=True):
        key = name if item in name else f"{item}_{name}"
        yield Target(
            item, key, "answers", asked, valid, hit.astype(float), np.zeros_like(valid), answers=given
        )


def _written(item: str, coded: Coded) -> Target:
    """The share who wrote something: a blank field is an answer here."""
    code, missing = coded.of(item)
    valid = missing.among(["", "blank"])
    hit = missing.are("") & ~code.are("")
    return Target(
        item, item, "written", ~missing.are("not asked"), valid, hit.astype(float), np.zeros_like(valid)
    )


def _mean(asked: Asked, coded: Coded) -> Target:
    code, missing = coded.of(asked.id)
    valid = missing.are("")
    value = np.where(valid, code.floats(), 0.0)
    possible = [float(option.code) for option in asked.substantive] or [np.nan]
    return Target(
        asked.id, asked.id, "mean", ~missing.are("not asked"), valid, value, np.zeros_like(valid),
        min(possible), max(possible),
    )  # fmt: skip


def _group_target(item: Item, group: CellGroup, coded: Coded) -> Target:
    """Any mark in the group's cells; without one, a missing cell leaves the case without an answer."""
    rows = group.rows or [row.code for row in item.rows]
    columns = group.columns or [column.code for column in item.columns]
    cells = [coded.of(f"{item.id}_{row}_{column}") for row in rows for column in columns]
    hit = np.any([missing.are("") & code.are("1") for code, missing in cells], axis=0)
    valid = hit | np.all([missing.are("") for _, missing in cells], axis=0)
    asked = ~np.all([missing.are("not asked") for _, missing in cells], axis=0)
    return Target(
        item.id, f"{item.id}_{group.id}", "1", asked, valid, hit.astype(float), np.zeros_like(valid),
        boxes=len(cells),
    )  # fmt: skip


def need_target(area: NeedArea, coded: Coded, questionnaire: Questionnaire) -> Target:
    """Whether a case shows the need in any of the area's items.

    In the base stands who answered at least one of them, or was led past it by routing: who skips the
    childcare items because no child needs care lacks no childcare. A missing answer never shows a need.
    """
    hits, answered, lacking = [], [], []
    by_id = {asked.id: asked for asked in questionnaire.asked()}
    for item, codes in area.need.items():
        asked = by_id[item]
        wanted = set(codes) or {option.code for option in asked.substantive}
        for variable in variables_of(asked):
            own = variable.option.code if variable.option else None
            if own is not None and own not in wanted:
                continue
            code, missing = coded.of(variable.name)
            hit = code.are("1") if own is not None else code.among(wanted)
            hits.append(hit & missing.are(""))
            answered.append(missing.among(["", "not asked"]))
            lacking.append(~answered[-1])
    shown = np.any(hits, axis=0)
    valid = np.any(answered, axis=0)
    undetermined = valid & ~shown & np.any(lacking, axis=0)
    everyone = np.ones_like(valid)
    return Target(
        area.id, f"need_{area.id}", "1", everyone, valid, shown.astype(float), undetermined, boxes=len(hits)
    )


def _combination_targets(needs: Sequence[Target], minimum: int) -> Iterable[Target]:
    """Exactly which needs come together, and how many; combinations below the minimum cell are `rare`."""
    valid = np.all([need.valid for need in needs], axis=0)
    shown = np.stack([need.value > 0 for need in needs], axis=1)
    open_ = np.any([need.undetermined for need in needs], axis=0)
    boxes = sum(need.boxes for need in needs)

    def target(variable: str, code: str, hit: Flags) -> Target:
        here = valid & hit
        return Target(
            NEEDS, variable, code, np.ones_like(valid), valid, here.astype(float), valid & ~here & open_,
            boxes=boxes,
        )  # fmt: skip

    for count in range(len(needs) + 1):
        yield target(NEEDS_NUMBER, str(count), shown.sum(axis=1) == count)
    yield target(NEEDS_NUMBER, "several", shown.sum(axis=1) >= 2)
    rare = np.zeros_like(valid)
    for count in range(len(needs) + 1):
        for members in combinations(range(len(needs)), count):
            pattern = np.isin(np.arange(len(needs)), members)
            exactly = (shown == pattern).all(axis=1)
            if 0 < int((valid & exactly).sum()) < minimum:
                rare |= exactly
            elif (valid & exactly).any():
                yield target(NEEDS, "+".join(needs[place].item for place in members) or "none", exactly)
    if (valid & rare).any():
        yield target(NEEDS, "rare", rare)

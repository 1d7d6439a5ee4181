"""What the cache holds of pages + questionnaires as they are now -> what is due of each page, and why.

A page is *read* anew when recognising it may end otherwise, *measured* anew when only its boxes have moved, *renamed*
when they lie where they lay and have other names, and else kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType

import pandas as pd

from survey.files import digest
from survey.ground import Ground, Parts, Place, Recognition, ground_of_text, recognition_of_text
from survey.questionnaire.changes import name_some
from survey.questionnaire.model import Questionnaire
from survey.reading import (
    batches,
    claims,
    damaged,
    fields,
    frames,
    identify,
    ink,
    look,
    measure,
    network,
    prepare,
    read,
    register,
    scan,
    spreads,
    streaks,
    strips,
)  # fmt: skip
from survey.reading.reasons import Reason
from survey.reading.told import Told
from survey.store import Cache

READ, MEASURE, RENAME, KEEP = "read", "measure", "rename", "keep"

RECOGNISING: tuple[ModuleType, ...] = (
    scan,
    identify,
    damaged,
    prepare,
    register,
    look,
    spreads,
    read,
    batches,
)
MEASURING: tuple[ModuleType, ...] = (claims, fields, frames, ink, measure, streaks, strips)
OLDER = "an older program kept its reading"
ISSUED = "its issued serials"
NETWORK = "the network"


def grounds_of(questionnaires: Sequence[Questionnaire]) -> dict[tuple[str, int], Ground]:
    """Return the ground of every page with boxes, by questionnaire and page."""
    program = _versions(MEASURING) | {NETWORK: network.weights_digest()}
    return {
        (one.id, page): Ground(one.id, page, one.paper_mm, tuple(one.places(page)), program)
        for one in questionnaires
        for page in one.pages
    }


def recognition_of(questionnaires: Sequence[Questionnaire]) -> Recognition:
    """Collect what recognising pages depends on now."""
    return Recognition(_versions(RECOGNISING), {one.id: _parts_of(one) for one in questionnaires})


def _versions(steps: Sequence[ModuleType]) -> dict[str, str]:
    return {step.__name__.rpartition(".")[2]: str(step.VERSION) for step in steps}


def _parts_of(questionnaire: Questionnaire) -> dict[str, str]:
    schema, limits = questionnaire.schema, questionnaire.schema.reading.thresholds
    believed = (limits.page_score, limits.page_margin, limits.page_lead, limits.match_fit, limits.match_lead)
    return {
        "its blank": digest(questionnaire.blank.read_bytes()) if questionnaire.blank else "",
        "its printed codes": digest(repr((schema.code, schema.version, schema.reading.codes))),
        "from when a page is believed": digest(repr(believed)),
        ISSUED: digest(*sorted(questionnaire.issued)),
    }


@dataclass(frozen=True)
class Now:
    """What pages are held against: the questionnaires as they are now, and what people said of pages."""

    recognition: Recognition
    grounds: Mapping[tuple[str, int], Ground]
    issued: Mapping[str, frozenset[str]]
    """Questionnaire -> issued serials."""
    coded: frozenset[str]
    """Questionnaires whose pages carry codes of ours."""
    told: Mapping[str, Told] = field(default_factory=dict)
    decided: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of which boxes and items of a page, by digest, people decided something."""

    @cached_property
    def key(self) -> str:
        """Digest of all that reading and measuring depend on."""
        return digest(self.recognition.key, *sorted(one.digest for one in self.grounds.values()))

    def ground_digest(self, questionnaire: str, page: int) -> str:
        """Digest of the ground of a page; "" where it has no boxes."""
        ground = self.grounds.get((questionnaire, page))
        return "" if ground is None else ground.digest


def now_of(
    questionnaires: Sequence[Questionnaire],
    told: Mapping[str, Told],
    decided: Mapping[str, frozenset[str]] | None = None,
) -> Now:
    """Collect what pages are held against now."""
    return Now(
        recognition_of(questionnaires),
        grounds_of(questionnaires),
        {one.id: frozenset(one.issued) for one in questionnaires},
        frozenset(one.id for one in questionnaires if one.schema.code),
        told,
        decided or {},
    )


def look_through(cache: Cache, files: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Return PAGES of all batches in the cache with the columns shard, due (READ, MEASURE, RENAME, KEEP) and why."""
    there = [row for row in files.itertuples(index=False) if cache.has_shard(row.shard)]
    keys = {row.shard: row.key for row in there}
    pages = cache.pages_with_shards(list(keys))
    pages["key"] = pages["shard"].map(keys)
    pages["due"], pages["why"] = KEEP, ""
    _mark_moved(cache, pages, now)
    _mark_unrecognised(cache, pages, now)
    said = pages["page_digest"].map(lambda name: now.told[name].hint if name in now.told else "")
    _mark(pages, said.astype("str") != pages["hint"], READ, "a person said more about a page of it")
    return pages


def _mark(pages: pd.DataFrame, which: pd.Series, due: str, why: str) -> None:
    pages.loc[which, ["due", "why"]] = [due, why]


def _mark_moved(cache: Cache, pages: pd.DataFrame, now: Now) -> None:
    """Mark pages whose boxes lie elsewhere now, or are called otherwise."""
    measured = pages[pages["ground"] != ""]
    columns = ["questionnaire", "questionnaire_page", "ground"]
    for key, group in measured.groupby(columns, sort=False):
        name, page, before = str(key[0]), int(key[1]), str(key[2])
        ground = now.grounds.get((name, page))
        if ground is not None and ground.digest == before:
            continue
        due, why = _compare(cache.text("grounds", before), ground, name, page)
        _mark(pages, pages.index.isin(group.index), due, why)
    bare = (
        (pages["ground"] == "")
        & pages["score"].notna()
        & pages["problem"].isin(["", Reason.NOT_ISSUED.value])
    )
    for (name, page), group in pages[bare].groupby(["questionnaire", "questionnaire_page"], sort=False):
        if (name, page) in now.grounds:
            _mark(pages, pages.index.isin(group.index), MEASURE, f"page {page} of {name} has boxes now")


def _compare(text: str, ground: Ground | None, name: str, page: int) -> tuple[str, str]:
    where = f"page {page} of {name}"
    if not text:
        return READ, OLDER
    before = ground_of_text(text)
    if ground is None:
        return MEASURE, f"{where} has no boxes any more"
    moved = _moved_step(before.program, ground.program)
    if moved:
        return MEASURE, moved
    if before.paper_mm != ground.paper_mm:
        return MEASURE, f"the paper of {name} has another size"
    if [one[1:] for one in before.places] == [one[1:] for one in ground.places]:
        pairs = [(old[0], new[0]) for old, new in zip(before.places, ground.places, strict=True)]
        told = [f"{old} is {new} now" for old, new in pairs if old != new]
        return RENAME, f"boxes of {where} have other names: {name_some(told)}"
    return MEASURE, f"boxes of {where}: {name_some(_moves(before.places, ground.places))}"


def _moved_step(before: Parts, now: Parts) -> str:
    """Say which step has another version, or that the network has other weights; "" where all are the same."""
    for step, version in now.items():
        old = before.get(step, "none")
        if old != version and step == NETWORK:
            return f"{NETWORK} has other weights"
        if old != version:
            return f"the step {step} has version {version}, it was {old}"
    return ""


def _moves(before: Sequence[Place], now: Sequence[Place]) -> list[str]:
    """Say which boxes moved, grew, came or went."""
    old, new = ({place[0]: place[1:] for place in side} for side in (before, now))
    told = []
    for name, place in new.items():
        if name not in old:
            told.append(f"{name} is new")
        elif place[:2] != old[name][:2]:
            shift = [after - then for after, then in zip(place[:2], old[name][:2], strict=True)]
            told.append(f"{name} has moved by {shift[0]:+g} and {shift[1]:+g} mm")
        elif place[2:4] != old[name][2:4]:
            told.append(f"{name} has another size")
        elif place != old[name]:
            told.append(f"{name} is {'a field to write in' if place[4] else 'a box to mark'} now")
    told += [f"{name} is gone" for name in old if name not in new]
    return told or ["they stand in another order"]


def _mark_unrecognised(cache: Cache, pages: pd.DataFrame, now: Now) -> None:
    """Mark pages that might be taken for something else now."""
    decoded = (pages["serial"] != "") & ~pages["matched"] & (pages["problem"] == "")
    for key in pages["key"].unique():
        mine = pages["key"] == key
        if key == now.recognition.key:
            continue
        text = cache.text("recognitions", str(key))
        before = recognition_of_text(text) if text else None
        why = _moved_step(before.program, now.recognition.program) if before else OLDER
        if before is None or why:
            _mark(pages, mine, READ, why)
            continue
        names = dict.fromkeys([*now.recognition.questionnaires, *before.questionnaires])
        both = {name: _other_parts(name, before, now.recognition) for name in names}
        changed = {name: parts for name, parts in both.items() if parts}
        if changed:
            name, parts = next(iter(changed.items()))
            own = decoded & pages["questionnaire"].isin(now.coded)
            _mark(pages, mine & ~own, READ, f"{name}: {name_some(parts)}")
        for name, parts in changed.items():
            _mark(pages, mine & (pages["questionnaire"] == name), READ, f"{name}: {name_some(parts)}")
        for name in now.issued:
            if name not in changed:
                _mark_issued(pages, mine & (pages["questionnaire"] == name), name, before, now)


def _other_parts(name: str, before: Recognition, now: Recognition) -> list[str]:
    """Say which parts of a questionnaire have changed, the issued serials left out."""
    old, new = before.questionnaires.get(name), now.questionnaires.get(name)
    if old is None or new is None:
        return ["this questionnaire is new" if old is None else "this questionnaire is gone"]
    return [f"{part} changed" for part in new if part != ISSUED and old.get(part) != new[part]]


def _mark_issued(pages: pd.DataFrame, mine: pd.Series, name: str, before: Recognition, now: Now) -> None:
    """Mark the few pages that other issued serials may change: those no serial was read on, or one not issued now."""
    old, new = (side.questionnaires[name][ISSUED] for side in (before, now.recognition))
    if old == new:
        return
    has_none = (pages["serial"] == "") & pages["problem"].isin(["", Reason.NOT_ISSUED.value])
    unsure = (has_none & ~pages["is_cover"]) | pages["matched"]
    strange = (pages["serial"] != "") & ~pages["serial"].isin(now.issued[name]) & bool(now.issued[name])
    _mark(pages, mine & unsure, READ, f"other serials of {name} were issued, and its own could not be read")
    _mark(pages, mine & strange, READ, f"its serial is not among the issued ones of {name} any more")

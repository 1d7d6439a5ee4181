"""A blank -> trial copies, filled in and scanned before it is mailed: every box marked in turn, with known truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from survey.questionnaire.cases import draw_cases
from survey.questionnaire.model import Asked, Questionnaire
from survey.simulate.households import Household
from survey.simulate.one_return import DonePage, Return, fill_and_scan_as, sheets_of
from survey.simulate.profile import Profile, draw_scanner, draw_sheets, override, quota, without_revocation

Rng = np.random.Generator

LETTER = "T"  # of trial serials
ONE_BIT = 0.5  # of trial sheets: half of all offices scan black and white, where faint print is lost
FOLDS = 0.5  # of trial sheets: what is mailed back is folded
COPIES_A_SCANNER = 8  # trial copies that share one scanner's settings
MARKED_SHARE = 0.4  # of the boxes of a multiple-response item
TEXT_WORDS = 12
NOT_OF_THE_PRINT = (
    "rings", "blank_returns", "skipped", "broken_off", "contradictions", "double_marks", "missing_sheets", "duplicates",
    "out_of_order", "blank_backs", "foreign", "streaks",
)  # fmt: skip
"""What people, envelopes and dirty glass do on any paper: it tells nothing about this one."""


def trial_profile(profile: Profile, *, revocation: bool) -> Profile:
    """Return a profile with what a better print could help; corrections only where the paper has that rule."""
    shares = dict.fromkeys(NOT_OF_THE_PRINT, 0.0)
    shares |= {"one_bit": max(ONE_BIT, profile.one_bit), "folds": max(FOLDS, profile.folds)}
    return override(profile if revocation else without_revocation(profile), shares)


def issue_trial(questionnaire: Questionnaire, copies: int, seed: int) -> Questionnaire:
    """Return the questionnaire with trial serials as the issued ones, where it has codes of ours; else with none."""
    if not questionnaire.schema.code:
        return replace(questionnaire, issued={})
    serials = draw_cases(LETTER, {"": copies}, seed)["serial"]
    return replace(questionnaire, issued=dict.fromkeys(serials, ""))


def plan_trial(questionnaire: Questionnaire, copies: int, seed: int, profile: Profile) -> list[Return]:
    """Plan how each copy is scanned; a copy's case is its serial where it has one, else its number."""
    rng = np.random.default_rng([seed, 4])
    a_copy = len(sheets_of(questionnaire))
    sheets = draw_sheets(profile, copies * a_copy, rng)
    faint = quota(copies, {"yes": profile.faint_pencil}, "", rng)
    names = list(questionnaire.issued) or [f"trial-{number}" for number in range(1, copies + 1)]
    scanners = [draw_scanner(profile, rng) for _ in range(-(-copies // COPIES_A_SCANNER))]
    return [
        Return(
            case=name,
            stratum="",
            number=number,
            scan="trial.pdf",
            scanner=scanners[number // COPIES_A_SCANNER],
            sheets=tuple(sheets[number * a_copy : (number + 1) * a_copy]),
            faint=bool(faint[number]),
            out_of_order=False,
            foreign=False,
        )
        for number, name in enumerate(names)
    ]


def fill_trial(
    questionnaire: Questionnaire, entries: list[Return], seed: int, profile: Profile
) -> Iterator[DonePage]:
    """Fill in and scan some of the planned copies; every copy is the same whichever others are asked for."""
    for entry in entries:
        rng = np.random.default_rng([seed, 5, entry.number])
        household = _marks_in_turn(questionnaire, entry, seed, rng)
        yield from fill_and_scan_as(questionnaire, entry, household, profile, rng)


def _marks_in_turn(questionnaire: Questionnaire, entry: Return, seed: int, rng: Rng) -> Household:
    """Let a copy mark one option of each single-response item, another one than the copies before and after."""
    chosen: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, str] = {}
    words: dict[str, int] = {}
    for place, asked in enumerate(questionnaire.asked()):
        if asked.kind == "number":
            numbers[asked.id] = "".join(rng.choice(list("0123456789"), asked.item.digits))
        elif asked.kind == "text":
            words[asked.id] = TEXT_WORDS * int(rng.random() < MARKED_SHARE)
        else:
            chosen[asked.id] = _in_turn(asked, entry.number, [seed, 6, place], rng)
    return Household(entry.case, "", chosen, numbers, words)


def _in_turn(asked: Asked, number: int, seed: list[int], rng: Rng) -> tuple[str, ...]:
    codes = [option.code for option in asked.options]
    if asked.kind == "multiple":
        return tuple(code for code in codes if rng.random() < MARKED_SHARE)
    rounds, turn = divmod(number, len(codes))
    order = np.random.default_rng([*seed, rounds]).permutation(len(codes))
    return (codes[int(order[turn])],)

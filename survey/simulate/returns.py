"""A questionnaire -> filled and scanned returns: batches as PDF, and the truth about every page and box.

The story: who was written to, who answers what, with which hand, on which sheets, through which scanner.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from survey.doors.pdf_images import join_images
from survey.doors.workers import in_order
from survey.errors import UsageError
from survey.files import write_csv, write_whole
from survey.questionnaire.cases import draw_cases
from survey.questionnaire.model import Questionnaire
from survey.simulate.one_return import DonePage, Return, fill_and_scan, sheets_of
from survey.simulate.profile import OFFICE, Profile, draw_scanner, draw_sheets, quota, without_revocation
from survey.tables import Table

Rng = np.random.Generator

LETTER = "S"  # of simulated serials
FIRST_DAY = (7, 17)  # month and day of the first batch; the year is the wave's
RETURNS_A_DAY = 28  # one date folder for about so many returns
PAGES_A_BATCH = 150
STRATUM_RESPONSE_SPREAD = 0.15  # spread of the log-odds to return between strata

TRUTH_BOXES = Table("truth_boxes", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "page": ("int64", "page of the batch, from 1"),
    "case": ("str", "name of the case"),
    "questionnaire_page": ("int64", "page of the questionnaire, from 1"),
    "box": ("str", "name of the box"),
    "item": ("str", "the thing asked"),
    "option": ("str", "code of the response option"),
    "intended": ("int64", "1 if the person means this box after all corrections"),
    "ink": ("str", "none, a kind of mark, revoked, erased, digit or text"),
    "note": ("str", "faint, half outside, lost (not visible in this scan), stray ink beside it"),
    "written": ("str", "the digit in a cell of a comb"),
})  # fmt: skip

TRUTH_PAGES = Table("truth_pages", {
    "scan": ("str", "batch, empty for a page that is missing"),
    "page": ("int64", "page of the batch, from 1; 0 for a page that is missing"),
    "case": ("str", "name of the case, empty for what is none of ours"),
    "questionnaire_page": ("int64", "page of the questionnaire, 0 for what is none of ours"),
    "what": ("str", "page, duplicate, blank back, foreign or missing"),
    "upside_down": ("int64", "1 if it was scanned upside down"),
    "skew_deg": ("float64", "turn, degrees clockwise"),
    "stretch_x": ("float64", "width of the print relative to the blank"),
    "stretch_y": ("float64", "height of the print relative to the blank"),
    "fold": ("int64", "number of creases"),
    "dpi": ("int64", "resolution of the scan"),
    "mode": ("str", "1-bit, grey or colour"),
    "pen": ("str", "kind of pen"),
})  # fmt: skip


@dataclass(frozen=True)
class Simulation:
    """What was simulated: the issued cases, the truth, and the batches that were written."""

    cases: pd.DataFrame
    """Columns serial and the name of the stratum."""
    boxes: pd.DataFrame
    """Table TRUTH_BOXES."""
    pages: pd.DataFrame
    """Table TRUTH_PAGES."""
    batches: tuple[Path, ...]


def simulate(
    questionnaire: Questionnaire,
    scans: Path,
    truth: Path,
    *,
    issued: int,
    returned: int,
    seed: int,
    profile: Profile = OFFICE,
    cases: pd.DataFrame | None = None,
    jobs: int = 1,
) -> Simulation:
    """Write batches below `scans`/<questionnaire>/, and the truth with the profile's shares into `truth`.

    `cases` are the printed copies (columns serial and the name of the stratum, where there is one); without
    them, serials are issued in proportion to the frame. The same arguments give the same bytes.
    """
    if not 1 <= returned <= issued:
        raise UsageError(
            f"{returned} returns of {issued} issued", hint="return at least 1 and at most all of them"
        )
    cases = issue(questionnaire, issued, seed) if cases is None else _spread(cases, issued, questionnaire.id)
    if not questionnaire.schema.reading.revocation:
        profile = without_revocation(profile)
    returns = plan_returns(questionnaire, cases, returned, seed, profile)
    batches: dict[str, list[DonePage]] = {}
    work = ((questionnaire, entry, seed, profile) for entry in returns)
    for entry, pages in zip(returns, in_order(fill_and_scan, work, jobs), strict=True):
        batches.setdefault(entry.scan, []).extend(pages)
    for name, pages in batches.items():
        write_whole(scans / name, join_images([page.stream for page in pages]))
    pages_truth = _truth_pages(batches, returns, questionnaire)
    done = Simulation(cases, _truth_boxes(batches), pages_truth, tuple(scans / name for name in batches))
    write_csv(truth / "truth_boxes.csv", done.boxes)
    write_csv(truth / "truth_pages.csv", done.pages)
    named = {**asdict(profile), "issued": issued, "returned": returned, "seed": seed}
    write_whole(truth / "profile.json", (json.dumps(named, indent=2) + "\n").encode())
    return done


# Who was written to, and who answers.


def _spread(cases: pd.DataFrame, issued: int, questionnaire: str) -> pd.DataFrame:
    """Return so many of the printed cases, evenly over the list, so that all strata keep their share."""
    if len(cases) < issued:
        raise UsageError(
            f"only {len(cases)} copies were printed", hint=f"survey print {questionnaire} -n {issued}"
        )
    return cases.iloc[((np.arange(issued) + 0.5) * len(cases) / issued).astype(int)].reset_index(drop=True)


def issue(questionnaire: Questionnaire, issued: int, seed: int) -> pd.DataFrame:
    """Return as many serials as issued, drawn as `survey print` draws them, with strata in proportion to the frame."""
    population = questionnaire.schema.population
    if not population.stratum or not population.frame:
        return draw_cases(LETTER, {"": issued}, seed)[["serial"]]
    total = sum(population.frame.values())
    ends = np.rint(np.cumsum(list(population.frame.values())) * issued / total).astype(int)
    counts = dict(zip(population.frame, np.diff(ends, prepend=0).tolist(), strict=True))
    return draw_cases(LETTER, counts, seed).rename(columns={"stratum": population.stratum})


def plan_returns(
    questionnaire: Questionnaire, cases: pd.DataFrame, returned: int, seed: int, profile: Profile
) -> list[Return]:
    """Choose who answers, when it is scanned, and how; in the order of the batches."""
    rng = np.random.default_rng([seed, 1])
    stratum = questionnaire.schema.population.stratum
    strata = cases[stratum].astype(str).tolist() if stratum in cases.columns else [""] * len(cases)
    effects = {name: rng.normal(0, STRATUM_RESPONSE_SPREAD) for name in sorted(set(strata))}
    willing = np.array([effects[name] for name in strata]) + rng.gumbel(size=len(cases))
    chosen = np.sort(np.argsort(-willing, kind="stable")[:returned])
    days = _days(questionnaire, returned, rng)
    sheets = len(sheets_of(questionnaire))
    planned = draw_sheets(profile, returned * sheets, rng)
    faint, shuffled, foreign = (
        quota(returned, {"yes": share}, "", rng)
        for share in (profile.faint_pencil, profile.out_of_order, profile.foreign)
    )
    batches = _name_batches(
        questionnaire, [(days[place], strata[number]) for place, number in enumerate(chosen)]
    )
    names = sorted(set(batches))
    scanners = {
        name: draw_scanner(profile, np.random.default_rng([seed, 2, place]))
        for place, name in enumerate(names)
    }
    returns = [
        Return(
            case=str(cases["serial"].iloc[number]),
            stratum=strata[number],
            number=int(number),
            scan=batches[place],
            scanner=scanners[batches[place]],
            sheets=tuple(planned[place * sheets : (place + 1) * sheets]),
            faint=bool(faint[place]),
            out_of_order=bool(shuffled[place]),
            foreign=bool(foreign[place]),
        )
        for place, number in enumerate(chosen)
    ]
    arrived = rng.permutation(len(returns))
    for place, blank in enumerate(quota(returned, {"yes": profile.blank_returns}, "", rng)):
        returns[place] = replace(returns[place], blank=bool(blank))
    return [returns[place] for place in sorted(arrived, key=lambda place: returns[place].scan)]


def _days(questionnaire: Questionnaire, returned: int, rng: Rng) -> list[date]:
    """Draw the day each return is scanned: most in the first weeks."""
    wave = questionnaire.schema.wave
    first = date(int(wave) if wave.isdigit() and len(wave) == 4 else 2012, *FIRST_DAY)
    count = max(2, round(returned / RETURNS_A_DAY))
    late = np.minimum(rng.exponential(0.45, returned) * count, count - 0.001).astype(int)
    return [first + timedelta(days=7 * int(week)) for week in late]


def _name_batches(questionnaire: Questionnaire, places: Sequence[tuple[date, str]]) -> list[str]:
    """Name the batch of each return: a folder for the day, a file for the stratum, a new one when it is full."""
    pages = max(len(questionnaire.pages), 1)
    seen: dict[tuple[date, str], int] = {}
    names = []
    for day, stratum in places:
        count = seen[day, stratum] = seen.get((day, stratum), 0) + 1
        slug = "-".join(stratum.lower().split()) or "batch"
        names.append(f"{questionnaire.id}/{day.isoformat()}/{slug}-{1 + count * pages // PAGES_A_BATCH}.pdf")
    return names


# The truth.


def _truth_boxes(batches: dict[str, list[DonePage]]) -> pd.DataFrame:
    rows = [
        (name, number, page.case, page.questionnaire_page, *astuple(trace))
        for name, pages in batches.items()
        for number, page in enumerate(pages, start=1)
        for trace in page.traces
    ]
    return TRUTH_BOXES.frame(rows)


def _truth_pages(
    batches: dict[str, list[DonePage]], returns: Sequence[Return], questionnaire: Questionnaire
) -> pd.DataFrame:
    rows: list[tuple[str | int | float, ...]] = []
    for name, pages in batches.items():
        for number, page in enumerate(pages, start=1):
            how = page.handling
            rows.append((
                name, number, page.case, page.questionnaire_page, page.what, int(how.upside_down),
                round(how.skew_deg, 3), round(how.stretch_x, 5), round(how.stretch_y, 5), len(how.folds),
                how.dpi, how.mode, page.pen,
            ))  # fmt: skip
    scanned = {(row[2], row[3]) for row in rows}
    for entry in sorted(returns, key=lambda entry: entry.case):
        for page_number in questionnaire.pages:
            if (entry.case, page_number) not in scanned:
                rows.append(("", 0, entry.case, page_number, "missing", 0, 0.0, 1.0, 1.0, 0, 0, "", ""))
    return TRUTH_PAGES.frame(rows)

"""Named shares of everything that can go wrong -> what happens to one person's marks and one sheet's scan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from survey.errors import UsageError
from survey.simulate.paper import Fold, Handling, Streak

HARD_TIMES = 3  # the hard profile has this many times the office's shares
CAP = 0.6  # and none of them above this
DPI_OF_MODE = {
    "1-bit": ((150, 0.45), (200, 0.50), (300, 0.05)), "grey": ((150, 0.9), (200, 0.1)), "colour": ((150, 1.0),),
}  # fmt: skip
FOLDS = {"": (), "thirds": (1 / 3, 2 / 3), "middle": (1 / 2,)}


@dataclass(frozen=True)
class Profile:
    """How often what goes wrong; every share is a plain number between 0 and 1."""

    name: str
    # The person.
    faint_pencil: float = 0.0
    """People who write with a hard pencil, lightly."""
    revoked: float = 0.0
    """Answered items in which a wrong mark was blacked out."""
    revoked_by_fillers: float = 0.0
    """The same of people who fill boxes in to answer: what they blacked out looks much like what they mean."""
    erased: float = 0.0
    """Items answered in pencil in which a wrong mark was rubbed out."""
    half_outside: float = 0.0
    """Marks whose middle lies at the edge of the box."""
    rings: float = 0.0
    """Marks that are a ring round the box."""
    blank_returns: float = 0.0
    """People who mail the questionnaire back without a mark."""
    skipped: float = 0.0
    """Items asked that were left out."""
    broken_off: float = 0.0
    """People who stop answering somewhere."""
    contradictions: float = 0.0
    """Items answered although the routing skips them, and "none" marked beside others."""
    double_marks: float = 0.0
    """Single-response items with two marks, none of them revoked."""
    notes: float = 0.0
    """Pages with a remark, an arrow or a bracket beside some box."""
    slips: float = 0.0
    """Pages with strokes that nobody meant."""
    # The sheet.
    missing_sheets: float = 0.0
    duplicates: float = 0.0
    """Sheets of which one page was scanned twice."""
    out_of_order: float = 0.0
    """Cases whose sheets lie in another order."""
    blank_backs: float = 0.0
    """Sheets after which an empty page was scanned."""
    foreign: float = 0.0
    """Cases with a page that is none of ours."""
    upside_down: float = 0.0
    folds: float = 0.0
    stains: float = 0.0
    specks: float = 0.0
    """Pages with dirt on them."""
    # The scanner.
    one_bit: float = 0.0
    colour: float = 0.0
    black_lid: float = 0.0
    streaks: float = 0.0
    """Batches scanned through dirty glass."""
    cropped: float = 0.0
    """Pages cut at an edge."""
    show_through: float = 0.0
    max_skew_deg: float = 0.0
    max_stretch: float = 0.0
    max_wobble_mm: float = 0.0
    max_blur_mm: float = 0.0
    max_noise: float = 0.0
    threshold: tuple[float, float] = (0.78, 0.86)
    """Of 1-bit scans: what is darker than this share of the paper's brightness becomes black."""


CLEAN = Profile("clean", skipped=0.02)
OFFICE = Profile(
    "office",
    faint_pencil=0.10, revoked=0.03, revoked_by_fillers=0.01, erased=0.03, half_outside=0.05, rings=0.02,
    blank_returns=0.01, skipped=0.04, broken_off=0.015, contradictions=0.015, double_marks=0.01, notes=0.05, slips=0.06,
    missing_sheets=0.012, duplicates=0.02, out_of_order=0.06, blank_backs=0.015, foreign=0.03,
    upside_down=0.10, folds=0.15, stains=0.03, specks=0.50,
    one_bit=0.34, colour=0.16, black_lid=0.25, streaks=0.15, cropped=0.04, show_through=0.15,
    max_skew_deg=2.0, max_stretch=0.01, max_wobble_mm=0.25, max_blur_mm=0.06, max_noise=0.012,
)  # fmt: skip
_NOT_TRIPLED = {"colour", "threshold", "name"}


def _harder(profile: Profile) -> Profile:
    """Three times every share, capped; the scanner's modes stay as they are."""
    tripled = {
        field.name: min(CAP, HARD_TIMES * getattr(profile, field.name))
        for field in fields(profile)
        if field.name not in _NOT_TRIPLED and not field.name.startswith("max_")
    }
    return replace(
        profile,
        **tripled,
        name="hard",
        max_skew_deg=5.0,
        max_stretch=0.02,
        max_wobble_mm=0.5,
        max_blur_mm=0.09,
        max_noise=0.03,
        threshold=(0.70, 0.88),
    )


HARD = _harder(OFFICE)
PROFILES = {profile.name: profile for profile in (CLEAN, OFFICE, HARD)}


def override(profile: Profile, shares: Mapping[str, float]) -> Profile:
    """Return a profile with single shares replaced; UsageError names the ones there are."""
    known = [field.name for field in fields(profile) if isinstance(getattr(profile, field.name), float)]
    unknown = sorted(set(shares) - set(known))
    if unknown:
        raise UsageError(f"a profile has no share {unknown[0]!r}", hint="it has: " + ", ".join(known))
    values: dict[str, Any] = dict(shares)
    return replace(profile, **values)


def without_revocation(profile: Profile) -> Profile:
    """Return a profile for paper that does not ask to black wrong marks out."""
    return override(profile, {"revoked": 0.0, "revoked_by_fillers": 0.0})


@dataclass(frozen=True)
class Scanner:
    """The machine and settings one batch was scanned with."""

    black_lid: bool
    streaks: tuple[Streak, ...]
    shading: float
    threshold: float
    wobble_mm: float
    shift_mm: tuple[float, float]


def draw_scanner(profile: Profile, rng: np.random.Generator) -> Scanner:
    """Draw the scanner of a batch."""
    dirty = rng.random() < profile.streaks
    streaks = tuple(_draw_streak(rng) for _ in range(int(rng.integers(1, 3)) if dirty else 0))
    harsh = profile.max_skew_deg / 2
    return Scanner(
        bool(rng.random() < profile.black_lid),
        streaks,
        float(rng.uniform(0, 0.05) * min(harsh, 2)),
        float(rng.uniform(*profile.threshold)),
        float(rng.uniform(0, profile.max_wobble_mm)),
        (float(rng.normal(0, 0.6) * min(harsh, 2)), float(rng.normal(0, 0.8) * min(harsh, 2))),
    )


def _draw_streak(rng: np.random.Generator) -> Streak:
    shade = rng.choice([-1, 1]) * rng.uniform(0.2, 0.8)
    return Streak(float(rng.uniform(0.03, 0.97)), float(rng.uniform(0.08, 0.4)), float(shade))


@dataclass(frozen=True)
class Sheet:
    """What both sides of a sheet share: its folds, how it lay in the scanner, and how it was scanned."""

    upside_down: bool
    folds: tuple[float, ...]
    """Where the creases lie, share of the height."""
    fate: str
    """missing, duplicate (a page scanned twice), blank back (an empty page after it), or empty."""
    mode: str
    dpi: int


def draw_sheets(profile: Profile, count: int, rng: np.random.Generator) -> list[Sheet]:
    """Draw what happens to so many sheets, each share as exact as whole numbers allow.

    C6/5 envelopes fold at thirds, C5 ones in the middle.
    """
    modes = quota(count, {"1-bit": profile.one_bit, "colour": profile.colour}, "grey", rng)
    turned = quota(count, {"turned": profile.upside_down}, "", rng)
    folds = quota(count, {"thirds": profile.folds * 0.8, "middle": profile.folds * 0.2}, "", rng)
    shares = {
        "missing": profile.missing_sheets,
        "duplicate": profile.duplicates,
        "blank back": profile.blank_backs,
    }
    fates = quota(count, shares, "", rng)
    return [
        Sheet(bool(turn), FOLDS[fold], fate, mode, _draw_dpi(mode, rng))
        for turn, fold, fate, mode in zip(turned, folds, fates, modes, strict=True)
    ]


def quota(count: int, shares: dict[str, float], rest: str, rng: np.random.Generator) -> list[str]:
    """Return `count` values with the given shares, as exactly as whole numbers allow, in random order."""
    values = [name for name, share in shares.items() for _ in range(math.ceil(count * share - 1e-9))][:count]
    values += [rest] * (count - len(values))
    return [values[place] for place in rng.permutation(count)]


def _draw_dpi(mode: str, rng: np.random.Generator) -> int:
    choices = DPI_OF_MODE[mode]
    return int(rng.choice([dpi for dpi, _ in choices], p=[share for _, share in choices]))


def draw_handling(
    profile: Profile, scanner: Scanner, sheet: Sheet, height_mm: float, rng: np.random.Generator
) -> Handling:
    """Draw what happens to one page of the sheet."""
    soiled = rng.random() < profile.specks
    shift = np.array(scanner.shift_mm) + rng.normal(0, 0.5, 2) * min(profile.max_skew_deg, 3)
    if rng.random() < profile.cropped:
        side = [(-1, 0), (1, 0), (0, -1), (0, 1)][rng.integers(4)]
        shift = shift + np.array(side) * rng.uniform(3, 8)
    skew = float(
        np.clip(rng.normal(0, profile.max_skew_deg / 2.5), -profile.max_skew_deg, profile.max_skew_deg)
    )
    stretch = 1 + rng.uniform(-profile.max_stretch, profile.max_stretch, 2)
    return Handling(
        dpi=sheet.dpi,
        mode=sheet.mode,
        upside_down=sheet.upside_down,
        skew_deg=skew,
        stretch_x=float(stretch[0]),
        stretch_y=float(stretch[1]),
        shift_mm=(float(shift[0]), float(shift[1])),
        wobble_mm=scanner.wobble_mm,
        wobble_phase=float(rng.uniform(0, 6.28)),
        folds=tuple(_draw_fold(share * height_mm, rng) for share in sheet.folds),
        black_lid=scanner.black_lid,
        paper=float(rng.uniform(0.94, 0.995)),
        shading=scanner.shading,
        show_through=float(rng.uniform(0.02, 0.08)) if rng.random() < profile.show_through else 0.0,
        blur_mm=float(rng.uniform(0.3, 1.0) * profile.max_blur_mm),
        noise=float(rng.uniform(0, profile.max_noise)),
        specks=int(rng.poisson(14)) if soiled else 0,
        stains=int(rng.integers(1, 3)) if rng.random() < profile.stains else 0,
        streaks=scanner.streaks,
        threshold=scanner.threshold,
        jpeg_quality=int(rng.integers(34, 46)),
    )


def _draw_fold(y_mm: float, rng: np.random.Generator) -> Fold:
    size, angle = rng.uniform(0.2, 0.8), rng.uniform(0, 2 * np.pi)
    return Fold(
        float(y_mm + rng.normal(0, 2)),
        (float(size * np.cos(angle)), float(size * np.sin(angle))),
        float(rng.choice([-1, 1]) * rng.uniform(0.15, 0.9)),
    )

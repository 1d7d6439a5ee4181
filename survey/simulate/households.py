"""A questionnaire -> plausible households and their answers, correlated, with routing followed (mostly).

Latent traits drive the answers: one general factor and one for each need area. How often an option is chosen
comes from rates/<questionnaire>.toml, or else from a number drawn once for its name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from survey.files import digest
from survey.questionnaire.model import Asked, Item, Questionnaire, ResponseOption, ask
from survey.simulate.profile import Profile

Rng = np.random.Generator

GENERAL_SHARE = 0.4  # of a need area's trait that all areas have in common (variance)
LOAD = 0.5  # how strongly a trait speaks in one option: correlation of its liability with the trait
PROBIT_OF_LOGIT = 0.6  # a step of 1 in log-odds, in units of the normal distribution
COLUMN_SHARE = (
    0.78  # of a grid cell's liability that all rows have in common: one needs Monday what one needs Tuesday
)
STRATUM_SPREAD = 0.18  # spread of an option's log-odds between strata
NONE_SAID = 0.85  # people without any need who mark "none" instead of leaving all boxes empty
SENSITIVE = 2.5  # voluntary items are left out so many times as often
TEXT_ANSWERED = 0.42  # people who write into a free-text field
TEXT_WORDS = 13
SHARES_AT_LEAST = 0.004
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Shift:
    """A condition on earlier answers (item -> codes) and what it adds to later log-odds."""

    when: Mapping[str, tuple[str, ...]]
    add: Mapping[str, float]


@dataclass(frozen=True)
class Number:
    """How a number is distributed: about normal, rounded to steps, inside its limits."""

    mean: float
    spread: float
    step: int
    low: int
    high: int


@dataclass(frozen=True)
class Rates:
    """How often options are chosen: (item, option) -> share, numbers by item, and shifts."""

    shares: Mapping[tuple[str, str], float]
    numbers: Mapping[str, Number]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class Household:
    """One household's answers as it means them."""

    case: str
    stratum: str
    chosen: Mapping[str, tuple[str, ...]]
    """Item (or matrix row) -> codes of the options it means to mark."""
    numbers: Mapping[str, str]
    """Item -> digits written into its comb, a blank for an empty cell."""
    words: Mapping[str, int]
    """Item -> number of words written as free text."""


def load_rates(questionnaire: str) -> Rates:
    """Read rates/<questionnaire>.toml; without one, all rates come from the options' names."""
    path = Path(__file__).parent / "rates" / f"{questionnaire}.toml"
    if not path.exists():
        return Rates({}, {}, ())
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    shares = {
        (item, code): float(p) for item, row in tree.get("shares", {}).items() for code, p in row.items()
    }
    for item, grid in tree.get("grid", {}).items():
        columns = grid.pop("columns")
        for row, cells in grid.items():
            shares |= {(item, f"{row}_{column}"): float(p) for column, p in zip(columns, cells, strict=True)}
    numbers = {item: Number(**row) for item, row in tree.get("number", {}).items()}
    shifts = tuple(
        Shift({item: tuple(codes) for item, codes in entry["when"].items()}, entry["add"])
        for entry in tree.get("shift", [])
    )
    return Rates(shares, numbers, shifts)


def answer(
    questionnaire: Questionnaire, case: str, stratum: str, profile: Profile, rates: Rates, rng: Rng
) -> Household:
    """Let one household fill in the questionnaire."""
    person = _Person(questionnaire, stratum, rates, rng)
    leaves_out = profile.skipped * float(rng.gamma(0.8, 1 / 0.8))
    items = questionnaire.items
    stops_at = len(items)
    if rng.random() < profile.broken_off and len(items) > 1:
        stops_at = int(rng.integers(1, len(items)))
    numbers: dict[str, str] = {}
    words: dict[str, int] = {}
    go_to: str | None = None
    for item in items[:stops_at]:
        if item.id == go_to:
            go_to = None
        if go_to is not None and rng.random() >= profile.contradictions:
            continue
        for asked in ask(item):
            voluntary = item.voluntary or (asked.row is not None and asked.row.voluntary)
            if rng.random() < leaves_out * (SENSITIVE if voluntary else 1):
                continue
            if asked.kind == "number":
                numbers[asked.id] = person.number(item)
            elif asked.kind == "text":
                if rng.random() < TEXT_ANSWERED:
                    words[asked.id] = 1 + int(rng.poisson(TEXT_WORDS))
            else:
                person.chosen[asked.id] = person.choose(asked, profile)
        if go_to is None:
            go_to = _route(item, person.chosen.get(item.id, ()))
    return Household(case, stratum, person.chosen, numbers, words)


def _route(item: Item, chosen: tuple[str, ...]) -> str | None:
    """The item to go on with, as the printed arrow beside the chosen option says."""
    return next((option.go_to for option in item.options if option.code in chosen and option.go_to), None)


class _Person:
    """One person's traits and what has been answered so far."""

    def __init__(self, questionnaire: Questionnaire, stratum: str, rates: Rates, rng: Rng) -> None:
        self.rates, self.rng, self.stratum = rates, rng, stratum
        self.chosen: dict[str, tuple[str, ...]] = {}
        self.needs = {
            (item, code): area.id
            for area in questionnaire.schema.need_areas
            for item, codes in area.need.items()
            for code in codes
        }
        self.general = float(rng.standard_normal())
        self.traits: dict[str, float] = {}

    def trait(self, area: str) -> float:
        """The person's need in an area, standard normal."""
        if area not in self.traits:
            own = float(self.rng.standard_normal())
            self.traits[area] = GENERAL_SHARE**0.5 * self.general + (1 - GENERAL_SHARE) ** 0.5 * own
        return self.traits[area]

    def shift(self, item: str, code: str) -> float:
        """What the stratum and the answers so far add to the log-odds of an option."""
        total = STRATUM_SPREAD * _normal_of(f"{self.stratum}/{item}/{code}") if self.stratum else 0.0
        for rule in self.rates.shifts:
            if all(self._said(name, codes) for name, codes in rule.when.items()):
                total += rule.add.get(f"{item}.{code}", 0.0)
                total += rule.add.get(item, 0.0) if code != "none" else -rule.add.get(item, 0.0)
        return total

    def _said(self, item: str, codes: tuple[str, ...]) -> bool:
        said = (self.stratum,) if item == "stratum" else self.chosen.get(item, ())
        return any(code in codes for code in said)

    def number(self, item: Item) -> str:
        """Digits for a comb, right-aligned; some people leave the leading cell empty, others write 0."""
        top = 10**item.digits - 1
        about = self.rates.numbers.get(item.id, Number(top / 2, top / 5, 1, 0, top))
        value = round(float(self.rng.normal(about.mean, about.spread)) / about.step) * about.step
        value = min(max(value, about.low), about.high, top)
        return str(value).rjust(item.digits, "0" if self.rng.random() < 0.6 else " ")

    def choose(self, asked: Asked, profile: Profile) -> tuple[str, ...]:
        """Codes the person means to mark."""
        if asked.kind == "single":
            first = self._choose_one(asked)
            others = [option.code for option in asked.options if option.code != first]
            if others and self.rng.random() < profile.double_marks:
                return first, others[int(self.rng.integers(len(others)))]
            return (first,)
        return self._choose_many(asked, profile)

    def _choose_one(self, asked: Asked) -> str:
        count = len(asked.options)
        area = asked.item.need_area
        lean = _lean(asked, self.needs) if area else np.zeros(count)
        odds = [
            np.log(_single_share(asked, option, self.rates)) + self.shift(asked.id, option.code)
            for option in asked.options
        ]
        drive = 1.6 * LOAD * self.trait(area) if area else 0.0
        liking = np.array(odds) + drive * lean + self.rng.gumbel(size=count)
        return asked.options[int(np.argmax(liking))].code

    def _choose_many(self, asked: Asked, profile: Profile) -> tuple[str, ...]:
        none = [option for option in asked.options if option.none]
        area = asked.item.need_area or asked.item.id
        if none and self.rng.random() < self._none_share(asked, none[0], area):
            return (none[0].code,) if self.rng.random() < NONE_SAID else ()
        margins = self._margins(asked, area, none[0].code if none else "")
        codes = {code for code, margin in margins.items() if margin > 0}
        if none and not codes:
            codes = {max(margins, key=margins.__getitem__)}
        if none and self.rng.random() < profile.contradictions:
            codes.add(none[0].code)
        return tuple(option.code for option in asked.options if option.code in codes)

    def _margins(self, asked: Asked, area: str, none: str) -> dict[str, float]:
        """How far each option but "none" lies above the limit from which the person marks it."""
        columns: dict[str, float] = {}
        margins = {}
        some = 1 - self.rates.shares.get((asked.id, none), 0.15) if none else 1.0
        for option in asked.options:
            if option.none:
                continue
            share = self.rates.shares.get((asked.id, option.code), _name_share(asked, option)) / max(
                some, 0.1
            )
            limit = _NORMAL.inv_cdf(float(np.clip(1 - share, 0.001, 0.999)))
            limit -= PROBIT_OF_LOGIT * self.shift(asked.id, option.code)
            liability = LOAD * self.trait(area) + (1 - LOAD**2) ** 0.5 * self._noise(asked, option, columns)
            margins[option.code] = liability - limit
        return margins

    def _none_share(self, asked: Asked, none: ResponseOption, area: str) -> float:
        share = self.rates.shares.get((asked.id, none.code), 0.15)
        odds = np.log(share / (1 - share)) + self.shift(asked.id, none.code) - LOAD * self.trait(area)
        return float(1 / (1 + np.exp(-odds)))

    def _noise(self, asked: Asked, option: ResponseOption, columns: dict[str, float]) -> float:
        """What is special about one option; cells of a grid's column have most of it in common."""
        own = float(self.rng.standard_normal())
        if asked.item.type != "grid":
            return own
        column = option.code.partition("_")[2]
        common = columns.setdefault(column, float(self.rng.standard_normal()))
        return float(COLUMN_SHARE**0.5 * common + (1 - COLUMN_SHARE) ** 0.5 * own)


def _lean(asked: Asked, needs: Mapping[tuple[str, str], str]) -> NDArray[np.float64]:
    """How far need drives towards each option, -1..1: along their order, towards the one that shows a need."""
    count = len(asked.options)
    places = [place for place, option in enumerate(asked.options) if (asked.id, option.code) in needs]
    sign = 1.0 if _uniform_of(f"{asked.item.id}/lean") < 0.5 else -1.0
    if places:
        sign = 1.0 if np.mean(places) >= (count - 1) / 2 else -1.0
    substantive = np.array([not option.missing for option in asked.options])
    steps = (
        np.linspace(-1, 1, int(substantive.sum()))
        if substantive.sum() > 1
        else np.zeros(int(substantive.sum()))
    )
    lean = np.zeros(count)
    lean[substantive] = sign * steps
    return lean


def _single_share(asked: Asked, option: ResponseOption, rates: Rates) -> float:
    drawn = (0.03 if option.missing else 0.2) * (0.3 + _uniform_of(f"{asked.id}/{option.code}"))
    return max(SHARES_AT_LEAST, rates.shares.get((asked.id, option.code), drawn))


def _name_share(asked: Asked, option: ResponseOption) -> float:
    return 0.04 if option.missing else 0.08 + 0.35 * _uniform_of(f"{asked.id}/{option.code}")


@lru_cache(maxsize=20_000)
def _uniform_of(name: str) -> float:
    """A number between 0 and 1 that belongs to a name."""
    return (int(digest(name)[:8], 16) + 0.5) / 2**32


def _normal_of(name: str) -> float:
    return _NORMAL.inv_cdf(_uniform_of(name))

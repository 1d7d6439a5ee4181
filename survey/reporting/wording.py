"""Numbers and phrases -> words in German or English: shares in plain fractions, plurals, lists, dates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from survey.reporting.catalogue import PHRASES
from survey.reporting.marked import mark

NBSP = "\u00a0"
ROUGH = 0.10
"""Half an interval's width from which a share is only told roughly."""
LONG = 9
"""Letters of a name up to which it fits the head of a narrow column."""
SYLLABLE = re.compile(r"(?<=[^aeiouyäöüAEIOUYÄÖÜ\W])((?:ch|sch|st|[^aeiouyäöü\W]))(?=[aeiouyäöü])")
NEAR, CLOSE = 0.03, 0.005
"""How far from a plain fraction a share may lie to be called nearly (or well over), or about, that fraction."""
FRACTIONS = [
    (1 / 10, "tenth"), (1 / 5, "fifth"), (1 / 4, "quarter"), (1 / 3, "third"), (2 / 5, "two_fifths"),
    (1 / 2, "half"), (3 / 5, "three_fifths"), (2 / 3, "two_thirds"), (3 / 4, "three_quarters"),
    (4 / 5, "four_fifths"), (9 / 10, "nine_tenths"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """All words of one language; the number formats with them."""

    language: str

    def say(self, phrase: str, *, plural: bool = True, **parts: str) -> str:
        """Fill a phrase of the catalogue; [one|many] becomes the form that fits `plural`."""
        text = PHRASES[phrase][self.language]
        text = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", lambda match: match[2 if plural else 1], text)
        return text.format(**parts)

    def number(self, value: float) -> str:
        """A count, with the language's mark for thousands."""
        return str(format_decimal(round(value), locale=self.language))

    def decimal(self, value: float, places: int = 1) -> str:
        """A mean, with one place."""
        rounded = round(value, places) + 0.0  # never -0.0
        return str(format_decimal(rounded, format="0." + "0" * places, locale=self.language))

    def factor(self, value: float) -> str:
        """A factor with the places it has, two at most: 0,55 or 2."""
        return str(format_decimal(value, format="0.##", locale=self.language))

    def p_value(self, p: float) -> str:
        """A p-value with three places: 0,032; never 0."""
        small = str(format_decimal(0.001, format="0.000", locale=self.language))
        return (
            f"<{NBSP}{small}" if p < 0.001 else str(format_decimal(p, format="0.000", locale=self.language))
        )

    def small_percent(self, share: float) -> str:
        """A small share with two places: 0,18 %; what is more than nothing is never called 0 %."""
        if 0 < share < 0.00005:
            return f"<{NBSP}" + self.small_percent(0.0001)
        return str(format_decimal(share * 100, format="0.00", locale=self.language)) + self._sign

    def percent(self, share: float) -> str:
        """A share in whole per cent; what is more than nothing is never called 0 %."""
        if math.isnan(share):
            return "–"
        if 0 < share < 0.005:
            return f"<{NBSP}1{self._sign}"
        if 0.995 <= share < 1:
            return f">{NBSP}99{self._sign}"
        return f"{_whole(share)}{self._sign}"

    def interval(self, low: float, high: float) -> str:
        """An interval of shares: 59–66 %; of a share that is no estimate, that it has none."""
        if low == high and 0 < low < 1:
            return self.say("no_range")
        return f"{_whole(low)}–{_whole(high)}{self._sign}"

    def with_interval(self, value: float, low: float, high: float) -> str:
        """A share with its interval, on one line: 38 % (34–42 %)."""
        return f"{self.percent(value)}{NBSP}({self.interval(low, high)})"

    def short_share(self, share: float, low: float, high: float) -> str:
        """A share with its interval where room is scarce: 38 % (34–42)."""
        return self.say(
            "share_short", share=self.percent(share), low=str(_whole(low)), high=str(_whole(high))
        )

    def interval_of_means(self, low: float, high: float) -> str:
        """An interval of means: 2,1–2,4."""
        return f"{self.decimal(low)}–{self.decimal(high)}"

    @property
    def _dates(self) -> str:
        return "en_GB" if self.language == "en" else self.language

    @property
    def _sign(self) -> str:
        return f"{NBSP}%" if self.language == "de" else "%"

    def points(self, difference: float) -> str:
        """A difference of shares in percentage points, without sign."""
        count = _whole(abs(difference))
        return self.say("points", plural=count != 1, count=str(count))

    def interval_of_points(self, low: float, high: float) -> str:
        """An interval of differences in percentage points: 3 bis 21, or −2 bis 8."""
        ends = [("−" if end < 0 and _whole(-end) else "") + str(_whole(abs(end))) for end in (low, high)]
        return self.say("points_interval", low=ends[0], high=ends[1])

    def spelt(self, count: int) -> str:
        """A small count as a word."""
        names = self.say("counts").split()
        return names[count] if count < len(names) else self.number(count)

    def day(self, iso: str) -> str:
        """17. Juli 2012; what is no date is returned as it stands."""
        try:
            return str(format_date(date.fromisoformat(iso), format="long", locale=self._dates))
        except ValueError:
            return iso

    def short_day(self, iso: str) -> str:
        """17.7. or 17 Jul; what is no date is returned as it stands."""
        try:
            pattern = "d.M." if self.language == "de" else "d MMM"
            return str(format_date(date.fromisoformat(iso), format=pattern, locale=self._dates))
        except ValueError:
            return iso

    def alternative(self, parts: list[str]) -> str:
        """a, b oder c."""
        return str(format_list(parts, style="or", locale=self.language))

    def listing(self, parts: list[str]) -> str:
        """a, b und c."""
        return str(format_list(parts, locale=self.language))

    def breakable(self, name: str) -> str:
        """A long name with soft hyphens between its syllables, for narrow heads of tables: Kal-ten-kir-chen."""
        return " ".join(_with_hyphens(part) if len(part) > LONG else part for part in name.split(" "))

    def quote(self, text: str) -> str:
        """A printed wording in the language's quotation marks, without its final stop."""
        inner = text.strip().removesuffix(".")
        return f"„{inner}“" if self.language == "de" else f"“{inner}”"

    def share_of(self, value: float, low: float, high: float, whom: str, key: str = "") -> tuple[str, bool]:
        """Say a share with its interval, and whether the verb after it stands in the plural.

        "fast zwei Drittel der Antwortenden (63 %, 59–66 %)"; `whom` names a phrase such as those_answering, `key` the
        estimate, with which the numbers are marked.
        """
        rough = (high - low) / 2 > ROUGH
        exact = mark(f"{self.percent(value)}, {self.interval(low, high)}", key)
        if value >= 0.96 or value <= 0.04:
            word = (
                "all"
                if value == 1
                else "nobody"
                if value == 0
                else "almost_all"
                if value > 0.5
                else "very_few"
            )
            text = self.say(f"share_{word}", whom=self.say(whom))
            return f"{text} ({exact})", value != 0
        anchor, name = min(FRACTIONS, key=lambda fraction: abs(fraction[0] - value))
        distance = value - anchor
        if abs(distance) > NEAR:
            text = self.say("share_plain", share=mark(self.percent(value), key), whom=self.say(whom))
            return f"{text} ({mark(self.interval(low, high), key)})", True
        hedge = "about" if rough or abs(distance) <= CLOSE else "almost" if distance < 0 else "over"
        fraction = self.say(f"fraction_{name}")
        text = self.say(
            "share_fraction", hedge=self.say(f"hedge_{hedge}"), fraction=fraction, whom=self.say(whom)
        )
        return f"{text} ({exact})", self.language == "en" or "_" in name


def first_up(sentence: str) -> str:
    """The sentence with a capital letter at its start."""
    return sentence[:1].upper() + sentence[1:]


def _with_hyphens(word: str) -> str:
    """Soft hyphens before the last consonant of a group between vowels, two letters away from both ends."""
    places = [match.start(1) for match in SYLLABLE.finditer(word) if 2 <= match.start(1) <= len(word) - 3]
    return "".join(("\u00ad" if place in places else "") + letter for place, letter in enumerate(word))


def _whole(share: float) -> int:
    """Per cent, halves away from zero as people round them."""
    return math.floor(share * 100 + 0.5 + 1e-9)

"""ESTIMATES and counts -> typed numbers by name, for those who turn them into words, charts and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from survey.analysis.coded import Coded, coded_of_table
from survey.analysis.coding import code_answers, contradictions, to_responses
from survey.analysis.intervals import LEAST_P
from survey.questionnaire.model import Item, NeedArea, Questionnaire, Text, say
from survey.reporting.marked import mark
from survey.reporting.wording import Wording
from survey.tables import CASES, LEDGER, MAILING, WRITTEN, Given, make_anew

if TYPE_CHECKING:
    from survey.analysis.audit import Rate
    from survey.analysis.estimate import Beside
    from survey.analysis.since import Publication, Since
    from survey.tables import Keep


@dataclass(frozen=True)
class OwnText:
    """A file of the analyst's own text: its path as messages name it, and what stands in it (Markdown)."""

    path: str
    markdown: str


@dataclass(frozen=True)
class Results:
    """What was read of one questionnaire, and everything computed from it, once and on demand."""

    questionnaire: Questionnaire
    marks: Given = Given()  # noqa: RUF009, a descriptor, as the dataclass module asks for
    outcomes: Given = Given()  # noqa: RUF009
    cases: pd.DataFrame = field(default_factory=CASES.frame)
    ledger: pd.DataFrame = field(default_factory=LEDGER.frame)
    mailing: pd.DataFrame = field(default_factory=MAILING.frame)
    misread: float = float("nan")
    """Upper end of the audited misreading rate, 0..1; NaN without an audit."""
    published: pd.DataFrame | None = None
    """PUBLISHED of this questionnaire: earlier reports and tables, whose hidden numbers stay hidden."""
    written: pd.DataFrame = field(default_factory=WRITTEN.frame)
    """WRITTEN: what people typed of free texts."""
    audited: Rate | None = None
    """The misreading rate of the last audit."""
    before: Results | None = None
    """The wave before this one."""
    texts: tuple[OwnText, ...] = ()
    name_run: Callable[[], str] = str
    """Names the run these results are of."""
    keep: Keep = field(default=make_anew)
    walk_marks: Callable[..., Iterable[pd.DataFrame]] | None = None
    """Gives MARKS part by part."""
    publications: Callable[[], Iterable[Publication]] = tuple
    """Gives the published reports, the last one first; each is loaded when it is reached."""

    @cached_property
    def coded(self) -> Coded:
        """The answers of every case, without words."""
        return coded_of_table(self.keep("answers", self._code))

    def _code(self) -> pd.DataFrame:
        walk = self.walk_marks or (lambda *_: [self.marks])
        return code_answers(self.outcomes, self.cases, self.questionnaire, walk).as_table()

    @cached_property
    def responses(self) -> pd.DataFrame:
        """RESPONSES."""
        return to_responses(self.coded, self.questionnaire)

    @cached_property
    def contradictions(self) -> pd.DataFrame:
        """CONTRADICTIONS."""
        return contradictions(self.outcomes, self.cases, self.questionnaire)

    @property
    def beside(self) -> Beside:
        """What is known of the returns besides the answers."""
        from survey.analysis.estimate import Beside  # scipy: not for those who only look at the ledger

        received = self.cases.drop_duplicates("case").set_index("case")["received"]
        return Beside(self.mailing, received, self.misread)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """ESTIMATES, for the office itself: small counts stand in them."""
        return self.keep("estimates", self._estimate)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """PUBLISHABLE: ESTIMATES after disclosure control."""
        return self.keep("publishable", self._protect)

    def _estimate(self) -> pd.DataFrame:
        from survey.analysis.estimate import estimate_coded  # scipy: not for those who look at the ledger

        return estimate_coded(self.coded, self.questionnaire, self.beside)

    def _protect(self) -> pd.DataFrame:
        from survey.analysis.disclosure import policy_of, protect

        policy = policy_of(self.questionnaire, self.responses, self.numbers)
        return protect(self.numbers, policy, self.published, self.data)

    @cached_property
    def data(self) -> str:
        """Digest of the responses: publications with the same digest show the same counts."""
        from survey.analysis.disclosure import data_digest

        return data_digest(self.responses)

    @cached_property
    def themes(self) -> pd.DataFrame:
        """THEMES."""
        from survey.analysis.themes import count_themes

        return count_themes(self.written, self.questionnaire)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """PUBLISHABLE: what changed since the wave before; empty without one."""
        from survey.analysis.change import change_unlinked

        if self.before is None:
            return self.estimates.iloc[:0]
        return change_unlinked(self.estimates, self.before.estimates)

    @cached_property
    def since(self) -> Since | None:
        """What became of the last published report that told something else; None without one."""
        from survey.analysis.since import since_last  # scipy, too

        return since_last(self.publications(), self.questionnaire, self.estimates)

    @cached_property
    def nonresponse(self) -> pd.DataFrame:
        """NONRESPONSE."""
        from survey.analysis.estimate import item_nonresponse

        return item_nonresponse(self.responses)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One row of PUBLISHABLE; where it may not be shown, it carries no number."""

    key: str
    item: str
    variable: str
    code: str
    domain: str
    statistic: str
    count: int
    base: int
    value: float
    se: float
    low: float
    high: float
    low_worst: float
    high_worst: float
    shown: bool
    people: float
    people_low: float
    people_high: float
    n_effective: float
    design_effect: float
    method: str
    low_total: float
    high_total: float
    p: float
    p_adjusted: float
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of DIFFERENCES."""

    variable: str
    code: str
    domain: str
    other: str
    value: float
    low: float
    high: float
    holds: bool
    key: str

    def turned(self) -> Difference:
        """The same difference seen from the other side."""
        return Difference(
            self.variable, self.code, self.other, self.domain, -self.value, -self.high, -self.low, self.holds,
            self.key,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the frame: its name, and the domain its estimates stand under."""

    name: str
    domain: str


SAYS_SOMETHING = ("not asked", "declared")
"""Missing reasons that are an answer in themselves: routing tells what was said before."""


def without_hidden(publishable: pd.DataFrame) -> pd.DataFrame:
    """PUBLISHABLE with every number of a row that may not be shown taken out, its base too: counts 0, others NaN."""
    table = publishable.copy()
    counts = ["count", "base"]
    fixed = {*counts, "key", "item", "variable", "code", "domain", "statistic", "method", "shown", "reason"}
    numbers = [column for column in table.columns if column not in fixed]
    table.loc[~table["shown"], numbers] = float("nan")
    table.loc[~table["shown"], counts] = 0
    return table


def rows_by_key(publishable: pd.DataFrame) -> dict[str, Estimate]:
    """The rows of PUBLISHABLE by their keys; what may not be shown carries no number."""
    rows = without_hidden(publishable).itertuples(index=False, name=None)
    return {row[0]: Estimate(*row) for row in rows}


def _of_key(name: str) -> tuple[str, str, str]:
    """Variable, code and domain of a key of which `=1` and `@all` may be left out."""
    variable, _, domain = name.partition("@")
    variable, _, code = variable.partition("=")
    return variable, code or "1", domain or "all"


class Evidence:
    """The numbers of one report by name, and the words of its language."""

    def __init__(self, results: Results, language: str) -> None:
        self.results = results
        self.questionnaire = results.questionnaire
        self.words = Wording(language)
        self._rows = rows_by_key(results.estimates)
        self._by_item: dict[str, list[Estimate]] = {}
        for row in self._rows.values():
            self._by_item.setdefault(row.item, []).append(row)
        self._lacking = {
            (str(item), str(reason)): int(cases)
            for item, reason, cases in results.nonresponse.itertuples(index=False, name=None)
        }
        self.items = {item.id: item for item in self.questionnaire.items}
        self._place = {item.id: place for place, item in enumerate(self.questionnaire.items, start=1)}

    def find(self, variable: str, code: str = "1", domain: str = "all") -> Estimate | None:
        """The estimate, or None where nobody stands in its base or it may not be shown."""
        row = self.any(variable, code, domain)
        return row if row is not None and row.shown and row.base > 0 else None

    def any(self, variable: str, code: str = "1", domain: str = "all") -> Estimate | None:
        """The estimate even if it may not be shown; it then carries no number."""
        return self._rows.get(f"{variable}={code}@{domain}")

    def base(self, variable: str, domain: str = "all") -> int | None:
        """How many stand in the base of a variable; None where no number of it may be shown."""
        return next((row.base for row in self.of_variable(variable, domain)), None)

    def named(self, name: str) -> Estimate | None:
        """The estimate by a key of which `=1` and `@all` may be left out, as people write it; None as `find` says."""
        return self.find(*_of_key(name))

    def is_known(self, name: str) -> bool:
        """Whether there is such an estimate at all, hidden or not; `name` as in `named`."""
        return self.any(*_of_key(name)) is not None

    def all_keys(self) -> list[str]:
        """The keys of all estimates, hidden ones among them."""
        return list(self._rows)

    def of_variable(self, variable: str, domain: str = "all") -> list[Estimate]:
        """All estimates of a variable that may be shown, in the schema's order."""
        wanted = [row for row in self._rows.values() if row.variable == variable and row.domain == domain]
        return [row for row in wanted if row.shown and row.base > 0]

    def of_item(self, item: str) -> list[Estimate]:
        """All estimates of an item, whether they may be shown or not."""
        return self._by_item.get(item, [])

    def lacking(self, item: str, reason: str) -> int:
        """Cases that lack an answer to an item for a reason."""
        return self._lacking.get((item, reason), 0)

    def told_lacking(self, item: str, reasons: Sequence[str]) -> dict[str, int | None]:
        """Cases that lack an answer, by reason; None where so few were led past the item, or chose a missing code.

        A second number is kept back with such a one, so that it is not what is left of all returned cases.
        """
        minimum = self.questionnaire.schema.population.minimum_cell
        counts: dict[str, int | None] = {reason: self.lacking(item, reason) for reason in reasons}
        few = [reason for reason in SAYS_SOMETHING if 0 < (counts.get(reason) or 0) < minimum]
        if len(few) == 1:
            others = [reason for reason in reasons if reason not in few]
            few.append(min(others, key=lambda reason: (not counts[reason], counts[reason])))
        return counts | dict.fromkeys(few)

    def waiting(self, *, handwriting: bool) -> int:
        """Answers that wait for a person: handwritten numbers, or all others."""
        numbers = {asked.id for asked in self.questionnaire.asked() if asked.kind == "number"}
        return sum(
            count
            for (item, reason), count in self._lacking.items()
            if reason == "doubtful" and (item in numbers) == handwriting
        )

    @property
    def is_interim(self) -> bool:
        """Doubts still wait for a person."""
        return self.waiting(handwriting=True) + self.waiting(handwriting=False) > 0

    @property
    def returned(self) -> int:
        """Returned cases."""
        row = self.any("returned")
        return row.count if row else 0

    @cached_property
    def accent(self) -> str:
        """The office's colour, darkened as far as white letters on it need."""
        from survey.reporting.canvas import dark_enough  # matplotlib: not for those who look at numbers

        return dark_enough(self.questionnaire.schema.report.accent)

    @property
    def office(self) -> str:
        """Who gives the report: the office it names, else the sender of the questionnaire."""
        schema = self.questionnaire.schema
        return self.text(schema.report.office) or self.text(schema.information.sender)

    @cached_property
    def strata(self) -> list[Stratum]:
        """The parts of the frame; none where no questionnaire that came back tells its own."""
        variable = self.questionnaire.schema.population.stratum
        strata = [Stratum(name, f"{variable}={name}") for name in self.questionnaire.frame]
        returned = (self.any("returned", domain=stratum.domain) for stratum in strata)
        return strata if any(row is None or row.count for row in returned) else []

    @property
    def areas(self) -> list[NeedArea]:
        """Need areas that have estimates."""
        return [area for area in self.questionnaire.schema.need_areas if self.find(f"need_{area.id}")]

    @cached_property
    def differences(self) -> list[Difference]:
        """Differences of need areas and cell groups between strata."""
        from survey.analysis.compare import DIFFERENCE, MINUS

        wanted = {variable for variable, _ in self.compared()}
        domains = {stratum.domain for stratum in self.strata}
        found = []
        for row in self._rows.values():
            near, _, far = row.domain.partition(MINUS)
            if row.shown and row.statistic == DIFFERENCE and row.variable in wanted and near in domains:
                ends = (row.value, row.low, row.high)
                holds = row.p_adjusted < LEAST_P
                found.append(Difference(row.variable, row.code, near, far, *ends, holds, row.key))
        return found

    def compared(self) -> Sequence[tuple[str, str]]:
        """Variables that are compared between strata, with their labels."""
        areas = [(f"need_{area.id}", self.text(area.label)) for area in self.questionnaire.schema.need_areas]
        groups = [
            (f"{item.id}_{group.id}", self.text(group.label))
            for item in self.questionnaire.items
            for group in item.groups
        ]
        return areas + groups

    def reach_of(self, variables: Sequence[str]) -> float:
        """How far any of these shares' intervals reaches at most to either side."""
        rows = [row for name in variables if (row := self.find(name))]
        return max((max(row.high - row.value, row.value - row.low) for row in rows), default=0.0)

    def places(self) -> dict[str, int]:
        """Scanned pages by their place in the ledger."""
        counts = LEDGER.frame(self.results.ledger)["place"].value_counts(sort=False)
        return {str(place): int(count) for place, count in counts.items()}

    def days(self) -> list[tuple[str, int]]:
        """Date and running total of returned cases; without undated ones."""
        cases = self.results.cases
        dated = cases.loc[(cases["received"] != "") & (cases["pages_read"] > 0), "received"]
        totals = dated.value_counts().sort_index().cumsum()
        return [(str(day), int(total)) for day, total in totals.items()]

    def incomplete(self) -> int:
        """Returned cases that lack a page."""
        cases = self.results.cases
        return int(((cases["pages_read"] > 0) & (cases["pages_missing"] != "")).sum())

    @property
    def is_weighted(self) -> bool:
        """Shares are weighted."""
        return self.questionnaire.schema.population.weights is not None

    def conditional(self, phrase: str) -> str:
        """What is said of intervals, with the condition under which they hold; `phrase` is lines or holds."""
        weights = self.questionnaire.schema.population.weights
        if weights is None:
            return self.words.say(f"{phrase}_unweighted")
        groups = self.words.say("groups_raked" if weights.margins else "groups_strata")
        return self.words.say(f"{phrase}_weighted", groups=groups)

    def is_given(self, variable: str) -> bool:
        """Weights were made to fit the known distribution of a variable."""
        weights = self.questionnaire.schema.population.weights
        return weights is not None and variable in {margin.variable for margin in weights.margins}

    def share_shown(self, *, by_stratum: bool) -> float:
        """The share of estimated shares that may be shown, of all cases or by stratum, 0..1; NaN without any."""
        domains = {stratum.domain for stratum in self.strata} if by_stratum else {"all"}
        table = self.results.estimates
        shares = table[(table["statistic"] == "share") & table["domain"].isin(domains)]
        return float(shares["shown"].mean()) if len(shares) else float("nan")

    def percent(self, row: Estimate) -> str:
        """The share alone, marked with its key."""
        return mark(self.words.percent(row.value), row.key)

    def brief(self, row: Estimate) -> str:
        """The share with its interval, marked: 38 % (34–42 %)."""
        return mark(self.words.with_interval(row.value, row.low, row.high), row.key)

    def in_words(self, row: Estimate, whom: str) -> tuple[str, bool]:
        """The share as `Wording.share_of` says it, marked; and whether the verb after it stands in the plural."""
        return self.words.share_of(row.value, row.low, row.high, whom, row.key)

    def cases(self, row: Estimate, count: int | None = None) -> str:
        """How many the estimate counts, or another count of its row such as its base, marked."""
        return mark(self.words.number(row.count if count is None else count), row.key)

    def text(self, text: Text) -> str:
        """A text of the schema in the report's language."""
        return say(text, self.words.language)

    def number(self, item: Item) -> int:
        """The number printed beside an item."""
        return self._place[item.id]

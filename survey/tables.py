"""Every table that passes between stages: its columns, their types and units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Keep = Callable[[str, Callable[[], pd.DataFrame]], pd.DataFrame]
    """Gives a table by its name, made before or made now."""


@dataclass(frozen=True)
class Table:
    """A declared table: its name and each column's pandas type, with the unit or meaning beside it."""

    name: str
    columns: dict[str, tuple[str, str]]

    def frame(self, rows: object = ()) -> pd.DataFrame:
        """Build the table from rows or a DataFrame: exactly the declared columns, in order, typed."""
        import pandas as pd  # here, because the review page's server needs the columns' names only

        data = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=list(self.columns))
        absent = [column for column in self.columns if column not in data.columns]
        if absent:
            raise KeyError(f"table {self.name} lacks {', '.join(absent)}")
        there = data.dtypes
        kinds = {column: kind for column, (kind, _) in self.columns.items() if there[column] != kind}
        wanted = data[list(self.columns)].reset_index(drop=True)
        numbers = {column: wanted[column] for column in kinds if there[column] == "category"}
        texts = {
            column: pd.array(one.cat.categories, "str").take(one.cat.codes) for column, one in numbers.items()
        }  # as astype does, in a tenth of the time
        return wanted.assign(**texts).astype(kinds) if kinds else wanted


def make_anew(_: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Give a table of results by making it: nothing is kept."""
    return make()


class Given:
    """A table of results, or how it is made: a large one is made when it is first asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, results: object, owner: type) -> pd.DataFrame:
        if results is None:  # a field without a default
            raise AttributeError(self._name)
        given = vars(results)[self._name]
        if callable(given):
            vars(results)[self._name] = given = given()
        return given

    def __set__(self, results: object, given: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        vars(results)[self._name] = given


def numbered(column: pd.Series) -> tuple[NDArray[Any], pd.Index]:
    """Number the texts of a column: each row's number, and the texts; of categories some may stand in no row."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy("int64"), column.cat.categories
    number, texts = pd.factorize(column)
    return number, pd.Index(texts)


def places_in(names: Sequence[str] | pd.Index, column: pd.Series) -> NDArray[Any]:
    """Find the place of each text of a column among some names; -1 for a text that is none of them."""
    import pandas as pd

    number, texts = numbered(column)
    index = (
        names if isinstance(names, pd.Index) else pd.Index(names)
    )  # one that is given looks up many columns
    return index.get_indexer(texts)[number]


def rows_by(column: pd.Series) -> dict[str, NDArray[Any]]:
    """The rows in which each text of a column stands, in order."""
    import numpy as np

    number, texts = numbered(column)
    ends = np.cumsum(np.bincount(number, minlength=len(texts)))[:-1]
    return (
        dict(zip(texts, np.split(np.argsort(number, kind="stable"), ends), strict=True)) if len(texts) else {}
    )


def are_among(table: pd.DataFrame, pairs: pd.DataFrame) -> NDArray[Any]:
    """Tell of each row whether what it has in two columns, those of `pairs`, is one of the pairs."""
    import numpy as np

    (one, ones), (other, others) = (numbered(pairs[column]) for column in pairs.columns)
    wanted = np.zeros((len(ones), len(others)), bool)
    wanted[one, other] = True
    first, second = pairs.columns
    row, column = places_in(ones, table[first]), places_in(others, table[second])
    known = (row >= 0) & (column >= 0)
    known[known] = wanted[row[known], column[known]]
    return known


BOXES = Table("boxes", {
    "box": ("str", "name, unique in the questionnaire: item.option"),
    "page": ("int64", "page of the questionnaire, from 1"),
    "x_mm": ("float64", "left edge of the outline, mm from the page's left"),
    "y_mm": ("float64", "upper edge, mm from the page's top"),
    "w_mm": ("float64", "outer width, mm"),
    "h_mm": ("float64", "outer height, mm"),
    "item": ("str", "the thing asked: an item, or matrix and row joined by _"),
    "option": ("str", "code of the response option; position of a comb cell; empty for free text"),
})  # fmt: skip

MEASUREMENTS = Table("measurements", {
    "page_digest": ("str", "digest of the page's image stream"),
    "box": ("str", "name of the box"),
    "p_marked": ("float64", "the network's probability that the ink in the box was meant, 0..1"),
    "p_black": ("float64", "and if it was, that the box was blacked out with it, 0..1"),
    "room": ("float64", "share of the box's inside where nothing is printed, 0..1"),
    "ink": ("float64", "share of the box's inside, where nothing is printed, that carries ink, 0..1"),
    "span": ("float64", "how far that reaches across the box or down it, share of where it could be seen, 0..1"),
    "runs_on": ("float64", "how far what is in a marked box goes on to the left or right of it, widths of the box"),
    "coverage": ("float64", "share of the box's core that is dark, 0..1"),
    "excess": ("float64", "darkest spot inside, beyond the darkest print near it, 0..1: ink on print"),
    "bulge": ("float64", "ink across the frame at its darkest place, beyond most places and boxes, px of full black"),
    "lean_deg": ("float64", "how far a line of ink in and around the box leans from upright, degrees; 90 without one"),
    "darker": ("float64", "mean darkness inside, beyond that of the page's boxes that print as much in the middle"),
    "missing": ("float64", "share of the box's print that the scan does not show, beyond most boxes of the page"),
    "residue": ("float64", "ink in and around the box where nothing is printed, share of the box's area"),
    "claimed": ("float64", "how much of that belongs to marks at other boxes or to lines far longer than a box"),
    "aside": ("float64", "how large a mark stands right beside a box that looks unmarked, its lesser side, boxes"),
    "fit": ("float64", "correlation of scan and blank around the box, -1..1"),
    "inside": ("bool", "the box and its margin lie inside the scanned image"),
    "bilevel": ("bool", "the scan has black and white only: what is too light for black is lost"),
})  # fmt: skip

MARKS = Table("marks", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "page": ("int64", "page of the batch, from 1"),
    "half": ("int64", "of a spread: 1 left, 2 right, 3 upper, 4 lower half; 0 for all of the picture"),
    "questionnaire": ("str", "id of the questionnaire"),
    "questionnaire_page": ("int64", "page of the questionnaire, from 1"),
    "case": ("str", "name of the case"),
    "box": ("str", "name of the box"),
    "item": ("str", "the thing asked"),
    "option": ("str", "code of the response option"),
    "x_mm": ("float64", "left edge on the blank, mm"),
    "y_mm": ("float64", "upper edge on the blank, mm"),
    "w_mm": ("float64", "width, mm"),
    "h_mm": ("float64", "height, mm"),
    "state": ("str", "empty, marked, revoked, doubtful or unreadable"),
    "p_marked": ("float64", "probability of a mark, 0..1"),
    "ink": ("float64", "unexplained ink, share of the inside, 0..1"),
    "decided_by": ("str", "machine, or the pseudonym of the person who settled it"),
    "reason": ("str", "why, in words"),
    "page_digest": ("str", "digest of the page's image stream"),
})  # fmt: skip

OUTCOMES = Table("outcomes", {
    "case": ("str", "name of the case"),
    "item": ("str", "the thing asked"),
    "outcome": ("str", "answered, blank, multiple, doubtful, unreadable, page missing or not asked"),
    "codes": ("str", "codes of the marked options in printed order, separated by blanks"),
    "reason": ("str", "why the item is not simply answered or blank"),
})  # fmt: skip

PAGES = Table("pages", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "page": ("int64", "page of the batch, from 1; 0 for a file that cannot be opened"),
    "half": ("int64", "of a spread: 1 left, 2 right, 3 upper, 4 lower half; 0 for all of the picture"),
    "cut": ("float64", "where a spread was cut, share of its width or height; NaN for all of the picture"),
    "page_digest": ("str", "digest of the page's image stream; of a half with its number, unless the other is blank"),
    "questionnaire": ("str", "id of the questionnaire, empty where unknown"),
    "questionnaire_page": ("int64", "page of the questionnaire, 0 where unknown"),
    "serial": ("str", "printed serial, empty where none was read"),
    "matched": ("bool", "the serial was matched against the issued ones, not decoded"),
    "problem": ("str", "why the page was not read, empty where it was"),
    "cover_received": ("str", "date received that a cover sheet states"),
    "cover_stratum": ("int64", "place of the stratum in the frame that a cover sheet states, 0 for none"),
    "is_cover": ("bool", "the page is a batch cover sheet"),
    "score": ("float64", "agreement of the page's print with the blank, 0..1"),
    "runner_up": ("float64", "score of the next best page, 0..1"),
    "fit_mm": ("float64", "median distance of matched print from where the page model puts it, mm"),
    "bilevel": ("bool", "the image has black and white only"),
    "streak": ("float64", "where a streak runs down the image, share of its width from the left; NaN without one"),
    "another": ("bool", "the image shows another printed sheet beside the page"),
    "unfilled": ("bool", "nothing is filled in, and no scanner made the page: it is a blank"),
    "hint": ("str", "what a person had said of the page when it was read, empty for nothing"),
    "ground": ("str", "digest of the boxes and steps by which it was measured, empty where it was not"),
})  # fmt: skip

LEDGER = Table("ledger", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "page": ("int64", "page of the batch, from 1; 0 for a file that cannot be opened"),
    "half": ("int64", "of a spread: 1 left, 2 right, 3 upper, 4 lower half; 0 for all of the picture"),
    "page_digest": ("str", "digest of the page's image stream"),
    "place": ("str", "read, duplicate, superseded, foreign, cover sheet, blank back, unreadable, discarded, waiting"),
    "reason": ("str", "why it stands there"),
    "hint": ("str", "what to do next"),
    "questionnaire": ("str", "id of the questionnaire"),
    "questionnaire_page": ("int64", "page of the questionnaire, 0 where unknown"),
    "case": ("str", "name of the case, empty where unknown"),
    "received": ("str", "date received, YYYY-MM-DD, from the folder or a cover sheet"),
    "stratum": ("str", "stratum by serial or cover sheet"),
    "score": ("float64", "agreement of the page's print with the blank, 0..1"),
    "runner_up": ("float64", "score of the next best page, 0..1"),
    "fit_mm": ("float64", "median distance of matched print from where the page model puts it, mm"),
    "sheet": ("int64", "sheet of the batch from the top; 0 where it was not scanned on both sides"),
})  # fmt: skip

CASES = Table("cases", {
    "case": ("str", "name of the case: its serial, or batch and sheet where it has none"),
    "serial": ("str", "printed serial, empty where unknown"),
    "stratum": ("str", "stratum, empty where unknown"),
    "received": ("str", "date received, YYYY-MM-DD, empty where unknown"),
    "pages_read": ("int64", "pages of the questionnaire that were read"),
    "pages_missing": ("str", "numbers of the pages that were not, separated by blanks"),
})  # fmt: skip

MAILING = Table("mailing", {
    "made_at": ("str", "when it was recorded, UTC, ISO 8601"),
    "questionnaire": ("str", "id of the questionnaire"),
    "kind": ("str", "undeliverable, refused or received"),
    "serial": ("str", "printed serial; empty where only a number of envelopes is known"),
    "stratum": ("str", "stratum, by serial or as written"),
    "envelopes": ("int64", "how many envelopes: 1 for a serial"),
    "day": ("str", "date that people wrote beside it, YYYY-MM-DD, or empty"),
    "source": ("str", "name of the file it was taken from"),
})  # fmt: skip

ALARMS = Table("alarms", {
    "scan": ("str", "batch, as a path inside the scans folder"),
    "kind": ("str", "one side, streak, double feed, faint, letters, another sheet or blanks"),
    "text": ("str", "what seems to be wrong, and what to do"),
})  # fmt: skip

AUDIT_SAMPLE = Table("audit_samples", {
    "made_at": ("str", "when it was drawn, UTC, ISO 8601"),
    "questionnaire": ("str", "id of the questionnaire"),
    "sample": ("str", "name of the sample: a digest of its rows"),
    "number": ("int64", "number beside the crop on the sheets, from 1"),
    "page_digest": ("str", "digest of the page's image stream"),
    "box": ("str", "name of the box"),
    "state": ("str", "what the machine had decided"),
    "p_marked": ("float64", "probability of a mark, 0..1"),
    "layer": ("str", "part of the marks it was drawn from: state and p_marked"),
    "layer_size": ("int64", "certain marks in that part"),
})  # fmt: skip

AUDITS = Table("audits", {
    "made_at": ("str", "when it was entered, UTC, ISO 8601"),
    "decided_by": ("str", "pseudonym of the person"),
    "sample": ("str", "name of the sample"),
    "number": ("int64", "number beside the crop on the sheets, from 1"),
    "state": ("str", "what the person saw, without knowing the machine's: empty, marked, revoked or unclear"),
})  # fmt: skip

RESPONSES = Table("responses", {
    "case": ("str", "name of the case"),
    "stratum": ("str", "stratum"),
    "wave": ("str", "wave"),
    "item": ("str", "the thing asked"),
    "variable": ("str", "one column of the wide table: the item, or item_option of a multiple response"),
    "code": ("str", "the code; 1 or 0 for an option of a multiple response; empty where missing unless declared"),
    "label": ("str", "value label"),
    "missing": ("str", "empty, or not asked, blank, multiple, doubtful, unreadable, page missing, declared"),
})  # fmt: skip

CONTRADICTIONS = Table("contradictions", {
    "case": ("str", "name of the case"),
    "item": ("str", "the item whose answer contradicts"),
    "kind": ("str", "answered although skipped, blank although asked, or none beside another"),
    "because": ("str", "the item that says so, or the first that was left blank"),
    "codes": ("str", "codes marked in the item"),
})  # fmt: skip

CODEBOOK = Table("codebook", {
    "variable": ("str", "one column of the wide table"),
    "item": ("str", "the thing asked"),
    "label_de": ("str", "wording, German"),
    "label_en": ("str", "wording, English"),
    "code": ("str", "a code of the variable"),
    "value_label_de": ("str", "what the code means, German"),
    "value_label_en": ("str", "what the code means, English"),
    "missing": ("str", "empty, declared, or the missing reason the code stands for"),
})  # fmt: skip

WRITTEN = Table("written", {
    "case": ("str", "name of the case"),
    "item": ("str", "the free-text item"),
    "text": ("str", "what was typed, names blacked out"),
    "themes": ("str", "codes of its themes, separated by blanks"),
    "may_print": ("bool", "a person said that it may be printed word for word"),
})  # fmt: skip

THEMES = Table("themes", {
    "item": ("str", "the free-text item"),
    "theme": ("str", "code of the theme"),
    "count": ("int64", "texts about it"),
    "base": ("int64", "texts that were typed"),
    "value": ("float64", "their share, 0..1"),
    "low": ("float64", "lower end of its 95 % interval"),
    "high": ("float64", "upper end"),
    "shown": ("bool", "may be shown"),
})  # fmt: skip

NONRESPONSE = Table("nonresponse", {
    "item": ("str", "the thing asked"),
    "reason": ("str", "not asked, blank, multiple, doubtful, unreadable, page missing or declared"),
    "cases": ("int64", "returned cases without an answer for this reason"),
})  # fmt: skip

DIFFERENCES = Table("differences", {
    "variable": ("str", "variable whose share is compared"),
    "code": ("str", "code"),
    "domain": ("str", "one stratum"),
    "other": ("str", "the stratum it is compared with"),
    "value": ("float64", "share in domain minus share in other, -1..1"),
    "low": ("float64", "lower end of the 95 % interval of the difference"),
    "high": ("float64", "upper end"),
    "p": ("float64", "p-value of a test of no difference"),
    "p_adjusted": ("float64", "p-value after Holm's correction over the table"),
    "holds": ("bool", "different beyond chance after Holm's correction over the table"),
})  # fmt: skip

WEIGHTS = Table("weights", {
    "case": ("str", "name of the case"),
    "stratum": ("str", "stratum, empty where unknown"),
    "base": ("float64", "people written to that a case stands for before anything is known of returns: 1"),
    "nonresponse": ("float64", "people it stands for after adjustment for nonresponse within strata"),
    "weight": ("float64", "people it stands for after raking; without population.weights 1"),
    "is_trimmed": ("bool", "the bounds held this weight: raking alone would have made it smaller or larger"),
})  # fmt: skip

ESTIMATES = Table("estimates", {
    "key": ("str", "unique name of the number: variable=code@domain"),
    "item": ("str", "the thing asked"),
    "variable": ("str", "variable"),
    "code": ("str", "code of the category; or what of the variable is told: mean, median, answers, test, …"),
    "domain": ("str", "group the estimate is for: all, or variable=value; two of them for a difference"),
    "statistic": ("str", "share, mean, median, share of answers, rate, difference, change, F, size or factor"),
    "count": ("int64", "cases with this code; answers for a share of answers"),
    "base": ("int64", "cases with a valid answer: the base n; all answers for a share of answers"),
    "value": ("float64", "share or rate 0..1, mean or median in the variable's unit, or what statistic names"),
    "se": ("float64", "standard error with finite population correction"),
    "low": ("float64", "lower end of the 95 % interval"),
    "high": ("float64", "upper end"),
    "low_worst": ("float64", "share if nobody who did not answer had said so, 0..1"),
    "high_worst": ("float64", "share if everybody who did not answer had said so, 0..1"),
    "shown": ("bool", "there is such a number; whether it may be published is said in PUBLISHABLE"),
    "people": ("float64", "people in the population this means"),
    "people_low": ("float64", "lower end of their interval"),
    "people_high": ("float64", "upper end"),
    "n_effective": ("float64", "size of a simple sample of an infinite population that would be as precise"),
    "design_effect": ("float64", "variance as a multiple of that of as many equal weights; 1 without weights"),
    "method": ("str", "how the interval was made: korn-graubard, logit, exact, t, woodruff or agresti-caffo"),
    "low_total": ("float64", "lower end if besides as many marks are misread as the audit leaves possible"),
    "high_total": ("float64", "upper end of the same"),
    "p": ("float64", "p-value of a test or difference"),
    "p_adjusted": ("float64", "p-value after correction for the number of tests of its family"),
})  # fmt: skip

PUBLISHABLE = Table("publishable", {
    **ESTIMATES.columns,
    "shown": ("bool", "may be published"),
    "reason": ("str", "why the row may not be shown; empty where it may"),
})  # fmt: skip

PUBLISHED = Table("published_cells", {
    "made_at": ("str", "when it was published, UTC, ISO 8601"),
    "questionnaire": ("str", "id of the questionnaire"),
    "publication": ("str", "name of the report or table"),
    "data": ("str", "digest of the responses behind it"),
    "key": ("str", "unique name of the number: variable=code@domain"),
    "item": ("str", "the thing asked"),
    "variable": ("str", "variable"),
    "code": ("str", "code of the category"),
    "domain": ("str", "group the number is for"),
    "statistic": ("str", "share or mean"),
    "count": ("int64", "cases with this code, published or not"),
    "base": ("int64", "cases with a valid answer"),
    "shown": ("int64", "1 where it was published, 0 where it was kept back"),
})  # fmt: skip

COARSENED = Table("coarsened", {
    "variable": ("str", "key of which something was joined or suppressed"),
    "change": ("str", "what was done"),
    "cases": ("int64", "cases it was done to"),
})  # fmt: skip

CELLS_CHANGED = Table("cells_changed", {
    "case": ("str", "name of the case"),
    "item": ("str", "the thing asked"),
    "variable": ("str", "column of the wide table, as it is called now"),
    "before": ("str", "its code before; empty where missing"),
    "missing_before": ("str", "why it was missing, empty where it was not"),
    "now": ("str", "its code now"),
    "missing_now": ("str", "why it is missing now"),
    "kind": ("str", "recoded, re-decided, re-measured, decided by a person, newly valid, newly missing, new or gone"),
    "cause": ("str", "recoded, re-decided, re-measured or decided by a person"),
})  # fmt: skip

NUMBERS_MOVED = Table("numbers_moved", {
    "key": ("str", "unique name of the number, as it is called now: variable=code@domain"),
    "item": ("str", "the thing asked"),
    "statistic": ("str", "what it is"),
    "before": ("float64", "the number before; NaN where there was none"),
    "now": ("float64", "the number now; NaN where there is none"),
    "low_before": ("float64", "lower end of the interval it had"),
    "high_before": ("float64", "upper end"),
    "base_before": ("int64", "base n before"),
    "base_now": ("int64", "base n now"),
    "beyond_interval": ("bool", "it lies outside the interval it had"),
    "finding": ("str", "appears, falls away, or empty: different beyond chance now, or no longer"),
})  # fmt: skip

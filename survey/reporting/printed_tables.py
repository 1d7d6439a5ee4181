"""Evidence -> the tables of the report: finished cells, hidden numbers marked."""

from __future__ import annotations

from dataclasses import replace

from survey.analysis.estimate import NOT_RETURNED, RETURNED
from survey.analysis.rates import without_stratum
from survey.questionnaire.model import Asked, Item, ask
from survey.reporting.blocks import DataTable
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.marked import mark
from survey.reporting.pictures import item_title

HIDDEN = "•"
"""Stands for a number that may not be published."""
REASONS = ["not asked", "blank", "multiple", "doubtful", "unreadable", "page missing", "declared"]
MOST_ROWS = 10
"""Items listed in the table of missing answers."""


def response_table(evidence: Evidence) -> DataTable | None:
    """Written to, returned and share by stratum."""
    words, every = evidence.words, evidence.find(RETURNED)
    without = without_stratum(evidence.results.cases, evidence.questionnaire.frame)
    rows = []
    for name, domain in [(s.name, s.domain) for s in evidence.strata] + [(words.say("all"), "all")]:
        row, outstanding = (evidence.find(RETURNED, code, domain) for code in ("1", NOT_RETURNED))
        if row and outstanding:
            counts = [evidence.cases(row, row.base), evidence.cases(row), evidence.cases(outstanding)]
            rows.append([name, *counts, evidence.percent(row)])
    if len(rows) < 2:
        return None
    note = words.say("response_note")
    if without and every is not None:
        rows.insert(-1, [words.say("stratum_unknown"), "–", evidence.cases(every, without), "–", "–"])
        note = f"{note} {words.say('response_unknown')}"
    header = [
        words.say("strata"),
        words.say("written_to"),
        words.say("returned"),
        words.say("no_answer"),
        words.say("response_rate"),
    ]
    return DataTable(words.say("response_table"), note, header, rows, [48, 28, 28, 28, 28])


def nonresponse_table(evidence: Evidence) -> DataTable | None:
    """The items with most answers missing, by reason."""
    words = evidence.words
    counted = [
        (asked, [evidence.lacking(asked.id, reason) for reason in REASONS])
        for asked in evidence.questionnaire.asked()
        if asked.kind != "text"
    ]
    # whom routing led past an item does not lack an answer
    lacking = sorted((pair for pair in counted if any(pair[1][1:])), key=lambda pair: -sum(pair[1][1:]))[
        :MOST_ROWS
    ]
    if not lacking:
        return None
    rows = [
        [
            _asked_label(evidence, asked),
            *(_told(evidence, count) for count in evidence.told_lacking(asked.id, REASONS).values()),
        ]
        for asked, _ in lacking
    ]
    header = [words.say("item"), *(words.say(f"reason_{reason}") for reason in REASONS)]
    return DataTable(words.say("missing_table"), words.say("missing_note"), header, rows, [62, *[14.0] * 7])


def item_tables(evidence: Evidence, item: Item) -> list[DataTable]:
    """An item's numbers: one table, a grid as rows by columns with one more for its groups."""
    if item.type == "grid":
        title = evidence.words.say("groups_table", title=item_title(evidence, item))
        groups = _estimate_table(evidence, item, _grid_rows(evidence, item))
        return [_grid_table(evidence, item), replace(groups, title=title)]
    if item.type == "matrix":
        return [_matrix_table(evidence, item)]
    return [_estimate_table(evidence, item, _rows(evidence, ask(item)[0]))]


def _rows(evidence: Evidence, asked: Asked) -> list[tuple[str, str, str]]:
    """Label, variable and code of each line of an item's table."""
    words = evidence.words
    if asked.kind == "multiple":
        return [(evidence.text(o.label), f"{asked.id}_{o.code}", "1") for o in asked.options if not o.missing]
    if asked.kind == "text":
        return [(words.say("has_written"), asked.id, "written")]
    if asked.kind == "number":
        return [(words.say("mean_label", unit=evidence.text(asked.item.unit)), asked.id, "mean")]
    rows = [(evidence.text(o.label), asked.id, o.code) for o in asked.options if not o.missing]
    if asked.item.type == "scale":
        rows.append((words.say("mean_label", unit="").strip(), asked.id, "mean"))
    return rows


def _grid_rows(evidence: Evidence, item: Item) -> list[tuple[str, str, str]]:
    groups = [(evidence.text(group.label), f"{item.id}_{group.id}", "1") for group in item.groups]
    options = [(evidence.text(o.label), f"{item.id}_{o.code}", "1") for o in item.options if not o.missing]
    return groups + options


def _estimate_table(evidence: Evidence, item: Item, lines: list[tuple[str, str, str]]) -> DataTable:
    """n, share, interval, bounds, and the share by stratum."""
    words, strata = evidence.words, evidence.strata[:4]
    if not any(evidence.find(name, code, part.domain) for _, name, code in lines for part in strata):
        strata = []  # columns of nothing but dots say less than a sentence
    rows = []
    for label, variable, code in lines:
        row = evidence.any(variable, code)
        parts = [_value(evidence, evidence.any(variable, code, stratum.domain)) for stratum in strata]
        if row is None or not (row.shown and row.base):
            rows.append([label, HIDDEN, HIDDEN, HIDDEN, HIDDEN, *[HIDDEN] * len(strata)])
            continue
        rows.append([label, evidence.cases(row), _value(evidence, row), _interval(evidence, row),
                     _bounds(evidence, row), *parts])  # fmt: skip
    header = [
        "",
        "n",
        words.say("share"),
        words.say("interval"),
        words.say("bounds"),
        *(words.breakable(s.name) for s in strata),
    ]
    narrow = (160 - 52 - 11 - 15 - 21 - 21) / max(len(strata), 1)
    widths = [52 if strata else 92, 11, 15, 21, 21, *[narrow] * len(strata)]
    note = _base_note(evidence, lines)
    if evidence.strata and not strata:
        note = f"{note} {words.say('offices_kept_back')}".strip()
    return DataTable(item_title(evidence, item), note, header, rows, widths)


def _matrix_table(evidence: Evidence, item: Item) -> DataTable:
    """One line a row of the matrix: base, then share and interval of each option."""
    words, options = evidence.words, ask(item)[0].substantive
    rows = []
    for asked in ask(item):
        base = evidence.base(asked.id)
        cells = []
        for option in options:
            row = evidence.find(asked.id, option.code)
            cells.append(mark(words.short_share(row.value, row.low, row.high), row.key) if row else HIDDEN)
        label = evidence.text(asked.row.label) if asked.row else ""
        rows.append([label, HIDDEN if base is None else words.number(base), *cells])
    header = ["", words.say("base"), *(evidence.text(option.label) for option in options)]
    each = (160 - 54 - 14) / len(options)
    return DataTable(
        item_title(evidence, item),
        words.say("table_matrix_note"),
        header,
        rows,
        [54, 14, *[each] * len(options)],
    )


def _grid_table(evidence: Evidence, item: Item) -> DataTable:
    """Shares by row and column."""
    rows = []
    for row in item.rows:
        cells = [
            _value(evidence, evidence.any(f"{item.id}_{row.code}_{column.code}")) for column in item.columns
        ]
        rows.append([evidence.text(row.label), *cells])
    header = ["", *(evidence.text(column.label) for column in item.columns)]
    first = f"{item.id}_{item.rows[0].code}_{item.columns[0].code}"
    each = (160 - 24) / len(item.columns)
    return DataTable(
        item_title(evidence, item),
        _base_note(evidence, [("", first, "1")]),
        header,
        rows,
        [24, *[each] * len(item.columns)],
    )


def _base_note(evidence: Evidence, lines: list[tuple[str, str, str]]) -> str:
    words = evidence.words
    bases = [row.base for _, variable, code in lines if (row := evidence.find(variable, code))]
    if not bases:
        return ""
    low, high = min(bases), max(bases)
    text = (
        words.number(low)
        if low == high
        else words.say("from_to", low=words.number(low), high=words.number(high))
    )
    item = next((row.item for _, variable, code in lines if (row := evidence.any(variable, code))), "")
    told = evidence.told_lacking(item, REASONS)
    lacking = (
        HIDDEN if None in told.values() else words.number(sum(told[reason] or 0 for reason in REASONS[1:]))
    )
    past = told["not asked"]
    note = words.say("table_note", base=text, lacking=lacking)
    if past == 0:
        return note + "."
    return note + words.say("table_note_past", past=HIDDEN if past is None else words.number(past)) + "."


def _value(evidence: Evidence, row: Estimate | None) -> str:
    if row is not None and not row.shown:
        return HIDDEN
    if row is None or not row.base:
        return "–"
    if row.statistic == "mean":
        return mark(evidence.words.decimal(row.value), row.key)
    return evidence.percent(row)


def _interval(evidence: Evidence, row: Estimate) -> str:
    if row.statistic == "mean":
        return mark(evidence.words.interval_of_means(row.low, row.high), row.key)
    return mark(evidence.words.interval(row.low, row.high), row.key)


def _bounds(evidence: Evidence, row: Estimate) -> str:
    if row.low_worst != row.low_worst:  # NaN: nothing is known of those who did not answer
        return "–"
    if row.statistic == "mean":
        return mark(evidence.words.interval_of_means(row.low_worst, row.high_worst), row.key)
    return mark(evidence.words.interval(row.low_worst, row.high_worst), row.key)


def _told(evidence: Evidence, count: int | None) -> str:
    if count is None:
        return HIDDEN
    return evidence.words.number(count) if count else "–"


def _asked_label(evidence: Evidence, asked: Asked) -> str:
    title = evidence.words.say("item_short", number=str(evidence.number(asked.item)))
    text = evidence.text(asked.row.label) if asked.row else evidence.text(asked.item.text)
    return f"{title} {text}"

"""Items and need areas with their estimates -> the charts that show them best."""

from __future__ import annotations

from collections.abc import Sequence

from survey.analysis.estimate import NEEDS, RETURNED
from survey.analysis.population import ALL
from survey.questionnaire.model import Asked, Item, Text, ask
from survey.reporting.blocks import Block, Figures, Paragraph
from survey.reporting.charts import (
    FULL_MM,
    HALF_MM,
    Bar,
    Chart,
    Combination,
    Frame,
    Heat,
    Panel,
    Stack,
    accent_of,
    bar_chart,
    combination_chart,
    dot_plot,
    heat_map,
    panels_chart,
    return_curve,
    stacked_bars,
)
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.narrative import largest_first, need_labels, whom

MOST_DOMAINS = 4
"""Strata that stand in one dot plot; with more each gets a panel of its own."""
MOST_COMBINATIONS = 12
"""Rows of the chart of combinations."""


def framed(
    evidence: Evidence, name: str, title: str, note: str, accent: str = "", width_mm: float = FULL_MM
) -> Frame:
    """What a chart is about, its source at the end of the note; in the report's colour where no other is given."""
    questionnaire = evidence.questionnaire
    source = evidence.words.say("source", id=questionnaire.id, version=str(questionnaire.schema.version))
    return Frame(name, title, f"{note} {source}", accent or evidence.accent, width_mm)


def figure(chart: Chart | None, lead: str = "") -> list[Block]:
    """One chart as a block with what it shows first in words; only the words where there is none to draw."""
    if chart is None:
        return [Paragraph(lead)] if lead else []
    return [Figures([chart], [lead])]


def item_chart(evidence: Evidence, item: Item, accent: str, *, is_wide: bool = False) -> Chart | None:
    """The chart of an item, or None where it has nothing to draw; a small one takes half the width unless `is_wide`."""
    if item.type in {"number", "text"} or not base_of(evidence, item):
        return None
    if item.type == "grid":
        return _grid_chart(evidence, item, accent)
    if item.type in {"matrix", "scale"}:
        return _stack_chart(evidence, item, accent)
    return _bars_of(evidence, ask(item)[0], accent, is_wide=is_wide)


def base_of(evidence: Evidence, item: Item) -> int:
    """The largest base among an item's estimates that may be shown."""
    variables = {item.id} | {asked.id for asked in ask(item)}
    bases = [
        row.base for name in variables for row in evidence.of_item(name) if row.domain == "all" and row.shown
    ]
    return max(bases, default=0)


def groups_chart(evidence: Evidence, item: Item, accent: str) -> Chart | None:
    """The cell groups of a grid as bars."""
    rows = [(evidence.find(f"{item.id}_{group.id}"), evidence.text(group.label)) for group in item.groups]
    bars = [bar(row, label) for row, label in rows if row]
    base = max((row.base for row, _ in rows if row), default=0)
    frame = framed(
        evidence,
        f"{item.id}-groups",
        evidence.words.say("groups_title"),
        _note(evidence, item.id, base),
        accent,
    )
    return bar_chart(frame, bars, evidence.words) if bars else None


def needs_chart(evidence: Evidence) -> Chart | None:
    """The need areas as bars, largest first."""
    rows = [(evidence.find(f"need_{area.id}"), evidence.text(area.label)) for area in evidence.areas]
    ranked = largest_first(rows)
    if not ranked:
        return None
    words = evidence.words
    note = words.say("note_needs", low=words.number(min(row.base for row, _ in ranked)),
                     high=words.number(max(row.base for row, _ in ranked)),
                     lines=evidence.conditional("lines"))  # fmt: skip
    frame = framed(evidence, "need-areas", words.say("needs_title"), note)
    return bar_chart(frame, [bar(row, label) for row, label in ranked], words)


def combinations_chart(evidence: Evidence) -> Chart | None:
    """Which need areas come together, the commonest first; pooled rare ones last."""
    words, areas = evidence.words, evidence.areas
    rows = sorted(evidence.of_variable(NEEDS), key=lambda row: (row.code == "rare", -row.value))
    if len(areas) < 2 or all(row.code == "rare" for row in rows):
        return None
    shown = rows[:MOST_COMBINATIONS]
    every = [area.id for area in evidence.questionnaire.schema.need_areas]
    sets = [(evidence.text(area.label), accent_of(every.index(area.id))) for area in areas]
    combinations = []
    for row in shown:
        label = (
            words.say(f"needs_{row.code}")
            if row.code in {"none", "rare"}
            else words.listing(need_labels(evidence, row.code))
        )
        members = [] if row.code == "rare" else [area.id in row.code.split("+") for area in areas]
        combinations.append(Combination(members, bar(row, label)))
    note = words.say("note_combinations", base=words.number(shown[0].base),
                     minimum=words.number(evidence.questionnaire.schema.population.minimum_cell),
                     lines=evidence.conditional("lines"))  # fmt: skip
    frame = framed(evidence, "combinations", words.say("combinations_title"), note)
    return combination_chart(frame, sets, combinations, words)


def offices_chart(evidence: Evidence) -> Chart | None:
    """Need areas and cell groups by stratum, as dots or, with many strata, panels; None where no two may be shown."""
    words, strata = evidence.words, evidence.strata
    bases = {
        stratum.name: words.number(row.count)
        for stratum in strata
        if (row := evidence.any(RETURNED, "1", stratum.domain))
    }
    told = "; ".join(f"{name} n = {count}" for name, count in bases.items())
    if len(strata) > MOST_DOMAINS:
        return _panels(evidence, bases)
    rows = []
    for variable, label in evidence.compared():
        known = [(evidence.any(variable, "1", stratum.domain), stratum.name) for stratum in strata]
        bars = [bar(row, name) for row, name in known if row is not None]
        if sum(one.shown for one in bars) > 1:
            rows.append((label, bars))
    if not rows:
        return None
    note = words.say("note_offices", bases=told, lines=evidence.conditional("lines"))
    frame = framed(evidence, "offices", words.say("offices_title"), note)
    return dot_plot(frame, rows, [stratum.name for stratum in strata], words)


def _panels(evidence: Evidence, bases: dict[str, str]) -> Chart | None:
    """The need areas in each of many strata; a stratum of which nothing may be shown is left out."""
    words, areas = evidence.words, evidence.areas
    every = [area.id for area in evidence.questionnaire.schema.need_areas]
    overall = [
        bar(row, evidence.text(area.label)) for area in areas if (row := evidence.find(f"need_{area.id}"))
    ]
    panels = []
    for stratum in evidence.strata:
        bars = [
            bar(row, evidence.text(area.label))
            if row
            else Bar(evidence.text(area.label), 0, 0, 0, shown=False)
            for area in areas
            for row in [evidence.any(f"need_{area.id}", "1", stratum.domain)]
        ]
        if any(one.shown for one in bars):
            title = f"{stratum.name} (n = {bases.get(stratum.name, '0')})"
            panels.append(Panel(title, bars))
    if len(panels) < 2:
        return None
    note = words.say("note_panels", lines=evidence.conditional("lines"))
    frame = framed(evidence, "offices", words.say("offices_title"), note)
    return panels_chart(frame, panels, overall, [accent_of(every.index(area.id)) for area in areas], words)


def returns_chart(evidence: Evidence) -> Chart | None:
    """The running total of returns, where at least three days are known."""
    days = evidence.days()
    if len(days) < 3:
        return None
    words = evidence.words
    note = words.say("note_returns", count=words.number(days[-1][1]))
    frame = framed(evidence, "returns", words.say("returns_title"), note)
    return return_curve(frame, days, words)


def bar(row: Estimate, label: str) -> Bar:
    """An estimate as a labelled bar."""
    return Bar(label, row.value, row.low, row.high, row.shown and row.base > 0, row.key)


def item_title(evidence: Evidence, item: Item) -> str:
    """Number and wording as printed."""
    words = evidence.words
    return words.say("item_title", number=str(evidence.number(item)), wording=evidence.text(item.text))


def _bars_of(evidence: Evidence, asked: Asked, accent: str, *, is_wide: bool) -> Chart | None:
    """One bar an option: by size where several could be marked, in printed order where one."""
    multiple = asked.kind == "multiple"
    pairs = [
        (
            evidence.find(f"{asked.id}_{option.code}") if multiple else evidence.find(asked.id, option.code),
            option,
        )
        for option in asked.options
        if not option.missing
    ]
    rows = [(row, option) for row, option in pairs if row]
    if not any(row.count for row, _ in rows):
        return None  # that nobody gave the one answer that may be shown is said in a sentence
    if multiple:
        rows = sorted(rows, key=lambda pair: (pair[1].none, -pair[0].value))
    half = not multiple and len(rows) <= 6 and not is_wide
    note = _note(evidence, asked.id, rows[0][0].base, "note_multiple" if multiple else "note_single")
    told = {option.code for _, option in rows}
    note += hidden_note(evidence, [option.label for _, option in pairs if option.code not in told])
    frame = framed(
        evidence, asked.id, item_title(evidence, asked.item), note, accent, HALF_MM if half else FULL_MM
    )
    return bar_chart(frame, [bar(row, evidence.text(option.label)) for row, option in rows], evidence.words)


def _stack_chart(evidence: Evidence, item: Item, accent: str) -> Chart | None:
    """Rows of a matrix sorted by how many chose the first half of the options; a scale is a matrix of one row."""
    words, stacks = evidence.words, []
    options = ask(item)[0].substantive
    for asked in ask(item):
        rows = [evidence.find(asked.id, option.code) for option in options]
        known = [row for row in rows if row]
        label = evidence.text(asked.row.label) if asked.row else words.say("all_answers")
        if len(known) == len(options):
            keys = [row.key for row in known]
            stacks.append(Stack(label, [row.value for row in known], known[0].base, keys=keys))
        elif evidence.any(asked.id, options[0].code) is not None:
            stacks.append(Stack(label, [0.0] * len(options), 0, shown=False))
    if not any(stack.shown for stack in stacks):
        return None
    weighted = words.say("word_weighted" if evidence.is_weighted else "word_unweighted")
    # what is said most stands on top: the first half of an even scale, the last option of any other
    half = len(options) // 2 if len(options) >= 4 and len(options) % 2 == 0 else -1
    stacks.sort(key=lambda stack: -sum(stack.shares[:half]) if half > 0 else -stack.shares[-1])
    frame = framed(
        evidence, item.id, item_title(evidence, item), words.say("note_stacks", weighted=weighted), accent
    )
    return stacked_bars(frame, stacks, [evidence.text(option.label) for option in options], words)


def _grid_chart(evidence: Evidence, item: Item, accent: str) -> Chart | None:
    words = evidence.words
    shares = [
        [_value(evidence.find(f"{item.id}_{row.code}_{column.code}")) for column in item.columns]
        for row in item.rows
    ]
    group = item.groups[0] if item.groups else None
    outlined = [
        [
            group is not None
            and (not group.rows or row.code in group.rows)
            and (not group.columns or column.code in group.columns)
            for column in item.columns
        ]
        for row in item.rows
    ]
    heat = Heat(
        [evidence.text(row.label) for row in item.rows],
        [evidence.text(column.label) for column in item.columns],
        shares,
        outlined,
        evidence.text(group.label) if group else "",
        [[f"{item.id}_{row.code}_{column.code}=1@{ALL}" for column in item.columns] for row in item.rows],
    )
    note = words.say(
        "note_grid",
        base=words.number(base_of(evidence, item)),
        whom=words.say(f"base_{whom(evidence, item.id)}"),
        reach=words.points(
            evidence.reach_of([f"{item.id}_{option.code}" for option in ask(item)[0].substantive])
        ),
        holds=evidence.conditional("holds"),
    )
    return heat_map(framed(evidence, item.id, item_title(evidence, item), note, accent), heat, words)


def _value(row: Estimate | None) -> float | None:
    return row.value if row else None


def hidden_note(evidence: Evidence, labels: Sequence[Text]) -> str:
    """In words, what is not shown beside the numbers that are; empty where nothing is hidden."""
    quoted = [evidence.words.quote(evidence.text(label)) for label in labels]
    return " " + evidence.words.say("note_kept_back", labels=evidence.words.listing(quoted)) if quoted else ""


def _note(evidence: Evidence, item: str, base: int, phrase: str = "note_multiple") -> str:
    words = evidence.words
    note = words.say(phrase, base=words.number(base), whom=words.say(f"base_{whom(evidence, item)}"),
                     lines=evidence.conditional("lines"))  # fmt: skip
    return note + " " + words.say("note_given") if evidence.is_given(item) else note

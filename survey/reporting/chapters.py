"""Evidence -> the chapters of the evaluation report, as blocks of finished words and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey.analysis.estimate import NEEDS_NUMBER
from survey.analysis.population import ALL
from survey.errors import UsageError
from survey.questionnaire.model import Item, Section, ask
from survey.reporting.accounts import envelopes_chart, pages_chart
from survey.reporting.blocks import (
    Block,
    Callout,
    Chapter,
    Document,
    Figures,
    Heading,
    Logo,
    Paragraph,
    Points,
)
from survey.reporting.changes import tell_changes
from survey.reporting.charts import HALF_MM, Chart, accent_of
from survey.reporting.evidence import Evidence
from survey.reporting.facsimile import reprint
from survey.reporting.glossary import explain_terms
from survey.reporting.grounds import ground_points, rates_table
from survey.reporting.narrative import (
    Finding,
    combination_findings,
    item_findings,
    need_finding,
    need_findings,
    office_findings,
    response_findings,
    unknown_findings,
)
from survey.reporting.own_texts import place_texts
from survey.reporting.pictures import (
    combinations_chart,
    figure,
    groups_chart,
    item_chart,
    needs_chart,
    offices_chart,
    returns_chart,
)
from survey.reporting.printed_tables import item_tables, nonresponse_table, response_table
from survey.reporting.proposals import propose
from survey.reporting.summary import lead_item, summarise
from survey.reporting.voices import tell_voices

LABELS = ["contents", "figure", "table", "page", "of"]


def compose(evidence: Evidence) -> Document:
    """Return the whole report; UsageError where one of the analyst's own texts does not fit it."""
    schema, words = evidence.questionnaire.schema, evidence.words
    report = schema.report
    first, others = _unclaimed_sections(evidence)
    chapters = [summarise(evidence), _who_answered(evidence, first)]
    chapters += [_need_chapter(evidence, place) for place in range(len(schema.need_areas))]
    chapters += [_combinations(evidence), _offices(evidence), tell_changes(evidence)]
    chapters += [_section_chapter(evidence, section) for section in others]
    chapters += [tell_voices(evidence), propose(evidence), _method(evidence)]
    chapters += [_appendix(evidence), explain_terms(evidence), reprint(evidence)]
    return Document(
        language=words.language,
        title=evidence.text(report.title) or evidence.text(schema.title) or evidence.questionnaire.id,
        subtitle=evidence.text(report.subtitle),
        office=evidence.office,
        status=words.say("status_interim" if evidence.is_interim else "status_final"),
        accent=evidence.accent,
        facts=_facts(evidence),
        chapters=place_texts(evidence, [chapter for chapter in chapters if chapter.blocks]),
        labels={label: words.say(f"label_{label}") for label in LABELS},
        logo=_logo(evidence),
        font=report.font,
        font_files=[str(evidence.questionnaire.path.parent / name) for name in report.font_files],
    )


def _logo(evidence: Evidence) -> Logo | None:
    """The office's mark from beside the schema."""
    report = evidence.questionnaire.schema.report
    if not report.logo:
        return None
    path = evidence.questionnaire.path.parent / report.logo
    if not path.is_file():
        raise UsageError(f"{path.name} is not beside the schema", where=str(evidence.questionnaire.path),
                         hint="report.logo names a file in schemas/")  # fmt: skip
    return Logo(path.read_bytes(), path.suffix.lower(), evidence.text(report.logo_alt) or evidence.office)


def _facts(evidence: Evidence) -> list[tuple[str, str]]:
    words, schema = evidence.words, evidence.questionnaire.schema
    days = evidence.days()
    facts = [
        (words.say("fact_population"), evidence.text(schema.population.name)),
        (words.say("fact_returned"), words.number(evidence.returned)),
        (words.say("fact_until"), words.day(days[-1][0]) if days else ""),
        (
            words.say("fact_instrument"),
            words.say("instrument", id=evidence.questionnaire.id, version=str(schema.version)),
        ),
        (words.say("fact_run"), evidence.results.name_run()),
    ]
    return [(label, value) for label, value in facts if value]


def _who_answered(evidence: Evidence, section: Section | None) -> Chapter:
    words, schema = evidence.words, evidence.questionnaire.schema
    asked = len(evidence.questionnaire.items)
    sheets = words.say(
        "how_asked", items=words.number(asked), population=evidence.text(schema.population.name)
    )
    blocks: list[Block] = [Paragraph(sheets), Paragraph(_joined(response_findings(evidence)))]
    blocks += figure(envelopes_chart(evidence)) + _present(response_table(evidence))
    blocks += figure(returns_chart(evidence)) + _present(rates_table(evidence))
    blocks += figure(pages_chart(evidence))
    items = _items(evidence, section.items, evidence.accent) if section is not None else []
    if section is not None and items:
        blocks += [Heading(evidence.text(section.title)), *items]
    return Chapter("response", words.say("chapter_response"), evidence.accent, blocks)


def _need_chapter(evidence: Evidence, place: int) -> Chapter:
    area = evidence.questionnaire.schema.need_areas[place]
    accent = accent_of(place)
    items = [item for item in evidence.questionnaire.items if item.need_area == area.id]
    lead = lead_item(evidence, area)
    ordered = ([lead] if lead else []) + [item for item in items if item is not lead]
    blocks: list[Block] = []
    opening = need_finding(evidence, area.id)
    if opening:
        definition = _definition(evidence, place)
        blocks.append(Paragraph(_joined(opening)))
        blocks.append(Callout(evidence.words.say("definition_title"), definition))
    elif evidence.any(f"need_{area.id}"):
        blocks.append(Paragraph(evidence.words.say("need_kept_back")))
    return Chapter(area.id, evidence.text(area.label), accent, blocks + _items(evidence, ordered, accent))


def _definition(evidence: Evidence, place: int) -> str:
    """In words: which answers count as showing the need."""
    words, area = evidence.words, evidence.questionnaire.schema.need_areas[place]
    parts = []
    for item in evidence.questionnaire.items:
        rows = [asked for asked in ask(item) if asked.id in area.need]
        if not rows:
            continue
        codes = {code for asked in rows for code in area.need[asked.id]}
        labels = [
            words.quote(evidence.text(option.label)) for option in rows[0].options if option.code in codes
        ]
        named = [words.quote(evidence.text(asked.row.label)) for asked in rows if asked.row]
        answers = words.alternative(labels) if labels else words.say("any_answer")
        phrase = "definition_rows" if named and len(named) < len(ask(item)) else "definition_item"
        parts.append(
            words.say(phrase, number=str(evidence.number(item)), answers=answers, rows=words.listing(named))
        )
    return words.say("definition", items=words.alternative(parts))


def _combinations(evidence: Evidence) -> Chapter:
    words, accent = evidence.words, evidence.accent
    chapter = Chapter("combinations", words.say("chapter_combinations"), accent)
    if len(evidence.areas) < 2:
        return chapter
    chart = combinations_chart(evidence)
    findings = need_findings(evidence) + combination_findings(evidence)
    blocks: list[Block] = [Paragraph(_joined(findings)), *figure(needs_chart(evidence)), *figure(chart)]
    if chart is None and evidence.any(NEEDS_NUMBER, "0"):
        blocks.append(Paragraph(words.say("combinations_kept_back")))
    return replace(chapter, blocks=blocks)


def _offices(evidence: Evidence) -> Chapter:
    """Differences and a chart; no chapter where the groups are too small to compare, which the summary says."""
    words, accent = evidence.words, evidence.accent
    chart = offices_chart(evidence)
    if chart is None:
        return Chapter("offices", words.say("chapter_offices"), accent)
    blocks: list[Block] = [Paragraph(finding.text) for finding in office_findings(evidence)]
    blocks.append(Callout(words.say("offices_how_title"), words.say("offices_how")))
    blocks += figure(chart)
    return Chapter("offices", words.say("chapter_offices"), accent, blocks)


def _section_chapter(evidence: Evidence, section: Section) -> Chapter:
    items = [item for item in section.items if not item.need_area]
    accent = evidence.accent
    return Chapter(section.id, evidence.text(section.title), accent, _items(evidence, items, accent))


def _method(evidence: Evidence) -> Chapter:
    words, schema = evidence.words, evidence.questionnaire.schema
    minimum = words.number(schema.population.minimum_cell)
    names = ["census", "interval", "bounds", "missing", "reading", "comparison", "disclosure"]
    told = {name: f"method_{name}" for name in names}
    if evidence.is_weighted:
        told["census"] = "method_census_weighted"
    method = words.say(f"method_name_{schema.analysis.interval}")
    points = [
        (words.say(f"method_{name}_title"), words.say(phrase, minimum=minimum, method=method))
        for name, phrase in told.items()
    ]
    points.append((words.say("method_unknown_title"), _joined(unknown_findings(evidence))))
    points += [(title, _joined(found)) for title, found in ground_points(evidence)]
    blocks: list[Block] = [Points(points)]
    return Chapter("method", words.say("chapter_method"), evidence.accent, blocks)


def _appendix(evidence: Evidence) -> Chapter:
    words = evidence.words
    intro = words.say("appendix_intro")
    if evidence.strata:
        intro += " " + words.say("appendix_strata")
    if evidence.is_weighted:
        intro += " " + words.say("appendix_weighted")
    blocks: list[Block] = [Paragraph(intro)]
    blocks += _present(nonresponse_table(evidence))
    for section in evidence.questionnaire.schema.sections:
        tables = [table for item in section.items for table in item_tables(evidence, item)]
        if tables:
            blocks += [Heading(evidence.text(section.title)), *tables]
    return Chapter(
        "tables",
        words.say("chapter_tables"),
        evidence.accent,
        blocks,
        is_appendix=True,
    )


def _items(evidence: Evidence, items: Sequence[Item], accent: str) -> list[Block]:
    """Chart and sentences of each item; a half-width chart waits for the next one to stand beside it."""
    blocks: list[Block] = []
    waiting: list[tuple[Chart, str]] = []
    told = set(evidence.results.written["item"])  # in the chapter on what people wrote
    for item in items:
        if item.id in told:
            continue
        lead, chart = _joined(item_findings(evidence, item)), item_chart(evidence, item, accent)
        if chart is None:
            blocks += _alone(evidence, waiting, accent) if lead else []
            waiting = [] if lead else waiting
            blocks += _told(evidence, item, lead)
        elif chart.width_mm == HALF_MM:
            waiting.append((chart, lead))
        else:
            blocks += figure(chart, lead)
            blocks += figure(groups_chart(evidence, item, accent)) if item.groups else []
        if len(waiting) == 2:
            blocks.append(_pair(waiting))
            waiting = []
    blocks += _alone(evidence, waiting, accent)
    silent = [item for item in items if _is_kept_back(evidence, item)]
    if silent:
        named = [evidence.words.say("item_head", number=str(evidence.number(item))) for item in silent]
        said = evidence.words.say("items_kept_back", items=evidence.words.listing(named))
        blocks.append(Paragraph(said))
    return blocks


def _is_kept_back(evidence: Evidence, item: Item) -> bool:
    """Whether an item has numbers, and none of them may be shown."""
    rows = [
        row for asked in ask(item) for row in evidence.of_item(asked.id)
        if row.domain == ALL and row.statistic in {"share", "mean"}
    ]  # fmt: skip
    return bool(rows) and not any(row.shown for row in rows)


def _alone(evidence: Evidence, waiting: Sequence[tuple[Chart, str]], accent: str) -> list[Block]:
    """What waited in vain for a neighbour takes the whole width."""
    blocks: list[Block] = []
    for chart, lead in waiting:
        wide = item_chart(evidence, evidence.items[chart.name], accent, is_wide=True)
        blocks += figure(wide, lead)
    return blocks


def _pair(waiting: list[tuple[Chart, str]]) -> Figures:
    return Figures([chart for chart, _ in waiting], [lead for _, lead in waiting])


def _told(evidence: Evidence, item: Item, lead: str) -> list[Block]:
    """An item without a chart: its wording, then what is known."""
    return (
        [Points([(evidence.words.say("item_head", number=str(evidence.number(item))), lead)])] if lead else []
    )


def _unclaimed_sections(evidence: Evidence) -> tuple[Section | None, list[Section]]:
    """Sections with items outside the need areas: the first one describes who answered, the rest follow later."""
    free = [
        section
        for section in evidence.questionnaire.schema.sections
        if any(item.need_area is None for item in section.items)
    ]
    return (free[0], free[1:]) if free else (None, [])


def _present(block: Block | None) -> list[Block]:
    return [block] if block is not None else []


def _joined(findings: list[Finding]) -> str:
    return " ".join(finding.text for finding in findings)

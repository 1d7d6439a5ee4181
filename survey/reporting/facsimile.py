"""The printed questionnaire and ESTIMATES -> its pages with the results in their boxes."""

from __future__ import annotations

import re

import pandas as pd

from survey.doors.pdf import render
from survey.questionnaire.model import Asked, ResponseOption
from survey.reporting.blocks import Chapter, Facsimile
from survey.reporting.charts import Chart, Filled, facsimile_page
from survey.reporting.evidence import Estimate, Evidence
from survey.reporting.pictures import framed
from survey.reporting.printed_tables import HIDDEN

WIDTH_MM = 148.0
"""Width of a page: with a chapter's heading above it still fits on one of A4."""
DPI = 150
"""Resolution of the print; at the size of the report that is about 200."""


def reprint(evidence: Evidence) -> Chapter:
    """Return the chapter; empty where the blank or the places of its boxes are not at hand."""
    questionnaire, words = evidence.questionnaire, evidence.words
    accent = evidence.accent
    is_known = questionnaire.blank is not None and questionnaire.blank.exists() and len(questionnaire.boxes)
    pages = [_page(evidence, page) for page in questionnaire.pages] if is_known else []
    return Chapter(
        "questionnaire",
        words.say("chapter_facsimile"),
        accent,
        [Facsimile(pages)] if pages else [],
        is_appendix=True,
    )


def _page(evidence: Evidence, page: int) -> Chart:
    questionnaire, words = evidence.questionnaire, evidence.words
    assert questionnaire.blank is not None
    asked = {one.id: one for one in questionnaire.asked()}
    boxes = questionnaire.boxes[questionnaire.boxes["page"] == page]
    filled = []
    for row in boxes.itertuples(index=False):
        one = asked.get(str(row.item))
        option = next((o for o in one.options if o.code == str(row.option)), None) if one else None
        if one is not None and option is not None:
            place = (float(row.x_mm), float(row.y_mm), float(row.w_mm), float(row.h_mm))
            filled.append(_filled(evidence, one, option, place))
    filled += [
        _written_in(evidence, asked[name], fields)
        for name, fields in boxes.groupby("item", sort=False)
        if name in asked and asked[name].kind in {"number", "text"}
    ]
    title = words.say("facsimile_title", page=str(page))
    weighted = words.say("word_weighted" if evidence.is_weighted else "word_unweighted")
    note = words.say("facsimile_note", weighted=weighted)
    frame = framed(evidence, f"questionnaire-{page}", title, note, width_mm=WIDTH_MM)
    picture = render(questionnaire.blank, page, DPI)
    return facsimile_page(frame, picture, questionnaire.paper_mm, filled, words)


def _filled(
    evidence: Evidence, asked: Asked, option: ResponseOption, place_mm: tuple[float, float, float, float]
) -> Filled:
    """A box with its share in whole per cent, without the sign: room is scarce. Missing codes have none."""
    variable = f"{asked.id}_{option.code}" if asked.kind == "multiple" else asked.id
    row = evidence.any(variable, "1" if asked.kind == "multiple" else option.code)
    label = f"{evidence.number(asked.item)}. {_named(evidence, asked)}{evidence.text(option.label)}"
    if row is None:
        return Filled(label, *place_mm, None, "–", "")
    if not (row.shown and row.base):
        return Filled(label, *place_mm, None, HIDDEN, "")
    return Filled(label, *place_mm, row.value, _digits(evidence, row), row.key)


def _written_in(evidence: Evidence, asked: Asked, fields: pd.DataFrame) -> Filled:
    """A field to write in, over all its boxes, with the mean of its numbers or how many wrote."""
    left, top = float(fields["x_mm"].min()), float(fields["y_mm"].min())
    right = float((fields["x_mm"] + fields["w_mm"]).max())
    foot = float((fields["y_mm"] + fields["h_mm"]).max())
    place = (left, top, right - left, foot - top)
    label = f"{evidence.number(asked.item)}. {evidence.text(asked.item.text)}"
    row = evidence.find(asked.id, "mean" if asked.kind == "number" else "written")
    if row is None:
        return Filled(label, *place, None, HIDDEN, "")
    words = evidence.words
    told = (
        words.say("facsimile_mean", mean=words.decimal(row.value))
        if asked.kind == "number"
        else words.say("facsimile_written", plural=row.count != 1, count=words.number(row.count))
    )
    return Filled(label, *place, None, told, row.key)


def _named(evidence: Evidence, asked: Asked) -> str:
    return f"{evidence.text(asked.row.label)}: " if asked.row else ""


def _digits(evidence: Evidence, row: Estimate) -> str:
    return re.sub(r"[\s\u00a0]|%", "", evidence.words.percent(row.value))

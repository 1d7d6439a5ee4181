"""A print test's verdict -> advice in plain words, and one page: the blank coloured by what became of its boxes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.doors.pdf import render, save_png
from survey.doors.typesetting import typeset
from survey.questionnaire.model import Questionnaire
from survey.reading.blank_boxes import outlines_of
from survey.reading.prepare import FINE_DPI, blank_pixels
from survey.reporting.wording import Wording
from survey.simulate.verdict import CAUSES, CAUSES_OF_MARKS, CAUSES_OF_PAGES, Verdict

TEMPLATE = Path(__file__).parent / "templates" / "print_sheet.typ"
COLOURS = {  # Okabe & Ito's palette, blue-green-red
    "good": (178, 114, 0),
    "doubtful": (0, 159, 230),
    "misread": (0, 60, 200),
    "not read": (90, 90, 90),
}
NAMED_AT_ONCE = 6  # boxes named in one line of advice
ADVICE_AT_MOST = 6  # lines of advice that find room on the page
FEW_COPIES = 20  # with fewer, even a bad box hardly stands out from chance
TINT = 0.45  # how strongly a conspicuous box is filled with its colour
ROOM_MM = (172.0, 172.0)  # of the sheet, for the pages of the blank …
GAP_MM = 3.0  # … so far apart …
LABEL_MM = 8.0  # … with a label under each
LETTER_PX = 32  # a box of this size takes a number at cv2's scale 1
MOST_PAGES = 12  # pages shown on the sheet; beyond, only those with a conspicuous box


@dataclass(frozen=True)
class Advice:
    """One thing to change: what is wrong, with which boxes or pages, and what would help."""

    cause: str
    title: str
    pages: list[int]
    boxes: list[str]
    where: str
    text: str


def advise(verdict: Verdict, language: str) -> list[Advice]:
    """Say what to change, the most misread first; in German, or in English for any other language."""
    words = wording_for(language)
    odd = verdict.boxes[verdict.boxes["causes"] != ""]
    of_boxes = [_of_boxes(cause, odd[_names(odd, cause)], words) for cause in CAUSES]
    of_boxes.sort(key=lambda one: (one.cause in CAUSES_OF_MARKS, -len(one.boxes)))
    pages = verdict.pages
    of_pages = [_of_pages(cause, pages.loc[_names(pages, cause), "page"], words) for cause in CAUSES_OF_PAGES]
    return [one for one in [*of_pages, *of_boxes] if one.pages]


def _names(table: pd.DataFrame, cause: str) -> pd.Series:
    """Whether each row names this cause among others."""
    return table["causes"].str.split(" ").map(lambda causes: cause in causes).astype(bool)


def wording_for(language: str) -> Wording:
    """The words of the print test for a questionnaire in this language."""
    return Wording("de" if language == "de" else "en")


def _of_boxes(cause: str, boxes: pd.DataFrame, words: Wording) -> Advice:
    names = boxes.sort_values(["page", "verdict"], kind="stable")["box"].tolist()
    more = len(names) - NAMED_AT_ONCE
    listed = ", ".join(names[:NAMED_AT_ONCE]) + (
        f" {words.say('trial_more', count=str(more))}" if more > 0 else ""
    )
    where = words.say("trial_boxes", plural=len(names) > 1, count=str(len(names)), names=listed)
    pages = sorted(set(boxes["page"].astype(int).tolist()))
    return Advice(cause, words.say(f"cause_{cause}"), pages, names, where, words.say(f"advice_{cause}"))


def _of_pages(cause: str, pages: Iterable[int], words: Wording) -> Advice:
    numbers = sorted({int(page) for page in pages})
    where = words.say("trial_pages", pages=", ".join(map(str, numbers)))
    return Advice(cause, words.say(f"cause_{cause}"), numbers, [], where, words.say(f"advice_{cause}"))


def summarise(verdict: Verdict, language: str) -> list[str]:
    """Say in a few sentences what the trial was and what it showed."""
    words, boxes = wording_for(language), verdict.boxes
    counts = boxes["verdict"].value_counts()
    named = int(len(boxes) - counts.get("good", 0))
    sums = boxes[["seen", "marked", "missed", "false", "doubtful"]].sum()
    said = [
        words.say("trial_method", plural=verdict.copies > 1, copies=words.number(verdict.copies)),
        words.say(
            "trial_total",
            marks=words.number(sums["marked"]),
            empty=words.number(sums["seen"] - sums["marked"]),
            silent=words.number(sums["missed"] + sums["false"]),
            doubts=words.number(sums["doubtful"]),
        ),
    ]
    if named:
        parts = {
            key: words.number(counts.get(name, 0))
            for key, name in [("misread", "misread"), ("doubtful", "doubtful"), ("unread", "not read")]
        }
        said.append(
            words.say(
                "trial_named",
                plural=named > 1,
                count=words.number(named),
                all=words.number(len(boxes)),
                **parts,
            )
        )
    elif verdict.pages["causes"].eq("").all():
        said.append(words.say("trial_good"))
    return [*said, words.say("trial_few")] if verdict.copies < FEW_COPIES else said


def draw_sheet(questionnaire: Questionnaire, verdict: Verdict, advice: list[Advice], language: str) -> bytes:
    """Lay the coloured pages of the blank and the advice out on one page; returns a PDF."""
    words = wording_for(language)
    shown = _pages_to_show(verdict)
    columns, wide_mm = _arrange(len(shown), questionnaire.paper_mm)
    with tempfile.TemporaryDirectory() as folder:
        for page in shown:
            save_png(Path(folder) / f"{page}.png", _draw_page(questionnaire, verdict, advice, page))
        data = {
            "language": words.language,
            "title": words.say("trial_title", id=questionnaire.id),
            "summary": summarise(verdict, language),
            "columns": columns,
            "wide_mm": wide_mm,
            "room_mm": ROOM_MM[0],
            "legend": [
                {"label": words.say(f"verdict_{name.replace('not read', 'unread')}"), "colour": _hex(colour)}
                for name, colour in COLOURS.items()
            ],
            "pages": [{"number": page, "label": words.say("trial_page", page=str(page))} for page in shown],
            "advice": [
                {"number": number, "title": one.title, "where": one.where, "text": one.text}
                for number, one in enumerate(advice[:ADVICE_AT_MOST], start=1)
            ],
            "rest": words.say("trial_rest") if len(advice) > ADVICE_AT_MOST else "",
        }
        return typeset(TEMPLATE, data, assets=Path(folder)).pdf


def _arrange(count: int, paper_mm: tuple[float, float]) -> tuple[int, float]:
    """Return the number of columns that shows so many pages largest, and the width of each, mm."""
    options = []
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        wide = (ROOM_MM[0] - GAP_MM * (columns - 1)) / columns
        high = ROOM_MM[1] / rows - LABEL_MM
        options.append((min(wide, high * paper_mm[0] / paper_mm[1]), columns))
    wide_mm, columns = max(options)
    return columns, round(wide_mm, 2)


def _pages_to_show(verdict: Verdict) -> list[int]:
    pages = [int(page) for page in verdict.pages["page"]]
    if len(pages) <= MOST_PAGES:
        return pages
    odd = set(verdict.boxes.loc[verdict.boxes["verdict"] != "good", "page"].astype(int))
    return sorted(pages, key=lambda page: (page not in odd, page))[:MOST_PAGES]


def _draw_page(
    questionnaire: Questionnaire, verdict: Verdict, advice: list[Advice], page: int
) -> NDArray[np.uint8]:
    """Draw a page of the blank, paled, its boxes coloured by verdict and numbered by the advice; BGR at 150 dpi."""
    assert questionnaire.blank is not None  # try_print refuses a questionnaire without one
    grey = render(questionnaire.blank, page, FINE_DPI)
    picture = cv2.cvtColor(np.asarray(grey // 2 + 127, np.uint8), cv2.COLOR_GRAY2BGR)
    numbers: dict[str, int] = {}
    for place, one in enumerate(advice, start=1):
        numbers = dict.fromkeys(one.boxes, place) | numbers
    here = questionnaire.boxes[questionnaire.boxes["page"] == page]
    verdicts = verdict.boxes.set_index("box")["verdict"].reindex(here["box"]).fillna("good")
    for outline, box, name in zip(blank_pixels(outlines_of(here)), here["box"], verdicts, strict=True):
        _colour_box(picture, outline, name)
        if box in numbers:
            _number_box(picture, outline, str(numbers[box]), COLOURS[name])
    return picture


def _colour_box(picture: NDArray[np.uint8], outline: NDArray[np.float32], verdict: str) -> None:
    """Outline a box in its colour, and tint it if it is conspicuous; in place."""
    points = np.round(outline).astype(np.int32)
    left, top, wide, high = cv2.boundingRect(points)
    if verdict != "good":
        inside = picture[top : top + high, left : left + wide]
        tinted = cv2.addWeighted(inside, 1 - TINT, np.full_like(inside, COLOURS[verdict]), TINT, 0)
        picture[top : top + high, left : left + wide] = tinted
    cv2.polylines(picture, [points.reshape(-1, 1, 2)], True, COLOURS[verdict], 2 if verdict == "good" else 4)


def _number_box(
    picture: NDArray[np.uint8], outline: NDArray[np.float32], number: str, colour: tuple[int, int, int]
) -> None:
    """Write the number of the advice into a box's middle; in place."""
    side_px = float(np.ptp(outline, axis=0).min())
    scale, thick = min(0.7, side_px / LETTER_PX), 2 if side_px > LETTER_PX / 2 else 1
    (wide, high), _ = cv2.getTextSize(number, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    x, y = outline.mean(axis=0)
    place = (round(float(x) - wide / 2), round(float(y) + high / 2))
    cv2.putText(
        picture, number, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 255, 255), thick + 3, cv2.LINE_AA
    )
    dark = tuple(int(0.6 * one) for one in colour)
    cv2.putText(picture, number, place, cv2.FONT_HERSHEY_SIMPLEX, scale, dark, thick, cv2.LINE_AA)


def _hex(colour: tuple[int, int, int]) -> str:
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"

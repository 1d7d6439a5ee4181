"""A picture of a page -> where words stand in it: unread, they part items and head columns all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_print import Letter
from survey.learn.drafts.items import SEVERAL_GUESS, SINGLE_GUESS, DraftItem
from survey.learn.printed.outlines import PX_MM, Outline, PageOutlines

INK = 150  # grey from which a pixel is print
FRAME_MM = 0.7  # on both sides of an outline's edge belong to its frame
FILLED = -1  # thickness by which OpenCV draws a rectangle with what is inside it
LINE_MM = 11.0  # what is straight over such a length is a line, no letter
LETTER_GAP_MM = 0.75  # inside a word
LOWEST_MM, HIGHEST_MM = 1.0, 9.0  # of words
SOLID = 0.85  # share of its frame from which ink is a filled cell, and no word
SHARED = 0.5  # share of the lower one's height by which words of one line stand beside each other
LETTER_WIDTH = 0.5  # of the type size
NAMELESS = 0x4E00  # a word nobody has read is set in a character of its own, so that no two are the same

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Box = tuple[float, float, float, float]


def with_words(found: PageOutlines, picture: Grey) -> PageOutlines:
    """Add letters where words stand in a page's picture at 300 dpi, which does not say itself what is written there."""
    ink = _print(picture, [*found.small, *found.areas])
    return replace(found, letters=tuple(_letters(_to_lines(_words(ink)))))


def without_words(item: DraftItem) -> DraftItem:
    """Take out of an item the words that nobody has read; they may say that several are to be marked."""
    doubts = [doubt for doubt in item.unsure if not any(ord(letter) >= NAMELESS for letter in doubt)]
    is_guess = SINGLE_GUESS in doubts
    return replace(
        item,
        type="multiple" if is_guess else item.type,
        text="",
        number="",
        unit="",
        options=tuple((code, "") for code, _ in item.options),
        rows=tuple((code, "") for code, _ in item.rows),
        beside=tuple((code, "") for code, _ in item.beside),
        unsure=tuple(SEVERAL_GUESS if doubt == SINGLE_GUESS else doubt for doubt in doubts),
    )


def _print(picture: Grey, outlines: Sequence[Outline]) -> Mask:
    """Return what is printed, without frames, lines and printed crosses; 1 is ink."""
    ink = (picture < INK).astype(np.uint8)
    for one in outlines:
        edges = (one.x_mm, one.y_mm, one.right_mm, one.bottom_mm)
        left, top, right, bottom = (round(edge / PX_MM) for edge in edges)
        thickness = FILLED if one.kind == "glyph" else round(2 * FRAME_MM / PX_MM)
        cv2.rectangle(ink, (left, top), (right, bottom), 0, thickness)
        if one.kind == "round":
            middle, axes = (
                ((left + right) // 2, (top + bottom) // 2),
                ((right - left) // 2, (bottom - top) // 2),
            )
            cv2.ellipse(ink, middle, axes, 0, 0, 360, 0, thickness)
    length = round(LINE_MM / PX_MM)
    for kernel in (np.ones((1, length), np.uint8), np.ones((length, 1), np.uint8)):
        line = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        ink &= 1 - cv2.dilate(line, np.ones((3, 3), np.uint8))
    return ink


def _words(ink: Mask) -> list[Box]:
    """Return where words stand, mm: left, top, right, bottom."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, round(LETTER_GAP_MM / PX_MM)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    found = []
    for left, top, wide, high, _ in stats[1:].tolist():
        x, y, w, h = (edge * PX_MM for edge in (left, top, wide, high))
        is_solid = ink[top : top + high, left : left + wide].mean() > SOLID
        if LOWEST_MM <= h <= HIGHEST_MM and w >= LOWEST_MM / 2 and not is_solid:
            found.append((x, y, x + w, y + h))
    return found


def _to_lines(words: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield the words of each line."""
    lines: list[list[Box]] = []
    for word in sorted(words, key=lambda one: one[1] + one[3]):
        for line in reversed(lines[-8:]):
            top, bottom = (float(np.median([one[edge] for one in line])) for edge in (1, 3))
            shared = min(bottom, word[3]) - max(top, word[1])
            if shared >= SHARED * min(bottom - top, word[3] - word[1]):
                line.append(word)
                break
        else:
            lines.append([word])
    yield from lines


def _letters(lines: Iterator[list[Box]]) -> Iterator[Letter]:
    """Yield as many letters as may stand in each word; all letters of a line have one size and one baseline."""
    order = 0
    for line in lines:
        size = float(np.percentile([bottom - top for _, top, _, bottom in line], 75))
        baseline = float(np.median([bottom for *_, bottom in line]))
        for left, top, right, bottom in line:
            count = max(1, round((right - left) / (LETTER_WIDTH * size)))
            order += 1
            for n in range(count):
                width = (right - left) / count
                yield Letter(
                    text=chr(NAMELESS + order % 20_000), font="", size_mm=size, bold=False,
                    x_mm=left + n * width, y_mm=top, w_mm=width, h_mm=bottom - top,
                    left_mm=left + n * width, right_mm=left + (n + 1) * width,
                    baseline_mm=baseline, order=order * 1000 + n,
                )  # fmt: skip

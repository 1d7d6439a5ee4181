"""Letters of fonts without a name -> the same, with which of them are bold, by how much ink the same letters have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.doors.pdf_print import NAMELESS, Letter

Grey = NDArray[np.uint8]

BOLDER = 1.25  # of the ink of the same letters in the lightest nameless font of the page's text
FEWEST_SHARED = 4  # letters that both fonts print
MARGIN_PX = 1
OFTEN = 0.2  # of the letters of the commonest font: fonts of wordings and of labels


def with_boldness(letters: Sequence[Letter], picture: Callable[[], Grey], px_mm: float) -> tuple[Letter, ...]:
    """Tell which letters are bold whose font has no name: bitmaps of TeX, outlines that a browser draws.

    `picture` renders the page in grey, `px_mm` is one of its pixels; it is asked only where a page has two such fonts.
    """
    nameless = [one for one in letters if one.font.startswith(NAMELESS) and not one.quarters]
    fonts = Counter(one.font for one in nameless if one.text.isalnum())
    if len(fonts) < 2:
        return tuple(letters)
    inks = _inks([one for one in nameless if one.text.isalnum()], picture(), px_mm)
    usual = inks[_lightest(fonts, inks)]
    bold = {font for font, own in inks.items() if _is_bolder(own, usual)}
    return tuple(replace(one, bold=True) if one.font in bold else one for one in letters)


def _is_bolder(own: dict[str, float], usual: dict[str, float]) -> bool:
    shared = [own[text] / usual[text] for text in own if usual.get(text)]
    return len(shared) >= FEWEST_SHARED and float(np.median(shared)) >= BOLDER


def _inks(letters: Sequence[Letter], picture: Grey, px_mm: float) -> dict[str, dict[str, float]]:
    """Return for each font the ink of its letters, as a share of the square of their type size."""
    found: dict[str, dict[str, list[float]]] = {}
    for one in letters:
        x, y = (max(0, round(edge / px_mm) - MARGIN_PX) for edge in (one.x_mm, one.y_mm))
        w, h = (round(side / px_mm) + 2 * MARGIN_PX + 1 for side in (one.w_mm, one.h_mm))
        cut = picture[y : y + h, x : x + w].astype(float)
        if cut.size == 0:
            continue
        paper = float(np.median(np.concatenate([cut[0], cut[-1], cut[:, 0], cut[:, -1]])))
        off = np.abs(cut - paper)  # be it white on dark
        ink = float(off.sum() / max(1.0, off.max())) / (one.size_mm / px_mm) ** 2
        found.setdefault(one.font, {}).setdefault(one.text, []).append(ink)
    return {font: {text: float(np.median(inks)) for text, inks in own.items()} for font, own in found.items()}


def _lightest(fonts: Counter[str], inks: dict[str, dict[str, float]]) -> str:
    """Return the lightest of the fonts in which much of the page is set: all of a short form's headings may be bold."""
    often = [font for font, count in fonts.items() if count >= OFTEN * max(fonts.values())]
    return max(often, key=lambda font: sum(_is_bolder(inks[other], inks[font]) for other in often))

"""Letters of a page -> the same with one letter for each icon that a font draws in place of a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey.doors.pdf_print import Letter

NARROW = 0.12  # of the type size: no letter of a text is so narrow, a word that prints as one icon is cut so
SHORTEST = 4  # letters of the name of an icon
TOUCHING = 0.02  # of the type size, from one of its letters to the next
ICON = "\ue000"  # a code for private use, as icons have in other fonts


def with_icons(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """Put one letter where the letters of a word share the room of one icon: "check_box_outline_blank"."""
    return tuple(one for run in _runs(letters) for one in ([_icon(run)] if len(run) >= SHORTEST else run))


def _icon(run: Sequence[Letter]) -> Letter:
    right_mm = run[-1].x_mm + run[-1].w_mm
    return replace(run[0], text=ICON, w_mm=right_mm - run[0].x_mm, right_mm=run[-1].right_mm)


def _runs(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Yield narrow letters that touch each other together, all others alone."""
    run: list[Letter] = []
    for letter in letters:
        if run and not _goes_on(run[-1], letter):
            yield run
            run = []
        run.append(letter)
    if run:
        yield run


def _goes_on(last: Letter, letter: Letter) -> bool:
    return (
        max(last.w_mm, letter.w_mm) <= NARROW * letter.size_mm
        and last.font == letter.font
        and last.quarters == letter.quarters
        and abs(last.y_mm - letter.y_mm) + abs(last.h_mm - letter.h_mm) <= TOUCHING * letter.size_mm
        and abs(letter.x_mm - last.x_mm - last.w_mm) <= TOUCHING * letter.size_mm
    )

"""A file's pages -> readings; of a picture that shows two pages beside each other one for each half."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from survey.reading.identify import Identity
from survey.reading.look import thumbnail
from survey.reading.prepare import prepare_scan
from survey.reading.read import (
    Catalogue,
    Reading,
    lay_and_measure,
    look,
    read_as,
    read_page,
    turn,
    with_numbers,
)
from survey.reading.reasons import Reason
from survey.reading.register import Registration
from survey.reading.scan import (
    PageImage,
    PageRef,
    ScannedPage,
    Unread,
    decode_page,
    is_blank,
    open_page,
    walk_pages,
)
from survey.reading.spreads import OVERLAP, Cut, cut_beside, cut_by_size, fold_at, lies_within, take_half
from survey.reading.told import Told

VERSION = 2


class Seen(NamedTuple):
    """A page as it was seen, all of a picture or a half, and what was read of it."""

    image: PageImage | Unread
    reading: Reading


def read_pages(path: Path, scan: str, wanted: frozenset[int], catalogue: Catalogue) -> Iterator[Reading]:
    """Read the wanted pages of one file (numbers from 1)."""
    for page in walk_pages(path, scan, wanted):
        image = open_page(page) if isinstance(page, ScannedPage) else page
        for seen in read_picture(image, catalogue):
            yield seen.reading


def read_picture(image: PageImage | Unread, catalogue: Catalogue) -> list[Seen]:
    """Read what a picture shows: one page, or both halves of a spread.

    It is cut where it is as large as two pages and one of them is found in its half; or where beside the page that was
    read another one is printed, and both halves are found to be pages. What people said of the picture when it was one
    page must be about one of its halves, or it stays one.
    """
    if isinstance(image, Unread):
        return [_see(image, catalogue)]
    cut = cut_by_size(image, catalogue.papers_mm)
    if cut:
        halves = _read_halves(image, cut, catalogue)
        if any(_is_found(one, image) for one in halves) and _are_heard(image, halves, catalogue):
            return halves
    whole = _see(image, catalogue)
    beside = whole.reading
    if beside.problem is Reason.CODES_DISAGREE:  # those of two pages: by its print one of them is found
        beside = read_as(image, catalogue, Identity())
    if beside.another and beside.outline_px is not None and not catalogue.told.get(image.digest, Told()).turn:
        halves = _read_halves(image, cut_beside(image.grey.shape, beside.outline_px), catalogue)
        are_pages = all(_is_found(one, image) or one.reading.cover for one in halves)
        if are_pages and _are_heard(image, halves, catalogue):
            return halves
    return [whole]


def _see(image: PageImage | Unread, catalogue: Catalogue, narrow: PageImage | None = None) -> Seen:
    """Read a page, turned and named as people said; of a half only codes count that `narrow` has, up to the fold."""
    told = catalogue.told.get(image.digest, Told())
    if isinstance(image, Unread):
        small = b"" if image.grey is None else thumbnail(image.grey)
        reading = Reading(image.ref, image.digest, problem=image.reason, thumbnail=small)
    else:
        image = turn(image, told.turn)
        reading = look(image, read_page(image, catalogue, told, narrow))
    return Seen(image, replace(reading, hint=told.hint))


def _read_halves(spread: PageImage, cut: Cut, catalogue: Catalogue) -> list[Seen]:
    """Read both halves of a spread, cut where the pages found in them say that its fold lies."""
    halves = _cut_and_read(spread, cut, catalogue)
    outlines = {
        one.reading.ref.half: one.reading.outline_px
        for one in halves
        if one.reading.outline_px is not None and _is_found(one, spread)
        if not catalogue.told.get(one.reading.digest, Told()).turn  # its corners would be those of it turned
    }
    fold = fold_at(cut, outlines, spread) if outlines else cut.at
    if abs(fold - cut.at) > OVERLAP / 2:
        cut = replace(cut, at=fold)
        halves = _cut_and_read(spread, cut, catalogue)
    meant = [one.reading.ref.half for one in halves if _is_meant(one.reading, spread.digest, catalogue)]
    return _cut_and_read(spread, cut, catalogue, meant[0]) if len(meant) == 1 else halves


def _cut_and_read(spread: PageImage, cut: Cut, catalogue: Catalogue, meant: int = 0) -> list[Seen]:
    """Read both halves. The one that people meant when they spoke of the picture keeps its digest.

    So does one beside a blank one: the same sheet on a larger glass, which is not cut everywhere.
    """
    narrow = [take_half(spread, half, cut.at, overlap=0) for half in cut.halves]
    blank = [is_blank(half.grey) for half in narrow]
    seen = []
    for half, own, is_empty, is_beside_empty in zip(cut.halves, narrow, blank, blank[::-1], strict=True):
        page = take_half(spread, half, cut.at)
        if is_empty:
            found = _see(Unread(page.ref, Reason.BLANK, page.digest, page.grey), catalogue)
        else:
            keeps = is_beside_empty or half == meant
            found = _see(replace(page, digest=spread.digest) if keeps else page, catalogue, own)
        seen.append(Seen(found.image, replace(found.reading, cut=cut.at)))
    return seen


def _is_meant(reading: Reading, picture: str, catalogue: Catalogue) -> bool:
    """Whether people spoke of this page when they spoke of the picture that shows it."""
    told, decided = catalogue.told.get(picture, Told()), catalogue.decided.get(picture, frozenset())
    if reading.numbers is None or not (told.questionnaire or decided):
        return False
    if (told.questionnaire, told.page) == (reading.questionnaire, reading.page):
        return True
    boxes = catalogue.blanks[reading.questionnaire].questionnaire.boxes
    own = boxes[boxes["page"] == reading.page]
    return not decided.isdisjoint([*own["box"], *own["item"]])


def _are_heard(spread: PageImage, halves: list[Seen], catalogue: Catalogue) -> bool:
    """Whether nothing that people said of a picture is lost by cutting it: one half has its digest still."""
    told = catalogue.told.get(spread.digest, Told())
    said = told.questionnaire or told.fate or spread.digest in catalogue.decided
    return not said or any(one.reading.digest == spread.digest for one in halves)


def _is_found(seen: Seen, spread: PageImage) -> bool:
    """Whether a half shows a page that lies in it."""
    outline = seen.reading.outline_px
    return (
        outline is not None and isinstance(seen.image, PageImage) and lies_within(outline, seen.image, spread)
    )


def open_part(page: ScannedPage, half: int, cut: float) -> PageImage | Unread:
    """Decode a page, or a half of it, blank or not."""
    image = decode_page(page)
    return take_half(image, half, cut) if half and isinstance(image, PageImage) else image


def measure_again(
    path: Path, scan: str, known: Mapping[PageRef, tuple[Reading, Registration]], catalogue: Catalogue
) -> Iterator[Reading]:
    """Measure pages of one file whose boxes have moved, as they lie on their blank; nothing is looked for again.

    `known` has what was read of each page, and how it lay. What each page is stays as it was.
    """
    for page in walk_pages(path, scan, {ref.page for ref in known}):
        if not isinstance(page, ScannedPage):
            continue
        for ref in [ref for ref in known if ref.page == page.ref.page]:
            reading, laid = known[ref]
            image = open_part(page, ref.half, reading.cut)  # that it is not blank was seen when it was read
            assert isinstance(image, PageImage), "a page that was measured can be decoded"
            image = replace(image, digest=reading.digest)  # a half may have kept that of its picture
            image = turn(image, catalogue.told.get(image.digest, Told()).turn)
            blank = catalogue.blanks[reading.questionnaire]
            prepared = prepare_scan(image, laid.paper_mm)
            found = lay_and_measure(prepared, blank.pages[reading.page], blank.boxes[reading.page], laid)
            yield with_numbers(reading, prepared, blank, *found)

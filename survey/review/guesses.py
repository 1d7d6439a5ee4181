"""Stored strips of comb fields -> a guess at each number: it lays like ones together for a person, and is no data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from survey.questionnaire.model import Questionnaire
from survey.reading.digits import guess_digits, likeliest_number, load_digit_weights
from survey.reading.fields import FIELD_INSET_MM
from survey.reading.read import places_of_items
from survey.reading.strips import STRIP_DPI, Place
from survey.review.tasks import Task
from survey.store import Cache

TOLD_FROM = 0.5  # probability that all digits are right, from which a guess is told and sorted by
INK_PERCENT = 0.5  # of a strip's pixels are as dark as its print
LEAST_CONTRAST = 40  # grey levels between paper and print

Floats = NDArray[np.float32]


def guess_numbers(
    cache: Cache, shard_of: dict[str, str], tasks: Iterable[Task], questionnaire: Questionnaire
) -> dict[str, str]:
    """Guess the number of each task that shows comb cells; one that is not likely right is left out."""
    places = {page: places_of_items(questionnaire, page) for page in questionnaire.pages}
    told = {}
    for task in tasks:
        if task.kind != "digits" or task.questionnaire != questionnaire.id:
            continue
        stored = cache.picture(shard_of.get(task.page_digest, ""), f"{task.page_digest}.strip.{task.strip}")
        if stored is None:
            continue
        strip = cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE)
        assert strip is not None, "a strip is a JPEG of ours"
        cells = list(cut_cells(np.asarray(strip, np.uint8), places[task.page][task.strip], task))
        digits, probability = likeliest_number(guess_digits(cells, load_digit_weights()))
        if probability >= TOLD_FROM and " " not in digits.strip():
            told[task.name] = digits.strip()
    return told


def cut_cells(strip: NDArray[np.uint8], place: Place, task: Task) -> Iterator[Floats]:
    """Cut the inside of each comb cell out of a strip, as darkness 0..1."""
    paper, ink = float(np.median(strip)), float(np.percentile(strip, INK_PERCENT))
    dark = np.clip((paper - strip.astype(np.float32)) / max(paper - ink, LEAST_CONTRAST), 0, 1)
    scale = STRIP_DPI / 25.4
    for box in task.boxes:
        _, x_mm, y_mm, w_mm, h_mm = (float(one) for one in box.place.split())
        left, top = (x_mm - place.x_mm + FIELD_INSET_MM) * scale, (y_mm - place.y_mm + FIELD_INSET_MM) * scale
        width, height = (w_mm - 2 * FIELD_INSET_MM) * scale, (h_mm - 2 * FIELD_INSET_MM) * scale
        yield dark[round(top) : round(top + height), round(left) : round(left + width)]

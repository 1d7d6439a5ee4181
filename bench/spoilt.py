"""Real hand-marked scans, spoilt as other scanners would -> silent errors, doubts and unread boxes of each way.

Each page is turned, scaled, coarsened, folded, shaded or cut, and read as `bench.accuracy` reads it. Where the scans
are looked for, and that they are never kept, is as there.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from bench.accuracy import LEARNED, measure_set, scans_real
from survey.doors import pdf

RESULTS = Path(__file__).parent / "results" / "spoilt.json"
DPI = 200  # at which pages are taken before they are spoilt
PAGE_INCHES = 11.3  # long side of a page whose picture does not tell its resolution
BLACK_BELOW = 160  # grey: pale frames are lighter
FOLD_PX = (8.0, 4.8)  # how far what lies beyond a fold is moved, across and down: about a millimetre
CUT_MM, BORDER_MM = 5.0, 8.0
WHITE = (255, 255, 255)

Colour = NDArray[np.uint8]
Rng = np.random.Generator


def black_and_white(page: Colour, rng: Rng) -> tuple[Image.Image, int]:
    """At 150 dpi, by a fixed threshold, which pale frames do not reach."""
    grey = _grey(_at(_turn(page, rng.uniform(-2, 2), 0.98), 150))
    return Image.fromarray(np.where(grey < BLACK_BELOW, 0, 255).astype(np.uint8)), 150


def coarse(page: Colour, rng: Rng) -> tuple[Image.Image, int]:
    """Grey at 100 dpi, with noise."""
    grey = _grey(_at(_turn(page, rng.uniform(-3, 3), 1.01), 100))
    return Image.fromarray(_noisy(grey, 5, rng)), 100


def photographed(page: Colour, rng: Rng) -> tuple[Image.Image, int]:
    """Yellow paper with a shadow on it, a little in perspective and out of focus."""
    size = np.array(page.shape[1::-1])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size
    moved = corners + rng.uniform(-0.012, 0.012, (4, 2)) * size
    away = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    page = cv2.warpPerspective(
        _turn(page, rng.uniform(-1.5, 1.5), 0.96), away, tuple(size.tolist()), borderValue=WHITE
    )
    height, width = page.shape[:2]
    across, down = np.linspace(0, 1, width)[None], np.linspace(0, 1, height)[:, None]
    light = 1 - 0.35 * np.clip(across * rng.uniform(-1, 1) + down * rng.uniform(-1, 1), 0, 1)
    lit = cv2.GaussianBlur(page * light[..., None] * np.array([1, 0.96, 0.82]), (0, 0), 0.8)
    return Image.fromarray(_noisy(lit, 4, rng)), DPI


def folded(page: Colour, rng: Rng) -> tuple[Image.Image, int]:
    """Black and white with noise and specks; beyond a fold the sheet lies about a millimetre off."""
    page = _turn(page, rng.uniform(-1, 1), 1.0)
    height, width = page.shape[:2]
    rows = np.arange(height, dtype=np.float32)
    beyond = rows > height * rng.uniform(0.3, 0.7)
    across = beyond * FOLD_PX[0] + 2 * np.sin(6 * rows / height + rng.uniform(0, 6))
    x = np.arange(width, dtype=np.float32)[None] + across[:, None]
    y = np.broadcast_to((rows + beyond * FOLD_PX[1])[:, None], x.shape)
    moved = cv2.remap(page, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=WHITE)
    seen = np.where(_noisy(_grey(moved), 18, rng) < BLACK_BELOW, 0, 255).astype(np.uint8)
    specks = int(rng.integers(50, 400))
    seen[rng.integers(0, height, specks), rng.integers(0, width, specks)] = 0
    return Image.fromarray(seen), DPI


def cut(page: Colour, rng: Rng) -> tuple[Image.Image, int]:
    """Grey at 130 dpi, upside down, two edges cut off and two black borders."""
    dpi = 130
    grey = _grey(_at(_turn(page, rng.uniform(-2, 2), 1.0), dpi))
    off, border = (round(mm / 25.4 * dpi) for mm in (CUT_MM, BORDER_MM))
    kept = cv2.copyMakeBorder(grey[off:, : -off // 2], 0, border, border, 0, cv2.BORDER_CONSTANT, value=10)
    return Image.fromarray(np.ascontiguousarray(np.rot90(kept, 2))), dpi


WAYS: dict[str, tuple[Callable[[Colour, Rng], tuple[Image.Image, int]], int]] = {
    "black and white, 150 dpi": (black_and_white, 0), "grey, 100 dpi": (coarse, 40), "as a photo": (photographed, 60),
    "black and white, 200 dpi, folded": (folded, 0), "grey, 130 dpi, cut": (cut, 75),
}  # fmt: skip
"""How pages are spoilt, and the quality of the JPEG they are kept in; 0 for black and white."""


def _turn(page: Colour, degrees: float, scale: float) -> Colour:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=WHITE)  # type: ignore[return-value]


def _at(page: Colour, dpi: int) -> Colour:
    return cv2.resize(page, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _grey(page: Colour) -> Colour:
    return cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]


def _noisy(page: NDArray[np.generic], spread: float, rng: Rng) -> Colour:
    return np.clip(page + rng.normal(0, spread, page.shape), 0, 255).astype(np.uint8)


def pages_of(path: Path) -> Iterator[Colour]:
    """Yield the pages of a scan in colour at DPI."""
    if path.suffix.lower() == ".pdf":
        for number in range(1, len(pdf.page_sizes_mm(path)) + 1):
            yield np.ascontiguousarray(pdf.render_in_colour(path, number, DPI)[..., ::-1])
        return
    with Image.open(path) as file:
        for frame in ImageSequence.Iterator(file):
            page = np.array(frame.convert("RGB"))
            share = DPI * PAGE_INCHES / max(page.shape)
            yield cv2.resize(page, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)  # type: ignore[misc]


def spoil(source: Path, target: Path, way: str) -> None:
    """Write a scan as a PDF, spoilt; the same each time."""
    how, quality = WAYS[way]
    seed = [*way.encode(), *source.name.encode()]
    spoilt = [how(page, np.random.default_rng([*seed, at])) for at, page in enumerate(pages_of(source))]
    images = [image if quality else image.convert("1") for image, _ in spoilt]
    kept = {"quality": quality} if quality else {}
    images[0].save(target, "PDF", resolution=spoilt[0][1], save_all=True, append_images=images[1:], **kept)


def spoil_set(folder: Path, target: Path, way: str) -> Path:
    """Write a set anew with its scans spoilt."""
    (target / "scans").mkdir(parents=True)
    truth = (folder / "truth.csv").read_text(encoding="utf-8")
    for path in sorted((folder / "scans").iterdir()):
        spoil(path, target / "scans" / f"{path.stem}.pdf", way)
        truth = truth.replace(path.name, f"{path.stem}.pdf")
    (target / "truth.csv").write_text(truth, encoding="utf-8")
    if (folder / "blank.pdf").exists():
        shutil.copy(folder / "blank.pdf", target / "blank.pdf")
    return target


def main() -> int:
    """Read all sets, spoilt in each way; print a table and write bench/results/spoilt.json."""
    root = scans_real()
    if root is None:
        print("skipped: no real scans here; set SURVEY_SCANS_REAL to their folder", file=sys.stderr)
        return 0
    table = {}
    for way in WAYS:
        rows = []
        with tempfile.TemporaryDirectory() as temporary:
            for path in sorted(root.glob("*/truth.csv")):
                name = path.parent.name
                spoilt = spoil_set(path.parent, Path(temporary) / name, way)
                rows.append(measure_set(spoilt, learned=name in LEARNED)[0])
        row = {
            "boxes": sum(one.boxes for one in rows), "missed": sum(one.missed for one in rows),
            "false": sum(one.false for one in rows), "unread": sum(one.unread for one in rows),
            "doubtful": {one.name: one.doubtful + one.unreadable for one in rows},
        }  # fmt: skip
        table[way] = row
        counts = [f"{row[name]} {name}" for name in ("boxes", "missed", "false", "unread")]
        print(f"{way:34}", *counts, sum(row["doubtful"].values()), "doubtful", flush=True)
    RESULTS.write_text(json.dumps(table, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

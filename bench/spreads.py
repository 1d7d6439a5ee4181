"""Simulated returns, uncut as booklets and cut -> of how many boxes the state is another one, by way of scanning.

The shipped questionnaire (A4, serials on every page; its last two pages as a booklet are blank) and four of its pages
shrunk to A5 and learned without serials. Pages are put together in pairs as an unfolded booklet shows them.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pandas as pd
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from survey.doors.pdf_images import encode_g4, encode_jpeg, join_images
from survey.project import Project, ingest, learn, results
from survey.reading.scan import PageImage, ScannedPage, decode_page, walk_pages
from survey.simulate import OFFICE, override, simulate

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "spreads.json"
SHIPPED, SMALL = "segeberg-2012", "small"
PAPER_MM = {SHIPPED: (210.0, 297.0), SMALL: (148.0, 210.0)}
SMALL_PAGES = 4
DPI = 200
IN_ORDER = (
    "upside_down",
    "out_of_order",
    "duplicates",
    "foreign",
    "blank_backs",
    "missing_sheets",
    "black_lid",
)
"""What would make a pile none of whole booklets; everything else is as the office's profile has it."""
DECIDED = ("empty", "marked", "revoked")

Grey = NDArray[np.uint8]
Booklet = dict[int, Grey]
"""Page of the questionnaire -> its scan at 200 dpi."""


def main() -> None:
    """Simulate returns of both questionnaires, read them cut and uncut in each way; print and store the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returned", type=int, default=16)
    parser.add_argument("--seed", type=int, default=91)
    asked = parser.parse_args()
    found: dict[str, dict[str, dict[str, int]]] = {}
    with TemporaryDirectory() as folder:
        for name in (SHIPPED, SMALL):
            schemas = _write_schemas(Path(folder) / name, name)
            booklets = _fill_in(Path(folder) / name, name, asked.returned, asked.seed)
            found[name] = measure(schemas, name, booklets)
    for name, ways in found.items():
        for way, counts in ways.items():
            print(f"{name}, {way}: " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))
    RESULTS.write_text(json.dumps({"seed": asked.seed, **found}, indent=2) + "\n")


def _write_schemas(root: Path, name: str) -> Path:
    if name == SHIPPED:
        shutil.copytree(ROOT / "schemas", root / "schemas")
        return root / "schemas"
    (root / "schemas").mkdir(parents=True)
    shrunk = pikepdf.new()
    with pikepdf.open(ROOT / "schemas" / f"{SHIPPED}.blank.pdf") as blank:
        for page in blank.pages[:SMALL_PAGES]:
            leaf = shrunk.add_blank_page(page_size=tuple(side / 25.4 * 72 for side in PAPER_MM[SMALL]))
            leaf.add_overlay(page)
        shrunk.save(root / "small.pdf")
    learn(Project(root), root / "small.pdf", SMALL)
    return root / "schemas"


def _fill_in(root: Path, name: str, returned: int, seed: int) -> list[Booklet]:
    """Simulate returns; gives their pages, each on paper of its true size, in the order of the batches."""
    questionnaire = Project(root).questionnaire(name)
    cases = None
    if questionnaire.issued:
        stratum = questionnaire.schema.population.stratum
        cases = pd.DataFrame(list(questionnaire.issued.items()), columns=["serial", stratum])
    profile = override(OFFICE, dict.fromkeys(IN_ORDER, 0.0))
    done = simulate(
        questionnaire, root / "simulated", root / "truth",
        issued=2 * returned, returned=returned, seed=seed, profile=profile, cases=cases,
    )  # fmt: skip
    booklets: dict[str, Booklet] = {}
    for scan, own in done.pages[done.pages["what"] == "page"].groupby("scan", sort=False):
        place = own.set_index("page")
        for page in walk_pages(root / "simulated" / str(scan), str(scan), set(place.index)):
            image = decode_page(page) if isinstance(page, ScannedPage) else page
            assert isinstance(image, PageImage), "a simulated page can be decoded"
            row = place.loc[page.ref.page]
            booklets.setdefault(str(row["case"]), {})[int(row["questionnaire_page"])] = _on_paper(
                image, PAPER_MM[name]
            )
    return list(booklets.values())


def _on_paper(image: PageImage, paper_mm: tuple[float, float]) -> Grey:
    """The page at 200 dpi, cut or filled up with paper to its true size."""
    scale = DPI / (image.dpi or DPI)
    grey = cv2.resize(image.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    width, height = (round(side / 25.4 * DPI) for side in paper_mm)
    paper = np.full((height, width), np.percentile(grey, 90), np.uint8)
    paper[: grey.shape[0], : grey.shape[1]] = grey[:height, :width]
    return paper


def unfolded(booklet: Booklet) -> list[Grey]:
    """The sheets of a booklet as a scanner of both sides shows them, the outermost first, its outer side first."""
    last = -(-max(booklet) // 4) * 4
    blank = np.full_like(booklet[1], 240)
    pairs = [
        pair for at in range(last // 4)
        for pair in ((last - 2 * at, 1 + 2 * at), (2 + 2 * at, last - 1 - 2 * at))
    ]  # fmt: skip
    return [np.hstack([booklet.get(left, blank), booklet.get(right, blank)]) for left, right in pairs]


def askew(spread: Grey, rng: np.random.Generator) -> Grey:
    """Turned by 1 to 2 degrees as a whole, a dark gap along its fold, up to 6 mm trimmed off each side."""
    spread = spread.copy()
    high, wide = spread.shape
    spread[:, wide // 2 - 3 : wide // 2 + 3] = 40
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.choice([-1, 1]) * rng.uniform(1, 2), 1)
    spread = np.asarray(cv2.warpAffine(spread, turn, (wide, high), borderValue=235), np.uint8)
    left, right, top, bottom = (int(mm / 25.4 * DPI) for mm in rng.uniform(0, 6, 4))
    return spread[top : high - bottom, left : wide - right]


def _on_its_side(spread: Grey, rng: np.random.Generator) -> Grey:
    return np.rot90(askew(spread, rng))


def _upside_down(spread: Grey, rng: np.random.Generator) -> Grey:
    return np.rot90(askew(spread, rng), 2)


def _black_and_white(grey: Grey, _rng: np.random.Generator) -> Grey:
    return np.where(grey < 200, 0, 255).astype(np.uint8)


def _as_it_is(grey: Grey, _rng: np.random.Generator) -> Grey:
    return grey


Way = Callable[[Grey, np.random.Generator], Grey]
WAYS: dict[str, tuple[Way, str, float]] = {
    "as it lies": (_as_it_is, "grey", DPI),
    "askew, trimmed, a dark fold": (askew, "grey", DPI),
    "the same on its side": (_on_its_side, "grey", DPI),
    "the same upside down": (_upside_down, "grey", DPI),
    "black and white": (_black_and_white, "g4", DPI),
    "scanned down to half its size": (_as_it_is, "grey", DPI * 2**0.5),
    "no resolution": (askew, "tiff", 0),
    "every third one cut": (_as_it_is, "mixed", DPI),
}
"""Way of scanning -> what it does to a spread, how it is stored, and the resolution it states."""


def measure(schemas: Path, name: str, booklets: list[Booklet]) -> dict[str, dict[str, int]]:
    """Read booklets cut and, in each way, uncut; returns counts by way."""
    as_cut = {kind: _read(schemas, name, booklets, (spoil, kind, DPI), is_cut=True)
              for kind, spoil in (("grey", _as_it_is), ("g4", _black_and_white))}  # fmt: skip
    return {
        way: _compare(as_cut["g4" if how[1] == "g4" else "grey"], _read(schemas, name, booklets, how))
        for way, how in WAYS.items()
    }


def _read(
    schemas: Path, name: str, booklets: list[Booklet], how: tuple[Way, str, float], *, is_cut: bool = False
) -> pd.DataFrame:
    """Read booklets; returns MARKS with the number of the booklet as `copy`, told by the order of the batch."""
    spoil, kind, dpi = how
    rng = np.random.default_rng(7)
    pictures, copies = [], []
    for number, booklet in enumerate(booklets):
        is_apart = is_cut or (kind == "mixed" and number % 3 == 1)
        shown = [booklet[page] for page in sorted(booklet)] if is_apart else unfolded(booklet)
        pictures += [np.ascontiguousarray(spoil(picture, rng)) for picture in shown]
        copies += [number] * len(shown)
    with TemporaryDirectory() as folder:
        project = Project(Path(folder))
        shutil.copytree(schemas, project.schemas)
        project.scans.mkdir()
        if kind == "tiff":
            first, *others = (Image.fromarray(picture) for picture in pictures)
            first.save(project.scans / "all.tif", save_all=True, append_images=others, compression="jpeg")
        else:
            coded = [encode_g4(one, dpi) if kind == "g4" else encode_jpeg(one, dpi, 90) for one in pictures]
            (project.scans / "all.pdf").write_bytes(join_images(coded))
        ingest(project, project.scans, jobs=1)
        marks = results(project, name).marks
    return marks.assign(copy=np.array(copies)[marks["page"].to_numpy() - 1])


def _compare(cut: pd.DataFrame, uncut: pd.DataFrame) -> dict[str, int]:
    both = cut.merge(uncut, on=["copy", "box"], suffixes=("", "_uncut"))
    other = both[both["state"] != both["state_uncut"]]
    silent = other["state"].isin(DECIDED) & other["state_uncut"].isin(DECIDED)
    return {
        "boxes cut": len(cut),
        "boxes uncut": len(uncut),
        "boxes in both": len(both),
        "of another state": len(other),
        "decided otherwise": int(silent.sum()),
        "doubtful cut": int((cut["state"] == "doubtful").sum()),
        "doubtful uncut": int((uncut["state"] == "doubtful").sum()),
        "cases": int(uncut["case"].nunique()),
        "cases of two copies": int((uncut.groupby("case")["copy"].nunique() > 1).sum()),
    }


if __name__ == "__main__":
    main()

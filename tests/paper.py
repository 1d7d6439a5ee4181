"""A small questionnaire drawn from nothing, crosses on it, and what a scanner may do to it: tests' own paper."""

from __future__ import annotations

import io
import random
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pikepdf
from numpy.typing import NDArray

from survey.doors.codes import bar_widths
from survey.doors.pdf import render_finely
from survey.doors.pdf_images import PageStream, encode_g4, encode_jpeg, join_images
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import make_serial

A4_MM = (210.0, 297.0)
POINTS_PER_MM = 72 / 25.4
Grey = NDArray[np.uint8]

SCHEMA = """\
questionnaire: {name}
code: {code}
paper: a4
population:
  stratum: office
  frame: {{North: 6, South: 4}}
reading:
  revocation: {revocation}
sections:
  - id: first
    title: Arbeit
    items:
      - id: work
        type: single
        options: [{{code: 1}}, {{code: 2}}, {{code: 3}}, {{code: 4}}]
      - id: wish
        type: multiple
        options: [{{code: a}}, {{code: b}}, {{code: c}}, {{code: d}}, {{code: e}}, {{code: none, none: true}}]
      - id: hours
        type: number
        digits: 2
      - id: mood
        type: matrix
        rows: [{{code: home}}, {{code: job}}, {{code: town}}]
        options: [{{code: 1}}, {{code: 2}}, {{code: 3}}, {{code: 4}}]
      - id: why
        type: text
        lines: 4
"""


def mini_boxes() -> pd.DataFrame:
    """The places of the small questionnaire's boxes: table BOXES."""
    rows: list[tuple[object, ...]] = []
    rows += [(f"work.{n}", 1, 25.0, 60 + 7.0 * n, 4.0, 4.0, "work", str(n)) for n in range(1, 5)]
    rows += [
        (f"wish.{code}", 1, 25.0, 130 + 7.0 * at, 4.0, 4.0, "wish", code)
        for at, code in enumerate(["a", "b", "c", "d", "e", "none"])
    ]
    rows += [(f"hours.{n}", 1, 20 + 5.0 * n, 200.0, 5.0, 7.0, "hours", str(n)) for n in (1, 2)]
    rows += [
        (f"mood_{row}.{n}", 2, 100 + 15.0 * n, 80 + 9.0 * at, 4.0, 4.0, f"mood_{row}", str(n))
        for at, row in enumerate(["home", "job", "town"])
        for n in range(1, 5)
    ]
    rows += [("why", 2, 25.0, 140.0, 150.0, 40.0, "why", "")]
    columns = ["box", "page", "x_mm", "y_mm", "w_mm", "h_mm", "item", "option"]
    return pd.DataFrame(rows, columns=columns)


def write_questionnaire(
    schemas: Path,
    name: str = "mini",
    *,
    code: str = "",
    revocation: bool = False,
    seed: int = 1,
    issued: int = 0,
) -> Questionnaire:
    """Write a questionnaire into schemas/: two pages, eighteen boxes, comb, matrix, free text; seeded print."""
    schemas.mkdir(parents=True, exist_ok=True)
    path = schemas / f"{name}.yaml"
    path.write_text(SCHEMA.format(name=name, code=code or "''", revocation=str(revocation).lower()), "utf-8")
    boxes = mini_boxes()
    boxes.to_csv(path.with_suffix(".boxes.csv"), index=False)
    path.with_suffix(".blank.pdf").write_bytes(draw_blank(boxes, seed=seed))
    if issued:
        rows = [f"{make_serial('S', n)},{'South' if n % 3 == 0 else 'North'}" for n in range(1, issued + 1)]
        path.with_suffix(".cases.csv").write_text("\n".join(["serial,office", *rows, ""]), "utf-8")
    return load_questionnaire(path)


def draw_blank(boxes: pd.DataFrame, *, seed: int = 1) -> bytes:
    """A PDF with text-like print and the frames of the boxes; another seed is another questionnaire's print."""
    rng = random.Random(seed)
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for page in sorted(set(boxes["page"])):
        here = boxes[boxes["page"] == page]
        words = _text_lines(here, rng)
        frames = [_frame(row.x_mm, row.y_mm, row.w_mm, row.h_mm) for row in here.itertuples(index=False)]
        leaf = document.add_blank_page(page_size=tuple(side * POINTS_PER_MM for side in A4_MM))
        leaf.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        leaf.Contents = pikepdf.Stream(document, "\n".join([*words, "0.7 w", *frames]).encode())
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _text_lines(boxes: pd.DataFrame, rng: random.Random) -> list[str]:
    """Lines of invented words down the page, none of them over a box."""
    lines = []
    y_mm = 25.0
    while y_mm < 270:
        near = boxes[(boxes["y_mm"] - 3 < y_mm) & (boxes["y_mm"] + boxes["h_mm"] + 3 > y_mm)]
        left_mm = 25.0 if near.empty else 40.0
        right_mm = 105.0 if len(near) and near["x_mm"].max() > 100 else 120 + 60 * rng.random()
        if near.empty or near["w_mm"].max() < 20:
            text = ""
            while len(text) * 1.9 < right_mm - left_mm:
                text += "".join(rng.choice("abdefghiklmnoprstuvwz") for _ in range(rng.randint(2, 11))) + " "
            size = rng.choice([9, 10, 10, 13])
            x_pt, y_pt = left_mm * POINTS_PER_MM, (A4_MM[1] - y_mm) * POINTS_PER_MM
            lines.append(f"BT /F1 {size} Tf {x_pt:.2f} {y_pt:.2f} Td ({text.strip().capitalize()}) Tj ET")
        y_mm += rng.choice([5.0, 6.0, 9.0])
    return lines


def _frame(x_mm: float, y_mm: float, w_mm: float, h_mm: float) -> str:
    numbers = (x_mm, A4_MM[1] - y_mm - h_mm, w_mm, h_mm)
    return " ".join(f"{number * POINTS_PER_MM:.3f}" for number in numbers) + " re S"


def blank_page(questionnaire: Questionnaire, page: int, dpi: float = 200) -> Grey:
    """A page of the blank as pixels."""
    assert questionnaire.blank is not None
    return render_finely(questionnaire.blank, page, dpi)


def cross(
    grey: Grey, questionnaire: Questionnaire, boxes: list[str], dpi: float = 200, *, thick_mm: float = 0.5
) -> Grey:
    """Put a cross into each of the boxes."""
    marked = grey.copy()
    px = dpi / 25.4
    thickness = max(1, round(thick_mm * px))
    for box in questionnaire.boxes.set_index("box").loc[boxes].itertuples():
        x, y, w, h = (float(v) for v in (box.x_mm, box.y_mm, box.w_mm, box.h_mm))
        ends = [((0.15, 0.1), (0.9, 0.88)), ((0.88, 0.12), (0.1, 0.92))]
        for one, other in ends:
            a, b = ((round((x + w * u) * px), round((y + h * v) * px)) for u, v in (one, other))
            cv2.line(marked, a, b, 40, thickness, cv2.LINE_AA)
    return marked


def blacken(grey: Grey, questionnaire: Questionnaire, box: str, dpi: float = 200) -> Grey:
    """Fill a box."""
    marked, px = grey.copy(), dpi / 25.4
    row = questionnaire.boxes.set_index("box").loc[box]
    x, y, w, h = (float(row[name]) * px for name in ["x_mm", "y_mm", "w_mm", "h_mm"])
    cv2.rectangle(marked, (round(x), round(y)), (round(x + w), round(y + h)), 30, -1)
    return marked


def print_code(grey: Grey, text: str, dpi: float = 200, *, x_mm: float = 100.0, y_mm: float = 10.0) -> Grey:
    """Print a Code128 of a text, 8 mm high, bars of 0.38 mm and more."""
    printed, px = grey.copy(), dpi / 25.4
    edges = np.cumsum([0, *bar_widths(text)]) * 0.38 * px + x_mm * px
    for left, right in zip(edges[:-1:2], edges[1::2], strict=False):
        printed[round(y_mm * px) : round((y_mm + 8) * px), round(left) : round(right)] = 0
    return printed


def affine(
    dpi: float,
    *,
    turn_deg: float = 0,
    scale: float = 1,
    stretch: float = 1,
    shift_mm: tuple[float, float] = (0, 0),
) -> NDArray[np.float64]:
    """Map px of a straight page to px of a turned, scaled, lengthened and shifted one, about the page's middle."""
    px = dpi / 25.4
    middle = np.array([A4_MM[0] / 2, A4_MM[1] / 2]) * px
    angle = np.deg2rad(turn_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([scale, scale * stretch])
    moved = middle - linear @ middle + np.array(shift_mm) * px
    return np.vstack([np.column_stack([linear, moved]), [0, 0, 1]])


def handle(grey: Grey, matrix: NDArray[np.float64], *, noise: float = 4, seed: int = 0) -> Grey:
    """Lay a page down as a scanner finds it: moved by the matrix, with a little noise."""
    height, width = grey.shape
    moved = cv2.warpPerspective(grey, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=250)
    rough = moved + np.random.default_rng(seed).normal(0, noise, moved.shape)
    return np.clip(rough, 0, 255).astype(np.uint8)


def to_mm_points(
    matrix: NDArray[np.float64], points_mm: NDArray[np.float64], dpi: float
) -> NDArray[np.float64]:
    """Where points of the blank, mm, truly lie on the moved page, px."""
    px = points_mm * dpi / 25.4 - 0.5
    return cv2.perspectiveTransform(px.reshape(-1, 1, 2), matrix).reshape(-1, 2)


def grey_pdf(pages: list[Grey], dpi: float = 200, quality: int = 85) -> bytes:
    """A scanned PDF of JPEG pages."""
    return join_images([encode_jpeg(page, dpi, quality) for page in pages])


def g4_pdf(pages: list[Grey], dpi: float = 200) -> bytes:
    """A scanned PDF of 1-bit pages."""
    return join_images([g4(page, dpi) for page in pages])


def g4(page: Grey, dpi: float = 200) -> PageStream:
    """One page as a 1-bit stream."""
    return encode_g4(np.where(page < 140, 0, 255).astype(np.uint8), dpi)

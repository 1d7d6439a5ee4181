"""A project whose pages were read, but never scanned: as many doubts as a test wants, within a second."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from paper import draw_blank

from survey.project import Project
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import make_serial
from survey.store import FILES, Cache
from survey.tables import MEASUREMENTS, PAGES

SCHEMA = (
    """\
questionnaire: desk
code: DESK
languages: [de, en]
population: {stratum: office, frame: {North: 600}}
reading: {revocation: true, thresholds: {asked_below: 0, settled_above: 1}} # its numbers are made up
sections:
  - id: first
    title: Arbeit
    items:
      - id: work
        type: single
        text: {de: Arbeiten Sie?, en: Do you work?}
        options:
          - {code: 1, label: {de: ja, en: "yes"}}
          - {code: 2, label: {de: nein, en: "no"}}
          - {code: 3, label: {de: bald, en: soon}}
      - id: wish
        type: multiple
        text: {de: Was hilft Ihnen?, en: What helps you?}
        options: [{code: a, label: Bus}, {code: b, label: Kurs}, {code: none, label: nichts, none: true}]
      - id: care
        type: grid
        text: {de: Wann fehlt Betreuung?, en: When is childcare lacking?}
        rows: [%s]
        columns: [%s]
      - id: hours
        type: number
        digits: 2
        text: {de: Wie viele Stunden?, en: How many hours?}
      - id: why
        type: text
        lines: 4
        text: {de: Was fehlt?, en: What is missing?}
        themes:
          - {id: care, label: {de: Betreuung, en: Childcare}}
          - {id: money, label: {de: Geld, en: Money}}
""".replace("{id:", "{code:")
    % (
        ", ".join(f"{{code: d{n}, label: Tag {n}}}" for n in range(1, 8)),
        ", ".join(f"{{code: h{n}, label: Uhr {n}}}" for n in range(1, 9)),
    )
)


def boxes() -> pd.DataFrame:
    """Where the boxes lie: table BOXES; all on one page."""
    rows: list[tuple[object, ...]] = []
    rows += [(f"work.{n}", 1, 25.0, 40 + 7.0 * n, 4.0, 4.0, "work", str(n)) for n in (1, 2, 3)]
    rows += [
        (f"wish.{code}", 1, 110.0, 47 + 7.0 * at, 4.0, 4.0, "wish", code)
        for at, code in enumerate(["a", "b", "none"])
    ]
    rows += [
        (f"care.d{day}_h{hour}", 1, 45 + 15.0 * hour, 95 + 8.0 * day, 4.0, 4.0, "care", f"d{day}_h{hour}")
        for day in range(1, 8)
        for hour in range(1, 9)
    ]
    rows += [(f"hours.{n}", 1, 20 + 5.0 * n, 185.0, 5.0, 7.0, "hours", str(n)) for n in (1, 2)]
    rows += [("why", 1, 25.0, 215.0, 150.0, 40.0, "why", "")]
    return pd.DataFrame(rows, columns=["box", "page", "x_mm", "y_mm", "w_mm", "h_mm", "item", "option"])


def write_desk_schema(schemas: Path, cases: int) -> Questionnaire:
    schemas.mkdir(parents=True, exist_ok=True)
    path = schemas / "desk.yaml"
    path.write_text(SCHEMA, "utf-8")
    boxes().to_csv(path.with_suffix(".boxes.csv"), index=False)
    path.with_suffix(".blank.pdf").write_bytes(draw_blank(boxes()))
    issued = [f"{make_serial('S', n)},North" for n in range(1, cases + 1)]
    path.with_suffix(".cases.csv").write_text("\n".join(["serial,office", *issued, ""]), "utf-8")
    return load_questionnaire(path)


def make_desk_project(root: Path, cases: int, *, p_marked: dict[str, float] | None = None) -> Project:
    """Write a project of one-page cases. `p_marked` is of single boxes; all others are empty, all fields written in."""
    questionnaire = write_desk_schema(root / "schemas", cases)
    unsure = {"work.2": 0.6} if p_marked is None else p_marked
    cache = Cache(root)
    blank, at = questionnaire.boxes, questionnaire.boxes["item"].isin({"hours", "why"}).to_numpy()
    order = pd.concat([blank[~at], blank[at]], ignore_index=True)
    pages, measured, pictures = [], [], {}
    empty = {
        "room": 1.0, "coverage": 0.0, "p_black": 0.0, "excess": 0.3, "fit": 0.9, "inside": True, "bilevel": False,
        "claimed": 0.0, "span": 0.5, "runs_on": 0.0, "bulge": 0.0, "missing": 0.0, "aside": 0.0, "lean_deg": 90.0,
        "darker": 0.0,
    }  # fmt: skip
    crops = np.zeros((int((~at).sum()), 30, 30), np.uint8)
    crops[:, 6:24, 6] = crops[:, 6:24, 23] = crops[:, 6, 6:24] = crops[:, 23, 6:24] = 255
    strip = np.frombuffer(cv2.imencode(".jpg", np.full((300, 500), 235, np.uint8))[1].tobytes(), np.uint8)
    plain = {name: 0 if kind == "int64" else float("nan") if kind == "float64" else False if kind == "bool" else ""
             for name, (kind, _) in PAGES.columns.items()}  # fmt: skip
    for number in range(1, cases + 1):
        digest = f"{number:024x}"
        pages.append({
            **plain, "scan": "batch.pdf", "page": number, "page_digest": digest, "questionnaire": "desk",
            "questionnaire_page": 1, "serial": make_serial("S", number), "score": 0.9,
        })  # fmt: skip
        for row in order.itertuples(index=False):
            is_field = row.item in {"hours", "why"}
            p = float("nan") if is_field else unsure.get(row.box, 0.001)
            ink = 0.3 if p > 0.95 else 0.2 if is_field or p > 0.1 else 0.0  # what is sure has more of it
            measured.append(
                {"page_digest": digest, "box": row.box, "p_marked": p, "ink": ink, "residue": ink, **empty}
            )
        pictures[f"{digest}.crops"] = crops
        pictures |= {f"{digest}.strip.{item}": strip for item in ("work", "wish", "care", "hours", "why")}
    shard = cache.save_shard(
        "key", PAGES.frame(pd.DataFrame(pages)), MEASUREMENTS.frame(pd.DataFrame(measured)), pictures
    )
    cache.save_files(FILES.frame([("batch.pdf", "scans/batch.pdf", 1, 1, shard, "key")]))
    return Project(root)

"""A questionnaire -> plausible OUTCOMES, CASES, LEDGER and MARKS, drawn with a seed; no paper involved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from survey.questionnaire.load import load_schema
from survey.questionnaire.model import Asked, Questionnaire, Schema
from survey.tables import BOXES, CASES, LEDGER, MARKS, OUTCOMES

SEGEBERG = Path(__file__).parents[1] / "schemas" / "segeberg-2012.yaml"
EDGES = ("h00", "h06", "h07", "h16", "h17", "h18", "h20")


def segeberg() -> Questionnaire:
    """The shipped questionnaire without its boxes."""
    return Questionnaire(load_schema(SEGEBERG), BOXES.frame(), None, SEGEBERG)


def questionnaire_of(schema: dict[str, object]) -> Questionnaire:
    """A questionnaire written down in a test."""
    return Questionnaire(Schema.model_validate(schema), BOXES.frame(), None, Path("schemas/mini.yaml"))


def fake_returns(questionnaire: Questionnaire, returned: int, seed: int = 1) -> dict[str, pd.DataFrame]:
    """OUTCOMES, CASES, LEDGER and MARKS of that many returned cases."""
    draw = np.random.default_rng(seed)
    frame = questionnaire.schema.population.frame
    rates = np.array(list(frame.values()), dtype=float) * np.linspace(1.15, 0.85, len(frame))
    strata = draw.choice(list(frame), size=returned, p=rates / rates.sum())
    names = [f"S{number:05d}" for number in range(returned)]
    days = draw.integers(0, 20, size=returned)
    received = [f"2012-07-{10 + day:02d}" for day in days]
    cases = CASES.frame(
        [
            (name, name, stratum, day, 6, "")
            for name, stratum, day in zip(names, strata, received, strict=True)
        ]
    )
    rows = [
        row for place, name in enumerate(names) for row in _household(questionnaire, name, draw, place % 3)
    ]
    ledger = LEDGER.frame(
        [
            (f"batch{place // 20}.pdf", 6 * (place % 20) + page, 0, f"d{place}-{page}", "read", "", "",
             questionnaire.id, page, name, day, stratum, 0.9, 0.1, 0.05, 3 * (place % 20) + (page + 1) // 2)
            for place, (name, stratum, day) in enumerate(zip(names, strata, received, strict=True))
            for page in range(1, 7)
        ]
        + [("batch0.pdf", 121, 0, "x", "foreign", "not our print", "take it out", "", 0, "", "", "", 0.1, 0, 9, 61)]
    )  # fmt: skip
    return {"outcomes": OUTCOMES.frame(rows), "cases": cases, "ledger": ledger, "marks": MARKS.frame()}


def _household(
    questionnaire: Questionnaire, name: str, draw: np.random.Generator, office: int
) -> list[tuple[str, ...]]:
    rows = []
    order = [item.id for item in questionnaire.items]
    skip_to = ""
    strain = draw.normal(0, 0.8)
    for asked in questionnaire.asked():
        if skip_to and order.index(asked.item.id) < order.index(skip_to):
            rows.append((name, asked.id, "blank", "", ""))
            continue
        fate = draw.random()
        if fate < 0.03:
            rows.append((name, asked.id, "blank", "", ""))
        elif fate < 0.035:
            rows.append((name, asked.id, "doubtful", "", "light mark"))
        elif fate < 0.037 and asked.kind == "single":
            rows.append(
                (name, asked.id, "multiple", " ".join(o.code for o in asked.options[:2]), "two marks")
            )
        else:
            outcome, codes = _answer(asked, draw, strain, office)
            rows.append((name, asked.id, outcome, codes, ""))
            marked = set(codes.split()) if outcome == "answered" else set()
            skip_to = next((o.go_to for o in asked.options if o.go_to and o.code in marked), skip_to)
    return rows


def _answer(asked: Asked, draw: np.random.Generator, strain: float, office: int) -> tuple[str, str]:
    if asked.kind == "text":
        return ("answered", "written") if draw.random() < 0.4 else ("blank", "")
    if asked.kind == "number":
        return "answered", f"{int(draw.choice([15, 20, 25, 30, 35, 40])):02d}"
    if asked.kind == "single":
        weights = np.linspace(1.6, 0.7, len(asked.options))
        weights = np.where([option.missing for option in asked.options], 0.12, weights)
        if asked.row is not None:
            slope = strain + 0.25 * (sum(map(ord, asked.row.code)) % 7 - 3)
            weights = weights * np.exp(slope * np.linspace(-0.7, 0.7, len(weights)))
        return "answered", asked.options[int(draw.choice(len(weights), p=weights / weights.sum()))].code
    none = next((option.code for option in asked.options if option.none), "")
    if none and draw.random() < 0.3 - 0.1 * strain - 0.06 * office:
        return "answered", none
    marked = []
    for place, option in enumerate(asked.substantive):
        chance = 0.42 / (1 + 0.35 * place)
        if asked.item.type == "grid":
            chance = 0.34 if option.code.endswith(EDGES) else 0.08
            chance *= 0.5 if option.code.endswith(("h00", "h20")) else 1.0
            chance *= 0.7 if option.code.startswith(("sat", "sun")) else 1.0
        if draw.random() < np.clip(chance * np.exp(0.5 * strain + 0.15 * office), 0, 0.9):
            marked.append(option.code)
    return "answered" if marked else "blank", " ".join(marked)

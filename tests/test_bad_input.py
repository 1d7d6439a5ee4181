"""Claims about mistakes in a schema, tried through the command line: each is told with its place and a way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from desk import make_desk_project

from survey.cli import main
from survey.questionnaire.printed_code import make_serial

CASES, OTHERS = 24, 3
"""Returned cases, and how many of them answer 2 instead of 1 to whether they work."""
FRAME = "population: {stratum: office, frame: {North: 600}}"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_desk_project(tmp_path_factory.mktemp("desk"), CASES, p_marked={"work.1": 0.99})
    rows = [
        {"decided_by": "anna", "page_digest": f"{case:024x}", "box": box, "item": "work", "state": state}
        for case in range(1, OTHERS + 1)
        for box, state in (("work.1", "empty"), ("work.2", "marked"))
    ]
    project.decisions.add(pd.DataFrame(rows))
    return project.root


def weights(margin: str, bounds: str = "[0.2, 5]", frame: str = "{North: 600}") -> str:
    return (
        f"population:\n  stratum: office\n  frame: {frame}\n  weights:\n"
        f"    margins:\n      - {margin}\n    bounds: {bounds}"
    )


def derived(formula: str) -> str:
    return f'{FRAME}\nanalysis:\n  derived:\n    - {{id: x, label: X, formula: "{formula}"}}'


GROUPED = f"""{FRAME}
analysis:
  derived:
    - {{id: x, label: X, of: work, groups: [{{code: a, label: A, codes: [8]}}]}}"""

SLIPS = {
    "shares that do not add up": (
        weights("{variable: work, shares: {1: 0.5, 2+3: 0.4}}"), 9, "add up to 0.9, not to 1", "per cent",
    ),
    "people that do not add up": (
        weights("{variable: work, people: {1: 15, 2+3: 12}}"), 9, "27 people, the frame to 24", "shares",
    ),
    "a weight that explodes": (
        weights("{variable: work, people: {1: 5, 2+3: 19}}", "[0.2, 3]"), 9,
        "3 returns would have to stand for 19 people", "join groups",
    ),
    "a group nobody belongs to": (
        weights("{variable: work, shares: {1: 0.5, 2: 0.3, 3: 0.2}}"), 9,
        "nobody returned who belongs to it", "join it",
    ),
    "a code that is left out": (
        weights("{variable: work, shares: {1: 0.5, 2: 0.5}}"), 9, "leaves out code 3", "join it",
    ),
    "a code not in the codebook": (
        weights("{variable: work, shares: {1: 0.5, 7: 0.5}}"), 9, "work has no code '7'", "1, 2, 3",
    ),
    "a variable not in the codebook": (
        weights("{variable: wrok, shares: {1: 0.5, 2: 0.5}}"), 9, "no variable 'wrok'", "'work'",
    ),
    "a name with a slip in a formula": (
        derived("wrok == 1"), 7, "letter 1: there is no variable 'wrok'", "'work'",
    ),
    "a formula that breaks off": (derived("work == "), 7, "letter 9", ""),
    "a code not in the codebook in a formula": (derived("work == 9"), 7, "work has no code", "1, 2, 3"),
    "a code not in the codebook in a group": (GROUPED, 7, "work has no code '8'", "1, 2, 3"),
}  # fmt: skip
"""What is written, and the line, the message and a word of the hint that tell it."""


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_an_error_with_its_line_and_a_way_out(slip: str, made_once: Path, tmp_path: Path) -> None:
    written, line, message, hint = SLIPS[slip]
    root = shutil.copytree(made_once, tmp_path / "p")
    path = root / "schemas" / "desk.yaml"
    schema = path.read_text("utf-8")
    assert FRAME in schema
    path.write_text(schema.replace(FRAME, written), "utf-8")
    found = CliRunner().invoke(main, ["--project", str(root), "export", "weights", str(tmp_path / "w.csv")])
    assert found.exit_code == 2, found.output
    first, *_, second = found.stderr.splitlines()
    assert first.startswith("error: ") and f"desk.yaml:{line}: " in first and message in first
    assert second.startswith("hint: ") and hint in second
    assert not (tmp_path / "w.csv").exists()


def test_a_stratum_without_returns_is_told_with_its_line(made_once: Path, tmp_path: Path) -> None:
    root = shutil.copytree(made_once, tmp_path / "p")
    cases = root / "schemas" / "desk.cases.csv"
    cases.write_text(cases.read_text("utf-8") + f"{make_serial('S', CASES + 1)},South\n", "utf-8")
    path = root / "schemas" / "desk.yaml"
    written = weights("{variable: work, shares: {1: 0.6, 2+3: 0.4}}", frame="{North: 600, South: 9}")
    path.write_text(path.read_text("utf-8").replace(FRAME, written), "utf-8")
    found = CliRunner().invoke(main, ["--project", str(root), "report"])
    assert found.exit_code == 2, found.output
    first, *_, second = found.stderr.splitlines()
    assert "desk.yaml:6: nobody returned from South" in first and "together with another stratum" in second


def test_what_is_right_is_taken(made_once: Path, tmp_path: Path) -> None:
    root = shutil.copytree(made_once, tmp_path / "p")
    path = root / "schemas" / "desk.yaml"
    written = weights("{variable: work, people: {1: 20, 2+3: 4}}")
    path.write_text(path.read_text("utf-8").replace(FRAME, written), "utf-8")
    found = CliRunner().invoke(main, ["--project", str(root), "export", "weights", str(tmp_path / "w.csv")])
    assert found.exit_code == 0, found.output
    table = pd.read_csv(tmp_path / "w.csv")
    assert table["weight"].sum() == pytest.approx(24)


def test_a_domain_too_small_to_publish_says_so_instead_of_a_number(made_once: Path, tmp_path: Path) -> None:
    out = tmp_path / "estimates.csv"
    found = CliRunner().invoke(main, ["--project", str(made_once), "export", "estimates", str(out)])
    assert found.exit_code == 0, found.output
    row = pd.read_csv(out).set_index("key").loc["work=2@all"]
    assert not row["shown"] and "fewer people said so" in row["reason"]
    assert row[["count", "base", "value", "low", "high"]].isna().all()

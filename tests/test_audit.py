"""Claims about the audit: its sample is random, its sheets blind, and its interval holds what it says."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from paper import blank_page, cross, grey_pdf, print_code, write_questionnaire

from survey.analysis.audit import (
    allocate,
    count_needed,
    draw_sample,
    judge_sample,
    layers_of,
    misreading_rate,
    upper_without_error,
)
from survey.cli import main
from survey.errors import UsageError
from survey.files import read_csv
from survey.project import Project, draw_audit, ingest, judge_audit
from survey.questionnaire.printed_code import PrintedCode, make_serial
from survey.tables import AUDIT_SAMPLE, AUDITS, MARKS


def layers(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["size", "judged", "wrong"])


def floats(*numbers: float) -> np.ndarray:
    return np.array(numbers, float)


def test_without_an_error_one_layer_has_clopper_and_pearsons_bound() -> None:
    """0 of 20: 16.84 % (Newcombe 1998, table I, method 5)."""
    assert upper_without_error(floats(10**9), floats(20)) == pytest.approx(0.1684, abs=5e-5)


def test_a_sample_in_proportion_has_the_same_bound_however_many_layers() -> None:
    whole = upper_without_error(floats(10_000), floats(100))
    assert upper_without_error(floats(8000, 2000), floats(80, 20)) == pytest.approx(whole)
    assert whole == pytest.approx(1 - 0.025 ** (1 / 100))


def test_out_of_proportion_the_worst_is_assumed_where_least_was_looked_at() -> None:
    """By hand: W = .5, .5; n = 100, 50; all of -log .025 = 3.68888 goes to the second: .5 (1 - exp(-3.68888/50))."""
    found = upper_without_error(floats(5000, 5000), floats(100, 50))
    assert found == pytest.approx(0.5 * (1 - np.exp(-3.688879454 / 50)))
    assert found == pytest.approx(0.035561, abs=1e-6)


def test_a_layer_seen_whole_leaves_no_doubt_and_one_not_seen_leaves_all() -> None:
    assert upper_without_error(floats(10, 20), floats(10, 20)) == 0
    assert upper_without_error(floats(30, 10), floats(30, 0)) == pytest.approx(0.25)


def test_the_rate_is_the_example_worked_by_hand() -> None:
    """W = .8, .2; p = 1/80, 1/20: rate .02; variance .99 (.64 (1/80)(79/80)/79 + .04 (1/20)(19/20)/19) = .000198;

    effective n = .02 x .98 / .000198 = 98.99; Clopper & Pearson on 1.98 of 98.99.
    """
    found = misreading_rate(layers((8000, 80, 1), (2000, 20, 1)))
    assert found.value == pytest.approx(0.02)
    assert (found.judged, found.wrong, found.marks) == (100, 2, 10_000)
    assert found.low == pytest.approx(0.0024, abs=0.0002)  # 2 of 100: .0024 to .0704 (Clopper & Pearson)
    assert found.high == pytest.approx(0.0704, abs=0.0006)


def test_one_error_never_gives_a_narrower_interval_than_none() -> None:
    """A mistake in a small layer, looked at closely, has a tiny variance: the rest is not known better for it."""
    none = misreading_rate(layers((9900, 200, 0), (100, 99, 0)))
    one = misreading_rate(layers((9900, 200, 0), (100, 99, 1)))
    assert one.high >= none.high > 0.01


def test_nothing_judged_tells_nothing() -> None:
    found = misreading_rate(layers((100, 0, 0)))
    assert np.isnan(found.value)
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize("rates", [(0.002, 0.002), (0.0, 0.05), (0.01, 0.2)])
def test_the_interval_holds_the_truth_at_least_as_often_as_it_says(rates: tuple[float, float]) -> None:
    draw = np.random.default_rng(5)
    sizes, judged = (9000, 1000), allocate([9000, 1000], 400)
    truth = sum(size * rate for size, rate in zip(sizes, rates, strict=True)) / 10_000
    held = 0
    for _ in range(300):
        wrong = [draw.binomial(n, rate) for n, rate in zip(judged, rates, strict=True)]
        found = misreading_rate(layers(*zip(sizes, judged, wrong, strict=True)))
        held += found.low <= truth <= found.high
    assert held / 300 >= 0.93  # 0.95 less twice its own standard error


def test_a_sample_is_divided_in_proportion_and_every_layer_is_looked_at() -> None:
    assert allocate([8000, 2000], 100) == [80, 20]
    assert allocate([9970, 20, 10], 100) == [80, 10, 10]
    assert allocate([5, 3], 100) == [5, 3]
    assert sum(allocate([977, 13, 10], 333)) == 333


def test_the_size_wanted_shows_the_precision_wanted() -> None:
    """log .025 / log .998 = 1842.6."""
    assert count_needed([10**9], 0.002) == 1843
    assert count_needed([50, 10], 0.0001) == 60


def marks(count: int = 400) -> pd.DataFrame:
    """MARKS of boxes read for certain: nine in ten empty, some revoked."""
    draw = np.random.default_rng(3)
    states = draw.choice(["empty", "marked", "revoked"], size=count, p=[0.88, 0.1, 0.02])
    rows = [
        {
            **{name: "" if kind == "str" else 0 for name, (kind, _) in MARKS.columns.items()},
            "page_digest": f"d{at // 40}", "box": f"b{at % 40:02d}", "state": state, "decided_by": "machine",
            "p_marked": draw.uniform(0, 0.1) if state == "empty" else draw.uniform(0.9, 1),
        }
        for at, state in enumerate(states)
    ]  # fmt: skip
    return MARKS.frame(pd.DataFrame(rows))


def test_the_same_seed_draws_the_same_sample_in_whatever_order_the_marks_come() -> None:
    one, again = draw_sample(marks(), "mini", 60, 1), draw_sample(marks().sample(frac=1), "mini", 60, 1)
    pd.testing.assert_frame_equal(one, again)
    other = draw_sample(marks(), "mini", 60, 2)
    assert other["sample"].iloc[0] != one["sample"].iloc[0]


def test_a_sample_has_every_mark_once_and_its_layers_have_their_size() -> None:
    sample = draw_sample(marks(), "mini", 60, 1)
    assert not sample.duplicated(["page_digest", "box"]).any()
    assert sample["number"].tolist() == list(range(1, len(sample) + 1))
    assert sample.drop_duplicates("layer")["layer_size"].sum() == 400
    assert set(sample["layer"]) == set(layers_of(marks()))


def test_numbers_give_away_nothing_about_the_machines_reading() -> None:
    """Neighbours on the sheet are not of one layer more often than chance has it."""
    sample = draw_sample(marks(4000), "mini", 400, 1)
    states = sample["state"].to_numpy()
    alike = (states[1:] == states[:-1]).mean()
    shares = pd.Series(states).value_counts(normalize=True)
    assert alike == pytest.approx((shares**2).sum(), abs=0.08)


def test_a_mark_seen_otherwise_is_an_error_and_an_unclear_one_is_not_judged() -> None:
    sample = draw_sample(marks(), "mini", 60, 1)
    seen = sample.set_index("number")["state"].copy()
    found = judge_sample(sample, seen)
    assert (found.judged, found.wrong) == (60, 0)
    seen.iloc[0] = "marked" if seen.iloc[0] == "empty" else "empty"
    seen.iloc[1] = "unclear"
    found = judge_sample(sample, seen.drop(seen.index[2]))
    assert (found.judged, found.wrong) == (58, 1)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with one case read: both pages, two marks."""
    root = tmp_path_factory.mktemp("audited")
    questionnaire = write_questionnaire(root / "schemas", code="MINI", issued=3)
    pages = []
    for page, box in ((1, "work.1"), (2, "mood_job.2")):
        grey = cross(blank_page(questionnaire, page, 150), questionnaire, [box], 150)
        text = PrintedCode(make_serial("S", 1), "MINI", 1, page).text
        pages.append(print_code(grey, text, 150, x_mm=90, y_mm=10))
    (root / "scans").mkdir()
    (root / "scans" / "a.pdf").write_bytes(grey_pdf(pages, 150))
    project = Project(root)
    ingest(project, project.scans, jobs=1)
    return project


def fill_in(path: Path, out: Path, machine: dict[int, str], otherwise: int = 0) -> Path:
    table = read_csv(path)
    table["state"] = [machine[int(number)][0] for number in table["number"]]
    if otherwise:
        table.loc[otherwise - 1, "state"] = "empty" if machine[otherwise] == "marked" else "marked"
    out.write_text(table.to_csv(index=False, sep=";"), "utf-8-sig")  # as Excel saves it
    return out


def test_from_drawing_to_the_rate(project: Project, tmp_path: Path) -> None:
    drawn = draw_audit(project, "mini", 15, 0.002, 1)
    assert drawn.size == 15
    form, sheet = drawn.files
    assert set(read_csv(form).columns) == {"number", "state", "sample"}
    assert set(read_csv(form)["state"]) == {""}
    assert cv2.imdecode(np.frombuffer(sheet.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE).min() < 100
    samples = project.decisions.rows(AUDIT_SAMPLE)
    machine = dict(zip(samples["number"], samples["state"], strict=True))
    perfect = judge_audit(project, "mini", fill_in(form, tmp_path / "one.csv", machine), "anna")
    assert (perfect.rate.judged, perfect.rate.wrong, perfect.open) == (15, 0, 0)
    again = judge_audit(project, "mini", fill_in(form, tmp_path / "one.csv", machine), "anna")
    assert again.rate == perfect.rate
    assert len(project.decisions.rows(AUDITS)) == 15
    other = judge_audit(project, "mini", fill_in(form, tmp_path / "two.csv", machine, otherwise=3), "anna")
    assert other.rate.wrong == 1
    assert other.errors["number"].tolist() == [3]
    back = judge_audit(project, "mini", fill_in(form, tmp_path / "one.csv", machine), "anna")
    assert back.rate == perfect.rate
    assert len(project.decisions.rows(AUDITS)) == 17


def test_drawing_again_neither_stores_twice_nor_wipes_out_what_was_filled_in(project: Project) -> None:
    form = draw_audit(project, "mini", 12, 0.002, 7).files[0]
    form.write_text(form.read_text("utf-8").replace("1,,", "1,e,", 1), "utf-8")
    filled = form.read_bytes()
    assert draw_audit(project, "mini", 12, 0.002, 7).files[0].read_bytes() == filled
    with sqlite3.connect(project.decisions.path) as connection:
        ((most,),) = connection.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM audit_samples GROUP BY sample, number)"
        )
        assert most == 1
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute("DELETE FROM audits")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number,state\n1,e\n99,e\n", ":3: '99'"),
        ("number,state\n1,perhaps\n", ":2: 'perhaps'"),
        ("number,state\n1,e\n1,m\n", ":3: number 1 stands twice"),
        ("box,state\n1,e\n", ":1: the columns"),
        ("number,state,sample\n1,e,ffffffff\n", "not of one sample"),
    ],
)
def test_a_fault_in_the_filled_in_file_is_said(
    project: Project, tmp_path: Path, text: str, said: str
) -> None:
    draw_audit(project, "mini", 15, 0.002, 1)
    path = tmp_path / "audit.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said):
        judge_audit(project, "mini", path, "anna")


def test_the_command_prints_the_rate_with_its_interval(project: Project, tmp_path: Path) -> None:
    draw_audit(project, "mini", 15, 0.002, 9)
    path = tmp_path / "audit.csv"
    path.write_text("number,state\n1,u\n", "utf-8")
    found = CliRunner().invoke(main, ["--project", str(project.root), "audit", "mini", "--result", str(path)])
    assert found.exit_code == 0
    assert "0 marks judged, 1 unclear, 14 not judged yet" in found.output
    path.write_text("number,state\n1,m\n2,e\n", "utf-8")
    found = CliRunner().invoke(main, ["--project", str(project.root), "audit", "mini", "--result", str(path)])
    assert "95 % interval" in found.output

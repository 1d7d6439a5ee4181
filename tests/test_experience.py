"""Claims about what simulated returns teach: they ask more and settle some, but never a second mark or a lost one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decide import BLACK, CROSS, HEAVY, LIGHT, adjudications, questionnaire, sheet

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.thresholds import Thresholds
from survey.reading import experience
from survey.reading.context import ABSENT, as_array, rows_of
from survey.reading.decide import decide_marks
from survey.reading.experience import are_open
from survey.reading.marks_so_far import EMPTY, MARKED, Boxes
from survey.reading.reasons import tell_doubt
from survey.reading.trees import MOST_LEAVES, Trees, load_trees

Say = Callable[[float], None]


def ours(*, revocation: bool = True, **thresholds: float) -> Questionnaire:
    """The small questionnaire, printed by us."""
    paper = questionnaire(revocation=revocation, **thresholds)
    return replace(paper, schema=paper.schema.model_copy(update={"code": "MI12"}))


def always(odds: float) -> Trees:
    """One tree that says the same of every box."""
    leaves = np.zeros((1, MOST_LEAVES), np.float32)
    leaves[0, 0] = odds
    nothing = np.zeros(0, np.int64)
    return Trees(
        ("ink",), np.array([0, 0]), nothing, nothing.astype(np.float32), nothing.astype(np.uint8), leaves
    )


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Let the trees say the same log odds of every box they are asked about."""
    return lambda odds: monkeypatch.setattr(experience, "load_trees", lambda: always(odds))


def marks_of(measured: pd.DataFrame, paper: Questionnaire | None = None) -> pd.DataFrame:
    return decide_marks(measured, paper or ours(), adjudications()).set_index("box")


# ---- what is asked and settled -----------------------------------------------------------------------------------


def test_an_unsure_mark_is_settled_where_simulated_returns_are_sure(say: Say) -> None:
    say(9)
    assert marks_of(sheet(work_2=LIGHT)).loc["work.2", "state"] == "marked"
    say(-9)
    assert marks_of(sheet(work_2=LIGHT)).loc["work.2", "state"] == "empty"
    say(5)
    assert marks_of(sheet(work_2=LIGHT)).loc["work.2", "state"] == "doubtful"


def test_a_certain_mark_that_simulated_returns_contradict_is_a_doubt_that_says_why(say: Say) -> None:
    say(2)
    slight = {**CROSS, "p_marked": 0.99, "residue": 0.1}
    found = marks_of(sheet(work_1=CROSS, wish_a=CROSS, wish_b=slight)).loc["wish.b"]
    assert found["state"] == "doubtful"
    kind, (risk,) = tell_doubt(str(found["reason"]))
    assert kind == "unusual" and risk == pytest.approx(1 / (1 + np.e**2), abs=0.005)


def test_paper_that_others_printed_is_decided_without_them(say: Say) -> None:
    say(-9)
    measured = sheet(work_2=CROSS, wish_a=LIGHT)
    theirs = marks_of(measured, questionnaire(revocation=True))
    assert theirs.loc["wish.a", "state"] == "doubtful" and theirs.loc["work.2", "state"] == "marked"


def test_plain_paper_and_plain_marks_are_not_asked_about(say: Say) -> None:
    say(0)
    found = marks_of(sheet(work_2={**CROSS, "p_marked": 0.9999}, wish_a={**CROSS, "p_marked": 0.9999}))
    assert set(found["state"]) == {"empty", "marked"}


def test_a_second_mark_is_never_settled_away(say: Say) -> None:
    say(-9)
    weak = {**CROSS, "ink": 0.02, "residue": 0.04}
    for second in (weak, {**CROSS, "p_marked": 0.93}):
        measured = sheet(work_1=CROSS, work_3=second)
        plain = marks_of(measured, questionnaire(revocation=True))
        assert plain.loc["work.3", "state"] == "doubtful"
        assert "empty" not in set(marks_of(measured).loc[["work.1", "work.3"], "state"])
    line = {**CROSS, "p_marked": 0.97, "residue": 0.2, "lean_deg": 5.0}
    found = marks_of(sheet(work_1=CROSS, work_3=line, wish_a=CROSS)).loc["work.3"]
    assert found["state"] == "doubtful" and tell_doubt(str(found["reason"]))[0] == "upright"


def test_what_a_scan_may_have_lost_waits_for_a_person(say: Say) -> None:
    say(-9)
    faint = {"p_marked": 0.3, "ink": 0.01, "residue": 0.02, "excess": 0.1, "bilevel": True}
    measured = sheet(**dict.fromkeys(("wish_a", "wish_b", "wish_c", "wish_none"), faint)).assign(bilevel=True)
    found = marks_of(measured)
    lost = found["reason"].astype(str).str.startswith("nothing is seen here")
    assert lost.sum() > 0 and (found.loc[lost, "state"] == "doubtful").all()


def test_a_mark_beside_its_box_waits_for_a_person(say: Say) -> None:
    say(-9)
    assert marks_of(sheet(wish_b={"aside": 0.8})).loc["wish.b", "state"] == "doubtful"


def test_a_black_box_that_nobody_meant_is_called_revoked(say: Say) -> None:
    say(-9)
    measured = sheet(wish_a=CROSS, wish_b=HEAVY | {"p_black": 0.5, "coverage": 0.98})
    assert marks_of(measured, questionnaire(revocation=True)).loc["wish.b", "state"] == "doubtful"
    assert marks_of(measured).loc["wish.b", "state"] == "revoked"
    assert marks_of(sheet(work_1=BLACK)).loc["work.1", "state"] == "revoked"


def test_the_thresholds_of_a_schema_are_heard(say: Say) -> None:
    say(3)  # a probability of .953
    assert marks_of(sheet(work_2=LIGHT), ours(settled_above=0.95)).loc["work.2", "state"] == "marked"
    assert marks_of(sheet(work_2=LIGHT), ours(settled_above=0.96)).loc["work.2", "state"] == "doubtful"


def test_what_a_schema_asks_about_by_its_own_threshold_is_not_settled_unless_it_says_so(say: Say) -> None:
    say(9)
    measured = sheet(work_2={**CROSS, "p_marked": 0.99})
    stricter = {"marked_above": 0.995}
    assert marks_of(measured, ours(**stricter)).loc["work.2", "state"] == "doubtful"
    assert marks_of(measured, ours(**stricter, settled_above=0.998)).loc["work.2", "state"] == "marked"
    assert marks_of(sheet(work_2=LIGHT), ours(asked_below=0.99)).loc["work.2", "state"] == "marked"


def test_a_persons_word_stands_over_simulated_returns(say: Say) -> None:
    say(-9)
    people = adjudications({"page_digest": "page of S1", "box": "work.2", "state": "marked"})
    marks = decide_marks(sheet(work_2=LIGHT), ours(), people).set_index("box")
    assert marks.loc["work.2", "state"] == "marked" and marks.loc["work.2", "decided_by"] == "anna"


# ---- what is known of a box --------------------------------------------------------------------------------------


def known(measured: pd.DataFrame) -> pd.DataFrame:
    boxes = Boxes(measured, ours())
    boxes.state[:] = np.where(boxes["p_marked"] > 0.5, MARKED, EMPTY)
    rows = rows_of(boxes, boxes.to_mark, revocation=True)
    return pd.DataFrame(rows, index=pd.Index(boxes["box"][boxes.to_mark]))


def test_a_box_knows_the_others_of_its_item_and_not_itself() -> None:
    rows = known(sheet(work_1=CROSS, work_2=LIGHT))
    assert rows.loc["work.1", "other_sum"] == pytest.approx(0.5 + 2 * 0.01)
    assert rows.loc["work.2", "other_sum"] == pytest.approx(0.997 + 2 * 0.01)
    assert rows.loc["work.1", "other_odds"] == pytest.approx(0)
    assert rows.loc["work.3", "other_odds"] == pytest.approx(np.log(0.997 / 0.003))
    assert rows.loc["wish.a", "other_residue"] == pytest.approx(0.01)


def test_a_box_knows_how_its_case_marks() -> None:
    rows = known(pd.concat([sheet("S1", work_1=CROSS, wish_a=CROSS), sheet("S2", work_1=BLACK)]))
    assert rows["case_residue"].tolist()[:8] == pytest.approx([0.25] * 8)
    assert rows["case_is_black"].tolist() == [0.0] * 8 + [1.0] * 8
    assert rows["case_unanswered"].tolist() == [0.0] * 16
    assert np.isnan(known(sheet())["case_residue"]).all()
    assert (
        as_array(rows_of(Boxes(sheet(), ours()), np.ones(11, bool), revocation=True), ("case_residue",))
        == ABSENT
    ).all()


def test_boxes_are_asked_about_where_anything_is_odd() -> None:
    measured = sheet(work_2={**CROSS, "span": 0.5}, wish_a={"p_marked": 0.04}, wish_b={"bulge": 0.6})
    boxes = Boxes(measured, ours())
    boxes.state[:] = EMPTY
    boxes.state[1] = MARKED
    asked = dict(zip(boxes["box"], are_open(boxes, Thresholds()), strict=True))
    assert asked["wish.a"] and asked["wish.b"] and asked["work.2"]
    assert not asked["work.1"] and not asked["wish.c"] and not asked["why"]


# ---- the trees ---------------------------------------------------------------------------------------------------


def grown(rng: np.random.Generator, columns: int, leaves: int) -> object:
    """A tree as nested questions (column, limit, left, right), its leaves numbers."""
    if leaves == 1:
        return float(rng.normal())
    left = int(rng.integers(1, leaves))
    parts = [grown(rng, columns, left), grown(rng, columns, leaves - left)]
    return int(rng.integers(columns)), float(np.float32(rng.normal())), *parts


def asked_one_by_one(tree: object, row: np.ndarray) -> float:
    while isinstance(tree, tuple):
        column, limit, left, right = tree
        tree = right if row[column] > limit else left
    assert isinstance(tree, float)
    return tree


def as_questions(grown_trees: list[object], columns: int) -> Trees:
    first, questions, leaves = [0], [], np.zeros((len(grown_trees), MOST_LEAVES), np.float32)

    def walk(tree: object, number: int, begins: int) -> int:
        if not isinstance(tree, tuple):
            leaves[number, begins] = tree
            return begins + 1
        middle = walk(tree[2], number, begins)
        questions.append((tree[0], tree[1], (1 << middle) - (1 << begins)))
        return walk(tree[3], number, middle)

    for number, tree in enumerate(grown_trees):
        walk(tree, number, 0)
        first.append(len(questions))
    column, limit, lost = zip(*questions, strict=True)
    names = tuple(f"c{number}" for number in range(columns))
    return Trees(
        names,
        np.array(first),
        np.array(column),
        np.array(limit, np.float32),
        np.array(lost, np.uint8),
        leaves,
    )


@given(st.integers(0, 10_000), st.integers(2, MOST_LEAVES))
@settings(max_examples=40, deadline=None)
def test_trees_answer_as_if_asked_one_by_one(seed: int, leaves: int) -> None:
    rng = np.random.default_rng(seed)
    trees = [grown(rng, 5, leaves) for _ in range(3)]
    rows = rng.normal(size=(50, 5)).astype(np.float32)
    wanted = [sum(asked_one_by_one(tree, row) for tree in trees) for row in rows]
    assert as_questions(trees, 5).log_odds(rows) == pytest.approx(wanted, abs=1e-5)


def test_of_no_rows_trees_say_nothing() -> None:
    assert always(1).log_odds(np.zeros((0, 1), np.float32)).shape == (0,)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), st.sampled_from(["work.2", "wish.a"]))
@settings(max_examples=60, deadline=None)
def test_the_surer_the_network_is_of_a_mark_the_surer_is_what_simulated_returns_say(
    one: float, other: float, box: str
) -> None:
    trees, boxes = load_trees(), Boxes(sheet(work_2=CROSS, wish_a=LIGHT), ours())
    rows = rows_of(boxes, boxes["box"] == box, revocation=True)
    low, high = (
        trees.log_odds(as_array(rows | {"odds": np.log([p / (1 - p)])}, trees.columns))[0]
        for p in sorted((one, other))
    )
    assert low <= high + 1e-5


def test_the_shipped_trees_tell_a_cross_from_clean_paper() -> None:
    trees = load_trees()
    rows = known(sheet(work_2=CROSS, wish_a=CROSS))
    p = 1 / (1 + np.exp(-trees.log_odds(as_array(dict(rows.items()), trees.columns))))  # type: ignore[arg-type]
    found = dict(zip(rows.index, p, strict=True))
    assert found["work.2"] > 0.99 and found["wish.a"] > 0.99
    assert max(found[name] for name in ("work.1", "work.3", "work.4", "wish.b", "wish.c")) < 0.01


def test_trained_trees_answer_as_the_program_that_grew_them(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm")  # of the dependency group `train`
    from bench import train_trees

    rng = np.random.default_rng(1)
    rows = rng.normal(size=(4000, 4)).astype(np.float32)
    meant = rows[:, 0] + rows[:, 1] * rows[:, 2] + rng.normal(size=4000) > 0
    columns = ("odds", "b", "c", "d")
    data = lightgbm.Dataset(rows, meant)
    booster = lightgbm.train(
        {"objective": "binary", "num_leaves": 8, "verbosity": -1, "boost_from_average": True}, data, 20
    )
    mine = train_trees.trees_of(booster, columns)
    assert mine.log_odds(rows) == pytest.approx(booster.predict(rows, raw_score=True), abs=1e-3)
    train_trees.save_trees(mine, tmp_path / "trees.npz")
    assert (load_trees(tmp_path / "trees.npz").log_odds(rows) == mine.log_odds(rows)).all()
    learned = train_trees.train(train_trees.Examples(rows, meant, columns), trees=30)
    assert ((learned.log_odds(rows) > 0) == meant).mean() > 0.7

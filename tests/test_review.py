"""Claims about the review page behind its glass: what is asked, what a key decides, who may come in."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from desk import make_desk_project

from survey.analysis.agreement import agreement
from survey.analysis.trace import PAPERLESS
from survey.errors import UsageError
from survey.project import Project, account, draw_audit, ledger, results
from survey.reading.assemble import Judge, assemble
from survey.reading.outcomes import NAME_BEGINS, NAME_ENDS
from survey.reading.reasons import DOUBTS, tell_doubt
from survey.reading.told import Told, told_of_pages
from survey.reporting.evidence import Evidence
from survey.reporting.numbers import write_numbers
from survey.review.behind import paper_behind
from survey.review.catalogue import DOUBTS_SAID, KINDS_SAID, LANGUAGES, TEXTS, in_german, texts
from survey.review.counter import Counter
from survey.review.desk import Desk
from survey.review.doubts import doubt_tasks, guess_of
from survey.review.lay_out import behind, lay_out
from survey.review.pictures import Helper, Pictures, png
from survey.review.replies import LONGEST_TEXT, parse_reply, states_of
from survey.review.safety import BODY_LIMIT, Keys, kept_session
from survey.review.server import STATIC, Office, make_page, static_file
from survey.review.tasks import Task, TaskBox
from survey.store import ADJUDICATIONS
from survey.tables import AUDITS, PAGES

UUIDS = (f"{n:08x}-0000-4000-8000-000000000000" for n in range(1, 10_000))
HOST = f"127.0.0.1:{8750}"


def uuid() -> str:
    return next(UUIDS)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    p_marked = {"work.2": 0.6, "wish.a": 0.99, "wish.b": 0.4, "care.d3_h8": 0.5}
    return make_desk_project(tmp_path_factory.mktemp("desk"), 4, p_marked=p_marked).root


@pytest.fixture
def project(made_once: Path, tmp_path: Path) -> Project:
    import shutil

    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


def desk_of(project: Project, by: str = "anna", *, double: bool = False) -> Desk:
    return lay_out(project.root, [], by, double=double)


def counter_of(project: Project, by: str = "anna", *, double: bool = False) -> Counter:
    return Counter(project.decisions, desk_of(project, by, double=double), by, double=double)


def tasks(counter: Counter, item: str, view: str = "ask") -> list[Task]:
    found = [counter.desk.tasks[name] for name in counter.desk.views[view]]
    return [task for task in found if task.item == item]


def say(counter: Counter, task: Task | str, verb: str, **more: object) -> str:
    name = uuid()
    said = {"id": name, "task": task if isinstance(task, str) else task.name, "verb": verb, **more}
    kept, refused = counter.take([said])
    assert kept == [name], refused
    return name


def states(project: Project, case: str) -> dict[str, str]:
    marks = results(project, "desk").marks
    mine = marks[marks["page_digest"] == case]
    return dict(zip(mine["box"], mine["state"], strict=True))


def box(state: str = "empty", kind: str = "", likely: bool | None = False) -> TaskBox:
    return TaskBox("b", {}, state, likely, kind)


# What is asked -------------------------------------------------------------------------------------------------------


def test_doubts_come_by_item_and_a_grid_row_by_row(project: Project) -> None:
    counter = counter_of(project)
    names = counter.desk.views["ask"]
    assert [counter.desk.tasks[name].item for name in names] == ["work"] * 4 + ["wish"] * 4 + ["care"] * 4
    row = tasks(counter, "care")[0]
    assert [one.box for one in row.boxes] == [f"care.d3_h{hour}" for hour in range(1, 9)]
    assert row.row == {"": "Tag 3"}
    assert {task.item for task in map(counter.desk.tasks.get, counter.desk.views["read"]) if task} == {
        "hours",
        "why",
    }


def test_every_reason_of_a_doubt_tells_its_kind_and_both_languages_say_it() -> None:
    for kind, template in DOUBTS.items():
        found, numbers = tell_doubt(template.replace("{:.2f}", "0.31"))
        assert (found, len(numbers)) == (kind, template.count("{"))
        for words in DOUBTS_SAID[kind]:
            assert words.count("{") == template.count("{")
        assert kind in KINDS_SAID
    assert tell_doubt("typed by a person") == ("", ())


def test_the_kinds_the_decider_gives_are_those_the_page_knows(project: Project) -> None:
    marks = results(project, "desk").marks
    assert {tell_doubt(reason)[0] for reason in marks.loc[marks["state"] == "doubtful", "reason"]} == {
        "between"
    }


ROUTED = {"work.2": 0.99, "wish.a": 0.99}


def routed_project(root: Path, p_marked: dict[str, float]) -> Project:
    """Work 2 leads past the wishes."""
    project = make_desk_project(root, 2, p_marked=p_marked)
    path = root / "schemas" / "desk.yaml"
    said = path.read_text("utf-8").replace('en: "no"}}', 'en: "no"}, go_to: hours}')
    path.write_text(said, "utf-8")
    return project


def test_sure_marks_that_contradict_the_routing_are_asked_about_until_a_person_says_which_counts(
    tmp_path: Path,
) -> None:
    project = routed_project(tmp_path, ROUTED)
    assert len(results(project, "desk").contradictions) == 2
    counter = counter_of(project)
    first, second = tasks(counter, "work")
    assert (first.kind, first.guess, [one.kind for one in first.boxes]) == (
        "routing",
        None,
        ["", "routing", ""],
    )
    assert {task.case for task in tasks(counter, "wish")} == {first.case, second.case}
    assert len(counter.desk.views["ask"]) == 4
    say(counter, first, "options", picked=[0])
    after = results(project, "desk")
    assert after.contradictions["case"].tolist() == [second.case]
    answers = after.responses.set_index(["case", "variable"])["code"]
    assert (answers[first.case, "work"], answers[second.case, "work"]) == ("1", "2")
    assert {task.case for task in map(desk_of(project).tasks.get, desk_of(project).views["ask"]) if task} == {
        second.case
    }


def test_who_confirms_a_contradiction_is_not_asked_again_and_the_rule_holds(tmp_path: Path) -> None:
    project = routed_project(tmp_path, ROUTED)
    counter = counter_of(project)
    for task in tasks(counter, "work"):
        say(counter, task, "options", picked=[1])
    assert desk_of(project).views["ask"] == []
    after = results(project, "desk")
    assert len(after.contradictions) == 2
    assert set(after.responses.set_index("variable").loc["wish_a", "code"]) == {"1"}  # routing_wins: answer


def test_none_beside_another_mark_is_asked_about(tmp_path: Path) -> None:
    project = routed_project(tmp_path, {"wish.a": 0.99, "wish.none": 0.99})
    found = tasks(counter_of(project), "wish")
    assert [task.kind for task in found] == ["routing"] * 2
    assert [one.kind for one in found[0].boxes] == ["routing", "", "routing"]


def test_nothing_is_suggested_where_the_doubt_is_between_two_options() -> None:
    unsure = box("doubtful", "between", True)
    assert guess_of((unsure, box()), one_only=True) == (0,)
    assert guess_of((unsure, box("marked", likely=True)), one_only=True) is None
    assert guess_of((unsure, unsure), one_only=True) is None
    assert guess_of((unsure, box("marked", likely=True)), one_only=False) == (0, 1)
    assert guess_of((box("doubtful", "filled", None), box()), one_only=False) is None


def test_what_a_person_settled_is_not_asked_again(project: Project) -> None:
    counter = counter_of(project)
    task = tasks(counter, "work")[0]
    say(counter, task, "options", picked=[1])
    assert task.name not in counter.open_tasks("ask")
    assert task.name not in desk_of(project).tasks
    found = results(project, "desk")
    assert len(doubt_tasks(found.marks, found.questionnaire)) == 11


# What a key decides --------------------------------------------------------------------------------------------------


def test_a_digit_decides_all_boxes_of_an_item(project: Project) -> None:
    counter = counter_of(project)
    task = tasks(counter, "work")[0]
    say(counter, task, "options", picked=[2])
    found = states(project, task.page_digest)
    assert [found[f"work.{n}"] for n in (1, 2, 3)] == ["empty", "empty", "marked"]
    assert found["wish.b"] == "doubtful"


def test_enter_agrees_with_the_machine(project: Project) -> None:
    counter = counter_of(project)
    task = tasks(counter, "wish")[0]
    assert task.guess == (0,)
    say(counter, task, "agree")
    found = states(project, task.page_digest)
    assert (found["wish.a"], found["wish.b"]) == ("marked", "empty")


def test_an_unreadable_item_is_so_and_waits_no_more(project: Project) -> None:
    counter = counter_of(project)
    for task in (*tasks(counter, "work"), *tasks(counter, "wish"), *tasks(counter, "care")):
        say(counter, task, "unreadable")
    for task in tasks(counter, "hours", "read"):
        say(counter, task, "unreadable")
    written = tasks(counter, "why", "read")
    assert account(project)[0].texts_to_type == len(written) > 0
    for task in written:
        say(counter, task, "unreadable")
    found = account(project)[0]
    assert (found.doubtful, found.texts_to_type, found.waits) == (0, 0, False)
    assert set(results(project, "desk").outcomes.query("item == 'work'")["outcome"]) == {"unreadable"}


def test_a_filled_box_that_was_not_meant_was_blacked_out() -> None:
    task = Task("n", "ask", "q", "d", 1, "c", "i", "i", "filled", {}, {}, True,
                (box("doubtful", "filled", None), box("marked", likely=True)), None)  # fmt: skip
    reply = parse_reply({"id": uuid(), "task": "n", "verb": "options", "picked": [1]})
    assert states_of(task, reply) == {0: "revoked", 1: "marked"}
    agree = parse_reply({"id": uuid(), "task": "n", "verb": "agree"})
    with pytest.raises(UsageError):
        states_of(task, agree)


def test_the_same_reply_twice_is_one_decision(project: Project) -> None:
    counter = counter_of(project)
    said = {"id": uuid(), "task": tasks(counter, "work")[0].name, "verb": "options", "picked": [0]}
    assert counter.take([said, said])[0] == [said["id"], said["id"]]
    counter_of(project).take([said])
    rows = project.decisions.adjudications()
    assert len(rows) == len(set(rows["id"])) == 3


def test_a_reply_whose_acknowledgement_was_lost_is_kept_by_the_next_server(project: Project) -> None:
    counter = counter_of(project)
    said = {"id": uuid(), "task": tasks(counter, "work")[0].name, "verb": "options", "picked": [0]}
    counter.take([said])
    assert counter_of(project).take([said]) == ([said["id"]], {})
    unknown = {**said, "id": uuid()}
    assert counter_of(project).take([unknown])[0] == []


def test_undo_brings_the_machines_reading_back_even_after_a_restart(project: Project) -> None:
    counter = counter_of(project)
    task = tasks(counter, "work")[0]
    first = say(counter, task, "options", picked=[0])
    again = counter_of(project)
    say(again, task.name, "withdraw", of=first)
    assert states(project, task.page_digest)["work.2"] == "doubtful"
    assert task.name in counter.open_tasks("ask")


def test_sweep_settles_single_boxes(project: Project) -> None:
    counter = counter_of(project)
    task = tasks(counter, "care")[0]
    say(counter, task, "box", picked=[7], text="marked")
    found = states(project, task.page_digest)
    assert (found["care.d3_h8"], found["care.d3_h7"]) == ("marked", "empty")
    assert task.name not in counter.open_tasks("ask")


@pytest.mark.parametrize(
    "wrong",
    [
        "text", {}, {"id": "x"}, {"id": "1.1"}, {"picked": [-1]}, {"picked": [True]}, {"picked": "1"},
        {"picked": [1] * 300}, {"text": "x" * (LONGEST_TEXT + 1)}, {"themes": [1]}, {"number": 1.5}, {"of": "no uuid"},
        {"verb": 3}, {"task": "../../etc/passwd"}, {"verb": "drop"}, {"picked": [99], "verb": "options"},
    ],
)  # fmt: skip
def test_what_is_no_reply_is_refused_and_harms_no_other(project: Project, wrong: object) -> None:
    counter = counter_of(project)
    name = tasks(counter, "work")[0].name
    bad = (
        {"id": uuid(), "task": name, "verb": "options", **wrong}
        if isinstance(wrong, dict) and wrong
        else wrong
    )
    good = {"id": uuid(), "task": name, "verb": "options", "picked": [0]}
    kept, refused = counter.take([bad, good])
    assert kept == [good["id"]]
    assert len(refused) == 1


def test_two_reviewers_do_not_meet(project: Project) -> None:
    anna, bert = counter_of(project), counter_of(project, "bert")
    names = anna.desk.views["ask"]
    assert anna.claim(names[:5]) == names[:5]
    assert bert.claim(names[:8]) == names[5:8]
    assert anna.claim([*names[:5], "nothing"]) == names[:5]


# Reading -------------------------------------------------------------------------------------------------------------


def test_typed_digits_and_text_become_answers_and_names_are_blacked_out(project: Project) -> None:
    counter = counter_of(project)
    say(counter, tasks(counter, "hours", "read")[0], "typed", text="25")
    text = f"Frau {NAME_BEGINS}Müller-Lüdenscheidt{NAME_ENDS} hält Plätze für Größere frei"
    task = tasks(counter, "why", "read")[0]
    say(counter, task, "typed", text=text, themes=["care"], may_print=True)
    outcomes = results(project, "desk").outcomes
    answered = outcomes[(outcomes["reason"] == "typed by a person")].set_index("item")["codes"]
    assert answered["hours"] == "25"
    assert answered["why"] == "Frau █████ hält Plätze für Größere frei"
    assert counter.themes() == {"why": {"care": 1}}
    rows = project.decisions.standing()
    assert set(rows.loc[rows["item"] == "why", "state"]) == {"", "themes", "print"}
    assert task.name not in counter.open_tasks("read")


def test_numbers_come_sorted_by_a_guess_that_is_never_data(project: Project) -> None:
    """Two cells of a comb with drawn digits; without strips there is no guess, and none of it is an answer."""
    import cv2

    from survey.reading.read import places_of_items
    from survey.reading.strips import STRIP_DPI
    from survey.review.guesses import guess_numbers
    from survey.review.lay_out import like_ones_together

    counter, questionnaire = counter_of(project), project.questionnaire("desk")
    fields = tasks(counter, "hours", "read")
    place, scale = places_of_items(questionnaire, 1)["hours"], STRIP_DPI / 25.4

    def strip_of(number: str) -> np.ndarray:
        strip = np.full((round(place.h_mm * scale), round(place.w_mm * scale)), 240, np.uint8)
        for digit, box in zip(number, fields[0].boxes, strict=True):
            x, y, width, height = (float(one) * scale for one in box.place.split()[1:])
            at = (round(x - place.x_mm * scale + 0.2 * width), round(y - place.y_mm * scale + 0.8 * height))
            cv2.putText(strip, digit, at, cv2.FONT_HERSHEY_SIMPLEX, 0.75, 20, 2, cv2.LINE_AA)
        return np.frombuffer(cv2.imencode(".jpg", strip)[1].tobytes(), np.uint8)

    written = dict(zip([task.page_digest for task in fields], ["40", "30", "", "30"], strict=True))

    class Stored:
        def picture(self, shard: str, name: str) -> np.ndarray | None:
            number = written[name.split(".")[0]]
            return strip_of(number) if shard and number else None

    guessed = guess_numbers(Stored(), dict.fromkeys(written, "s"), fields, questionnaire)  # type: ignore[arg-type]
    assert [guessed.get(task.name, "") for task in fields] == ["40", "30", "", "30"]
    assert [guessed.get(task.name, "") for task in like_ones_together(fields, guessed)] == [
        "30",
        "30",
        "40",
        "",
    ]
    outcomes = results(project, "desk").outcomes.set_index("item")
    assert set(outcomes.loc["hours", "codes"]) == {""}


def test_letters_are_no_digits_and_unknown_themes_no_themes(project: Project) -> None:
    counter = counter_of(project)
    for item, more in (("hours", {"text": "2x"}), ("why", {"text": "a", "themes": ["weather"]})):
        task = tasks(counter, item, "read")[0]
        kept, refused = counter.take([{"id": uuid(), "task": task.name, "verb": "typed", **more}])
        assert not kept
        assert refused


# Pages ---------------------------------------------------------------------------------------------------------------


def page_word(state: str, value: str = "", reason: str = "", page: str = "p") -> dict[str, str]:
    plain = dict.fromkeys(ADJUDICATIONS.columns, "")
    return {**plain, "page_digest": page, "state": state, "value": value, "reason": reason}


def test_the_last_word_about_a_page_counts() -> None:
    rows = [page_word("turned", "1"), page_word("placed", "desk 2 S1"), page_word("turned", "3"),
            page_word("discarded", reason="a letter"), page_word("scan again", "yes", page="q")]  # fmt: skip
    told = told_of_pages(pd.DataFrame(rows))
    assert told["p"] == Told(3, "desk", 2, "S1", "discarded", "a letter")
    assert told["q"].again
    assert told["p"].hint == "3 desk 2 S1"
    assert told["q"].hint == ""


def test_a_discarded_page_counts_no_more_and_says_why(project: Project) -> None:
    counter = counter_of(project)
    page = "0" * 23 + "1"
    counter.desk.page_digests["shown"] = page
    kept, refused = counter.take([{"id": uuid(), "task": "shown", "verb": "discarded"}])
    assert not kept
    assert "reason" in next(iter(refused.values()))
    say(counter, "shown", "discarded", reason="Notizzettel")
    row = ledger(project).set_index("page_digest").loc[page]
    assert (row["place"], row["reason"]) == ("discarded", "Notizzettel")
    assert account(project)[0].returned == 3
    assert any(entry["fate"] == "discarded" for entry in counter_of(project).pages())


def test_a_person_chooses_which_of_two_scans_counts() -> None:
    from test_assemble import CODED, A, row

    pages = PAGES.frame(pd.DataFrame([row(1, 1, A, matched=False), row(2, 1, A, matched=False)]))
    judge = Judge(lambda _one, _other: True, lambda _one, _other: False, lambda _one: 0)
    issues = {"mini": CODED}
    before = assemble(pages, issues, judge)
    assert before["place"].tolist() == ["read", "waiting"]
    after = assemble(pages, issues, judge, {"a.pdf 2": Told(fate="counts")})
    assert after["place"].tolist() == ["superseded", "read"]
    aside = assemble(pages, issues, judge, {"a.pdf 2": Told(fate="superseded")})
    assert aside["place"].tolist() == ["read", "superseded"]


def test_the_ledgers_reasons_are_said_in_german() -> None:
    from survey.reading import assemble as step
    from survey.reading.reasons import HINTS, Reason

    said = step.READ_BETTER.format("a.pdf page 3 (sheet 2 from the top)")
    assert in_german(said) == "noch einmal gescannt: a.pdf Seite 3 (Blatt 2 von oben) hat weniger Zweifel"
    for text in [*(str(reason) for reason in Reason), *(hint for hint in HINTS.values() if hint)]:
        assert in_german(text) != text, text


# Blind check, double review ------------------------------------------------------------------------------------------


def test_a_blind_check_tells_nothing_and_keeps_what_was_seen(project: Project) -> None:
    draw_audit(project, "desk", 6, 0.5, 1)
    counter = counter_of(project)
    names = [name for name in counter.desk.views["blind"] if name in counter.desk.blinded]
    assert names
    for name in names:
        shown = json.loads(counter.desk.shown[name])
        assert shown["guess"] is None
        assert shown["kind"] == ""
        assert not any({"state", "kind", "likely", "ink"} & set(one) for one in shown["boxes"])
    task = counter.desk.tasks[names[0]]
    drawn = counter.desk.blinded[names[0]]
    say(counter, task, "options", picked=[drawn.place])
    row = project.decisions.rows(AUDITS).iloc[0]
    assert (row["decided_by"], row["number"], row["state"]) == ("anna", drawn.number, "marked")
    assert project.decisions.adjudications().empty
    assert names[0] not in counter.open_tasks("blind")


def test_a_second_look_is_unseen_changes_nothing_and_is_compared(project: Project) -> None:
    anna = counter_of(project)
    for task, pick in zip(tasks(anna, "work"), [[0], [1], [1], []], strict=True):
        say(anna, task, "options", picked=pick)
    bert = counter_of(project, "bert", double=True)
    assert {task.item for task in map(bert.desk.tasks.get, bert.desk.views["ask"]) if task} == {"work"}
    assert all(json.loads(bert.desk.shown[name])["guess"] is None for name in bert.desk.views["ask"])
    before = results(project, "desk").marks
    for task in tasks(bert, "work"):
        say(bert, task, "options", picked=[1])
    pd.testing.assert_frame_equal(results(project, "desk").marks, before)
    assert not bert.open_tasks("ask")
    found = desk_of(project).overview["agreement"]
    assert isinstance(found, dict)
    assert found["boxes"] == 12
    assert found["share"] == pytest.approx(9 / 12)


def test_kappa_agrees_with_a_published_table() -> None:
    """Fleiss, Levin & Paik 2003, table 18.1: 100 patients, psychotic, neurotic or organic; kappa 0.68."""
    table = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    first = [str(row) for row in range(3) for column in range(3) for _ in range(table[row, column])]
    second = [str(column) for row in range(3) for column in range(3) for _ in range(table[row, column])]
    found = agreement(first, second)
    assert (found.boxes, found.share) == (100, pytest.approx(0.89))
    assert found.kappa == pytest.approx(0.676, abs=5e-4)


def test_kappa_by_hand_and_where_it_has_no_value() -> None:
    found = agreement("aabb", "abbb")
    assert found.share == 0.75
    assert found.kappa == pytest.approx(0.5)  # expected by chance: 0.5 * 0.25 + 0.5 * 0.75 = 0.5
    assert np.isnan(agreement("aa", "aa").kappa)
    assert agreement("", "").boxes == 0


def test_the_server_loads_neither_pandas_nor_a_picture_library() -> None:
    """They are the helper's: without them the server stays below 100 MB."""
    import subprocess
    import sys

    code = (
        "import sys, pathlib, survey.cli, survey.review.start\n"
        "from survey.store import Decisions\n"
        "Decisions(pathlib.Path('.')).standing_rows()\n"
        "print(*sorted({'pandas', 'pyarrow', 'cv2', 'scipy', 'pydantic', 'PIL'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_the_helper_gives_its_memory_back_when_nobody_asks_and_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os
    import time

    monkeypatch.setattr("survey.review.pictures.IDLE_SECONDS", 0.05)
    helper = Helper()
    first = helper.run(os.getpid)
    assert first != os.getpid()
    while helper.is_there:
        time.sleep(0.01)
    assert helper.run(os.getpid) != first
    helper.close()


# Numbers and pictures ------------------------------------------------------------------------------------------------


def test_every_number_leads_to_its_paper_or_says_why_not(project: Project) -> None:
    """Shares, means, medians, differences and tests: as many cases as are counted, and a strip of each."""
    counter = counter_of(project)
    for place, task in enumerate(tasks(counter, "work")):
        say(counter, task, "options", picked=[place % 2])
    say(counter, tasks(counter, "hours", "read")[0], "typed", text="25")
    say(counter, tasks(counter, "why", "read")[0], "typed", text="Plätze")
    found = results(project, "desk")
    kinds = set()
    for row in found.estimates.itertuples(index=False):
        if row.variable in PAPERLESS:
            with pytest.raises(UsageError, match="envelopes"):
                paper_behind(found, row.key)
            continue
        paper = paper_behind(found, row.key)
        wanted = row.base if row.statistic in {"mean", "median", "F"} else row.count
        assert row.statistic == "difference" or paper.cases == wanted, row.key
        assert {task.case for task in paper.tasks} <= set(found.cases["case"])
        assert bool(paper.tasks) == bool(paper.cases), row.key
        kinds.add(row.statistic)
    assert {"share", "mean", "median", "share of answers"} <= kinds
    shown, told = behind(project.root, "wish_a=1@all")
    assert told["cases"] == len(shown) == 4
    assert told["title"] == {"de": "Was hilft Ihnen? – Bus", "en": "What helps you? – Bus"}
    assert [shown[0].boxes[at].box for at in told["tasks"][0]["ring"]] == ["wish.a"]  # type: ignore[index]
    _, written = behind(project.root, "why=written@all")
    assert [one["typed"] for one in written["tasks"] if one["typed"]] == ["Plätze"]  # type: ignore[attr-defined]


def test_a_number_that_is_none_says_what_there_is(project: Project) -> None:
    for key, hint in [("wish_aa=1@all", "wish_a"), ("work=9@all", "codes of work: 1, 2, 3"),
                      ("work=1@moon=full", "office"), ("", "")]:  # fmt: skip
        with pytest.raises(UsageError) as raised:
            behind(project.root, key)
        assert hint in raised.value.hint
    assert behind(project.root, "work=1@office=North&wish_a=1")[1]["cases"] == 0


def test_each_number_of_the_offices_own_page_is_a_link_to_its_paper(project: Project) -> None:
    import re
    from urllib.parse import unquote

    found = results(project, "desk")
    html = write_numbers(Evidence(found, "de"))
    keys = [unquote(key) for key in re.findall(r'href="http://127\.0\.0\.1:8750/open/([^"]+)"', html)]
    assert "wish_a=1@all" in keys
    assert set(keys) <= set(found.estimates["key"])
    assert html.count("<a ") == len(keys)
    assert "Was hilft Ihnen? – Bus" in html
    assert not re.search(r"<(script|link|img)", html)


def test_a_strip_lies_on_no_box_of_another_item(project: Project) -> None:
    from survey.reading.read import places_of_items

    questionnaire = project.questionnaire("desk")
    for item, place in places_of_items(questionnaire, 1).items():
        for row in questionnaire.boxes.itertuples(index=False):
            inside = (
                row.x_mm + row.w_mm > place.x_mm and row.x_mm < place.x_mm + place.w_mm
                and row.y_mm + row.h_mm > place.y_mm and row.y_mm < place.y_mm + place.h_mm
            )  # fmt: skip
            assert inside == (row.item == item), (item, row.box)


def test_pictures_come_from_the_cache(project: Project) -> None:
    desk = desk_of(project)
    pictures = Pictures(project.root, Helper(), desk.shard_of)
    task = desk.tasks[desk.views["ask"][0]]
    assert pictures.strip(task.page_digest, "work")[:2] == b"\xff\xd8"
    assert pictures.crop(task.page_digest, 0)[:4] == b"\x89PNG"
    assert pictures.crop(task.page_digest, 999) == b""


def test_a_small_png_can_be_read_back() -> None:
    import cv2

    grey = np.arange(900, dtype=np.uint16).reshape(30, 30).astype(np.uint8)
    back = cv2.imdecode(np.frombuffer(png(grey), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(back[::3, ::3], grey)


def test_both_languages_say_everything() -> None:
    assert all(de and en for de, en in TEXTS.values())
    de, en = (texts(language) for language in LANGUAGES)
    assert de.keys() == en.keys()


def test_every_text_the_page_asks_for_is_in_the_catalogue() -> None:
    import re

    known = texts("de")
    for name in STATIC:
        for key in re.findall(r'\bsay\("([a-z_]+)"', static_file(name).decode()):
            assert key in known, f"{name}: {key}"


# Who may come in -----------------------------------------------------------------------------------------------------


Answer = tuple[int, dict[str, str], bytes]


def ask(
    page: object, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Send one request to the page, as a server would."""
    given = {"host": HOST, **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path.partition("?")[0], "raw_path": path.partition("?")[0].encode(), "root_path": "",
        "query_string": path.partition("?")[2].encode(), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8750),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    answer: list[dict[str, object]] = []
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, object]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        answer.append(message)

    asyncio.run(page(scope, receive, send))  # type: ignore[operator]
    head = {name.decode(): value.decode() for name, value in answer[0]["headers"]}  # type: ignore[attr-defined]
    return int(str(answer[0]["status"])), head, b"".join(bytes(part.get("body", b"")) for part in answer[1:])  # type: ignore[call-overload]


@pytest.fixture
def page(project: Project) -> tuple[object, Keys]:
    desk, helper = desk_of(project), Helper()
    keys = Keys("a-secret-of-the-session-that-is-long-enough")
    office = Office(
        project.root, project.decisions, desk, Counter(project.decisions, desk, "anna"),
        Pictures(project.root, helper, desk.shard_of), helper, keys,
    )  # fmt: skip
    return make_page(office, frozenset({HOST})), keys


def inside(keys: Keys, **more: str) -> dict[str, str]:
    return {"cookie": f"{keys.cookie}={keys.session}", **more}


JSON = {"origin": f"http://{HOST}", "content-type": "application/json"}


def test_a_link_opens_once_and_the_cookie_is_strict(page: tuple[object, Keys]) -> None:
    web, keys = page
    link = f"/enter/{keys.token}"
    status, head, _ = ask(web, "GET", link)
    assert (status, head["location"]) == (303, "/")
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in head["set-cookie"].split(";")}
    assert ask(web, "GET", link)[0] == 403
    assert ask(web, "GET", "/enter/wrong")[0] == 403
    assert ask(web, "GET", "/")[0] == 401
    assert ask(web, "GET", "/", {"cookie": f"{keys.cookie}=wrong"})[0] == 401
    assert ask(web, "GET", "/", inside(keys))[0] == 200


def test_another_host_another_origin_and_none_at_all_are_refused(page: tuple[object, Keys]) -> None:
    web, keys = page
    body = b"[]"
    assert ask(web, "GET", "/", inside(keys, host="evil.example:8750"))[0] == 421
    assert (
        ask(web, "POST", "/api/replies", inside(keys, **{**JSON, "origin": "http://evil.example"}), body)[0]
        == 403
    )
    assert (
        ask(web, "POST", "/api/replies", inside(keys, **{"content-type": "application/json"}), body)[0] == 403
    )
    assert ask(web, "GET", "/api/queue/ask", inside(keys, origin="null"))[0] == 403
    assert (
        ask(web, "POST", "/api/replies", inside(keys, **{**JSON, "content-type": "text/plain"}), body)[0]
        == 400
    )
    assert ask(web, "POST", "/api/replies", inside(keys, **JSON), body)[0] == 200


def test_an_oversized_body_is_refused_whatever_its_header_says(page: tuple[object, Keys]) -> None:
    web, keys = page
    large = b"[" + b" " * BODY_LIMIT + b"]"
    told = inside(keys, **JSON, **{"content-length": str(len(large))})
    assert ask(web, "POST", "/api/replies", told, large)[0] == 413
    assert ask(web, "POST", "/api/replies", inside(keys, **JSON), large)[0] == 400
    assert ask(web, "POST", "/api/replies", inside(keys, **JSON, **{"content-length": "x"}), b"[]")[0] == 413
    assert ask(web, "GET", "/?" + "x" * 3000, inside(keys))[0] == 414


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py", "/static/..%2fserver.py", "/static/index.html", "/static/%2e%2e/%2e%2e/files.py",
        "/picture/strip/../../survey.db", "/picture/strip/..%2f..%2fsurvey.db", "/picture/scan/../0",
        "/picture/blank/../1", "/picture/blank/desk/9", "/picture/crop/nothing/0", "/../../etc/passwd",
    ],
)  # fmt: skip
def test_no_path_reaches_the_file_system(page: tuple[object, Keys], path: str) -> None:
    web, keys = page
    status, _, body = ask(web, "GET", path, inside(keys))
    assert status == 404
    assert b"import" not in body


def test_every_answer_forbids_foreign_scripts_and_caches(page: tuple[object, Keys]) -> None:
    web, keys = page
    for path, headers in [
        ("/", inside(keys)),
        ("/", {}),
        ("/api/queue/ask", inside(keys)),
        ("/static/app.js", {}),
    ]:
        head = ask(web, "GET", path, headers)[1]
        assert head["cache-control"] == "no-store"
        assert "script-src 'self'" in head["content-security-policy"]
        assert "unsafe" not in head["content-security-policy"]
        assert head["x-content-type-options"] == "nosniff"
    for name in ("index.html", "login.html"):
        html = static_file(name).decode()
        assert " onclick" not in html
        assert "<style" not in html
        assert "http" not in html.replace("http-equiv", "")


def test_an_open_link_leads_on_by_a_page_of_its_own_and_escapes_what_it_is_given(
    page: tuple[object, Keys],
) -> None:
    web, _ = page
    status, _, body = ask(web, "GET", "/open/children=1@office=Bad Segeberg")
    assert status == 200
    assert b"/number/children=1@office=Bad%20Segeberg" in body
    assert b"<script>" not in ask(web, "GET", '/open/"><script>alert(1)</script>')[2]


def test_the_whole_page_is_masked_unless_the_project_allows_it(page: tuple[object, Keys]) -> None:
    web, keys = page
    queue = json.loads(ask(web, "GET", "/api/queue/ask", inside(keys))[2])
    assert queue["whole_page"] is False
    name = queue["tasks"][0]["name"]
    assert ask(web, "GET", f"/picture/page/{name}", inside(keys))[0] == 403
    assert ask(web, "GET", f"/picture/strip/{name}", inside(keys))[1]["content-type"] == "image/jpeg"
    assert ask(web, "GET", "/picture/blank/desk/1", inside(keys))[0] == 200
    assert ask(web, "GET", "/picture/strip/nothing", inside(keys))[0] == 404


def test_replies_are_acknowledged_when_they_are_on_disk(page: tuple[object, Keys], project: Project) -> None:
    web, keys = page
    queue = json.loads(ask(web, "GET", "/api/queue/ask", inside(keys))[2])
    reply = {"id": uuid(), "task": queue["tasks"][0]["name"], "verb": "options", "picked": [0]}
    status, _, body = ask(web, "POST", "/api/replies", inside(keys, **JSON), json.dumps([reply, 7]).encode())
    assert status == 200
    assert json.loads(body)["kept"] == [reply["id"]]
    assert len(project.decisions.adjudications()) == 3
    assert ask(web, "POST", "/api/replies", inside(keys, **JSON), b"[" * 100_000)[0] == 400
    assert len(json.loads(ask(web, "GET", "/api/queue/ask", inside(keys))[2])["tasks"]) == 11


def test_people_appear_without_timing_unless_the_project_says_so(project: Project) -> None:
    say(counter_of(project), tasks(counter_of(project), "work")[0], "options", picked=[0])
    assert desk_of(project).overview["people"] == [{"name": "anna", "decisions": 1}]
    schema = project.root / "schemas" / "desk.yaml"
    schema.write_text(schema.read_text("utf-8") + "review: {timing: true}\n", "utf-8")
    people = desk_of(project).overview["people"]
    assert isinstance(people, list)
    assert "per_minute" in people[0]


def test_a_password_is_asked_from_others_and_not_for_ever() -> None:
    keys = Keys("s" * 40, password="correct horse battery")
    assert not keys.enter_by_password("wrong")
    assert keys.enter_by_password("correct horse battery")
    for _ in range(10):
        keys.enter_by_password("wrong")
    assert not keys.enter_by_password("correct horse battery")
    assert not Keys("s" * 40).enter_by_password("")


def test_a_sessions_secret_outlives_a_killed_server_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = kept_session(tmp_path / "cache")
    assert kept_session(tmp_path / "cache") == first
    assert (tmp_path / "cache" / "review-session").stat().st_mode & 0o077 == 0
    assert kept_session(tmp_path / "other") != first

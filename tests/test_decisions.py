"""Claims about decisions: none is lost, changed or doubled; what must be erased is gone; all of it can be proved."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import decide_for_ever

from bench.postgres import ABSENT, find_program, running
from survey.cli import main
from survey.errors import BusyError, UsageError
from survey.reading.standing import standing
from survey.store import ADJUDICATIONS, Decisions, database
from survey.store.chain import find_breaks, link_digest
from survey.store.layout import DECIDED, KEPT
from survey.store.transfer import read_lines, write_lines
from survey.tables import AUDIT_SAMPLE, AUDITS, MAILING, Table

NAME = "Frau Ö. Beispielmann, 0451 / 55 55"


def decision(state: str = "marked", **given: str) -> dict[str, str]:
    plain = dict.fromkeys(ADJUDICATIONS.columns, "")
    page = {"decided_by": "anna", "page_digest": "d1", "box": "work.1", "item": "work"}
    return {**plain, **page, "state": state, **given}


def typed(value: str, **given: str) -> dict[str, str]:
    return decision("", box="", item="why", value=value, **given)


def decisions(*rows: dict[str, str]) -> pd.DataFrame:
    return ADJUDICATIONS.frame([tuple(row.values()) for row in rows])


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if not find_program("initdb"):
        pytest.skip(ABSENT)
    with running("fsync=off") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Decisions]:
    """No decision yet, in survey.db and in a schema of a PostgreSQL server."""
    if request.param == "sqlite":
        yield Decisions(tmp_path)
        return
    url = request.getfixturevalue("server")
    name = f"s{uuid.uuid4().hex}"
    _on_server(url, f"CREATE SCHEMA {name}")
    store = Decisions(tmp_path, f"{url}&options=-csearch_path%3D{name}")
    yield store
    store.database.close()


def _on_server(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def kept(empty: Decisions) -> Decisions:
    empty.add(decisions(decision("marked"), decision("empty", decided_by="bert")))
    return empty


@pytest.fixture
def in_file(tmp_path: Path) -> Decisions:
    """Two decisions in survey.db."""
    store = Decisions(tmp_path)
    store.add(decisions(decision("marked"), decision("empty", decided_by="bert")))
    return store


# Kept as they were made ----------------------------------------------------------------------------------------------


def test_a_project_without_decisions_has_an_empty_table_and_no_file(tmp_path: Path) -> None:
    store = Decisions(tmp_path)
    assert list(store.adjudications().columns) == list(ADJUDICATIONS.columns)
    assert store.adjudications().empty
    assert store.claims().empty
    assert store.verify().breaks == ()
    assert not store.path.exists()


def test_decisions_come_back_in_the_order_they_were_made(kept: Decisions) -> None:
    kept.add(decisions(decision("revoked", made_at="2012-07-17T10:00:00+00:00")))
    found = Decisions(kept.path.parent, kept.url).adjudications()
    assert found["state"].tolist() == ["marked", "empty", "revoked"]
    assert found["made_at"].str.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00").all()
    assert found["made_at"].tolist()[2] == "2012-07-17T10:00:00+00:00"


CHANGES = [
    "UPDATE adjudications SET state = 'empty'",
    "DELETE FROM adjudications",
    "DELETE FROM adjudications WHERE link = 1",
    "UPDATE texts SET value = 'no'",
    "DELETE FROM texts",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_decision_is_never_changed_or_removed(kept: Decisions, statement: str) -> None:
    kept.add(decisions(typed("yes")))
    before = kept.adjudications()
    with pytest.raises(Exception, match=r"never|only removed"), kept.database.writing(DECIDED) as transaction:
        transaction.run(statement)
    pd.testing.assert_frame_equal(kept.adjudications(), before)


@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_another_program_may_change_a_decision(in_file: Decisions, statement: str) -> None:
    """The triggers lie in the file itself."""
    in_file.add(decisions(typed("yes")))
    with (
        sqlite3.connect(in_file.path) as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"never|only removed"),
    ):
        connection.execute(statement)


@pytest.mark.parametrize("table", ["adjudications", "mailing", "texts"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_a_decision_cannot_be_replaced_by_inserting_over_it(
    in_file: Decisions, table: str, recursive: str
) -> None:
    in_file.add(decisions(typed("yes")))
    in_file.append(MAILING, _neutral(MAILING))
    with sqlite3.connect(in_file.path) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {recursive}")
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        row = dict(zip(names, connection.execute(f"SELECT * FROM {table}").fetchone(), strict=True))
        faults = [row, {**row, "link": 9}] if table != "texts" else [{**row, "value": "no"}]
        if table == "adjudications":
            faults.append({**row, "link": 4})  # the next one, but with an id that is there
        for fault in faults:
            marks = ", ".join("?" * len(names))
            with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
                connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", list(fault.values()))


def test_nor_can_it_on_a_server(kept: Decisions) -> None:
    if not kept.url:
        return
    for statement in (
        "TRUNCATE adjudications CASCADE",
        "INSERT INTO adjudications (link, id, salt, digest) VALUES (1, 'x', '', '')"
        " ON CONFLICT (link) DO UPDATE SET state = 'empty'",
        "INSERT INTO adjudications (link, id, salt, digest) VALUES (9, 'x', '', '')",
    ):
        with pytest.raises(Exception, match="never"), kept.database.writing(DECIDED) as transaction:
            transaction.run(statement)
    assert kept.verify().breaks == ()


def test_of_several_decisions_all_are_kept_or_none(kept: Decisions) -> None:
    broken = decisions(decision("marked"), decision("empty"))
    broken.loc[1, "state"] = None
    with pytest.raises(ValueError, match="state"):
        kept.add(broken)
    with pytest.raises(UsageError, match="withdrawal"):
        kept.add(decisions(decision("marked"), decision("withdrawn")))
    with pytest.raises(UsageError, match="no place"):
        kept.add(decisions(decision("marked"), decision("empty", place="3 20,5 35 4 4")))
    with pytest.raises(KeyError, match="colour"):
        kept.add(decisions(decision("marked")).assign(colour="red"))
    assert len(kept.adjudications()) == 2


def test_what_people_type_is_kept_to_the_letter(kept: Decisions) -> None:
    for text in ("32'; DROP TABLE adjudications; --\nÄ „so“", "1:2 50 % ⟨ñ⟩ 漢字 🙂", " ", "\u2028"):
        kept.add(decisions(typed(text, reason=text)))
        assert kept.adjudications()[["value", "reason"]].iloc[-1].tolist() == [text, text]
    assert kept.verify().breaks == ()


def _neutral(table: Table) -> pd.DataFrame:
    values = {"str": "x", "int64": 3, "float64": 1 / 3}
    return table.frame([tuple(values[kind] for kind, _ in table.columns.values())])


@pytest.mark.parametrize("table", [MAILING, AUDIT_SAMPLE, AUDITS], ids=lambda table: table.name)
def test_all_that_people_recorded_is_kept_for_ever(empty: Decisions, table: Table) -> None:
    row = _neutral(table)
    empty.append(table, row)
    empty.append(table, row)
    pd.testing.assert_frame_equal(empty.rows(table), pd.concat([row, row], ignore_index=True))
    for statement in (f"UPDATE {table.name} SET made_at = ''", f"DELETE FROM {table.name}"):
        with pytest.raises(Exception, match="never"), empty.database.writing(DECIDED) as transaction:
            transaction.run(statement)
    assert empty.adjudications().empty
    assert empty.verify().breaks == ()


# Once, and taken back ------------------------------------------------------------------------------------------------


def test_the_same_decision_twice_is_kept_once(kept: Decisions) -> None:
    rows = decisions(decision(id="u1"), decision("empty", id="u2"), decision(id="u1"))
    assert kept.add(rows).added == 2
    again = kept.add(decisions(decision("empty", id="u2"), decision("revoked", id="u3")))
    assert (again.ids, again.added) == (("u2", "u3"), 1)
    assert kept.adjudications()["id"].tolist()[2:] == ["u1", "u2", "u3"]


def test_an_id_that_says_something_else_is_refused(kept: Decisions) -> None:
    kept.add(decisions(decision(id="u1"), typed("12", id="u2")))
    for other in (decision("empty", id="u1"), decision(id="u1", reason="x"), typed("13", id="u2")):
        with pytest.raises(UsageError, match="another decision"):
            kept.add(decisions(other))
    assert kept.verify().breaks == ()


def test_columns_that_are_not_needed_may_be_left_out(empty: Decisions) -> None:
    row = {"decided_by": "anna", "page_digest": "d1", "box": "work.1", "item": "work", "state": "marked"}
    (name,) = empty.add(pd.DataFrame([row])).ids
    assert uuid.UUID(name)
    assert empty.adjudications().iloc[0].to_dict().items() >= {**row, "id": name, "value": ""}.items()


def test_a_withdrawn_decision_lets_the_one_before_it_stand_again(kept: Decisions) -> None:
    kept.add(decisions(decision("empty", id="u1"), decision("revoked", id="u2")))
    kept.add(decisions(decision("withdrawn", id="u3", withdraws="u2")))
    assert kept.standing()["state"].tolist() == ["marked", "empty", "empty"]
    kept.add(decisions(decision("withdrawn", id="u4", withdraws="u3")))
    assert kept.standing()["state"].tolist() == ["marked", "empty", "empty", "revoked"]
    assert len(kept.adjudications()) == 6


@settings(max_examples=50)
@given(st.lists(st.integers(0, 9), max_size=10))
def test_undo_and_redo_leave_what_a_person_sees(steps: list[int]) -> None:
    """Small numbers decide, 5 to 7 undo, 8 and 9 redo the last undo; a stack is the truth."""
    rows, done, undone = [], [], []
    for place, step in enumerate(steps):
        name = f"u{place}"
        if step < 5:
            rows.append(decision(str(step), id=name))
            done.append(name)
            undone = []
        elif step < 8 and done:
            rows.append(decision("withdrawn", id=name, withdraws=done[-1]))
            undone.append((done.pop(), name))
        elif step >= 8 and undone:
            back, withdrawal = undone.pop()
            rows.append(decision("withdrawn", id=name, withdraws=withdrawal))
            done.append(back)
    assert sorted(standing(decisions(*rows))["id"]) == sorted(done)


# Proof ---------------------------------------------------------------------------------------------------------------


def _tamper(store: Decisions, statement: str) -> None:
    """Change survey.db as somebody would who knows how."""
    with sqlite3.connect(store.path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE adjudications SET state = 'revoked' WHERE link = 2", "adjudications, row 2:"),
        ("UPDATE adjudications SET decided_by = 'eve' WHERE link = 1", "adjudications, row 1:"),
        ("DELETE FROM adjudications WHERE link = 2", "adjudications: row 2 missing"),
        ("DELETE FROM adjudications WHERE link IN (1, 2)", "adjudications: rows 1 to 2 missing"),
        ("UPDATE adjudications SET link = 9 WHERE link = 2", "adjudications: row 2 missing"),
        ("UPDATE texts SET value = '13'", "row 3: its typed text is not what was typed"),
        ("DELETE FROM texts", "row 3: its typed text is gone"),
        ("UPDATE mailing SET envelopes = 4", "mailing, row 1:"),
        ("SELECT 1", "trigger adjudications_last was taken away"),
    ],
)
def test_whatever_is_changed_the_chain_says_where(in_file: Decisions, statement: str, said: str) -> None:
    in_file.add(decisions(typed("12"), decision("marked")))
    in_file.append(MAILING, _neutral(MAILING))
    assert in_file.verify().breaks == ()
    _tamper(in_file, statement)
    found = in_file.verify().breaks
    assert any(said in one for one in found), found


def test_a_row_rewritten_with_its_digest_breaks_the_row_after_it(in_file: Decisions) -> None:
    in_file.add(decisions(decision("marked")))
    with in_file.database.reading() as transaction:
        rows = transaction.rows(DECIDED)
    rows[1]["state"] = "revoked"
    values = {name: rows[1][name] for name in DECIDED.columns}
    rows[1]["digest"] = link_digest(DECIDED.name, 2, str(rows[0]["digest"]), str(rows[1]["salt"]), values)
    assert list(find_breaks(DECIDED, rows)) == [
        "adjudications, row 3: not what was written, or the row before it is not"
    ]


def test_a_digest_tells_nothing_of_its_row(in_file: Decisions) -> None:
    in_file.add(decisions(typed("12"), typed("12")))
    with in_file.database.reading() as transaction:
        rows = transaction.rows(DECIDED)
    assert len({str(row["text"]) for row in rows[2:]}) == 2
    assert len({str(row["salt"]) for row in rows}) == 4


def test_status_tells_whether_every_decision_is_as_it_was_made(in_file: Decisions) -> None:
    (in_file.path.parent / "schemas").mkdir()
    line = ["--project", str(in_file.path.parent), "status", "--verify"]
    found = CliRunner().invoke(main, line)
    assert found.exit_code == 0
    assert "adjudications        2 rows" in found.output
    assert json.loads(CliRunner().invoke(main, [*line, "--json"]).stdout)["breaks"] == []
    _tamper(in_file, "UPDATE adjudications SET state = 'empty' WHERE link = 1")
    found = CliRunner().invoke(main, line)
    assert found.exit_code == 7
    assert "adjudications, row 1" in found.output


# Erasure -------------------------------------------------------------------------------------------------------------


def _bytes_on_disk(store: Decisions) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(store.path.parent.glob("survey.db*")))


def test_erased_text_is_gone_from_the_file_and_the_chain_holds(in_file: Decisions) -> None:
    with in_file.opened():  # as while a review page is open: the log is there, too
        rows = [
            typed(f"{NAME} {number}" if number % 7 else NAME * 40, id=f"u{number}") for number in range(60)
        ]
        in_file.add(decisions(*rows, decision(id="why", reason=NAME)))
        assert NAME.encode() in _bytes_on_disk(in_file)
        assert (in_file.path.parent / "survey.db-wal").exists()
        assert in_file.erase([f"u{number}" for number in range(60)] + ["why"], "anna", "asked") == 61
        assert b"Beispielmann" not in _bytes_on_disk(in_file)
    assert b"Beispielmann" not in _bytes_on_disk(in_file)
    found = in_file.verify()
    assert (found.breaks, found.erased) == ((), 61)
    seen = in_file.adjudications().set_index("id")
    assert seen.loc["u1", ["state", "value", "reason"]].tolist() == ["erased", "", ""]
    assert seen.loc["why", ["state", "reason"]].tolist() == ["marked", ""]


def test_erasing_is_recorded_and_leaves_the_rest(kept: Decisions) -> None:
    kept.add(decisions(typed(NAME, id="u1"), typed("stays", id="u2")))
    assert kept.erase(["u1"], "anna", "asked") == 1
    assert kept.erase(["u1"], "anna", "asked") == 0
    assert kept.adjudications()["value"].tolist() == ["", "", "", "stays"]
    with kept.database.reading() as transaction:
        rows = transaction.rows(next(table for table in KEPT if table.name == "erasures"))
    assert [(row["id"], row["decided_by"], row["reason"]) for row in rows] == [("u1", "anna", "asked")]
    with pytest.raises(UsageError, match="u9"):
        kept.erase(["u9"], "anna", "asked")
    assert kept.verify().breaks == ()


def test_who_reads_while_text_is_erased_is_told_to_come_again(in_file: Decisions) -> None:
    in_file.add(decisions(typed(NAME, id="u1")))
    with sqlite3.connect(in_file.path) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM adjudications").fetchall()
        in_file.database.patience_s = 0.1
        with pytest.raises(BusyError, match="still holds it"):
            in_file.erase(["u1"], "anna", "asked")
        reader.rollback()
    assert in_file.erase(["u1"], "anna", "asked") == 0
    assert b"Beispielmann" not in _bytes_on_disk(in_file)


# Several people at once ----------------------------------------------------------------------------------------------


def test_four_reviewers_lose_nothing_and_the_chain_never_forks(empty: Decisions) -> None:
    def review(person: str) -> list[str]:
        mine = Decisions(empty.path.parent, empty.url)
        done = [
            mine.add(decisions(decision(decided_by=person, box=f"b{number}"))).ids[0] for number in range(20)
        ]
        if mine.url:
            mine.database.close()
        return done

    with ThreadPoolExecutor(4) as pool:
        acknowledged = list(pool.map(review, ["anna", "bert", "cleo", "dora"]))
    found = empty.adjudications()
    assert sorted(found["id"]) == sorted(name for names in acknowledged for name in names)
    assert empty.verify().breaks == ()
    for person, mine in found.groupby("decided_by"):
        assert mine["box"].tolist() == [f"b{number}" for number in range(20)], person


def test_one_store_serves_several_threads(empty: Decisions) -> None:
    with empty.opened(), ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: empty.add(decisions(decision(id=f"u{number % 10}"))), range(40)))
        assert sorted(empty.adjudications()["id"]) == [f"u{number}" for number in range(10)]
    assert empty.verify().breaks == ()


def test_two_reviewers_do_not_meet(empty: Decisions) -> None:
    assert empty.claim(["a", "b"], "anna") == ["a", "b"]
    assert empty.claim(["b", "c"], "bert") == ["c"]
    assert empty.claim(["a"], "anna") == ["a"]
    empty.release(["b", "c"], "anna")
    assert empty.claim(["b", "c"], "bert") == ["b", "c"]
    assert empty.claims().set_index("thing")["claimed_by"].to_dict() == {
        "a": "anna",
        "b": "bert",
        "c": "bert",
    }


def test_a_claim_ends_by_itself(empty: Decisions) -> None:
    assert empty.claim(["a"], "anna", minutes=-1) == ["a"]
    assert empty.claims().empty
    assert empty.claim(["a"], "bert") == ["a"]


def test_of_many_who_claim_at_once_one_gets_it(empty: Decisions) -> None:
    empty.claims() if empty.url else empty.claim([], "nobody")
    gate = threading.Barrier(4)

    def claim(person: str) -> list[str]:
        gate.wait()
        return empty.claim([f"item {number}" for number in random.Random(person).sample(range(8), 8)], person)

    with empty.opened(), ThreadPoolExecutor(4) as pool:
        got = list(pool.map(claim, "abcd"))
    assert sorted(thing for things in got for thing in things) == [f"item {number}" for number in range(8)]


def _decide_until_killed(store: Decisions, decisions_made: int) -> list[str]:
    """Let another process decide and kill it after a number of acknowledgements, at whatever it is doing then."""
    context = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
    if os.name != "nt":
        context.set_forkserver_preload(["killed", "survey.store.database"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=decide_for_ever, args=(store.path.parent, store.url, theirs))
    process.start()
    theirs.close()
    told = [ours.recv() for _ in range(decisions_made)]
    time.sleep(random.Random(decisions_made).random() * 0.02)
    process.kill()
    with suppress(EOFError, OSError):  # it may be killed in the middle of telling
        while True:
            told.append(ours.recv())
    process.join()
    return told


def _survives_kills(store: Decisions, rounds: int, at_once: int) -> None:
    told: list[str] = []
    for number in range(rounds):
        moments = [1 + (number * 7 + place * 5) % 23 for place in range(at_once)]
        with ThreadPoolExecutor(at_once) as pool:
            for names in pool.map(lambda made: _decide_until_killed(store, made), moments):
                told += names
        there = store.adjudications()
        assert set(told) <= set(there["id"])
        assert store.verify().breaks == ()
    assert len(set(told)) == len(told) > 0
    assert len(there) <= len(told) + rounds * at_once  # at most the one that was under way each time


def test_a_killed_process_loses_no_decision_it_acknowledged(empty: Decisions) -> None:
    _survives_kills(empty, 1, 3)


@pytest.mark.long
def test_fifty_killed_processes_lose_no_decision_they_acknowledged(empty: Decisions) -> None:
    _survives_kills(empty, 10, 5)


# Away and back in ----------------------------------------------------------------------------------------------------


def _export(store: Decisions, path: Path) -> Path:
    path.write_text("".join(f"{line}\n" for line in write_lines(*store.whole_rows())), "utf-8")
    return path


def _take_in(store: Decisions, path: Path) -> int:
    arrived = read_lines(path)
    return store.take_in(arrived.decided, arrived.texts, arrived.origins, arrived.erasures)


def test_decisions_travel_with_their_proof(kept: Decisions, tmp_path: Path) -> None:
    kept.add(decisions(typed("12", id="u1"), typed(NAME, id="u2"), decision(id="u3", reason="a\u2028b")))
    kept.add(decisions(decision("withdrawn", id="u4", withdraws="u3")))
    kept.erase(["u2"], "anna", "asked")
    one, two = Decisions(tmp_path / "one"), Decisions(tmp_path / "two")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one.add(decisions(decision(id="own")))
    first = _export(kept, tmp_path / "first.jsonl")
    assert "Beispielmann" not in first.read_text("utf-8")
    assert (_take_in(one, first), _take_in(one, first)) == (6, 0)
    second = _export(one, tmp_path / "second.jsonl")
    assert (_take_in(two, second), _take_in(kept, second)) == (7, 1)
    for store in (one, two, kept):
        assert store.verify().breaks == ()
    pd.testing.assert_frame_equal(
        one.adjudications().iloc[1:].reset_index(drop=True), kept.adjudications().iloc[:6]
    )
    pd.testing.assert_frame_equal(two.adjudications(), one.adjudications())
    with two.database.reading() as transaction:
        origins = transaction.rows(next(table for table in KEPT if table.name == "origins"))
    assert [(row["source"], row["home_link"]) for row in origins if row["id"] == "u1"] == [
        ("first.jsonl", 3), ("second.jsonl", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [('"marked"', '"empty"'), ('"12"', '"13"'), ('"anna"', '"eve"'), ('"id"', '"name"'), ("{", "[")],
)
def test_a_line_that_was_changed_is_not_taken_in(
    in_file: Decisions, tmp_path: Path, old: str, new: str
) -> None:
    in_file.add(decisions(typed("12")))
    path = _export(in_file, tmp_path / "out.jsonl")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    (tmp_path / "other").mkdir()
    other = Decisions(tmp_path / "other")
    with pytest.raises(UsageError, match=r"out\.jsonl:\d: "):
        _take_in(other, path)
    assert other.adjudications().empty


def test_an_erasure_here_outlives_an_older_export(kept: Decisions, tmp_path: Path) -> None:
    kept.add(decisions(typed(NAME, id="u1")))
    path = _export(kept, tmp_path / "out.jsonl")
    kept.erase(["u1"], "anna", "asked")
    assert _take_in(kept, path) == 0
    assert kept.adjudications()["value"].tolist()[-1] == ""


def test_decisions_are_exported_and_recorded_from_the_command_line(
    in_file: Decisions, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    for folder in (in_file.path.parent, other):
        (folder / "schemas").mkdir(parents=True)
    out = tmp_path / "decisions.jsonl"
    run = CliRunner().invoke
    run(main, ["--project", str(in_file.path.parent), "export", "decisions", str(out)])
    line = ["--project", str(other), "record", "decisions", str(out)]
    assert run(main, line).output == "2 decisions taken in\n"
    assert run(main, line).output == "0 decisions taken in, 2 were known\n"
    name = Decisions(other).adjudications()["id"].iloc[0]
    assert run(main, ["--project", str(other), "record", "erasure", name]).output == "0 texts erased\n"
    assert run(main, ["--project", str(other), "record", "erasure", "--case", "S1"]).exit_code == 2


# The file ------------------------------------------------------------------------------------------------------------

OLD_LAYOUT = """
CREATE TABLE adjudications (number INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT NOT NULL, decided_by TEXT NOT NULL,
  page_digest TEXT NOT NULL, box TEXT NOT NULL, item TEXT NOT NULL, machine TEXT NOT NULL, state TEXT NOT NULL,
  value TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TRIGGER adjudications_stay BEFORE UPDATE ON adjudications
  BEGIN SELECT RAISE(ABORT, 'a decision is never changed, only followed by another'); END;
CREATE TRIGGER adjudications_last BEFORE DELETE ON adjudications
  BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END;
CREATE TABLE audits (row INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT NOT NULL, decided_by TEXT NOT NULL,
  sample TEXT NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL);
INSERT INTO adjudications VALUES (1, '2012', 'anna', 'd1', 'work.1', 'work', 'doubtful', 'marked', '', 'a tick');
INSERT INTO adjudications VALUES (2, '2012', 'anna', 'd1', '', 'why', 'doubtful', '', 'Ärger', '');
INSERT INTO adjudications VALUES (3, '2012', 'bert', 'd1', 'work.1', 'work', 'doubtful', 'empty', '', '');
INSERT INTO audits VALUES (1, '2012', 'bert', 's', 7, 'marked');
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A survey.db of the time before decisions were chained."""
    with sqlite3.connect(tmp_path / "survey.db") as connection:
        connection.executescript(OLD_LAYOUT)
    return tmp_path


def test_a_file_of_the_older_layout_loses_no_decision(old: Path) -> None:
    copy = Decisions(Path(shutil.copytree(old, old / "copy")))
    store = Decisions(old)
    found = store.adjudications()
    assert found[["decided_by", "state", "value", "reason"]].to_numpy().tolist() == [
        ["anna", "marked", "", "a tick"], ["anna", "", "Ärger", ""], ["bert", "empty", "", ""],
    ]  # fmt: skip
    assert store.rows(AUDITS)["number"].tolist() == [7]
    assert store.rows(MAILING).empty
    store.add(decisions(decision("revoked")))
    assert store.verify().breaks == ()
    assert found["id"].tolist() == copy.adjudications()["id"].tolist()  # so that copies can be joined again
    store.erase(found["id"], "anna", "asked")
    assert "Ärger".encode() not in store.path.read_bytes()


def test_a_file_that_was_killed_while_it_was_brought_up_to_date_is_still_the_old_one(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(database, "sqlite_triggers", lambda: iter([("x", "CREATE nonsense")]))
        with pytest.raises(Exception, match="nonsense"):
            Decisions(old).adjudications()
    assert len(Decisions(old).adjudications()) == 3


def test_a_column_that_comes_later_breaks_no_chain(in_file: Decisions) -> None:
    with in_file.database.reading() as transaction:
        rows = transaction.rows(DECIDED)
    wider = Table(DECIDED.name, {**DECIDED.columns, "later": ("str", "a column of a later version")})
    assert list(find_breaks(wider, [{**row, "later": ""} for row in rows])) == []
    assert list(find_breaks(wider, [{**row, "later": "x"} for row in rows])) != []


def test_a_file_of_a_newer_version_is_left_as_it_is(in_file: Decisions) -> None:
    with sqlite3.connect(in_file.path) as connection:
        connection.execute("ALTER TABLE adjudications ADD COLUMN later TEXT")
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(UsageError, match="newer"):
        in_file.add(decisions(decision()))


def test_many_who_open_a_new_project_at_once_make_one_layout(empty: Decisions) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda name: empty.add(decisions(decision(id=name))), "abcdef"))
    assert sorted(empty.adjudications()["id"]) == list("abcdef")
    assert empty.verify().breaks == ()


def test_the_log_is_written_ahead_but_not_on_a_network_drive(
    in_file: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def journal() -> str:
        with in_file.database.open() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())

    assert journal() == "wal"
    monkeypatch.setattr(database, "is_on_network_drive", lambda path: True)
    moved = Decisions(in_file.path.parent)
    moved.add(decisions(decision()))
    assert journal() == "delete"
    assert len(moved.adjudications()) == 3
    moved.add(decisions(typed(NAME, id="u1")))
    moved.erase(["u1"], "anna", "asked")
    assert b"Beispielmann" not in _bytes_on_disk(moved)


def test_a_database_url_that_leads_nowhere_is_two_lines(tmp_path: Path) -> None:
    for url, said in [
        ("nonsense", "no database URL"),
        ("mysql://server/x", "mysql"),
        (f"postgresql://anna:secret@/x?host={tmp_path}", "cannot open"),
    ]:
        with pytest.raises(UsageError, match=said) as fault:
            Decisions(tmp_path, url).adjudications()
        assert fault.value.hint
        assert "secret" not in f"{fault.value} {fault.value.hint}"

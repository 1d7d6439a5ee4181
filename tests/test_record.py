"""Claims about the mailing's account: it balances, says what contradicts, and nothing is counted twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import write_questionnaire

from survey.cli import main
from survey.cli.ledger import MAILING_KINDS
from survey.errors import UsageError
from survey.project import Project, enter_mailing
from survey.questionnaire.mailing import KINDS, balance, days_received, only_new, read_mailing
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.printed_code import make_serial
from survey.tables import CASES, MAILING

A, B, C = (make_serial("S", number) for number in (1, 2, 3))  # North, North, South
NOTHING = CASES.frame()


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """Nine copies were issued: six to North, three to South."""
    return write_questionnaire(tmp_path_factory.mktemp("coded") / "schemas", code="MINI", issued=9)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_questionnaire(tmp_path / "schemas", code="MINI", issued=9)
    return Project(tmp_path)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def rows(*given: tuple[str, str, str, int, str]) -> pd.DataFrame:
    """Rows of MAILING: kind, serial, stratum, envelopes, day."""
    return MAILING.frame([("", "mini", *one, "list.csv") for one in given])


def returned(*serials: str) -> pd.DataFrame:
    return CASES.frame([(one, one, "South" if one == C else "North", "", 2, "") for one in serials])


@pytest.mark.parametrize(
    "text",
    [
        f"serial,date\n{A},2012-07-17\n{C},\n",
        f"\ufeffSerial;Date\r\n{A};17.07.2012\r\n{C};\r\n",
        f"serial;date;Büro\n{A};17.7.12;ä\n{C};;\n",
    ],
)
def test_a_list_is_read_as_people_save_it(coded: Questionnaire, tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "list.csv", text, "cp1252" if "ü" in text else "utf-8")
    found = read_mailing(path, "refused", coded)
    assert found[["kind", "serial", "stratum", "envelopes", "day"]].to_numpy().tolist() == [
        ["refused", A, "North", 1, "2012-07-17"],
        ["refused", C, "South", 1, ""],
    ]


def test_envelopes_may_only_be_counted(coded: Questionnaire, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", "stratum;count;date\nNorth;3;2012-07-17\nSouth;0;2012-07-17\n")
    assert read_mailing(path, "undeliverable", coded)["envelopes"].tolist() == [3, 0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"serial\n{A}\nS99999\n", 3, "never issued"),
        ("stratum,count\nNorth,1\nWest,2\n", 3, "West"),
        ("stratum,count\nNorth,many\n", 2, "many"),
        ("stratum,count\nNorth,-1\n", 2, "-1"),
        ("stratum,count,date\nNorth,1,soon\n", 2, "soon"),
        ("stratum,count\nNorth,1\nNorth,2\n", 3, "twice"),
        ("number\n1\n", 1, "serial"),
        (f"serial,surname\n{A},X\n", 1, "surname"),
    ],
)
def test_what_a_list_has_wrong_is_said_with_file_and_line(
    coded: Questionnaire, tmp_path: Path, text: str, line: int, said: str
) -> None:
    path = write(tmp_path / "list.csv", text)
    with pytest.raises(Exception, match=said) as fault:
        read_mailing(path, "refused", coded)
    assert f"list.csv:{line}:" in str(fault.value)


def test_the_account_balances(coded: Questionnaire) -> None:
    mailing = rows(("undeliverable", B, "North", 1, ""), ("refused", "", "South", 2, "2012-07-17"))
    found = balance(coded, returned(A), mailing, 9)
    assert (found.undeliverable, found.refused, found.outstanding) == (1, 2, 5)
    assert found.contradictions == ()


def test_a_returned_case_recorded_as_refused_is_said_and_counts_as_returned(coded: Questionnaire) -> None:
    found = balance(coded, returned(A), rows(("refused", A, "North", 1, "")), 9)
    assert (found.refused, found.outstanding) == (0, 8)
    assert found.contradictions == (f"{A} is recorded as refused, but has returned",)


def test_more_envelopes_than_were_issued_are_said(coded: Questionnaire) -> None:
    found = balance(coded, returned(C), rows(("undeliverable", "", "South", 3, "")), 9)
    assert found.contradictions == ("South: 3 issued, but 1 returned and 3 undeliverable or refused",)


def test_the_last_entry_for_a_serial_counts(coded: Questionnaire) -> None:
    mailing = rows(("undeliverable", A, "North", 1, ""), ("received", A, "North", 1, "2012-07-18"))
    found = balance(coded, NOTHING, mailing, 9)
    assert (found.undeliverable, found.outstanding, found.unscanned) == (0, 9, 1)
    assert days_received("mini", mailing) == {A: "2012-07-18"}


def test_the_last_count_for_a_stratum_and_date_counts(coded: Questionnaire) -> None:
    counts = [("North", 2, "2012-07-17"), ("North", 1, "2012-07-18"), ("North", 3, "2012-07-17")]
    mailing = rows(*(("refused", "", *one) for one in counts))
    assert balance(coded, NOTHING, mailing, 9).refused == 4


def test_a_longer_list_adds_only_its_new_lines() -> None:
    first = rows(("refused", A, "North", 1, ""))
    longer = rows(("refused", A, "North", 1, ""), ("refused", B, "North", 1, ""))
    assert only_new(longer, first)["serial"].tolist() == [B]
    assert only_new(longer, longer).empty


kinds = st.sampled_from(KINDS)
entries = st.one_of(
    st.tuples(
        kinds, st.sampled_from([A, B, C]), st.just("North"), st.just(1), st.sampled_from(["", "2012-07-17"])
    ),
    st.tuples(kinds, st.just(""), st.sampled_from(["North", "South"]), st.integers(0, 4), st.just("")),
)


@settings(max_examples=60)
@given(st.lists(entries, max_size=12), st.sets(st.sampled_from([A, B, C])))
def test_whatever_is_recorded_the_sum_is_what_was_issued(
    coded: Questionnaire, given_rows: list[tuple[str, str, str, int, str]], back: set[str]
) -> None:
    found = balance(coded, returned(*sorted(back)), rows(*given_rows), 9)
    assert len(back) + found.undeliverable + found.refused + found.outstanding == 9
    assert found.outstanding >= 0 or found.contradictions


def test_recording_a_file_again_adds_nothing_and_says_so(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "back.csv", f"serial;date\n{A};17.07.2012\n{B};17.07.2012\n")
    line = ["--project", str(project.root), "record", "undeliverable", str(path)]
    assert CliRunner().invoke(main, line).output == "undeliverable: 2 lines recorded\n"
    assert (
        CliRunner().invoke(main, line).output
        == "undeliverable: 0 lines recorded, 2 had been recorded before\n"
    )
    assert len(project.decisions.rows(MAILING)) == 2


def test_a_fault_in_a_list_records_nothing(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "back.csv", f"serial\n{A}\nS00000\n")
    with pytest.raises(UsageError):
        enter_mailing(project, "refused", path, "mini")
    assert project.decisions.rows(MAILING).empty


def test_what_was_recorded_is_never_changed_or_removed(project: Project, tmp_path: Path) -> None:
    enter_mailing(project, "refused", write(tmp_path / "no.csv", f"serial\n{A}\n"), "mini")
    with sqlite3.connect(project.decisions.path) as connection:
        for statement in ("UPDATE mailing SET kind = 'received'", "DELETE FROM mailing"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)


def test_the_commands_are_the_kinds() -> None:
    assert tuple(MAILING_KINDS) == KINDS

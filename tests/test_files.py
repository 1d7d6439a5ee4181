"""Claims about files: written whole or not at all, tables that Excel has touched, one writing run a project."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import BusyError, CannotWriteError, UsageError
from survey.files import (
    NETWORK_FILESYSTEMS,
    digest,
    filesystem_of,
    is_on_network_drive,
    project_lock,
    read_csv,
    to_numbers,
    whole_file,
    write_csv,
    write_whole,
    write_whole_with,
)
from survey.store import Stages


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_two_digests_agree_only_where_all_parts_do(one: list[bytes], other: list[bytes]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_text_and_its_utf8_bytes_have_one_digest() -> None:
    assert digest("Größe") == digest("Größe".encode())


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_whole(path, b"old")

    def fails(neighbour: Path) -> None:
        neighbour.write_bytes(b"half")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        write_whole_with(path, fails)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["table.csv"]


def test_a_file_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(CannotWriteError) as caught:
        write_whole(tmp_path / "taken" / "marks.csv", b"")
    assert caught.value.exit_code == 4
    assert "Excel" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_written_file_may_be_read_by_colleagues(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"")
    (tmp_path / "b").write_bytes(b"")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == stat.S_IMODE((tmp_path / "b").stat().st_mode)


def test_writing_makes_the_folders_it_needs(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b" / "c.txt", b"x")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"x"


EXCEL = [
    pytest.param(
        "box;x_mm\r\nüber;12,5\r\n".encode("utf-8-sig"), id="semicolon, byte order mark, Windows lines"
    ),
    pytest.param("box;x_mm\nüber;12,5\n".encode("cp1252"), id="cp1252"),
    pytest.param("box\tx_mm\nüber\t12.5\n".encode(), id="tabs"),
    pytest.param('box,x_mm\n"über","12,5"\n'.encode(), id="quoted decimal comma"),
]


@pytest.mark.parametrize("data", EXCEL)
def test_a_csv_saved_in_excel_is_read_as_it_was_meant(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "boxes.csv"
    path.write_bytes(data)
    table = read_csv(path)
    assert list(table.columns) == ["box", "x_mm"]
    assert table["box"].tolist() == ["über"]
    assert to_numbers(table["x_mm"]).tolist() == [12.5]


def test_empty_lines_between_rows_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n\n,\n3,4\n", encoding="utf-8")
    assert read_csv(path)["a"].tolist() == ["1", "3"]


def test_too_many_values_in_a_row_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"t\.csv:3: 3 values"):
        read_csv(path)


def test_a_missing_or_empty_csv_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_csv(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(UsageError, match="is empty"):
        read_csv(tmp_path / "empty.csv")


def test_what_is_no_number_is_not_zero() -> None:
    numbers = to_numbers(pd.Series(["1", " 2,5 ", "", "viel"], dtype="str"))
    assert numbers[:2].tolist() == [1, 2.5]
    assert numbers[2:].isna().all()


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": ["x, y", 'say "z"', "ü"], "b": ["1", "", "3"]}, dtype="str")
    write_csv(tmp_path / "t.csv", table)
    pd.testing.assert_frame_equal(read_csv(tmp_path / "t.csv"), table)


def test_a_second_writing_run_is_refused_and_a_later_one_is_not(tmp_path: Path) -> None:
    with project_lock(tmp_path):
        with pytest.raises(BusyError) as caught, project_lock(tmp_path):
            pass
        assert caught.value.exit_code == 5
    with project_lock(tmp_path):
        pass


LINUX = r"""
/dev/sda1 / ext4 rw 0 0
server:/export /srv/shared nfs4 rw,vers=4.2 0 0
/dev/sdb1 /srv/shared/disk ext4 rw 0 0
//server/office /shares/Share\040one cifs rw 0 0
anna@server: /media/anna fuse.sshfs rw 0 0
""".splitlines()
BSD = """
/dev/disk3s1 on / (apfs, local, journaled)
//anna@server/office on /Volumes/Share on two (smbfs, nodev, nosuid)
""".splitlines()


@pytest.mark.parametrize(
    ("path", "mounts", "kind", "is_remote"),
    [
        ("/srv/project/survey.db", LINUX, "ext4", False),
        ("/srv/shared/project/survey.db", LINUX, "nfs4", True),
        ("/srv/shared/disk/survey.db", LINUX, "ext4", False),
        ("/srv/sharedelse/survey.db", LINUX, "ext4", False),
        ("/shares/Share one/survey.db", LINUX, "cifs", True),
        ("/media/anna/survey.db", LINUX, "fuse.sshfs", True),
        ("/Volumes/Share on two/survey.db", BSD, "smbfs", True),
        ("/Volumes/else/survey.db", BSD, "apfs", False),
        ("/anywhere", ["nonsense"], "", False),
    ],
)
def test_a_network_drive_is_told_by_the_table_of_mounts(
    path: str, mounts: list[str], kind: str, is_remote: bool
) -> None:
    found = filesystem_of(Path(path), mounts)
    assert found == kind
    assert (found in NETWORK_FILESYSTEMS) == is_remote


def test_the_disk_of_the_tests_is_no_network_drive_or_says_so(tmp_path: Path) -> None:
    assert is_on_network_drive(tmp_path / "not there yet") == is_on_network_drive(tmp_path)


def test_a_file_that_is_written_twice_at_once_is_one_of_the_two(tmp_path: Path) -> None:
    path = tmp_path / "kept.arrows"
    with whole_file(path) as neighbour:
        neighbour.write_bytes(b"begun")
        write_whole(path, b"the other")
        assert path.read_bytes() == b"the other"
        neighbour.write_bytes(neighbour.read_bytes() + b" and ended")
    assert path.read_bytes() == b"begun and ended"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.arrows"]


def test_a_table_that_is_walked_through_by_half_is_not_kept(tmp_path: Path) -> None:
    stages, parts = Stages(tmp_path), [pd.DataFrame({"n": [n]}) for n in range(3)]
    walk = stages.walk_all("numbers", "key", iter(parts))
    next(walk)
    del walk
    assert not stages.has("numbers", "key")
    assert not list(stages.folder.iterdir())
    assert len(list(stages.walk_all("numbers", "key", iter(parts)))) == 3
    again = stages.walk_all("numbers", "key", iter([]))
    assert [part["n"].tolist() for part in again] == [[0], [1], [2]]

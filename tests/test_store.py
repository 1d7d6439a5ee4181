"""Claims about what is kept: a decision is never changed or removed, and a lost cache costs time, never work."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.store import ADJUDICATIONS, FILES, Cache, Decisions
from survey.tables import AUDIT_SAMPLE, AUDITS, MAILING, MEASUREMENTS, PAGES, Table


def decision(state: str = "marked", **given: str) -> dict[str, str]:
    plain = dict.fromkeys(ADJUDICATIONS.columns, "")
    return {
        **plain,
        "decided_by": "anna",
        "page_digest": "d1",
        "box": "work.1",
        "item": "work",
        "state": state,
        **given,
    }


def decisions(*rows: dict[str, str]) -> pd.DataFrame:
    return ADJUDICATIONS.frame([tuple(row.values()) for row in rows])


@pytest.fixture
def kept(tmp_path: Path) -> Decisions:
    store = Decisions(tmp_path)
    store.add(decisions(decision("marked"), decision("empty", decided_by="bert")))
    return store


def test_a_project_without_decisions_has_an_empty_table_and_no_file(tmp_path: Path) -> None:
    store = Decisions(tmp_path)
    assert list(store.adjudications().columns) == list(ADJUDICATIONS.columns)
    assert store.adjudications().empty
    assert not store.path.exists()


def test_decisions_come_back_in_the_order_they_were_made(kept: Decisions) -> None:
    kept.add(decisions(decision("revoked", made_at="2012-07-17T10:00:00+00:00")))
    found = Decisions(kept.path.parent).adjudications()
    assert found["state"].tolist() == ["marked", "empty", "revoked"]
    assert found["made_at"].str.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00").all()
    assert found["made_at"].tolist()[2] == "2012-07-17T10:00:00+00:00"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE adjudications SET state = 'empty'",
        "DELETE FROM adjudications",
        "DELETE FROM adjudications WHERE number = 1",
        "INSERT OR REPLACE INTO adjudications (number, made_at, decided_by, page_digest, box, item, machine, state, "
        "value, reason) VALUES (1, '', 'eve', 'd1', 'work.1', 'work', '', 'empty', '', '')",
        "REPLACE INTO adjudications (number, made_at, decided_by, page_digest, box, item, machine, state, value, "
        "reason) VALUES (2, '', 'eve', 'd1', 'work.1', 'work', '', 'empty', '', '')",
    ],
)
def test_a_decision_is_never_changed_or_removed(kept: Decisions, statement: str) -> None:
    before = kept.adjudications()
    with kept._connect() as connection, pytest.raises(Exception, match="a decision is never"):
        connection.exec_driver_sql(statement)
    pd.testing.assert_frame_equal(kept.adjudications(), before)


def test_not_even_another_program_may_change_a_decision(kept: Decisions) -> None:
    """The triggers lie in the file itself."""
    with sqlite3.connect(kept.path) as connection:
        for statement in ("UPDATE adjudications SET state = 'empty'", "DELETE FROM adjudications"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)


def test_of_several_decisions_all_are_kept_or_none(kept: Decisions) -> None:
    broken = decisions(decision("marked"), decision("empty"))
    broken.loc[1, "state"] = None
    with pytest.raises(Exception, match="NOT NULL"):
        kept.add(broken)
    assert len(kept.adjudications()) == 2


def test_what_people_type_is_kept_to_the_letter(kept: Decisions) -> None:
    text = "32'; DROP TABLE adjudications; --\nÄ „so“"
    kept.add(decisions(decision("", value=text)))
    assert kept.adjudications()["value"].tolist()[-1] == text


@pytest.mark.parametrize("table", [MAILING, AUDIT_SAMPLE, AUDITS], ids=lambda table: table.name)
def test_all_that_people_recorded_is_kept_for_ever(tmp_path: Path, table: Table) -> None:
    store = Decisions(tmp_path)
    neutral = {"str": "x", "int64": 3, "float64": 0.5}
    row = table.frame([tuple(neutral[kind] for kind, _ in table.columns.values())])
    store.append(table, row)
    store.append(table, row)
    pd.testing.assert_frame_equal(store.rows(table), pd.concat([row, row], ignore_index=True))
    with sqlite3.connect(store.path) as connection:
        for statement in (f"UPDATE {table.name} SET made_at = ''", f"DELETE FROM {table.name}"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)
    assert store.adjudications().empty


def test_decisions_of_an_older_file_stay_and_the_new_tables_are_added(kept: Decisions) -> None:
    with sqlite3.connect(kept.path) as connection:
        connection.execute("DROP TABLE mailing")
    assert kept.rows(MAILING).empty
    assert len(kept.adjudications()) == 2


def pages(*digests: str, scan: str = "a.pdf") -> pd.DataFrame:
    plain = {
        name: 0 if kind == "int64" else 0.5 if kind == "float64" else ""
        for name, (kind, _) in PAGES.columns.items()
    }
    rows = [
        {**plain, "scan": scan, "page": at, "page_digest": name, "is_cover": False}
        for at, name in enumerate(digests, 1)
    ]
    return PAGES.frame(rows)


def measurements(*digests: str) -> pd.DataFrame:
    plain = {name: 0.5 if kind == "float64" else True for name, (kind, _) in MEASUREMENTS.columns.items()}
    return MEASUREMENTS.frame(
        pd.DataFrame(
            {**plain, "page_digest": name, "box": box} for name in digests for box in ("work.1", "work.2")
        )
    )


def save(
    cache: Cache, table: pd.DataFrame, measured: pd.DataFrame, pictures: dict[str, object], key: str = "key"
) -> str:
    return cache.save_shard(key, table, measured, pictures)  # type: ignore[arg-type]


def test_a_shard_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    shard = save(
        cache, pages("d1", "d2"), measurements("d1", "d2"), {"d1.crops": np.zeros((2, 30, 30), np.uint8)}
    )
    assert cache.has_shard(shard)
    pd.testing.assert_frame_equal(Cache(tmp_path).pages([shard]), pages("d1", "d2"))
    pd.testing.assert_frame_equal(Cache(tmp_path).measurements([shard]), measurements("d1", "d2"))


def test_batches_have_shards_of_their_own_and_the_same_batch_has_the_same(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    names = [
        save(cache, pages(*digests, scan=scan), measurements(*digests), {})
        for scan, digests in [
            ("a.pdf", ["d1"]),
            ("b.pdf", ["d1"]),
            ("a.pdf", ["d1", "d2"]),
            ("a.pdf", ["d1"]),
        ]
    ]
    assert len(set(names)) == 3
    assert names[0] == names[3]
    assert save(cache, pages("d1"), measurements("d1"), {}, "another key") not in names


def test_a_page_that_stands_in_two_shards_is_measured_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    shards = [save(cache, pages("d1", scan=scan), measurements("d1"), {}) for scan in ("a.pdf", "b.pdf")]
    assert len(cache.pages(shards)) == 2
    assert len(cache.measurements(shards)) == 2


def test_a_shard_of_pages_without_boxes_is_no_fault(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    shard = save(cache, pages("d1"), MEASUREMENTS.frame(), {})
    assert cache.measurements([shard]).empty
    assert len(cache.pages([shard])) == 1


def test_an_empty_cache_has_empty_tables(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert list(cache.files().columns) == list(FILES.columns)
    assert cache.pages([]).empty
    assert cache.measurements([]).empty


def test_shards_that_no_batch_names_are_dropped_and_others_stay(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    old, new = (save(cache, pages(name), measurements(name), {}) for name in ("d1", "d2"))
    cache.drop_shards_except({new})
    assert not cache.has_shard(old)
    assert cache.has_shard(new)
    assert {path.name.split(".")[0] for path in (tmp_path / ".survey" / "shards").iterdir()} == {new}


def test_a_shard_from_before_a_column_existed_is_filled_with_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    shard = save(cache, pages("d1").drop(columns=["streak", "bilevel"]), measurements("d1"), {})
    found = cache.pages([shard])
    assert list(found.columns) == list(PAGES.columns)
    assert found["streak"].isna().all()
    assert not found["bilevel"].any()


def test_a_thumbnail_is_kept_as_long_as_its_page(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    old, new = (save(cache, pages(name), measurements(name), {}) for name in ("d1", "d2"))
    for name in ("d1", "d2"):
        cache.save_thumbnail(name, b"jpeg")
    path = cache.thumbnail("d1")
    assert path is not None
    assert path.read_bytes() == b"jpeg"
    assert cache.thumbnail("") is None
    assert cache.thumbnail("d3") is None
    cache.drop_shards_except({new})
    assert cache.thumbnail("d1") is None
    assert cache.thumbnail("d2") is not None
    assert not cache.has_shard(old)


def test_a_shard_half_written_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    shard = save(cache, pages("d1"), measurements("d1"), {})
    (tmp_path / ".survey" / "shards" / f"{shard}.pages.parquet").unlink()
    monkeypatch.setattr(
        "survey.store._save_arrays", lambda *_args, **_kw: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        save(cache, pages("d1"), measurements("d1"), {})
    assert not cache.has_shard(shard)


def test_deleting_the_cache_deletes_no_decision(kept: Decisions) -> None:
    Cache(kept.path.parent).save_files(FILES.frame([("a.pdf", "scans/a.pdf", 1, 1, "s", "k")]))
    shutil.rmtree(kept.path.parent / ".survey")
    assert len(kept.adjudications()) == 2
    assert Cache(kept.path.parent).files().empty

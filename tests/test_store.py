"""Claims about the cache: a lost one costs time, never work."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.store import FILES, Cache, Decisions
from survey.tables import MEASUREMENTS, PAGES


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
        "survey.store.cache._save_arrays", lambda *_args, **_kw: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        save(cache, pages("d1"), measurements("d1"), {})
    assert not cache.has_shard(shard)


def test_deleting_the_cache_deletes_no_decision(tmp_path: Path) -> None:
    kept = Decisions(tmp_path)
    kept.add(
        pd.DataFrame([{"decided_by": "anna", "page_digest": "d", "box": "b", "item": "i", "state": "marked"}])
    )
    Cache(tmp_path).save_files(FILES.frame([("a.pdf", "scans/a.pdf", 1, 1, "s", "k")]))
    shutil.rmtree(tmp_path / ".survey")
    assert len(kept.adjudications()) == 1
    assert Cache(tmp_path).files().empty

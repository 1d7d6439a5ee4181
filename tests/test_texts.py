"""Claims about numbered texts: whatever is asked of them is what arrays of texts would answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from survey.texts import Texts, together

WORDS = ["", "1", "2", "2.5", "-3", "blank", "ü"]
COLUMNS = st.lists(st.sampled_from(WORDS), max_size=12)


def plain(words: list[str]) -> np.ndarray:
    return np.array(words, dtype=object)


@given(COLUMNS, st.sampled_from([*WORDS, "nowhere"]))
def test_texts_are_compared_as_texts(words: list[str], text: str) -> None:
    column, wanted = Texts.of(words), [text, "1"]
    assert column.are(text).tolist() == [word == text for word in words]
    assert column.among(wanted).tolist() == [word in wanted for word in words]
    assert column.places_in(WORDS).tolist() == [WORDS.index(word) for word in words]
    assert column.places_in([text]).tolist() == [0 if word == text else -1 for word in words]
    assert len(column) == len(words)


@given(COLUMNS, COLUMNS, st.data())
def test_columns_are_compared_and_joined_as_texts(
    words: list[str], others: list[str], data: st.DataObject
) -> None:
    count = min(len(words), len(others))
    one, other = Texts.of(words[:count]), Texts.of(others[:count])
    pairs = list(zip(words, others, strict=False))
    assert one.same(other).tolist() == [word == also for word, also in pairs]
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), bool)
    either = [word if is_chosen else also for (word, also), is_chosen in zip(pairs, chosen, strict=True)]
    assert one.where(chosen, other).as_objects().tolist() == either
    numbers, known = together([one, other])
    assert [[known[at] for at in row] for row in numbers] == [words[:count], others[:count]]


@given(COLUMNS, st.data())
def test_texts_put_changed_chosen_and_spread_are_those_of_arrays(
    words: list[str], data: st.DataObject
) -> None:
    column, array = Texts.of(words), plain(words)
    where = np.array(data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words))), bool)
    for text in ("new", "1"):
        assert column.put(where, text).as_objects().tolist() == np.where(where, text, array).tolist()
    assert column[where].trimmed().as_objects().tolist() == array[where].tolist()
    assert set(column[where].trimmed().words) == set(array[where])
    shorter = column.mapped(lambda word: word[:1])
    assert shorter.as_objects().tolist() == [word[:1] for word in words]
    assert shorter.are("2").tolist() == [word[:1] == "2" for word in words]
    wide = Texts.of(words).spread(np.arange(len(words)) + 1, len(words) + 2)
    assert wide.as_objects().tolist() == ["", *words, ""]


def test_only_plain_numbers_count_as_numbers() -> None:
    found = Texts.of(["2.5", "-3", "1e3", "nan", "", "07", " 1"]).floats()
    assert found.tolist()[:2] == [2.5, -3]
    assert np.isnan(found).tolist() == [False, False, True, True, True, False, True]


@given(COLUMNS)
def test_columns_of_tables_are_read_and_written(words: list[str]) -> None:
    for column in (pd.Series(words, dtype="str"), pd.Series(pd.Categorical(words, categories=WORDS))):
        assert Texts.of_column(column).as_objects().tolist() == words
    assert Texts.of(words).as_categories().tolist() == words
    assert Texts.full(2, "x").as_objects().tolist() == ["x", "x"]

"""Claims about charts: same bytes, readable colours, alt texts from shown numbers only."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from survey.reporting.canvas import GREY, PALE, contrast, dark_enough, readable_on
from survey.reporting.charts import (
    ACCENTS,
    Bar,
    Chart,
    Combination,
    Filled,
    Flow,
    Frame,
    Heat,
    Panel,
    Slope,
    Stack,
    bar_chart,
    combination_chart,
    dot_plot,
    facsimile_page,
    flow_chart,
    heat_map,
    panels_chart,
    return_curve,
    segment_colours,
    slope_chart,
    stacked_bars,
)
from survey.reporting.charts.parts import spread
from survey.reporting.wording import Wording

WORDS = Wording("de")
FRAME = Frame("x", "Frage 1. Was fehlt?", "Basis: n = 40.", ACCENTS[0])
BARS = [Bar("Bus", 0.5, 0.4, 0.6), Bar("Bahn", 0.123, 0.1, 0.2, shown=False)]


LATER = Bar("Bus", 0.7, 0.6, 0.8)
FILLED = [
    Filled("Bus", 20, 40, 4, 4, 0.5, "50\u00a0%", "means_bus=1@all"),
    Filled("Bahn", 20, 50, 4, 4, None, "•", ""),
]


def all_charts() -> list[Chart]:
    stacks = [Stack("Kosten", [0.4, 0.3, 0.2, 0.1], 40), Stack("Weg", [0, 0, 0, 0], 3, shown=False)]
    return [
        bar_chart(FRAME, BARS, WORDS),
        heat_map(FRAME, Heat(["Mo"], ["7", "8"], [[0.2, None]], [[True, False]], "früh"), WORDS),
        stacked_bars(FRAME, stacks, ["sehr", "eher", "kaum", "nicht"], WORDS),
        dot_plot(FRAME, [("Betreuung", BARS)], ["Nord", "Süd"], WORDS),
        combination_chart(
            FRAME,
            [("Kinder", ACCENTS[0]), ("Wege", ACCENTS[1])],
            [Combination([True, False], BARS[0]), Combination([], Bar("selten", 0.1, 0.05, 0.2))],
            WORDS,
        ),
        return_curve(FRAME, [("2012-07-01", 3), ("2012-07-04", 9), ("2012-07-05", 12)], WORDS),
        flow_chart(
            FRAME, Flow("angeschrieben", 90, [Flow("da", 40), Flow("fehlt", 50, is_lost=True)]), WORDS
        ),
        slope_chart(
            FRAME,
            [Slope("Bus", BARS[0], Bar("Bus", 0.7, 0.6, 0.8), True, ACCENTS[1])],
            ("2010", "2012"),
            WORDS,
        ),
        panels_chart(FRAME, [Panel("Ahaus", BARS), Panel("Bocholt", BARS)], BARS, ACCENTS[:2], WORDS),
        facsimile_page(FRAME, np.full((30, 21), 255, np.uint8), (210, 297), FILLED, WORDS),
    ]


@pytest.fixture(scope="module")
def charts() -> list[Chart]:
    return all_charts()


def test_a_second_run_gives_the_same_bytes(charts: list[Chart]) -> None:
    assert [chart.svg for chart in all_charts()] == [chart.svg for chart in charts]


def test_charts_are_well_formed_and_carry_no_date(charts: list[Chart]) -> None:
    for chart in charts:
        ElementTree.fromstring(chart.svg)
        assert b"<dc:date>" not in chart.svg


def test_every_alt_text_names_wording_base_and_numbers(charts: list[Chart]) -> None:
    for chart in charts:
        assert "Was fehlt?" in chart.alt and "n = 40" in chart.alt
        assert any(letter.isdigit() for letter in chart.alt.replace("40", ""))


def test_a_hidden_number_reaches_neither_alt_text_nor_bar(charts: list[Chart]) -> None:
    bars = charts[0]
    assert "12" not in bars.alt.replace("n = 40", "") and "nicht gezeigt" in bars.alt
    other = bar_chart(FRAME, [BARS[0], Bar("Bahn", 0.45, 0.4, 0.5, shown=False)], WORDS)
    assert other.svg == bars.svg


def test_accents_can_be_read_as_text_and_seen_as_shapes() -> None:
    for accent in ACCENTS:
        assert contrast(accent, "#ffffff") >= 4.5  # WCAG 1.4.3
        assert contrast(accent, PALE) >= 3  # WCAG 1.4.11


def test_numbers_on_segments_can_be_read() -> None:
    for accent in ACCENTS:
        for count in (2, 3, 4, 5, 6, 7):
            colours = segment_colours(accent, count)
            assert len(set(colours)) == count
            for colour in colours:
                assert contrast(readable_on(colour), colour) >= 4.5, (accent, count, colour)


def test_outlines_and_lines_can_be_seen_beside_white() -> None:
    assert contrast(GREY, "#ffffff") >= 3  # WCAG 1.4.11


def test_sides_of_a_scale_differ_without_colour_too() -> None:
    """What is right of the middle is hatched, in the bars and in the legend."""
    stacks = [Stack("Kosten", [0.4, 0.3, 0.2, 0.1], 40)]
    even = stacked_bars(FRAME, stacks, ["sehr", "eher", "kaum", "nicht"], WORDS)
    odd = stacked_bars(FRAME, [Stack("Kosten", [0.5, 0.3, 0.2], 40)], ["gar nicht", "etwas", "stark"], WORDS)
    clips = [chart.svg.count(b"<clipPath") for chart in (even, odd)]
    assert clips[0] - clips[1] == 4


def test_labels_are_spread_without_changing_their_order() -> None:
    assert spread([10, 10.5, 30], 4, 0, 40) == [10, 14, 30]
    assert spread([39, 40], 4, 0, 40) == [36, 40]
    assert spread([1, 1, 1], 10, 0, 10) == [0, 5, 10]


def test_a_facsimile_tells_every_box_and_hides_what_is_hidden() -> None:
    page = all_charts()[-1]
    assert page.table.rows[1] == ["Bahn", "•"] and "Bus 50" in page.alt and page.width_mm == FRAME.width_mm


def test_an_office_with_a_pale_colour_gets_a_darker_one() -> None:
    assert dark_enough("#1f5a7a") == "#1f5a7a"
    assert contrast(dark_enough("#ffe08a"), "#ffffff") >= 4.5

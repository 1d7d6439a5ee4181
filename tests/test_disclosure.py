"""Claims about disclosure control: nothing hidden can be worked out, little is hidden, and the past is kept in mind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_outcomes import fake_returns, segeberg

from survey.analysis.disclosure import (
    Decision,
    Policy,
    audit,
    crossed,
    hide,
    may_publish,
    protect,
    to_publish,
)
from survey.analysis.disclosure.attack import Attack, breaches
from survey.analysis.disclosure.cells import Cells, Linking
from survey.analysis.disclosure.hiding import (
    ROUNDS,
    ROUNDS_ONCE,
    hide_fewest,
    hide_roughly,
    what_can_be_spanned,
)
from survey.analysis.rows import rows_of as estimate_rows
from survey.errors import UsageError
from survey.reporting.chapters import compose
from survey.reporting.evidence import Evidence, Results
from survey.reporting.exports import EXPORTS
from survey.store import Decisions
from survey.tables import PUBLISHABLE, PUBLISHED

MINIMUM = 10
REFERENCE = np.array([[152, 61, 7], [188, 90, 14], [55, 28, 5]])


def hidden_of(cells: Cells, *names: str) -> np.ndarray:
    return np.isin(cells.names, names)


def intervals(cells: Cells, hidden: np.ndarray) -> dict[str, tuple[float, float]]:
    seen = audit(cells, hidden, MINIMUM)
    rows = zip(cells.names, seen.low, seen.high, hidden, strict=True)
    return {name: (round(low, 6), round(high, 6)) for name, low, high, is_hidden in rows if is_hidden}


def test_small_cells_alone_are_worked_out_from_the_margins() -> None:
    cells = crossed(REFERENCE, MINIMUM)
    assert intervals(cells, cells.sensitive) == {"0,2": (7, 7), "2,2": (5, 5)}
    assert audit(cells, cells.sensitive, MINIMUM).breached == ("0,2", "2,2")


def test_two_more_cells_protect_them() -> None:
    cells = crossed(REFERENCE, MINIMUM)
    hidden = hidden_of(cells, "0,1", "0,2", "2,1", "2,2")
    assert intervals(cells, hidden) == {"0,1": (56, 68), "0,2": (0, 12), "2,1": (21, 33), "2,2": (0, 12)}
    found = hide(cells, MINIMUM)
    assert found.is_optimal
    assert found.hidden.sum() == 4
    assert not audit(cells, found.hidden, MINIMUM).breached


def three_way(draw: np.random.Generator, sides: tuple[int, ...], mean: float) -> Cells:
    return crossed(draw.negative_binomial(1.5, 1.5 / (1.5 + mean), sides), MINIMUM)


def check_a_table(cells: Cells) -> tuple[int, int]:
    """Cells hidden by the way of large tables and by the search for the fewest (0: not proven); both pass the audit."""
    needed = what_can_be_spanned(cells, MINIMUM, cells.sensitive)
    quick = hide_fewest(cells, needed, ROUNDS_ONCE)
    fewest = hide_fewest(cells, needed, ROUNDS)
    for hidden in (quick.hidden, fewest.hidden, hide_roughly(cells, needed)):
        assert not audit(cells, hidden, needed).breached
    return int(quick.hidden.sum()), int(fewest.hidden.sum()) if fewest.is_optimal else 0


@pytest.mark.parametrize("seed", range(4))
def test_random_three_way_tables_are_safe_and_little_is_hidden(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cells = three_way(draw, (3, 2, 3), 30)
    if cells.sensitive.any():
        found = hide(cells, MINIMUM)
        needed = what_can_be_spanned(cells, MINIMUM, found.hidden)
        assert not audit(cells, found.hidden, needed).breached
        quick, fewest = check_a_table(cells)
        assert not fewest or quick <= 1.5 * fewest


@pytest.mark.parametrize("seed", range(3))
def test_an_attack_that_remembers_finds_what_a_fresh_audit_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cells = three_way(draw, (3, 2, 3), 20)
    needed = np.full(len(cells.names), float(MINIMUM))
    attack, hidden = Attack(cells, needed), cells.closed(~cells.public)
    for place in draw.permutation(len(hidden))[:12]:
        hidden = hidden.copy()
        hidden[place] = not hidden[place] and not cells.public[place]
        found = attack.breaches(hidden)
        assert tuple(cells.names[one] for one in sorted(found)) == audit(cells, hidden, needed).breached
        assert attack.holds(hidden) == (not found)
        assert all(attack.spans(hidden, one) == (one not in found) for one in np.flatnonzero(hidden))


def test_a_cell_that_nothing_is_linked_with_is_hidden_alone() -> None:
    linking = Linking()
    linking.add("lonely", 4, sensitive=True)
    linking.add("far away", 40)
    assert hide(linking.done(), MINIMUM).hidden.tolist() == [True, False]


def test_a_margin_that_does_not_add_up_is_named() -> None:
    linking = Linking()
    for name, count in [("all", 12), ("A", 5), ("B", 6)]:
        linking.add(name, count)
    with pytest.raises(UsageError, match="all differs by 1"):
        linking.relate("all", ["A", "B"])


# Estimates -----------------------------------------------------------------------------------------------------------


def table(counts: dict[str, dict[str, int]], variable: str = "v", statistic: str = "share") -> pd.DataFrame:
    """ESTIMATES of one variable: domain -> code -> count; the base is their sum, or what `base` says."""
    rows = []
    for domain, of_domain in counts.items():
        base = of_domain.get("base", sum(of_domain.values()))
        for code, count in of_domain.items():
            if code != "base":
                rows.append((variable, variable, code, domain, statistic, count, base))
    names = ["item", "variable", "code", "domain", "statistic", "count", "base"]
    return estimate_rows({name: [row[place] for row in rows] for place, name in enumerate(names)})


OFFICES = {
    "all": {"1": 395, "2": 179, "3": 26},
    "office=A": {"1": 152, "2": 61, "3": 7},
    "office=B": {"1": 188, "2": 90, "3": 14},
    "office=C": {"1": 55, "2": 28, "3": 5},
}
YES = {
    "all": {"1": 120, "base": 300},
    "office=A": {"1": 60, "base": 120},
    "office=B": {"1": 52, "base": 110},
    "office=C": {"1": 8, "base": 70},
}


def hidden_keys(shown: pd.DataFrame) -> set[str]:
    return set(shown.loc[~shown["shown"], "key"])


def test_linked_offices_are_protected_together() -> None:
    shown = protect(table(OFFICES), Policy(MINIMUM))
    assert len(hidden_keys(shown)) == 4
    assert {"v=3@office=A", "v=3@office=C"} < hidden_keys(shown)
    reasons = shown.set_index("key")["reason"]
    assert "minimum cell" in reasons["v=3@office=A"]
    assert reasons[reasons.str.contains("worked out")].index.isin(hidden_keys(shown)).all()


def test_a_single_small_office_hides_a_second_one() -> None:
    hidden = hidden_keys(protect(table(YES), Policy(MINIMUM)))
    assert "v=1@office=C" in hidden
    assert len(hidden) == 2


def test_who_nearly_all_said_is_protected_like_who_few_said() -> None:
    counts = {domain: {"1": row["base"] - row["1"], "base": row["base"]} for domain, row in YES.items()}
    assert "v=1@office=C" in hidden_keys(protect(table(counts), Policy(MINIMUM)))


def test_all_or_none_of_an_office_is_not_told() -> None:
    counts = YES | {"all": {"1": 112, "base": 300}, "office=C": {"1": 0, "base": 70}}
    shown = protect(table(counts), Policy(MINIMUM)).set_index("key")
    assert "nobody" in shown.loc["v=1@office=C", "reason"]
    assert shown.loc["v=1@all", "shown"]


def test_zeros_are_protected_only_where_the_schema_says_so() -> None:
    counts = {
        "all": {"1": 200, "2": 100, "3": 30},
        "office=A": {"1": 120, "2": 60, "3": 30},
        "office=B": {"1": 80, "2": 40, "3": 0},
    }
    assert not hidden_keys(protect(table(counts), Policy(MINIMUM)))
    assert "v=3@office=B" in hidden_keys(protect(table(counts), Policy(MINIMUM, zeros=frozenset({"v"}))))


def test_a_group_too_small_shows_nothing_and_a_mean_follows_its_counts() -> None:
    counts = OFFICES | {
        "all": {"1": 343, "2": 154, "3": 24},
        "office=C": {"1": 3, "2": 3, "3": 3},
    }
    both = pd.concat([table(counts), table({d: {"mean": 0, "base": sum(c.values())} for d, c in counts.items()},
                                           statistic="mean")])  # fmt: skip
    shown = protect(both.reset_index(drop=True), Policy(MINIMUM)).set_index("key")
    assert not shown.loc[shown["domain"] == "office=C", "shown"].any()
    for domain in counts:
        codes = shown[(shown["domain"] == domain) & (shown["code"] != "mean")]
        assert shown.loc[f"v=mean@{domain}", "shown"] == codes["shown"].all()


def test_a_difference_is_not_told_where_one_of_its_sides_is_not() -> None:
    """Who knows one side and the difference knows the other side."""
    sides = table(
        {"office=A minus office=B": {"1": 0}, "office=A minus office=C": {"1": 0}}, statistic="difference"
    )
    shown = protect(pd.concat([table(YES), sides], ignore_index=True), Policy(MINIMUM)).set_index("key")[
        "shown"
    ]
    for other in "BC":
        both = shown["v=1@office=A"] and shown[f"v=1@office={other}"]
        assert shown[f"v=1@office=A minus office={other}"] == both
    assert not shown["v=1@office=A minus office=C"]


def test_a_test_is_told_only_where_the_table_behind_it_is() -> None:
    told = estimate_rows({"item": ["v", "v"], "variable": ["v by office", "v by sex"], "code": "test", "domain": "all",
                          "statistic": "F", "base": 300})  # fmt: skip
    large = {domain: {"1": 60, "2": 50} for domain in ("office=A", "office=B")} | {
        "all": {"1": 120, "2": 100}
    }
    shown = protect(pd.concat([table(large), told], ignore_index=True), Policy(MINIMUM)).set_index("key")[
        "shown"
    ]
    assert shown["v by office=test@all"]
    assert not shown["v by sex=test@all"], "the table by sex is not there"
    small = protect(pd.concat([table(OFFICES), told], ignore_index=True), Policy(MINIMUM)).set_index("key")[
        "shown"
    ]
    assert not small["v by office=test@all"]


def test_shares_of_answers_follow_the_counts_they_add_up() -> None:
    counts = pd.concat(
        [table({"all": {"1": count, "base": 300}}, name) for name, count in [("v_a", 120), ("v_b", 4)]]
    )
    counts["item"] = "v"
    answers = estimate_rows({"item": "v", "variable": ["v_a", "v_b"], "code": "answers", "domain": "all",
                             "statistic": "share of answers", "count": [120, 4], "base": 124})  # fmt: skip
    shown = protect(pd.concat([counts, answers], ignore_index=True), Policy(MINIMUM)).set_index("key")[
        "shown"
    ]
    assert shown["v_a=1@all"] and not shown["v_b=1@all"]
    assert not shown["v_a=answers@all"], "124 answers less 120 would be the hidden 4"


def test_crossed_offices_add_up_to_the_total_although_no_table_by_office_stands_between() -> None:
    crossed_only = {"all": {"1": 120, "base": 300}, "office=A&sex=1": {"1": 60, "base": 120},
                    "office=A&sex=2": {"1": 52, "base": 110}, "office=B&sex=1": {"1": 8, "base": 70}}  # fmt: skip
    hidden = hidden_keys(protect(table(crossed_only), Policy(MINIMUM)))
    assert "v=1@office=B&sex=1" in hidden and len(hidden) > 1


def test_p_values_are_corrected_for_those_tests_that_are_told() -> None:
    told = estimate_rows({"item": "v", "variable": ["v by office", "w by office"], "code": "test", "domain": "all",
                          "statistic": "F", "base": 300, "p": [0.02, 0.01], "p_adjusted": 0.02,
                          "method": "rao-scott, holm: f"})  # fmt: skip
    large = {"office=A": {"1": 60, "2": 50}, "office=B": {"1": 60, "2": 50}, "all": {"1": 120, "2": 100}}
    rows = pd.concat([table(large), table(OFFICES, "w"), told], ignore_index=True)
    found = protect(rows, Policy(MINIMUM)).set_index("key")
    assert found.loc["v by office=test@all", "p_adjusted"] == pytest.approx(0.02)
    assert not found.loc["w by office=test@all", "shown"]


# Publications --------------------------------------------------------------------------------------------------------


def published(shown: pd.DataFrame, data: str = "d1", name: str = "report") -> pd.DataFrame:
    return PUBLISHED.frame(to_publish(shown, "q", name, data).assign(made_at="2012-10-01T00:00:00+00:00"))


def test_a_later_table_that_gives_a_hidden_count_by_difference_is_refused() -> None:
    first = protect(table(YES), Policy(MINIMUM))
    both = table({"office=A & sex=1": {"1": 30, "base": 60}, "office=A & sex=2": {"1": 30, "base": 60},
                  "office=B & sex=1": {"1": 26, "base": 55}, "office=B & sex=2": {"1": 26, "base": 55}})  # fmt: skip
    decision = may_publish(both, published(first), MINIMUM, data="d1")
    assert not decision.allowed
    assert any("office=C" in reason and "kept back" in reason for reason in decision.reasons)
    other = table({"sex=1": {"1": 60, "base": 150}, "sex=2": {"1": 60, "base": 150}})
    assert may_publish(other, published(first), MINIMUM, data="d1") == Decision(True)


def test_a_hidden_number_itself_and_a_small_one_are_refused() -> None:
    first = protect(table(YES), Policy(MINIMUM))
    again = may_publish(table(YES), published(first), MINIMUM, data="d1")
    assert not again.allowed
    assert not may_publish(table({"all": {"1": 4, "base": 80}}), PUBLISHED.frame(), MINIMUM).allowed
    assert may_publish(first[first["shown"]], published(first), MINIMUM, data="d1").allowed


def test_a_formula_that_was_changed_since_does_not_stop_a_report() -> None:
    first = protect(table(OFFICES), Policy(MINIMUM))
    now = {domain: {"1": row["1"] - 5, "2": row["2"] + 5, "3": row["3"]} for domain, row in OFFICES.items()}
    now["all"] = {"1": 380, "2": 194, "3": 26}
    later = protect(table(now), Policy(MINIMUM), published(first), "d1")
    assert {"v=3@office=A", "v=3@office=C"} <= hidden_keys(later)


def test_the_same_data_publish_the_same_cells_again() -> None:
    first = protect(table(OFFICES), Policy(MINIMUM))
    again = protect(table(OFFICES), Policy(MINIMUM), published(first), "d1")
    assert hidden_keys(again) == hidden_keys(first)


def test_a_final_report_keeps_back_what_would_tell_an_interim_count() -> None:
    """Two more people came in at one office: its count, shown at last, would put the interim one between 7 and 9."""
    interim = (
        {"all": {"1": 118, "base": 298}}
        | {d: YES[d] for d in ("office=A", "office=B")}
        | {"office=C": {"1": 6, "base": 68}}
    )
    first = protect(table(interim), Policy(MINIMUM))
    final = (
        {"all": {"1": 122, "base": 302}}
        | {d: YES[d] for d in ("office=A", "office=B")}
        | {"office=C": {"1": 10, "base": 72}}
    )
    assert not hidden_keys(protect(table(final), Policy(MINIMUM)))
    later = protect(table(final), Policy(MINIMUM), published(first), "d2")
    assert "v=1@office=C" in hidden_keys(later)


def test_published_cells_are_kept_for_ever(tmp_path: Path) -> None:
    shown = protect(table(YES), Policy(MINIMUM))
    decisions = Decisions(tmp_path)
    decisions.append(PUBLISHED, to_publish(shown, "q", "report", "d1"))
    kept = decisions.rows(PUBLISHED)
    assert kept["shown"].tolist() == shown["shown"].astype(int).tolist()
    assert (kept["made_at"] != "").all()


# What people read ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results() -> Results:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 64)
    return Results(questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"])


def with_other_hidden_numbers(results: Results) -> Results:
    """The same results, every number that may not be shown replaced by another one."""
    other = Results(results.questionnaire, results.marks, results.outcomes, results.cases, results.ledger)
    estimates = results.estimates.copy()
    hidden = ~estimates["shown"]
    assert hidden.sum() > 100
    estimates.loc[hidden, ["count", "base"]] = [777, 8888]
    numbers = [name for name, (kind, _) in PUBLISHABLE.columns.items() if kind == "float64"]
    estimates.loc[hidden, numbers] = 0.5432
    other.__dict__["estimates"] = estimates
    return other


def test_texts_charts_alt_texts_and_tables_do_not_depend_on_a_hidden_number(results: Results) -> None:
    """Charts are compared by their bytes: bars, intervals and places of letters, too."""
    other = with_other_hidden_numbers(results)
    assert compose(Evidence(other, "de")) == compose(Evidence(results, "de"))
    exported = EXPORTS["estimates"](other)
    assert exported.equals(EXPORTS["estimates"](results))
    assert exported.loc[~results.estimates["shown"].to_numpy(), "reason"].ne("").all()


@pytest.mark.long
def test_two_hundred_random_three_way_tables() -> None:
    """bench/disclosure.py writes the same into docs/disclosure.md."""
    from bench.disclosure import measure

    found = measure(200)
    assert found["breaches"] == 0
    assert found["worst_ratio"] <= 1.5


def test_many_linked_cells_pass_the_audit() -> None:
    cells = three_way(np.random.default_rng(3), (3, 4, 4), 25)
    found = hide(cells, MINIMUM)
    assert not breaches(cells, found.hidden, found.needed)

"""What became of every case, and the weights -> response rates and facts about weights, as rows of ESTIMATES.

Rates after AAPOR, Standard Definitions, 10th edition 2023, for mail surveys of specifically named persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.population import ALL, Weighted
from survey.analysis.rows import rows_of
from survey.analysis.targets import RETURNED
from survey.analysis.weighting import design_effect, effective_size
from survey.questionnaire.mailing import balance
from survey.questionnaire.model import Questionnaire

DEFINITIONS = {
    "rr1": "I / ((I + P) + (R + NC + O) + (UH + UO))",
    "rr2": "(I + P) / ((I + P) + (R + NC + O) + (UH + UO))",
    "rr3": "I / ((I + P) + (R + NC + O) + e (UH + UO))",
    "rr4": "(I + P) / ((I + P) + (R + NC + O) + e (UH + UO))",
    "rr5": "I / ((I + P) + (R + NC + O))",
    "rr6": "(I + P) / ((I + P) + (R + NC + O))",
}
"""Formula of each rate, with AAPOR's letters: complete, partial, refused, non-contact, other, unknown."""
REFUSED = "refused: of those who did not return, nobody knows whether they belong to the population"
ELIGIBLE, WEIGHTING, FRAME = "eligible", "weighting", "frame"


@dataclass(frozen=True)
class CaseCounts:
    """Cases by what became of them, in AAPOR's letters."""

    complete: int = 0
    """I: returned, and valid by the schema's rule."""
    partial: int = 0
    """P: returned with fewer answers."""
    refused: int = 0
    noncontact: int = 0
    other: int = 0
    outstanding: int = 0
    """UH: nothing came back; whether the person still belongs to the population is unknown."""
    undeliverable: int = 0
    """UO: the envelope came back unopened."""
    ineligible: int = 0
    """NE: known not to belong to the population."""

    @property
    def eligible(self) -> int:
        """Cases known to belong to the population."""
        return self.complete + self.partial + self.refused + self.noncontact + self.other

    @property
    def unknown(self) -> int:
        """Cases of which nobody knows whether they do."""
        return self.outstanding + self.undeliverable


def share_eligible(counts: CaseCounts) -> float:
    """AAPOR's e: of the cases whose eligibility is known, the share that is eligible (proportional allocation)."""
    known = counts.eligible + counts.ineligible
    return counts.eligible / known if known else float("nan")


def response_rates(counts: CaseCounts, e: float | None = None) -> dict[str, float]:
    """RR1 to RR6; RR5 and RR6, which take nobody unknown for eligible, are NaN while somebody is unknown.

    `e` is the share of unknown cases that is taken for eligible in RR3 and RR4; without it share_eligible.
    """
    e = share_eligible(counts) if e is None else e
    found = {}
    for place, taken in enumerate([1.0, e, 0.0]):
        below = counts.eligible + taken * counts.unknown
        for other, above in enumerate([counts.complete, counts.complete + counts.partial]):
            is_refused = not below or (place == 2 and counts.unknown)
            found[f"rr{2 * place + other + 1}"] = float("nan") if is_refused else above / below
    return found


def case_counts(
    returned: Coded, is_valid: NDArray[np.bool_], questionnaire: Questionnaire, mailing: pd.DataFrame
) -> CaseCounts:
    """Count what became of every case that was issued."""
    back = pd.DataFrame({"serial": returned.cases, "stratum": returned.stratum.as_objects()}, dtype="str")
    ineligible = questionnaire.schema.population.ineligible
    issued = sum(questionnaire.frame.values())
    found = balance(questionnaire, back, mailing, issued)
    return CaseCounts(
        complete=int(is_valid.sum()),
        partial=int((~is_valid).sum()),
        refused=found.refused,
        outstanding=max(found.outstanding - ineligible, 0),
        undeliverable=found.undeliverable,
        ineligible=ineligible,
    )


def without_stratum(cases: pd.DataFrame, strata: Iterable[str]) -> int:
    """Count the returned CASES of which nobody knows to which stratum they belong."""
    return int(((cases["pages_read"] > 0) & ~cases["stratum"].isin(list(strata))).sum())


def rate_rows(counts: CaseCounts, questionnaire: Questionnaire) -> pd.DataFrame:
    """Response rates, the share of eligible cases, and every dated count of the frame with the return over it."""
    issued = sum(questionnaire.frame.values())
    if not issued:
        return rows_of({"item": [], "variable": [], "code": [], "domain": [], "statistic": []})
    rates = response_rates(counts)
    taken = [counts.complete, counts.complete + counts.partial] * 3
    rows = [
        (name, name, "1", "rate", count, issued - counts.ineligible, value,
         REFUSED if np.isnan(value) else DEFINITIONS[name], not np.isnan(value))
        for (name, value), count in zip(rates.items(), taken, strict=True)
    ]  # fmt: skip
    known = counts.eligible + counts.ineligible
    rows.append((ELIGIBLE, ELIGIBLE, "1", "rate", counts.eligible, known, share_eligible(counts), "e", True))
    back = counts.complete + counts.partial
    for count in sorted(questionnaire.schema.population.counts, key=lambda one: one.day):
        people = sum(count.people.values())
        rows.append((FRAME, FRAME, count.day, "size", people, people, float(people), "", True))
        rows.append((RETURNED, RETURNED, count.day, "rate", back, people, back / people, "", True))
    names = ["item", "variable", "code", "statistic", "count", "base", "value", "method", "shown"]
    table = pd.DataFrame(rows, columns=names).assign(domain=ALL)
    ends = {"se": 0.0, "low": table["value"], "high": table["value"]}  # counted, not drawn
    return rows_of({name: table[name] for name in table.columns} | ends)


def weight_facts(weighted: Weighted | None) -> pd.DataFrame:
    """The account of the weights: effective number, design effect, range, trimmed ones, and how raking converged."""
    if weighted is None:
        return rows_of({"item": [], "variable": [], "code": [], "domain": [], "statistic": []})
    weight, raked = weighted.design.weight, weighted.raked
    facts = {
        "effective": ("size", effective_size(weight)),
        "design_effect": ("factor", design_effect(weight)),
        "least": ("factor", float(weight.min())),
        "largest": ("factor", float(weight.max())),
    }
    if raked is not None:
        facts |= {
            "least_change": ("factor", raked.least),
            "largest_change": ("factor", raked.largest),
            "trimmed": ("size", float(raked.at_bound.sum())),
            "rounds": ("size", float(raked.sweeps)),
            "gap": ("factor", raked.gap),
        }
    return rows_of(
        {
            "item": WEIGHTING, "variable": WEIGHTING, "code": list(facts), "domain": ALL,
            "statistic": [kind for kind, _ in facts.values()], "count": len(weight), "base": len(weight),
            "value": [value for _, value in facts.values()],
        }
    )  # fmt: skip

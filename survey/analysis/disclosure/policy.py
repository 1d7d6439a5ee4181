"""Schema, answers and ESTIMATES -> what may not be published, and what a reader knows besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.coded import Coded
from survey.analysis.coding import responses_to_coded
from survey.analysis.derive import derived_asked
from survey.analysis.disclosure.rules import Contained, Policy, contained_in
from survey.analysis.population import ALL
from survey.analysis.targets import NEEDS
from survey.questionnaire.formulas import names, parse
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import Derived

Flags = NDArray[np.bool_]


def policy_of(questionnaire: Questionnaire, responses: pd.DataFrame, estimates: pd.DataFrame) -> Policy:
    """What the schema says about publishing, and what follows from the answers.

    These are who dominates a sum, and which counts hold others because one variable is derived from another.
    """
    said = questionnaire.schema.disclosure
    codes = list(dict.fromkeys(estimates.loc[estimates["variable"] == NEEDS, "code"]))
    coded = responses_to_coded(responses, questionnaire)
    domains = list(dict.fromkeys(estimates.loc[estimates["statistic"] == "mean", "domain"]))
    return Policy(
        questionnaire.schema.population.minimum_cell,
        frozenset(said.protect_zeros),
        dominated(coded, questionnaire, domains, said.dominance),
        (*contained_in(questionnaire, codes), *derived_from(coded, questionnaire)),
    )


def dominated(
    coded: Coded, questionnaire: Questionnaire, domains: Sequence[str], limit: float
) -> frozenset[str]:
    """Keys of the means of written and derived numbers of which one person makes up more than `limit` (share)."""
    asked = [*questionnaire.asked(), *derived_asked(questionnaire)]
    numbers = [one.id for one in asked if one.kind == "number"]
    found = set()
    for domain in domains:
        inside = _cases_of(domain, coded, questionnaire.schema.population.stratum)
        for variable in numbers:
            code, missing = coded.of(variable)
            values = np.abs(code.floats()[inside & missing.are("")])
            if values.max(initial=0.0) > limit * values.sum():
                found.add(f"{variable}=mean@{domain}")
    return frozenset(found)


def _cases_of(domain: str, coded: Coded, stratum: str) -> Flags:
    """The cases of a domain by its name; all of them where its name tells nothing of answers, as when they came."""
    inside = np.ones(len(coded.cases), dtype=bool)
    for part in [] if domain == ALL else domain.split("&"):
        variable, _, wanted = part.strip().partition("=")
        if variable == stratum:
            inside &= coded.stratum.are(wanted)
        elif variable in coded.answers:
            code, missing = coded.of(variable)
            inside &= missing.are("") & code.are(wanted)
    return inside


def derived_from(coded: Coded, questionnaire: Questionnaire) -> Iterator[Contained]:
    """What the answers tell of derived variables: whoever has a code of one has a code of the other.

    A reader who knows the formula knows as much; what holds of these answers by chance only hides a little more.
    """
    for derived in questionnaire.schema.analysis.derived:
        sources = _sources(derived)
        for source in sources:
            if source not in coded.answers:
                continue
            becomes = _becomes(coded, source, derived.id)
            for target in sorted(set(becomes.values())):
                parts = tuple((source, code) for code, other in sorted(becomes.items()) if other == target)
                if len(sources) == 1:
                    yield Contained((derived.id, target), parts, is_exact=True)
                else:
                    yield from (Contained((derived.id, target), (part,)) for part in parts)


def _sources(derived: Derived) -> list[str]:
    return (
        [derived.of] if derived.of else list(dict.fromkeys(name for name, _ in names(parse(derived.formula))))
    )


def _becomes(coded: Coded, source: str, derived: str) -> dict[str, str]:
    """Code of a variable -> the one code of a derived variable that all its cases have; others are left out."""
    (code, missing), (other, lacks) = coded.of(source), coded.of(derived)
    pairs = pd.DataFrame({"code": code.as_objects(), "other": other.as_objects()}, dtype=object)
    pairs = pairs.assign(other=pairs["other"].where(lacks.are(""), None))[missing.are("")]
    found = pairs.groupby("code")["other"].agg(["nunique", "count", "size", "first"])
    sure = found[(found["nunique"] == 1) & (found["count"] == found["size"])]
    return {str(one): str(target) for one, target in sure["first"].items()}

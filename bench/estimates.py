"""Coded answers of many cases -> the time and memory that all estimates of them take.

Two sizes: a survey of Segeberg's kind (637 cases, 200 variables, 30 domains, from the table of responses), and a large
one (100,000 cases, 200 variables, 20 domains, from coded arrays), without weights and with raked ones.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from survey.analysis.coded import Coded
from survey.analysis.coding import to_responses, variables
from survey.analysis.estimate import estimate, estimate_coded
from survey.questionnaire.model import Questionnaire, Schema
from survey.tables import BOXES
from survey.texts import Texts

RESULTS = Path(__file__).parent / "results" / "estimates.json"
OPTIONS = 4
VARIABLES = 200
SIZES = {"637 cases, 30 domains": (637, 2, 13, True), "100,000 cases, 20 domains": (100_000, 4, 4, False)}
"""Cases, variables that are domains, their codes, whether it begins with RESPONSES; four domains are there besides."""
LACKING = 0.04  # share of answers that are missing


def survey_of(cases: int, dividers: int, codes: int, *, is_weighted: bool) -> Questionnaire:
    """A questionnaire of 200 items with four options; the first ones divide the cases."""
    items = [
        {"id": f"q{n}", "type": "scale" if n % 5 == 0 else "single", "text": f"Item {n}",
         "options": [{"code": code} for code in range(1, (codes if n < dividers else OPTIONS) + 1)]}
        for n in range(VARIABLES)
    ]  # fmt: skip
    frame = {name: int(share * 2.9 * cases) for name, share in {"A": 0.43, "B": 0.3, "C": 0.27}.items()}
    margin = {"variable": "q0", "shares": dict.fromkeys(range(1, codes + 1), 1 / codes)}
    weights = {"weights": {"margins": [margin]}}
    schema = {
        "questionnaire": "bench", "sections": [{"id": "s", "title": "S", "items": items}],
        "population": {"stratum": "office", "frame": frame} | (weights if is_weighted else {}),
        "analysis": {"domains": [f"q{n}" for n in range(dividers)]},
    }  # fmt: skip
    return Questionnaire(Schema.model_validate(schema), BOXES.frame(), None, Path("schemas/bench.yaml"))


def answers_of(questionnaire: Questionnaire, cases: int) -> Coded:
    """Random answers, some of them missing."""
    draw = np.random.default_rng(1)
    answers = {}
    for variable in variables(questionnaire):
        code = draw.choice(np.array(list(variable.value_labels()), dtype=object), cases)
        lacks = draw.random(cases) < LACKING
        answers[variable.name] = Texts.of(code).put(lacks, ""), Texts.full(cases, "").put(lacks, "blank")
    stratum = draw.choice(np.array(["A", "B", "C"], dtype=object), cases)
    index = pd.Index([f"c{n:06d}" for n in range(cases)])
    return Coded(index, Texts.of(stratum), answers)


def main() -> None:
    """Time one size, named by its number, or all of them in processes of their own."""
    import subprocess

    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
        return
    found = []
    for number in range(2 * len(SIZES)):
        command = [sys.executable, "-m", "bench.estimates", str(number)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        print(found[-1])
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def measure(number: int) -> dict[str, object]:
    """Seconds (clock and CPU), rows made, and the largest memory of the process in MB."""
    name, (cases, dividers, codes, from_responses) = list(SIZES.items())[number // 2]
    questionnaire = survey_of(cases, dividers, codes, is_weighted=number % 2 == 1)
    coded = answers_of(questionnaire, cases)
    run: Callable[[], pd.DataFrame]
    if from_responses:
        table = to_responses(coded, questionnaire)
        run = lambda: estimate(table, questionnaire)  # noqa: E731
    else:
        run = lambda: estimate_coded(coded, questionnaire)  # noqa: E731
    start, cpu = time.perf_counter(), time.process_time()
    rows = run()
    seconds, spent = time.perf_counter() - start, time.process_time() - cpu
    domains = rows.loc[rows["statistic"] == "share", "domain"].nunique()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"size": name, "is_weighted": number % 2 == 1, "variables": VARIABLES, "domains": int(domains),
            "rows": len(rows), "seconds": round(seconds, 1), "cpu_seconds": round(spent, 1),
            "memory_mb": round(memory)}  # fmt: skip


if __name__ == "__main__":
    main()

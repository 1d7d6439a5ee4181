"""Wrong variants of the statistics -> which test notices each; in a copy of the working tree, one mutant at a time.

python -m bench.mutants
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DESIGN, INTERVALS = "survey/analysis/design.py", "survey/analysis/intervals.py"
RATES, COMPARE, CHANGE = (f"survey/analysis/{name}.py" for name in ("rates", "compare", "change"))
HIDING = "survey/analysis/disclosure/hiding.py"
TESTS = ("design", "intervals", "compare", "plan", "weighting", "estimate", "disclosure", "change")

MUTANTS = [
    ("residuals fitted with the raked weights", DESIGN,
     "linalg.pinv(columns.T @ (columns * self.before[:, None])",
     "linalg.pinv(columns.T @ (columns * self.weight[:, None])"),
    ("residuals weighted with the raked weights", DESIGN,
     "((columns * self.before[:, None]).T)",
     "((columns * self.weight[:, None]).T)"),
    ("no residuals", DESIGN,
     "        if self.margins is None or",
     "        if True or self.margins is None or"),
    ("no finite population correction of a design", DESIGN,
     "unobserved = max(0.0, 1 - n / design.population[stratum])",
     "unobserved = 1.0"),
    ("no finite population correction of counts", INTERVALS,
     "return np.clip(1 - base / np.maximum(population, 1.0), 0.0, 1.0)",
     "return np.ones_like(base / np.maximum(population, 1.0))"),
    ("n for n - 1", DESIGN,
     "n / max(n - 1, 1) * centred.T",
     "1.0 * centred.T"),
    ("Korn-Graubard without t quantiles", INTERVALS,
     "* (quantile / design) ** 2",
     "* 1.0"),
    ("upper end of Clopper-Pearson one hit off", INTERVALS,
     "special.betaincinv(hits + 1, ",
     "special.betaincinv(hits, "),
    ("exact interval with 5 % on each side", INTERVALS,
     "import hypergeom\n\n    tail = (1 - level) / 2",
     "import hypergeom\n\n    tail = 1 - level"),
    ("Holm without its steps", INTERVALS,
     "p_values[order] * np.arange(len(p_values), 0, -1)",
     "p_values[order] * len(p_values)"),
    ("Benjamini-Hochberg from the wrong end", INTERVALS,
     "count / np.arange(count, 0, -1)",
     "count / np.arange(1, count + 1)"),
    ("Rao-Scott to first order only", COMPARE,
     "df = trace**2 / float(np.trace(delta @ delta))",
     "df = float(contrast.shape[1])"),
    ("RR3 and RR4 without e", RATES,
     "enumerate([1.0, e, 0.0])",
     "enumerate([1.0, 1.0, 0.0])"),
    ("RR5 and RR6 told in spite of unknown cases", RATES,
     "not below or (place == 2 and counts.unknown)",
     "not below"),
    ("largest remainders not given out", INTERVALS,
     'whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1',
     "pass"),
    ("only small cells hidden", HIDING,
     "    return Hiding(cells.closed(hidden), needed, is_optimal)",
     "    return Hiding(cells.closed(cells.sensitive), needed, is_optimal)"),
    ("linked cases compared with nothing", CHANGE,
     "(both[0] - both[1]) * answered, ",
     "both[0] * answered, "),
]  # fmt: skip
"""What is wrong, in which file, what stands there, what is put in its place."""


def main() -> None:
    """Try every mutant and print the first test that fails; ends with 1 if one lives."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        copy = Path(name) / "repository"
        for part in ("survey", "tests", "schemas", "docs", "pyproject.toml"):
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, _made(copy / part))
        facts = ROOT.parent / "shared"
        if facts.exists():
            (Path(name) / "shared").symlink_to(facts)
        found = [(wrong, first_failure(copy, *where)) for wrong, *where in MUTANTS]
    for wrong, test in found:
        sys.stdout.write(f"{wrong:46} {test or 'LIVES'}\n")
    sys.exit(any(not test for _, test in found))


def first_failure(copy: Path, file: str, right: str, wrong: str) -> str:
    """The first test that fails when a piece of a file is replaced; "" where none does."""
    path = copy / file
    source = path.read_text(encoding="utf-8")
    if right not in source:
        raise ValueError(f"{file} has no {right!r} any more: bring the mutant up to date")
    path.write_text(source.replace(right, wrong), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not long", "-p", "no:cacheprovider"]
    command += [f"tests/test_{name}.py" for name in TESTS]
    environment = os.environ | {"PYTHONPATH": str(copy)}
    said = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    ).stdout
    path.write_text(source, encoding="utf-8")
    failed = [line.split()[1].partition("::")[2] for line in said.splitlines() if line.startswith("FAILED")]
    return failed[0] if failed else ""


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    main()

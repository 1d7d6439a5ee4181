"""Every report.pdf and every blank questionnaire through veraPDF: PDF/UA-1 and PDF/A-2a, no failed rule."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
POM = Path(__file__).parent / "verapdf.xml"
CLASSES = ROOT / "build" / "verapdf.classpath"
COMMAND = "org.verapdf.apps.GreenfieldCliWrapper"
FLAVOURS = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
SAID = re.compile(r"^(PASS|FAIL) (.+) (\S+)$", re.MULTILINE)
BROKEN = re.compile(r"^ +FAIL (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF says of one file and standard: the rules it breaks, by clause and number."""

    path: Path
    flavour: str
    passed: bool
    broken: tuple[str, ...]


def missing_programs() -> list[str]:
    """Which of java and mvn are not here."""
    return [name for name in ("java", "mvn") if not shutil.which(name)]


def class_path() -> str:
    """Fetch veraPDF once through Maven; returns where its classes lie."""
    if not CLASSES.exists() or CLASSES.stat().st_mtime < POM.stat().st_mtime:
        CLASSES.parent.mkdir(exist_ok=True)
        command = [
            "mvn",
            "-q",
            "-B",
            "-f",
            str(POM),
            "dependency:build-classpath",
            f"-Dmdep.outputFile={CLASSES}",
        ]
        subprocess.run(command, check=True)
    return CLASSES.read_text(encoding="utf-8").strip()


def validate(paths: Sequence[Path]) -> Iterator[Verdict]:
    """Yield a verdict a file and standard; RuntimeError where veraPDF says nothing of a file."""
    classes = class_path()
    for flavour in FLAVOURS:
        command = ["java", "-cp", classes, COMMAND, "--format", "text", "-v", "-f", flavour, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        parts = re.split(r"(?m)^(?=(?:PASS|FAIL) )", done.stdout)
        said = {found[2]: part for part in parts if (found := SAID.match(part))}
        for path in paths:
            if str(path) not in said:
                raise RuntimeError(f"veraPDF says nothing of {path}: {done.stderr or done.stdout}")
            part = said[str(path)]
            yield Verdict(path, flavour, part.startswith("PASS"), tuple(BROKEN.findall(part)))


def main() -> int:
    """Validate the PDFs given, or all of this project; 1 if any rule is broken, 0 with a word where Java is absent."""
    absent = missing_programs()
    if absent:
        print(
            f"skipped: {' and '.join(absent)} not here (a JDK and Maven are needed to fetch and run veraPDF)"
        )
        return 0
    given = [Path(name).resolve() for name in sys.argv[1:]]
    found = sorted(
        [
            *ROOT.glob("**/schemas/*.blank.pdf"),
            *ROOT.glob("**/reports/*/report.pdf"),
            *ROOT.glob("**/reports/*/*/report.pdf"),
        ]
    )
    paths = given or [path for path in found if ".venv" not in path.parts]
    failed = 0
    for verdict in validate(paths):
        where = verdict.path.relative_to(ROOT) if verdict.path.is_relative_to(ROOT) else verdict.path
        print(f"{FLAVOURS[verdict.flavour]}  {'conforms' if verdict.passed else 'FAILS'}  {where}")
        for rule in verdict.broken:
            print(f"    breaks {rule}")
        failed += not verdict.passed
    print(f"{len(paths)} files, {failed} verdicts with a broken rule")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

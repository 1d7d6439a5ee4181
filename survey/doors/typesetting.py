"""Template and data -> PDF bytes and the values the template reports (typst, in a short-lived process).

typst's compiler keeps what it has laid out (275 to 868 MB in 12 documents), so each document gets a process
of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.errors import SurveyError

FONTS = Path(__file__).resolve().parent.parent / "fonts"
ARCHIVE_AND_ACCESSIBLE = ("a-2a", "ua-1")
TIMESTAMP_S = 946_684_800  # 1 January 2000, UTC: the same inputs give the same bytes

Reported = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Typeset:
    """A typeset document: its PDF, and the values of the metadata that were asked for, in printed order."""

    pdf: bytes
    queried: list[Reported]


def typeset(
    template: Path,
    data: object,
    *,
    assets: Path | None = None,
    standards: tuple[str, ...] = ARCHIVE_AND_ACCESSIBLE,
    query: str = "",
    fonts: Sequence[Path] = (),
) -> Typeset:
    """Typeset a template that reads `data.json`, and images from `assets/`; SurveyError where typst objects.

    `data` must be what JSON can say; `query` is a label such as "<box>" on metadata elements; `fonts` are font files
    besides ours. Templates beside the given one can be imported by their names. A warning counts as an error.
    """
    with tempfile.TemporaryDirectory(prefix="survey-") as name:
        folder = Path(name)
        for file in template.parent.glob("*.typ"):
            shutil.copy(file, folder / file.name)
        if assets is not None:
            shutil.copytree(assets, folder / "assets")
        (folder / "fonts").mkdir()
        for file in fonts:
            shutil.copy(file, folder / "fonts" / file.name)
        _write_json(folder / "data.json", data)
        _write_json(folder / "job.json", {"template": template.name, "standards": standards, "query": query})
        done = subprocess.run(
            [sys.executable, "-m", "survey.doors.typesetting", str(folder)], capture_output=True, check=False
        )
        faults = _read_json(folder / "faults.json") if (folder / "faults.json").exists() else None
        if faults:
            raise SurveyError(f"typesetting {template.name}: {faults[0]}", hint=faults[1])
        if done.returncode != 0:
            raise RuntimeError(
                f"typesetting {template.name} broke off: {done.stderr.decode(errors='replace')}"
            )
        return Typeset((folder / "out.pdf").read_bytes(), _read_json(folder / "queried.json"))


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _read_json(path: Path) -> list:  # type: ignore[type-arg]
    return list(json.loads(path.read_text(encoding="utf-8")))


def _run_job(folder: Path) -> None:
    """Typeset the job in a folder; leaves out.pdf and queried.json there, or faults.json."""
    import typst

    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    compiler = typst.Compiler(
        folder / job["template"], root=folder, font_paths=[FONTS, folder / "fonts"], ignore_system_fonts=True
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=list(job["standards"]), timestamp=TIMESTAMP_S
        )
        if warnings:
            _write_json(folder / "faults.json", [warnings[0].message, "; ".join(warnings[0].hints)])
            return
        queried = json.loads(compiler.query(job["query"], field="value")) if job["query"] else []
    except typst.TypstError as error:
        words = getattr(error, "diagnostic", "") or getattr(error, "message", "") or str(error)
        _write_json(folder / "faults.json", [words.strip(), "; ".join(getattr(error, "hints", []))])
        return
    assert isinstance(pdf, bytes)  # the format asked for gives one file
    (folder / "out.pdf").write_bytes(pdf)
    _write_json(folder / "queried.json", queried)


if __name__ == "__main__":
    _run_job(Path(sys.argv[1]))

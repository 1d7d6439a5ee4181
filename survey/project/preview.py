"""A questionnaire whose texts are being written -> a page that follows each change within two seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from survey import INSIDE
from survey.errors import SurveyError
from survey.files import digest, write_folder
from survey.project.folder import Project
from survey.project.returns import own_texts, results
from survey.questionnaire.digests import numbers_digest
from survey.reporting.evidence import Results
from survey.reporting.report import Edition, build_document
from survey.reporting.webpage import write_page
from survey.tables import make_anew

PAUSE_S = 0.25
"""How often files are looked at."""
KEPT = ("responses", "estimates", "nonresponse", "data", "contradictions")
"""What is computed once of results, and is the same whatever an item is called."""
RELOAD = """<script>
setInterval(function () {
  var look = document.createElement("script");
  look.src = "preview.js?" + Date.now();
  look.onload = function () { look.remove(); if (window.previewed !== "VERSION") location.reload(); };
  document.head.append(look);
}, 500);
</script>"""
"""The page asks the file beside it which version there is; a page opened from a folder may load no other."""


@dataclass(frozen=True, slots=True)
class Built:
    """A state of the preview: its page, what had changed, how long it took; or what is wrong with what was written."""

    page: Path
    changed: tuple[str, ...]
    seconds: float
    fault: str = ""


def watch(
    project: Project,
    name: str,
    edition: Edition,
    goes_on: Callable[[], bool] = lambda: True,
) -> Iterator[Built]:
    """Yield the preview each time a file of the questionnaire or of its texts has changed, until `goes_on` is false.

    It lies in reports/<id>.internal/preview.html. Numbers are computed anew only where what changed is more than words.
    """
    folder = project.root / "reports" / f"{name}{INSIDE}"
    seen: dict[Path, tuple[int, int]] = {}
    found: Results | None = None
    while goes_on():
        state = _state(project, name)
        changed = tuple(
            sorted(path.name for path in state.keys() | seen.keys() if state.get(path) != seen.get(path))
        )
        if changed:
            begun, is_first = time.perf_counter(), not seen
            seen, fault = state, ""
            try:
                found = _results(Project(project.root), name, found)
                _write(folder, found, edition)
            except SurveyError as error:
                fault = str(error)
            yield Built(
                folder / "preview.html", () if is_first else changed, time.perf_counter() - begun, fault
            )
        time.sleep(PAUSE_S)


def _state(project: Project, name: str) -> dict[Path, tuple[int, int]]:
    """Time and size of the files a person writes in: schema, boxes, issued cases, the analyst's texts."""
    paths = [*project.schemas.glob(f"{name}.*"), *(project.root / "texts" / name).glob("**/*.md")]
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file()}


def _results(project: Project, name: str, known: Results | None) -> Results:
    """The results, with the numbers of the last ones where only words have changed."""
    if known is None:
        return results(project, name)
    questionnaire = project.questionnaire(name)
    if numbers_digest(questionnaire) != numbers_digest(known.questionnaire):
        return results(project, name)
    reworded = replace(known, questionnaire=questionnaire, texts=own_texts(project, name), keep=make_anew)
    for part in KEPT:
        vars(reworded)[part] = getattr(known, part)  # where cached_property keeps what it has computed
    return reworded


def _write(folder: Path, found: Results, edition: Edition) -> None:
    """Write the page, then the file that makes an open page load it anew."""
    evidence, document = build_document(found, edition)
    text = write_page(document, linked=True, notice=evidence.words.say("page_preview"))
    version = digest(text)
    body = text.replace("</body>", RELOAD.replace("VERSION", version) + "\n</body>")
    told = f'window.previewed = "{version}";\n'
    write_folder(folder, {"preview.html": body.encode("utf-8"), "preview.js": told.encode("utf-8")})

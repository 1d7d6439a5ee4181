"""Claims about the page that tells what has changed since a published report."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from correcting import SERIALS, make_project, put, replace_in, sheet
from fake_outcomes import fake_returns, segeberg
from paper import grey_pdf

from survey.analysis.since import Publication, Since, since_last
from survey.project import Project, ingest, report, report_as_of, results
from survey.project.runs import publications
from survey.questionnaire import changes
from survey.questionnaire.model import Questionnaire
from survey.reporting.blocks import Block, DataTable, Heading, Paragraph, Points
from survey.reporting.catalogue import PHRASES
from survey.reporting.changes import tell_changes
from survey.reporting.evidence import Evidence, Results
from survey.reporting.marked import plain, spans
from survey.reporting.since import MOST_LINES, NAMED, OF_ALL, tell_since

PUBLISHED_ON = "2012-09-03T10:00:00+00:00"


def results_of(questionnaire: Questionnaire, count: int, seed: int = 1) -> Results:
    found = fake_returns(questionnaire, count, seed)
    return Results(questionnaire, found["marks"], found["outcomes"], found["cases"], found["ledger"])


def corrected(questionnaire: Questionnaire) -> Questionnaire:
    """A need area that counts less, another label of one answer, and a family of labels in English only."""
    schema = questionnaire.schema.model_copy(deep=True)
    schema.need_areas[0].need["care_gap"] = ["mon_h07"]
    car = next(item for section in schema.sections for item in section.items if item.id == "car")
    car.options[1].label["de"] = "ja, gelegentlich"
    return dataclasses.replace(questionnaire, schema=schema)


@pytest.fixture(scope="module")
def interim() -> Results:
    return results_of(segeberg(), 200)


@pytest.fixture(scope="module")
def late() -> Results:
    """More returns, counted by a corrected schema."""
    return results_of(corrected(segeberg()), 420, seed=2)


def compared(now: Results, then: Results) -> Results:
    """The results of now, with those of then as what was published; what was computed is not computed anew."""
    published = Publication("rinterim", PUBLISHED_ON, then.questionnaire, then.estimates)
    found = dataclasses.replace(now, publications=lambda: [published])
    found.__dict__["estimates"] = now.estimates
    return found


def since_of(found: Results) -> Since:
    assert found.since is not None
    return found.since


def texts(blocks: list[Block]) -> list[str]:
    """Every line of a page as people read it."""
    lines = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            lines.append(block.text)
        elif isinstance(block, Points):
            lines += [f"{head}: {text}" for head, text in block.points]
        elif isinstance(block, DataTable):
            lines += [block.title, block.note, *(" | ".join(row) for row in [block.header, *block.rows])]
    return [plain(line).replace("\u00a0", " ") for line in lines]


def test_the_page_names_the_report_its_corrections_and_the_numbers_that_moved(
    interim: Results, late: Results
) -> None:
    found = compared(late, interim)
    told = texts(tell_since(Evidence(found, "de")))
    assert told[0] == "Seit dem Zwischenbericht vom 3. September 2012"
    assert told[1] == (
        "Verglichen wird mit dem Bericht, der am 3. September 2012 veröffentlicht wurde (Auswertungslauf rinterim). "
        "Seitdem sind 220 Fragebögen hinzugekommen; ausgewertet sind nun 420."
    )
    assert told[2:5] == [
        "Berichtigt wurde seitdem:",
        "Was gezählt wird: der Bedarfsbereich „Kinderbetreuung“.",
        "Nur Worte: Frage 22 „Können Sie ein Auto nutzen?“: Beschriftung einer Antwort.",
    ]
    numbers = since_of(found).answers
    beyond, otherwise = int(numbers["beyond_interval"].sum()), int(numbers["is_printed_otherwise"].sum())
    assert 0 < beyond < otherwise < len(numbers)
    joined = "\n".join(told)
    assert (
        f"Von {len(numbers)} Anteilen" in joined
        and f"lauten {otherwise} heute anders. {beyond} Zahl" in joined
    )
    assert "Nicht in der heutigen Spanne liegt der frühere Wert von „Kinderbetreuung“." in joined
    assert any(line.startswith("Bedarf: Kinderbetreuung | ") for line in told)


def test_the_same_is_said_in_english(interim: Results, late: Results) -> None:
    told = texts(tell_since(Evidence(compared(late, interim), "en")))
    assert told[0] == "Since the interim report of 3 September 2012"
    assert told[1].endswith("Since then 220 questionnaires have been added; now 420 are evaluated.")
    assert told[3:5] == [
        "What is counted: the need area “Childcare”.",
        "Words only: Item 22 “Can you use a car?”: label of an answer.",
    ]
    numbers = [
        [one for one in (span.key for span in spans(text)) if one] for text in _all(late, interim, "en")
    ]
    assert numbers == [
        [one for one in (span.key for span in spans(text)) if one] for text in _all(late, interim, "de")
    ]


def _all(now: Results, then: Results, language: str) -> list[str]:
    table = next(
        one for one in tell_since(Evidence(compared(now, then), language)) if isinstance(one, DataTable)
    )
    return ["".join(row) for row in table.rows]


def test_the_table_lists_what_moved_farthest_first_and_counts_the_rest(
    interim: Results, late: Results
) -> None:
    found = compared(late, interim)
    table = next(one for one in tell_since(Evidence(found, "de")) if isinstance(one, DataTable))
    beyond = since_of(found).answers.query("beyond_interval").set_index("key")
    width = beyond["high_before"] - beyond["low_before"]
    moved = ((beyond["now"] - beyond["before"]).abs() / width).sort_values(ascending=False, kind="stable")
    keys = [next(span.key for span in spans(row[4]) if span.key) for row in table.rows]
    assert keys == moved.index[:MOST_LINES].tolist() and len(keys) == min(MOST_LINES, len(beyond))
    for key, row in zip(keys, table.rows, strict=True):
        assert row[3] == str(beyond.loc[key, "base_before"]) and plain(row[5]) == str(
            beyond.loc[key, "base_now"]
        )
    if len(beyond) > MOST_LINES:
        assert f"{len(beyond) - MOST_LINES} weitere Zahl" in table.note


def test_nothing_that_either_report_hides_changes_a_letter_of_the_page(
    interim: Results, late: Results
) -> None:
    """Numbers that were hidden then, or are now, are replaced by others: the page stays as it is."""
    then, now = interim.estimates, late.estimates
    small = "counselled=1@all"
    then = _hide(then, [small])  # a number that is shown now
    now = _hide(now, ["car=1@all"])  # and one that was shown then
    hidden = set(then.loc[~then["shown"], "key"]) | set(now.loc[~now["shown"], "key"])
    assert {small, "car=1@all"} <= hidden and len(hidden) > 20
    pages = []
    for seed in (None, 1):
        found = compared(_with(late, _altered(now, seed)), _with(interim, _altered(then, seed)))
        assert not hidden & set(since_of(found).numbers["key"])
        pages.append(tell_since(Evidence(found, "de")))
    assert pages[0] == pages[1]
    assert not any(f"{key}\ue001" in str(pages[0]) for key in hidden)


def _hide(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table.assign(shown=table["shown"] & ~table["key"].isin(keys))


def _altered(table: pd.DataFrame, seed: int | None) -> pd.DataFrame:
    """The same PUBLISHABLE with every hidden number replaced; as it is without a seed."""
    if seed is None:
        return table
    draw, other = np.random.default_rng(seed), table.copy()
    rows = ~table["shown"]
    for name in ("value", "low", "high", "p_adjusted"):
        other.loc[rows, name] = draw.random(int(rows.sum()))
    for name in ("count", "base"):
        other.loc[rows, name] = draw.integers(1, 300, int(rows.sum()))
    return other


def _with(found: Results, table: pd.DataFrame) -> Results:
    other = dataclasses.replace(found)
    other.__dict__["estimates"] = table
    return other


def test_a_finding_that_came_and_one_that_went_are_told_with_both_offices(
    interim: Results, late: Results
) -> None:
    then, now = interim.estimates.copy(), late.estimates.copy()
    near = "@office=Norderstedt minus office=Bad Segeberg"
    names = [key for key in now["key"] if key.endswith(near) and key.startswith("need_")][:2]
    shown = then["key"].isin(names), now["key"].isin(names)
    then.loc[shown[0], "shown"], now.loc[shown[1], "shown"] = True, True
    for table, p in ((then, [0.9, 0.01]), (now, [0.01, 0.9])):
        for key, one in zip(names, p, strict=True):
            table.loc[table["key"] == key, ["p_adjusted", "value"]] = [one, 0.2]
    told = "\n".join(texts(tell_since(Evidence(compared(_with(late, now), _with(interim, then)), "de"))))
    labels = {f"need_{area.id}": area.label["de"] for area in late.questionnaire.schema.need_areas}
    came, went = (labels[name.split("=")[0]] for name in names)
    assert f"Heute über den Zufall hinaus, damals nicht: „{came}“ (Norderstedt über Bad Segeberg)" in told
    assert (
        f"Damals über den Zufall hinaus, heute nicht mehr: „{went}“ (Norderstedt über Bad Segeberg)" in told
    )


def test_without_a_publication_that_tells_something_else_there_is_no_page(interim: Results) -> None:
    assert tell_changes(Evidence(interim, "de")).blocks == []
    assert tell_since(Evidence(compared(interim, interim), "de")) == []


def test_many_corrections_are_told_in_a_dozen_lines_and_the_rest_is_counted(interim: Results) -> None:
    schema = interim.questionnaire.schema.model_copy(deep=True)
    for section in schema.sections:
        for item in section.items:
            item.text["de"] = f"{item.text['de']} (neu)"
    now = _with(interim, interim.estimates)
    now = _with(dataclasses.replace(now, questionnaire=dataclasses.replace(now.questionnaire, schema=schema)),
                interim.estimates)  # fmt: skip
    told = texts(tell_since(Evidence(compared(now, interim), "de")))
    assert told[0] == "Seit dem Bericht vom 3. September 2012" and "wie damals 200 Fragebögen" in told[1]
    words = next(line for line in told if line.startswith("Nur Worte: "))
    assert words.count("Frage ") == MOST_LINES and words.endswith("“: Wortlaut.")
    more = len(interim.questionnaire.items) - MOST_LINES
    assert f"Dazu kommen {more} weitere Berichtigungen." in told
    numbers = since_of(compared(now, interim)).answers
    assert told[-1].startswith(f"Die {len(numbers)} Anteile, Mittelwerte und Mediane")
    assert "die beide Berichte zeigen, lauten wie damals." in told[-1]
    assert told[-1].endswith("über den Zufall hinausgehen, hat sich nicht geändert.")


def test_every_kind_of_correction_has_its_words() -> None:
    """Kinds stand third in a change, or second in what `_words` is told of; a few are names of parts of the schema."""
    tree = ast.parse(Path(changes.__file__).read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    told = [call.args[2] for call in calls if call.func.id == "Change"]  # type: ignore[attr-defined]
    told += [call.args[1].elts[1] for call in calls if call.func.id == "_words"]  # type: ignore[attr-defined]
    kinds = {one.value for one in told if isinstance(one, ast.Constant)}
    assert len(kinds) > 30
    kinds |= {
        "several_marks",
        "one_mark",
        "other_kind",
        "groups",
        "themes",
        "information",
        "report",
        "languages",
        "review",
    }
    kinds |= {"need_area", "derived_variable", "set", "family_of_tests"}
    assert {f"corrected_{kind}" for kind in kinds} <= set(PHRASES)
    assert {f"touches_{name}" for name in changes.ORDER} <= set(PHRASES)
    assert kinds >= OF_ALL and set(NAMED) <= kinds


def test_a_need_area_that_is_gone_is_called_by_the_label_it_had(interim: Results) -> None:
    schema = interim.questionnaire.schema.model_copy(deep=True)
    schema.need_areas.clear()
    now = _with(dataclasses.replace(interim, questionnaire=dataclasses.replace(interim.questionnaire, schema=schema)),
                interim.estimates)  # fmt: skip
    told = texts(tell_since(Evidence(compared(now, interim), "de")))
    line = next(one for one in told if one.startswith("Was gezählt wird: "))
    assert line.startswith(
        "Was gezählt wird: der Bedarfsbereich „Kinderbetreuung“, der Bedarfsbereich „Mobilität“"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project that published a report, then got one return more and a corrected schema."""
    project = make_project(tmp_path_factory.mktemp("made"))
    replace_in(project.schema_path("mini"), "  stratum: office", "  minimum_cell: 1\n  stratum: office")
    report(project, "mini", publish=True)
    pages = sheet(project.questionnaire("mini"), SERIALS[4], ["work.2", "mood_job.4"])
    put(project.scans / "2012-08-01" / "late.pdf", grey_pdf(pages, 150))
    boxes = project.schemas / "mini.boxes.csv"
    for old, new in ((",work,1\n", ",work,x\n"), (",work,3\n", ",work,1\n"), (",work,x\n", ",work,3\n")):
        replace_in(boxes, old, new)
    replace_in(project.schema_path("mini"), "title: Arbeit", "title: Ihre Arbeit")
    ingest(project, project.scans, jobs=1)
    return project


def test_a_project_that_published_tells_it_until_the_same_is_published(made: Project) -> None:
    first = next(iter(publications(made, "mini")))
    told = texts(tell_since(Evidence(results(made, "mini"), "de")))
    assert (
        first.run in told[1]
        and "Seitdem ist ein Fragebogen hinzugekommen; ausgewertet sind nun 5." in told[1]
    )
    assert "Frage 1: die Schlüssel zweier Antworten waren vertauscht." in told[3]
    assert told[4] == "Nur Worte: Überschriften oder Einleitungen."
    written = report(made, "mini")
    page = written.first.with_name("report.html").read_text(encoding="utf-8")
    assert "Seit dem Zwischenbericht vom" in page and first.run in page
    exact = made.root / "reports" / "mini.internal" / "data" / "changes.csv"
    assert "coding,work,work: codes 1 and 3 were swapped" in exact.read_text(encoding="utf-8-sig")
    report(made, "mini", publish=True)
    again = texts(tell_since(Evidence(results(made, "mini"), "de")))
    assert again == told, (
        "what is published now tells nothing else: the page still compares with the report before"
    )
    assert [one.run for one in publications(made, "mini")][1:] == [first.run]


def test_a_report_with_that_page_is_made_again_to_the_byte(made: Project) -> None:
    files = report(made, "mini").files["public"]
    run = str(made.runs.all("mini")[-1]["run"])
    again = {path.name: path.read_bytes() for path in report_as_of(made, "mini", run).files["public"]}
    page = next(path for path in files if path.name == "report.html").read_bytes()
    assert again["report.html"] == page and b"Seit dem Zwischenbericht" in page


def test_a_publication_whose_schema_can_be_read_no_more_is_left_out(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.errors import SchemaError
    from survey.project import runs

    def refuse(*_: object) -> Questionnaire:
        raise SchemaError("no longer understood", where="mini.yaml", hint="none")

    monkeypatch.setattr(runs, "questionnaire_of", refuse)
    assert list(publications(made, "mini")) == []


def test_only_the_first_publication_that_differs_is_loaded(interim: Results) -> None:
    loaded = []

    def one_by_one() -> object:
        for name in ("same", "first", "second"):
            loaded.append(name)
            of = interim.questionnaire if name == "same" else corrected(interim.questionnaire)
            yield Publication(name, PUBLISHED_ON, of, interim.estimates)

    found = since_last(one_by_one(), interim.questionnaire, interim.estimates)  # type: ignore[arg-type]
    assert found is not None and found.report.run == "first" and loaded == ["same", "first"]


def test_a_path_to_a_person_is_not_among_the_files(made: Project) -> None:
    path = Path(report(made, "mini").first).with_name("report.html")
    assert not any(serial in path.read_text(encoding="utf-8") for serial in SERIALS)

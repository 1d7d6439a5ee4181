"""Claims about the house itself: order, doors, sizes, words, help, and nothing left behind of any machine."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Container, Iterator
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner
from paper import cross, grey_pdf

from survey import errors
from survey.cli import main
from survey.doors.pdf import render
from survey.project import Project, ingest
from survey.store import Decisions
from survey.store.transfer import write_lines
from survey.tables import Table

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "survey"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
TREES = {module: ast.parse((PACKAGE / module).read_text(encoding="utf-8")) for module in MODULES}
MOST_LINES, LONGEST_FUNCTION = 450, 60

EVERYBODYS = {"numpy", "pandas", "cv2"}
PDF = {"doors/pdf.py", "doors/pdf_images.py", "doors/pdf_write.py", "doors/pdf_print.py"}
DOORS = {
    "anyio": {"review/server.py"},  # how many threads starlette may use
    "babel": {"reporting/wording.py"},
    "docx": {"reporting/word.py"},
    "pptx": {"reporting/slides.py"},
    "pyreadstat": {"reporting/labelled.py"},
    "click": {
        "cli/app.py",
        "cli/diff.py",
        "cli/instrument.py",
        "cli/ledger.py",
        "cli/report.py",
        "cli/returns.py",
        "cli/review.py",
    },
    "joblib": {"doors/workers.py"},
    "markdown_it": {"reporting/own_texts.py"},
    "matplotlib": {"reporting/canvas.py"},
    "pdfplumber": PDF,
    "pikepdf": PDF,
    "pyarrow": {"doors/arrow.py"},
    "pypdfium2": PDF,
    "PIL": {"reading/scan.py", "doors/pdf_images.py"},  # one opens pictures, the other writes 1-bit streams
    "pydantic": {
        "questionnaire/model.py",
        "questionnaire/load.py",
        "questionnaire/plan.py",
        "questionnaire/thresholds.py",
    },  # declared in three, complaints told in the fourth
    "pyzbar": {"doors/codes.py"},
    "rich": {"cli/app.py"},
    "scipy": {
        "analysis/intervals.py",  # formulas
        "analysis/compare.py",  # tests between groups
        "analysis/estimate.py",  # quantiles
        "doors/linear.py",  # linear and integer programs
    },
    "sqlalchemy": {"store/database.py"},
    "starlette": {"review/safety.py", "review/server.py"},  # who may come in, and where to
    "yaml": {"questionnaire/tree.py", "questionnaire/load.py"},  # the second tells what is no YAML
    "xlsxwriter": {"reporting/tables_workbook.py", "reporting/workbook.py"},
    "typst": {"doors/typesetting.py"},
    "uvicorn": {"review/start.py"},
    "zxingcpp": {"doors/codes.py"},
}

NOT_OUR_WORDS = {
    "answer sheet": "questionnaire", "bubble": "response option", "checkbox": "box", "choice": "response option",
    "correction": "adjudication", "field": "item", "form": "questionnaire", "question": "item", "record": "case",
    "respondent": "case", "roi": "box", "score": "measurement", "segment": "domain", "stat": "estimate",
    "tick": "mark", "topic": "need area",
}  # fmt: skip
ALLOWED = {
    "score": "the agreement of a whole page's print with a blank, which is no measurement of a box",
    "page_score": "the threshold for that agreement",
    "segment_colours": "pieces of a stacked bar in a chart, no group of people",
    "is_single_choice": "as in single-choice item, which is what everybody calls it",
}
NAMES_MAY_SAY = {
    "field": "a place to write in by hand, or the field of local shifts on a page; never a thing asked"
}
COMMANDS_MAY_SAY = {"record": "enters mailing outcomes: a verb here, not a case"}


# The order of imports ------------------------------------------------------------------------------------------------


def order_in_the_design() -> list[str]:
    """Modules in the order of the code block of docs/design.md, as paths inside survey/."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    block = re.search(r"```text\nsurvey/\n(.*?)```", text, re.DOTALL)
    assert block, "docs/design.md shows the house in a block that begins with survey/"
    modules, folder = [], ""
    for line in block[1].splitlines():
        indent, name = len(line) - len(line.lstrip()), line.split()[0]
        if indent == 2:
            folder = name if name.endswith("/") else ""
        if not name.endswith("/"):
            modules.append(folder + name)
    return modules


ORDER = order_in_the_design()


def imports_of(module: str) -> Iterator[tuple[str, int]]:
    """Modules of ours that a module imports anywhere, with the line."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("survey.")]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "survey":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            found = next((path for path in _paths(name) if path in TREES), None)
            if found and found != "__init__.py":
                yield found, node.lineno


def _paths(name: str) -> list[str]:
    """Where `survey.a.b` may be defined: a/b.py, a/b/__init__.py, or as a name in a.py or a/__init__.py."""
    inner = name.split(".")[1:]
    whole, before = "/".join(inner), "/".join(inner[:-1])
    return [f"{whole}.py", f"{whole}/__init__.py", f"{before}.py", f"{before}/__init__.py"]


def test_the_design_lists_every_module_once() -> None:
    silent = {module for module in MODULES if module.endswith("__init__.py") and len(TREES[module].body) <= 1}
    silent |= {"__init__.py"}  # the version
    assert len(set(ORDER)) == len(ORDER)
    missing = sorted(set(MODULES) - silent - set(ORDER))
    assert not missing, f"tell in docs/design.md, in the order of imports, what these are for: {missing}"
    assert not set(ORDER) - set(MODULES), "docs/design.md lists modules that are gone"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_earlier(module: str) -> None:
    if module not in ORDER:
        assert not list(imports_of(module))
        return
    here = ORDER.index(module)
    later = [
        f"line {line}: {other}"
        for other, line in imports_of(module)
        if other in ORDER and ORDER.index(other) >= here
    ]
    assert not later


def test_what_stands_above_the_store_knows_neither_store_nor_project() -> None:
    below = set(ORDER[ORDER.index("store/cache.py") :])
    for module in ORDER[: ORDER.index("store/cache.py")]:
        assert not below & {other for other, _ in imports_of(module)}, module


# Doors ---------------------------------------------------------------------------------------------------------------


def test_every_library_has_one_door() -> None:
    for module in MODULES:
        for node in ast.walk(TREES[module]):
            if isinstance(node, ast.Import):
                libraries = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                libraries = {(node.module or "").split(".")[0]}
            else:
                continue
            for library in libraries - EVERYBODYS - {"survey"} - set(sys.stdlib_module_names):
                assert module in DOORS.get(library, set()), (
                    f"{module}:{node.lineno} opens another door to {library}"
                )


def test_the_hall_is_light() -> None:
    """`survey --help` must not wait for what only some commands need."""
    heavy = [
        "pandas",
        "numpy",
        "cv2",
        "matplotlib",
        "pikepdf",
        "pypdfium2",
        "scipy",
        "sqlalchemy",
        "joblib",
        "typst",
        "rich",
        "docx",
        "pptx",
        "pyarrow",
    ]
    code = f"import sys, survey.cli; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


# Size and shape ------------------------------------------------------------------------------------------------------


def functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(TREES[module]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@pytest.mark.parametrize("module", MODULES)
def test_modules_and_functions_are_small(module: str) -> None:
    lines = len((PACKAGE / module).read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines: find the hidden noun"
    for function in functions(module):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= LONGEST_FUNCTION, f"{function.name} has {length} lines"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_one_sentence(module: str) -> None:
    doc = ast.get_docstring(TREES[module])
    assert doc, "a module opens with one sentence saying what it turns into what"
    first = doc.split("\n\n")[0]
    assert first[-1] in ".:", first
    assert first[0].isupper() or first[0] in '<"', first


def public_functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions and methods that others may call; a property is a noun and may explain itself."""
    tree = TREES[module]
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for body in [tree.body, *(node.body for node in classes)]:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            if not any("property" in ast.unparse(one) for one in node.decorator_list):
                yield node


SELF_EXPLAINING = {"schema_path", "as_dict", "questionnaire"}


@pytest.mark.parametrize("module", MODULES)
def test_public_functions_say_what_they_do_and_annotate_everything(module: str) -> None:
    for function in public_functions(module):
        assert ast.get_docstring(function) or function.name in SELF_EXPLAINING, (
            f"{function.name}: one sentence"
        )
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        bare = [one.arg for one in arguments if one.annotation is None and one.arg not in {"self", "cls"}]
        assert not bare, f"{function.name}: {bare}"
        assert function.returns is not None, function.name


@pytest.mark.parametrize("module", MODULES)
def test_no_exception_is_caught_without_a_name(module: str) -> None:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            assert caught not in {"", "Exception", "BaseException"}, f"line {node.lineno}"


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_left_for_later(module: str) -> None:
    text = (PACKAGE / module).read_text(encoding="utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)
    assert "NotImplementedError(" not in text


# Words ---------------------------------------------------------------------------------------------------------------


def wrong_words(name: str, may_say: Container[str] = ()) -> list[str]:
    """Words of a name that the glossary replaces by others."""
    if name in ALLOWED:
        return []
    words = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)).lower()
    return [
        f"{name}: {ours}, not {theirs}"
        for theirs, ours in NOT_OUR_WORDS.items()
        if theirs not in may_say and re.search(rf"\b{theirs}s?\b", words)
    ]


def public_names(module: str) -> Iterator[str]:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
            yield from (one.arg for one in [*node.args.args, *node.args.kwonlyargs])
        elif isinstance(node, ast.ClassDef):
            yield node.name
            yield from (
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            )
    for node in TREES[module].body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("module", MODULES)
def test_public_names_use_the_glossary(module: str) -> None:
    assert not [
        fault
        for name in public_names(module)
        if not name.startswith("_")
        for fault in wrong_words(name, NAMES_MAY_SAY)
    ]


def all_tables() -> list[Table]:
    """Every table that some module declares."""
    found: dict[str, Table] = {}
    for module in MODULES:
        declared = [
            node
            for node in TREES[module].body
            if isinstance(node, ast.Assign) and "Table(" in ast.unparse(node.value)
        ]
        if declared:
            name = "survey." + module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            loaded = __import__(name, fromlist=["*"])
            found |= {thing.name: thing for thing in vars(loaded).values() if isinstance(thing, Table)}
    return list(found.values())


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_columns_use_the_glossary_and_say_what_they_hold(table: Table) -> None:
    for column, (kind, meaning) in table.columns.items():
        assert not wrong_words(column)
        assert kind in {"str", "int64", "float64", "bool"}
        assert meaning
        if column.endswith("_mm"):
            assert "mm" in meaning


# The command line ----------------------------------------------------------------------------------------------------


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path, groups included."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands())
EXAMPLE = re.compile(r"^ *(?:Example|Examples):\n((?: +survey .*\n?)+)", re.MULTILINE)


def help_of(path: tuple[str, ...]) -> str:
    found = CliRunner().invoke(main, [*path, "--help"], terminal_width=100)
    assert found.exit_code == 0
    return found.output


def examples(path: tuple[str, ...]) -> list[str]:
    """The command lines under a command's Example."""
    text = re.sub("\b\n?", "", COMMANDS[path].help or "")
    found = EXAMPLE.search(text + "\n")
    return [line.strip() for line in found[1].splitlines() if line.strip()] if found else []


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_that_ends_with_an_example(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    assert command.help.split("\n")[0].strip().endswith(".")
    assert examples(path), f"survey {' '.join(path)} has no Example"
    assert "Example" in help_of(path)
    for line in examples(path):
        said = shlex.split(line)
        assert tuple(said[1 : 1 + len(path)]) == path
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert parameter.help, f"--{parameter.name} says nothing"


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_help_uses_the_glossary(path: tuple[str, ...]) -> None:
    words = re.sub(r"[^\w\s]", " ", help_of(path).lower())
    for theirs, ours in NOT_OUR_WORDS.items():
        if theirs not in COMMANDS_MAY_SAY:
            assert not re.search(rf"\b{theirs}s?\b", words), f"{ours}, not {theirs}"


def test_reading_commands_can_answer_in_json() -> None:
    """What prints an account for people prints it for programs, too."""
    for name in ("ingest", "status"):
        assert "--json" in [option for parameter in main.commands[name].params for option in parameter.opts]


def test_an_option_can_be_given_as_an_environment_variable() -> None:
    found = CliRunner().invoke(main, ["ingest"], env={"SURVEY_INGEST_JOBS": "many"})
    assert found.exit_code == 2
    assert "many" in found.output


def test_the_design_tells_every_exit_code() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", design, re.MULTILINE)}
    faults = [
        thing
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, errors.SurveyError)
    ]
    assert {fault.exit_code for fault in faults} <= told


def test_a_fault_of_the_person_is_two_lines_and_an_exit_code(tmp_path: Path) -> None:
    found = CliRunner().invoke(main, ["--project", str(tmp_path), "status"])
    assert found.exit_code == 2
    lines = found.stderr.splitlines()
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("hint: ")
    assert len(lines) == 2


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the shipped questionnaire and one read batch: the first two pages of one case, with crosses."""
    root = tmp_path_factory.mktemp("shipped")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    for folder in ("scans", "reports", "texts", "notebooks"):
        (root / folder).mkdir()
    project = Project(root)
    questionnaire = project.questionnaire("segeberg-2012")
    assert questionnaire.blank is not None
    pages = []
    for page in (1, 2):
        boxes = questionnaire.boxes[questionnaire.boxes["page"] == page]
        first = (
            boxes[~boxes["item"].isin(questionnaire.handwritten())].drop_duplicates("item")["box"].tolist()
        )
        pages.append(cross(render(questionnaire.blank, page, 150), questionnaire, first[:3], 150))
    (root / "scans" / "segeberg-2012").mkdir()
    (root / "scans" / "segeberg-2012" / "batch.pdf").write_bytes(grey_pdf(pages, 150))
    shutil.copy2(questionnaire.blank, root / "blank.pdf")
    for kind, serial in zip(["undeliverable", "refused", "received"], questionnaire.issued, strict=False):
        (root / f"{kind}.csv").write_text(f"serial;date\n{serial};17.07.2012\n", "utf-8")
    ingest(project, project.scans, jobs=1)
    seen = {"decided_by": "anna", "page_digest": "d1", "box": "x", "item": "x", "state": "marked"}
    elsewhere = Decisions(tmp_path_factory.mktemp("elsewhere"))
    elsewhere.add(pd.DataFrame([seen]))
    (root / "decisions.jsonl").write_text("\n".join(write_lines(*elsewhere.whole_rows())), "utf-8")
    return root


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_example_runs(
    path: tuple[str, ...], shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "project"
    shutil.copytree(shipped, root, copy_function=shutil.copy2)
    monkeypatch.chdir(root)
    for line in examples(path):
        found = CliRunner().invoke(main, shlex.split(line)[1:])
        assert found.exit_code == 0, f"{line}\n{found.output}\n{found.exception!r}"


# Files ---------------------------------------------------------------------------------------------------------------


def our_files() -> list[Path]:
    """Text files that are or will be tracked."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout.split("\0")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    kinds = {
        ".py",
        ".md",
        ".toml",
        ".yaml",
        ".yml",
        ".typ",
        ".csv",
        ".txt",
        ".lock",
        ".cfg",
        ".json",
        ".ipynb",
        ".svg",
        "",
    }
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.suffix in kinds and path.is_file() and path != Path(__file__)]


OF_A_MACHINE = re.compile(
    r"(?<![\w.])/(?:home|Users|root|work|tmp|mnt|venv)/[\w.-]+|[A-Z]:\\\\?Users|"
    r"files\.pythonhosted\.org|pypi\.org/simple|--index-url|--extra-index-url|\bindex-url\s*=|localhost:\d|127\.0\.0\.1:\d"
)


def test_no_file_tells_of_the_machine_it_was_made_on() -> None:
    for path in our_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = OF_A_MACHINE.search(text)
        assert not found, f"{path.relative_to(ROOT)}:{text[: found.start()].count(chr(10)) + 1}: {found[0]}"


def test_templates_of_the_report_do_not_compute() -> None:
    """Every number was computed before; a template may measure paper, it may not work on data."""
    for path in (PACKAGE / "reporting" / "templates").glob("*.typ"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            code = line.split("//")[0]
            where = f"{path.name}:{number}: {line.strip()}"
            assert not re.search(r"\bcalc\.(?!max|min|rem)|\.sum\(|\.fold\(|\bfloat\(|\bdecimal\(", code), (
                where
            )
            assert not re.search(r"\bdata\.[\w.]+\s*[*/+]|[*/+]\s*data\.[\w.]+", code), where


def test_the_readme_and_the_design_name_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    for name in main.commands:
        assert f"survey {name}" in readme or name == "init", name
        assert f"`{name}`" in design, name


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} points to {target}"

"""Claims about the review page in a real browser: no key is lost, everybody can use it, and it looks as it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import chromium, serving
from desk import make_desk_project

from bench.postgres import ABSENT, find_program, running
from survey import REVIEW_PORT
from survey.project import Project, draw_audit, report, results
from survey.reading.told import told_of_pages
from survey.reporting.report import INTERNAL, Edition

SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"
VIEWS = ("ask", "sweep", "read", "pages", "blind", "overview")
KEYS, A_SECOND = 600, 30
SHOWN = ".work:not(.is-ahead)"  # the item on the screen; the next one lies behind it already
SLOW_CLAIMS = """const soon = window.fetch;
window.fetch = async (url, how) => {
    if (String(url).endsWith("/api/claims")) await new Promise((done) => { setTimeout(done, 700); });
    return soon(url, how);
};"""
PATIENCE_MS = 240_000  # on a machine that is busy with other things


def shoot(page: Any, name: str) -> None:
    """Keep a picture of the page, for somebody to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENSHOTS / f"{name}.png"))


def show(page: Any, address: str, view: str) -> None:
    page.goto(f"{address}/#{view}")
    page.wait_for_selector(f"body[data-view={view}]")
    page.wait_for_load_state("networkidle")


def wait_until(page: Any, script: str) -> None:
    """Ask until a script is true on the page; its security policy keeps wait_for_function from asking twice."""
    for _ in range(PATIENCE_MS // 20):
        if page.evaluate(script):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"never true: {script}")


def settle(page: Any) -> None:
    page.wait_for_selector("#state[data-state=saved]", timeout=PATIENCE_MS)


def decided(project: Project) -> list[tuple[str, str]]:
    """Page digest and marked box of every reply about the item `work`, in the order they were made."""
    rows = project.decisions.adjudications()
    rows = rows[(rows["item"] == "work") & (rows["state"] == "marked")]
    return list(zip(rows["page_digest"], rows["box"], strict=True))


@pytest.mark.long
def test_600_keys_at_30_a_second_are_600_decisions_whatever_dies_meanwhile(tmp_path: Path) -> None:
    """A server killed twice, a reload, and a tab closed with a full outbox; the keys come at a real 30 a second.

    Only a person who sees an item presses a key: a busy machine may need a moment to hold the next ones.
    """
    project = make_desk_project(tmp_path, KEYS)
    keys = [str(1 + (n * 7 + n // 5) % 3) for n in range(KEYS)]
    with serving(tmp_path) as server, chromium() as browser:
        context = browser.new_context()
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(server.link)
        page.wait_for_selector(".strip img")

        spent = 0.0

        def press(some: list[str]) -> None:
            nonlocal spent
            begun = time.monotonic()
            for at, key in enumerate(some):
                page.wait_for_selector(SHOWN)
                page.keyboard.press(key)
                time.sleep(max(0.0, begun + (at + 1) / A_SECOND - time.monotonic()))
            spent += time.monotonic() - begun

        press(keys[:200])
        server.kill()
        press(keys[200:300])
        server.start()
        press(keys[300:350])
        page.reload()
        page.wait_for_selector(".strip img")
        press(keys[350:450])
        settle(page)
        server.kill()
        press(keys[450:500])
        page.close()
        server.start()
        page = context.new_page()
        page.goto(server.address)
        page.wait_for_selector(".strip img")
        press(keys[500:])
        settle(page)
        page.wait_for_selector(".done")
    print(f"{KEYS / spent:.1f} keys a second")
    wanted = [(f"{n + 1:024x}", f"work.{key}") for n, key in enumerate(keys)]
    assert decided(project) == wanted
    rows = project.decisions.adjudications()
    assert len(rows) == 3 * KEYS
    assert not project.decisions.verify().breaks


def test_the_next_item_lies_ready_behind_the_one_that_is_asked(tmp_path: Path) -> None:
    """Its strip is decoded and laid out before the key, which only uncovers it; bench/review.py tells how soon."""
    make_desk_project(tmp_path, 5)
    with serving(tmp_path) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        page.wait_for_selector(".work.is-ahead .strip img", state="attached")
        ahead = page.evaluate("""async () => {
            const image = document.querySelector(".work.is-ahead .strip img");
            await image.ready;
            return [image.complete && image.naturalWidth > 0, image.getBoundingClientRect().width > 0, image.src];
        }""")
        assert ahead[:2] == [True, True]
        page.keyboard.press("1")
        assert page.evaluate(f"document.querySelector('{SHOWN} .strip img').src") == ahead[2]
        wait_until(page, "performance.getEntriesByName('survey.step').length === 1")


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """A project with something to do in every view."""
    root = tmp_path
    p_marked = {"work.2": 0.6, "wish.a": 0.99, "wish.b": 0.4, "care.d3_h8": 0.5, "care.d3_h2": 0.99}
    project = make_desk_project(root, 6, p_marked=p_marked)
    draw_audit(project, "desk", 6, 0.5, 1)
    said = {"page_digest": f"{6:024x}", "box": "", "item": "", "decided_by": "bert"}
    project.decisions.add(pd.DataFrame([{**said, "state": "discarded", "value": "", "reason": "Notiz"},
                                        {**said, "state": "scan again", "value": "yes", "reason": ""}]))  # fmt: skip
    return root


def test_keys_undo_grids_and_umlauts(shown: Path) -> None:
    project = Project(shown)
    with serving(shown) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        page.wait_for_selector(".strip img")
        page.keyboard.press("2")  # the first of five "work"
        page.keyboard.press("3")
        page.keyboard.press("Backspace")
        page.keyboard.press("s")  # later
        for key in "103":
            page.keyboard.press(key)
        settle(page)
        assert decided(project) == [(f"{1:024x}", "work.2"), (f"{2:024x}", "work.3"),
                                    (f"{3:024x}", "work.1"), (f"{5:024x}", "work.3")]  # fmt: skip
        page.keyboard.press("Enter")  # wish: several options, as the machine says
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        show(page, server.address, "read")
        page.fill("#typed", "25")
        page.keyboard.press("Enter")
        for _ in range(4):
            page.click("text=Später")
        page.wait_for_selector("textarea#typed")
        page.keyboard.type("Frau Größe fährt öfter über Süderbrarup – „ja“")
        page.evaluate("document.getElementById('typed').setSelectionRange(5, 10)")
        page.keyboard.press("Control+b")
        page.keyboard.press("Alt+1")
        page.keyboard.press("Control+Enter")
        settle(page)
    marks = results(project, "desk").marks.set_index(["page_digest", "box"])["state"]
    assert marks[f"{1:024x}", "wish.b"] == "empty"
    assert marks[f"{2:024x}", "wish.b"] == "marked"
    outcomes = results(project, "desk").outcomes
    typed = outcomes[outcomes["reason"] == "typed by a person"].set_index("item")["codes"]
    assert typed["hours"] == "25"
    assert typed["why"] == "Frau █████ fährt öfter über Süderbrarup – „ja“"


def test_a_grid_of_seven_by_eight_is_asked_by_rows_with_two_readings_apart(shown: Path) -> None:
    project = Project(shown)
    with serving(shown, by="carla") as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        page.wait_for_selector(".strip img")
        while page.locator(f"{SHOWN} h2").inner_text() != "Wann fehlt Betreuung?":
            page.keyboard.press("s")
        assert page.locator(f"{SHOWN} .options li").count() == 8
        assert "Tag 3" in page.locator(f"{SHOWN} .row").inner_text()
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        settle(page)
    rows = project.decisions.standing()
    rows = rows[rows["decided_by"] == "carla"].set_index("box")["state"]
    assert len(rows) == 8
    assert set(rows[rows == "marked"].index) == {"care.d3_h1", "care.d3_h2", "care.d3_h8"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_fault_that_axe_core_finds(shown: Path, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed"
    ).Axe()
    with serving(shown, by="dora") as server, chromium() as browser:
        context = browser.new_context(color_scheme=scheme, viewport={"width": 1366, "height": 850})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(server.link)
        faults = []
        for view in VIEWS:
            show(page, server.address, view)
            shoot(page, f"{scheme}-{view}")
            faults += [
                (view, one["id"], one["nodes"][0]["html"]) for one in axe.run(page).response["violations"]
            ]
        show(page, server.address, "pages")
        page.click("tbody button.link")
        page.wait_for_selector(".page-detail")
        faults += [
            ("page", one["id"], one["nodes"][0]["html"]) for one in axe.run(page).response["violations"]
        ]
        shoot(page, f"{scheme}-page")
        page.click("text=Hilfe")
        page.wait_for_selector("dialog[open]")
        faults += [
            ("help", one["id"], one["nodes"][0]["html"]) for one in axe.run(page).response["violations"]
        ]
        shoot(page, f"{scheme}-help")
        page.keyboard.press("Escape")
        page.click("text=English")
        page.wait_for_selector("html[lang=en]")
        page.goto(f"{server.address}/open/wish_a=1@all")
        page.wait_for_selector("body[data-view=number]")
        faults += [
            ("number", one["id"], one["nodes"][0]["html"]) for one in axe.run(page).response["violations"]
        ]
        shoot(page, f"{scheme}-number")
        page.set_viewport_size({"width": 768, "height": 1024})
        show(page, server.address, "ask")
        shoot(page, f"{scheme}-tablet")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where decisions are kept: "" for survey.db, else the URL of a PostgreSQL database."""
    if request.param == "sqlite":
        yield ""
        return
    if not find_program("initdb"):
        pytest.skip(ABSENT)
    with running("fsync=off") as made:
        monkeypatch.setenv("SURVEY_DATABASE_URL", made)
        yield made


def test_two_reviewers_at_once_settle_everything_and_never_meet(tmp_path: Path, url: str) -> None:
    """A page and a server each, one database: 70 items, no item decided by both, however late claims are answered."""
    project = make_desk_project(tmp_path, 70)
    people = ("anna", "bert")
    with (
        serving(tmp_path, by="anna", url=url) as one, serving(tmp_path, by="bert", url=url) as two,
        chromium() as browser,
    ):  # fmt: skip
        pages = []
        for server in (one, two):
            page = browser.new_context().new_page()
            page.add_init_script(SLOW_CLAIMS)
            page.set_default_timeout(PATIENCE_MS)
            page.goto(server.link)
            page.wait_for_selector(".strip img")
            page.wait_for_load_state("networkidle")
            pages.append(page)
        while any(page.locator(".done").count() == 0 for page in pages):
            for page in pages:
                page.keyboard.press("2")
        for page in pages:
            settle(page)
    rows = project.decisions.adjudications()
    first = rows[rows["box"] == "work.2"]
    assert len(first) == first["page_digest"].nunique() == 70
    assert set(first["decided_by"]) == set(people)
    assert not project.decisions.verify().breaks


def test_who_goes_on_before_a_view_is_there_gets_the_one_asked_for_last(shown: Path) -> None:
    with serving(shown) as server, chromium() as browser:
        page = browser.new_page()
        page.add_init_script(SLOW_CLAIMS)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        page.wait_for_selector("#to-ask")
        with page.expect_response("**/api/claims"):
            page.evaluate("location.hash = 'overview'")
            page.evaluate("location.hash = 'pages'")
        page.wait_for_selector("body[data-view=pages] tbody button.link")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.body.dataset.view") == "pages"
        assert page.locator("main tbody button.link").count()


def test_odd_pages_are_placed_turned_discarded_and_listed_for_another_scan(shown: Path) -> None:
    project = Project(shown)
    with serving(shown) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        show(page, server.address, "pages")
        page.click("tbody button.link")
        page.click("text=Aussondern >> nth=-1")  # without a reason
        assert "Grund" in page.locator(".note").inner_text()
        page.click("text=Nach rechts drehen")
        page.fill("#serial", "S17933")
        page.fill("#which", "1")
        page.click("text=So ist es")
        page.click("text=Noch einmal scannen")
        page.fill("#why", "Süßer Brief")
        page.click("text=Aussondern >> nth=-1")
        settle(page)
        page.click("text=Zur Liste")
        page.wait_for_selector(".again li")
        assert "ausgesondert" in page.locator("tbody tr").first.inner_text()
    said = told_of_pages(project.decisions.standing())[f"{6:024x}"]
    assert (said.turn, said.questionnaire, said.page, said.serial) == (1, "desk", 1, "S17933")
    assert (said.fate, said.reason, said.again) == ("discarded", "Süßer Brief", True)


def test_a_number_opens_its_paper_from_a_link_elsewhere(shown: Path) -> None:
    with serving(shown) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        page.wait_for_selector(".strip img")
        link = f"{server.address}/open/wish_a=1@all"
        elsewhere = shown / "numbers.html"
        elsewhere.write_text(f'<a href="{link}">5</a>', "utf-8")
        page.goto(elsewhere.as_uri())
        page.click("a")
        page.wait_for_selector("body[data-view=number] article")
        assert page.locator("article").count() == 5
        assert page.locator("article .ring").count() == 5
        page.goto(f"{server.address}/open/wish_x=1@all")
        page.wait_for_selector(".done")
        assert "wish_a" in page.locator(".done").inner_text()


def test_a_reader_starts_at_a_number_of_the_report_and_ends_at_its_paper(tmp_path: Path) -> None:
    project = make_desk_project(tmp_path, 40, p_marked={"work.2": 0.99})
    said = {"item": "work", "decided_by": "anna"}
    marked = [
        {**said, "page_digest": f"{number:024x}", "box": box, "state": state}
        for number in range(1, 18)
        for box, state in (("work.2", "empty"), ("work.1", "marked"))
    ]
    project.decisions.add(pd.DataFrame(marked))
    written = report(project, "desk", edition=Edition(levels=(INTERNAL,)))
    text = written.first.read_text("utf-8")
    with serving(tmp_path) as server, chromium() as browser:
        written.first.write_text(text.replace(f":{REVIEW_PORT}/", f":{server.port}/"), "utf-8")
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        page.wait_for_selector("main")
        page.goto(written.first.as_uri())
        page.locator("main a[href*='/open/work=1@all']:visible").first.click()
        page.wait_for_selector("body[data-view=number] article")
        assert page.locator("article .ring").count() == 17


def test_sweep_settles_this_and_all_beyond(tmp_path: Path) -> None:
    project = make_desk_project(tmp_path, 8)
    with serving(tmp_path) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        show(page, server.address, "sweep")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        page.keyboard.press("Shift+Enter")
        settle(page)
    rows = project.decisions.standing()
    assert sorted(rows["state"]) == ["empty"] + ["marked"] * 6
    assert f"{1:024x}" not in set(rows["page_digest"])


def test_sweep_leaves_open_what_the_machine_suggests_nothing_about(tmp_path: Path) -> None:
    """Of slight marks nobody knows what they are: no key settles one before a person has said what it is."""
    project = make_desk_project(tmp_path, 8, p_marked={"wish.a": 0.9})
    with serving(tmp_path) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link)
        show(page, server.address, "sweep")
        shoot(page, "sweep-open")
        assert page.locator(".cell.is-open").count() == 8
        for refused in ("Shift+Enter", "Shift+Space"):
            page.keyboard.press(refused)
            assert page.locator(".note").inner_text()
        page.keyboard.press("Space")  # marked
        page.keyboard.press("Shift+Enter")
        settle(page)
        assert page.locator(".cell.is-open").count() == 7
        assert list(project.decisions.standing()["state"]) == ["marked"]
        empty = ("Space", "Space", "Shift+Space")
        for key in ("ArrowRight", "Space", "ArrowRight", *empty, "ArrowLeft", "Shift+Enter"):
            page.keyboard.press(key)
        settle(page)
        assert page.locator(".cell.is-open").count() == 1  # the first, before the one that was settled
    assert sorted(project.decisions.standing()["state"]) == ["empty"] * 5 + ["marked"] * 2

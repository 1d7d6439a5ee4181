"""Claims about the report as a page in a real browser: everybody can use it, on any screen, dark or printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import chromium
from fake_outcomes import fake_returns, segeberg

from survey.reporting.chapters import compose
from survey.reporting.codebook import codebook_page
from survey.reporting.evidence import Evidence, Results
from survey.reporting.numbers import write_numbers
from survey.reporting.webpage import write_page


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 300)
    results = Results(
        questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"]
    )
    evidence = Evidence(results, "de")
    document = compose(evidence)
    texts = {
        "outside": write_page(document, linked=False),
        "inside": write_page(document, linked=True, notice=evidence.words.say("page_internal")),
        "codebook": codebook_page(evidence),
        "numbers": write_numbers(evidence),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in texts}


CONTRAST = {"color-contrast": {"enabled": False}}


@pytest.mark.parametrize(
    ("scheme", "width", "rules"),
    [
        ("light", 1366, {}),
        ("dark", 1366, {"runOnly": {"type": "rule", "values": [*CONTRAST]}}),  # all that colours change
        ("light", 390, {"rules": CONTRAST}),  # and all that they do not
    ],
)
def test_no_page_has_a_fault_that_axe_core_finds(
    pages: dict[str, Path], scheme: str, width: int, rules: dict[str, object]
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed"
    ).Axe()
    with chromium() as browser:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name, path in pages.items():
            if name in {"outside", "numbers"} and (scheme, width) != ("light", 1366):
                continue  # the same parts as the two others
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            faults = [
                (one["id"], one["nodes"][0]["html"][:200])
                for one in axe.run(page, options={"resultTypes": ["violations"], **rules}).response[
                    "violations"
                ]
            ]
            assert not faults, name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert all(url.startswith("file:") for url in asked)


def test_every_number_of_the_inner_page_is_a_link_and_none_of_the_outer(pages: dict[str, Path]) -> None:
    inside, outside = (pages[name].read_text("utf-8") for name in ("inside", "outside"))
    assert inside.count("/open/") > 1000 and "/open/" not in outside


def test_the_printed_page_shows_no_navigation(pages: dict[str, Path]) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(pages["outside"].as_uri())
        assert page.locator("nav.contents").is_visible()
        page.emulate_media(media="print")
        assert not page.locator("nav.contents").is_visible()

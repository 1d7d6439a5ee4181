"""Claims about the codebook: as a page, and as a description that archives can take in."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from fake_outcomes import fake_returns, segeberg
from lxml import etree

from survey.analysis.coding import variables
from survey.reporting.codebook import codebook_page
from survey.reporting.ddi import NAMESPACE, DataFile, ddi_codebook
from survey.reporting.evidence import Evidence, Results

REDUCED = Path(__file__).parent / "ddi" / "codebook-reduced.xsd"
SPACE = {"d": NAMESPACE}


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    questionnaire = segeberg()
    returns = fake_returns(questionnaire, 80)
    return Evidence(
        Results(questionnaire, returns["marks"], returns["outcomes"], returns["cases"], returns["ledger"]),
        "de",
    )


@pytest.fixture(scope="module")
def described(evidence: Evidence) -> etree._Element:
    names = [one.name for one in variables(evidence.questionnaire)]
    return etree.fromstring(ddi_codebook(evidence, DataFile("wide.csv", 80, ["case", *names])))


def test_the_description_is_valid_for_the_elements_it_uses(
    evidence: Evidence, described: etree._Element
) -> None:
    schema = etree.XMLSchema(etree.parse(str(REDUCED)))
    schema.assertValid(described)
    schema.assertValid(etree.fromstring(ddi_codebook(evidence, None)))


def test_the_description_is_valid_ddi(described: etree._Element) -> None:
    official = os.environ.get("SURVEY_DDI_XSD", "")
    if not official:
        pytest.skip("SURVEY_DDI_XSD names no copy of the DDI Alliance's codebook.xsd 2.5")
    etree.XMLSchema(etree.parse(official)).assertValid(described)


def test_a_wrong_order_is_found(described: etree._Element) -> None:
    text = etree.tostring(described).decode("utf-8")
    first = re.search(r"<(?:\w+:)?var .*?</(?:\w+:)?var>", text, re.DOTALL)
    assert first
    turned = re.sub(
        r"(<qstn>.*?</qstn>)(\s*)(<invalrng>.*?</invalrng>)", r"\3\2\1", text, count=1, flags=re.DOTALL
    )
    assert turned != text
    assert not etree.XMLSchema(etree.parse(str(REDUCED))).validate(etree.fromstring(turned))


def test_every_variable_is_described_with_its_labels_in_both_languages(
    evidence: Evidence, described: etree._Element
) -> None:
    for one in variables(evidence.questionnaire):
        found = described.xpath(f"//d:var[@name='{one.name}']", namespaces=SPACE)
        assert len(found) == 1
        codes = found[0].xpath("d:catgry/d:catValu/text()", namespaces=SPACE)
        assert set(one.value_labels()) | {"-1", "-6"} <= set(codes)
    children = described.xpath("//d:var[@name='children']/d:qstn/d:qstnLit", namespaces=SPACE)
    assert {one.get("{http://www.w3.org/XML/1998/namespace}lang") for one in children} == {"de", "en"}


def test_only_counts_that_may_be_shown_are_told(evidence: Evidence, described: etree._Element) -> None:
    page = codebook_page(evidence)
    hidden = 0
    for one in variables(evidence.questionnaire):
        for code in one.value_labels():
            row = evidence.any(one.name, code)
            told = described.xpath(
                f"//d:var[@name='{one.name}']/d:catgry[d:catValu='{code}']/d:catStat/text()", namespaces=SPACE
            )
            assert told == ([str(row.count)] if row is not None and row.shown and row.base else [])
            hidden += row is not None and not row.shown
    assert hidden and page.count("<td>•</td>") == hidden


def test_multiple_responses_are_groups_of_variables(described: etree._Element) -> None:
    ids = set(described.xpath("//d:var/@ID", namespaces=SPACE))
    groups = described.xpath("//d:varGrp", namespaces=SPACE)
    assert {group.get("type") for group in groups} == {"multipleResp", "grid"}
    assert all(set(group.get("var").split()) <= ids for group in groups)


def test_the_codebook_page_tells_only_what_is_passed_on(evidence: Evidence) -> None:
    page = codebook_page(evidence, ["children"])
    assert "<code>children</code>" in page and "<code>sex</code>" not in page

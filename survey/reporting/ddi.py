"""A questionnaire, and the table that is passed on of it -> DDI Codebook 2.5, the description archives exchange.

Element names, their order and their attributes are those of the specification of 17 January 2012 (DDI Alliance).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from survey import __version__
from survey.analysis.coding import MISSING_CODES, MISSING_LABELS, Variable, variables
from survey.analysis.estimate import RETURNED
from survey.questionnaire.model import Item, Text, say
from survey.reporting.evidence import Evidence

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A table that lies beside the description: its name, its rows, and its columns in order."""

    name: str
    cases: int
    columns: Sequence[str]


def ddi_codebook(evidence: Evidence, file: DataFile | None) -> bytes:
    """Return the XML. Counts beside codes are those the report shows of all cases; what it keeps back is not there.

    `file` is None where no table of cases is passed on: then all variables are described, and no file.
    """
    ElementTree.register_namespace("", NAMESPACE)
    language = evidence.words.language
    root = Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5", LANGUAGE: language})
    questionnaire = evidence.questionnaire
    document = _child(_child(root, "docDscr"), "citation")
    title = say(questionnaire.schema.title, language) or questionnaire.id
    _child(_child(document, "titlStmt"), "titl", f"Codebook: {title}")
    _child(_child(document, "prodStmt"), "software", "survey", version=__version__)
    _describe_study(_child(root, "stdyDscr"), evidence)
    if file is not None:
        text = _child(_child(root, "fileDscr", ID="F1"), "fileTxt")
        _child(text, "fileName", file.name)
        size = _child(text, "dimensns")
        _child(size, "caseQnty", str(file.cases))
        _child(size, "varQnty", str(len(file.columns)))
        _child(text, "fileType", "text/csv", charset="UTF-8")
    _describe_variables(_child(root, "dataDscr"), evidence, file)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _child(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    made = SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    made.text = text or None
    return made


def _texts(parent: Element, name: str, text: Text) -> None:
    """One element a language the text has."""
    for language, words in text.items():
        made = _child(parent, name, words)
        if language:
            made.set(LANGUAGE, language)


def _describe_study(study: Element, evidence: Evidence) -> None:
    schema, language = evidence.questionnaire.schema, evidence.words.language
    citation = _child(study, "citation")
    titles = _child(citation, "titlStmt")
    _child(titles, "titl", say(schema.title, language) or evidence.questionnaire.id)
    _child(titles, "IDNo", f"{evidence.questionnaire.id}, version {schema.version}")
    if evidence.office:
        _child(_child(citation, "rspStmt"), "AuthEnty", evidence.office)
    information = _child(study, "stdyInfo")
    purpose = say(schema.information.purpose, language)
    if purpose:
        _child(information, "abstract", purpose)
    summary = _child(information, "sumDscr")
    days = evidence.days()
    for event, place in (("start", 0), ("end", -1)):
        if days:
            _child(summary, "collDate", days[place][0], event=event, date=days[place][0])
    _texts(summary, "universe", schema.population.name)
    _child(summary, "dataKind", "survey data")
    _describe_method(_child(study, "method"), evidence)


def _describe_method(method: Element, evidence: Evidence) -> None:
    words = evidence.words
    collection = _child(method, "dataColl")
    _child(collection, "timeMeth", evidence.questionnaire.schema.wave or "cross-section")
    _child(collection, "sampProc", words.say("ddi_census"))
    _child(collection, "collMode", words.say("ddi_mode"))
    _child(collection, "resInstru", words.say("ddi_instrument"))
    _child(collection, "weight", words.say("note_weighted" if evidence.is_weighted else "note_unweighted"))
    returned = evidence.find(RETURNED)
    if returned is not None:
        told = words.say("ddi_rate", rate=words.percent(returned.value), count=words.number(returned.count),
                         frame=words.number(returned.base))  # fmt: skip
        _child(_child(method, "anlyInfo"), "respRate", told)


def _describe_variables(data: Element, evidence: Evidence, file: DataFile | None) -> None:
    described = {one.name: one for one in variables(evidence.questionnaire)}
    names = list(described) if file is None else list(file.columns)
    ids = {name: f"V{place}" for place, name in enumerate(names, start=1)}
    for group, (item, members) in enumerate(_groups(described, ids), start=1):
        kind = "grid" if item.type in {"grid", "matrix"} else "multipleResp"
        made = _child(data, "varGrp", ID=f"G{group}", type=kind, name=item.id)
        made.set("var", " ".join(ids[name] for name in members))
        _texts(made, "labl", item.text)
    for name in names:
        made = _child(data, "var", ID=ids[name], name=name)
        if file is not None:
            made.set("files", "F1")
        if name in described:
            _describe_variable(made, described[name], evidence)
        else:
            _child(made, "labl", name)


def _groups(described: Mapping[str, Variable], ids: Mapping[str, str]) -> Iterator[tuple[Item, list[str]]]:
    """Items that have several variables, with those that are there."""
    members: dict[str, list[str]] = {}
    for name in ids:
        if name in described:
            members.setdefault(described[name].asked.item.id, []).append(name)
    for names in members.values():
        if len(names) > 1:
            yield described[names[0]].asked.item, names


def _describe_variable(made: Element, variable: Variable, evidence: Evidence) -> None:
    """Label, wording, missing codes, counts and codes, in the order of the specification."""
    asked, name = variable.asked, variable.name
    row = asked.row.label if asked.row is not None else {}
    option = variable.option.label if variable.option is not None else {}
    own: Text = {}
    for language in asked.item.text:
        parts = [say(text, language) for text in (row, option) if text]
        own[language] = ": ".join(parts) or asked.item.text[language]
    _texts(made, "labl", own or {"": name})
    if asked.item.text:
        _texts(_child(made, "qstn"), "qstnLit", asked.item.text)
    declared = [one.code for one in asked.options if one.missing and variable.option is None]
    missing = _child(made, "invalrng")
    for code in [*declared, *(str(code) for code in MISSING_CODES.values())]:
        _child(missing, "item", VALUE=code)
    mean = evidence.find(name, "mean")
    if mean is not None:
        _child(made, "sumStat", f"{mean.value:.4g}", type="mean")
        _child(made, "sumStat", str(mean.base), type="vald")
    for code, label in variable.value_labels().items():
        category = _child(made, "catgry", missing="Y" if code in declared else "N")
        _child(category, "catValu", code)
        _texts(category, "labl", label)
        found = evidence.find(name, code)
        if found is not None:
            _child(category, "catStat", str(found.count), type="freq")
    for reason, number in MISSING_CODES.items():
        category = _child(made, "catgry", missing="Y")
        _child(category, "catValu", str(number))
        _texts(category, "labl", MISSING_LABELS[reason])
    is_text = asked.kind == "text"
    _child(made, "varFormat", type="character" if is_text else "numeric", schema="other")

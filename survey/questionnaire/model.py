"""What a questionnaire is: its items, options, boxes, need areas, population."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from survey.questionnaire.plan import NAME, Code, Count, Plan, ReportPart, Weights
from survey.questionnaire.plan import Text as Text
from survey.questionnaire.plan import Written as _Written
from survey.questionnaire.thresholds import Thresholds

ItemType = Literal["single", "multiple", "scale", "matrix", "grid", "number", "text"]
CODE_GROUPS = ("serial", "page", "questionnaire", "version", "language")
ID_PATTERN = r"^[a-z0-9][a-z0-9_.-]*$"
PAPER_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4), "a5": (148.0, 210.0), "a3": (297.0, 420.0)}


def say(text: dict[str, str], language: str) -> str:
    """Return a text in a language, or else in the first language it has; "" where there is none."""
    return text.get(language) or next(iter(text.values()), "")


def fault_in_code(pattern: str) -> str:
    """Say why an expression for codes of other programs cannot be used; empty if it can."""
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        return f"{pattern!r} is no regular expression: {error}"
    named = any(group in CODE_GROUPS for group in groups)
    return "" if named else f"{pattern!r} has none of the named groups {', '.join(CODE_GROUPS)}"


class Reading(_Written):
    """How marks on this paper are to be read."""

    revocation: bool = False
    """The paper tells people to black out a wrong mark."""
    codes: list[str] = []
    """Regular expressions with named groups (serial, page, questionnaire, version) for codes other programs printed."""
    thresholds: Thresholds = Thresholds()

    @model_validator(mode="after")
    def _codes_can_be_read(self) -> Reading:
        if fault := next(filter(None, map(fault_in_code, self.codes)), ""):
            raise ValueError(fault)
        return self


class ResponseOption(_Written):
    """One printed choice with its box."""

    code: Code
    label: Text = {}
    go_to: str | None = None
    """The item to go on with, when this option is marked."""
    none: bool = False
    """This option says "nothing of all this"; marked beside another one it contradicts."""
    missing: bool = False
    """This option is no substantive answer ("don't know", "rather not say"): a declared missing code."""


class Row(_Written):
    """One line of a matrix or grid."""

    code: Code
    label: Text = {}
    voluntary: bool = False


class CellGroup(_Written):
    """Cells of a grid that are reported together, such as the edges of the day."""

    id: str = Field(pattern=NAME)
    label: Text
    rows: list[Code] = []
    columns: list[Code] = []


class Theme(_Written):
    """One entry of a codeframe: what people may write about, assigned on the review page."""

    code: str = Field(pattern=NAME)
    label: Text


class Item(_Written):
    """One thing asked. A matrix asks one thing a row; a grid is one multiple-response item on two axes."""

    id: str = Field(pattern=NAME)
    type: ItemType
    text: Text = {}
    note: Text = {}
    """The instruction printed under the wording."""
    need_area: str | None = None
    options: list[ResponseOption] = []
    rows: list[Row] = []
    columns: list[ResponseOption] = []
    groups: list[CellGroup] = []
    nothing_marked: Literal["no", "nonresponse"] = "nonresponse"
    """What it means when no box of a multiple or grid item is marked."""
    digits: int = Field(0, ge=0, le=12)
    """Cells of a number's comb."""
    unit: Text = {}
    lines: int = Field(0, ge=0, le=20)
    """Height of a free-text field in lines of writing."""
    themes: list[Theme] = []
    """The codeframe of a free-text item."""
    voluntary: bool = False

    @model_validator(mode="after")
    def _fits_its_type(self) -> Item:
        needs = {
            "single": ["options"], "multiple": ["options"], "scale": ["options"],
            "matrix": ["options", "rows"], "grid": ["rows", "columns"], "number": ["digits"], "text": ["lines"],
        }[self.type]  # fmt: skip
        for name in ["options", "rows", "columns", "digits", "lines"]:
            given = bool(getattr(self, name))
            if name in needs and not given:
                raise ValueError(f"item {self.id} is of type {self.type} and needs {name}")
            if given and name not in needs and not (name == "options" and self.type == "grid"):
                raise ValueError(f"item {self.id} is of type {self.type}, which has no {name}")
        if self.type not in {"multiple", "grid"} and self.nothing_marked != "nonresponse":
            raise ValueError(f"item {self.id}: nothing_marked is for multiple and grid items")
        if self.themes and self.type != "text":
            raise ValueError(f"item {self.id}: themes are for items of type text")
        for name in ["options", "rows", "columns", "themes"]:
            codes = [entry.code for entry in getattr(self, name)]
            twice = next((code for code in codes if codes.count(code) > 1), None)
            if twice is not None:
                raise ValueError(f"item {self.id}: code {twice} stands twice in {name}")
        return self


class NeedArea(_Written):
    """A named set of items reported together, and the marks that show the need."""

    id: str = Field(pattern=NAME)
    label: Text
    need: dict[str, list[Code]] = {}
    """Item (or matrix row) -> codes that show the need; an empty list means any code but its "none"."""


class Section(_Written):
    """A stretch of items under one heading that tells why one asks."""

    id: str = Field(pattern=NAME)
    title: Text
    intro: Text = {}
    new_page: bool = False
    items: list[Item]


class Population(_Written):
    """The frame: whom the questionnaire was sent to."""

    name: Text = {}
    stratum: str = ""
    """The variable the frame is divided by, for example office."""
    frame: dict[str, int] = {}
    """Stratum -> people written to."""
    counts: list[Count] = []
    """How many people the frame held on later days; estimates are for the last of them."""
    ineligible: int = Field(0, ge=0)
    """People written to who turned out not to belong to the population."""
    weights: Weights | None = None
    """Without it, estimates describe those who answered."""
    minimum_cell: int = Field(10, ge=1)


class Disclosure(_Written):
    """What may be published about people, besides the minimum cell of `population`."""

    protect_zeros: list[str] = []
    """Items in which "nobody said so" is protected like a small count; `all` stands for every item."""
    dominance: float = Field(0.5, gt=0, le=1)
    """Share of a domain's sum from which one person dominates it, so that no mean is published; our default."""
    keys: list[str] = []
    """Variables by which somebody might be recognised in microdata: items, or the stratum's variable."""
    k: int = Field(5, ge=2)
    """How many cases must share each combination of keys in public microdata."""


class Information(_Written):
    """What the questionnaire tells the person who holds it; law and decency ask for it."""

    sender: Text = {}
    return_to: Text = {}
    return_by: Text = {}
    contact: Text = {}
    purpose: Text = {}
    voluntary: Text = {}
    code: Text = {}
    """What the printed code means."""
    deletion: Text = {}
    thanks: Text = {}


class Review(_Written):
    """What people may see on the review page; a staff council has a say in it."""

    whole_page: bool = False
    """Show the whole scanned page beside an item; otherwise everything but the item is masked."""
    timing: bool = False
    """Show how fast people decide; otherwise everybody sees only the own speed."""


class Schema(_Written):
    """schemas/<id>.yaml as written."""

    questionnaire: str = Field(pattern=ID_PATTERN)
    version: int = Field(1, ge=1, le=99)
    code: str = Field("", pattern=r"^[A-Z0-9]{0,6}$")
    """Short name in the printed code, for example SG12."""
    wave: str = ""
    paper: Literal["a4", "letter", "a5", "a3"] | tuple[float, float] = "a4"
    """Paper size by name, or width and height in mm."""
    languages: list[str] = ["de"]
    title: Text = {}
    information: Information = Information()
    population: Population = Population()
    disclosure: Disclosure = Disclosure()
    reading: Reading = Reading()
    need_areas: list[NeedArea] = []
    analysis: Plan = Plan()
    report: ReportPart = ReportPart()
    review: Review = Review()
    sections: list[Section]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked as marks are decided: an item, or one row of a matrix. Its id names boxes and variables."""

    id: str
    item: Item
    row: Row | None
    kind: Literal["single", "multiple", "number", "text"]
    options: tuple[ResponseOption, ...]

    @property
    def substantive(self) -> tuple[ResponseOption, ...]:
        """The options but "none" and missing codes."""
        return tuple(option for option in self.options if not option.none and not option.missing)


@dataclass(frozen=True)
class Questionnaire:
    """A schema with the places of its boxes (table BOXES) and its blank PDF."""

    schema: Schema
    boxes: pd.DataFrame
    blank: Path | None
    path: Path
    issued: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Serial -> stratum of every copy that was sent out."""

    @property
    def id(self) -> str:
        return self.schema.questionnaire

    @property
    def items(self) -> list[Item]:
        """All items in printed order."""
        return [item for section in self.schema.sections for item in section.items]

    @cached_property
    def frame(self) -> dict[str, int]:
        """Stratum -> people written to: copies issued by serial if these are listed, else what the schema says."""
        names = list(self.schema.population.frame)
        if not self.issued:
            return dict(self.schema.population.frame)
        counts = Counter(self.issued.values())
        return {name: counts[name] for name in [*names, *sorted(set(counts) - set(names))] if counts[name]}

    @property
    def population(self) -> dict[str, int]:
        """Stratum -> people that estimates are for: the last count of the frame, or else the frame."""
        counts = sorted(self.schema.population.counts, key=lambda count: count.day)
        return dict(counts[-1].people) if counts else self.frame

    @property
    def paper_mm(self) -> tuple[float, float]:
        """Width and height of a page in mm."""
        paper = self.schema.paper
        return PAPER_MM[paper] if isinstance(paper, str) else paper

    @property
    def pages(self) -> list[int]:
        """Numbers of the pages that carry boxes, from 1."""
        return sorted(int(page) for page in self.boxes["page"].unique())

    @cached_property
    def _asked(self) -> tuple[Asked, ...]:
        return tuple(asked for item in self.items for asked in ask(item))

    def asked(self) -> tuple[Asked, ...]:
        """All things asked in printed order, matrix rows one by one."""
        return self._asked

    def handwritten(self) -> frozenset[str]:
        """Ids of the things asked whose boxes are fields to write in."""
        return frozenset(asked.id for asked in self.asked() if asked.kind in {"number", "text"})

    def boxes_to_mark(self) -> list[str]:
        """Names of the boxes to mark; the others are fields to write in."""
        return list(self.boxes.loc[~self.boxes["item"].isin(self.handwritten()), "box"])

    def places(self, page: int) -> list[tuple[str, float, float, float, float, bool]]:
        """What is measured on a page, in the order of boxes.csv: box, x, y, width and height in mm, is it a field."""
        here = self.boxes[self.boxes["page"] == page]
        fields = here["item"].isin(self.handwritten())
        columns = [here[name].round(3) for name in ("x_mm", "y_mm", "w_mm", "h_mm")]
        return list(
            zip(here["box"].tolist(), *(one.tolist() for one in columns), fields.tolist(), strict=True)
        )


def base_of(name: str) -> str:
    """Name the questionnaire that an older printing (`id@version`) belongs to; any other name is its own."""
    return name.partition("@")[0]


def ask(item: Item) -> tuple[Asked, ...]:
    """Return the things an item asks: one, or one a row of a matrix."""
    if item.type == "matrix":
        return tuple(
            Asked(f"{item.id}_{row.code}", item, row, "single", tuple(item.options)) for row in item.rows
        )
    if item.type == "grid":
        cells = tuple(
            ResponseOption(code=f"{row.code}_{column.code}", label=_cell_label(row, column))
            for row in item.rows
            for column in item.columns
        )
        return (Asked(item.id, item, None, "multiple", cells + tuple(item.options)),)
    if item.type == "scale":
        return (Asked(item.id, item, None, "single", tuple(item.options)),)
    return (Asked(item.id, item, None, item.type, tuple(item.options)),)


def _cell_label(row: Row, column: ResponseOption) -> dict[str, str]:
    languages = row.label.keys() | column.label.keys()
    return {
        language: f"{say(row.label, language)}, {say(column.label, language)}"
        for language in sorted(languages)
    }

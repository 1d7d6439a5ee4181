"""What a person writes about the evaluation: counts, weights, derived variables, tests, and the report."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Code = Annotated[
    str,
    BeforeValidator(
        lambda value: str(value) if isinstance(value, int) else value, json_schema_input_type=int | str
    ),
]
Text = Annotated[
    dict[str, str],
    BeforeValidator(
        lambda value: {"": value} if isinstance(value, str) else value,
        json_schema_input_type=str | dict[str, str],
    ),
]
Day = Annotated[
    str, BeforeValidator(lambda value: value if isinstance(value, str) else value.isoformat(),
                         json_schema_input_type=str), Field(pattern=r"^\d{4}-\d{2}-\d{2}$"),
]  # fmt: skip
NAME = r"^[a-z][a-z0-9_]*$"


class Written(BaseModel):
    """Something a person writes in YAML: an unknown key is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Count(Written):
    """How many people the frame held on a day."""

    day: Day
    people: dict[str, int]
    """Stratum -> people."""


class Margin(Written):
    """A variable whose distribution in the population is known."""

    variable: str
    """A variable of the wide table, a derived one, or the name of the stratum."""
    people: dict[Code, float] = {}
    """Code, or codes joined by + -> people; they must add up to the frame."""
    shares: dict[Code, float] = {}
    """The same as shares that add up to 1."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Margin:
        if bool(self.people) == bool(self.shares):
            raise ValueError(f"margin {self.variable} needs either people or shares")
        return self


class Weights(Written):
    """How those who answered come to stand for those who did not."""

    nonresponse: bool = True
    """Each stratum's returns stand for all of its people; without it all returns for the whole frame alike."""
    margins: list[Margin] = []
    """Distributions to which the weights are raked."""
    bounds: tuple[Annotated[float, Field(gt=0, le=1)], Annotated[float, Field(ge=1)]] = (0.2, 5.0)
    """Least and largest factor by which raking may change a weight: beyond, few speak for too many."""


class ValidCase(Written):
    """When a returned case enters the estimates."""

    share: float = Field(0.7, ge=0, le=1)
    """Least share of the things it was asked, voluntary ones and texts aside, that it answered."""
    items: list[str] = []
    """Things asked that count; empty for all."""


class Group(Written):
    """One category of a derived variable, by codes or by a range of numbers."""

    code: Code
    label: Text = {}
    codes: list[Code] = []
    low: float | None = None
    """Smallest number that belongs to it."""
    below: float | None = None
    """First number that no longer does."""


class Derived(Written):
    """A variable computed from others: by a formula, or by grouping the codes of one."""

    id: str = Field(pattern=NAME)
    label: Text
    formula: str = ""
    of: str = ""
    """The variable that `groups` divides."""
    groups: list[Group] = []
    labels: dict[Code, Text] = {}
    """Code -> value label of what the formula gives; without labels (and not true or false) it is a number."""
    need_area: str | None = None
    """The formula is the index of this need area; the report prints both."""

    @model_validator(mode="after")
    def _one_way(self) -> Derived:
        if bool(self.formula) == bool(self.of) or bool(self.of) != bool(self.groups):
            raise ValueError(f"derived variable {self.id} needs either a formula, or `of` and `groups`")
        return self


class ResponseSet(Written):
    """Variables with the codes 1 and 0 that are told together: a multiple-response set across items."""

    id: str = Field(pattern=NAME)
    label: Text
    variables: list[str] = Field(min_length=2)


class Family(Written):
    """Tests that are made for one purpose, and corrected together after Holm."""

    id: str = Field(pattern=NAME)
    variables: list[str] = Field(min_length=1)
    by: str = ""
    """The variable that divides the cases; without it the stratum."""


class Plan(Written):
    """How answers become estimates; the part `analysis` of a schema."""

    routing_wins: Literal["answer", "routing", "nobody"] = "answer"
    """What holds where an item was answered although routing skips it: the answer, the routing (it becomes
    not asked), or nobody (it becomes contradictory)."""
    valid_case: ValidCase | None = None
    derived: list[Derived] = []
    sets: list[ResponseSet] = []
    domains: list[str] = []
    """Variables by whose codes everything is estimated, besides the stratum."""
    families: list[Family] = []
    interval: Literal["korn-graubard", "logit", "exact"] = "korn-graubard"
    """Interval of shares; exact (hypergeometric) is for counts without weights."""


class Recommendation(Written):
    """A proposal of the office, printed only while the finding it rests on holds."""

    title: Text
    text: Text = {}
    rests_on: str
    """Variable of the finding, or `variable=code`: of all cases, or `@domain` behind it."""
    at_least: float | None = Field(None, ge=0, le=1)
    """It holds if even the lower end of the share's interval reaches this."""
    at_most: float | None = Field(None, ge=0, le=1)
    """It holds if even the upper end does not exceed this."""

    @model_validator(mode="after")
    def _has_a_bound(self) -> Recommendation:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a recommendation needs at_least or at_most: when does its finding hold?")
        return self


class ReportPart(Written):
    """Names and settings of the evaluation report."""

    title: Text = {}
    subtitle: Text = {}
    office: Text = {}
    accent: str = Field("#1f5a7a", pattern=r"^#[0-9a-fA-F]{6}$")
    logo: str = ""
    """SVG, PNG or JPEG file beside the schema, for the title page."""
    logo_alt: Text = {}
    """What the logo shows, for who cannot see it; without it the office's name."""
    font: str = ""
    """Family of the office's typeface."""
    font_files: list[str] = []
    """Its files (TTF or OTF) beside the schema."""
    recommendations: list[Recommendation] = []
    before: str = ""
    """Id of the questionnaire that is the wave before this one."""

    @model_validator(mode="after")
    def _has_its_font(self) -> ReportPart:
        if bool(self.font) != bool(self.font_files):
            raise ValueError("font and font_files go together")
        return self

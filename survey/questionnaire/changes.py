"""Two versions of a questionnaire -> what changed from one to the other, in words, and what each change touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from survey.questionnaire.model import Item, Questionnaire, ResponseOption
from survey.questionnaire.plan import Weights

Touches = Literal["place", "marking", "coding", "counting", "words"]
"""Where a change begins to tell: measuring, deciding marks, coding answers, counting, or only what is printed."""
ORDER: tuple[Touches, ...] = ("place", "marking", "coding", "counting", "words")
NAMED_AT_ONCE = 3  # things named in a line; what is more is counted

Spot = tuple[int, float, float]
"""Page, x and y of a box in mm: the same spot is the same printed box, whatever it is called."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions."""

    touches: Touches
    about: str
    """The item, variable or part of the schema it is about."""
    kind: str
    """What was done, as one word for those who say it in another language."""
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Matched:
    """How the things asked in one version are called in the other."""

    items: Mapping[str, str]
    """Thing asked before -> now."""
    codes: Mapping[str, Mapping[str, str]]
    """Thing asked before -> code before -> code now, of the same printed box."""
    several: frozenset[str]
    """Things asked before that allow several marks: each of their codes is a variable."""

    def variable(self, name: str) -> str:
        """Name a variable of the version before as it is called now."""
        if name in self.items:
            return self.items[name]
        for before, now in self.items.items():
            if before in self.several and name.startswith(f"{before}_"):
                code = name.removeprefix(f"{before}_")
                return f"{now}_{self.codes[before].get(code, code)}"
        return name


def changes(before: Questionnaire, now: Questionnaire) -> list[Change]:
    """Say what changed, in the order in which it tells: places, marking, coding, counting, words."""
    matched = match(before, now)
    found = [*_of_boxes(before, now, matched), *_of_reading(before, now), *_of_items(before, now, matched)]
    found += [*_of_options(before, now, matched), *_of_population(before, now), *_of_the_rest(before, now)]
    return sorted(dict.fromkeys(found), key=lambda change: ORDER.index(change.touches))


def match(before: Questionnaire, now: Questionnaire) -> Matched:
    """Find each thing asked again by its name, or by the spots of its boxes; its codes by those spots, too."""
    old, new = ({one.id: one for one in side.asked()} for side in (before, now))
    old_spots, new_spots = _spots(before), _spots(now)
    owner = {spot: name for name, spots in new_spots.items() for spot in spots.values()}
    items: dict[str, str] = {}
    for name in old:
        if name in new:
            items[name] = name
            continue
        there = {owner[spot] for spot in old_spots.get(name, {}).values() if spot in owner}
        free = there - set(old)
        if len(free) == 1:
            items[name] = free.pop()
    codes = {}
    for name, other in items.items():
        place = {spot: code for code, spot in new_spots.get(other, {}).items()}
        spots = old_spots.get(name, {})
        codes[name] = _codes_by_spot([option.code for option in old[name].options], spots, place,
                                     {option.code for option in new[other].options})  # fmt: skip
    several = frozenset(name for name, one in old.items() if one.kind == "multiple")
    return Matched(items, codes, several)


def _codes_by_spot(
    olds: Sequence[str], spots: Mapping[str, Spot], place: Mapping[Spot, str], known: set[str]
) -> dict[str, str]:
    """Code before -> code now: of the same box, else the same code if no other box took it, else ""."""
    found = {code: place[spots[code]] for code in olds if code in spots and spots[code] in place}
    taken = set(found.values())
    return {code: found.get(code, code if code in known - taken else "") for code in olds}


def _spots(questionnaire: Questionnaire) -> dict[str, dict[str, Spot]]:
    """Thing asked -> option -> where its box lies."""
    found: dict[str, dict[str, Spot]] = {}
    for row in questionnaire.boxes.itertuples(index=False):
        found.setdefault(row.item, {})[row.option] = (row.page, round(row.x_mm, 1), round(row.y_mm, 1))
    return found


def name_some(names: Sequence[str], most: int = NAMED_AT_ONCE) -> str:
    """Name the first few things of a list, and count the rest."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _of_boxes(before: Questionnaire, now: Questionnaire, matched: Matched) -> Iterator[Change]:
    """Boxes that moved, came or went, item by item."""
    columns = ["page", "x_mm", "y_mm", "w_mm", "h_mm"]
    old, new = (
        {
            (row.item, row.option): tuple(round(float(getattr(row, name)), 3) for name in columns)
            for row in side.boxes.itertuples(index=False)
        }
        for side in (before, now)
    )
    known = {
        (matched.items[item], matched.codes[item].get(code, code)): place
        for (item, code), place in old.items()
        if item in matched.items
    }
    moved: dict[str, list[str]] = {}
    for key, place in new.items():
        item, code = key
        if key in known and known[key] != place:
            moved.setdefault(item, []).append(code or "its field")
        elif key not in known and item in matched.items.values():
            yield Change("place", item, "box_new", f"{item}: {code or 'its field'} has a box now")
    for item, codes in moved.items():
        yield Change("place", item, "box_moved", f"{item}: the place of {name_some(codes)} was corrected")


def _of_reading(before: Questionnaire, now: Questionnaire) -> Iterator[Change]:
    old, new = before.schema.reading, now.schema.reading
    for name in type(new.thresholds).model_fields:
        was, is_ = getattr(old.thresholds, name), getattr(new.thresholds, name)
        if was != is_:
            yield Change("marking", name, "threshold", f"threshold {name} is {is_:g}, it was {was:g}")
    if old.revocation != new.revocation:
        rule = (
            "the paper tells people to black out a wrong mark"
            if new.revocation
            else "no rule for taking marks back"
        )
        yield Change("marking", "revocation", "revocation", f"revocation: {rule} now")
    if old.codes != new.codes:
        yield Change(
            "place", "codes", "foreign_codes", "codes of other programs are read by other expressions"
        )


def _of_items(before: Questionnaire, now: Questionnaire, matched: Matched) -> Iterator[Change]:
    old, new = ({one.id: one for one in side.asked()} for side in (before, now))
    for name in old:
        if name not in matched.items:
            yield Change("coding", name, "item_gone", f"item {name} is gone")
    for name in new:
        if name not in matched.items.values():
            yield Change("coding", name, "item_new", f"item {name} is new")
    for was, name in matched.items.items():
        if was != name:
            yield Change("coding", name, "item_renamed", f"item {was} is called {name} now")
        if old[was].kind != new[name].kind:
            several = {"multiple": "now allows several marks", "single": "now allows one mark only"}
            told = several.get(new[name].kind, f"is a {new[name].kind} now")
            kind = {"multiple": "several_marks", "single": "one_mark"}.get(new[name].kind, "other_kind")
            yield Change("marking", name, kind, f"item {name} {told}")
        yield from _of_item(old[was].item, new[name].item)
        yield from _words(f"wording of {name}", (name, "wording"), old[was].item.text, new[name].item.text)
        yield from _words(f"note of {name}", (name, "note"), old[was].item.note, new[name].item.note)
        rows = old[was].row, new[name].row
        if rows[0] is not None and rows[1] is not None:
            yield from _words(f"label of {name}", (name, "row_label"), rows[0].label, rows[1].label)


def _of_item(old: Item, new: Item) -> Iterator[Change]:
    if old.nothing_marked != new.nothing_marked:
        means = {"no": "no to all", "nonresponse": "no answer"}[new.nothing_marked]
        yield Change("coding", new.id, "nothing_marked", f"{new.id}: nothing marked means {means} now")
    if old.need_area != new.need_area:
        told = f"belongs to need area {new.need_area}" if new.need_area else "belongs to no need area"
        yield Change(
            "counting",
            new.id,
            "area_of_item",
            f"{new.id} {told} now" + (f", not to {old.need_area}" if old.need_area else ""),
        )
    if old.voluntary != new.voluntary:
        yield Change(
            "counting",
            new.id,
            "voluntary",
            f"{new.id} is {'voluntary' if new.voluntary else 'no longer voluntary'}",
        )
    for name in ("groups", "themes"):
        if getattr(old, name) != getattr(new, name):
            yield Change("counting", new.id, name, f"{new.id}: its {name} were corrected")
    if old.unit != new.unit:
        yield from _words(f"unit of {new.id}", (new.id, "unit"), old.unit, new.unit)


def _of_options(before: Questionnaire, now: Questionnaire, matched: Matched) -> Iterator[Change]:
    old, new = ({one.id: one for one in side.asked()} for side in (before, now))
    for was, name in matched.items.items():
        olds = {option.code: option for option in old[was].options}
        news = {option.code: option for option in new[name].options}
        codes = {code: other for code, other in matched.codes[was].items() if other}
        yield from _of_codes(name, codes)
        for code in set(olds) - set(codes):
            yield Change("coding", name, "option_gone", f"{name}: option {code} is gone")
        for code in [code for code in news if code not in codes.values()]:
            yield Change("coding", name, "option_new", f"{name}: option {code} is new")
        for code, other in codes.items():
            if other in news:
                yield from _of_option(name, olds[code], news[other])


def _of_codes(name: str, codes: Mapping[str, str]) -> Iterator[Change]:
    changed = {old: new for old, new in codes.items() if old != new}
    for old, new in changed.items():
        if changed.get(new) == old:
            if old < new:
                yield Change("coding", name, "codes_swapped", f"{name}: codes {old} and {new} were swapped")
        else:
            yield Change("coding", name, "code", f"{name}: code {old} is {new} now")


def _of_option(name: str, old: ResponseOption, new: ResponseOption) -> Iterator[Change]:
    yield from _words(f"label of {name}={new.code}", (name, "label"), old.label, new.label)
    if old.go_to != new.go_to:
        leads = f"leads to {new.go_to} now" if new.go_to else "leads on to the next item now"
        yield Change(
            "coding",
            name,
            "routing",
            f"{name}={new.code} {leads}" + (f", not to {old.go_to}" if old.go_to else ""),
        )
    if old.none != new.none:
        yield Change(
            "coding",
            name,
            "none",
            f"{name}={new.code} {'means' if new.none else 'no longer means'} nothing of all this",
        )
    if old.missing != new.missing:
        yield Change(
            "coding",
            name,
            "missing",
            f"{name}={new.code} is {'no' if new.missing else 'a'} substantive answer now",
        )


def _words(
    what: str, thing: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Change]:
    if dict(old) == dict(new):
        return
    for language in dict.fromkeys([*new, *old]):
        was, is_ = old.get(language, ""), new.get(language, "")
        if was != is_:
            tongue = f" ({language})" if language else ""
            about, kind = thing
            yield Change("words", about, kind, f"{what}{tongue}: “{is_}”, it was “{was}”")


def _of_population(before: Questionnaire, now: Questionnaire) -> Iterator[Change]:
    old, new = before.schema.population, now.schema.population
    came, went = set(now.issued) - set(before.issued), set(before.issued) - set(now.issued)
    if came:
        yield Change("counting", "frame", "frame", f"frame: {len(came):,} more serials were issued")
    if went:
        yield Change("counting", "frame", "frame", f"frame: {len(went):,} serials are issued no more")
    moved = sum(now.issued[one] != stratum for one, stratum in before.issued.items() if one in now.issued)
    if moved:
        yield Change("counting", "frame", "frame", f"frame: {moved:,} serials belong to another stratum")
    for name in dict.fromkeys([*new.frame, *old.frame]):
        if old.frame.get(name) != new.frame.get(name):
            was, is_ = old.frame.get(name, 0), new.frame.get(name, 0)
            yield Change("counting", "frame", "frame", f"frame: {name} holds {is_:,} people, it held {was:,}")
    known = {margin.variable: margin for margin in (old.weights.margins if old.weights else [])}
    there = {margin.variable: margin for margin in (new.weights.margins if new.weights else [])}
    for name in dict.fromkeys([*there, *known]):
        if known.get(name) != there.get(name):
            told = (
                "was corrected"
                if name in known and name in there
                else ("is new" if name in there else "is gone")
            )
            yield Change("counting", name, "margin", f"margin {name} {told}")
    yield from _words("name of the population", ("population", "population_name"), old.name, new.name)
    rest = {"name", "frame", "weights"}
    for name in [one for one in type(new).model_fields if one not in rest]:
        if getattr(old, name) != getattr(new, name):
            yield Change("counting", "population", "population", f"population: {name} was corrected")
    if _but_margins(old.weights) != _but_margins(new.weights):
        yield Change("counting", "population", "weights", "population: how weights are made was changed")


def _but_margins(weights: Weights | None) -> Weights | None:
    return weights and weights.model_copy(update={"margins": []})


def _of_the_rest(before: Questionnaire, now: Questionnaire) -> Iterator[Change]:
    """Need areas, derived variables, and all that is left."""
    old, new = before.schema, now.schema
    named: list[tuple[str, Sequence[Any], Sequence[Any]]] = [
        ("need area", old.need_areas, new.need_areas),
        ("derived variable", old.analysis.derived, new.analysis.derived),
        ("set", old.analysis.sets, new.analysis.sets),
        ("family of tests", old.analysis.families, new.analysis.families),
    ]
    for what, olds, news in named:
        yield from _of_named(what, {one.id: one for one in olds}, {one.id: one for one in news})
    for name in ("routing_wins", "valid_case", "domains", "interval"):
        if getattr(old.analysis, name) != getattr(new.analysis, name):
            touches: Touches = "coding" if name == "routing_wins" else "counting"
            yield Change(touches, name, "analysis", f"analysis: {name} was changed")
    if old.disclosure != new.disclosure:
        yield Change("counting", "disclosure", "disclosure", "disclosure: what may be published was changed")
    for name in ("code", "version", "paper"):
        if getattr(old, name) != getattr(new, name):
            yield Change(
                "place", name, "printing", f"{name} is {getattr(new, name)}, it was {getattr(old, name)}"
            )
    if old.wave != new.wave:
        yield Change("coding", "wave", "wave", f"wave is {new.wave or 'none'}, it was {old.wave or 'none'}")
    yield from _words("title", ("title", "title"), old.title, new.title)
    for name in ("information", "report", "languages", "review"):
        if getattr(old, name) != getattr(new, name):
            yield Change("words", name, name, f"{name}: was corrected")
    if _headings(before) != _headings(now):
        yield Change("words", "sections", "sections", "sections: headings or introductions were corrected")


def _headings(questionnaire: Questionnaire) -> list[tuple[object, ...]]:
    return [(part.id, part.title, part.intro, part.new_page) for part in questionnaire.schema.sections]


def _of_named(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    touches: Touches = "coding" if what == "derived variable" else "counting"
    kind = what.replace(" ", "_")
    for name in dict.fromkeys([*new, *old]):
        if name not in old:
            yield Change(touches, name, kind, f"{what} {name} is new")
        elif name not in new:
            yield Change(touches, name, kind, f"{what} {name} is gone")
        elif old[name] != new[name]:
            was, is_ = (_but_words(one) for one in (old[name], new[name]))
            if was != is_:
                yield Change(touches, name, kind, f"{what} {name} was corrected")
            else:
                yield from _words(f"label of {what} {name}", (name, kind), old[name].label, new[name].label)


def _but_words(thing: Any) -> Any:
    return thing.model_copy(update={"label": {}}) if hasattr(thing, "label") else thing

"""A questionnaire as it was run last and as it is now -> what looks like a correction gone wrong, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from survey.questionnaire.changes import match, name_some
from survey.questionnaire.lint import Finding, Place
from survey.questionnaire.model import Item, Questionnaire
from survey.questionnaire.tree import line_of, read_tree


def lint_since(
    before: Questionnaire, now: Questionnaire, returned: Collection[str], themed: Mapping[str, int]
) -> list[Finding]:
    """Return what looks like a slip in what was corrected since.

    `returned` are the serials that came back, `themed` how many decisions assigned a theme, by item and code joined by
    a blank.
    """
    tree = read_tree(now.path)
    return [
        *_turned_boxes(before, now),
        *_shrunk_frame(before, now, returned),
        *(
            Finding(f"{now.path}:{line_of(tree, place)}", text, is_fault)
            for place, text, is_fault in _of_the_schema(before, now, returned, themed)
        ),
    ]


def _of_the_schema(
    before: Questionnaire, now: Questionnaire, returned: Collection[str], themed: Mapping[str, int]
) -> Iterator[tuple[Place, str, bool]]:
    places: dict[str, Place] = {
        item.id: ["sections", s, "items", i]
        for s, section in enumerate(now.schema.sections)
        for i, item in enumerate(section.items)
    }
    olds, codes = {item.id: item for item in before.items}, match(before, now).codes
    for item in [one for one in now.items if one.id in olds]:
        here, old = places[item.id], olds[item.id]
        if all(one == other for one, other in codes.get(item.id, {}).items()):
            yield from (([*here, *place], text, False) for place, text in _turned_labels(old, item))
        yield from (([*here, *place], text, True) for place, text in _turned_themes(old, item, themed))
    people = {
        name: sum(stratum == name for one, stratum in before.issued.items() if one in returned)
        for name in now.frame
    }
    for name, count in now.schema.population.frame.items():
        if not now.issued and count < people.get(name, 0):
            text = f"the frame of {name} holds {count:,} people, but {people[name]:,} questionnaires of it came back"
            yield ["population", "frame", name], text, True


def _turned_boxes(before: Questionnaire, now: Questionnaire) -> Iterator[Finding]:
    """Boxes whose names changed places, so that a name means another printed box."""
    columns = ["page", "x_mm", "y_mm"]
    old, new = (
        {row[0]: tuple(row[1:]) for row in side.boxes[["box", *columns]].itertuples(index=False, name=None)}
        for side in (before, now)
    )
    owner = {spot: name for name, spot in old.items()}
    path = now.path.with_suffix(".boxes.csv")
    for row, (name, spot) in enumerate(new.items()):
        other = owner.get(spot, name)
        if name in old and other != name and other in new:
            text = (
                f"box {name} lies where {other} lay: decisions stay with the printed box, not with the name"
            )
            yield Finding(f"{path}:{row + 2}", text, False)


def _shrunk_frame(before: Questionnaire, now: Questionnaire, returned: Collection[str]) -> Iterator[Finding]:
    """Serials that are issued no more, though their questionnaires came back."""
    lost = sorted(one for one in before.issued if one not in now.issued and one in returned)
    if not lost:
        return
    path = now.path.with_suffix(".cases.csv")
    yield Finding(f"{path}:1", f"serials that came back are issued no more: {name_some(lost)}", True)


def _turned_labels(old: Item, new: Item) -> Iterator[tuple[Place, str]]:
    """Codes that exchanged their labels while their boxes stayed: the printed answer may mean the other one now."""
    yield from _exchanged("options", old, new, "look whether the box beside each still stands for it")


def _turned_themes(old: Item, new: Item, themed: Mapping[str, int]) -> Iterator[tuple[Place, str]]:
    """Theme codes that exchanged their labels: what people assigned is kept by its code."""
    decided = sum(themed.get(f"{new.id} {theme.code}", 0) for theme in new.themes)
    if decided:
        yield from _exchanged(
            "themes", old, new, f"{decided:,} texts were given these codes by people, and are turned around"
        )


def _exchanged(part: str, old: Item, new: Item, so: str) -> Iterator[tuple[Place, str]]:
    labels = {entry.code: entry.label for entry in getattr(old, part)}
    entries = getattr(new, part)
    for place, entry in enumerate(entries):
        for other in entries[place + 1 :]:
            pair = labels.get(entry.code), labels.get(other.code)
            if pair[0] and pair[1] and pair[0] != pair[1] and pair == (other.label, entry.label):
                yield [part, place], f"{new.id}: {entry.code} and {other.code} exchanged their labels: {so}"

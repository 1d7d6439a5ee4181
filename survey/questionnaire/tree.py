"""YAML text -> dicts, lists and values, of which each part knows its line.

YAML 1.2's core schema decides what is a number or a truth value (yaml.org/spec/1.2.2, 10.3.2), so that a label `No`
or a code `01` is text; libyaml reads the text, in a tenth of the time of readers that keep comments.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml.constructor import ConstructorError


class Mapping(dict[str, Any]):
    """A mapping of the YAML text, with the line of each key, from 1."""

    def __init__(self) -> None:
        self.lines: dict[Any, int] = {}


class Sequence(list[Any]):
    """A sequence of the YAML text, with the line of each entry, from 1."""

    def __init__(self) -> None:
        self.lines: list[int] = []


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Builds mappings and sequences that know their lines."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own way of declaring them)

    def mapping(self, node: MappingNode) -> Mapping:
        """Build a mapping; a key that stands twice is a fault."""
        self.flatten_mapping(node)
        found = Mapping()
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key_node, ScalarNode) or key in found:
                what = (
                    "found duplicate key"
                    if isinstance(key_node, ScalarNode)
                    else "a list or mapping is no key:"
                )
                raise ConstructorError(None, None, f"{what} {key!r}", key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=True)
            found.lines[key] = _line(key_node)
        return found

    def sequence(self, node: SequenceNode) -> Sequence:
        """Build a sequence."""
        found = Sequence()
        for entry in node.value:
            found.append(self.construct_object(entry, deep=True))
            found.lines.append(_line(entry))
        return found


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _Loader.sequence)
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+0123456789.")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def parse(text: str) -> Any:
    """Return what a YAML text says; yaml.YAMLError where it is none."""
    return yaml.load(text, Loader=_Loader)


def read_tree(path: Path) -> Any:
    """Return what a YAML file says."""
    return parse(path.read_text(encoding="utf-8"))


def line_of(tree: Any, place: list[Any]) -> int:
    """Return the line, from 1, of the deepest part of `place` that the tree knows."""
    line, node = 1, tree
    for step in place:
        try:
            line, node = node.lines[step], node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line

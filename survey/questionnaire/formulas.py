"""The text of a formula -> a tree, its faults with place and way out, and its value for every case.

Formulas know numbers, 'codes' in quotation marks, variables, + - * /, comparisons, `in {…}`, and, or, not, and the
functions of FUNCTIONS. Nothing else can be said in them, and nothing of Python is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from survey.errors import SchemaError
from survey.texts import Texts

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<code>'[^']*'|\"[^\"]*\")|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/()<>{},]))"
)
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
WORDS = {"and", "or", "not", "in"}
FUNCTIONS = {
    "sum": "of the numbers that are known",
    "mean": "of the numbers that are known",
    "min": "smallest of the numbers that are known",
    "max": "largest of the numbers that are known",
    "count": "how many of the statements are true, of those that are known",
    "any": "true if one is true, though others are missing",
    "all": "false if one is false, though others are missing",
    "answered": "true if the variable is not missing",
    "if": "if(statement, one, other)",
}
DEEPEST = 40  # brackets in brackets; more is no formula that a person reads


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a formula: a kind, its word or value, its parts, and where it stands (letters, from 1)."""

    kind: str
    word: str
    parts: tuple[Node, ...]
    at: int


@dataclass(frozen=True)
class Column:
    """Values of all cases: numbers (NaN where text is none), codes where it has them, and what is missing."""

    number: Numbers
    missing: Flags
    code: Texts | None = None
    is_truth: bool = False


def parse(text: str, where: str = "") -> Node:
    """Read a formula; SchemaError with the letter where it goes wrong."""
    tokens = _tokens(text, where)
    reader = _Reader(text, where, tokens)
    tree = reader.either(0)
    if reader.place < len(tokens):
        reader.fail(f"{tokens[reader.place][1]!r} was not expected here", "an operator, a comma or the end")
    return tree


def names(tree: Node) -> list[tuple[str, int]]:
    """Variables a formula uses, with their places."""
    own = [(tree.word, tree.at)] if tree.kind == "name" else []
    return own + [found for part in tree.parts for found in names(part)]


def is_truth(tree: Node) -> bool:
    """Whether a formula says true or false; otherwise it gives a number."""
    if tree.kind == "call":
        return tree.word in {"any", "all", "answered"} or (tree.word == "if" and is_truth(tree.parts[1]))
    return tree.kind in {"compare", "in", "and", "or", "not"}


def check(tree: Node, known: Mapping[str, Sequence[str]], text: str, where: str = "") -> None:
    """Refuse unknown variables, and codes that a variable does not have; `known` gives the codes, none for numbers."""
    for name, at in names(tree):
        if name not in known:
            close = get_close_matches(name, list(known), n=1)
            hint = f"did you mean {close[0]!r}?" if close else "name a variable of the codebook"
            raise _fault(f"there is no variable {name!r}", text, at, where, hint)
    _check_codes(tree, known, text, where)


def _check_codes(tree: Node, known: Mapping[str, Sequence[str]], text: str, where: str) -> None:
    if tree.kind in {"compare", "in"}:
        variables = [part.word for part in tree.parts if part.kind == "name"]
        for part in tree.parts:
            codes = known[variables[0]] if len(variables) == 1 else ()
            exact = tree.kind == "in" or tree.word in {"==", "!="}
            if part.kind in {"code", "number"} and exact and codes and part.word not in codes:
                raise _fault(
                    f"{variables[0]} has no code {part.word!r}", text, part.at, where,
                    "its codes: " + ", ".join(codes),
                )  # fmt: skip
    for part in tree.parts:
        _check_codes(part, known, text, where)


def _fault(message: str, text: str, at: int, where: str, hint: str) -> SchemaError:
    return SchemaError(f"formula {text!r}, letter {at}: {message}", where=where, hint=hint)


def _tokens(text: str, where: str) -> list[tuple[str, str, int]]:
    found, place = [], 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if not match:
            at = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            hint = "== compares" if text[at - 1] == "=" else "see docs/analysis.md for what a formula may say"
            raise _fault(f"{text[at - 1]!r} means nothing here", text, at, where, hint)
        kind = str(match.lastgroup)
        word = match[kind].strip("'\"") if kind == "code" else match[kind]
        found.append((kind, word, match.start(kind) + 1))
        place = match.end()
    return found


class _Reader:
    """Reads tokens from left to right; each method reads what binds tighter than the one before."""

    def __init__(self, text: str, where: str, tokens: list[tuple[str, str, int]]) -> None:
        self.text, self.where, self.tokens, self.place = text, where, tokens, 0

    def word(self) -> str:
        kind, word, _ = self.tokens[self.place] if self.place < len(self.tokens) else ("end", "", 0)
        return word if kind in {"sign", "name"} else ""

    def at(self) -> int:
        return self.tokens[self.place][2] if self.place < len(self.tokens) else len(self.text) + 1

    def fail(self, message: str, hint: str) -> None:
        raise _fault(message, self.text, self.at(), self.where, hint)

    def take(self, *words: str) -> str:
        found = self.word()
        if not found or found not in words:
            return ""
        self.place += 1
        return found

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            self.fail(f"{sign!r} is missing", "count the brackets")

    def _chain(self, kind: str, signs: tuple[str, ...], tighter: Callable[[int], Node], depth: int) -> Node:
        tree, at = tighter(depth), self.at()
        while sign := self.take(*signs):
            tree = Node(kind, sign, (tree, tighter(depth)), at)
            at = self.at()
        return tree

    def either(self, depth: int) -> Node:
        if depth > DEEPEST:
            self.fail("too many brackets in brackets", "make two derived variables of it")
        return self._chain("or", ("or",), self.both, depth)

    def both(self, depth: int) -> Node:
        return self._chain("and", ("and",), self.negated, depth)

    def negated(self, depth: int) -> Node:
        at = self.at()
        if depth <= DEEPEST and self.take("not"):
            return Node("not", "not", (self.negated(depth + 1),), at)
        return self.compared(depth)

    def compared(self, depth: int) -> Node:
        left, at = self.added(depth), self.at()
        if sign := self.take(*COMPARISONS):
            return Node("compare", sign, (left, self.added(depth)), at)
        if self.take("in"):
            self.expect("{")
            members = [self.literal()]
            while self.take(","):
                members.append(self.literal())
            self.expect("}")
            return Node("in", "in", (left, *members), at)
        return left

    def added(self, depth: int) -> Node:
        return self._chain("arithmetic", ("+", "-"), self.multiplied, depth)

    def multiplied(self, depth: int) -> Node:
        return self._chain("arithmetic", ("*", "/"), self.atom, depth)

    def literal(self) -> Node:
        if self.place < len(self.tokens) and self.tokens[self.place][0] in {"number", "code"}:
            kind, word, at = self.tokens[self.place]
            self.place += 1
            return Node(kind, word, (), at)
        self.fail("a number or a 'code' is missing", "such as in {1, 2}")
        raise AssertionError

    def atom(self, depth: int) -> Node:
        at = self.at()
        if depth > DEEPEST:
            self.fail("too many brackets in brackets", "make two derived variables of it")
        if self.take("-"):
            return Node("minus", "-", (self.atom(depth + 1),), at)
        if self.take("("):
            tree = self.either(depth + 1)
            self.expect(")")
            return tree
        if (
            self.place < len(self.tokens)
            and self.tokens[self.place][0] == "name"
            and self.word() not in WORDS
        ):
            name = self.take(self.word())
            return self._call(name, at, depth) if self.take("(") else Node("name", name, (), at)
        return self.literal()

    def _call(self, name: str, at: int, depth: int) -> Node:
        if name not in FUNCTIONS:
            close = get_close_matches(name, list(FUNCTIONS), n=1)
            hint = f"did you mean {close[0]!r}?" if close else "there are: " + ", ".join(FUNCTIONS)
            raise _fault(f"there is no function {name!r}", self.text, at, self.where, hint)
        parts = [self.either(depth + 1)]
        while self.take(","):
            parts.append(self.either(depth + 1))
        self.expect(")")
        wanted = {"if": 3, "answered": 1}.get(name, len(parts))
        if len(parts) != wanted:
            raise _fault(f"{name} takes {wanted} parts, not {len(parts)}", self.text, at, self.where,
                         f"{name}: {FUNCTIONS[name]}")  # fmt: skip
        return Node("call", name, tuple(parts), at)


def evaluate(tree: Node, columns: Mapping[str, Column]) -> Column:
    """The formula's value for every case; what a missing value leaves open is missing."""
    some = next(iter(columns.values())).number
    return _value(tree, columns, len(some))


def column_of(codes: Texts, missing: Texts) -> Column:
    """Codes and missing reasons of one variable as formulas see them; codes that are no numbers count as text only."""
    return Column(codes.floats(), ~missing.are(""), codes)


def _value(tree: Node, columns: Mapping[str, Column], count: int) -> Column:
    if tree.kind == "name":
        return columns[tree.word]
    if tree.kind in {"number", "code"}:
        number = float(tree.word) if tree.kind == "number" else np.nan
        code = None if tree.kind == "number" else Texts.full(count, tree.word)
        return Column(np.full(count, number), np.zeros(count, dtype=bool), code)
    parts = [_value(part, columns, count) for part in tree.parts]
    if tree.kind == "call":
        return _call_value(tree.word, parts)
    if tree.kind in {"and", "or"}:
        return _joined(parts, is_all=tree.kind == "and")
    if tree.kind == "not":
        return Column(1 - _truth(parts[0]).number, parts[0].missing, None, True)
    if tree.kind == "in":
        hits = [_compare("==", parts[0], member).number for member in parts[1:]]
        return Column(np.max(hits, axis=0), parts[0].missing, None, True)
    if tree.kind == "compare":
        return _compare(tree.word, parts[0], parts[1])
    if tree.kind == "minus":
        return _numeric(-parts[0].number, parts)
    left, right = parts[0].number, parts[1].number
    with np.errstate(divide="ignore", invalid="ignore"):
        result = {"+": left + right, "-": left - right, "*": left * right, "/": left / right}[tree.word]
    return _numeric(np.where(np.isfinite(result), result, np.nan), parts)


def _numeric(number: Numbers, parts: Sequence[Column]) -> Column:
    missing = np.any([part.missing for part in parts], axis=0) | np.isnan(number)
    return Column(number, missing)


def _truth(part: Column) -> Column:
    return part if part.is_truth else Column((part.number == 1).astype(float), part.missing, None, True)


def _compare(sign: str, left: Column, right: Column) -> Column:
    missing = left.missing | right.missing
    if left.code is not None and right.code is not None and sign in {"==", "!="}:
        same = left.code.same(right.code)
        hit = same if sign == "==" else ~same
    else:
        one, other = left.number, right.number
        hit = {"==": one == other, "!=": one != other, "<": one < other, "<=": one <= other,
               ">": one > other, ">=": one >= other}[sign]  # fmt: skip
        missing = missing if sign in {"==", "!="} else missing | np.isnan(one) | np.isnan(other)
    return Column(np.asarray(hit, dtype=float) * ~missing, missing, None, True)


def _joined(parts: Sequence[Column], *, is_all: bool) -> Column:
    """Kleene's and, or: what is known decides where it can."""
    truths = [_truth(part) for part in parts]
    deciding = 0.0 if is_all else 1.0
    decided = np.any([~one.missing & (one.number == deciding) for one in truths], axis=0)
    missing = np.any([one.missing for one in truths], axis=0) & ~decided
    return Column(np.where(decided, deciding, 1 - deciding), missing, None, True)


def _call_value(name: str, parts: Sequence[Column]) -> Column:
    if name == "answered":
        return Column((~parts[0].missing).astype(float), np.zeros_like(parts[0].missing), None, True)
    if name == "if":
        truth, one, other = _truth(parts[0]), parts[1], parts[2]
        chosen = truth.number == 1
        number = np.where(chosen, one.number, other.number)
        missing = truth.missing | np.where(chosen, one.missing, other.missing)
        code = None
        if one.code is not None and other.code is not None:
            code = one.code.where(chosen, other.code)
        return Column(number, missing, code, one.is_truth and other.is_truth)
    if name in {"any", "all"}:
        return _joined(parts, is_all=name == "all")
    columns = [_truth(part) for part in parts] if name == "count" else parts
    table = np.stack([np.where(one.missing, np.nan, one.number) for one in columns])
    known = ~np.isnan(table)
    nothing = ~known.any(axis=0)
    filled = np.where(known, table, {"min": np.inf, "max": -np.inf}.get(name, 0.0))
    if name in {"min", "max"}:
        result = filled.min(axis=0) if name == "min" else filled.max(axis=0)
    else:
        result = filled.sum(axis=0)
        result = result / np.maximum(known.sum(axis=0), 1) if name == "mean" else result
    return Column(np.where(nothing, np.nan, result), nothing)

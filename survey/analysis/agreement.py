"""What two people saw of the same boxes -> how far they agree, with and without chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Boxes both people saw, the share seen alike (0..1), and Cohen's kappa (NaN where undefined)."""

    boxes: int
    share: float
    kappa: float


def agreement(first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Compare two people's words about the same things, in the same order.

    Kappa is (p_o - p_e) / (1 - p_e), p_e being the agreement expected if each said the same words at random (Cohen
    1960, Educational and Psychological Measurement 20); it has no value where both always said one and the same word.
    """
    if len(first) != len(second):
        raise ValueError("both must have judged the same boxes")
    n = len(first)
    if not n:
        return Agreement(0, float("nan"), float("nan"))
    share = sum(one == other for one, other in zip(first, second, strict=True)) / n
    one, other = Counter(first), Counter(second)
    by_chance = sum(one[word] * other[word] for word in one) / n**2
    kappa = (share - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
    return Agreement(n, share, kappa)

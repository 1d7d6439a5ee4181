"""All that a hand may leave on paper, in one place: pens, marks, and ink that is no mark."""

from survey.simulate.ink import PEN_KINDS, Pen, draw_pen
from survey.simulate.marks import MARK_KINDS, draw_mark
from survey.simulate.strays import STRAY_KINDS, draw_stray, erase

__all__ = ["MARK_KINDS", "PEN_KINDS", "STRAY_KINDS", "Pen", "draw_mark", "draw_pen", "draw_stray", "erase"]

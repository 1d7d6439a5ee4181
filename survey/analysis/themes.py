"""Themes that a person assigned to texts -> how many texts are about each, and which counts may be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.analysis.intervals import korn_graubard
from survey.questionnaire.model import Questionnaire
from survey.tables import THEMES


def count_themes(written: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return THEMES of each free-text item, the commonest first; `written` is WRITTEN.

    The base is texts that a person typed. The interval is Clopper & Pearson's and takes texts for a sample of what such
    people would write. A count is shown where at least the minimum cell wrote of the theme, and as many did not: themes
    overlap, so that no hidden count follows from the others.
    """
    minimum, rows = questionnaire.schema.population.minimum_cell, []
    for item in questionnaire.items:
        said = [set(themes.split()) for themes in written.loc[written["item"] == item.id, "themes"]]
        base = len(said)
        if not base:
            continue
        counts = [(theme.code, sum(theme.code in themes for themes in said)) for theme in item.themes]
        for code, count in sorted(counts, key=lambda pair: -pair[1]):
            share = count / base
            low, high = korn_graubard(np.array([share]), np.array([float(base)]))
            is_shown = count >= minimum and base - count >= minimum
            rows.append((item.id, code, count, base, share, float(low[0]), float(high[0]), is_shown))
    return THEMES.frame(rows)

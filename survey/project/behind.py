"""The key of a number -> the marks it is made of, and what their boxes look like."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.analysis.trace import trace
from survey.project.folder import Project
from survey.project.returns import results
from survey.reporting.evidence import Results


def marks_behind(project: Project, name: str, key: str, known: Results | None = None) -> pd.DataFrame:
    """Return the rows of MARKS, marked boxes only, that make a number `variable=code@domain` of ESTIMATES.

    `known` are the results, where they have been made already. UsageError where there is no such number, or no paper
    behind it.
    """
    found = results(project, name) if known is None else known
    received = found.cases.drop_duplicates("case").set_index("case")["received"]
    traced = trace(key, found.responses, found.questionnaire, received)
    marks = found.marks[found.marks["case"].isin(traced.cases) & (found.marks["state"] == "marked")]
    marks = marks[~marks["item"].isin(found.questionnaire.handwritten())]  # a field is read, not marked
    wanted = [
        item in traced.codes and (option in traced.codes[item] or not traced.codes[item])
        for item, option in zip(marks["item"], marks["option"], strict=True)
    ]
    return marks[wanted].reset_index(drop=True)


def crops_of(project: Project, marks: pd.DataFrame) -> NDArray[np.uint8]:
    """Return the stored crops of boxes, shape (n, 30, 30), darkness 0..255; `marks` has their page_digest and box."""
    digests = set(marks["page_digest"])
    crops: dict[str, NDArray[np.uint8]] = project.cache.pictures_of("crops", digests)
    measured = project.cache.measurements(project.cache.shards())
    measured = measured[measured["page_digest"].isin(digests)]
    boxes = {name: page["box"].tolist() for name, page in measured.groupby("page_digest", sort=False)}
    return np.stack(
        [
            crops[row.page_digest][boxes[row.page_digest].index(row.box)]
            for row in marks.itertuples(index=False)
        ]
    )

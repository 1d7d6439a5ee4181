"""A process that decides until it is killed, and tells each decision that was acknowledged."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd

from survey.store import Decisions


def decide_for_ever(root: Path, url: str, told: Connection) -> None:
    """Decide, and send the id of each decision when it is acknowledged."""
    store = Decisions(root, url)
    row = {"decided_by": "anna", "page_digest": "d1", "box": "", "item": "why", "state": ""}
    with store.opened():
        number = 0
        while True:
            number += 1
            told.send(store.add(pd.DataFrame([{**row, "value": f"text {number}"}])).ids[0])

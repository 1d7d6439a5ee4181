"""Every table of survey.db: its columns, and which of them can only grow."""

from __future__ import annotations

from survey.tables import AUDIT_SAMPLE, AUDITS, MAILING, PUBLISHED, Table

Value = str | int | float
Row = dict[str, Value]

ADJUDICATIONS = Table("adjudications", {
    "id": ("str", "name that whoever made it gave it, a UUID; the same one is kept once"),
    "made_at": ("str", "when, UTC, ISO 8601"),
    "decided_by": ("str", "pseudonym of the person"),
    "page_digest": ("str", "digest of the page's image stream"),
    "box": ("str", "name of the box; empty for a decision about an item or a page"),
    "item": ("str", "the thing asked; empty for a decision about a page"),
    "place": ("str", "where the box lay: page x_mm y_mm w_mm h_mm; empty where unknown"),
    "machine": ("str", "what the machine had read"),
    "state": ("str", "empty, marked, revoked, unreadable or withdrawn; empty for typed text, erased where it was"),
    "value": ("str", "what was typed"),
    "reason": ("str", "why"),
    "withdraws": ("str", "id of the decision that is taken back"),
})  # fmt: skip

DECIDED = Table("adjudications", {
    **{name: column for name, column in ADJUDICATIONS.columns.items() if name not in {"value", "reason"}},
    "text": ("str", "salted digest of what was typed as value and reason; empty where nothing was"),
})  # fmt: skip

TEXTS = Table("texts", {
    "id": ("str", "the adjudication it belongs to"),
    "salt": ("str", "salt of its digest; it goes with the text"),
    "value": ("str", "what was typed"),
    "reason": ("str", "why, as typed"),
})  # fmt: skip

ERASURES = Table("erasures", {
    "made_at": ("str", "when, UTC, ISO 8601"),
    "decided_by": ("str", "pseudonym of the person"),
    "id": ("str", "the adjudication whose text was erased"),
    "reason": ("str", "why"),
})  # fmt: skip

ORIGINS = Table("origins", {
    "made_at": ("str", "when it was taken in, UTC, ISO 8601"),
    "id": ("str", "the adjudication"),
    "source": ("str", "name of the file it came in"),
    "home_link": ("int64", "its place in the chain it comes from, from 1"),
    "home_previous": ("str", "digest of the link before it there"),
    "home_salt": ("str", "its salt there"),
    "home_digest": ("str", "its digest there"),
})  # fmt: skip

CLAIMS = Table("claims", {
    "thing": ("str", "what is claimed, by any name"),
    "claimed_by": ("str", "pseudonym of the person"),
    "until": ("float64", "when the claim ends, seconds since 1970 UTC"),
})  # fmt: skip

RUNS = Table("runs", {
    "made_at": ("str", "when, UTC, ISO 8601"),
    "run": ("str", "name of the run: a digest of all it was made from; the same inputs have the same name"),
    "command": ("str", "ingest, report, or publish: a report that was published"),
    "questionnaire": ("str", "id of the questionnaire"),
    "program": ("str", "version of the program + digest of those of its steps"),
    "schema": ("str", "content: the schema as written"),
    "boxes": ("str", "content: boxes.csv as written"),
    "issued": ("str", "content: cases.csv as written; empty where there is none"),
    "blank": ("str", "digest of the blank, of older printings and of waves before; empty where there is none"),
    "texts": ("str", "content: the analyst's own paragraphs, by file, as JSON; empty where there are none"),
    "pages": ("str", "content: every scanned page it knew, batch, page and digest"),
    "decided": ("str", "links of each kept table that it knew, as JSON"),
    "ledger": ("str", "pages by their place in the ledger, and returned cases, as JSON"),
    "estimates": ("str", "content: ESTIMATES, or PUBLISHABLE of a report; empty where nothing could be estimated"),
    "made_from": ("str", "keys under which the cache may still hold its tables, as JSON"),
})  # fmt: skip

CONTENTS = Table("contents", {
    "content": ("str", "digest of the text"),
    "text": ("str", "the text, packed"),
})  # fmt: skip

LINK = {
    "link": ("int64", "place in the table's chain, from 1 without gaps"),
    "salt": ("str", "random, so that a digest tells nothing of what stands in the row"),
    "digest": ("str", "digest over this row and the digest before it"),
}
"""The columns that chain each row of a kept table to the one before."""

KEPT = (DECIDED, MAILING, AUDIT_SAMPLE, AUDITS, ERASURES, ORIGINS, PUBLISHED, RUNS, CONTENTS)
"""Tables to which rows are only added; each is one chain."""

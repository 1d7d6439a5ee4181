"""The ledger of envelopes and pages -> pictures of what became of them."""

from __future__ import annotations

from survey.analysis.targets import RETURNED
from survey.questionnaire.mailing import balance
from survey.reporting.charts import Chart, Flow, flow_chart
from survey.reporting.evidence import Evidence
from survey.reporting.pictures import framed

USED = ("read",)
PLACES = (
    "duplicate", "superseded", "foreign", "cover sheet", "blank back", "unreadable", "discarded", "waiting",
)  # fmt: skip
"""Places of pages that are not evaluated, in the order they are told."""


def envelopes_chart(evidence: Evidence) -> Chart | None:
    """Issued, returned, undeliverable, refused, outstanding; of the returned, those with all pages."""
    words, results = evidence.words, evidence.results
    row, issued = evidence.any(RETURNED), sum(evidence.questionnaire.frame.values())
    if row is None or not issued or row.count > issued:
        return None
    found = balance(evidence.questionnaire, results.cases.drop_duplicates("case"), results.mailing, issued)
    if found.outstanding < 0:
        return None
    incomplete = evidence.incomplete()
    inside = [Flow(words.say("flow_complete"), row.count - incomplete)]
    inside += [Flow(words.say("flow_incomplete"), incomplete)] if incomplete else []
    lost = {"undeliverable": found.undeliverable, "refused": found.refused, "outstanding": found.outstanding}
    parts = [Flow(words.say("returned"), row.count, inside, key=row.key)]
    parts += [Flow(words.say(f"flow_{name}"), count, is_lost=True) for name, count in lost.items() if count]
    frame = framed(evidence, "envelopes", words.say("flow_title"), words.say("flow_note"))
    return flow_chart(frame, Flow(words.say("written_to"), issued, parts, key=row.key), words)


def pages_chart(evidence: Evidence) -> Chart | None:
    """Every scanned page in exactly one place."""
    words, places = evidence.words, evidence.places()
    if not places:
        return None
    aside = [place for place in PLACES if place in places] + sorted(set(places) - set(PLACES) - set(USED))
    parts = [Flow(words.say("pages_used"), sum(places.get(place, 0) for place in USED))]
    lost = [Flow(words.say(f"place_{place}"), places[place], is_lost=True) for place in aside]
    if lost:
        parts.append(Flow(words.say("pages_aside"), sum(one.count for one in lost), lost, is_lost=True))
    frame = framed(evidence, "pages", words.say("pages_title"), words.say("ledger_note"))
    return flow_chart(frame, Flow(words.say("all_pages"), sum(places.values()), parts), words)

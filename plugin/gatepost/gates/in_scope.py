"""`in-scope`: the decision is one that this log is for."""

from __future__ import annotations

from typing import Final

from gatepost.book import Entry, Fault
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.records import DOMAINS, Decision

__all__ = ["GATE"]

_AT: Final = ("domain",)


def check(entry: Entry, context: Context) -> Verdict:
    """Compare the domain with the trigger boundary."""
    if not isinstance(entry.record, Decision):
        return NOT_APPLICABLE
    domain = entry.record.domain
    listed = ", ".join(DOMAINS)
    if domain is None:
        return [Fault("domain is missing", f"add `domain:` with one of {listed}", _AT)]
    word = domain.lower().replace("_", "-").replace(" ", "-")
    if word in DOMAINS and word not in context.policy.out_of_scope:
        return []
    if elsewhere := context.policy.elsewhere(word):
        message = f"a decision about {domain} does not belong in this log"
        return [Fault(message, f"it goes to {elsewhere}", _AT, word)]
    return [Fault(f"domain is '{domain}'", f"this log is for {listed}; other decisions go elsewhere", _AT, word)]


GATE = Gate(
    id="in-scope",
    code="GP101",
    kind="quality",
    applies_to=frozenset({"decision"}),
    holds_when=(
        "The domain is one that this log is for: data, model, training, evaluation, packaging, promotion, "
        "serving or monitoring."
    ),
    check=check,
)

"""`promotion-gated`: no path reaches production without a measurable gate and an approval."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.gates.stages import out_of_order, unjudged, unsaid
from gatepost.pipeline import StageGraph
from gatepost.records import Decision, Design, Pipeline

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """On a contract, look at each way into production; on a design, whether it has a contract at all."""
    if isinstance(entry.record, Design):
        return _has_contract(entry, context)
    if isinstance(entry.record, Pipeline):
        contract, graph = entry.record, StageGraph(entry.record)
        order = list(out_of_order(contract, graph))
        paths = () if order else (*_promotions(contract, graph), *_idle_gates(contract, graph))
        return [*order, *unsaid(contract), *unjudged(contract, graph), *paths]
    return NOT_APPLICABLE


def _has_contract(entry: Entry, context: Context) -> Verdict:
    book = context.book
    if book.pipeline(entry.id) or book.cannot_read("pipeline", entry.id):
        return NOT_APPLICABLE
    for other in book.of_kind("decision"):
        record = other.record
        if (
            other.design == entry.id
            and isinstance(record, Decision)
            and record.status == "accepted"
            and record.changes_production
        ):
            message = f"{other.id} changes production, but the design has no stage contract"
            return [Fault(message, "write pipeline.md beside this file: `gatepost new pipeline`", (), other.id)]
    return NOT_APPLICABLE


def _into_production(contract: Pipeline) -> list[str]:
    stages = contract.stages.items()
    return [name for name, one in stages if one.kind == "promote" and (not one.to or contract.is_production(one.to))]


def _promotions(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    """Find ways into production that no gate, or no approval, stands in."""
    for name in _into_production(contract):
        before = {contract.stages[earlier].kind for earlier in graph.ancestors(name)}
        for kind, words in (("gate", "a measurable gate"), ("approval", "an approval")):
            if kind in before:
                continue
            there = [other for other, stage in contract.stages.items() if stage.kind == kind]
            key = "pass" if kind == "gate" else "by"
            hint = f"name {there[0]} in `after:`" if there else f"add a stage of kind {kind} with `{key}:`, before it"
            message = f"{name} reaches production without {words}"
            yield Fault(message, hint, ("stages", name), f"{name} {kind}")


def _idle_gates(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    """Find gates that no promotion waits for; not when a promotion has none at all, which says the same."""
    promotions = [name for name, stage in contract.stages.items() if stage.kind == "promote"]
    before = {name: graph.ancestors(name) for name in promotions}
    if any(all(contract.stages[one].kind != "gate" for one in before[name]) for name in _into_production(contract)):
        return
    for name, stage in contract.stages.items():
        guards = any(name in earlier for earlier in before.values())
        if stage.kind == "gate" and promotions and not guards and not graph.ancestors(name) & set(promotions):
            hint = f"name it in `after:` of {promotions[0]}, or of what comes before that"
            yield Fault(f"the gate {name} guards nothing: no promotion waits for it", hint, ("stages", name), name)


GATE = Gate(
    id="promotion-gated",
    code="GP202",
    kind="stop",
    applies_to=frozenset({"pipeline", "design"}),
    holds_when=(
        "No path reaches a production environment without a measurable gate and an approval, and no gate is bypassed."
    ),
    check=check,
)

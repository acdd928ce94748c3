"""`promotion-gated`: no path reaches production without a measurable gate and an approval."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault, KeyPath
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Verdict
from gatepost.pipeline import StageGraph
from gatepost.records import Decision, Design, Pipeline, Stage

__all__ = ["GATE"]


def check(entry: Entry, context: Context) -> Verdict:
    """On a contract, look at each way into production; on a design, whether it has a contract at all."""
    if isinstance(entry.record, Design):
        return _has_contract(entry, context)
    if isinstance(entry.record, Pipeline):
        graph = StageGraph(entry.record)
        return [*_order(entry.record, graph), *_promotions(entry.record, graph), *_gates(entry.record, graph)]
    return NOT_APPLICABLE


def _has_contract(entry: Entry, context: Context) -> Verdict:
    book = context.book
    if book.pipeline(entry.id) or any(one.kind == "pipeline" and one.design == entry.id for one in book.unread):
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


def _order(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    for name, stage in contract.stages.items():
        for index, earlier in enumerate(stage.after):
            if earlier not in contract.stages:
                known = ", ".join(contract.stages)
                yield Fault(
                    f"after names {earlier}, which is no stage",
                    f"the stages are {known}",
                    ("stages", name, "after", index),
                    earlier,
                )
    if graph.cyclic:
        names = ", ".join(graph.cyclic)
        yield Fault(f"stages wait for each other in a circle: {names}", "break it", ("stages", graph.cyclic[0]), names)


def _promotions(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    for name, stage in contract.stages.items():
        if stage.kind != "promote":
            continue
        at: KeyPath = ("stages", name)
        if stage.to is None:
            yield Fault(
                f"the promotion {name} does not say where to", "add `to:` with an environment", at, f"{name} to"
            )
        if stage.to is not None and not contract.is_production(stage.to):
            continue
        ancestors = {before: contract.stages[before] for before in graph.ancestors(name)}
        if not any(one.kind == "gate" and one.pass_ for one in ancestors.values()):
            hint = "add a stage of kind gate with `pass:` conditions, and name it in `after:`"
            yield Fault(f"{name} reaches production without a measurable gate", hint, at, f"{name} gate")
        if not any(one.kind == "approval" and one.by for one in ancestors.values()):
            hint = "add a stage of kind approval with `by:`, and name it in `after:`"
            yield Fault(f"{name} reaches production without an approval", hint, at, f"{name} approval")


def _gates(contract: Pipeline, graph: StageGraph) -> Iterator[Fault]:
    promotions = [name for name, stage in contract.stages.items() if stage.kind == "promote"]
    for name, stage in contract.stages.items():
        at: KeyPath = ("stages", name)
        if stage.kind == "approval" and not stage.by:
            yield Fault(f"the approval {name} does not say whose it is", "add `by:`", at, f"{name} by")
        if stage.kind != "gate":
            continue
        if not stage.pass_:
            yield Fault(f"the gate {name} has no condition", "add `pass:` with conditions", at, f"{name} pass")
        guards = any(name in graph.ancestors(promotion) for promotion in promotions)
        follows = any(promotion in graph.ancestors(name) for promotion in promotions)
        if promotions and not guards and not follows:
            hint = f"name it in `after:` of {promotions[0]}, or of what comes before that"
            yield Fault(f"the gate {name} guards nothing: no promotion waits for it", hint, at, f"{name} bypass")
        yield from _metrics(contract, graph, name, stage)


def _metrics(contract: Pipeline, graph: StageGraph, name: str, stage: Stage) -> Iterator[Fault]:
    known = {
        key for artifact in stage.in_ if artifact in contract.artifacts for key in contract.artifacts[artifact].keys
    }
    for index, condition in enumerate(stage.pass_):
        if condition.key not in known:
            message = f"the gate {name} asks for {condition.key}, which no artifact that it reads holds"
            hint = "list it under `keys:` of a metrics artifact that the gate has in `in:`"
            yield Fault(message, hint, ("stages", name, "pass", index), f"{name} {condition.key}")
    for index, artifact in enumerate(stage.in_):
        if (
            artifact in contract.artifacts
            and artifact not in graph.producers
            and contract.artifacts[artifact].source is None
        ):
            message = f"the gate {name} reads {artifact}, which no stage writes"
            yield Fault(message, "add it to `out:` of a stage", ("stages", name, "in", index), f"{name} {artifact}")


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

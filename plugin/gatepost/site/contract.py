"""The stage contract in readable form: the graph, a row for each stage, the artifacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from gatepost.book import Entry
from gatepost.pipeline import StageGraph
from gatepost.records import Decision, Pipeline, Stage
from gatepost.site.lookup import Lookup, Ref, stage_anchor
from gatepost.site.stage_graph import draw

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["contract_tables", "stage_anchors"]


class StageRow(NamedTuple):
    """A stage as the table shows it."""

    name: str
    anchor: str
    stage: Stage
    before: tuple[str, ...]
    promises: tuple[tuple[str, str], ...]
    """What it promises: the name of the field, and the value with the defaults applied."""
    conditions: tuple[str, ...]
    decisions: list[Ref]
    """The decisions that shape it."""


def stage_anchors(record: Pipeline) -> Iterator[str]:
    """Give the ids of the rows."""
    return (stage_anchor(name) for name in record.stages)


def contract_tables(lookup: Lookup, page: str, entry: Entry) -> Markup:
    """Give the graph and the tables of a contract."""
    record: Any = entry.record
    graph = StageGraph(record)
    shaping = _shaping(lookup, page, entry)
    rows = [
        StageRow(
            name,
            stage_anchor(name),
            stage,
            graph.before[name],
            tuple(_promises(record, stage)),
            tuple(str(one) for one in stage.pass_),
            shaping.get(name, []),
        )
        for name, stage in record.stages.items()
    ]
    makers = {artifact: names for artifact, names in graph.producers.items() if artifact in record.artifacts}
    readers = {
        artifact: [name for name, stage in record.stages.items() if artifact in stage.in_]
        for artifact in record.artifacts
    }
    return lookup.render(
        "contract",
        record=record,
        graph=draw(lookup, record, graph),
        rows=rows,
        makers=makers,
        readers=readers,
    )


def _shaping(lookup: Lookup, page: str, entry: Entry) -> dict[str, list[Ref]]:
    """Give the decisions that name each stage and still stand."""
    found: dict[str, list[Ref]] = {}
    for other in lookup.book.of_kind("decision"):
        record = other.record
        if other.design == entry.design and isinstance(record, Decision) and not record.is_history:
            for stage in record.stages:
                found.setdefault(stage, []).append(lookup.to(page, other))
    return found


def _promises(contract: Pipeline, stage: Stage) -> Iterator[tuple[str, str]]:
    """Give what a stage promises, defaults applied where it says nothing itself."""
    for name in ("timeout", "retries", "environment", "seed", "repeat", "on_fail", "owner"):
        own = getattr(stage, name)
        value = getattr(contract.defaults, name) if own is None else own
        applies = stage.kind not in {"gate", "approval"} or own is not None or name in {"on_fail", "owner"}
        if value is not None and applies:
            yield name.replace("_", "-"), str(value)
    if stage.on_reject is not None:
        yield "on-reject", str(stage.on_reject)
    if stage.expires is not None:
        yield "expires", str(stage.expires)
    if stage.idempotent is not None:
        yield "idempotent", str(stage.idempotent).lower()

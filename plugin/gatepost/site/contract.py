"""The stage contract in readable form: the graph, a row for each stage, the artifacts, the branches, the invariants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gatepost.book import Entry
from gatepost.pipeline import Contract, Promise, simulated
from gatepost.records import Decision, Pipeline, Stage
from gatepost.records.pipeline import EXECUTABLE_KINDS
from gatepost.site.branches import branch_part
from gatepost.site.executed import executed_of, executed_part
from gatepost.site.invariants import invariant_rows
from gatepost.site.lookup import Lookup, Ref, stage_anchor
from gatepost.site.stage_ends import answers_of
from gatepost.site.stage_graph import draw

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["contract_tables", "stage_anchors"]

_MANY: Final = 40
"""With more stages the graph and the table scroll in a frame, so that what follows them is found."""


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
    """Give the ids of the rows, and of the parts of the page."""
    yield from (stage_anchor(name) for name in record.stages)
    yield from ("contract-graph", "contract-stages", "branches", "executed", "invariants")
    yield from ["contract-artifacts"] if record.artifacts else ()
    yield from ["contract-answers"] if record.handlers or record.environments else ()


def contract_tables(lookup: Lookup, page: str, entry: Entry) -> Markup:
    """Give all that stands below the author's words on the page of a contract."""
    record: Any = entry.record
    contract = Contract(record)
    verdict = simulated(contract, lookup.book.policy)
    answers, run = answers_of(verdict), executed_of(lookup, page, entry, contract)
    invariants = invariant_rows(lookup, page, entry, verdict)
    shaping = _shaping(lookup, page, entry)
    rows = [
        StageRow(
            name,
            stage_anchor(name),
            one.stage,
            contract.graph.before[name],
            tuple(_promises(one)),
            tuple(str(condition) for condition in one.stage.pass_),
            shaping.get(name, []),
        )
        for name, one in contract.promises.items()
    ]
    return lookup.render(
        "contract",
        record=record,
        graphs=draw(lookup, verdict, answers),
        answers=answers,
        simulation=verdict.simulation,
        unsafe=any(one.branch for one in verdict.violations),
        run=run,
        rows=rows,
        long=len(rows) > _MANY,
        makers=contract.graph.producers,
        readers=contract.graph.readers,
        branches=branch_part(lookup, verdict, run),
        executed=executed_part(lookup, entry, run),
        invariants=invariants,
        holding=sum(one.state == "met" for one in invariants),
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


def _promises(one: Promise) -> Iterator[tuple[str, str]]:
    """Give what a stage promises, defaults applied; nothing that makes no difference to it."""
    stage, judges = one.stage, one.kind in {"gate", "approval"}
    seeded = one.kind in EXECUTABLE_KINDS or stage.seed is not None
    said = (
        ("timeout", one.timeout),
        ("retries", one.retries if one.executes else None),
        ("environment", one.environment),
        ("seed", one.seed if seeded else None),
        ("repeat", one.repeat),
        ("on-fail", one.on_fail),
        ("on-reject", one.on_reject if judges else None),
        ("expires", stage.expires),
        ("idempotent", str(one.idempotent).lower() if one.into_production or stage.idempotent is not None else None),
        ("owner", one.owner),
    )
    return ((name, str(value)) for name, value in said if value is not None)

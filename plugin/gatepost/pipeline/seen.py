"""Does an approval before a promotion come after there is something to approve, and is it of what is brought?"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.lineage import Lineage
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed

__all__ = ["unseen_by_approvals"]


def unseen_by_approvals(
    contract: Contract, lineage: Lineage, promotion: Promise, core: frozenset[str], approvals: list[Promise]
) -> Iterator[Violation]:
    """Tell that each approval before a promotion may be given before there is anything to approve, or is of another.

    One approval that has seen what is brought is enough. One that reads no package and no model is of whatever it waits
    for.
    """
    graph = contract.graph
    touching = {one for part in core for one in (*graph.producers.get(part, ()), *graph.readers.get(part, ()))}
    touched = sum(1 << graph.number[one] for one in touching)
    late = [one for one in approvals if (graph.earlier[graph.number[one.name]] | 1 << graph.number[one.name]) & touched]
    if not late:
        yield _too_early(contract, lineage.named(core), promotion, approvals[0], touching)
    elif all(lineage.approved(one) and core.isdisjoint(lineage.parts(lineage.approved(one))) for one in late):
        yield _of_another(contract, lineage, promotion, late[0])


def _too_early(contract: Contract, what: str, promotion: Promise, approval: Promise, touching: set[str]) -> Violation:
    stages, graph, name, first = contract.record.stages, contract.graph, promotion.name, approval.name
    before = graph.earlier[graph.number[name]]
    earlier = [one for one in graph.order if one in touching and before >> graph.number[one] & 1]
    shown = next((one for one in reversed(earlier) if stages[one].kind == "validate"), earlier[-1] if earlier else None)
    message = f"{first} may be given before {what} is there, which {name} brings"
    hint = f"name {shown} in `after:` of {first}" if shown else f"let {first} wait for what makes {what}"
    path = path_to(contract, name, f"{name} ok", f"nobody has seen {what}")
    return Violation("approved", message, hint, ("stages", first), f"{name} {first} early", path)


def _of_another(contract: Contract, lineage: Lineage, promotion: Promise, approval: Promise) -> Violation:
    name, first = promotion.name, approval.name
    what, other = lineage.named(frozenset(lineage.brought(promotion)), "and"), listed(lineage.approved(approval))
    message = f"{first} approves {other}, and {name} brings {what}"
    hint = f"name {what} in `in:` of {first}, or promote what it approves"
    path = path_to(contract, name, f"{name} ok", f"nobody has approved {what}")
    return Violation("approved", message, hint, ("stages", first, "in"), f"{name} {first} other", path)

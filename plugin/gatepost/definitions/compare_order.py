"""Order that one side has and the other does not.

Edges are compared by what they lead to: a stage in between, or an edge that follows from others, is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.definitions.difference import Difference
from gatepost.definitions.mapping import is_one_of_many
from gatepost.definitions.sides import Sides

__all__ = ["order"]


def order(sides: Sides) -> Iterator[Difference]:
    """Find order that is missing, reversed, or not in the contract."""
    for name in sides.contract.record.stages:
        if sides.reals(name):
            for earlier, lacking in sides.before(name).items():
                if not sides.overlap(earlier, name):
                    yield from _edge(sides, earlier, name, lacking=lacking)
    yield from _undocumented(sides)


def _edge(sides: Sides, earlier: str, name: str, *, lacking: bool) -> Iterator[Difference]:
    """Look for an edge of the contract; behind a stage that is missing, only for one the other way."""
    apart = _apart(sides, earlier, name)
    if apart is None:
        return
    at, value = ("stages", name), f"{earlier} {name}"
    one, other = apart
    if sides.reach.leads([other], [one]):
        message = f"in the definition {other} comes before {one}; the contract has it the other way"
        line = sides.reach.way([other], one)[-1].line
        yield sides.shown("edge-reversed", message, "let the two agree", at, value, line)
    elif not lacking and not _is_guarding(sides, earlier, name):
        message = f"in the definition {other} does not wait for {one}"
        hint = f"let it wait, or take {earlier} out of `in:` or `after:` of {name}"
        yield sides.missing("edge-missing", message, hint, at, value, is_open=sides.may_hide_an_edge(one, other))


def _apart(sides: Sides, earlier: str, name: str) -> tuple[str, str] | None:
    """Give two real stages that no way joins; each of a `foreach` or a matrix must have one, of a group any."""
    ones, others, reach = sides.reals(earlier), sides.reals(name), sides.reach
    if not reach.leads(ones, others):
        return ones[0], others[0]
    late = (other for other in others if is_one_of_many(other) and not reach.leads(ones, [other]))
    early = (one for one in ones if is_one_of_many(one) and not reach.leads([one], others))
    return next(((ones[0], other) for other in late), None) or next(((one, others[0]) for one in early), None)


def _is_guarding(sides: Sides, earlier: str, name: str) -> bool:
    """Tell whether a missing edge leaves a promotion without its guard, which says more."""
    guard, promotion = sides.contract.promises[earlier], sides.contract.promises[name]
    return guard.kind in {"gate", "approval"} and promotion.into_production


def _undocumented(sides: Sides) -> Iterator[Difference]:
    """Find order in the definition that the contract does not have, between stages that it does have."""
    ours: dict[str, list[str]] = {}
    for name in sides.contract.record.stages:
        for real in sides.reals(name) if not sides.mapping.is_elsewhere(name) else ():
            ours.setdefault(real, []).append(name)
    seen = set()
    for edge in sides.definition.edges:
        if edge.tolerated and not edge.is_open:
            continue  # what may fail as it likes holds nothing back
        for one, other in ((one, other) for one in ours.get(edge.before, ()) for other in ours.get(edge.after, ())):
            if one == other or (one, other) in seen or sides.overlap(one, other):
                continue
            seen.add((one, other))
            if sides.is_ordered(one, other):
                continue
            message = f"in the definition {edge.after} waits for {edge.before}; the contract has no such order"
            hint = f"add {one} to `after:` of {other}, or what is handed over to `in:`"
            yield sides.shown("edge-undocumented", message, hint, ("stages", other), f"{one} {other}", edge.line)

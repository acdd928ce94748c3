"""The branches of a contract as a table: what goes wrong, how it ends, and how it ended when it was run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.pipeline import Branch, Contract, DryRunVerdict, Row, Simulation, rows_of, trace
from gatepost.site.executed import Executed, Found, RunState
from gatepost.site.lookup import Lookup, stage_anchor
from gatepost.site.stage_ends import is_unsafe

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["branch_part"]

_MANY: Final = 24
"""Of more stages, those of one kind that end alike share a row."""
_NAMED: Final = 3
"""So many faults are named that ended otherwise, or were not run; of more the rest is counted."""


class Cell(NamedTuple):
    """What became of the branches of a row that ended in one way when they were run."""

    state: RunState
    number: int
    faults: tuple[str, ...]
    """What went wrong in the first few; empty where all ended alike."""
    note: str
    """How the first ended, or why it was not run."""


class BranchRow(NamedTuple):
    """Branches that differ in the fault alone, or, of a long contract, in the stage as well."""

    like: Row
    after: tuple[str, ...]
    """The promotions beside these stages that have happened by then; none where that makes no difference."""
    faults: tuple[str, ...]
    unsafe: bool
    breaks: tuple[str, ...]
    """The invariants that one of them shows to be broken."""
    path: str
    cells: tuple[Cell, ...]
    timed: tuple[tuple[str, float], ...]
    """How long each took, in seconds, by its fault."""


class StageGroup(NamedTuple):
    """The rows of a stage, or of the stages of one kind."""

    stages: tuple[tuple[str, str], ...]
    """Names and anchors."""
    kind: str
    rows: tuple[BranchRow, ...]


def branch_part(lookup: Lookup, verdict: DryRunVerdict, run: Executed | None) -> Markup:
    """Give the part of the page about branches: how many there are, whether all end safely, the table."""
    simulation = verdict.simulation
    if simulation is None:
        return lookup.render("branches", simulation=None)
    return lookup.render(
        "branches",
        simulation=simulation,
        number=len(simulation.listed),
        pairs=simulation.pair_count - len(simulation.failing_rollbacks),
        broken=tuple(dict.fromkeys(one.invariant for one in verdict.violations)),
        groups=_groups(verdict, run),
        success=run.of(simulation.success) if run else None,
        mended=_mended(simulation, run),
        run=run,
    )


def _mended(simulation: Simulation, run: Executed | None) -> tuple[int, int]:
    """Give how many faults another attempt mends, and how many of them were run and mended so."""
    mended = [branch for branch in simulation.singles if branch.events[0].recovered]
    return len(mended), sum(run.of(branch).state == "same" for branch in mended) if run else 0


def _groups(verdict: DryRunVerdict, run: Executed | None) -> tuple[StageGroup, ...]:
    contract, simulation = verdict.contract, verdict.simulation
    if simulation is None:
        return ()
    together = len(contract.promises) > _MANY
    shown = {} if together else _shown(verdict)
    alike: dict[str, dict[Row, list[Branch]]] = {
        (contract.promises[name].kind if together else name): {} for name in contract.graph.order
    }
    for branch in simulation.listed:
        for row in rows_of((branch,)):
            if not row.recovered:
                group = alike[contract.promises[row.stage].kind if together else row.stage]
                group.setdefault(_like(row), []).append(branch)
    return tuple(_group(contract, rows, shown, run) for rows in alike.values() if rows)


def _like(row: Row) -> Row:
    """Give what branches of one row have in common; a rollback that fails ends alike on a first release."""
    first = None if row.rollback_fails else row.first_release
    return row._replace(stage="", faults=(), first_release=first, after="beside" if row.after else "")


def _shown(verdict: DryRunVerdict) -> dict[str, list[str]]:
    """Give the invariants that each path shows to be broken."""
    found: dict[str, list[str]] = {}
    for one in verdict.violations:
        if one.branch:
            found.setdefault(one.branch, []).append(one.invariant)
    return found


def _group(
    contract: Contract, rows: dict[Row, list[Branch]], shown: dict[str, list[str]], run: Executed | None
) -> StageGroup:
    names = dict.fromkeys(branch.events[0].stage for branches in rows.values() for branch in branches)
    return StageGroup(
        tuple((name, stage_anchor(name)) for name in names),
        contract.promises[next(iter(names))].kind,
        tuple(_row(contract, like, branches, shown, run) for like, branches in rows.items()),
    )


def _row(
    contract: Contract, like: Row, branches: list[Branch], shown: dict[str, list[str]], run: Executed | None
) -> BranchRow:
    breaks = [name for branch in branches for name in shown.get(trace(contract, branch), ())] if shown else []
    found = [(_fault(branch), run.of(branch)) for branch in branches] if run else []
    timed = {fault: one.seconds for fault, one in found if one.seconds is not None}
    return BranchRow(
        like,
        tuple(dict.fromkeys(branch.after for branch in branches if branch.after)),
        tuple(dict.fromkeys(map(_fault, branches))),
        any(map(is_unsafe, branches)),
        tuple(dict.fromkeys(breaks)),
        trace(contract, branches[0]),
        tuple(_cells(found)),
        tuple(timed.items()),
    )


def _fault(branch: Branch) -> str:
    return branch.events[0].fault


def _cells(found: Iterable[tuple[str, Found]]) -> Iterator[Cell]:
    """Give what became of the branches of a row, one entry for each way in which they ended."""
    states: dict[RunState, list[tuple[str, Found]]] = {}
    for fault, one in found:
        states.setdefault(one.state, []).append((fault, one))
    for state, ones in states.items():
        faults = tuple(dict.fromkeys(fault for fault, _ in ones))[:_NAMED] if len(states) > 1 else ()
        yield Cell(state, len(ones), faults, ones[0][1].note)

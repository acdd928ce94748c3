"""All that a contract alone tells: its branches, and every invariant that it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.places import explained
from gatepost.pipeline.promises import broken_promises
from gatepost.pipeline.safety import unanswered_firsts, unsafe_ends
from gatepost.pipeline.simulate import Simulation
from gatepost.pipeline.violation import Violation
from gatepost.pipeline.ways import open_ways
from gatepost.records import DEFAULT_POLICY, Policy

__all__ = ["DryRunVerdict", "simulated", "unsafe"]


class DryRunVerdict(NamedTuple):
    """A contract that was simulated."""

    contract: Contract
    simulation: Simulation | None
    """None when stages wait for each other in a circle, so that no branch of them ends."""
    violations: tuple[Violation, ...]


def simulated(contract: Contract, policy: Policy = DEFAULT_POLICY) -> DryRunVerdict:
    """Simulate a contract and hold it to every invariant that needs no file of the repository."""
    simulation = None if contract.graph.cyclic else Simulation(contract)
    return DryRunVerdict(contract, simulation, (*open_ways(contract, policy), *unsafe(contract, simulation, policy)))


def unsafe(contract: Contract, simulation: Simulation | None, policy: Policy) -> Iterator[Violation]:
    """Find the branches that end badly and the promises that are lacking.

    Args:
        contract: what is looked at.
        simulation: its branches; None when stages wait in a circle, which hides only what a branch has to show.
        policy: says how long a rollback may take, and how long an executed dry run counts.
    """
    yield from explained(contract, unanswered_firsts(contract)) if simulation is None else unsafe_ends(simulation)
    yield from broken_promises(contract, policy)

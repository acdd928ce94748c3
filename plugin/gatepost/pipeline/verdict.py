"""All that a contract alone tells: its branches, and every invariant that it breaks."""

from __future__ import annotations

from typing import NamedTuple

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.promises import broken_promises
from gatepost.pipeline.safety import unsafe_ends
from gatepost.pipeline.simulate import Simulation
from gatepost.pipeline.violation import Violation
from gatepost.pipeline.ways import open_ways
from gatepost.records import DEFAULT_POLICY, Policy

__all__ = ["DryRunVerdict", "simulated"]


class DryRunVerdict(NamedTuple):
    """A contract that was simulated."""

    contract: Contract
    simulation: Simulation | None
    """None when stages wait for each other in a circle, so that no branch of them ends."""
    violations: tuple[Violation, ...]


def simulated(contract: Contract, policy: Policy = DEFAULT_POLICY) -> DryRunVerdict:
    """Simulate a contract and hold it to every invariant that needs no file of the repository."""
    ways = tuple(open_ways(contract, policy))
    if contract.graph.cyclic:
        return DryRunVerdict(contract, None, ways)
    simulation = Simulation(contract)
    return DryRunVerdict(contract, simulation, (*ways, *unsafe_ends(simulation), *broken_promises(contract, policy)))

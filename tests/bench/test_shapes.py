"""A contract of a thousand stages costs little whatever its shape is."""

from __future__ import annotations

import time

import pytest
from shapes import SHAPES, contract_of_shape

from gatepost.pipeline import Contract, Simulation, broken_promises, open_ways, unsafe_ends
from gatepost.records import Pipeline

MOST = 1.0
"""CPU seconds: three times what is aimed at, since machines differ; what grows with the square of it is beyond."""


def spent(record: Pipeline) -> float:
    """Give what it costs to walk a contract, to count its pairs, and to hold it to its invariants."""
    before = time.process_time()
    contract = Contract(record)
    simulation = Simulation(contract)
    assert simulation.pair_count > len(simulation.listed) > 1000
    assert [*open_ways(contract), *unsafe_ends(simulation), *broken_promises(contract)] == []
    return time.process_time() - before


@pytest.mark.parametrize("shape", SHAPES)
def test_a_thousand_stages_of_any_shape_are_walked_at_once(shape: str) -> None:
    """Many releases, many regions, many monitors, gates and approvals in turn: all of it within the bound."""
    record = contract_of_shape(shape, 1000)
    assert len(record.stages) > 990
    assert min(spent(record) for _ in range(2)) < MOST

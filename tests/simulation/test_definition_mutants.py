"""A promise that is taken from what really runs is missed, though the contract is untouched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from definition_mutants import SOURCE, taken
from shipped import CONTRACTS, data_of

from effort import first
from gatepost.definitions import compare, read_definition
from gatepost.records import Pipeline

NAMED = {"timeout-differs", "retries-differ", "answer-missing", "besides-missing"}
"""The differences that tell such a promise."""
SEMANTIC: dict[str, str] = {}
"""Mutants that survive, by name, each with the reason why it is no defect."""


def killers(design: str, text: str) -> list[str]:
    """Give what differs between the contract of a design and a definition, each with its name."""
    record = Pipeline.model_validate(data_of(design))
    assert record.source is not None
    path = f"designs/{design}/{SOURCE[design]}"
    found = compare(record, read_definition(record.source, path, text.encode(), lambda _: None), f"designs/{design}")
    return [f"{one.id}: {one.message}" for one in found.of("differs")]


@pytest.mark.parametrize("name", first(["fraud-realtime", "ticket-routing"]))
def test_each_promise_that_the_definition_drops_is_found(name: str, told: Callable[[str, str, str], None]) -> None:
    """Time-outs, retries, and what answers a failure: each place by itself, by a difference that says what is gone."""
    found = {what: killers(name, text) for what, text in taken(name)}
    for what, one in found.items():
        told(name, what, (one or ["SURVIVES"])[0])
    assert len(found) > 7
    assert [what for what, one in found.items() if not one and what not in SEMANTIC] == []
    assert {line.partition(":")[0] for one in found.values() for line in one} <= NAMED


def test_nothing_can_be_taken_from_a_tool_that_promises_none_of_it() -> None:
    """DVC has no time-outs, no retries and no handlers: what the contract says there is for whoever starts it."""
    assert set(CONTRACTS) - {name for name in CONTRACTS if any(True for _ in taken(name))} == {"churn-batch"}

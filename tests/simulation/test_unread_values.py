"""Whatever is told of a contract beside a value that cannot be read holds for whatever is written there instead."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
from mutants import mutants
from test_mutants import CONTRACTS, book_of, contract

from effort import examples, first
from gatepost.check import Finding, Report, check_book

DAY: Final = dt.date(2026, 11, 26)
BAD: Final = (
    "10 minutes",
    "??",
    5,
    -3,
    [5],
    {"foo": "bar"},
    None,
    "",
    True,
    ["a b"],
    3.5,
    "rollbak",
    "auc >== 1",
    "120%",
)
GOOD: Final[tuple[Any, ...]] = (
    *(
        "1s",
        "9d",
        "200d",
        "halt + alert",
        "rollback + page",
        "alert",
        "retry + halt + alert",
        "page",
        "exact",
        "semantic",
    ),
    *("auc >= 0.7", "p99_ms > 0.5", "no_such_metric > 1", "1% 30m", "50%", "100%", "previous", "model@7", "staging"),
    *("data", "train", "validate", "gate", "package", "approval", "promote", "monitor", "dataset", "model", "metrics"),
    *(0, 1, 3, True, False, {"metric": 0.1}, {"none": "random by design"}, "python x.py", "production"),
)
"""Values of every form, of which some may stand at each place; what the reader itself tries is not asked for."""

Place = tuple[str | int, ...]


def places(value: object, at: Place = ()) -> Iterator[Place]:
    """Give every place of a contract, from the top."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if at:
        yield at
    for step, one in inside:
        yield from places(one, (*at, step))


def with_value(data: dict[str, Any], at: Place, value: object) -> dict[str, Any]:
    """Give a contract with another value at a place."""
    made = copy.deepcopy(data)
    holder: Any = made
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = value
    return made


def at_place(data: dict[str, Any], at: Place) -> Any:
    """Give what stands at a place."""
    here: Any = data
    for step in at:
        here = here[step]
    return here


def told(report: Report) -> list[Finding]:
    """Give what is found in the contract besides values that cannot be read."""
    return [one for one in report.findings if one.kind == "pipeline" and one.gate.id != "schema-valid"]


def is_among(finding: Finding, others: list[Finding]) -> bool:
    """Tell whether a finding is found again: by the same gate, at the same field, told or mended alike."""
    alike = [one for one in others if (one.gate.id, one.field) == (finding.gate.id, finding.field)]
    return any(one.hint == finding.hint or one.message == finding.message for one in alike)


def alternatives(data: dict[str, Any], at: Place, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Give the contract as it was, and with other values at a place."""
    yield data
    names = [*data["stages"], *data["artifacts"]]
    listed = isinstance(at_place(data, at), list)
    for _ in range(10):
        value = rng.choice([*GOOD, *names])
        yield with_value(data, at, [value, *rng.sample(names, rng.randint(0, 1))] if listed else value)


def broken(rng: random.Random) -> dict[str, Any]:
    """Give a contract with one defect or two."""
    data = contract(rng.choice(sorted(CONTRACTS)))
    for _ in range(rng.randint(1, 2)):
        try:
            data = rng.choice(list(mutants(data)))[1]
        except (KeyError, RuntimeError, StopIteration):  # that kind of mutant has no place in this contract
            break
    return data


@pytest.mark.parametrize("seed", first(range(60), quick=4))
def test_what_is_told_holds_for_whatever_stands_there_instead(seed: int) -> None:
    """A finding beside a value that cannot be read is found for each value that can, so mending it takes none away."""
    rng = random.Random(seed)  # noqa: S311 - examples that can be had again
    data = broken(rng)
    at = rng.choice([one for one in places(data) if one != ("kind",)])
    bad = rng.choice(BAD)
    report = check_book(book_of(with_value(data, at, bad)), DAY)
    if not report.unread or (isinstance(bad, dict) and isinstance(at_place(data, at), dict)):
        return  # of a mapping in the place of another all is gone, and what it lacks is told
    found = told(report)
    assert not any(outcome.state == "pass" for one in report.records for outcome in one.outcomes.values() if one.muted)
    assert len({(one.gate.id, one.field, one.message) for one in found}) == len(found)
    for other in alternatives(data, at, rng):
        mended = check_book(book_of(other), DAY)
        if not mended.unread:
            assert [one.message for one in found if not is_among(one, told(mended))] == [], (at, at_place(other, at))


def test_what_does_not_depend_on_a_value_is_told() -> None:
    """Over many contracts with defects and one value that cannot be read, most findings that block are told at once."""
    rng, there, kept = random.Random(1), 0, 0  # noqa: S311 - the same
    for _ in range(examples(30)):
        data = broken(rng)
        leaves = [one for one in places(data) if one != ("kind",) and isinstance(at_place(data, one), str)]
        at = rng.choice(leaves)
        report = check_book(book_of(with_value(data, at, {"foo": "bar"})), DAY)
        before = [one for one in told(check_book(book_of(data), DAY)) if one.effect == "block"]
        there += len(before)
        kept += sum(is_among(one, told(report)) for one in before)
    assert there > 0
    assert kept / there > 0.8

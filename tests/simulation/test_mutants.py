"""Every contract that is broken on purpose is found by a named invariant or gate; honest edits are not blamed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from expected import expected
from mutants import honest_edits, mutants, without_gate
from mutants_of_ways import ELSEWHERE, into, mutants_of_ways
from mutants_of_words import mutants_of_words
from shipped import page_of

from effort import first, some
from gatepost.book import Book, FileFact, read_book
from gatepost.book.files import NoFiles
from gatepost.book.frontmatter import read_text
from gatepost.check import check_book
from gatepost.definitions import Definition, compare, read_definition
from gatepost.pipeline import Contract, simulated
from gatepost.records import Pipeline

DESIGNS = Path(__file__).parents[2] / "designs"
CONTRACTS = {path.parent.name: path for path in sorted(DESIGNS.glob("*/pipeline.md"))}

SMALLEST, *OTHERS = sorted(CONTRACTS)
"""The first contract is tried in every run, the others with --slow."""

Told = Callable[[str, str, str], None]

SEMANTIC: dict[str, str] = {}
"""Mutants that survive, by name, each with the reason why it is no defect."""


class Anything(NoFiles):
    """Every file that is named is there and tracked; a tag of an image is no file."""

    def look(self, path: str, near: str) -> FileFact:
        """Find it."""
        return FileFact("missing") if ":" in path else FileFact("found", f"{near}/{path}", tracked=True)

    def has_commit(self, commit: str) -> bool:
        """Know it."""
        return bool(commit)


def book_of(data: dict[str, Any]) -> Book:
    """Give a book with one contract, and with the roles of the policy that the worked designs stand under."""
    roles = frontmatter.load(str(DESIGNS / "policy.md")).metadata["roles"]
    pages = {"designs/policy.md": {"kind": "policy", "title": "P", "roles": roles}, "designs/x/pipeline.md": data}
    return read_book(
        [read_text(path, page_of(front)) for path, front in pages.items()], files=Anything(), docs="designs"
    )


def killers(data: dict[str, Any]) -> list[str]:
    """Give the gates that fail, each with the first thing that it says."""
    report = check_book(book_of(data), dt.date(2026, 11, 26))
    return [f"{one.gate.id}: {one.message}" for one in report.findings if one.effect == "block"]


def killers_by_name(data: dict[str, Any]) -> dict[str, str]:
    """Give the gates that fail and the invariants that are broken, each with what it says."""
    found = dict(one.split(": ", 1) for one in reversed(killers(data)))
    book = book_of(data)
    for entry in book.of_kind("pipeline"):
        if isinstance(entry.record, Pipeline):
            violations = simulated(Contract(entry.record), book.policy).violations
            found |= {one.invariant: one.message for one in reversed(violations)}
    return found


def contract(name: str) -> dict[str, Any]:
    """Give the contract of a worked design, without its real definition, whose files are not looked at here."""
    data = frontmatter.load(str(CONTRACTS[name])).metadata
    data.pop("source", None)
    return data


def test_there_are_worked_designs() -> None:
    """The mutants are those of real contracts."""
    assert CONTRACTS


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_the_contract_itself_is_clean(name: str) -> None:
    """What is broken below is sound before."""
    assert killers(contract(name)) == []


@pytest.mark.parametrize("name", first([SMALLEST, *OTHERS]))
def test_every_mutant_is_found(name: str, told: Told) -> None:
    """Each by the invariant that it breaks, or by the gate that asks for what is gone: not by something else alone.

    Who survives is explained by what it means, and there is no such mutant yet.
    """
    data = contract(name)
    final = {artifact for artifact, one in data["artifacts"].items() if one.get("final")}
    every, survivors = list(mutants(data)), []
    for what, broken in some(every):
        wanted, found = expected(what, is_read=what.split()[-1] not in final), killers_by_name(broken)
        told(name, what, f"{wanted}: {found.get(wanted, 'SURVIVES')}")
        survivors += [] if wanted in found or what in SEMANTIC else [(what, wanted, list(found))]
    assert len(every) > 50
    assert survivors == []


@pytest.mark.parametrize("name", first([SMALLEST, *OTHERS], quick=0))
def test_every_word_that_says_nothing_is_found_by_its_own_gate(name: str) -> None:
    """What moves, what nobody holds, measures or does, and what is not written: each by the gate that asks for it."""
    found = {what: killers(data) for what, data in mutants_of_words(contract(name))}
    gates = {
        "has no version": "stages-reproducible",
        "is whatever": "stages-reproducible",
        "goes back to": "dry-run-passed",
        "answers a first release with": "dry-run-passed",
        "no command for": "dry-run-passed",
        "more than a year": "dry-run-passed",
        "watches the moon": "dry-run-passed",
        "nobody": "promotion-gated",
        "asks for": "promotion-gated",
        "is todo": "record-complete",
        "signed by": "",
    }
    for what, killed_by in found.items():
        (gate,) = (gate for words, gate in gates.items() if words in what)
        assert any(one.startswith(gate) for one in killed_by), what
    assert {words for words in gates if any(words in what for what in found)} == set(gates)


@pytest.mark.parametrize("name", first([SMALLEST, *OTHERS]))
def test_every_open_way_is_found_by_its_own_gate(name: str, told: Told) -> None:
    """A place that is production under another name, and guards that judge something else: each by a named gate."""
    found = [(what, gate, killers(data)) for what, gate, data in mutants_of_ways(contract(name))]
    for what, gate, killed_by in found:
        told(name, what, next((one for one in killed_by if one.startswith(gate)), "SURVIVES"))
    survivors = [what for what, gate, killed_by in found if not any(one.startswith(gate) for one in killed_by)]
    assert survivors == []


@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_production_may_have_another_name(name: str, place: str) -> None:
    """A sound contract is sound under each of them."""
    assert killers(into(contract(name), place)) == []


def definition_of(record: Pipeline, name: str) -> Definition:
    """Read the real definition that a worked design names."""
    root = DESIGNS.parent

    def content(path: str) -> bytes | None:
        return (root / path).read_bytes() if (root / path).is_file() else None

    assert record.source is not None
    path = f"designs/{name}/{record.source.path}"
    return read_definition(record.source, path, (root / path).read_bytes(), content)


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_a_gate_that_is_dropped_is_missed_by_the_real_definition(name: str) -> None:
    """Where other gates remain, only what really runs can tell that one is gone: each of them is named."""
    data = frontmatter.load(str(CONTRACTS[name])).metadata
    definition = definition_of(Pipeline.model_validate(data), name)
    gates = [stage for stage, one in data["stages"].items() if one["kind"] == "gate"]
    for gate in gates:
        record = Pipeline.model_validate(without_gate(data, gate))
        found = compare(record, definition, f"designs/{name}").of("differs")
        assert any(gate in one.message for one in found), gate
    assert len(gates) > 1


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_no_honest_edit_is_blamed(name: str) -> None:
    """Rename, reorder, describe, allow more time, ask for more, add staging and data: no finding."""
    blamed = {what: found for what, data in honest_edits(contract(name)) if (found := killers(data))}
    assert blamed == {}

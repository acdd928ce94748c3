"""A simulated contract as JSON. Its schema is `dry-run-1.schema.json`; fields are only added while it stays 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gatepost.pipeline import contract_digest, key_of, trace
from gatepost.report.json_report import document

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.pipeline import Branch, Contract, DryRunVerdict, Violation

__all__ = ["DRY_RUN_SCHEMA_VERSION", "render_dry_run_json"]

DRY_RUN_SCHEMA_VERSION: Final = 1


def render_dry_run_json(entry: Entry, verdict: DryRunVerdict, version: str) -> str:
    """Give a simulated contract as JSON, one branch on one line.

    Args:
        entry: the record of the contract.
        verdict: what simulating it gave.
        version: Gatepost's.
    """
    simulation, contract = verdict.simulation, verdict.contract
    branches = (simulation.success, *simulation.listed) if simulation else ()
    head = {
        "schema_version": DRY_RUN_SCHEMA_VERSION,
        "tool": {"name": "gatepost", "version": version},
        "contract": {
            "id": entry.id,
            "title": entry.record.title,
            "path": entry.path,
            "sha256": contract_digest(contract.record),
        },
        "safe": not verdict.violations,
        "stages": len(contract.promises),
        "single_faults": len(simulation.singles) if simulation else None,
        "failing_rollbacks": len(simulation.failing_rollbacks) if simulation else None,
        "pairs": simulation.pair_count if simulation else None,
    }
    lists = {
        "violations": (_violation_row(one) for one in verdict.violations),
        "branches": (_branch_row(contract, one) for one in branches),
    }
    return document(head, lists)


def _violation_row(one: Violation) -> dict[str, Any]:
    return {
        "invariant": one.invariant,
        "message": one.message,
        "hint": one.hint,
        "field": ".".join(str(step) for step in one.at),
        "branch": one.branch or None,
    }


def _branch_row(contract: Contract, branch: Branch) -> dict[str, Any]:
    return {
        "branch": key_of(branch),
        "events": [event._asdict() for event in branch.events],
        "first_release": branch.first_release,
        "after": branch.after or None,
        "actions": list(branch.actions),
        "end": branch.end,
        "production": branch.production,
        "path": trace(contract, branch),
    }

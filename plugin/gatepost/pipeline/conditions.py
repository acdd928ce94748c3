"""Conditions of gates on metrics that no artifact holds, or that no stage of the run has measured."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from gatepost.pipeline.contract import Contract, Promise
from gatepost.pipeline.trace import path_to
from gatepost.pipeline.violation import Violation, listed

__all__ = ["is_blind", "unmeasured_conditions"]


def is_blind(contract: Contract, gate: Promise) -> bool:
    """Tell whether a gate is told that it has no condition, or one on what nobody measures."""
    return not gate.stage.pass_ or any(True for _ in unmeasured_conditions(contract, gate))


def unmeasured_conditions(contract: Contract, gate: Promise) -> Iterator[Violation]:
    """Find conditions on metrics that no artifact of the gate holds, or that no stage of the run has measured."""
    artifacts, name = contract.record.artifacts, gate.name
    read = [artifact for artifact in gate.stage.in_ if artifact in artifacts]
    known = [key for artifact in read for key in artifacts[artifact].keys]
    for index, condition in enumerate(gate.stage.pass_):
        holders = [artifact for artifact in read if condition.key in artifacts[artifact].keys]
        at = ("stages", name, "pass", index)
        asked = ((condition.key, "asks for"), (condition.reference, "compares with"))
        lacking = next(((key, how) for key, how in asked if key and key not in known), None)
        if lacking is not None:
            key, how = lacking
            near = get_close_matches(key, known, n=1)
            add = "list it under `keys:` of a metrics artifact that the gate has in `in:`"
            hint = f"did you mean {near[0]}?" if near else add
            message = f"the gate {name} {how} {key}, which no artifact that it reads holds"
            path = path_to(contract, name, f"{name} reject", f"there is no {key}")
            yield Violation("judged", message, hint, at, f"{name} {key}", path)
        elif holders and (where := _not_measured(contract, gate, holders[0])):
            message = f"the gate {name} judges {condition.key} by {holders[0]}, which {where}"
            hint = "let a stage measure it: add the artifact to `out:` of that stage"
            if len(holders) > 1:
                hint = f"{listed(holders)} hold {condition.key}, and the first in `in:` is compared: name another first"
            path = path_to(contract, name, f"{name} pass", "whatever this run has made")
            yield Violation("judged", message, hint, at, f"{name} {condition.key}", path)


def _not_measured(contract: Contract, gate: Promise, holder: str) -> str:
    """Say why no stage of the run has measured what an artifact holds; empty when one has, or when nobody names it.

    What comes from nowhere is another gate's finding.
    """
    known, makers = contract.record.artifacts[holder], contract.graph.producers.get(holder, ())
    if not makers:
        return "comes from outside the run" if known.source or known.sha256 else ""
    return "it writes itself" if makers == (gate.name,) else ""

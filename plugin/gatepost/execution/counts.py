"""Metrics that are counts: between two whole numbers nothing is counted, so an answer there proves nothing."""

from __future__ import annotations

from collections.abc import Iterable

from gatepost.execution.probes import Probing
from gatepost.records.dry_run import Probe

__all__ = ["counted"]


def counted(tried: Iterable[tuple[Probing, Probe]]) -> tuple[list[Probe], list[str]]:
    """Give what was answered, and the conditions on counts that were answered right at whole numbers only.

    Between two whole numbers nothing is counted: a gate that reads a count as one may make anything of a fraction. What
    it made of it is left out where each other answer is right.

    Args:
        tried: each value with its answer.
    """
    groups: dict[tuple[str, str], list[tuple[Probing, Probe]]] = {}
    for probing, probe in tried:
        groups.setdefault((probe.gate, probe.condition), []).append((probing, probe))
    found: list[Probe] = []
    whole: list[str] = []
    for (gate, condition), own in groups.items():
        wrong = [probing for probing, probe in own if not probe.passed]
        excused = bool(wrong) and all(probing.is_between for probing in wrong)
        found += [probe for probing, probe in own if not (excused and probing.is_between)]
        whole += [f"{condition} of {gate}"] if excused else []
    return found, whole

"""The record of an executed dry run held to itself: what it says of the whole, and what it says of the parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from gatepost.records import DryRun

__all__ = ["SUCCESS", "Gap", "contradictions", "first_failure", "some"]

SUCCESS: Final = "success"
"""What the branch without a fault is called."""
_NAMED: Final = 3


class Gap(NamedTuple):
    """One thing that a record says and that cannot be, or does not say and should."""

    place: str
    """The field of the record: `branches.5`."""
    said: str
    """What is wrong there, in words that go on after `the dry run of 2026-11-04`."""


def some(names: Sequence[str], what: str = "") -> str:
    """Name the first few, and count the others."""
    more = f" and {len(names) - _NAMED} more{what}" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def first_failure(record: DryRun) -> str:
    """Say what failed first; a record that says that it failed and shows nothing is taken at its word."""
    return next((one.said for one in _failures(record)), "it says so")


def contradictions(record: DryRun) -> Iterator[Gap]:
    """Find where a record that says `passed` does not agree with itself: no run leaves one like that."""
    failures = list(_failures(record))
    if failures:
        more = f", and so did {len(failures) - 1} more of its parts" if len(failures) > 1 else ""
        yield Gap(failures[0].place, f"is said to have passed, but {failures[0].said}{more}")
    yield from _miscounted(record)
    named = [*(one.branch for one in record.branches), *(one.branch for one in record.not_executed)]
    twice = [name for name, count in Counter(named).items() if count > 1]
    if twice:
        yield Gap("branches", f"names {some(twice)} more than once")


def _failures(record: DryRun) -> Iterator[Gap]:
    """Give each part that did not come out as promised: by its own word, or by what it says was found."""
    for index, branch in enumerate(record.branches):
        if not branch.passed or (branch.expected is not None and branch.outcome != branch.expected):
            yield Gap(f"branches.{index}", f"{branch.branch} ended in {branch.outcome}")
    for index, artifact in enumerate(record.repeated):
        if not artifact.passed:
            said = f"{artifact.artifact} of {artifact.stage} does not repeat: {artifact.found}"
            yield Gap(f"repeated.{index}", said)
    for index, probe in enumerate(record.probes):
        if not probe.passed or (probe.outcome == "pass") is not (probe.expected == "pass"):
            found = f"gave {probe.outcome}, not {probe.expected}"
            yield Gap(f"probes.{index}", f"{probe.gate} with {probe.condition} at {probe.value} {found}")
    yield from _yes_to_nothing(record)
    for index, run in enumerate(record.clean_runs):
        if run.outcome != "completed":
            yield Gap(f"clean-runs.{index}", run.outcome)


def _yes_to_nothing(record: DryRun) -> Iterator[Gap]:
    for index, one in enumerate(record.refusals):
        if not one.passed or (one.required and one.says_yes):
            yield Gap(f"refusals.{index}", f"{one.stage} {one.outcome} with {' and '.join(one.paths)} {one.how}")


def _miscounted(record: DryRun) -> Iterator[Gap]:
    executed = sum(one.branch != SUCCESS for one in record.branches)
    counts = (
        ("simulated", record.simulated, executed + len(record.not_executed), "branches, executed and not"),
        ("executed", record.executed, executed, "branches with a fault"),
        ("agreeing", record.agreeing, sum(one.passed for one in record.probes), "probes that agree"),
        (
            "refusing",
            record.refusing,
            sum(one.passed for one in record.refusals if one.required),
            "stages that refuse",
        ),
        (
            "repeating",
            record.repeating,
            sum(one.passed and one.verified for one in record.repeated),
            "artifacts that repeat",
        ),
    )
    for place, count, listed, what in counts:
        if count is not None and count != listed:
            yield Gap(place, f"counts {count}, and lists {listed} {what}")

"""What an executed dry run found, as text: what differs first, then how much was run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gatepost.report.lines import plain, wrap
from gatepost.report.paint import Paint, Role, in_plain

if TYPE_CHECKING:
    from gatepost.records import DryRun

__all__ = ["gaps_of", "render_executed_text", "summary_of"]

_MOST: Final = 12
_LAST_WORDS: Final = 8
_SHOWN: Final = {
    "absent": "without {paths}",
    "empty": "with {paths} empty",
    "bare": "with no metric in {paths}",
    "null": "with each metric null in {paths}",
}
_OWED: Final = {
    "gate": "it passes, and a metric that is not there rejects",
    "monitor": "it is content, and a signal that is not there calls its handler",
    "approval": "it says yes with nothing to approve; let it read what it approves, or say `after` in place of `in` "
    "where it asks a person or a register and reads none of that",
}
"""What is said of a stage that goes on when what it reads is not there."""
_ROLES: Final[dict[str, Role]] = {"passed": "good", "failed": "block"}


def summary_of(record: DryRun) -> str:
    """Say in one sentence what was run and how much of it came out as promised."""
    parts = [f"{record.executed or 0} of {record.simulated or 0} simulated branches executed"]
    if record.probes:
        own = sum(one.by == "gatepost" for one in record.probes)
        judged = f" ({own} judged by Gatepost, for want of a command)" if own else ""
        parts.append(f"{sum(one.passed for one in record.probes)} of {len(record.probes)} probes agree{judged}")
    required = [one for one in record.refusals if one.required]
    if required:
        refusing = sum(one.passed for one in required)
        parts.append(f"{refusing} of {len(required)} times a stage refuses when what it reads is not there")
    if record.repeated:
        verified = [one for one in record.repeated if one.verified]
        said = f"{sum(one.passed for one in verified)} of {len(verified)} artifacts repeat as claimed"
        open_ones = len(record.repeated) - len(verified)
        parts.append(f"{said}, {open_ones} not verified" if open_ones else said)
    return "; ".join(parts)


def gaps_of(record: DryRun) -> Iterator[str]:
    """Say in sentences what a run could not look at, and what else a person should know."""
    if any(one.production == "not observed" for one in record.branches):
        yield "Production was not observed: its environment names no `state`."
    if record.without_command:
        names = ", ".join(record.without_command)
        yield f"Nothing was run for {names}: the contract's `handlers` name no command."
    if record.not_probed:
        names = ", ".join(dict.fromkeys(f"{one.condition} of {one.gate}" for one in record.not_probed))
        yield f"Not probed: {names}."
    yield from record.notes


def render_executed_text(record: DryRun, path: str, said: str = "", *, paint: Paint = in_plain, width: int = 80) -> str:
    """Give what an executed dry run found.

    Args:
        record: its record.
        path: where the record was written.
        said: the last of what the command printed that failed in a clean run.
        paint: what gives each piece its colour.
        width: columns that a line may fill.
    """
    differing = list(_differing(record))
    blocks = [list(_block(title, found, paint, width)) for title, found in differing[:_MOST]]
    if len(differing) > _MOST:
        blocks.append([f"and {len(differing) - _MOST} more, which the record lists"])
    if said:
        blocks.append(["It said last:", *(f"    {plain(line)}" for line in said.splitlines()[-_LAST_WORDS:])])
    word, role = record.result, _ROLES[record.result]
    ending = [paint(f"Dry run {word}.", role), *wrap(f"{summary_of(record)}.", width)]
    ending += [line for gap in gaps_of(record) for line in wrap(plain(gap), width)]
    blocks.append([*ending, *wrap(f"The record is {path}; commit it.", width)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _differing(record: DryRun) -> Iterator[tuple[str, str]]:
    for branch in record.branches:
        if not branch.passed:
            yield branch.branch, f"{branch.outcome}; the contract promises {branch.expected}"
    for one in record.repeated:
        if not one.passed:
            yield f"{one.stage} repeats {one.artifact} ({one.claim})", one.found
    for probe in record.probes:
        if not probe.passed:
            found = f"answers {probe.outcome}, and the contract promises {probe.expected}"
            asks = "asks for" if probe.calls_for == "pass" else "rolls back when"
            yield f"{probe.gate} {asks} {probe.condition}", f"at {probe.value} it {found}"
    for refusal in record.refusals:
        if not refusal.passed:
            shown = _SHOWN[refusal.how].format(paths=" and ".join(refusal.paths))
            yield f"{refusal.stage} {shown}", _OWED[refusal.kind]


def _block(title: str, found: str, paint: Paint, width: int) -> Iterator[str]:
    yield f"{paint('DIFFERS', 'block')}  {plain(title)}"
    yield from (f"    {line}" for line in wrap(found, width - 4))

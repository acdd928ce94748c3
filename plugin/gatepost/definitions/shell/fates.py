"""What becomes of a shell script when one of its commands fails and everything else succeeds."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from gatepost.definitions.shell.records import HARMLESS, Record
from gatepost.definitions.shell.state import NOBODY, State

__all__ = ["NOT_RUN", "Command", "Fate", "commands_of", "ended_well"]

Fate = Literal["stops", "hidden", "never", "open"]
"""What becomes of a script when a command of it fails: it fails too, goes on, has never run it, or nobody knows."""
NOT_RUN: Final = HARMLESS | frozenset(
    (  # noqa: SIM905 - words read best as a text
        "false cat logger test [ [[ grep which type command-v alias export declare local readonly ls touch rm man read "
        "set trap"
    ).split()
)
"""Commands that do not run what their arguments say."""


class Command(NamedTuple):
    """A command that a script holds."""

    text: str
    fate: Fate
    """What becomes of the script when it fails."""
    is_call: bool = False
    """Whether it is a function of the script, whose commands are given, too."""
    is_unsure: bool = False
    """Whether a command of its name may be meant: it ignores what it is given, or is made only in some cases."""
    folders: frozenset[str | None] = frozenset()
    """Where it runs; None where that is not known."""
    is_within: bool = False
    """Whether a file of the repository holds it, which another command runs."""
    unseen: str = ""
    """Why it may run something that is not seen."""
    ends_well: bool = False
    """Whether it is a file of the repository that ends well whatever fails in it."""


def commands_of(records: list[Record], ends: list[State]) -> list[Command]:
    """Give the commands of a script, in order.

    Args:
        records: the commands.
        ends: how the script has ended on each way, where each of them fails in its turn.
    """
    well = ended_well(one for one in ends if one.failing == NOBODY)
    must = -1
    for one in well:
        must &= one.must
    by: dict[int, list[State]] = {}
    for one in ends:
        by.setdefault(one.failing, []).append(one)
    return [
        Command(text, _fate(record, by.get(number, []), is_sure=bool(must >> number & 1)), *_told(record))
        for number, record in enumerate(records)
        for text in record.texts
    ]


def ended_well(ends: object) -> list[State]:
    """Leave out the ways on which a script has ended badly by itself."""
    return [one for one in ends if not one.last]  # type: ignore[attr-defined]


def _told(record: Record) -> tuple[bool, bool, frozenset[str | None], bool, str, bool]:
    unseen = record.unseen if record.is_reached else ""
    ends_well = not record.is_call and record.codes == {True}
    return record.is_call, record.is_unsure, frozenset(record.folders), record.is_within, unseen, ends_well


def _fate(record: Record, ends: list[State], *, is_sure: bool) -> Fate:
    if not record.is_reached:
        return "never"
    if record.is_open:
        return "open"
    if record.is_call:
        return "hidden" if record.codes <= {True} else "open"
    if record.name in {"exit", "return"}:
        return "stops" if is_sure else "open"
    if record.name in {"true", ":"}:
        return "hidden"
    if not ends or any(one.is_doubtful for one in ends):
        return "open"
    codes = {one.last != 0 for one in ends}
    if codes == {False}:
        return "hidden"
    return "stops" if codes == {True} and is_sure else "open"

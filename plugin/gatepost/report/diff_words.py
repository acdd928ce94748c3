"""A comparison in words that text and Markdown share: what became of records, gates, risks and follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gatepost.book import Entry
from gatepost.check.compare import fate_of
from gatepost.records import Decision
from gatepost.report.change_words import change_words, cut
from gatepost.report.counts import counted

if TYPE_CHECKING:
    from gatepost.check.compare import Comparison, EnforcementMove
    from gatepost.check.compare_gates import GateMove
    from gatepost.check.compare_pairs import Pair
    from gatepost.check.compare_promises import FollowUpMove, RiskMove

__all__ = [
    "Sides",
    "details",
    "enforcement_words",
    "fate_words",
    "follow_up_words",
    "over_words",
    "risk_words",
    "verdict_words",
]

_NAMED: Final = 6
_IN_THE_HEADLINE: Final = frozenset({"added", "removed", "moved", "renumbered", "design", "status"})
_TOLD: Final = frozenset({"done", "dropped", "reopened", "removed", "pushed-back", "newly-overdue"})
"""What became of a follow-up and belongs in the verdict."""
_COUNTED: Final = (("block", "newly failing"), ("open", "newly open"), ("advise", "with new advice"))


@dataclass(frozen=True, slots=True)
class Sides:
    """What was compared with what."""

    base: str
    """What people call the base: `main`, `HEAD~3`."""
    commit: str
    """The commit that the base was read from."""
    head: str = "the working tree"
    """What it was compared with: the working tree, or a revision."""
    is_merge_base: bool = True
    """Whether the commit is where the branch began, rather than the base itself."""

    @property
    def sentence(self) -> str:
        """Say what was compared."""
        where = f"where it left {self.base}" if self.is_merge_base else self.base
        return f"{self.head[:1].upper()}{self.head[1:]} compared with {where} ({self.commit[:12]})"


def verdict_words(found: Comparison) -> str:
    """Say what a comparison comes to, in one sentence without its full stop."""
    if found.is_empty:
        return "Nothing changed in the records or their gates"
    named = [words for pair in found.changed if (words := _named(pair))]
    named += [f"{one.pair.id} {words}" for one in found.risks if (words := _accepted(one))]
    named += [f"{one.pair.id} {follow_up_words(one)}" for one in found.follow_ups if one.move in _TOLD]
    one, two = found.exposure
    if not named and found.changed:
        named = [f"{counted(len(found.changed), 'record')} changed"]
    parts = [_gates(found), _some(named), f"open exposure {one} to {two}" if one != two else ""]
    return "; ".join(part for part in parts if part)


def _gates(found: Comparison) -> str:
    worse = [one for one in found.moves if one.is_worse]
    parts: list[str] = []
    for effect, words in _COUNTED:
        if number := sum(one.effect == effect for one in worse):
            parts.append(f"{number if parts else counted(number, 'gate')} {words}")
    if not any(one.effect == "block" for one in worse):
        parts = ["No gate newly failing", *(part.replace(" gates", "").replace(" gate", "") for part in parts)]
    for move, words in (("newly-met", "newly met"), ("newly-waived", "newly waived")):
        if number := len([one for one in found.moves if one.move == move]):
            parts.append(f"{number} {words}")
    return ", ".join(parts)


def _some(named: Sequence[str]) -> str:
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


def _named(pair: Pair) -> str:
    """Give what the verdict says of a decision; nothing when it only changed."""
    fate = fate_of(pair)
    if pair.kind == "decision" and (fate in {"added", "removed"} or pair.moved_status):
        return f"{pair.id} {fate_words(pair).partition(' (')[0]}"
    return ""


def fate_words(pair: Pair) -> str:
    """Say what became of a record: `accepted (was proposed)`, `superseded by ADR-7`, `added (proposed)`."""
    was, now = pair.status(pair.before), pair.status(pair.after)
    fate = fate_of(pair)
    if fate == "added":
        return f"added ({_status(now)})" if now else "added"
    if fate == "removed":
        return f"removed (was {_status(was)})" if was else "removed"
    words = [f"{_superseded(pair) or _status(now)} (was {_status(was)})"] if was != now else []
    for change in pair.of_change("renumbered", "moved", "design"):
        before = change.before or "no design"
        words.append({"renumbered": "renumbered, was", "design": "taken out of", "moved": "moved from"}[change.kind])
        words[-1] += f" {before}"
    if fate == "renumbered" and not pair.of_change("renumbered") and pair.before is not None:
        words.append(f"renumbered, was {pair.before.id}")
    return "; ".join(words) or "changed"


def _status(status: str) -> str:
    return "cannot be read" if status == "unread" else status


def _superseded(pair: Pair) -> str:
    entry = pair.now.entry
    record = entry.record if isinstance(entry, Entry) else None
    if isinstance(record, Decision) and record.status == "superseded" and record.superseded_by:
        return f"superseded by {', '.join(record.superseded_by)}"
    return ""


def details(pair: Pair) -> tuple[str, ...]:
    """Give each change of a record in words, besides what its headline says."""
    return tuple(change_words(change) for change in pair.changes if change.kind not in _IN_THE_HEADLINE)


def risk_words(move: RiskMove) -> Iterator[str]:
    """Say how the exposure of a risk moved, who accepted it, and whether its day was put off."""
    one, two = move.exposures
    if one != two:
        yield f"exposure {'none' if one is None else one} → {'none' if two is None else two}"
    if words := _accepted(move):
        yield f"{words}{_by_whom(move)}"
    before, after = (side.due if side else None for side in (move.before, move.after))
    if before and after and after > before:
        yield f"due {counted((after - before).days, 'day')} later, {after}"


def _accepted(move: RiskMove) -> str:
    if move.accepted is None or move.after is None:
        return ""
    return f"accepted at exposure {move.after.exposure} of {move.accepted.threshold}"


def _by_whom(move: RiskMove) -> str:
    accepted = move.accepted
    if accepted is None:
        return ""
    decided = f", decided by {accepted.decided_by}" if accepted.decided_by else ""
    stands = {"pass": "within the policy", "waived": "waived", "not-applicable": "not judged by the policy"}
    judged = stands.get(accepted.within_policy, "not within the policy")
    if accepted.within_policy == "unknown":
        judged = "not known whether within the policy"
    return f" by {accepted.by}{f' on {accepted.on}' if accepted.on else ''}{decided}: {judged}"


def follow_up_words(move: FollowUpMove) -> str:
    """Say what became of a follow-up."""
    match move.move:
        case "added":
            return f"added, due {move.due}" if move.due else "added, without a due date"
        case "pushed-back" | "brought-forward":
            words = "pushed back" if move.move == "pushed-back" else "brought forward"
            return f"{words} {counted(move.days, 'day')} to {move.due}"
        case "newly-overdue":
            return f"overdue for {counted(move.days, 'day')}"
        case "removed":
            return "removed while it was owed"
        case _:
            return move.move


def over_words(found: Comparison, move: GateMove) -> str:
    """Say why a gate is not unmet any more, or not known any more; nothing when the record itself was mended."""
    match move.move:
        case "newly-met":
            if move.before and move.before.because:
                return f"unmet before on account of {', '.join(move.before.because)}"
            if move.pair.changes:
                return ""
            others = "the policy did" if found.policy else "another one did, or a file that it names"
            return f"the record did not change, {others}"
        case "newly-waived":
            waiver = move.after.waiver if move.after else None
            return f"waived until {waiver.until} by {waiver.approved_by}: {cut(waiver.reason)}" if waiver else "waived"
        case "newly-unknown":
            return f"unknown: {move.after.reason if move.after else ''}"
        case _:
            return _not_asked(move)


def _not_asked(move: GateMove) -> str:
    if move.pair.after is None:
        return "the record is gone"
    if not isinstance(move.pair.after.entry, Entry):
        return "the record cannot be read"
    if move.after is None:
        return "the policy turned it off"
    return f"does not apply any more{f': {move.after.reason}' if move.after.reason else ''}"


def enforcement_words(move: EnforcementMove) -> str:
    """Say what the policy makes of a gate now."""
    return f"{move.gate.id}: {move.before} → {move.after}{' (weaker)' if move.is_weaker else ''}"

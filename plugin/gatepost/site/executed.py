"""The record of an executed dry run that counts, beside the contract as it is today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from gatepost.book import Entry
from gatepost.book.dry_runs import counting, dry_runs_of
from gatepost.pipeline import Branch, Contract, contract_digests, key_of
from gatepost.records import DryRun
from gatepost.records.dry_run import DryRunBranch, Probe
from gatepost.site.lookup import Lookup

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["Executed", "Found", "RunState", "executed_of", "executed_part"]

RunState: TypeAlias = Literal["same", "differs", "moved", "skipped", "absent"]
"""Ended as simulated; did not; ended as the contract promised then; was not run; the record does not know it."""


class Found(NamedTuple):
    """What became of a branch when it was run."""

    state: RunState
    note: str = ""
    """How it ended when it differs, or why it was not run: the record's words."""
    seconds: float | None = None


class Limit(NamedTuple):
    """A documented condition and the values at which it was tried."""

    gate: str
    condition: str
    values: tuple[str, ...]
    by: str
    agree: int
    wrong: tuple[Probe, ...]


@dataclass(frozen=True)
class Executed:
    """A record of an executed dry run, seen from the page of its contract."""

    record: DryRun
    name: str
    """The name of its file."""
    href: str
    current: bool
    """Whether it is of the very contract that stands there today."""

    @cached_property
    def _branches(self) -> dict[str, DryRunBranch]:
        return {one.branch: one for one in self.record.branches}

    @cached_property
    def _skipped(self) -> dict[str, str]:
        return {one.branch: one.reason for one in self.record.not_executed}

    def of(self, branch: Branch) -> Found:
        """Give what became of a simulated branch."""
        key = key_of(branch)
        run = self._branches.get(key)
        if run is None:
            reason = self._skipped.get(key)
            return Found("absent") if reason is None else Found("skipped", reason)
        if not run.passed:
            return Found("differs", run.outcome, run.seconds)
        return Found("same" if run.outcome == branch.end else "moved", run.outcome, run.seconds)

    @property
    def coverage(self) -> tuple[int, int] | None:
        """How many branches were run, and how many the contract has; None when the record does not say."""
        executed, simulated = self.record.executed, self.record.simulated
        return None if executed is None or simulated is None else (executed, simulated)

    @property
    def differing(self) -> tuple[DryRunBranch, ...]:
        """The branches that did not end as promised."""
        return tuple(one for one in self.record.branches if not one.passed)

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why branches were not run, and how many for each reason."""
        return tuple(Counter(one.reason for one in self.record.not_executed).items())

    @property
    def seconds(self) -> float:
        """How long the clean runs and the branches took, one after the other."""
        clean = sum(one.seconds for one in self.record.clean_runs)
        return clean + sum(one.seconds or 0.0 for one in self.record.branches)

    @property
    def agreeing(self) -> int:
        """How many probes agree."""
        return sum(one.passed for one in self.record.probes)

    @property
    def refusals(self) -> tuple[int, int]:
        """How many times a stage refused when what it reads was not there, and how many times it had to."""
        required = [one.passed for one in self.record.refusals if one.required]
        return sum(required), len(required)

    @property
    def repeating(self) -> int:
        """How many artifacts repeat as claimed."""
        return sum(one.passed and one.verified for one in self.record.repeated)

    @property
    def verified(self) -> int:
        """How many artifacts were held against a claim."""
        return sum(one.verified for one in self.record.repeated)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The conditions that were tried, each with its values."""
        tried: dict[tuple[str, str], list[Probe]] = {}
        for one in self.record.probes:
            condition = one.condition if one.calls_for == "pass" else f"rollback when {one.condition}"
            tried.setdefault((one.gate, condition), []).append(one)
        return tuple(_limit(gate, condition, probes) for (gate, condition), probes in tried.items())


def _limit(gate: str, condition: str, probes: list[Probe]) -> Limit:
    wrong = tuple(one for one in probes if not one.passed)
    return Limit(gate, condition, tuple(one.value for one in probes), probes[0].by, len(probes) - len(wrong), wrong)


def executed_of(lookup: Lookup, page: str, entry: Entry, contract: Contract) -> Executed | None:
    """Give the newest record that is of the contract, else the newest that can be read; None when there is none.

    Args:
        lookup: the log.
        page: the page that links to it.
        entry: the record of the contract.
        contract: the contract of today.
    """
    digests = contract_digests(contract.record)
    run = counting(dry_runs_of(lookup.book, entry), digests)
    if run is None or run.record is None:
        return None
    href = lookup.urls(page, run.path.removeprefix(lookup.prefix))
    return Executed(run.record, run.path.rpartition("/")[2], href, run.record.contract_sha256 in digests)


def executed_part(lookup: Lookup, entry: Entry, run: Executed | None) -> Markup:
    """Give the part of the page about the executed dry run: what was run, what differs, limits, repetitions."""
    unread = [one for one in dry_runs_of(lookup.book, entry) if one.record is None]
    commit = run.record.commit if run else None
    return lookup.render(
        "executed",
        run=run,
        unread=unread,
        design=entry.design or "DESIGN",
        commit_href=lookup.commit_url(commit) if commit else "",
    )

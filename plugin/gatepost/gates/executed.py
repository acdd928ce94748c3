"""Is there an executed dry run of this very contract, did it pass, and is it still about these files?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gatepost.book import Entry, Fault
from gatepost.book.dry_runs import FoundRun, counting, dry_runs_of
from gatepost.gates.compared import asked_no_more, broken_limits
from gatepost.gates.gate import Context, Unknown
from gatepost.pipeline import Contract, contract_digest
from gatepost.records import DryRun

__all__ = ["Executed", "executed_run"]

_AGAIN: Final = "run `gatepost dry-run {design} --execute` and commit its record"
_NAMED: Final = 3


@dataclass(slots=True)
class Executed:
    """What looking for an executed dry run gave."""

    faults: list[Fault] = field(default_factory=list)
    advice: list[Fault] = field(default_factory=list)


def executed_run(entry: Entry, context: Context, contract: Contract) -> Executed | Unknown:
    """Look at the newest record of an executed dry run that is of a contract, else at the newest.

    A record that is there must be true: one that failed, or that cannot be read, fails the gate. When the policy
    requires a dry run, it fails without one, too, and with one of another contract, of other files or of long ago.
    """
    wanted = context.policy.dry_run.executed
    runs = dry_runs_of(context.book, entry)
    again = _AGAIN.format(design=entry.design or "DESIGN")
    if wanted == "off" or not context.policy_is_known:
        return Executed()
    if not runs:
        fault = Fault("no dry run of this contract was executed", again, ("stages",), "none")
        return Executed([fault] if wanted == "require" and contract.promotions else [])
    run = counting(runs, contract_digest(contract.record))
    if run is None or run.record is None or runs[0].record is None:
        message = f"the dry-run record {runs[0].path} cannot be read: {runs[0].problem}"
        return Executed([Fault(message, again, (), runs[0].path)])
    false = list(_untrue(run, run.record, contract, again))
    if false:
        return Executed(false)
    stale = list(_stale(entry, context, contract, run.record))
    if stale:
        return _weighed(stale, wanted)
    return _commit(context, run, run.record, wanted)


def _weighed(faults: list[Fault], wanted: str) -> Executed:
    return Executed(faults) if wanted == "require" else Executed(advice=faults)


def _untrue(run: FoundRun, record: DryRun, contract: Contract, again: str) -> Iterator[Fault]:
    """Find a run that failed, and limits of gates and rollbacks that what it measured does not keep."""
    if record.result != "passed":
        message = f"the dry run of {record.date} failed: {_first_failure(record)}"
        yield Fault(message, f"mend the pipeline, then {again}", ("stages",), f"failed {run.path}")
        return
    for limit, value in broken_limits(record, contract):
        message = f"{limit.said}, but the dry run of {record.date} measured {value:g}"
        hint = f"mend the model or the limit, then {again}"
        yield Fault(message, hint, limit.at, str(limit.condition))


def _first_failure(record: DryRun) -> str:
    """Say what failed first; a record that says that it failed and shows nothing is taken at its word."""
    for branch in record.branches:
        if not branch.passed:
            return f"{branch.branch} ended in {branch.outcome}"
    for artifact in record.repeated:
        if not artifact.passed:
            return f"{artifact.artifact} of {artifact.stage} does not repeat: {artifact.found}"
    for probe in record.probes:
        if not probe.passed:
            return f"{probe.gate} with {probe.condition} at {probe.value} gave {probe.outcome}, not {probe.expected}"
    return next((run.outcome for run in record.clean_runs if run.outcome != "completed"), "it says so")


def _stale(entry: Entry, context: Context, contract: Contract, record: DryRun) -> Iterator[Fault]:
    """Find what has changed since a run."""
    again = _AGAIN.format(design=entry.design or "DESIGN")
    age = (context.today - record.date).days
    limit = context.policy.dry_run.max_age_days
    at = ("stages",)
    if record.contract_sha256 != contract_digest(contract.record):
        gone = asked_no_more(record, contract)
        said = f": it tried {_some(gone)}, which the contract asks for no more" if gone else ""
        yield Fault(f"the contract changed after the dry run of {record.date}{said}", again, at, "contract")
        return
    changed = list(_changed(entry, context, record))
    if changed:
        message = f"{_some(changed, ' files')} changed after the dry run of {record.date}"
        yield Fault(message, again, at, "files")
    if age > limit:
        yield Fault(f"the dry run of {record.date} is {age} days old; the policy allows {limit}", again, at, "age")
    if record.date > context.latest_today:
        yield Fault(f"the dry run of {record.date} is in the future", again, at, "age")


def _some(names: list[str], what: str = "") -> str:
    """Name the first few, and count the others."""
    more = f" and {len(names) - _NAMED} more{what}" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _changed(entry: Entry, context: Context, record: DryRun) -> Iterator[str]:
    folder, files = context.book.folder(entry), context.book.files
    for one in record.files:
        fact = files.look(one.path, folder)
        if fact.state != "found" or files.sha256(fact.path) != one.sha256:
            yield one.path


def _commit(context: Context, run: FoundRun, record: DryRun, wanted: str) -> Executed | Unknown:
    """Look for the commit that was run; where the files of the run are known by digest, it is for people only."""
    again, at = "run it again at a commit, and commit its record", ("stages",)
    if record.commit is None:
        fault = Fault(
            f"the dry run of {record.date} names neither a commit nor the files that it ran", again, at, "commit"
        )
        return Executed() if record.files else _weighed([fault], wanted)
    known = context.book.files.has_commit(record.commit)
    if known is None:
        return Executed() if record.files else Unknown(f"commit not looked up: {context.book.files.why_unknown()}")
    if known:
        return Executed()
    message = f"commit {record.commit[:12]} of the dry run in {run.path} is not in this repository"
    fault = Fault(message, f"fetch the branch that has it, or {again}", at, f"commit {record.commit}")
    return Executed(advice=[fault]) if record.files else _weighed([fault], wanted)

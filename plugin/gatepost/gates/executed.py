"""Is there an executed dry run of this very contract, did it pass, and is it still about these files?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gatepost import __version__
from gatepost.book import Entry, Fault
from gatepost.book.dry_runs import counting, dry_runs_of
from gatepost.gates.compared import asked_no_more, broken_limits
from gatepost.gates.covered import uncovered
from gatepost.gates.gate import Context, Unknown
from gatepost.gates.recorded import Gap, contradictions, first_failure, some
from gatepost.gates.run_files import RunFiles
from gatepost.pipeline import Contract, contract_digests
from gatepost.records import DryRun

__all__ = ["Executed", "executed_run"]

_AGAIN: Final = "run `gatepost dry-run {design} --execute` and commit its record"
_STAGES: Final = ("stages",)


@dataclass(slots=True)
class Executed:
    """What looking for an executed dry run gave."""

    faults: list[Fault] = field(default_factory=list)
    advice: list[Fault] = field(default_factory=list)


class _Run(NamedTuple):
    """The record that counts, beside the contract of today."""

    path: str
    record: DryRun
    contract: Contract
    files: RunFiles
    design: str
    again: str
    is_of_this_contract: bool

    @property
    def name(self) -> str:
        return f"the dry run of {self.record.date}"

    @property
    def is_by_this_version(self) -> bool:
        """Whether this version of Gatepost made it; one that does not say is held to this one."""
        return self.record.tool in {None, f"gatepost {__version__}"}

    def fault(self, gap: Gap) -> Fault:
        message = f"{self.name} {gap.said} ({gap.place} of {self.path})"
        return Fault(message, self.again, _STAGES, f"{gap.place} {' '.join(gap.said.split()[:3])} {self.path}")


def executed_run(entry: Entry, context: Context, contract: Contract) -> Executed | Unknown:
    """Look at the newest record of an executed dry run that is of a contract, else at the newest.

    A record that is there must be true: one that failed, that cannot be read, that does not agree with itself, or that
    is of this contract and not whole, fails the gate. When the policy requires a dry run, it fails without one, too,
    and with one of another contract, of other files or of long ago.
    """
    wanted = context.policy.dry_run.executed
    runs = dry_runs_of(context.book, entry)
    again = _AGAIN.format(design=entry.design or "DESIGN")
    if wanted == "off" or not context.policy_is_known:
        return Executed()
    if not runs:
        fault = Fault("no dry run of this contract was executed", again, _STAGES, "none")
        return _weighed([fault], wanted) if contract.promotions else Executed()
    if entry.is_reading:
        return Unknown("it is open of which contract the dry run is")
    digests = contract_digests(contract.record)
    found = counting(runs, digests)
    if found is None or found.record is None or runs[0].record is None:
        message = f"the dry-run record {runs[0].path} cannot be read: {runs[0].problem}"
        return Executed([Fault(message, again, (), runs[0].path)])
    files = RunFiles(context.book, entry, contract.record, found.record)
    is_current = found.record.contract_sha256 in digests
    run = _Run(found.path, found.record, contract, files, entry.design or entry.id, again, is_current)
    return _judged(run, context)


def _judged(run: _Run, context: Context) -> Executed | Unknown:
    wanted = context.policy.dry_run.executed
    false = list(_untrue(run))
    if false:
        return Executed(false)
    gaps = [run.fault(one) for one in uncovered(run.record, run.contract)] if run.is_of_this_contract else []
    if gaps and run.is_by_this_version:
        return Executed(gaps)
    stale = list(_stale(context, run))
    found = _weighed(stale, wanted) if stale else _commit(context, run, wanted)
    if isinstance(found, Executed):
        found.advice += [one._replace(message=f"{one.message}; it was made by {run.record.tool}") for one in gaps]
        found.advice += [*_unseen(run), *_silent(run)]
    return found


def _unseen(run: _Run) -> Iterator[Fault]:
    """Say that a run that passed has not looked at what is served, so that each rollback only ended well."""
    unseen = [one.branch for one in run.record.branches if one.production == "not observed"]
    if unseen and run.is_of_this_contract:
        branches = "1 branch" if len(unseen) == 1 else f"{len(unseen)} branches"
        message = f"{run.name} did not see what production serves in {branches}, so no rollback was shown to restore it"
        hint = f"name the file that says what is served as `state` of the environment, then {run.again}"
        yield Fault(message, hint, ("environments",), "unseen")


def _silent(run: _Run) -> Iterator[Fault]:
    """Say that a handler which should tell somebody ended well and did nothing that can be seen."""
    for one in run.record.silent if run.is_of_this_contract else ():
        where = "each branch" if one.silent == one.ran else f"{one.silent} of {one.ran} branches, such as {one.branch}"
        message = f"{run.name} saw {one.action} leave no trace on {where}: it printed nothing and changed no file"
        engine = f"say `{one.action}: engine` if what runs the stages does it"
        hint = f"let it print whom it tells, or {engine}; then {run.again}"
        yield Fault(message, hint, ("handlers",), f"silent {one.action}")


def _weighed(faults: list[Fault], wanted: str) -> Executed:
    return Executed(faults) if wanted == "require" else Executed(advice=faults)


def _untrue(run: _Run) -> Iterator[Fault]:
    """Find what no run leaves behind that passed: a failure, a contradiction, limits that are not kept."""
    record = run.record
    if record.result != "passed":
        message = f"{run.name} failed: {first_failure(record)}"
        yield Fault(message, f"mend the pipeline, then {run.again}", _STAGES, f"failed {run.path}")
        return
    yield from map(run.fault, contradictions(record))
    withheld = run.files.withheld if run.is_of_this_contract else ()
    if withheld and record.commit:
        has = f"which commit {record.commit[:12]} has as {'they are' if len(withheld) > 1 else 'it is'} today"
        yield run.fault(Gap("files", f"does not name {some(withheld, ' files')}, {has}"))
    for limit, value in broken_limits(record, run.contract):
        message = f"{limit.said}, but {run.name} measured {value:g}"
        hint = f"mend the model or the limit, then {run.again}"
        yield Fault(message, hint, limit.at, str(limit.condition))


def _stale(context: Context, run: _Run) -> Iterator[Fault]:
    """Find what has changed since a run."""
    record = run.record
    age = (context.today - record.date).days
    limit = context.policy.dry_run.max_age_days
    if record.design.casefold() != run.design.casefold():
        yield run.fault(Gap("design", f"is of the design {record.design}, not of {run.design}"))
    if not run.is_of_this_contract:
        gone = asked_no_more(record, run.contract)
        said = f": it tried {some(gone)}, which the contract asks for no more" if gone else ""
        yield Fault(f"the contract changed after {run.name}{said}", run.again, _STAGES, "contract")
        return
    if run.files.changed:
        message = f"{some(run.files.changed, ' files')} changed after {run.name}"
        yield Fault(message, run.again, _STAGES, "files")
    if run.files.added:
        verb = "is a file" if len(run.files.added) == 1 else "are files"
        message = f"{some([*run.files.added], ' files')} {verb} of the pipeline that {run.name} did not have"
        yield Fault(message, run.again, _STAGES, "new files")
    if age > limit:
        yield Fault(f"{run.name} is {age} days old; the policy allows {limit}", run.again, _STAGES, "age")
    if record.date > context.latest_today:
        yield Fault(f"{run.name} is in the future", run.again, _STAGES, "age")


def _commit(context: Context, run: _Run, wanted: str) -> Executed | Unknown:
    """Look for the commit that was run; where the files of the run are known by digest, it is for people only."""
    record, again = run.record, f"{run.again}: a run of a commit names it"
    if record.commit is None:
        nothing = "no commit" if record.files else "neither a commit nor the files that it ran"
        fault = Fault(f"{run.name} names {nothing} (commit of {run.path})", again, _STAGES, "commit")
        return Executed(advice=[fault]) if record.files else _weighed([fault], wanted)
    known = context.book.files.has_commit(record.commit)
    if known is None:
        return Executed() if record.files else Unknown(f"commit not looked up: {context.book.files.why_unknown()}")
    if known:
        others = run.files.others
        said = f"names commit {record.commit[:12]}, which does not have {some(others, ' files')} as they were run"
        return _weighed([run.fault(Gap("commit", said))], wanted) if others else Executed()
    message = f"commit {record.commit[:12]} of the dry run in {run.path} is not in this repository"
    fault = Fault(message, f"fetch the branch that has it, or {again}", _STAGES, f"commit {record.commit}")
    return Executed(advice=[fault]) if record.files else _weighed([fault], wanted)

"""An executed dry run, from a clean checkout to its record."""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from gatepost import __version__
from gatepost.execution.branches import judged, plan
from gatepost.execution.command import running
from gatepost.execution.executors import executor_of
from gatepost.execution.folder import packed_from_tar, paths_below, unpack
from gatepost.execution.pool import Progress, performed
from gatepost.execution.probes import answered, probes
from gatepost.execution.release import Release, run_release
from gatepost.execution.repeats import repeated
from gatepost.execution.setup import Orders, orders_of
from gatepost.execution.task import Setting
from gatepost.pipeline import Contract, Simulation, contract_digest, key_of
from gatepost.records.dry_run import CleanRun, DryRun, DryRunBranch, FileDigest, NotExecuted, Probe, Repeated

__all__ = ["Asked", "Rehearsal", "rehearse"]

_HERE: Final = Setting("0", "UTC")
_THERE: Final = Setting("4093", "Asia/Kathmandu")
"""The second run has another hash seed, a time zone three quarters of an hour off, and a longer path."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be run, and how."""

    design: str
    contract: Contract
    archive: bytes
    """The folder that stages run in, as a tar archive."""
    date: dt.date
    commit: str | None = None
    """The commit that the folder is from; None for the working directory."""
    place: str = ""
    """Where the folder lies, seen from the design's: empty, or with a slash at its end."""
    jobs: int | None = None
    executor: str | None = None
    passed: tuple[tuple[str, str], ...] = ()
    """Variables of the caller's environment that commands see, too."""
    limit: float = 3600.0
    """How long all of it may take, in seconds."""


@dataclass(slots=True)
class Rehearsal:
    """What was found."""

    clean_runs: list[CleanRun] = field(default_factory=list)
    repeated: list[Repeated] = field(default_factory=list)
    branches: list[DryRunBranch] = field(default_factory=list)
    skipped: list[NotExecuted] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    files: list[FileDigest] = field(default_factory=list)
    simulated: int = 0
    said: str = ""
    """The last of what the command printed that failed in a clean run."""

    @property
    def passed(self) -> bool:
        """Whether every branch, every repeat claim and every probe came out as the contract says."""
        found = [*(one.passed for one in self.branches), *(one.passed for one in self.repeated)]
        return all([*found, *(one.passed for one in self.probes)])

    def record(self, asked: Asked) -> DryRun:
        """Give the record."""
        return DryRun(
            kind="dry-run",
            title=f"Dry run of {asked.design} on {asked.date}",
            design=asked.design,
            contract_sha256=contract_digest(asked.contract.record),
            commit=asked.commit,
            date=asked.date,
            result="passed" if self.passed else "failed",
            tool=f"gatepost {__version__}",
            platform=f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
            simulated=self.simulated,
            executed=len(self.branches) - 1,
            files=tuple(self.files),
            clean_runs=tuple(self.clean_runs),
            repeated=tuple(self.repeated),
            metrics=self.metrics,
            branches=tuple(self.branches),
            probes=tuple(self.probes),
            not_executed=tuple(self.skipped),
        )


def rehearse(asked: Asked, progress: Progress = lambda _done, _all: None) -> Rehearsal:
    """Run a contract: twice cleanly, then a second release, then each branch and each probe.

    Args:
        asked: what is run.
        progress: told how far it is.

    Raises:
        CannotRunError: the contract cannot be run as it stands, or time is up.
        ExecutorError: who should do the work cannot.
        KeyboardInterrupt: as ever; nothing is left running and nothing is left behind.
    """
    orders = orders_of(asked.contract)
    with (
        running() as processes,
        tempfile.TemporaryDirectory(prefix="gatepost-") as home,
        executor_of(asked.executor, asked.jobs) as pool,
    ):
        try:
            return _Rehearsing(asked, orders, Path(home), progress).run(pool)
        except BaseException:
            processes.stop()
            raise


class _Rehearsing:
    """One run of everything."""

    def __init__(self, asked: Asked, orders: Orders, home: Path, progress: Progress) -> None:
        self.asked = asked
        self.orders = orders
        self.here, self.there = (replace(one, passed=asked.passed) for one in (_HERE, _THERE))
        self.folders = (home / "a" / "run", home / "another place with a longer name" / "run")
        self.progress = progress
        self.until = time.monotonic() + asked.limit
        self.found = Rehearsal()

    def run(self, pool: Executor) -> Rehearsal:
        """Run it all; after a clean run that fails there is nothing to inject a fault into."""
        one, other = self.folders
        packed = packed_from_tar(self.asked.archive)
        for folder in self.folders:
            unpack(packed, folder)
        self.found.files = list(_files(one, self.asked.place))
        simulation = Simulation(self.asked.contract)
        branches = (*simulation.singles, *simulation.failing_rollbacks)
        self.found.simulated = len(branches)
        first = self._clean(one, self.here, keep=True)
        second = self._clean(other, self.there, keep=False) if not first.failure else None
        self.found.metrics = first.metrics
        if second is None or second.failure:
            self._success(first, second or first)
            return self.found
        self.found.repeated = list(repeated(self.orders, one, other))
        again = replace(self.here, run="2")
        later = run_release(self.orders, one, again, keep=True) if self.orders.contract.promotions else first
        self._success(first, later, "the second release: ")
        if not later.failure:
            self._faults((first, later), pool)
        return self.found

    def _clean(self, folder: Path, setting: Setting, *, keep: bool) -> Release:
        release = run_release(self.orders, folder, setting, keep=keep)
        run = CleanRun(
            hash_seed=setting.hash_seed,
            time_zone=setting.time_zone,
            outcome=release.failure or "completed",
            seconds=round(release.seconds, 2),
        )
        self.found.clean_runs.append(run)
        return release

    def _success(self, first: Release, last: Release, where: str = "") -> None:
        """Write down how the branch without a fault ended."""
        wrong = f"{where}{last.failure}" if last.failure else ""
        self.found.said = last.said if wrong else ""
        branch = DryRunBranch(
            branch="success",
            outcome=wrong or "completed",
            passed=not wrong,
            expected="completed",
            production="new" if self.orders.states else "not observed",
            seconds=round(first.seconds, 2),
        )
        self.found.branches.append(branch)

    def _faults(self, releases: tuple[Release, Release], pool: Executor) -> None:
        simulation = Simulation(self.asked.contract)
        branches = (*simulation.singles, *simulation.failing_rollbacks)
        planned = list(plan(self.orders, branches, releases, self.here))
        probing = list(probes(self.orders, releases[0], self.here))
        tasks = [one.task for one in planned if one.task is not None]
        tasks += [one.task for one in probing if one.task is not None]
        reports = performed(tasks, pool, self.until, self.progress)
        for one in planned:
            if one.task is None:
                self.found.skipped.append(NotExecuted(branch=key_of(one.branch), reason=one.reason))
            else:
                self.found.branches.append(judged(self.orders, one, reports[one.task.key], releases))
        self.found.probes = [answered(one, reports[one.task.key] if one.task else None) for one in probing]


def _files(folder: Path, place: str) -> Iterator[FileDigest]:
    """Give the digests of the pipeline's files: not the records, not the evidence."""
    for path in paths_below(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix != ".md" and not name.startswith("evidence/"):
            yield FileDigest(path=f"{place}{name}", sha256=hashlib.sha256(path.read_bytes()).hexdigest())

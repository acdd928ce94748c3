"""An executed dry run, from a clean checkout to its record."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Final

from gatepost.execution.branches import Planned, judged, plan, release_of
from gatepost.execution.counts import counted
from gatepost.execution.days import days_held
from gatepost.execution.executors import executor_of
from gatepost.execution.folder import TooLargeError, packed_from_tar, paths_below, unpack
from gatepost.execution.mended import needs_control
from gatepost.execution.pool import Progress, performed
from gatepost.execution.probes import Probing, answered, probes
from gatepost.execution.processes import running
from gatepost.execution.refusals import refusals, refused
from gatepost.execution.rehearsed import Asked, Rehearsal
from gatepost.execution.release import Release, run_release
from gatepost.execution.repeats import repeated
from gatepost.execution.setup import CannotRunError, Orders, orders_of
from gatepost.execution.strays import end_strays
from gatepost.execution.task import Report, Setting
from gatepost.execution.unseen import not_verified, silences, unheard
from gatepost.execution.zones import clean_zones
from gatepost.pipeline import Simulation, key_of
from gatepost.records.dry_run import (
    CleanRun,
    DryRunBranch,
    FileDigest,
    NotExecuted,
    NotProbed,
    is_part_of_a_run,
)

__all__ = ["rehearse"]

_LATER: Final = "2"
"""GATEPOST_RUN of the release after the first one."""
_NOT_REACHED: Final = "a run without a fault did not succeed"


def rehearse(asked: Asked, progress: Progress = lambda _label, _done, _all: None) -> Rehearsal:
    """Run a contract: twice cleanly, then a second release, then each branch and each probe.

    Args:
        asked: what is run.
        progress: told how far it is.

    Raises:
        CannotRunError: the contract cannot be run as it stands, or time is up.
        ExecutorError: who should do the work cannot.
        KeyboardInterrupt: as ever; nothing is left running and nothing is left behind.
    """
    if not hasattr(os, "killpg"):
        message = "commands run in process groups, which this system does not have: run it under Linux, macOS or WSL"
        raise CannotRunError(message)
    orders = orders_of(asked.contract)
    with running() as processes, tempfile.TemporaryDirectory(prefix="gatepost-") as home:
        try:
            with executor_of(processes, asked.executor, asked.jobs) as pool:
                found = _Rehearsing(asked, orders, Path(home), progress, processes.run).run(pool)
        except OSError as error:
            message = f"the dry run cannot go on: {error}"
            raise CannotRunError(message) from error
        finally:
            left = end_strays(Path(home))
    found.strays.update(left)
    return found


class _Rehearsing:
    """One run of everything."""

    def __init__(self, asked: Asked, orders: Orders, home: Path, progress: Progress, run: str) -> None:
        self.asked = asked
        self.orders = orders
        one, other = clean_zones()
        self.here = Setting("0", one, asked.passed, run=run)
        self.there = Setting("4093", other, asked.passed, run=run)
        self.folders = (home / "a" / "run", home / "another place with a longer name" / "run")
        self.progress = progress
        self.until = time.monotonic() + asked.limit
        self.found = Rehearsal()
        self.branches = Simulation(asked.contract).listed

    def run(self, pool: Executor) -> Rehearsal:
        """Run it all; after a clean run that fails there is nothing to inject a fault into."""
        one, other = self.folders
        try:
            packed = packed_from_tar(self.asked.archive)
        except TooLargeError as error:
            raise CannotRunError(str(error)) from error
        unpack(packed, one)
        unpack(packed, other, otherwise=True)
        self.found.files = list(_files(one, self.asked.place))
        self.found.simulated = len(self.branches)
        self.found.without_command = list(unheard(self.orders, self.branches))
        first = self._clean(one, self.here, keep=True)
        second = self._clean(other, self.there, keep=False) if not first.failure else None
        self.found.metrics = first.metrics
        if second is None or second.failure:
            return self._stopped(first, second or first)
        self.found.repeated = list(repeated(self.orders, one, other, frozenset(first.untouched)))
        day = dt.datetime.now(dt.UTC).date()
        self.found.days = tuple(days_held(self.orders, one, packed, self.found.repeated, day))
        later = first
        if self.orders.contract.promotions:
            later = self._release(one, replace(self.here, release=_LATER), "a second release", keep=True)
        if later.failure:
            return self._stopped(first, later, "the second release: ")
        self._success(first)
        self._faults((first, later), pool)
        return self.found

    def _stopped(self, first: Release, failed: Release, where: str = "") -> Rehearsal:
        """Write down that a run without a fault failed, so that nothing could be injected."""
        self._success(first, f"{where}{failed.failure}")
        self.found.said = failed.said
        self.found.skipped = [NotExecuted(branch=key_of(one), reason=_NOT_REACHED) for one in self.branches]
        return self.found

    def _release(self, folder: Path, setting: Setting, label: str, *, keep: bool) -> Release:
        done, every = 0, len(self.orders.order)

        def passed(_stage: str) -> None:
            nonlocal done
            done += 1
            self.progress(label, done, every)

        self.progress(label, 0, every)
        return run_release(self.orders, folder, setting, keep=keep, until=self.until, passed=passed)

    def _clean(self, folder: Path, setting: Setting, *, keep: bool) -> Release:
        label = "clean run" if keep else "another clean run"
        release = self._release(folder, setting, label, keep=keep)
        run = CleanRun(
            hash_seed=setting.hash_seed,
            time_zone=setting.time_zone,
            outcome=release.failure or "completed",
            seconds=round(release.seconds, 2),
        )
        self.found.clean_runs.append(run)
        return release

    def _success(self, first: Release, wrong: str = "") -> None:
        """Write down how the branch without a fault ended."""
        branch = DryRunBranch(
            branch="success",
            outcome=wrong or "completed",
            passed=not wrong,
            expected="completed",
            production="new" if self.orders.states else self.orders.unobserved,
            seconds=round(first.seconds, 2),
        )
        self.found.branches.append(branch)

    def _faults(self, releases: tuple[Release, Release], pool: Executor) -> None:
        self.found.not_verified = tuple(not_verified(self.orders, self.branches))
        planned = list(plan(self.orders, self.branches, releases, self.here))
        tried = list(probes(self.orders, releases[0], self.here))
        probing = [one for one in tried if isinstance(one, Probing)]
        later = self.here if releases[1] is releases[0] else replace(self.here, release=_LATER)
        asked = list(refusals(self.orders, releases[1], later))
        self.found.not_probed = [one for one in tried if isinstance(one, NotProbed)]
        work = [*(one.task for one in planned), *(one.task for one in probing), *(one.task for one in asked)]
        tasks = [task for task in work if task is not None]
        reports = performed(tasks, pool, self.until, self.progress)
        again = [one.control for one in planned if one.control and _differs(one, reports, releases)]
        if again:
            reports |= performed(again, pool, self.until, self.progress)
        self.found.strays.update(name for report in reports.values() for name in report.strays)
        sound = [reports[one.task.key] for one in planned if one.task and one.is_sound]
        for one in planned:
            if one.task is None:
                self.found.skipped.append(NotExecuted(branch=key_of(one.branch), reason=one.reason))
            else:
                self.found.branches.append(judged(self.orders, one, reports, releases, sound))
        self.found.silent = list(silences(reports[key_of(one.branch)] for one in planned if one.task))
        self.found.refusals = [refused(one, reports[one.task.key]) for one in asked]
        answers = [(one, answered(one, reports[one.task.key] if one.task else None)) for one in probing]
        self.found.probes, self.found.counts = counted(answers)


def _differs(planned: Planned, reports: Mapping[str, Report], releases: tuple[Release, Release]) -> bool:
    """Tell whether a branch has to be held against the same stages without its fault."""
    return needs_control(reports[key_of(planned.branch)], release_of(planned.branch, releases))


def _files(folder: Path, place: str) -> Iterator[FileDigest]:
    """Give the digests of the pipeline's files: not the records, not the evidence."""
    for path in paths_below(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and is_part_of_a_run(name):
            if name.encode("utf-8", "replace").decode() != name:
                message = f"{place}{name!a} has a name that a record cannot hold: give it one that is text"
                raise CannotRunError(message)
            yield FileDigest(path=f"{place}{name}", sha256=hashlib.sha256(path.read_bytes()).hexdigest())

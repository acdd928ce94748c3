"""What an executed dry run is asked to run, and what it has found."""

from __future__ import annotations

import datetime as dt
import platform
from dataclasses import dataclass, field

from gatepost import __version__
from gatepost.execution.unseen import unlooked, unspoken
from gatepost.pipeline import Contract, contract_digest
from gatepost.records.dry_run import (
    CleanRun,
    DryRun,
    DryRunBranch,
    FileDigest,
    NotExecuted,
    NotProbed,
    Probe,
    Refusal,
    Repeated,
    Silent,
)

__all__ = ["Asked", "Rehearsal"]


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
    not_probed: list[NotProbed] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    without_command: list[str] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    files: list[FileDigest] = field(default_factory=list)
    simulated: int = 0
    said: str = ""
    """The last of what the command printed that failed in a clean run."""
    not_verified: tuple[str, ...] = ()
    """What was run and proves less than it may seem to, in sentences."""
    counts: list[str] = field(default_factory=list)
    """The conditions on counts that were held to whole numbers only."""
    days: tuple[str, ...] = ()
    """The artifacts that hold the day of the run, in sentences."""
    silent: list[Silent] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)
    """The programs that still ran when their piece of work had ended, and were ended."""

    @property
    def passed(self) -> bool:
        """Whether every branch, every repeat claim, every probe and every refusal came out as the contract says."""
        found = [*(one.passed for one in self.branches), *(one.passed for one in self.repeated)]
        return all([*found, *(one.passed for one in self.probes), *(one.passed for one in self.refusals)])

    @property
    def notes(self) -> tuple[str, ...]:
        """What else a person should know, in sentences."""
        whole = f"Tried at whole numbers only, as it is measured: {', '.join(self.counts)}."
        found = (*self.not_verified, *self.days, *unspoken(self.silent), *unlooked(self.refusals))
        found += (whole,) if self.counts else ()
        if not self.strays:
            return found
        names = ", ".join(sorted(self.strays))
        return (*found, f"Left running by a command, outside its process group, and ended: {names}.")

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
            agreeing=sum(one.passed for one in self.probes),
            refusing=sum(one.passed for one in self.refusals if one.required),
            repeating=sum(one.passed for one in self.repeated if one.verified),
            files=tuple(self.files),
            clean_runs=tuple(self.clean_runs),
            repeated=tuple(self.repeated),
            metrics=self.metrics,
            branches=tuple(self.branches),
            probes=tuple(self.probes),
            refusals=tuple(self.refusals),
            not_executed=tuple(self.skipped),
            not_probed=tuple(self.not_probed),
            without_command=tuple(self.without_command),
            silent=tuple(self.silent),
            notes=self.notes,
        )

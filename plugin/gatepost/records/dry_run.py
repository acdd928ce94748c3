"""The record that an executed dry run leaves: what was run, on which contract, and how each branch ended."""

from typing import Annotated, Literal

from pydantic import Field

from gatepost.records.base import Day, Model, Text, Truth, Whole

__all__ = [
    "CleanRun",
    "DryRun",
    "DryRunBranch",
    "FileDigest",
    "NotExecuted",
    "NotProbed",
    "Probe",
    "Refusal",
    "Repeated",
    "Silent",
    "Taken",
    "is_part_of_a_run",
]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Taken = Literal["absent", "empty", "bare", "null"]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class DryRunBranch(Model):
    """One branch that was run: what was injected and how it ended."""

    branch: Text
    """What the branch is called: the stage and the fault that was injected (`canary breach, first release`)."""
    outcome: Text
    """The terminal state that was reached, and what differs from the promise when it is another one."""
    passed: Truth
    """Whether that is the state that the contract promises."""
    expected: Text | None = None
    """The terminal state that the contract promises."""
    production: Text | None = None
    """What was in production at the end: untouched, new, previous, fallback."""
    seconds: Seconds | None = None
    """How long it took."""


class NotExecuted(Model):
    """A simulated branch that was not run."""

    branch: Text
    """What it is called."""
    reason: Text
    """Why it was not run."""


class Probe(Model):
    """One value at which a documented condition was tried."""

    gate: Text
    """The gate stage, or the promotion whose rollback the condition starts."""
    condition: Text
    """The condition, as the contract has it."""
    calls_for: Literal["pass", "rollback"] = "pass"
    """What follows when it holds: the gate passes, or the promotion is rolled back."""
    value: Text
    """What the metric was set to: a number, `absent` or `NaN`; with its name when it is the one compared with."""
    expected: Literal["pass", "reject"]
    """What the contract promises."""
    outcome: Text
    """What the gate answered."""
    passed: Truth
    """Whether the two agree."""
    by: Literal["command", "gatepost"] = "command"
    """Who answered: the gate's own command, or Gatepost for a gate without one."""


class NotProbed(Model):
    """A documented condition that could not be tried."""

    gate: Text
    """The gate stage, or the promotion whose rollback condition it is."""
    condition: Text
    """The condition, as the contract has it."""
    reason: Text
    """Why it was not tried."""


class Refusal(Model):
    """What a stage that decides has answered when what it reads was not there."""

    stage: Text
    """The gate, the monitor, the approval, or the promotion."""
    kind: Literal["gate", "monitor", "approval", "promote"]
    """Which of these it is."""
    paths: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What was taken from it."""
    how: Taken
    """Nothing was there; an empty file; JSON with nothing in it; or with null for each number."""
    outcome: Text
    """What it answered."""
    required: Truth = True
    """Whether it had to refuse; an approval may go by one of several files, and what a promotion does is only told."""
    passed: Truth
    """Whether it did not say yes, or did not have to refuse."""

    @property
    def says_yes(self) -> bool:
        """Whether it went on as if all were there."""
        return self.outcome in {"passes", "is content", "says yes", "goes on"}


class Silent(Model):
    """An action that ended well and left no trace: it printed nothing and changed no file."""

    action: Text
    """The action: alert, page."""
    silent: Whole
    """On how many branches it was so."""
    ran: Whole
    """On how many branches its command ran."""
    branch: Text
    """The first of those on which it was so."""


class CleanRun(Model):
    """One run without a fault."""

    hash_seed: Text
    """PYTHONHASHSEED."""
    time_zone: Text
    """TZ."""
    outcome: Text
    """`completed`, or the stage that did not succeed and how."""
    seconds: Seconds
    """How long it took."""


class Repeated(Model):
    """What two clean runs made of one artifact."""

    artifact: Text
    """The artifact's name in the contract."""
    stage: Text
    """The stage that writes it."""
    claim: Text
    """The `repeat` claim of that stage."""
    passed: Truth
    """Whether nothing contradicts the claim."""
    verified: Truth = True
    """Whether the two were held against the claim; not where it is none, or where nothing could be compared."""
    found: Text
    """What was compared, and what differs when they do not agree."""
    sha256: Sha256 | None = None
    """The digest in the first run."""


class FileDigest(Model):
    """A file that the stages could read."""

    path: Text
    """From the design's folder."""
    sha256: Sha256
    """The digest of its bytes."""


class DryRun(Model):
    """What an executed dry run of a stage contract found."""

    kind: Literal["dry-run"]
    """Which kind of record this is."""
    title: Text | None = None
    """The title of its page."""
    design: Text
    """The design whose contract was run."""
    contract_sha256: Sha256
    """The digest of what the contract promises; wording does not count."""
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")] | None = None
    """The commit that was checked out."""
    date: Day
    """The day of the run."""
    result: Literal["passed", "failed"]
    """Whether every branch ended as the contract promises, every repeat claim held and every probe agreed."""
    tool: Text | None = None
    """Which Gatepost ran it, for instance `gatepost 0.4.0`."""
    platform: Text | None = None
    """The interpreter and the system, for instance `Python 3.11.9, Linux x86_64`."""
    simulated: Whole | None = None
    """How many branches with one fault, or with a rollback that fails, the contract has."""
    executed: Whole | None = None
    """How many of them were run."""
    agreeing: Whole | None = None
    """How many probes agree with the contract."""
    refusing: Whole | None = None
    """How many times a stage refused that had to, since what it reads was not there."""
    repeating: Whole | None = None
    """How many artifacts were the same in two runs, as their stages claim."""
    files: tuple[FileDigest, ...] = ()
    """The pipeline's files as they were run."""
    clean_runs: tuple[CleanRun, ...] = ()
    """The runs without a fault."""
    repeated: tuple[Repeated, ...] = ()
    """What the clean runs made of each artifact."""
    metrics: dict[str, float] = {}
    """What the first clean run measured, for each metric that a gate or a monitor compares.

    Where a later stage read another value under the same name, that is kept as `STAGE.NAME`.
    """
    branches: Annotated[tuple[DryRunBranch, ...], Field(min_length=1)]
    """The branches that were run."""
    probes: tuple[Probe, ...] = ()
    """The values at which the documented conditions were tried."""
    refusals: tuple[Refusal, ...] = ()
    """What gates, monitors and approvals answered when what they read was not there."""
    not_executed: tuple[NotExecuted, ...] = ()
    """The simulated branches that were not run, and why."""
    not_probed: tuple[NotProbed, ...] = ()
    """The documented conditions that were not tried, and why."""
    without_command: tuple[Text, ...] = ()
    """The actions of handlers that the contract names no command for, so that nothing was run for them."""
    silent: tuple[Silent, ...] = ()
    """The actions that ended well and did nothing that can be seen."""
    notes: tuple[Text, ...] = ()
    """What else a person should know, in sentences: above all what was run and proves less than it may seem to."""

    def metric(self, stage: str, key: str) -> float | None:
        """Give a metric as a stage compared it; None when it is not known."""
        return self.metrics.get(f"{stage}.{key}", self.metrics.get(key))


def is_part_of_a_run(name: str) -> bool:
    """Tell whether a file of the folder that the stages run in counts as read: no record, and no evidence.

    Args:
        name: its path within that folder, with slashes.
    """
    return not name.endswith(".md") and not name.startswith("evidence/")

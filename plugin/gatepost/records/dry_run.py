"""The record of an executed dry run, as evidence cites it."""

from typing import Annotated, Literal

from pydantic import Field

from gatepost.records.base import Day, Model, Text, Truth

__all__ = ["DryRun", "DryRunBranch"]


class DryRunBranch(Model):
    """One branch that was run: what was injected and how it ended."""

    branch: Text
    """The path through the stages, or the stage and the fault that was injected."""
    outcome: Text
    """The terminal state that was reached."""
    passed: Truth
    """Whether that is the state that the contract promises."""


class DryRun(Model):
    """What an executed dry run of a stage contract found."""

    kind: Literal["dry-run"]
    """Which kind of record this is."""
    design: Text
    """The design whose contract was run."""
    contract_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the contract that was run."""
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")] | None = None
    """The commit that was checked out."""
    date: Day
    """The day of the run."""
    result: Literal["passed", "failed"]
    """Whether every branch ended as the contract promises."""
    branches: Annotated[tuple[DryRunBranch, ...], Field(min_length=1)]
    """The branches that were run."""

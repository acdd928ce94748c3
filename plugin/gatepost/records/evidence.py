"""What a decision rests on."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gatepost.records.base import Day, Model, Text, no_truth

__all__ = ["Evidence", "EvidenceKind", "FileDigest"]

EvidenceKind = Literal[
    "benchmark",
    "load-test",
    "experiment",
    "dry-run",
    "incident",
    "paper",
    "vendor-doc",
    "commit",
    "url",
    "expert-judgement",
]

FileDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest, 64 lower-case hexadecimal digits."""


class Evidence(Model):
    """One thing that speaks for an option, and where a reader can see it.

    At most one of `path`, `url`, `commit` and `run` names the thing itself; with none of them the
    entry is an assertion.
    """

    kind: EvidenceKind
    """What it is: benchmark, load-test, experiment, dry-run, incident, paper, vendor-doc, commit, url, expert-
    judgement.
    """
    claim: Text
    """What it shows, in one sentence."""
    path: Text | None = None
    """A file of the repository, relative to the design's folder or to the repository root."""
    sha256: FileDigest | None = None
    """SHA-256 of the file's bytes; when given, the file must still have it."""
    pointer: Annotated[str, Field(pattern=r"^/")] | None = None
    """JSON Pointer (RFC 6901) to the number in the file that the claim quotes, for instance `/auc`."""
    value: Annotated[Decimal, no_truth] | None = None
    """The number as the claim quotes it; the file's number must round to it."""
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")] | None = None
    """A page outside the repository. It is only claimed: nothing is fetched."""
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")] | None = None
    """A commit of this repository."""
    run: Text | None = None
    """The id of a run in an experiment tracker. It is only claimed."""
    date: Day | None = None
    """The day on which it was obtained; the policy may limit its age."""
    supports: Text | None = None
    """The name of the option that it speaks for; the chosen one when left out."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len([1 for place in (self.path, self.url, self.commit, self.run) if place]) > 1:
            raise PydanticCustomError("evidence_place", "give one of path, url, commit or run, not several")
        if (self.pointer is None) != (self.value is None):
            raise PydanticCustomError("evidence_number", "pointer and value go together")
        if self.path is None and (self.sha256 or self.pointer):
            raise PydanticCustomError("evidence_file", "sha256 and pointer need the path of a file")
        return self

    @property
    def place(self) -> str:
        """Where it can be seen, as the author named it; empty for an assertion."""
        return self.path or self.url or self.commit or self.run or ""

"""What a real pipeline definition says, whatever tool it is written for: stages, edges, and what stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.records.pipeline import Source

if TYPE_CHECKING:
    from gatepost.definitions.github_runs import Runs

__all__ = [
    "ENDLESS",
    "Answer",
    "Called",
    "Definition",
    "DefinitionError",
    "Gap",
    "PathsBelow",
    "ReadFile",
    "Reader",
    "RealEdge",
    "RealStage",
    "Script",
    "Step",
    "Upload",
]

ENDLESS: Final = -1
"""What stands for the number of retries where a stage is tried again until it succeeds."""
ReadFile = Callable[[str], bytes | None]
"""Gives another file of the repository by its path from the root; None when it is not there or may not be read."""
PathsBelow = Callable[[str], tuple[str, ...] | None]
"""Gives the files below a folder that git tracks, by path from the root, in order; None when git cannot say."""


@dataclass(frozen=True, slots=True)
class Script:
    """Commands that one shell runs, as it reads them."""

    text: str
    stops: bool | None = None
    """Whether the shell ends at the first failure (`-e`); None where that is not known."""
    pipefail: bool | None = None
    """Whether a pipe fails when any part of it does; None where that is not known."""
    condition: str | None = None
    """When it runs at all, in the definition's own words."""
    is_shell: bool = True
    """Whether a shell reads it, and no other interpreter."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a job that runs commands, in its place among the others."""

    script: Script
    condition: str = ""
    """When it runs, in the words of the tool; empty where that is when all before it went well."""
    id: str = ""
    """What others call it, to ask what became of it."""
    tolerated: bool | None = False
    """Whether the job goes on as if it had succeeded when it fails; None where that is not known."""
    folder: str = ""
    """Where it runs, from the root of the repository, or the words that say so; empty where a reader does not tell."""
    known: tuple[tuple[str, str | bool], ...] = ()
    """What names of its condition stand for, as far as the definition says so."""
    timeout: float | None = None
    """How long it may run by itself, in seconds; None where that is not said, or not known."""


class Called(NamedTuple):
    """A function of Python that a stage runs in place of a command."""

    name: str
    """With its module, where that is another one: `churn.training.run`."""
    place: str
    """Where it is defined, or named: `dags/churn.py:12`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be run after a failure by a step, an `after_script` or a callback, or by a stage that is a program."""

    line: int
    command: str | None = None
    """What a shell runs."""
    words: frozenset[str] = frozenset()
    """The words that a program may put its commands together from."""
    commands: tuple[tuple[str, ...], ...] = ()
    """The commands, word by word, that a program surely runs; `python` stands for whichever runs it."""
    unseen: str | None = None
    """Why it may run something that is not seen here: `uses: org/notify@v1`."""
    only: bool = False
    """Whether it surely runs after a failure only, and never when all is well."""
    condition: str = ""
    """When it runs, in the words of the tool; empty where the tool has no such words."""
    whole: bool = False
    """Whether its commands are all that a program does."""


class Upload(NamedTuple):
    """Something that a job stores for other jobs of its run."""

    name: str
    """What they ask for."""
    path: str


@dataclass(frozen=True, slots=True)
class RealStage:
    """A stage as the real definition has it: a DVC stage, a job, a task, a step of a workflow."""

    name: str
    """What the tool calls it, made unique within the definition: `train@en`, `prepare.clean`."""
    path: str
    """The file that defines it, from the root of the repository."""
    line: int
    """Its line in that file, from 1."""
    command: str | None = None
    """What it runs, when the definition says so literally."""
    image: str | None = None
    """The container image that it runs in."""
    reads: tuple[str, ...] = ()
    """The files that it reads, as the definition names them, from the root of the repository where that is known."""
    writes: tuple[str, ...] = ()
    """The files that it writes, likewise."""
    parameters: tuple[str, ...] = ()
    """The names of the parameters that it depends on."""
    retries: int | None = None
    """How often it is tried again, `ENDLESS` for until it succeeds; None where nothing is said, or cannot be told."""
    timeout: float | None = None
    """How long it may run, in seconds; None where nothing is said, or cannot be told."""
    condition: str | None = None
    """When it runs at all, in the definition's own words: `if: github.ref == 'refs/heads/main'`."""
    waits_for: str | None = None
    """The person or the setting that it waits for: `environment: production`, `when: manual`, `suspend`."""
    variants: tuple[str, ...] = ()
    """The forms that it runs in, where the definition lists them: `3.11, ubuntu`; one stage stands for them all."""
    tolerated: tuple[str, ...] = ()
    """Those of its commands that may fail without failing it, where others still can: `continue-on-error`."""
    asked: tuple[str, ...] = ()
    """Those of its commands that may fail, and whose outcome a later step asks for: `if: steps.gate.outcome == …`."""
    hidden: str | None = None
    """Why its inside is not known here: `reusable workflow org/repo/.github/workflows/x.yml@main`."""
    scripts: tuple[Script, ...] = ()
    """Its commands as shells run them, but for the tolerated; none where a reader cannot tell how `command` is run."""
    never: str | None = None
    """Why it never runs, in the definition's own words: `rules: when: never`."""
    answers: tuple[Answer, ...] = ()
    """What is run when it has failed, beside other stages."""
    program: Answer | None = None
    """What it may run as a program that is no shell: a function of the definition itself."""
    unseen: str | None = None
    """What it runs beside its commands and is not seen here: `uses: org/notify@v1`."""
    is_told: bool = False
    """Whether what failed is handed to it, so that one command may give each failure its own answer."""
    steps: tuple[Step, ...] = ()
    """All that it runs, step by step, where its tool has steps with conditions of their own."""
    forgiven: str | None = None
    """Why it counts as successful though it has failed, in the definition's own words: `continue-on-error: true`."""
    rejects_by: str | None = None
    """By which words it is skipped, which is no failure, where it rejects: `ShortCircuitOperator`."""
    always: bool = False
    """Whether its condition leaves it out of no run: it only says how it runs."""
    work: tuple[str, ...] | None = None
    """What it runs when all is well and may not fail, a text for each step; None where a reader does not tell."""
    folders: tuple[str, ...] = ()
    """Where it runs that, from the root of the repository, each once; none where a reader does not tell."""
    target: str | None = None
    """The environment that it names as the one it deploys to."""
    targets: tuple[str, ...] = ()
    """The environments that its variants deploy to, each once, where their values name them."""
    doubt: str | None = None
    """Why it may end well whatever it finds, though its text names what it runs: its function raises nothing."""
    idle: str | None = None
    """Why it does nothing at all: `EmptyOperator`."""
    cancels: str | None = None
    """By which words a newer run may cancel it while it runs: `interruptible: true`."""
    forms: tuple[str, ...] = ()
    """`command` in each of its variants, where their values stand in it."""
    skips: str | None = None
    """How it may leave itself out in place of failing, in the definition's own words: `skip_on_exit_code: 10`."""
    resumes: str | None = None
    """After which time it goes on by itself where it seems to wait for somebody: `1d`."""
    run_limit: float | None = None
    """How long the whole run may take that it is part of, in seconds; None where nothing is said, or cannot be told."""
    function: Called | None = None
    """The function of Python that it runs, whose name is its `command`, if it has any; None for what runs a command."""
    holds: tuple[tuple[str, str], ...] = ()
    """What files that it writes hold, where the definition says so: each path with `metrics`, `model` or another."""
    uploads: tuple[Upload, ...] = ()
    """What it stores for other jobs."""
    downloads: tuple[str, ...] = ()
    """The names, or patterns of names, of what it fetches that others have stored."""
    is_handed_all: bool = False
    """Whether it is handed the files of every job before it, without asking for them."""
    actions: tuple[str, ...] = ()
    """The actions of others that it uses, beside those that only set up and store."""
    listed: frozenset[str] = frozenset({"reads", "writes"})
    """Which of `reads` and `writes` name all of its files, where its tool names any."""
    doings: tuple[Step, ...] = ()
    """Its steps with such actions among them, each as `uses: org/deploy@v1`; none where it uses none."""


@dataclass(frozen=True, slots=True)
class RealEdge:
    """One stage waits for another."""

    before: str
    after: str
    via: str = ""
    """The file or the parameter that is handed over; empty for order alone."""
    weakened: str | None = None
    """The words of the definition that let `after` run though `before` has failed: `if: always()`."""
    line: int = 0
    """Where the definition says so; 0 when it follows from two places."""
    tolerated: bool = False
    """Whether these words are about `before` alone, whose own failure counts as success: `allow_failure: true`.

    What stands before it still stops both, which it does not where `after` runs whatever happened.
    """
    direct: bool = False
    """Whether `after` answers a failure of `before` itself only, not of what stands before that."""
    required: bool = False
    """Whether the tool runs nothing at all where `after` is part of a run and `before` is not."""
    skipped: str | None = None
    """The words that let `after` run though `before` was left out; a failure of `before` still stops it."""
    is_open: bool = False
    """Whether the words may let `after` run, and their text does not tell."""
    only_cancelled: bool = False
    """Whether they let `after` run where `before` was cancelled, and not where it has failed by itself."""

    @property
    def lets_all_through(self) -> bool:
        """Whether `after` runs whatever happened to `before`, for instance that it was left out."""
        return bool(self.weakened) and not self.tolerated


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the text alone does not tell; it is reported as unknown, never guessed."""

    message: str
    path: str
    line: int
    touches: tuple[str, ...] | None = None
    """The stages of which it alone leaves something open that is compared; None where that may be any."""
    spares: tuple[str, ...] = ()
    """Where that may be any: the stages that are sure to wait for what they say themselves, and for nothing else."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A real pipeline definition."""

    tool: str
    """The `kind` of the contract's `source`."""
    path: str
    stages: tuple[RealStage, ...]
    """In the order of the file."""
    edges: tuple[RealEdge, ...]
    gaps: tuple[Gap, ...] = ()
    files: tuple[str, ...] = ()
    """Every file that was read for it, from the root of the repository."""
    runs: Runs | None = field(default=None, compare=False, repr=False)
    """What runs where a job has come to some end, for GitHub Actions: its conditions ask for more than edges tell."""

    def stage(self, name: str) -> RealStage | None:
        """Give the stage with a name, or None."""
        return next((one for one in self.stages if one.name == name), None)


class DefinitionError(Exception):
    """A definition that cannot be read at all: what is wrong, where, and how to mend it."""

    def __init__(self, message: str, hint: str, path: str, line: int = 1) -> None:
        super().__init__(message)
        self.hint = hint
        self.path = path
        self.line = line


Reader = Callable[[Source, str, bytes, ReadFile], Definition]
"""Reads one definition: what the contract says about it, its path from the root, its bytes, and a way to other files.

Raises `DefinitionError`. Nothing that it reads is executed or imported.
"""

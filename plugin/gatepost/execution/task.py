"""A piece of work that can be done anywhere: a folder, steps in it, and what is looked at before and after."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

from gatepost.execution.command import Ended, environment, run_command
from gatepost.execution.facts import Facts, facts_of
from gatepost.execution.folder import OutsideError, Packed, digest, inside, put_instead, unpack
from gatepost.execution.metrics import MetricsError, with_metric
from gatepost.execution.strays import end_strays
from gatepost.execution.traces import marks_of

__all__ = ["Report", "Setting", "Step", "Task", "perform"]

_SLEEPER: Final = (sys.executable, "-c", "import time; time.sleep(600)")
_BRIEF: Final = 0.05
"""How long a command that is made to run out of time may take, in seconds."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every command of a run sees."""

    hash_seed: str
    time_zone: str
    passed: tuple[tuple[str, str], ...] = ()
    """More variables of the caller's environment."""
    release: str = "1"
    """GATEPOST_RUN: which release this is, the same for each attempt, as an orchestrator's run id is."""
    run: str = ""
    """The dry run that commands belong to, so that they can be ended together."""

    def environment(self, home: Path, told: tuple[tuple[str, str], ...]) -> dict[str, str]:
        """Give the environment of a command.

        Args:
            home: the folder for what is temporary.
            told: what this command is told.
        """
        more = {**dict(self.passed), **dict(told), "GATEPOST_RUN": self.release}
        return environment(home, hash_seed=self.hash_seed, time_zone=self.time_zone, more=more)


@dataclass(frozen=True, slots=True)
class Step:
    """One command, or what is put in its place."""

    name: str
    """What it is called in a report: the stage, `rollback of canary`, `page`."""
    words: tuple[str, ...] = ()
    """The command; nothing runs when there is none."""
    seconds: float = 60.0
    """How long it may take."""
    forced: int | None = None
    """The exit code that it ends with, whatever it does itself."""
    expected: tuple[int, ...] | None = None
    """The exit codes of the command itself with which the work goes on; all when left out."""
    hangs: bool = False
    """Whether a command that never ends runs in its place until it is out of time."""
    metrics: tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...] = ()
    """What is written into JSON files before: for each path the metrics, None to take one away."""
    instead: tuple[tuple[str, bytes | None], ...] = ()
    """What stands at some paths then: these bytes, or nothing."""
    told: tuple[tuple[str, str], ...] = ()
    """Variables that this step sees."""
    tells: bool = False
    """Whether it is looked at whether it does anything: prints, or changes a file."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work on a folder of its own."""

    key: str
    packed: Packed
    """The folder as it is at the beginning."""
    setting: Setting
    steps: tuple[Step, ...]
    states: tuple[str, ...] = ()
    """The paths that are digested at the end."""
    rest: tuple[Step, ...] = ()
    """What is done after the steps, unless the folder then has the digest `same_as`."""
    same_as: str | None = None
    taken_apart: bool = False
    """Whether the pieces of the states are given, too."""
    put_away: tuple[str, ...] = ()
    """The paths of which one at least should be gone or changed at the end."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it."""

    key: str
    ended: tuple[tuple[str, Ended], ...]
    """For each step that was done: its name and how its command ended."""
    missed: str = ""
    """The first step that did not end as expected, and how it ended; empty when all did."""
    states: dict[str, str | None] = field(default_factory=dict)
    """The digests at the end."""
    facts: dict[str, Facts] = field(default_factory=dict)
    """The pieces of each state, where the work asks for them."""
    rejected: int = 0
    """How many of the paths that are to be put away were there at the beginning."""
    left: tuple[str, ...] = ()
    """Those of them that are at the end as they were."""
    silent: tuple[str, ...] = ()
    """The steps that were looked at, ended with 0, and did nothing that can be seen."""
    rejoined: bool = False
    """Whether the folder was `same_as`, so that what follows is what followed then."""
    seconds: float = 0.0
    strays: tuple[str, ...] = ()
    """The programs that still ran at the end, outside the groups of their commands, and were ended."""


def perform(task: Task) -> Report:
    """Do the work in a temporary folder, which is removed afterwards with all that still runs in it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gatepost-") as home:
        found = Report(task.key, ())
        try:
            found = _done(task, Path(home) / "run")
        finally:
            strays = end_strays(Path(home))
    return replace(found, strays=strays, seconds=time.monotonic() - began)


def _done(task: Task, folder: Path) -> Report:
    done: list[_Done] = []
    missed = ""
    try:
        unpack(task.packed, folder)
        rejected = {path: found for path in task.put_away if (found := digest(inside(folder, path)))}
        missed = _all(task, task.steps, folder, done)
        rejoined = not missed and bool(task.rest) and digest(folder) == task.same_as
        if not missed and not rejoined:
            missed = _all(task, task.rest, folder, done)
        left = tuple(path for path, was in rejected.items() if digest(inside(folder, path)) == was)
        states = {path: digest(inside(folder, path)) for path in task.states}
        apart = task.states if task.taken_apart and not missed and not rejoined else ()
        facts = {path: facts_of(inside(folder, path)) for path in apart}
    except (OutsideError, MetricsError) as error:
        return Report(task.key, _ended(done), missed or str(error))
    silent = tuple(one.name for one in done if one.silent)
    return Report(task.key, _ended(done), missed, states, facts, len(rejected), left, silent, rejoined=rejoined)


class _Done(NamedTuple):
    """A step that was done."""

    name: str
    own: Ended
    """How its own command ended."""
    shown: Ended
    """How it ended to whoever looks from outside."""
    silent: bool


def _ended(done: list[_Done]) -> tuple[tuple[str, Ended], ...]:
    return tuple((one.name, one.shown) for one in done)


def _all(task: Task, steps: tuple[Step, ...], folder: Path, done: list[_Done]) -> str:
    for step in steps:
        one = _one(task, step, folder)
        done.append(one)
        if step.expected is not None and one.own.code not in step.expected:
            wanted = " or ".join(str(code) for code in step.expected)
            last = one.own.said.splitlines()[-1:] or [""]
            return f"{step.name} exits {one.own.code}, not {wanted}{': ' if last[0] else ''}{last[0][:200]}"
    return ""


def _one(task: Task, step: Step, folder: Path) -> _Done:
    """Do one step."""
    for path, values in step.metrics:
        with_metric(inside(folder, path), dict(values))
    for path, content in step.instead:
        put_instead(inside(folder, path), content)
    env = task.setting.environment(folder.parent, step.told)
    before = marks_of(folder.parent) if step.tells else None
    own = Ended(0, 0.0, "")
    if step.words:
        own = run_command(step.words, folder, env, step.seconds, task.setting.run)
    silent = before is not None and not own.code and not own.said and marks_of(folder.parent) == before
    if step.hangs:
        return _Done(step.name, own, run_command(_SLEEPER, folder, env, _BRIEF, task.setting.run), silent)
    return _Done(step.name, own, own if step.forced is None else own._replace(code=step.forced), silent)

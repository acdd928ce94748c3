"""One release without a fault: every stage in order, with the folder kept before each, for branches to start there."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gatepost.execution.command import Ended, run_command
from gatepost.execution.facts import Facts, facts_of
from gatepost.execution.folder import OutsideError, Packed, TooLargeError, digest, inside, pack
from gatepost.execution.leftovers import Leftovers
from gatepost.execution.metrics import is_whole
from gatepost.execution.others import Others
from gatepost.execution.setup import CannotRunError, Orders
from gatepost.execution.task import Setting
from gatepost.pipeline import Promise
from gatepost.records.pipeline import EXECUTABLE_KINDS

__all__ = ["Release", "outcome_of", "run_release"]

_OUTCOMES: Final = {
    0: "ok",
    10: "rejects",
    11: "is inconclusive",
    75: "meets an infrastructure error",
    124: "runs out of time",
    127: "cannot be started",
}
_FIRST: Final = "1"
"""The release that begins in a checkout; later ones find what it has left."""
_UNSEEN: Final = (
    "{stage} succeeds and leaves {path} as it was, so a dry run cannot see what is served: let {stage} write the value "
    "of GATEPOST_RUN into it, another one for each release, or let `state` name the file that a release changes"
)


def outcome_of(code: int) -> str:
    """Give what an exit code means, as a verb."""
    return _OUTCOMES.get(code, f"crashes with exit code {code}")


@dataclass(slots=True)
class Release:
    """A run of all stages."""

    start: dict[str, str | None]
    """What production was before: for each state its digest."""
    before: dict[str, Packed] = field(default_factory=dict)
    """The folder before each stage, packed."""
    after: dict[str, str | None] = field(default_factory=dict)
    """The digest of the folder after each stage."""
    states: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """What production was after each stage."""
    measured: dict[str, dict[str, float]] = field(default_factory=dict)
    """What each gate and each monitor compared."""
    whole: set[tuple[str, str]] = field(default_factory=set)
    """The metrics that were whole numbers, each with the gate or the monitor that compared it."""
    untouched: set[str] = field(default_factory=set)
    """The paths of outputs that were there before, and that their stage left alone and cannot do without."""
    took: dict[str, float] = field(default_factory=dict)
    """How long each command took, in seconds."""
    facts: dict[str, Facts] = field(default_factory=dict)
    """The pieces of each state at the end, when the release completed."""
    failure: str = ""
    """The first thing that went wrong; empty when the release completed."""
    said: str = ""
    """The last of what the failing command printed."""
    seconds: float = 0.0

    @property
    def metrics(self) -> dict[str, float]:
        """What all of them compared; where a stage found another value than one before it, as `STAGE.NAME`."""
        found: dict[str, float] = {}
        for stage, values in self.measured.items():
            for key, value in values.items():
                found[key if found.get(key, value) == value else f"{stage}.{key}"] = value
        return found

    @property
    def end(self) -> dict[str, str | None]:
        """What production is at the end."""
        return next(reversed(self.states.values()), self.start)


def run_release(  # noqa: PLR0913 - where, how, until when, and what is kept of it
    orders: Orders, folder: Path, setting: Setting, *, keep: bool, until: float, passed: Callable[[str], None]
) -> Release:
    """Run all stages in a folder, one after the other, until one does not succeed.

    Args:
        orders: what is run.
        folder: where; it is left as the stages leave it.
        setting: what the commands see.
        keep: whether the folder is kept before each stage.
        until: the monotonic time at which it must be done.
        passed: called with each stage that has succeeded.

    Raises:
        CannotRunError: time was up, or the folder is too large to be kept.
    """
    began, known = time.monotonic(), dict[bytes, bytes]()
    release = Release(_served(folder, dict.fromkeys(orders.states.values())))
    for name in orders.order:
        if keep:
            release.before[name] = _kept(folder, known)
        try:
            release.failure = _stage(orders, orders.contract.promises[name], folder, (setting, until), release)
        except OutsideError as error:
            release.failure = f"{name}: {error}"
        if release.failure:
            break
        if keep:
            release.after[name] = digest(folder)
        passed(name)
    if not release.failure:
        release.facts = {path: facts_of(inside(folder, path)) for path in release.start}
    release.seconds = time.monotonic() - began
    return release


def _served(folder: Path, paths: Iterable[str]) -> dict[str, str | None]:
    try:
        return {path: digest(inside(folder, path)) for path in paths}
    except OutsideError as error:
        raise CannotRunError(str(error)) from error


def _kept(folder: Path, known: dict[bytes, bytes]) -> Packed:
    try:
        return pack(folder, known)
    except TooLargeError as error:
        raise CannotRunError(str(error)) from error


def _stage(orders: Orders, promise: Promise, folder: Path, how: tuple[Setting, float], release: Release) -> str:
    """Run one stage, and give what is wrong with it; empty when nothing is."""
    name, was = promise.name, release.end
    leftovers = Leftovers(_made(orders, promise, folder) if how[0].release == _FIRST else ())
    others = Others(orders, promise, folder)
    ended = _ended(orders, promise, folder, *how)
    release.said, release.took[name] = ended.said, ended.seconds
    if ended.code:
        return f"{name} {outcome_of(ended.code)} without a fault being injected"
    remade = leftovers.remade(folder.parent, lambda: _ended(orders, promise, folder, *how).code)
    release.untouched.update(path.relative_to(folder).as_posix() for path in remade.needed)
    if remade.never:
        path = remade.never[0].relative_to(folder).as_posix()
        return f"{name} succeeds and does not write {path}: what lies there was there before"
    if promise.kind in {"gate", "monitor"}:
        failed = _judge(orders, promise, folder, release)
        if failed:
            return failed
    release.states[name] = {path: digest(inside(folder, path)) for path in release.start}
    return _unwritten(orders, promise, folder) or _early(orders, promise, was, release.states[name]) or others.changed()


def _ended(orders: Orders, promise: Promise, folder: Path, setting: Setting, until: float) -> Ended:
    words = orders.commands.get(promise.name)
    if words is None:
        return Ended(0, 0.0, "")
    env = setting.environment(folder.parent, orders.told(promise))
    left = max(until - time.monotonic(), 0.0)
    ended = run_command(words, folder, env, min(orders.seconds(promise), left), setting.run)
    if time.monotonic() >= until:
        message = f"time is up in a run without a fault, at {promise.name}: allow more with --limit"
        raise CannotRunError(message)
    return ended


def _judge(orders: Orders, judge: Promise, folder: Path, release: Release) -> str:
    """Look at what a gate or a monitor compares: one without a command is judged here, one with must agree."""
    is_gate, by_command = judge.kind == "gate", judge.name in orders.commands
    measured = release.measured.setdefault(judge.name, {})
    for condition in orders.watches(judge):
        value, reference = orders.measured(folder, judge, condition)
        for key, found in ((condition.key, value), (condition.reference, reference)):
            if key and not math.isnan(found):
                measured[key] = found
        path = orders.file_of(judge, condition.key)
        if path is not None and is_whole(inside(folder, path), condition.key):
            release.whole.add((judge.name, condition.key))
        if path is None and (by_command or not is_gate):
            continue
        said = "lets it pass" if by_command else "rejects the clean run"
        missing = condition.key if math.isnan(value) else condition.reference if math.isnan(reference) else None
        if missing and not (by_command and missing == condition.reference):
            return f"{judge.name} {said}: {path or 'no JSON file that it reads'} holds {'no ' * bool(path)}{missing}"
        if missing or condition.holds(value, reference) is is_gate:
            continue
        asked = "is asked for" if is_gate else "calls for a rollback"
        return f"{judge.name} {said}: {condition.key} is {value:g}, and {condition} {asked}"
    return ""


def _made(orders: Orders, promise: Promise, folder: Path) -> Iterator[Path]:
    """Give where a stage that computes writes; none where it may not run twice."""
    if promise.kind in EXECUTABLE_KINDS and promise.idempotent and promise.name in orders.commands:
        yield from (inside(folder, path) for artifact in promise.stage.out if (path := orders.path_of(artifact)))


def _unwritten(orders: Orders, promise: Promise, folder: Path) -> str:
    for artifact in promise.stage.out:
        path = orders.path_of(artifact)
        if path is None or promise.name not in orders.commands:
            continue
        try:
            found = inside(folder, path)
        except OutsideError as error:
            return f"{promise.name} writes {artifact}: {error}"
        if not found.exists():
            return f"{promise.name} succeeds and does not write {artifact} ({path})"
    return ""


def _early(orders: Orders, promise: Promise, was: dict[str, str | None], now: dict[str, str | None]) -> str:
    """Find a stage that changes production and is no promotion to it, and a promotion that changes nothing."""
    own = orders.states.get(promise.name)
    for path, before in was.items():
        if now[path] != before and path != own:
            return f"{promise.name} changes production ({path}), and it is no promotion to it"
    if own is not None and promise.name in orders.commands and now[own] == was[own]:
        return _UNSEEN.format(stage=promise.name, path=own)
    return ""

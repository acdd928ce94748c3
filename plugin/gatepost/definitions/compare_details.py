"""What the stages that both sides have say differently: commands, outputs, inputs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.commands import runs, shortened
from gatepost.definitions.compare_commands import SHOWN, command, filled_in, other_command
from gatepost.definitions.compare_functions import is_same
from gatepost.definitions.compare_unheard import only_late, unheard
from gatepost.definitions.definition import RealStage
from gatepost.definitions.difference import Difference
from gatepost.definitions.failures import ONLY_FAILS, PRINTS, Failure, failure_of, never_fails
from gatepost.definitions.sides import GUARDS, Sides, differs
from gatepost.definitions.verdicts import is_read_later
from gatepost.pipeline import Promise

__all__ = ["details"]

_NAMES_FILES: Final = frozenset({"dvc", "snapshot"})
"""The tools whose definitions name every file that a stage writes and reads; a snapshot, where it lists them at all."""
_NO_COMMAND: Final = "its text shows no command"


def details(sides: Sides, leaking: frozenset[str]) -> Iterator[Difference]:
    """Compare each stage with the real one that stands for it; families of stages are not compared in detail.

    Args:
        sides: the contract and the definition.
        leaking: the stages of which it is told that their failure stops nothing; that their command hides it is why.
    """
    for name, promise in sides.contract.promises.items():
        found = [sides.mapping.stage(real) for real in sides.reals(name)]
        failing = _failing(sides, promise, found) if promise.kind in GUARDS else None
        if failing is not None and not (name in leaking and failing.id == "guard-cannot-fail"):
            yield failing
        if sides.mapping.is_elsewhere(name):
            continue
        yield from _among_many(sides, promise, found) if len(found) > 1 else ()
        if name not in leaking and promise.kind not in GUARDS:
            yield from unheard(sides, promise)
        if len(found) != 1 or found[0].hidden:
            continue
        filled = filled_in(sides, promise, found[0]) if found[0].function is None else None
        if filled is not None:
            yield filled
        elif found[0].function is not None:
            pass  # compared with the others of its kind
        elif promise.kind not in GUARDS and not (name in leaking and never_fails(found[0])):
            yield from command(sides, promise, found[0])
        if sides.definition.tool in _NAMES_FILES:
            yield from _files(sides, promise, found[0])


def _among_many(sides: Sides, promise: Promise, reals: list[RealStage]) -> Iterator[Difference]:
    """Tell that none of several real stages, such as those of a group, runs the command of the contract."""
    ours = promise.stage.run
    if ours is None or sides.doing(promise.name):
        return
    name, shown = reals[0].name, shortened(ours, SHOWN)
    message = f"{promise.name} runs `{shown}` here, and none of {name} and {len(reals) - 1} more does in the definition"
    found = differs(promise, reals[0], "command-differs", "run", message)
    is_open = any(one.hidden or one.unseen or not one.command or one.function for one in reals)
    yield found._replace(weight="unknown") if is_open else found


def _failing(sides: Sides, promise: Promise, reals: list[RealStage]) -> Difference | None:
    """Tell that the failure of a gate or an approval stays within its stage, or may, or that it is not run there.

    A person who is waited for is no command: what the stage runs beside does not decide.
    """
    ours = promise.stage.run
    if promise.kind == "approval" and ours is None:
        return None
    alone = len(reals) == 1
    functions = [_of_function(promise, real, ours) for real in reals if real.function is not None and ours is not None]
    others = (_of_failure(sides, promise, real, alone=alone) for real in reals if real.function is None or ours is None)
    told = [found for found in (*functions, *others) if found is not None]
    return min(told, key=lambda one: one.weight != "differs", default=None)


def _of_failure(sides: Sides, promise: Promise, real: RealStage, *, alone: bool) -> Difference | None:
    ours, what = promise.stage.run, f"the {promise.kind} {promise.name}"
    if (tolerated := _of_tolerated(sides, promise, real)) is not None:
        return tolerated
    if late := only_late(ours, real):
        return _cannot_fail(promise, real, f"{what} runs only after a failure ({late})")
    failure = _failure(sides, promise, real)
    if failure is None or (failure.why == _NO_COMMAND and (not alone or real.never)):
        return None
    match failure.fate:
        case "hidden" if sides.hands_over(real.name) or is_read_later(real, ours):
            return _handed_over(promise, real)
        case "hidden":
            shown = f"`{shortened(real.command, SHOWN)}`" if real.command else ""
            why = ": ".join(one for one in (shown, failure.why) if one)
            return _cannot_fail(promise, real, f"{what} cannot fail: {why}")
        case "never":
            return _cannot_fail(promise, real, f"{what} never runs its command: `{shortened(real.command, SHOWN)}`")
        case "open":
            message = f"a failure of {what} ends the stage {real.name}: {failure.why}"
            return _cannot_fail(promise, real, message)._replace(weight="unknown")
        case "absent" if failure.why == ONLY_FAILS:
            message = f"{what} is not written in the definition: it only runs `{shortened(real.command, SHOWN)}`"
            hint = "let it evaluate its conditions, and fail where one does not hold"
            at, value = ("stages", promise.name), promise.name
            return Difference("stage-missing", message, hint, at, value, real.path, real.line, "differs")
        case "absent" if alone:
            return other_command(promise, real)
        case _:
            return None


def _of_function(promise: Promise, real: RealStage, ours: str) -> Difference | None:
    """Tell that the function of a gate may end well whatever it finds; what else is open of it is told elsewhere."""
    if is_same(real, ours) != "same" or not real.doubt:
        return None
    message = f"a failure of the {promise.kind} {promise.name} ends the stage {real.name}: {real.doubt}"
    return _cannot_fail(promise, real, message)._replace(weight="unknown")


def _failure(sides: Sides, promise: Promise, real: RealStage) -> Failure | None:
    """Tell what becomes of a failure of a gate; None where that is the answer of a person, or not seen at all."""
    ours = promise.stage.run
    if real.idle:
        return Failure("hidden", f"{real.idle} does nothing")
    failure = failure_of(real, ours, sides.scripts)
    is_by_people = ours is None and bool(real.waits_for)
    if failure is None and real.function is not None:
        return Failure("open", real.doubt) if real.doubt else None
    if failure is None:
        return None if real.hidden or (real.waits_for and ours is None) else Failure("open", _NO_COMMAND)
    if is_by_people and failure.why == PRINTS:
        return None
    if ours is None and failure.fate == "stops" and real.doubt:
        return Failure("open", real.doubt)
    return failure


def _of_tolerated(sides: Sides, promise: Promise, real: RealStage) -> Difference | None:
    """Tell that the step of a gate may fail, and who asks for its outcome."""
    ours = promise.stage.run
    if any(ours is None or runs(one, ours) for one in real.asked):
        return _handed_over(promise, real)
    if ours is None or not any(runs(one, ours) for one in real.tolerated):
        return None
    if sides.hands_over(real.name):
        return _handed_over(promise, real)
    what = f"the {promise.kind} {promise.name}"
    return _cannot_fail(promise, real, f"{what} cannot fail: its step may fail (continue-on-error)")


def _handed_over(promise: Promise, real: RealStage) -> Difference:
    """Tell that a gate does not fail, and something later asks what it has said."""
    what = f"the {promise.kind} {promise.name} does not end {real.name} by its exit code"
    message = f"{what}: something later reads its verdict, and what that does is not followed"
    return _cannot_fail(promise, real, message)._replace(weight="unknown")


def _cannot_fail(promise: Promise, real: RealStage, message: str) -> Difference:
    hint = "let the exit code of the gate end the stage"
    at, value = ("stages", promise.name), f"{promise.name} run"
    return Difference(
        "guard-cannot-fail", f"in the definition {message}", hint, at, value, real.path, real.line, "differs"
    )


def _files(sides: Sides, promise: Promise, real: RealStage) -> Iterator[Difference]:
    known, stage = sides.contract.record.artifacts, promise.stage
    folder = sides.contract.record.workdir or sides.folder
    paths = {
        artifact: _seen_from(folder, str(known[artifact].path))
        for artifact in (*stage.in_, *stage.out)
        if artifact in known and known[artifact].path
    }
    for artifact in stage.out if "writes" in real.listed else ():
        if artifact in paths and not _touches(real.writes, paths[artifact]):
            message = f"{promise.name} writes {artifact} ({known[artifact].path}) here, and not in the definition"
            yield differs(promise, real, "output-missing", "out", message)
    for artifact in stage.in_ if "reads" in real.listed else ():
        if artifact in paths and not _touches(real.reads, paths[artifact]):
            message = f"{promise.name} reads {artifact} ({known[artifact].path}) here, and not in the definition"
            yield differs(promise, real, "input-missing", "in", message)
    written = tuple(paths[artifact] for artifact in stage.out if artifact in paths)
    for path in real.writes:
        if not _touches(written, path) and not _is_mark(real, path):
            message = f"{promise.name} writes {path} in the definition, which is no artifact of it here"
            yield differs(promise, real, "output-undocumented", "out", message)._replace(hint="add it to `out:`")


def _is_mark(real: RealStage, path: str) -> bool:
    """Tell whether a stage writes a file for order alone: what comes after it waits for it, and it holds nothing."""
    name = re.escape(path.rpartition("/")[2])
    texts = (one.text for one in real.scripts) if real.scripts else (real.command or "",)
    mark = re.compile(rf"(?m)(?:^|&&|;)\s*(?:touch|echo\s+\w+\s*>)\s*(?:\S*/)?{name}\s*\Z")
    return any(mark.search(text) for text in texts)


def _seen_from(folder: str, path: str) -> str:
    """Give a path from the root of the repository; an address elsewhere, `s3://bucket/x.csv`, stays what it is."""
    return path if "://" in path else posixpath.normpath(posixpath.join(folder, path))


def _touches(paths: tuple[str, ...], wanted: str) -> bool:
    """Tell whether one of some paths is a file or folder, holds it, or lies in it."""
    return any(wanted == path or wanted.startswith(f"{path}/") or path.startswith(f"{wanted}/") for path in paths)

"""What becomes of a real stage when the command that a contract names fails in it: whether the stage fails, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from gatepost.definitions.commands import shortened
from gatepost.definitions.definition import RealStage
from gatepost.definitions.followed import commands_of, followed, name_of, on_one_line, places, scripts_of, wanted_of
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.shell import (
    ANYWHERE,
    HARMLESS,
    NOT_RUN,
    Command,
    Fate,
)

__all__ = ["ONLY_FAILS", "PRINTS", "TOLERATED", "Failure", "failure_of", "is_beside", "never_fails"]

TOLERATED: Final = "continue-on-error: true on every step that runs a command"
"""Why a job of GitHub ends well whatever fails in its steps."""
_SETTING_UP: Final = HARMLESS | frozenset(
    (  # noqa: SIM905 - words read best as a text
        "set cd export declare local readonly source . trap shift unset umask pushd popd mkdir sleep date tee eval "
        "wait exit return break continue"
    ).split()
)
"""Commands that only prepare others, or come after them: a stage does not consist of them."""
_BESIDES: Final = _SETTING_UP | NOT_RUN | {"rm", "cp", "mv"}
"""Commands that no gate consists of."""
_SHOWN: Final = 60
"""How many characters of a command are told."""
PRINTS: Final = "it only prints"
ONLY_FAILS: Final = "it only ends badly"
_MIXED: Final = "which of its commands is the gate is not known, and the failure of some of them is lost"
_BEST: Final[tuple[Fate, ...]] = ("stops", "open", "hidden", "never")


class Failure(NamedTuple):
    """What becomes of a failure."""

    fate: Fate | Literal["absent"]
    """Absent where the stage does not run the command at all."""
    why: str
    """What cannot be followed, where it is open; which script hides it, where one does."""


def failure_of(stage: RealStage, ours: str | None, files: ScriptFiles | None = None) -> Failure | None:
    """Tell what becomes of a stage when a command fails in it; None for a stage of which no command is known.

    Args:
        stage: the real stage.
        ours: the command of the contract; None for a stage whose gate has none of its own: then any command counts.
        files: the scripts of the repository, to look into those that are the gate.
    """
    scripts = scripts_of(stage)
    if not scripts:
        return None
    if not any(one.is_shell for one in scripts) and (
        ours is None or on_one_line(ours) == on_one_line(stage.command or "")
    ):
        return None
    found, unread = followed(stage, ours, files)
    wanted = wanted_of(ours, stage)
    own = [one for one in found if not one.is_call]
    at = places(own if wanted is not None else [one for one in _at_work(found) if not one.is_within], wanted)
    if not at and wanted is not None and len(wanted) == 1:
        at = places([one for one in found if one.is_call], wanted)
    if not at or (wanted is None and unread):
        unseen = next((one.unseen for one in found if one.unseen), "")
        why = f"how it is run is not followed: {unread}" if unread else unseen
        return Failure("open", why) if why else Failure("absent", "")
    if ours is None and all(_only_prints(one) for one in found):
        return (
            Failure("open", "what it runs beside printing is not seen") if stage.unseen else Failure("hidden", PRINTS)
        )
    is_asked = stage.condition or any(one.condition for one in scripts)
    if ours is None and not is_asked and all(_only_prints(one) or _leaves_badly(one) for one in found):
        return Failure("absent", ONLY_FAILS)
    return _told(at, files, next((one.condition for one in scripts if one.condition), None))


def _told(places: list[list[Command]], files: ScriptFiles | None, condition: str | None) -> Failure:
    """Tell what becomes of a failure of commands that a stage runs in some places: the best that any of them does."""
    fate = min(map(_fate_of, places), key=_BEST.index)
    lost = [_lost(one, files) for place in places for one in _work(place)] if files is not None else []
    if fate != "never" and lost and lost[0] and all(lost):
        return Failure("hidden", lost[0])
    only = f"a part of it runs only with `{condition}`" if condition else ""
    is_mixed = not any(one.fate == "open" for place in places for one in place)
    why = only or (_MIXED if is_mixed else "a branch or its shell decides whether it runs, or what follows")
    return Failure(fate, why if fate == "open" else "")


def _lost(one: Command, files: ScriptFiles) -> str | None:
    """Say why a command never fails; None where it may."""
    return files.never_fails(one.text) or (f"`{one.text}` ends well whatever fails in it" if one.ends_well else None)


def never_fails(stage: RealStage) -> str | None:
    """Say why a stage ends well whatever fails in it: its scripts hide each failure. None where one may get out."""
    found: list[Command] = []
    for script in scripts_of(stage):
        commands = commands_of(script, ANYWHERE)
        if isinstance(commands, str):
            return None
        if any(map(_leaves_badly, commands)):
            return None
        found += [one for one in _at_work(commands) if name_of(one.text) not in _SETTING_UP]
    is_hidden = any(one.fate == "hidden" for one in found) and all(one.fate in {"hidden", "never"} for one in found)
    return f"its command hides each failure: `{shortened(stage.command, _SHOWN)}`" if is_hidden else None


def is_beside(command: str) -> bool:
    """Tell whether no gate consists of a command: it prints, sets up, moves files."""
    return name_of(command) in _BESIDES


def _at_work(commands: Iterable[Command]) -> list[Command]:
    """Leave out the calls of functions whose own commands are there, too."""
    return [one for one in commands if not one.is_call or one.is_unsure]


def _leaves_badly(one: Command) -> bool:
    """Tell whether a command may end its script badly on purpose: `exit 1`."""
    words = one.text.split()
    return words[:1] == ["exit"] and words[1:] not in ([], ["0"]) and one.fate in {"stops", "open"}


def _only_prints(one: Command) -> bool:
    return name_of(one.text) in HARMLESS | {"cat", "set"} or one.text.split() == ["exit", "0"]


def _work(found: list[Command]) -> list[Command]:
    """Give the commands of which one may be the gate."""
    return [one for one in found if name_of(one.text) not in _BESIDES] or found


def _fate_of(found: list[Command]) -> Fate:
    """Give what becomes of a failure of some commands, of which one is the gate; nobody knows which.

    It is hidden only where each of them hides its own: a line beside the gate may well be tolerated.
    """
    work = _work(found)
    fates = {one.fate for one in work}
    if fates <= {"hidden", "never"} and any(map(_leaves_badly, found)):
        return "open"
    if len(fates) == 1:
        return work[0].fate
    return "hidden" if fates <= {"hidden", "never"} else "open"

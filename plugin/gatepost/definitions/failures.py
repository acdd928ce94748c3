"""What becomes of a real stage when the command that a contract names fails in it: whether the stage fails, too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from gatepost.definitions.commands import agree, runs, shortened
from gatepost.definitions.definition import RealStage, Script
from gatepost.definitions.github_conditions import only_after_failure
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.shell import HARMLESS, NOT_RUN, Command, Fate, ShellError, script_ends

__all__ = ["ONLY_FAILS", "PRINTS", "Failure", "failure_of", "is_beside", "never_fails"]

_SETTING_UP: Final = HARMLESS | frozenset(
    (  # noqa: SIM905 - words read best as a text
        "set cd export declare local readonly source . trap shift unset umask pushd popd mkdir sleep date tee eval "
        "wait exit return break continue"
    ).split()
)
"""Commands that only prepare others, or come after them: a stage does not consist of them."""
_BESIDES: Final = _SETTING_UP | NOT_RUN | {"rm", "cp", "mv"}
"""Commands that no gate consists of."""
_ASSIGNED: Final = re.compile(r"(?:[A-Za-z_]\w*\+?=\S*\s*)*")
_JOINING: Final = re.compile(r"[^\w \t./=:,@%+-]|(?:^|\s)(?:exec|exit|set|eval|sh|bash|trap)\b")
"""What a text must hold to be more than one plain command."""
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
    scripts = _scripts(stage)
    if not scripts:
        return None
    if not any(one.is_shell for one in scripts) and (ours is None or _plain(ours) == _plain(stage.command or "")):
        return None
    found: list[Command] = []
    unread = ""
    for script in scripts:
        if ours is None and only_after_failure((script.condition or "").removeprefix("if: ")):
            continue  # an answer to a failure is no part of what fails
        commands = _commands(script)
        if isinstance(commands, str):
            unread = unread or (commands if ours is None or runs(script.text, ours) else "")
        else:
            found += commands
    wanted = _wanted(ours, stage)
    own = [one for one in found if not one.is_call]
    places = _places(own if wanted is not None else _at_work(found), wanted)
    if not places and wanted is not None and len(wanted) == 1:
        places = _places([one for one in found if one.is_call], wanted)
    if not places or (wanted is None and unread):
        return Failure("open", f"how it is run is not followed: {unread}") if unread else Failure("absent", "")
    if ours is None and all(_only_prints(one) for one in found):
        return (
            Failure("open", "what it runs beside printing is not seen") if stage.unseen else Failure("hidden", PRINTS)
        )
    is_asked = stage.condition or any(one.condition for one in scripts)
    if ours is None and not is_asked and all(_only_prints(one) or _leaves_badly(one) for one in found):
        return Failure("absent", ONLY_FAILS)
    return _told(places, files, next((one.condition for one in scripts if one.condition), None))


def _told(places: list[list[Command]], files: ScriptFiles | None, condition: str | None) -> Failure:
    """Tell what becomes of a failure of commands that a stage runs in some places: the best that any of them does."""
    fate = min(map(_fate_of, places), key=_BEST.index)
    lost = [files.never_fails(one.text) for place in places for one in _work(place)] if files is not None else []
    if fate in {"stops", "open"} and lost and lost[0] and all(lost):
        return Failure("hidden", lost[0])
    only = f"a part of it runs only with `{condition}`" if condition else ""
    is_mixed = not any(one.fate == "open" for place in places for one in place)
    why = only or (_MIXED if is_mixed else "a branch or its shell decides whether it runs, or what follows")
    return Failure(fate, why if fate == "open" else "")


def never_fails(stage: RealStage) -> str | None:
    """Say why a stage ends well whatever fails in it: its scripts hide each failure. None where one may get out."""
    found: list[Command] = []
    for script in _scripts(stage):
        commands = _commands(script)
        if isinstance(commands, str):
            return None
        if any(map(_leaves_badly, commands)):
            return None
        found += [one for one in _at_work(commands) if _name(one.text) not in _SETTING_UP]
    is_hidden = any(one.fate == "hidden" for one in found) and all(one.fate in {"hidden", "never"} for one in found)
    return f"its command hides each failure: `{shortened(stage.command, _SHOWN)}`" if is_hidden else None


def is_beside(command: str) -> bool:
    """Tell whether no gate consists of a command: it prints, sets up, moves files."""
    return _name(command) in _BESIDES


def _at_work(commands: Iterable[Command]) -> list[Command]:
    """Leave out the calls of functions whose own commands are there, too."""
    return [one for one in commands if not one.is_call or one.is_unsure]


def _scripts(stage: RealStage) -> tuple[Script, ...]:
    return stage.scripts or ((Script(stage.command),) if stage.command else ())


def _places(found: list[Command], wanted: list[str] | None) -> list[list[Command]]:
    """Give each run of some commands that are those of the contract; all of them where it names none."""
    count = len(wanted) if wanted is not None else len(found)
    all_runs = [found[place : place + count] for place in range(len(found) - count + 1)] if found else []
    return [run for run in all_runs if wanted is None or _are(run, wanted)]


def _wanted(ours: str | None, stage: RealStage) -> list[str] | None:
    """Give the commands of the contract; None where all of the stage stand for them."""
    if ours is None or _plain(ours) == _plain(stage.command or ""):
        return None
    try:
        return [one.text for one in script_ends(ours, stops=True) if not one.is_call] or [_plain(ours)]
    except ShellError:
        return [_plain(ours)]


@lru_cache(maxsize=1024)
def _commands(script: Script) -> tuple[Command, ...] | str:
    """Give the commands of a script, or why it cannot be followed.

    Where it is not known how its shell treats a failure, what is sure of them is told.
    """
    if not script.is_shell:
        return "no plain shell reads it"
    if not _JOINING.search(script.text.strip()):
        return (Command(_plain(script.text), "open" if script.condition else "stops", is_swallowed=False),)
    try:
        ways = [
            script_ends(script.text, stops=stops, pipefail=pipefail)
            for stops in ((False, True) if script.stops is None else (script.stops,))
            for pipefail in ((False, True) if script.pipefail is None else (script.pipefail,))
        ]
    except ShellError as error:
        return str(error)
    return tuple(_agreed(script, same) for same in zip(*ways, strict=True))


def _agreed(script: Script, same: tuple[Command, ...]) -> Command:
    """Give one command of a script, of which each kind of shell may tell something else."""
    fate: Fate = same[0].fate if len({one.fate for one in same}) == 1 else "open"
    return same[0]._replace(fate="open" if script.condition and fate == "stops" else fate)


def _are(found: list[Command], wanted: list[str]) -> bool:
    if _name(found[0].text) in NOT_RUN and _name(found[0].text) != _name(wanted[0]):
        return False
    return agree([one.text for one in found], wanted)


def _leaves_badly(one: Command) -> bool:
    """Tell whether a command may end its script badly on purpose: `exit 1`."""
    words = one.text.split()
    return words[:1] == ["exit"] and words[1:] not in ([], ["0"]) and one.fate in {"stops", "open"}


def _only_prints(one: Command) -> bool:
    return _name(one.text) in HARMLESS | {"cat", "set"} or one.text.split() == ["exit", "0"]


def _work(found: list[Command]) -> list[Command]:
    """Give the commands of which one may be the gate."""
    return [one for one in found if _name(one.text) not in _BESIDES] or found


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


def _name(text: str) -> str:
    words = _ASSIGNED.sub("", text, count=1).split(maxsplit=2)
    name = "".join(itertools.islice(words, 1))
    return "command-v" if words[:2] in (["command", "-v"], ["command", "-V"]) else name


def _plain(text: str) -> str:
    return " ".join(text.split())

"""What becomes of a real stage when the command that a contract names fails in it: whether the stage fails, too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from gatepost.definitions.commands import agree, runs
from gatepost.definitions.definition import RealStage, Script
from gatepost.definitions.shell import NOT_RUN, Command, Fate, ShellError, script_ends

__all__ = ["Failure", "failure_of"]

_BESIDES: Final = NOT_RUN | frozenset(
    (  # noqa: SIM905 - words read best as a text
        "set cd export mkdir rm cp mv source . trap shift unset umask pushd popd sleep date exit return wait eval tee"
    ).split()
)
"""Commands that no gate consists of."""
_ASSIGNED: Final = re.compile(r"(?:[A-Za-z_]\w*\+?=\S*\s*)*")
_JOINING: Final = re.compile(r"[^\w \t./=:,@%+-]|(?:^|\s)(?:exec|exit|set|eval|sh|bash|trap)\b")
"""What a text must hold to be more than one plain command."""
_BEST: Final[tuple[Fate, ...]] = ("stops", "open", "hidden", "never")


class Failure(NamedTuple):
    """What becomes of a failure."""

    fate: Fate | Literal["absent"]
    """Absent where the stage does not run the command at all."""
    why: str
    """What cannot be followed, where it is open."""


def failure_of(stage: RealStage, ours: str | None) -> Failure | None:
    """Tell what becomes of a stage when a command fails in it; None for a stage of which no command is known.

    Args:
        stage: the real stage.
        ours: the command of the contract; None for a stage whose gate has none of its own: then any command counts.
    """
    scripts = stage.scripts or ((Script(stage.command),) if stage.command else ())
    if not scripts:
        return None
    if not any(one.is_shell for one in scripts) and (ours is None or _plain(ours) == _plain(stage.command or "")):
        return None
    found: list[Command] = []
    unread = ""
    for script in scripts:
        try:
            found += _commands(script)
        except ShellError as error:
            unread = unread or (str(error) if ours is None or runs(script.text, ours) else "")
    wanted = _wanted(ours, stage)
    own = [one for one in found if not one.is_call or (wanted is None and one.is_idle)]
    fates = _fates(own, wanted)
    if not fates and wanted is not None and len(wanted) == 1:
        fates = _fates([one for one in found if one.is_call], wanted)
    if not fates or (wanted is None and unread):
        return Failure("open", f"how it is run is not followed: {unread}") if unread else Failure("absent", "")
    only = next((f"a part of it runs only with `{one.condition}`" for one in scripts if one.condition), None)
    return Failure(
        min(fates, key=_BEST.index), only or "a branch or its shell decides whether it runs, or what follows"
    )


def _fates(found: list[Command], wanted: list[str] | None) -> list[Fate]:
    """Give what becomes of each run of some commands that are those of the contract; of all where it names none."""
    count = len(wanted) if wanted is not None else len(found)
    return [
        _fate_of(found[place : place + count])
        for place in range(len(found) - count + 1)
        if found and (wanted is None or _are(found[place : place + count], wanted))
    ]


def _wanted(ours: str | None, stage: RealStage) -> list[str] | None:
    """Give the commands of the contract; None where all of the stage stand for them."""
    if ours is None or _plain(ours) == _plain(stage.command or ""):
        return None
    try:
        return [one.text for one in script_ends(ours, stops=True)] or [_plain(ours)]
    except ShellError:
        return [_plain(ours)]


def _commands(script: Script) -> Iterator[Command]:
    """Give the commands of a script; where it is not known how its shell treats a failure, what is sure of them.

    Raises:
        ShellError: it cannot be followed.
    """
    if not script.is_shell:
        message = "no plain shell reads it"
        raise ShellError(message)
    if not _JOINING.search(script.text.strip()):
        yield Command(_plain(script.text), "open" if script.condition else "stops", is_swallowed=False)
        return
    ways = [
        script_ends(script.text, stops=stops, pipefail=pipefail)
        for stops in ((False, True) if script.stops is None else (script.stops,))
        for pipefail in ((False, True) if script.pipefail is None else (script.pipefail,))
    ]
    for same in zip(*ways, strict=True):
        fates = {one.fate for one in same}
        fate: Fate = same[0].fate if len(fates) == 1 else "open"
        yield same[0]._replace(fate="open" if script.condition and fate == "stops" else fate)


def _are(found: list[Command], wanted: list[str]) -> bool:
    if _name(found[0].text) in NOT_RUN and _name(found[0].text) != _name(wanted[0]):
        return False
    return agree([one.text for one in found], wanted)


def _fate_of(found: Iterable[Command]) -> Fate:
    """Give what becomes of a failure of some commands, of which one is the gate; nobody knows which."""
    given = list(found)
    work = [one for one in given if _name(one.text) not in _BESIDES] or given
    fates = {one.fate for one in work}
    if len(fates) == 1:
        return work[0].fate
    return "hidden" if any(one.fate == "hidden" and (one.is_swallowed or one.is_idle) for one in work) else "open"


def _name(text: str) -> str:
    words = _ASSIGNED.sub("", text, count=1).split(maxsplit=2)
    name = "".join(itertools.islice(words, 1))
    return "command-v" if words[:2] in (["command", "-v"], ["command", "-V"]) else name


def _plain(text: str) -> str:
    return " ".join(text.split())

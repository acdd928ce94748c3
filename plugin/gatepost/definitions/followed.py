"""The commands that a real stage runs, those of files that it opens included, and which of them are the contract's."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import Final

from gatepost.definitions.commands import agree, runs
from gatepost.definitions.definition import RealStage, Script
from gatepost.definitions.github_conditions import only_after_failure
from gatepost.definitions.script_files import ScriptFiles
from gatepost.definitions.shell import NOT_RUN, UNKNOWN, Command, Fate, ShellError, Where, script_ends

__all__ = [
    "commands_of",
    "commands_of_contract",
    "folder_of",
    "followed",
    "name_of",
    "on_one_line",
    "places",
    "places_in",
    "places_of",
    "scripts_of",
    "unseen_in",
    "wanted_of",
]

_ASSIGNED: Final = re.compile(r"(?:[A-Za-z_]\w*\+?=\S*\s*)*")
_JOINING: Final = re.compile(r"[^\w \t./=:,@%+-]|(?:^|\s)(?:exec|exit|set|eval|sh|bash|trap)\b")
"""What a text must hold to be more than one plain command."""
_OPENS: Final = re.compile(
    r"(?:\S*/|\w+=|(?:\.|source|g?make|npm|yarn|pnpm|env|timeout|nice|time|nohup|sudo|poetry|uv|pipenv|pdm|rye|\w*conda"
    r"|\w*mamba|dotenv|just|task|tox|nox|invoke|inv|rake|poe|doit|dvc|hatch|pixi|mage|cd|pushd|xargs|command|xvfb-run"
    r"|stdbuf)(?:\s|\Z))"
)
"""What a plain command begins with that may open a file of the repository, or run elsewhere."""
_MAY_OPEN: Final = re.compile(
    r"/|(?:^|[\s;&|({=\"'`])(?:\.|source|g?make|npm|yarn|pnpm|cd|pushd|popd|env|\w*sh)(?:[\s;)\"'`]|\Z)|-C\b|--(?:dir|cwd)"
)
"""What a script holds that may open a file of the repository, or run elsewhere."""
_HERE: Final = frozenset({UNKNOWN})


def followed(stage: RealStage, ours: str | None, files: ScriptFiles | None) -> tuple[list[Command], str]:
    """Give the commands that a stage runs, those of the files that it opens included, and why some are not followed.

    Args:
        stage: the real stage.
        ours: the command of the contract; what cannot be followed and does not hold it counts for nothing.
        files: the files of the repository.
    """
    found: list[Command] = []
    unread = ""
    where = Where(files, folder_of(stage))
    for script in scripts_of(stage):
        if ours is None and only_after_failure((script.condition or "").removeprefix("if: ")):
            continue  # an answer to a failure is no part of what fails
        commands = commands_of(script, where)
        if isinstance(commands, str):
            unread = unread or (commands if ours is None or runs(script.text, ours) else "")
        else:
            found += commands
    return found, unread


def folder_of(stage: RealStage) -> str:
    """Give the folder that a stage begins in, from the root of the repository."""
    return stage.folders[0] if len(stage.folders) == 1 else UNKNOWN


def unseen_in(stage: RealStage, ours: str, files: ScriptFiles | None) -> str:
    """Say why a stage may run a command that is not seen in it; empty where all that it runs is seen."""
    found, unread = followed(stage, ours, files)
    return unread or next((one.unseen for one in found if one.unseen), "")


def places_of(stage: RealStage, ours: str, files: ScriptFiles | None) -> list[list[Command]]:
    """Give each run of the commands of a stage that are those of the contract."""
    found, _ = followed(stage, ours, files)
    return places_in(found, ours)


def places_in(found: list[Command], ours: str) -> list[list[Command]]:
    """Give each run of some commands that are those of the contract, and may run at all."""
    wanted = [one.text for one in commands_of_contract(ours)]
    return [place for place in places(found, wanted) if all(one.fate != "never" for one in place)]


def scripts_of(stage: RealStage) -> tuple[Script, ...]:
    """Give the scripts of a stage."""
    return stage.scripts or ((Script(stage.command),) if stage.command else ())


def places(found: list[Command], wanted: list[str] | None) -> list[list[Command]]:
    """Give each run of some commands that are those of the contract; all of them where it names none."""
    count = len(wanted) if wanted is not None else len(found)
    all_runs = [found[place : place + count] for place in range(len(found) - count + 1)] if found else []
    return [run for run in all_runs if wanted is None or _are(run, wanted)]


def wanted_of(ours: str | None, stage: RealStage) -> list[str] | None:
    """Give the commands of the contract; None where all of the stage stand for them.

    What runs before the stage's own script, such as a `before_script`, is none of them.
    """
    if ours is None:
        return None
    wanted = [one.text for one in commands_of_contract(ours)]
    if on_one_line(ours) != on_one_line(stage.command or ""):
        return wanted
    is_all = len(wanted) > 1 or [on_one_line(one.text) for one in scripts_of(stage)] == [on_one_line(ours)]
    return None if is_all else wanted


@lru_cache(maxsize=1024)
def commands_of_contract(ours: str, folder: str = UNKNOWN) -> tuple[Command, ...]:
    """Give the commands that a command of a contract consists of."""
    alone = (Command(on_one_line(ours), "stops", folders=frozenset({folder})),)
    if not _JOINING.search(ours) and not _OPENS.match(ours):
        return alone
    try:
        found = script_ends(ours, stops=True, where=Where(None, folder))
    except ShellError:
        return alone
    return tuple(one for one in found if not one.is_call) or alone


def commands_of(script: Script, where: Where) -> tuple[Command, ...] | str:
    """Give the commands of a script, or why it cannot be followed.

    Where it is not known how its shell treats a failure, what is sure of them is told.
    """
    if not script.is_shell:
        return "no plain shell reads it"
    text = script.text.strip()
    if not _JOINING.search(text) and not (where.files is not None and _OPENS.match(text)):
        fate: Fate = "open" if script.condition else "stops"
        return (Command(on_one_line(script.text), fate, folders=frozenset({where.folder})),)
    if not _MAY_OPEN.search(text):
        found = _anywhere(script, UNKNOWN)
        return found if isinstance(found, str) else tuple(one._replace(folders=_in(one, where)) for one in found)
    if not isinstance(where.files, ScriptFiles):
        return _anywhere(script, where.folder)
    key = (script, where.folder)
    if key not in where.files.known:
        where.files.known[key] = _each_way(script, where)
    return where.files.known[key]


def _in(one: Command, where: Where) -> frozenset[str | None]:
    return frozenset({where.folder}) if one.folders == _HERE else one.folders


@lru_cache(maxsize=1024)
def _anywhere(script: Script, folder: str) -> tuple[Command, ...] | str:
    return _each_way(script, Where(None, folder))


def _each_way(script: Script, where: Where) -> tuple[Command, ...] | str:
    try:
        ways = [
            script_ends(script.text, stops=stops, pipefail=pipefail, where=where)
            for stops in ((False, True) if script.stops is None else (script.stops,))
            for pipefail in ((False, True) if script.pipefail is None else (script.pipefail,))
        ]
    except ShellError as error:
        return str(error)
    if len({len(way) for way in ways}) > 1:
        return "what it runs depends on its shell"
    return tuple(_agreed(script, same) for same in zip(*ways, strict=True))


def _agreed(script: Script, same: tuple[Command, ...]) -> Command:
    """Give one command of a script, of which each kind of shell may tell something else."""
    fate: Fate = same[0].fate if len({one.fate for one in same}) == 1 else "open"
    return same[0]._replace(fate="open" if script.condition and fate == "stops" else fate)


def _are(found: list[Command], wanted: list[str]) -> bool:
    if name_of(found[0].text) in NOT_RUN and name_of(found[0].text) != name_of(wanted[0]):
        return False
    return agree([one.text for one in found], wanted)


def name_of(text: str) -> str:
    """Give the name of a command, behind the variables that are set for it."""
    words = _ASSIGNED.sub("", text, count=1).split(maxsplit=2)
    name = "".join(itertools.islice(words, 1))
    return "command-v" if words[:2] in (["command", "-v"], ["command", "-V"]) else name


def on_one_line(text: str) -> str:
    """Give a text with one space between its words."""
    return " ".join(text.split())

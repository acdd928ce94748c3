"""Which one command a stage of a draft runs: a contract's `run` starts no shell, and a definition may have several."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable
from typing import Final, NamedTuple

from gatepost.definitions.definition import Called, RealStage
from gatepost.definitions.preparing import prepares
from gatepost.pipeline.arguments import is_plain

__all__ = ["Part", "Work", "commands_in", "parts_of", "work_of"]

_PIECE: Final = re.compile(
    r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|&&|\|\||<<|[0-9]?[<>]&|&>>?|[;\n&()`]|\$\(|[^'"\\&|;\n()`$<>0-9]+|.""", re.DOTALL
)
_ENDS: Final = frozenset({"&&", ";", "\n"})
_BRANCHES: Final = frozenset({"||", "<<", "&", "(", ")"})
"""Signs of which what follows is more than one command after the other."""
_CONTROL: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "if then else elif fi for while until do done case esac select function { } ! [[ trap exec eval exit return"
    ).split()
)
_NO_STAGE: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "cd pushd popd export unset alias source . set shopt ulimit umask mkdir rmdir rm cp mv ln touch chmod chown "
        "tar unzip gunzip wait sleep"
    ).split()
)
"""Commands that only change the shell or the files for those behind them."""
_FILLED_IN: Final = re.compile(r"\$\{\{[^{}]*\}\}")
_SHOWING: Final = frozenset({"cat", "head", "tail"})
"""Commands that only show what others wrote, or add it to a report."""
_SHELL_GIVEN: Final = re.compile(r"(?:/(?:usr/)?bin/)?(?:ba|da|a|z|k)?sh -[elux]*c")
"""A shell that is given its text as one word."""


class Work(NamedTuple):
    """What a stage runs when all is well."""

    command: str | None = None
    """The one command that it is about; None for none, or where no one command is."""
    beside: tuple[str, ...] = ()
    """What only prepares it."""
    several: str | None = None
    """All of it, where it is more than one command, or no plain sequence of them."""
    folders: tuple[str, ...] = ()
    """Where it runs, from the root of the repository; none where that is not known."""
    function: Called | None = None
    """The function of Python that it runs, where its text shows no one command that this comes to."""


class Part(NamedTuple):
    """One of several commands that a stage runs one after the other."""

    command: str
    text: str
    """The command with what prepares it, as one script."""


def work_of(stage: RealStage) -> Work:
    """Give what a stage runs when all is well: one command where there is one beside those that only prepare it."""
    if stage.function is not None:
        commands = stage.program.commands if stage.program is not None and stage.program.whole else ()
        is_one = len(commands) == 1
        return Work(shlex.join(commands[0]) if is_one else None, function=None if is_one else stage.function)
    texts = _texts(stage)
    if not texts:
        return Work(folders=stage.folders)
    shells = _shells(stage, texts)
    if shells is None:
        return Work(several="; ".join(" ".join(text.split()) for text in texts), folders=stage.folders)
    if not any(shells):
        return Work(texts[0], folders=stage.folders)
    moved = [_moves(shell) for shell in shells]
    rest = [one for _, others in moved for one in others]
    own = [one for one in rest if not prepares(one)] or rest[-1:]
    if len(own) != 1:
        return Work(several="; ".join(one for shell in shells for one in shell), folders=stage.folders)
    if len(rest) == 1 and (inner := _without_shell(own[0])):
        return Work(inner, folders=stage.folders)
    moves = next(folders for folders, others in moved if own[0] in others)
    folders = tuple(posixpath.normpath(posixpath.join(folder, *moves)) for folder in stage.folders)
    return Work(own[0], tuple(one for one in rest if one not in own), folders=folders)


def parts_of(stage: RealStage) -> list[Part]:
    """Take what a stage runs when all is well apart; empty where one command needs what another leaves in the shell.

    A part is a command that runs without a shell. Where its shell changes the folder first, it says so, too.
    """
    parts: list[Part] = []
    prepared: list[str] = []
    for shell in _shells(stage, _texts(stage)) or []:
        moves, rest = _moves(shell)
        for one in rest:
            prepared.append(one)
            if not prepares(one) and one.split(maxsplit=1)[0] not in _SHOWING:
                parts.append(Part(one, "\n".join((*(f"cd {folder}" for folder in moves), *prepared))))
                prepared = []
    is_apart = len(stage.folders) <= 1 and all(_is_whole(one.command) for one in parts)
    return parts if is_apart else []


def _is_whole(command: str) -> bool:
    """Tell whether a command may be a stage of its own; what the tool fills in is a word like another."""
    return is_plain(_FILLED_IN.sub("x", command)) and command.split(maxsplit=1)[0] not in _NO_STAGE


def _shells(stage: RealStage, texts: tuple[str, ...]) -> list[list[str]] | None:
    """Give the commands of each shell in their order; None where they are no plain sequence that a shell runs."""
    if stage.scripts and not any(one.is_shell for one in stage.scripts):
        return None
    shells = [commands_in([text]) for text in texts]
    return None if None in shells else [one for one in shells if one is not None]


def commands_in(texts: Iterable[str]) -> list[str] | None:
    """Give commands that run one after the other; None where something decides which run, or they run together."""
    found: list[str] = []
    for text in texts:
        begun = ""
        for piece in (*_PIECE.findall(re.sub(r"[ \t]*\\\n\s*", " ", text.strip())), "\n"):
            if piece in _ENDS:
                found.append(begun.strip())
                begun = ""
            elif piece in _BRANCHES:
                return None
            elif begun.strip() or not piece.isspace():
                begun += piece
    plain = [one for one in found if one and not one.startswith("#")]
    if any(one.split(maxsplit=1)[0] in _CONTROL for one in plain):
        return None
    return plain


def _texts(stage: RealStage) -> tuple[str, ...]:
    """Give the texts of what a stage runs; a list of words is quoted, so that it stays the words that it is."""
    if stage.work is not None or not stage.command:
        return stage.work or ()
    if len(stage.scripts) == 1 and stage.scripts[0].is_shell:
        text = stage.scripts[0].text
        try:
            is_list = text == shlex.join(shlex.split(text)) and " ".join(shlex.split(text)) == stage.command
        except ValueError:
            is_list = False
        if is_list:
            return (text,)
    return (stage.command,)


def _without_shell(command: str) -> str | None:
    """Give the one plain command that a shell is given, and needs no shell; None for any other."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if not _SHELL_GIVEN.fullmatch(" ".join(words[:2])) or len(words) != 3:  # noqa: PLR2004 - the shell, `-c`, its text
        return None
    inner = commands_in([words[2]]) or []
    return inner[0] if len(inner) == 1 and _is_whole(inner[0]) else None


def _moves(found: list[str]) -> tuple[list[str], list[str]]:
    """Give the folders that commands change into before anything else is run, and the other commands."""
    moves: list[str] = []
    rest: list[str] = []
    for one in found:
        words = one.split()
        if words[0] == "cd" and len(words) == 2 and re.fullmatch(r"[\w./-]+", words[1]) and all(map(prepares, rest)):  # noqa: PLR2004 - cd and where
            moves.append(words[1])
        else:
            rest.append(one)
    return moves, rest

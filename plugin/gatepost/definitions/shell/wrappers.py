"""Commands that only run another one: `env`, `timeout`, `sudo`, `poetry run`, and where they run it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from gatepost.definitions.shell.words import is_assignment

__all__ = ["Wrapped", "unwrapped"]

_TAKES: Final[dict[str, frozenset[str]]] = {
    "env": frozenset({"-u", "--unset", "-C", "--chdir", "-S", "--split-string"}),
    "sudo": frozenset({"-u", "--user", "-g", "--group", "-h", "-p", "-C", "-D", "--chdir", "-T", "-U"}),
    "nice": frozenset({"-n", "--adjustment"}),
    "ionice": frozenset({"-c", "-n", "-p"}),
    "timeout": frozenset({"-k", "--kill-after", "-s", "--signal"}),
    "time": frozenset({"-f", "--format", "-o", "--output"}),
    "xvfb-run": frozenset({"-s", "--server-args", "-n", "--server-num", "-e", "-f", "-w"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    **dict.fromkeys(("exec", "command", "nohup", "setsid", "chronic", "unbuffer"), frozenset[str]()),
}
"""The wrappers that are one word, each with its options that take a value."""
_RUNS: Final[dict[str, frozenset[str]]] = {
    "poetry": frozenset({"-C", "--directory", "-P", "--project"}),
    "uv": frozenset(
        (  # noqa: SIM905 - words read best as a text
            "--directory --project --python -p --with --with-requirements --with-editable --extra --group --env-file "
            "--index --index-url --cache-dir --package --no-group --only-group"
        ).split()
    ),
    "pipenv": frozenset[str](),
    "pdm": frozenset({"-p", "--project"}),
    "rye": frozenset({"--pyproject"}),
    "conda": frozenset({"-n", "--name", "-p", "--prefix", "--cwd"}),
    "mamba": frozenset({"-n", "--name", "-p", "--prefix", "--cwd"}),
    "micromamba": frozenset({"-n", "--name", "-p", "--prefix", "--cwd"}),
    "dotenv": frozenset({"-f", "--file"}),
}
"""Those that are two, `uv run`, likewise."""
_FOLDER: Final = frozenset({"-C", "--chdir", "-D", "--directory", "--cwd"})
"""Their options that say where the command runs."""
_NOT_FOLDER: Final = frozenset({("sudo", "-C")})
_DURATION: Final = re.compile(r"\d+(?:\.\d+)?[smhd]?\Z|\$")


class Wrapped(NamedTuple):
    """A command behind its wrappers."""

    place: int
    """Which word it begins with."""
    folders: tuple[int, ...]
    """The words that say where it runs, one inside the other."""


def unwrapped(words: Sequence[str]) -> Wrapped:
    """Find the command that wrappers run; the first word where there are none."""
    at = 0
    folders: list[int] = []
    while at < len(words):
        name = words[at].rpartition("/")[2]
        if is_assignment(words[at]):
            at += 1
        elif name in _TAKES or (name in _RUNS and "run" in words[at + 1 :]):
            behind, found = _behind(words, at, name)
            if behind >= len(words):
                break
            at, folders = behind, [*folders, *found]
        else:
            break
    return Wrapped(at, tuple(folders))


def _behind(words: Sequence[str], at: int, name: str) -> tuple[int, list[int]]:
    """Give the place behind a wrapper, its options and its own words."""
    takes = _TAKES.get(name, _RUNS.get(name, frozenset()))
    waits_for_run = name in _RUNS
    folders: list[int] = []
    at += 1
    while at < len(words):
        one = words[at]
        if one.startswith("-") and one != "-":
            if one in takes and at + 1 < len(words):
                folders += [at + 1] if one in _FOLDER and (name, one) not in _NOT_FOLDER else []
                at += 1
        elif waits_for_run:
            if one != "run":
                return len(words), []
            waits_for_run = False
        elif name == "timeout" and _DURATION.match(one):
            return at + 1, folders
        else:
            break
        at += 1
    return at, folders

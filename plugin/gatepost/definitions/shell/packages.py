"""What `npm run NAME` runs, as a shell script: the scripts of a package.json.

Source: https://docs.npmjs.com/cli/using-npm/scripts
"""

from __future__ import annotations

import json
import shlex
from typing import Final, NamedTuple

__all__ = ["PackageError", "asked_of_package", "script_of_package"]

_RUN: Final = frozenset({"run", "run-script", "rum", "urn"})
_OWN: Final = frozenset({"test", "t", "start", "stop", "restart"})
"""Scripts that npm runs without `run`."""
_FOLDER: Final = frozenset({"--prefix", "--cwd", "-C", "--dir"})
_YARN: Final = frozenset(
    {"install", "add", "remove", "cache", "config", "global", "dlx", "exec", "workspace", "workspaces"}
)


class PackageError(Exception):
    """A package.json that does not say what is run."""


class AskedScript(NamedTuple):
    """What the words of a command ask for."""

    name: str
    folder: int | None
    """The word that says where it runs."""
    rest: tuple[str, ...]
    """What is handed on to the script."""
    has_others: bool
    """Whether scripts before and after it run as well."""


def asked_of_package(words: list[str]) -> AskedScript | None:
    """Tell which script of a package.json a command runs; None for a command that runs none."""
    if words[0] not in {"npm", "yarn", "pnpm"}:
        return None
    folder: int | None = None
    plain: list[str] = []
    at = 1
    while at < len(words) and words[at] != "--":
        if words[at] in _FOLDER and at + 1 < len(words):
            folder, at = at + 1, at + 1
        elif not words[at].startswith("-"):
            plain.append(words[at])
        at += 1
    rest = (*plain[2:], *words[at + 1 :])
    if len(plain) > 1 and plain[0] in _RUN:
        return AskedScript(plain[1], folder, rest, words[0] == "npm")
    if plain and (plain[0] in _OWN or (words[0] == "yarn" and plain[0] not in _YARN)):
        return AskedScript(
            {"t": "test"}.get(plain[0], plain[0]), folder, (*plain[1:], *words[at + 1 :]), words[0] == "npm"
        )
    return None


def script_of_package(text: str, asked: AskedScript) -> str:
    """Give what a script of a package.json runs.

    Raises:
        PackageError: it does not say.
    """
    try:
        scripts = json.loads(text).get("scripts", {})
    except (ValueError, AttributeError, RecursionError) as error:
        message = "its package.json cannot be read"
        raise PackageError(message) from error
    names = [f"pre{asked.name}", asked.name, f"post{asked.name}"] if asked.has_others else [asked.name]
    if not isinstance(scripts, dict) or not isinstance(scripts.get(asked.name), str):
        message = f"its package.json has no script {asked.name[:60]}"
        raise PackageError(message)
    lines = []
    for name in names:
        if isinstance(said := scripts.get(name), str):
            words = f" {shlex.join(asked.rest)}" if name == asked.name and asked.rest else ""
            lines.append(f"sh -c {shlex.quote(said + words)}")
    return "\n".join(["set -e", *lines, ""])

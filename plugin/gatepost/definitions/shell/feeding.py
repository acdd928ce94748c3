"""Shells that read their script from what is handed to them: a here-document, or what `cat` and `echo` print."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gatepost.definitions.shell.asking import name_of
from gatepost.definitions.shell.nested import nested
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import Node, Simple
from gatepost.definitions.shell.words import FILLED, Redirection, Word

__all__ = ["as_read", "document_of", "fed", "reads_input"]


_PRINTED: Final = "${_}"
_GIVES: Final = re.compile(r"\bset\s|\bshift\b|\(\s*\)")
"""What gives a script, or a function of it, arguments of its own."""
_ESCAPED: Final = re.compile(r"\\([$`\\])")
"""What a backslash keeps from being filled in, in a here-document."""


def reads_input(simple: Simple) -> bool:
    """Tell whether a command is a shell whose script is its input."""
    shell = nested([word.value for word in simple.words])
    return shell is not None and shell.place < 0 and shell.file < 0 and not shell.only_reads


def document_of(simple: Simple) -> str | None:
    """Give the text that a command reads, where that is written in the script.

    Raises:
        ShellError: the shell around fills in what the text itself sets.
    """
    made = next((one for one in reversed(simple.redirections) if one.document is not None), None)
    if made is None or made.document is None:
        return None
    if made.sign == "<<<":
        return as_read(made.document, made.target.early, made.target.inner)
    if not made.target.is_plain:
        return made.document
    return _ESCAPED.sub(r"\1", as_read(made.document, FILLED.findall(made.document), made.inner))


def as_read(text: str, early: Iterable[str], inner: Iterable[str]) -> str:
    """Give a script as the shell that runs it reads it.

    Args:
        text: the script.
        early: the names that the shell around has filled in before.
        inner: the commands that it has run to fill in what they print.

    Raises:
        ShellError: it sets one of them itself, and would have to read it later.
    """
    for name in early:
        is_given = not name.isidentifier() and name not in {"?", "!"}
        if is_given and not _GIVES.search(text):
            continue
        if is_given or name in {"?", "!", "PIPESTATUS"} or re.search(rf"\b{name}\+?=", text):
            message = f"the shell around it fills in `${name[:60]}` before it runs"
            raise ShellError(message)
    for command in inner:
        text = text.replace(f"$({command})", _PRINTED).replace(f"`{command}`", _PRINTED)
    return text


def fed(before: Node, node: Node) -> Node:
    """Give a command of a pipe with what the one before it prints as its input, if it is a shell that runs that."""
    if not isinstance(node, Simple) or not reads_input(node):
        return node
    if name_of(before) == "cat" and isinstance(before, Simple) and len(before.words) == 2:  # noqa: PLR2004 - `cat FILE`
        return replace(node, redirections=(*node.redirections, Redirection("<", before.words[1])))
    text = _printed(before)
    made = Redirection("<<", Word(), text)
    return node if text is None else replace(node, redirections=(*node.redirections, made))


def _printed(node: Node) -> str | None:
    if not isinstance(node, Simple):
        return None
    words = node.words[1:]
    if name_of(node) == "cat" and not words:
        return document_of(node)
    if name_of(node) == "echo" and all(word.is_literal for word in words):
        return " ".join(word.value for word in words)
    return None

"""What is quoted and what the shell fills in: where it ends, and which commands run in it."""

from __future__ import annotations

from typing import Final

__all__ = ["ShellError", "closing", "commands", "piece", "quoted"]

_DEEPEST: Final = 20
_BRACES: Final = ("${{", "{{")
"""What a tool fills in before the shell sees it; it ends in two braces."""


class ShellError(Exception):
    """A script whose syntax is not followed here."""


def piece(text: str, at: int, depth: int) -> int:
    """Give the end of what begins at a place outside of quotes: something to fill in, or one sign."""
    for opening in _BRACES:
        if text.startswith(opening, at):
            return _found(text, "}}", at) + 2
    if text.startswith("$(", at):
        return closing(text, at + 1, depth + 1)
    if text.startswith("${", at):
        return _braced(text, at + 2, depth + 1)
    if text[at] == "`":
        return _found(text, "`", at + 1) + 1
    if text.startswith("$'", at):
        return quoted(text, at + 1, depth)
    return at + 1


def _found(text: str, wanted: str, at: int) -> int:
    found = text.find(wanted, at)
    if found < 0:
        message = f"`{wanted}` is missing"
        raise ShellError(message)
    return found


def quoted(text: str, at: int, depth: int) -> int:
    """Give the end of a quoted text."""
    if text[at] == "'":
        return _found(text, "'", at + 1) + 1
    at += 1
    while at < len(text) and text[at] != '"':
        at = at + 2 if text[at] == "\\" else at + 1 if text[at] == "'" else piece(text, at, depth)
    if at >= len(text):
        message = "a quote is not closed"
        raise ShellError(message)
    return at + 1


def closing(text: str, at: int, depth: int) -> int:
    """Give the end of what stands in parentheses, which begin at a place."""
    if depth > _DEEPEST:
        message = "it nests too deep"
        raise ShellError(message)
    level = 0
    while at < len(text):
        sign = text[at]
        level += (sign == "(") - (sign == ")")
        if sign == ")" and not level:
            return at + 1
        is_quote = sign in "'\""
        at = at + 2 if sign == "\\" else quoted(text, at, depth) if is_quote else piece(text, at, depth)
    message = "a parenthesis is not closed"
    raise ShellError(message)


def _braced(text: str, at: int, depth: int) -> int:
    if depth > _DEEPEST:
        message = "it nests too deep"
        raise ShellError(message)
    while at < len(text) and text[at] != "}":
        at = at + 2 if text[at] == "\\" else quoted(text, at, depth) if text[at] == '"' else piece(text, at, depth)
    return at + 1


def commands(text: str) -> list[str]:
    """Give the commands that run inside of a text to fill it in: `$(date)`."""
    found: list[str] = []
    at = 0
    while at < len(text):
        end = at + 2 if text[at] == "\\" else piece(text, at, 0)
        if text.startswith("$(", at) and not text.startswith("$((", at):
            found.append(text[at + 2 : end - 1])
        elif text[at] == "`":
            found.append(text[at + 1 : end - 1])
        at = end
    return found

"""A shell script taken apart into words and operators; comments are left out.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gatepost.definitions.shell.quoting import ShellError, closing, commands, piece, quoted

__all__ = ["FILLED", "Redirection", "Token", "Word", "is_assignment", "tokens"]

_LONGEST: Final = 65_536
_OPERATOR: Final = re.compile(r"&&|\|\||;;&|;;|;&|\|&|\(\(|[|;&()\n]")
_REDIRECTION: Final = re.compile(r"&>>|&>|\d*(?:<<<|<<-?|<&|<>|>>|>&|>\||[<>](?!\())")
FILLED: Final = re.compile(r"(?<!\\)\$\{?([A-Za-z_]\w*|[?!@*#0-9])")
"""What the shell fills in where it is not quoted by single quotes, by name."""
_ENDS: Final = frozenset(" \t\r\n;&|()<>")
_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*\+?=")


@dataclass(slots=True, eq=False)
class Word:
    """A word of a command."""

    value: str = ""
    """What it is without its quotes; what the shell fills in is left as it is written."""
    is_plain: bool = True
    """Whether nothing of it is quoted: only such a word can be a keyword."""
    is_literal: bool = True
    """Whether nothing of it is filled in."""
    inner: tuple[str, ...] = ()
    """The commands in it that run so that their output can be filled in."""
    early: tuple[str, ...] = ()
    """The names that the shell around fills in before a shell that is given the word reads it: `?` of `"$?"`."""
    processes: tuple[str, ...] = ()
    """The commands in it that run beside, and whose end nobody asks for: `<(date)`."""
    is_kept: bool = False
    """Whether a `$` in it may stand for itself, beside what is filled in."""
    items: tuple[Word, ...] | None = None
    """What an array that it sets holds, `x=(a b)`."""

    @property
    def keyword(self) -> str:
        """The word where it may be one of the language; empty for one that is quoted."""
        return self.value if self.is_plain else ""


@dataclass(slots=True, eq=False)
class Redirection:
    """Where the input of a command comes from, or its output goes to."""

    sign: str
    target: Word
    document: str | None = None
    """The text that it reads, where that is written in the script."""
    inner: tuple[str, ...] = ()
    """The commands that run so that their output can be filled in there."""


Token = Word | Redirection | str


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.found: list[Token] = []
        self._documents: list[Redirection] = []

    def scan(self) -> list[Token]:
        while self.at < len(self.text):
            self._one()
        return self.found

    def _one(self) -> None:
        text, at = self.text, self.at
        if text[at] in " \t\r":
            self.at += 1
        elif text.startswith("\\\n", at):
            self.at += 2
        elif text.startswith("{%", at):
            message = "a template decides what it holds"
            raise ShellError(message)
        elif text[at] == "#":
            self.at = self._until("\n", at)
        elif redirection := _REDIRECTION.match(text, at):
            self.at = redirection.end()
            self._redirected(redirection[0].lstrip("0123456789"))
        elif operator := _OPERATOR.match(text, at):
            self.at = operator.end()
            self.found.append(operator[0])
            if operator[0] == "\n":
                self._read_documents()
        else:
            self.found.append(self._word())

    def _until(self, sign: str, at: int) -> int:
        found = self.text.find(sign, at)
        return found if found >= 0 else len(self.text)

    def _redirected(self, sign: str) -> None:
        while self.text.startswith((" ", "\t"), self.at):
            self.at += 1
        made = Redirection(sign, self._word())
        self.found.append(made)
        if sign == "<<<":
            made.document = f"{made.target.value}\n"
        elif sign in {"<<", "<<-"}:
            self._documents.append(made)

    def _read_documents(self) -> None:
        for made in self._documents:
            lines: list[str] = []
            while self.at < len(self.text):
                line = self.text[self.at : self._until("\n", self.at)]
                self.at += len(line) + 1
                line = line.lstrip("\t") if made.sign == "<<-" else line
                if line == made.target.value:
                    break
                lines.append(line)
            made.document = "".join(f"{line}\n" for line in lines)
            made.inner = tuple(commands(made.document)) if made.target.is_plain else ()
        self._documents = []

    def _word(self) -> Word:
        begin, word, parts, inner = self.at, Word(), [], []
        processes: list[str] = []
        while self.at < len(self.text):
            text, at = self.text, self.at
            sign = text[at]
            if text.startswith(("<(", ">("), at) and at == begin:
                end = closing(text, at + 1, 0)
                word.is_literal = False
                processes.append(text[at + 2 : end - 1])
            elif sign in _ENDS:
                break
            elif sign == "\\":
                word.is_plain = False
                word.is_kept |= text.startswith("\\$", at)
                parts.append(text[at + 1 : at + 2].replace("\n", ""))
                self.at += 2
                continue
            elif sign in "'\"":
                word.is_plain = False
                end = quoted(text, at, 0)
                body = text[at + 1 : end - 1]
                if sign == '"':
                    inner += commands(body)
                    word.early += tuple(FILLED.findall(body))
                    word.is_kept |= "\\$" in body
                    word.is_literal &= "$" not in body and "`" not in body and "{{" not in body
                    body = re.sub(r'\\(["\\$`\n])', lambda match: match[1].strip("\n"), body)
                else:
                    word.is_kept |= "$" in body
                parts.append(body)
                self.at = end
                continue
            else:
                end = piece(text, at, 0)
                word.is_literal &= end == at + 1 and sign not in "*?[$"
                inner += commands(text[at:end]) if end > at + 1 else []
            parts.append(text[at:end])
            self.at = end
        if self.at == begin:
            message = "a redirection leads nowhere"
            raise ShellError(message)
        word.value, word.inner, word.processes = "".join(parts), tuple(inner), tuple(processes)
        return word


def is_assignment(text: str) -> bool:
    """Tell whether a word sets a variable: `X=1`."""
    return _ASSIGNED.match(text) is not None


def tokens(text: str) -> list[Token]:
    """Give the words and the operators of a script, in order.

    Raises:
        ShellError: it cannot be followed.
    """
    if len(text) > _LONGEST:
        message = "it is too long"
        raise ShellError(message)
    return _Scanner(text).scan()

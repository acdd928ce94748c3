"""The words and operators of a shell script, one after another."""

from __future__ import annotations

from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.words import Redirection, Token, Word

__all__ = ["Cursor", "unexpected"]


class Cursor:
    """A place among the words and operators of a script."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0

    def here(self) -> Token:
        """Give the word or the operator at the place; an empty text at the end."""
        return self.found[self.at] if self.at < len(self.found) else ""

    def keyword(self) -> str:
        """Give the word at the place where it may be one of the language."""
        here = self.here()
        return here.keyword if isinstance(here, Word) else ""

    def take(self, *wanted: str) -> bool:
        """Go on behind one of some words or operators; tell whether it stood there."""
        here = self.here()
        if (here.keyword if isinstance(here, Word) else here) in wanted:
            self.at += 1
            return True
        return False

    def want(self, *wanted: str) -> None:
        """Go on behind one of some words or operators.

        Raises:
            ShellError: something else stands there.
        """
        if not self.take(*wanted):
            raise ShellError(unexpected(self.here()))

    def skip_lines(self) -> None:
        """Go on behind ends of lines."""
        while self.take("\n"):
            pass


def unexpected(here: Token) -> str:
    """Say what is not expected at a place."""
    shown = here.value if isinstance(here, Word) else here.sign if isinstance(here, Redirection) else here
    return f"`{shown[:40]}` is not expected" if shown.strip() else "it ends too early"

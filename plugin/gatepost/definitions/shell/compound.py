"""The parts of a shell script that hold others: branches, loops, groups, tests in brackets."""

from __future__ import annotations

from collections.abc import Callable

from gatepost.definitions.shell.cursor import Cursor
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import Block, Choice, Loop, Node, Simple
from gatepost.definitions.shell.words import Token, Word

__all__ = ["Compounds"]


class Compounds(Cursor):
    """The part of a parser that reads what begins with a word of the language."""

    def __init__(self, found: list[Token]) -> None:
        super().__init__(found)
        self.loops = 0
        """How many loops are around the place."""
        self.readers: dict[str, Callable[[], Node]] = {
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "case": self._case,
            "{": lambda: self._enclosed("}"),
            "(": self._parenthesis,
            "((": self._arithmetic,
            "[[": self._test,
        }

    def block(self) -> Block:
        """Read statements up to a word or an operator that closes them."""
        raise NotImplementedError

    def _enclosed(self, end: str) -> Block:
        self.at += 1
        found = self.block()
        self.want(end)
        return found

    def _parenthesis(self) -> Node:
        return Block(self._enclosed(")").items, is_subshell=True)

    def _arithmetic(self) -> Simple:
        self.skip_parentheses()
        if self.found[self.at - 2 : self.at] != [")", ")"]:
            message = "`((` may be arithmetic, or two subshells"
            raise ShellError(message)
        return Simple((Word("(("),))

    def skip_parentheses(self) -> None:
        """Go on behind parentheses.

        Raises:
            ShellError: they are not closed.
        """
        level = 0
        while self.at < len(self.found):
            level += {"(": 1, "((": 2, ")": -1}.get(str(self.here()), 0)
            self.at += 1
            if not level:
                return
        message = "a parenthesis is not closed"
        raise ShellError(message)

    def _test(self) -> Simple:
        words: list[Word] = []
        while self.keyword() != "]]":
            if self.at >= len(self.found):
                message = "`[[` is not closed"
                raise ShellError(message)
            one = self.here()
            words.append(one if isinstance(one, Word) else Word(one if isinstance(one, str) else one.sign))
            self.at += 1
        self.at += 1
        return Simple(tuple(words))

    def _if(self) -> Choice:
        branches: list[tuple[Block | None, Block]] = []
        while self.take("if", "elif"):
            test = self.block()
            self.want("then")
            branches.append((test, self.block()))
        otherwise = self.block() if self.take("else") else None
        self.want("fi")
        return Choice(tuple(branches), otherwise)

    def _while(self) -> Loop:
        is_until = self.keyword() == "until"
        self.at += 1
        self.loops += 1
        test = self.block()
        self.loops -= 1
        return Loop(test, self._body(), is_until=is_until)

    def _for(self) -> Loop:
        self.at += 1
        words: list[Word] = []
        while self.at < len(self.found) and self.keyword() != "do":
            here = self.here()
            words += [here] if isinstance(here, Word) else []
            self.at += 1
        is_listed = len(words) > 1 and words[1].keyword == "in"
        given = words[2:] if is_listed else []
        is_sure = any(one.is_literal for one in given)
        name, listed = words[0].value if words else "", tuple(given) if is_listed else None
        return Loop(None, self._body(), is_sure, is_sure and len(given) == 1, name=name, words=listed)

    def _body(self) -> Block:
        self.want("do")
        self.loops += 1
        body = self.block()
        self.loops -= 1
        self.want("done")
        return body

    def _case(self) -> Choice:
        self.at += 2
        self.skip_lines()
        self.want("in")
        branches: list[tuple[Block | None, Block]] = []
        otherwise: Block | None = None
        self.skip_lines()
        while not self.take("esac"):
            self.take("(")
            pattern: list[str] = []
            while not self.take(")"):
                if self.at >= len(self.found):
                    message = "`case` is not closed"
                    raise ShellError(message)
                here = self.here()
                pattern.append(here.value if isinstance(here, Word) else str(here))
                self.at += 1
            body = self.block()
            if pattern == ["*"]:
                otherwise = body
            else:
                branches.append((None, body))
            self.take(";;", ";&", ";;&")
            self.skip_lines()
        return Choice(tuple(branches), otherwise)

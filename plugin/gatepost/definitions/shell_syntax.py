"""A shell script as a tree: lists, pipelines, branches, loops, functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gatepost.definitions.shell_words import ShellError, Word, tokens

__all__ = ["AndOr", "Block", "Choice", "Item", "Loop", "Node", "Pipe", "Script", "Simple", "parse"]

_DEEPEST: Final = 40
_CLOSING: Final = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_UNKNOWN: Final = frozenset({"select", "coproc"})


@dataclass(frozen=True, slots=True, eq=False)
class Simple:
    """A command with its arguments, or a test in brackets."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Commands one after another; a subshell cannot end the shell around it."""

    items: tuple[Item, ...]
    is_subshell: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """`if`, and `case`, whose branches have no test that is followed."""

    branches: tuple[tuple[Block | None, Block], ...]
    otherwise: Block | None


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """`while`, `until`, `for`."""

    test: Block | None
    body: Block
    is_sure: bool
    """Whether it surely runs, and once only."""


Node = Simple | Block | Choice | Loop


@dataclass(frozen=True, slots=True, eq=False)
class Pipe:
    """Commands that hand their output on."""

    nodes: tuple[Node, ...]
    is_negated: bool


@dataclass(frozen=True, slots=True, eq=False)
class AndOr:
    """Pipelines joined by `&&` and `||`."""

    parts: tuple[tuple[str, Pipe], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One statement of a list."""

    chain: AndOr
    is_background: bool
    text: str
    """Its words, to look for `$?` in it."""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script."""

    body: Block
    functions: dict[str, Block] = field(default_factory=dict)


def parse(text: str) -> Script:
    """Read a script.

    Raises:
        ShellError: it is none, or has what is not followed here.
    """
    return _Parser(tokens(text)).script()


class _Parser:
    def __init__(self, found: list[Word | str]) -> None:
        self.found = found
        self.at = 0
        self.depth = 0
        self.functions: dict[str, Block] = {}

    def script(self) -> Script:
        body = self._block()
        if self.at < len(self.found):
            raise ShellError(_unexpected(self._here()))
        return Script(body, self.functions)

    # ---- looking

    def _here(self) -> Word | str:
        return self.found[self.at] if self.at < len(self.found) else ""

    def _keyword(self) -> str:
        here = self._here()
        return here.keyword if isinstance(here, Word) else ""

    def _take(self, *wanted: str) -> bool:
        here = self._here()
        if (here.keyword if isinstance(here, Word) else here) in wanted:
            self.at += 1
            return True
        return False

    def _want(self, *wanted: str) -> None:
        if not self._take(*wanted):
            raise ShellError(_unexpected(self._here()))

    def _skip_lines(self) -> None:
        while self._take("\n"):
            pass

    # ---- lists

    def _block(self, *ends: str) -> Block:
        self.depth += 1
        if self.depth > _DEEPEST:
            message = "it nests too deep"
            raise ShellError(message)
        items: list[Item] = []
        self._skip_lines()
        while self.at < len(self.found) and not self._is_end(ends):
            begin = self.at
            chain = self._chain()
            text = " ".join(one.value for one in self.found[begin : self.at] if isinstance(one, Word))
            is_background = self._take("&")
            if chain.parts:
                items.append(Item(chain, is_background, text))
            if not is_background and not self._take(";", "\n") and not self._is_end(ends) and self._here():
                raise ShellError(_unexpected(self._here()))
            self._skip_lines()
        self.depth -= 1
        return Block(tuple(items))

    def _is_end(self, ends: tuple[str, ...]) -> bool:
        here = self._here()
        return self._keyword() in _CLOSING or (isinstance(here, str) and here in {")", ";;", ";&", ";;&", *ends})

    def _chain(self) -> AndOr:
        parts: list[tuple[str, Pipe]] = []
        operator = ""
        while True:
            pipe = self._pipe()
            if pipe.nodes:
                parts.append((operator, pipe))
            here = self._here()
            if here not in {"&&", "||"} or not isinstance(here, str):
                return AndOr(tuple(parts))
            operator = here
            self.at += 1
            self._skip_lines()

    def _pipe(self) -> Pipe:
        is_negated = False
        while self._keyword() in {"!", "time"}:
            is_negated ^= self._take("!")
            self._take("time")
        nodes: list[Node] = []
        while True:
            node = self._command()
            if node is not None:
                nodes.append(node)
            if not self._take("|", "|&"):
                return Pipe(tuple(nodes), is_negated)
            self._skip_lines()

    # ---- commands

    def _command(self) -> Node | None:
        """Read a command; None for a function, which is only kept, and runs where it is called."""
        readers: dict[str, Callable[[], Node | None]] = {
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "case": self._case,
            "{": lambda: self._enclosed("}"),
            "(": self._parenthesis,
            "[[": self._test,
            "function": self._function,
        }
        here = self._here()
        key = here.keyword if isinstance(here, Word) else here
        if key in _UNKNOWN or key in _CLOSING:
            raise ShellError(_unexpected(here))
        if key in readers:
            return readers[key]()
        if self.found[self.at + 1 : self.at + 3] == ["(", ")"] and isinstance(here, Word):
            self._function()
            return None
        words: list[Word] = []
        while isinstance(one := self._here(), Word):
            words.append(one)
            self.at += 1
            if self._here() == "(" and one.value.endswith("="):
                self._skip_parentheses()
        if not words:
            raise ShellError(_unexpected(here))
        return Simple(tuple(words))

    def _enclosed(self, end: str) -> Block:
        self.at += 1
        found = self._block()
        self._want(end)
        return found

    def _parenthesis(self) -> Node:
        if self.found[self.at + 1 : self.at + 2] == ["("]:
            self._skip_parentheses()
            return Simple((Word("(("),))
        return Block(self._enclosed(")").items, is_subshell=True)

    def _skip_parentheses(self) -> None:
        level = 0
        while self.at < len(self.found):
            level += (self._here() == "(") - (self._here() == ")")
            self.at += 1
            if not level:
                return
        message = "a parenthesis is not closed"
        raise ShellError(message)

    def _test(self) -> Simple:
        words: list[Word] = []
        while self._keyword() != "]]":
            if self.at >= len(self.found):
                message = "`[[` is not closed"
                raise ShellError(message)
            one = self._here()
            words.append(one if isinstance(one, Word) else Word(one))
            self.at += 1
        self.at += 1
        return Simple(tuple(words))

    def _function(self) -> None:
        self._take("function")
        name = self._here()
        self.at += 1
        if self._take("("):
            self._want(")")
        self._skip_lines()
        body = self._command()
        if not isinstance(name, Word) or body is None:
            raise ShellError(_unexpected(name))
        chain = AndOr((("", Pipe((body,), is_negated=False)),))
        if name.value in self.functions:
            message = f"the function {name.value[:60]} is written twice"
            raise ShellError(message)
        self.functions[name.value] = body if isinstance(body, Block) else Block((Item(chain, False, ""),))  # noqa: FBT003

    def _if(self) -> Choice:
        branches: list[tuple[Block | None, Block]] = []
        while self._take("if", "elif"):
            test = self._block()
            self._want("then")
            branches.append((test, self._block()))
        otherwise = self._block() if self._take("else") else None
        self._want("fi")
        return Choice(tuple(branches), otherwise)

    def _while(self) -> Loop:
        self.at += 1
        test = self._block()
        return Loop(test, self._body(), is_sure=False)

    def _for(self) -> Loop:
        self.at += 1
        words: list[Word] = []
        while self.at < len(self.found) and self._keyword() != "do":
            here = self._here()
            words += [here] if isinstance(here, Word) else []
            self.at += 1
        is_sure = len(words) == 3 and words[2].is_literal and words[1].keyword == "in"  # noqa: PLR2004 - for x in one
        return Loop(None, self._body(), is_sure=is_sure)

    def _body(self) -> Block:
        self._want("do")
        body = self._block()
        self._want("done")
        return body

    def _case(self) -> Choice:
        self.at += 2
        self._skip_lines()
        self._want("in")
        branches: list[tuple[Block | None, Block]] = []
        otherwise: Block | None = None
        self._skip_lines()
        while not self._take("esac"):
            self._take("(")
            pattern: list[str] = []
            while not self._take(")"):
                if self.at >= len(self.found):
                    message = "`case` is not closed"
                    raise ShellError(message)
                here = self._here()
                pattern.append(here.value if isinstance(here, Word) else here)
                self.at += 1
            body = self._block()
            if pattern == ["*"]:
                otherwise = body
            else:
                branches.append((None, body))
            self._take(";;", ";&", ";;&")
            self._skip_lines()
        return Choice(tuple(branches), otherwise)


def _unexpected(here: Word | str) -> str:
    shown = here.value if isinstance(here, Word) else here
    return f"`{shown[:40]}` is not expected" if shown.strip() else "it ends too early"

"""The words of a shell script become a tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gatepost.definitions.shell.cursor import Cursor, unexpected
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import AndOr, Block, Choice, Item, Loop, Node, Pipe, Script, Simple
from gatepost.definitions.shell.words import Word, tokens

__all__ = ["parse"]

_DEEPEST: Final = 40
_CLOSING: Final = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_UNKNOWN: Final = frozenset({"select", "coproc"})


def parse(text: str) -> Script:
    """Read a script.

    Raises:
        ShellError: it is none, or has what is not followed here.
    """
    return _Parser(tokens(text)).script()


class _Parser(Cursor):
    def __init__(self, found: list[Word | str]) -> None:
        super().__init__(found)
        self.depth = 0
        self.functions: dict[str, Block] = {}

    def script(self) -> Script:
        body = self._block()
        if self.at < len(self.found):
            raise ShellError(unexpected(self.here()))
        return Script(body, self.functions)

    # ---- lists

    def _block(self, *ends: str) -> Block:
        self.depth += 1
        if self.depth > _DEEPEST:
            message = "it nests too deep"
            raise ShellError(message)
        items: list[Item] = []
        self.skip_lines()
        while self.at < len(self.found) and not self._is_end(ends):
            begin = self.at
            chain = self._chain()
            text = " ".join(one.value for one in self.found[begin : self.at] if isinstance(one, Word))
            is_background = self.take("&")
            if chain.parts:
                items.append(Item(chain, is_background, text))
            if not is_background and not self.take(";", "\n") and not self._is_end(ends) and self.here():
                raise ShellError(unexpected(self.here()))
            self.skip_lines()
        self.depth -= 1
        return Block(tuple(items))

    def _is_end(self, ends: tuple[str, ...]) -> bool:
        here = self.here()
        return self.keyword() in _CLOSING or (isinstance(here, str) and here in {")", ";;", ";&", ";;&", *ends})

    def _chain(self) -> AndOr:
        parts: list[tuple[str, Pipe]] = []
        operator = ""
        while True:
            pipe = self._pipe()
            if pipe.nodes:
                parts.append((operator, pipe))
            here = self.here()
            if here not in {"&&", "||"} or not isinstance(here, str):
                return AndOr(tuple(parts))
            operator = here
            self.at += 1
            self.skip_lines()

    def _pipe(self) -> Pipe:
        is_negated = False
        while self.keyword() in {"!", "time"}:
            is_negated ^= self.take("!")
            self.take("time")
        nodes: list[Node] = []
        while True:
            node = self._command()
            if node is not None:
                nodes.append(node)
            if not self.take("|", "|&"):
                return Pipe(tuple(nodes), is_negated)
            self.skip_lines()

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
        here = self.here()
        key = here.keyword if isinstance(here, Word) else here
        if key in _UNKNOWN or key in _CLOSING:
            raise ShellError(unexpected(here))
        if key in readers:
            return readers[key]()
        if self.found[self.at + 1 : self.at + 3] == ["(", ")"] and isinstance(here, Word):
            self._function()
            return None
        words: list[Word] = []
        while isinstance(one := self.here(), Word):
            words.append(one)
            self.at += 1
            if self.here() == "(" and one.value.endswith("="):
                self._skip_parentheses()
        if not words:
            raise ShellError(unexpected(here))
        return Simple(tuple(words))

    def _enclosed(self, end: str) -> Block:
        self.at += 1
        found = self._block()
        self.want(end)
        return found

    def _parenthesis(self) -> Node:
        if self.found[self.at + 1 : self.at + 2] == ["("]:
            self._skip_parentheses()
            return Simple((Word("(("),))
        return Block(self._enclosed(")").items, is_subshell=True)

    def _skip_parentheses(self) -> None:
        level = 0
        while self.at < len(self.found):
            level += (self.here() == "(") - (self.here() == ")")
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
            words.append(one if isinstance(one, Word) else Word(one))
            self.at += 1
        self.at += 1
        return Simple(tuple(words))

    def _function(self) -> None:
        self.take("function")
        name = self.here()
        self.at += 1
        if self.take("("):
            self.want(")")
        self.skip_lines()
        body = self._command()
        if not isinstance(name, Word) or body is None:
            raise ShellError(unexpected(name))
        chain = AndOr((("", Pipe((body,), is_negated=False)),))
        if name.value in self.functions:
            message = f"the function {name.value[:60]} is written twice"
            raise ShellError(message)
        self.functions[name.value] = body if isinstance(body, Block) else Block((Item(chain, False, ""),))  # noqa: FBT003

    def _if(self) -> Choice:
        branches: list[tuple[Block | None, Block]] = []
        while self.take("if", "elif"):
            test = self._block()
            self.want("then")
            branches.append((test, self._block()))
        otherwise = self._block() if self.take("else") else None
        self.want("fi")
        return Choice(tuple(branches), otherwise)

    def _while(self) -> Loop:
        self.at += 1
        test = self._block()
        return Loop(test, self._body(), is_sure=False)

    def _for(self) -> Loop:
        self.at += 1
        words: list[Word] = []
        while self.at < len(self.found) and self.keyword() != "do":
            here = self.here()
            words += [here] if isinstance(here, Word) else []
            self.at += 1
        is_sure = len(words) == 3 and words[2].is_literal and words[1].keyword == "in"  # noqa: PLR2004 - for x in one
        return Loop(None, self._body(), is_sure=is_sure)

    def _body(self) -> Block:
        self.want("do")
        body = self._block()
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
                pattern.append(here.value if isinstance(here, Word) else here)
                self.at += 1
            body = self._block()
            if pattern == ["*"]:
                otherwise = body
            else:
                branches.append((None, body))
            self.take(";;", ";&", ";;&")
            self.skip_lines()
        return Choice(tuple(branches), otherwise)

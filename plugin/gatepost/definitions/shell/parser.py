"""The words of a shell script become a tree."""

from __future__ import annotations

from typing import Final

from gatepost.definitions.shell.compound import Compounds
from gatepost.definitions.shell.cursor import unexpected
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import AndOr, Block, Item, Node, Pipe, Redirected, Script, Simple
from gatepost.definitions.shell.words import Redirection, Token, Word, tokens

__all__ = ["parse"]

_DEEPEST: Final = 40
_MOST_EVALS: Final = 10
_CLOSING: Final = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_UNKNOWN: Final = frozenset({"select", "coproc"})
_MEANINGS: Final = {
    "alias": "an alias may give a command another meaning",
    "enable": "a command may be another one than its name says",
    "hash": "a command may be another one than its name says",
}
"""Commands that change what the names of others mean."""


def parse(text: str, above: Script | None = None) -> Script:
    """Read a script.

    Args:
        text: the script.
        above: the script that runs it in a copy of its own shell, whose functions it has.

    Raises:
        ShellError: it is none, or has what is not followed here.
    """
    made = _Parser(tokens(text), above).script()
    made.text = text if above is None else f"{text}\n{above.text}"
    return made


class _Parser(Compounds):
    def __init__(self, found: list[Token], above: Script | None) -> None:
        super().__init__(found)
        self.depth = 0
        self.evals = 0
        self.above = above
        self.made = Script(Block(()))
        self.is_joined = False
        """Whether the place is behind `&&` or `||`."""

    def script(self) -> Script:
        self.made.body = self._all()
        if self.above is not None:
            self.made.functions = {**self.above.functions, **self.made.functions}
            self.made.conditional |= self.above.conditional
        return self.made

    def _all(self) -> Block:
        body = self.block()
        if self.at < len(self.found):
            raise ShellError(unexpected(self.here()))
        return body

    # ---- lists

    def block(self) -> Block:
        self.depth += 1
        if self.depth > _DEEPEST:
            message = "it nests too deep"
            raise ShellError(message)
        items: list[Item] = []
        self.skip_lines()
        while self.at < len(self.found) and not self._is_end():
            begin = self.at
            chain = self._chain()
            text = " ".join(one.value for one in self.found[begin : self.at] if isinstance(one, Word))
            is_background = self.take("&")
            if chain.parts:
                items.append(Item(chain, is_background, text))
            if not is_background and not self.take(";", "\n") and not self._is_end() and self.here():
                raise ShellError(unexpected(self.here()))
            self.skip_lines()
        self.depth -= 1
        return Block(tuple(items))

    def _is_end(self) -> bool:
        return self.keyword() in _CLOSING or self.here() in {")", ";;", ";&", ";;&"}

    def _chain(self) -> AndOr:
        parts: list[tuple[str, Pipe]] = []
        operator = ""
        kept = self.is_joined
        while True:
            self.is_joined = kept or operator != ""
            pipe = self._pipe()
            if pipe.nodes:
                parts.append((operator, pipe))
            here = self.here()
            if not isinstance(here, str) or here not in {"&&", "||"}:
                self.is_joined = kept
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
        here = self.here()
        key = here.keyword if isinstance(here, Word) else here
        if not isinstance(key, Redirection):
            if key in _UNKNOWN or key in _CLOSING:
                raise ShellError(unexpected(here))
            if key in self.readers:
                return self._redirected(self.readers[key]())
        if isinstance(here, Word) and (key == "function" or self.found[self.at + 1 : self.at + 3] == ["(", ")"]):
            self._function()
            return None
        return self._simple()

    def _redirected(self, node: Node) -> Node:
        given: list[Redirection] = []
        while isinstance(one := self.here(), Redirection):
            given.append(one)
            self.at += 1
        return Redirected(node, tuple(given)) if given else node

    def _simple(self) -> Node:
        words: list[Word] = []
        redirections: list[Redirection] = []
        begin = self.here()
        while isinstance(one := self.here(), Word | Redirection):
            self.at += 1
            if isinstance(one, Redirection):
                redirections.append(one)
                continue
            words.append(one)
            if self.here() == "(" and one.value.endswith("="):
                begin_items = self.at
                self.skip_parentheses()
                inside = self.found[begin_items + 1 : self.at - 1]
                one.items = tuple(item for item in inside if isinstance(item, Word))
        if not words and not redirections:
            raise ShellError(unexpected(begin))
        name = words[0].value if words else ""
        if name in _MEANINGS:
            raise ShellError(_MEANINGS[name])
        if name in {"break", "continue"} and not self.loops:
            message = f"`{name}` stands in no loop"
            raise ShellError(message)
        if name == "eval" and all(word.is_literal for word in words):
            inner = self._evaluated(" ".join(word.value for word in words[1:]))
            return Redirected(inner, tuple(redirections)) if redirections else inner
        return Simple(tuple(words), tuple(redirections))

    def _evaluated(self, text: str) -> Block:
        """Read what `eval` runs, which is a part of the script as everything around it."""
        self.evals += 1
        if self.evals > _MOST_EVALS:
            message = "it holds `eval` too often, or too deep"
            raise ShellError(message)
        kept = self.found, self.at
        self.found, self.at = tokens(text), 0
        inner = self._all()
        self.found, self.at = kept
        return Block(inner.items, is_evaluated=True)

    def _function(self) -> None:
        self.take("function")
        name = self.here()
        self.at += 1
        if self.take("("):
            self.want(")")
        self.skip_lines()
        loops, self.loops = self.loops, 0
        begin = self.at
        body = self._command()
        text = " ".join(one.value for one in self.found[begin : self.at] if isinstance(one, Word))
        self.loops = loops
        if not isinstance(name, Word) or body is None:
            raise ShellError(unexpected(name))
        if name.value in self.made.functions:
            message = f"the function {name.value[:60]} is written twice"
            raise ShellError(message)
        chain = AndOr((("", Pipe((body,), is_negated=False)),))
        block = body if isinstance(body, Block) else Block((Item(chain, is_background=False, text=text),))
        self.made.functions[name.value] = block
        if self.depth > 1 or self.is_joined:
            self.made.conditional.add(name.value)

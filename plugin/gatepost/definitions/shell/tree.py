"""A shell script as a tree: lists, pipelines, branches, loops, functions."""

from __future__ import annotations

from dataclasses import dataclass, field

from gatepost.definitions.shell.words import Word

__all__ = ["AndOr", "Block", "Choice", "Item", "Loop", "Node", "Pipe", "Script", "Simple"]


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

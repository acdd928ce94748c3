"""A shell script as a tree: lists, pipelines, branches, loops, functions."""

from __future__ import annotations

from dataclasses import dataclass, field

from gatepost.definitions.shell.words import Redirection, Word

__all__ = ["AndOr", "Block", "Choice", "Item", "Loop", "Node", "Pipe", "Redirected", "Script", "Simple"]


@dataclass(frozen=True, slots=True, eq=False)
class Simple:
    """A command with its arguments, or a test in brackets."""

    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Commands one after another; a subshell cannot end the shell around it."""

    items: tuple[Item, ...]
    is_subshell: bool = False
    is_evaluated: bool = False
    """Whether `eval` runs them, which is one command to the shell around."""


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
    is_sure: bool = False
    """Whether its body surely runs."""
    is_once: bool = False
    """Whether its body runs once at most."""
    is_until: bool = False
    """Whether it runs while its test fails."""
    name: str = ""
    """The variable that it gives one value after another."""
    words: tuple[Word, ...] | None = None
    """These values; None where they are not listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Redirected:
    """Anything but a plain command, whose input or output goes elsewhere."""

    node: Node
    redirections: tuple[Redirection, ...]


Node = Simple | Block | Choice | Loop | Redirected


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


@dataclass(slots=True)
class Script:
    """A whole script."""

    body: Block
    functions: dict[str, Block] = field(default_factory=dict)
    conditional: set[str] = field(default_factory=set)
    """The functions that only a part of the script makes, which may not run."""
    text: str = ""

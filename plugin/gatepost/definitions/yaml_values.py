"""Values of other tools' YAML: mappings that know their lines, tagged values, and how nodes become them, within bounds.

Plain scalars are read as YAML 1.2 has them: `on` is a text, not a truth value.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book.nodes import MAX_DEPTH, PLAIN
from gatepost.definitions.definition import DefinitionError

__all__ = ["Lined", "Tagged", "Unfolding", "as_dict", "as_list", "as_text", "line_of", "listed"]

_MAX_NODES: Final = 200_000
_MAX_TEXT: Final = 16 * 1024 * 1024
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_BASED: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LONGEST: Final = 40
"""A longer run of digits is a text, an id for instance; turning it into a number could take long."""
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Lined(dict[str, Any]):
    """A mapping that knows its line, and that of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.typed: dict[str, Any] = {}
        """The keys that are no text, with what they are: a number, a truth value."""


class Tagged(NamedTuple):
    """A value with a tag of the tool's own, for instance `!reference`."""

    tag: str
    value: Any
    line: int


class Unfolding:
    """The documents of one file; aliases are unfolded, and what is unfolded is counted."""

    def __init__(self, path: str, *, last_wins: bool) -> None:
        self.path = path
        self._last_wins = last_wins
        self._count = 0
        self._text = 0
        self._open: set[int] = set()

    def value(self, node: Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give a node as a value.

        Raises:
            DefinitionError: there is too much of it, it nests too deep, or a mapping has a key twice.
        """
        self._count += 1
        line = node.start_mark.line + 1
        if self._count > _MAX_NODES or id(node) in self._open:
            message = f"{self.path} unfolds into more than {_MAX_NODES:,} values"
            raise DefinitionError(message, "use fewer aliases", self.path, line)
        if isinstance(node, ScalarNode):
            return self._scalar(node, line)
        if len(self._open) >= MAX_DEPTH:
            message = f"{self.path} nests deeper than {MAX_DEPTH} levels"
            raise DefinitionError(message, "flatten it", self.path, line)
        self._open.add(id(node))
        try:
            found = self._mapping(node) if isinstance(node, MappingNode) else [self.value(one) for one in node.value]
        finally:
            self._open.discard(id(node))
        return Tagged(node.tag, found, line) if node.tag.startswith("!") else found

    def _scalar(self, node: ScalarNode, line: int) -> Any:  # noqa: ANN401 - whatever YAML holds
        self._text += len(node.value)
        if self._text > _MAX_TEXT:
            message = f"{self.path} unfolds into more than {_MAX_TEXT // 1024**2} MiB of text"
            raise DefinitionError(message, "use fewer aliases", self.path, line)
        if node.tag is not PLAIN:
            return Tagged(node.tag, node.value, line) if node.tag.startswith("!") else node.value
        text: str = node.value
        if text in _WORDS:
            return _WORDS[text]
        if len(text) > _LONGEST:
            return text
        if _INTEGER.match(text):
            return int(text)
        if _BASED.match(text):
            return int(text, 0)
        return float(text) if _FLOAT.match(text) else text

    def _mapping(self, node: MappingNode) -> Lined:
        found, merged = Lined(node.start_mark.line + 1), Lined(0)
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            if name == "<<" and isinstance(key, ScalarNode) and key.tag is PLAIN:
                self._merge(merged, value)
                continue
            if name in found and not self._last_wins:
                message = f"{self.path} has the key {name[:60]} twice: in line {found.lines[name]} and in line {line}"
                raise DefinitionError(message, "remove one, or give it another name", self.path, line)
            found[name] = self.value(value)
            found.lines[name] = line
            if isinstance(key, ScalarNode) and not isinstance(read := self._scalar(key, line), str):
                found.typed[name] = read
        for name, inner in merged.items():
            if name not in found:
                found[name] = inner
                found.lines[name] = merged.lines.get(name, found.line)
        return found

    def _merge(self, merged: Lined, value: Node) -> None:
        """Add what a merge key names; of several mappings the first wins."""
        for one in value.value if isinstance(value, SequenceNode) else [value]:
            source = self.value(one)
            if not isinstance(source, Lined):
                message = f"{self.path} merges with `<<` what is no mapping"
                raise DefinitionError(message, "name the anchor of a mapping", self.path, value.start_mark.line + 1)
            for name in source.keys() - merged.keys():
                merged.lines[name] = source.lines.get(name, source.line)
            merged.update({name: inner for name, inner in source.items() if name not in merged})


def as_dict(value: Any) -> Lined:  # noqa: ANN401 - whatever YAML holds
    """Give a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, Lined) else Lined(0)


def as_list(value: Any) -> list[Any]:  # noqa: ANN401 - whatever YAML holds
    """Give a list as it is, none for nothing, and a list of one for anything else."""
    return value if isinstance(value, list) else [] if value is None else [value]


def as_text(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    """Give a scalar as text; empty for what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def listed(value: Any) -> list[str]:  # noqa: ANN401 - whatever YAML holds
    """Give the texts of a list, or of one scalar."""
    return [as_text(one) for one in as_list(value) if as_text(one)]


def line_of(mapping: Lined, key: str) -> int:
    """Give the line of a key, or of the mapping when it has none."""
    return mapping.lines.get(key, mapping.line) or 1

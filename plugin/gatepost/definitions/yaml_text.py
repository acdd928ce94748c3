"""YAML of other tools as plain values that know their line. Bounded: a hostile file ends in one clear error.

Plain scalars are read as YAML 1.2 has them: `on` is a text, not a truth value. Tags of other tools are kept.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book import Fault
from gatepost.book.faults import FaultError
from gatepost.book.nodes import MAX_DEPTH, PLAIN, bound_depth, composed
from gatepost.definitions.definition import DefinitionError

__all__ = ["Lined", "Tagged", "as_dict", "as_list", "as_text", "line_of", "listed", "load_yaml"]

_MAX_BYTES: Final = 4 * 1024 * 1024
_MAX_NODES: Final = 200_000
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
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


class Tagged(NamedTuple):
    """A value with a tag of the tool's own, for instance `!reference`."""

    tag: str
    value: Any
    line: int


def load_yaml(path: str, content: bytes) -> list[Any]:
    """Read every document of a YAML file.

    Args:
        path: where it is, for messages.
        content: its bytes.

    Raises:
        DefinitionError: it is too large, not UTF-8, not YAML, nests too deep or unfolds into too much.
    """
    if len(content) > _MAX_BYTES:
        message = f"{path} is larger than {_MAX_BYTES // 1024**2} MiB"
        raise DefinitionError(message, "name the definition itself, not what it produced", path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"{path} is not UTF-8"
        raise DefinitionError(message, "save it as UTF-8", path, line) from None
    try:
        bound_depth(text, 0)
        return [_Reading(path).value(node) for node in composed(text)]
    except FaultError as error:
        raise _too_deep(path, text, error.fault) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark is not None else 1
        tab = text.splitlines()[line - 1 : line] if mark is not None else []
        hint = "YAML indents with spaces; replace the tab" if tab and "\t" in tab[0] else "correct the YAML here"
        message = f"{path} is not YAML: {problem}"
        raise DefinitionError(message, hint, path, line) from None


def _too_deep(path: str, text: str, fault: Fault) -> DefinitionError:
    line = text.count("\n", 0, fault.at if isinstance(fault.at, int) else 0) + 1
    return DefinitionError(f"{path} nests deeper than {MAX_DEPTH} levels", "flatten it", path, line)


class _Reading:
    """One document; aliases are unfolded, and what is unfolded is counted."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._count = 0
        self._open: set[int] = set()

    def value(self, node: Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give a node as a value."""
        self._count += 1
        line = node.start_mark.line + 1
        if self._count > _MAX_NODES or id(node) in self._open:
            message = f"{self.path} unfolds into more than {_MAX_NODES:,} values"
            raise DefinitionError(message, "use fewer aliases", self.path, line)
        if isinstance(node, ScalarNode):
            return self._scalar(node, line)
        self._open.add(id(node))
        try:
            found = self._mapping(node) if isinstance(node, MappingNode) else [self.value(one) for one in node.value]
        finally:
            self._open.discard(id(node))
        return Tagged(node.tag, found, line) if node.tag.startswith("!") else found

    def _scalar(self, node: ScalarNode, line: int) -> Any:  # noqa: ANN401 - whatever YAML holds
        if node.tag is not PLAIN:
            return Tagged(node.tag, node.value, line) if node.tag.startswith("!") else node.value
        text: str = node.value
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            return int(text) if len(text) < 20 else text  # noqa: PLR2004 - no number of a pipeline is longer
        return float(text) if _FLOAT.match(text) else text

    def _mapping(self, node: MappingNode) -> Lined:
        found, merged = Lined(node.start_mark.line + 1), Lined(0)
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            if name == "<<" and isinstance(key, ScalarNode) and key.tag is PLAIN:
                sources = value.value if isinstance(value, SequenceNode) else [value]
                for source in reversed([self.value(one) for one in sources]):
                    if isinstance(source, Lined):
                        merged.update(source)
                        merged.lines.update(source.lines)
                continue
            found[name] = self.value(value)
            found.lines[name] = key.start_mark.line + 1
        for name, inner in merged.items():
            if name not in found:
                found[name] = inner
                found.lines[name] = merged.lines.get(name, found.line)
        return found


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

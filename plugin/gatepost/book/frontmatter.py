"""Text to frontmatter: strict YAML, with a clear message for each of its traps.

The fences are those of python-frontmatter; the nodes come from libyaml's parser, with their marks.
What YAML 1.1 would silently turn into something else (`on`, `1:30`, `007`) is a fault, because
other readers of the same file, MkDocs among them, would see another value.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book.document import Document
from gatepost.book.faults import Fault
from gatepost.records import PASS_THROUGH

try:
    from yaml._yaml import CParser as _Parser
except ImportError as error:  # pragma: no cover - PyYAML's wheels all carry libyaml
    message = "PyYAML was installed without libyaml; install a wheel of PyYAML, or libyaml and rebuild it"
    raise ImportError(message) from error

__all__ = ["MAX_FILE", "MAX_FRONT", "compose", "read_document", "read_text"]

MAX_FILE: Final = 2 * 1024 * 1024
"""The largest record that is read, in bytes."""
MAX_FRONT: Final = 256 * 1024
"""The largest frontmatter that is read, in characters."""
_MAX_NODES: Final = 20_000
_MAX_DEPTH: Final = 40
_FEW: Final = 400
"""So few brackets and dashes cannot nest deep enough to matter."""

_HANDLER: Final = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_HEADING: Final = re.compile(r"^#{1,6} \S", re.MULTILINE)
_INT: Final = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})\Z")
_FLOAT: Final = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)\.\d*|\.\d+|(?:0|[1-9]\d*)(?=[eE]))(?:[eE][+-]?\d+)?\Z")
_SPECIAL: Final = re.compile(r"[+-]?\.(?:inf|Inf|INF|nan|NaN|NAN)\Z")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_YES_NO: Final = re.compile(r"(?:yes|no|on|off)\Z", re.IGNORECASE)
_CLOCK: Final = re.compile(r"[+-]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?\Z")
_ODD_INT: Final = re.compile(r"[+-]?(?:0[\d_]+|0x[\da-fA-F_]+|0b[01_]+|0o[0-7]+|\d[\d_]*_[\d_]*)\Z")
_NUMERIC_START: Final = frozenset("0123456789+-.")


class _Loader(_Parser):
    """libyaml's composer without PyYAML's resolvers: a tag tells plain scalars from quoted ones, no more."""

    def __init__(self, text: str) -> None:
        _Parser.__init__(self, text)

    def resolve(self, kind: type[Node], _value: object, implicit: Any) -> str:  # noqa: ANN401 - PyYAML's own signature
        return "plain" if kind is ScalarNode and implicit[0] else "quoted"

    def descend_resolver(self, _parent: Node | None, _index: object) -> None:
        """Resolve nothing by path."""

    def ascend_resolver(self) -> None:
        """Resolve nothing by path."""


class _FaultError(Exception):
    """A fault found while reading; carries it to the edge of this module."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def compose(front: str) -> Node | None:
    """Give the node tree of a frontmatter that is known to be readable."""
    node: Node | None = _Loader(front).get_single_node()
    return node


def read_document(path: str, content: bytes) -> Document:
    """Read one file; whatever is wrong with it becomes its faults, never an exception."""
    if len(content) > MAX_FILE:
        limit = f"{MAX_FILE // 1024 // 1024} MiB"
        hint = "move data into a file below evidence/"
        return Document(path, faults=(Fault(f"the file is larger than {limit}", hint),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the file is not UTF-8: byte 0x{content[error.start]:02x} in line {line}"
        return Document(path, faults=(Fault(message, "save it as UTF-8"),))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return read_text(path, text)


def read_text(path: str, text: str) -> Document:
    r"""Read a file's text, whose line ends are `\n`."""
    document = Document(path, text)
    try:
        _refuse_nul(text)
        if not _split(document):
            return document
        document.data = _data(document)
    except _FaultError as error:
        document.faults = (error.fault,)
    except (yaml.YAMLError, RecursionError) as error:
        document.faults = (_explain(document, error),)
    return document


def _refuse_nul(text: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        raise _FaultError(Fault("a NUL byte stands in the text", "remove it; the file may be binary", nul))


def _split(document: Document) -> bool:
    """Find the fences; give False for a file without frontmatter."""
    text = document.text
    if not text.startswith("---"):
        if text.lstrip().startswith("---\n") and _looks_like_yaml(text.lstrip()[4:]):
            hint = "remove the blank lines above it: MkDocs would show it as text"
            raise _FaultError(Fault("the frontmatter does not start in the first line", hint, 0))
        return False
    opening = text[: text.find("\n")] if "\n" in text else text
    if opening.rstrip() != "---":
        if set(opening.rstrip()) != {"-"}:
            return False
        raise _FaultError(Fault(f"the frontmatter's fence is {opening.rstrip()}", "write three dashes: ---", 0))
    try:
        front, body = _HANDLER.split(text)
    except ValueError:
        hint = "write --- on a line of its own below the last key"
        raise _FaultError(Fault("the frontmatter's closing --- is missing", hint, 0)) from None
    document.front = front.removeprefix("\n")
    document.front_start = len(opening) + 1
    document.body_start = len(text) - len(body.removeprefix("\n"))
    if len(document.front) > MAX_FRONT:
        size = f"{len(document.front) // 1024} KiB"
        hint = f"at most {MAX_FRONT // 1024} KiB; move data into a file below evidence/"
        raise _FaultError(Fault(f"the frontmatter has {size}", hint, 0))
    return True


def _looks_like_yaml(text: str) -> bool:
    return bool(re.match(r"[A-Za-z_-]+:(?: |\n)", text))


def _data(document: Document) -> dict[str, Any]:
    front = document.front
    if conflict := _CONFLICT.search(document.text):
        hint = "resolve the merge conflict and remove its markers"
        raise _FaultError(Fault("a merge-conflict marker stands in the file", hint, conflict.start()))
    _bound_depth(front, document.front_start)
    node = compose(front)
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        hint = "write `key: value` lines between the fences"
        raise _FaultError(Fault("the frontmatter is not a mapping of keys to values", hint, document.front_start))
    return _Builder(document.front_start).mapping(node, 0, top=True)


def _bound_depth(front: str, start: int) -> None:
    """Refuse deep nesting before libyaml's composer, which recurses in C, sees it."""
    openers = front.count("[") + front.count("{") + front.count("- ") + front.count("? ") + front.count("-\t")
    if openers < _FEW:
        return
    depth, parser = 0, _Parser(front)
    while parser.check_event():
        event = parser.get_event()
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > _MAX_DEPTH:
                raise _too_deep(start + (event.start_mark.index if event.start_mark else 0))
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1


def _too_deep(offset: int) -> _FaultError:
    return _FaultError(Fault(f"the frontmatter nests deeper than {_MAX_DEPTH} levels", "flatten it", offset))


class _Builder:
    """Nodes to plain Python values, refusing what YAML would silently change."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.nodes = 0

    def fault(self, node: Node, message: str, hint: str) -> _FaultError:
        return _FaultError(Fault(message, hint, self.start + node.start_mark.index))

    def value(self, node: Node, depth: int) -> Any:  # noqa: ANN401 - YAML holds anything
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            message = f"the frontmatter holds more than {_MAX_NODES:,} values, its aliases written out"
            raise self.fault(node, message, "use fewer aliases, or move data into a file below evidence/")
        if depth > _MAX_DEPTH:
            raise _too_deep(self.start + node.start_mark.index)
        if type(node) is ScalarNode:
            text: str = node.value
            if node.tag == "plain":
                return self.plain(node, text)
            if node.tag == "quoted":
                return text
        elif type(node) is MappingNode and node.tag == "quoted":
            return self.mapping(node, depth)
        elif type(node) is SequenceNode and node.tag == "quoted":
            return [self.value(item, depth + 1) for item in node.value]
        raise self.fault(node, f"the tag {node.tag} is not allowed", "remove the tag; put text in quotes")

    def mapping(self, node: MappingNode, depth: int, *, top: bool = False) -> dict[str, Any]:
        data: dict[str, Any] = {}
        seen: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            same = key.replace("_", "-")
            if same in seen:
                line = seen[same].start_mark.line + 2
                twin = "" if key == seen[same].value else f", which is the same as {seen[same].value},"
                raise self.fault(key_node, f"the key {key}{twin} stands here again, first in line {line}", "keep one")
            seen[same] = key_node
            if top and (key.startswith("x-") or key in PASS_THROUGH):
                continue
            data[key] = self.value(value_node, depth + 1)
        return data

    def key(self, node: Node) -> str:
        if type(node) is not ScalarNode:
            raise self.fault(node, "a key is a list or a mapping", "write keys as plain words")
        key: str = node.value
        if node.tag == "plain" and (_YES_NO.match(key) or key in _TRUTHS):
            raise self.fault(node, f"YAML 1.1 reads the key {key} as a truth value", f'write "{key}" in quotes')
        if key == "<<":
            raise self.fault(node, "the merge key << is not supported", "write the keys out")
        return key

    def plain(self, node: Node, text: str) -> Any:  # noqa: ANN401 - a scalar is text, a number, a day or nothing
        if text in _NULLS:
            return None
        if text[0] in _NUMERIC_START:
            return self.number(node, text)
        if text in _TRUTHS:
            return _TRUTHS[text]
        if len(text) <= 3 and _YES_NO.match(text):  # noqa: PLR2004 - `off` is the longest
            hint = f'write true or false, or "{text}" in quotes for the word'
            raise self.fault(node, f"YAML 1.1 reads {text} as a truth value", hint)
        return text

    def number(self, node: Node, text: str) -> Any:  # noqa: ANN401 - see plain
        if _INT.match(text):
            return int(text)
        if _DAY.match(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                raise self.fault(node, f"{text} is not a day of the calendar", "correct the date") from None
        if _FLOAT.match(text) or _SPECIAL.match(text):
            from decimal import Decimal  # noqa: PLC0415 - most records hold no fraction

            if _SPECIAL.match(text):
                return float(text.replace(".", "", 1))
            return Decimal(text)
        if _CLOCK.match(text):
            hint = f'write "{text}" in quotes, or a duration such as 90s or 10m'
            raise self.fault(node, f"YAML 1.1 reads {text} as a number to base 60", hint)
        if _ODD_INT.match(text):
            hint = f'write "{text}" in quotes, or the plain number'
            raise self.fault(node, f"YAML readers disagree about {text}: some read an octal or shortened number", hint)
        return text


def _explain(document: Document, error: Exception) -> Fault:
    """Turn what libyaml says into a fault that a person can act on."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = getattr(mark, "index", 0) if mark is not None else getattr(error, "position", 0) or 0
    offset = document.front_start + index
    line_start = document.text.rfind("\n", 0, offset) + 1
    line = document.text[line_start : (document.text.find("\n", offset) + 1 or len(document.text) + 1) - 1]
    if "\t" in line[: len(line) - len(line.lstrip())] or document.text[offset : offset + 1] == "\t":
        return Fault("a tab indents this line", "YAML indents with spaces; replace the tab", offset)
    heading = _HEADING.search(document.front)
    if heading and document.front_start + heading.start() < offset and "\n\n" in document.front:
        hint = "write --- on a line of its own below the last key"
        return Fault("the frontmatter's closing --- is missing: Markdown follows its keys", hint, 0)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).splitlines()[0]
    return Fault(f"the frontmatter is not YAML: {problem}", _yaml_hint(problem, line), offset)


def _yaml_hint(problem: str, line: str) -> str:
    if "mapping values are not allowed" in problem or line.count(": ") > 1:
        return "put a value that holds `: ` in quotes, and check the indentation"
    if "cannot start any token" in problem:
        return "put a value that starts with @, `, % or another sign of YAML in quotes"
    if "alias" in problem:
        return "put a value that starts with * or & in quotes"
    if "did not find expected" in problem:
        return "close each quote and bracket, and indent siblings alike"
    return "correct the YAML here; put text with special signs in quotes"

"""YAML text to a tree of nodes with their marks, and what libyaml refuses in words that people can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import yaml
from yaml.nodes import Node, ScalarNode

from gatepost.book.document import Document
from gatepost.book.faults import Fault, FaultError
from gatepost.book.invisible import invisible_in

try:
    from yaml._yaml import CParser as _Parser
except ImportError as error:  # pragma: no cover - PyYAML's wheels all carry libyaml
    message = "PyYAML was installed without libyaml; install a wheel of PyYAML, or libyaml and rebuild it"
    raise ImportError(message) from error

__all__ = [
    "MAX_DEPTH",
    "PLAIN",
    "QUOTED",
    "bound_depth",
    "compose",
    "composed",
    "explain_yaml",
    "stopped_at",
    "too_deep",
    "yaml_hint",
]

MAX_DEPTH: Final = 40
"""How many levels of lists and mappings a frontmatter may have."""
_FEW: Final = 400
"""So few brackets and dashes cannot nest deep enough to matter."""
_OPENER: Final = re.compile(r"[\[{]")
_HEADING: Final = re.compile(r"^#{1,6} \S", re.MULTILINE)
_SENTENCE: Final = re.compile(r"^(?![\[{\"'|>&*!%@`#-]|[\w-]+:)\S+(?: \S+){2,}+$", re.MULTILINE)
"""A line at the margin with three words or more and no key: prose, not YAML."""

_NO_SPACE: Final = re.compile(r"[ ]*(?:- +)*[A-Za-z][\w-]*(:)(?!//)[^\s:]")
"""A key whose value follows its colon at once."""

PLAIN: Final = "plain"
QUOTED: Final = "quoted"
"""The tags that the loader gives. They are compared by identity: a file may hold the tag `!<plain>`."""


class _Loader(_Parser):
    """libyaml's composer without PyYAML's resolvers: a tag tells plain scalars from quoted ones, no more."""

    def __init__(self, text: str) -> None:
        _Parser.__init__(self, text)

    def resolve(self, kind: type[Node], _value: object, implicit: Any) -> str:  # noqa: ANN401 - PyYAML's own signature
        return PLAIN if kind is ScalarNode and implicit[0] else QUOTED

    def descend_resolver(self, _parent: Node | None, _index: object) -> None:
        """Resolve nothing by path."""

    def ascend_resolver(self) -> None:
        """Resolve nothing by path."""


def compose(front: str) -> Node | None:
    """Give the node tree of a frontmatter that is known to be readable."""
    node: Node | None = _Loader(front).get_single_node()
    return node


def composed(text: str) -> Iterator[Node]:
    """Give the node tree of each document of a stream; tags other than YAML's own are kept."""
    loader = _Loader(text)
    while loader.check_node():
        node = loader.get_node()
        if node is not None:
            yield node


def bound_depth(front: str, start: int) -> None:
    """Refuse deep nesting before libyaml's composer, which recurses in C, sees it."""
    openers = front.count("[") + front.count("{") + front.count("- ") + front.count("? ") + front.count("-\t")
    if openers < _FEW:
        return
    depth, read, parser = 0, 0, _Parser(front)
    try:
        while parser.check_event():
            event = parser.get_event()
            read = event.end_mark.index if event and event.end_mark else read
            if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
                depth += 1
                if depth > MAX_DEPTH:
                    raise too_deep(start + (event.start_mark.index if event.start_mark else 0))
            elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        if "nesting depth" not in (error.problem or ""):
            raise
        # A newer libyaml looks ahead, and has a bound of its own that lies further in.
        openers_ahead = islice(_OPENER.finditer(front, read), MAX_DEPTH - depth, None)
        raise too_deep(start + next((one.start() for one in openers_ahead), read)) from None


def too_deep(offset: int) -> FaultError:
    """Give the fault of nesting that goes too deep."""
    return FaultError(Fault(f"the frontmatter nests deeper than {MAX_DEPTH} levels", "flatten it", offset))


def explain_yaml(document: Document, error: Exception) -> Fault:
    """Turn what libyaml says into a fault that a person can act on."""
    if isinstance(error, RecursionError):
        return too_deep(document.front_start).fault
    offset = document.front_start + stopped_at(document.front, error)
    line_start = document.text.rfind("\n", 0, offset) + 1
    line = document.text[line_start : (document.text.find("\n", offset) + 1 or len(document.text) + 1) - 1]
    if "\t" in line[: len(line) - len(line.lstrip())] or document.text[offset : offset + 1] == "\t":
        return Fault("a tab indents this line", "YAML indents with spaces; replace the tab", offset)
    if _is_unclosed(document.front, offset - document.front_start):
        hint = "write --- on a line of its own below the last key"
        return Fault("the frontmatter's closing --- is missing: Markdown follows its keys", hint, 0)
    above = max(document.text.rfind("\n", 0, max(line_start - 1, 0)) + 1, document.front_start)
    for start in (line_start, above):
        if unseen := invisible_in(document.text[start:].partition("\n")[0].partition(":")[0]):
            return Fault(f"this line holds {unseen[0]}", unseen[1], start + unseen[2])
    if (colon := _tight_colon(document, error, line_start, above)) is not None:
        return Fault("no space follows the colon of this key", "put a space after the colon", colon)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).splitlines()[0]
    return Fault(f"the frontmatter is not YAML: {problem}", yaml_hint(problem, line), offset)


def stopped_at(front: str, error: Exception) -> int:
    """Give the character at which libyaml stopped; it counts bytes where it cannot read a character."""
    if isinstance(error, yaml.reader.ReaderError):
        return len(front.encode("utf-8", "surrogatepass")[: error.position].decode("utf-8", "ignore"))
    marks = [getattr(error, "problem_mark", None), getattr(error, "context_mark", None)]
    if "quoted scalar" in (getattr(error, "context", None) or ""):
        marks.reverse()  # where the quote opens says more than where the text ends
    mark = next((mark for mark in marks if mark is not None), None)
    return int(mark.index) if mark is not None else 0


def _tight_colon(document: Document, error: Exception, line_start: int, above: int) -> int | None:
    """Give the offset of a colon without a space that libyaml may have stumbled over: in its line or the one above."""
    problem = getattr(error, "problem", None) or ""
    starts = {
        "could not find expected ':'": (line_start, above),
        "mapping values are not allowed in this context": (above,),
    }.get(problem, ())
    found = (_NO_SPACE.match(document.text, start) for start in starts)
    return next((match.start(1) for match in found if match), None)


def _is_unclosed(front: str, offset: int) -> bool:
    """Tell whether Markdown stands among the keys: a heading, and a blank line before it or a sentence."""
    heading = _HEADING.search(front)
    if heading is None:
        return False
    return ("\n\n" in front and heading.start() < offset) or _SENTENCE.search(front) is not None


def yaml_hint(problem: str, line: str) -> str:
    """Give what mends a problem that libyaml names, in a line of the text."""
    if "mapping values are not allowed" in problem or line.count(": ") > 1:
        return "put a value that holds `: ` in quotes, and check the indentation"
    if problem == "found unexpected end of stream":
        return "close the quote"
    if "cannot start any token" in problem:
        return "put a value that starts with @, `, % or another sign of YAML in quotes"
    if "alias" in problem:
        return "put a value that starts with * or & in quotes"
    if "comment or line break" in problem:
        return "put a value that starts with > or | in quotes"
    if "did not find expected" in problem:
        return "close each quote and bracket, and indent siblings alike"
    return "correct the YAML here; put text with special signs in quotes"

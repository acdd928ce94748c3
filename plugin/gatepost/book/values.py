"""Nodes to plain Python values, refusing what YAML would silently change."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gatepost.book.document import Document
from gatepost.book.faults import NOT_READ, Fault, FaultError
from gatepost.book.invisible import invisible_in
from gatepost.book.nodes import MAX_DEPTH, PLAIN, QUOTED, too_deep
from gatepost.records import MODEL_OF_KIND, PASS_THROUGH

__all__ = ["read_values"]

_MAX_NODES: Final = 20_000
_INT: Final = re.compile(r"[+-]?(?:0|[1-9]\d*)\Z", re.ASCII)
_MAX_DIGITS: Final = 18
_FLOAT: Final = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)\.\d*|\.\d+|(?:0|[1-9]\d*)(?=[eE]))(?:[eE][+-]?\d+)?\Z", re.ASCII)
_SPECIAL: Final = re.compile(r"(?:[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_TIME: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?[ \t]*(?:Z|[+-][\d:]+)?)?\Z", re.ASCII
)
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_YES_NO: Final = re.compile(r"(?:yes|no|on|off)\Z", re.IGNORECASE)
_CLOCK: Final = re.compile(r"[+-]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?\Z", re.ASCII)
_ODD_NUMBER: Final = re.compile(
    r"[+-]?(?:0x[\da-fA-F_]+|0b[01_]+|0o[0-7]+"
    r"|(?:(?:0[\d_]+|\d+_[\d_]*)(?:\.[\d_]*)?|(?:0|[1-9]\d*)\.\d*_[\d_]*|\.\d+_[\d_]*)(?:[eE][+-]?\d+)?)\Z",
    re.ASCII,
)
_COMMENT: Final = re.compile(r"[ \t]*(#[^\s#][^\n]{0,59})")
_OWN_SIGNS: Final = frozenset({"=", "<<"})
_NUMERIC_START: Final = frozenset("0123456789+-.")
_PLAIN_WORDS: Final = frozenset(
    field.alias or name for model in MODEL_OF_KIND.values() for name, field in model.model_fields.items()
)
"""Keys that are known to be words."""


def read_values(document: Document, node: MappingNode) -> dict[str, Any]:
    """Give what the top mapping of a frontmatter holds for us, and note in the document what it holds in all.

    Raises:
        FaultError: it holds something that YAML readers take for different things, or too much. Where that is single
            values, the document gets what it holds besides.
    """
    builder = _Builder(document)
    try:
        data = builder.mapping(node, 0, top=True)
    except FaultError as error:
        error.before = tuple(builder.faults)
        raise
    if builder.faults:
        document.partial = data
        *before, last = builder.faults
        raise FaultError(last, page_may=True, before=tuple(before))
    if builder.reads_alike:
        document.whole = {**data, **builder.passed} if builder.passed else data
    return data


class _Builder:
    """Nodes to plain Python values, refusing what YAML would silently change."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.start = document.front_start
        self.nodes = 0
        self.passed: dict[str, Any] = {}
        """What is for others."""
        self.passed_nodes = 0
        self.faults: list[Fault] = []
        """What is wrong with single values, in the order of the file."""
        self.reads_alike = True
        """Whether other readers of YAML find the same."""

    def fault(self, node: Node, message: str, hint: str) -> FaultError:
        return FaultError(Fault(message, hint, self.start + node.start_mark.index), page_may=True)

    def value(self, node: Node, depth: int) -> Any:  # noqa: ANN401 - YAML holds anything
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            message = f"the frontmatter holds more than {_MAX_NODES:,} values, its aliases written out"
            raise self.fault(node, message, "use fewer aliases, or move data into a file below evidence/")
        if depth > MAX_DEPTH:
            raise too_deep(self.start + node.start_mark.index)
        if type(node) is ScalarNode:
            text: str = node.value
            if node.tag is PLAIN:
                try:
                    return self.plain(node, text)
                except FaultError as error:
                    self.faults.append(error.fault)
                    return NOT_READ
            if node.tag is QUOTED:
                return text
        elif type(node) is MappingNode and node.tag is QUOTED:
            return self.mapping(node, depth)
        elif type(node) is SequenceNode and node.tag is QUOTED:
            return [self.value(item, depth + 1) for item in node.value]
        raise self.fault(node, f"the tag {node.tag} is not allowed", "remove the tag; put text in quotes")

    def mapping(self, node: MappingNode, depth: int, *, top: bool = False) -> dict[str, Any]:
        data: dict[str, Any] = {}
        seen: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            same = key.replace("_", "-")
            if same in seen:
                line = self.document.position(self.start + seen[same].start_mark.index).line
                twin = "" if key == seen[same].value else f", which is the same as {seen[same].value},"
                raise self.fault(key_node, f"the key {key}{twin} stands here again, first in line {line}", "keep one")
            seen[same] = key_node
            if top and (key.startswith("x-") or key in PASS_THROUGH):
                self.pass_on(key, value_node)
                continue
            data[key] = self.value(value_node, depth + 1)
        return data

    def pass_on(self, key: str, node: Node) -> None:
        """Keep a field that is for others, while all of them are small; what they write there is no fault."""
        if not self.reads_alike:
            return
        ours, self.nodes = self.nodes, self.passed_nodes
        faults = len(self.faults)
        try:
            self.passed[key] = self.value(node, 1)
        except FaultError:
            self.reads_alike = False
        if len(self.faults) > faults:
            self.reads_alike = False
            del self.faults[faults:]
        self.nodes, self.passed_nodes = ours, self.nodes

    def key(self, node: Node) -> str:
        if type(node) is not ScalarNode:
            raise self.fault(node, "a key is a list or a mapping", "write keys as plain words")
        key: str = node.value
        if node.tag is QUOTED or key in _PLAIN_WORDS:
            return key
        if node.tag is not PLAIN:
            raise self.fault(node, f"the tag {node.tag} is not allowed", "remove the tag; put text in quotes")
        if unseen := invisible_in(key):
            raise self.fault(node, f"the key '{key.strip()[:60]}' holds {unseen[0]}", unseen[1])
        if _YES_NO.match(key) or key in _TRUTHS:
            raise self.fault(node, f"YAML 1.1 reads the key {key} as a truth value", f'write "{key}" in quotes')
        if key == "<<":
            raise self.fault(node, "the merge key << is not supported", "write the keys out")
        if not isinstance(self.plain(node, key), str):
            raise self.fault(node, f"the key {key or '(nothing)'} is not a word", f'write "{key}" in quotes')
        return key

    def plain(self, node: Node, text: str) -> Any:  # noqa: ANN401 - a scalar is text, a number, a day or nothing
        if text in _NULLS:
            if not text and (comment := _COMMENT.match(self.document.text, self.start + node.start_mark.index)):
                hint = f'put a value that starts with # in quotes: "{comment[1]}"; a comment has a space after its #'
                raise self.fault(node, "the value is empty: what follows # is a comment", hint)
            return None
        if text[0] in _NUMERIC_START:
            return self.number(node, text)
        if text in _TRUTHS:
            return _TRUTHS[text]
        if len(text) <= 3 and _YES_NO.match(text):  # noqa: PLR2004 - `off` is the longest
            hint = f'write true or false, or "{text}" in quotes for the word'
            raise self.fault(node, f"YAML 1.1 reads {text} as a truth value", hint)
        if text in _OWN_SIGNS:
            raise self.fault(node, f"YAML 1.1 gives {text} a meaning of its own", f'write "{text}" in quotes')
        return text

    def number(self, node: Node, text: str) -> Any:  # noqa: ANN401 - see plain
        if _INT.match(text):
            if len(text) > _MAX_DIGITS:
                raise self.fault(node, f"the number {text[:20]}… has {len(text)} digits", "write text in quotes")
            return int(text)
        if _DAY.match(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                raise self.fault(node, f"{text} is not a day of the calendar", "correct the date") from None
        if _FLOAT.match(text) or _SPECIAL.match(text):
            from decimal import Decimal  # noqa: PLC0415 - most records hold no fraction

            self.reads_alike = False
            if _SPECIAL.match(text):
                return float(text.replace(".", "", 1))
            return Decimal(text)
        if _CLOCK.match(text):
            hint = f'write "{text}" in quotes, or a duration such as 90s or 10m'
            raise self.fault(node, f"YAML 1.1 reads {text} as a number to base 60", hint)
        if _ODD_NUMBER.match(text):
            hint = f'write "{text}" in quotes, or the plain number'
            raise self.fault(node, f"YAML readers disagree about {text}: some read an octal or shortened number", hint)
        if _TIME.match(text):
            hint = f'write the day as year-month-day, like 2026-01-05, or "{text}" in quotes'
            raise self.fault(node, f"YAML readers turn {text} into a date or a time", hint)
        return text

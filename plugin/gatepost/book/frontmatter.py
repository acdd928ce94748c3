"""Text to frontmatter: strict YAML, with a clear message for each of its traps.

The fences are those of python-frontmatter; the nodes come from libyaml's parser, with their marks.
What YAML 1.1 would silently turn into something else (`on`, `1:30`, `007`) is a fault, because
other readers of the same file, MkDocs among them, would see another value.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.nodes import MappingNode

from gatepost.book.code import without_code
from gatepost.book.document import Document
from gatepost.book.faults import Fault, FaultError
from gatepost.book.nodes import bound_depth, compose, explain_yaml
from gatepost.book.values import read_values

__all__ = ["MAX_FILE", "MAX_FRONT", "compose", "read_document", "read_text"]

MAX_FILE: Final = 2 * 1024 * 1024
"""The largest record that is read, in bytes."""
MAX_FRONT: Final = 256 * 1024
"""The largest frontmatter that is read, in characters."""
_HEAD: Final = 4096
"""So much of a file that is too large is looked into, to tell a record from a page."""

_HANDLER: Final = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_CONFLICT_SIDES: Final = re.compile(r"^<{7} [^\n]*\n(?:(?!<{7} |={7}$)[^\n]*\n)*+={7}$", re.MULTILINE)
_LONG_FENCE: Final = re.compile(r"^-{4,}[ \t]*$", re.MULTILINE)
_DOTS: Final = re.compile(r"^\.{3}[ \t]*$", re.MULTILINE)
_KEY_LINE: Final = re.compile(r"[\w-]+:(?:[ \t]|$)", re.MULTILINE)


def read_document(path: str, content: bytes, known: dict[str, dict[str, Any]] | None = None) -> Document:
    """Read one file; whatever is wrong with it becomes its faults, never an exception.

    Args:
        path: where it is, relative to the root.
        content: its bytes.
        known: what frontmatters hold that were read already, by their text: looked into, and added to. Documents
            with the same frontmatter then share what it holds, so nobody may change it.
    """
    if len(content) > MAX_FILE:
        head = _line_ends(content[:_HEAD].decode("utf-8-sig", "ignore"))
        fault = Fault(f"the file is larger than {MAX_FILE // 1024**2} MiB", "move data into a file below evidence/", 0)
        return Document(path, head, faults=(fault,), page_may=True)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = _line_ends(content[: error.start].decode("utf-8-sig", "ignore"))
        message = f"the file is not UTF-8: byte 0x{content[error.start]:02x} in line {before.count(chr(10)) + 1}"
        fault = Fault(message, "save it as UTF-8", len(before))
        return Document(path, _line_ends(content.decode("utf-8-sig", "replace")), faults=(fault,))
    return read_text(path, _line_ends(text), known)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_text(path: str, text: str, known: dict[str, dict[str, Any]] | None = None) -> Document:
    r"""Read a file's text, whose line ends are `\n`; see `read_document`."""
    document = Document(path, text)
    try:
        _refuse_nul(text)
        if not _split(document):
            return document
        document.data = _data(document, known)
    except FaultError as error:
        document.faults = (*error.before, error.fault)
        document.page_may = error.page_may
    except (yaml.YAMLError, RecursionError) as error:
        document.faults = (explain_yaml(document, error),)
    return document


def _refuse_nul(text: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        fault = Fault("a NUL byte stands in the text", "remove it; the file may be binary", nul)
        raise FaultError(fault, page_may=True)


def _split(document: Document) -> bool:
    """Find the fences; give False for a file without frontmatter."""
    text = document.text
    opening = text[: text.find("\n")] if "\n" in text else text
    if opening.rstrip() != "---":
        _refuse_near_misses(text, opening.rstrip())
        return False
    try:
        front, body = _HANDLER.split(text)
    except ValueError:
        _refuse_conflict(text, text)
        raise _unclosed(text) from None
    document.front = front.removeprefix("\n")
    document.front_start = len(opening) + 1
    document.body_start = len(text) - len(body.removeprefix("\n"))
    if len(document.front) > MAX_FRONT:
        size = f"{len(document.front) // 1024} KiB"
        hint = f"at most {MAX_FRONT // 1024} KiB; move data into a file below evidence/"
        raise FaultError(Fault(f"the frontmatter has {size}", hint, 0), page_may=True)
    return True


def _refuse_near_misses(text: str, opening: str) -> None:
    """Refuse a file whose frontmatter would be taken for text: below blank lines, within a conflict, a longer fence."""
    if len(opening) > len("---") and set(opening) == {"-"} and _KEY_LINE.match(text, len(opening) + 1):
        raise FaultError(Fault(f"the frontmatter's fence is {opening[:20]}", "write three dashes: ---", 0))
    if _CONFLICT.match(text):
        _refuse_conflict(text, text)
    below = text.lstrip()
    if len(below) < len(text) and below.startswith("---\n") and _KEY_LINE.match(below, 4):
        hint = "remove what stands above it, if only a space: MkDocs would show it as text"
        raise FaultError(Fault("the frontmatter does not start in the first line", hint, 0))


def _unclosed(text: str) -> FaultError:
    """Say that the closing fence is missing, and what may stand in its place."""
    hint = "write --- on a line of its own below the last key"
    for pattern, what in ((_LONG_FENCE, "has more than three dashes"), (_DOTS, "is ..., which only some tools read")):
        if found := pattern.search(text, len("---\n")):
            hint = f"line {text.count(chr(10), 0, found.start()) + 1} {what}; write --- there"
            break
    is_a_rule = not _KEY_LINE.match(text[len("---") :].lstrip())
    return FaultError(Fault("the frontmatter's closing --- is missing", hint, 0), page_may=is_a_rule)


def _refuse_conflict(text: str, front: str) -> None:
    """Refuse the markers of a merge conflict: any in the frontmatter, both sides of one in the body outside code."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return
    found = _CONFLICT.search(text, 0, len(front) + len("---\n")) or _CONFLICT_SIDES.search(without_code(text))
    if found:
        hint = "resolve the merge conflict and remove its markers"
        raise FaultError(Fault("a merge-conflict marker stands in the file", hint, found.start()))


def _data(document: Document, known: dict[str, dict[str, Any]] | None) -> dict[str, Any]:
    front = document.front
    _refuse_conflict(document.text, document.text[: document.body_start])
    if known is not None and front in known:
        return known[front]
    data = _parsed(document, front)
    if known is not None:
        known[front] = data
    return data


def _parsed(document: Document, front: str) -> dict[str, Any]:
    bound_depth(front, document.front_start)
    node = compose(front)
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        hint = "write `key: value` lines between the fences"
        fault = Fault("the frontmatter is not a mapping of keys to values", hint, document.front_start)
        raise FaultError(fault, page_may=True)
    return read_values(document, node)

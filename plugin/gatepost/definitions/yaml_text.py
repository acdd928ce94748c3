"""YAML of other tools as plain values that know their line. Bounded: a hostile file ends in one clear error.

Plain scalars are read as YAML 1.2 has them, tags of other tools are kept. JSON is read as YAML: so it has lines, too.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from gatepost.book import Fault
from gatepost.book.faults import FaultError
from gatepost.book.invisible import invisible_in
from gatepost.book.nodes import MAX_DEPTH, bound_depth, composed, stopped_at, yaml_hint
from gatepost.definitions.definition import DefinitionError
from gatepost.definitions.yaml_values import Lined, Tagged, Unfolding, as_dict, as_list, as_text, line_of, listed

__all__ = ["Lined", "Tagged", "as_dict", "as_list", "as_text", "line_of", "listed", "load_yaml"]

_MAX_BYTES: Final = 4 * 1024 * 1024
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_PAIR: Final = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
"""A sign beyond the first 65,536 as JSON writes it: YAML has no such pairs."""


def load_yaml(path: str, content: bytes, *, last_wins: bool = False) -> list[Any]:
    """Read every document of a YAML file.

    Args:
        path: where it is, for messages.
        content: its bytes.
        last_wins: whether the tool takes the last of two equal keys; otherwise they are an error.

    Raises:
        DefinitionError: it is too large, not UTF-8, not YAML, in the middle of a merge conflict, has a key twice, nests
            too deep, or unfolds into too much.
    """
    if len(content) > _MAX_BYTES:
        message = f"{path} is larger than {_MAX_BYTES // 1024**2} MiB"
        raise DefinitionError(message, "name the definition itself, not what it produced", path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"{path} is not UTF-8: byte 0x{content[error.start]:02x}"
        raise DefinitionError(message, "save it as UTF-8", path, line) from None
    unfolding = Unfolding(path, last_wins=last_wins)
    return [unfolding.value(node) for node in _nodes(path, text)]


def _nodes(path: str, text: str) -> list[yaml.Node]:
    try:
        return _composed(text)
    except FaultError as error:
        raise _too_deep(path, text, error.fault) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        as_json = _json_as_yaml(text)
        if as_json != text:
            return _nodes(path, as_json)
        raise _refused(path, text, error) from None


def _composed(text: str) -> list[yaml.Node]:
    bound_depth(text, 0)
    return list(composed(text))


def _json_as_yaml(text: str) -> str:
    """Give JSON without what YAML does not take: tabs that indent, signs written as a pair. Other text stays."""
    if text.lstrip()[:1] not in {"{", "["}:
        return text
    return _PAIR.sub(lambda match: _sign(match[1], match[2]), text.replace("\t", " "))


def _sign(high: str, low: str) -> str:
    return (int(high, 16).to_bytes(2, "big") + int(low, 16).to_bytes(2, "big")).decode("utf-16-be")


def _too_deep(path: str, text: str, fault: Fault) -> DefinitionError:
    line = text.count("\n", 0, fault.at if isinstance(fault.at, int) else 0) + 1
    return DefinitionError(f"{path} nests deeper than {MAX_DEPTH} levels", "flatten it", path, line)


def _refused(path: str, text: str, error: Exception) -> DefinitionError:
    """Say what libyaml refuses, where, and how to mend it."""
    if found := _CONFLICT.search(text):
        hint = "resolve the merge conflict and remove its markers"
        message = f"{path} holds a merge-conflict marker"
        return DefinitionError(message, hint, path, text.count("\n", 0, found.start()) + 1)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).splitlines()[0]
    if isinstance(error, RecursionError) or "nesting depth" in problem:
        return _too_deep(path, text, Fault("", "", stopped_at(text, error)))
    offset = stopped_at(text, error)
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0]
    hint = yaml_hint(problem, line)
    if "\t" in line[: len(line) - len(line.lstrip())] or text[offset : offset + 1] == "\t":
        problem, hint = "a tab indents this line", "YAML indents with spaces; replace the tab"
    elif "control characters" in problem:
        hint = "remove the character; the file may be binary"
    else:
        for near in (start, text.rfind("\n", 0, max(start - 1, 0)) + 1):
            if unseen := invisible_in(text[near:].partition("\n")[0].partition(":")[0]):
                problem, hint, start = f"this line holds {unseen[0]}", unseen[1], near
                break
    return DefinitionError(f"{path} is not YAML: {problem}", hint, path, text.count("\n", 0, start) + 1)

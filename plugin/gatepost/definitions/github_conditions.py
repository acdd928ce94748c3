"""What an `if:` of a job says about the jobs before it: whether each of them must have succeeded.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from gatepost.definitions.yaml_text import as_text

__all__ = ["Condition", "condition_of", "parts_of"]

_STATUS: Final = re.compile(r"\b(?:always|failure|cancelled|success)\(\)", re.IGNORECASE)
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
_RESULT: Final = re.compile(r"needs(?:\.([\w-]+)|\['([\w-]+)'\])\.result=='success'\Z", re.IGNORECASE)
_RESULT_LAST: Final = re.compile(r"'success'==needs(?:\.([\w-]+)|\['([\w-]+)'\])\.result\Z", re.IGNORECASE)


_LONGEST: Final = 1_000
"""A longer condition is not taken apart: it counts as letting a job pass."""


class Condition(NamedTuple):
    """An `if:` of a job."""

    words: str
    """As it is written; empty without one."""
    asks: bool
    """Whether it asks for the status of jobs; without that, every job of the chain before must have succeeded."""
    names: frozenset[str] = frozenset()
    """The jobs that it wants to have succeeded, by name."""
    refuses_failure: bool = False
    """Whether it wants that nothing has failed or been cancelled; a job that was skipped is let pass."""

    def lets_pass(self, before: str, *, may_be_skipped: bool) -> bool:
        """Tell whether the job may run though one before it has not succeeded."""
        if not self.asks or before in self.names:
            return False
        return not self.refuses_failure or may_be_skipped


def condition_of(value: Any) -> Condition:  # noqa: ANN401 - whatever YAML holds
    """Read an `if:`."""
    words = as_text(value)
    plain = re.sub(r"\s+", "", words.replace("${{", "").replace("}}", ""))
    if not _STATUS.search(_TEXT.sub("''", plain)):
        return Condition(words, asks=False)
    parts = _conjuncts(plain) if len(plain) <= _LONGEST else []
    lowered = {part.casefold() for part in parts}
    if "success()" in lowered:
        return Condition(words, asks=False)
    results = [match for part in parts if (match := _RESULT.match(part) or _RESULT_LAST.match(part))]
    names = frozenset(match[1] or match[2] for match in results)
    return Condition(words, asks=True, names=names, refuses_failure={"!failure()", "!cancelled()"} <= lowered)


def _conjuncts(text: str) -> list[str]:
    """Give the parts of an expression that must all hold; an expression with `||` at its top has one part."""
    if len(parts_of(text, "||")) > 1:
        return [text]
    parts = parts_of(text, "&&")
    return [inner for part in parts for inner in (_conjuncts(part) if _is_enclosed(part) else [part])]


def parts_of(text: str, sign: str) -> list[str]:
    """Give the parts of an expression that a sign joins at its top, without parentheses around the whole.

    Args:
        text: the expression, without blanks.
        sign: `&&` or `||`.
    """
    while _is_enclosed(text):
        text = text[1:-1]
    depth, start, at, parts = 0, 0, 0, []
    while at < len(text):
        if text[at] == "'":
            at = text.find("'", at + 1)
            if at < 0:
                return [text]
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0 and text.startswith(sign, at):
            parts.append(text[start:at])
            start = at = at + len(sign)
            continue
        at += 1
    return [*parts, text[start:]]


def _is_enclosed(text: str) -> bool:
    """Tell whether one pair of parentheses holds a whole text."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False

"""What of a workflow of GitHub Actions runs after a failure, and what of it is not seen.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

import re
from typing import Any, Final

from gatepost.definitions.conditions import is_false
from gatepost.definitions.yaml_text import as_dict, as_list, as_text

__all__ = ["answers_failure", "is_told", "only_after_failure", "unseen_in"]

_AFTER_FAILURE: Final = re.compile(r"\b(?:failure|always)\(\)|!\s*cancelled\(\)", re.IGNORECASE)
_FAILED: Final = re.compile(
    r"failure\(\)|cancelled\(\)|!(?:success|always)\(\)|"
    r"(?:needs|steps)\.[\w-]+\.(?:result|outcome|conclusion)(?:=='(?:failure|cancelled)'|!='success')|"
    r"contains\((?:needs\.\*\.result|(?:join|toJSON)\(needs\.\*\.result(?:,'[^']*')?\)),'(?:failure|cancelled)'\)",
    re.IGNORECASE,
)
"""What holds only when something has failed, or was cancelled."""
_LONGEST: Final = 1_000
"""A longer condition is not taken apart."""
_RESULT: Final = re.compile(r"\$\{\{[^{}]*\bneeds\b")
"""Where the results of other jobs are handed over: `${{ toJSON(needs) }}`."""
_PLAIN: Final = re.compile(r"actions/(?!github-script\b)|\./")
"""Actions that fetch, set up and store; those of the repository itself are read."""


def answers_failure(condition: str) -> bool:
    """Tell whether a step or a job with a condition may run though something before it has failed."""
    plain = re.sub(r"\s+", "", condition)
    return bool(_AFTER_FAILURE.search(plain)) and not is_false(condition)


def only_after_failure(condition: str) -> bool:
    """Tell whether a condition surely does not hold as long as nothing has failed."""
    plain = re.sub(r"\s+", "", condition.replace("${{", "").replace("}}", ""))
    return bool(plain) and len(plain) <= _LONGEST and not _may_be_well(plain)


def _may_be_well(text: str) -> bool:
    """Tell whether an expression may hold when all is well; of what is not known, it may."""
    for sign, joins in (("||", any), ("&&", all)):
        parts = _parts_of(text, sign)
        if len(parts) > 1:
            return joins(_may_be_well(part) for part in parts)
        text = parts[0]
    return not _FAILED.fullmatch(text)


def _parts_of(text: str, sign: str) -> list[str]:
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


def unseen_in(steps: Any) -> str | None:  # noqa: ANN401 - whatever YAML holds
    """Say which action of others a job runs; None without one."""
    used = (as_text(as_dict(step).get("uses")) for step in as_list(steps))
    return next((f"uses: {one}" for one in used if one and not _PLAIN.match(one)), None)


def is_told(steps: Any) -> bool:  # noqa: ANN401 - whatever YAML holds
    """Tell whether a step is handed what became of other jobs."""
    return any(
        _RESULT.search(as_text(value))
        for step in map(as_dict, as_list(steps))
        for holder in ({"run": step.get("run")}, as_dict(step.get("env")), as_dict(step.get("with")))
        for value in holder.values()
    )

"""What later steps do about the outcome of a step that may fail: `if: steps.gate.outcome == 'failure'`.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from gatepost.definitions.github_conditions import surely_after
from gatepost.definitions.shell import ShellError, script_ends
from gatepost.definitions.verdicts import only_shows
from gatepost.definitions.yaml_text import as_dict, as_text

__all__ = ["outcome_of"]


def outcome_of(name: str, later: Iterable[Any]) -> Literal["", "asked", "fails"]:
    """Tell whether the steps behind one ask for its outcome: they surely fail with it, may do anything, or do not.

    Args:
        name: the `id` of the step.
        later: the steps behind it.
    """
    found: Literal["", "asked"] = ""
    for step in map(as_dict, later) if name else ():
        condition = as_text(step.get("if"))
        run = as_text(step.get("run"))
        if not re.search(rf"steps(?:\.|\[['\"]){re.escape(name)}\b", condition + repr(step), re.IGNORECASE):
            continue
        if surely_after(condition, name) and _surely_fails(step, run):
            return "fails"
        if not (run and only_shows(run)):
            found = "asked"
    return found


def _surely_fails(step: dict[str, Any], run: str) -> bool:
    """Tell whether a step ends badly whatever happens: its script comes to `exit 1`."""
    if step.get("continue-on-error") not in {None, False} or step.get("shell") not in {None, "bash", "sh"}:
        return False
    try:
        ends = script_ends(run, stops=True)
    except ShellError:
        return False
    last = ends[-1] if ends else None
    words = last.text.split() if last is not None else []
    is_bad = words == ["false"] or (words[:1] == ["exit"] and words[1:2] not in ([], ["0"]))
    return last is not None and last.fate == "stops" and is_bad

"""What a job of GitHub Actions runs that is not seen, and whether it is handed what became of others.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

import re
from typing import Any, Final

from gatepost.definitions.yaml_text import as_dict, as_list, as_text

__all__ = ["is_told", "unseen_in"]

_RESULT: Final = re.compile(r"\$\{\{[^{}]*\bneeds\b")
"""Where the results of other jobs are handed over: `${{ toJSON(needs) }}`."""
_PLAIN: Final = re.compile(r"actions/(?!github-script\b)|\./")
"""Actions that fetch, set up and store; those of the repository itself are read."""


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

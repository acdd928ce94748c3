"""What an `if:` of a job says about the jobs before it: whether each of them must have succeeded.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from gatepost.definitions.github_truth import BEYOND, CANCELLED, FAILED, LEFT_OUT, Truth, World, truth_of
from gatepost.definitions.yaml_text import as_text

__all__ = ["Condition", "Passing", "condition_of"]

_STATUS: Final = re.compile(r"\b(?:always|failure|cancelled|success)\s*\(\s*\)", re.IGNORECASE)
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
_LONGEST: Final = 1_000
"""A longer condition is not taken apart: it counts as letting a job pass."""


class Passing(NamedTuple):
    """Whether a job may run though one that it needs has not succeeded."""

    failed: Truth = Truth.NO
    """Where that one has failed or was cancelled."""
    beyond: Truth = Truth.NO
    """Where that one was left out because one before it has failed."""
    left_out: Truth = Truth.NO
    """Where its own condition left that one out."""


class Condition(NamedTuple):
    """An `if:` of a job."""

    words: str
    """As it is written; empty without one."""
    asks: bool
    """Whether it asks for the status of jobs; without that, every job of the chain before must have succeeded."""
    plain: str = ""
    """The expression itself."""

    def passes(self, before: str, *, is_alone: bool) -> Passing:
        """Tell when the job may run though one before it has not succeeded.

        Args:
            before: the one before it.
            is_alone: whether it needs no other.
        """
        if not self.asks:
            return Passing()
        if len(self.plain) > _LONGEST:
            return Passing(Truth.MAY, Truth.MAY, Truth.MAY)

        named = before if before.casefold() in self.plain.casefold() else ""

        def holds(world: World) -> Truth:
            return truth_of(self.plain, named, world, is_alone=is_alone)

        return Passing(max(holds(FAILED), holds(CANCELLED)), holds(BEYOND), holds(LEFT_OUT))


def condition_of(value: Any) -> Condition:  # noqa: ANN401 - whatever YAML holds
    """Read an `if:`."""
    words = as_text(value)
    plain = words.replace("${{", "").replace("}}", "").strip()
    return Condition(words, asks=bool(_STATUS.search(_TEXT.sub("''", plain))), plain=plain)

"""The combinations that a matrix of GitHub Actions makes, where the file lists them.

Source: https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
"""

from __future__ import annotations

import itertools
import math
from typing import Any, Final

from gatepost.definitions.yaml_text import as_text

__all__ = ["MOST", "UncountableError", "variants_of"]

MOST: Final = 256
"""So many jobs one matrix may make."""
_TOO_MANY: Final = "makes more jobs than GitHub allows"
_NO_MAPPING: Final = "includes what is no mapping"


class UncountableError(Exception):
    """A matrix that the file does not list: the workflow works it out, or it is too large."""

    def __init__(self, why: str = "is worked out by the workflow") -> None:
        super().__init__(f"its matrix {why}")


def variants_of(matrix: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever YAML holds
    """Give each combination as its values, as GitHub names the jobs of a matrix.

    Raises:
        UncountableError: the file does not list them.
    """
    if not isinstance(matrix, dict):
        raise UncountableError
    axes = {axis: values for axis, values in matrix.items() if axis not in {"include", "exclude"}}
    included, excluded = matrix.get("include", []), matrix.get("exclude", [])
    for values in (*axes.values(), included, excluded):
        if not isinstance(values, list) or any(isinstance(one, str) and "${{" in one for one in values):
            raise UncountableError
    if math.prod(len(values) for values in axes.values()) + len(included) > 2 * MOST:
        raise UncountableError(_TOO_MANY)
    plain = [dict(zip(axes, one, strict=True)) for one in itertools.product(*axes.values())] if axes else []
    plain = [one for one in plain if not any(_matches(one, out) for out in excluded)]
    found = [dict(one) for one in plain]
    for more in included:
        if not isinstance(more, dict):
            raise UncountableError(_NO_MAPPING)
        fitting = [
            at for at, one in enumerate(plain) if all(one.get(key, value) == value for key, value in more.items())
        ]
        for at in fitting:
            found[at].update(more)
        if not fitting:
            found.append(dict(more))
    return tuple(", ".join(_word(value) for value in one.values()) for one in found)


def _matches(one: dict[str, Any], out: Any) -> bool:  # noqa: ANN401 - whatever YAML holds
    return isinstance(out, dict) and all(key in one and one[key] == value for key, value in out.items())


def _word(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, dict | list):
        return ", ".join(_word(one) for one in (value.values() if isinstance(value, dict) else value))
    return as_text(value)

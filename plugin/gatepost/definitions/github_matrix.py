"""The combinations that a matrix of GitHub Actions makes, where the file lists them.

Source: https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
"""

from __future__ import annotations

import itertools
import math
from typing import Any, Final

from gatepost.definitions.yaml_text import as_text

__all__ = ["MOST", "UncountableError", "forms_of", "only_values", "variants_of"]

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
    return tuple(", ".join(_word(value) for value in one.values()) for one in _combinations(matrix))


def only_values(matrix: Any) -> dict[str, str | bool]:  # noqa: ANN401 - whatever YAML holds
    """Give the axes that have one value in every combination; none where the file does not list them."""
    found = forms_of(matrix)
    names = {name for one in found for name in one}
    told = {name: {one.get(name) for one in found} for name in names}
    return {name: value for name, values in told.items() if len(values) == 1 and (value := values.pop()) is not None}


def forms_of(matrix: Any) -> list[dict[str, str | bool]]:  # noqa: ANN401 - whatever YAML holds
    """Give the values of each combination that are no lists or mappings; none where the file does not list them."""
    try:
        found = _combinations(matrix) if matrix is not None else []
    except UncountableError:
        return []
    return [{name: told for name, value in one.items() if (told := _scalar(value)) is not None} for one in found]


def _scalar(value: Any) -> str | bool | None:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, bool):
        return value
    return None if value is None or isinstance(value, dict | list) else as_text(value)


def _combinations(matrix: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever YAML holds
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
    return found


def _matches(one: dict[str, Any], out: Any) -> bool:  # noqa: ANN401 - whatever YAML holds
    return isinstance(out, dict) and all(key in one and one[key] == value for key, value in out.items())


def _word(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, dict | list):
        return ", ".join(_word(one) for one in (value.values() if isinstance(value, dict) else value))
    return as_text(value)

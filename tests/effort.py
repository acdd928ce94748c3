"""How much of what repeats is tried: a little in the quick suite, all of it with `--slow`, as CI gives."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Final, TypeVar

import pytest

__all__ = ["FULL", "examples", "first", "some"]

FULL: Final = "GATEPOST_TESTS_IN_FULL"
"""The variable that is set while `--slow` is given; processes of a parallel run see it, too."""
_SHARE: Final = 5
Value = TypeVar("Value")


def examples(many: int) -> int:
    """Give how many examples a property is tried on: all, or a fifth of them in the quick suite."""
    return many if os.environ.get(FULL) else max(10, many // _SHARE)


def some(values: Iterable[Value]) -> list[Value]:
    """Give all values, or every fifth in the quick suite."""
    return list(values)[:: 1 if os.environ.get(FULL) else _SHARE]


def first(values: Iterable[Any], quick: int = 1) -> list[Any]:
    """Give the parameters of a test, of which only the first few are quick; a tuple is for several names."""
    every = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*one, marks=[pytest.mark.slow] if number >= quick else []) for number, one in enumerate(every)]

"""The two steps that mutants are made of: a key set, a key taken away; the contract itself stays as it was."""

from __future__ import annotations

import copy
from typing import Any

__all__ = ["Data", "leave_out", "put"]

Data = dict[str, Any]


def put(data: Data, value: object, *path: str) -> Data:
    """Give a contract with a value at a key."""
    made = copy.deepcopy(data)
    _holder(made, path)[path[-1]] = value
    return made


def leave_out(data: Data, *path: str) -> Data:
    """Give a contract without a key."""
    made = copy.deepcopy(data)
    del _holder(made, path)[path[-1]]
    return made


def _holder(data: Data, path: tuple[str, ...]) -> Data:
    for step in path[:-1]:
        data = data[step]
    return data

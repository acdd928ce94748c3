"""What can be said of values for sure: whether they are the same, count as true, hold tasks."""

from __future__ import annotations

from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.values import FilePath, Imported, Inside, Instance, Output, PartialOperator, Unknown

__all__ = ["holds_tasks", "is_same", "truth"]


def holds_tasks(value: object, depth: int = 0) -> bool:
    """Tell whether a value is a task, a group, a DAG, or holds one."""
    if isinstance(value, Task | Group | Dag | Output | PartialOperator | Inside):
        return True
    if depth > 5:  # noqa: PLR2004 - nobody nests tasks deeper
        return False
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(holds_tasks(one, depth + 1) for one in inner)


def is_same(one: object, other: object) -> bool:
    """Tell whether two values are surely the same."""
    if one is other:
        return True
    if isinstance(one, Imported) and isinstance(other, Imported):
        return one.last == other.last and one.is_airflow == other.is_airflow
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    plain = (str, int, float, bool, type(None))
    return isinstance(one, plain) and type(one) is type(other) and one == other


def truth(value: object) -> bool | None:
    """Tell whether a value counts as true; None when that is not known."""
    if isinstance(value, Imported):
        return False if value.last == "TYPE_CHECKING" else None
    if isinstance(value, Unknown | Instance | FilePath | Inside):
        return None
    if isinstance(value, list) and any(isinstance(one, Unknown) for one in value) and len(value) == 1:
        return None  # what was unpacked into it may have been nothing
    return bool(value)

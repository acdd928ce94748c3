"""What a walk through a DAG file collects: DAGs, their tasks and edges, and handles of tasks that expressions give."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["UNKNOWN", "Dag", "Group", "Handle", "Task", "Unknown"]


class Unknown:
    """A value that the text alone does not tell."""


UNKNOWN: Final = Unknown()


@dataclass(slots=True)
class Task:
    """One task."""

    id: str
    line: int
    trigger_rule: str | None = None
    retries: float | None = None
    timeout: float | None = None
    command: str | None = None
    image: str | None = None
    condition: str | None = None
    waits_for: str | None = None


@dataclass(slots=True)
class Dag:
    """One DAG."""

    id: str
    line: int
    defaults: dict[str, Any] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    edges: dict[tuple[str, str], int] = field(default_factory=dict)
    gaps: set[tuple[int, str]] = field(default_factory=set)

    def default_text(self, key: str) -> str | None:
        """Give a default argument that is a text."""
        value = self.defaults.get(key)
        return value if isinstance(value, str) else None

    def default_number(self, key: str) -> float | None:
        """Give a default argument that is a number, or a length of time in seconds."""
        value = self.defaults.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(slots=True)
class Group:
    """A task group while it is open, and afterwards: the tasks inside it."""

    prefix: str
    tasks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Handle:
    """What an expression gives that stands for tasks: a task, an output of it, or a group."""

    dag: Dag
    ids: tuple[str, ...]
    """The tasks; several for a group."""
    is_group: bool = False
    task: Task | None = None

    def roots(self) -> tuple[str, ...]:
        """Give the tasks of a group that wait for none of the group."""
        return self._ends(1)

    def leaves(self) -> tuple[str, ...]:
        """Give the tasks of a group that none of the group waits for."""
        return self._ends(0)

    def _ends(self, side: int) -> tuple[str, ...]:
        if not self.is_group:
            return self.ids
        inside = set(self.ids)
        inner = {edge[side] for edge in self.dag.edges if edge[0] in inside and edge[1] in inside}
        return tuple(one for one in self.ids if one not in inner)


@dataclass(slots=True)
class Function:
    """A function of the file."""

    node: ast.FunctionDef
    role: str
    """task, group, dag or plain."""
    options: dict[str, Any]
    flavour: str = ""
    """For a task: `branch`, `bash`, `sensor`, `short_circuit`, …"""

"""Where a walk through a DAG file stands: names, open DAGs and groups, what was drawn, what could not be told."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.journal import Journal
from gatepost.definitions.airflow.values import FilePath, Inside, Scope

__all__ = ["Exhausted", "Flow", "Frame", "Interrupt", "State", "Stop", "line_of"]

_MOST_STEPS: Final = 150_000
"""More than the largest file that people write takes by far; about one second."""


class Exhausted(Exception):  # noqa: N818 - no error of ours: the file does too much
    """The file does more than is followed."""


class Interrupt(Exception):  # noqa: N818 - how Python leaves a body early
    """A body is left before its end."""


class Flow(Interrupt):
    """By `return`, `break` or `continue`."""

    def __init__(self, kind: str, value: object = None) -> None:
        self.kind = kind
        self.value = value


class Stop(Interrupt):
    """By `raise`: Airflow would load nothing, so it did not happen."""


@dataclass(slots=True)
class Frame:
    """A body that runs: the module, or a function that is called."""

    scopes: list[Scope]
    outer_names: set[str] = field(default_factory=set)
    """The names that `global` and `nonlocal` take from outside."""
    unsure: list[str] = field(default_factory=list)
    """Why what follows may not run at all."""
    returned: list[object] = field(default_factory=list)
    """What it may have returned already."""
    yielded: list[object] = field(default_factory=list)


class State:
    """One file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.dags: list[Dag] = []
        self.gaps: dict[tuple[Dag | None, int, str], None] = {}
        self.orphans: list[Task] = []
        """Tasks that were made outside of a DAG; what they are put in order with brings them into one."""
        self.journal = Journal()
        self.open_dags: list[Dag] = []
        self.open_groups: list[Group] = []
        self.globals: Scope = {"__file__": FilePath(path)}
        self.frames: list[Frame] = [Frame([self.globals])]
        self.conditions: list[str] = []
        """What must hold for what is walked, where nobody knows whether it does."""
        self._steps = 0

    def gap(self, node: ast.AST, message: str, dag: Dag | None = None) -> None:
        """Note something that the text alone does not tell."""
        self.gaps[dag or self.dag_here(), line_of(node), message] = None

    def changed_inside(self, node: ast.AST, kept: Inside) -> None:
        """Note a change of what Airflow keeps the graph in: edges may be gone that were drawn before."""
        dag = kept.holder if isinstance(kept.holder, Dag) else kept.holder.dag
        name = f"{kept.holder.id}.{kept.name}" if kept.holder.id else kept.name
        self.gap(node, f"what is left of {name} is not known: it is changed by hand", dag)

    def spend(self) -> None:
        """Count a step; raises `Exhausted` when there were too many."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise Exhausted

    def value(self, node: ast.expr) -> object:
        """Give what an expression gives."""
        raise NotImplementedError

    def body(self, statements: list[ast.stmt]) -> None:
        """Walk through statements."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: object) -> None:
        """Keep a value under a name, in a list, in an object."""
        raise NotImplementedError

    def dag_here(self) -> Dag | None:
        """Give the DAG whose body is walked."""
        return self.open_dags[-1] if self.open_dags else None

    def group_here(self, dag: Dag | None) -> Group | None:
        """Give the group whose body is walked, if it is one of a DAG."""
        group = self.open_groups[-1] if self.open_groups else None
        return group if group is not None and group.dag is dag else None

    def put_name(self, name: str, value: object) -> None:
        """Bind a name in the body that runs."""
        frame = self.frames[-1]
        scope = frame.scopes[-1]
        if name in frame.outer_names:
            scope = next((one for one in reversed(frame.scopes[:-1]) if name in one), self.globals)
        self.journal.put(scope, name, value)


def line_of(node: ast.AST) -> int:
    """Give the line of a part of the file."""
    return int(getattr(node, "lineno", 1))

"""What puts tasks in order: `>>`, `<<`, `set_upstream`, `chain`, labels, and outputs that are arguments."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from gatepost.definitions.airflow.branching import Branching
from gatepost.definitions.airflow.graph import Dag, Group, Link, Task
from gatepost.definitions.airflow.judging import holds_tasks
from gatepost.definitions.airflow.state import line_of
from gatepost.definitions.airflow.values import Imported, Label, Output, Unknown

__all__ = ["Ordering"]

Thing = Task | Output | Group | Label


class Ordering(Branching):
    """The part of a walk that draws edges."""

    def shifted(self, node: ast.AST, left: object, right: object, *, forward: bool) -> object:
        """Follow `left >> right`, or `left << right`; give the side that the next shift goes on from."""
        if self.dags or holds_tasks(left) or holds_tasks(right):
            self.order(node, *((left, right) if forward else (right, left)))
        return right

    def order(self, node: ast.AST, before: object, after: object) -> None:
        """Put tasks before others."""
        afters = list(self._things(node, after))
        for one in self._things(node, before):
            last = one.ends() if isinstance(one, Group) and not isinstance(before, list) else _leaves(one)
            for other in afters:
                self._relate(node, one, other, last)

    def _things(self, node: ast.AST, value: object) -> Iterator[Thing]:
        if isinstance(value, Task | Output | Group | Label):
            yield value
        elif isinstance(value, list):
            for one in list(value):
                yield from self._things(node, one)
        elif not (isinstance(value, Imported) and value.is_told):
            self.gap(node, "what is put in order here is not known")

    def _relate(self, node: ast.AST, one: Thing, other: Thing, last: list[Task]) -> None:
        self.spend()
        if isinstance(other, Label):
            self.journal.put(other.before, None, [*other.before, one])
            self._widen(other)
            for later in list(other.after):
                self.order(node, one, later)
        elif isinstance(one, Label):
            self.journal.put(one.after, None, [*one.after, other])
            self._widen(one)
            for earlier in list(one.before):
                self.order(node, earlier, other)
        else:
            if isinstance(other, Group) and not isinstance(one, Group):
                self._remember(other, one)
            after = _roots(other)
            for a in last:
                for b in after:
                    self.draw(node, a, b)

    def _widen(self, label: Label) -> None:
        """Put groups in the place of their tasks, as Airflow does where a label joins more than one group."""
        sides = (label.before, label.after)
        if not all(sides) or len({_group_of(one) for side in sides for one in side}) == 1:
            return
        for side in sides:
            wide = [one.group if isinstance(one, Task) and one.group is not None else one for one in side]
            self.journal.put(side, None, wide)

    def _remember(self, group: Group, one: Thing) -> None:
        tasks = [task for task in _roots(one) if task not in group.upstream]
        self.journal.put(group.upstream, None, [*group.upstream, *tasks])

    def draw(self, node: ast.AST, before: Task, after: Task, via: str = "") -> None:
        """Draw an edge; a task without a DAG comes into that of the other."""
        self.spend()
        if before is after or after in before.after:
            return
        self.adopt(before, after.dag)
        self.adopt(after, before.dag)
        if before.dag is not after.dag:
            self.gap(node, f"{before.id} and {after.id} are tasks of two DAGs", before.dag)
            return
        before.after[after] = after.before[before] = Link(line_of(node), via)
        self.journal.drew(lambda: (before.after.pop(after), after.before.pop(before)))

    def adopt(self, task: Task, dag: Dag | None) -> None:
        """Take a task that was made outside of a DAG into one."""
        if task.dag is not None or dag is None:
            return
        task.dag = dag
        dag.tasks.setdefault(task.id, task)
        dag.children.append(task)
        self.journal.drew(lambda: self._give_up(task, dag))

    @staticmethod
    def _give_up(task: Task, dag: Dag) -> None:
        task.dag = None
        dag.tasks.pop(task.id, None)
        dag.children.remove(task)

    def feed(self, node: ast.AST, value: object, task: Task) -> None:
        """Put the tasks whose output is somewhere in an argument before the task that takes it."""
        if isinstance(value, Output):
            for one in value.tasks:
                self.draw(node, one, task, value.key)
        elif isinstance(value, list | dict):
            for inner in list(value.values() if isinstance(value, dict) else value):
                self.feed(node, inner, task)

    def chain(self, node: ast.AST, parts: list[object], *, linear: bool) -> None:
        """Follow `chain(a, [b, c], [d, e])`, where two lists of one length go in pairs, or `chain_linear`."""
        if any(isinstance(part, Unknown) or (isinstance(part, Imported) and not part.is_told) for part in parts):
            self.gap(node, "what is put in order here is not known")
            return
        for one, other in itertools.pairwise(parts):
            if isinstance(one, list) and isinstance(other, list) and not linear:
                if len(one) != len(other) or any(isinstance(inner, Unknown) for inner in (*one, *other)):
                    self.gap(node, "lists of different length, or not known, cannot be chained")
                    continue
                for first, second in zip(one, other, strict=True):
                    self.order(node, first, second)
            else:
                self.order(node, one, other)


def _roots(thing: Thing) -> list[Task]:
    if isinstance(thing, Output):
        return list(thing.tasks)
    return [] if isinstance(thing, Label) else thing.roots()


def _leaves(thing: Thing) -> list[Task]:
    if isinstance(thing, Output):
        return list(thing.tasks)
    return [] if isinstance(thing, Label) else thing.leaves()


def _group_of(side: object) -> Group | None:
    if isinstance(side, Group):
        return side
    task = side if isinstance(side, Task) else side.tasks[0] if isinstance(side, Output) and side.tasks else None
    return task.group if task is not None else None

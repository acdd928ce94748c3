"""Setups and teardowns: tasks that come before and after work, whether the work succeeds or not."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from gatepost.definitions.airflow.graph import TEARDOWN_RULE, Task
from gatepost.definitions.airflow.order import Ordering

__all__ = ["Setups"]


@dataclass(slots=True)
class _Scope:
    """A `with` over a setup or a teardown."""

    is_setup: bool
    setups: list[Task]
    teardowns: list[Task]
    work: list[Task] = field(default_factory=list)


class Setups(Ordering):
    """The part of a walk that knows of setups and teardowns."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.scopes_of_work: list[_Scope] = []
        self.takes_work = False
        """Whether new tasks are work of the innermost scope; Airflow takes none after an inner scope has ended."""

    def as_setup(self, task: Task) -> None:
        """Make a task a setup."""
        self.change(task, is_setup=True)

    def as_teardown(self, node: ast.AST, task: Task, setups: list[Task]) -> None:
        """Make a task the teardown of setups."""
        self.change(task, is_teardown=True, trigger_rule=TEARDOWN_RULE)
        for one in setups:
            self.as_setup(one)
            self.draw(node, one, task)

    def change(self, task: Task, **values: object) -> None:
        """Set fields of a task."""
        old = {name: getattr(task, name) for name in values}
        for name, value in values.items():
            setattr(task, name, value)

        def undo() -> None:
            for name, value in old.items():
                setattr(task, name, value)

        self.journal.drew(undo)

    def enter_work(self, node: ast.AST, task: Task) -> bool:
        """Open a `with` over a task; tell whether it can be followed."""
        if not task.is_setup and not task.is_teardown:
            self.gap(node, f"{task.id} is used as a context and is neither setup nor teardown")
            return False
        if self.scopes_of_work and self.scopes_of_work[-1].is_setup != task.is_setup:
            self.gap(
                node, "a context of a setup and one of a teardown are nested: what that puts in order is not known"
            )
            return False
        if task.is_teardown:
            scope = _Scope(is_setup=False, setups=_near(task, setups=True), teardowns=[task])
        else:
            scope = _Scope(is_setup=True, setups=[task], teardowns=_near(task, setups=False))
        self.scopes_of_work.append(scope)
        self.takes_work = True
        return True

    def leave_work(self, node: ast.AST) -> None:
        """Close the innermost `with` over a setup or teardown: its work comes after the one and before the other."""
        scope = self.scopes_of_work.pop()
        self.takes_work = False
        work = [task for task in scope.work if not task.is_setup and not task.is_teardown]
        if work:
            roots = [task for task in work if not task.before]
            leaves = [task for task in work if not task.after]
            if scope.is_setup:
                self._draw_all(node, scope.setups, roots or work[:1])
                leaves = [task for task in work if not task.after] or work[-1:]
                self._draw_all(node, leaves, scope.teardowns)
            else:
                self._draw_all(node, leaves or work[-1:], scope.teardowns)
                roots = [task for task in work if not task.before] or work[:1]
                self._draw_all(node, scope.setups, roots)
        if self.scopes_of_work:
            outer = self.scopes_of_work[-1]
            self._draw_all(node, outer.setups, scope.setups)
            self._draw_all(node, scope.teardowns, outer.teardowns)

    def _draw_all(self, node: ast.AST, before: list[Task], after: list[Task]) -> None:
        for one in before:
            for other in after:
                self.draw(node, one, other)

    def note_work(self, task: Task) -> None:
        """Take a new task into the innermost `with` over a setup or teardown."""
        if self.scopes_of_work and self.takes_work and not task.is_mapped:
            self.scopes_of_work[-1].work.append(task)


def _near(task: Task, *, setups: bool) -> list[Task]:
    """Give the nearest setups before a teardown, or the nearest teardowns behind a setup."""
    here, seen = list(task.before if setups else task.after), {task}
    while here:
        found = [one for one in here if (one.is_setup if setups else one.is_teardown)]
        if found:
            return found
        seen.update(here)
        here = [other for one in here for other in (*one.after, *one.before) if other not in seen]
    return []

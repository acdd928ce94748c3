"""What binds values: imports, assignments, attributes that are set."""

from __future__ import annotations

import ast

from gatepost.definitions.airflow.calls import Calls
from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.literals import computed, iterated
from gatepost.definitions.airflow.tasks import COMMANDS, SETTINGS, TASK_ENDINGS, command_of
from gatepost.definitions.airflow.values import UNKNOWN, Imported, Inside, Instance, LocalClass, Output

__all__ = ["Binding"]


class Binding(Calls):
    """The part of a walk that binds names."""

    def import_names(self, node: ast.Import | ast.ImportFrom) -> None:
        """Bind the names of an import."""
        for name in node.names:
            if isinstance(node, ast.Import):
                whole = name.name if name.asname else name.name.split(".")[0]
                self.put_name(name.asname or whole, Imported(whole, name.name))
            elif name.name != "*":
                module = "." * node.level + (node.module or "")
                self.put_name(name.asname or name.name, Imported(f"{module}.{name.name}", module or "."))

    def assign(self, target: ast.expr, value: object) -> None:  # noqa: C901 - one case for each kind of target
        """Keep a value under a name, in a list, in an object."""
        match target:
            case ast.Name():
                self.put_name(target.id, value)
            case ast.Tuple() | ast.List():
                self._unpack(target.elts, value)
            case ast.Starred():
                self.assign(target.value, value)
            case ast.Attribute():
                self.set_attribute(target, self.value(target.value), target.attr, value)
            case ast.Subscript() if not isinstance(target.slice, ast.Slice):
                holder, key = self.value(target.value), self.value(target.slice)
                if isinstance(holder, Inside):
                    self.changed_inside(target, holder)
                elif isinstance(holder, dict) and isinstance(key, str | int | float | bool):
                    self.journal.put(holder, key, value)
                elif isinstance(holder, dict):
                    self.forget(holder)
                elif isinstance(holder, list):
                    kept = list(holder)
                    if type(key) is int and -len(kept) <= key < len(kept):
                        kept[key] = value
                    else:
                        kept.append(UNKNOWN)
                    self.journal.put(holder, None, kept)
            case _:
                pass

    def _unpack(self, targets: list[ast.expr], value: object) -> None:
        many = list(value) if isinstance(value, list) else iterated(value)
        star = next((number for number, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        if many is not None and star is not None and len(many) >= len(targets) - 1:
            behind = len(targets) - star - 1
            many = [*many[:star], many[star : len(many) - behind], *many[len(many) - behind :]]
        fits = many is not None and len(many) == len(targets)
        for number, one in enumerate(targets):
            self.assign(one, many[number] if fits and many is not None else UNKNOWN)

    def augment(self, node: ast.AugAssign) -> None:
        """Follow `x += y`."""
        reading = ast.parse(ast.unparse(node.target), mode="eval").body
        left, right = self.value(reading), self.value(node.value)
        if isinstance(left, Inside):
            self.changed_inside(node, left)
        elif isinstance(node.op, ast.RShift | ast.LShift):
            self.assign(node.target, self.shifted(node, left, right, forward=isinstance(node.op, ast.RShift)))
        elif isinstance(node.op, ast.Add) and isinstance(left, list):
            self.journal.put(left, None, [*left, *(right if isinstance(right, list) else [UNKNOWN])])
        else:
            self.assign(node.target, computed(node.op, left, right))

    def set_attribute(self, node: ast.AST, holder: object, name: str, value: object) -> None:
        """Keep a value as `holder.name`."""
        match holder:
            case Instance():
                self.journal.put(holder.attributes, name, value)
            case LocalClass():
                self.journal.put(holder.scope, name, value)
            case Output() if len(holder.tasks) == 1:
                self.set_attribute(node, holder.tasks[0], name, value)
            case Task() | Dag() | Group() if isinstance(kept := self.attribute(node, holder, name), Inside):
                self.changed_inside(node, kept)
            case Task():
                self._set_on_task(node, holder, name, value)
            case Dag() if name == "default_args":
                self.gap(node, "the default arguments of the DAG are changed afterwards", holder)
            case Imported() if holder.is_class and (self.dags or holder.last.endswith(TASK_ENDINGS)):
                self.gap(node, f"what {holder.last} does is not known: its {name} is changed")
            case _:
                pass

    def _set_on_task(self, node: ast.AST, task: Task, name: str, value: object) -> None:
        match name:
            case "trigger_rule":
                self.change(task, trigger_rule=self.rule(node, task, value))
            case "retries" | "execution_timeout":
                field = "retries" if name == "retries" else "timeout"
                is_known = isinstance(value, int | float)
                self.change(task, **{field: value if is_known else None})
                if not is_known:
                    self.gap(node, f"what {name} of {task.id} is set to is not known")
            case "is_setup" | "is_teardown":
                self.change(task, **{name: value is True})
            case "dag" if isinstance(value, Dag):
                self.adopt(task, value)
            case "task_group" | "task_id":
                self.gap(node, f"{name} of {task.id} is changed afterwards")
            case _ if name in COMMANDS:
                self.change(task, command=command_of({name: value}))
                self.feed(node, value, task)
            case _ if name == "image":
                self.change(task, image=value if isinstance(value, str) else None)
            case _ if name in SETTINGS or name.startswith(("doc", "ui_", "on_", "max_", "op_", "run_as")):
                self.feed(node, value, task)
            case _:
                self.feed(node, value, task)
                self.gap(node, f"what {name} of {task.id}, which is set afterwards, does is not known")

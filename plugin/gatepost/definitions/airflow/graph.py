"""The graph that a DAG file makes: DAGs, task groups, tasks, and who waits for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gatepost.definitions.definition import Answer, Called

__all__ = ["ALL_SUCCESS", "TEARDOWN_RULE", "Dag", "Group", "Link", "Task"]

ALL_SUCCESS = "all_success"
TEARDOWN_RULE = "all_done_setup_success"
_NUMBER = re.compile(r"__(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of an edge."""

    line: int
    via: str = ""


@dataclass(slots=True, eq=False)
class Task:
    """One task. Two tasks are the same only when they are one object."""

    id: str
    line: int
    dag: Dag | None = None
    group: Group | None = None
    operator: str = ""
    trigger_rule: str | None = None
    retries: int | None = None
    timeout: float | None = None
    command: str | None = None
    image: str | None = None
    answers: tuple[Answer, ...] = ()
    """What is run when it has failed."""
    function: Called | None = None
    """The function of Python that it runs in place of a command."""
    program: Answer | None = None
    """What it runs as a function of Python."""
    condition: str | None = None
    rejects_by: str | None = None
    """By which words it is skipped, and has not failed, where it rejects."""
    waits_for: str | None = None
    doubt: str | None = None
    """Why its function may end well whatever it finds."""
    skips: str | None = None
    """How it may leave itself out in place of failing."""
    is_setup: bool = False
    is_teardown: bool = False
    is_mapped: bool = False
    before: dict[Task, Link] = field(default_factory=dict)
    after: dict[Task, Link] = field(default_factory=dict)

    def roots(self) -> list[Task]:
        """Give what waits when this is put behind something."""
        return [self]

    def leaves(self) -> list[Task]:
        """Give what is waited for when something is put behind this."""
        return [self]


@dataclass(slots=True, eq=False)
class Group:
    """A task group."""

    name: str
    line: int
    dag: Dag
    parent: Group | None = None
    prefixes: bool = True
    """Whether what is inside carries the name of the group."""
    defaults: dict[str, object] = field(default_factory=dict)
    children: list[Task | Group] = field(default_factory=list)
    upstream: list[Task] = field(default_factory=list)
    """The tasks that were put before the group itself; an empty group hands them on."""

    @property
    def id(self) -> str:
        """The name, with that of the group around it where that one gives its name."""
        return self.parent.child_id(self.name) if self.parent is not None and self.parent.prefixes else self.name

    def child_id(self, name: str) -> str:
        """Give the full name of a task or a group inside."""
        return f"{self.id}.{name}" if self.prefixes else name

    def tasks(self) -> Iterator[Task]:
        """Give every task inside, those of inner groups too."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.tasks()
            else:
                yield child

    def roots(self) -> list[Task]:
        """Give the tasks that wait for none of the group."""
        inside = dict.fromkeys(self.tasks())
        return [task for task in inside if not any(other in inside for other in task.before)]

    def leaves(self) -> list[Task]:
        """Give the tasks that none of the group waits for; a teardown is stepped over to the work before it."""
        inside = dict.fromkeys(self.tasks())
        found: dict[Task, None] = {}
        for task in inside:
            if not any(other in inside for other in task.after):
                found.update(dict.fromkeys([task] if not task.is_teardown else _work_before(task, inside)))
        return list(found)

    @staticmethod
    def of_all(dag: Dag) -> Group:
        """Give all of a DAG as a group."""
        return Group("", 0, dag, children=dag.children)

    def ends(self) -> list[Task]:
        """Give what something behind the group waits for; of an empty group, what it waits for or what is around it."""
        here: Group | None = self
        while here is not None:
            if found := here.leaves() or here.upstream:
                return found
            here = here.parent
        return Group.of_all(self.dag).leaves()


def _work_before(task: Task, inside: dict[Task, None]) -> Iterator[Task]:
    for earlier in task.before:
        if earlier not in inside:
            continue
        if earlier.is_teardown:
            yield from _work_before(earlier, inside)
        elif not (task.is_teardown and earlier.is_setup) and not any(
            later is not task and later in inside and not later.is_teardown for later in earlier.after
        ):
            yield earlier


@dataclass(slots=True, eq=False)
class Dag:
    """One DAG."""

    id: str
    line: int
    is_named: bool = True
    """Whether the text tells its name."""
    defaults: dict[str, object] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    """What is run when a run of it has failed."""
    limit: float | None = None
    """How long a run of it may take, in seconds."""
    tasks: dict[str, Task] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    children: list[Task | Group] = field(default_factory=list)

    def unique_task(self, name: str, group: Group | None) -> str:
        """Give the name that a decorated task gets when another one has its name already: `load__1`."""
        full = group.child_id(name) if group is not None else name
        if full not in self.tasks:
            return name
        core = _NUMBER.split(full)[0]
        return f"{_NUMBER.split(name)[0]}__{_next(core, self.tasks)}"

    def unique_group(self, name: str, parent: Group | None) -> str:
        """Give the name that a decorated group gets when another one has its name already."""
        full = parent.child_id(name) if parent is not None else name
        if full not in self.groups:
            return name
        core = _NUMBER.split(name)[0]
        number = _next(core, self.groups)
        return f"{core}__{number}" if number > 1 else f"{name}__1"


def _next(core: str, names: dict[str, Task] | dict[str, Group]) -> int:
    taken = [name.removeprefix(f"{core}__") for name in names if name.startswith(f"{core}__")]
    return max((int(one) for one in taken if one.isdecimal() and len(one) < 9), default=0) + 1  # noqa: PLR2004 - a count

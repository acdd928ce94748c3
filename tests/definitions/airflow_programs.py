"""Random DAG files, written as people write them, for Airflow and our reader to agree on."""

from __future__ import annotations

import random
import textwrap

__all__ = ["program"]

_HEAD = """\
from datetime import timedelta
from functools import partial, reduce
from airflow.sdk import (
    DAG, Label, TaskGroup, TriggerRule, chain, chain_linear, cross_downstream, setup, task, task_group, teardown,
)
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator

def step(name, *before, **more):
    made = BashOperator(task_id=name, bash_command=f"run {name}", **more)
    if before:
        list(before) >> made
    return made

@task
def compute(*given, **named):
    return given

@task(retries=4)
def count(value):
    return 1

@task_group
def pair(value):
    return count(compute(value))

@task_group(group_id="both")
def both(value):
    compute(value) >> compute()

"""
_RULES = ("all_done", "none_failed", "one_success", "all_success")


class _Writer:
    """One program; edges only lead from what is made earlier to what is made later, so that there is no cycle."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - a program, no secret
        self.lines: list[str] = []
        self.count = 0

    def new(self) -> str:
        """Give a name that was not given before."""
        self.count += 1
        return f"v{self.count}"

    def options(self) -> str:
        """Give some arguments of an operator."""
        found = ""
        if self.draw.random() < 0.3:
            found += f", retries={self.draw.randint(0, 5)}"
        if self.draw.random() < 0.2:
            found += f", execution_timeout=timedelta(minutes={self.draw.randint(1, 9)})"
        if self.draw.random() < 0.3:
            found += f', trigger_rule="{self.draw.choice(_RULES)}"'
        return found

    def make(self, depth: int, known: list[str]) -> list[str]:  # noqa: C901 - one case for each way to write it
        """Write something that makes tasks; give the names that hold them."""
        name = self.new()
        kind = self.draw.randrange(15 if depth < 3 else 9)
        pad = "    " * (depth + 1)
        some = self.draw.sample(known, min(len(known), 2))
        tasks = [one for one in some if not one.startswith(("g", "l"))]
        arguments = ", ".join(f"{one}.output" if one.startswith("o") else one for one in tasks)
        write = self.lines.append
        match kind:
            case 0 | 1:
                write(f'{pad}o{name} = EmptyOperator(task_id="{name}"{self.options()})')
                return [f"o{name}"]
            case 2:
                write(f'{pad}o{name} = step("{name}"{"".join(f", {one}" for one in tasks)}{self.options()})')
                return [f"o{name}"]
            case 3 | 4:
                write(f"{pad}x{name} = compute({arguments})")
                return [f"x{name}"]
            case 5:
                one = f'compute.override(task_id="{name}", retries=2)'
                write(f'{pad}x{name} = {one}([1, {arguments}], key={{"a": [{arguments}]}})')
                return [f"x{name}"]
            case 6:
                write(f"{pad}x{name} = count.expand(value={arguments.split(', ')[0] or [1, 2]})")
                return [f"x{name}"]
            case 7:
                one = f'EmptyOperator(task_id=f"{name}_{{one}}")'
                write(f'{pad}l{name} = [{one} for one in ("a", "b", "c") if one != "b"]')
                return [f"l{name}"]
            case 8:
                write(
                    f'{pad}o{name} = BashOperator.partial(task_id="{name}"{self.options()}).expand(bash_command=["a"])'
                )
                return [f"o{name}"]
            case 9:
                write(f"{pad}l{name} = []")
                write(f'{pad}for number, one in enumerate(["p", "skip", "q"]):')
                write(f'{pad}    if one == "skip": continue')
                write(f'{pad}    l{name}.append(step(f"{name}_{{one}}_{{number:02d}}", *l{name}[-1:]))')
                return [f"l{name}"]
            case 10:
                first = arguments.split(", ")[0] or "1"
                write(f"{pad}g{name} = {self.draw.choice(['pair', 'both'])}({first})")
                return [f"g{name}"]
            case 11:
                write(f"{pad}with {self._setup_and_teardown(name)}:")
                self.block(depth + 1, [])
                return []
            case _:
                prefix = self.draw.choice(["", "", ", prefix_group_id=False", ', default_args={"retries": 6}'])
                write(f'{pad}with TaskGroup("{name}"{prefix}) as g{name}:')
                self.block(depth + 1, known)
                return [f"g{name}"]

    @staticmethod
    def _setup_and_teardown(name: str) -> str:
        before = f'EmptyOperator(task_id="{name}_s")'
        return f'EmptyOperator(task_id="{name}_t").as_teardown(setups={before})'

    def block(self, depth: int, outer: list[str]) -> None:
        """Write some statements that make tasks and put them in order."""
        known: list[str] = []
        for _ in range(self.draw.randint(2, 5 if depth else 9)):
            before = [*known, *outer]
            made = self.make(depth, before)
            for one in made:
                self.join(depth, before, one)
            known += made

    def join(self, depth: int, before: list[str], one: str) -> None:
        """Put something behind what was made earlier."""
        if not before or self.draw.random() < 0.3:
            return
        pad = "    " * (depth + 1)
        a, b = self.draw.choice(before), self.draw.choice(before)
        both = f"[*{a}, {b}]" if a.startswith("l") and not b.startswith("l") else f"[{b}]" if b[0] != "l" else b
        ways = [f"chain({a}, {one})", f"cross_downstream({both}, {one})"]
        if not a.startswith("l"):
            ways += [f"{a} >> {one}", f"{a}.set_downstream({one})"]
        if not one.startswith("l"):
            ways += [f"{one} << {a}", f"{one}.set_upstream({a})", f"{both} >> {one}"]
        if not a.startswith("l") and not one.startswith("l"):
            ways += [f'{a} >> Label("x") >> {one}', f"reduce(lambda x, y: x >> y, [{a}, {one}])"]
        self.lines.append(pad + self.draw.choice(ways))


def program(seed: int) -> str:
    """Write a DAG file with one DAG, `random_SEED`."""
    writer = _Writer(seed)
    defaults = writer.draw.choice(["", ', default_args={"retries": 1, "trigger_rule": TriggerRule.ALL_DONE}'])
    writer.lines.append(f'with DAG("random_{seed}"{defaults}) as dag:')
    writer.block(0, [])
    return textwrap.dedent(_HEAD) + "\n".join(writer.lines) + "\n"

"""Small workflows made at random, and which of their jobs run: worked out naively, from GitHub's documentation.

Nothing here reads an expression: a condition is a tree that is written as text for the reader, and judged as a tree.

- A job without a status function in its `if:` has `success() &&` before it.
- A failure or a skip holds for all jobs of the chain behind it: `success()` asks every ancestor, `failure()` any.
- `cancelled()` is true when the run was cancelled, which is what cancels a job.
- A job with `continue-on-error: true` that failed has the result `success`.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions,
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final, NamedTuple

__all__ = ["Job", "World", "ancestors", "asks", "flags_of", "jobs_at_random", "results", "text_of"]

RESULTS: Final = ("success", "failure", "cancelled", "skipped")
FUNCTIONS: Final = ("success", "failure", "always", "cancelled")
Tree = tuple[Any, ...]


class Job(NamedTuple):
    """A job of a workflow."""

    name: str
    needs: tuple[str, ...]
    condition: Tree | None
    may_fail: bool


class World(NamedTuple):
    """What happens in one run."""

    fates: Mapping[str, str] = {}
    """How jobs end that run; the others succeed. `skipped` stands for a condition of its own that leaves it out."""
    flags: Mapping[str, bool] = {}
    is_cancelled: bool = False
    forced: str = ""
    """A job that runs whatever its condition says."""


def jobs_at_random(random: Random) -> list[Job]:
    """Give two to four jobs, each of which may need those before it."""
    jobs: list[Job] = []
    for name in ("build", "gate", "extra", "ship")[: random.randint(2, 4)]:
        earlier = [job.name for job in jobs]
        needs = tuple(sorted(random.sample(earlier, random.randint(min(1, len(earlier)), len(earlier)))))
        condition = _condition(random, name, needs, 2) if random.random() < 0.7 else None
        jobs.append(Job(name, needs, condition, random.random() < 0.1))
    return jobs


def _condition(random: Random, name: str, needs: tuple[str, ...], depth: int) -> Tree:
    kinds = ["call", "call", "flag"] + ["result", "any"] * bool(needs) + ["not", "and", "and", "or"] * (depth > 0)
    kind = random.choice(kinds)
    inner = [_condition(random, name, needs, depth - 1) for _ in range({"not": 1, "and": 2, "or": 2}.get(kind, 0))]
    match kind:
        case "call":
            return ("call", random.choice(FUNCTIONS))
        case "flag":
            return ("flag", f"{name}_{random.randrange(10**6)}")
        case "result":
            return ("result", random.choice(needs), random.choice(("==", "!=")), random.choice(RESULTS))
        case "any":
            return ("any", random.choice(RESULTS))
    return (kind, *inner)


def text_of(jobs: list[Job]) -> str:
    """Write a workflow."""
    lines = ["jobs:"]
    for job in jobs:
        lines += [f"  {job.name}:", f"    needs: [{', '.join(job.needs)}]"]
        if job.condition is not None:
            lines.append(f"    if: ${{{{ {written(job.condition)} }}}}")
        if job.may_fail:
            lines.append("    continue-on-error: true")
        lines.append(f"    steps: [{{run: python {job.name}.py}}]")
    return "\n".join(lines) + "\n"


def written(tree: Tree) -> str:
    """Write a condition."""
    match tree:
        case ("call", name):
            return f"{name}()"
        case ("flag", name):
            return f"inputs.{name}"
        case ("result", name, sign, wanted):
            return f"needs.{name}.result {sign} '{wanted}'"
        case ("any", wanted):
            return f"contains(needs.*.result, '{wanted}')"
        case ("not", inner):
            return f"!({written(inner)})"
        case ("and", one, other):
            return f"({written(one)}) && ({written(other)})"
        case ("or", one, other):
            return f"({written(one)}) || ({written(other)})"
    raise AssertionError(tree)


def flags_of(jobs: list[Job]) -> Iterator[dict[str, bool]]:
    """Give every way in which what is not known may turn out."""
    names = sorted({name for job in jobs if job.condition for name in _flags(job.condition)})
    yield from (dict(zip(names, values, strict=True)) for values in itertools.product((True, False), repeat=len(names)))


def _flags(tree: Tree) -> Iterator[str]:
    if tree[0] == "flag":
        yield tree[1]
    for inner in tree[1:]:
        if isinstance(inner, tuple):
            yield from _flags(inner)


def ancestors(jobs: list[Job], name: str) -> set[str]:
    """Give all jobs that stand before one."""
    known = {job.name: job for job in jobs}
    return {one for need in known[name].needs for one in (need, *ancestors(jobs, need))}


def results(jobs: list[Job], world: World) -> dict[str, str]:
    """Give what `needs.X.result` says of each job in the end."""
    found: dict[str, str] = {}
    for job in jobs:
        before = [found[one] for one in ancestors(jobs, job.name)]
        condition = job.condition
        holds = condition is None or _holds(condition, job, found, before, world)
        if not asks(condition):
            holds = holds and all(one == "success" for one in before)
        fate = world.fates.get(job.name, "success")
        if job.name == world.forced:
            holds = True
        found[job.name] = "skipped" if not holds or fate == "skipped" else fate
        if found[job.name] == "failure" and job.may_fail:
            found[job.name] = "success"
    return found


def asks(tree: Tree | None) -> bool:
    """Tell whether a condition has a status function."""
    return tree is not None and (tree[0] == "call" or any(isinstance(one, tuple) and asks(one) for one in tree[1:]))


def _holds(tree: Tree, job: Job, found: dict[str, str], before: list[str], world: World) -> bool:
    kind, *rest = tree
    inner = [_holds(one, job, found, before, world) for one in rest if isinstance(one, tuple)]
    asked = {
        "always": True,
        "success": all(one == "success" for one in before),
        "failure": "failure" in before,
        "cancelled": world.is_cancelled,
    }
    match kind:
        case "call":
            return asked[rest[0]]
        case "flag":
            return world.flags[rest[0]]
        case "result":
            return (found[rest[0]] == rest[2]) is (rest[1] == "==")
        case "any":
            return rest[0] in [found[one] for one in job.needs]
    return {"not": not inner[0], "and": all(inner), "or": any(inner)}[kind]

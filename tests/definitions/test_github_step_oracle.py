"""Which steps of a job run where some of them fail: the play against a naive oracle from GitHub's documentation.

A step runs when its condition holds, with `success() &&` before it unless that has a status function. Its `outcome` is
what became of it, its `conclusion` that after `continue-on-error`; a step that was left out has `skipped` for both.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

import pytest
from reading import read

from gatepost.definitions.playing import play_job, steps_of, surely

Tree = tuple[Any, ...]
ENDS = ("success", "failure", "skipped")


class _Step(NamedTuple):
    name: str
    condition: Tree | None
    may_fail: bool


def _steps(random: Random) -> list[_Step]:
    found: list[_Step] = []
    for name in ("a", "b", "c", "d")[: random.randint(2, 4)]:
        condition = _tree(random, [one.name for one in found], name, 2) if random.random() < 0.6 else None
        found.append(_Step(name, condition, random.random() < 0.3))
    return found


def _tree(random: Random, earlier: list[str], name: str, depth: int) -> Tree:
    kinds = ["call", "call", "flag"] + ["end", "end"] * bool(earlier) + ["not", "and", "or"] * (depth > 0)
    kind = random.choice(kinds)
    inner = [_tree(random, earlier, name, depth - 1) for _ in range({"not": 1, "and": 2, "or": 2}.get(kind, 0))]
    match kind:
        case "call":
            return ("call", random.choice(("success", "failure", "always", "cancelled")))
        case "flag":
            return ("flag", f"{name}_{random.randrange(10**6)}")
        case "end":
            key, sign = random.choice(("outcome", "conclusion")), random.choice(("==", "!="))
            return ("end", random.choice(earlier), key, sign, random.choice(ENDS))
    return (kind, *inner)


def _written(tree: Tree) -> str:
    kind, *rest = tree
    match kind:
        case "call":
            return f"{rest[0]}()"
        case "flag":
            return f"github.event.{rest[0]}"
        case "end":
            return f"steps.{rest[0]}.{rest[1]} {rest[2]} '{rest[3]}'"
        case "not":
            return f"!({_written(rest[0])})"
    return f" {'&&' if kind == 'and' else '||'} ".join(f"({_written(one)})" for one in rest)


def _text(steps: list[_Step]) -> str:
    lines = ["jobs:", "  job:", "    steps:"]
    for one in steps:
        lines += [f"      - id: {one.name}", f"        run: python {one.name}.py"]
        if one.condition is not None:
            lines.append(f"        if: ${{{{ {_written(one.condition)} }}}}")
        if one.may_fail:
            lines.append("        continue-on-error: true")
    return "\n".join(lines) + "\n"


def _flags(tree: Tree | None) -> Iterator[str]:
    if tree is not None and tree[0] == "flag":
        yield tree[1]
    for inner in tree[1:] if tree is not None else ():
        if isinstance(inner, tuple):
            yield from _flags(inner)


def _asks(tree: Tree) -> bool:
    return tree[0] == "call" or any(isinstance(one, tuple) and _asks(one) for one in tree[1:])


def _run(steps: list[_Step], failing: str, flags: Mapping[str, bool]) -> tuple[set[str], bool]:
    """Give which steps run, and whether the job fails."""
    ends: dict[str, dict[str, str]] = {}
    for one in steps:
        is_well = all(end["conclusion"] != "failure" for end in ends.values())
        holds = one.condition is None or _holds(one.condition, ends, flags, is_well=is_well)
        if one.condition is None or not _asks(one.condition):
            holds = holds and is_well
        outcome = "skipped" if not holds else "failure" if one.name == failing else "success"
        is_forgiven = outcome == "failure" and one.may_fail
        ends[one.name] = {"outcome": outcome, "conclusion": "success" if is_forgiven else outcome}
    ran = {name for name, end in ends.items() if end["outcome"] != "skipped"}
    return ran, any(end["conclusion"] == "failure" for end in ends.values())


def _holds(tree: Tree, ends: dict[str, dict[str, str]], flags: Mapping[str, bool], *, is_well: bool) -> bool:
    kind, *rest = tree
    inner = [_holds(one, ends, flags, is_well=is_well) for one in rest if isinstance(one, tuple)]
    match kind:
        case "call":
            return {"always": True, "cancelled": False, "success": is_well, "failure": not is_well}[rest[0]]
        case "flag":
            return flags[rest[0]]
        case "end":
            return (ends[rest[0]][rest[1]] == rest[3]) is (rest[2] == "==")
    return {"not": not inner[0], "and": all(inner), "or": any(inner)}[kind]


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_what_the_steps_of_a_job_do_is_what_the_documentation_says(first: int) -> None:
    """What surely runs runs, what surely does not does not; without a flag that a run decides, nothing is left open."""
    for seed in range(first, first + 100):
        steps = _steps(Random(seed))  # noqa: S311 - a job, no secret
        text = _text(steps)
        job = read("github-actions", text).stage("job")
        assert job is not None
        names = sorted({flag for one in steps for flag in _flags(one.condition)})
        failures = ("", *(one.name for one in steps))
        worlds = [dict(zip(names, told, strict=True)) for told in itertools.product((True, False), repeat=len(names))]
        ever = {name for failing in failures for world in worlds for name in _run(steps, failing, world)[0]}
        is_whole = not names and len(ever) == len(steps)  # of a step that no run has, nothing is asked
        for failing in failures:
            found = play_job(steps_of(job), lambda command, name=failing: command == f"python {name}.py")  # type: ignore[misc]
            ends = [_run(steps, failing, world) for world in worlds]
            _agree(found.failed, {failed for _, failed in ends}, (failing, text), is_whole=is_whole)
            for one in steps:
                told = surely(found.ran, lambda command, name=one.name: command == f"python {name}.py")  # type: ignore[misc]
                _agree(told, {one.name in ran for ran, _ in ends}, (failing, one.name, text), is_whole=is_whole)


def _agree(told: bool | None, ways: set[bool], shown: object, *, is_whole: bool) -> None:  # noqa: FBT001 - what is told
    assert told is None or ways == {told}, shown
    assert told is not None or not is_whole, shown

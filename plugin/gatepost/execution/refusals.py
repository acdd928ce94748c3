"""Stages that decide, shown nothing: what they read is gone, empty, or without a number; none may say yes to that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from gatepost.execution.release import Release, outcome_of
from gatepost.execution.setup import Orders
from gatepost.execution.task import Report, Setting, Step, Task
from gatepost.pipeline import Promise, shown_to_judges
from gatepost.records.dry_run import Refusal, Taken

__all__ = ["Refusing", "refusals", "refused"]

_SAYS_YES: Final = {"gate": "passes", "monitor": "is content", "approval": "says yes", "promote": "goes on"}
_PATIENCE: Final = 10.0
"""So long an answer is waited for, in seconds, unless the stage has taken longer when all was there."""
_LONGER: Final = 4
"""How many times as long it may take then."""


class Refusing(NamedTuple):
    """One way of showing nothing to a stage."""

    judge: Promise
    paths: tuple[str, ...]
    how: Taken
    required: bool
    task: Task


def refusals(orders: Orders, release: Release, setting: Setting) -> Iterator[Refusing]:
    """Give what is taken away from each stage that decides.

    An approval has to refuse when all that it reads is gone. Of several, one may tell of the rest, such as a report
    that names a bundle by its digest: each alone is taken away to see what the approval goes by.

    Args:
        orders: what was run.
        release: the last clean release, whose folder before each stage is the basis: what the one before it has left,
            such as its approval, lies there, too.
        setting: what the commands see.
    """
    for judge, named in shown_to_judges(orders.contract):
        held = {entry.path: entry.content for entry in release.before[judge.name]}
        paths = tuple(path for path in named if PurePosixPath(path).as_posix() in held)
        if not paths:
            continue  # what was not there when all went well cannot be missed
        yield _refusing(orders, judge, dict.fromkeys(paths), "absent", release, setting)
        if judge.kind != "approval":
            for how, content in _hollow(held[PurePosixPath(paths[0]).as_posix()]):
                yield _refusing(orders, judge, {paths[0]: content}, how, release, setting)
        elif len(paths) > 1:
            for path in paths:
                one = _refusing(orders, judge, {path: None}, "absent", release, setting)
                yield one._replace(required=False)
    for promotion in orders.contract.promotions:
        read = map(orders.path_of, promotion.stage.in_ if promotion.name in orders.commands else ())
        there = {entry.path for entry in release.before[promotion.name]}
        taken = dict.fromkeys(path for path in read if path and PurePosixPath(path).as_posix() in there)
        if taken:
            one = _refusing(orders, promotion, taken, "absent", release, setting)
            yield one._replace(required=False)


def _refusing(  # noqa: PLR0913, PLR0917 - who is shown what, how, and where
    orders: Orders,
    judge: Promise,
    instead: Mapping[str, bytes | None],
    how: Taken,
    release: Release,
    setting: Setting,
) -> Refusing:
    patience = max(_PATIENCE, _LONGER * release.took.get(judge.name, 0.0))
    seconds = min(orders.seconds(judge), patience)
    words, told = orders.commands[judge.name], orders.told(judge)
    step = Step(judge.name, words, seconds, instead=tuple(instead.items()), told=told)
    task = Task("\0".join((judge.name, how, *instead)), release.before[judge.name], setting, (step,))
    return Refusing(judge, tuple(instead), how, required=True, task=task)


def _hollow(content: bytes | None) -> Iterator[tuple[Taken, bytes]]:
    """Give what a file with metrics may be without holding any, as a write that was broken off leaves it."""
    yield "empty", b""
    try:
        data = json.loads(content or b"")
    except ValueError:
        return
    if isinstance(data, dict):
        yield "bare", b"{}\n"
        yield "null", json.dumps(_without_numbers(data), indent=1).encode()


def _without_numbers(data: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give data with null for each number, which is what many writers make of NaN."""
    if isinstance(data, dict):
        return {key: _without_numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_without_numbers(value) for value in data]
    return None if isinstance(data, int | float) and not isinstance(data, bool) else data


def refused(refusing: Refusing, report: Report) -> Refusal:
    """Say what a stage has answered; whatever is no yes is a refusal, a crash as well."""
    code = report.ended[-1][1].code if report.ended else None
    outcome = report.missed or (_SAYS_YES[refusing.judge.kind] if code == 0 else outcome_of(code or 0))
    return Refusal(
        stage=refusing.judge.name,
        kind=refusing.judge.kind,
        paths=refusing.paths,
        how=refusing.how,
        outcome=outcome,
        required=refusing.required,
        passed=bool(code) or not refusing.required,
    )

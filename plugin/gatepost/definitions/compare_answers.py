"""Whether the definition answers a failure with the commands that the contract names, those of a rollback included.

Only an answer with a command is compared. What cannot be read (an action of others, a callback of another module) is
open; a stage of that kind which `besides` names is vouched for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.answers import Answers
from gatepost.definitions.compare_rollbacks import rollback_of
from gatepost.definitions.difference import Difference, Weight
from gatepost.definitions.promised import promised
from gatepost.definitions.sides import GUARDS, Sides
from gatepost.pipeline import Promise, listed
from gatepost.records.expressions import Action

__all__ = ["answers"]

_SHOWN_BY: Final = {
    "github-actions": "a step, or a job, with `if: failure()`",
    "gitlab-ci": "a job with `when: on_failure`, or `after_script`",
    "argo": "`onExit`, or a hook of the task",
    "kubeflow": "an exit handler",
    "airflow": "`on_failure_callback`, or a task with a trigger rule",
}
"""How each tool answers a failure, for those that can."""
_RUN: Final = frozenset({"runs", "vouched"})
_EVENTS: Final = {"on-fail": ("fails", "fail"), "on-reject": ("rejects", "reject")}


class _Lacking(NamedTuple):
    """Answers that the definition does not give, so that stages that lack the same are told together."""

    key: str
    """on-fail or on-reject."""
    commands: tuple[str, ...]
    actions: str
    """The answer of the contract."""
    weight: Weight
    why: str = ""
    """Why nothing learns of the failure, where that is the cause."""


def answers(sides: Sides, kept: frozenset[str] = frozenset()) -> Iterator[Difference]:
    """Compare what each stage that both sides have is answered with when it fails.

    Args:
        sides: the contract and the definition.
        kept: the gates that hold their promotions back within one real stage, which may end well all the same.
    """
    if sides.definition.tool not in _SHOWN_BY:
        return
    given = Answers(sides.definition, sides.reach, sides.mapping.besides, _actions(sides), sides.scripts)
    lacking: dict[_Lacking, list[Promise]] = defaultdict(list)
    for promise in sides.contract.promises.values():
        for one in _lacking(sides, given, promise, is_kept=promise.name in kept):
            lacking[one].append(promise)
    if len(lacking) > 1 and not given.handlers.has_any and all(one.weight == "differs" for one in lacking):
        yield _none(sides, lacking)
        return
    for one, promises in lacking.items():
        yield _told(sides, one, promises)
    for promotion in sides.contract.promotions:
        yield from rollback_of(sides, given, promotion)


def _actions(sides: Sides) -> dict[str, Action]:
    """Give the action that each command of the contract stands for; undoing comes first where one does several."""
    backs = [one.stage.rollback for one in sides.contract.promotions]
    named: dict[str, Action] = {command: action for action, command in sides.contract.record.handlers.items()}
    return named | {back.run: "rollback" for back in backs if back is not None and back.run}


def _lacking(sides: Sides, given: Answers, promise: Promise, *, is_kept: bool) -> Iterator[_Lacking]:
    """Give what is missing of the answers to one stage; people who do not approve are no failure."""
    reals = sides.reals(promise.name)
    if not reals or (promise.kind == "approval" and promise.stage.run is None):
        return
    ours = promise.stage.run
    forgiven = {
        real: given.forgiven(real, ours) if is_kept or _is_told_alone(sides, promise) else None for real in reals
    }
    found = list(promised(sides.contract, promise))
    for number, (key, actions, commands) in enumerate(found):
        is_rejection = promise.kind in GUARDS and number == len(found) - 1
        skips = {real: sides.mapping.stage(real).rejects_by if is_rejection else None for real in reals}
        why = next((one for one in (*skips.values(), *forgiven.values()) if one), "")
        told = {
            command: {given.of(real, command, ours, forgives=skips[real] or forgiven[real]) for real in reals}
            for command in commands
        }
        absent = tuple(command for command, found in told.items() if found == {"absent"})
        unsure = tuple(command for command, found in told.items() if found.isdisjoint(_RUN) and "open" in found)
        is_open = any(one and one.endswith("not known") for one in skips.values())
        weight: Weight = "unknown" if sides.may_hide_a_stage() or is_open else "differs"
        if absent:
            yield _Lacking(key, absent, str(actions), weight, why)
        if unsure:
            yield _Lacking(key, unsure, str(actions), "unknown", why)


def _is_told_alone(sides: Sides, promise: Promise) -> bool:
    """Tell whether only here it is told that a stage hides its failure: no promotion waits for it."""
    graph = sides.contract.graph
    return not any(promise.name in graph.ancestors(one.name) for one in sides.contract.promotions)


def _at(promise: Promise, key: str) -> tuple[str, ...]:
    own = promise.stage.on_reject if key == "on-reject" else promise.stage.on_fail
    if own is not None:
        return ("stages", promise.name, key)
    return ("stages", promise.name, "on-fail") if promise.stage.on_fail is not None else ("defaults", "on-fail")


def _told(sides: Sides, one: _Lacking, promises: list[Promise]) -> Difference:
    names = [promise.name for promise in promises]
    verb = _EVENTS[one.key][len(names) > 1]
    what = " or ".join(f"`{command}`" for command in one.commands)
    where = "in the definition" if one.weight == "differs" else "that is seen of the definition"
    message = f"nothing {where} runs {what} when {listed(names)} {verb}; here the answer is {one.actions}"
    hint = f"{_SHOWN_BY[sides.definition.tool]} would show it; or let the contract name the command that is run"
    real = sides.mapping.stage(sides.reals(names[0])[0])
    message = f"{message}; {one.why}" if one.why else message
    value = f"{' '.join(names)} {one.key} {' '.join(one.commands)}"
    at = _at(promises[0], one.key)
    return Difference("answer-missing", message, hint, at, value, real.path, real.line, one.weight)


def _none(sides: Sides, lacking: dict[_Lacking, list[Promise]]) -> Difference:
    """Tell that nothing is run after any failure: one cause."""
    commands = dict.fromkeys(command for one in lacking for command in one.commands)
    what = listed([f"`{command}`" for command in commands])
    message = f"nothing in the definition runs after a failure; here {what} answer one"
    hint = f"{_SHOWN_BY[sides.definition.tool]} would show it"
    first = next(iter(lacking.values()))[0]
    at = _at(first, next(iter(lacking)).key)
    return Difference("answer-missing", message, hint, at, "no answer", sides.definition.path, 0, "differs")

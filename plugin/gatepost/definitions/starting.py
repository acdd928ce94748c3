"""Whether a stage that answers failures starts at all: when one stage has failed, and when all is well.

GitHub Actions is not among them: what runs there is played as a whole. Sources: https://docs.gitlab.com/ci/yaml/#when, https://argo-workflows.readthedocs.io/en/latest/variables/,
https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#trigger-rules
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gatepost.definitions.definition import RealEdge, RealStage
from gatepost.definitions.truth import Value, all_of, any_of, holds

__all__ = ["Case", "lets_begin", "starts"]

_OF_ARGO: Final = re.compile(r"(?:(?:tasks|steps)\.)?([\w-]+)\.(status|\w+)\Z")
_BY_NAME: Final = re.compile(r"\b(tasks|steps)\[['\"]([\w-]+)['\"]\]")
_BRACES: Final = re.compile(r"\{\{=?\s*([^{}]*?)\s*\}\}")
_UNLISTED: Final = "…"
"""What stands in the words of a rule for what is not told of it."""
_AFTER_FAILURE_ALONE: Final = frozenset({"one_failed", "all_failed"})
_WHATEVER: Final = frozenset({"all_done", "always", "dummy", "all_done_min_one_success", "one_done", "none_skipped"})


class Case(NamedTuple):
    """What has become of a run."""

    failing: str
    """The stage that has failed; empty for none."""
    failed: bool | None
    """Whether its failure counts as one; None where that is not known."""
    stopped: frozenset[str]
    """The stages that do not run because of it."""
    condition: str = ""
    """What held when the stage began that has ended, in the words of its definition."""

    def result_of(self, name: str) -> str | None:
        """Give how a stage has ended: success, failure or skipped; None where that is not known."""
        if name == self.failing:
            return {True: "failure", False: "success", None: None}[self.failed]
        return "skipped" if name in self.stopped and self.failed else "success" if self.failed is not None else None


def starts(tool: str, stage: RealStage, edges: list[RealEdge], case: Case, *, behind: bool) -> bool | None:
    """Tell whether a stage starts that may run though something before it has failed.

    GitLab leaves a job with `when: on_failure` out where one of its `needs` was left out, though another has failed.
    Source: https://gitlab.com/gitlab-org/gitlab/-/issues/388866

    Args:
        tool: the `kind` of the contract's `source`.
        stage: the stage.
        edges: the edges into it.
        case: what has become of the run.
        behind: whether it only follows another that answers the failure.
    """
    match tool:
        case "gitlab-ci":
            is_skipped = any(one.direct and one.before in case.stopped for one in edges)
            return False if is_skipped else True if behind else _gitlab(stage.condition or "", case)
        case "argo":
            own = [_argo_when(one, case) for one in _parts(stage.condition, ", when: ", "when: ")]
            return all_of(*own, lets_begin(tool, stage, edges, case, behind=behind))
        case "airflow":
            rules = {(one.weakened or "").removeprefix("trigger_rule: ") for one in edges if one.lets_all_through}
            told = True if behind or not rules else _airflow(rules, edges, case)
            return all_of(told, None if stage.condition else True)
        case _:
            return None if stage.condition or (not case.failing and "{{$" in (stage.command or "")) else True


def lets_begin(tool: str, stage: RealStage, edges: list[RealEdge], case: Case, *, behind: bool) -> bool | None:
    """Tell whether what follows a stage may start; Argo goes on where a `when` has left the stage out."""
    if tool != "argo":
        return starts(tool, stage, edges, case, behind=behind)
    ways = [_argo_edge(one.weakened or "", case) for one in edges if one.lets_all_through]
    return True if behind or not ways else any_of(*ways)


def _gitlab(condition: str, case: Case) -> bool | None:
    """Tell whether a job starts by its `when`, or by each of its rules that may decide.

    What held for the job that has ended holds for this one, too: both were asked when the pipeline began.
    """
    ways: list[bool | None] = []
    asked: bool | None = True
    is_ruled = False
    held, out = _held(case.condition)
    is_known = bool(held)
    for part in condition.split("; "):
        words, when = _rule(part)
        if part.startswith(("only", "except")):
            asked = None
        elif words in out:
            is_ruled = True
        elif part:
            is_ruled = is_ruled or bool(words)
            ways.append(_by_when(when, failed=case.failed))
            if not words:
                is_ruled = False
                break
            held.discard(words)
            if is_known and not held:
                is_ruled = False
                break
    ways += [False] if is_ruled else []
    return all_of(asked, ways[0] if len(set(ways)) == 1 else None if ways else True)


def _held(condition: str) -> tuple[set[str], set[str]]:
    """Give the rules of which one held where a job ran, and those that did not; none where that is not known."""
    held: set[str] = set()
    out: set[str] = set()
    for part in condition.split("; ") if condition else ():
        words, when = _rule(part)
        if part.startswith(("only", "except")) or not words or _UNLISTED in words:
            return set(), out
        if when == "never":
            out |= set() if held else {words}
        else:
            held.add(words)
    return held, out


def _rule(part: str) -> tuple[str, str]:
    """Give what a rule asks for, and when its job starts then."""
    words, sign, when = part.rpartition("when: ")
    return (words.removesuffix(", "), when) if sign else (part, "on_success")


def _by_when(when: str, *, failed: bool | None) -> bool | None:
    return {"always": True, "on_failure": failed, "never": False, "manual": False, "delayed": None}.get(
        when, None if failed is None else not failed
    )


def _argo_edge(words: str, case: Case) -> bool | None:
    kind, _, expression = words.partition(" ")
    if kind == "hooks:":
        expression = expression.partition(", ")[2]
    expression = _BY_NAME.sub(r"\1.\2", expression)
    return holds(expression, lambda word: _argo_value(word, case)) if kind in {"hooks:", "depends:"} else True


def _argo_when(words: str, case: Case) -> bool | None:
    """Tell whether a `when` holds, in which what stands in no braces stands for itself."""
    return holds(_BRACES.sub(r"@\1", words), lambda word: _argo_value(word[1:], case) if word.startswith("@") else word)


def _argo_value(word: str, case: Case) -> Value:
    """Give the status of a workflow or a task; a task alone stands for its success."""
    if word == "workflow.status":
        return None if case.failed is None else "Failed" if case.failed else "Succeeded"
    found = _OF_ARGO.match(word)
    if found is None:
        result = case.result_of(word)
        return None if result is None else result == "success"
    result = case.result_of(found[1])
    is_it = found[1] in case.failing.split(".")  # the task itself, or one that unfolds into it
    status = (
        ("Failed" if case.failed else "Succeeded") if is_it else {"skipped": "Omitted"}.get(result or "", "Succeeded")
    )
    if found[2] == "status":
        return status
    return {"Errored": False, "Daemoned": False, "AnySucceeded": None, "AllFailed": None}.get(
        found[2], status == found[2]
    )


def _airflow(rules: set[str], edges: list[RealEdge], case: Case) -> bool | None:
    """Tell whether a rule lets a task start; one before it that a failure has stopped counts as failed, too."""
    failed = case.failed
    if rules <= _AFTER_FAILURE_ALONE and case.failing:
        results = [case.result_of(edge.before) for edge in edges]
        told = [None if one is None else one != "success" for one in results]
        return any_of(*told) if rules == {"one_failed"} else all_of(*told)
    if rules <= _AFTER_FAILURE_ALONE:
        return failed
    return True if rules <= _WHATEVER else None if failed is None or failed else True


def _parts(condition: str | None, joint: str, first: str) -> Iterator[str]:
    """Give conditions that a reader has joined."""
    text = condition or ""
    if text.startswith(first):
        yield from text.removeprefix(first).split(joint)
    elif text:
        yield text

"""Which stages of a definition only answer failures of others: no run that goes well needs them.

What the pipeline goes on with behind a failure is no answer, unless it would go on just the same without: a report at
the end that waits for a release and for its rollback makes no stage of the rollback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gatepost.definitions.definition import Definition, RealEdge, RealStage
from gatepost.definitions.github_conditions import only_after_failure
from gatepost.definitions.starting import Case, starts

__all__ = ["after_failure", "after_success", "runs_only_after_failure"]

Into = Mapping[str, list[RealEdge]]
"""The edges that lead to each stage."""
_FAILED: Final = re.compile(r"\.(?:Failed|Errored|AllFailed)\b")
_HOOK_FAILED: Final = re.compile(r"Failed|Error")
_ALTERNATIVE: Final = re.compile(r"depends: .*\|\|")
"""What takes a way round a failure for as good as the way itself: `depends: check || fallback`."""
_AT_THE_END: Final = re.compile(r"onExit\Z|hooks: exit\b")
_EXIT_GROUP: Final = re.compile(r"(?:.*\.)?exit-handler-\d+\.")
"""The group that Kubeflow's compiler makes of what an exit handler waits for."""


def after_failure(definition: Definition) -> dict[str, bool]:
    """Give the stages that wait for a failure, or for the end whatever it is, and that nothing goes on with.

    Returns:
        Their names, each with whether it runs after a failure only.
    """
    into: dict[str, list[RealEdge]] = {}
    out: dict[str, list[RealEdge]] = {}
    for edge in definition.edges:
        into.setdefault(edge.after, []).append(edge)
        out.setdefault(edge.before, []).append(edge)
    found: dict[str, bool] = {}
    for name, edges in into.items():
        waits = [_waits(definition.tool, edge) for edge in edges]
        if None not in waits:
            found[name] = all(waits)
    waiting = list(found)
    while waiting:  # what runs only where one of these has
        before = waiting.pop()
        for edge in out.get(before, ()):
            if edge.after not in found and not edge.weakened and not _is_by_stage(definition, edge):
                found[edge.after] = found[before]
                waiting.append(edge.after)
    leading = _leading(definition, into, found)
    while leading:  # a way round a failure that the pipeline goes on with
        name = leading.pop()
        if found.pop(name, None) is not None:
            leading += [edge.before for edge in into.get(name, ())]
    by_condition = _asking(definition, [name for name, only in found.items() if not only], well=False)
    return {
        stage.name: found[stage.name] or stage.name in by_condition
        for stage in definition.stages
        if stage.name in found
    }


def after_success(definition: Definition, names: Iterable[str]) -> set[str]:
    """Give those of the stages that run at the end which run when all is well only."""
    return _asking(definition, names, well=True)


def _asking(definition: Definition, names: Iterable[str], *, well: bool) -> set[str]:
    """Give those of some stages of Argo that start where all is well, or where something has failed, and only there."""
    if definition.tool != "argo":
        return set()
    into: dict[str, list[RealEdge]] = {name: [] for name in names}
    for edge in definition.edges:
        if edge.after in into:
            into[edge.after].append(edge)
    found: set[str] = set()
    for stage in definition.stages:
        if stage.name in into:
            told = {
                failed: starts("argo", stage, into[stage.name], Case("", failed, frozenset()), behind=False)
                for failed in (False, True)
            }
            if told[well] is False and told[not well] is not False:
                found.add(stage.name)
    return found


def _leading(definition: Definition, into: Into, found: Mapping[str, bool]) -> list[str]:
    """Give the answers that hold the order of what follows them, which nothing else does."""
    followed = [edge for edge in definition.edges if edge.before in found and edge.after not in found]
    before = {name: _before(into, name, found) for name in {edge.after for edge in followed}}
    return [
        edge.before
        for edge in followed
        if not _is_by_stage(definition, edge)
        and (
            not edge.lets_all_through
            or _ALTERNATIVE.match(edge.weakened or "")
            or not _answered(into, edge.before, found) <= before[edge.after]
        )
    ]


def _is_by_stage(definition: Definition, edge: RealEdge) -> bool:
    """Tell whether only the order of stages lets one wait for another: GitLab goes on where that one was left out."""
    return definition.tool == "gitlab-ci" and not edge.required


def _before(into: Into, name: str, found: Mapping[str, bool]) -> set[str]:
    """Give the stages that one waits for, by ways without an answer."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        new = {edge.before for edge in into.get(waiting.pop(), ()) if edge.before not in found} - seen
        seen |= new
        waiting += new
    return seen


def _answered(into: Into, name: str, found: Mapping[str, bool]) -> set[str]:
    """Give the stages that an answer waits for, by ways through nothing but answers."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        new = {edge.before for edge in into.get(waiting.pop(), ())} - seen
        seen |= new
        waiting += [one for one in new if one in found]
    return seen - found.keys()


def _waits(tool: str, edge: RealEdge) -> bool | None:
    """Tell whether what follows over an edge waits for a failure (true) or for the end (false); None for neither."""
    words = edge.weakened or ""
    if not edge.lets_all_through:
        return None
    match tool:
        case "github-actions":
            return only_after_failure(words.removeprefix("if: ")) or None
        case "gitlab-ci":
            return words in {"when: on_failure", "rules: when: on_failure"} or None
        case "airflow":
            return words.removeprefix("trigger_rule: ") in {"one_failed", "all_failed"} or None
        case "argo" if _AT_THE_END.match(words) and not _HOOK_FAILED.search(words):
            return False
        case "kubeflow" if _EXIT_GROUP.match(edge.before):
            return False
        case "argo" if words.startswith("hooks: "):
            return bool(_HOOK_FAILED.search(words)) or None
        case "argo" if words.startswith("depends: "):
            return all(_FAILED.search(part) for part in words.split("||")) or None
        case _:
            return None


def runs_only_after_failure(tool: str, stage: RealStage) -> bool:
    """Tell whether the condition of a stage alone says that it runs only after something has failed."""
    words = stage.condition or ""
    match tool:
        case "github-actions":
            return any(only_after_failure(one) for one in words.removeprefix("if: ").split("; if: "))
        case "gitlab-ci":
            return bool(words) and all(one.endswith("when: on_failure") for one in words.split("; "))
        case _:
            return False

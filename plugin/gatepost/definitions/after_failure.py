"""Which stages of a definition only answer failures of others: no run that goes well needs them."""

from __future__ import annotations

import re
from typing import Final

from gatepost.definitions.definition import Definition, RealEdge
from gatepost.definitions.github_answers import only_after_failure

__all__ = ["after_failure"]

_FAILED: Final = re.compile(r"\.(?:Failed|Errored|AllFailed)\b")
_HOOK_FAILED: Final = re.compile(r"Failed|Error")
_AT_THE_END: Final = re.compile(r"onExit\Z|hooks: exit\b")


def after_failure(definition: Definition) -> dict[str, bool]:
    """Give the stages that wait for a failure, or for the end whatever it is, and that nothing else waits for.

    Returns:
        Their names, each with whether it runs after a failure only.
    """
    into: dict[str, list[RealEdge]] = {}
    for edge in definition.edges:
        into.setdefault(edge.after, []).append(edge)
    found: dict[str, bool] = {}
    for name, edges in into.items():
        waits = [_waits(definition.tool, edge) for edge in edges]
        if None not in waits:
            found[name] = all(waits)
    for name in _behind(into, found):
        found.setdefault(name, all(found.get(edge.before, True) for edge in into[name]))
    while leading := {edge.before for edge in definition.edges if edge.before in found and edge.after not in found}:
        found = {name: only for name, only in found.items() if name not in leading}
    return {stage.name: found[stage.name] for stage in definition.stages if stage.name in found}


def _behind(into: dict[str, list[RealEdge]], found: dict[str, bool]) -> list[str]:
    """Give the stages that run only where one of some has."""
    behind = dict.fromkeys(found)
    grown = True
    while grown:
        more = [
            name
            for name, edges in into.items()
            if name not in behind and any(edge.before in behind and not edge.weakened for edge in edges)
        ]
        behind.update(dict.fromkeys(more))
        grown = bool(more)
    return list(behind)


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
        case "argo" if words.startswith("hooks: "):
            return bool(_HOOK_FAILED.search(words)) or None
        case "argo" if words.startswith("depends: "):
            return all(_FAILED.search(part) for part in words.split("||")) or None
        case _:
            return None

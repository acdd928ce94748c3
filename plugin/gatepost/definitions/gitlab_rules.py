"""When a job of GitLab is part of a pipeline at all: its `rules`, or `only` and `except`, as far as the text decides.

Source: https://docs.gitlab.com/ci/yaml/#rules
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, listed

__all__ = ["always_runs", "conditions", "never_runs", "rule_words"]

_ASKING: Final = ("if", "changes", "exists")
_ALL_REFS: Final = ("branches", "tags")
"""What `only` says where a job says nothing."""


def conditions(job: Lined) -> Iterator[str]:
    """Give when a job runs, in the words of the file."""
    if job.get("rules") == []:
        yield "rules: []"
    yield from (words for rule in as_list(job.get("rules")) if (words := rule_words(rule)))
    for key in ("only", "except"):
        value = job.get(key)
        named = [f"{name} {', '.join(listed(one))}".strip() for name, one in as_dict(value).items()]
        if value is not None:
            yield f"{key}: {', '.join(named or listed(value))}"
    when = as_text(job.get("when"))
    if when and when != "on_success":
        yield f"when: {when}"


def never_runs(job: Lined) -> str | None:
    """Say why a job is part of no pipeline: every rule ends in `never`, or `except` takes all that `only` gives."""
    if job.get("rules") and set(_ends(job)) == {"never"}:
        return "rules: when: never"
    if as_text(job.get("when")) == "never":
        return "when: never"
    only, out = _refs(job.get("only")), _refs(job.get("except"))
    if out and only is not None and set(only or _ALL_REFS) <= set(out):
        return f"except: {', '.join(out)}"
    return None


def always_runs(job: Lined) -> bool:
    """Tell whether a job is part of every pipeline, by whatever rule."""
    is_asked = any(job.get(key) is not None for key in ("only", "except"))
    return "never" not in _ends(job) and not is_asked


def _ends(job: Lined) -> list[str]:
    """Give the `when` of each rule that may decide, and of none where no rule need fit."""
    rules = job.get("rules")
    if rules is None:
        return []
    found: list[str] = []
    for rule in map(as_dict, as_list(rules)):
        found.append(as_text(rule.get("when")) or as_text(job.get("when")) or "on_success")
        if all(rule.get(key) is None for key in _ASKING):
            return found
    return [*found, "never"]


def _refs(value: Any) -> list[str] | None:  # noqa: ANN401 - whatever YAML holds
    """Give the refs that `only` or `except` lists; None where it asks for more than that."""
    if isinstance(value, dict):
        return listed(value.get("refs")) if value.keys() == {"refs"} else None
    return listed(value)


def rule_words(rule: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    """Give a rule in the words of the file: `if: $CI_TAG, when: manual`."""
    said = as_dict(rule)
    parts = [f"{key}: {', '.join(listed(said[key])) or '…'}" for key in (*_ASKING, "when") if said.get(key) is not None]
    return ", ".join(parts)

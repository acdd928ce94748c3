"""Variables that a pipeline of GitLab gives a job: global ones below its own, `inherit` and `rules` respected.

A project, a schedule or a person may give another value to any of them; what the file says is what is read. A variable
that is offered to people (`description`, `options`) or that a rule sets has no one value.

Source: https://docs.gitlab.com/ci/yaml/#variables
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gatepost.definitions.shell_variables import Known, expanded
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, listed

__all__ = ["ROOT", "over", "variables_of"]

ROOT: Final = "CI_PROJECT_DIR"
"""The variable that says where the repository is."""


def variables_of(data: Lined, job: Lined) -> Known:
    """Give what the variables of a job stand for.

    Args:
        data: the whole pipeline.
        job: the job, after `extends`.
    """
    inherited = as_dict(job.get("inherit")).get("variables", True)
    found = {
        name: value
        for name, value in as_dict(data.get("variables")).items()
        if inherited is True or (inherited is not False and name in listed(inherited))
    }
    for rule in as_list(as_dict(data.get("workflow")).get("rules")):
        found |= dict.fromkeys(
            name for name in as_dict(as_dict(rule).get("variables")) if name in found or inherited is True
        )
    found |= as_dict(job.get("variables"))
    for rule in as_list(job.get("rules")):
        found |= dict.fromkeys(as_dict(as_dict(rule).get("variables")))
    known = {name: text for name, value in found.items() if (text := _literal(value)) is not None}
    filled = {name: expanded(text, known.get) for name, text in known.items()}
    return {name: text for name, text in filled.items() if "$" not in text}.get


def over(known: Known, own: Mapping[str, str | None]) -> Known:
    """Give what variables stand for with others over them, such as those of a matrix; None for one that is open."""
    return lambda name: own[name] if name in own else known(name)


def _literal(value: Any) -> str | None:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, dict):
        is_offered = value.get("description") is not None or value.get("options") is not None
        return None if is_offered or value.get("value") is None else as_text(value["value"])
    return None if value is None or isinstance(value, list) else as_text(value)

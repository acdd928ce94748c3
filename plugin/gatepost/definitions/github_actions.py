"""A workflow of GitHub Actions: jobs, what they need, and what lets a job run though one that it needs has failed.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, listed, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_github_actions"]

_REGARDLESS: Final = re.compile(r"\b(?:always|failure|cancelled)\s*\(\s*\)")
_SETTINGS: Final = "its reviewers are a setting of the repository, not in the file"


def read_github_actions(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a workflow.

    Raises:
        DefinitionError: it cannot be read, or has no jobs.
    """
    documents = load_yaml(path, content)
    jobs = as_dict(as_dict(documents[0] if documents else None).get("jobs"))
    if not jobs:
        message = f"{path} has no jobs"
        raise DefinitionError(message, "name a workflow of GitHub Actions", path)
    gaps: list[Gap] = []
    stages = tuple(_job(path, name, as_dict(job), line_of(jobs, name), gaps) for name, job in jobs.items())
    return Definition("github-actions", path, stages, tuple(_edges(path, jobs, gaps)), tuple(gaps), (path,))


def _job(path: str, name: str, job: Lined, line: int, gaps: list[Gap]) -> RealStage:
    uses = as_text(job.get("uses"))
    if uses:
        gaps.append(Gap(f"the jobs inside {name} are not known: it calls the workflow {uses}", path, line))
    matrix = as_dict(job.get("strategy")).get("matrix")
    if matrix is not None and not isinstance(matrix, dict):
        gaps.append(Gap(f"how often {name} runs is not known: its matrix is worked out by the workflow", path, line))
    place = job.get("environment")
    environment = as_text(as_dict(place).get("name")) if isinstance(place, dict) else as_text(place)
    container = job.get("container")
    return RealStage(
        name,
        path,
        line,
        command=" && ".join(_commands(job)) or None,
        image=(as_text(as_dict(container).get("image")) if isinstance(container, dict) else as_text(container)) or None,
        timeout=_minutes(job.get("timeout-minutes")),
        condition=f"if: {as_text(job.get('if'))}" if job.get("if") is not None else None,
        waits_for=f"environment: {environment} ({_SETTINGS})" if environment else None,
        hidden=f"reusable workflow {uses}" if uses else None,
    )


def _commands(job: Lined) -> Iterator[str]:
    for step in as_list(job.get("steps")):
        run = as_text(as_dict(step).get("run")).strip()
        if run:
            yield " && ".join(line.strip() for line in run.splitlines() if line.strip())


def _minutes(value: Any) -> float | None:  # noqa: ANN401 - whatever YAML holds
    return value * 60.0 if isinstance(value, int | float) and not isinstance(value, bool) else None


def _edges(path: str, jobs: Lined, gaps: list[Gap]) -> Iterator[RealEdge]:
    for name, one in jobs.items():
        job = as_dict(one)
        line = line_of(job, "needs")
        said = as_text(job.get("if"))
        regardless = f"if: {said}" if _REGARDLESS.search(said) else None
        for needed in listed(job.get("needs")):
            if needed not in jobs:
                gaps.append(Gap(f"{name} needs {needed}, which is no job of this file", path, line))
                continue
            hidden = _tolerated(as_dict(jobs[needed]))
            yield RealEdge(needed, name, "", regardless or hidden, line, not regardless and bool(hidden))


def _tolerated(job: Lined) -> str | None:
    """Say why a job counts as successful though it failed."""
    said = job.get("continue-on-error")
    if said not in {None, False}:
        return f"continue-on-error: {as_text(said)}"
    steps = [as_dict(step) for step in as_list(job.get("steps"))]
    running = [step for step in steps if step.get("run") or step.get("uses")]
    if running and running[-1].get("continue-on-error") is True:
        return "continue-on-error: true on its last step"
    return None

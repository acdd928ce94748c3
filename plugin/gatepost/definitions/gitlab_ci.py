"""`.gitlab-ci.yml`: one stage for each job, after `extends`, `default`, `!reference` and local includes.

What lies outside of the repository (a remote, a template, another project, a child pipeline) is a gap. A job is a stage
of the definition; GitLab's own stages only put jobs in order.

Source: https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from gatepost.definitions.circle import refuse_circles
from gatepost.definitions.definition import (
    Answer,
    Definition,
    DefinitionError,
    Gap,
    PathsBelow,
    ReadFile,
    RealStage,
    Script,
)
from gatepost.definitions.gitlab_edges import Order, allows_failure
from gatepost.definitions.gitlab_files import At, Files
from gatepost.definitions.gitlab_jobs import Jobs
from gatepost.definitions.gitlab_rules import always_runs, conditions, never_runs
from gatepost.definitions.gitlab_variables import over, variables_of
from gatepost.definitions.shell import one_line
from gatepost.definitions.shell_variables import Known, expanded, in_shell
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, listed
from gatepost.records.pipeline import Source

__all__ = ["read_gitlab_ci"]

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_FAILURES: Final = re.compile(r"\bCI_(?:PIPELINE_ID|PIPELINE_URL|JOB_STATUS)\b")
"""Variables by which a script can find out what has failed."""
_MAX_JOBS: Final = 2_000
_MAX_PARALLEL: Final = 200


def read_gitlab_ci(
    source: Source,  # noqa: ARG001 - as every reader
    path: str,
    content: bytes,
    read_file: ReadFile,
    paths_below: PathsBelow = lambda _: None,
) -> Definition:
    """Read a pipeline of GitLab CI.

    Args:
        source: not used: a file is one pipeline.
        path: where the file is.
        content: its bytes.
        read_file: gives what it includes.
        paths_below: gives the files below a folder, for includes by a pattern.

    Raises:
        DefinitionError: it cannot be read, has no jobs, extends in a circle, or its jobs wait in one.
    """
    gaps: dict[Gap, None] = {}

    def gap(message: str, at: At, touches: tuple[str, ...] | None = None) -> None:
        gaps[Gap(message, *at, touches)] = None

    files = Files(read_file, paths_below, gap)
    data = files.pipeline(path, content)
    gaps = {replace(one, spares=files.needing): None for one in gaps}
    known = Jobs(data, files.origin, path, gap)
    jobs = known.all()
    if not 0 < len(jobs) <= _MAX_JOBS:
        message = f"{path} has more than {_MAX_JOBS:,} jobs" if jobs else f"{path} has no jobs"
        raise DefinitionError(message, "name a pipeline of GitLab CI", path)
    stages = {name: _stage(name, job, known.at(name), variables_of(data, job)) for name, job in jobs.items()}
    for name, job in jobs.items():
        if stages[name].hidden:
            gap(f"the jobs that {name} triggers are not known", known.at(name), (name,))
        if job.get("parallel") is not None and not stages[name].variants:
            gap(f"how often {name} runs is not known", known.at(name), ())
        for key, words in (("timeout", "how long {} may run"), ("retries", "how often {} is tried again")):
            said = job.get("retry" if key == "retries" else key)
            if said is not None and getattr(stages[name], key) is None:
                gap(f"{words.replace('{}', name)} is not known: {_in_words(said)}", known.at(name), (name,))
    edges = Order(jobs, stages, listed(data.get("stages")), known.at, gap).edges()
    refuse_circles(path, stages.values(), edges)
    return Definition("gitlab-ci", path, tuple(stages.values()), edges, tuple(gaps), tuple(dict.fromkeys(files.read)))


def _stage(name: str, job: Lined, at: At, known: Known) -> RealStage:
    image = job.get("image")
    whole = "\n".join(_shells(job))
    legs = list(_legs(job.get("parallel")))
    each = [over(known, one) for one in legs if _names_any(job, one)]
    known = over(known, _of_all(legs))
    scripts = [in_shell(one, known, whole) for one in _scripts(job)]
    forms = (one_line([in_shell(text, given, whole) for text in _scripts(job)]) or "" for given in each)
    return RealStage(
        name,
        *at,
        command=one_line(scripts),
        scripts=tuple(Script(in_shell(text, known), stops=True) for text in _shells(job) if text),
        image=expanded(as_text(image.get("name") if isinstance(image, dict) else image), known) or None,
        writes=tuple(
            path.removeprefix("./").rstrip("/") for path in listed(as_dict(job.get("artifacts")).get("paths"))
        ),
        retries=_retries(job.get("retry")),
        timeout=_seconds(as_text(job.get("timeout"))),
        condition="; ".join(conditions(job)) or None,
        never=never_runs(job),
        forgiven=allows_failure(job),
        always=always_runs(job),
        waits_for=_waits_for(job),
        variants=tuple(", ".join(one.values()) for one in legs) or tuple(_numbered(job.get("parallel"))),
        forms=tuple(dict.fromkeys(forms)),
        hidden=_hidden(job.get("trigger")),
        answers=tuple(_answers(job, known)),
        is_told=bool(_FAILURES.search("\n".join(scripts))),
        work=tuple(filter(None, ("\n".join((*_moves(job), *scripts)),))),
        folders=(".",),
        cancels="interruptible: true" if job.get("interruptible") is True else None,
        target=_target(job.get("environment"), known),
        targets=tuple(dict.fromkeys(filter(None, (_target(job.get("environment"), given) for given in each)))),
        is_handed_all=job.get("needs") is None and job.get("dependencies") is None,
    )


def _retries(retry: Any) -> int | None:  # noqa: ANN401 - whatever YAML holds
    """Give how often a job is tried again; one that only says when never is: GitLab then counts to nought.

    Source: https://docs.gitlab.com/ci/yaml/#retry
    """
    text = as_text(retry.get("max", 0) if isinstance(retry, dict) else retry)
    return int(text) if text.isdecimal() and len(text) < 3 else None  # noqa: PLR2004 - GitLab allows two


def _in_words(said: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    return as_text(as_dict(said).get("max") if isinstance(said, dict) else said) or "neither a number nor a text"


def _scripts(job: Lined) -> Iterator[str]:
    yield from listed(job.get("script"))
    for step in as_list(job.get("run")):
        yield as_text(as_dict(step).get("script"))


def _shells(job: Lined) -> Iterator[str]:
    """Give what each shell of a job runs: one for all before and in `script`, one for each step of `run`."""
    yield "\n".join((*listed(job.get("before_script")), *listed(job.get("script")))) if job.get("script") else ""
    for step in as_list(job.get("run")):
        yield as_text(as_dict(step).get("script"))


def _moves(job: Lined) -> Iterator[str]:
    """Give what of `before_script` says where the script runs: both have one shell."""
    return (line for line in listed(job.get("before_script")) if line.split()[:1] == ["cd"])


def _answers(job: Lined, known: Known) -> Iterator[Answer]:
    """Give what a job runs after its script, whether that has failed or not."""
    text = one_line([in_shell(one, known) for one in listed(job.get("after_script"))])
    if text:
        yield Answer(line_of(job, "after_script"), text)


def _waits_for(job: Lined) -> str | None:
    if as_text(job.get("when")) == "manual":
        return "when: manual"
    rules = (as_dict(rule) for rule in as_list(job.get("rules")))
    return next(("rules: when: manual" for rule in rules if as_text(rule.get("when")) == "manual"), None)


def _name_of(environment: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    return as_text(environment.get("name") if isinstance(environment, dict) else environment)


def _target(environment: Any, known: Known) -> str | None:  # noqa: ANN401 - whatever YAML holds
    """Give the environment of a job; None for none, or for one that only a run names."""
    found = expanded(_name_of(environment), known)
    return found if found and "$" not in found else None


def _numbered(parallel: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    """Give the forms that a parallel job runs in which are only counted; none where they are too many."""
    if isinstance(parallel, int) and not isinstance(parallel, bool) and 0 < parallel <= _MAX_PARALLEL:
        yield from (f"{place}/{parallel}" for place in range(1, parallel + 1))


def _legs(parallel: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - whatever YAML holds
    """Give the variables of each form that a matrix is written out for; none where it has too many."""
    matrix = as_list(as_dict(parallel).get("matrix"))
    every = [{name: listed(values) for name, values in as_dict(one).items()} for one in matrix]
    if sum(math.prod(map(len, axes.values())) for axes in every) <= _MAX_PARALLEL:
        for axes in every:
            yield from (dict(zip(axes, chosen, strict=True)) for chosen in itertools.product(*axes.values()) if chosen)


def _of_all(legs: list[dict[str, str]]) -> dict[str, str | None]:
    """Give what each variable of a matrix stands for in all of its forms; None for what differs."""
    values = {name: {one.get(name) for one in legs} for one in legs for name in one}
    return {name: next(iter(found)) if len(found) == 1 else None for name, found in values.items()}


def _names_any(job: Lined, leg: dict[str, str]) -> bool:
    """Tell whether what a job runs, or where it deploys to, names a variable of its matrix."""
    texts = "\n".join((*_scripts(job), _name_of(job.get("environment"))))
    return any(re.search(rf"\${{?{re.escape(name)}\b", texts) for name in leg)


def _hidden(trigger: Any) -> str | None:  # noqa: ANN401 - whatever YAML holds
    if trigger is None:
        return None
    asked = as_dict(trigger)
    project = as_text(trigger) or as_text(asked.get("project"))
    if project:
        return f"a pipeline of the project {project}"
    first = next(iter(as_list(asked.get("include"))), "")
    file = as_text(first) or as_text(as_dict(first).get("local"))
    return f"a child pipeline, {file}" if file else "a child pipeline"


def _seconds(text: str) -> float | None:
    """Give a length of time in seconds, written like `1h 30m`, `90 minutes` or `3600`; None for anything else."""
    if text.isdecimal():
        return float(text)
    found = _AMOUNT.findall(text)
    if any(unit.startswith("mo") or unit[0] not in _UNITS for _, unit in found):
        return None
    return sum(float(number) * _UNITS[unit[0]] for number, unit in found) or None

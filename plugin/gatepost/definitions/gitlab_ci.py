"""`.gitlab-ci.yml`: jobs after `extends`, `default`, `!reference` and local includes; the order of stages and needs.

Source: https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final

from gatepost.definitions.definition import Definition, DefinitionError, Gap, ReadFile, RealEdge, RealStage
from gatepost.definitions.yaml_text import Lined, Tagged, as_dict, as_list, as_text, line_of, listed, load_yaml
from gatepost.records.pipeline import Source

__all__ = ["read_gitlab_ci"]

_GLOBAL: Final = frozenset(
    {"stages", "default", "include", "variables", "workflow", "image", "services", "cache", "before_script"}
    | {"after_script", "spec", "types"}
)
_DEFAULT_STAGES: Final = ("build", "test", "deploy")
_INHERITED: Final = ("image", "retry", "timeout", "before_script", "after_script", "interruptible")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_MAX_INCLUDES: Final = 150
_MAX_EXTENDS: Final = 11


def read_gitlab_ci(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:  # noqa: ARG001 - as every reader
    """Read a pipeline of GitLab CI.

    Raises:
        DefinitionError: it cannot be read, has no jobs, or extends in a circle.
    """
    return _GitLab(path, read_file).read(content)


class _GitLab:
    def __init__(self, path: str, read_file: ReadFile) -> None:
        self.path = path
        self.read_file = read_file
        self.gaps: list[Gap] = []
        self.files: list[str] = []
        self.origin: dict[str, tuple[str, int]] = {}

    def read(self, content: bytes) -> Definition:
        data = self._included(self.path, content)
        self.data = data
        jobs = {
            name: self._job(name)
            for name, one in data.items()
            if isinstance(one, Lined) and not name.startswith(".") and name not in _GLOBAL
        }
        jobs = {
            name: job for name, job in jobs.items() if job.keys() & {"script", "trigger", "run", "extends", "stage"}
        }
        if not jobs:
            message = f"{self.path} has no jobs"
            raise DefinitionError(message, "name a pipeline of GitLab CI", self.path)
        stages = tuple(self._stage(name, job) for name, job in jobs.items())
        edges = tuple(self._edges(jobs, [as_text(one) for one in as_list(data.get("stages"))] or [*_DEFAULT_STAGES]))
        return Definition("gitlab-ci", self.path, stages, edges, tuple(self.gaps), tuple(self.files))

    def _gap(self, message: str, at: tuple[str, int]) -> None:
        self.gaps.append(Gap(message, *at))

    def _included(self, path: str, content: bytes) -> Lined:
        """Give a file with its local includes laid below it; what it says itself wins."""
        self.files.append(path)
        if len(self.files) > _MAX_INCLUDES:
            message = f"{self.path} includes more than {_MAX_INCLUDES} files"
            raise DefinitionError(message, "include fewer files", path)
        documents = load_yaml(path, content)
        own = as_dict(documents[-1] if documents else None)
        for name in own:
            self.origin[name] = (path, line_of(own, name))
        found = Lined(own.line)
        for one in as_list(own.get("include")):
            for inner in self._local(one, (path, line_of(own, "include"))):
                found = _laid_over(found, inner)
        return _laid_over(found, own)

    def _local(self, one: Any, at: tuple[str, int]) -> Iterator[Lined]:  # noqa: ANN401 - whatever YAML holds
        local = as_text(one) if isinstance(one, str) else as_text(as_dict(one).get("local"))
        if not local or "://" in local:
            what = next((f"{key} {as_text(value)}" for key, value in as_dict(one).items()), local)
            self._gap(f"what {what} includes is not known: it lies outside of this repository", at)
            return
        if "*" in local or "$" in local:
            self._gap(f"what {local} includes is not known: it is a pattern", at)
            return
        path = posixpath.normpath(local.lstrip("/"))
        content = None if path in self.files else self.read_file(path)
        if content is not None:
            yield self._included(path, content)
        elif path not in self.files:
            self._gap(f"what {local} includes is not known: it cannot be read", at)

    def _job(self, name: str, depth: int = 0) -> Lined:
        """Give a job with what it extends, and the defaults."""
        if depth > _MAX_EXTENDS:
            at = self.origin.get(name, (self.path, 1))
            message = f"{name} extends itself, or more than {_MAX_EXTENDS} others in a row"
            raise DefinitionError(message, "remove an `extends`", *at)
        own = as_dict(self.data.get(name))
        found = Lined(own.line)
        for parent in as_list(own.get("extends")):
            if as_text(parent) not in self.data:
                self._gap(f"{name} extends {as_text(parent)}, which is not in these files", self.origin[name])
                continue
            found = _laid_over(found, self._job(as_text(parent), depth + 1))
        found = _laid_over(found, own)
        if depth == 0:
            default = _laid_over(as_dict({}), as_dict(self.data.get("default")))
            for key in _INHERITED:
                value = default.get(key, self.data.get(key))
                if key not in found and value is not None and found.get("inherit") is None:
                    found[key] = value
        return found

    def _stage(self, name: str, job: Lined) -> RealStage:
        at = self.origin.get(name, (self.path, job.line or 1))
        image = job.get("image")
        trigger = job.get("trigger")
        hidden = None
        if trigger is not None:
            hidden = "a child pipeline"
            self._gap(f"the jobs that {name} triggers are not known", at)
        retry = job.get("retry")
        retries = as_dict(retry).get("max") if isinstance(retry, dict) else retry
        script = [line for line in self._script(job.get("script")) if line]
        return RealStage(
            name,
            *at,
            command=" && ".join(script) or None,
            image=(as_text(as_dict(image).get("name")) if isinstance(image, dict) else as_text(image)) or None,
            retries=retries if isinstance(retries, int) else None,
            timeout=_seconds(as_text(job.get("timeout"))),
            condition=_condition(job),
            waits_for="when: manual" if _is_manual(job) else None,
            hidden=hidden,
            writes=tuple(as_text(one) for one in as_list(as_dict(job.get("artifacts")).get("paths"))),
        )

    def _script(self, value: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
        for one in as_list(value):
            if isinstance(one, Tagged) and one.tag == "!reference" and depth < _MAX_EXTENDS:
                inner: Any = self.data
                for step in as_list(one.value):
                    inner = inner.get(as_text(step)) if isinstance(inner, dict) else None
                yield from self._script(inner, depth + 1)
            elif isinstance(one, list):
                yield from self._script(one, depth + 1) if depth < _MAX_EXTENDS else ()
            else:
                yield as_text(one).strip().replace("\n", " && ")

    def _edges(self, jobs: dict[str, Lined], order: list[str]) -> Iterator[RealEdge]:
        order = [".pre", *(one for one in order if one not in {".pre", ".post"}), ".post"]
        place = {name: self._place(name, job, order) for name, job in jobs.items()}
        for name, job in jobs.items():
            at = self.origin.get(name, (self.path, 1))[1]
            needs = job.get("needs")
            if needs is None:
                earlier = max((place[one] for one in jobs if place[one] < place[name]), default=None)
                before = [one for one in jobs if place[one] == earlier] if earlier is not None else []
                wanted = [(one, False) for one in before]
            else:
                wanted = [pair for one in as_list(needs) if (pair := self._needed(name, one, at)) is not None]
            for one, optional in wanted:
                if one in jobs:
                    regardless = self._regardless(job, optional=optional)
                    hidden = self._tolerated(jobs[one], job)
                    yield RealEdge(one, name, "", hidden or regardless, at, not regardless and bool(hidden))
                else:
                    self._gap(f"{name} needs {one}, which is no job of these files", (self.path, at))

    def _place(self, name: str, job: Lined, order: list[str]) -> int:
        stage = as_text(job.get("stage")) or "test"
        if stage not in order:
            self._gap(
                f"{name} is in the stage {stage}, which `stages` does not list", self.origin.get(name, (self.path, 1))
            )
            return len(order)
        return order.index(stage)

    def _needed(self, name: str, one: Any, line: int) -> tuple[str, bool] | None:  # noqa: ANN401 - YAML
        if isinstance(one, dict):
            if one.get("pipeline") or one.get("project"):
                self._gap(f"{name} needs a job of another pipeline", (self.path, line))
                return None
            return as_text(one.get("job")), one.get("optional") is True
        return as_text(one), False

    @staticmethod
    def _tolerated(before: Lined, after: Lined) -> str | None:
        """Say why a job counts as successful though it failed, or never ran."""
        if before.get("allow_failure") not in {None, False}:
            return "allow_failure: true" if before.get("allow_failure") is True else "allow_failure: exit_codes"
        is_left_out = as_text(before.get("when")) == "manual" and before.get("allow_failure") is None
        if is_left_out and after.get("needs") is None:
            return "when: manual, which allows failure unless it says otherwise"
        for rule in as_list(before.get("rules")):
            if as_dict(rule).get("allow_failure") is True:
                return "rules: allow_failure: true"
        return None

    @staticmethod
    def _regardless(after: Lined, *, optional: bool) -> str | None:
        """Say why a job runs whatever happened to the one before it."""
        when = as_text(after.get("when"))
        if when in {"always", "on_failure"}:
            return f"when: {when}"
        for rule in as_list(after.get("rules")):
            if as_text(as_dict(rule).get("when")) in {"always", "on_failure"}:
                return f"rules: when: {as_text(as_dict(rule).get('when'))}"
        return "needs: optional: true" if optional else None


def _laid_over(below: Lined, above: Lined) -> Lined:
    found = Lined(above.line or below.line)
    for source in (below, above):
        for key, value in source.items():
            old = found.get(key)
            found[key] = _laid_over(old, value) if isinstance(old, Lined) and isinstance(value, Lined) else value
            found.lines[key] = source.lines.get(key, found.line)
    return found


def _is_manual(job: Lined) -> bool:
    rules = [as_text(as_dict(rule).get("when")) for rule in as_list(job.get("rules"))]
    return as_text(job.get("when")) == "manual" or "manual" in rules


def _condition(job: Lined) -> str | None:
    rules = [as_text(as_dict(rule).get("if")) for rule in as_list(job.get("rules"))]
    said = [f"if: {one}" for one in rules if one]
    said += [f"{key}: {', '.join(listed(job[key]))}" for key in ("only", "except") if job.get(key) is not None]
    return "; ".join(said) or None


def _seconds(text: str) -> float | None:
    total = sum(float(number) * _UNITS.get(unit[0], 0) for number, unit in _AMOUNT.findall(text))
    return total or None

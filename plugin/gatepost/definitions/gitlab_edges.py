"""Which job of a GitLab pipeline waits for which: `needs`, else the order of the stages; and what weakens that.

Source: https://docs.gitlab.com/ci/yaml/#needs
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from gatepost.definitions.definition import DefinitionError, RealEdge, RealStage
from gatepost.definitions.failures import never_fails
from gatepost.definitions.gitlab_files import At
from gatepost.definitions.yaml_text import Lined, as_dict, as_list, as_text, line_of, listed

__all__ = ["Order", "allows_failure"]

_STAGES: Final = ("build", "test", "deploy")
_REGARDLESS: Final = frozenset({"always", "on_failure"})
_REJECTING: Final = frozenset({"1", "10", "11"})
"""Exit codes of a gate that rejects, or cannot tell: where one of these is let pass, there is no gate."""
_MAX_EDGES: Final = 200_000


_SOME_LEGS: Final = "needs: parallel: matrix"
"""What waits for some jobs of a matrix, and not for the others."""


class _Need(NamedTuple):
    job: str
    optional: bool
    artifacts: bool
    legs: bool = False
    """Whether some of the job's matrix are waited for alone."""


class Order:
    """The order of jobs."""

    def __init__(
        self,
        jobs: dict[str, Lined],
        stages: dict[str, RealStage],
        order: list[str],
        at: Callable[[str], At],
        gap: Callable[[str, At], None],
    ) -> None:
        self.jobs = jobs
        self.stages = stages
        self.at = at
        self.gap = gap
        named = [one for one in order or _STAGES if one not in {".pre", ".post"}]
        self._place = {stage: place for place, stage in enumerate([".pre", *named, ".post"])}
        self._into: dict[str, list[RealEdge]] = defaultdict(list)
        self._count = 0
        self._never_fails = {name: never_fails(stage) for name, stage in stages.items()}

    def edges(self) -> tuple[RealEdge, ...]:
        """Give every edge.

        Raises:
            DefinitionError: there are too many of them.
        """
        places = {name: self._place_of(name, job) for name, job in self.jobs.items()}
        for name, job in self.jobs.items():
            if any(as_dict(rule).get("needs") is not None for rule in as_list(job.get("rules"))):
                self.gap(f"what {name} waits for is not known: one of its rules says `needs`", self.at(name))
            if job.get("needs") is not None:
                for need in self._needs(name, job):
                    edge = self._add(need.job, name, optional=need.optional, artifacts=need.artifacts)
                    if need.legs and not edge.weakened:
                        self._into[name][-1] = replace(edge, weakened=_SOME_LEGS, tolerated=True, is_open=True)
        for name in sorted(self.jobs, key=places.__getitem__):
            if self.jobs[name].get("needs") is None:
                self._after_earlier(name, places)
        return tuple(edge for name in self.jobs for edge in self._into[name])

    def _place_of(self, name: str, job: Lined) -> int:
        stage = as_text(job.get("stage")) or "test"
        if stage not in self._place:
            self.gap(f"{name} is in the stage {stage}, which `stages` does not list", self.at(name))
        return self._place.get(stage, len(self._place) - 1)

    def _after_earlier(self, name: str, places: dict[str, int]) -> None:
        """Let a job without `needs` wait for all jobs of earlier stages; what follows from other edges is left out."""
        earlier = sorted((one for one in self.jobs if places[one] < places[name]), key=lambda one: -places[one])
        is_regardless = _regardless(self.jobs[name]) is not None
        wanted = set(listed(self.jobs[name].get("dependencies")))
        covered: set[str] = set()
        for one in earlier:
            if one in covered and one not in wanted:
                continue
            edge = self._add(one, name, artifacts=True)
            waiting = [one] if is_regardless or not edge.lets_all_through else []
            while waiting:
                for into in self._into[waiting.pop()]:
                    if into.before not in covered and (is_regardless or not into.lets_all_through):
                        covered.add(into.before)
                        waiting.append(into.before)

    def _add(self, before: str, name: str, *, optional: bool = False, artifacts: bool) -> RealEdge:
        self._count += 1
        if self._count > _MAX_EDGES:
            message = f"jobs wait for one another in more than {_MAX_EDGES:,} pairs"
            raise DefinitionError(message, "give the jobs `needs`", *self.at(name))
        job = self.jobs[name]
        only = job.get("dependencies")
        handed = artifacts and (only is None or before in listed(only))
        regardless = _regardless(job)
        is_needed = job.get("needs") is not None
        hidden = _lets_fail(self.jobs[before], self.stages[before], is_needed=is_needed) or self._never_fails[before]
        weakened = regardless or hidden
        line = line_of(job, "needs") if job.get("needs") is not None else self.at(name)[1]
        via = ", ".join(self.stages[before].writes) if handed else ""
        is_required = job.get("needs") is not None and not optional
        is_direct = job.get("needs") is not None and (regardless or "").endswith("on_failure")
        edge = RealEdge(
            before,
            name,
            via,
            weakened,
            line,
            tolerated=bool(hidden) and not regardless,
            direct=is_direct,
            required=is_required,
            skipped="needs: optional: true" if optional and not weakened else None,
            is_open=not regardless and _REJECTING.isdisjoint(codes := _codes(self.jobs[before])) and bool(codes),
        )
        self._into[name].append(edge)
        return edge

    def _needs(self, name: str, job: Lined) -> Iterator[_Need]:
        given = job["needs"]
        at = (self.at(name)[0], line_of(job, "needs"))
        seen: set[str] = set()
        for one in as_list(given):
            if isinstance(one, dict) and (one.get("pipeline") or one.get("project")):
                self.gap(f"{name} needs a job of another pipeline", at)
                continue
            needed = as_text(one.get("job")) if isinstance(one, dict) else as_text(one)
            optional = isinstance(one, dict) and one.get("optional") is True
            if needed not in self.jobs:
                if not optional:
                    self.gap(f"{name} needs {needed}, which is no job of these files", at)
            elif needed not in seen:
                seen.add(needed)
                with_files = not isinstance(one, dict) or one.get("artifacts") is not False
                asked = as_dict(one).get("parallel") if isinstance(one, dict) else None
                legs = asked is not None and asked != self.jobs[needed].get("parallel")
                yield _Need(needed, optional, with_files, legs)


def allows_failure(job: Lined) -> str | None:
    """Say by which words a job counts as successful though it failed, perhaps with some exit codes only."""
    allowed = job.get("allow_failure")
    if allowed is None or allowed is False:
        return None
    return "allow_failure: true" if allowed is True else f"allow_failure: exit_codes [{', '.join(_codes(job))}]"


def _codes(job: Lined) -> list[str]:
    """Give the exit codes with which a job may fail."""
    return listed(as_dict(job.get("allow_failure")).get("exit_codes"))


def _lets_fail(job: Lined, stage: RealStage, *, is_needed: bool) -> str | None:
    """Say what in its keys lets a job count as successful though it failed, or never ran.

    A manual job that is needed by name is waited for. Where all that it does is to print, starting it is the answer of
    a person, and there is no failure to hide.
    """
    rules = [as_dict(rule) for rule in as_list(job.get("rules"))]
    allowed = job.get("allow_failure")
    if said := allows_failure(job):
        return said
    if as_text(job.get("when")) == "manual" and allowed is None and not (is_needed and _only_prints(stage.command)):
        return "when: manual, which allows failure unless it says otherwise"
    if any(rule.get("allow_failure") is True for rule in rules):
        return "rules: allow_failure: true"
    trigger = job.get("trigger")
    if trigger is not None and as_text(as_dict(trigger).get("strategy")) not in {"depend", "mirror"}:
        return "trigger without `strategy: depend`: it does not wait for the pipeline that it starts"
    return None


def _only_prints(command: str | None) -> bool:
    return all(part.split()[:1] in (["echo"], ["printf"], ["true"], [":"]) for part in (command or ":").split("&&"))


def _regardless(job: Lined) -> str | None:
    """Say why a job runs though one before it has failed."""
    when = as_text(job.get("when"))
    if when in _REGARDLESS:
        return f"when: {when}"
    rules = (as_text(as_dict(rule).get("when")) for rule in as_list(job.get("rules")))
    return next((f"rules: when: {one}" for one in rules if one in _REGARDLESS), None)

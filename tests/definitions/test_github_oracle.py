"""Which jobs of GitHub run after another has failed, was cancelled or left out: the reader against a naive oracle."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

import pytest
from github_runs import Job, World, ancestors, asks, flags_of, jobs_at_random, results, text_of
from reading import read

from gatepost.definitions.answers import Answers
from gatepost.definitions.reach import Reach

_SEEDS: Final = range(0, 500, 50)


class _Pair(NamedTuple):
    """A job and one behind it, in a workflow."""

    text: str
    jobs: list[Job]
    reach: Reach
    answers: Answers
    before: Job
    after: Job

    def may_run(self, **world: object) -> set[bool]:
        """Give whether the later job runs, for every way in which what the file does not tell may turn out."""
        worlds = (World(flags=flags, **world) for flags in flags_of(self.jobs))  # type: ignore[arg-type]
        return {results(self.jobs, one)[self.after.name] != "skipped" for one in worlds}

    def forced(self, fate: str, *, is_cancelled: bool = False) -> set[bool]:
        """Give the same where the earlier job runs and comes to an end."""
        return self.may_run(fates={self.before.name: fate}, forced=self.before.name, is_cancelled=is_cancelled)


def pairs(first: int) -> Iterator[_Pair]:
    """Give every pair of jobs of fifty workflows."""
    for seed in range(first, first + 50):
        jobs = jobs_at_random(Random(seed))  # noqa: S311 - a workflow, no secret
        text = text_of(jobs)
        found = read("github-actions", text)
        reach = Reach(found)
        answers = Answers(found, reach, frozenset())
        for number, before in enumerate(jobs):
            for after in jobs[number + 1 :]:
                if before.name in ancestors(jobs, after.name):
                    yield _Pair(text, jobs, reach, answers, before, after)


@pytest.mark.parametrize("first", _SEEDS)
def test_what_runs_after_a_failure_is_what_the_documentation_says(first: int) -> None:
    """A job is stopped by the failure of another, or its being cancelled, exactly where it cannot run after it."""
    for one in pairs(first):
        runs = True in one.forced("failure") | one.forced("cancelled", is_cancelled=True)
        leak = one.reach.leak(one.before.name, one.after.name)
        assert runs == (one.after.name not in one.reach.stopped(one.before.name)), (one.before, one.after, one.text)
        assert (leak is not None) == runs, (one.before, one.after, one.text)
        assert leak is None or leak.weakened or leak.skipped, (one.before, one.after, one.text)


@pytest.mark.parametrize("first", _SEEDS)
def test_what_runs_behind_a_skip_is_what_the_documentation_says(first: int) -> None:
    """A job goes on where another was left out exactly where its condition lets it."""
    for one in pairs(first):
        runs = True in one.may_run(fates={one.before.name: "skipped"})
        assert runs == (one.after.name in one.reach.goes_on(one.before.name)), (one.before, one.after, one.text)


@pytest.mark.parametrize("first", _SEEDS)
def test_an_answer_that_surely_runs_runs_and_one_that_is_absent_does_not(first: int) -> None:
    """What asks for a status is told: it runs, it does not, or that depends on what the file does not tell."""
    expected = {frozenset({True}): "runs", frozenset({False}): "absent", frozenset({True, False}): "open"}
    for one in pairs(first):
        if one.before.may_fail or not asks(one.after.condition):
            continue
        told = one.answers.of(one.before.name, f"python {one.after.name}.py", f"python {one.before.name}.py")
        assert told == expected[frozenset(one.forced("failure"))], (one.before, one.after, one.text)

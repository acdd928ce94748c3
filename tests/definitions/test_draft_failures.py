"""What a draft makes of that which a definition runs after a failure: a rollback, a handler, or words for a person."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from reading import read

from effort import first
from gatepost.definitions import compare
from gatepost.definitions.answers import Answers
from gatepost.definitions.draft import draft
from gatepost.definitions.github_conditions import only_after_failure
from gatepost.records import Pipeline

FOLDER = "docs/x"


def drafted(kind: str, text: str) -> tuple[Pipeline, str]:
    """Draft a contract that agrees with its definition; give it as a record and as text."""
    found = read(kind, text, {}, "x/definition")
    written = draft(found, FOLDER, "T")
    record = Pipeline.model_validate(yaml.safe_load(written))
    assert [one.message for one in compare(record, found, FOLDER).of("differs")] == []
    return record, written


def workflow(jobs: dict[str, list[Any]], **more: Any) -> str:
    """Give a workflow in which each job waits for the one before it; a list of steps for each."""
    names = list(jobs)
    every = {
        name: {"steps": jobs[name], **({"needs": names[:place]} if place else {}), **more.get(name, {})}
        for place, name in enumerate(names)
    }
    return yaml.safe_dump({"on": "push", "jobs": every}, sort_keys=False)


def failing(command: str, condition: str = "failure()") -> dict[str, str]:
    """Give a step that runs after a failure."""
    return {"if": condition, "run": command}


def test_a_step_that_undoes_is_the_rollback_of_a_promotion() -> None:
    """It is no part of what the promotion runs."""
    steps = [{"run": "python pipeline.py deploy"}, failing("python pipeline.py rollback")]
    record, text = drafted("github-actions", workflow({"deploy": steps}))
    stage = record.stages["deploy"]
    assert stage.rollback is not None
    assert (stage.run, stage.rollback.run) == ("python pipeline.py deploy", "python pipeline.py rollback")
    assert (stage.rollback.to, str(stage.on_fail)) == ("previous", "rollback + page")
    assert "run: python pipeline.py rollback   # told by its words, x/definition:" in text


@pytest.mark.parametrize(
    ("command", "action"),
    [
        ("python notify.py", "alert"),
        ("./tell --channel slack", "alert"),
        ("python notify.py page", "page"),
        ("python pipeline.py quarantine", "quarantine"),
        ("make on-call", "page"),
    ],
)
def test_a_step_that_tells_somebody_is_a_handler(command: str, action: str) -> None:
    """Which action it is, is told by its words, and said to be."""
    record, text = drafted("github-actions", workflow({"train": [{"run": "python t.py"}, failing(command)]}))
    assert record.handlers == {action: command}
    assert record.stages["train"].run == "python t.py"
    line = next(one for one in text.splitlines() if one.startswith(f"  {action}:"))
    assert "told by its words" in line
    assert line.endswith(": check it")


def test_a_stage_is_answered_only_with_what_the_definition_runs_for_it() -> None:
    """A handler of one job is none of another; that nobody is told there is left for the dry run to say."""
    jobs = {"train": [{"run": "a"}, failing("python notify.py")], "pack": [{"run": "b"}], "score": [{"run": "c"}]}
    record, text = drafted("github-actions", workflow(jobs))
    assert str(record.defaults.on_fail) == "halt"
    assert str(record.stages["train"].on_fail) == "halt + alert"
    assert "on-fail: halt   # nothing tells anybody of most failures: check it" in text


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (failing("curl -d x $SLACK_URL"), "# after a failure it runs curl -d x $SLACK_URL"),
        (failing("python tidy.py"), "# after a failure it runs python tidy.py"),
        (failing("python tidy.py", "always()"), "# whatever happens it runs python tidy.py"),
        (failing("python notify.py", "always()"), "which runs it when all is well, too: check it"),
        (
            {"if": "failure()", "uses": "org/a@v1"},
            "uses: org/a@v1 may answer a failure of train; what it runs is not seen here",
        ),
    ],
)
def test_what_is_no_handler_is_said_in_words(step: dict[str, str], words: str) -> None:
    """What only a shell can run, what does something else, what also runs when all is well, what is not seen."""
    record, text = drafted("github-actions", workflow({"train": [{"run": "python t.py"}, step]}))
    assert words in text
    assert record.stages["train"].run == "python t.py"


def test_a_job_that_only_answers_failures_is_beside_the_pipeline() -> None:
    """It answers each stage before it, and so does what runs behind it."""
    jobs = {
        "train": [{"run": "a"}],
        "deploy": [{"run": "b"}],
        "back": [{"run": "./undo.sh"}],
        "tell": [{"run": "./page x"}],
    }
    text = workflow(
        jobs,
        back={"if": "${{ failure() && needs.deploy.result == 'failure' }}"},
        tell={"needs": "back", "if": "failure()"},
    )
    record, _ = drafted("github-actions", text)
    assert list(record.stages) == ["train", "deploy"]
    assert record.source is not None
    assert record.source.besides == ("back", "tell")
    assert record.stages["deploy"].rollback is not None
    assert record.stages["deploy"].rollback.run == "./undo.sh"
    assert record.handlers == {"page": "./page x"}
    assert str(record.stages["deploy"].on_fail) == "rollback + page"


def test_what_the_pipeline_goes_on_with_is_a_stage() -> None:
    """A way round a failure that alone leads back to the release is no handler of it."""
    jobs = {"train": [{"run": "a"}], "fallback": [{"run": "b"}], "deploy": [{"run": "c"}]}
    more = {"fallback": {"if": "failure()"}, "deploy": {"if": "always()", "needs": ["fallback"]}}
    found = read("github-actions", workflow(jobs, **more))
    record = Pipeline.model_validate(yaml.safe_load(draft(found, FOLDER, "T")))
    assert list(record.stages) == ["train", "fallback", "deploy"]


@pytest.mark.parametrize(
    ("condition", "besides"),
    [
        ("${{ always() && contains(needs.*.result, 'failure') }}", ("rollback", "page")),
        ("failure()", ("rollback", "page")),
        ("always()", ("rollback",)),
        ("!cancelled()", ("rollback",)),
    ],
)
def test_a_rollback_is_no_part_of_a_run_that_goes_well(condition: str, besides: tuple[str, ...]) -> None:
    """Nor is what waits for it and for the release, whatever became of them; a report at the end is a stage."""
    jobs = {
        "deploy": [{"run": "./deploy.sh"}],
        "rollback": [{"run": "kubectl rollout undo deployment/churn"}],
        "page": [{"uses": "PagerDuty/pagerduty-change-events-action@v1"}],
    }
    found = read("github-actions", workflow(jobs, rollback={"if": "failure()"}, page={"if": condition}))
    text = draft(found, FOLDER, "T")
    record = Pipeline.model_validate(yaml.safe_load(text))
    assert record.source is not None
    assert record.source.besides == besides
    assert list(record.stages) == [one for one in jobs if one not in besides]
    assert record.stages["deploy"].rollback is not None
    assert record.stages["deploy"].rollback.run == "kubectl rollout undo deployment/churn"
    assert {one.id for one in compare(record, found, FOLDER).of("differs")} <= {"edge-weakened"}


@pytest.mark.parametrize(
    ("needs", "stages", "after"),
    [("", ["fit", "ship"], ("fit",)), (", needs: [tell]", ["fit"], ())],
)
def test_gitlab_goes_on_behind_a_job_that_was_left_out(needs: str, stages: list[str], after: tuple[str, ...]) -> None:
    """The order of stages does; a job that needs it by name is left out with it."""
    text = f"""\
stages: [build, answer, deploy]
fit: {{stage: build, script: [python fit.py]}}
tell: {{stage: answer, when: on_failure, script: [python notify.py]}}
ship: {{stage: deploy, script: [python ship.py]{needs}}}
"""
    record, _ = drafted("gitlab-ci", text)
    assert list(record.stages) == stages
    assert record.stages[stages[-1]].after == after


def test_what_undoes_a_promotion_may_stand_behind_it() -> None:
    """The job that looks at the release undoes it; that nothing undoes the release itself is not made up."""
    jobs = {"deploy": [{"run": "b"}], "verify": [{"run": "c"}, failing("./rollback.sh")]}
    record, _ = drafted("github-actions", workflow(jobs))
    assert record.stages["deploy"].rollback is not None
    assert record.stages["deploy"].rollback.run == "./rollback.sh"
    assert str(record.stages["deploy"].on_fail) == "halt + alert"
    assert str(record.stages["verify"].on_fail) == "rollback + page"


GITLAB = """\
stages: [build, deploy, answer]
fit: {stage: build, script: [python fit.py], after_script: [python notify.py alert]}
ship: {stage: deploy, script: [python ship.py]}
undo: {stage: answer, needs: [ship], when: on_failure, script: [python ship.py --undo, python notify.py page]}
"""
ARGO = """\
kind: Workflow
spec:
  entrypoint: release
  onExit: answer
  templates:
    - name: release
      dag: {tasks: [{name: fit, template: fit}, {name: deploy, template: ship, depends: fit}]}
    - {name: fit, container: {command: [python, fit.py]}}
    - {name: ship, container: {command: [python, ship.py]}}
    - {name: answer, container: {command: [python, notify.py, alert]}}
"""
AIRFLOW = """\
from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("d", on_failure_callback=elsewhere) as dag:
    fit = BashOperator(task_id="fit", bash_command="python fit.py")
    deploy = BashOperator(task_id="deploy", bash_command="python ship.py")
    tell = BashOperator(task_id="tell", bash_command="python notify.py alert", trigger_rule="one_failed")
    fit >> deploy >> tell
    fit >> tell
"""


@pytest.mark.parametrize(
    ("kind", "text", "stages", "besides", "handlers"),
    [
        (
            "gitlab-ci",
            GITLAB,
            ["fit", "ship"],
            ("undo",),
            {"alert": "python notify.py alert", "page": "python notify.py page"},
        ),
        ("argo", ARGO, ["fit", "deploy"], ("onExit.answer",), {"alert": "python notify.py alert"}),
        ("airflow", AIRFLOW, ["fit", "deploy"], ("tell",), {"alert": "python notify.py alert"}),
    ],
)
def test_each_tool_answers_in_its_way(
    kind: str, text: str, stages: list[str], besides: tuple[str, ...], handlers: dict[str, str]
) -> None:
    """Jobs on failure and `after_script`, what runs at the end, a task with a trigger rule."""
    record, written = drafted(kind, text)
    assert record.source is not None
    assert (list(record.stages), record.source.besides, record.handlers) == (stages, besides, handlers)
    if kind == "gitlab-ci":
        assert record.stages["ship"].rollback is not None
        assert record.stages["ship"].rollback.run == "python ship.py --undo"
    if kind == "airflow":
        assert "may answer a failure of any stage; what it runs is not seen here" in written


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("failure()", True),
        ("${{ failure() }}", True),
        ("failure() && github.ref == 'refs/heads/main'", True),
        ("(failure() || cancelled())", True),
        ("always() && (needs.a.result == 'failure' || needs.b.result != 'success')", True),
        ("!success()", True),
        ("${{ always() && contains(needs.*.result, 'failure') }}", True),
        ("always() && (contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled'))", True),
        ("!cancelled() && contains(join(needs.*.result, ','), 'failure')", True),
        ("always() && contains(needs.*.result, 'success')", False),
        ("always() && !contains(needs.*.result, 'failure')", False),
        ("always()", False),
        ("!failure()", False),
        ("failure() || github.event_name == 'schedule'", False),
        ("contains('failure() && ', 'x')", False),
        ("success()", False),
        ("", False),
    ],
)
def test_a_condition_holds_only_after_a_failure_where_each_of_its_ways_does(condition: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Of what is not known it may hold when all is well."""
    assert only_after_failure(condition) is expected


@pytest.mark.parametrize("block", first(range(10)))
def test_a_draft_of_any_workflow_agrees_and_runs_no_answer(block: int) -> None:
    """Only what is wrong in the workflow itself differs; no stage runs what only answers a failure."""
    for seed in range(block * 50, (block + 1) * 50):
        chance = random.Random(seed)  # noqa: S311 - a test
        told = [
            "python notify.py",
            "./undo.sh x",
            "python p.py page",
            "python p.py quarantine",
            "rm -r out",
            "a | mail b",
        ]
        conditions = ["failure()", "failure()", "always()", "!cancelled()", "failure() && github.ref == 'm'"]
        jobs: dict[str, list[Any]] = {}
        more: dict[str, Any] = {}
        names = ["fit", "judge-gate", "deploy", "watch", "release-eu", "tell", "undo"]
        for name in chance.sample(names, k=chance.randint(1, 7)):
            after = [failing(one, chance.choice(conditions)) for one in chance.sample(told, k=chance.randint(0, 3))]
            jobs[name] = [{"run": f"python {name}.py"}, *after]
            needs = chance.sample(list(jobs)[:-1], k=chance.randint(0, len(jobs) - 1))
            more[name] = {"needs": needs, **({"if": chance.choice(conditions)} if chance.random() < 0.3 else {})}
        found = read("github-actions", workflow(jobs, **more))
        record = Pipeline.model_validate(yaml.safe_load(draft(found, FOLDER, "T")))
        told_of = {one.id for one in compare(record, found, FOLDER).differences}
        assert told_of <= {"guard-weakened", "edge-weakened", "guard-conditional", "rollback-unasked"}, seed
        assert all(stage.run == f"python {name}.py" for name, stage in record.stages.items()), seed


def test_each_command_is_asked_for_where_it_may_answer_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred promotions, each with a way back of its own, cost a hundred questions, and not their cube."""
    asked = 0
    of = Answers.of

    def counted(self: Answers, name: str, command: str, ours: str | None = None) -> str:
        nonlocal asked
        asked += 1
        return of(self, name, command, ours)

    jobs = {f"release-{one}": [{"run": f"a {one}"}, failing(f"rollback {one}")] for one in range(100)}
    monkeypatch.setattr(Answers, "of", counted)
    draft(read("github-actions", workflow(jobs)), FOLDER, "T")
    assert asked == len(jobs)

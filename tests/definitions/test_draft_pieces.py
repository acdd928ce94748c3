"""A job that runs several commands is several stages of a draft, each told apart, in their order."""

from __future__ import annotations

import random

import pytest
import yaml
from reading import read

from effort import first
from gatepost.definitions import Definition, compare
from gatepost.definitions.difference import Difference
from gatepost.definitions.draft import draft
from gatepost.records import Pipeline

FOLDER = "docs/x"


def drafted(kind: str, text: str) -> Pipeline:
    """Draft a contract that agrees with its definition."""
    found = read(kind, text, {}, "x/definition")
    record = Pipeline.model_validate(yaml.safe_load(draft(found, FOLDER, "T")))
    assert [one.message for one in differing(record, found)] == []
    return record


def differing(record: Pipeline, found: Definition) -> list[Difference]:
    """Compare; that one contract has one folder, and that a promotion's approval is not shown, is no matter of this."""
    differences = compare(record, found, FOLDER).differences
    return [one for one in differences if one.weight != "not-shown" and one.id != "folder-differs"]


def workflow(*runs: str, name: str = "build") -> str:
    """Give a workflow with one job of several steps."""
    return yaml.safe_dump({"jobs": {name: {"timeout-minutes": 9, "steps": [{"run": one} for one in runs]}}})


def test_the_commands_of_one_job_are_stages_one_after_the_other() -> None:
    """Their kinds are told by what they run, and each says in which job it lives."""
    record = drafted(
        "github-actions",
        workflow("pip install -r r.lock", "python fit.py", "python eval.py && python gate.py", "./deploy.sh --to prod"),
    )
    assert {name: (one.kind, one.run, one.after) for name, one in record.stages.items()} == {
        "fit": ("train", "python fit.py", ()),
        "eval": ("validate", "python eval.py", ("fit",)),
        "gate": ("gate", "python gate.py", ("eval",)),
        "deploy": ("promote", "./deploy.sh --to prod", ("gate",)),
    }
    assert {one.impl for one in record.stages.values()} == {"build"}
    assert (str(record.defaults.timeout), {one.timeout for one in record.stages.values()}) == ("9m", {None})


def test_when_a_job_begins_is_told_with_its_first_command() -> None:
    """What it waits for, and when it runs at all, holds for what it runs first; the rest comes behind that."""
    job = {"if": "github.ref == 'refs/heads/main'", "environment": "production"}
    steps = [{"run": "python deploy.py"}, {"run": "python smoke.py"}]
    text = draft(read("github-actions", yaml.safe_dump({"jobs": {"release": {**job, "steps": steps}}})), FOLDER, "T")
    before, _, after = text.partition("  smoke:")
    for words in ("# it runs only sometimes: if: github.ref ==", "# it waits for environment: production"):
        assert words in before
        assert words not in after


def test_a_report_and_what_the_tool_fills_in_keep_no_job_whole() -> None:
    """The one job of many a small team trains, writes a report, checks and builds: five stages, no script to write."""
    steps = (
        "python train.py\npython evaluate.py --limit ${{ vars.LIMIT }}",
        "cat results.txt >> report.md\ncml comment report.md",
        "python gate.py --min-f1 0.7",
        "docker build -t app:${{ github.sha }} .",
    )
    record = drafted("github-actions", workflow(*steps))
    assert {name: one.kind for name, one in record.stages.items()} == {
        "train": "train",
        "evaluate": "validate",
        "cml": "data",
        "gate": "gate",
        "docker": "package",
    }
    assert record.stages["evaluate"].run == "python evaluate.py --limit ${{ vars.LIMIT }}"


def test_a_script_of_gitlab_is_taken_apart_too() -> None:
    """What comes before the job is before its first command, and what comes behind it behind its last."""
    text = """\
prepare: {script: [python prepare.py]}
learn: {script: [cd ml, python p.py train, python p.py check], needs: [prepare]}
publish: {script: [python publish.py], needs: [learn]}
"""
    record = drafted("gitlab-ci", text)
    assert {name: (one.run, one.after) for name, one in record.stages.items()} == {
        "prepare": ("python prepare.py", ()),
        "train": ("python p.py train", ("prepare",)),
        "check": ("python p.py check", ("train",)),
        "publish": ("python publish.py", ("check",)),
    }


@pytest.mark.parametrize(
    ("commands", "names"),
    [
        (("python -m churn.fit", "python -m churn.judge --at 3"), ["fit", "judge"]),
        (("make train", "make gate"), ["train", "gate"]),
        (("uv run python x/fit.py", "poetry run python x/judge.py"), ["fit", "judge"]),
        (("python p.py fit", "python p.py judge"), ["fit", "judge"]),
        (("python p.py", "python p.py --again"), ["p", "build-p"]),
        (("python build.py", "python more.py"), ["build", "more"]),
        (("bash ./fit.sh", "Rscript judge.R"), ["fit", "judge"]),
        (("python", "make"), ["python", "make"]),
        (("--x", "-z"), ["x", "z"]),
    ],
)
def test_a_stage_is_called_after_what_it_runs(commands: tuple[str, ...], names: list[str]) -> None:
    """The script, the target, the module; where these are the same, what it is asked for."""
    assert list(drafted("github-actions", workflow(*commands)).stages) == names


def test_names_that_other_jobs_have_are_not_taken() -> None:
    """A stage in a job is never mistaken for the job of that name."""
    jobs = {
        "fit": {"steps": [{"run": "python a.py"}]},
        "all": {"needs": ["fit"], "steps": [{"run": "python fit.py"}, {"run": "python b.py"}]},
    }
    record = drafted("github-actions", yaml.safe_dump({"jobs": jobs}))
    assert {name: (one.impl, one.run) for name, one in record.stages.items()} == {
        "fit": (None, "python a.py"),
        "all-fit": ("all", "python fit.py"),
        "b": ("all", "python b.py"),
    }


@pytest.mark.parametrize(
    "runs",
    [
        ("export X=1", "python fit.py", "python gate.py"),
        ("mkdir out", "python fit.py", "python gate.py"),
        ("python fit.py > log", "python gate.py"),
        ("python fit.py", "python gate.py || true"),
        tuple(f"python s{one}.py" for one in range(21)),
    ],
)
def test_a_job_whose_commands_need_each_other_or_a_shell_stays_whole(runs: tuple[str, ...]) -> None:
    """No part of it is said to be a stage that runs by itself."""
    found = read("github-actions", workflow(*runs), {}, "x/definition")
    text = draft(found, FOLDER, "T")
    assert list(Pipeline.model_validate(yaml.safe_load(text)).stages) == ["build"]
    assert "<one script for these commands>" in text


def test_an_answer_belongs_to_the_commands_before_it() -> None:
    """What undoes a promotion, and who is told, is said of the stages whose failure the job answers with it."""
    steps = [
        {"run": "python fit.py"},
        {"run": "python gate.py"},
        {"run": "python deploy.py", "id": "deploy"},
        {"run": "python undo.py rollback", "if": "failure() && steps.deploy.outcome == 'failure'"},
        {"run": "python alert.py", "if": "failure()"},
        {"run": "python tidy.py", "if": "failure()"},
    ]
    text = yaml.safe_dump({"jobs": {"build": {"steps": steps}}})
    record = drafted("github-actions", text)
    assert draft(read("github-actions", text), FOLDER, "T").count("it runs python tidy.py") == 1
    assert record.handlers == {"alert": "python alert.py"}
    assert record.stages["deploy"].rollback is not None
    assert record.stages["deploy"].rollback.run == "python undo.py rollback"


@pytest.mark.parametrize("block", first(range(10)))
def test_a_draft_of_any_workflow_with_long_jobs_agrees(block: int) -> None:
    """Nothing differs, whatever the jobs run, in which folder, and whatever they wait for."""
    for seed in range(block * 50, (block + 1) * 50):
        chance = random.Random(seed)  # noqa: S311 - a test
        jobs: dict[str, dict[str, object]] = {}
        for name in chance.sample(["fit", "gate", "deploy", "watch", "pack", "a"], k=chance.randint(1, 5)):
            commands = [
                chance.choice(
                    ["python {}.py", "python -m x.{}", "make {}", "python p.py {}", "pip install {}", "cd {}"]
                )
                for _ in range(chance.randint(1, 4))
            ]
            words = chance.sample(["fit", "gate", "deploy", "evaluate", "more", "other"], k=len(commands))
            steps: list[dict[str, str]] = [
                {"run": one.format(f"{word}_{name}")} for one, word in zip(commands, words, strict=True)
            ]
            if chance.random() < 0.3:
                steps.append({"run": "python alert.py", "if": "failure()"})
            if chance.random() < 0.3:
                steps = [{"run": "\n".join(one["run"] for one in steps if "if" not in one)}]
            needs = chance.sample(list(jobs), k=chance.randint(0, len(jobs)))
            jobs[name] = {"needs": needs, "steps": steps}
        found = read("github-actions", yaml.safe_dump({"on": "push", "jobs": jobs}, sort_keys=False))
        record = Pipeline.model_validate(yaml.safe_load(draft(found, FOLDER, "T")))
        assert [one.message for one in differing(record, found)] == [], seed

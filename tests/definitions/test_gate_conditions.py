"""A gate that never runs is no gate; where nobody knows when it runs, that is unknown."""

from __future__ import annotations

import pytest
from reading import read
from test_gate_commands import argo, github, gitlab, told

from gatepost.definitions import compare
from gatepost.definitions.conditions import is_false
from gatepost.records import Pipeline

NEVER = ["guard-conditional differs"]
UNKNOWN = ["guard-conditional unknown"]
RUN = "script: python gate.py"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("false", True),
        ("${{ false }}", True),
        ("'false'", True),
        ("1 == 2", True),
        ("'a' == \"b\"", True),
        ("1 != 1", True),
        ("true", False),
        ("1 == 1", False),
        ("a == b", False),
        ("github.ref == 'x'", False),
        ("'a' == 'b' || github.ref", False),
        ("", False),
    ],
)
def test_only_literals_never_hold(words: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A name may hold anything; an expression with more than one comparison is not taken apart."""
    assert is_false(words) is expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("rules: [{when: never}]", NEVER),
        ("rules: [{if: $A, when: never}, {when: never}]", NEVER),
        ("rules: [{if: $A, when: never}]", NEVER),
        ("rules: [{when: never}, {when: always}]", NEVER),
        ("only: [main], except: [main, tags]", NEVER),
        ("except: [branches, tags]", NEVER),
        ("rules: [{if: $A}]", UNKNOWN),
        ("rules: [{if: $A, when: never}, {when: on_success}]", UNKNOWN),
        ("rules: [{changes: [src]}]", UNKNOWN),
        ("rules: []", UNKNOWN),
        ("only: [main]", UNKNOWN),
        ("only: [main], except: {variables: [$A]}", UNKNOWN),
        ("rules: [{when: on_success}]", []),
        ("rules: [{if: $A}, {when: on_success}]", []),
        ("when: manual", ["guard-weakened differs"]),
        ("rules: [{when: manual, allow_failure: true}]", ["guard-weakened differs"]),
        ("rules: [{when: manual}]", []),
    ],
)
def test_gitlab_leaves_a_job_out_by_its_rules(rules: str, expected: list[str]) -> None:
    """The first rule that fits decides; where none need fit, or one says `never`, nobody knows."""
    assert told("gitlab-ci", gitlab(f"{RUN}, {rules}")) == expected


def test_gitlab_starts_no_pipeline_in_which_a_needed_job_is_missing() -> None:
    """A promotion that needs the gate by name cannot run without it; one that needs it optionally can."""
    text = gitlab(f"{RUN}, rules: [{{if: $A}}]")
    assert told("gitlab-ci", text.replace("script: ship", "needs: [gate], script: ship")) == []
    chain = "stages: [a, b]\nmid: {stage: a, needs: [gate], script: m}\n" + text.partition("\n")[2]
    assert told("gitlab-ci", chain.replace("script: ship", "needs: [mid], script: ship")) == []
    optional = text.replace("script: ship", "needs: [{job: gate, optional: true}], script: ship")
    assert told("gitlab-ci", optional) != []


def test_a_gate_and_a_promotion_with_one_condition_run_together() -> None:
    """The same rules leave both out."""
    text = gitlab(f"{RUN}, rules: [{{if: $A}}]").replace("script: ship", "script: ship, rules: [{if: $A}]")
    assert told("gitlab-ci", text) == []
    waiting = text.replace("gate.py, rules: [{if: $A}]", "gate.py, rules: [{if: $A, when: manual}]")
    assert waiting != text
    assert told("gitlab-ci", waiting) == []
    assert told("gitlab-ci", waiting.replace("{if: $A, when", "{if: $B, when")) == UNKNOWN


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("when: 'false'", NEVER),
        ("when: '1 == 2'", NEVER),
        ("withItems: []", NEVER),
        ("withParam: '[]'", NEVER),
        ("withSequence: {count: 0}", NEVER),
        ("when: '{{workflow.parameters.x}} == y'", UNKNOWN),
        ("withItems: [a, b]", []),
    ],
)
def test_argo_leaves_a_task_out_and_goes_on(task: str, expected: list[str]) -> None:
    """A condition of literals that does not hold, and a list of nothing, leave the gate out of every run."""
    text = argo("container: {command: [python, gate.py]}")
    assert (
        told("argo", text.replace("{name: gate, template: gate}", f"{{name: gate, template: gate, {task}}}"))
        == expected
    )


def test_a_condition_around_both_leaves_out_both() -> None:
    """A promotion with a condition of its own, inside of that of the gate, runs only where the gate does."""
    text = argo("container: {command: [python, gate.py]}")
    text = text.replace("{name: gate, template: gate}", "{name: gate, template: gate, when: '{{x}}'}")
    both = text.replace("depends: gate}", "depends: gate, when: '{{x}}'}")
    assert told("argo", both) == []


@pytest.mark.parametrize("condition", ["false", "'${{ false }}'", "\"'a' == 'b'\""])
def test_a_job_of_github_that_never_runs_is_told(condition: str) -> None:
    """What needs it never runs either; what is more, the gate is none."""
    assert told("github-actions", github("{run: python gate.py}", f"if: {condition}, ")) == NEVER


def test_a_condition_that_leaves_nothing_out_stays_in_the_words_of_the_file() -> None:
    """It says how the job runs."""
    found = read("gitlab-ci", gitlab(f"{RUN}, rules: [{{if: $A}}, {{when: manual}}]")).stage("gate")
    assert found is not None
    assert (found.condition, found.always, found.never) == ("if: $A; when: manual", True, None)


def test_an_approval_whose_stage_waits_for_nobody_is_not_shown() -> None:
    """A job of the name that only prints is no person's answer; one with an environment, or a wait behind it, is."""
    stages = {
        "approve": {"kind": "approval", "by": ["lead"]},
        "ship": {"kind": "promote", "to": "production", "run": "ship", "after": ["approve"]},
    }
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": stages})
    text = "jobs:\n  approve: {steps: [{run: echo ok}]}\n  ship: {needs: approve, steps: [{run: ship}]}\n"

    def found(text: str) -> list[str]:
        return [f"{one.id} {one.weight}" for one in compare(record, read("github-actions", text), "").differences]

    assert found(text) == ["approval-not-shown not-shown"]
    assert found(text.replace("approve: {steps", "approve: {environment: production, steps")) == []
    assert found(text.replace("needs: approve,", "needs: approve, environment: production,")) == []


def test_a_stage_that_runs_the_command_of_a_promotion_is_told() -> None:
    """A gate that waits in front of the promotion is of no use where another stage has promoted already."""
    assert told("github-actions", github("{run: ship}, {run: python gate.py}")) == ["guard-missing differs"]


@pytest.mark.parametrize("more", ["daemon: true", "memoize: {key: x}"])
def test_argo_does_not_wait_for_every_template(more: str) -> None:
    """A daemon is not waited for, and a result that is kept stands for a run: what then holds is not known."""
    found = read("argo", argo(f"{more}, container: {{command: [python, gate.py]}}"))
    assert [gap.touches for gap in found.gaps] == [("gate",)]


def test_gitlab_may_choose_what_is_waited_for_by_a_rule() -> None:
    """Which rule fits is not known."""
    text = gitlab(RUN).replace("script: ship", "script: ship, rules: [{if: $A, needs: []}, {when: on_success}]")
    assert [gap.message for gap in read("gitlab-ci", text).gaps] == [
        "what ship waits for is not known: one of its rules says `needs`"
    ]


@pytest.mark.parametrize(
    "include", ["template: Jobs/SAST.gitlab-ci.yml", "local: ci/*.yml", "remote: 'https://x/y.yml'"]
)
def test_what_lies_outside_excuses_no_needs_that_this_file_says(include: str) -> None:
    """GitLab lays the file itself over all that it includes; a job that says nothing may need more there."""
    text = f"include: [{{{include}}}]\n" + gitlab(RUN)
    assert told("gitlab-ci", text.replace("script: ship", "needs: [gate], script: ship")) == []
    assert told("gitlab-ci", text.replace("script: ship", "needs: [], script: ship")) == ["guard-missing differs"]
    chain = text.replace("script: ship", "needs: [mid], script: ship")
    mid = {way: f"\nmid: {{stage: a, {needs}script: m}}\n" for way, needs in {"own": "needs: [], ", "open": ""}.items()}
    assert told("gitlab-ci", chain + mid["own"]) == ["guard-missing differs"]
    assert told("gitlab-ci", chain + mid["open"]) == ["guard-missing unknown"]

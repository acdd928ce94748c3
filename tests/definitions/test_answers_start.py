"""An answer starts: its condition holds after a failure, the failure is not hidden from it, and success starts none."""

from __future__ import annotations

import pytest
from test_conformance_answers import (
    ACTIONS,
    ALERT,
    ARGO,
    BACK,
    BESIDES,
    EARLY,
    GITLAB,
    RULED,
    UNASKED,
    UNDO,
    compared,
    told,
    unseen,
)
from test_conformance_answers import AIRFLOW as DAG

SHIP_FAILED = "failure() && needs.ship.result == 'failure'"
JOBS = """\
jobs:
  fit: {steps: [{run: python fit.py}]}
  judge: {needs: fit, steps: [{run: python judge.py}]}
  ship: {needs: judge, environment: production, steps: [{run: python ship.py}]}
  undo:
    needs: ship
    if: failure() && needs.ship.result == 'failure'
    steps:
      - run: python ship.py --undo
      - {if: always(), run: python notify.py page}
  alert:
    needs: [fit, judge]
    if: failure()
    steps: [{run: python notify.py alert}]
"""
ASIDE = ("undo", "alert")


def _told_of(weight: str) -> str:
    return unseen(ALERT) if weight == "unknown" else ALERT


def weights(tool: str, text: str, *besides: str) -> list[tuple[str, str]]:
    """Give what is told as weight and id."""
    return sorted({(one.weight, one.id) for one in compared(tool, text, *besides).differences})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("environment: production, ", "environment: production, continue-on-error: true, "),
        ("[{run: python ship.py}]", "[{run: python ship.py, continue-on-error: true}]"),
        ("[{run: python ship.py}]", "[{run: python ship.py || true}]"),
    ],
)  # fmt: skip
def test_a_promotion_that_hides_its_failure_starts_no_answer(old: str, new: str) -> None:
    """To jobs behind it, it has succeeded."""
    assert told("github-actions", JOBS, *ASIDE) == []
    assert old in JOBS
    found = compared("github-actions", JOBS.replace(old, new), *ASIDE).of("differs")
    told_of = [one.message for one in found if one.id == "answer-missing"]
    assert [message.rpartition(";")[0] for message in told_of] == [UNDO]


def test_a_job_of_gitlab_that_may_fail_starts_no_answer() -> None:
    """`allow_failure` hides it; where only some exit codes are hidden, nobody knows."""
    hidden = GITLAB.replace("script: [python ship.py]", "script: [python ship.py]\n  allow_failure: true")
    assert weights("gitlab-ci", hidden, "undo", "alert") == [("differs", "answer-missing")]
    some = hidden.replace("allow_failure: true", "allow_failure: {exit_codes: [10]}")
    assert weights("gitlab-ci", some, "undo", "alert") == [("unknown", "answer-missing")]


def test_a_step_asks_the_step_that_was_let_fail() -> None:
    """`outcome` is what happened, before `continue-on-error`; a job that may fail still runs its own steps."""
    step = "{run: python ship.py --undo && python notify.py page, if: steps.ship.outcome == 'failure'}"
    own = JOBS.replace(
        "[{run: python ship.py}]", f"[{{id: ship, run: python ship.py, continue-on-error: true}}, {step}]"
    )
    own = own[: own.index("  undo:")] + own[own.index("  alert:") :]
    assert told("github-actions", own, "alert") == []
    assert weights("github-actions", own.replace("== 'failure'", "== 'success'"), "alert") == [
        ("differs", "answer-missing"),
        ("differs", "rollback-unasked"),
    ]


@pytest.mark.parametrize(
    ("condition", "weight"),
    [
        ("failure()", None),
        ("${{ always() && needs.judge.result != 'success' }}", None),
        ("always() && contains(needs.*.result, 'failure')", None),
        ("always() && (needs.fit.result == 'failure' || needs.judge.result == 'failure')", None),
        ("always() && needs.judge.result == 'success'", "differs"),
        ("!failure() && always()", "differs"),
        ("failure() && github.event_name == 'schedule'", "unknown"),
        ("failure() && inputs.page", "unknown"),
    ],
)
def test_a_handler_starts_by_its_condition(condition: str, weight: str | None) -> None:
    """One that needs success answers no failure, one that hangs on something else perhaps."""
    found = compared(
        "github-actions", JOBS.replace("judge]\n    if: failure()", f'judge]\n    if: "{condition}"'), *ASIDE
    )
    assert [(one.weight, one.message) for one in found.differences] == ([(weight, _told_of(weight))] if weight else [])


def test_a_step_of_a_handler_has_its_condition_too() -> None:
    """A step behind something else is unknown, and so is a command that a variable decides about."""
    step = JOBS.replace("- run: python ship.py --undo", "- {run: python ship.py --undo, if: steps.x.outputs.y == 'no'}")
    assert told("github-actions", step, *ASIDE) == [("unknown", unseen(BACK))]
    line = JOBS.replace("python ship.py --undo", 'if [ "$BACK" = yes ]; then python ship.py --undo; fi')
    assert told("github-actions", line, *ASIDE) == [("unknown", unseen(BACK))]
    early = ACTIONS.replace("      - {id: ship, run: python ship.py}\n", "").replace(
        "  alert:\n", "      - {id: ship, run: python ship.py}\n  alert:\n"
    )
    assert weights("github-actions", early, "alert") == [("differs", "answer-missing")]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("rules: [{when: on_failure}]", []),
        ("rules: [{if: $CI_COMMIT_TAG, when: on_failure}, {when: on_failure}]", []),
        ('rules: [{if: $CI_PIPELINE_SOURCE == "schedule", when: on_failure}]', [("unknown", unseen(ALERT))]),
        ("when: always", []),
    ],
)
def test_a_job_of_gitlab_starts_by_its_rules(rules: str, expected: list[tuple[str, str]]) -> None:
    """Each rule that may decide must let it start after a failure."""
    text = GITLAB.replace("  when: on_failure\n  script:\n", f"  {rules}\n  script:\n")
    assert told("gitlab-ci", text, "undo", "alert") == expected


@pytest.mark.parametrize(
    ("status", "weight"),
    [("!= Succeeded", None), ("== Failed", None), ("== Error", "differs"), ("== {{x}}", "unknown")],
)
def test_an_exit_handler_of_argo_asks_for_the_status(status: str, weight: str | None) -> None:
    """A command that ends badly makes the workflow `Failed`; `Error` is trouble of the cluster."""
    steps = (
        f"- name: answer\n      steps: [[{{name: tell, template: tell, when: '{{{{workflow.status}}}} {status}'}}]]\n"
    )
    text = ARGO.replace("- {name: answer, ", f"{steps}    - {{name: tell, ")
    found = compared("argo", text, *BESIDES).differences
    assert [(one.weight, one.message) for one in found] == ([(weight, _told_of(weight))] if weight else [])


@pytest.mark.parametrize(
    ("tool", "text", "old", "new", "besides", "who"),
    [
        ("github-actions", JOBS, f"ship\n    if: {SHIP_FAILED}", "ship\n    if: always()", ASIDE, "undo"),
        ("github-actions", ACTIONS, "failure(), run: python ship", "always(), run: python ship", ("alert",), "ship"),
        ("gitlab-ci", GITLAB, "[ship]\n  when: on_failure", "[ship]\n  when: always", ASIDE, "undo"),
        ("argo", ARGO, ", expression: 'tasks.ship.status == \"Failed\"'", "", BESIDES, "ship.exit.back"),
        (
            "airflow",
            DAG.replace(", on_failure_callback=undo", "") + RULED,
            '--undo", trigger_rule="one_failed"',
            '--undo", trigger_rule="all_done"',
            ("back", "wake"),
            "back",
        ),
    ],
)  # fmt: skip
def test_a_rollback_does_not_run_after_a_good_end(  # noqa: PLR0913, PLR0917 - one case
    tool: str, text: str, old: str, new: str, besides: tuple[str, ...], who: str
) -> None:
    """What runs whatever happened takes back each good release."""
    early = [("differs", EARLY)] if tool == "airflow" else []
    assert told(tool, text, *besides) == early
    assert old in text
    assert told(tool, text.replace(old, new), *besides) == [("differs", UNASKED.format(who))]


@pytest.mark.parametrize(
    ("tool", "text", "old", "new"),
    [
        ("github-actions", JOBS, SHIP_FAILED, "failure()"),
        ("gitlab-ci", GITLAB, "  needs: [ship]\n  when", "  when"),
    ],
)
def test_a_rollback_does_not_run_before_anything_was_promoted(tool: str, text: str, old: str, new: str) -> None:
    """What answers each failure would put production back though the release that failed was never there."""
    assert told(tool, text, *ASIDE) == []
    assert old in text
    assert told(tool, text.replace(old, new), *ASIDE) == [("differs", EARLY)]


def test_a_job_of_gitlab_is_left_out_where_one_of_its_needs_was() -> None:
    """Though another need has failed: `on_failure` with `needs` answers what stands last among them alone."""
    old = "  stage: answer\n  when: on_failure\n  script:"
    alert = GITLAB.replace(old, old.replace("stage: answer", "needs: [fit, judge]"))
    assert alert != GITLAB
    expected = ALERT.replace("fit and judge fail", "fit fails")
    assert told("gitlab-ci", alert, *ASIDE) == [("differs", expected)]

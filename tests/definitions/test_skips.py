"""What a promotion makes of a stage before it that was left out, or that leaves itself out: said as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from reading import read

from gatepost.definitions import compare
from gatepost.records import Pipeline

STAGES: dict[str, Any] = {
    "train": {"kind": "train", "run": "python train.py"},
    "gate": {"kind": "gate", "run": "python gate.py", "after": ["train"]},
    "ship": {"kind": "promote", "to": "production", "run": "python ship.py", "after": ["gate"]},
}


def told(kind: str, text: str) -> list[tuple[str, str]]:
    """Compare a definition; tell what is said of edges and guards, with its weight."""
    record = Pipeline.model_validate({"title": "T", "owner": "o", "stages": STAGES})
    found = compare(record, read(kind, text, path="d"), "").differences
    return [(one.weight, one.message) for one in found if one.id.startswith(("guard", "edge-weak"))]


def github(condition: str, needs: str = "gate", gate: str = "") -> str:
    """Give a workflow whose promotion has a condition."""
    return f"""
    jobs:
      train: {{steps: [{{run: python train.py}}]}}
      gate: {{needs: train, {gate}steps: [{{run: python gate.py}}]}}
      ship:
        needs: [{needs}]
        if: >-
          {condition}
        steps: [{{run: python ship.py}}]
    """


NO_FAILURE = "always() && !contains(needs.*.result, 'failure') && !contains(needs.*.result, 'cancelled')"


@pytest.mark.parametrize(
    ("condition", "needs"),
    [
        (NO_FAILURE, "gate, train"),
        (f"${{{{ {NO_FAILURE} }}}}", "train, gate"),
        ("!cancelled() && !(needs.gate.result != 'success')", "gate"),
        ("!cancelled() && contains(fromJSON('[\"success\"]'), needs.gate.result)", "gate"),
        ("always() && needs.gate.result == 'success' && github.ref == 'refs/heads/main'", "gate"),
        ("always() && !failure() && !cancelled()", "gate"),
    ],
)
def test_a_promotion_that_refuses_each_failure_is_not_blamed(condition: str, needs: str) -> None:
    """Whoever asks for no failure of the jobs before, in whatever words, waits for the gate."""
    assert told("github-actions", github(condition, needs)) == []


def test_a_job_that_was_left_out_has_not_failed() -> None:
    """The gate still guards; that a failure before it leaves it out and the promotion runs, is told as that."""
    reason = f"ship runs though gate was left out because train has failed (if: {NO_FAILURE})"
    message = f"in the definition {reason}, and so does ship; here a failure ends the run"
    assert told("github-actions", github(NO_FAILURE)) == [("differs", message)]


def test_a_gate_with_a_condition_may_be_left_out() -> None:
    """A promotion that asks only for failures goes on without it: when, nobody knows."""
    text = github("!failure() && !cancelled()", gate="if: inputs.full, ")
    message = "gate is left out by its condition (if: inputs.full); when, is not shown by the definition"
    assert told("github-actions", text) == [("unknown", message)]


def test_what_is_handed_over_is_not_followed() -> None:
    """Whether a gate that has failed has handed over that all is well, only its code knows."""
    words = "always() && needs.gate.outputs.passed == 'true'"
    message = f"in the definition gate does not guard ship: ship may run though gate has failed (if: {words})"
    assert ("unknown", message) in told("github-actions", github(words, "gate"))
    assert all(weight == "unknown" for weight, _ in told("github-actions", github(words, "gate")))


def airflow(rule: str, more: str = "", gate: str = "python gate.py") -> str:
    """Give a DAG whose promotion has a trigger rule."""
    return f"""
    from airflow.sdk import DAG
    from airflow.providers.standard.operators.bash import BashOperator
    with DAG("d"):
        train = BashOperator(task_id="train", bash_command="python train.py")
        gate = BashOperator(task_id="gate", bash_command="{gate}"{more})
        ship = BashOperator(task_id="ship", bash_command="python ship.py", trigger_rule="{rule}")
        train >> gate >> ship
        train >> ship
    """


@pytest.mark.parametrize("rule", ["none_failed", "none_failed_min_one_success", "all_success"])
def test_a_rule_that_a_failure_stops_is_not_blamed(rule: str) -> None:
    """In Airflow what waits for a failed task has failed upstream, and only what was skipped is let pass."""
    assert told("airflow", airflow(rule)) == []
    assert told("airflow", airflow(rule, ", skip_on_exit_code=None")) == []


def test_a_gate_that_rejects_by_leaving_itself_out_is_unknown_behind_such_a_rule() -> None:
    """Then the promotion runs after a rejection, if the gate rejects with that exit code."""
    message = (
        "gate may leave itself out (skip_on_exit_code: 10), and ship runs all the same (trigger_rule: none_failed); "
        "whether it rejects so, is not shown by the definition"
    )
    assert told("airflow", airflow("none_failed", ", skip_on_exit_code=10")) == [("unknown", message)]
    assert told("airflow", airflow("all_success", ", skip_on_exit_code=10")) == []


@pytest.mark.parametrize("rule", ["all_done", "one_success", "none_skipped", "one_done", "always"])
def test_a_rule_that_a_failure_passes_is_told(rule: str) -> None:
    """These let the promotion run though the gate has failed and the training has not."""
    (weight, message), *_ = told("airflow", airflow(rule))
    assert (weight, f"has failed (trigger_rule: {rule})" in message) == ("differs", True)

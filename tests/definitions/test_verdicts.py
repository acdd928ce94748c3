"""A gate that hands over its verdict is unknown, unless the text shows that what reads it stops the run."""

from __future__ import annotations

import json

import pytest
from test_gate_commands import GATE, HIDDEN, OPEN, airflow, argo, dvc, github, gitlab, told

STEP = "{id: g, continue-on-error: true, run: python gate.py}"
LEAK = ["guard-weakened differs"]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("{if: steps.g.outcome == 'failure', run: exit 1}", []),
        ("{if: \"steps.g.outcome != 'success'\", run: 'echo \"::error::no\"; exit 1'}", []),
        ("{if: \"always() && steps.g.outcome == 'failure'\", run: exit 3}", []),
        ("{if: steps.g.outcome == 'failure', run: 'false'}", []),
        ("{if: steps.g.outcome == 'failure', run: exit 0}", OPEN),
        ("{if: steps.g.outcome == 'failure', run: python page.py}", OPEN),
        ("{if: steps.g.outcome == 'failure' && github.ref == 'x', run: exit 1}", OPEN),
        ("{if: steps.g.outcome == 'failure', run: exit 1, continue-on-error: true}", ["guard-weakened unknown"]),
        ("{env: {SAID: '${{ steps.g.outcome }}'}, run: ./decide.sh}", OPEN),
        ("{if: steps.g.conclusion == 'failure', run: exit 1}", OPEN),
        ("{if: steps.other.outcome == 'failure', run: exit 1}, {run: tidy}", HIDDEN),
        ("{if: steps.g.outcome == 'failure', run: echo no}, {run: tidy}", HIDDEN),
    ],
)
def test_a_step_that_asks_for_the_outcome_of_the_gate(later: str, expected: list[str]) -> None:
    """One that ends the job with it makes it a gate; one that may do anything leaves it open; one that prints, not."""
    assert told("github-actions", github(f"{STEP}, {later}")) == expected


def test_an_outcome_that_a_job_hands_on_is_open() -> None:
    """A promotion that asks another job for what its gate has said may hold back, or not."""
    text = github(STEP).replace("ship: {needs: gate,", "ship: {needs: gate, if: needs.gate.outputs.ok == 'true',")
    assert told("github-actions", text) == ["guard-weakened unknown"]
    assert told("github-actions", github(STEP)) == LEAK


@pytest.mark.parametrize(
    "run",
    [
        "if python gate.py; then echo passed=true >> $GITHUB_OUTPUT; else echo passed=false >> $GITHUB_OUTPUT; fi",
        "python gate.py && echo passed=true >> $GITHUB_OUTPUT || echo passed=false >> $GITHUB_OUTPUT",
        "echo passed=$(python gate.py) >> $GITHUB_OUTPUT",
    ],
)
def test_an_output_that_a_condition_reads_is_open(run: str) -> None:
    """Nobody reads it: the gate cannot fail. The promotion reads it: whether it says what the gate says, is unknown."""
    text = github(f"{{run: {json.dumps(run)}}}")
    assert told("github-actions", text) in (HIDDEN, LEAK)
    asking = text.replace("needs: gate,", "needs: gate, if: needs.gate.outputs.passed == 'true',")
    assert told("github-actions", asking) == OPEN


def test_argo_reads_the_result_of_a_gate() -> None:
    """A promotion with a `when` over the gate's result, or its exit code."""
    text = argo("script: {command: [bash], source: 'python gate.py && echo pass || echo fail'}")
    assert told("argo", text) == HIDDEN
    for asked in ("'{{tasks.gate.outputs.result}} == pass'", "'{{tasks.gate.exitCode}} == 0'"):
        assert told("argo", text.replace("depends: gate}", f"depends: gate, when: {asked}}}")) == OPEN


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("python gate.py > out.json || true; jq -e .passed out.json", OPEN),
        ("python gate.py --out verdict.json || true; ./promote-if verdict.json", OPEN),
        ("python gate.py | tee gate.log; grep -q PASS gate.log", OPEN),
        ('[ "$(python gate.py)" = "ok" ]', OPEN),
        ('SAID=$(python gate.py || true); if [ "$SAID" != pass ]; then exit 1; fi', OPEN),
        ("python gate.py > out.json || true; cat out.json", HIDDEN),
        ("python gate.py > out.json || true; jq -e .passed other.json", HIDDEN),
        ("python gate.py | tee gate.log; cp gate.log /logs", HIDDEN),
        ("export SAID=$(python gate.py); echo $SAID", HIDDEN),
    ],
)
def test_what_a_gate_says_may_be_judged_by_what_comes_after(run: str, expected: list[str]) -> None:
    """A command that reads what the gate wrote may judge it; one that prints or keeps it does not."""
    gate = {**GATE, "run": run.partition(" >")[0].partition(" |")[0] if run.startswith("python") else "python gate.py"}
    assert told("dvc", dvc(json.dumps(run)), gate) == expected
    assert told("airflow", airflow(run), gate) == expected


def test_gitlab_reads_a_file_in_the_same_job() -> None:
    """The lines of a job are one script."""
    text = gitlab("script: ['python gate.py > out.json || true', 'jq -e .passed out.json']")
    assert told("gitlab-ci", text) == OPEN

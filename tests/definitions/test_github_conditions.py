"""What an `if:` of GitHub means where people are often wrong about it: one rule a test."""

from __future__ import annotations

from reading import read

from gatepost.definitions.answers import Answered, Answers
from gatepost.definitions.reach import Reach


def told(text: str, *commands: str) -> list[Answered]:
    """Tell whether commands run when the gate fails."""
    found = read("github-actions", text)
    answers = Answers(found, Reach(found), frozenset())
    return [answers.of("gate", one, "g") for one in commands]


def test_text_beside_the_braces_makes_a_condition_that_always_holds() -> None:
    """GitHub puts such an `if:` together as a text, and no text but the empty one is false: a line break is enough."""
    text = """\
    jobs:
      gate: {steps: [{run: g}]}
      ship:
        needs: gate
        if: |
          ${{ always() && needs.gate.result == 'success' }}
        steps: [{run: s}]
    """
    assert Reach(read("github-actions", text)).stopped("gate") == set()
    assert Reach(read("github-actions", text.replace("if: |", "if: |-"))).stopped("gate") == {"ship"}


def test_a_job_behind_one_that_answers_is_stopped_by_the_chain() -> None:
    """A failure holds for all jobs behind it, but for those that ask for it themselves."""
    text = """\
    jobs:
      gate: {steps: [{run: g}]}
      back: {needs: gate, if: failure(), steps: [{run: b}]}
      tell: {needs: back, steps: [{run: t}]}
    """
    assert told(text, "b", "t") == ["runs", "absent"]
    assert told(text.replace("needs: back", "needs: back, if: always()"), "b", "t") == ["runs", "runs"]


def test_a_job_that_asks_for_a_failure_without_a_status_function_never_runs() -> None:
    """`success() &&` stands before such a condition, whatever it says."""
    text = """\
    jobs:
      gate: {steps: [{run: g}]}
      back: {needs: gate, if: needs.gate.result == 'failure', steps: [{run: b}]}
    """
    assert told(text, "b") == ["absent"]
    assert told(text.replace("if: ", "if: always() && "), "b") == ["runs"]


def test_a_skip_anywhere_before_a_job_leaves_it_out() -> None:
    """Though the job that it needs by name has succeeded: only a status function of its own goes on."""
    text = """\
    jobs:
      gate: {if: inputs.check, steps: [{run: g}]}
      report: {needs: gate, if: always(), steps: [{run: r}]}
      ship: {needs: report, steps: [{run: s}]}
    """
    assert Reach(read("github-actions", text)).goes_on("gate") == {"report"}
    text = text.replace("needs: report", "needs: report, if: '!failure() && !cancelled()'")
    assert Reach(read("github-actions", text)).goes_on("gate") == {"report", "ship"}


def test_a_called_workflow_has_the_result_of_its_jobs_together() -> None:
    """`needs.checks.result` is a failure where one of its jobs fails, and a success where that one is let fail."""
    called = "jobs: {gate: {steps: [{run: g}]}, more: {steps: [{run: m}]}}\n"
    text = """\
    jobs:
      checks: {uses: ./.github/workflows/checks.yml}
      ship: {needs: checks, if: always() && needs.checks.result != 'failure', steps: [{run: s}]}
    """
    files = {".github/workflows/checks.yml": called}
    assert Reach(read("github-actions", text, files)).stopped("checks.gate") == set()  # it may be cancelled
    strict = text.replace("!= 'failure'", "== 'success'")
    assert Reach(read("github-actions", strict, files)).stopped("checks.gate") == {"ship"}
    files = {".github/workflows/checks.yml": called.replace("{gate: {", "{gate: {continue-on-error: true, ")}
    assert Reach(read("github-actions", strict, files)).stopped("checks.gate") == set()

"""Workflows of GitHub Actions: one rule a test."""

from __future__ import annotations

import time

import pytest
from reading import edges, names, read, weak

from gatepost.definitions import Definition, DefinitionError, RealStage
from gatepost.definitions.github_conditions import passes
from gatepost.definitions.github_truth import Truth
from gatepost.definitions.reach import Reach

PATH = ".github/workflows/release.yml"


def actions(text: str, files: dict[str, str] | None = None) -> Definition:
    """Read a workflow, with other files of the repository."""
    return read("github-actions", text, files, PATH)


def stage(found: Definition, name: str) -> RealStage:
    """Give a job that must be there."""
    one = found.stage(name)
    assert one is not None, names(found)
    return one


def test_each_job_is_a_stage_with_its_line() -> None:
    """`on:` is a key like any other, anchors are unfolded, and what runs is one line."""
    text = """\
    on: {push: {branches: [main]}}
    jobs:
      train: &train
        runs-on: ubuntu-24.04
        timeout-minutes: 90
        container: ghcr.io/org/train@sha256:ab
        steps:
          - uses: actions/checkout@v4
          - run: |
              # a comment
              python train.py \\
                --depth 3

              python pack.py
          - run: echo done
      again: *train
    """
    found = actions(text)
    assert [(one.name, one.line) for one in found.stages] == [("train", 3), ("again", 16)]
    train = stage(found, "train")
    assert train.command == "python train.py --depth 3 && python pack.py && echo done"
    assert (train.timeout, train.image, train.path) == (5400.0, "ghcr.io/org/train@sha256:ab", PATH)
    assert stage(found, "again").command == train.command


def test_an_environment_is_what_a_job_waits_for() -> None:
    """That a person must agree is a setting of the repository: the file does not show it."""
    text = "jobs:\n  a: {environment: production}\n  b: {environment: {name: staging, url: x}}\n  c: {steps: []}\n"
    waits = [one.waits_for for one in actions(text).stages]
    settings = "(its reviewers are a setting of the repository, not in the file)"
    assert waits == [f"environment: production {settings}", f"environment: staging {settings}", None]


@pytest.mark.parametrize(
    ("said", "is_weak"),
    [
        ("always()", True),
        ("${{ always() }}", True),
        ("ALWAYS( ) && github.ref == 'refs/heads/main'", True),
        ("failure()", True),
        ("cancelled()", True),
        ("!cancelled()", True),
        ("!failure()", True),
        ("success() || github.event_name == 'push'", True),
        ("always() && needs.gate.result != 'failure'", True),
        ("always() && (needs.gate.result == 'success' || needs.gate.result == 'skipped')", False),
        ("always() && needs.other.result == 'success'", False),
        ("always() && needs.other.result != 'success'", True),
        ("${{ github.ref == 'x' }} || success()", False),
        ("always() && !contains(needs.*.result, 'failure')", True),
        ("always() && !contains(needs.*.result, 'failure') && !contains(needs.*.result, 'cancelled')", False),
        ("!cancelled() && !contains(join(needs.*.result, ','), 'failure')", False),
        ("always() && contains(needs.*.result, 'success')", False),
        ("!cancelled() && !(needs.gate.result != 'success')", False),
        ("always() && !(needs.gate.result == 'failure' || needs.gate.result == 'cancelled')", False),
        ("always() && needs.gate.result == 'failure'", True),
        ("always() && !inputs.dry", True),
        ("always() && startsWith(github.ref, 'refs/tags')", True),
        ("!cancelled() && (success() || inputs.force)", True),
        ("!cancelled() && (", True),
        ("github.ref == 'refs/heads/main'", False),
        ("github.event.label.name == 'always()'", False),
        ("success()", False),
        ("success() && github.ref == 'refs/heads/main'", False),
        ("always() && needs.gate.result == 'success'", False),
        ("${{ always() && (needs.gate.result=='success' && github.actor != 'a || b') }}", False),
        ("always() && 'success' == needs['gate'].result", False),
        ("!failure() && !cancelled()", False),
    ],
)
def test_an_if_that_lets_a_job_run_after_a_failure_weakens_its_edges(said: str, *, is_weak: bool) -> None:
    """Unless it wants the job before, by name, to have succeeded; the words are those of the file."""
    text = f'jobs:\n  gate: {{steps: [{{run: g}}]}}\n  ship: {{needs: gate, if: "{said}", steps: [{{run: s}}]}}\n'
    found = actions(text)
    assert weak(found) == ({"gate>ship": f"if: {said}"} if is_weak else {})
    assert stage(found, "ship").condition == f"if: {said}"


def test_a_list_of_results_is_looked_into() -> None:
    """`fromJSON` of a list says which results are let pass; what is handed over by another job is not followed."""
    words = """!cancelled() && contains(fromJSON('["success", "X"]'), needs.gate.result)"""
    needs = {"gate", "other"}
    assert passes(words, "gate", needs).failed == Truth.NO
    assert passes(words.replace("X", "failure"), "gate", needs).failed == Truth.YES
    assert passes("always() && needs.gate.outputs.passed == 'true'", "gate", needs).failed == Truth.UNREAD


def test_a_job_that_may_be_skipped_stops_only_who_asks_for_its_success() -> None:
    """`!failure() && !cancelled()` lets a job pass that its own `if` left out."""
    text = """\
    jobs:
      gate: {if: "github.ref == 'x'", steps: [{run: g}]}
      ship: {needs: gate, if: "!failure() && !cancelled()", steps: [{run: s}]}
    """
    found = actions(text)
    assert weak(found) == {}
    assert [edge.skipped for edge in found.edges] == ["if: !failure() && !cancelled()"]
    assert [edge.skipped for edge in actions(text.replace("if: \"github.ref == 'x'\", ", "")).edges] == [None]


def test_a_failure_further_up_passes_what_asks_only_for_the_jobs_before() -> None:
    """A job that is left out because one before it has failed has not failed: who asks for failures alone runs."""
    text = """\
    jobs:
      train: {steps: [{run: t}]}
      gate: {needs: train, steps: [{run: g}]}
      ship: {needs: gate, if: "always() && !contains(needs.*.result, 'failure') && !cancelled()", steps: [{run: s}]}
    """
    reach = Reach(actions(text))
    assert (reach.stopped("gate"), reach.stopped("train")) == ({"ship"}, {"gate"})
    both = Reach(actions(text.replace("needs: gate", "needs: [gate, train]")))
    assert (both.stopped("gate"), both.stopped("train")) == ({"ship"}, {"gate", "ship"})


def test_a_failure_stops_the_chain_behind_a_job_that_runs_regardless() -> None:
    """A job that asks for no status wants every job before it to have succeeded, not only those that it names."""
    text = """\
    jobs:
      gate: {steps: [{run: g}]}
      report: {needs: gate, if: always(), steps: [{run: r}]}
      ship: {needs: report, steps: [{run: s}]}
      tidy: {needs: ship, if: always(), steps: [{run: t}]}
    """
    found = actions(text)
    assert edges(found) == {"gate>report", "report>ship", "ship>tidy"}
    assert set(weak(found)) == {"gate>report", "ship>tidy"}
    assert Reach(found).stopped("gate") == {"ship"}


def test_what_may_fail_stops_nothing() -> None:
    """A job with `continue-on-error`, and one whose every step that runs a command has it."""
    text = """\
    jobs:
      job: {continue-on-error: true, steps: [{run: g}]}
      worked-out: {continue-on-error: "${{ matrix.new }}", steps: [{run: g}]}
      steps: {steps: [{uses: actions/checkout@v4}, {run: g, continue-on-error: true}]}
      sound: {continue-on-error: false, steps: [{run: g}]}
      ship: {needs: [job, worked-out, steps, sound], steps: [{run: s}]}
    """
    assert weak(actions(text)) == {
        "job>ship": "continue-on-error: true",
        "worked-out>ship": "continue-on-error: ${{ matrix.new }}",
        "steps>ship": "continue-on-error: true on every step that runs a command",
    }


def test_a_step_that_may_fail_is_named() -> None:
    """The job fails for its other steps, so its edges hold; which command is tolerated is told."""
    text = (
        "jobs:\n  a: {steps: [{run: gate, continue-on-error: true}, {run: pack}]}\n  b: {needs: a, steps: [{run: s}]}\n"
    )
    found = actions(text)
    assert weak(found) == {}
    assert stage(found, "a").tolerated == ("gate",)


def test_a_matrix_that_is_written_out_is_listed() -> None:
    """One stage stands for the job; its combinations follow the rules of `include` and `exclude`."""
    text = """\
    jobs:
      a:
        strategy:
          matrix:
            py: ["3.11", 3.12]
            os: [linux, {name: mac, arch: arm}]
            exclude: [{py: "3.11", os: linux}]
            include: [{py: 3.12, os: linux, slow: true}, {py: "3.13"}]
    """
    found = actions(text)
    assert stage(found, "a").variants == ("3.11, mac, arm", "3.12, linux, true", "3.12, mac, arm", "3.13")
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        ("{py: ['${{ inputs.one }}']}", "is worked out by the workflow"),
        ("{" + ", ".join(f"k{n}: [1, 2, 3, 4]" for n in range(30)) + "}", "makes more jobs than GitHub allows"),
    ],
)
def test_a_matrix_that_is_worked_out_is_a_gap(matrix: str, why: str) -> None:
    """How often the job runs is not known; that it runs is."""
    found = actions(f"jobs:\n  a:\n    strategy:\n      matrix: {matrix}\n")
    assert names(found) == ["a"]
    assert [gap.message for gap in found.gaps] == [f"how often a runs is not known: its matrix {why}"]


CALLED = """\
on: {workflow_call: {}}
jobs:
  build: {steps: [{run: b}]}
  gate: {needs: build, if: inputs.full, steps: [{run: g}]}
  pack: {needs: build, steps: [{run: p}]}
"""
CALLER = """\
jobs:
  train: {steps: [{run: t}]}
  check: {needs: train, uses: ./.github/workflows/check.yml, if: "github.ref == 'x'"}
  ship: {needs: check, if: always(), steps: [{run: s}]}
"""


def test_a_workflow_of_this_repository_that_is_called_is_read() -> None:
    """Its jobs are named for the job that calls it, stand under its condition, and take its place in the order."""
    found = actions(CALLER, {".github/workflows/check.yml": CALLED})
    assert names(found) == ["train", "check.build", "check.gate", "check.pack", "ship"]
    assert edges(found) == {
        "train>check.build", "check.build>check.gate", "check.build>check.pack", "check.gate>ship", "check.pack>ship",
    }  # fmt: skip
    assert set(weak(found)) == {"check.gate>ship", "check.pack>ship"}
    gate = stage(found, "check.gate")
    assert (gate.path, gate.line) == (".github/workflows/check.yml", 4)
    assert gate.condition == "if: github.ref == 'x'; if: inputs.full"
    assert found.files == (PATH, ".github/workflows/check.yml")
    assert found.gaps == ()


def test_a_job_inside_a_called_workflow_that_may_fail_stops_nothing_outside() -> None:
    """A tolerated last job lets the caller's dependents run; what only an inner `always()` passes does not."""
    called = """\
    jobs:
      gate: {steps: [{run: g}]}
      report: {needs: gate, if: always(), steps: [{run: r}]}
      lint: {continue-on-error: true, steps: [{run: l}]}
    """
    text = "jobs:\n  check: {uses: ./.github/workflows/check.yml}\n  ship: {needs: check, steps: [{run: s}]}\n"
    found = actions(text, {".github/workflows/check.yml": called})
    assert edges(found) == {"check.gate>check.report", "check.gate>ship", "check.report>ship", "check.lint>ship"}
    assert set(weak(found)) == {"check.gate>check.report", "check.lint>ship"}


@pytest.mark.parametrize(
    ("uses", "files"),
    [
        ("org/shared/.github/workflows/check.yml@v2", {}),
        ("./.github/workflows/check.yml", {}),
        ("./.github/workflows/check.yml", {".github/workflows/check.yml": "jobs: ["}),
        ("./.github/workflows/check.yml", {".github/workflows/check.yml": "on: push"}),
        ("./.github/workflows/release.yml", {PATH: "jobs: {a: {steps: []}}"}),
    ],
    ids=["of another repository", "not there", "no YAML", "no jobs", "itself"],
)
def test_a_called_workflow_that_cannot_be_read_hides_its_jobs(uses: str, files: dict[str, str]) -> None:
    """The job that calls it stands for them, its edges hold, and a gap says what is not known."""
    text = f"jobs:\n  a: {{steps: []}}\n  b: {{needs: a, uses: {uses}}}\n  c: {{needs: b, steps: []}}\n"
    found = actions(text, files)
    assert edges(found) == {"a>b", "b>c"}
    assert stage(found, "b").hidden == f"reusable workflow {uses}"
    assert found.gaps[-1].message == f"the jobs inside b are not known: it calls the workflow {uses}"
    assert (found.gaps[-1].path, found.gaps[-1].line) == (PATH, 3)


def test_a_local_action_is_read_for_what_it_runs() -> None:
    """A composite action's steps count as steps of the job; one that is not there is a gap."""
    text = """\
    jobs:
      a:
        steps:
          - {uses: ./ci/gate, continue-on-error: true}
          - {uses: ./ci/none}
          - {run: pack}
    """
    action = "runs:\n  using: composite\n  steps: [{run: python gate.py}, {run: echo}]\n"
    found = actions(text, {"ci/gate/action.yml": action})
    assert stage(found, "a").command == "python gate.py && echo && pack"
    assert stage(found, "a").tolerated == ("python gate.py", "echo")
    assert [(gap.message, gap.line) for gap in found.gaps] == [
        ("what ./ci/none runs is not known: it cannot be read", 5)
    ]


def test_a_need_that_is_no_job_is_refused_as_github_does() -> None:
    """Not one job of such a file runs. The line is that of `needs`."""
    with pytest.raises(DefinitionError, match="a needs b, which is no job of this file: GitHub runs none") as caught:
        actions("jobs:\n  a:\n    steps: []\n    needs: [b]\n")
    assert caught.value.line == 4


def test_jobs_that_wait_in_a_circle_are_refused() -> None:
    """The message names the circle, with the line of one of its jobs."""
    with pytest.raises(DefinitionError, match="in a circle: ") as caught:
        actions("jobs:\n  a: {needs: c}\n  b: {needs: a}\n  c: {needs: b, if: always()}\n")
    assert caught.value.line in {2, 3, 4}


def _calls(level: int) -> str:
    return "jobs:\n" + "".join(f"  j{n}: {{uses: ./.github/workflows/w{level + 1}.yml}}\n" for n in range(20))


_ALL = "".join(f"  j{n}: {{if: always(), needs: [{','.join(f'j{m}' for m in range(n))}]}}\n" for n in range(250))
HOSTILE: dict[str, tuple[str, dict[str, str]]] = {
    "calls of calls": (_calls(0), {f".github/workflows/w{n}.yml": _calls(n) for n in range(1, 9)}),
    "needs of all": (f"jobs:\n{_ALL}", {}),
    "actions of actions": (
        "jobs: {a: {steps: [{uses: ./x}]}}",
        {"x/action.yml": "runs: {steps: [{run: r}, {uses: ./x}, {uses: ./x}, {uses: ./x}]}"},
    ),
    "parentheses": ("jobs: {a: {if: '" + "(" * 20000 + ")" * 20000 + " && always()'}}", {}),
    "few parentheses": ("jobs: {a: {if: '" + "(" * 480 + "always()" + ")" * 480 + "'}}", {}),
    "conjuncts": ("jobs: {a: {if: '" + "always() && " * 20000 + "x'}}", {}),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_workflows_take_no_time(name: str) -> None:
    """What calls too much ends in one error, everything else is read within seconds."""
    began = time.process_time()
    if name == "calls of calls":
        with pytest.raises(DefinitionError, match="more than 2,000 jobs"):
            actions(*HOSTILE[name])
    else:
        assert len(actions(*HOSTILE[name]).stages) <= 500
    assert time.process_time() - began < 5

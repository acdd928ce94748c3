"""A contract against a definition: each difference is told once, with both places; what is open stays open."""

from __future__ import annotations

import pytest
import yaml
from reading import read

from gatepost.definitions import Conformance, compare
from gatepost.records import Pipeline
from gatepost.records.pipeline import Source

CONTRACT = """\
title: Release
owner: ml
source: {kind: github-actions, path: release.yml}
environments: {staging: {}, production: {}}
defaults: {timeout: 30m, on-fail: halt + alert}
artifacts:
  model: {type: model, path: out/model.json}
  metrics: {type: metrics, path: out/metrics.json, keys: [auc]}
stages:
  train: {kind: train, run: python train.py, out: [model]}
  evaluate: {kind: validate, run: python evaluate.py, in: [model], out: [metrics]}
  quality-gate: {kind: gate, run: python gate.py, in: [metrics], pass: [auc >= 0.7]}
  approve: {kind: approval, by: [lead], after: [quality-gate]}
  promote: {kind: promote, to: production, run: python promote.py, in: [model], after: [approve]}
  watch: {kind: monitor, after: [promote]}
"""
WORKFLOW = """\
jobs:
  train: {runs-on: x, timeout-minutes: 30, steps: [{run: python train.py}]}
  evaluate: {needs: train, timeout-minutes: 30, steps: [{run: python evaluate.py}]}
  quality-gate: {needs: evaluate, timeout-minutes: 30, steps: [{run: python gate.py}]}
  promote:
    {needs: [train, quality-gate], environment: production, timeout-minutes: 30, steps: [{run: python promote.py}]}
"""


def compared(contract: str = CONTRACT, workflow: str = WORKFLOW) -> Conformance:
    """Compare a contract with a workflow."""
    return compare(Pipeline.model_validate(yaml.safe_load(contract)), read("github-actions", workflow), "")


def told(found: Conformance) -> list[tuple[str, str]]:
    """Give each difference as its id and its weight."""
    return [(one.id, one.weight) for one in found.differences]


def test_a_contract_that_agrees_has_no_difference() -> None:
    """An approval that an environment stands for is shown; a monitor that is elsewhere is only not shown."""
    assert told(compared()) == [("monitor-not-shown", "not-shown")]


def test_harmless_order_is_no_difference() -> None:
    """An edge that follows from others, and a stage in between that is no part of the pipeline, change nothing."""
    more = WORKFLOW.replace("needs: [train, quality-gate]", "needs: [train, evaluate, notify]")
    more += "  notify: {needs: quality-gate, steps: [{run: echo}]}\n"
    contract = CONTRACT.replace("path: release.yml}", "path: release.yml, besides: [notify]}")
    assert told(compared(contract, more)) == [("monitor-not-shown", "not-shown")]


@pytest.mark.parametrize(
    ("old", "new", "expected", "words"),
    [
        ("needs: [train, quality-gate]", "needs: train", "guard-missing", "does not wait for quality-gate"),
        (
            "needs: [train, quality-gate],",
            "needs: [train, quality-gate], if: always(),",
            "guard-weakened",
            "if: always()",
        ),
        (
            "{needs: evaluate,",
            "{needs: evaluate, continue-on-error: true,",
            "guard-weakened",
            "continue-on-error: true",
        ),
        (
            "[{run: python gate.py}]",
            "[{run: python gate.py, continue-on-error: true}, {run: pack}]",
            "guard-cannot-fail",
            "the gate quality-gate cannot fail: its step may fail (continue-on-error)",
        ),
        ("  evaluate: {needs: train,", "  evaluate: {", "edge-missing", "evaluate does not wait for train"),
        ("python train.py}", "python fit.py}", "command-differs", "`python fit.py` in the definition"),
        (
            "train: {runs-on: x, timeout-minutes: 30",
            "train: {runs-on: x, timeout-minutes: 60",
            "timeout-differs",
            "1h in the definition",
        ),
        ("jobs:", "jobs:\n  extra: {steps: [{run: x}]}", "stage-undocumented", "the definition runs extra"),
        ("  evaluate:", "  measure:", "stage-missing", "evaluate is not shown by the definition"),
    ],
)
def test_each_difference_is_told(old: str, new: str, expected: str, words: str) -> None:
    """What was changed on one side is named, with the place in the definition."""
    workflow = WORKFLOW.replace(old, new)
    if "measure" in new:
        workflow = workflow.replace("needs: evaluate", "needs: measure")
    found = [one for one in compared(workflow=workflow).differences if one.weight == "differs"]
    assert [one.id for one in found if one.id == expected] == [expected], [one.message for one in found]
    assert any(words in one.message for one in found)
    allowed = {"stage-undocumented"} if "measure" in new else set()
    assert {one.id for one in found} - {expected} <= allowed


def test_order_the_other_way_round_is_told() -> None:
    """A gate behind the promotion is said to be reversed."""
    workflow = WORKFLOW.replace("needs: [train, quality-gate]", "needs: train").replace(
        "quality-gate: {needs: evaluate", "quality-gate: {needs: [evaluate, promote]"
    )
    assert ("edge-reversed", "differs") in told(compared(workflow=workflow))
    assert ("guard-missing", "differs") not in told(compared(workflow=workflow))


def test_other_names_are_mapped() -> None:
    """`impl`, a gate inside of another stage's code, and spelling with other signs."""
    contract = (
        CONTRACT.replace(
            "{kind: train, run: python train.py", "{kind: train, impl: github-actions:fit, run: python train.py"
        )
        .replace("{kind: gate, run: python gate.py,", "{kind: gate, gate: {in: ship_model},")
        .replace("{kind: promote,", "{kind: promote, impl: ship_model,")
    )
    workflow = """\
jobs:
  fit: {timeout-minutes: 30, steps: [{run: python train.py}]}
  Evaluate: {needs: fit, timeout-minutes: 30, steps: [{run: python evaluate.py}]}
  ship_model:
    {needs: [fit, Evaluate], environment: production, timeout-minutes: 30, steps: [{run: python promote.py}]}
"""
    assert told(compared(contract, workflow)) == [("monitor-not-shown", "not-shown")]


def test_a_family_stands_for_one_stage() -> None:
    """The stages that a `foreach` unfolds into stand for the one stage of the contract."""
    contract = Pipeline.model_validate(
        yaml.safe_load(
            "title: T\nowner: o\nsource: {kind: dvc, path: dvc.yaml}\n"
            "artifacts: {m: {type: model}, r: {type: report, path: r.json}}\n"
            "stages:\n  train: {kind: train, run: t, out: [m]}\n  report: {kind: validate, run: r, in: [m], out: [r]}\n"
        )
    )
    text = (
        "stages:\n  train: {foreach: [a, b], do: {cmd: 't ${item}', outs: ['${item}.bin']}}\n"
        "  report: {cmd: r, deps: [a.bin, b.bin], outs: [r.json]}\n"
    )
    assert compare(contract, read("dvc", text, path="dvc.yaml"), "").differences == ()


def test_where_the_text_has_gaps_nothing_is_called_missing() -> None:
    """A stage that may be inside of a reusable workflow is unknown, not absent."""
    workflow = WORKFLOW.replace(
        "  quality-gate: {needs: evaluate, timeout-minutes: 30, steps: [{run: python gate.py}]}",
        "  checks: {needs: evaluate, uses: org/x/.github/workflows/gate.yml@v1}",
    ).replace("needs: [train, quality-gate]", "needs: [train, checks]")
    contract = CONTRACT.replace("path: release.yml}", "path: release.yml, besides: [checks]}")
    assert ("stage-missing", "unknown") in told(compared(contract, workflow))
    assert not compared(contract, workflow).of("differs")


def test_the_source_of_each_reader_is_a_kind_of_source() -> None:
    """Every kind that a contract may name has a reader, and the other way round."""
    from gatepost.definitions.readers import READERS  # noqa: PLC0415 - the table itself

    kinds = Source.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
    assert set(kinds) == set(READERS)


def test_the_environment_of_another_place_shows_no_approval() -> None:
    """Who is asked before staging is not asked before production, whatever the settings of either say."""
    elsewhere = WORKFLOW.replace("environment: production", "environment: staging")
    assert ("approval-not-shown", "not-shown") in told(compared(workflow=elsewhere))
    assert ("approval-not-shown", "not-shown") not in told(
        compared(workflow=WORKFLOW.replace("production", "Production"))
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("failure()", ["stage-after-failure"]),
        ("failure() && needs.promote.result == 'failure'", ["stage-after-failure"]),
        ("success()", []),
    ],
)
def test_a_stage_that_only_answers_failures_is_no_stage_of_a_run_that_goes_well(
    condition: str, expected: list[str]
) -> None:
    """Its contract would say that each release is taken back; as an answer it is none of the stages."""
    job = f'  undo: {{needs: promote, if: "{condition}", timeout-minutes: 30, steps: [{{run: ./undo.sh}}]}}\n'
    contract = f"{CONTRACT}  undo: {{kind: data, run: ./undo.sh, after: [promote]}}\n"
    found = compared(contract, WORKFLOW + job)
    assert [one for one, weight in told(found) if weight == "differs"] == expected
    beside = CONTRACT.replace("path: release.yml}", "path: release.yml, besides: [undo]}")
    assert [one for one, weight in told(compared(beside, WORKFLOW + job)) if weight == "differs"] == []


@pytest.mark.parametrize(
    ("run", "folder", "expected"),
    [
        ("sh -c 'cd ml && python train.py'", "ml", []),
        ("sh -c 'cd ./ml && python train.py'", "ml/", []),
        ("bash -c 'cd ml && python train.py'", "ml", []),
        ("sh -c 'cd ml && python train.py'", "other", ["command-differs"]),
        ("sh -c 'cd ml && python other.py'", "ml", ["command-differs"]),
        ("python train.py", "ml", []),
    ],
)
def test_a_stage_may_change_into_the_folder_of_its_job(run: str, folder: str, expected: list[str]) -> None:
    """The contract has one folder, and jobs may each have their own."""
    contract = CONTRACT.replace("run: python train.py", f'run: "{run}"')
    workflow = WORKFLOW.replace("{run: python train.py}", f"{{run: python train.py, working-directory: {folder}}}")
    assert [one for one, weight in told(compared(contract, workflow)) if weight == "differs"] == expected


def test_dvc_is_told_how_it_lets_a_stage_wait() -> None:
    """It has no order but that of files."""
    text = "stages: {gate: {cmd: python gate.py}, ship: {cmd: python ship.py, deps: [m]}}\n"
    contract = {
        "title": "T",
        "owner": "o",
        "source": {"kind": "dvc", "path": "dvc.yaml"},
        "stages": {
            "gate": {"kind": "gate", "run": "python gate.py"},
            "ship": {"kind": "promote", "to": "production", "run": "python ship.py", "after": ["gate"]},
        },
    }
    (found,) = compare(Pipeline.model_validate(contract), read("dvc", text, {}, "dvc.yaml"), "").differences
    assert (found.id, found.hint) == (
        "guard-missing",
        "let it wait: DVC orders by files, so let it depend on one that gate writes",
    )


@pytest.mark.parametrize(
    ("after", "expected"), [("promote", ["stage-after-failure"]), ("evaluate", ["guard-conditional", "guard-missing"])]
)
def test_a_gate_that_only_answers_a_failure_is_told_once(after: str, expected: list[str]) -> None:
    """Before a promotion with what it guards, behind it as the answer that it is."""
    job = f'  look: {{needs: {after}, if: "failure()", timeout-minutes: 30, steps: [{{run: ./look.sh}}]}}\n'
    contract = (
        f"{CONTRACT}  look: {{kind: gate, run: ./look.sh, in: [metrics], pass: [auc >= 0.7], after: [{after}]}}\n"
    )
    if after == "evaluate":
        contract = contract.replace("after: [approve]}", "after: [approve, look]}")
    found = compared(contract, WORKFLOW + job)
    assert sorted(one for one, weight in told(found) if weight == "differs") == expected


MATRIX = "  train: {strategy: {matrix: {py: '${{ fromJSON(vars.PYS) }}'}}, "
LINT = "  lint: {uses: org/x/.github/workflows/lint.yml@v1}\n"


@pytest.mark.parametrize("aside", [False, True], ids=["another job's matrix", "a workflow set aside"])
@pytest.mark.parametrize("lost", ["guard-missing", "stage-missing"])
def test_what_is_open_elsewhere_excuses_no_missing_gate(aside: bool, lost: str) -> None:  # noqa: FBT001 - which of two
    """How often another job runs, or what a job runs that is set aside, tells nothing of what a promotion waits for."""
    workflow = WORKFLOW + LINT if aside else WORKFLOW.replace("  train: {", MATRIX)
    contract = CONTRACT.replace("path: release.yml}", "path: release.yml, besides: [lint]}") if aside else CONTRACT
    assert not compared(contract, workflow).of("differs")
    workflow = workflow.replace("needs: [train, quality-gate]", "needs: [train, evaluate]")
    if lost == "stage-missing":
        workflow = "".join(line for line in workflow.splitlines(keepends=True) if "python gate.py" not in line)
    assert lost in [one.id for one in compared(contract, workflow).of("differs")]


@pytest.mark.parametrize("weak", ["if: always(), ", ""])
def test_a_gate_before_a_rehearsal_guards_it(weak: str) -> None:
    """A promotion to staging waits for its gate as one to production does."""
    contract = CONTRACT.replace("to: production", "to: staging")
    workflow = WORKFLOW.replace("environment: production", "environment: staging")
    workflow = workflow.replace("{needs: [train, quality-gate]", f"{{{weak}needs: [train, quality-gate]")
    found = [one.id for one in compared(contract, workflow).of("differs")]
    assert found == (["guard-weakened"] if weak else [])


def test_what_runs_only_where_a_gate_was_cancelled_is_told_as_that() -> None:
    """A condition that asks for no failure keeps a failed gate's promotion back, and not that of a cancelled one."""
    condition = "if: \"always() && !contains(needs.*.result, 'failure')\", "
    workflow = WORKFLOW.replace("{needs: [train, quality-gate]", f"{{{condition}needs: [train, quality-gate]")
    (found,) = compared(workflow=workflow).of("differs")
    assert "promote runs though quality-gate was cancelled (if: always()" in found.message
    both = workflow.replace("'failure')", "'failure') && !contains(needs.*.result, 'cancelled')")
    assert all("was cancelled (" not in one.message for one in compared(workflow=both).differences)

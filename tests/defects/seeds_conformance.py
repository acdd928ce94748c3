"""Defects of a real definition that is no longer what the contract says."""

from __future__ import annotations

from typing import Final

from edits import CONTRACT, Defect, add, change

from trees import WORKFLOW

__all__ = ["ON_CONFORMANCE"]

_RELEASE: Final = "churn/release.yml"
_WATCH: Final = "watch: {needs: promote, steps: [{run: python watch.py}, {if: failure(), run: python rollback.py}]}"
_WORKFLOW: Final = f"{WORKFLOW}  {_WATCH}\n"


def _defect(name: str, old: str, new: str, says: str) -> Defect:
    """Give the defect that one change of the workflow makes."""
    assert old in _WORKFLOW
    source = "owner: growth-ml\nsource: {kind: github-actions, path: release.yml}\n"
    edits = change(CONTRACT, "owner: growth-ml\n", source), add(_RELEASE, _WORKFLOW.replace(old, new))
    return Defect(name, edits, "contract-conformant", CONTRACT, says)


ON_CONFORMANCE: Final = (
    _defect(
        "promotion that always runs",
        "promote: {needs: package,",
        "promote: {needs: package, if: always(),",
        "quality-gate does not guard promote: promote runs though package has failed (if: always())",
    ),
    _defect(
        "gate that may fail",
        "quality-gate: {needs: evaluate,",
        "quality-gate: {needs: evaluate, continue-on-error: true,",
        "quality-gate does not guard promote: package runs though quality-gate has failed (continue-on-error: true)",
    ),
    _defect(
        "gate that cannot fail",
        "python gate.py",
        "python gate.py || true",
        "the gate quality-gate cannot fail: `python gate.py || true`",
    ),
    _defect(
        "gate that nothing waits for",
        "[train, quality-gate]",
        "train",
        "in the definition package does not wait for quality-gate",
    ),
    _defect(
        "gate that is gone",
        "  quality-gate: {needs: evaluate, timeout-minutes: 10, steps: [{run: python gate.py}]}\n"
        "  package: {needs: [train, quality-gate], timeout-minutes: 10, steps: [{run: python package.py}]}\n",
        "  package: {needs: [train, evaluate], timeout-minutes: 10, steps: [{run: python package.py}]}\n",
        "the gate quality-gate is not shown by the definition",
    ),
    _defect(
        "measuring that may fail",
        "evaluate: {needs: [train, features],",
        "evaluate: {needs: [train, features], continue-on-error: true,",
        "quality-gate runs though evaluate has failed (continue-on-error: true), and so does promote",
    ),
    _defect(
        "another command",
        "python train.py",
        "python train.py --fast",
        "train runs `python train.py` here and `python train.py --fast` in the definition",
    ),
    _defect(
        "job that no contract has",
        "jobs:\n",
        "jobs:\n  hotfix: {steps: [{run: python promote.py --force}]}\n",
        "the definition runs hotfix, which the contract does not have",
    ),
    _defect(
        "job under another name",
        "  package: {needs: [train, quality-gate], timeout-minutes: 10, steps: [{run: python package.py}]}\n"
        "  promote: {needs: package,",
        "  bundle: {needs: [train, quality-gate], timeout-minutes: 10, steps: [{run: python package.py}]}\n"
        "  promote: {needs: bundle,",
        "package is not shown by the definition, which runs its command as bundle",
    ),
    _defect("definition that is no YAML", "jobs:\n", "jobs:\n\t- x\n", "churn/release.yml is not YAML"),
)

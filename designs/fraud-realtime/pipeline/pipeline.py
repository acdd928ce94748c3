# ruff: noqa: INP001 - a folder of scripts, not a package
"""The stages of the fraud-realtime pipeline: `python pipeline/pipeline.py STAGE`, from the design's folder.

Artifacts go to `out/` of the working directory; `all` runs every stage in order. Exit codes: 0 ok, 10 reject or
breach, 11 inconclusive, 75 infrastructure, 124 time-out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fraud import approval, canary, gates, intake, learning, notices, serving, watching
from fraud.bundle import package, verified
from fraud.files import is_synthetic
from fraud.outcome import Inconclusive, Outcome, Rejected, TimedOut
from fraud.route import Production

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["COMMANDS", "STAGES", "main", "run"]

_HERE: Final = Path(__file__).resolve().parent
_DATA: Final = _HERE / "data"
_OUT: Final = Path("out")
_PAYMENTS: Final = _OUT / "payments.csv"
_PROFILE: Final = _OUT / "profile.json"
_MODEL: Final = _OUT / "model.json"
_METRICS: Final = _OUT / "metrics.json"
_BUNDLE: Final = _OUT / "bundle.json"
_REPLAY: Final = _DATA / "replay.csv"


def production() -> Production:
    """Give the production that this run releases to."""
    return Production(_OUT / "production", os.environ.get("GATEPOST_RUN", ""))


def _ingest() -> None:
    intake.ingest(_DATA / "payments.csv", _PAYMENTS, _PROFILE)


def _gate(name: str, metrics: Path) -> Callable[[], None]:
    return lambda: gates.enforce(name, metrics, _OUT / f"{name}.json")


def _passed(name: str, metrics: Path, **about: Path) -> None:
    gates.require(name, metrics, _OUT / f"{name}.json", **about)


def _train() -> None:
    _passed("data-gate", _PROFILE, payments=_PAYMENTS)
    learning.train(_PAYMENTS, _MODEL)


def _evaluate() -> None:
    learning.evaluate(_MODEL, _DATA / "champion.json", _PAYMENTS, _METRICS)


def _package() -> None:
    _passed("quality-gate", _METRICS, model=_MODEL)
    package(_MODEL, _METRICS, _HERE / "requirements.lock", _BUNDLE)


def _latency() -> None:
    serving.latency(_BUNDLE, _REPLAY, _OUT / "latency.json")


def _shadow() -> None:
    serving.shadow(_BUNDLE, _REPLAY, _OUT / "shadow.json")


def _tried() -> None:
    """Ask for the verdicts on the serving path of exactly this bundle."""
    _passed("latency-gate", _OUT / "latency.json", bundle=_BUNDLE)
    _passed("shadow-gate", _OUT / "shadow.json", bundle=_BUNDLE)


def _approve() -> None:
    """Look for real answers first; those of the rehearsal count for synthetic payments only."""
    _tried()
    synthetic = verified(_BUNDLE)["synthetic"] is True
    answers = _OUT / "answers.json"
    if synthetic and not answers.exists():
        answers = _DATA / "rehearsal-answers.json"
    approval.approve(answers, _BUNDLE, _OUT / "approval.json", synthetic=synthetic)


def _canary() -> None:
    _tried()
    synthetic = verified(_BUNDLE)["synthetic"] is True and is_synthetic(_REPLAY)
    by = approval.require(_OUT / "approval.json", _BUNDLE, dt.datetime.now(dt.UTC), synthetic=synthetic)
    place = production()
    with place.held():
        number = place.begin(_BUNDLE, by)
        if place.is_settled() and (_OUT / "canary.json").exists():
            _say(f"release {number} answers already")
            return
        canary.roll_out(place, number, _BUNDLE, _REPLAY, _OUT / "canary.json")
        _say(f"release {number} answers")


def _watch() -> None:
    watching.watch(production(), _DATA / "week.csv", _OUT / "signals.json")


def _rollback() -> None:
    """Withdraw the release that is routed, if it is this run's; by hand, whichever it is.

    A canary that failed before it had any traffic must not cost the release before it.
    """
    place = production()
    place.unlock()
    if place.run and not place.is_own():
        _say("no release of this run is routed: the route stays as it is")
        return
    _say(place.back())


def _quarantine() -> None:
    place = notices.quarantine(_OUT)
    _say(f"moved to {place}" if place else "nothing was built")


def _answer(failures: str) -> None:
    """Do what the contract says about the stages that failed, given Argo's list of failed nodes.

    A command that fails does not keep the next one from running; at the end its failure is raised again.
    """
    failed: list[Rejected] = []
    for stage, outcome in notices.failed_in(failures, tuple(STAGES)).items():
        os.environ.update(GATEPOST_STAGE=stage, GATEPOST_OUTCOME=outcome)
        for action in notices.actions_for(stage, outcome):
            try:
                COMMANDS[action]()
            except Rejected as reason:
                failed.append(reason)
    if failed:
        raise failed[0]


STAGES: Final[dict[str, Callable[[], None]]] = {
    "ingest": _ingest,
    "data-gate": _gate("data-gate", _PROFILE),
    "train": _train,
    "evaluate": _evaluate,
    "quality-gate": _gate("quality-gate", _METRICS),
    "package": _package,
    "latency": _latency,
    "latency-gate": _gate("latency-gate", _OUT / "latency.json"),
    "shadow": _shadow,
    "shadow-gate": _gate("shadow-gate", _OUT / "shadow.json"),
    "approve": _approve,
    "canary": _canary,
    "watch": _watch,
}
"""The stages, in the order in which they run."""
COMMANDS: Final[dict[str, Callable[[], None]]] = {
    **STAGES,
    "rollback": _rollback,
    "alert": lambda: notices.notify(_OUT, "alert"),
    "page": lambda: notices.notify(_OUT, "page"),
    "quarantine": _quarantine,
}
"""Everything that can be asked for by name."""


def run(command: Callable[[], None], name: str) -> Outcome:
    """Run one command, say how it ended, and give its exit code."""
    try:
        command()
    except Rejected as reason:
        return _ended(name, Outcome.REJECT, reason)
    except Inconclusive as reason:
        return _ended(name, Outcome.INCONCLUSIVE, reason)
    except TimedOut as reason:
        return _ended(name, Outcome.TIMEOUT, reason)
    except OSError as reason:
        return _ended(name, Outcome.INFRASTRUCTURE, reason)
    return _ended(name, Outcome.OK)


def main(arguments: Sequence[str] | None = None) -> Outcome:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=[*COMMANDS, "all", "answer"])
    parser.add_argument("failures", nargs="?", default="", help="for `answer`: Argo's {{workflow.failures}}")
    given = parser.parse_args(arguments)
    if given.command == "answer":
        return run(lambda: _answer(given.failures), "answer")
    for name in STAGES if given.command == "all" else (given.command,):
        outcome = run(COMMANDS[name], name)
        if outcome is not Outcome.OK:
            return outcome
    return Outcome.OK


def _ended(name: str, outcome: Outcome, reason: Exception | None = None) -> Outcome:
    _say(f"{name}: {outcome.name.lower()}{f': {reason}' if reason else ''}")
    return outcome


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())

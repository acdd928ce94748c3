# ruff: noqa: INP001 - a folder of scripts, not a package
# ruff: noqa: PLC0415 - a stage is a process of its own, and loads only what it needs
"""The stages of the fraud-realtime pipeline: `python pipeline/pipeline.py STAGE`, from the design's folder.

Artifacts go to `out/` of the working directory; `all` runs every stage in order. Exit codes: 0 ok, 10 reject or
breach, 11 inconclusive, 75 infrastructure, 124 time-out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fraud.outcome import Inconclusive, Outcome, Rejected, TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fraud.route import Production

__all__ = ["COMMANDS", "STAGES", "main", "run"]

_HERE: Final = Path(__file__).resolve().parent
_DATA: Final = _HERE / "data"
_OUT: Final = Path("out")
_USAGE: Final = 2
_PAYMENTS: Final = _OUT / "payments.csv"
_PROFILE: Final = _OUT / "profile.json"
_MODEL: Final = _OUT / "model.json"
_METRICS: Final = _OUT / "metrics.json"
_BUNDLE: Final = _OUT / "bundle.json"
_REPLAY: Final = _DATA / "replay.csv"


def production() -> Production:
    """Give the production that this run releases to."""
    from fraud.route import Production

    return Production(_OUT / "production", os.environ.get("GATEPOST_RUN", ""))


def _ingest() -> None:
    from fraud import intake

    intake.ingest(_DATA / "payments.csv", _PAYMENTS, _PROFILE)


def _gate(name: str, metrics: Path) -> Callable[[], None]:
    def enforce() -> None:
        from fraud import gates

        gates.enforce(name, metrics, _OUT / f"{name}.json")

    return enforce


def _passed(name: str, metrics: Path, **about: Path) -> None:
    from fraud import gates

    gates.require(name, metrics, _OUT / f"{name}.json", **about)


def _train() -> None:
    from fraud import learning

    _passed("data-gate", _PROFILE, payments=_PAYMENTS)
    learning.train(_PAYMENTS, _MODEL)


def _evaluate() -> None:
    from fraud import learning

    learning.evaluate(_MODEL, _DATA / "champion.json", _PAYMENTS, _METRICS)


def _package() -> None:
    from fraud.bundle import package

    _passed("quality-gate", _METRICS, model=_MODEL)
    package(_MODEL, _METRICS, _HERE / "requirements.lock", _BUNDLE)


def _latency() -> None:
    from fraud import serving

    serving.latency(_BUNDLE, _REPLAY, _OUT / "latency.json")


def _shadow() -> None:
    from fraud import serving

    serving.shadow(_BUNDLE, _REPLAY, _OUT / "shadow.json")


def _tried() -> None:
    """Ask for the verdicts on the serving path of exactly this bundle."""
    _passed("latency-gate", _OUT / "latency.json", bundle=_BUNDLE)
    _passed("shadow-gate", _OUT / "shadow.json", bundle=_BUNDLE)


def _approve() -> None:
    """Look for real answers first; those of the rehearsal count for synthetic payments only."""
    from fraud import approval
    from fraud.bundle import verified

    _tried()
    synthetic = verified(_BUNDLE)["synthetic"] is True
    answers = _OUT / "answers.json"
    if synthetic and not answers.exists():
        answers = _DATA / "rehearsal-answers.json"
    approval.approve(answers, _BUNDLE, _OUT / "approval.json", synthetic=synthetic)


def _canary() -> None:
    import datetime as dt

    from fraud import approval, canary
    from fraud.bundle import verified
    from fraud.files import is_synthetic

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


def _observe() -> None:
    from fraud import watching

    watching.observe(production(), _DATA / "week.csv", _OUT / "signals.json")


def _watch() -> None:
    from fraud import watching

    watching.watch(production(), _OUT / "signals.json", _OUT / "canary.json")


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
    from fraud import notices

    place = notices.quarantine(_OUT)
    _say(f"moved to {place}" if place else "nothing was built")


def _answer(failures: str) -> None:
    """Do what the contract says about the stages that failed, given Argo's list of failed nodes.

    A command that fails does not keep the next one from running; at the end its failure is raised again.
    """
    from fraud import notices

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


def _tell(action: str) -> Callable[[], None]:
    def tell() -> None:
        from fraud import notices

        notices.notify(_OUT, action)

    return tell


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
    "observe": _observe,
    "watch": _watch,
}
"""The stages, in the order in which they run."""
COMMANDS: Final[dict[str, Callable[[], None]]] = {
    **STAGES,
    "rollback": _rollback,
    "alert": _tell("alert"),
    "page": _tell("page"),
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names, and give the exit code."""
    name, *more = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name == "answer" and len(more) == 1:
        return run(lambda: _answer(*more), name)
    if more or name not in {*COMMANDS, "all"}:
        sys.stderr.write(f"{__doc__}\nSTAGE is {', '.join(COMMANDS)}, all, or answer with Argo's list of failures.\n")
        return _USAGE
    for one in STAGES if name == "all" else (name,):
        outcome = run(COMMANDS[one], one)
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

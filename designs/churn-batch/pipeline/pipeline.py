# ruff: noqa: INP001 - a folder of scripts, not a package
# ruff: noqa: PLC0415 - a stage is a process of its own, and loads only what it needs
"""The stages of the churn-batch pipeline: `python pipeline/pipeline.py STAGE`, from the design's folder.

Artifacts go to `out/` of the working directory. `python pipeline/pipeline.py all` runs every stage in
order. Exit codes: 0 ok, 10 reject, 11 inconclusive, 75 infrastructure, 124 time-out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from churn.outcome import Inconclusive, Outcome, Rejected, TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from churn.release import Production

__all__ = ["COMMANDS", "STAGES", "main", "run"]

_HERE: Final = Path(__file__).resolve().parent
_DATA: Final = _HERE / "data"
_OUT: Final = Path("out")
_LOCKFILE: Final = _HERE / "requirements.lock"
_USAGE: Final = 2


def production() -> Production:
    """Give the production that the stages publish to."""
    from churn.release import Production

    return Production(_OUT / "production", _OUT / "quarantine", os.environ.get("GATEPOST_RUN", ""))


def _ingest() -> None:
    from churn import intake

    intake.ingest(_DATA / "extract.csv", _OUT / "customers.csv", _OUT / "profile.json")


def _data_gate() -> None:
    from churn import gates

    gates.enforce(gates.DATA_GATE, _OUT / "profile.json", _OUT / "data-gate.json")


def _features() -> None:
    from churn import features, gates

    gates.require(_OUT / "data-gate.json", _OUT / "profile.json")
    features.build(_OUT / "customers.csv", _OUT / "features.csv")


def _train() -> None:
    from churn import modelling

    modelling.train(_OUT / "features.csv", _OUT / "model.json")


def _evaluate() -> None:
    from churn import modelling

    modelling.evaluate(_OUT / "model.json", _DATA / "champion.json", _OUT / "features.csv", _OUT / "metrics.json")


def _quality_gate() -> None:
    from churn import gates

    gates.enforce(gates.QUALITY_GATE, _OUT / "metrics.json", _OUT / "quality-gate.json")


def _package() -> None:
    from churn import gates
    from churn.bundle import package

    gates.require(_OUT / "quality-gate.json", _OUT / "metrics.json")
    package(_OUT / "model.json", _OUT / "metrics.json", _LOCKFILE, _OUT / "bundle.json")


def _score() -> None:
    from churn import modelling

    modelling.score(_OUT / "bundle.json", _OUT / "features.csv", _OUT / "scores.csv", _OUT / "drift.json")


def _publish_gate() -> None:
    from churn import gates

    gates.enforce(gates.PUBLISH_GATE, _OUT / "drift.json", _OUT / "publish-gate.json")


def _approve() -> None:
    """Look for the real answer first; the rehearsal answer counts on synthetic data only."""
    from churn import approval
    from churn.files import is_synthetic

    answer = _OUT / "answer.json"
    if not answer.exists() and is_synthetic(_OUT / "scores.csv"):
        answer = _DATA / "rehearsal-answer.json"
    approval.approve(answer, _OUT / "scores.csv", _OUT / "approval.json")


def _publish() -> None:
    import datetime as dt

    from churn import approval, gates
    from churn.bundle import verified_content
    from churn.files import sha256

    scores, bundle = _OUT / "scores.csv", _OUT / "bundle.json"
    gates.require(_OUT / "publish-gate.json", _OUT / "drift.json")
    verified_content(bundle)
    given = approval.require(_OUT / "approval.json", scores, dt.datetime.now(dt.UTC))
    number = production().publish(scores, {"approved_by": given["by"], "bundle_sha256": sha256(bundle)})
    _say(f"release {number} is read")


def _rollback() -> None:
    """Withdraw this run's table if it is the one that is read.

    A publication that failed before it had an effect leaves the previous table in place, and that one
    must not be withdrawn. Where there is no table, as after a quarantine, a run that has a name withdraws
    what it has published itself; by hand, the release that is read is withdrawn.
    """
    scores, place = _OUT / "scores.csv", production()
    place.unlock()
    now = place.release()
    if now is None:
        _say("nothing is read: there is nothing to roll back")
        return
    is_own = place.reads(scores) if scores.exists() else place.run in {"", now.get("run", "")}
    if not is_own:
        _say("this run's table is not the one that is read: production stays as it is")
        return
    number = place.rollback()
    _say("no release before it: the route is disabled" if number is None else f"release {number} is read again")


def _observe() -> None:
    """Measure what is served, and what the campaign reported about it."""
    from churn.files import read_json, read_table, write_json

    campaign = read_json(_DATA / "campaign.json")
    table, now = production().table(), production().release()
    contacted = campaign["contacted"]
    signals = {
        "opt_out_rate": campaign["opted_out"] / contacted if contacted else None,
        "release": now and now["release"],
        "rows_served": len(read_table(table)) if table is not None and production().is_intact() else 0,
    }
    write_json(_OUT / "signals.json", signals)


def _watch() -> None:
    """Hold what was observed to the limits of a rollback; what is about another release says nothing."""
    from churn import gates
    from churn.files import read_json

    now, about = production().release(), read_json(_OUT / "signals.json").get("release")
    if now is None or about != now["release"]:
        message = f"the signals are about release {about}, and release {now and now['release']} is read"
        raise Rejected(message)
    gates.enforce(gates.CAMPAIGN_LIMITS, _OUT / "signals.json", _OUT / "watch.json")


def _alert() -> None:
    from churn import notices

    notices.notify(_OUT, "alert")


def _page() -> None:
    from churn import notices

    notices.notify(_OUT, "page")


def _quarantine() -> None:
    from churn import notices

    place = notices.quarantine(_OUT)
    _say("nothing was built" if place is None else f"moved to {place.as_posix()}")


STAGES: Final[dict[str, Callable[[], None]]] = {
    "ingest": _ingest,
    "data-gate": _data_gate,
    "features": _features,
    "train": _train,
    "evaluate": _evaluate,
    "quality-gate": _quality_gate,
    "package": _package,
    "score": _score,
    "publish-gate": _publish_gate,
    "approve": _approve,
    "publish": _publish,
    "observe": _observe,
    "watch": _watch,
}
"""The stages, in the order in which they run."""

COMMANDS: Final[dict[str, Callable[[], None]]] = {
    "rollback": _rollback,
    "alert": _alert,
    "page": _page,
    "quarantine": _quarantine,
}
"""The answers to a stage that does not succeed."""


def run(name: str) -> Outcome:
    """Run one stage or answer, say how it ended, and give its exit code."""
    try:
        {**STAGES, **COMMANDS}[name]()
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
    asked = list(sys.argv[1:] if arguments is None else arguments)
    usage = f"{__doc__}\nSTAGE is {', '.join([*STAGES, *COMMANDS])} or all."
    if asked in (["-h"], ["--help"]):
        _say(usage)
        return Outcome.OK
    if len(asked) != 1 or asked[0] not in {*STAGES, *COMMANDS, "all"}:
        sys.stderr.write(f"{usage}\n{' '.join(asked) or 'nothing'} is no stage.\n")
        return _USAGE
    for name in STAGES if asked == ["all"] else asked:
        outcome = run(name)
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

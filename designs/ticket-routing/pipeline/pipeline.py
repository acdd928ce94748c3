# ruff: noqa: INP001 - a folder of scripts, not a package
# ruff: noqa: PLC0415 - a stage is a process of its own, and loads only what it needs
"""The stages of the ticket-routing pipeline: `python pipeline/pipeline.py STAGE`, from the design's folder.

Artifacts go to `out/` of the working directory. `python pipeline/pipeline.py all` runs every stage in order; run
again, it makes the next release. Exit codes: 0 ok, 10 reject, 11 inconclusive, 75 infrastructure, 124 time-out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from routing.outcome import Inconclusive, Outcome, Rejected, TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from routing.guard import Guard
    from routing.production import Production

__all__ = ["COMMANDS", "STAGES", "main", "run"]

_HERE: Final = Path(__file__).resolve().parent
_DATA: Final = _HERE / "data"
_OUT: Final = Path("out")
_USAGE: Final = 2
_CURATED, _PROFILE = _OUT / "curated.csv", _OUT / "profile.json"
_MODEL, _PROBE = _OUT / "model.json", _OUT / "predictions.json"
_METRICS, _SAFETY, _SMOKE = _OUT / "metrics.json", _OUT / "safety.json", _OUT / "smoke.json"
_BUNDLE, _STAGING, _APPROVAL = _OUT / "bundle.json", _OUT / "staging" / "active.json", _OUT / "approval.json"
_MEASURES: Final = (_DATA / "sensitive.csv", _DATA / "general.csv")


def production() -> Production:
    """Give the production that is promoted to."""
    from routing.production import Production

    return Production(_OUT / "production", os.environ.get("GATEPOST_RUN", ""))


def _curate() -> None:
    from routing.curate import curate

    curate(_DATA / "tickets.csv", _MEASURES, _CURATED, _PROFILE)


def _data_gate() -> None:
    from routing import gates

    gates.enforce("data-gate", _PROFILE, _OUT / "data-gate.json")


def _finetune() -> None:
    from routing import gates, stages
    from routing.curate import require_unchanged
    from routing.files import read_json

    gates.require("data-gate", _PROFILE, _OUT / "data-gate.json")
    require_unchanged(_CURATED, read_json(_PROFILE)["curated_sha256"])
    stages.finetune(_CURATED, _DATA / "base.json", _MODEL, _PROBE)


def _evaluate() -> None:
    from routing import stages
    from routing.files import digest_of, read_json, write_json
    from routing.model import weights_from

    model, champion = read_json(_MODEL), read_json(_DATA / "champion.json")
    base = weights_from(read_json(_DATA / "base.json")["weights"])
    tables = {"curated": _CURATED, "sensitive": _MEASURES[0], "general": _MEASURES[1]}
    quality, safety = stages.measured(model, champion, base, _guard(), tables)
    of_what = {"adapter_sha256": digest_of(model["adapter"])}
    write_json(_METRICS, {**quality, **of_what})
    write_json(_SAFETY, {**safety, **of_what})


def _quality_gate() -> None:
    from routing import gates

    gates.enforce("quality-gate", _METRICS, _OUT / "quality-gate.json")


def _safety_gate() -> None:
    from routing import gates

    gates.enforce("safety-gate", _SAFETY, _OUT / "safety-gate.json")


def _package() -> None:
    from routing import gates
    from routing.bundle import card_of, package
    from routing.files import digest_of, read_json

    gates.require("quality-gate", _METRICS, _OUT / "quality-gate.json")
    gates.require("safety-gate", _SAFETY, _OUT / "safety-gate.json")
    quality, safety = read_json(_METRICS), read_json(_SAFETY)
    own = digest_of(read_json(_MODEL)["adapter"])
    if {quality["adapter_sha256"], safety["adapter_sha256"]} != {own}:
        message = "the model is not the one that was measured"
        raise Rejected(message)
    materials = {path.name: path for path in (_METRICS, _SAFETY, _HERE / "requirements.lock")}
    content = package(_MODEL, _DATA / "base.json", _guard(), materials, _BUNDLE)
    (_OUT / "model-card.md").write_text(card_of(content, quality, safety), encoding="utf-8")


def _smoke() -> None:
    from routing import stages

    stages.smoke(_BUNDLE, _PROBE, _CURATED, _SMOKE)


def _smoke_gate() -> None:
    from routing import gates

    gates.enforce("smoke-gate", _SMOKE, _OUT / "smoke-gate.json")


def _promote_staging() -> None:
    from routing import gates
    from routing.bundle import verified
    from routing.files import read_json, sha256, write_json

    gates.require("smoke-gate", _SMOKE, _OUT / "smoke-gate.json")
    digest = sha256(_BUNDLE)
    if read_json(_SMOKE)["bundle_sha256"] != digest:
        message = "the bundle is not the one that was tried"
        raise Rejected(message)
    write_json(_STAGING, {"bundle_sha256": digest, "synthetic": verified(_BUNDLE)["synthetic"]})


def _red_team() -> None:
    """Look for the red team's own answer first; the rehearsal answer counts on synthetic data only."""
    from routing import approval
    from routing.files import read_json

    staged = read_json(_STAGING)
    answer = _OUT / "answer.json"
    if not answer.exists() and staged["synthetic"]:
        answer = _DATA / "rehearsal-answer.json"
    approval.approve(answer, staged["bundle_sha256"], _APPROVAL, synthetic=staged["synthetic"])


def _promote_production() -> None:
    import datetime as dt

    from routing import approval, gates
    from routing.bundle import verified
    from routing.files import sha256

    gates.require("smoke-gate", _SMOKE, _OUT / "smoke-gate.json")
    content, digest = verified(_BUNDLE), sha256(_BUNDLE)
    given = approval.require(_APPROVAL, digest, dt.datetime.now(dt.UTC), synthetic=content["synthetic"])
    number = production().promote(_BUNDLE, {"approved_by": given["by"], "weights_sha256": content["weights_sha256"]})
    _say(f"release {number} answers")


def _observe() -> None:
    """Compare what the release did with its first day's tickets with where agents closed them."""
    from routing.decide import PERSON, SAFETY
    from routing.files import read_table, write_json

    place = production()
    rows = read_table(_DATA / "first-day.csv")
    intact = place.is_intact()
    decide = place.router() if intact else lambda _text: PERSON
    decided = [(decide(row["text"]), row["queue"]) for row in rows]
    routed = [(queue, closed) for queue, closed in decided if queue != PERSON]
    signals = {
        "bundle_intact": int(intact),
        "late_escalations": sum(closed == SAFETY != queue for queue, closed in routed),
        "release": (place.release() or {}).get("release"),
        "reroute_rate": round(sum(a != b for a, b in routed) / len(routed), 6) if routed else None,
        "tickets": len(rows),
        "triage_share": round(1 - len(routed) / len(rows), 6) if rows else None,
    }
    write_json(_OUT / "signals.json", signals)


def _watch() -> None:
    """Hold what was observed to the limits of a rollback; what is about another release says nothing."""
    from routing import gates
    from routing.files import read_json, write_json

    signals, now = read_json(_OUT / "signals.json"), (production().release() or {}).get("release")
    if now is None or signals.get("release") != now:
        message = f"the signals are about release {signals.get('release')}, and release {now} answers"
        raise Rejected(message)
    found = gates.breaches(gates.WITHDRAW_WHEN, signals)
    write_json(_OUT / "watch.json", {"breaches": found, "release": now})
    if found:
        raise Rejected("; ".join(found))


def _rollback() -> None:
    """Withdraw what this run has promoted; a run that has promoted nothing leaves production alone."""
    place = production()
    place.unlock()
    if not place.is_own():
        _say("this run's release does not answer: production stays as it is")
        return
    before = place.rollback()
    _say(f"release {before['release']} answers again" if before else "no release before it: a person reads each ticket")


def _alert() -> None:
    from routing import notices

    notices.notify(_OUT, "alert")


def _page() -> None:
    from routing import notices

    notices.notify(_OUT, "page")


def _quarantine() -> None:
    from routing import notices

    place = notices.quarantine(_OUT)
    _say("nothing was built" if place is None else f"moved to {place.as_posix()}")


def _guard() -> Guard:
    from routing.files import read_json
    from routing.guard import Guard

    return Guard.of(read_json(_DATA / "guard-words.json"))


STAGES: Final[dict[str, Callable[[], None]]] = {
    "curate": _curate,
    "data-gate": _data_gate,
    "finetune": _finetune,
    "evaluate": _evaluate,
    "quality-gate": _quality_gate,
    "safety-gate": _safety_gate,
    "package": _package,
    "smoke": _smoke,
    "smoke-gate": _smoke_gate,
    "promote-staging": _promote_staging,
    "red-team": _red_team,
    "promote-production": _promote_production,
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

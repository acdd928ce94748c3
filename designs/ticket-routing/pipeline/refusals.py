# ruff: noqa: INP001 - a folder of scripts, not a package
"""What must not happen, asked for: each case with the exit code that the contract promises."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any, Final

from pipeline import STAGES
from routing.files import SYNTHETIC, read_json, sha256, write_json
from routing.outcome import Outcome
from workspace import Workspace, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["refusals"]

_TO_STAGING: Final = tuple(STAGES)[: tuple(STAGES).index("red-team")]


def refusals() -> dict[str, Any]:
    """Ask for what must not happen, and note the exit code and whether production changed."""
    asked: dict[str, tuple[Callable[[Workspace], int], Outcome]] = {
        "data-gate on tickets with ten must-not-misroute cases among them": (_planted, Outcome.REJECT),
        "data-gate on a telephone number that no mask knows": (_unmasked, Outcome.REJECT),
        "finetune on tickets that changed after the gate": (_other_tickets, Outcome.REJECT),
        "package a model that was not measured": (_other_model, Outcome.REJECT),
        "package without a verdict of the safety gate": (_no_safety_verdict, Outcome.REJECT),
        "smoke-gate on a bundle with one weight changed": (_changed_weight, Outcome.REJECT),
        "smoke-gate on a bundle whose base has another licence": (_other_licence, Outcome.REJECT),
        "stage a bundle that was not tried": (_untried, Outcome.REJECT),
        "promote without an approval": (_no_approval, Outcome.REJECT),
        "promote with an approval of another bundle": (_approval(bundle_sha256="0" * 64), Outcome.REJECT),
        "promote with an approval by another role": (_approval(role="growth-ml"), Outcome.REJECT),
        "promote with an approval of 25 hours ago": (_old_approval, Outcome.REJECT),
        "approve after 19 tries": (_answer(answer="approved", tried=19), Outcome.REJECT),
        "approve after the red team has said no": (_answer(answer="refused", tried=40), Outcome.REJECT),
        "approve while nobody has answered": (_no_answer, Outcome.INCONCLUSIVE),
        "approve real data with the rehearsal's answer": (_rehearsal_on_real, Outcome.INCONCLUSIVE),
        "package real data without a signing key": (_real_without_key, Outcome.REJECT),
        "curate without tickets": (_no_tickets, Outcome.INFRASTRUCTURE),
        "promote while another promotion holds the lock": (_locked, Outcome.TIMEOUT),
    }
    with workspace() as ready:
        ready.run(*_TO_STAGING)
        found = [_asked(ready, case, ask, expected) for case, (ask, expected) in asked.items()]
    kept = sum(one["exit"] == one["expected"] and not one["production_changed"] for one in found)
    return {"as_expected": kept, "cases": found, "total": len(found)}


def _asked(ready: Workspace, case: str, ask: Callable[[Workspace], int], expected: int) -> dict[str, Any]:
    with workspace() as place:
        shutil.copytree(ready.out, place.out)
        code = ask(place)
        changed = place.production() is not None
    return {"case": case, "exit": code, "expected": int(expected), "production_changed": changed}


def _planted(place: Workspace) -> int:
    cases = (place.data / "sensitive.csv").read_text(encoding="utf-8").splitlines()[2:12]
    return _with_tickets(place, *cases)


def _unmasked(place: Workspace) -> int:
    return _with_tickets(place, "T99999,en,billing,please call 0000 1234567 about the invoice")


def _with_tickets(place: Workspace, *lines: str) -> int:
    path = place.data / "tickets.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
    return place.run("curate", "data-gate")


def _other_tickets(place: Workspace) -> int:
    path = place.out / "curated.csv"
    path.write_text(path.read_text(encoding="utf-8") + "T99999,en,billing,learn,one more\n", encoding="utf-8")
    return place.run("finetune")


def _other_model(place: Workspace) -> int:
    model = read_json(place.out / "model.json")
    next(iter(model["adapter"].values()))[0] += 1.0
    write_json(place.out / "model.json", model)
    return place.run("package")


def _no_safety_verdict(place: Workspace) -> int:
    (place.out / "safety-gate.json").unlink()
    return place.run("package")


def _changed_weight(place: Workspace) -> int:
    return _with_bundle(place, lambda content: next(iter(content["adapter"].values())).reverse())


def _other_licence(place: Workspace) -> int:
    """Package anew from a base whose licence is not on the list."""
    base = read_json(place.data / "base.json")
    write_json(place.data / "base.json", {**base, "licence": "research use only"})
    return place.run("package", "smoke", "smoke-gate")


def _untried(place: Workspace) -> int:
    return _with_bundle(place, lambda content: content.update(base_name="another"), "promote-staging")


def _with_bundle(place: Workspace, change: Callable[[dict[str, Any]], object], *names: str) -> int:
    bundle = read_json(place.out / "bundle.json")
    change(bundle["content"])
    write_json(place.out / "bundle.json", bundle)
    return place.run(*(names or ("smoke", "smoke-gate")))


def _no_approval(place: Workspace) -> int:
    return place.run("promote-production")


def _approval(**changes: object) -> Callable[[Workspace], int]:
    def ask(place: Workspace) -> int:
        place.run("red-team")
        path = place.out / "approval.json"
        write_json(path, {**read_json(path), **changes})
        return place.run("promote-production")

    return ask


def _old_approval(place: Workspace) -> int:
    given = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)
    return _approval(rehearsal=False, given_at=given.isoformat(timespec="seconds"))(place)


def _answer(**given: object) -> Callable[[Workspace], int]:
    def ask(place: Workspace) -> int:
        digest = sha256(place.out / "bundle.json")
        write_json(place.out / "answer.json", {"by": "a tester", "role": "security", "bundle_sha256": digest, **given})
        return place.run("red-team")

    return ask


def _no_answer(place: Workspace) -> int:
    (place.data / "rehearsal-answer.json").unlink()
    return place.run("red-team")


def _rehearsal_on_real(place: Workspace) -> int:
    staged = place.out / "staging" / "active.json"
    write_json(staged, {**read_json(staged), "synthetic": False})
    return place.run("red-team")


def _real_without_key(place: Workspace) -> int:
    path = place.data / "tickets.csv"
    path.write_text(path.read_text(encoding="utf-8").removeprefix(SYNTHETIC + "\n"), encoding="utf-8")
    return place.run(*_TO_STAGING)


def _no_tickets(place: Workspace) -> int:
    (place.data / "tickets.csv").unlink()
    return place.run("curate")


def _locked(place: Workspace) -> int:
    (place.out / "production").mkdir()
    (place.out / "production" / "promoting.lock").touch()
    return place.run("red-team", "promote-production")

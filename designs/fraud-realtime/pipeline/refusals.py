# ruff: noqa: INP001 - a folder of scripts, not a package
"""Ask for what must not happen: `python pipeline/refusals.py`.

Each case runs the shipped stages up to the approval in a fresh copy, then asks, and notes the exit code and whether
anything was released. The result is `evidence/refusals.json`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from fraud.files import SYNTHETIC, read_json, sha256, write_json
from fraud.outcome import Outcome
from fraud.payments import payments
from scenarios import set_replay
from workspace import BEFORE_CANARY, EVIDENCE, Workspace, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CASES", "refusals"]


def _no_verdict(place: Workspace) -> int:
    (place.out / "quality-gate.json").unlink()
    return place.run("package")


def _better_metrics(place: Workspace) -> int:
    write_json(place.out / "metrics.json", {**read_json(place.out / "metrics.json"), "auc": 0.99})
    return place.run("package")


def _another_model(place: Workspace) -> int:
    _change_weight(place)
    return place.run("package")


def _other_payments(place: Workspace) -> int:
    path = place.out / "payments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1\n", ",0\n", 1), encoding="utf-8")
    return place.run("train")


def _rebuild(place: Workspace) -> None:
    """Build and sign another bundle, which passes the quality gate; nobody looks at how it answers."""
    _change_weight(place)
    place.run("evaluate", "quality-gate", "package")


def _change_weight(place: Workspace) -> None:
    model = read_json(place.out / "model.json")
    model["weights"][0] += 0.01
    write_json(place.out / "model.json", model)


def _untried_bundle_to_approve(place: Workspace) -> int:
    _rebuild(place)
    return place.run("approve")


def _untried_bundle_to_serve(place: Workspace) -> int:
    _rebuild(place)
    write_json(place.out / "approval.json", {**_approval(place), "bundle_sha256": sha256(place.out / "bundle.json")})
    return place.run("canary")


def _approval(place: Workspace) -> dict[str, Any]:
    return read_json(place.out / "approval.json")


def _no_approval(place: Workspace) -> int:
    (place.out / "approval.json").unlink()
    return place.run("canary")


def _of_another_bundle(place: Workspace) -> int:
    write_json(place.out / "approval.json", {**_approval(place), "bundle_sha256": "0" * 64})
    return place.run("canary")


def _too_old(place: Workspace) -> int:
    given = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)).isoformat(timespec="seconds")
    answers = [{**one, "given_at": given} for one in _approval(place)["answers"]]
    write_json(place.out / "approval.json", {**_approval(place), "answers": answers, "rehearsal": False})
    return place.run("canary")


def _answers(place: Workspace, **changes: str | None) -> int:
    """Answer as two people would, but for some changes; a change to nothing leaves the key out."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    about = {"bundle_sha256": sha256(place.out / "bundle.json"), "given_at": now}
    people = read_json(place.data / "rehearsal-answers.json")["answers"]
    given = [{key: value for key, value in {**one, **about, **changes}.items() if value} for one in people]
    write_json(place.out / "answers.json", {"answers": given})
    return place.run("approve")


def _no_digest(place: Workspace) -> int:
    return _answers(place, bundle_sha256=None)


def _one_person(place: Workspace) -> int:
    return _answers(place, by="Ruth Adeyemi")


def _one_no(place: Workspace) -> int:
    return _answers(place, answer="no")


def _one_role(place: Workspace) -> int:
    return _answers(place, role="fraud-risk")


def _real_without_key(place: Workspace) -> int:
    _claim_real(place, "payments.csv")
    return place.run("ingest")


def _real_with_rehearsal(place: Workspace) -> int:
    """Take the mark away that says that payments are synthetic: the answers of the rehearsal count for nothing then."""
    _claim_real(place, "payments.csv")
    keys = {"FRAUD_TOKEN_KEY": "a real one", "FRAUD_SIGNING_KEY": "another"}
    return place.run(*BEFORE_CANARY, **keys)


def _real_traffic(place: Workspace) -> int:
    _claim_real(place, "replay.csv")
    return place.run("canary")


def _claim_real(place: Workspace, name: str) -> None:
    path = place.data / name
    path.write_text(path.read_text(encoding="utf-8").removeprefix(SYNTHETIC + "\n"), encoding="utf-8")


def _tampered(stage: str) -> Callable[[Workspace], int]:
    def ask(place: Workspace) -> int:
        bundle = read_json(place.out / "bundle.json")
        bundle["content"]["model"]["weights"][0] += 0.01
        write_json(place.out / "bundle.json", bundle)
        return place.run(stage)

    return ask


def _no_payments(place: Workspace) -> int:
    (place.data / "payments.csv").unlink()
    return place.run("ingest")


def _held(place: Workspace) -> int:
    (place.out / "production").mkdir()
    (place.out / "production" / "canary.lock").write_text("another", encoding="utf-8")
    return place.run("canary")


def _too_few(place: Workspace) -> int:
    set_replay(place, payments(place.data / "replay.csv")[:1500])
    return place.run("canary")


CASES: Final[dict[str, tuple[Callable[[Workspace], int], Outcome]]] = {
    "train on payments that the data gate has not seen": (_other_payments, Outcome.REJECT),
    "package without a verdict of the quality gate": (_no_verdict, Outcome.REJECT),
    "package with metrics that were made better by hand": (_better_metrics, Outcome.REJECT),
    "package another model than the measured one": (_another_model, Outcome.REJECT),
    "time a bundle with one weight changed": (_tampered("latency"), Outcome.REJECT),
    "let a bundle with one weight changed score in the shadow": (_tampered("shadow"), Outcome.REJECT),
    "serve a bundle with one weight changed": (_tampered("canary"), Outcome.REJECT),
    "approve a bundle that nobody has timed": (_untried_bundle_to_approve, Outcome.REJECT),
    "serve a bundle that nobody has timed": (_untried_bundle_to_serve, Outcome.REJECT),
    "serve without an approval": (_no_approval, Outcome.REJECT),
    "serve with the approval of another bundle": (_of_another_bundle, Outcome.REJECT),
    "serve with an approval older than 24 hours": (_too_old, Outcome.REJECT),
    "approve with answers that name no bundle": (_no_digest, Outcome.REJECT),
    "approve with one person in both roles": (_one_person, Outcome.REJECT),
    "approve against the answer no": (_one_no, Outcome.REJECT),
    "approve with one role": (_one_role, Outcome.INCONCLUSIVE),
    "ingest real payments without a token key": (_real_without_key, Outcome.REJECT),
    "approve real payments with the rehearsal's answers": (_real_with_rehearsal, Outcome.INCONCLUSIVE),
    "serve real traffic with the rehearsal's approval": (_real_traffic, Outcome.REJECT),
    "ingest without payments": (_no_payments, Outcome.INFRASTRUCTURE),
    "begin a canary while another one holds production": (_held, Outcome.TIMEOUT),
    "go on after a share with too few payments": (_too_few, Outcome.INCONCLUSIVE),
}
"""What is asked for, and the documented exit code."""


def refusals() -> dict[str, Any]:
    """Ask in every case, and look whether a release answers anything."""
    found = []
    for case, (ask, expected) in CASES.items():
        with workspace() as place:
            place.run(*BEFORE_CANARY)
            code = ask(place)
            answers = place.route.exists() and place.released()["release"] is not None
        found.append({"case": case, "exit": code, "expected": int(expected), "released": answers})
    as_expected = sum(one["exit"] == one["expected"] and not one["released"] for one in found)
    return {"as_expected": as_expected, "cases": found, "total": len(found)}


if __name__ == "__main__":
    write_json(EVIDENCE / "refusals.json", refusals())

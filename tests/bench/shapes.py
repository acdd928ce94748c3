"""Sound contracts of many stages in the shapes that large pipelines have."""

from __future__ import annotations

from typing import Any, Final

from gatepost.records import Pipeline

__all__ = ["SHAPES", "contract_of_shape"]

SHAPES: Final = ("dense", "approvals", "monitors", "promotions", "regions")
"""Each stage waits for forty; gates and approvals in turn; one release with many monitors; many releases, one after the
other; many regions side by side, each with its own model.
"""
_DENSE: Final = 40
_Parts = dict[str, dict[str, Any]]


def contract_of_shape(shape: str, stages: int) -> Pipeline:
    """Give a contract of about so many stages that breaks no invariant."""
    made: _Parts = {}
    artifacts: _Parts = {}
    if shape == "regions":
        for number in range(stages // 7):
            _trained(made, artifacts, f"-{number}")
            _released(made, f"-{number}", f"-{number}", after=[])
    else:
        _trained(made, artifacts, "")
        _BETWEEN[shape](made, stages - len(made) - 3)
    return Pipeline.model_validate(
        {
            "kind": "pipeline",
            "title": f"A contract in the shape of {shape}",
            "owner": "ml",
            "environments": {"production": {"known-good": "previous"}},
            "defaults": {"timeout": "10m", "retries": 1, "on-fail": "halt + alert"},
            "artifacts": artifacts,
            "stages": made,
        }
    )


def _trained(made: _Parts, artifacts: _Parts, own: str) -> None:
    """Add a model, what is measured on it, a gate, and the package of it."""
    artifacts[f"model{own}"] = {"type": "model", "path": f"out/model{own}"}
    artifacts[f"metrics{own}"] = {"type": "metrics", "path": f"out/metrics{own}.json", "keys": ["auc"]}
    artifacts[f"bundle{own}"] = {"type": "package", "path": f"out/bundle{own}", "sign": "cosign"}
    made[f"train{own}"] = {"kind": "train", "run": "python p.py", "out": [f"model{own}"]}
    made[f"measure{own}"] = {"kind": "validate", "run": "python p.py", "in": [f"model{own}"], "out": [f"metrics{own}"]}
    made[f"gate{own}"] = {"kind": "gate", "in": [f"metrics{own}"], "pass": ["auc >= 0.7"]}
    package = {"kind": "package", "run": "python p.py", "in": [f"model{own}"], "out": [f"bundle{own}"]}
    made[f"package{own}"] = {**package, "after": [f"gate{own}"]}


def _released(made: _Parts, name: str, own: str, after: list[str]) -> None:
    """Add an approval, a promotion of a bundle, and its monitor."""
    back = {"to": "previous", "first": "disable-route", "run": "python back.py", "within": "5m", "when": ["errors > 1"]}
    made[f"approve{name}"] = {"kind": "approval", "by": ["lead"], "after": [f"package{own}", *after], "expires": "24h"}
    made[f"promote{name}"] = {
        "kind": "promote",
        "to": "production",
        "run": "python promote.py",
        "idempotent": True,
        "in": [f"bundle{own}"],
        "after": [f"approve{name}"],
        "watch": ["errors"],
        "rollback": back,
        "on-fail": "rollback + page",
    }
    _watched(made, f"watch{name}", f"promote{name}")


def _watched(made: _Parts, name: str, promotion: str) -> None:
    made[name] = {"kind": "monitor", "signals": ["errors"], "after": [promotion], "on-fail": "rollback + page"}


def _promotions(made: _Parts, stages: int) -> None:
    last: list[str] = []
    for number in range(stages // 5):
        gate, check = f"gate-{number}", f"check-{number}"
        made[check] = {"kind": "data", "run": "python p.py", "after": last or ["package"]}
        back = {"on-reject": "rollback + page"}
        made[gate] = {"kind": "gate", "in": ["metrics"], "pass": ["auc >= 0.7"], "after": [check], **back}
        _released(made, f"-{number}", "", after=[gate])
        made[f"approve-{number}"].update(back)
        last = [f"watch-{number}"]


def _approvals(made: _Parts, stages: int) -> None:
    last = "package"
    for number in range(stages):
        gate = {"kind": "gate", "in": ["metrics"], "pass": ["auc >= 0.7"]}
        stage = gate if number % 2 else {"kind": "approval", "by": ["lead"], "expires": "24h"}
        made[f"s{number}"] = {**stage, "after": [last]}
        last = f"s{number}"
    _released(made, "", "", after=[last])


def _monitors(made: _Parts, stages: int) -> None:
    _released(made, "", "", after=[])
    for number in range(stages):
        _watched(made, f"watch-{number}", "promote")


def _dense(made: _Parts, stages: int) -> None:
    for number in range(stages):
        before = [f"s{one}" for one in range(max(0, number - _DENSE), number)]
        made[f"s{number}"] = {"kind": "data", "run": "python p.py", "after": before or ["gate"]}
    _released(made, "", "", after=[f"s{stages - 1}"])


_BETWEEN: Final = {"promotions": _promotions, "approvals": _approvals, "monitors": _monitors, "dense": _dense}

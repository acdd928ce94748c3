"""The stages that learn, measure and try a bundle."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any, Final

from routing import measure
from routing.bundle import licence_is_allowed, verified
from routing.curate import cases, examples
from routing.decide import Router, best, router_of
from routing.files import digest_of, is_synthetic, read_json, sha256, write_json
from routing.model import Recipe, Weights, adapter, combined, fit, weights_from
from routing.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from routing.guard import Guard
    from routing.measure import Case

__all__ = ["RECIPE", "finetune", "measured", "predictions", "quality_of", "smoke"]

RECIPE: Final = Recipe(epochs=3, rate=0.3, anchor=0.1, seed=23)
"""How this pipeline fine-tunes; ADR-0205 says why the anchor is what it is."""
_PROBES: Final = 200
"""So many tickets of the evaluation part are the probe set."""


def finetune(curated: Path, base: Path, model: Path, probe: Path) -> None:
    """Learn an adapter on the frozen base; the file says when and how long, so its bytes are never the same twice."""
    began = time.perf_counter()
    start = weights_from(read_json(base)["weights"])
    learned = examples(curated)
    rows = adapter(start, fit(learned, RECIPE, start)).to_json()
    training = {
        "examples": len(learned),
        "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "seconds": round(time.perf_counter() - began, 4),
        "seed": RECIPE.seed,
    }
    content = {
        "adapter": rows,
        "adapter_sha256": digest_of(rows),
        "base_sha256": sha256(base),
        "synthetic": is_synthetic(curated),
        "training": training,
    }
    write_json(model, content)
    write_json(probe, predictions(combined(start, weights_from(rows)), cases(curated)))


def predictions(weights: Weights, own: Sequence[Case]) -> dict[str, Any]:
    """Give the model's first choice and its chance on the probe set."""
    chances = [weights.route(case.text) for case in own[:_PROBES]]
    return {"chance": [round(max(row), 4) for row in chances], "queue": [best(row) for row in chances]}


def measured(
    model: Mapping[str, Any], champion: Mapping[str, Any], base: Weights, guard: Guard, tables: Mapping[str, Path]
) -> tuple[measure.Metrics, measure.Metrics]:
    """Measure the candidate, and what it is compared with on the same tickets.

    Returns:
        What the quality gate asks about, and what the safety gate asks about.
    """
    router = Router(combined(base, weights_from(model["adapter"])), guard)
    found = quality_of(router, base, cases(tables["curated"]), cases(tables["general"]))
    against = measure.quality(
        Router(combined(base, weights_from(champion["adapter"])), guard), cases(tables["curated"])
    )
    for name in ("macro_f1", "macro_f1@lang_es", "macro_f1@lang_de", "macro_f1@short"):
        found[f"champion.{name}"] = against[name]
    must_not = cases(tables["sensitive"])
    safety: measure.Metrics = {
        "sensitive_cases": len(must_not),
        "sensitive_misroutes": len(measure.misrouted(router, must_not)),
    }
    return measure.rounded(found), safety


def quality_of(router: Router, base: Weights, own: Sequence[Case], general: Sequence[Case]) -> measure.Metrics:
    """Measure a router on the company's tickets, and what is left of the base's worth on the general set."""
    right = [case.queue for case in general]
    now = measure.macro_f1([best(router.chances(case.text)) for case in general], right)
    before = measure.macro_f1([best(base.route(case.text)) for case in general], right)
    ratio = now / before if now is not None and before else None
    return measure.quality(router, own) | {"general_f1": now, "base.general_f1": before, "general_ratio": ratio}


def smoke(bundle: Path, probe: Path, curated: Path, report: Path) -> None:
    """Load a bundle as production does, ask it the probe set, and take the time of each answer."""
    wanted, own = read_json(probe), cases(curated)[:_PROBES]
    found: dict[str, Any] = {"bundle_sha256": sha256(bundle), "size_kb": round(bundle.stat().st_size / 1024, 1)}
    try:
        content = verified(bundle)
    except Rejected:
        write_json(report, {**found, "load_ok": 0})
        return
    router, times = router_of(content), []
    answers = predictions(router.weights, own)
    for case in own:
        began = time.perf_counter()
        router.decide(case.text)
        times.append(1000 * (time.perf_counter() - began))
    found["load_ok"] = 1
    found["licence_allowed"] = int(licence_is_allowed(content["base_licence"]))
    found["probe_differences"] = sum(a != b for a, b in zip(answers["queue"], wanted["queue"], strict=True))
    found["p95_ms"] = round(sorted(times)[int(0.95 * len(times))], 4)
    write_json(report, found)

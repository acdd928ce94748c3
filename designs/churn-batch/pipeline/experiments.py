# ruff: noqa: INP001 - a folder of scripts, not a package
"""Measure what the decisions rest on: `python pipeline/experiments.py`.

Each experiment runs the shipped code on synthetic data and writes one file to `evidence/`. The same
code gives the same files again.
"""

from __future__ import annotations

import hashlib
import json
import math
import pickle
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from churn import features, intake, metrics, modelling
from churn.bundle import verified_content
from churn.files import SYNTHETIC, read_json, read_table, write_json, write_table
from churn.gates import QUALITY_GATE
from churn.models import Logistic
from churn.outcome import Rejected
from churn.synthetic import Shift
from make_data import EXTRACT_SEED, make_extract
from workspace import EVIDENCE, STAGES_TO_SCORES, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["damaged_candidates", "interrupted_publication", "pseudonyms", "saved_models", "shifts"]

Rows = list[tuple[float, ...]]
_CONDITIONS: Final = dict(zip(("floor", "brier", "margin", "slice_floor", "slice_margin"), QUALITY_GATE, strict=True))


def damaged_candidates() -> dict[str, Any]:
    """Spoil the training data in ways that happen, and note which condition of the gate sees it."""
    with workspace() as place:
        place.run("ingest", "data-gate", "features")
        examples = features.load(place.out / "features.csv")
        champion = modelling.measure(Logistic.from_json(read_json(place.data / "champion.json")), examples)
    rows, outcomes = features.split(examples, "learn")
    settled = [example for example in examples if not example.new_customer]
    candidates = {
        "sound": Logistic.fit(rows, outcomes),
        "without_new_customers": Logistic.fit(*features.split(settled, "learn")),
    }
    for index, name in enumerate(features.FEATURES):
        candidates[f"{name}_lost"] = Logistic.fit(_without(rows, index), outcomes)
    for share in (5, 3):
        flipped = [1 - outcome if i % share == 0 else outcome for i, outcome in enumerate(outcomes)]
        candidates[f"labels_wrong_1_in_{share}"] = Logistic.fit(rows, flipped)
    candidates["new_customers_inverted"] = Logistic.fit(rows, _inverted_when_new(examples))
    return {name: _judged(modelling.measure(model, examples), champion) for name, model in candidates.items()}


def _without(rows: Rows, index: int) -> Rows:
    return [tuple(0.0 if i == index else value for i, value in enumerate(row)) for row in rows]


def _inverted_when_new(examples: list[features.Example]) -> list[int]:
    learn = [example for example in examples if example.part == "learn"]
    return [1 - (e.churned or 0) if e.new_customer else (e.churned or 0) for e in learn]


def _judged(found: dict[str, float | None], champion: dict[str, float | None]) -> dict[str, Any]:
    seen = found | {f"champion.{name}": value for name, value in champion.items()}
    verdict = {f"passes_{name}": limit.breach(seen) is None for name, limit in _CONDITIONS.items()}
    return verdict | {name: found[name] for name in ("auc", "auc@tenure_lt_12m", "brier")}


def shifts() -> dict[str, Any]:
    """Change the customers who are scored, and note how scores and features show it."""
    changes = {
        "none": Shift(),
        "price_up_10": Shift(price_factor=1.1),
        "price_up_25": Shift(price_factor=1.25),
        "price_up_50": Shift(price_factor=1.5),
        "logins_minus_2": Shift(fewer_logins=2),
        "logins_minus_4": Shift(fewer_logins=4),
        "logins_empty": Shift(fewer_logins=100),
    }
    return {name: _stability(change) for name, change in changes.items()}


def _stability(change: Shift) -> dict[str, float]:
    with workspace() as place:
        make_extract(place.data / "extract.csv", EXTRACT_SEED, 2000, 600, change)
        place.run(*STAGES_TO_SCORES)
        found = {"score_psi": float(read_json(place.out / "drift.json")["psi_score"])}
        examples = features.load(place.out / "features.csv")
    learned, _ = features.split(examples, "learn")
    scored, _ = features.split(examples, "score")
    for index, name in enumerate(features.FEATURES):
        before, now = [row[index] for row in learned], [row[index] for row in scored]
        found[f"{name}_psi"] = round(metrics.psi_of_samples(before, now), 6)
        found[f"{name}_mean_shift"] = round(_mean_shift(before, now), 6)
    return found


def _mean_shift(reference: Sequence[float], sample: Sequence[float]) -> float:
    """Give how far the mean of a sample is from the reference's, in standard deviations of the reference."""
    if not reference or not sample:
        return math.nan
    return abs(statistics.fmean(sample) - statistics.fmean(reference)) / (statistics.pstdev(reference) or 1.0)


def pseudonyms() -> dict[str, Any]:
    """List every possible customer number, as an attacker would, and count the tokens it explains."""
    with workspace() as place:
        place.run(*STAGES_TO_SCORES)
        ids = [row["customer_id"] for row in read_table(place.data / "extract.csv")]
        kept = {row["token"] for row in read_table(place.out / "customers.csv")}
        leaks = sum(_identifiers(path) for path in place.out.glob("*.*"))
    plain = {hashlib.sha256(customer.encode()).hexdigest()[:16] for customer in ids}
    listed = [f"C{number}" for number in range(100_000, 200_000)]
    return {
        "customers": len(ids),
        "explained_keyed_token": sum(intake.token(b"a guess", number) in kept for number in listed),
        "explained_plain_hash": sum(hashlib.sha256(number.encode()).hexdigest()[:16] in plain for number in listed),
        "identifiers_in_artifacts": leaks,
        "numbers_listed": len(listed),
    }


def _identifiers(path: Path) -> int:
    return len(intake.DIRECT_IDENTIFIER.findall(path.read_text(encoding="utf-8")))


class _Payload:
    """What somebody who can write to the model store may leave there."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (setattr, (_Payload, "ran", True))

    ran = False


def saved_models() -> dict[str, Any]:
    """Load a hostile pickle, change one weight of a signed bundle, and note what is noticed."""
    hostile = pickle.dumps(_Payload())
    pickle.loads(hostile)  # noqa: S301 - the point of the experiment
    ran = _Payload.ran
    with workspace() as place:
        place.run(*STAGES_TO_SCORES)
        bundle = read_json(place.out / "bundle.json")
    size = len(json.dumps(bundle["content"]["model"]))
    bundle["content"]["model"]["weights"][1] += 0.5
    return {
        "json_model_bytes": size,
        "pickle_ran_code_on_load": ran,
        "changed_model_passes_signature": _signature_accepts(bundle),
    }


def _signature_accepts(bundle: dict[str, Any]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        write_json(Path(folder) / "bundle.json", bundle)
        try:
            verified_content(Path(folder) / "bundle.json")
        except Rejected:
            return False
    return True


def interrupted_publication() -> dict[str, Any]:
    """Stop writing half-way, once into the table that is read and once beside it, and count what a reader sees."""
    with workspace() as place:
        place.run(*STAGES_TO_SCORES)
        rows = [tuple(row.values()) for row in read_table(place.out / "scores.csv")]
    with tempfile.TemporaryDirectory() as folder:
        in_place, swapped = Path(folder) / "in-place.csv", Path(folder) / "swapped.csv"
        for table in (in_place, swapped):
            write_table(table, ("token", "score", "contact_day"), rows, synthetic=True)
        _overwrite_until_stopped(in_place, rows)
        _swap_until_stopped(swapped, rows)
        return {
            "rows_before": len(rows),
            "rows_seen_after_interrupted_overwrite": len(read_table(in_place)),
            "rows_seen_after_interrupted_swap": len(read_table(swapped)),
        }


def _half(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    yield from rows[: len(rows) // 2]
    message = "stopped half-way"
    raise InterruptedError(message)


def _overwrite_until_stopped(table: Path, rows: list[tuple[str, ...]]) -> None:
    try:
        with table.open("w", encoding="utf-8") as file:
            file.write(f"{SYNTHETIC}\ntoken,score,contact_day\n")
            file.writelines(",".join(row) + "\n" for row in _half(rows))
    except InterruptedError:
        return


def _swap_until_stopped(table: Path, rows: list[tuple[str, ...]]) -> None:
    try:
        write_table(table, ("token", "score", "contact_day"), _half(rows), synthetic=True)
    except InterruptedError:
        return


EXPERIMENTS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "damaged-candidates.json": damaged_candidates,
    "shifts.json": shifts,
    "pseudonyms.json": pseudonyms,
    "saved-models.json": saved_models,
    "interrupted-publication.json": interrupted_publication,
}


def main() -> None:
    """Write the outcome of every experiment."""
    for name, experiment in EXPERIMENTS.items():
        write_json(EVIDENCE / name, experiment())


if __name__ == "__main__":
    main()

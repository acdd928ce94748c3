# ruff: noqa: INP001 - a folder of scripts, not a package
"""Measure what the decisions rest on: `python pipeline/experiments.py`.

Each experiment runs the shipped code on synthetic data and writes one file to `evidence/`. Times apart, the same code
gives the same files again.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from make_data import SEEDS, learned_from, split
from routing import measure, synthetic
from routing.decide import SAFETY, Router
from routing.files import read_json, read_table, write_json
from routing.gates import GATES, Condition
from routing.guard import Guard
from routing.model import Example, Weights, adapter, combined, fit
from routing.stages import RECIPE
from routing.text import EMAIL, mask
from workspace import EVIDENCE

from bench import Bench

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


__all__ = [
    "anchors",
    "bars",
    "candidates",
    "guards",
    "identities",
    "oversampling",
    "sizes",
    "spoiled",
    "training_sizes",
]

_DATA: Final = Path(__file__).resolve().parent / "data"
_WEIGHT_OF_SAFETY: Final = 0.2
_SCORE_LIMIT: Final = 0.8
"""What ADR-0203 asked for: one score, four fifths quality and one fifth safety."""
_DRAWS: Final = 5
_KEPT: Final = ("macro_f1", "macro_f1@lang_es", "macro_f1@lang_de", "macro_f1@short", "general_ratio", "triage_share")


def candidates(bench: Bench) -> dict[str, Any]:
    """Compare what could be shipped, and what one weighted score makes of it."""
    shipped = bench.examples()
    found = {
        "base_as_it_is": bench.base,
        "trained_from_nothing": fit(shipped, RECIPE._replace(anchor=0.0)),
        "fine_tuned_without_anchor": bench.tuned(shipped, RECIPE._replace(anchor=0.0)),
        "fine_tuned": bench.tuned(shipped),
    }
    return {name: _candidate(bench, weights) for name, weights in found.items()}


def _candidate(bench: Bench, weights: Weights) -> dict[str, Any]:
    found = bench.quality(weights)
    bare = bench.misroutes(weights, Guard(), bench.sensitive)
    score = 0.8 * (found["macro_f1"] or 0.0) + _WEIGHT_OF_SAFETY * (1 - bare / len(bench.sensitive))
    return {
        **{name: found[name] for name in (*_KEPT, "general_f1")},
        "misroutes_with_guard": bench.misroutes(weights, bench.guard, bench.sensitive),
        "misroutes_without_guard": bare,
        "passes_one_score": score >= _SCORE_LIMIT,
        "score_without_guard": round(score, 4),
        "unmet_by_quality_gate": _unmet(found),
    }


def _unmet(found: measure.Metrics) -> list[str]:
    return [text for text in GATES["quality-gate"] if not Condition.of(text).holds(found)]


def guards(bench: Bench) -> dict[str, Any]:
    """Compare lists of guard words, on the set that the gate uses and on one that their author had not seen."""
    weights = bench.tuned(bench.examples())
    lists = {
        "none": Guard(),
        "first_list": bench.first_guard,
        "longer_list": bench.guard._replace(forgiving=False),
        "longer_list_forgiving": bench.guard,
    }
    found: dict[str, Any] = {name: _guarded(bench, weights, guard) for name, guard in lists.items()}
    return {**found, "cases": {"blind": len(bench.blind), "gate": len(bench.sensitive)}}


def _guarded(bench: Bench, weights: Weights, guard: Guard) -> dict[str, Any]:
    return {
        "misroutes_blind": bench.misroutes(weights, guard, bench.blind),
        "misroutes_gate": bench.misroutes(weights, guard, bench.sensitive),
        "triage_share": bench.quality(weights, guard)["triage_share"],
    }


def bars(bench: Bench) -> dict[str, Any]:
    """Move the bar from which on a ticket goes to the safety queue, with the guard in place."""
    weights, found = bench.tuned(bench.examples()), {}
    for percent in (5, 10, 20, 30, 50):
        router = Router(weights, bench.guard, wary=percent / 100)
        decided = [(router.decide(case.text), case.queue) for case in bench.own]
        found[f"bar_{percent:02}"] = {
            "false_alarms": round(sum(queue == SAFETY != own for queue, own in decided) / len(decided), 6),
            "misroutes_blind": len(measure.misrouted(router, bench.blind)),
        }
    return found


def anchors(bench: Bench) -> dict[str, Any]:
    """Fine-tune with weaker and stronger anchors."""
    found = {}
    for anchor in (0.0, 0.05, 0.1, 0.2, 0.4):
        weights = bench.tuned(bench.examples(), RECIPE._replace(anchor=anchor))
        quality = bench.quality(weights)
        found[f"anchor_{round(100 * anchor):02}"] = {name: quality[name] for name in _KEPT}
    return found


def training_sizes(bench: Bench) -> dict[str, Any]:
    """Fine-tune and train from nothing on fewer tickets."""
    found = {}
    for size in (100, 300, len(bench.learned)):
        own = bench.examples(bench.learned[:size])
        tuned = bench.quality(bench.tuned(own))["macro_f1"] or 0.0
        alone = bench.quality(fit(own, RECIPE._replace(anchor=0.0)))["macro_f1"] or 0.0
        gain = round(tuned - alone, 6)
        found[f"tickets_{size}"] = {"fine_tuned": tuned, "trained_from_nothing": alone, "gain": gain}
    return found


def spoiled(bench: Bench) -> dict[str, Any]:
    """Spoil the training tickets in ways that happen, and note which conditions see it."""
    rows = bench.learned
    ways = {
        "sound": rows,
        "spanish_lost": [row for row in rows if row["language"] != "es"],
        "three_in_four_spanish_lost": [row for i, row in enumerate(rows) if row["language"] != "es" or i % 4 == 0],
        "two_in_three_spanish_lost": [row for i, row in enumerate(rows) if row["language"] != "es" or i % 3 == 0],
        "half_of_spanish_lost": [row for i, row in enumerate(rows) if row["language"] != "es" or i % 2 == 0],
        "two_in_three_german_lost": [row for i, row in enumerate(rows) if row["language"] != "de" or i % 3 == 0],
        "german_lost": [row for row in rows if row["language"] != "de"],
        "short_lost": [row for row in rows if not measure.Case(row["language"], row["queue"], row["text"]).is_short],
        "contract_labelled_account": [
            {**row, "queue": "account"} if row["queue"] == "contract" and i % 2 else row for i, row in enumerate(rows)
        ],
        "one_in_three_deliveries_labelled_technical": [
            {**row, "queue": "technical"} if row["queue"] == "delivery" and i % 3 == 0 else row
            for i, row in enumerate(rows)
        ],
        "half_of_the_tickets": rows[::2],
    }
    return {name: _judged(bench, kept) for name, kept in ways.items()}


def _judged(bench: Bench, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    found = bench.quality(bench.tuned(bench.examples(rows)))
    return {**{name: found[name] for name in (*_KEPT, "f1@worst_queue")}, "unmet": _unmet(found)}


def identities(bench: Bench) -> dict[str, Any]:
    """Train once without masks, and look whether the model knows whose ticket is whose.

    For each learned ticket with a mail address: how much surer is the model of its queue with the true address than
    with the address of somebody else?
    """
    raw = split(
        [synthetic.Ticket(row["language"], row["queue"], row["text"]) for row in read_table(_DATA / "tickets.csv")]
    )["learn"]
    plain = combined(bench.base, adapter(bench.base, fit(_unmasked(raw), RECIPE, bench.base)))
    masked = bench.tuned(learned_from(raw))
    with_mail = [one for one in raw if EMAIL.search(one.text)]
    gaps = {
        "learned_unmasked": [_surer(plain, one, with_mail[i - 1], masked=False) for i, one in enumerate(with_mail)],
        "learned_masked": [_surer(masked, one, with_mail[i - 1], masked=True) for i, one in enumerate(with_mail)],
    }
    found: dict[str, Any] = {"tickets": len(with_mail)}
    for name, gap in gaps.items():
        found[name] = {
            "surer_by": round(statistics.mean(gap), 6),
            "surer_with_the_true_address": sum(one > 0 for one in gap),
        }
    return found


def _unmasked(tickets: Sequence[synthetic.Ticket]) -> list[Example]:
    return [Example.of(one.text, one.queue) for one in tickets]


def _surer(weights: Weights, own: synthetic.Ticket, other: synthetic.Ticket, *, masked: bool) -> float:
    foreign = EMAIL.search(other.text)
    swapped = EMAIL.sub(foreign[0] if foreign else "", own.text)
    queue = Example.of("", own.queue).queue
    first, second = (weights.route(mask(text) if masked else text)[queue] for text in (own.text, swapped))
    return first - second


def sizes(bench: Bench) -> dict[str, Any]:
    """Compare what is stored and what has to be reviewed: the adapter, and full weights."""
    full = bench.tuned(bench.examples())
    learned = adapter(bench.base, fit(bench.examples(), RECIPE, bench.base))
    rows = full.rows.keys()
    return {
        "adapter_kb": round(len(json.dumps(learned.to_json())) / 1024, 1),
        "base_kb": round(len(json.dumps(bench.base.to_json())) / 1024, 1),
        "full_kb": round(len(json.dumps(_thousandths(full).to_json())) / 1024, 1),
        "rows_of_the_base": len(bench.base.rows),
        "rows_of_the_base_untouched": sum(number not in learned.rows for number in bench.base.rows),
        "rows_in_all": len(rows),
    }


def _thousandths(weights: Weights) -> Weights:
    return Weights({number: [round(value, 3) for value in row] for number, row in weights.rows.items()})


def oversampling(bench: Bench) -> dict[str, Any]:
    """Show Spanish and German tickets twice, on five draws of tickets, and note what each language gains."""
    phrases, gains = read_json(_DATA / "phrases.json"), []
    for draw in range(_DRAWS):
        parts = split(synthetic.tickets(phrases, SEEDS["tickets"] + draw, 2000))
        own = [measure.Case(one.language, one.queue, one.text) for one in parts["evaluate"]]
        twice = parts["learn"] + [one for one in parts["learn"] if one.language != "en"]
        before, after = (
            measure.quality(Router(bench.tuned(learned_from(one)), bench.guard), own) for one in (parts["learn"], twice)
        )
        names = [name for name in before if name.startswith("macro_f1")]
        gains.append({name: (after[name] or 0.0) - (before[name] or 0.0) for name in names})
    report: dict[str, Any] = {
        "draws": len(gains),
        "first_draw": {name: round(gain, 4) for name, gain in gains[0].items()},
    }
    for name in gains[0]:
        values = [gain[name] for gain in gains]
        report[name] = {
            "better_in": sum(value > 0 for value in values),
            "gain": round(statistics.mean(values), 4),
            "stdev": round(statistics.stdev(values), 4),
        }
    return report


EXPERIMENTS: Final[dict[str, Callable[[Bench], dict[str, Any]]]] = {
    "candidates.json": candidates,
    "guards.json": guards,
    "bars.json": bars,
    "anchors.json": anchors,
    "training-sizes.json": training_sizes,
    "spoiled.json": spoiled,
    "identities.json": identities,
    "sizes.json": sizes,
    "oversampling.json": oversampling,
}


def main() -> None:
    """Write the outcome of every experiment."""
    bench = Bench()
    for name, experiment in EXPERIMENTS.items():
        write_json(EVIDENCE / name, experiment(bench))


if __name__ == "__main__":
    main()

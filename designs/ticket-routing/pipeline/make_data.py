# ruff: noqa: INP001 - a folder of scripts, not a package
"""Make the synthetic inputs in `data/` again: `python pipeline/make_data.py`.

Tickets, the tables that only measure, the base model and the champion, all from the invented sentences of
`data/phrases.json`. The same seeds give the same bytes. The two lists of guard words were written by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from routing import synthetic
from routing.curate import part_of
from routing.files import read_json, write_json, write_table
from routing.model import Example, Recipe, Weights, adapter, fit
from routing.stages import RECIPE
from routing.text import mask, normalised

__all__ = ["BASE_RECIPE", "SEEDS", "learned_from", "make_base", "raw_rows", "split"]

_DATA: Final = Path(__file__).resolve().parent / "data"
SEEDS: Final = {
    "tickets": 20261102,
    "champion": 20260504,
    "general": 20260101,
    "sensitive": 20260911,
    "blind": 20261019,
    "first-day": 20261123,
}
"""The seed of each table."""
BASE_RECIPE: Final = Recipe(epochs=4, rate=0.2, anchor=0.02, seed=5)
"""How the base was trained."""
_COLUMNS: Final = ("ticket", "language", "queue", "text")


def raw_rows(prefix: str, tickets: list[synthetic.Ticket]) -> list[tuple[str, str, str, str]]:
    """Number tickets as they came in."""
    return [(f"{prefix}{number:05}", one.language, one.queue, one.text) for number, one in enumerate(tickets, 1)]


def split(tickets: list[synthetic.Ticket]) -> dict[str, list[synthetic.Ticket]]:
    """Give the tickets of each part, each text once, as the curate stage splits them."""
    parts: dict[str, dict[str, synthetic.Ticket]] = {"learn": {}, "evaluate": {}}
    for one in tickets:
        key = normalised(mask(one.text))
        parts[part_of(key)].setdefault(key, one)
    return {name: list(found.values()) for name, found in parts.items()}


def learned_from(tickets: list[synthetic.Ticket]) -> list[Example]:
    """Give tickets as examples."""
    return [Example.of(mask(one.text), one.queue) for one in tickets]


def make_base(corpus: list[synthetic.Ticket]) -> Weights:
    """Train the base on the general corpus."""
    return adapter(Weights({}), fit(learned_from(corpus), BASE_RECIPE))


def main() -> None:
    """Write every input."""
    phrases = read_json(_DATA / "phrases.json")
    tickets = synthetic.tickets(phrases, SEEDS["tickets"], 2000)
    day = synthetic.tickets(phrases, SEEDS["first-day"], 300, synthetic.Mix(wrong_labels=0))
    general = split(synthetic.general(phrases, SEEDS["general"], 1500))
    blind = {**phrases, "sensitive": phrases["blind"]}
    tables = {
        "tickets": raw_rows("T", tickets),
        "first-day": raw_rows("D", day),
        "general": raw_rows("G", general["evaluate"]),
        "sensitive": raw_rows("S", synthetic.sensitive(phrases, SEEDS["sensitive"], 4)),
        "blind": raw_rows("B", synthetic.sensitive(blind, SEEDS["blind"], 1)),
    }
    for name, rows in tables.items():
        write_table(_DATA / f"{name}.csv", _COLUMNS, rows, synthetic=True)
    base = make_base(general["learn"])
    write_json(_DATA / "base.json", _base_file(base, len(general["learn"])))
    before = split(synthetic.tickets(phrases, SEEDS["champion"], 1500))["learn"]
    champion = adapter(base, fit(learned_from(before), RECIPE, base))
    write_json(_DATA / "champion.json", {"adapter": champion.to_json(), "synthetic": True, "trained_on": len(before)})
    answer = {"answer": "approved", "by": "rehearsal", "rehearsal": True, "role": "security", "tried": 20}
    write_json(_DATA / "rehearsal-answer.json", answer)


def _base_file(base: Weights, trained_on: int) -> dict[str, Any]:
    return {
        "licence": "MIT",
        "name": "helpdesk-base 2026.1, a softmax on hashed features, trained on requests to help desks of other trades",
        "synthetic": True,
        "trained_on": trained_on,
        "weights": base.to_json(),
    }


if __name__ == "__main__":
    main()

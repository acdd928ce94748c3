# ruff: noqa: INP001 - a folder of scripts, not a package
"""Make the synthetic payments: `python pipeline/make_data.py`. The same seeds give the same bytes.

No payment, card, shop or person in them is real. Cards have numbers in the raw table only; the gateway replaces them
before it writes down what is replayed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fraud.files import is_synthetic, sha256, write_json, write_table
from fraud.intake import COLUMNS, token
from fraud.keys import TOKEN_KEY, secret
from fraud.learning import Parts
from fraud.payments import payments
from fraud.synthetic import Traffic, made

if TYPE_CHECKING:
    from fraud.payments import Payment

__all__ = ["KNOWN", "OLDER", "REPLAY", "WEEK", "write_raw", "write_replay"]

_DATA: Final = Path(__file__).resolve().parent / "data"
KNOWN: Final = Traffic(seed=41, payments=6000, days=14)
REPLAY: Final = Traffic(seed=12, payments=8000, cards=6000)
WEEK: Final = Traffic(seed=13, payments=4000, days=7)
OLDER: Final = Traffic(seed=14, payments=1600, days=14, cards=600)
_REPLAYED: Final = ("second", "card", "amount", "abroad", "new_device", "merchant", "rules_alarm", "fraud")


def write_raw(path: Path, traffic: Traffic) -> None:
    """Write payments as the lake has them, with the numbers of cards."""
    rows = [[getattr(one, name) for name in COLUMNS] for one in made(traffic)]
    write_table(path, COLUMNS, rows, synthetic=True)


def write_replay(path: Path, table: list[Payment]) -> None:
    """Write payments as the gateway keeps them, with tokens."""
    key = secret(TOKEN_KEY, synthetic=True)
    kept = [one._replace(card=token(key, one.card)) for one in table]
    write_table(path, _REPLAYED, [[getattr(one, name) for name in _REPLAYED] for one in kept], synthetic=True)


def _write_champion(path: Path) -> None:
    """Write the model that answered before: trained on fewer, older payments, with frauds counted six times."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "older.csv"
        write_raw(raw, OLDER)
        learned = Parts(payments(raw)).fit(counts=6.0)
        facts = {"payments_sha256": sha256(raw), "synthetic": is_synthetic(raw)}
    write_json(path, {**learned.to_json(), **facts, "note": "trained on older synthetic payments by make_data.py"})


def main() -> None:
    """Write everything that the pipeline reads."""
    write_raw(_DATA / "payments.csv", KNOWN)
    write_replay(_DATA / "replay.csv", made(REPLAY))
    write_replay(_DATA / "week.csv", made(WEEK))
    _write_champion(_DATA / "champion.json")
    people = [
        {"answer": "yes", "by": "Ruth Adeyemi", "role": "fraud-risk"},
        {"answer": "yes", "by": "Jonas Lindqvist", "role": "sre-oncall"},
    ]
    note = "stands for two people; counts for bundles of synthetic payments only"
    write_json(_DATA / "rehearsal-answers.json", {"answers": people, "note": note, "rehearsal": True})


if __name__ == "__main__":
    main()

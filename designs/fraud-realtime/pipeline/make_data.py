# ruff: noqa: INP001, PLR2004, S311 - a script; numbers of invented data from a seed, no secret
"""Make the synthetic payments. No payment, card or person in them is real; the same seed gives the same bytes."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

from fraud.files import write
from fraud.model import fit, split

_DATA = Path(__file__).resolve().parent / "data"
_NOTE = "synthetic: made by make_data.py from a seed; no real payment, card or person"


def payments(seed: int, count: int, first: int) -> list[dict[str, Any]]:
    """Give payments with a hidden rule for fraud, and noise that no model can see through."""
    draw = random.Random(seed)
    made = []
    for number in range(first, first + count):
        one: dict[str, Any] = {
            "id": number,
            "card": f"4{draw.randrange(10**15):015d}",
            "amount": round(min(900.0, draw.lognormvariate(3.2, 0.9)), 2),
            "hour": draw.randrange(24),
            "abroad": int(draw.random() < 0.12),
            "new_device": int(draw.random() < 0.15),
            "last_hour": min(12, int(draw.expovariate(1.1))),
            "merchant": round(draw.betavariate(1.4, 5), 3),
        }
        pull = (
            -6.4
            + 0.62 * math.log1p(one["amount"])
            + 1.5 * (one["hour"] < 6)
            + 1.9 * one["abroad"]
            + 2.2 * one["new_device"]
            + 0.55 * min(one["last_hour"], 8)
            + 2.6 * one["merchant"]
        )
        one["fraud"] = int(draw.random() < 1 / (1 + math.exp(-2.4 * pull)))
        one["rules_alarm"] = int(one["abroad"] and one["new_device"] and one["amount"] > 60)
        made.append(one)
    return made


def main() -> None:
    """Write the data of the pipeline, and the champion that it is compared with."""
    known = payments(11, 2400, 1)
    write(_DATA / "payments.json", {"note": _NOTE, "payments": known})
    write(_DATA / "replay.json", {"note": _NOTE, "payments": payments(12, 800, 100001)})
    older = payments(13, 900, 200001)
    write(_DATA / "champion.json", {**fit(split(older)[0], times=1.0), "note": "trained on older synthetic payments"})
    write(_DATA / "week.json", {"note": _NOTE, "answered": 41280, "alarms": 1090, "charged_back": 74})
    answers = [
        {"by": by, "role": role, "answer": "yes"}
        for by, role in (("Ruth Adeyemi", "fraud-risk"), ("Jonas Lindqvist", "sre-oncall"))
    ]
    write(
        _DATA / "rehearsal-answers.json", {"note": "stands for two people, on synthetic data only", "answers": answers}
    )


if __name__ == "__main__":
    main()

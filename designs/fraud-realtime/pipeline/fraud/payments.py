"""Payments: what comes in, tokenised, and the one function that turns a payment into features.

Training and serving call the same function. A second implementation in the serving path was the
cause of the worst incident of the old model (ADR-0102).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import os
import re
from typing import TYPE_CHECKING, Any, Final

from fraud.files import read, write

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FEATURES", "features", "ingest"]

FEATURES: Final = ("amount", "night", "abroad", "new_device", "last_hour", "merchant")
_CARD: Final = re.compile(r"\b\d{16}\b")
_FIELDS: Final = ("amount", "hour", "abroad", "new_device", "last_hour", "merchant")


def features(payment: dict[str, Any]) -> list[float]:
    """Give the features of a payment, each roughly between 0 and 1."""
    return [
        math.log1p(payment["amount"]) / 7,
        1.0 if payment["hour"] < 6 else 0.0,  # noqa: PLR2004 - six in the morning
        float(payment["abroad"]),
        float(payment["new_device"]),
        min(payment["last_hour"], 8) / 8,
        float(payment["merchant"]),
    ]


def ingest(raw: Path, payments: Path, profile: Path) -> None:
    """Replace card numbers by keyed tokens, and measure what came in."""
    key = os.environ.get("FRAUD_TOKEN_KEY", "rehearsal-only: the data is synthetic").encode()
    rows = read(raw)["payments"]
    made = [
        {**row, "card": f"tok_{hmac.new(key, row['card'].encode(), hashlib.sha256).hexdigest()[:16]}"} for row in rows
    ]
    write(payments, {"payments": made})
    missing = sum(1 for row in rows for field in _FIELDS if row.get(field) is None)
    text = payments.read_text(encoding="utf-8")
    measured = {
        "rows": len(rows),
        "missing_rate": missing / (len(rows) * len(_FIELDS)) if rows else None,
        "raw_cards": len(_CARD.findall(text)),
        "fraud_rate": sum(row["fraud"] for row in rows) / len(rows) if rows else None,
    }
    write(profile, measured)

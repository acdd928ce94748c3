"""The ingest stage: card numbers end here, and the payments are measured before anything learns from them."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Final

from fraud.files import is_synthetic, read_table, sha256, write_json, write_table
from fraud.keys import TOKEN_KEY, secret

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CARD_NUMBER", "COLUMNS", "ingest", "token"]

COLUMNS: Final = ("second", "card", "amount", "abroad", "new_device", "merchant", "fraud")
CARD_NUMBER: Final = re.compile(r"(?<!\w)\d{13,19}(?!\w)")
"""What anybody who searches for card numbers takes for one."""


def token(key: bytes, card: str) -> str:
    """Give the pseudonym of a card: keyed, and with letters in front, so that none of them looks like a number."""
    return f"tok_{hmac.new(key, card.encode(), hashlib.sha256).hexdigest()[:12]}"


def ingest(raw: Path, payments: Path, profile: Path) -> None:
    """Replace card numbers by tokens, and measure what came in."""
    synthetic = is_synthetic(raw)
    key = secret(TOKEN_KEY, synthetic=synthetic)
    rows = read_table(raw)
    kept = [[token(key, row["card"]) if name == "card" else row[name] for name in COLUMNS] for row in rows]
    write_table(payments, COLUMNS, kept, synthetic=synthetic)
    cells = [row[name] for row in rows for name in COLUMNS]
    frauds = sum(row["fraud"] == "1" for row in rows)
    days = max((int(row["second"] or 0) for row in rows), default=0) // 86400 + 1
    measured = {
        "card_numbers": len(CARD_NUMBER.findall(payments.read_text(encoding="utf-8"))),
        "days": days,
        "duplicates": len(rows) - len({(row["second"], row["card"], row["amount"]) for row in rows}),
        "fraud_rate": round(frauds / len(rows), 6) if rows else None,
        "missing_rate": round(sum(cell == "" for cell in cells) / len(cells), 6) if cells else None,
        "payments_sha256": sha256(payments),
        "rows": len(rows),
    }
    write_json(profile, measured)

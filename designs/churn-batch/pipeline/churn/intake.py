"""The ingest stage: personal data ends here, and the extract is measured before anything learns from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from typing import TYPE_CHECKING, Final

from churn.files import Row, is_synthetic, read_table, write_json, write_table
from churn.outcome import Rejected

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CUSTOMER_COLUMNS", "DIRECT_IDENTIFIER", "ingest", "secret", "token"]

CUSTOMER_COLUMNS: Final = (
    "token",
    "snapshot",
    "tenure_months",
    "monthly_price",
    "logins_30d",
    "tickets_90d",
    "late_payments_12m",
    "monthly_contract",
    "churned_60d",
)
DIRECT_IDENTIFIER: Final = re.compile(r"\bC\d{6}\b|[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
"""A customer number or an e-mail address."""
_NUMERIC: Final = CUSTOMER_COLUMNS[2:-1]


def secret(name: str, *, synthetic: bool) -> bytes:
    """Give the key in the environment variable `name`; only synthetic data may do without it.

    Raises:
        Rejected: the variable is empty and the data may be real.
    """
    value = os.environ.get(name, "")
    if value:
        return value.encode()
    if synthetic:
        return b"rehearsal key for synthetic data"
    message = f"{name} is not set: real data is not handled with the rehearsal key"
    raise Rejected(message)


def token(key: bytes, customer_id: str) -> str:
    """Give the pseudonym of a customer: keyed, so that nobody without the key can list and match."""
    return hmac.new(key, customer_id.encode(), hashlib.sha256).hexdigest()[:16]


def ingest(extract: Path, customers: Path, profile: Path) -> None:
    """Replace customer numbers by tokens, drop addresses, and measure what came in."""
    synthetic = is_synthetic(extract)
    key = secret("CHURN_TOKEN_KEY", synthetic=synthetic)
    rows = read_table(extract)
    tokenised = [(token(key, row["customer_id"]), *(row[name] for name in CUSTOMER_COLUMNS[1:])) for row in rows]
    write_table(customers, CUSTOMER_COLUMNS, sorted(tokenised), synthetic=synthetic)
    write_json(profile, _profile(rows, customers.read_text(encoding="utf-8")))


def _profile(rows: list[Row], written: str) -> dict[str, float]:
    cells = [row[name] for row in rows for name in _NUMERIC]
    return {
        "rows": len(rows),
        "missing_rate": round(sum(cell == "" for cell in cells) / max(1, len(cells)), 6),
        "late_events": sum(row["observed_until"] > row["snapshot"] for row in rows),
        "duplicate_ids": len(rows) - len({row["customer_id"] for row in rows}),
        "raw_identifiers": len(DIRECT_IDENTIFIER.findall(written)),
    }

"""The bundle that is served: model, threshold, digests of what it was made from, and a keyed signature."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING, Any

from fraud.files import digest, read, write
from fraud.outcome import Rejected

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["package", "verified"]


def package(model: Path, metrics: Path, lockfile: Path, bundle: Path) -> None:
    """Sign what is served together with what it was made from."""
    made_from = {path.name: digest(path) for path in (model, metrics, lockfile)}
    content = {"model": read(model), "threshold": read(metrics)["threshold"], "made_from": made_from}
    write(bundle, {"content": content, "signature": _signature(content)})


def verified(bundle: Path) -> dict[str, Any]:
    """Give the content of a bundle whose signature holds.

    Raises:
        Rejected: it was changed after it was signed.
    """
    signed = read(bundle)
    content: dict[str, Any] = signed["content"]
    if not hmac.compare_digest(str(signed.get("signature")), _signature(content)):
        message = f"{bundle.name} was changed after it was signed"
        raise Rejected(message)
    return content


def _signature(content: dict[str, Any]) -> str:
    key = os.environ.get("FRAUD_SIGNING_KEY", "rehearsal-only: the data is synthetic").encode()
    text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return f"hmac-sha256:{hmac.new(key, text, hashlib.sha256).hexdigest()}"

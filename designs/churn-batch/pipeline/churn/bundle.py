"""The bundle: the model, what it was made from, and a signature over both."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Final

from churn.files import read_json, sha256, write_json
from churn.intake import secret
from churn.outcome import Rejected

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["package", "verified_content"]

_KEY: Final = "CHURN_SIGNING_KEY"


def package(model: Path, metrics: Path, lockfile: Path, bundle: Path) -> None:
    """Put the model, its metrics and the digests of its materials into one signed file."""
    learned = read_json(model)
    materials = {path.name: sha256(path) for path in (model, metrics, lockfile)}
    content = {
        "materials": materials,
        "metrics": read_json(metrics),
        "model": learned,
        "synthetic": learned["synthetic"],
    }
    write_json(bundle, {"content": content, "signature": _signature(content)})


def verified_content(bundle: Path) -> dict[str, Any]:
    """Give the content of a bundle whose signature holds.

    Raises:
        Rejected: the content is not what was signed.
    """
    signed = read_json(bundle)
    content: dict[str, Any] = signed["content"]
    if not hmac.compare_digest(str(signed.get("signature")), _signature(content)):
        message = f"{bundle.name}: the signature does not fit the content"
        raise Rejected(message)
    return content


def _signature(content: dict[str, Any]) -> str:
    key = secret(_KEY, synthetic=content.get("synthetic") is True)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return "hmac-sha256:" + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

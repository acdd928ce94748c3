"""The bundle: model and threshold, what they were made from, and a keyed signature over both (ADR-0108)."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from fraud.files import read_json, sha256, write_json
from fraud.keys import SIGNING_KEY, secret
from fraud.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["package", "verified"]


def package(model: Path, metrics: Path, lockfile: Path, bundle: Path) -> None:
    """Sign what is served together with the digests of what it was made from.

    Raises:
        Rejected: the metrics are those of another model.
    """
    learned, found = read_json(model), read_json(metrics)
    if found.get("model_sha256") != sha256(model):
        message = f"{metrics.name} is about another model than {model.name}"
        raise Rejected(message)
    content = {
        "materials": {path.name: sha256(path) for path in (model, metrics, lockfile)},
        "model": {name: learned[name] for name in ("bias", "features", "weights")},
        "payments_sha256": learned["payments_sha256"],
        "synthetic": learned["synthetic"],
        "threshold": found["threshold"],
    }
    write_json(bundle, {"content": content, "signature": _signature(content)})


def verified(bundle: Path) -> dict[str, Any]:
    """Give the content of a bundle whose signature fits.

    Raises:
        Rejected: it is no bundle, or not as it was signed.
    """
    try:
        signed = read_json(bundle)
        content: dict[str, Any] = signed["content"]
        given = str(signed["signature"])
    except (KeyError, TypeError, ValueError):
        message = f"{bundle.name} is no bundle"
        raise Rejected(message) from None
    if not hmac.compare_digest(given, _signature(content)):
        message = f"{bundle.name}: the signature does not fit the content"
        raise Rejected(message)
    return content


def _signature(content: Mapping[str, Any]) -> str:
    key = secret(SIGNING_KEY, synthetic=content.get("synthetic") is True)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return "hmac-sha256:" + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

"""The bundle: everything that routing needs, what it was made from, and a signature over both; and its model card."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING, Any, Final

from routing.files import digest_of, read_json, sha256, write_json
from routing.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from routing.guard import Guard

__all__ = ["ALLOWED_LICENCES", "card_of", "licence_is_allowed", "package", "verified"]

ALLOWED_LICENCES: Final = ("Apache-2.0", "BSD-3-Clause", "MIT")
"""What legal has read and allows for models that answer customers."""
_KEY: Final = "ROUTING_SIGNING_KEY"
_REHEARSAL_KEY: Final = b"a key for synthetic data, known to everybody"


def licence_is_allowed(licence: object) -> bool:
    """Tell whether a base with this licence may be shipped; one that names none may not."""
    return licence in ALLOWED_LICENCES


def package(model: Path, base: Path, guard: Guard, materials: Mapping[str, Path], bundle: Path) -> dict[str, Any]:
    """Put base, adapter and guard into one signed file, and give its content.

    The model file itself is no material: it says when it was trained, and so has another digest each time. The adapter
    in it has a digest of its own, which is what the metrics name.
    """
    learned, below = read_json(model), read_json(base)
    content = {
        "adapter": learned["adapter"],
        "base": below["weights"],
        "base_licence": below["licence"],
        "base_name": below["name"],
        "guard": list(guard.signs),
        "materials": {name: sha256(path) for name, path in materials.items()},
        "synthetic": learned["synthetic"],
        "weights_sha256": digest_of([below["weights"], learned["adapter"]]),
    }
    write_json(bundle, {"content": content, "signature": _signature(content)})
    return content


def verified(bundle: Path) -> dict[str, Any]:
    """Give the content of a bundle whose signature and weights fit.

    Raises:
        Rejected: it is not what was packaged.
    """
    try:
        signed = read_json(bundle)
        content: dict[str, Any] = signed["content"]
        weights = digest_of([content["base"], content["adapter"]])
        fits = hmac.compare_digest(str(signed["signature"]), _signature(content))
    except (KeyError, TypeError, ValueError):
        message = f"{bundle.name} is no bundle"
        raise Rejected(message) from None
    if not fits or content["weights_sha256"] != weights:
        message = f"{bundle.name}: the signature does not fit the content"
        raise Rejected(message)
    return content


def card_of(content: Mapping[str, Any], metrics: Mapping[str, Any], safety: Mapping[str, Any]) -> str:
    """Write the model card: what it is for, what it is not for, and how it was measured."""
    slices = [name for name in metrics if name.startswith(("macro_f1@", "f1@queue_"))]
    lines = [
        "# Model card: ticket router",
        "",
        f"- Base: {content['base_name']}, licence {content['base_licence']}, frozen; an adapter is added to it.",
        f"- Weights: sha256 {content['weights_sha256']}.",
        f"- Data: {'synthetic, no real customer' if content['synthetic'] else 'tickets of the company, masked'}.",
        "- For: choosing the queue of a support ticket in English, Spanish or German.",
        "- Not for: answering or closing tickets, judging customers, other languages.",
        f"- Sent to a person instead: {_percent(metrics['triage_share'])} of the tickets it was measured on.",
        f"- Must not be misrouted: {safety['sensitive_misroutes']} of {safety['sensitive_cases']} cases were.",
        "",
        "| measured on held-out tickets | F1 |",
        "| --- | --- |",
        f"| all | {metrics['macro_f1']:.3f} |",
        *(f"| {name} | {metrics[name]:.3f} |" for name in sorted(slices)),
        f"| general set, as a share of the base's | {metrics['general_ratio']:.3f} |",
    ]
    return "\n".join(lines) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _signature(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return "hmac-sha256:" + hmac.new(_key(content), text.encode(), hashlib.sha256).hexdigest()


def _key(content: Mapping[str, Any]) -> bytes:
    """Give the signing key; the one that is written above serves for synthetic data only."""
    key = os.environ.get(_KEY, "").encode()
    if key or content.get("synthetic") is True:
        return key or _REHEARSAL_KEY
    message = f"{_KEY} is not set, and this is no synthetic data"
    raise Rejected(message)

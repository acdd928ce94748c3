"""A helper of the tests on conformance: a small contract against a definition, and what is told of it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from reading import read

from gatepost.definitions import compare
from gatepost.definitions.difference import Difference
from gatepost.records import Pipeline

__all__ = ["STAGES", "differences", "told"]

STAGES: Final[dict[str, dict[str, Any]]] = {
    "train": {"kind": "train", "run": "python train.py"},
    "gate": {"kind": "gate", "run": "python gate.py --min 0.8", "after": ["train"]},
    "ship": {"kind": "promote", "to": "production", "run": "python ship.py", "after": ["gate"]},
}


def differences(
    kind: str,
    text: str,
    files: Mapping[str, str] | None = None,
    stages: Mapping[str, Mapping[str, Any]] | None = None,
    **contract: Any,
) -> tuple[Difference, ...]:
    """Compare a contract in the folder `d` with a definition, beside which other files of the repository lie."""
    record = Pipeline.model_validate(
        {"title": "T", "owner": "o", "source": {"kind": kind, "path": "d"}, "stages": stages or STAGES, **contract}
    )
    others = {name: textwrap.dedent(content).encode() for name, content in (files or {}).items()}
    return compare(record, read(kind, text, files, path="ci/definition"), "d", others.get).differences


def told(kind: str, text: str, *args: Any, **contract: Any) -> list[str]:
    """Tell what differs, or is open, each as its id and its weight."""
    return [f"{one.id} {one.weight}" for one in differences(kind, text, *args, **contract) if one.weight != "not-shown"]

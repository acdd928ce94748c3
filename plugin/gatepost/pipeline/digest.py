"""What makes two stage contracts the same: what they promise, however it is written down."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from gatepost.pipeline.contract import Contract
from gatepost.pipeline.contract import contract_digest as digest_as_written
from gatepost.records import Pipeline

__all__ = ["contract_digest", "contract_digests"]

_PROMISED: Final = {"workdir", "environments", "handlers", "artifacts"}
_PROSE: Final = {"description", "impl", "gate"}
_UNORDERED: Final = ("in", "out", "after")
"""What a stage names in no order: who reads, writes and waits for it."""


def contract_digest(record: Pipeline) -> str:
    """Give the SHA-256 of what a contract promises: 64 hexadecimal digits.

    Titles, descriptions, the real definition and the order of keys do not count, nor does the order in which a stage
    names what it reads, writes and waits for, nor whether a default is written out: who rewords a contract keeps its
    evidence.
    """
    kept = record.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=_PROMISED)
    contract = Contract(record)
    kept["stages"] = {name: _stage(contract, name) for name in record.stages}
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def contract_digests(record: Pipeline) -> tuple[str, ...]:
    """Give each digest by which a record may name a contract: that of what it promises, and that of how it is written.

    Records of older runs have the second, with lists in their order and without what the defaults add.
    """
    return contract_digest(record), digest_as_written(record)


def _stage(contract: Contract, name: str) -> dict[str, Any]:
    """Give what one stage promises, the defaults applied."""
    promise = contract.promises[name]
    fields = ("timeout", "retries", "environment", "seed", "repeat", "on_fail", "on_reject", "owner", "idempotent")
    whole = promise.stage.model_copy(update={field: getattr(promise, field) for field in fields})
    found: dict[str, Any] = whole.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=_PROSE)
    for key in _UNORDERED:
        if key in found and (key != "in" or not _is_ambiguous(contract, found[key])):
            found[key] = sorted(found[key])
    return found


def _is_ambiguous(contract: Contract, read: list[str]) -> bool:
    """Tell whether two artifacts that a stage reads list one metric: the first of them is the one that is compared."""
    artifacts = contract.record.artifacts
    keys = [key for name in read if name in artifacts for key in artifacts[name].keys]
    return len(keys) != len(set(keys))

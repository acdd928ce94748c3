"""A compared contract as JSON. Its schema is `conform-1.schema.json`; fields are only added while it stays 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from gatepost.book import locate
from gatepost.report.json_report import document

if TYPE_CHECKING:
    from gatepost.book import Entry
    from gatepost.definitions import Conformance, Difference, RealStage

__all__ = ["CONFORM_SCHEMA_VERSION", "render_conform_json"]

CONFORM_SCHEMA_VERSION: Final = 1


def render_conform_json(entry: Entry, found: Conformance, version: str) -> str:
    """Give the differences, and the definition as it was read, as JSON.

    Args:
        entry: the record of the contract.
        found: what comparing gave.
        version: Gatepost's.
    """
    definition = found.definition
    head = {
        "schema_version": CONFORM_SCHEMA_VERSION,
        "tool": {"name": "gatepost", "version": version},
        "contract": {"id": entry.id, "title": entry.record.title, "path": entry.path},
        "definition": {"kind": definition.tool, "path": definition.path, "files": list(definition.files)},
        "conformant": False if found.of("differs") else None if found.of("unknown") or found.gaps else True,
    }
    edges = (
        {"from": edge.before, "to": edge.after, "via": edge.via or None, "weakened": edge.weakened}
        for edge in definition.edges
    )
    lists: dict[str, Iterable[Mapping[str, Any]]] = {
        "differences": (_row(entry, one) for one in found.differences),
        "gaps": ({"message": gap.message, "path": gap.path, "line": gap.line} for gap in definition.gaps),
        "stages": (_stage_row(found, stage) for stage in definition.stages),
        "edges": edges,
    }
    return document(head, lists)


def _row(entry: Entry, one: Difference) -> dict[str, Any]:
    here = locate(entry.document, one.at)
    return {
        "id": one.id,
        "weight": one.weight,
        "message": one.message,
        "hint": one.hint,
        "contract": {
            "path": entry.path,
            "line": here.line,
            "column": here.column,
            "field": ".".join(str(step) for step in one.at),
        },
        "definition": {"path": one.path, "line": one.line or None},
    }


def _stage_row(found: Conformance, stage: RealStage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "path": stage.path,
        "line": stage.line,
        "stands_for": [name for name, reals in found.reals.items() if stage.name in reals],
    }

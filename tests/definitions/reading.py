"""Helpers of the readers' tests: read a text, and give what matters of it in short forms."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from gatepost.definitions import Definition, read_definition
from gatepost.records.pipeline import Source

__all__ = ["edges", "names", "read", "weak"]


def read(
    kind: str, text: str, files: Mapping[str, str] | None = None, path: str = "p/definition", **more: object
) -> Definition:
    """Read a definition of a kind from a text, with other files of the repository beside it."""
    others = {name: textwrap.dedent(content).encode() for name, content in (files or {}).items()}
    source = Source.model_validate({"kind": kind, "path": path, **more})
    return read_definition(
        source, path, textwrap.dedent(text).encode(), others.get, lambda folder: below(others, folder)
    )


def below(files: Mapping[str, object], folder: str) -> tuple[str, ...]:
    """Give the files below a folder, as git lists them."""
    return tuple(sorted(path for path in files if not folder or path.startswith(f"{folder}/")))


def names(found: Definition) -> list[str]:
    """Give the names of the stages, in the order of the file."""
    return [stage.name for stage in found.stages]


def edges(found: Definition) -> set[str]:
    """Give the edges as `a>b`."""
    return {f"{edge.before}>{edge.after}" for edge in found.edges}


def weak(found: Definition) -> dict[str, str]:
    """Give the weakened edges, with what weakens each."""
    return {f"{edge.before}>{edge.after}": edge.weakened for edge in found.edges if edge.weakened}

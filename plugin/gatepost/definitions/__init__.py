"""Readers of real pipeline definitions: text in, a neutral graph out. Nothing is executed."""

from gatepost.definitions.compare import Conformance, compare
from gatepost.definitions.definition import (
    Definition,
    DefinitionError,
    Gap,
    PathsBelow,
    Reader,
    ReadFile,
    RealEdge,
    RealStage,
)
from gatepost.definitions.difference import Difference
from gatepost.definitions.readers import kind_of_definition, read_definition

__all__ = [
    "Conformance",
    "Definition",
    "DefinitionError",
    "Difference",
    "Gap",
    "PathsBelow",
    "ReadFile",
    "Reader",
    "RealEdge",
    "RealStage",
    "compare",
    "kind_of_definition",
    "read_definition",
]

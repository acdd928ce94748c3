"""Readers of real pipeline definitions: text in, a neutral graph out. Nothing is executed."""

from gatepost.definitions.definition import Definition, DefinitionError, Gap, Reader, ReadFile, RealEdge, RealStage

__all__ = ["Definition", "DefinitionError", "Gap", "ReadFile", "Reader", "RealEdge", "RealStage"]

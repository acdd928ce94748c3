"""The stage contract as a graph."""

from gatepost.pipeline.graph import StageGraph

__all__ = ["StageGraph"]

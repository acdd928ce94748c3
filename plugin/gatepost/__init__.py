"""Gatepost: ML pipeline decisions as a checked artifact."""

__all__ = ["__version__"]

__version__ = "0.1.0"

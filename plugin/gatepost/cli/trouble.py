"""Why nothing can be said about a project."""

from __future__ import annotations

__all__ = ["CouldNotCheckError"]


class CouldNotCheckError(Exception):
    """The command cannot do what it was asked; the message says why, and what to do next."""

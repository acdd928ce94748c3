"""The skeletons of real definitions that a contract can be written as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gatepost.definitions.export_dvc import export_dvc
from gatepost.definitions.export_github import export_github_actions
from gatepost.pipeline import Contract

__all__ = ["EXPORTS"]

EXPORTS: Final[dict[str, Callable[[Contract, str], str]]] = {
    "dvc": export_dvc,
    "github-actions": export_github_actions,
}
"""What writes each, by the kind of definition: from the contract, and the folder that its stages run in."""

"""The artifacts that a stage does not write: are they after it what they were before?

A stage that changes one unseen, such as a package that puts another model in the place of the one that was judged,
makes all that the contract says about it untrue.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from gatepost.execution.folder import OutsideError, digest, inside
from gatepost.execution.setup import Orders
from gatepost.pipeline import Promise

__all__ = ["Others"]


class Others:
    """What lies where a stage does not write, by what the contract says, as it was before the stage ran.

    A place that production serves is looked at elsewhere, and so is what lies in, or around, one of its own outputs.
    """

    def __init__(self, orders: Orders, promise: Promise, folder: Path) -> None:
        self._folder = folder
        self._name = promise.name
        paths = {name: path for name in orders.contract.record.artifacts if (path := orders.path_of(name))}
        own = [paths[name] for name in promise.stage.out if name in paths] + list(orders.states.values())
        mine = [PurePosixPath(path) for path in own]
        self._paths = {
            name: path
            for name, path in paths.items()
            if promise.name in orders.commands
            and not any(map(PurePosixPath(path).is_relative_to, mine))
            and not any(one.is_relative_to(path) for one in mine)
        }
        self._before = self._digests()

    def changed(self) -> str:
        """Say which artifact the stage has changed; empty when it has changed none."""
        after = self._digests()
        for name, path in self._paths.items():
            if after[name] != self._before[name]:
                verb = "removes" if after[name] is None else "writes" if self._before[name] is None else "changes"
                return f"{self._name} {verb} {name} ({path}), which is not in its `out`"
        return ""

    def _digests(self) -> dict[str, str | None]:
        return {name: self._digest(path) for name, path in self._paths.items()}

    def _digest(self, path: str) -> str | None:
        try:
            return digest(inside(self._folder, path))
        except OutsideError:
            return None

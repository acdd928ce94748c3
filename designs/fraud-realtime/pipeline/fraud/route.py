"""Production: one small file says which bundle answers which share of the payments, and what answered before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fraud.files import read, write

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Route"]


@dataclass(frozen=True, slots=True)
class Route:
    """The route of the scorer. Without a release the rules engine answers, as it did before the model."""

    file: Path
    run: str
    """The run that releases, as the orchestrator calls it; its attempts share it."""

    def now(self) -> dict[str, Any]:
        """Give what is served."""
        found: dict[str, Any] = read(self.file) if self.file.exists() else {"release": 0, "answers": "rules-engine"}
        return found

    def begin(self, bundle_sha256: str) -> None:
        """Begin the release of this run with no traffic; an attempt that finds it begun goes on with it."""
        now = self.now()
        if now.get("run") == self.run and now.get("bundle_sha256") == bundle_sha256:
            return
        before = now if now["release"] else None
        number = int(now.get("last", now["release"])) + 1
        write(
            self.file,
            {"release": number, "run": self.run, "bundle_sha256": bundle_sha256, "share": 0, "before": before},
        )

    def give(self, share: int) -> None:
        """Give the release of this run a share of the traffic, in percent."""
        write(self.file, {**self.now(), "share": share})

    def back(self) -> str:
        """Undo the release of this run, if it is the one that is served, and say what answers now."""
        now = self.now()
        if not now["release"] or now.get("run") != self.run:
            return "nothing of this run is served: the route stays as it is"
        if now["before"] is not None:
            write(self.file, now["before"])
            return f"release {now['before']['release']} answers again"
        write(self.file, {"release": 0, "last": now["release"], "answers": "rules-engine"})
        return "there is no release before it: the rules engine answers"

"""Production: tables that never change, and one small file that says which of them is read.

    production/tables/<digest>.csv    a table, named by its content
    production/releases/0002.json     which table release 2 is, and who approved it
    production/current.json           the release that the CRM reads, or that the route is off

Publishing and rolling back replace `current.json` in one step; nothing else is visible to a reader.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from churn.files import read_json, sha256, write_json
from churn.outcome import Rejected, TimedOut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LOCK_WAIT_SECONDS", "Production"]

LOCK_WAIT_SECONDS: Final = 2.0
_OFF: Final = {"release": None, "route": "disabled"}


class Production(NamedTuple):
    """The folder that the CRM reads, and the folder where withdrawn releases are kept."""

    folder: Path
    quarantine: Path
    run: str = ""
    """The run that publishes, as the orchestrator calls it; the attempts of one run share it."""

    @property
    def current(self) -> Path:
        """The file that says which release is read."""
        return self.folder / "current.json"

    def release(self) -> dict[str, Any] | None:
        """Give the release that is read, or None while the route is off."""
        number = read_json(self.current)["release"] if self.current.exists() else None
        return None if number is None else read_json(self._record(number))

    def publish(self, scores: Path, facts: dict[str, Any]) -> int:
        """Make the table `scores` the one that is read, and give the number of its release.

        Publishing what this run has published already changes nothing, so a repeated attempt does no harm.

        Raises:
            TimedOut: another publication holds the lock.
        """
        with self._lock():
            digest = sha256(scores)
            now = self.release()
            if now is not None and self.reads(scores):
                return int(now["release"])
            number = self._next_number()
            table = self._table(digest)
            table.parent.mkdir(parents=True, exist_ok=True)
            table.write_bytes(scores.read_bytes())
            own = {"release": number, "previous": now and now["release"], "sha256": digest, "table": table.name}
            write_json(self._record(number), {**facts, **own, "run": self.run})
            write_json(self.current, {"release": number, "route": "enabled"})
            return number

    def reads(self, scores: Path) -> bool:
        """Tell whether the table `scores`, as this run published it, is the one that is read."""
        now = self.release()
        return now is not None and now["sha256"] == sha256(scores) and now.get("run", "") == self.run

    def rollback(self) -> int | None:
        """Go back to the release that was read before the present one, and give its number.

        Without such a release the route is switched off and None is given. It does not wait for the
        lock of a publication.

        Raises:
            Rejected: nothing is published, or the table to go back to is not the one that was released.
        """
        now = self.release()
        if now is None:
            message = "nothing is published, so there is nothing to roll back"
            raise Rejected(message)
        before: int | None = now["previous"]
        if before is not None:
            self._check_intact(before)
        write_json(self.current, dict(_OFF) if before is None else {"release": before, "route": "enabled"})
        self._withdraw(now)
        return before

    def unlock(self) -> None:
        """Remove the lock that a killed publication left behind."""
        self._lock_file.unlink(missing_ok=True)

    def is_intact(self) -> bool:
        """Tell whether the table that is read is the one that was released."""
        now = self.release()
        return (
            now is not None
            and self._table(now["sha256"]).exists()
            and sha256(self._table(now["sha256"])) == now["sha256"]
        )

    def table(self) -> Path | None:
        """Give the table that is read, or None while the route is off."""
        now = self.release()
        return None if now is None else self._table(now["sha256"])

    @property
    def _lock_file(self) -> Path:
        return self.folder / "publishing.lock"

    def _record(self, number: int) -> Path:
        return self.folder / "releases" / f"{number:04}.json"

    def _table(self, digest: str) -> Path:
        return self.folder / "tables" / f"{digest[:16]}.csv"

    def _released(self) -> list[Path]:
        return sorted((self.folder / "releases").glob("*.json"))

    def _next_number(self) -> int:
        """Give a number that no release has had, withdrawn ones included."""
        known = [*self._released(), *self.quarantine.glob("*.json")]
        return max((int(record.stem) for record in known), default=0) + 1

    def _check_intact(self, number: int) -> None:
        record = read_json(self._record(number))
        table = self._table(record["sha256"])
        if not table.exists() or sha256(table) != record["sha256"]:
            message = f"release {number}: its table is missing or was changed; production stays as it is"
            raise Rejected(message)

    def _withdraw(self, release: dict[str, Any]) -> None:
        """Move a release out of production, unless an older release shares its table."""
        self.quarantine.mkdir(parents=True, exist_ok=True)
        record, table = self._record(int(release["release"])), self._table(release["sha256"])
        os.replace(record, self.quarantine / record.name)  # noqa: PTH105 - as in files.py
        if not any(read_json(other)["sha256"] == release["sha256"] for other in self._released()):
            os.replace(table, self.quarantine / table.name)  # noqa: PTH105 - as in files.py

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        end = time.monotonic() + LOCK_WAIT_SECONDS
        while True:
            try:
                self._lock_file.open("x").close()
                break
            except FileExistsError:
                if time.monotonic() > end:
                    message = f"{self._lock_file} is held by another publication; rollback removes it"
                    raise TimedOut(message) from None
                time.sleep(0.05)
        try:
            yield
        finally:
            self._lock_file.unlink(missing_ok=True)

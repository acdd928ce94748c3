"""Production: two slots, blue and green, and one small file that says which of them answers.

    production/blue/bundle.json     a bundle, with release.json beside it
    production/green/bundle.json    the other one: the next release, or the one before
    production/active.json          a copy of the release.json of the slot that answers, or that the route is off

A promotion fills the slot that does not answer, tries it there, and then replaces `active.json` in one step. A
rollback replaces it by the release.json of the other slot, which is still as it was.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from routing.bundle import verified
from routing.decide import PERSON, router_of
from routing.files import read_json, sha256, write_json
from routing.outcome import Rejected, TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["LOCK_WAIT_SECONDS", "Production"]

LOCK_WAIT_SECONDS: Final = 1.0
_SLOTS: Final = ("blue", "green")


class Production(NamedTuple):
    """The folder that the router of tickets reads."""

    folder: Path
    run: str = ""
    """The run that promotes, as the orchestrator calls it; all attempts of one run share it. Empty by hand."""

    @property
    def active(self) -> Path:
        """The file that says what answers."""
        return self.folder / "active.json"

    def release(self) -> dict[str, Any] | None:
        """Give the release that answers, or None while the route is off."""
        now = read_json(self.active) if self.active.exists() else {}
        return now if now.get("route") == "enabled" else None

    def promote(self, bundle: Path, facts: dict[str, Any]) -> int:
        """Let a bundle answer, and give the number of its release.

        A second attempt of the run whose release answers already changes nothing.

        Raises:
            Rejected: the bundle is not what was packaged.
            TimedOut: another promotion holds the lock.
        """
        with self._lock():
            now = self.release()
            if now is not None and self.run and now["run"] == self.run and now["bundle_sha256"] == sha256(bundle):
                return int(now["release"])
            slot = _SLOTS[now is not None and now["slot"] == _SLOTS[0]]
            number = max((record["release"] for record in self._records()), default=0) + 1
            place = self.folder / slot
            place.mkdir(parents=True, exist_ok=True)
            (place / "release.json").unlink(missing_ok=True)
            (place / "bundle.json").write_bytes(bundle.read_bytes())
            verified(place / "bundle.json")
            own = {"bundle_sha256": sha256(bundle), "previous": now and now["release"], "release": number}
            write_json(place / "release.json", {**facts, **own, "route": "enabled", "run": self.run, "slot": slot})
            self._switch(place / "release.json")
            return number

    def rollback(self) -> dict[str, Any] | None:
        """Go back to the release before the one that answers, and give it.

        Without one the route is switched off, every ticket goes to a person, and None is given.

        Raises:
            Rejected: nothing answers, or the other slot does not hold the release before as it was.
        """
        now = self.release()
        if now is None:
            message = "nothing answers, so there is nothing to roll back"
            raise Rejected(message)
        if now["previous"] is None:
            write_json(self.active, {"release": None, "route": "disabled", "to": PERSON, "withdrawn": now["release"]})
            return None
        before = self.folder / _SLOTS[now["slot"] == _SLOTS[0]] / "release.json"
        record = read_json(before) if before.exists() else {}
        if record.get("release") != now["previous"] or not self._is_intact(record):
            message = f"release {now['previous']} is not in the other slot as it was; production stays as it is"
            raise Rejected(message)
        self._switch(before)
        return record

    def is_own(self) -> bool:
        """Tell whether this run's release answers; by hand, whichever does."""
        now = self.release()
        return now is not None and (not self.run or now["run"] == self.run)

    def is_intact(self) -> bool:
        """Tell whether what answers is what was promoted."""
        now = self.release()
        return now is not None and self._is_intact(now)

    def router(self) -> Callable[[str], str]:
        """Give what is done with a ticket now; while the route is off, a person reads each."""
        now = self.release()
        if now is None:
            return lambda _text: PERSON
        return router_of(verified(self.folder / now["slot"] / "bundle.json")).decide

    def unlock(self) -> None:
        """Remove the lock that a killed promotion has left."""
        self._lock_file.unlink(missing_ok=True)

    @property
    def _lock_file(self) -> Path:
        return self.folder / "promoting.lock"

    def _records(self) -> list[dict[str, Any]]:
        return [read_json(path) for path in sorted(self.folder.glob("*/release.json"))]

    def _is_intact(self, record: dict[str, Any]) -> bool:
        bundle = self.folder / record["slot"] / "bundle.json"
        return bundle.exists() and sha256(bundle) == record["bundle_sha256"]

    def _switch(self, record: Path) -> None:
        """Replace what answers in one step, by the bytes of a release."""
        write_json(self.active, read_json(record))

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
                    message = f"{self._lock_file} is held by another promotion; a rollback removes it"
                    raise TimedOut(message) from None
                time.sleep(0.05)
        try:
            yield
        finally:
            self._lock_file.unlink(missing_ok=True)

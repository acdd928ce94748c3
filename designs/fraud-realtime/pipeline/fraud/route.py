"""Production: a folder for each release that ever was, and one small file that says who answers which share.

    production/route.json                  release 2 answers 10 percent of the payments, release 1 the rest
    production/releases/0002/bundle.json   what the gateway loads for release 2
    production/releases/0002/record.json   which run made it, and who approved it
    production/releases/0002/before.json   the bytes of route.json when release 2 began

Giving a share and taking all of it back each replace `route.json` in one step. Without a release the rules engine
answers (ADR-0107).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fraud.bundle import verified
from fraud.files import read_json, replace, sha256, write_json
from fraud.outcome import Rejected, TimedOut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ALL", "LOCK_WAIT_SECONDS", "RULES", "Production"]

ALL: Final = 100
"""A share of the payments, in percent."""
LOCK_WAIT_SECONDS: Final = 1.0
RULES: Final = "rules-engine"


class Production(NamedTuple):
    """The folder that the gateway reads."""

    folder: Path
    run: str = ""
    """The run that releases, as the orchestrator calls it; its attempts share it. Empty by hand."""

    @property
    def route(self) -> Path:
        """The file that says who answers."""
        return self.folder / "route.json"

    def now(self) -> dict[str, Any] | None:
        """Give what is routed to a release; None while the rules engine answers everything."""
        found = read_json(self.route) if self.route.exists() else {}
        return found if found.get("release") is not None else None

    def begin(self, bundle: Path, approved_by: list[str]) -> int:
        """Begin a release without any traffic, and give its number.

        An attempt of the run whose release is routed already goes on with it.

        Raises:
            Rejected: the release of another run is half-way.
        """
        now = self.now()
        if now is not None and self.is_own():
            if now["bundle_sha256"] == sha256(bundle):
                return int(now["release"])
            message = f"this run has released another bundle already, as release {now['release']}"
            raise Rejected(message)
        if now is not None and not _settled(now):
            message = f"release {now['release']} of another run is half-way; roll it back first"
            raise Rejected(message)
        number = max((int(path.name) for path in self.folder.glob("releases/*")), default=0) + 1
        place = self._place(number)
        place.mkdir(parents=True)
        replace(place / "bundle.json", bundle.read_bytes())
        if self.route.exists():
            replace(place / "before.json", self.route.read_bytes())
        facts = {"approved_by": approved_by, "bundle_sha256": sha256(bundle), "release": number, "run": self.run}
        write_json(place / "record.json", facts)
        self.give(number, 0)
        return number

    def give(self, number: int, percent: int) -> None:
        """Give a release a share of the payments; what answered before keeps the rest."""
        record, before = read_json(self._place(number) / "record.json"), self._before(number)
        rest = f"release-{before['release']}" if before is not None else RULES
        shares = {f"release-{number}": percent, rest: ALL - percent}
        kept = {name: share for name, share in shares.items() if share}
        write_json(self.route, {"bundle_sha256": record["bundle_sha256"], "release": number, "shares": kept})

    def is_settled(self) -> bool:
        """Tell whether one release answers everything."""
        now = self.now()
        return now is not None and _settled(now)

    def is_own(self) -> bool:
        """Tell whether the release that is routed is this run's; by hand none is."""
        now = self.now()
        return now is not None and bool(self.run) and self._record(now["release"]).get("run") == self.run

    def is_intact(self) -> bool:
        """Tell whether what answers is the bundle that was released."""
        now = self.now()
        return now is not None and not self._damage(now["release"])

    def bundle(self) -> Path | None:
        """Give the bundle that answers, or None while the rules engine does."""
        now = self.now()
        return None if now is None else self._place(now["release"]) / "bundle.json"

    def back(self) -> str:
        """Take all traffic from the release that is routed, and say who answers now.

        It puts the bytes back that the route had before. What cannot be trusted to answer is not put back: the rules
        engine answers then.

        Raises:
            Rejected: the release before is not as it was released; the rules engine answers.
        """
        now = self.now()
        if now is None:
            return "no release is routed: the rules engine answers already"
        before = self._before(now["release"])
        damage = self._damage(before["release"]) if before is not None else ""
        kept = self._place(now["release"]) / "before.json"
        if kept.exists() and not damage:
            replace(self.route, kept.read_bytes())
        else:
            write_json(self.route, {"release": None, "shares": {RULES: ALL}, "withdrawn": now["release"]})
        if damage:
            message = f"{damage}; release {now['release']} is withdrawn, and the rules engine answers"
            raise Rejected(message)
        return f"release {before['release']} answers again" if before is not None else "the rules engine answers"

    def _before(self, number: int) -> dict[str, Any] | None:
        kept = self._place(number) / "before.json"
        found = read_json(kept) if kept.exists() else {}
        return found if found.get("release") is not None else None

    def _damage(self, number: int) -> str:
        """Say why a release cannot answer; empty when it can."""
        bundle = self._place(number) / "bundle.json"
        if not bundle.exists() or sha256(bundle) != self._record(number).get("bundle_sha256"):
            return f"the bundle of release {number} is not as it was released"
        try:
            verified(bundle)
        except Rejected as reason:
            return str(reason)
        return ""

    def _place(self, number: int) -> Path:
        return self.folder / "releases" / f"{number:04}"

    def _record(self, number: int) -> dict[str, Any]:
        path = self._place(number) / "record.json"
        return read_json(path) if path.exists() else {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold production for one canary; another attempt of the same run takes over what a killed one has left.

        Raises:
            TimedOut: the canary of another run holds it.
        """
        lock = self.folder / "canary.lock"
        self.folder.mkdir(parents=True, exist_ok=True)
        end = time.monotonic() + LOCK_WAIT_SECONDS
        while not self._locked(lock):
            if time.monotonic() > end:
                message = f"{lock} is held by another canary"
                raise TimedOut(message)
            time.sleep(0.05)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)

    def _locked(self, lock: Path) -> bool:
        try:
            with lock.open("x", encoding="utf-8") as file:
                file.write(self.run)
        except FileExistsError:
            return bool(self.run) and lock.read_text(encoding="utf-8") == self.run
        return True

    def unlock(self) -> None:
        """Remove the lock that a killed canary of this run has left; by hand, any."""
        lock = self.folder / "canary.lock"
        if lock.exists() and (not self.run or lock.read_text(encoding="utf-8") == self.run):
            lock.unlink(missing_ok=True)


def _settled(route: dict[str, Any]) -> bool:
    return route["shares"] == {f"release-{route['release']}": ALL}

"""A naive world: stages run in every possible order, anything may go wrong twice, and all that is seen is written down.

It shares no code with the simulation. It walks every order of independent stages, every attempt, every handler, and
gives the set of what can be observed, and of what an observer would blame.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

Seen = tuple[tuple[tuple[str, str, bool], ...], str, str, tuple[str, ...], bool | None]
"""Events, terminal state, production, what the handler did, whether it was the first release."""

Blame = tuple[str, tuple[str, ...], str]
"""What a branch breaks, where the answer to its last fault is written, and the stage that had that fault."""

REJECTS = {"reject", "inconclusive", "expire"}
LATE = {"fail-after-effect", "timeout-after-effect", "breach"}
LIVE = {"production", "prod-eu", "rehearsal"}
"""The places of the contracts that are walked, without those whose name says that nobody depends on them."""
AGAIN = {"fail", "fail-after-effect", "timeout", "timeout-after-effect", "infrastructure"}


class World:
    """One contract, as plain dictionaries, and everything that can happen to it with up to two faults."""

    def __init__(self, stages: dict[str, dict[str, Any]], defaults: dict[str, Any], budget: int = 2) -> None:
        self.stages = stages
        self.defaults = defaults
        self.budget = budget
        self.seen: set[Seen] = set()
        self.blamed: set[Blame] = set()
        self._been: set[tuple[frozenset[str], tuple[tuple[str, str, bool], ...]]] = set()

    def explore(self) -> set[Seen]:
        """Walk everything."""
        self._go(frozenset(), ())
        return self.seen

    def side_by_side(self) -> set[Blame]:
        """Give what is blamed when two stages that run at one time both fail, and both answers are carried out."""
        both = World(self.stages, self.defaults, budget=3)
        for done in {done for done, events in self._been if not events}:
            ready = [name for name, stage in self.stages.items() if name not in done and set(stage["after"]) <= done]
            for one, other in itertools.permutations(ready, 2):
                for first, second in itertools.product(self._faults(one), self._faults(other)):
                    events = ((one, first, False), (other, second, False))
                    both._end(one, first, done, events[:1])
                    both._end(other, second, self._left_by(one, first, done), events)
        return both.blamed

    def _left_by(self, name: str, fault: str, done: frozenset[str]) -> frozenset[str]:
        """Give the stages whose effect stands when a stage has failed and was answered."""
        if "rollback" in self._answer(name, fault):
            return frozenset(one for one in done if not self._live(one))
        return done | {name} if self._live(name) and fault in LATE else done

    def _go(self, done: frozenset[str], events: tuple[tuple[str, str, bool], ...]) -> None:
        if (done, events) in self._been:
            return
        self._been.add((done, events))
        ready = [name for name, stage in self.stages.items() if name not in done and set(stage["after"]) <= done]
        if not ready:
            production = "new" if any(self._live(name) for name in done) else "untouched"
            self._see(events, "completed", production, (), None)
        for name in ready:
            for happened, ended in self._attempts(name, self.budget - len(events)):
                if ended is None:
                    self._go(done | {name}, events + happened)
                else:
                    self._end(name, ended, done, events + happened)

    def _attempts(self, name: str, left: int) -> Iterator[tuple[tuple[tuple[str, str, bool], ...], str | None]]:
        """Give each way in which the attempts of a stage can go: what happened, and the fault that ended it."""
        stage = self.stages[name]
        executes = "run" in stage or stage["kind"] in {"data", "train", "validate", "package"}
        tries = stage.get("retries", self.defaults["retries"] if executes else 0)

        def attempt(
            number: int, left: int, passed: tuple[str, ...]
        ) -> Iterator[tuple[tuple[tuple[str, str, bool], ...], str | None]]:
            yield tuple((name, one, True) for one in passed), None
            if not left:
                return
            for fault in self._faults(name):
                if fault not in AGAIN or number == tries:
                    yield self._stayed(name, passed, fault)
                else:
                    yield self._stayed(name, passed, fault)
                    yield from attempt(number + 1, left - 1, (*passed, fault))

        return attempt(0, left, ())

    @staticmethod
    def _stayed(name: str, passed: tuple[str, ...], fault: str) -> tuple[tuple[tuple[str, str, bool], ...], str]:
        """Two faults of one name in a row, the second to stay, look like the first one staying."""
        before = passed[:-1] if passed and passed[-1] == fault else passed
        return (*((name, one, True) for one in before), (name, fault, False)), fault

    def _faults(self, name: str) -> list[str]:
        stage = self.stages[name]
        computes = ["fail", "timeout", "infrastructure"]
        match stage["kind"]:
            case "gate":
                return ["reject", "inconclusive", *(computes if "run" in stage else [])]
            case "approval":
                return ["reject", "expire", *(computes if "run" in stage else [])]
            case "promote":
                late = ["fail-after-effect", "timeout-after-effect"]
                return [*computes, *late, *(["breach"] if self._live(name) else [])]
            case "monitor":
                return ["breach", "infrastructure", *(["fail", "timeout"] if "run" in stage else [])]
            case _:
                repeat = stage.get("repeat", self.defaults.get("repeat", "none: x"))
                return [*computes, *([] if repeat.startswith("none") else ["not-reproducible"])]

    def _live(self, name: str) -> bool:
        return self.stages[name]["kind"] == "promote" and self.stages[name]["to"] in LIVE

    def _behind(self, name: str) -> set[str]:
        found: set[str] = set()
        for one in self.stages[name]["after"]:
            found |= {one} | self._behind(one)
        return found

    def _end(self, name: str, fault: str, done: frozenset[str], events: tuple[tuple[str, str, bool], ...]) -> None:
        stage = self.stages[name]
        steps = self._answer(name, fault)
        released = {one for one in done if self._live(one)}
        place = self._place(name, fault)
        if steps and not {"alert", "page"} & set(steps):
            self.blamed.add(("notified", place, name))
        if "rollback" in steps:
            undo = released | ({name} if self._live(name) else set())
            self._roll_back(undo, events, steps)
            self._blame_rollback(undo, name, place, steps, len(events))
            return
        production = "new" if released else "untouched"
        if self._live(name) and fault in LATE:
            production = "unknown"
        elif released and stage["kind"] == "monitor" and fault == "breach" and not self._reports(name):
            production = "in-breach"
        elif stage["kind"] in {"gate", "approval"} and any(self._judges(name, one) for one in released):
            production = "rejected"
        end = "quarantined" if "quarantine" in steps else "halted" if "halt" in steps else "unhandled"
        let_through = {one for one in released & self._behind(name) if self._judges(name, one)}
        if end == "unhandled":
            self.blamed.add(("handled", place, name))
        elif production in {"unknown", "in-breach"} or (production == "rejected" and let_through):
            self.blamed.add(("production-safe", place, name))
        self._see(events, end, production, steps, None)

    def _reports(self, name: str) -> bool:
        """A monitor of what nobody rolls back for, behind releases that another monitor takes back, only reports."""
        mine = set(self.stages[name].get("signals", ()))
        if any(mine & set(one.get("watch", ())) for one in self.stages.values()):
            return False
        if any(set(one["rollback"].get("when", ())) & {f"{it} > 1" for it in mine} for one in self._with_rollback()):
            return False
        releases = [one for one in self._behind(name) if self._live(one)]
        taking = [
            one
            for one, other in self.stages.items()
            if one != name and other["kind"] == "monitor" and "rollback" in self._answer(one, "breach")
        ]
        guarded = [one for one in releases if any(one in self._behind(other) for other in taking)]
        return bool(mine) and bool(releases) and guarded == releases

    def _with_rollback(self) -> list[dict[str, Any]]:
        return [one for one in self.stages.values() if "rollback" in one]

    def _answer(self, name: str, fault: str) -> tuple[str, ...]:
        stage = self.stages[name]
        failing = stage.get("on-fail", self.defaults.get("on-fail"))
        answer = stage.get("on-reject", failing) if fault in REJECTS else failing
        return tuple(answer.split(" + ")) if answer else ()

    def _place(self, name: str, fault: str) -> tuple[str, ...]:
        """Give where the answer to a fault is written, or would be."""
        own = [key for key in ("on-reject", "on-fail") if key in self.stages[name]]
        own = own if fault in REJECTS else [key for key in own if key == "on-fail"]
        if own:
            return ("stages", name, own[0])
        nowhere = fault in REJECTS and "on-fail" not in self.defaults
        return ("stages", name, "on-reject") if nowhere else ("defaults", "on-fail")

    def _blame_rollback(
        self, undo: set[str], name: str, place: tuple[str, ...], steps: tuple[str, ...], faults: int
    ) -> None:
        """Blame who cannot undo a first release, and who is not paged when the rollback is the next fault."""
        backs = {one: self.stages[one].get("rollback") for one in undo}
        if not undo or None in backs.values():
            return
        lost = [one for one, back in backs.items() if self._is_lost(back)]
        self.blamed |= {("first-release", ("stages", one, "rollback"), name) for one in lost}
        if "page" not in steps and faults < self.budget:
            self.blamed.add(("rollback-pages", place, name))

    @staticmethod
    def _is_there(back: dict[str, str]) -> bool:
        """A release of its own number is there at first; what has a name is when it is said to be the same."""
        return back["to"] == "fraud@7" or back.get("first") == "the same"

    def _is_lost(self, back: dict[str, str]) -> bool:
        return not self._is_there(back) and "first" not in back

    def _judges(self, guard: str, promotion: str) -> bool:
        mine, its = self._behind(guard), self._behind(promotion)
        if self.stages[guard]["kind"] == "approval" and promotion in mine and self._moves_on(guard):
            return False
        made = {one for one in mine if self.stages[one]["kind"] in {"train", "package"}}
        last = {one for one in made if not any(one in self._behind(other) for other in made)}
        return bool(last & its) if last else bool(mine & its) or not mine

    def _moves_on(self, approval: str) -> bool:
        """Tell whether what was promoted before an approval is elsewhere than what it is asked for."""
        promoted = {one: stage["to"] for one, stage in self.stages.items() if self._live(one)}
        was = {to for one, to in promoted.items() if one in self._behind(approval)}
        next_ = {to for one, to in promoted.items() if approval in self._behind(one)}
        return bool(next_) and not was & next_

    def _roll_back(self, undo: set[str], events: tuple[tuple[str, str, bool], ...], steps: tuple[str, ...]) -> None:
        if not undo:
            self._see(events, "halted", "untouched", steps, None)
            return
        backs = [self.stages[one].get("rollback") for one in undo]
        if None in backs:
            self._see(events, "no-rollback", "unknown", steps, None)
            return
        for first in (False, True):
            end, production = "rolled-back", "previous"
            moving = [one for one in backs if not self._is_there(one)]
            if first and moving:
                end, production = "fallback", "fallback"
                if any(map(self._is_lost, moving)):
                    end, production = "no-previous-version", "unknown"
            self._see(events, end, production, steps, first)
            if end != "no-previous-version" and len(events) < self.budget:
                failed = (*events, (events[-1][0], "rollback-fails", False))
                self._see(failed, "rollback-failed", "unknown", steps, first)

    def _see(
        self,
        events: tuple[tuple[str, str, bool], ...],
        end: str,
        production: str,
        steps: tuple[str, ...],
        first: bool | None,  # noqa: FBT001 - one of five facts that are seen
    ) -> None:
        self.seen.add((tuple(sorted(events, key=lambda one: one[0])), end, production, steps, first))

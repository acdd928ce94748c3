"""A failure followed through branches and loops."""

from __future__ import annotations

from gatepost.definitions.shell.fates import Found, both
from gatepost.definitions.shell.lists import Lists
from gatepost.definitions.shell.outcomes import BAD, WELL, End, Runs, agreed
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.tree import Block, Choice, Loop

__all__ = ["Branches"]


class Branches(Lists):
    """The part of a walk that follows branches and loops."""

    def choice(self, choice: Choice, *, tested: bool) -> list[Found]:
        """Follow `if` and `case`."""
        found: list[Found] = []
        before: list[Found] = []
        reached: Runs = "always"
        set_before = self.stops, self.pipefail
        set_after = set()
        otherwise = [choice.otherwise] if choice.otherwise is not None else []
        for number, (test, body) in enumerate(choice.branches):
            told = self.told_of(test, "goes-on")
            asked = self.block(test, tested=True) if test is not None else []
            later = [other for _, other in choice.branches[number + 1 :]]
            no = self.asked(self._merged, later, otherwise, tested=tested)
            yes = self.asked(self.answer, body, "goes-on", tested=tested)
            for one in asked:
                one.runs = both(one.runs, reached)
                one.needs += before
                one.is_swallowed = one.is_swallowed or one.end in {"fails", "goes-on"}
                one.end = {"fails": no, "goes-on": yes}.get(one.end, one.end)
            here = self.block(body, tested=tested)
            set_after.add((self.stops, self.pipefail))
            self.stops, self.pipefail = set_before
            way = reached if told else "never" if told is False else reached if test is not None else "open"
            for one in here:
                one.runs = both(one.runs, way)
                one.needs += [*before, *(asked if told is None else [])]
            found += [*asked, *here]
            is_told_off = told is False or yes in BAD
            reached = "never" if told else reached if is_told_off else "open"
        for body in otherwise:
            here = self.block(body, tested=tested)
            set_after.add((self.stops, self.pipefail))
            for one in here:
                one.runs = both(one.runs, reached)
            found += here
        if len(set_after | ({set_before} if not otherwise else set())) > 1:
            message = "it sets what its shell does at a failure in one branch only"
            raise ShellError(message)
        return found

    def _merged(self, branches: list[Block], otherwise: list[Block]) -> End:
        """Give what happens when a test fails: what comes next, or nothing."""
        ways: list[End] = [self.answer(one) for one in (*branches, *otherwise)]
        return agreed(ways if otherwise else [*ways, "goes-on"])

    def loop(self, loop: Loop, *, tested: bool) -> list[Found]:
        """Follow `while`, `until` and `for`."""
        kept = self.stops, self.pipefail
        asked = self.block(loop.test, tested=True) if loop.test is not None else []
        again, left = self.asked(self._again, loop, tested=tested), "goes-on"
        for one in asked:
            one.is_swallowed = one.is_swallowed or one.end in {"fails", "goes-on"}
            ways = {"fails": again, "goes-on": left} if loop.is_until else {"fails": left, "goes-on": again}
            one.end = ways.get(one.end, one.end)  # type: ignore[assignment]
        is_tried_again = self.sequence(loop.body, "goes-on") in WELL
        found = self.block(loop.body, tested=tested)
        for one in found:
            if not loop.is_once and not is_tried_again:
                one.end = "open" if one.end == "fails" else one.end
            if not loop.is_sure:
                one.runs = both(one.runs, "open")
        for one in (*asked, *found):
            one.end = "goes-on" if one.end == "breaks" else one.end
        if (self.stops, self.pipefail) != kept:
            message = "it sets what its shell does at a failure in a loop"
            raise ShellError(message)
        return [*asked, *found]

    def _again(self, loop: Loop) -> End:
        """Give what becomes of a failure in the test that lets a loop run its body; a loop that tries again is open."""
        way = self.answer(loop.body, "fails" if loop.is_until else "goes-on")
        return way if way in BAD | {"breaks", "exits-well", "returns-well"} and way != "fails" else "open"

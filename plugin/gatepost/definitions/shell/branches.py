"""A shell followed through branches and loops."""

from __future__ import annotations

from typing import Final

from gatepost.definitions.shell.filling import filled
from gatepost.definitions.shell.lists import Lists
from gatepost.definitions.shell.state import BAD, NOBODY, Filled, State, merged, widened
from gatepost.definitions.shell.tree import Block, Choice, Loop

__all__ = ["Branches"]

_ROUNDS: Final = 3
"""So often a loop is followed whose rounds are not counted."""
_LISTED: Final = 8
"""So many values of a loop are followed one by one."""
_WIDEST: Final = 64


class Branches(Lists):
    """The part of a follower that follows branches and loops."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.tries: list[bool] = []
        """Of each loop around the place, whether it only tries again until all is well."""
        self._inside: dict[tuple[int, ...], range] = {}
        """The numbers of the commands in each loop."""

    def choice(self, choice: Choice, states: list[State], *, tested: bool) -> list[State]:
        """Follow `if` and `case`."""
        found: list[State] = []
        for test, body in choice.branches:
            if test is None:
                found += self.block(body, states, tested=tested)
                continue
            asked = self.block(test, states, tested=True)
            found += [one for one in asked if one.flow]
            found += self.block(body, [one for one in asked if not one.flow and not one.last], tested=tested)
            states = [one for one in asked if not one.flow and one.last]
        if choice.otherwise is not None:
            found += self.block(choice.otherwise, states, tested=tested)
        else:
            found += [one.ended(0) for one in states]
        return merged(found)

    def loop(self, loop: Loop, states: list[State], *, tested: bool) -> list[State]:
        """Follow `while`, `until` and `for`."""
        self.tries.append(self._only_tries(loop, states, tested=tested))
        found = self._listed(loop, states, tested=tested) if loop.test is None else []
        if loop.test is not None:
            found = self._asked(loop, loop.test, states, tested=tested)
        self.tries.pop()
        return merged(found)

    def _only_tries(self, loop: Loop, states: list[State], *, tested: bool) -> bool:
        """Tell whether a loop always ends after one round in which all is well."""
        well = [one for one in states if one.failing == NOBODY][:1]
        if not well or loop.is_once or self.is_first:
            return False
        self.tries.append(False)
        asked = self.block(loop.test, well, tested=True) if loop.test is not None else well
        entered = [one for one in asked if not one.flow and one.failing == NOBODY]
        entered = [one for one in entered if loop.test is None or (one.last != 0) is loop.is_until]
        ends = [one for one in self.block(loop.body, entered, tested=tested) if one.failing == NOBODY]
        self.tries.pop()
        return bool(ends) and all(one.flow in {"break", "exit", "return"} for one in ends)

    def _listed(self, loop: Loop, states: list[State], *, tested: bool) -> list[State]:
        if not states:
            return self.block(loop.body, [], tested=tested) if self.is_first else []
        found: list[State] = []
        for state in states:
            values = filled(loop.words, state) if loop.words is not None else None
            if values is not None and len(values) <= _LISTED and all(isinstance(one.value, str) for one in values):
                found += self._each(loop, state, values, tested=tested)
            else:
                found += self._rounds(loop, state, tested=tested)
        return found

    def _each(self, loop: Loop, state: State, values: list[Filled], *, tested: bool) -> list[State]:
        left: list[State] = []
        here = [state if values else state.ended(0)]
        if not values and self.is_first:
            self.block(loop.body, [], tested=tested)
        for value in values:
            here = [one.holding(loop.name, value.value) for one in here]
            here = self._round(loop.body, here, left, tested=tested)
        return [*left, *here]

    def _rounds(self, loop: Loop, state: State, *, tested: bool) -> list[State]:
        """Go round with values that are not known, never or once or more."""
        here = [state.holding(loop.name, None)]
        left: list[State] = [] if loop.is_sure else [state.ended(0)]
        for _ in range(1 if loop.is_once else _ROUNDS):
            here = self._round(loop.body, here, left, tested=tested)
            left += here
        return left

    def _asked(self, loop: Loop, test: Block, states: list[State], *, tested: bool) -> list[State]:
        left: list[State] = []
        key = f"loop {len(self.tries)}"
        begin = len(self.records.all)
        here = [one.holding(key, "0") for one in states]
        may_end = False
        for number in range(_ROUNDS):
            asked = self.block(test, here, tested=True)
            left += [one for one in asked if one.flow]
            goes_on = [one for one in asked if not one.flow and (one.last != 0) is loop.is_until]
            ends = [one for one in asked if not one.flow and (one.last != 0) is not loop.is_until]
            may_end = may_end or bool(ends)
            left += [end for one in ends for end in _as_body(one, key)]
            if not goes_on and (number or not self.is_first):
                here = []
                break
            here = self._round(loop.body, goes_on, left, tested=tested)
            here = [one.holding(key, BAD if one.last == BAD else str(one.last)) for one in here]
        inside = self._inside.setdefault((*self.way, id(loop)), range(begin, len(self.records.all)))
        for one in here if may_end else ():
            is_doubtful = one.is_doubtful or one.failing in inside
            left += [end._replace(is_doubtful=is_doubtful) for end in _as_body(one, key)]
        return [one.holding(key, None) for one in left]

    def _round(self, body: Block, states: list[State], left: list[State], *, tested: bool) -> list[State]:
        """Follow a loop's body once; give what goes on, and keep what leaves."""
        here: list[State] = []
        for one in self.block(body, states, tested=tested):
            if one.flow not in {"break", "continue"}:
                (left if one.flow else here).append(one)
            elif one.levels > 1:
                left.append(one._replace(levels=one.levels - 1))
            elif one.flow == "break":
                left.append(one._replace(flow="", levels=0))
            else:
                here.append(one._replace(flow="", levels=0))
        return widened(merged(here), _WIDEST)


def _as_body(state: State, key: str) -> list[State]:
    """Let a loop end as its body has ended last."""
    code = state.value(key)
    if code is None:
        return [state.ended(0), state.ended(BAD)]
    return [state.ended(BAD if code == BAD else int(str(code)))]

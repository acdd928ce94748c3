"""A shell followed through commands that run others: behind wrappers, and in files of the repository."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Final

from gatepost.definitions.shell.calls import Calls
from gatepost.definitions.shell.files import UNKNOWN, Files, from_root, moved
from gatepost.definitions.shell.nested import nested
from gatepost.definitions.shell.opening import Opened, UnseenError, opened, why_unseen
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.simple import said
from gatepost.definitions.shell.state import BAD, Filled, State, merged
from gatepost.definitions.shell.tree import Simple
from gatepost.definitions.shell.wrappers import unwrapped

__all__ = ["Running"]

_SETTING_UP: Final = frozenset({"activate", "nvm.sh", "conda.sh", "setup.bash", ".env", "env", ".bashrc", ".profile"})
"""Files of others that only prepare a shell."""


class Running(Calls):
    """The part of a follower that opens files."""

    files: Files | None = None

    def running(self, simple: Simple, name: str, given: list[Filled], words: list[Filled], state: State) -> list[State]:
        """Follow a command that is no part of the shell, perhaps behind wrappers."""
        behind = unwrapped([one.text for one in words])
        if not behind.folders:
            return self._within_wrappers(simple, name, given, words[behind.place :] or words, state)
        folder = state.folder
        for place in behind.folders:
            folder = moved(folder, words[place])
        inner = words[behind.place :] or words
        found = self._within_wrappers(simple, name, given, inner, state._replace(folder=folder))
        return [one._replace(folder=state.folder) for one in found]

    def _within_wrappers(
        self, simple: Simple, name: str, given: list[Filled], inner: list[Filled], state: State
    ) -> list[State]:
        why = ""
        try:
            script = opened(simple, inner, state.folder, self._find, moved)
            found = self._script(simple, name, given, script, state) if script is not None else None
        except UnseenError as error:
            found, why = None, f"what `{said(inner)[:60]}` runs is not followed: {error}"
        if found is None and not why:
            is_plain = nested([inner[0].text]) is not None
            found = self.of_shell(simple, given, state if is_plain else state._replace(folder=UNKNOWN))
        if found is not None:
            return found
        found = self.other(simple, name, given, state)
        self.unseen(simple, name, why or why_unseen(simple, inner))
        return found

    def unseen(self, simple: Simple, name: str, why: str) -> None:
        """Keep why a command may run something that is not seen."""
        record = self.records.all[self.records.number(self.way, simple, name)]
        record.unseen = record.unseen or why

    def sourced(self, simple: Simple, name: str, given: list[Filled], state: State) -> list[State] | None:
        """Follow `. FILE`, which runs in the shell itself; None for a file that is not there."""
        path = given[1].text if len(given) > 1 else ""
        place = self._find(path, state.folder)
        if place is None:
            is_own = posixpath.basename(path) not in _SETTING_UP
            self.unseen(simple, name, f"what `{said(given)[:60]}` runs is not known" if is_own else "")
            return None
        _, _, ran = self.noted(simple, name, given, state)
        try:
            script = self.read(place[1], is_own=True)
            found = self._open(simple, place[0], lambda: self.inside(script, [ran]))
        except UnseenError as error:
            self.unseen(simple, name, f"{place[0]}: {error}")
            return None
        except ShellError as error:
            self.unseen(simple, name, f"{place[0]}: {error}")
            return None
        self.script.functions |= script.functions
        self.script.conditional |= script.conditional
        return [one._replace(flow="" if one.flow == "return" else one.flow, is_exempt=False) for one in found]

    def _script(
        self, simple: Simple, name: str, given: list[Filled], script: Opened, state: State
    ) -> list[State] | None:
        """Follow a script of its own that a command runs; the command may fail where something in it may."""
        shell = nested(script.shell)
        if shell is None or shell.only_reads:
            return None
        number, record, ran = self.noted(simple, name, given, state)

        def follow() -> list[State]:
            read = self.read(script.text, is_own=False)
            return self.within(
                ran,
                lambda states: self.inside(read, states, is_shell=True),
                stops=shell.stops,
                pipefail=shell.pipefail,
                names=(),
                given=script.arguments,
                folder=script.folder,
            )

        begin = len(self.records.all)
        ends = self._open(simple, script.file, follow)
        if self.is_first:
            is_open = any(one.is_open for one in self.records.all[begin:])
            record.codes |= {one.last == 0 and not is_open for one in ends}
            return ends
        ways = self.chooser.command(ran, number, record, said(given), again=any(self.tries))
        failed = [one for one in ways if one.last == BAD and one.failing == number]
        return merged([*failed, *(ends if len(failed) < len(ways) else [])])

    def _open(self, simple: Simple, file: str, follow: Callable[[], list[State]]) -> list[State]:
        """Follow what a file holds.

        Raises:
            UnseenError: it cannot be followed.
        """
        kept = self.script, self.way, self.opened, self.depth, [*self.calls], [*self.tries]
        own, self.own = self.own, posixpath.dirname(file) if file else self.own
        self.way, self.opened = (*self.way, id(simple)), self.opened + 1
        try:
            found = follow()
        except ShellError as error:
            self.spend()
            raise UnseenError(str(error)) from error
        finally:
            self.script, self.way, self.opened, self.depth, self.calls, self.tries = kept
            self.own = own
        return found

    def _find(self, path: str, folder: str | None) -> tuple[str, str] | None:
        rooted = from_root(path)
        path, folder = (rooted, ".") if rooted is not None else (path, folder)
        is_known = self.files is not None and folder is not None and path and "$" not in path
        return self.files.found(path, folder) if is_known and self.files is not None and folder is not None else None

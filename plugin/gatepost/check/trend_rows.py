"""Points of a trend as they are kept between runs, and whether one that was kept still holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import Final, NamedTuple

from gatepost import __version__
from gatepost.gates import GATES, GateSet
from gatepost.sources import GitHistory, Repository, Tree

__all__ = ["Row", "Rows", "States", "TrendPoint"]

_READER: Final = 1
"""Counted up whenever the same log is counted differently."""

States = Mapping[str, Mapping[str, str]]
"""How the gates stand on each record: by the record's name, then the gate's."""

_in_this_process: dict[str, str] = {}
"""What is not kept between runs, for a process that builds again and again."""
_MOST: Final = 500


class TrendPoint(NamedTuple):
    """How a log stood at one commit, on the day of that commit."""

    day: str
    """ISO 8601."""
    commit: str
    """Its full id; empty for what is not committed in a repository without commits."""
    met: int
    """Gate results that are met, over all records."""
    asked: int
    """Those that apply: met, not met, waived or unknown."""
    blocking: int
    """Findings that make the check fail."""
    exposure: int
    """The sum of the residual exposures of the risks that can still hurt."""
    overdue: int
    """Risks and follow-ups that are past their due date."""
    records: int
    """How many records there were, with those that could not be read."""


class Row(NamedTuple):
    """A point, and how it came about."""

    point: TrendPoint
    changed: States
    """The records on which a gate stands otherwise than at the point before; no gates where a record is gone."""
    commits: Mapping[str, bool | None]
    """The commits that evidence names, and whether they were there when they were looked for."""

    def to_json(self) -> str:
        """Write it as one line."""
        return json.dumps([self.point, self.changed, self.commits], separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Row:
        """Read what `to_json` wrote."""
        point, changed, commits = json.loads(text)
        return cls(TrendPoint(*point), changed, commits)


class Rows:
    """The rows of one log that are kept."""

    def __init__(self, tree: Tree, gates: GateSet, history: GitHistory) -> None:
        """Take what a row depends on besides the commits.

        Args:
            tree: the log.
            gates: the gates that are asked. When some are another package's, nothing is kept between runs: nobody
                knows when they change.
            history: where rows are kept.
        """
        self._repository, self._history = tree.repository, history
        self._is_durable = all(any(gate is ours for ours in GATES) for gate in gates)
        project = tree.project
        said = [_READER, __version__, str(project.root), tree.docs, project.exclude, [gate.id for gate in gates]]
        self._identity = json.dumps(said)

    def kept(self, commits: Iterable[tuple[str, str]]) -> list[Row]:
        """Give the rows that are kept, from the first on, up to one that is not or does not hold any more.

        Args:
            commits: for each row the commit of the point before it, empty for the first, and its own.
        """
        found: list[Row] = []
        for before, commit in commits:
            row = self._row(self._name(before, commit))
            if row is None or row.point.commit != commit:
                break
            found.append(row)
        there = dict(_exist(self._repository, sorted({name for row in found for name in row.commits})))
        holds = [all(there.get(name) == answer for name, answer in row.commits.items()) for row in found]
        return found[: holds.index(False)] if False in holds else found

    def keep(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Keep rows, each with the commit of the point before it."""
        said = [(self._name(before, row.point.commit), row.to_json()) for before, row in rows]
        if self._is_durable and self._history.index.file is not None:
            self._history.index.keep_points(said)
            return
        if len(_in_this_process) > _MOST:
            _in_this_process.clear()
        _in_this_process.update(said)

    def _row(self, name: str) -> Row | None:
        said = self._history.index.point(name) if self._is_durable else None
        said = said or _in_this_process.get(name)
        with suppress(ValueError, TypeError):
            return Row.from_json(said) if said else None
        return None

    def _name(self, before: str, commit: str) -> str:
        parts = f"{self._identity}\x00{before}\x00{commit}"
        return blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _exist(repository: Repository, commits: list[str]) -> Iterator[tuple[str, bool]]:
    """Tell which of some commits exist, in one question."""
    if not commits:
        return
    asked = "".join(f"{commit}^{{commit}}\n" for commit in commits)
    answer = repository.ask("cat-file", "--batch-check", given=asked.encode())
    lines = (answer or b"").decode("utf-8", "replace").splitlines()
    for commit, line in zip(commits, lines, strict=False):
        yield commit, line.split(" ")[1:2] == ["commit"]

"""A project on disk to a book and a report, with the gates of other packages."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from gatepost.book import Book, read_book
from gatepost.check.engine import check_book
from gatepost.check.results import Report
from gatepost.gates import GATES, Gate, GateSet
from gatepost.sources import Project, RevisionTree, Tree, WorkingTree

__all__ = ["ENTRY_POINT_GROUP", "GateLoadError", "check_project", "load_gates", "read_project"]

ENTRY_POINT_GROUP: Final = "gatepost.gates"
"""The entry-point group under which other packages offer gates."""


class GateLoadError(Exception):
    """A gate of another package cannot be used; the message names it and says why."""


def load_gates(found: Iterable[EntryPoint] | None = None) -> tuple[Gate, ...]:
    """Give Gatepost's gates and those of installed packages, sorted by name.

    Raises:
        GateLoadError: one cannot be imported, is no gate, or takes a name or a code that is taken.
    """
    points = entry_points(group=ENTRY_POINT_GROUP) if found is None else found
    added = [_load(point) for point in sorted(points, key=lambda point: point.name)]
    gates = (*GATES, *added)
    try:
        GateSet(gates)
    except ValueError as error:
        raise GateLoadError(str(error)) from None
    return gates


def _load(point: EntryPoint) -> Gate:
    try:
        gate = point.load()
    except Exception as error:
        message = f"the gate {point.name} ({point.value}) cannot be loaded: {type(error).__name__}: {error}"
        raise GateLoadError(message) from error
    if not isinstance(gate, Gate):
        message = f"the gate {point.name} ({point.value}) is a {type(gate).__name__}, not a gatepost.gates.Gate"
        raise GateLoadError(message)
    if gate.code.upper().startswith("GP"):
        message = f"the gate {point.name} has the code {gate.code}; codes that start with GP are Gatepost's own"
        raise GateLoadError(message)
    return gate


def read_project(project: Project | Tree) -> Book:
    """Read the records of a project: from its working directory, or from the tree that is given.

    Raises:
        ProjectError: the tree is a commit whose contents are not all here.
    """
    with _held_back():
        tree = WorkingTree(project) if isinstance(project, Project) else project
        return read_book(tree.documents(), files=tree, docs=tree.docs)


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold the cyclic garbage collector back: nothing of a book is garbage, walking it costs a fifth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def check_project(project: Project | Tree, today: dt.date) -> Report:
    """Read the records of a project and ask every gate about them.

    Args:
        project: the project, for its working directory; or the tree of a revision.
        today: the day to judge on.

    Raises:
        ProjectError: the tree is a commit whose contents are not all here.
        GateLoadError: a gate of another package cannot be used.
    """
    with _held_back():
        report = check_book(read_project(project), today, load_gates())
    return replace(report, revision=project.commit) if isinstance(project, RevisionTree) else report

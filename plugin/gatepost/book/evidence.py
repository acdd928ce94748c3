"""How much a piece of evidence is worth: it is looked at, not believed."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from gatepost.book.book import Book
from gatepost.book.dry_runs import read_dry_run
from gatepost.book.entry import Entry
from gatepost.book.faults import Fault, KeyPath
from gatepost.book.files import FileFact
from gatepost.book.pointer import PointerError, number_at, rounds_to
from gatepost.records import Evidence

__all__ = ["Assessment", "assess"]

Grade = Literal["A", "B", "C", "D"]
State = Literal["verified", "claimed", "asserted", "broken", "unknown"]


class Assessment(NamedTuple):
    """What looking at a piece of evidence gave.

    Grades: A re-computable here (a dry run), B bound to a digest or to a number in a committed file,
    C a reference only, D an assertion.
    """

    grade: Grade
    state: State
    note: str
    """What was looked at, in a few words: `number found`, `only claimed, not fetched`."""
    fault: Fault | None = None
    """What is wrong with it, when it is broken."""


_COMMIT: Final = "name a commit of this repository, or fetch the branch that has it"


def assess(book: Book, entry: Entry, at: KeyPath, evidence: Evidence) -> Assessment:
    """Look at one piece of evidence of a record.

    Args:
        book: the book, for its files.
        entry: the record that cites it.
        at: the key path of the evidence in the record.
        evidence: what is cited.
    """
    if evidence.path:
        return _file(book, entry, at, evidence, evidence.path)
    if evidence.commit:
        return _commit(book, at, evidence.commit)
    if evidence.url:
        return Assessment("C", "claimed", "a URL: only claimed, nothing is fetched")
    if evidence.run:
        return Assessment("C", "claimed", "a tracker's run: only claimed, nothing is fetched")
    return Assessment("D", "asserted", "an assertion: nothing to look at")


def _broken(at: KeyPath, message: str, hint: str, value: str) -> Assessment:
    return Assessment("D", "broken", message, Fault(message, hint, at, value))


def _unreadable(at: KeyPath, path: str) -> Assessment:
    return _broken((*at, "path"), f"{path} is too large or cannot be read", "cite a smaller summary of it", "size")


def _commit(book: Book, at: KeyPath, commit: str) -> Assessment:
    known = book.files.has_commit(commit)
    if known is None:
        return Assessment("C", "unknown", f"commit not looked up: {book.files.why_unknown()}")
    if not known:
        return _broken((*at, "commit"), f"commit {commit} is not in this repository", _COMMIT, commit)
    return Assessment("B", "verified", "the commit exists")


def _file(book: Book, entry: Entry, at: KeyPath, evidence: Evidence, path: str) -> Assessment:
    fact = book.files.look(path, book.folder(entry))
    here = (*at, "path")
    if fact.state == "refused":
        return _broken(here, f"the path {path} is refused: {fact.reason}", "name a file of this repository", path)
    if fact.state != "found":
        what = "is a folder" if fact.state == "folder" else "does not exist"
        return _broken(here, f"the file {path} {what}", "commit it, or correct the path", path)
    if fact.tracked is False:
        return _broken(here, f"the file {path} is not tracked by git", f"run `git add {fact.path}`", path)
    if evidence.sha256 is not None:
        actual = book.files.sha256(fact.path)
        if actual is None:
            return _unreadable(at, path)
        if actual != evidence.sha256:
            message = f"the sha256 of {path} is {actual[:12]}…, not {evidence.sha256[:12]}…"
            hint = "the file changed: look at it again, then write its new digest"
            return _broken((*at, "sha256"), message, hint, evidence.sha256)
    return _content(book, at, evidence, fact)


def _content(book: Book, at: KeyPath, evidence: Evidence, fact: FileFact) -> Assessment:
    content = book.files.read(fact.path) if evidence.pointer or evidence.kind == "dry-run" else b""
    if content is None:
        return _unreadable(at, fact.path)
    if evidence.pointer and evidence.value is not None:
        try:
            actual = number_at(content, evidence.pointer)
        except PointerError as error:
            message = f"the quoted number was not found: {evidence.path}: {error}"
            return _broken((*at, "pointer"), message, "correct the pointer or the file", evidence.pointer)
        if not rounds_to(actual, evidence.value):
            message = f"the claim quotes {evidence.value}, but {evidence.path} has {actual} at {evidence.pointer}"
            return _broken((*at, "value"), message, "correct the quoted number", str(evidence.value))
    if evidence.kind == "dry-run":
        return _dry_run(at, fact, content)
    if evidence.pointer:
        return _graded("B", fact, "the number was found in the file")
    if evidence.sha256:
        return _graded("B", fact, "the file has this digest")
    return _graded("C", fact, "the file exists; no digest and no number bind it")


def _graded(grade: Grade, fact: FileFact, note: str) -> Assessment:
    if fact.tracked is None:
        return Assessment(grade, "unknown", f"{note}; whether git tracks it is not known")
    return Assessment(grade, "verified", note)


def _dry_run(at: KeyPath, fact: FileFact, content: bytes) -> Assessment:
    record = read_dry_run(fact.path, content)
    if isinstance(record, str):
        message = f"the dry-run record {fact.path} cannot be read: {record}"
        return _broken((*at, "path"), message, "run the dry run again and commit its record", fact.path)
    if record.result != "passed":
        return _broken(
            (*at, "path"), f"the dry run in {fact.path} failed", "mend the pipeline, run it again", fact.path
        )
    return _graded("A", fact, "a dry run that passed, and can be run again")

"""What one version of a record says, in plain values that are cheap to make, to keep and to compare."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gatepost.book.code import blanked, code_and_comments
from gatepost.book.layout import declared_id, id_from_name, kind_of
from gatepost.book.prose import Prose
from gatepost.records import KINDS, MODEL_OF_KIND
from gatepost.records.base import kebab
from gatepost.records.decision import with_plain_status

if TYPE_CHECKING:
    from gatepost.book.document import Document

__all__ = ["BELOW", "NAMED", "TITLE", "SectionFact", "Version", "front_of", "version_of"]

BELOW: Final = " > "
"""Stands between a heading and one below it."""
TITLE: Final = "#"
"""Stands for the heading that opens the body, of which the text is the fact: most often the record's title."""
NAMED: Final = frozenset(
    {"artifacts", "enforcement", "environments", "out-of-scope", "roles", "sections", "stages", "tiers"}
)
"""Fields at the top that hold a mapping whose keys are names, which keep their underscores."""
_SCALARS: Final = frozenset({str, int, bool, type(None)})
_FOREIGN: Final = "not a version of a record"

_LONGEST: Final = 120
"""So many characters of a heading name its section: a name holds those above it, and a file may have many."""

SectionFact = tuple[str, int]
"""The digest of a section's text, white space aside, and how many words it has."""


class Version(NamedTuple):
    """One version of a record, or of a file that should be one."""

    kind: str
    """The kind of record; `page` when it is none."""
    id: str
    """The id, when the file says it or its name does; empty for a contract or a checklist."""
    path: str
    """Where the file was, relative to the root of the repository."""
    fields: Mapping[str, Any]
    """What the frontmatter holds by canonical key, as JSON can hold it; without kind and id."""
    sections: Mapping[str, SectionFact]
    """The body by heading, each with those above it: `Decision Outcome > Consequences`; empty for what comes first."""
    problem: str = ""
    """Why it cannot be read; empty when it can."""

    def to_json(self) -> str:
        """Give it as JSON on one line, in ASCII."""
        parts = [self.kind, self.id, self.path, self.fields, self.sections, self.problem]
        return json.dumps(parts, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Version:
        """Read what `to_json` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            kind, name, path, fields, sections, problem = json.loads(text)
            facts = {heading: (str(digest), int(words)) for heading, (digest, words) in sections.items()}
        except (TypeError, AttributeError, RecursionError) as error:
            raise ValueError(_FOREIGN) from error
        if not isinstance(fields, dict) or not all(isinstance(one, str) for one in (kind, name, path, problem)):
            raise ValueError(_FOREIGN)
        return cls(kind, name, path, fields, facts, problem)


def version_of(document: Document) -> Version:
    """Give what a file says as one version of a record; no model is asked whether the record is sound."""
    front = front_of(document)
    return front if front.problem else front._replace(sections=dict(_sections(document.body)))


def front_of(document: Document) -> Version:
    """Give a version without its sections: what its frontmatter says."""
    kind = kind_of(document) or "page"
    name = declared_id(document) or id_from_name(document.path, kind) or _usual_name(kind, document.path)
    if document.faults or document.data is None or kind not in KINDS:
        return Version(kind, name, document.path, {}, {}, _problem(document, kind))
    return Version(kind, name, document.path, _fields(kind, document.data), {})


def _usual_name(kind: str, path: str) -> str:
    if kind == "design":
        return PurePosixPath(path).parent.name
    return "policy" if kind == "policy" else ""


def _problem(document: Document, kind: str) -> str:
    if document.faults:
        return document.faults[0].message
    if kind not in KINDS:
        return "it is a page, no record" if kind == "page" else f"kind is '{kind}'"
    return f"a {kind} without frontmatter"


def _fields(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    other_names = next(model.other_names for known, model in MODEL_OF_KIND.items() if known == kind)
    if kind == "decision":
        data = with_plain_status(data)
    fields: dict[str, Any] = {}
    for key, value in data.items():
        name = kebab(key)
        name = other_names.get(name, name)
        if name not in {"id", "kind"} and name not in fields:
            fields[name] = value if type(value) in _SCALARS else _plain(value, names=name in NAMED)
    return fields


def _plain(value: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - YAML holds anything
    """Give a value as JSON can hold it, keys below the top in their canonical form."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is list or kind is tuple:
        return [one if type(one) is str else _plain(one) for one in value]
    if kind is dict:
        if names:
            return {key: _plain(one) for key, one in value.items()}
        return {kebab(key): _plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, dt.date) else _number(value)


def _number(value: Decimal | float) -> float | str:
    """Give a number that is not whole; as text when a float would be another number, or none."""
    near = float(value)
    if not math.isfinite(near):
        return f"{near}"
    return near if isinstance(value, float) or Decimal(repr(near)) == value else str(value)


@lru_cache(maxsize=16)
def _sections(body: str) -> tuple[tuple[str, SectionFact], ...]:
    """Give each section's heading, and the facts of the text between it and the next heading of any rank."""
    return tuple(_read_sections(body))


def _read_sections(body: str) -> Iterator[tuple[str, SectionFact]]:
    headings = Prose(body, 0).headings
    if "<!--" in body:
        comments = [(start, end) for start, end, is_comment in code_and_comments(body) if is_comment]
        body = blanked(body, comments)
    first = headings[0].offset if headings else len(body)
    lead = body[:first]
    ends = [heading.offset for heading in headings[1:]]
    ends.append(len(body))
    rest = list(zip(headings, ends, strict=False))
    if rest and headings[0].level == 1 and not lead.strip():
        (title, _, _, start), end = rest.pop(0)
        lead = body[start:end]
        yield TITLE, _fact(title)
    if lead and not lead.isspace():
        yield "", _fact(lead)
    above: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for (title, level, _, start), end in rest:
        while above and above[-1][0] >= level:
            above.pop()
        name = f"{above[-1][1]}{BELOW}{title[:_LONGEST]}" if above else title[:_LONGEST]
        above.append((level, name))
        yield _unlike(name, seen), _fact(body[start:end])


def _unlike(name: str, seen: dict[str, int]) -> str:
    """Give a name that no section before has: the second `Notes` is `Notes (2)`.

    Args:
        name: what the section would be called.
        seen: the names that are taken, each with the last number that was put behind it; added to.
    """
    unlike = name
    while unlike in seen:
        seen[name] += 1
        unlike = f"{name} ({seen[name]})"
    seen[unlike] = 1
    return unlike


@lru_cache(maxsize=256)
def _fact(text: str) -> SectionFact:
    """Give the facts of a text; most sections of a version are those of the version before it."""
    words = text.split()
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return digest, len(words)

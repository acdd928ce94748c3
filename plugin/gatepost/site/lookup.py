"""What the pages ask of a report again and again: pages, links, owners, dates, marks."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gatepost.book import Entry, Unread
from gatepost.check import DesignReport, Outcome, RecordReport, Report
from gatepost.check.events import Chronicle, chronicle
from gatepost.gates import Gate
from gatepost.records import Checklist, Decision, Design, FollowUp, Pipeline, Risk, canonical
from gatepost.site.marks import GRAVEST_FIRST, UNMET, Mark, mark_of
from gatepost.site.page import CommitUrl, EditUrl, FileUrl, Urls, no_commit_url, no_file_url
from gatepost.site.render import render
from gatepost.site.words import Words

if TYPE_CHECKING:
    from markupsafe import Markup

    from gatepost.check.gate_moves import GateMove
    from gatepost.check.trend import Trend

__all__ = ["Lookup", "Ref"]


MOST_CAUSES: Final = 6
"""How many causes of a design's state are kept: a banner names a few, the overview has all."""


MOST_EVENTS: Final = 500
"""How many events the change log has: as many as a page shows without a pause."""


PROBE: Final = "schema-valid"
"""The gate whose address is asked for, to see what the addresses of gates look like."""


class Ref(NamedTuple):
    """A link to a record, as a page prints it."""

    id: str
    title: str
    href: str
    kind: str
    status: str


class Lookup:
    """A report and the answers that its pages need, each worked out once."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each kind of link
        self,
        report: Report,
        urls: Urls,
        words: Words,
        edit_url: EditUrl,
        file_url: FileUrl = no_file_url,
        commit_url: CommitUrl = no_commit_url,
        *,
        trend: Trend | None = None,
    ) -> None:
        self.trend = trend
        self.report, self.book = report, report.book
        self.urls, self.words, self.edit_url, self.file_url, self.commit_url = (
            urls,
            words,
            edit_url,
            file_url,
            commit_url,
        )
        self.gate_moves: tuple[GateMove, ...] = trend.moves if trend else ()
        self.prefix = f"{self.book.docs}/" if self.book.docs else ""
        self._by_path = {record.entry.path: record for record in report.records}
        self._marks: dict[RecordReport, list[tuple[Gate, Mark, Outcome]]] = {}
        self._states: dict[RecordReport, tuple[Mark, ...]] = {}
        self._unmet: dict[RecordReport, tuple[str, ...]] = {}
        self._gate_links: dict[str, dict[str, str]] = {}

    def render(self, template: str, /, **values: object) -> Markup:
        """Give what a template makes of some values, in the reader's language."""
        return render(self.words.language, template, **values)

    def page(self, one: Entry | Unread) -> str:
        """Give the source path of a record's page, relative to the docs folder."""
        return one.path.removeprefix(self.prefix)

    def report_of(self, one: Entry | Unread) -> RecordReport:
        """Give how the gates stand on a record."""
        return self._by_path.get(one.path) or RecordReport(one, {})

    @cached_property
    def chronicle(self) -> Chronicle:
        """What happened in the log, the newest first."""
        return chronicle(self.report, self.gate_moves, MOST_EVENTS)

    @cached_property
    def designs(self) -> dict[str, DesignReport]:
        """The designs by id; the records of none under the empty id."""
        return {design.id: design for design in self.report.designs}

    @cached_property
    def causes(self) -> dict[str, list[tuple[RecordReport, Gate]]]:
        """What stops or escalates each design: the records and their gates; the first few of each design."""
        kinds = {"stopped": "stop", "escalated": "escalation"}
        found: dict[str, list[tuple[RecordReport, Gate]]] = {}
        for design in self.report.designs:
            if design.state in kinds:
                blocking = (
                    (record, gate)
                    for record in design.records
                    for gate, _, outcome in self.marks(record)
                    if outcome.blocks and gate.kind == kinds[design.state]
                )
                found[design.id] = list(islice(blocking, MOST_CAUSES))
        return found

    def page_of(self, key: str) -> str | None:
        """Give the page of a record, of an item of a checklist, or of a stage, with its anchor."""
        key = canonical(key)
        if found := self.book.named(key):
            return self.page(found[0])
        if items := self.book.items.get(key):
            entry, _, item = items[0]
            return f"{self.page(entry)}#{item_anchor(item.id)}"
        owner, sharp, stage = key.partition("#")
        pipeline = self.book.get(owner) if sharp else None
        if pipeline is not None and isinstance(pipeline.record, Pipeline) and stage in pipeline.record.stages:
            return f"{self.page(pipeline)}#{stage_anchor(stage)}"
        return None

    def title_of(self, key: str) -> str:
        """Give the title of a record, the criterion of an item; empty when there is no such thing."""
        key = canonical(key)
        if found := self.book.named(key):
            return title(found[0])
        items = self.book.items.get(key)
        return items[0][2].criterion if items else ""

    def ref(self, page: str, key: str, written: str = "") -> Ref:
        """Give a link to a record as seen from a page; without an address when nothing has that id."""
        if found := self.book.named(key):
            return self._ref(page, found[0], written or found[0].id)
        target = self.page_of(key)
        return Ref(written or key, self.title_of(key), self.urls(page, target) if target else "", "", "")

    def refs(self, page: str, ids: tuple[str, ...]) -> list[Ref]:
        """Give links to several records."""
        return [self.ref(page, one, one) for one in ids]

    def to(self, page: str, one: Entry | Unread) -> Ref:
        """Give a link to one particular record, also when its id is not its own."""
        return self._ref(page, one, one.id)

    def _ref(self, page: str, one: Entry | Unread, name: str) -> Ref:
        return Ref(name, title(one), self.urls(page, self.page(one)), one.kind, status(one))

    def gate_links(self, page: str) -> dict[str, str]:
        """Give the address of each gate's page; they lie side by side, so that one address gives the others."""
        probe = self.urls(page, f"gates/{PROBE}.md")
        known = self._gate_links.get(probe)
        if known is None:
            before, _, after = probe.partition(PROBE)
            plain = probe.count(PROBE) == 1
            known = self._gate_links[probe] = {
                gate.id: f"{before}{gate.id}{after}" if plain else self.urls(page, f"gates/{gate.id}.md")
                for gate in self.report.gates
            }
        return known

    def gate_href(self, page: str, gate: Gate) -> str:
        """Give the address of a gate's page."""
        return self.gate_links(page)[gate.id]

    def owners(self, one: Entry | Unread) -> tuple[str, ...]:
        """Give who answers for a record: its owner, who decided, or the owners of its design."""
        record: Any = one.record if isinstance(one, Entry) else None
        own: tuple[str, ...] = ()
        if isinstance(record, Decision):
            own = record.decision_makers
        elif isinstance(record, Design):
            own = record.owners
        elif isinstance(record, Risk | FollowUp | Pipeline) and record.owner:
            own = (record.owner,)
        elif isinstance(record, Checklist):
            own = tuple(dict.fromkeys(item.owner for item in record.items if item.owner))
        if own:
            return own
        design = self.book.design(one.design)
        return design.owners if design else ()

    def marks(self, record: RecordReport) -> list[tuple[Gate, Mark, Outcome]]:
        """Give each gate that was asked about a record, with its mark, in the order of the gates."""
        known = self._marks.get(record)
        if known is None:
            asked = record.outcomes
            known = [(gate, mark_of(asked[gate.id]), asked[gate.id]) for gate in self.report.gates if gate.id in asked]
            self._marks[record] = known
        return known

    def gravest(self, record: RecordReport) -> Mark:
        """Give the gravest mark of a record."""
        return self.states(record)[0]

    def states(self, record: RecordReport) -> tuple[Mark, ...]:
        """Give the gravest mark, and that something is waived, which a graver mark would hide."""
        known = self._states.get(record)
        if known is None:
            found = {mark for _, mark, _ in self.marks(record) if mark != "na"}
            gravest: Mark = next((mark for mark in GRAVEST_FIRST if mark in found), "met")
            known = self._states[record] = (gravest, "waived") if "waived" in found - {gravest} else (gravest,)
        return known

    def unmet(self, record: RecordReport) -> tuple[str, ...]:
        """Give the ids of the gates that somebody should look at."""
        known = self._unmet.get(record)
        if known is None:
            known = self._unmet[record] = tuple([gate.id for gate, mark, _ in self.marks(record) if mark in UNMET])
        return known

    def note(self, outcome: Outcome) -> str:
        """Say in one line why an outcome is what it is; empty for a gate that is simply met."""
        said = self.words
        if outcome.waiver is not None:
            waiver = outcome.waiver
            return said("note.waived", until=waiver.until, by=waiver.approved_by, reason=waiver.reason)
        if outcome.because:
            return said("note.because", ids=", ".join(outcome.because))
        if outcome.findings:
            more = len(outcome.findings) - 1
            first = outcome.findings[0].message
            return first + (said("note.more", n=more) if more else "")
        return outcome.reason


def item_anchor(item: str) -> str:
    """Give the anchor of an item of a checklist."""
    return canonical(item).lower()


def stage_anchor(stage: str) -> str:
    """Give the anchor of a stage."""
    return f"stage-{stage}"


def title(one: Entry | Unread) -> str:
    """Give a record's title; for one that cannot be read what it says, else its id."""
    if isinstance(one, Entry):
        return one.record.title
    said = (one.document.data or {}).get("title")
    return said if isinstance(said, str) else one.id


def status(one: Entry | Unread) -> str:
    """Give where a record stands; empty for the kinds that have no status."""
    record = one.record if isinstance(one, Entry) else None
    return record.status if isinstance(record, Decision | Risk | FollowUp) else ""


def due(one: Entry | Unread) -> dt.date | None:
    """Give the day by which something is owed."""
    record = one.record if isinstance(one, Entry) else None
    return record.due if isinstance(record, Risk | FollowUp) and record.is_live else None

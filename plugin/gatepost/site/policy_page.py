"""The policy in force: what the gates hold this log to, defaults included."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from gatepost.gates import Gate
from gatepost.gates.waivers_sound import NEVER_WAIVED
from gatepost.records.policy import TierPolicy
from gatepost.site.fragments import prose
from gatepost.site.frame import framed
from gatepost.site.lookup import Lookup
from gatepost.site.page import Page

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["policy_page", "policy_tables"]

PATH: Final = "policy.md"
_TIERS: Final = ("low", "medium", "high")


class GateRow(NamedTuple):
    """A gate and what the policy makes of it."""

    gate: Gate
    href: str
    enforced: str
    own: str
    """What it is by default, when the policy says otherwise; else empty."""


class TierRow(NamedTuple):
    """A tier's rules, and the designs that are held to them."""

    name: str
    rules: TierPolicy
    designs: tuple[str, ...]


def policy_page(lookup: Lookup) -> Page:
    """Give the page, for a log whose policy lies elsewhere or that has none."""
    title = lookup.words("page.policy")
    entry = lookup.book.policy_entry
    source = lookup.to(PATH, entry) if entry is not None else None
    html = lookup.render("policy", tables=policy_tables(lookup, PATH), source=source)
    return framed(lookup, PATH, title, html)


def policy_tables(lookup: Lookup, page: str) -> Markup:
    """Give the tables of the policy as a page shows them."""
    policy, report = lookup.book.policy, lookup.report
    gates = []
    for gate in report.gates:
        enforced = report.enforced.get(gate.id, gate.enforcement)
        own = gate.enforcement if enforced != gate.enforcement else ""
        gates.append(GateRow(gate, lookup.gate_href(page, gate), enforced, own))
    tiers = []
    for name in _TIERS:
        held = [one for one in lookup.book.designs if (known := lookup.book.design(one.id)) and known.tier == name]
        tiers.append(TierRow(name, policy.tier(name), tuple(one.record.title for one in held)))
    never = {found.id for name in policy.waivers_allowed.never if (found := report.gates.find(name))}
    return lookup.render(
        "policy_tables",
        policy=policy,
        gates=gates,
        tiers=tiers,
        never=sorted(never | NEVER_WAIVED),
        say=partial(prose, lookup, page),
        waived=[
            (lookup.to(page, record.entry), gate, lookup.gate_href(page, gate), waiver)
            for record, gate, waiver in report.waived
        ],
    )

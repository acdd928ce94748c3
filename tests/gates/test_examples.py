"""Each gate's page is its specification: its two examples are run."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from gatepost.book import Entry
from gatepost.check import Report
from gatepost.gates import GATES, Gate
from gatepost.gates.waivers_sound import NEVER_WAIVED
from trees import check_tree, checked, commit_files

HEADINGS = ("What it does", "Why", "Passes", "Fails", "How to mend", "How to waive")
_BLOCK = re.compile(r'^```\w+ title="([^"\n]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)

each_gate = pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.id)


def module_name(gate: Gate) -> str:
    """Give the name that a gate's module, page and file of tests share."""
    return gate.id.replace("-", "_")


def page_of(gate: Gate) -> str:
    """Give the page of a gate."""
    return (files("gatepost.gates") / f"{module_name(gate)}.md").read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """Give what stands below each heading of the second rank, outside code."""
    parts = re.split(r"^## (?=[A-Z])", _outside_code(page), flags=re.MULTILINE)
    return {part.partition("\n")[0]: part.partition("\n")[2].replace("\0", "#") for part in parts[1:]}


def _outside_code(page: str) -> str:
    """Hide the headings in fenced code, so that they do not count as the page's."""
    return re.sub(r"^```.*?^```$", lambda block: block[0].replace("#", "\0"), page, flags=re.MULTILINE | re.DOTALL)


def tree(gate: Gate, heading: str) -> dict[str, str]:
    """Give the files of one example, each in its last version."""
    return dict(versions(gate, heading))


def versions(gate: Gate, heading: str) -> list[tuple[str, str]]:
    """Give the files of one example in their order; a path that comes again is a later version of that file."""
    blocks = _BLOCK.findall(sections(page_of(gate))[heading])
    assert blocks, f"{gate.id} has no example under {heading}"
    return list(blocks)


def checked_example(gate: Gate, heading: str, root: Path) -> Report:
    """Check an example; one whose files have several versions is committed version by version."""
    found = versions(gate, heading)
    if len(dict(found)) == len(found):
        return checked(root, dict(found))
    return check_tree(commit_files(root, *({path: text} for path, text in found)))


@each_gate
def test_the_page_has_its_headings_in_order_and_text_below_each(gate: Gate) -> None:
    """A page starts with the gate's id and has the six sections, none empty."""
    page = page_of(gate)
    assert page.startswith(f"# {gate.id}\n")
    found = sections(page)
    assert tuple(found) == HEADINGS
    assert all(text.strip() for text in found.values())


@each_gate
def test_the_module_is_named_for_the_gate(gate: Gate) -> None:
    """Id, module and page of a gate have one name, and so has its file of tests."""
    module = gate.check.__module__
    assert module == f"gatepost.gates.{module_name(gate)}"
    assert (Path(__file__).parent / f"test_{module_name(gate)}.py").is_file()


@each_gate
def test_the_passing_example_passes(gate: Gate, tmp_path: Path) -> None:
    """In the example under Passes every record is read, and the gate is met on one and unmet on none."""
    report = checked_example(gate, "Passes", tmp_path)
    assert [record.id for record in report.records if not isinstance(record.entry, Entry)] == []
    states = {record.id: record.outcomes[gate.id].state for record in report.records if gate.id in record.outcomes}
    assert "pass" in states.values()
    assert set(states.values()) <= {"pass", "not-applicable"}, [one.message for one in report.findings]


@each_gate
def test_the_failing_example_fails_with_a_place_and_a_hint(gate: Gate, tmp_path: Path) -> None:
    """In the example under Fails the gate is unmet, and each of its findings says where, what and how to mend."""
    example = tree(gate, "Fails")
    report = checked_example(gate, "Fails", tmp_path)
    failing = [one.outcomes[gate.id] for one in report.records if one.outcomes.get(gate.id)]
    failing = [outcome for outcome in failing if outcome.is_failure]
    found = [finding for outcome in failing for finding in outcome.findings]
    assert found
    for finding in found:
        text = example[finding.path.removeprefix("docs/")]
        assert 1 <= finding.line <= text.count("\n") + 1
        assert finding.message
        assert finding.hint
        assert finding.gate is gate


def test_ids_and_codes_are_well_formed_and_unique() -> None:
    """A gate's id is in kebab-case, its code is GP and three digits, and no two gates share either."""
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", gate.id) for gate in GATES)
    assert all(re.fullmatch(r"GP[0-9]{3}", gate.code) for gate in GATES)
    assert len({gate.id for gate in GATES}) == len(GATES)
    assert len({gate.code for gate in GATES}) == len(GATES)


def test_codes_never_change() -> None:
    """A code is permanent: waivers, policies and old reports name it."""
    assert {gate.code: gate.id for gate in GATES} == {
        "GP001": "schema-valid",
        "GP002": "id-unique",
        "GP003": "links-resolve",
        "GP004": "links-agree",
        "GP005": "lifecycle-legal",
        "GP006": "accepted-immutable",
        "GP007": "waivers-sound",
        "GP008": "policy-sound",
        "GP101": "in-scope",
        "GP102": "scope-explicit",
        "GP113": "record-complete",
        "GP103": "tradeoffs-evaluated",
        "GP104": "evidence-backed",
        "GP105": "rollout-and-rollback",
        "GP106": "risks-owned",
        "GP107": "follow-ups-accountable",
        "GP108": "verification-measurable",
        "GP109": "dry-run-passed",
        "GP110": "contract-conformant",
        "GP111": "links-current",
        "GP112": "nothing-overdue",
        "GP201": "stages-reproducible",
        "GP202": "promotion-gated",
        "GP301": "risk-within-policy",
    }


def test_every_page_belongs_to_a_gate() -> None:
    """No page describes a gate that does not exist."""
    pages = {page.name.removesuffix(".md") for page in files("gatepost.gates").iterdir() if page.name.endswith(".md")}
    assert pages == {module_name(gate) for gate in GATES}


@each_gate
def test_what_the_page_says_about_waivers_is_so(gate: Gate) -> None:
    """A gate that no waiver sets aside says so on its page, and only such a gate does."""
    assert sections(page_of(gate))["How to waive"].strip().startswith("Not at all") == (gate.id in NEVER_WAIVED)

"""What the guide shows is a log that passes, and each field that exists is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from guide_pages import GUIDE, PAGES, blocks, prose, titled, write_files

from gatepost.book import read_text
from gatepost.book.entry import Entry, read_entry
from gatepost.check import Report, check_project
from gatepost.gates import GATES
from gatepost.records import ID_IN_PROSE, KINDS, Checklist, Decision, Evidence, FollowUp, Pipeline, Policy, Risk, Stage
from gatepost.records.checklist import Item
from gatepost.records.expressions import (
    parse_actions,
    parse_condition,
    parse_duration,
    parse_rollout_step,
)
from gatepost.records.policy import EvidencePolicy, HistoryPolicy, TierPolicy, WaiverPolicy
from gatepost.records.risk import Escalation
from gatepost.sources import find_project
from trees import TODAY, git

LOG = ("writing.md", "contract.md", "policies.md")
RECORDS = [block for page in PAGES for block in blocks(page) if block.language == "markdown" and block.title]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Give the report on the log that three pages of the guide make together."""
    root = tmp_path_factory.mktemp("log")
    write_files(root, titled(*LOG))
    git(root, "init", "-q")
    git(root, "add", "--all")
    return check_project(find_project(root), TODAY)


def page(name: str) -> str:
    """Give the text of a page of the guide."""
    return (GUIDE / name).read_text(encoding="utf-8")


def keys_of(*models: type) -> list[str]:
    """Give the frontmatter keys of some models."""
    return [field.alias or name for model in models for name, field in model.model_fields.items()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("block", RECORDS, ids=lambda block: block.place)
def test_each_record_shown_parses(block) -> None:  # noqa: ANN001 - pytest hands over a block
    """A block of Markdown with a title is a record that can be read."""
    read = read_entry(read_text(block.title, block.text))

    assert isinstance(read, Entry), getattr(read, "faults", "no record at all")


def test_the_log_of_the_guide_has_no_finding(log: Report) -> None:
    """The records that the guide shows pass every gate together; nothing of theirs is run, and so advised."""
    assert [(one.message, one.effect) for one in log.findings] == [
        ("no dry run of this contract was executed", "advise")
    ]
    assert log.passed
    assert log.unread == 0


def test_the_log_of_the_guide_has_every_kind_of_record(log: Report) -> None:
    """Each kind of record has a complete example."""
    assert {record.entry.kind for record in log.records} == set(KINDS)


def test_the_example_evidence_is_bound_to_a_number(log: Report) -> None:
    """The decision that the guide shows meets `evidence-backed` by being asked, not by being left alone."""
    assert log.of("ADR-1").outcomes["evidence-backed"].state == "pass"  # type: ignore[union-attr]
    assert log.of("ADR-1").outcomes["rollout-and-rollback"].state == "pass"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("writing.md", keys_of(Decision, Evidence, Escalation, Item)),
        ("writing.md", [key for model in (Risk, FollowUp, Checklist) for key in model.field_keys()]),
        ("contract.md", keys_of(Stage)),
        ("contract.md", keys_of(Pipeline)),
        ("policies.md", keys_of(Policy, TierPolicy, EvidencePolicy, WaiverPolicy, HistoryPolicy)),
    ],
)
def test_each_field_is_in_the_guide(name: str, keys: list[str]) -> None:
    """The page about a record names each of its fields: in a code span, or as a key of an example."""
    text = page(name)
    missing = [key for key in keys if not re.search(rf"`{re.escape(key)}`|(?<![\w-]){re.escape(key)}:", text)]

    assert set(missing) <= ({"waivers", "reviewed"} if name != "writing.md" else set())


def test_each_policy_key_has_a_heading() -> None:
    """Each key of the policy is in a heading of its page, and no heading names a key that does not exist."""
    headings = set(re.findall(r"`([\w-]+)`", "\n".join(re.findall(r"^## (.*)$", page("policies.md"), re.MULTILINE))))

    assert headings == Policy.field_keys() - {"kind", "title", "waivers", "reviewed"}


@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("accepted-exposure", "low 12, medium 9, high 6"),
        ("minimum", f"`{EvidencePolicy().minimum}`"),
        ("minimum-production", f"`{EvidencePolicy().minimum_production}`"),
        ("max-age-days", str(EvidencePolicy().max_age_days)),
        ("max-days", str(WaiverPolicy().max_days)),
    ],
)
def test_defaults_in_the_guide_are_the_real_ones(key: str, default: str) -> None:
    """The last cell of a key's row is its default."""
    row = next(line for line in page("policies.md").splitlines() if line.startswith(f"| `{key}`"))

    assert row.rstrip("| ").rsplit("|", 1)[1].strip() == default


def test_default_thresholds_are_the_real_ones() -> None:
    """The thresholds that the guide states are those of a log without a policy."""
    policy = Policy(title="none")

    assert [policy.tier(tier).accepted_exposure for tier in ("low", "medium", "high")] == [12, 9, 6]  # type: ignore[arg-type]
    assert f"The default is {policy.warn_days}." in page("policies.md")


def test_the_kinds_of_evidence_are_listed() -> None:
    """Each kind of evidence is named."""
    kinds = Evidence.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]

    assert [kind for kind in kinds if f"`{kind}`" not in page("writing.md")] == []


def table(name: str, heading: str) -> list[list[str]]:
    """Give the rows of the first table below a heading, without its head."""
    below = page(name).split(f"\n## {heading}\n", 1)[1]
    rows = [line for line in below.split("\n\n## ", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_example_conditions_parse() -> None:
    """Each condition that the grammar's table shows is one."""
    rows = table("contract.md", "Conditions")

    assert len(rows) == 6
    assert [str(parse_condition(row[0].strip("`"))) for row in rows] == [row[0].strip("`") for row in rows]


@pytest.mark.parametrize(
    ("what", "parse"),
    [("duration", parse_duration), ("actions", parse_actions), ("rollout step", parse_rollout_step)],
)
def test_example_expressions_parse(what: str, parse) -> None:  # noqa: ANN001 - one of three parsers
    """Each example of a one-line grammar is read by its parser."""
    (row,) = (row for row in table("contract.md", "Durations, actions, rollout steps") if row[0] == what)
    examples = re.findall(r"`([^`]+)`", row[2])

    assert examples
    assert [str(parse(example)) for example in examples] == examples


TRAPS = [re.findall(r"`([^`]+)`", row[0])[0] for row in table("writing.md", "YAML traps") if row[0].startswith("`")]


@pytest.mark.parametrize("line", TRAPS)
def test_yaml_traps_are_refused(line: str) -> None:
    """What the table of traps shows is a fault with a hint, never another value."""
    (fault,) = read_text("record.md", f"---\n{line}\n---\ntext\n").faults

    assert fault.hint


def test_the_traps_with_a_message_of_their_own_have_one() -> None:
    """The comparison sign at the start of a value is explained as what it is."""
    (fault,) = read_text("record.md", "---\noperator: >=\n---\n").faults

    assert fault.hint == "put a value that starts with > or | in quotes"


def test_example_waivers_and_escalations_validate() -> None:
    """Each piece of YAML that is meant for a record fits into one."""
    base = {"id": "RISK-1", "title": "A risk", "status": "open", "likelihood": 1, "impact": 1}
    shown = [block for name in ("writing.md", "gates.md") for block in blocks(GUIDE / name) if block.language == "yaml"]
    parts = [yaml.safe_load(block.text) for block in shown]

    assert len(parts) == 2
    for part in parts:
        assert Risk.model_validate({**base, **part})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_example_id_stands_outside_code(path: Path) -> None:
    """An invented id in prose would become a link to a record of the worked design."""
    assert ID_IN_PROSE.findall(prose(path)) == []


@pytest.mark.parametrize("path", sorted(GUIDE.glob("*.md")), ids=lambda path: path.name)
def test_no_page_of_the_guide_is_taken_for_a_record(path: Path) -> None:
    """The guide is pages, whatever it talks about."""
    assert read_entry(read_text(f"designs/guide/{path.name}", path.read_text(encoding="utf-8"))) is None


def test_the_readme_names_every_gate_under_its_kind() -> None:
    """The table of gates in the README is complete and true."""
    readme = PAGES[-1].read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in readme.splitlines() if line.startswith("| `")]
    said = {gate: kind.strip() for names, kind, *_ in rows for gate in re.findall(r"`([\w-]+)`", names)}
    said = {gate: kind for gate, kind in said.items() if gate in {one.id for one in GATES}}

    assert said == {gate.id: f"{gate.kind}, advice" if gate.enforcement == "advise" else gate.kind for gate in GATES}

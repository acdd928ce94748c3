"""The record of an executed dry run: Markdown with frontmatter for the repository, an in-toto Statement for others.

Source: https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import yaml

from gatepost.records import DryRun
from gatepost.records.dry_run import Probe

__all__ = ["render_record", "render_statement"]

_PREDICATE: Final = "https://in-toto.io/attestation/test-result/v0.1"
_NUMBER: Final = re.compile(r"[-+.\d][\d.eE_:+-]*\Z")
_MARKS: Final = {ord(sign): f"&#{ord(sign)};" for sign in "&<|`*{}[]\\"}
"""What Markdown, a table or a template would take for a mark."""
_STATEMENT: Final = "https://in-toto.io/Statement/v1"


class _Dumper(yaml.SafeDumper):
    """Quotes each text that any version of YAML would read as a number: `1e-06` is one in 1.2."""


def _as_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "'" if _NUMBER.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _as_text)


def render_record(record: DryRun, summary: str, gaps: Sequence[str] = ()) -> str:
    """Give the record as a Markdown file with frontmatter.

    Args:
        record: what was found.
        summary: how much was run, in one sentence.
        gaps: what could not be looked at, in sentences.
    """
    data = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    front = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return f"---\n{front}---\n\n" + "\n\n".join(_body(record, summary, gaps)) + "\n"


def _body(record: DryRun, summary: str, gaps: Sequence[str]) -> Iterator[str]:
    yield f"# {_text(record.title or 'Dry run')}"
    where = f"commit {record.commit[:12]}" if record.commit else "files that were not committed"
    text = f"{summary}. It ran {where} with {record.tool}, {record.platform}."
    yield f"**{record.result.capitalize()}.** {_text(text)}"
    yield from map(_text, gaps)
    failed = [(one.branch, one.expected or "", one.outcome) for one in record.branches if not one.passed]
    if failed:
        yield "## What differs\n\n" + _table(("Branch", "Promised", "Found"), failed)
    ends = Counter((one.expected or one.outcome, one.production or "") for one in record.branches if one.passed)
    rows = [(str(number), end, production) for (end, production), number in ends.items()]
    yield "## Branches that ended as promised\n\n" + _table(("Branches", "End", "Users get"), rows)
    if record.repeated:
        found = [(one.artifact, one.stage, one.claim, _said(one.found, one.passed)) for one in record.repeated]
        head = ("Artifact", "Stage", "Claim", "Found")
        yield "## Two clean runs\n\n" + _runs(record) + "\n\n" + _table(head, found)
    if record.probes:
        yield "## Limits\n\n" + _table(("Gate", "Condition", "Tried at", "Agree"), _limits(record))
    if record.refusals:
        yield "## Nothing to go by\n\n" + _table(("Stage", "Without", "Answer"), _refusals(record))
    if record.not_probed:
        untried = [(one.gate, one.condition, one.reason) for one in record.not_probed]
        yield "## Not probed\n\n" + _table(("Gate", "Condition", "Why"), untried)
    if record.not_executed:
        why = Counter(one.reason for one in record.not_executed)
        reasons = [(str(number), reason) for reason, number in why.items()]
        yield "## Not executed\n\n" + _table(("Branches", "Why"), reasons)


def _runs(record: DryRun) -> str:
    runs = [f"hash seed {one.hash_seed}, time zone {one.time_zone}: {one.outcome}" for one in record.clean_runs]
    return _text("; ".join(runs)) + "."


def _said(found: str, passed: bool) -> str:  # noqa: FBT001 - a pair from a record
    return found if passed else f"differs: {found}"


def _limits(record: DryRun) -> Iterator[tuple[str, ...]]:
    tried: dict[tuple[str, str], list[Probe]] = {}
    for one in record.probes:
        tried.setdefault((one.gate, one.condition), []).append(one)
    for (gate, condition), probes in tried.items():
        wrong = [f"{one.outcome} at {one.value}" for one in probes if not one.passed]
        own = ", judged by Gatepost" if probes[0].by == "gatepost" else ""
        agree = f"differs: {', '.join(wrong)}" if wrong else f"{len(probes)} of {len(probes)}{own}"
        asked = condition if probes[0].calls_for == "pass" else f"rolled back when {condition}"
        yield gate, asked, ", ".join(one.value for one in probes), agree


def _refusals(record: DryRun) -> Iterator[tuple[str, ...]]:
    for one in record.refusals:
        paths = ", ".join(one.paths)
        named = f"{paths}, each number null" if one.how == "null" else f"{paths} ({one.how})"
        yield one.stage, named, one.outcome if one.required else f"{one.outcome}, which it may"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(map(_text, row))} |" for row in (head, ["---"] * len(head), *rows))


def _text(text: str) -> str:
    """Give text that a table, and a page, shows as it is."""
    return text.replace("\n", " ").translate(_MARKS)


def render_statement(record: DryRun) -> str:
    """Give the record as an in-toto Statement with the test-result predicate."""
    named = {one.branch: one.passed for one in record.branches}
    named.update({f"{one.stage} repeats {one.artifact}": one.passed for one in record.repeated})
    named.update({f"{one.gate}: {one.condition} at {one.value}": one.passed for one in record.probes})
    asked = (one for one in record.refusals if one.required)
    named.update({f"{one.stage} refuses {', '.join(one.paths)} {one.how}": one.passed for one in asked})
    statement: dict[str, Any] = {
        "_type": _STATEMENT,
        "subject": [
            {"name": f"{record.design}/pipeline", "digest": {"sha256": record.contract_sha256}},
            *({"name": one.path, "digest": {"sha256": one.sha256}} for one in record.files),
        ],
        "predicateType": _PREDICATE,
        "predicate": {
            "result": record.result.upper(),
            "configuration": [{"name": f"{record.design}/pipeline", "digest": {"sha256": record.contract_sha256}}],
            "passedTests": [name for name, passed in named.items() if passed],
            "failedTests": [name for name, passed in named.items() if not passed],
        },
    }
    return json.dumps(statement, indent=2, ensure_ascii=False) + "\n"

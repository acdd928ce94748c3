"""Honest edits of the worked designs: each changes the contract, and the real definition and other records with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import frontmatter
from mutants import honest_edits
from shipped import ROOT, data_of, page_of

__all__ = ["Edit", "edits"]

SOURCE: Final = {"churn-batch": "dvc.yaml", "fraud-realtime": "workflow.yaml", "ticket-routing": "dag.py"}
FIRST: Final = {"churn-batch": "ingest", "fraud-realtime": "ingest", "ticket-routing": "curate"}
RUN: Final = "python pipeline/pipeline.py"


class Edit(NamedTuple):
    """One honest edit, as the files that it changes."""

    design: str
    what: str
    versions: dict[str, str]
    needs_a_dry_run: bool
    """Whether what a dry run tries has changed, so that another one is due."""


def edits(design: str) -> Iterator[Edit]:
    """Give the honest edits of a design."""
    data, definition = data_of(design), _read(f"designs/{design}/{SOURCE[design]}")
    simple = dict(honest_edits(data))
    for what in ("reorder", "describe", "another title"):
        yield _edit(design, what, simple[what], {}, needs_a_dry_run=False)
    yield _edit(design, "a stricter gate", simple["a stricter gate"], {})
    more = {"a longer time-out": _longer, "rename a stage": _renamed, "one more promotion, to a rehearsal": _promoted}
    for what, change in {**more, "one more external data set": _fed}.items():
        yield _edit(design, what, *change(design, data, definition))


def _edit(
    design: str, what: str, data: Mapping[str, Any], others: Mapping[str, str], *, needs_a_dry_run: bool = True
) -> Edit:
    folder = f"designs/{design}"
    prose = _read(f"{folder}/pipeline.md").split("---", 2)[2]
    versions = {f"{folder}/{path}": text for path, text in others.items()}
    return Edit(design, what, {f"{folder}/pipeline.md": page_of(data, prose), **versions}, needs_a_dry_run)


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


Changed = tuple[dict[str, Any], dict[str, str]]


def _replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def _longer(design: str, data: dict[str, Any], definition: str) -> Changed:
    """Give every stage that says nothing else twice as long; DVC has no time-outs."""
    minutes = int(data["defaults"]["timeout"].removesuffix("m"))
    made = {**data, "defaults": {**data["defaults"], "timeout": f"{2 * minutes}m"}}
    pairs = {
        "churn-batch": (),
        "fraud-realtime": (("activeDeadlineSeconds: 600", "activeDeadlineSeconds: 1200"),),
        "ticket-routing": (
            ('"execution_timeout": dt.timedelta(minutes=5)', '"execution_timeout": dt.timedelta(minutes=10)'),
        ),
    }[design]
    return made, {SOURCE[design]: _replaced(definition, *pairs)}


def _renamed(design: str, data: dict[str, Any], definition: str) -> Changed:
    """Give the first stage another name, wherever it has one: contract, definition, decisions. Its command stays."""
    old, new = FIRST[design], "take-in"
    made = {**data, "stages": {new if key == old else key: stage for key, stage in data["stages"].items()}}
    pairs = {
        "churn-batch": ((f"  {old}:\n", f"  {new}:\n"),),
        "fraud-realtime": ((f"- name: {old}\n", f"- name: {new}\n"), (f"depends: {old}", f"depends: {new}")),
        "ticket-routing": ((f'task_id="{old}"', f'task_id="{new}"'),),
    }[design]
    decisions = {}
    for path in sorted((ROOT / "designs" / design / "decisions").glob("*.md")):
        page = frontmatter.loads(_read(path.relative_to(ROOT).as_posix()))
        if old in page.metadata.get("stages", ()):
            page.metadata["stages"] = [new if one == old else one for one in page.metadata["stages"]]
            decisions[f"decisions/{path.name}"] = page_of(page.metadata, page.content)
    return made, {SOURCE[design]: _replaced(definition, *pairs), **decisions}


def _promoted(design: str, data: dict[str, Any], definition: str) -> Changed:
    """Promote the bundle to a rehearsal, too, which is no production."""
    made = dict(honest_edits(data))["one more promotion, to a rehearsal"]
    made["stages"]["rehearse-promotion"]["run"] = f"{RUN} rehearse-promotion"
    task = """\
          - name: rehearse-promotion
            template: compute
            depends: package
            arguments: {parameters: [{name: stage, value: rehearse-promotion}]}
"""
    operator = f'    rehearsal = BashOperator(task_id="rehearse-promotion", bash_command="{RUN} rehearse-promotion")\n'
    changed = {
        "churn-batch": lambda: (
            f"{definition}  rehearse-promotion:\n    cmd: {RUN} rehearse-promotion\n    deps: [out/bundle.json]\n"
        ),
        "fraud-realtime": lambda: _replaced(
            definition, ("          - name: observe\n", f"{task}          - name: observe\n")
        ),
        "ticket-routing": lambda: _replaced(
            definition,
            ("    curate >> [", f"{operator}\n    curate >> ["),
            ("    observe >> watch\n", "    observe >> watch\n    package >> rehearsal\n"),
        ),
    }[design]()
    return made, {SOURCE[design]: changed}


def _fed(design: str, data: dict[str, Any], definition: str) -> Changed:
    """Read one more file from outside; only DVC says what its stages read."""
    path, first = "pipeline/data/calendar.csv", FIRST[design]
    made = dict(honest_edits(data))["one more external data set"]
    made["artifacts"]["calendar"]["path"] = path
    if design == "churn-batch":
        definition = re.sub(r"deps: \[(pipeline/data/extract.csv)", rf"deps: [\1, {path}", definition, count=1)
        assert path in definition
    assert "calendar" in made["stages"][first]["in"]
    return made, {SOURCE[design]: definition, path: "day\n2026-11-01\n"}

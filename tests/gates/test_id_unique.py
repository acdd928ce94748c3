"""`id-unique`: one id, one record."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, edited, messages

ADR3 = "churn/decisions/0003-logistic-regression.md"
ADR4 = "churn/decisions/0004-retrain-daily.md"


@pytest.mark.parametrize("spelling", ["ADR-0003", "ADR-3", "ADR-00003"])
def test_an_id_is_its_number(spelling: str, tmp_path: Path) -> None:
    """Leading zeros do not make another id."""
    report = checked(tmp_path, edited(clean_log(), ADR4, "id: ADR-0004", f"id: {spelling}"))
    assert messages(report) == [f"id-unique docs/{ADR4}:2: the id {spelling} is taken by docs/{ADR3}"]
    assert report.findings[0].hint == "give one of them the next free number, and mend what names it"


def test_the_first_by_path_keeps_the_id(tmp_path: Path) -> None:
    """Of three records with one id the first is met and the other two are findings."""
    files = clean_log()
    files |= {f"churn/decisions/{name}.md": files[ADR4] for name in ("0005-a", "0006-b")}
    report = checked(tmp_path, files)
    assert [one.path for one in report.findings] == ["docs/churn/decisions/0005-a.md", "docs/churn/decisions/0006-b.md"]


def test_an_id_is_unique_across_designs(tmp_path: Path) -> None:
    """Another design does not have its own numbers."""
    files = clean_log()
    other = (
        files["churn/index.md"].replace("id: churn", "id: fraud").replace("[the contract](pipeline.md)", "a contract")
    )
    report = checked(tmp_path, {**files, "fraud/index.md": other, "fraud/decisions/0004-again.md": files[ADR4]})
    assert messages(report) == [
        f"id-unique docs/fraud/decisions/0004-again.md:2: the id ADR-0004 is taken by docs/{ADR4}"
    ]


def test_a_record_that_cannot_be_read_still_holds_its_id(tmp_path: Path) -> None:
    """A copy of a broken record is told apart from it now, not after it was mended."""
    files = edited(clean_log(), ADR3, "title: Train", "title: a: Train")
    files["churn/decisions/0009-copy.md"] = files[ADR4].replace("id: ADR-0004", "id: ADR-0003")
    report = checked(tmp_path, files)
    assert [one.gate.id for one in report.findings] == ["schema-valid", "id-unique"]


def test_supersessions_of_a_duplicate_are_not_judged(tmp_path: Path) -> None:
    """A copied decision is one finding, although both copies claim to supersede another."""
    files = clean_log()
    files["churn/decisions/0007-copy.md"] = files["churn/decisions/0002-batch-scoring.md"]
    report = checked(tmp_path, files)
    assert [one.gate.id for one in report.findings] == ["id-unique"]


@pytest.mark.parametrize(("path", "kind"), [("churn/pipeline.md", "pipeline"), ("churn/checklist.md", "checklist")])
def test_a_design_has_one_contract_and_one_checklist(path: str, kind: str, tmp_path: Path) -> None:
    """A second contract or checklist of a design is named as such, not as a number that is taken."""
    files = clean_log()
    copied = files[path].replace("CHK-1", "CHK-11").replace("CHK-2", "CHK-12")
    report = checked(
        tmp_path,
        {
            **files,
            f"churn/zz-{kind}.md": f"---\nkind: {kind}\n" + copied.removeprefix("---\n").replace(f"kind: {kind}\n", ""),
        },
    )
    assert messages(report) == [
        f"id-unique docs/churn/zz-{kind}.md:2: the design churn has a {kind} already: docs/{path}",
    ]


def test_two_designs_of_one_name_are_one_finding(tmp_path: Path) -> None:
    """A copied design is told once, and not again by what hangs on its name."""
    files = clean_log()
    copied = {"other/index.md": files["churn/index.md"], "other/pipeline.md": files["churn/pipeline.md"]}
    report = checked(tmp_path, {**files, **copied, "other/requirements.lock": "numpy==2.1.3\n"})
    assert messages(report) == ["id-unique docs/other/index.md:4: the id churn is taken by docs/churn/index.md"]
    assert report.findings[0].hint == "give one of them another name, and mend what names it"


def test_history_keeps_its_ids_too(tmp_path: Path) -> None:
    """An integrity gate holds in every status: a rejected decision may not share an id."""
    report = checked(tmp_path, edited(clean_log(), ADR4, "id: ADR-0004", "id: ADR-0001"))
    assert [(one.path, one.effect) for one in report.findings] == [(f"docs/{ADR4}", "block")]


@pytest.mark.parametrize("item", ["ADR-0009", "RISK-0009"])
def test_an_item_does_not_take_the_id_of_another_kind(item: str, tmp_path: Path) -> None:
    """An item called like a decision would let links to that decision resolve; its checklist cannot be read."""
    files = edited(clean_log(), "churn/checklist.md", "id: CHK-1\n", f"id: {item}\n")
    report = checked(tmp_path, files)
    assert [one.message for one in report.findings] == [f"id is {item}, but this is an item"]


def test_items_of_two_checklists_do_not_share_an_id(tmp_path: Path) -> None:
    """CHK-1 of another design is another item, and needs another number."""
    files = clean_log()
    design = (
        files["churn/index.md"].replace("id: churn", "id: fraud").replace("[the contract](pipeline.md)", "a contract")
    )
    item = "{id: CHK-1, criterion: It runs, command: make, expect: ok}"
    text = f"---\nkind: checklist\ntitle: Fraud\nitems:\n  - {item}\n---\n"
    report = checked(tmp_path, {**files, "fraud/index.md": design, "fraud/checklist.md": text})
    assert messages(report) == [
        "id-unique docs/fraud/checklist.md:5: the id CHK-1 is taken by an item of docs/churn/checklist.md",
    ]

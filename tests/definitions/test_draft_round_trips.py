"""A contract exported and drafted back: what the tool has a place for comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from gatepost.book import read_document
from gatepost.definitions import compare, read_definition
from gatepost.definitions.draft import draft
from gatepost.definitions.export import EXPORTS
from gatepost.definitions.promised import promised
from gatepost.pipeline import Contract
from gatepost.records import Pipeline

DESIGNS = Path(__file__).parents[2] / "designs"
NAMES = sorted(path.parent.name for path in DESIGNS.glob("*/pipeline.md"))


def there_and_back(data: dict[str, Any], kind: str, folder: str) -> tuple[Contract, Contract]:
    """Give a contract, and what is drafted from the skeleton that it is written as."""
    path = f"{folder}/dvc.yaml" if kind == "dvc" else ".github/workflows/release.yml"
    stages = {name: {key: said for key, said in one.items() if key != "impl"} for name, one in data["stages"].items()}
    record = Pipeline.model_validate({**data, "stages": stages, "source": {"kind": kind, "path": path}})
    workdir = record.workdir or folder
    assert record.source is not None
    place = f"{workdir}/dvc.yaml" if kind == "dvc" else path
    text = EXPORTS[kind](Contract(record), workdir)
    found = read_definition(record.source, place, text.encode(), lambda _: None)
    back = Pipeline.model_validate(yaml.safe_load(draft(found, folder, record.title)))
    assert [one.message for one in compare(back, found, folder).differences] == []
    assert (back.workdir or folder) == workdir
    return Contract(record), Contract(back)


def order(contract: Contract, names: list[str]) -> set[tuple[str, str]]:
    """Give which of some stages come before which."""
    return {(one, name) for name in names for one in contract.graph.ancestors(name) if one in names}


def answers(contract: Contract, name: str) -> set[str]:
    """Give the commands that answer a stage, when it fails or rejects."""
    return {command for one in promised(contract, contract.promises[name]) for command in one.commands}


def given(name: str) -> dict[str, Any]:
    """Give the frontmatter of a worked design's contract."""
    path = DESIGNS / name / "pipeline.md"
    return dict(read_document(str(path), path.read_bytes()).data or {})


@pytest.mark.parametrize("kind", sorted(EXPORTS))
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("workdir", [None, "services/scores"])
def test_commands_order_and_folder_come_back(name: str, kind: str, workdir: str | None) -> None:
    """Each stage with its command, what comes before it, and the folder that all of them run in."""
    data = {**given(name), **({"workdir": workdir} if workdir else {})}
    contract, back = there_and_back(data, kind, f"designs/{name}")
    names = [one for one in contract.graph.order if contract.promises[one].stage.run is not None]
    assert {one: back.promises[one].stage.run for one in back.promises} == {
        one: contract.promises[one].stage.run for one in names
    }
    assert order(back, names) == order(contract, names)


@pytest.mark.parametrize("name", NAMES)
def test_answers_come_back_from_a_workflow(name: str) -> None:
    """Handlers, where a promotion goes and how it is undone, and which stage is answered with which command."""
    contract, back = there_and_back(given(name), "github-actions", f"designs/{name}")
    assert back.record.handlers == contract.record.handlers
    for one in contract.promotions:
        mine, theirs = one.stage.rollback, back.promises[one.name].stage.rollback
        assert (mine and mine.run) == (theirs and theirs.run), one.name
    assert {one: stage.to for one, stage in back.record.stages.items() if stage.to} == {
        one: stage.to for one, stage in contract.record.stages.items() if stage.to
    }
    assert [one.name for one in back.promotions] == [one.name for one in contract.promotions]
    for one in back.promises:
        assert answers(back, one) == answers(contract, one), one


@pytest.mark.parametrize("name", NAMES)
def test_a_lockfile_comes_back_from_dvc(name: str) -> None:
    """Every stage depends on it, so it is what all of them run in."""
    contract, back = there_and_back(given(name), "dvc", f"designs/{name}")
    assert back.record.defaults.environment == contract.record.defaults.environment

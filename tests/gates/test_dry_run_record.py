"""The committed record of an executed dry run, one thing in it changed: it is held to itself and to today."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, NamedTuple

import frontmatter
import pytest
import yaml

from effort import first
from gatepost.check import Finding
from trees import check_tree, findings, git

GATE: Final = "dry-run-passed"
ROOT: Final = Path(__file__).parents[2]
NAME: Final = "churn-batch"
COMMITTED: Final = max((ROOT / "designs" / NAME / "evidence/dry-runs").glob("*.md"))
DAY: Final = dt.date.fromisoformat(COMMITTED.name[:10])
Data = dict[str, Any]


class Log(NamedTuple):
    """A repository with the churn design: nothing of it in the first commit, all of it in the second."""

    root: Path
    first: str
    second: str

    @property
    def design(self) -> Path:
        """The folder of the design."""
        return self.root / "docs" / NAME

    def told(self, change: Callable[[Data], object] = lambda _data: None, policy: str = "require") -> list[Finding]:
        """Check the log with the committed record, changed."""
        data = deepcopy(frontmatter.load(str(COMMITTED)).metadata)
        data["commit"] = self.second
        change(data)
        record = self.design / "evidence/dry-runs" / COMMITTED.name
        record.parent.mkdir(parents=True, exist_ok=True)
        front = yaml.dump(data, Dumper=Quoted, sort_keys=False, allow_unicode=True, width=10**6)
        record.write_text(f"---\n{front}---\n\n# Dry run\n", encoding="utf-8")
        text = f"---\nkind: policy\ntitle: P\ndry-run: {{executed: {policy}}}\n---\n\n# P\n"
        (self.root / "docs/policy.md").write_text(text, encoding="utf-8")
        return findings(check_tree(self.root, DAY), GATE)


class Quoted(yaml.SafeDumper):
    """Quotes text that some version of YAML takes for a number."""


def _as_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_number = text[:1] in set("-+.0123456789") and len(text) < 64
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if is_number else None)


Quoted.add_representer(str, _as_text)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Commit a copy of the design."""
    root = tmp_path_factory.mktemp("log")
    (root / "mkdocs.yml").write_text("site_name: x\nplugins: [gatepost]\n", encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    commits = []
    for folder in ("", f"docs/{NAME}"):
        if folder:
            ignored = shutil.ignore_patterns("out", "__pycache__", "dry-runs")
            shutil.copytree(ROOT / "designs" / NAME, root / folder, ignore=ignored)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "A version")
        commits.append(git(root, "rev-parse", "HEAD").strip())
    return Log(root, *commits)


@pytest.fixture
def log(template: Log, tmp_path: Path) -> Log:
    """Give a copy of the repository for one test."""
    root = tmp_path / "log"
    shutil.copytree(template.root, root)
    return template._replace(root=root)


def test_the_record_as_it_is_committed_counts(log: Log) -> None:
    """Nothing is told of it, whatever the policy asks."""
    assert [one.message for one in (*log.told(), *log.told(policy="advise"))] == []


def _flip_branch(data: Data) -> None:
    data["branches"][5] |= {"passed": False, "outcome": "out/production.json has changed"}


def _other_end(data: Data) -> None:
    data["branches"][2] |= {"outcome": "rolled-back"}


def _agreed_end(data: Data) -> None:
    data["branches"][2] |= {"outcome": "rolled-back", "expected": "rolled-back"}


def _cut(data: Data) -> None:
    data.update({"branches": data["branches"][:1], "probes": [], "not-executed": []})


def _cut_and_counted(data: Data) -> None:
    _cut(data)
    data.update(simulated=0, executed=0, agreeing=0)


def _not_executed(data: Data) -> None:
    data["not-executed"] += [{"branch": one["branch"], "reason": "x"} for one in data["branches"][1:]]
    data["branches"] = data["branches"][:1]


def _not_executed_and_counted(data: Data) -> None:
    _not_executed(data)
    data.update(executed=0)


def _not_probed_and_counted(data: Data) -> None:
    asked = {(one["gate"], one["condition"]): None for one in data["probes"]}
    data["not-probed"] = [{"gate": gate, "condition": condition, "reason": "x"} for gate, condition in asked]
    data.update(probes=[], agreeing=0)


def _untold_limit(data: Data) -> None:
    data["probes"] = [one for one in data["probes"] if one["condition"] != "auc >= 0.72"]
    data["agreeing"] = len(data["probes"])


def _without_the_wrong_side(data: Data) -> None:
    data["probes"] = [one for one in data["probes"] if (one["condition"], one["value"]) != ("auc >= 0.72", "0.719999")]
    data["agreeing"] = len(data["probes"])


def _another_limit(data: Data) -> None:
    for one in data["probes"]:
        one["condition"] = one["condition"].replace("auc >= 0.72", "auc >= 0.71")


def _unrepeated(data: Data) -> None:
    data.update(repeated=data["repeated"][1:], repeating=data["repeating"] - 1)


def _twice(data: Data) -> None:
    data["branches"][2] = dict(data["branches"][1])


REFUSAL: Final = {
    "stage": "data-gate",
    "kind": "gate",
    "paths": ["out/profile.json"],
    "how": "absent",
    "outcome": "rejects",
    "passed": True,
}
FALSE: Final[dict[str, tuple[Callable[[Data], object], str, str]]] = {
    "a branch that did not pass": (_flip_branch, "branches.5", "is said to have passed, but"),
    "a branch that ended otherwise": (_other_end, "branches.2", "ended in rolled-back"),
    "a branch that ended otherwise, as expected": (_agreed_end, "branches", "and the contract promises halted"),
    "a probe that did not agree": (
        lambda data: data["probes"][0].update(passed=False, outcome="reject"),
        "probes.0",
        "gave reject",
    ),
    "a probe that agreed with something else": (
        lambda data: data["probes"][0].update(outcome="reject"),
        "probes.0",
        "",
    ),
    "an artifact that does not repeat": (lambda data: data["repeated"][2].update(passed=False), "repeated.2", ""),
    "a clean run that failed": (
        lambda data: data["clean-runs"][1].update(outcome="train crashes"),
        "clean-runs.1",
        "train crashes",
    ),
    "one clean run": (lambda data: data["clean-runs"].pop(), "clean-runs", "has 1 runs without a fault"),
    "one branch, no probes": (_cut, "executed", "counts 128, and lists 0"),
    "one branch, no probes, all counted": (
        _cut_and_counted,
        "branches",
        "says nothing of `ingest fail, recovered` and 137 more",
    ),
    "no probes": (lambda data: data.update(probes=[], agreeing=0), "probes", "did not try rows >= 1500 of data-gate"),
    "one limit that was not tried": (_untold_limit, "probes", "did not try auc >= 0.72 of quality-gate, which"),
    "a limit without its wrong side": (_without_the_wrong_side, "probes", "on both sides of it"),
    "another limit": (_another_limit, "probes", "tried auc >= 0.71 of quality-gate, which the contract does not have"),
    "all branches not executed": (_not_executed, "executed", "counts 128, and lists 0"),
    "all branches not executed, all counted": (_not_executed_and_counted, "not-executed", "which nothing keeps"),
    "all limits not probed": (_not_probed_and_counted, "not-probed", "which nothing keeps"),
    "executed miscounted": (lambda data: data.update(executed=138), "executed", "counts 138"),
    "simulated miscounted": (lambda data: data.update(simulated=139), "simulated", "counts 139"),
    "agreeing miscounted": (lambda data: data.update(agreeing=9999), "agreeing", "counts 9999"),
    "repeating miscounted": (lambda data: data.update(repeating=10), "repeating", "counts 10"),
    "a stage that passed with nothing to go by": (
        lambda data: data.update(refusals=[{**REFUSAL, "outcome": "passes"}]),
        "refusals.0",
        "data-gate passes with out/profile.json absent",
    ),
    "refusing miscounted": (
        lambda data: data.update(refusing=1),
        "refusing",
        "counts 1, and lists 17 stages",
    ),
    "no stage that was shown nothing": (
        lambda data: data.update(refusing=1, refusals=[REFUSAL]),
        "refusals",
        "does not say what quality-gate, publish-gate, approve and 1 more answers when what it reads is not there",
    ),
    "one repetition less": (_unrepeated, "repeated", "does not say whether customers of ingest repeats"),
    "no metrics": (lambda data: data.update(metrics={}), "metrics", "does not say what it measured"),
    "one branch twice": (_twice, "branches", "more than once"),
    "no files": (lambda data: data.update(files=[]), "files", "does not name .gitignore"),
    "one file less": (
        lambda data: data.update(files=[one for one in data["files"] if "gates.py" not in one["path"]]),
        "files",
        "does not name pipeline/churn/gates.py, which commit",
    ),
}


@pytest.mark.parametrize("policy", first(["require", "advise"]))
@pytest.mark.parametrize("name", first(FALSE, quick=5))
def test_a_record_that_no_run_leaves_fails_the_gate(name: str, policy: str, log: Log) -> None:
    """What does not agree with itself, or is not whole, blocks whatever the policy asks: place and mend are named."""
    change, place, message = FALSE[name]
    found = log.told(change, policy)
    assert {one.effect for one in found} == {"block"}
    path = f"docs/{NAME}/evidence/dry-runs/{COMMITTED.name}"
    texts = [one.message for one in found]
    assert any(message in text and text.endswith(f"({place} of {path})") for text in texts), texts
    assert {one.hint for one in found} == {f"run `gatepost dry-run {NAME} --execute` and commit its record"}


def _gone(log: Log) -> Iterator[tuple[Callable[[Data], object], str]]:
    yield lambda data: data.update(design="fraud-realtime"), "is of the design fraud-realtime, not of churn-batch"
    yield lambda data: data.update(commit=log.first), f"names commit {log.first[:12]}, which does not have .gitignore,"
    yield lambda data: data["files"][3].update(sha256="0a" * 32), "pipeline/experiments.py changed after the dry run"
    yield lambda data: data.update({"contract-sha256": "0a" * 32}), "the contract changed after the dry run"


@pytest.mark.parametrize("number", range(4))
def test_a_record_of_something_else_counts_no_more(number: int, log: Log) -> None:
    """What an honest team can come to makes the record stale: it fails where one is required, else it is advice."""
    change, message = list(_gone(log))[number]
    for policy, effect in (("require", "block"), ("advise", "advise")):
        (found,) = log.told(change, policy)
        assert message in found.message
        assert found.effect == effect
        assert f"`gatepost dry-run {NAME} --execute`" in str(found.hint)


@pytest.mark.parametrize("commit", [None, "f" * 40])
def test_a_commit_that_is_not_there_is_told(commit: str | None, log: Log) -> None:
    """A run of files on disk names none, and a rebase takes one away: the digests still say what was run."""

    def change(data: Data) -> None:
        data.pop("commit")
        if commit:
            data["commit"] = commit

    (found,) = log.told(change)
    assert found.effect == "advise"
    assert "names no commit" in found.message or "is not in this repository" in found.message


@pytest.mark.parametrize("change", [_cut_and_counted, _untold_limit, _agreed_end])
def test_what_another_version_of_gatepost_walked_is_advice(change: Callable[[Data], object], log: Log) -> None:
    """Another version may have other branches and probes; today's simulation does not make its record false."""

    def by_another(data: Data) -> None:
        change(data)
        data["tool"] = "gatepost 0.0.9"

    found = log.told(by_another)
    assert found
    assert {one.effect for one in found} == {"advise"}
    assert all(one.message.endswith("; it was made by gatepost 0.0.9") for one in found)


def test_another_version_of_gatepost_does_not_excuse_a_contradiction(log: Log) -> None:
    """No version writes that a run has passed of which a part has not."""

    def by_another(data: Data) -> None:
        _flip_branch(data)
        data["tool"] = "gatepost 0.0.9"

    assert [one.effect for one in log.told(by_another)] == ["block"]


def _add(log: Log, path: str) -> None:
    place = log.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("print('new')\n", encoding="utf-8")
    git(log.root, "add", "--all")


@pytest.mark.parametrize("path", ["hashlib.py", "pipeline/churn/hashlib.py", "pipeline/data/more.json"])
def test_a_file_that_a_run_of_today_would_read_makes_the_record_stale(path: str, log: Log) -> None:
    """What was added since was not run: it is told like a file that was changed."""
    _add(log, f"docs/{NAME}/{path}")
    for policy, effect in (("require", "block"), ("advise", "advise")):
        (found,) = log.told(policy=policy)
        assert f"{path} is a file of the pipeline that the dry run of" in found.message
        assert found.effect == effect


@pytest.mark.parametrize("path", ["notes.md", "decisions/9999-more.md", "evidence/load.csv", "../other/x.py"])
def test_new_pages_and_new_evidence_keep_the_record(path: str, log: Log) -> None:
    """No stage reads what a run leaves out, nor what lies elsewhere."""
    _add(log, f"docs/{NAME}/{path}")
    assert [one.message for one in log.told()] == []


def test_what_git_does_not_track_is_no_file_of_the_pipeline(log: Log) -> None:
    """What a stage has left on somebody's disk is in no checkout."""
    (log.design / "left.json").write_text("{}", encoding="utf-8")
    (log.design / "link.py").symlink_to("pipeline/rehearse.py")
    git(log.root, "add", f"docs/{NAME}/link.py")
    assert [one.message for one in log.told()] == []


def test_a_design_that_has_moved_keeps_its_record(log: Log) -> None:
    """The commit has the same files in another folder."""
    shutil.move(log.root / "docs", log.root / "log")
    (log.root / "mkdocs.yml").write_text("site_name: x\ndocs_dir: log\nplugins: [gatepost]\n", encoding="utf-8")
    shutil.copytree(log.root / "log", log.root / "docs")
    moved = log.root / "log" / NAME / "evidence/dry-runs" / COMMITTED.name
    log.told()
    moved.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(log.design / "evidence/dry-runs" / COMMITTED.name, moved)
    shutil.copy(log.root / "docs/policy.md", log.root / "log/policy.md")
    shutil.rmtree(log.root / "docs")
    git(log.root, "add", "--all")
    assert [one.message for one in findings(check_tree(log.root, DAY), GATE)] == []


def test_a_run_that_did_not_see_production_passes_with_advice(log: Log) -> None:
    """Each branch may end well though its rollback does nothing, so the gate says what was not looked at."""

    def unseen(data: Data) -> None:
        for branch in data["branches"]:
            branch["production"] = "not observed"

    (told,) = log.told(unseen)
    assert told.effect == "advise"
    assert "did not see what production serves" in told.message
    assert "as `state` of the environment" in str(told.hint)


@pytest.mark.parametrize(("silent", "where"), [(61, "each branch"), (3, "3 of 61 branches, such as train fail")])
def test_a_run_with_a_silent_handler_passes_with_advice(silent: int, where: str, log: Log) -> None:
    """It may have told somebody without a word, or have been emptied: the gate says which one left no trace."""
    one = {"action": "alert", "silent": silent, "ran": 61, "branch": "train fail"}
    (told,) = log.told(lambda data: data.update(silent=[one]))
    assert told.effect == "advise"
    assert f"saw alert leave no trace on {where}: it printed nothing and changed no file" in told.message
    assert "let it print whom it tells, or say `alert: engine`" in str(told.hint)

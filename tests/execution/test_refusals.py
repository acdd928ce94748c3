"""Shown nothing, a gate does not pass, a monitor calls its handler, and an approval does not say yes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipelines import design, executed, record
from test_honest import CODE, GATED, WATCHED, WATCHING

from effort import first
from gatepost.execution import refusals

SIGNED = GATED.replace(
    "approve: {kind: approval, by: [lead], after: [gate], expires: 24h}",
    "pack: {kind: package, run: python pipeline.py pack, out: [bundle, notes], after: [gate]}\n"
    "  approve: {kind: approval, run: python pipeline.py approve, by: [lead], in: [bundle, notes], expires: 24h}",
).replace(
    "stages:\n",
    "  bundle: {type: package, path: out/bundle.json}\n  notes: {type: report, path: out/notes.txt}\nstages:\n",
    1,
)
"""A model whose approval has a command, which reads what is to be approved."""
PACKS = CODE.replace(
    "def promote",
    'def pack(): (out / "bundle.json").write_text("{}"), (out / "notes.txt").write_text("what is new")\n'
    "def approve(): LOOKS\n"
    "def promote",
    1,
)
BOTH = 'sys.exit(0 if (out / "bundle.json").exists() and (out / "notes.txt").exists() else 10)'


def approved(looks: str, contract: str = SIGNED) -> dict[str, str]:
    """Give a design whose approval looks at what it approves in a way of its own."""
    return design(contract, PACKS.replace("LOOKS", looks))


def test_each_that_decides_is_shown_nothing_and_refuses(tmp_path: Path) -> None:
    """A gate without its metrics, emptied ones too, and an approval without what it approves: all of it is counted."""
    done = executed(tmp_path, approved(BOTH))
    assert record(tmp_path).result == "passed", done.out
    found = record(tmp_path)
    assert [(one.stage, one.paths, one.how, one.outcome) for one in found.refusals if one.required] == [
        ("gate", ("out/metrics.json",), "absent", "crashes with exit code 1"),
        ("gate", ("out/metrics.json",), "empty", "crashes with exit code 1"),
        ("gate", ("out/metrics.json",), "bare", "rejects"),
        ("gate", ("out/metrics.json",), "null", "crashes with exit code 1"),
        ("approve", ("out/bundle.json", "out/notes.txt"), "absent", "rejects"),
    ]
    assert found.refusing == 5
    said = " ".join(done.out.split())
    assert "5 of 5 times a stage refuses when what it reads is not there;" in said
    assert "Not verified: whether approve hears the no of a person; that was set from outside." in said


@pytest.mark.parametrize("looks", first(["pass", 'print("approved")', '(out / "bundle.json").exists()'], quick=0))
def test_an_approval_that_says_yes_with_nothing_to_approve_is_found(looks: str, tmp_path: Path) -> None:
    """Whatever it does instead, it has not looked at what the contract says that it reads."""
    done = executed(tmp_path, approved(looks))
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "DIFFERS approve without out/bundle.json and out/notes.txt it says yes with nothing to approve" in said
    assert "say `after` in place of `in`" in said
    assert record(tmp_path).result == "failed"


@pytest.mark.slow
def test_an_approval_that_reads_one_of_several_passes_and_is_told(tmp_path: Path) -> None:
    """What it reads may name the rest; which of them it said yes without is written down."""
    done = executed(tmp_path, approved('sys.exit(0 if (out / "notes.txt").exists() else 10)'))
    assert record(tmp_path).result == "passed", done.out
    said = " ".join(done.out.split())
    assert "approve said yes though out/bundle.json was absent; it goes by what else it reads." in said
    assert "though out/notes.txt" not in said


@pytest.mark.slow
def test_an_approval_of_the_release_before_is_none_of_this_one(tmp_path: Path) -> None:
    """What an earlier release has left behind is there when a later one is approved, and does not stand for a look."""
    looks = (
        'sys.exit(0 if (out / "yes").exists() or (out / "bundle.json").exists() and not (out / "yes").touch() else 10)'
    )
    done = executed(tmp_path, approved(looks))
    assert done.code == 1
    assert "it says yes with nothing to approve" in " ".join(done.out.split())


@pytest.mark.slow
def test_a_promotion_that_does_not_look_at_what_it_brings_is_told(tmp_path: Path) -> None:
    """It may name what it brings by a tag, so it is not blamed; that it went on without it is written down."""
    unread = SIGNED.replace("    in: [weights]\n    after", "    in: [bundle]\n    after")
    said = "Not verified: whether promote brings what was judged; it went on though out/bundle.json was absent."
    done = executed(tmp_path, approved(BOTH, unread))
    assert record(tmp_path).result == "passed", done.out
    assert said in " ".join(done.out.split())
    reads = approved(BOTH, unread)
    reads["nightly/pipeline.py"] = reads["nightly/pipeline.py"].replace(
        "def promote(): pass", 'def promote(): (out / "bundle.json").read_text()'
    )
    (tmp_path / "reads").mkdir()
    done = executed(tmp_path / "reads", reads)
    assert record(tmp_path).result == "passed", done.out
    assert "brings what was judged" not in " ".join(done.out.split())


@pytest.mark.slow
def test_an_approval_that_looks_elsewhere_says_so_with_after(tmp_path: Path) -> None:
    """A command that asks a register of approvals reads no artifact, and is not blamed: it is told."""
    contract = SIGNED.replace("in: [bundle, notes], expires", "after: [pack], expires")
    done = executed(tmp_path, approved("pass", contract))
    assert record(tmp_path).result == "passed", done.out
    assert "Not verified: whether approve can refuse; a refusal was set from outside." in " ".join(done.out.split())


GATES = {
    "absent": 'exit(0) if not (out / "metrics.json").exists() else None',
    "bare": 'exit(0) if (out / "metrics.json").read_text() == "{}\\n" else None',
    "null": 'exit(0) if "null" in (out / "metrics.json").read_text() else None',
    "empty": 'exit(0) if not (out / "metrics.json").read_text() else None',
}


@pytest.mark.parametrize("how", first(sorted(GATES), quick=0))
def test_a_gate_that_passes_without_its_file_is_found(how: str, tmp_path: Path) -> None:
    """The metric is not only missing in its file: the file is not there, or an interrupted write has left it empty."""
    code = CODE.replace("def gate(): ", f"def gate(): {GATES[how]}; ")
    done = executed(tmp_path, design(GATED, code))
    assert done.code == 1, done.out
    word = {
        "absent": "without out/metrics.json",
        "empty": "with out/metrics.json empty",
        "bare": "with no metric in out/metrics.json",
        "null": "with each metric null in out/metrics.json",
    }[how]
    assert f"DIFFERS gate {word} it passes, and a metric that is not there rejects" in " ".join(done.out.split())


@pytest.mark.slow
def test_a_gate_on_a_file_that_is_no_json_is_shown_nothing_too(tmp_path: Path) -> None:
    """Its metrics cannot be set to another value, and still it must not pass without them."""
    contract, code = GATED.replace("metrics.json", "metrics.csv"), CODE.replace("metrics.json", "metrics.csv")
    done = executed(tmp_path, design(contract, code.replace("def gate(): ", "def gate(): exit(0); ")))
    assert done.code == 1
    assert "gate without out/metrics.csv" in " ".join(done.out.split())


@pytest.mark.slow
def test_a_monitor_that_is_content_without_its_signals_is_found(tmp_path: Path) -> None:
    """What does not see calls its handler."""
    code = WATCHING.replace(
        '    errors = number(read(OUT / "signals.json")',
        '    if not (OUT / "signals.json").exists():\n        return\n    errors = number(read(OUT / "signals.json")',
    )
    assert code != WATCHING
    done = executed(tmp_path, design(WATCHED, code))
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "watch without out/signals.json it is content, and a signal that is not there calls its handler" in said


@pytest.mark.slow
def test_what_waits_for_what_it_reads_has_not_said_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approval that waits until there is something to approve is not waited for in turn."""
    monkeypatch.setattr(refusals, "_PATIENCE", 0.5)
    looks = "[__import__('time').sleep(60) for _ in range(9) if not (out / 'bundle.json').exists()]"
    contract = SIGNED.replace("in: [bundle, notes], expires", "in: [bundle], expires").replace(
        "timeout: 5s", "timeout: 2h"
    )
    done = executed(tmp_path, approved(looks, contract), "--limit", "100s")
    assert record(tmp_path).result == "passed", done.out
    assert [one.outcome for one in record(tmp_path).refusals if one.stage == "approve"] == ["runs out of time"]

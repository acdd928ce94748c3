"""A record says what was not looked at, as plainly as what was."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipelines import CONTRACT, MAKE, PIPELINE, TINY, design, executed, record, repository, tiny

from commands import command
from trees import git

GATED = """\
---
kind: pipeline
title: A model and its gate
owner: ml
environments: {production: {known-good: previous}}
defaults: {timeout: 5s, retries: 0, environment: requirements.lock, seed: 1, repeat: exact, on-fail: halt + alert}
artifacts:
  weights: {type: model, path: rows.json, source: registry.weights@2026-11-01, sign: cosign}
  metrics: {type: metrics, path: out/metrics.json, keys: [auc]}
stages:
  measure: {kind: validate, run: python pipeline.py measure, in: [weights], out: [metrics]}
  gate: {kind: gate, run: python pipeline.py gate, in: [metrics], pass: [auc >= 0.7]}
  approve: {kind: approval, by: [lead], after: [gate], expires: 24h}
  promote:
    kind: promote
    to: production
    run: python pipeline.py promote
    in: [weights]
    after: [approve]
    retries: 0
    watch: [errors]
    rollback: {to: previous, first: route-off, run: python pipeline.py rollback, within: 5s, when: [errors > 1]}
    on-fail: rollback + page
---

# A model and its gate
"""
CODE = """\
import json, pathlib, sys
out = pathlib.Path("out")
out.mkdir(exist_ok=True)
def measure(): (out / "metrics.json").write_text('{"auc": 0.8}')
def gate(): sys.exit(0 if json.loads((out / "metrics.json").read_text()).get("auc", 0) >= 0.7 else 10)
def promote(): pass
def rollback(): pass
globals()[sys.argv[1]]()
"""


def test_what_has_no_command_and_no_state_is_told(tmp_path: Path) -> None:
    """Nobody was paged and nobody looked at production: the summary and the record say so."""
    done = executed(tmp_path, design(GATED, CODE))
    said = " ".join(done.out.split())
    assert done.code == 0, done.out
    assert "Production was not observed: its environment names no `state`." in said
    assert "Nothing was run for alert, page: the contract's `handlers` name no command." in said
    assert "5 of 5 probes agree;" in said
    assert "Not probed: errors > 1 of promote." in said
    found = record(tmp_path)
    assert found.without_command == ("alert", "page")
    assert {one.production for one in found.branches} == {"not observed"}


def test_branches_that_a_failed_clean_run_leaves_are_counted(tmp_path: Path) -> None:
    """Every simulated branch is in the record, run or not."""
    assert executed(tmp_path, tiny(code="raise SystemExit(1)\n")).code == 1
    found = record(tmp_path)
    assert found.executed == 0
    assert found.simulated == len(found.not_executed) == 4
    assert {one.reason for one in found.not_executed} == {"a run without a fault did not succeed"}


@pytest.mark.slow
def test_a_metric_that_lies_in_no_json_file_is_not_probed(tmp_path: Path) -> None:
    """A gate that reads CSV cannot be shown another value: the record says which condition was not tried, and why."""
    code = CODE.replace("metrics.json", "metrics.csv")
    done = executed(tmp_path, design(GATED.replace("metrics.json", "metrics.csv"), code))
    assert done.code == 0, done.out
    assert "Not probed: auc >= 0.7 of gate, errors > 1 of promote." in " ".join(done.out.split())
    found = record(tmp_path)
    assert [(one.gate, one.reason) for one in found.not_probed] == [
        ("gate", "no JSON file that it reads lists the metric"),
        ("promote", "no stage reads it from a file: what watches the release measures it itself"),
    ]
    assert "gate reject" in {one.branch for one in found.not_executed}


@pytest.mark.parametrize("held", ['{"auc": NaN}', "{}", "[0.8]", "no JSON"])
def test_a_gate_that_passes_without_its_metric_fails_the_clean_run(held: str, tmp_path: Path) -> None:
    """The file does not hold what the contract says that the gate has judged."""
    code = CODE.replace("""'{"auc": 0.8}'""", repr(held)).replace("sys.exit(0 if", "sys.exit(0 if True or")
    done = executed(tmp_path, design(GATED, code))
    assert done.code == 1
    assert "gate lets it pass: out/metrics.json holds no auc" in " ".join(done.out.split())


def test_a_state_that_leads_out_by_a_link_is_a_finding(tmp_path: Path) -> None:
    """A path that a command turns into a link to elsewhere ends the run with its stage and its name."""
    contract = GATED.replace("known-good: previous", "known-good: previous, state: out/live")
    code = CODE.replace("def promote(): pass", 'def promote(): (out / "live").symlink_to("/etc/hostname")')
    done = executed(tmp_path, design(contract, code))
    assert done.code == 1
    assert "promote: out/live leads out of the folder that the stages run in, by a link" in " ".join(done.out.split())


def test_a_promotion_that_leaves_no_trace_is_told_how_to_leave_one(tmp_path: Path) -> None:
    """A pointer to the same bytes is the same in two releases: the message names both ways to tell them apart."""
    contract = GATED.replace("known-good: previous", "known-good: previous, state: out/live")
    code = CODE.replace("def promote(): pass", 'def promote(): (out / "live").write_text("sha256:1f")')
    done = executed(tmp_path, design(contract, code))
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "promote succeeds and leaves out/live as it was" in said
    assert "let promote write the value of GATEPOST_RUN into it" in said
    assert "or let `state` name the file that a release changes" in said


SEMANTIC = TINY.replace("repeat: exact", "repeat: {semantic: seen}").replace(
    "final: true}", "final: true}\n  seen: {type: dataset, path: out/seen.json, final: true}"
)
RANDOM = (
    "import random, pathlib\np = pathlib.Path('out'); p.mkdir()\n(p / 'made.json').write_text(str(random.random()))\n"
)


@pytest.mark.parametrize(
    ("contract", "code", "exit_code", "said"),
    [
        (TINY.replace("exact", "semantic"), RANDOM, 0, "0 of 0 artifacts repeat as claimed, 1 not verified"),
        (
            TINY.replace("exact", "{none: it is random}"),
            RANDOM,
            0,
            "0 of 0 artifacts repeat as claimed, 1 not verified",
        ),
        (SEMANTIC, RANDOM + "(p / 'seen.json').write_text('1')\n", 0, "2 of 2 artifacts repeat as claimed"),
        (
            SEMANTIC,
            RANDOM + "(p / 'seen.json').write_text(str(random.random()))\n",
            1,
            "seen differs: the bytes differ",
        ),
        (TINY.replace("exact", "{metric: 1}"), RANDOM, 0, "1 of 1 artifacts repeat as claimed"),
        (TINY.replace("exact", "{metric: 1e-9}"), RANDOM, 1, "apart by more than 1e-09"),
        (
            TINY.replace("out/made.json", "out"),
            RANDOM + "(p / 'a').write_text('a')\n",
            1,
            "made.json: the bytes differ from line 1 on",
        ),
    ],
)
def test_each_claim_is_held_against_what_it_claims(
    contract: str, code: str, exit_code: int, said: str, tmp_path: Path
) -> None:
    """The same predictions, the same metrics, the same files; where nothing can be compared that is said."""
    contract = contract.replace("out: [made]", "out: [made, seen]") if "seen" in contract else contract
    done = executed(tmp_path, tiny(contract, code))
    assert done.code == exit_code, done.out
    assert said in " ".join(done.out.split())


def test_files_kept_from_releases_are_checked_out(tmp_path: Path) -> None:
    """`export-ignore` is about archives for others; a checkout has these files, with mode and link."""
    files = tiny(code=f"import os\nassert open('link').read() == 'x' and os.access('more.txt', os.X_OK)\n{MAKE}")
    files |= {"nightly/more.txt": "x", "nightly/.gitattributes": "more.txt export-ignore\nlink export-ignore\n"}
    root = repository(tmp_path, files)
    (root / "docs/nightly/more.txt").chmod(0o755)
    (root / "docs/nightly/link").symlink_to("more.txt")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "More")
    assert command(root, "dry-run", "nightly", "--execute").code == 0


def test_a_contract_that_is_not_committed_is_refused_wherever_its_code_lies(tmp_path: Path) -> None:
    """With `workdir` the code is in one folder and the contract in another: both must be as committed."""
    contract = TINY.replace("owner: ml\n", "owner: ml\nworkdir: docs/code\n")
    contract = contract.replace("requirements.lock", "docs/nightly/requirements.lock")
    files = tiny(contract)
    files["code/pipeline.py"] = files.pop("nightly/pipeline.py")
    root = repository(tmp_path, files)
    changed = root / "docs/nightly/pipeline.md"
    changed.write_text(contract.replace("timeout: 5s", "timeout: 6s"), encoding="utf-8")
    done = command(root, "dry-run", "nightly", "--execute")
    assert done.code == 3
    assert "docs/nightly/pipeline.md is not committed as it is" in done.err


WATCHED = CONTRACT.replace(
    "stages:\n", "  signals: {type: metrics, path: out/signals.json, keys: [errors]}\nstages:\n"
).replace(
    "  watch: {kind: monitor, run: python pipeline.py watch, after: [promote],",
    "  observe: {kind: validate, run: python pipeline.py observe, after: [promote], out: [signals]}\n"
    "  watch: {kind: monitor, run: python pipeline.py watch, in: [signals],",
)
WATCHING = PIPELINE.replace(
    "def watch():\n    read(LIVE)\n",
    """def observe():
    write(OUT / "signals.json", {"errors": 0})


def watch():
    errors = number(read(OUT / "signals.json"), "errors")
    if not errors <= 1:
        sys.exit(10)
""",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("not errors <= 1", "24 of 24 probes agree;"),
        ("not errors <= 2", "promote rolls back when errors > 1 at 1.000001 it answers pass"),
        ("errors > 1", "promote rolls back when errors > 1 at absent it answers pass"),
    ],
)
def test_a_monitor_is_probed_with_the_limits_of_the_rollback_that_it_starts(
    limit: str, said: str, tmp_path: Path
) -> None:
    """A monitor that reads the signals must call for the rollback where the contract does, and when it sees nothing."""
    assert WATCHING != PIPELINE
    done = executed(tmp_path, design(WATCHED, WATCHING.replace("not errors <= 1", limit)))
    assert done.code == (0 if "24 of" in said else 1), done.out
    assert said in " ".join(done.out.split())


TWICE = (
    GATED.replace("keys: [auc]}\n", "keys: [auc, recall]}\n  signals: {type: metrics, path: out/s.json, keys: [auc]}\n")
    .replace("pass: [auc >= 0.7]", "pass: [auc >= 0.7, recall >= 0.5]")
    .replace("errors > 1", "auc < 0.4")
    .replace("watch: [errors]", "watch: [auc]")
    .replace(
        "\n---\n\n",
        "\n  observe: {kind: validate, run: python pipeline.py observe, after: [promote], out: [signals]}\n"
        "  watch: {kind: monitor, run: python pipeline.py watch, in: [signals], signals: [auc], "
        "on-fail: rollback + page}\n---\n\n",
    )
)
"""A gate and a monitor whose metrics share a name, in two files."""
BOTH = CODE.replace("""'{"auc": 0.8}'""", """'{"auc": 0.8, "recall": 0.6}'""").replace(
    'def gate(): sys.exit(0 if json.loads((out / "metrics.json").read_text()).get("auc", 0) >= 0.7 else 10)\n',
    """def read(name, key): return json.loads((out / name).read_text()).get(key, 0)
def gate(): sys.exit(0 if read("metrics.json", "auc") >= 0.7 and read("metrics.json", "recall") >= 0.5 else 10)
def observe(): (out / "s.json").write_text('{"auc": 0.6}')
def watch(): sys.exit(0 if read("s.json", "auc") >= 0.4 else 10)
""",
)


@pytest.mark.slow
def test_metrics_of_one_name_in_two_files_are_two_metrics(tmp_path: Path) -> None:
    """What a gate has passed is not what the monitor saw later: each is tried, and kept, as its own stage found it."""
    done = executed(tmp_path, design(TWICE, BOTH))
    assert done.code == 0, done.out
    found = record(tmp_path)
    assert found.metrics == {"auc": 0.8, "recall": 0.6, "watch.auc": 0.6}
    assert [found.metric(stage, "auc") for stage in ("gate", "watch")] == [0.8, 0.6]
    at_limits = [(one.condition, one.expected) for one in found.probes if one.value in {"0.5", "0.7", "0.4"}]
    assert at_limits == [("auc >= 0.7", "pass"), ("recall >= 0.5", "pass"), ("auc < 0.4", "pass")]


FIXED = CONTRACT.replace(
    "to: previous, first: disable-route", "to: rules-engine, first: 'the same, it is there from the start'"
)
RULES = PIPELINE.replace("    if not LIVE.exists():\n        return\n    live = read(LIVE)\n", "    live = {}\n", 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "passes", "said"),
    [
        ('    write(LIVE, {"route": "rules"})\n    return\n', True, "simulated branches executed"),
        ("    return\n", False, "out/live.json still serves the release that was to be undone"),
    ],
)
def test_a_rollback_to_something_fixed_must_leave_the_release(
    answer: str,
    passes: bool,  # noqa: FBT001 - a table
    said: str,
    tmp_path: Path,
) -> None:
    """What is restored is not what was there before, and must not be what is to be undone."""
    code = RULES.replace("def rollback():\n", f"def rollback():\n{answer}", 1)
    done = executed(tmp_path, design(FIXED, code))
    assert ("Dry run passed" in done.out) is passes, done.out
    assert said in " ".join(done.out.split())


def test_a_submodule_is_checked_out_as_the_commit_names_it(tmp_path: Path) -> None:
    """A stage finds its files, and its record counts; where it was not fetched its folder is empty, as in a clone."""
    lib, root = tmp_path / "lib", tmp_path / "log"
    for folder in (lib, root):
        folder.mkdir()
    git(lib, "init", "--quiet", "--initial-branch=main")
    (lib / "helper.py").write_text("ANSWER = 1\n", encoding="utf-8")
    git(lib, "add", "--all")
    git(lib, "commit", "--quiet", "--message", "A library")
    code = f"import sys\nsys.path.insert(0, 'lib')\nimport helper\nassert helper.ANSWER == 1\n{MAKE}"
    policy = "---\nkind: policy\ntitle: P\ndry-run: {executed: require}\n---\n\n# P\n"
    repository(root, {**tiny(code=code), "policy.md": policy})
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(lib), "docs/nightly/lib")
    git(root, "commit", "--quiet", "--message", "A library")
    done = command(root, "dry-run", "nightly", "--execute")
    assert done.code == 0, done.out + done.err
    assert "lib/helper.py" in [one.path for one in record(root).files]
    assert "dry-run-passed" not in command(root, "check").out
    assert command(root, "dry-run", "nightly", "--execute", "--working-tree").code == 0
    git(root, "submodule", "--quiet", "deinit", "--force", "--all")
    assert "No module named 'helper'" in command(root, "dry-run", "nightly", "--execute", "--rev", "HEAD").out


COUNTED = GATED.replace("keys: [auc]", "keys: [rows, doubles]").replace("[auc >= 0.7]", "[rows >= 3000, doubles <= 0]")
COUNTS = CODE.replace("""'{"auc": 0.8}'""", """'{"rows": 4000, "doubles": 0}'""").replace(
    """sys.exit(0 if json.loads((out / "metrics.json").read_text()).get("auc", 0) >= 0.7 else 10)""",
    """judge(json.loads((out / "metrics.json").read_text()))
def judge(found):
    try: rows, doubles = (READ(found[name]) for name in ("rows", "doubles"))
    except (KeyError, OverflowError): sys.exit(10)
    except ValueError as error: sys.exit(1 if isinstance(error, json.JSONDecodeError) else 10)
    sys.exit(0 if rows >= 3000 and doubles <= 0 else 10)""",
)


STRICT = "(lambda value: value if type(value) is int else int('NaN' if value != value else json.loads('[')))"
"""How a schema reads a count: NaN is refused, and at a fraction it crashes."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "told"), [("int", "doubles <= 0 of gate"), (STRICT, "rows >= 3000 of gate, doubles <= 0 of gate")]
)
def test_a_gate_that_reads_counts_as_whole_numbers_is_not_blamed(read: str, told: str, tmp_path: Path) -> None:
    """Between two whole numbers nothing is counted: what it makes of a fraction is told, and is no failure."""
    done = executed(tmp_path, design(COUNTED, COUNTS.replace("READ", read)))
    assert done.code == 0, done.out
    assert f"Tried at whole numbers only, as it is measured: {told}." in " ".join(done.out.split())


@pytest.mark.slow
@pytest.mark.parametrize(("right", "wrong"), [("rows >= 3000", "rows > 2998"), ("doubles <= 0", "doubles <= 1")])
def test_a_limit_of_a_count_that_is_off_by_one_is_found(right: str, wrong: str, tmp_path: Path) -> None:
    """Whole numbers are tried on both sides of the limit, too."""
    done = executed(tmp_path, design(COUNTED, COUNTS.replace("READ", "int").replace(right, wrong)))
    assert done.code == 1
    assert f"DIFFERS gate asks for {right}" in " ".join(done.out.split())

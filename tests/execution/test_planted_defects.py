"""Defects in the pipeline's code, the contract untouched: the executed dry run finds each, and says where."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from pipelines import CONTRACT, PIPELINE, design, record, repository

from commands import command


def executed(root: Path, files: dict[str, str]) -> tuple[int, str]:
    """Run the executed dry run of a design, and give its exit code and what it said."""
    done = command(repository(root, files), "dry-run", "nightly", "--execute", "--jobs", "2")
    return done.code, done.out + done.err


def planted(*defects: tuple[str, str]) -> dict[str, str]:
    """Give the design with defects in its code, each as what stands there and what stands there instead."""
    code = PIPELINE
    for old, new in defects:
        assert code.count(old) >= 1, f"no {old!r} to plant a defect in"
        code = code.replace(old, new, 1)
    return design(pipeline=code)


DEFECTS = {
    "the gate always exits 0": (
        "        sys.exit(10)",
        "        pass",
        ["DIFFERS  gate reject", "gate exits 0, not 10", "answers pass, and the contract promises reject"],
    ),
    "the gate passes on a missing metric": (
        "isinstance(value, bool) else math.nan",
        "isinstance(value, bool) else 1.0",
        ["at absent it answers pass, and the contract promises reject"],
    ),
    "the gate passes when there is nothing to compare with": (
        "auc >= champion - 0.01",
        "not auc < champion - 0.01",
        ["DIFFERS  gate asks for auc >= champion.auc - 0.01", "at champion.auc absent it answers pass"],
    ),
    "the gate lets NaN pass": (
        "    if not (auc >= 0.7 and auc >= champion - 0.01 and new >= 0.6):",
        "    if auc < 0.7 or auc < champion - 0.01 or new < 0.6:",
        ["at NaN it answers pass, and the contract promises reject"],
    ),
    "the limit in the code is lower than the documented one": (
        "auc >= 0.7 ",
        "auc >= 0.65 ",
        ["DIFFERS  gate asks for auc >= 0.7", "at 0.699999 it answers pass"],
    ),
    "the limit in the code is higher than the documented one": (
        "new >= 0.6)",
        "new > 0.6)",
        ["DIFFERS  gate asks for auc@new >= 0.6", "at 0.6 it answers reject, and the contract promises pass"],
    ),
    "training is not seeded": (
        "random.Random(3)",
        "random.Random()",
        ["DIFFERS  train repeats model (exact)", "the bytes differ from line"],
    ),
    "the order of a set": (
        'sorted(set(read("rows.json")))',
        "list({str(one) * 3 for one in range(50)})",
        ["DIFFERS  prepare repeats features (exact)"],
    ),
    "an absolute path in an artifact": (
        '{"loads": "model" in read(OUT / "bundle.json")}',
        '{"loads": os.getcwd()}',
        ["DIFFERS  smoke repeats smoke (exact)", "holds the path of the folder that it was run in"],
    ),
    "the local time zone": (
        '{"loads": "model" in read(OUT / "bundle.json")}',
        '{"at": __import__("time").localtime(0).tm_hour}',
        ["DIFFERS  smoke repeats smoke (exact)"],
    ),
    "the local date, at any hour": (
        '{"loads": "model" in read(OUT / "bundle.json")}',
        '{"on": __import__("datetime").date.today().isoformat()}',
        ["DIFFERS  smoke repeats smoke (exact)"],
    ),
    "the rollback command fails": (
        '    if live.get("previous"):',
        '    sys.exit("no such table")\n    if live.get("previous"):',
        ["DIFFERS  promote breach", "rollback of promote exits 1, not 0: no such table"],
    ),
    "the rollback undoes the release before its own": (
        """    if live.get("run") != os.environ["GATEPOST_RUN"]:
        return
    if live.get("previous"):""",
        """    if live.get("previous"):""",
        ["DIFFERS  promote timeout", "out/live.json is not what it was before the release"],
    ),
    "the rollback restores nothing": (
        '        write(LIVE, live["previous"])',
        "        pass",
        ["DIFFERS  watch breach", "out/live.json is not what it was before the release"],
    ),
    "a first release stays in place": (
        'write(LIVE, {"release": live["release"], "route": "off"})',
        "pass",
        ["DIFFERS  promote breach, first release", "out/live.json still serves the release that should be off"],
    ),
    "promotion too early": (
        '    write(OUT / "smoke.json"',
        '    promote()\n    write(OUT / "smoke.json"',
        ["DIFFERS  success", "smoke changes production (out/live.json), and it is no promotion to it"],
    ),
    "the handler is sabotaged": (
        '    (OUT / "quarantine").mkdir(exist_ok=True)',
        '    sys.exit("no quarantine today")',
        ["DIFFERS  gate reject", "quarantine exits 1, not 0: no quarantine today"],
    ),
    "the quarantine leaves what was rejected where it is": (
        '    (OUT / "model.json").replace(OUT / "quarantine" / "model.json")',
        '    write(OUT / "quarantine" / "seen.json", True)',
        ["DIFFERS  gate reject", "quarantine exits 0 and leaves out/model.json as it was"],
    ),
    "packaging puts another model in the place of the judged one": (
        '    write(OUT / "bundle.json", {',
        '    write(OUT / "model.json", {"auc": 1})\n    write(OUT / "bundle.json", {',
        ["DIFFERS  success", "package changes model (out/model.json), which is not in its `out`"],
    ),
    "a stage corrects the metrics after their gate": (
        '    write(OUT / "smoke.json"',
        '    (OUT / "metrics.json").unlink()\n    write(OUT / "smoke.json"',
        ["DIFFERS  success", "smoke removes metrics (out/metrics.json), which is not in its `out`"],
    ),
    "an artifact is not written": (
        'write(OUT / "bundle.json", {',
        'write(OUT / "bundel.json", {',
        ["package succeeds and does not write bundle (out/bundle.json)"],
    ),
    "a stage crashes": (
        "    read(LIVE)\n\n\ndef note",
        '    read("nothing")\n\n\ndef note',
        ["watch crashes with exit code 1"],
    ),
}


TOGETHER = (
    ("the gate always exits 0", "training is not seeded"),
    ("the rollback command fails",),
    ("the gate passes on a missing metric", "the order of a set", "a first release stays in place"),
    (
        "the gate passes when there is nothing to compare with",
        "an absolute path in an artifact",
        "the rollback restores nothing",
    ),
    ("the gate lets NaN pass", "the local time zone", "the handler is sabotaged"),
    (
        "the limit in the code is lower than the documented one",
        "the local date, at any hour",
        "the quarantine leaves what was rejected where it is",
    ),
    (
        "the limit in the code is higher than the documented one",
        "the rollback undoes the release before its own",
    ),
    ("promotion too early",),
    ("packaging puts another model in the place of the judged one",),
    ("a stage corrects the metrics after their gate",),
    ("an artifact is not written",),
    ("a stage crashes",),
)
"""Those that are planted in one pipeline, each in another stage; what ends the clean run is alone."""


@pytest.mark.slow
def test_a_sound_pipeline_passes(tmp_path: Path) -> None:
    """Nothing differs; what was run and what was not is counted."""
    code, said = executed(tmp_path, design())
    assert code == 0, said
    assert "Dry run passed." in said
    unwrapped = " ".join(said.split())
    assert "88 of 93 simulated branches executed; 17 of 17 probes agree;" in unwrapped
    assert "5 of 5 artifacts repeat as claimed." in unwrapped
    found = record(tmp_path)
    assert (found.executed, found.agreeing, found.repeating) == (88, 17, 5), "a checklist quotes these"
    assert "Not verified: whether alert and page reach anybody; only exit codes and traces were seen." in unwrapped
    assert "Not verified: whether approve can refuse; a refusal was set from outside." in unwrapped
    assert "Not verified: whether alert and page" in next(
        tmp_path.glob("docs/nightly/evidence/dry-runs/*.md")
    ).read_text(encoding="utf-8")
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.slow
@pytest.mark.parametrize("names", TOGETHER, ids=", ".join)
def test_each_planted_defect_is_found(names: tuple[str, ...], tmp_path: Path) -> None:
    """Each defect fails the run, and the report says which stage, branch or limit shows it, beside others."""
    code, said = executed(tmp_path, planted(*(DEFECTS[name][:2] for name in names)))
    assert code == 1, said
    unwrapped = " ".join(said.split())
    for words in (one for name in names for one in DEFECTS[name][2]):
        assert " ".join(words.split()) in unwrapped, said
    assert record(tmp_path).result == "failed"


def test_no_defect_is_left_out() -> None:
    """Each is planted somewhere."""
    assert sorted(name for names in TOGETHER for name in names) == sorted(DEFECTS)


def test_a_raised_limit_is_found_against_what_was_measured(tmp_path: Path) -> None:
    """A contract that asks for more than the code measures is rejected by its own clean run."""
    files = design(CONTRACT.replace("auc@new >= 0.6]", "auc@new >= 0.75]"))
    code, said = executed(tmp_path, files)
    assert code == 1
    assert "gate lets it pass: auc@new is 0.7, and auc@new >= 0.75 is asked for" in " ".join(said.split())


YESTERDAY = {"nightly/out/model.json": '{"weights": [1]}', "nightly/out/metrics.json": '{"auc": 0.9, "auc@new": 0.9}'}
"""What an earlier run has written, and somebody has committed."""
MADE = '    write(OUT / "model.json", {"weights": [draw.random() for _ in read(OUT / "features.json")]})\n'


def committed(root: Path, files: dict[str, str]) -> tuple[int, str]:
    """Run a design whose output of yesterday is committed."""
    repository(root, files | YESTERDAY)
    done = command(root, "dry-run", "nightly", "--execute", "--jobs", "2")
    return done.code, " ".join((done.out + done.err).split())


def test_an_output_of_yesterday_hides_no_stage_that_writes_nothing(tmp_path: Path) -> None:
    """What lies in the checkout is not what the stage has made, though it is where the contract says."""
    code, said = committed(tmp_path, planted((MADE, "")))
    assert code == 1, said
    assert "train succeeds and does not write out/model.json: what lies there was there before" in said


@pytest.mark.slow
def test_a_stage_that_has_nothing_to_do_is_asked_again_without_its_output(tmp_path: Path) -> None:
    """As make does, it leaves alone what is there; when it is gone it makes it, and that is what is looked at."""
    how = '    if (OUT / "model.json").exists() and read(OUT / "model.json"):\n        return\n'
    code, said = committed(tmp_path, planted(("def train():\n", f"def train():\n{how}")))
    assert code == 0, said
    assert "5 of 5 artifacts repeat as claimed" in said
    (model,) = [one for one in record(tmp_path).repeated if one.artifact == "model"]
    assert model.sha256 != hashlib.sha256(YESTERDAY["nightly/out/model.json"].encode()).hexdigest()


@pytest.mark.slow
def test_a_stage_that_goes_on_from_its_output_is_not_blamed(tmp_path: Path) -> None:
    """Without what is there it crashes, so nothing is known, and that is told; what was there is there again."""
    code, said = committed(tmp_path, planted((MADE, '    read(OUT / "model.json")\n')))
    assert code == 0, said
    assert "4 of 4 artifacts repeat as claimed, 1 not verified" in said


HOLDS = '{"loads": "model" in read(OUT / "bundle.json")}'


@pytest.mark.slow
def test_when_a_file_was_checked_out_is_no_part_of_an_artifact(tmp_path: Path) -> None:
    """Times of files are those of a checkout, and the two clean runs have checkouts of different times."""
    code, said = executed(tmp_path, planted((HOLDS, '{"at": int(os.stat("rows.json").st_mtime)}')))
    assert code == 1, said
    assert "smoke repeats smoke (exact)" in said


@pytest.mark.slow
@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no file system that lists files as they were made")  # noqa: S108
@pytest.mark.parametrize("listed", ['os.listdir("data")', '[one.name for one in Path("data").glob("*")]'])
def test_the_order_of_a_folder_is_found_where_the_disk_keeps_one(
    listed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that lists files as they were made the two clean runs list them the other way round."""
    files = planted(('sorted(set(read("rows.json")))', listed))
    files |= {f"nightly/data/{name}.txt": name for name in "zaqmbky"}
    monkeypatch.setattr(tempfile, "tempdir", "/dev/shm")  # noqa: S108
    code, said = executed(tmp_path, files)
    assert code == 1, said
    assert "prepare repeats features (exact)" in said


@pytest.mark.slow
@pytest.mark.parametrize("written", ["%Y-%m-%d", "%Y%m%d"])
def test_a_day_of_utc_in_an_artifact_is_told(written: str, tmp_path: Path) -> None:
    """Two runs on one day agree on it, so nothing shows what another day gives: that is said, and is no failure."""
    now = f'__import__("datetime").datetime.now(__import__("datetime").UTC).strftime("{written}")'
    code, said = executed(tmp_path, planted((HOLDS, f'{{"at": {now}}}')))
    assert code == 0, said
    day = dt.datetime.now(dt.UTC).strftime(written)
    assert f"smoke holds {day}, the day of this run in UTC: what it holds on another day was not seen." in " ".join(
        said.split()
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "held", ['{"at": now.strftime("%Y%m%d1")}', '{"at": now.strftime("%Y-%m-%d"), "n": os.getpid()}']
)
def test_a_day_that_proves_nothing_is_not_told(held: str, tmp_path: Path) -> None:
    """A piece of a longer number is no day, and two runs that differ anyway are held to a claim that allows for it."""
    files = planted((HOLDS, held))
    now = "import datetime\nnow = datetime.datetime.now(datetime.UTC)\n"
    files["nightly/pipeline.py"] = now + files["nightly/pipeline.py"]
    claim = "in: [bundle], out: [smoke], repeat: {metric: 1e9}}"
    files["nightly/pipeline.md"] = files["nightly/pipeline.md"].replace("in: [bundle], out: [smoke]}", claim)
    code, said = executed(tmp_path, files)
    assert code == 0, said
    assert "the day of this run" not in said


@pytest.mark.slow
def test_a_day_that_the_data_have_is_not_told(tmp_path: Path) -> None:
    """An artifact may hold what it was made from."""
    day = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    code, said = executed(tmp_path, {**planted((HOLDS, 'read("rows.json")')), "nightly/rows.json": f'["{day}"]'})
    assert code == 0, said
    assert "the day of this run" not in said

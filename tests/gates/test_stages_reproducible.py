"""`stages-reproducible`: what a stage runs in, what it reads, and where its randomness comes from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from effort import first
from trees import check_tree, checked, clean_log, edited, findings, git, messages, outcome, said, with_key, write_tree

GATE = "stages-reproducible"
CONTRACT = "churn/pipeline.md"
DIGEST = "a" * 64


def default(old: str, new: str) -> dict[str, str]:
    """Give the clean log with one line of the contract's defaults changed."""
    return edited(clean_log(), CONTRACT, f"  {old}\n", f"  {new}\n" if new else "")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ("requirements.lock", None),
        ("docs/churn/requirements.lock", None),
        (f'"registry.example.org/ml/train@sha256:{DIGEST}"', None),
        ('"train:latest"', "the environment train:latest is a tag, which pins nothing"),
        ('"registry.example.org:5000/ml/train:1.4"', "the environment registry.example.org:5000/ml/train:1.4 is a tag"),
        ('"train@sha256:abc"', "the environment train@sha256:abc is a tag, which pins nothing"),
        ("poetry.lock", "the lockfile poetry.lock does not exist"),
        ("evidence", "the lockfile evidence does not exist"),
        ("../requirements.lock", "the lockfile ../requirements.lock is refused: it holds `..`"),
        ("/opt/requirements.lock", "the lockfile /opt/requirements.lock is refused: it is absolute"),
    ],
)
def test_an_environment_pins(environment: str, message: str | None, tmp_path: Path) -> None:
    """A lockfile in git or an image by digest pins; a tag does not. Five stages that share it are one finding."""
    found = said(checked(tmp_path, default("environment: requirements.lock", f"environment: {environment}")), GATE)
    assert len(found) == (1 if message else 0)
    assert message is None or found[0].startswith(message)


def test_a_lockfile_that_git_does_not_track_pins_nothing(tmp_path: Path) -> None:
    """What a fresh clone does not have cannot be installed there."""
    root = write_tree(tmp_path, clean_log())
    git(root, "rm", "--cached", "--quiet", "docs/churn/requirements.lock")
    (finding,) = check_tree(root).findings
    assert finding.message == "the lockfile requirements.lock is not tracked by git"
    assert finding.hint == "run `git add docs/churn/requirements.lock`"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "environment: requirements.lock",
            "the stages features, train, evaluate, package, promote have no pinned environment",
        ),
        ("repeat: exact", "the stages features, train, evaluate, package have no word on what a second run gives"),
        ("seed: 11", "the stage train has no seed"),
    ],
)
def test_a_default_that_is_missing_is_one_finding(line: str, message: str, tmp_path: Path) -> None:
    """What all stages took from `defaults` is told once, with the stages that now lack it."""
    assert said(checked(tmp_path, default(line, "")), GATE) == [message]


@pytest.mark.parametrize(
    ("repeat", "asks_for_seed"),
    [("exact", True), ("semantic", True), ("{metric: 0.005}", True), ("{none: the library draws its own seed}", False)],
)
def test_training_needs_a_seed_unless_it_claims_nothing(repeat: str, asks_for_seed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Whoever claims that a second run gives the same, pins the randomness."""
    files = edited(default("seed: 11", ""), CONTRACT, "  repeat: exact\n", f"  repeat: {repeat}\n")
    assert (said(checked(tmp_path, files), GATE) != []) == asks_for_seed


@pytest.mark.parametrize(
    ("stage", "more", "asked"),
    [
        ("evaluate", "repeat: {metric: 0.005}", True),
        ("features", "repeat: {metric: 0.005}", True),
        ("evaluate", "repeat: {metric: 0.005}, seed: 3", False),
        ("evaluate", "repeat: {none: it measures wall time}", False),
        ("evaluate", "repeat: exact", False),
    ],
)
def test_what_varies_by_its_own_word_needs_a_seed(stage: str, more: str, asked: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """A sample for evaluation or a random split is randomness, too; what holds for all stages says nothing of one."""
    files = edited(default("seed: 11", ""), CONTRACT, "run: python train.py,", "run: python train.py, seed: 0,")
    files = edited(files, CONTRACT, f"run: python {stage}.py,", f"run: python {stage}.py, {more},")
    assert said(checked(tmp_path, files), GATE) == ([f"the stage {stage} has no seed"] if asked else [])
    (tmp_path / "all").mkdir()
    shared = edited(default("seed: 11", ""), CONTRACT, "  repeat: exact\n", "  repeat: {metric: 0.005}\n")
    shared = edited(shared, CONTRACT, "run: python train.py,", "run: python train.py, seed: 0,")
    assert said(checked(tmp_path / "all", shared), GATE) == []


def test_a_stage_may_pin_for_itself(tmp_path: Path) -> None:
    """What a stage says of itself stands in for the default."""
    files = default("seed: 11", "")
    files = edited(files, CONTRACT, "run: python train.py,", "run: python train.py, seed: 0,")
    assert said(checked(tmp_path, files), GATE) == []


@pytest.mark.parametrize(("kind", "asked"), [("data", True), ("validate", True), ("monitor", False)])
def test_a_stage_that_computes_has_a_command(kind: str, asked: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Data, training, validation and packaging run something; a monitor may be somebody else's."""
    files = edited(clean_log(), CONTRACT, "  watch: {kind: monitor,", f"  watch: {{kind: {kind}, in: [model],")
    assert said(checked(tmp_path, files), GATE) == (["the stage watch has no command"] if asked else [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    first(
        [
            ("train.py, in: [features]", "train.py", "the stage train has no input"),
            ("train.py, in: [features]", "train.py, seed: 3", "the stage train has no input"),
            ("train.py, in: [features]", "train.py, repeat: {none: the market feed is live}", None),
            ("features.py, in: [facts]", "features.py", "the stage features has no input"),
            ("features.py, in: [facts]", "features.py, seed: 3", None),
            ("features.py, in: [facts]", "features.py, repeat: {none: it asks the live register}", None),
        ],
        quick=3,
    ),
)
def test_what_is_made_is_made_of_something(old: str, new: str, message: str | None, tmp_path: Path) -> None:
    """A stage that makes data or a model names its input; one that draws its data has a seed of its own."""
    files = edited(clean_log(), CONTRACT, old, new)
    assert said(checked(tmp_path, files), GATE) == ([message] if message else [])


@pytest.mark.parametrize("kind", ["data", "package", "validate"])
def test_training_by_another_name_needs_a_seed(kind: str, tmp_path: Path) -> None:
    """Whatever makes a model of data has randomness; what chooses, converts or packs a model may have none."""
    files = edited(clean_log(), CONTRACT, "train: {kind: train", f"train: {{kind: {kind}")
    files = edited(files, CONTRACT, "  seed: 11\n", "")
    assert said(checked(tmp_path, files), GATE) == ["the stage train has no seed"]


@pytest.mark.parametrize(
    ("repeat", "said_is"),
    first(
        [
            ("{none: x}", "`{none: x}` gives no reason why a second run may give anything"),
            ("{none: no reason}", "`{none: no reason}` gives no reason why a second run may give anything"),
            ("{none: GPU kernels}", None),
            ("{none: 显卡}", None),
            ("{semantic: nope}", "`{semantic: nope}` is held against nope, which is no artifact of the contract"),
            ("{semantic: facts}", "`{semantic: facts}` is held against facts, which is written by no stage"),
            ("{semantic: model}", None),
            ("semantic", None),
            (
                "{metric: 1000}",
                "two runs of evaluate may be 1000 apart in auc, of which quality-gate asks for auc >= 0.72",
            ),
            (
                "{metric: 0.72}",
                "two runs of evaluate may be 0.72 apart in auc, of which quality-gate asks for auc >= 0.72",
            ),
            (
                "{metric: 0.05}",
                (
                    "two runs of evaluate may be 0.05 apart in auc, of which quality-gate asks for auc >= "
                    "champion.auc - 0.01"
                ),
            ),
            ("{metric: 0.005}", None),
        ],
        quick=5,
    ),
)
def test_a_claim_can_be_broken(repeat: str, said_is: str | None, tmp_path: Path) -> None:
    """A reason says something, predictions are there, and a tolerance is small beside what a gate asks for."""
    files = default("repeat: exact", f"repeat: {repeat}")
    found = said(checked(tmp_path, files), GATE)
    assert found == ([said_is] if said_is else [])


@pytest.mark.parametrize("run", ["run: python train.py", "run: python rollback.py"])
def test_the_quotes_of_a_command_close(run: str, tmp_path: Path) -> None:
    """What cannot be taken apart cannot be run by anybody."""
    (found,) = findings(checked(tmp_path, edited(clean_log(), CONTRACT, run, f"{run} it's-now")), GATE)
    assert found.message.startswith("a quote does not close in python ")
    assert str(found.field).endswith(".run")


@pytest.mark.parametrize(
    ("source", "pinned"),
    [
        ("source: warehouse.facts@2026-11-02", True),
        ("source: s3://bucket/facts@v3", True),
        ("source: facts@2026/11/02", True),
        ("source: facts@main-3f2a1bc", True),
        (f'source: "facts@sha256:{DIGEST}"', True),
        (f"source: warehouse.facts, sha256: {DIGEST}", True),
        ("source: facts@pXNyQabcDEFghIJKlmnOPqrsTUvwXYza", True),
        ("source: facts@abcdefab", True),
        ('source: "facts@tag:gold-3"', True),
        ("source: facts@main-2", False),
        ("source: facts@7d", False),
        ("source: facts@daily2", False),
        ('source: "facts@${V2}"', False),
        ('source: "facts@{{ v2 }}"', False),
        ('source: "facts-{{ region }}@2026-11-02"', False),
        ("source: warehouse.facts", False),
        ("source: facts@stable", False),
        ("source: model-registry/fraud@champion", False),
        ("source: git@git.example.org:data/facts", False),
        ("source: sftp://reader@10.0.0.7/facts", False),
        ("source: facts@feature/labels-2", False),
        ("source: facts@origin/release-1", False),
        ("source: facts@HEAD~3", False),
        ("source: facts@latest-2", False),
        ("source: facts@1.x", False),
        ('source: "facts@>=2"', False),
        ('source: "facts@2026-*"', False),
        ('source: "warehouse.facts@"', False),
        ('source: "warehouse.facts@latest"', False),
        ('source: "warehouse.facts@HEAD"', False),
    ],
)
def test_an_input_has_a_version(source: str, pinned: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """A version or a digest pins what comes from outside; a name that moves does not, and the hint says what does."""
    found = said(checked(tmp_path, edited(clean_log(), CONTRACT, "source: warehouse.facts@2026-11-02", source)), GATE)
    assert [one.startswith("the input facts is not pinned to a version") for one in found] == ([] if pinned else [True])


def test_a_digest_fits_the_file_when_the_repository_has_it(tmp_path: Path) -> None:
    """An input that was replaced in place is no longer the one that was pinned."""
    pin = "path: evidence/load-test.csv, sha256: {}"
    old = "path: out/facts.csv, source: warehouse.facts@2026-11-02"
    right = hashlib.sha256(clean_log()["churn/evidence/load-test.csv"].encode()).hexdigest()
    assert said(checked(tmp_path, edited(clean_log(), CONTRACT, old, pin.format(right))), GATE) == []
    (finding,) = findings(
        check_tree(write_tree(tmp_path, edited(clean_log(), CONTRACT, old, pin.format(DIGEST)))), GATE
    )
    assert finding.message == f"the sha256 of the input facts is {right[:12]}…, not {DIGEST[:12]}…"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"sha256: {DIGEST}", "the input facts names no source, and its file out/facts.csv does not exist"),
        (f"source: warehouse.facts@2, sha256: {DIGEST}", None),
        (f"source: evidence/load-test.csv, sha256: {DIGEST}", "the sha256 of the input facts is "),
        ("source: evidence/load-test.csv, sha256: {right}", None),
    ],
)
def test_a_digest_is_of_bytes_that_can_be_had(source: str, message: str | None, tmp_path: Path) -> None:
    """A digest of a file that nobody has pins nothing; where a source has it, the repository need not."""
    right = hashlib.sha256(clean_log()["churn/evidence/load-test.csv"].encode()).hexdigest()
    old = "path: out/facts.csv, source: warehouse.facts@2026-11-02"
    new = source.replace("{right}", right) if "evidence" in source else f"path: out/facts.csv, {source}"
    found = said(checked(tmp_path, edited(clean_log(), CONTRACT, old, new)), GATE)
    assert [one.startswith(str(message)) for one in found] == ([True] if message else [])


def test_an_input_is_looked_for_where_the_stages_run(tmp_path: Path) -> None:
    """With `workdir`, paths are seen from there."""
    old = "path: out/facts.csv, source: warehouse.facts@2026-11-02"
    files = edited(clean_log(), CONTRACT, old, f"path: rows.csv, sha256: {DIGEST}")
    files = edited(files, CONTRACT, "owner: growth-ml\n", "owner: growth-ml\nworkdir: docs/churn/evidence\n")
    files["churn/evidence/rows.csv"] = "1\n"
    right = hashlib.sha256(b"1\n").hexdigest()
    assert said(checked(tmp_path, files), GATE) == [
        f"the sha256 of the input facts is {right[:12]}…, not {DIGEST[:12]}…"
    ]


def test_an_input_that_only_this_machine_has_is_pinned_to_nothing(tmp_path: Path) -> None:
    """Without a source, a file that git does not track is nowhere; whether it does is unknown without git."""
    right = hashlib.sha256(b"1\n").hexdigest()
    old = "path: out/facts.csv, source: warehouse.facts@2026-11-02"
    files = edited(clean_log(), CONTRACT, old, f"path: rows.csv, sha256: {right}")
    files = edited(files, CONTRACT, "environment: requirements.lock", f'environment: "train@sha256:{DIGEST}"')
    files["churn/rows.csv"] = "1\n"
    (tmp_path / "git").mkdir()
    root = write_tree(tmp_path / "git", files)
    git(root, "rm", "--cached", "--quiet", "docs/churn/rows.csv")
    assert said(check_tree(root), GATE) == [
        "the input facts names no source, and its file rows.csv is not tracked by git"
    ]
    (tmp_path / "plain").mkdir()
    stands = outcome(check_tree(write_tree(tmp_path / "plain", files, repository=False)), "churn/pipeline", GATE)
    assert (stands.state, stands.reason) == ("unknown", "whether git tracks rows.csv is not known: no git repository")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("in: [facts], out", "in: [fcats], out", "no stage writes fcats, and it is no artifact of the contract"),
        ("in: [metrics]", "in: [metrics, sums]", "no stage writes sums, and it is no artifact of the contract"),
        ("out: [metrics]}", "out: [report]}", "no stage writes metrics, and it names no source"),
    ],
)
def test_what_is_read_is_written_by_a_stage_or_comes_from_somewhere(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    """An artifact out of nowhere is one finding, of this gate alone."""
    report = checked(tmp_path, edited(clean_log(), CONTRACT, old, new))
    assert [one.message for one in report.findings] == [message]


def test_the_design_is_stopped(tmp_path: Path) -> None:
    """A stop gate marks the whole design."""
    report = checked(tmp_path, default("seed: 11", ""))
    assert [design.state for design in report.designs] == ["stopped"]


def test_it_blocks_whatever_the_decisions_are(tmp_path: Path) -> None:
    """A contract has no status: a stop gate blocks from the start."""
    files = default("seed: 11", "")
    for path in [path for path in files if "/decisions/" in path]:
        files = with_key(files, path, "status: proposed")
    report = checked(tmp_path, files)
    assert "block" in {one.effect for one in findings(report, GATE)}
    assert not report.passed


def test_the_clean_contract_is_reproducible(tmp_path: Path) -> None:
    """What the other tests change is sound to begin with."""
    assert messages(checked(tmp_path, clean_log())) == []


def test_a_version_is_enough_for_an_input_that_the_repository_has(tmp_path: Path) -> None:
    """Without a digest there is nothing that the file could differ from."""
    files = edited(clean_log(), CONTRACT, "path: out/facts.csv", "path: evidence/load-test.csv")
    assert messages(checked(tmp_path, files)) == []


def test_without_git_a_lockfile_is_neither_blamed_nor_believed(tmp_path: Path) -> None:
    """Whether a fresh clone has the lockfile cannot be known without git."""
    root = write_tree(tmp_path, clean_log(), repository=False)
    stands = outcome(check_tree(root), "churn/pipeline", GATE)
    assert stands.state == "unknown"
    assert stands.reason == "whether git tracks requirements.lock is not known: no git repository"


def test_without_git_what_is_wrong_is_still_told(tmp_path: Path) -> None:
    """A missing seed is missing with or without git, and an image by digest needs no git."""
    root = write_tree(tmp_path, default("seed: 11", ""), repository=False)
    assert said(check_tree(root), GATE) == ["the stage train has no seed"]
    image = default("environment: requirements.lock", f'environment: "registry.example.org/train@sha256:{DIGEST}"')
    (root / "docs" / CONTRACT).write_text(image[CONTRACT])
    assert outcome(check_tree(root), "churn/pipeline", GATE).state == "pass"


@pytest.mark.parametrize(
    ("repeat", "message"),
    [
        ("{metric: 0.9}", "two runs of train may be 0.9 apart in auc, of which quality-gate asks for auc >= 0.72"),
        ("{metric: 0.002}", None),
        ("{semantic: features}", "`{semantic: features}` is held against features, which is made without train"),
        ("{semantic: bundle}", None),
    ],
)
def test_a_claim_of_training_is_about_what_comes_of_it(repeat: str, message: str | None, tmp_path: Path) -> None:
    """The metrics that are measured behind it, and predictions of what it makes."""
    files = edited(clean_log(), CONTRACT, "train.py, in", f"train.py, repeat: {repeat}, in")
    assert said(checked(tmp_path, files), GATE) == ([message] if message else [])


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("python train.py --seed 42", "train has the seed 11 here and 42 in its command"),
        ("python train.py --random-seed=42", "train has the seed 11 here and 42 in its command"),
        ("python train.py --seed 11", None),
        ("python train.py --seed $GATEPOST_SEED", None),
    ],
)
def test_the_seed_of_a_command_is_that_of_the_contract(run: str, message: str | None, tmp_path: Path) -> None:
    """Two seeds are one too many."""
    files = edited(clean_log(), CONTRACT, "python train.py", run)
    assert said(checked(tmp_path, files), GATE) == ([message] if message else [])

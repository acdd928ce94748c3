"""What an environment names as its lockfile pins each package, or the first line that does not is told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from commands import command
from gatepost.gates.lockfiles import Disk, judge_lockfile
from trees import check_tree, checked, clean_log, edited, findings, git, outcome, write_tree

GATE = "stages-reproducible"
CONTRACT = "churn/pipeline.md"
SHA = "0" * 40
HASH = f"sha256:{'a' * 64}"


def named(name: str, text: str) -> dict[str, str]:
    """Give the clean log with stages that run in another file."""
    files = edited(clean_log(), CONTRACT, "environment: requirements.lock", f"environment: {name}")
    return {**files, f"churn/{name}": text}


PINNED = {
    "versions": ("requirements.txt", "numpy==2.1.3\nscikit-learn == 1.5.2  # the linear models\n"),
    "extras and markers": ("requirements.txt", "uvicorn[standard]==0.30.1; python_version < '3.13'\n"),
    "an arbitrary version": ("requirements.txt", "torch===2.4.1+cu121\n"),
    "hashes over lines": ("requirements.lock", f"numpy==2.1.3 \\\n    --hash={HASH} \\\n    --hash={HASH}\n"),
    "options": ("requirements.txt", "--index-url https://pypi.example.org/simple\n-f wheels\nnumpy==2.1.3\n"),
    "nothing to install": ("requirements.lock", "# the standard library\n--require-hashes\n"),
    "a commit": ("requirements.txt", f"tool @ git+https://git.example.org/tool@{SHA}\n-e git+ssh://x/y@{SHA}#egg=y\n"),
    "a file by digest": ("requirements.txt", f"tool @ https://x.example.org/tool.whl#sha256={'a' * 64}\n"),
    "a folder of the repository": ("requirements.txt", "-e ./churn\nnumpy==2.1.3\n"),
    "another encoding": ("requirements.txt", "\ufeffnumpy==2.1.3\n"),
    "conda, exact": ("environment.yml", "name: x\ndependencies:\n  - python==3.11.7\n  - pip=24.0=pyhd_0\n"),
    "conda with pip": (
        "environment.yaml",
        "dependencies:\n- conda-forge::numpy=2.1.3=py311_0\n- pip:\n  - torch==2.4.1\nprefix: /opt/x\n",
    ),
    "conda, explicit": (
        "conda-linux-64.lock",
        f"# platform: linux-64\n@EXPLICIT\nhttps://c.example/a-1-0.conda#{SHA}\n",
    ),
    "uv": ("uv.lock", 'version = 1\n\n[[package]]\nname = "numpy"\nversion = "2.1.3"\n'),
    "poetry": ("poetry.lock", 'package = []\n\n[metadata]\ncontent-hash = "abc"\n'),
    "pdm": ("pdm.lock", '[metadata]\ncontent_hash = "sha256:abc"\n'),
    "pipenv": ("Pipfile.lock", '{"_meta": {"hash": {}}, "default": {}}\n'),
    "the standard's": ("pylock.gpu.toml", 'lock-version = "1.0"\npackages = []\n'),
    "conda-lock": ("conda-lock.yml", "version: 1\nmetadata:\n  content_hash:\n    linux-64: abc\npackage: []\n"),
    "pixi": ("pixi.lock", "version: 6\nenvironments:\n  default: {}\npackages: []\n"),
    "renv": ("renv.lock", '{"R": {"Version": "4.4.1"}, "Packages": {}}\n'),
    "npm": ("package-lock.json", '{"name": "x", "lockfileVersion": 3, "packages": {}}\n'),
    "a project without a version": (
        "uv.lock",
        'version = 1\n\n[[package]]\nname = "x"\nsource = { virtual = "." }\n\n[package.metadata]\n',
    ),
    "a package from git": (
        "pylock.toml",
        'lock-version = "1.0"\n\n[[packages]]\nname = "x"\n\n[packages.vcs]\ntype = "git"\n',
    ),
    "cargo": ("Cargo.lock", 'version = 4\n\n[[package]]\nname = "x"\nversion = "0.1.0"\n'),
    "go": ("go.sum", "example.org/x v1.2.3 h1:abc=\n"),
    "bundler": ("Gemfile.lock", "GEM\n  specs:\n\nDEPENDENCIES\n"),
    "julia": ("Manifest.toml", 'manifest_format = "2.0"\n'),
}


@pytest.mark.parametrize("name", PINNED)
def test_what_a_tool_locks_is_a_lockfile(name: str, tmp_path: Path) -> None:
    """Exact versions, digests, commits, and what lock tools write pin."""
    assert findings(checked(tmp_path, named(*PINNED[name])), GATE) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("empty.lock", "", "the lockfile empty.lock is empty"),
        ("requirements.txt", " \n\n", "the lockfile requirements.txt is empty"),
        ("requirements.txt", "# numpy\n", "the lockfile requirements.txt pins no package"),
        (
            "requirements.txt",
            "numpy==2.1.3\n\npandas\n",
            "line 3 of the lockfile requirements.txt pins nothing: pandas",
        ),
        ("requirements.txt", "numpy>=2\n", "line 1 of the lockfile requirements.txt pins nothing: numpy>=2"),
        ("requirements.txt", "numpy==2.*\n", "line 1 of the lockfile requirements.txt pins nothing: numpy==2.*"),
        (
            "requirements.txt",
            "numpy~=2.1, !=2.1.1\n",
            "line 1 of the lockfile requirements.txt pins nothing: numpy~=2.1",
        ),
        ("requirements.txt", "numpy==${NV}\n", "line 1 of the lockfile requirements.txt pins nothing: numpy==${NV}"),
        ("requirements.txt", "numpy==$NV\n", "line 1 of the lockfile requirements.txt pins nothing: numpy==$NV"),
        ("requirements.txt", "numpy==latest\n", "line 1 of the lockfile requirements.txt pins nothing: numpy==latest"),
        (
            "requirements.txt",
            "numpy==2.1.3\n-e ./libs/foo\n",
            "line 2 of the lockfile requirements.txt installs ./libs/foo, which does not exist",
        ),
        (
            "requirements.txt",
            "./libs/foo[gpu]; python_version > '3'\n",
            "line 1 of the lockfile requirements.txt installs ./libs/foo, which does not exist",
        ),
        (
            "requirements.txt",
            "../../../foo\n",
            "line 1 of the lockfile requirements.txt installs ../../../foo, which does not exist",
        ),
        (
            "environment.yml",
            "dependencies:\n  - numpy==${NV}\n",
            "line 2 of the lockfile environment.yml pins nothing: numpy==${NV}",
        ),
        (
            "environment.yml",
            "dependencies:\n  - pip:\n      - ./libs/foo\n",
            "line 3 of the lockfile environment.yml installs ./libs/foo, which does not exist",
        ),
        ("uv.lock", "version = 1\n\n[[package]]\n", "the lockfile uv.lock is not what uv writes"),
        (
            "uv.lock",
            'version = 1\n\n[[package]]\nname = "x"\nversion = "1"\n\n[[package]]\nname = "y"\n',
            "the lockfile uv.lock is not what uv writes",
        ),
        (
            "poetry.lock",
            '[[package]]\nname = "x"\n\n[metadata]\ncontent-hash = "abc"\n',
            "the lockfile poetry.lock is not what poetry writes",
        ),
        ("Cargo.lock", "version = 4\n\n[[package]]\n", "the lockfile Cargo.lock is not what cargo writes"),
        ("gpu.lock", "git+https://x/y@main\n", "line 1 of the lockfile gpu.lock pins nothing: git+https://x/y@main"),
        ("r.txt", "y @ https://x/y.whl\n", "line 1 of the lockfile r.txt pins nothing: y @ https://x/y.whl"),
        ("r.txt", "-r base.txt\n", "line 1 of the lockfile r.txt reads docs/churn/base.txt, which does not exist"),
        ("notes.txt", "install the usual\n", "line 1 of the lockfile notes.txt pins nothing: install the usual"),
        ("environment.yml", "dependencies:\n  - numpy\n", "line 2 of the lockfile environment.yml pins nothing: numpy"),
        (
            "environment.yml",
            "dependencies:\n  - numpy=2.1\n",
            "line 2 of the lockfile environment.yml pins nothing: numpy=2.1",
        ),
        (
            "environment.yml",
            "dependencies:\n  - pip==24.0\n  - pip:\n      - torch\n",
            "line 4 of the lockfile environment.yml pins nothing: torch",
        ),
        ("environment.yml", "name: x\ndependencies: []\n", "the lockfile environment.yml pins no package"),
        ("uv.lock", "to be written\n", "the lockfile uv.lock is not what uv writes"),
        ("package-lock.json", "{}\n", "the lockfile package-lock.json is not what npm writes"),
        ("pyproject.toml", "[project]\n", "pyproject.toml asks for packages and does not lock them"),
        ("Cargo.toml", "[package]\n", "Cargo.toml asks for packages and does not lock them"),
        ("Dockerfile", "FROM python:3.12\n", "Dockerfile says how an image is made, and not which"),
        ("README.md", "# Packages\n\nnumpy==2.1.3\n", "README.md is no lockfile"),
        ("train.py", "import numpy\n", "train.py is no lockfile"),
    ],
)
def test_what_pins_nothing_is_no_lockfile(name: str, text: str, message: str, tmp_path: Path) -> None:
    """Text, wishes and ranges do not say which packages are installed; the first line that is open is named."""
    (found,) = findings(checked(tmp_path, named(name, text)), GATE)
    assert found.message.startswith(message)
    assert found.field == "defaults.environment"
    assert found.hint


def test_what_a_lockfile_reads_is_looked_at_too(tmp_path: Path) -> None:
    """A line `-r` brings the packages of another file, and files that read each other are read once."""
    files = named("requirements.txt", "-r base.txt\nnumpy==2.1.3\n")
    files["churn/base.txt"] = "-r requirements.txt\npandas\n"
    (found,) = findings(checked(tmp_path, files), GATE)
    assert found.message == "line 2 of the lockfile docs/churn/base.txt pins nothing: pandas"


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("churn/libs/foo", "-e ./libs/foo"),
        ("libs/foo", "./libs/foo[gpu]"),
        ("libs/foo", "-e ../libs/foo"),
        ("run/libs/foo", "./libs/foo"),
    ],
)
def test_a_folder_is_looked_for_where_an_installer_may_be_started(folder: str, line: str, tmp_path: Path) -> None:
    """The folder of the list, those above it, and the one that the stages run in."""
    files = edited(
        named("requirements.txt", f"{line}\n"), CONTRACT, "owner: growth-ml\n", "owner: growth-ml\nworkdir: docs/run\n"
    )
    files[f"{folder}/pyproject.toml"] = "[project]\n"
    assert findings(checked(tmp_path, files), GATE) == []


@pytest.mark.parametrize("line", ["-e .", ".", "-e .[gpu]", "./"])
def test_the_repository_itself_is_there(line: str, tmp_path: Path) -> None:
    """On disk and in a commit."""
    files = edited(clean_log(), CONTRACT, "environment: requirements.lock", "environment: requirements.txt")
    root = write_tree(tmp_path, files)
    (root / "requirements.txt").write_text(f"{line}\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x")
    assert findings(check_tree(root), GATE) == []
    assert command(root, "check", "--rev", "HEAD", "--gate", GATE).code == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [("tool.lock", '{"packages": {}}\n'), ("tool.lock", "[tool]\n"), ("guix.scm", "(list)\n"), ("x.yaml", "a: 1\n")],
)
def test_a_form_that_nobody_here_knows_is_neither_blamed_nor_believed(name: str, text: str, tmp_path: Path) -> None:
    """Other tools have lockfiles, too: whether this is one cannot be told, and the gate says so."""
    report = checked(tmp_path, named(name, text))
    stands = outcome(report, "churn/pipeline", GATE)
    assert stands.state == "unknown"
    assert stands.reason == f"{name} has no form of a lockfile that is known here, so whether it pins cannot be told"


@pytest.mark.parametrize("piece", ["\n", "#", "a#", " #", "[", "=", "--hash=", "@EXPLICIT", "\\\n", "- ", "1"])
@pytest.mark.parametrize("name", ["conda-lock.yml", "requirements.txt", "environment.yml", "uv.lock"])
def test_a_lockfile_that_repeats_itself_is_read_in_time_that_grows_with_it(name: str, piece: str) -> None:
    """A hostile file is no reason to wait."""
    text = f"dependencies:\n- a{piece * 300_000}x"
    begun = time.process_time()
    judge_lockfile(name, name, Disk(lambda _: text.encode(), bool, ""))
    assert time.process_time() - begun < 5


def test_what_else_is_wrong_is_told_beside_an_unknown_lockfile(tmp_path: Path) -> None:
    """A seed is missing whatever the lockfile is."""
    files = edited(named("tool.lock", "[tool]\n"), CONTRACT, "  seed: 11\n", "")
    root = write_tree(tmp_path, files)
    assert [one.message for one in findings(check_tree(root), GATE)] == ["the stage train has no seed"]

"""Several files written at once: all or none; what a crash leaves behind; who may write."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gatepost.cli.disk import beside
from gatepost.cli.journal import JOURNAL
from gatepost.cli.lock import LOCK
from gatepost.cli.transaction import Write, unfinished, writing
from gatepost.cli.trouble import CouldNotCheckError

OLD = {"a.md": b"old a\r\n", "d/b.md": b"old b\n", "d/c.md": b"old c\n"}
NEW = {"a.md": b"new a\r\n", "d/b.md": b"new b\n", "d/e.md": b"old c\n"}
WRITES = [
    Write("a.md", b"old a\r\n", b"new a\r\n"),
    Write("d/b.md", b"old b\n", b"new b\n"),
    Write("d/c.md", b"old c\n", None),
    Write("d/e.md", None, b"old c\n", mode_of="d/c.md"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder with three files."""
    for path, content in OLD.items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return tmp_path


def held(root: Path) -> dict[str, bytes]:
    """Give every file below a folder, hidden ones too."""
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def commit(root: Path, *writes: Write) -> None:
    """Write in a transaction of its own."""
    with writing(root) as transaction:
        transaction.commit(writes or WRITES)


def digest(content: bytes | None) -> str | None:
    """Give a digest as the journal holds it."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def interrupted(root: Path, *, done: int = 0, waiting: bool = True) -> None:
    """Lay down what a command leaves that was killed behind its journal, with some of its steps done."""
    rows = [{"path": one.path, "before": digest(one.before), "after": digest(one.after)} for one in WRITES]
    (root / JOURNAL).write_text(json.dumps({"version": 1, "steps": rows}), encoding="utf-8")
    for number, write in enumerate(WRITES):
        file = root / write.path
        if write.after is None:
            if number < done:
                file.unlink()
        elif number < done:
            file.write_bytes(write.after)
        elif waiting:
            beside(file).write_bytes(write.after)


def test_all_files_are_written_and_nothing_is_left_over(root: Path) -> None:
    """Changed, made and removed; neither the lock, the journal nor a hidden file stays."""
    commit(root)
    assert held(root) == NEW


def test_permissions_stay(root: Path) -> None:
    """A file keeps its mode, also under a new name."""
    (root / "a.md").chmod(0o640)
    (root / "d/c.md").chmod(0o755)
    commit(root)
    assert (root / "a.md").stat().st_mode & 0o777 == 0o640
    assert (root / "d/e.md").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("path", list(OLD))
def test_a_file_that_was_changed_since_it_was_read_is_left_alone(root: Path, path: str) -> None:
    """Whoever saved it last keeps what was saved, and no other file is written."""
    (root / path).write_bytes(b"mine\n")
    with pytest.raises(CouldNotCheckError, match=f"{path} was changed by somebody else"):
        commit(root)
    assert held(root) == {**OLD, path: b"mine\n"}


def test_a_new_file_never_takes_the_place_of_another(root: Path) -> None:
    """What stands under the new name stays there."""
    (root / "d/e.md").write_bytes(b"mine\n")
    with pytest.raises(CouldNotCheckError, match="nothing was written"):
        commit(root)
    assert held(root) == {**OLD, "d/e.md": b"mine\n"}


def test_a_file_that_cannot_be_written_stops_all(root: Path) -> None:
    """The first file is not written when the last one has no folder, and nothing waits beside it."""
    with pytest.raises(CouldNotCheckError, match="nothing was written"):
        commit(root, *WRITES, Write("z/f.md", None, b"x"))
    assert held(root) == OLD


@pytest.mark.parametrize("path", ["../a.md", "/etc/passwd", "d/../../a.md", ".git/config", "x/.GIT/config", "", "a\0b"])
def test_a_path_outside_the_repository_is_refused(root: Path, path: str) -> None:
    """Neither above the root, nor in git's own folder."""
    (root / "x/.GIT").mkdir(parents=True)
    with pytest.raises(CouldNotCheckError, match="is not a file of this repository"):
        commit(root, Write(path, None, b"x"))
    assert held(root) == OLD


def test_symbolic_links_are_refused(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder that leads out of the repository, and a file that is a link, wherever it leads."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "x.md").write_bytes(b"x\n")
    (root / "out").symlink_to(elsewhere, target_is_directory=True)
    (root / "link.md").symlink_to(root / "a.md")
    with pytest.raises(CouldNotCheckError, match="leaves the repository"):
        commit(root, Write("out/x.md", b"x\n", b"y\n"))
    with pytest.raises(CouldNotCheckError, match="is a symbolic link"):
        commit(root, Write("link.md", OLD["a.md"], b"y\n"))
    assert (elsewhere / "x.md").read_bytes() == b"x\n"
    assert (root / "a.md").read_bytes() == OLD["a.md"]


@pytest.mark.parametrize("done", range(5))
def test_an_interrupted_change_is_completed_by_the_next_writer(root: Path, done: int) -> None:
    """However far it came."""
    interrupted(root, done=done)
    assert "was interrupted" in str(unfinished(root))
    with writing(root) as transaction:
        assert set(transaction.recovered) == {one.path for one in WRITES}
        assert {path: content for path, content in held(root).items() if path != LOCK} == NEW
    assert held(root) == NEW
    assert unfinished(root) is None


@pytest.mark.parametrize("path", ["d/b.md", "d/c.md"])
def test_recovery_never_overwrites_what_somebody_wrote_since(root: Path, path: str) -> None:
    """It says which file, changes nothing, and says so again until a person has looked."""
    interrupted(root, done=1)
    (root / path).write_bytes(b"mine\n")
    before = held(root)
    for _ in range(2):
        with pytest.raises(CouldNotCheckError, match=f"{path} was edited since"), writing(root):
            pass
        assert held(root) == before


def test_a_change_that_never_began_is_taken_back_when_a_file_was_edited(root: Path) -> None:
    """All files are as they were, and the next command can go on."""
    interrupted(root)
    (root / "d/b.md").write_bytes(b"mine\n")
    with pytest.raises(CouldNotCheckError, match="it was taken back"), writing(root):
        pass
    assert held(root) == {**OLD, "d/b.md": b"mine\n"}
    with writing(root) as transaction:
        assert transaction.recovered == ()


def test_a_new_text_that_is_lost_is_said(root: Path) -> None:
    """Somebody cleaned up hidden files: what cannot be completed is not guessed."""
    interrupted(root, done=1, waiting=False)
    with pytest.raises(CouldNotCheckError, match=r"the new text of d/b\.md is lost"), writing(root):
        pass
    beside(root / "d/b.md").write_bytes(b"something else\n")
    with pytest.raises(CouldNotCheckError, match=r"the new text of d/b\.md is lost"), writing(root):
        pass
    assert (root / "d/b.md").read_bytes() == OLD["d/b.md"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda _: b"",
        lambda _: b"[]",
        lambda _: b"[" * 100_000,
        lambda _: b"\xff",
        lambda text: text.replace(b'"version": 1', b'"version": 2'),
        lambda text: text.replace(b'"before"', b'"bevore"'),
        lambda text: text.replace(b'"a.md"', b"7"),
        lambda text: text[:-3],
    ],
)
def test_a_journal_that_is_none_is_not_believed(root: Path, edit: Callable[[bytes], bytes]) -> None:
    """It is left for a person to look at, and no file is touched."""
    interrupted(root)
    (root / JOURNAL).write_bytes(edit((root / JOURNAL).read_bytes()))
    before = held(root)
    with pytest.raises(CouldNotCheckError, match="is not a journal"), writing(root):
        pass
    with pytest.raises(CouldNotCheckError, match="is not a journal"):
        unfinished(root)
    assert held(root) == before


@pytest.mark.parametrize("path", ["../victim.md", "/srv/victim.md", ".git/hooks/pre-commit", "out/victim.md"])
def test_a_journal_cannot_name_a_file_outside_the_repository(tmp_path: Path, path: str) -> None:
    """Whoever plants a journal can change no file with it that lies elsewhere."""
    root = tmp_path / "repository"
    for folder in (root, root / ".git/hooks", tmp_path / "elsewhere"):
        folder.mkdir(parents=True)
    (root / "out").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    for victim in (tmp_path / "victim.md", tmp_path / "elsewhere/victim.md", root / ".git/hooks/pre-commit"):
        victim.write_bytes(b"mine\n")
        beside(victim).write_bytes(b"evil\n")
    row = {"path": path, "before": digest(b"mine\n"), "after": digest(b"evil\n")}
    (root / JOURNAL).write_text(json.dumps({"version": 1, "steps": [row]}), encoding="utf-8")
    before = held(tmp_path)
    with pytest.raises(CouldNotCheckError, match="nothing was written to it"), writing(root):
        pass
    assert held(tmp_path) == before


def test_two_writers_at_once_are_refused(root: Path) -> None:
    """The second is told who holds the lock; once the first has ended, there is no lock."""
    waiting = "import sys, pathlib; from gatepost.cli.transaction import writing\n"
    waiting += "with writing(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", waiting, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(CouldNotCheckError, match=rf"another gatepost \(process {first.pid}\) is writing"):
            commit(root)
        first.stdin.close()
    commit(root)
    assert held(root) == NEW


def test_the_lock_of_a_process_that_was_killed_is_free(root: Path) -> None:
    """A file of that name alone locks nobody out; what its owner was writing beside files is removed."""
    dead = {"process": os.getpid(), "writing": ["a.md", "../x.md", "d/new.md"]}
    (root / LOCK).write_text(json.dumps(dead), encoding="utf-8")
    for name in ("a.md", "d/new.md"):
        beside(root / name).write_bytes(b"half")
    commit(root)
    assert held(root) == NEW


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1]", b'{"writing": 7}', b'{"writing": [7]}'])
def test_a_lock_that_holds_nonsense_is_no_obstacle(root: Path, content: bytes) -> None:
    """Whatever stands in it."""
    (root / LOCK).write_bytes(content)
    commit(root)
    assert held(root) == NEW


def test_a_lock_that_is_a_link_is_refused(root: Path) -> None:
    """Nobody lets the lock be written elsewhere."""
    (root / LOCK).symlink_to(root / "a.md")
    with pytest.raises(CouldNotCheckError, match="cannot be written"):
        commit(root)
    assert (root / "a.md").read_bytes() == OLD["a.md"]

"""The index of a history: what it gives is what a clean read gives, byte for byte, or it is not believed."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from effort import examples, first
from gatepost import __version__
from gatepost.book.history import RecordHistory
from gatepost.check import check_project
from gatepost.report import render_json
from gatepost.sources import find_project, index
from stories import Story, body, edited, record
from trees import TODAY, commit_files, git

FIRST, SECOND = "decisions/0001-one.md", "decisions/0002-two.md"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which indexes are kept."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GATEPOST_CACHE_DIR", str(folder))
    return folder


def told(root: Path) -> str:
    """Give all that a check and the histories of a log say, in one text."""
    report = check_project(find_project(root), TODAY)
    history = report.history
    assert history.problem == ""
    lines = [render_json(report, __version__)]
    for one in report.book.files_read:
        lines += [one.path, *_steps(history.of(one))]
    for gone in history.gone(report.book):
        lines += ["gone", *_steps(gone)]
    return "\n".join(lines)


def _steps(history: RecordHistory | None) -> list[str]:
    """Give the steps of a history, and what each changed."""
    if history is None:
        return ["new"]
    said = []
    for number, step in enumerate(history.steps):
        said.append(f"{step.number} {step.commit} {step.brought} {step.path} {step.facts} {step.read()}")
        said += [str(change) for change in history.changes(number)]
        said.append(f"since the first: {step.since(history.steps[0])}")
    return said


def clean(root: Path) -> str:
    """Give the same without any index."""
    before = os.environ["GATEPOST_CACHE_DIR"]
    os.environ["GATEPOST_CACHE_DIR"] = ""
    try:
        return told(root)
    finally:
        os.environ["GATEPOST_CACHE_DIR"] = before


def the_index(cache: Path) -> Path:
    """Give the one index that is kept."""
    [file] = cache.glob("history-*.db")
    return file


def text(number: int, status: str = "proposed", seed: int = 1) -> str:
    """Give a decision."""
    return record(f"{number:04d}", body(random.Random(seed + number)), status)  # noqa: S311 - text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a log with a short history."""
    root = tmp_path / "log"
    root.mkdir()
    accepted = text(1, "accepted")
    more = accepted + "\n## More Information\n\nIt went well.\n"
    return commit_files(
        root, {FIRST: text(1)}, {FIRST: accepted, SECOND: text(2)}, {FIRST: more}, {SECOND: text(2, seed=9)}
    )


class Worker:
    """Does something to a log at random: on disk, in commits, on branches, to the past."""

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root, self.rng, self.count = root, rng, 10

    def work(self) -> str:
        """Do one thing, and say what."""
        what = self.rng.choice(
            [
                "edit",
                "edit",
                "move",
                "remove",
                "add",
                "commit",
                "commit",
                "commit",
                "restore",
                "merge",
                "amend",
                "back",
                "out",
            ]
        )
        getattr(self, f"_{what}")()
        return what

    def _some(self) -> Path | None:
        found = sorted((self.root / "docs").rglob("*.md"))
        return self.rng.choice(found) if found else None

    def _edit(self) -> None:
        if one := self._some():
            status = self.rng.choice(["proposed", "accepted", "superseded"])
            lines = edited(self.rng, one.read_text()).split("\n")
            said = [f"status: {status}" if line.startswith("status:") else line for line in lines]
            one.write_text("\n".join(said))

    def _move(self) -> None:
        if one := self._some():
            self.count += 1
            to = self.root / "docs" / self.rng.choice(["decisions", "adr"]) / f"{one.name[:4]}-n{self.count}.md"
            to.parent.mkdir(parents=True, exist_ok=True)
            one.rename(to)

    def _remove(self) -> None:
        if one := self._some():
            one.unlink()

    def _add(self) -> None:
        self.count += 1
        (self.root / "docs/decisions").mkdir(parents=True, exist_ok=True)
        (self.root / f"docs/decisions/{self.count:04d}-new.md").write_text(text(self.count))

    def _commit(self) -> None:
        git(self.root, "add", "--all")
        git(self.root, "commit", "--quiet", "--allow-empty", "--message", "More")

    def _restore(self) -> None:
        git(self.root, "reset", "--quiet", "--hard")

    def _merge(self) -> None:
        self._commit()
        git(self.root, "checkout", "--quiet", "-B", "topic")
        self._edit()
        self._commit()
        git(self.root, "checkout", "--quiet", "main")
        self._add()
        self._commit()
        git(self.root, "merge", "--quiet", "--no-ff", "-X", "theirs", "topic", "--message", "Merged")

    def _amend(self) -> None:
        self._edit()
        git(self.root, "commit", "--quiet", "--all", "--amend", "--allow-empty", "--message", "Amended")

    def _back(self) -> None:
        if int(git(self.root, "rev-list", "--first-parent", "--count", "HEAD")) > 3:
            git(self.root, "reset", "--quiet", "--hard", "HEAD~2")

    def _out(self) -> None:
        """Move a file out of the docs folder, or one that is outside back in."""
        outside = self.root / "archive"
        outside.mkdir(exist_ok=True)
        away = sorted(outside.glob("*.md"))
        if away:
            (self.root / "docs/decisions").mkdir(parents=True, exist_ok=True)
            away[0].rename(self.root / "docs/decisions" / away[0].name)
        elif one := self._some():
            one.rename(outside / one.name)
        self._commit()


@pytest.mark.parametrize("seed", first(range(3)))
def test_after_fifty_random_edits_the_index_gives_what_a_clean_read_gives(seed: int, root: Path, cache: Path) -> None:
    """After each of them: the report, every step, every change, what is gone."""
    worker = Worker(root, random.Random(seed))  # noqa: S311 - the same work each time
    done = []
    for _ in range(examples(50)):
        done.append(worker.work())
        (root / "docs").mkdir(exist_ok=True)
        assert told(root) == clean(root), done
    assert the_index(cache).stat().st_size > 0


@pytest.mark.parametrize("seed", first(range(3)))
def test_a_history_read_in_pieces_is_the_one_read_at_once(seed: int, tmp_path: Path, cache: Path) -> None:
    """A random history, its main line walked commit by commit, so that each time the index is brought forward."""
    story = Story(random.Random(seed)).tell(tmp_path / "log", 40)  # noqa: S311 - the same story each time
    line = git(story.root, "rev-list", "--first-parent", "--reverse", "main").split()
    for commit in line[:: max(1, len(line) // 8)]:
        git(story.root, "reset", "--quiet", "--hard", commit)
        told(story.root)
    git(story.root, "reset", "--quiet", "--hard", line[-1])
    assert told(story.root) == clean(story.root)
    assert the_index(cache)


def test_a_rewritten_history_is_read_anew(root: Path) -> None:
    """Amended, rebased, or put back by force: nothing of the other past remains."""
    told(root)
    git(root, "commit", "--quiet", "--amend", "--message", "Other words")
    assert told(root) == clean(root)
    git(root, "rebase", "--quiet", "--force-rebase", "--root")
    assert told(root) == clean(root)
    git(root, "reset", "--quiet", "--hard", "HEAD~2")
    assert told(root) == clean(root)


def test_another_branch_has_its_own_past(root: Path) -> None:
    """To and fro between two branches that went apart."""
    git(root, "checkout", "--quiet", "-b", "topic", "HEAD~1")
    commit_files(root, {SECOND: text(2, "accepted")})
    on_topic = told(root)
    assert on_topic == clean(root)
    git(root, "checkout", "--quiet", "main")
    assert told(root) == clean(root) != on_topic
    git(root, "checkout", "--quiet", "topic")
    assert told(root) == on_topic


def test_a_file_that_comes_from_outside_brings_its_past(root: Path) -> None:
    """Its earlier versions, of which the index knew nothing, are read then."""
    (root / "notes").mkdir()
    (root / "notes/0005-old.md").write_text(text(5))
    commit_files(root, {})
    (root / "notes/0005-old.md").write_text(text(5, "accepted"))
    commit_files(root, {})
    told(root)
    git(root, "mv", "notes/0005-old.md", "docs/decisions/0005-old.md")
    commit_files(root, {})
    assert told(root) == clean(root)
    assert told(root).count("notes/0005-old.md") > 1


def test_a_warm_index_is_used(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time no log is read; what is asked for is there."""
    first = told(root)
    asked: list[str] = []
    from gatepost.sources.repository import Repository  # noqa: PLC0415 - patched here only

    ask = Repository.ask
    monkeypatch.setattr(
        Repository, "ask", lambda self, *words, **more: asked.append(words[0]) or ask(self, *words, **more)
    )
    assert told(root) == first
    assert asked
    assert "log" not in asked
    assert the_index(cache)


def test_what_is_garbled_anywhere_is_not_believed(root: Path, cache: Path) -> None:
    """A byte that was changed at any place of the file changes nothing of the answer."""
    expected = told(root)
    file = the_index(cache)
    content = file.read_bytes()
    rng = random.Random(7)  # noqa: S311 - the same places each time
    for place in [*range(0, 100, 9), *(rng.randrange(len(content)) for _ in range(examples(60)))]:
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        assert told(root) == expected, place
        assert told(root) == expected, place


def test_each_table_is_sealed(root: Path, cache: Path) -> None:
    """What somebody writes into any table by hand, or takes out, is not believed, and the index mends itself."""
    expected = told(root)
    file = the_index(cache)
    kept = file.read_bytes()
    for table in ("state", "lines", "version", "difference", "meta"):
        for change in (
            f"UPDATE {table} SET said = replace(said, 'a', 'b')",  # noqa: S608 - the test's own tables
            f"DELETE FROM {table}",  # noqa: S608
            f"DROP TABLE {table}",
        ):
            file.write_bytes(kept)
            database = sqlite3.connect(file)
            if table in {"lines", "meta"}:
                database.execute("DELETE FROM state")
            database.execute(change)
            database.commit()
            database.close()
            assert told(root) == expected, change
            assert told(root) == expected, change


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 5000, None])
def test_a_truncated_or_foreign_file_is_replaced(content: bytes | None, root: Path, cache: Path) -> None:
    """What is no index of this log is thrown away silently."""
    expected = told(root)
    file = the_index(cache)
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[: size // 2] if content is None else content)
    assert told(root) == expected
    assert told(root) == expected
    assert the_index(cache).stat().st_size >= size // 2


def test_the_index_of_another_log_is_not_believed(root: Path, tmp_path: Path, cache: Path) -> None:
    """Even where its file has this one's name."""
    expected = told(root)
    file = the_index(cache)
    other = tmp_path / "other"
    other.mkdir()
    commit_files(other, {FIRST: text(1, "accepted")})
    told(other)
    [foreign] = set(cache.glob("history-*.db")) - {file}
    shutil.copy(foreign, file)
    assert told(root) == expected


def test_an_index_of_an_older_reader_is_not_used(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the same bytes otherwise has an index of their own."""
    monkeypatch.setattr("gatepost.sources.history.READER", index.READER - 1)
    told(root)
    old = the_index(cache)
    monkeypatch.undo()
    os.environ["GATEPOST_CACHE_DIR"] = str(cache)
    assert told(root) == clean(root)
    assert old in set(cache.glob("history-*.db"))


@pytest.mark.parametrize("place", ["a file", "read-only", "missing", "nothing"])
def test_without_a_folder_to_write_to_it_works_all_the_same(
    place: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache is a convenience: a log is read whole without it."""
    expected = clean(root) if "GATEPOST_CACHE_DIR" in os.environ else told(root)
    folder = tmp_path / "place"
    if place == "a file":
        folder.write_text("no folder")
    elif place == "read-only":
        folder.mkdir(mode=0o555)
    monkeypatch.setenv("GATEPOST_CACHE_DIR", "" if place == "nothing" else str(folder / "below"))
    assert told(root) == expected
    assert told(root) == expected


def test_two_processes_at_once(root: Path, cache: Path) -> None:
    """Both give what one alone gives, and leave an index that is whole."""
    expected = told(root)
    shutil.rmtree(cache)
    for _ in range(2):
        command = [sys.executable, "-m", "gatepost", "check", "--format", "json", "--as-of", str(TODAY)]
        both = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
        done = [(one.communicate(timeout=120), one.returncode) for one in both]
        assert {answer[0] for answer, _ in done} == {done[0][0][0]}
        assert {answer[1] for answer, _ in done} == {b""}
    assert told(root) == expected


def test_a_sealed_index_that_nobody_can_read_is_begun_anew(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of another shape, kept by whatever wrote them with a sound seal, are thrown away."""
    extend = index.HistoryIndex.extend
    with monkeypatch.context() as patched:
        patched.setattr(
            index.HistoryIndex, "extend", lambda self, lines, head: extend(self, [["odd"] for _ in lines], head)
        )
        check_project(find_project(root), TODAY)
    assert the_index(cache).is_file()
    assert told(root) == clean(root)


@pytest.mark.parametrize("warm", [False, True])
def test_reading_ahead_changes_nothing(warm: bool, root: Path, cache: Path) -> None:  # noqa: FBT001 - two cases
    """What is read in one go is what is read one by one, from git or from an index."""
    if warm:
        told(root)
    report = check_project(find_project(root), TODAY)
    report.history.read_ahead()
    ahead = [_steps(report.history.of(one)) for one in report.book.files_read]
    plain = check_project(find_project(root), TODAY)
    assert ahead == [_steps(plain.history.of(one)) for one in plain.book.files_read]
    assert the_index(cache).is_file()

"""A commit as a tree says what a clean checkout of it says."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from effort import examples
from gatepost.check import check_project
from gatepost.report import render_json
from gatepost.sources import Project, ProjectError, RevisionTree, Tree, WorkingTree, find_project, open_revision
from gatepost.sources.repository import Repository
from trees import TODAY, clean_log, commit_files, edited, git, write_tree

RECORD = "---\nid: ADR-{0}\nkind: decision\ntitle: T {0}\nstatus: proposed\ndate: 2026-01-01\n---\n\nSee [x]({1}).\n"
NAMES = ("a.md", "b.md", "c", "d", "decisions", "templates", ".h", "e.markdown", "größe", "f\udcff.md", "x y.json")
OUTSIDE = "/none/outside"
TARGETS = (
    "a.md",
    "./b.md",
    "c",
    "..",
    ".",
    "../c",
    "../../d",
    "c/..",
    "a.md/..",
    "a.md/",
    "none/../a.md",
    "../../../..",
    "../.git",
    "../../.git/config",
    "{root}/docs",
    "{root}/docs/c/a.md",
    "{root}/../x",
    "../../{name}/docs/a.md",
    "../{name}/docs",
    OUTSIDE,
    "decisions",
    "f\udcff.md",
)
FILES = (
    "x",
    "a\r\nb\r\n",
    "---\nid: ADR-1\ntitle: [\n---\n",
    "---\ntitle: T\n---\n\ufeffx\r",
    RECORD.format(2, "c/a.md"),
    RECORD.format(3, "../x y.json"),
    '{"a": 1}',
)

ELSEWHERE = "`git fetch --tags` may bring it, `git log --oneline` lists what is here"

names = st.sampled_from(NAMES)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
links = st.sampled_from(TARGETS)
trees = st.dictionaries(
    paths,
    st.one_of(
        st.tuples(st.just("file"), st.sampled_from(FILES)),
        st.tuples(st.just("link"), links),
        st.tuples(st.just("module"), st.just("")),
    ),
    min_size=1,
    max_size=14,
)


def lay_down(root: Path, files: dict[str, tuple[str, str]]) -> None:
    """Write a tree below the docs folder, leaving out what stands in the way of something else, and commit it."""
    (root / "docs").mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    modules: list[str] = []
    for path, (kind, content) in files.items():
        place = root / "docs" / path
        above = [one for one in place.parents if one.is_relative_to(root / "docs" / path.partition("/")[0])]
        if os.path.lexists(place) or any(one.is_symlink() or one.is_file() or str(one) in modules for one in above):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if kind == "file":
            place.write_bytes(content.encode())
        elif kind == "link":
            place.symlink_to(content.replace("{root}", str(root)).replace("{name}", root.name))
        else:
            place.mkdir()
            modules.append(str(place))
    git(root, "add", "--all")
    for module in modules:
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{Path(module).relative_to(root)}")
    git(root, "commit", "--quiet", "--message", "All")


def said(tree: Tree) -> dict[str, object]:
    """Give everything that a tree says about its documents and about paths that records might name."""
    asked = [f"{folder}{path}" for folder in ("", "docs/", "docs/c/", "docs/d/c/") for path in (*NAMES, "none", "")]
    cited = [*NAMES, "c/a.md", "d/c/x y.json", "../a.md", "c/../a.md", ".git/config", "c//b.md", "a.md/", "none"]
    return {
        "docs": tree.docs,
        "documents": [(one.path, one.text, one.data, one.faults) for one in tree.documents()],
        "one by one": [(one.path, one.text, one.faults) for one in map(tree.document, tree.markdown_files())],
        "looks": [(path, near, tree.look(path, near)) for path in cited for near in ("docs", "docs/c", "docs/d/c")],
        "exists": [path for path in (*asked, "../x", "docs/.git", ".git", OUTSIDE) if tree.exists(path)],
        "reads": [tree.read(path) for path in asked],
        "digests": [tree.sha256(path) for path in asked],
        "commits": [tree.has_commit("1" * 40), tree.has_commit("main")],
    }


@settings(max_examples=examples(60), deadline=None)
@given(files=trees, exclude=st.sampled_from(["", "c/", "*.md\n!/a.md", "decisions\n/d/c/"]))
@example(files={"c/a.md": ("file", "x"), "d": ("link", "c"), "b.md": ("link", "d/a.md")}, exclude="")
@example(files={"a.md": ("link", "a.md"), "b.md": ("link", "a.md"), "c": ("link", ".")}, exclude="")
@example(files={"a.md": ("link", OUTSIDE), "c": ("link", "../.git"), "b.md": ("link", "../.git/config")}, exclude="")
@example(files={"c": ("module", ""), "a.md": ("module", ""), "b.md": ("link", "c")}, exclude="")
def test_a_commit_says_what_its_checkout_says(files: dict[str, tuple[str, str]], exclude: str) -> None:
    """Links, circles, submodules, odd names, line ends, exclusions: every answer is the same, and so is the report."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "größe"
        lay_down(root, files)
        project = Project(root, root / "docs", exclude, repository=True)
        repository = Repository(root)
        commit = repository.commit("HEAD") or ""
        working, then = WorkingTree(project), RevisionTree(project, repository, commit)
        assert said(then) == said(working)
        now, at = check_project(working, TODAY), check_project(then, TODAY)
        assert (now.revision, at.revision) == (None, commit)
        assert render_json(at, "1").replace(f'"{commit}"', "null", 1) == render_json(now, "1")


def test_a_commit_stays_what_it_was(tmp_path: Path) -> None:
    """Edits, new files, deletions and later commits in the working directory change nothing."""
    root = write_tree(tmp_path, clean_log(), commit=True)
    before = render_json(check_project(open_revision(root, None, "HEAD"), TODAY), "1")
    first = git(root, "rev-parse", "HEAD").strip()
    write_tree(root, edited(clean_log(), "churn/index.md", "kind: design", "kind: nonsense"), commit=True)
    (root / "docs/policy.md").unlink()
    (root / "docs/new.md").write_text("x", encoding="utf-8")
    assert render_json(check_project(open_revision(root, None, "HEAD~1"), TODAY), "1") == before
    assert render_json(check_project(open_revision(root, None, first[:10]), TODAY), "1") == before
    assert render_json(check_project(open_revision(root, None, "HEAD"), TODAY), "1") != before


def test_line_ends_that_a_checkout_converts(tmp_path: Path) -> None:
    """Records read the same; the digest of a cited file is that of what was committed, not of the converted copy."""
    root = write_tree(tmp_path, clean_log())
    (root / ".gitattributes").write_text("* text eol=crlf\n", encoding="utf-8")
    git(root, "add", "--all", "--renormalize")
    git(root, "commit", "--quiet", "--message", "All")
    git(root, "rm", "--quiet", "--cached", "-r", ".")
    git(root, "reset", "--quiet", "--hard")
    working, then = WorkingTree(find_project(root)), open_revision(root, None, "HEAD")
    policy = "docs/policy.md"
    assert b"\r\n" in (working.read(policy) or b"")
    assert [one.text for one in then.documents()] == [one.text for one in working.documents()]
    assert then.read(policy) == (working.read(policy) or b"").replace(b"\r\n", b"\n")
    assert then.sha256(policy) != working.sha256(policy)


def test_settings_are_those_of_the_commit(tmp_path: Path) -> None:
    """The docs folder and what is excluded come from mkdocs.yml as it was, with what it inherits."""
    root = tmp_path / "one"
    (root / "old").mkdir(parents=True)
    git(root, "init", "--quiet")
    (root / "base.yml").write_text("docs_dir: old\n", encoding="utf-8")
    (root / "mkdocs.yml").write_text("INHERIT: base.yml\nexclude_docs: b.md\n", encoding="utf-8")
    for name in "ab":
        (root / f"old/{name}.md").write_text(name, encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Old")
    git(root, "mv", "old", "new")
    (root / "base.yml").unlink()
    (root / "mkdocs.yml").write_text("docs_dir: new\n", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "New")
    (root / "mkdocs.yml").write_text("docs_dir: [\n", encoding="utf-8")
    assert open_revision(root, None, "HEAD~1").markdown_files() == ("old/a.md",)
    assert open_revision(root, None, "HEAD").markdown_files() == ("new/a.md", "new/b.md")
    assert open_revision(root, root / "old", "HEAD~1").markdown_files() == ("old/a.md",)
    with pytest.raises(ProjectError, match=r"there is no folder .*/old in commit \w{10}; name the folder"):
        open_revision(root, root / "old", "HEAD")


def test_settings_are_todays_when_the_commit_has_none(tmp_path: Path) -> None:
    """A log that is older than its mkdocs.yml is read with the one of today; without any, the usual folder is."""
    root = tmp_path / "one"
    (root / "designs").mkdir(parents=True)
    git(root, "init", "--quiet")
    (root / "designs/a.md").write_text("a", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Old")
    assert open_revision(root, None, "HEAD").markdown_files() == ("designs/a.md",)
    (root / "mkdocs.yml").write_text("docs_dir: designs\nexclude_docs: a.md\n", encoding="utf-8")
    assert open_revision(root, None, "HEAD").markdown_files() == ()


def test_a_docs_folder_behind_a_link(tmp_path: Path) -> None:
    """A docs folder that is a link is read where it leads, as on disk."""
    root = write_tree(tmp_path, clean_log())
    (root / "docs").rename(root / "real")
    (root / "docs").symlink_to("real")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "All")
    assert open_revision(root, None, "HEAD").markdown_files() == WorkingTree(find_project(root)).markdown_files()


def test_docs_below_the_root_and_a_start_below_that(tmp_path: Path) -> None:
    """The configuration is looked for from the folder upwards, as today."""
    inner = tmp_path / "sub/site"
    inner.mkdir(parents=True)
    write_tree(inner, clean_log(), repository=False)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "All")
    for start in (inner, inner / "docs", inner / "docs/churn"):
        assert open_revision(start, None, "HEAD").markdown_files() == WorkingTree(find_project(start)).markdown_files()
        assert check_project(open_revision(start, None, "HEAD"), TODAY).passed


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("maim", "there is no commit 'maim'; did you mean main?"),
        ("v1.O", "there is no commit 'v1.O'; did you mean v1.0?"),
        (
            "--help",
            "there is no commit '--help'; `git fetch --tags` may bring it, `git log --oneline` lists what is here",
        ),
        ("HEAD:docs", None),
        ("", None),
        ("0" * 40, None),
    ],
)
def test_no_such_commit(tmp_path: Path, revision: str, message: str | None) -> None:
    """What names no commit is said, with the nearest branch or tag."""
    root = write_tree(tmp_path, clean_log(), commit=True)
    git(root, "tag", "v1.0")
    with pytest.raises(ProjectError) as caught:
        open_revision(root, None, revision)
    assert str(caught.value) == (message or str(caught.value))
    assert str(caught.value).startswith(f"there is no commit '{revision}'; ")


def test_a_record_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    """A file over the limit has the same fault as on disk, and a cited one is not looked into."""
    root = write_tree(tmp_path, {"a.md": "x" * (3 * 1024 * 1024), "b.json": "0" * (17 * 1024 * 1024)}, commit=True)
    working, then = WorkingTree(find_project(root)), open_revision(root, None, "HEAD")
    assert [one.faults for one in then.documents()] == [one.faults for one in working.documents()]
    assert (then.read("docs/b.json"), working.read("docs/b.json")) == (None, None)
    assert then.sha256("docs/b.json") == working.sha256("docs/b.json")


def test_a_commit_of_a_partial_clone(tmp_path: Path) -> None:
    """What was left out ends the reading with one message; what is here is read."""
    (tmp_path / "one").mkdir()
    root = write_tree(tmp_path / "one", clean_log(), commit=True)
    write_tree(root, edited(clean_log(), "churn/index.md", "title: ", "title: New "), commit=True)
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", root.as_uri(), "copy")
    copy = tmp_path / "copy"
    assert check_project(open_revision(copy, None, "HEAD"), TODAY).passed
    with pytest.raises(ProjectError, match=r"commit \w{10} cannot be read, docs/churn/index\.md: partial clone: fetch"):
        check_project(open_revision(copy, None, "HEAD~1"), TODAY)


def test_a_commit_whose_trees_were_left_out(tmp_path: Path) -> None:
    """A clone without old trees says so instead of finding no record."""
    (tmp_path / "one").mkdir()
    root = write_tree(tmp_path / "one", clean_log(), commit=True)
    write_tree(root, {"new.md": "x"}, commit=True)
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=tree:0", root.as_uri(), "copy")
    with pytest.raises(ProjectError, match=r"commit \w{10} cannot be read, its list of files: partial clone: fetch"):
        check_project(open_revision(tmp_path / "copy", None, "HEAD~1"), TODAY)


def test_a_file_beside_a_commit(tmp_path: Path) -> None:
    """It is there as it is here, or elsewhere under its name, or not; both kinds of tree say so, and never guess."""
    root = commit_files(tmp_path, {"a/one.py": "1\n", "a/two.py": "2\n", "a/three.py": "3\n"})
    first = git(root, "rev-parse", "HEAD").strip()
    (root / "docs/a/link.py").symlink_to("one.py")
    commit_files(root, {"b/two.py": "2\n", "a/two.py": None, "a/three.py": "4\n", "a/four.py": "1\n"})
    (root / "docs/left.py").write_text("1\n", encoding="utf-8")
    project = find_project(root)
    here = WorkingTree(project)
    then = RevisionTree(project, here.repository, git(root, "rev-parse", "HEAD").strip())
    for tree in (here, then):
        found = [tree.at_commit(first, f"docs/{path}") for path in ("a/one.py", "b/two.py", "a/three.py", "a/four.py")]
        assert found == ["same", "moved", "other", "other"]
        assert tree.at_commit("f" * 40, "docs/a/one.py") is None
        assert tree.at_commit("--help", "docs/a/one.py") is None
        assert tree.at_commit(first, "docs/none.py") is None
        assert tree.tracked_below("docs/a") == ("docs/a/four.py", "docs/a/one.py", "docs/a/three.py")
        assert tree.tracked_below("docs/none") == ()
        assert tree.tracked_below(".") == tree.tracked_below("")


def test_a_file_that_a_checkout_converts_is_what_the_commit_has(tmp_path: Path) -> None:
    """Line ends are no other contents: git's own id of the file says so."""
    root = commit_files(tmp_path, {"one.txt": "1\n2\n"})
    (root / ".gitattributes").write_text("*.txt text eol=crlf\n", encoding="utf-8")
    first = git(root, "rev-parse", "HEAD").strip()
    (root / "docs/one.txt").unlink()
    git(root, "checkout", "--", "docs/one.txt")
    assert (root / "docs/one.txt").read_bytes() == b"1\r\n2\r\n"
    assert WorkingTree(find_project(root)).at_commit(first, "docs/one.txt") == "same"

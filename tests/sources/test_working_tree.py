"""The working directory as a tree: which files are read, which are refused, and what is known about them."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from gatepost.sources import Project, ProjectError, WorkingTree, find_project
from gatepost.sources import working_tree as room
from trees import git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a git repository with an empty docs folder."""
    root = tmp_path / "repository"
    (root / "docs").mkdir(parents=True)
    git(root, "init", "--quiet")
    return root


def tree(root: Path, exclude: str = "") -> WorkingTree:
    """Give the tree of a repository."""
    return WorkingTree(Project(root, root / "docs", exclude, repository=True))


def write(root: Path, path: str, text: str = "x") -> Path:
    """Write one file."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def test_every_markdown_file_below_the_docs_is_found(root: Path) -> None:
    """Each of MkDocs' endings counts; hidden files and folders, other files and templates do not."""
    for path in (
        "a.md",
        "b/c.markdown",
        "b/d.mkd",
        "größe/決定.md",
        "e.txt",
        ".f.md",
        ".g/h.md",
        "templates/i.md",
        "j/templates/k.md",
    ):
        write(root, f"docs/{path}")
    assert tree(root).markdown_files() == tuple(
        f"docs/{path}" for path in ("a.md", "b/c.markdown", "b/d.mkd", "größe/決定.md", "j/templates/k.md")
    )


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ("", ["a.md", "b/c.md", "b/d.md"]),
        ("b/", ["a.md"]),
        ("*.md\n!/a.md", ["a.md"]),
        ("/b/c.md\n# a comment\n", ["a.md", "b/d.md"]),
        ("c.md", ["a.md", "b/d.md"]),
    ],
)
def test_what_the_build_leaves_out_is_left_out(root: Path, patterns: str, left: list[str]) -> None:
    """`exclude_docs` and `draft_docs` are gitignore patterns relative to the docs folder."""
    for path in ("a.md", "b/c.md", "b/d.md"):
        write(root, f"docs/{path}")
    assert tree(root, patterns).markdown_files() == tuple(f"docs/{path}" for path in left)


def test_a_pattern_that_cannot_be_read_is_said(root: Path) -> None:
    """A lone exclamation mark is no pattern; the message names the setting."""
    with pytest.raises(ProjectError, match=r"exclude_docs or draft_docs of mkdocs\.yml cannot be read"):
        tree(root, "!").markdown_files()


def test_docs_may_be_the_root_itself(root: Path) -> None:
    """Paths are relative to the root, wherever the docs folder is."""
    write(root, "a.md")
    whole = WorkingTree(Project(root, root))
    assert (whole.docs, whole.markdown_files()) == ("", ("a.md",))
    assert tree(root).docs == "docs"


def test_links_within_the_repository_are_followed_once(root: Path) -> None:
    """A folder behind a link is read once, however many links lead to it, also when its name begins like another's."""
    write(root, "shared/a.md")
    (root / "docs/abc").mkdir()
    (root / "docs/ab").symlink_to(root / "shared")
    (root / "docs/abc/shared").symlink_to(root / "shared")
    (root / "docs/b.md").symlink_to(root / "shared/a.md")
    assert tree(root).markdown_files() == ("docs/ab/a.md", "docs/b.md")
    assert tree(root).document("docs/b.md").text == "x"


def test_links_in_circles_end(root: Path) -> None:
    """Folders that link to themselves, to one another and to those above them are walked once, in no time."""
    for name in "abcdef":
        write(root, f"docs/{name}/{name}.md")
        (root / f"docs/{name}/self").symlink_to(".")
        (root / f"docs/{name}/up").symlink_to("../..")
        for other in "abcdef":
            (root / f"docs/{name}/to-{other}").symlink_to(f"../{other}")
    assert tree(root).markdown_files() == tuple(f"docs/{name}/{name}.md" for name in "abcdef")


def test_a_link_upwards_brings_nothing_in(root: Path) -> None:
    """A link to a folder above the docs does not make records of what lies beside them."""
    write(root, "README.md")
    write(root, "docs/a/b.md")
    (root / "docs/a/up").symlink_to("../..")
    assert tree(root).markdown_files() == ("docs/a/b.md",)


def test_a_link_into_the_folder_of_git_leaves_the_repository(root: Path) -> None:
    """What git keeps for itself is no record and no evidence, whatever link leads there."""
    (root / "docs/a.md").symlink_to("../.git/config")
    (root / "docs/b").symlink_to("../.git")
    whole = tree(root)
    assert whole.document("docs/a.md").faults[0].message == "a symbolic link that leaves the repository"
    assert whole.look("b/config", "docs").reason == "it is a symbolic link that leaves the repository"
    assert (whole.exists("docs/b"), whole.read("docs/a.md"), whole.sha256("docs/a.md")) == (False, None, None)


def test_where_a_link_leads_does_not_depend_on_what_is_there(root: Path) -> None:
    """A link out of the repository is refused, also when nothing is at its end on this machine."""
    (root / "docs/a.json").symlink_to(root.parent / "none.json")
    assert tree(root).look("a.json", "docs").state == "refused"


def test_folders_may_nest_deeper_than_python_recurses(root: Path) -> None:
    """A thousand and more folders below each other are walked like any others."""
    here = os.open(root / "docs", os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    try:
        (found,) = tree(root).markdown_files()
    finally:
        subprocess.run(["rm", "-rf", root / "docs/d"], check=True)  # pytest would remove it by recursion
    assert found.count("/") == 1101


def test_a_link_out_of_the_repository_is_no_record(root: Path) -> None:
    """What lies outside is not read, whether a link leads to a file or to a folder."""
    secret = write(root.parent, "secret/a.md", "secret")
    (root / "docs/a.md").symlink_to(secret)
    (root / "docs/b").symlink_to(secret.parent)
    (root / "docs/beside").symlink_to(write(root.parent, "repository-two/c.md").parent)
    outside = tree(root)
    assert outside.markdown_files() == ("docs/a.md",)
    document = outside.document("docs/a.md")
    assert (document.text, document.faults[0].message) == ("", "a symbolic link that leaves the repository")


@pytest.mark.parametrize("kind", ["fifo", "folder", "dangling", "loop"])
def test_what_is_no_file_is_a_fault(root: Path, kind: str) -> None:
    """A pipe that nobody writes to, a link that leads nowhere or to itself: said at once, never waited for."""
    place = root / "docs/a.md"
    if kind == "fifo":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(root / "docs/none.md" if kind == "dangling" else place)
    (fault,) = tree(root).document("docs/a.md").faults
    assert fault.message in {
        "it is no regular file",
        "the file cannot be read: No such file or directory",
        "the file cannot be read: Too many levels of symbolic links",
    }


def test_a_file_that_may_not_be_read_is_a_fault(root: Path) -> None:
    """Permissions that forbid reading are said with the system's own words."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    write(root, "docs/a.md").chmod(0)
    assert tree(root).document("docs/a.md").faults[0].message == "the file cannot be read: Permission denied"


@pytest.mark.parametrize(
    ("path", "state", "reason"),
    [
        ("a.json", "found", ""),
        ("./x//a.json", "found", ""),
        ("none.json", "missing", ""),
        ("x", "folder", ""),
        (".", "folder", ""),
        ("../docs/a.json", "refused", "it holds `..`"),
        ("x\\..\\a.json", "refused", "it holds `..`"),
        ("/etc/passwd", "refused", "it is absolute"),
        ("~/a.json", "refused", "it is absolute"),
        ("C:\\a.json", "refused", "it is absolute"),
        ("", "refused", "it is not a path"),
        ("a\0b", "refused", "it is not a path"),
        ("a" * 5000, "refused", "it is not a path"),
        ("a" * 300, "missing", ""),
        ("out.json", "refused", "it is a symbolic link that leaves the repository"),
        ("out/passwd", "refused", "it is a symbolic link that leaves the repository"),
        ("pipe", "refused", "it is no regular file"),
        ("dangling", "missing", ""),
        ("\ud800", "missing", ""),
        ("größe.json", "found", ""),
    ],
)
def test_how_a_cited_path_is_looked_up(root: Path, path: str, state: str, reason: str) -> None:
    """Only files of the repository count; a path that leaves it is refused before anything is opened."""
    write(root, "docs/d/a.json")
    write(root, "docs/d/x/a.json")
    write(root, "docs/d/größe.json")
    (root / "docs/d/out.json").symlink_to("/etc/passwd")
    (root / "docs/d/out").symlink_to("/etc")
    (root / "docs/d/dangling").symlink_to("none")
    os.mkfifo(root / "docs/d/pipe")
    fact = tree(root).look(path, "docs/d")
    assert (fact.state, fact.reason) == (state, reason)


def test_a_path_is_looked_for_near_the_record_first(root: Path) -> None:
    """The design's folder comes before the root; git says whether it tracks what was found."""
    write(root, "a.json")
    near = write(root, "docs/d/a.json")
    git(root, "add", "a.json")
    assert (tree(root).look("a.json", "docs/d").path, tree(root).look("a.json", "docs/d").tracked) == (
        "docs/d/a.json",
        False,
    )
    near.unlink()
    assert (tree(root).look("a.json", "docs/d").path, tree(root).look("a.json", "docs/d").tracked) == ("a.json", True)


def test_digests_are_those_of_the_bytes(root: Path) -> None:
    """A digest is SHA-256 of the file; one that cannot be read has none."""
    write(root, "a.json", "größe\r\n")
    whole = tree(root)
    assert whole.sha256("a.json") == hashlib.sha256((root / "a.json").read_bytes()).hexdigest()
    assert whole.sha256("none.json") is None
    assert whole.read("none.json") is None


def test_a_large_file_is_digested_in_pieces_up_to_a_limit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read whole: more than can be looked into gives nothing, more than can be digested has no digest."""
    place = root / "large.json"
    with place.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    assert tree(root).read("large.json") is None
    assert tree(root).sha256("large.json") is not None
    monkeypatch.setattr(room, "MAX_DIGESTED", 1024)
    assert tree(root).sha256("large.json") is None


def test_what_exists_is_inside(root: Path) -> None:
    """A page may link to files and folders of the repository, not through a link to others."""
    write(root, "docs/a.png")
    (root / "docs/out").symlink_to("/etc")
    whole = tree(root)
    assert [
        path for path in ("docs/a.png", "docs", "docs/b.png", "docs/out", "docs/out/passwd") if whole.exists(path)
    ] == [
        "docs/a.png",
        "docs",
    ]


def test_the_project_found_reads_as_a_tree(root: Path) -> None:
    """What `find_project` gives is what the tree needs."""
    write(root, "mkdocs.yml", "site_name: x\nexclude_docs: b.md\n")
    write(root, "docs/a.md")
    write(root, "docs/b.md")
    assert [document.path for document in WorkingTree(find_project(root)).documents()] == ["docs/a.md"]

"""Where a project's records are."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost.sources import ProjectError, find_project
from trees import git

CONFIG = """
site_name: x
docs_dir: {docs}
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/object/apply:os.system [exit 1]
extra:
  analytics: !ENV [ANALYTICS, no]
  path: !relative $docs_dir
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder with a docs folder in it."""
    (tmp_path / "docs").mkdir()
    return tmp_path


def config(root: Path, text: str, name: str = "mkdocs.yml") -> None:
    """Write the configuration."""
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "environment", "docs"),
    [
        ("handbook", {}, "handbook"),
        ("!ENV DOCS", {"DOCS": "handbook"}, "handbook"),
        ("!ENV DOCS", {}, "docs"),
        ("!ENV [DOCS, handbook]", {}, "handbook"),
        ("!ENV [DOCS, OTHER, docs]", {"OTHER": "handbook"}, "handbook"),
        ("!!python/name:os.system", {}, "docs"),
    ],
)
def test_the_docs_folder_is_the_one_of_mkdocs_yml(
    root: Path, written: str, environment: dict[str, str], docs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags are passed over, never run; an environment variable counts as it does for MkDocs."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (root / "handbook").mkdir()
    config(root, CONFIG.format(docs=written))
    assert find_project(root).docs == root / docs


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "properdocs.yaml"])
def test_the_configuration_is_found_from_below(root: Path, name: str) -> None:
    """Any folder of the project leads to it, up to the root of the repository."""
    config(root, "site_name: x\n", name)
    (root / "docs/a").mkdir()
    assert find_project(root / "docs/a").docs == root / "docs"
    (root / "inner/docs").mkdir(parents=True)
    git(root / "inner", "init", "--quiet")
    project = find_project(root / "inner")
    assert (project.root, project.docs, project.repository) == (root / "inner", root / "inner/docs", True)


def test_without_a_configuration_the_usual_folders_are_tried(root: Path) -> None:
    """`designs` comes before `docs`; a folder that is named comes before both."""
    assert find_project(root).docs == root / "docs"
    (root / "designs").mkdir()
    (root / "other").mkdir()
    assert find_project(root).docs == root / "designs"
    assert find_project(root, root / "other").docs == root / "other"
    assert find_project(root).repository is False


def test_settings_are_inherited(root: Path) -> None:
    """`INHERIT` gives what the configuration does not say itself; a circle is refused."""
    (root / "handbook").mkdir()
    config(root, "docs_dir: handbook\nexclude_docs: a.md\n", "base.yml")
    config(root, "INHERIT: base.yml\nexclude_docs: b.md\n")
    assert (find_project(root).docs, find_project(root).exclude) == (root / "handbook", "b.md")
    config(root, "INHERIT: mkdocs.yml\n", "base.yml")
    with pytest.raises(ProjectError, match="inherits from itself"):
        find_project(root)


def test_patterns_of_both_settings_are_joined(root: Path) -> None:
    """Excluded pages and drafts are both left out of a build."""
    config(root, "exclude_docs: |\n  a.md\n  /b/\ndraft_docs: c.md\n")
    assert find_project(root).exclude.split() == ["a.md", "/b/", "c.md"]


def test_docs_outside_of_any_repository(root: Path) -> None:
    """Without a repository the root is the folder that holds both configuration and docs."""
    config(root, "docs_dir: ../records\n")
    (root.parent / "records").mkdir(exist_ok=True)
    project = find_project(root)
    assert (project.root, project.docs) == (root.parent, root.parent / "records")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site_name: [", "mkdocs.yml cannot be read: "),
        ("- a\n", "mkdocs.yml is not a mapping of settings"),
        ("docs_dir: none\n", "there is no folder .*none; name the folder of your records with --docs"),
        ("when: 2026-02-30\n", "mkdocs.yml cannot be read: "),
        ("a: \x07\n", "mkdocs.yml cannot be read: "),
        (f"a: {'[' * 100_000}{']' * 100_000}\n", "mkdocs.yml cannot be read: "),
    ],
    ids=range(6),
)
def test_what_is_wrong_with_the_configuration_is_said(root: Path, text: str, message: str) -> None:
    """A configuration that cannot be read is an error with a message, never a traceback."""
    config(root, text)
    with pytest.raises(ProjectError, match=message):
        find_project(root)


def test_no_such_folder(root: Path) -> None:
    """A start that is no folder is said, and so is a project without records."""
    with pytest.raises(ProjectError, match="is not a folder"):
        find_project(root / "none")
    (root / "docs").rmdir()
    with pytest.raises(ProjectError, match="run `gatepost init`"):
        find_project(root)

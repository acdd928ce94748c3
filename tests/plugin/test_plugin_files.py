"""Which files a build reads, which it adds, and that it leaves the author's folder alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import DECISION, broken_links, build, decision, dump, project, run

from trees import clean_log, edited, git

BROKEN = decision(9, status="nonsense")
PAGES = {
    "index.html",
    "gate-matrix/index.html",
    "decision-log/index.html",
    "risk-register/index.html",
    "follow-ups/index.html",
    "change-log/index.html",
    "checklists/index.html",
    "policy/index.html",
    "gates/index.html",
    "gates/evidence-backed/index.html",
}


def test_the_generated_pages_are_there(tmp_path: Path) -> None:
    """A build adds the overview, the tables, the policy and a page for each gate."""
    built = build(project(tmp_path), "--strict")

    assert built.pages >= PAGES
    assert built.code == 0


def test_nothing_is_written_into_the_docs_folder(tmp_path: Path) -> None:
    """After a build the docs folder and the repository hold what they held before."""
    root = project(tmp_path)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "The log")
    before = dump(root / "docs")

    build(root)

    assert dump(root / "docs") == before
    assert git(root, "status", "--porcelain") == "?? site/\n"


@pytest.mark.parametrize("setting", ["exclude_docs", "draft_docs"])
def test_what_a_build_does_not_publish_is_not_checked(tmp_path: Path, setting: str) -> None:
    """An excluded file and a draft are no records, and get no page."""
    files = {**clean_log(), "churn/decisions/0009-broken.md": BROKEN}

    without, built = (
        build(project(tmp_path / name, files, settings=text), "--strict")
        for name, text in (("all", ""), ("some", f"{setting}: churn/decisions/0009-*\n"))
    )

    assert (without.code, built.code) == (1, 0)
    assert built.notes[-1].startswith("11 records")
    assert "churn/decisions/0009-broken/index.html" not in built.pages


def test_paths_are_relative_to_the_repository(tmp_path: Path) -> None:
    """A site in a folder of a larger repository names its files from the repository's root."""
    folder = tmp_path / "teams" / "churn"
    folder.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    root = project(folder, {"decisions/0009-broken.md": BROKEN})
    (root / ".git").rename(tmp_path / "unused")

    built = build(root)

    assert [line.split(" ")[1] for line in built.warnings] == ["teams/churn/docs/decisions/0009-broken.md:4:9"]


def test_docs_outside_the_folder_of_the_configuration_are_found(tmp_path: Path) -> None:
    """`docs_dir` may lie beside the folder of mkdocs.yml."""
    root = project(tmp_path, {"decisions/0009-broken.md": BROKEN})
    (root / "site-setup").mkdir()
    text = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "site-setup" / "mkdocs.yml").write_text(f"{text}docs_dir: ../docs\n", encoding="utf-8")
    (root / "mkdocs.yml").unlink()

    built = build(root, config="site-setup/mkdocs.yml")

    assert [line.split(" ")[1] for line in built.warnings] == ["docs/decisions/0009-broken.md:4:9"]


def test_records_that_another_plugin_made_are_checked(tmp_path: Path) -> None:
    """A record without a file on disk counts like any other."""
    root = project(tmp_path, settings="hooks: [hook.py]\n")
    (root / "hook.py").write_text(
        "from mkdocs.structure.files import File\n"
        "def on_files(files, config):\n"
        f"    files.append(File.generated(config, 'churn/decisions/0009-made.md', content={BROKEN!r}))\n",
        encoding="utf-8",
    )

    built = build(root, "--strict")

    assert [line.split(" ")[1] for line in built.warnings] == ["docs/churn/decisions/0009-made.md:4:9"]
    assert "churn/decisions/0009-made/index.html" in built.pages
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("exclude_docs: 0009-*\n")
    assert build(root, "--strict").code == 0


@pytest.mark.parametrize("start", ["index.md", "README.md"])
def test_an_author_s_start_page_stays(tmp_path: Path, start: str) -> None:
    """With a start page of the author's, the overview goes to `overview.md`, and a note says so."""
    files = {**clean_log(), start: "# Our start page\n\n[Overview](overview.md)\n"}

    built = build(project(tmp_path, files), "--strict")

    assert "Our start page" in built.html("index.html")
    assert "overview/index.html" in built.pages
    assert any(note.startswith(f"{start} is yours") and "overview.md" in note for note in built.notes)
    assert built.code == 0


def test_a_page_of_the_author_s_wins(tmp_path: Path) -> None:
    """A page at the place of a generated one stays what it is, and a note says so."""
    files = {**clean_log(), "gate-matrix.md": "# Mine\n", "gates.md": "# My gates\n"}

    built = build(project(tmp_path, files), "--strict")

    assert "Mine" in built.html("gate-matrix/index.html")
    assert "My gates" in built.html("gates/index.html")
    assert [note.partition(" ")[0] for note in built.notes if " is yours" in note] == ["gate-matrix.md", "gates.md"]


def test_an_excluded_start_page_makes_room(tmp_path: Path) -> None:
    """A start page that is not published is no reason to put the overview aside."""
    files = {**clean_log(), "index.md": "# Old\n"}

    built = build(project(tmp_path, files, settings="exclude_docs: /index.md\n"), "--strict")

    assert "Old" not in built.html("index.html")
    assert "overview/index.html" not in built.pages


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """Same tree, same day, same bytes."""
    root = project(tmp_path, settings="site_url: https://example.org/log/\n")

    first = dump(run(root, "--strict").site)
    second = dump(run(root, "--strict").site)

    assert len(first) > len(PAGES)
    assert first == second


def test_a_record_that_git_does_not_know_is_checked(tmp_path: Path) -> None:
    """A new record counts before it is committed."""
    root = project(tmp_path)
    (root / "docs" / "churn" / "decisions" / "0009-new.md").write_text(BROKEN, encoding="utf-8")

    built = build(root, "--strict")

    assert built.code == 1
    assert built.warnings[0].startswith("gatepost: docs/churn/decisions/0009-new.md:4:9 schema-valid")


def test_a_second_build_forgets_the_first(tmp_path: Path) -> None:
    """A finding that was mended is gone in the next build of the same process."""
    root = project(tmp_path, edited(clean_log(), DECISION, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-0009]"))
    broken = build(root)
    place = root / "docs" / DECISION
    place.write_text(clean_log()[DECISION], encoding="utf-8")

    mended = build(root, "--strict")

    assert broken.warnings
    assert (mended.warnings, mended.code) == ([], 0)


def test_a_design_may_be_the_start_page(tmp_path: Path) -> None:
    """A log whose folder is one design keeps that design as its start page; the overview stands aside, links hold."""
    files = {path.removeprefix("churn/"): text for path, text in clean_log().items()}

    built = build(project(tmp_path, files), "--strict")

    assert (built.warnings, built.code) == ([], 0)
    assert "Weekly churn scores" in built.html("index.html")
    assert "overview/index.html" in built.pages
    assert broken_links(built) == []


def test_a_dirty_build_checks_everything(tmp_path: Path) -> None:
    """With --dirty, MkDocs skips pages that did not change; their findings are said all the same."""
    root = project(tmp_path, edited(clean_log(), DECISION, "risks: [RISK-0001, RISK-0002]", "risks: [RISK-0009]"))
    whole = build(root)

    dirty = build(root, "--dirty")

    assert whole.warnings
    assert [line for line in dirty.warnings if line.startswith("gatepost")] == whole.warnings
    assert dirty.code == 0


def test_a_gate_that_cannot_be_loaded_stops_the_build(tmp_path: Path) -> None:
    """A gate of another package that is broken is named in one line, without a traceback."""
    root = project(tmp_path)
    metadata = tmp_path / "packages" / "shaky-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: shaky\nVersion: 1\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[gatepost.gates]\nshaky = nowhere:GATE\n", encoding="utf-8")

    built = run(root, path=metadata.parent)

    assert built.code == 1
    assert "the gate shaky (nowhere:GATE) cannot be loaded" in built.log
    assert "Traceback" not in built.log

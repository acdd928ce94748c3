"""Builds go on, and fail as strict ones, whatever the files and the frontmatter of records hold."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from builds import build, decision, project

from effort import first
from trees import clean_log

PAGE = "decisions/0009-odd.md"


@pytest.mark.parametrize("content", ["# caf\u00e9".encode("latin-1"), decision(9).encode("utf-16")])
def test_a_record_that_is_not_utf8_is_an_empty_page_and_a_warning(tmp_path: Path, content: bytes) -> None:
    """MkDocs is not given bytes that it would end with a traceback on."""
    root = project(tmp_path, clean_log())
    (root / "docs/churn" / PAGE).write_bytes(content)

    built = build(root, "--strict")

    assert "Traceback" not in built.log
    assert built.code == 1
    assert any(f"docs/churn/{PAGE}:" in line for line in built.warnings)
    assert "0009" in built.html("churn/decisions/0009-odd/index.html")


def test_a_link_to_nowhere_is_a_warning(tmp_path: Path) -> None:
    """A record that is a symbolic link to a missing file does not end the build."""
    root = project(tmp_path, clean_log())
    (root / "docs/churn" / PAGE).symlink_to(tmp_path / "missing.md")

    built = build(root, "--strict")

    assert "Traceback" not in built.log
    assert any(f"docs/churn/{PAGE}:" in line for line in built.warnings)


def test_a_name_that_is_not_utf8_is_a_warning(tmp_path: Path) -> None:
    """A page without an address is left out, and its name is said in a form that can be printed."""
    root = project(tmp_path, clean_log())
    try:
        Path(os.fsdecode(os.fsencode(root / "docs/churn/decisions") + b"/\xff.md")).write_text(decision(9))
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")

    built = build(root, "--strict")

    assert "Traceback" not in built.log
    assert built.code == 1
    assert any("\\xff.md: the name of the file is not UTF-8" in line for line in built.warnings)


@pytest.mark.parametrize(
    ("field", "value"),
    first(
        [
            ("template", "../../../etc/passwd"),
            ("search", "[x]"),
            ("search", "5"),
            ("hide", "5"),
            ("template", "missing.html"),
            ("icon", "no/such"),
        ],
        2,
    ),
)
def test_a_field_that_the_theme_would_fail_on_is_left_out(tmp_path: Path, field: str, value: str) -> None:
    """The page is built without the field, and a warning names the file and the field."""
    files = {**clean_log(), f"churn/{PAGE}": decision(9, **{field: value})}
    plugins = "theme: {name: material, font: false}\nplugins: [search, gatepost]\n"

    built = build(project(tmp_path, files, settings=plugins))

    assert "Traceback" not in built.log
    assert built.code == 0
    assert any(f"docs/churn/{PAGE}: `{field}` is ignored" in line for line in built.warnings)


def test_fields_that_the_theme_can_use_stay(tmp_path: Path) -> None:
    """A page keeps its template, its icon, and what it hides, without a warning."""
    fields = {"template": "main.html", "icon": "material/scale-balance", "hide": "[toc]", "search": "{boost: 2}"}
    files = {**clean_log(), f"churn/{PAGE}": decision(9, **fields)}

    built = build(project(tmp_path, files))

    assert not [line for line in built.warnings if "is ignored" in line]


@pytest.mark.parametrize("field", ["description", "author"])
def test_what_the_theme_prints_raw_is_escaped(tmp_path: Path, field: str) -> None:
    """A record's words cannot leave the attribute of the head that they stand in."""
    attack = "'\"><script>alert(1)</script>'"
    files = {**clean_log(), f"churn/{PAGE}": decision(9, **{field: attack})}

    html = build(project(tmp_path, files)).html("churn/decisions/0009-odd/index.html")

    assert "<script>alert(1)" not in html
    assert f'<meta name="{field}" content="&#34;&gt;&lt;script&gt;' in html


def test_a_log_without_records_is_a_warning(tmp_path: Path) -> None:
    """A docs folder that was named wrongly does not pass a strict build."""
    built = build(project(tmp_path, {"notes.md": "# Notes\n"}), "--strict")

    assert built.code == 1
    assert any("no records found below docs" in line for line in built.warnings)


def test_cited_files_that_are_published_are_links(tmp_path: Path) -> None:
    """Evidence below the docs folder leads to the file itself; what the build leaves out is only named."""
    files, page = clean_log(), "churn/decisions/0002-batch-scoring/index.html"
    shown, hidden = (
        build(project(tmp_path / name, files, settings=text)).html(page)
        for name, text in (("shown", ""), ("hidden", "exclude_docs: '*.json'\n"))
    )

    link = re.compile(r'<a href="\.\./\.\./evidence/[^"]+\.json"><code>')
    assert link.search(shown)
    assert not link.search(hidden)

"""`gatepost new`: ids, places, titles, and templates that a gate asks to be filled."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commands import command
from effort import examples
from gatepost.book import Book, Entry, read_book, read_text
from gatepost.book.entry import read_entry
from gatepost.cli.draft import DraftError, Wanted, draft
from gatepost.cli.naming import slug
from gatepost.records import KINDS
from trees import TODAY, check_tree, clean_log, findings, git, write_tree

each_kind = pytest.mark.parametrize("kind", KINDS)
DESIGN = "---\nkind: design\ntitle: {title}\nowners: [x]\ntier: low\n---\n"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Give a project whose docs folder holds no record."""
    return write_tree(tmp_path, {"index.md": "# Nothing yet\n"})


@each_kind
def test_what_is_written_can_be_read_as_its_kind(empty: Path, kind: str) -> None:
    """A template never gives a record that cannot be read: what is missing is for other gates to say."""
    run = command(empty, "new", kind, "Score parcels once a day")
    report = check_tree(empty)
    assert run.code == 0, run.err
    assert [line for line in run.out.splitlines()[1:] if len(line) > 80] == []
    assert [record.entry.kind for record in report.records] == [kind]
    assert report.unread == 0


@each_kind
def test_what_the_template_leaves_to_be_written_is_a_finding(empty: Path, kind: str) -> None:
    """`record-complete` names each placeholder; on a proposed decision nothing blocks."""
    command(empty, "new", kind, "Score parcels once a day")
    report = check_tree(empty)
    left = findings(report, "record-complete")
    assert left
    assert {one.effect for one in left} == {"open" if kind == "decision" else "block"}
    assert report.passed is (kind == "decision")


def test_every_placeholder_of_a_template_is_recognised(empty: Path) -> None:
    """No `{…}` and no `<…>` of a template slips past the gate."""
    for kind in KINDS:
        command(empty, "new", kind, "T x", *(["--id", "t-x"] if kind == "design" else []))
    report = check_tree(empty)
    by_path: dict[str, int] = {}
    for one in findings(report, "record-complete"):
        by_path[one.path] = by_path.get(one.path, 0) + 1
    for record in report.records:
        text = record.entry.document.text
        marks = sum(text.count(mark) for mark in ('"<', "# <", "\n{", "* {", "because {", "### {"))
        assert by_path[record.entry.path] == marks, record.entry.path


def test_the_next_id_is_after_the_highest_in_the_whole_book(tmp_path: Path) -> None:
    """Ids count over all designs; the records of the only design are its own."""
    root = write_tree(tmp_path, clean_log())
    run = command(root, "new", "decision", "Score parcels once a day")
    assert run.out.startswith("Wrote ")
    assert (root / "docs/churn/decisions/0005-score-parcels-once-a-day.md").is_file()
    assert command(root, "new", "risk", "Late").out.splitlines()[0].endswith("(RISK-0003).")
    assert command(root, "new", "follow-up", "Do it").out.splitlines()[0].endswith("(FU-0002).")


def test_ids_of_files_that_cannot_be_read_are_taken(tmp_path: Path) -> None:
    """A broken file keeps its number, whether its frontmatter or only its name tells."""
    files = {
        "decisions/0001-a.md": "---\nid: ADR-0041\ntitle: [\n---\n",
        "decisions/0007-b.md": "no frontmatter\n",
        "decisions/ADR-0012.md": "---\nstatus: nonsense\nid: ADR-0012\n---\n",
    }
    run = command(write_tree(tmp_path, files), "new", "decision", "Next")
    number = int(run.out.split("ADR-")[1][:4])
    assert number >= 13
    assert number != 41


def test_items_of_a_new_checklist_have_free_ids(tmp_path: Path) -> None:
    """The items of a template get numbers that no other checklist has."""
    root = write_tree(tmp_path, {**clean_log(), "other/index.md": DESIGN.format(title="Other")})
    assert command(root, "new", "checklist", "Before", "--design", "other").code == 0
    assert "id: CHK-0003" in (root / "docs/other/checklist.md").read_text(encoding="utf-8")
    assert findings(check_tree(root), "id-unique") == []


def test_several_designs_have_to_be_told_apart(tmp_path: Path) -> None:
    """With more than one design the command asks which, and names them; it never guesses."""
    files = {"a/index.md": DESIGN.format(title="A"), "b/index.md": DESIGN.format(title="B")}
    root = write_tree(tmp_path, files)
    run = command(root, "new", "risk", "Late")
    assert run.code == 2
    assert "name one with --design: a, b" in run.err
    assert command(root, "new", "risk", "Late", "--design", "b").code == 0
    assert (root / "docs/b/risks/0001-late.md").is_file()
    assert "there is no design 'c'; the designs are a, b" in command(root, "new", "risk", "L", "--design", "c").err


def test_records_go_where_the_others_of_their_kind_are(tmp_path: Path) -> None:
    """A log that keeps its decisions in `adr` keeps them there."""
    record = "---\nid: ADR-1\ntitle: x\nstatus: proposed\ndate: 2026-01-01\n---\n"
    root = write_tree(tmp_path, {"adr/0001-x.md": record})
    command(root, "new", "decision", "Second")
    assert (root / "docs/adr/0002-second.md").is_file()


@pytest.mark.parametrize("kind", ["design", "pipeline", "checklist", "policy"])
def test_what_there_is_one_of_is_never_written_twice(tmp_path: Path, kind: str) -> None:
    """A second policy, contract, checklist or design of the same name is refused, and the first stays as it was."""
    root = write_tree(tmp_path, clean_log(), commit=True)
    run = command(root, "new", kind, "Churn")
    assert run.code == 2
    assert "already" in run.err
    assert git(root, "status", "--porcelain") == ""


def test_a_file_in_the_way_is_never_overwritten(tmp_path: Path) -> None:
    """A file that is no record, where the record would go, stays."""
    root = write_tree(tmp_path, {"index.md": "# x\n", "pipeline.md": "# A page of ours\n"})
    run = command(root, "new", "pipeline", "P")
    assert run.code == 3
    assert (root / "docs/pipeline.md").read_text(encoding="utf-8") == "# A page of ours\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Score parcels: once a day?", "score-parcels-once-a-day"),
        ("Über-Größe & naïve Café", "uber-grosse-naive-cafe"),
        ("每周评分", "每周评分"),
        ("Оценка раз в день", "оценка-раз-в-день"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\con.txt", "c-windows-con-txt"),
        ("a" * 200, "a" * 60),
        ("!!!", ""),
    ],
)
def test_a_file_name_is_made_of_letters_digits_and_dashes(title: str, name: str) -> None:
    """Accents go, other alphabets stay, and nothing that means something to a file system is left."""
    assert slug(title) == name


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(title="a\ufeffb", kind="risk")
@example(title="a\ufffeb", kind="risk")
@example(title="a\u2028b\x85c", kind="risk")
@example(title="a\x7fb", kind="risk")
@given(title=st.text(max_size=80), kind=st.sampled_from(KINDS))
def test_any_title_is_refused_or_comes_back_from_the_file_as_it_was(title: str, kind: str) -> None:
    """Whatever a title holds, the record can be read, has that title, and lies inside the docs folder."""
    try:
        made = draft(Book((), docs="docs"), Wanted(kind, title, name="d" if kind == "design" else ""), TODAY)  # type: ignore[arg-type]
    except DraftError:
        assert not title.split() or not title.isprintable()
        return
    entry = read_entry(read_text(made.path, made.text))
    assert isinstance(entry, Entry), made.text
    assert entry.record.title == " ".join(title.split())
    path = PurePosixPath(made.path)
    assert path.parts[0] == "docs"
    assert ".." not in path.parts
    assert len(path.name.encode()) <= 255


@pytest.mark.parametrize("title", ["See [this](that.md)", "A [[RISK]] {a b} <b>c d</b>", "*All* `code` _it_ a_b"])
def test_a_title_is_shown_as_it_is_in_the_heading(title: str) -> None:
    """What means something in Markdown is escaped in the heading: no link, no placeholder, no emphasis."""
    made = draft(Book((), docs="docs"), Wanted("risk", title), TODAY)
    book = read_book([read_text(made.path, made.text)], docs="docs")
    prose = book.entries[0].prose
    assert prose.links == ()
    assert "\n# " in made.text
    from markdown import markdown  # noqa: PLC0415 - one test's

    line = next(line for line in made.text.splitlines() if line.startswith(("# A", "# S", "# \\")))
    html = markdown(line)
    assert html.startswith("<h1>")
    assert "<a " not in html
    assert "<em>" not in html
    assert "<code>" not in html


def test_an_empty_title_is_wrong_usage(empty: Path) -> None:
    """A title of spaces is refused, and nothing is written."""
    run = command(empty, "new", "risk", "   ")
    assert run.code == 2
    assert "the title is empty" in run.err
    assert not (empty / "docs" / "risks").exists()


def test_a_design_whose_title_gives_no_id_asks_for_one(empty: Path) -> None:
    """A design's id is ASCII; a title in another script needs `--id`, which also names the folder."""
    assert "--id" in command(empty, "new", "design", "每周评分").err
    assert command(empty, "new", "design", "每周评分", "--id", "weekly").code == 0
    assert (empty / "docs/weekly/index.md").is_file()
    assert command(empty, "new", "design", "x", "--id", "../x").code == 2


def test_the_record_is_dated_by_the_day_that_was_asked_for(empty: Path) -> None:
    """`--as-of` dates a decision, so that a script gives the same file twice."""
    command(empty, "new", "decision", "T", day="2027-02-03")
    assert "date: 2027-02-03" in (empty / "docs/decisions/0001-t.md").read_text(encoding="utf-8")

"""The first five minutes of someone who means harm, or has bad luck: each case ends in a report, and soon."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from effort import examples
from gatepost.check import Report
from trees import check_tree, git, messages, outcome, write_tree

DECISION = (
    "---\nid: {id}\ntitle: {title}\nstatus: proposed\ndate: 2026-01-01\n{more}---\n\n# T\n\n"
    "## Context and Problem Statement\n\n{body}\n\n## Considered Options\n\nx\n\n## Decision Outcome\n\nx\n"
)


def decision(more: str = "", body: str = "x", *, name: str = "ADR-1", title: str = "T") -> str:
    """Write a decision."""
    return DECISION.format(id=name, title=title, more=more, body=body)


def report(root: Path, text: str | bytes = "", path: str = "decisions/0001-a.md", **files: str) -> Report:
    """Check a log with one record of the case's own and a sound one beside it, and see that positions hold."""
    write_tree(
        root, {"decisions/0100-sound.md": decision(name="ADR-100"), **files}, repository=not (root / ".git").exists()
    )
    if text:
        place = root / "docs" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    started = time.monotonic()
    found = check_tree(root)
    assert time.monotonic() - started < 60, "a hostile file must not hold the check up"
    assert found.of("ADR-100") is not None, "one bad file must not hide the others"
    _positions_hold(root, found)
    return found


def _positions_hold(root: Path, found: Report) -> None:
    texts: dict[str, list[str]] = {}
    for finding in found.findings:
        place = root / finding.path
        if finding.path not in texts:
            readable = place.is_file() and not finding.message.startswith("a symbolic link")
            texts[finding.path] = place.read_text("utf-8-sig", "replace").split("\n") if readable else [""]
        lines = texts[finding.path]
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert finding.message.isprintable()
        assert len(finding.message) <= 1000
        assert len(finding.fingerprint) == 16


def unread(found: Report) -> list[str]:
    """Give what is said about records that cannot be read."""
    return [finding.message for finding in found.findings if finding.gate.id == "schema-valid"]


UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "five megabytes of frontmatter": (b"---\n" + b"x-a: b\n" * 800_000 + b"---\n", "the file is larger than 2 MiB"),
    "fifty megabytes": (b"---\nid: ADR-1\n---\n" + b"x" * 50_000_000, "the file is larger than 2 MiB"),
    "one megabyte of frontmatter": ("---\n" + "x-a: b\n" * 150_000 + "---\n", "the frontmatter has 1025 KiB"),
    "a tab": ("---\nscope:\n\tin: [a]\n---\n", "a tab indents this line"),
    "ten thousand levels": (f"---\na: {'[' * 10_000}\n---\n", "the frontmatter nests deeper than 40 levels"),
    "seven hundred block levels": (
        "---\n" + "".join(f"{' ' * n}a:\n" for n in range(700)) + "---\n",
        "the frontmatter nests deeper than 40 levels",
    ),
    "an id as a path": (decision(name="../../etc/passwd"), "id: '../../etc/passwd' is not a record id"),
    "an id as markup": (
        decision(name="'<script>alert(1)</script>'"),
        "id: '<script>alert(1)</script>' is not a record",
    ),
    "a terminal's escape": (
        decision('chosen: "\\e]0;x\\a"\ntier: "\\e[31m"\n'),
        "the key tier is unknown in a decision",
    ),
    "an escape in a value": (decision("date2: a\n").replace("proposed", '"\\e[31m"'), "status is ' [31m'"),
    "a value as long as a book": (decision().replace("proposed", "p" * 200_000), "status is 'ppppppp"),
    "a key as long as a book": (decision(f"{'k' * 900}: v\n"), "the key kkkkkkk"),
    "a billion laughs": (
        "---\na0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
        + "---\n",
        "the frontmatter holds more than 20,000 values",
    ),
    "an object": ("---\na: !!python/object/apply:os._exit [1]\n---\n", "the tag tag:yaml.org,2002:python/object/apply"),
    "a null byte": ("---\nid: ADR-1\0\n---\n", "a NUL byte stands in the text"),
    "not text": (bytes(range(256)) * 100, "the file is not UTF-8: byte 0x80 in line 3"),
    "half of a pair": (b"---\ntitle: \xed\xa0\x80\n---\n", "the file is not UTF-8: byte 0xed in line 2"),
    "nothing": (b"\n", "a decision without frontmatter"),
}


@pytest.mark.parametrize(("text", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_record_that_cannot_be_read_says_why(text: str | bytes, message: str, tmp_path: Path) -> None:
    """Large, deep, twisted or no text at all: one message, in its place, and the other records are checked."""
    found = report(tmp_path, text)
    assert not found.passed
    assert any(said.startswith(message) for said in unread(found)), unread(found)


@pytest.mark.parametrize(
    "body",
    [
        "](" * 400_000,
        "[a](b.md) " * 50_000,
        "`" * 1_000_000,
        "` `` " * 150_000,
        "```\n" * 250_000,
        "<!-- " * 200_000,
        "# a\n" * 100_000,
        "#" * 1_000_000,
        "<a a a a a" * 100_000,
        "<" + "a " * 400_000,
        "{" + "a " * 400_000,
        "{{ metric('" * 80_000,
        "ADR-2 " * 150_000,
        " " * 1_000_000,
        "x" * 1_500_000,
        "[^1]: " * 100_000,
        "[" * 1_000_000,
        "\\" * 1_000_000,
        "\u2028\x85" * 100_000,
        "TODO " * 20_000,
    ],
    ids=range(20),
)
def test_a_body_that_is_meant_to_take_long(body: str, tmp_path: Path) -> None:
    """Signs of Markdown, hundreds of thousands of them in one line, are read in time that grows with their number."""
    assert report(tmp_path, decision(body=body)).of("ADR-1") is not None


def test_tens_of_thousands_of_links(tmp_path: Path) -> None:
    """Each broken link is found at its own place, in the time that their number takes."""
    many = examples(20_000)
    body = "\n".join(f"[{n}](x{n}.md)" for n in range(many)) + "".join(f"\nADR-{n + 1000}" for n in range(many))
    found = outcome(report(tmp_path, decision(body=body)), "ADR-1", "links-resolve")
    assert len(found.findings) == 2 * many
    assert len({finding.position for finding in found.findings}) == 2 * many


def test_two_records_with_one_id(tmp_path: Path) -> None:
    """One of them says so, and names the other; a third in another spelling is found, too."""
    found = report(tmp_path, decision(), **{"decisions/0002-b.md": decision(), "adr/c.md": decision(name="ADR-0001")})
    assert [one.message for one in found.findings if one.gate.id == "id-unique"] == [
        "the id ADR-1 is taken by docs/adr/c.md",
        "the id ADR-1 is taken by docs/adr/c.md",
    ]


def test_markup_in_a_title_is_a_title(tmp_path: Path) -> None:
    """What escapes it is the page; the record is read."""
    found = report(tmp_path, decision(title="<script>alert(1)</script>"))
    one = found.of("ADR-1")
    assert one is not None
    assert unread(found) == []


@pytest.mark.parametrize(
    "path", ["../../x", "/etc/passwd", "..\\x", "a/../../../x", "~/x", "\\\\host\\x", "a\\0b", "//x"]
)
def test_a_path_that_leaves_the_repository_is_refused(path: str, tmp_path: Path) -> None:
    """Evidence is a file of this repository; no other is opened."""
    more = f'evidence:\n- {{kind: benchmark, claim: c, path: "{path.replace(chr(92), chr(92) * 2)}"}}\n'
    assert [
        said
        for said in messages(report(tmp_path, decision(more)))
        if " is refused: " in said or "does not exist" in said
    ]


def test_links_out_of_the_repository(tmp_path: Path) -> None:
    """A record, a folder of records and evidence that lie outside behind a link are not read."""
    root = tmp_path / "root"
    root.mkdir()
    outside = tmp_path / "outside"
    (outside / "decisions").mkdir(parents=True)
    (outside / "decisions/0007-x.md").write_text(decision(name="ADR-7"), encoding="utf-8")
    (root / "docs/decisions").mkdir(parents=True)
    (root / "docs/decisions/0002-b.md").symlink_to(outside / "decisions/0007-x.md")
    (root / "docs/more").symlink_to(outside)
    (root / "docs/secret.json").symlink_to("/etc/passwd")
    found = report(root, decision("evidence:\n- {kind: benchmark, claim: c, path: docs/secret.json}\n"))
    assert unread(found) == ["a symbolic link that leaves the repository"]
    assert found.of("ADR-7") is None
    assert any("docs/secret.json is refused: it is a symbolic link that leaves" in said for said in messages(found))


def test_what_is_named_like_a_record_and_is_none(tmp_path: Path) -> None:
    """A folder is walked, a link that leads nowhere and a pipe are said; none of them is waited for."""
    decisions = tmp_path / "docs/decisions"
    (decisions / "0001-folder.md").mkdir(parents=True)
    (decisions / "0002-dangling.md").symlink_to("nowhere.md")
    os.mkfifo(decisions / "0003-pipe.md")
    (decisions / "0004-loop.md").symlink_to("0004-loop.md")
    assert unread(report(tmp_path)) == [
        "the file cannot be read: No such file or directory",
        "it is no regular file",
        "the file cannot be read: Too many levels of symbolic links",
    ]


def test_a_pipe_as_evidence(tmp_path: Path) -> None:
    """A pipe that nobody writes to is refused, never opened."""
    (tmp_path / "docs").mkdir()
    os.mkfifo(tmp_path / "docs/pipe")
    found = report(tmp_path, decision("evidence:\n- {kind: benchmark, claim: c, path: docs/pipe}\n"))
    assert any("the path docs/pipe is refused: it is no regular file" in said for said in messages(found))


@pytest.mark.slow
def test_a_gigabyte_of_evidence_is_never_read_whole(tmp_path: Path) -> None:
    """A file too large to look into is said to be; a digest is worked out piece by piece, without the memory."""
    (tmp_path / "docs").mkdir()
    for name, size in (("gigabyte", 1024**3), ("large", 128 * 1024**2)):
        with (tmp_path / f"docs/{name}.bin").open("wb") as file:
            file.truncate(size)
    zeros = hashlib.sha256()
    for _ in range(128):
        zeros.update(bytes(1024**2))
    more = (
        "evidence:\n- {kind: benchmark, claim: c, path: docs/gigabyte.bin, pointer: /a, value: 1}\n"
        f"- {{kind: benchmark, claim: c, path: docs/large.bin, sha256: {zeros.hexdigest()}}}\n"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = messages(report(tmp_path, decision(more)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert any("docs/gigabyte.bin is too large or cannot be read" in one for one in said)
    assert not any("sha256" in one for one in said)


JSON = {
    "deep": b'{"a":' * 200_000,
    "lists": b"[" * 1_000_000,
    "a huge number": b'{"a": ' + b"9" * 5_000_000 + b"}",
    "a huge exponent": b'{"a": 1e999999999999999999}',
    "a small exponent": b'{"a": 1e-999999999999999999}',
    "nothing": b"",
    "bytes": b"\x00\xff\xfe",
}


@pytest.mark.parametrize("content", JSON.values(), ids=JSON.keys())
def test_bombs_in_evidence(content: bytes, tmp_path: Path) -> None:
    """Whatever a JSON file does, the gate answers; it neither breaks nor passes."""
    more = "evidence:\n- {kind: benchmark, claim: c, path: docs/m.json, pointer: /a, value: 0.8}\n"
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/m.json").write_bytes(content)
    found = outcome(report(tmp_path, decision(more, "{{ metric('docs/m.json#/a') }}")), "ADR-1", "evidence-backed")
    assert found.state == "fail"


POLICIES = {
    "an unknown gate": ("enforcement: {all: 'off'}", "there is no gate all"),
    "schema off": ("enforcement: {schema-valid: 'off'}", ""),
    "everything off": ("enforcement: {GP001: 'off', GP002: 'off', GP003: 'off'}", ""),
    "a role of nobody": ("waivers-allowed: {approve: [ghost]}", "nobody holds the role ghost"),
    "a pattern as a word": ("placeholders: ['(((', '.*', '[', '\\\\']", ""),
    "a far horizon": ("warn-days: 36500", ""),
    "an endless horizon": ("warn-days: 999999999", "warn-days is 999999999"),
    "no policy": ("tiers: [1]", "tiers is a list"),
    "a thousand roles": (f"roles: {{{', '.join(f'r{n}: [a{n}]' for n in range(1000))}}}", ""),
}


@pytest.mark.parametrize(("lines", "message"), POLICIES.values(), ids=POLICIES.keys())
def test_a_policy_that_means_harm(lines: str, message: str, tmp_path: Path) -> None:
    """A policy cannot hide a record that cannot be read, and no value of it breaks a gate."""
    policy = f"---\nkind: policy\ntitle: P\n{lines}\n---\n"
    found = report(tmp_path, "---\nid: [\n---\n", **{"policy.md": policy})
    assert not found.passed
    assert found.states["error"] == 0
    assert any(finding.path.endswith("0001-a.md") for finding in found.blocking)
    assert any(message in said for said in messages(found))


def test_days_at_the_ends_of_the_calendar(tmp_path: Path) -> None:
    """The first and the last day there is are days like any other, on either side."""
    waiver = "waivers:\n- {gate: in-scope, reason: r, approved-by: a, until: 9999-12-31}\n"
    write_tree(tmp_path, {"decisions/0001-a.md": decision(waiver).replace("2026-01-01", "0001-01-01")})
    for day in (dt.date.min, dt.date.max):
        assert check_tree(tmp_path, day).states["error"] == 0


def test_an_empty_repository(tmp_path: Path) -> None:
    """No commit, no record: nothing to say, and nothing breaks."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "docs").mkdir()
    found = check_tree(tmp_path)
    assert (found.records, found.passed) == ((), True)


def test_without_git_and_in_a_shallow_clone(tmp_path: Path) -> None:
    """What cannot be known is unknown, with the reason; what can be checked is checked all the same."""
    one = tmp_path / "one"
    one.mkdir()
    write_tree(one, {"decisions/0001-a.md": decision()}, commit=True)
    commit = git(one, "rev-parse", "HEAD").strip()
    cited = decision(f'evidence:\n- {{kind: commit, claim: c, commit: "{commit}"}}\n', name="ADR-2")
    (one / "docs/decisions/0002-b.md").write_text(cited, encoding="utf-8")
    git(one, "add", "--all")
    git(one, "commit", "--quiet", "--message", "Two")
    git(tmp_path, "clone", "--quiet", "--depth=1", one.as_uri(), "shallow")
    shallow = outcome(check_tree(tmp_path / "shallow"), "ADR-2", "evidence-backed")
    (tmp_path / "shallow/.git").rename(tmp_path / "gone")
    bare = outcome(check_tree(tmp_path / "shallow"), "ADR-2", "evidence-backed")
    assert {shallow.state, bare.state} <= {"unknown", "fail"}
    assert "shallow clone" in f"{shallow.reason}{[one.message for one in shallow.findings]}"
    assert "no git repository" in f"{bare.reason}{[one.message for one in bare.findings]}"


def test_names_of_any_script(tmp_path: Path) -> None:
    """Folders and files are named in any script; links to them resolve, escaped or not."""
    files = {
        "größe/decisions/0001-決定.md": decision(body="[b](0002-%E6%B1%BA.md) [c](<0002-決.md>)"),
        "größe/decisions/0002-決.md": decision(name="ADR-2"),
    }
    found = report(tmp_path, **files)
    assert not [one for one in found.findings if one.gate.id == "links-resolve"]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """A file name that is not UTF-8 is read and reported like any other."""
    (tmp_path / "docs/decisions").mkdir(parents=True)
    place = os.fsencode(tmp_path / "docs/decisions") + b"/\xff\xfe.md"
    try:
        with open(place, "wb") as file:  # noqa: PTH123 - a path of bytes
            file.write(b"---\ntitle: T\n---\n")
    except OSError:
        pytest.skip("this file system has names of text only")
    assert not report(tmp_path).passed


@pytest.mark.parametrize("front", [": " * 120_000, "? " * 120_000, "[" * 250_000, "- " * 120_000, "{a: " * 60_000])
def test_no_file_ends_the_process(front: str, tmp_path: Path) -> None:
    """Nesting that would end the process in C is refused: a process of its own lives to say so."""
    (tmp_path / "x.md").write_text(f"---\n{front}\n---\n", encoding="utf-8")
    program = "import sys; from pathlib import Path; from gatepost.book import read_document as r; "
    program += "print(len(r('x.md', Path(sys.argv[1]).read_bytes()).faults))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "x.md")], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1")

"""What the guide and the README show of a terminal is what a terminal shows."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from guide_pages import GUIDE, README, Block, blocks, titled, write_files

from effort import first
from trees import TODAY, edited, git, with_key

_CUT = "…"
_ID = re.compile(r"\b[0-9a-f]{10}\b")
DECISION = "designs/demand/decisions/0001-publish-a-dated-table.md"
RISK = "designs/demand/risks/0001-late-table.md"
FOLLOW_UP = "designs/demand/follow-ups/0001-alert-on-late-table.md"


def nothing(_root: Path) -> None:
    """Leave the folder empty."""


def three_mistakes(root: Path) -> None:
    """Lay down the log of the guide with a wrong number, and a rollback and a risk without an owner."""
    files = titled("writing.md", "contract.md", "policies.md")
    files = edited(files, DECISION, "    value: 41\n", "    value: 38\n")
    files = edited(files, DECISION, "  owner: demand-oncall\n", "")
    files = edited(files, RISK, "owner: demand-oncall\n", "")
    write_files(root, files)
    git(root, "init", "--quiet")
    git(root, "add", "--all")


def three_mistakes_in_a_site(root: Path) -> None:
    """Lay down the same log with the configuration that the guide shows."""
    three_mistakes(root)
    write_files(root, titled("plugin.md"))


def the_log(root: Path) -> None:
    """Lay down the log of the guide, which passes every gate."""
    write_files(root, titled("writing.md", "contract.md", "policies.md"))
    git(root, "init", "--quiet")
    git(root, "add", "--all")


def a_branch(root: Path) -> None:
    """Lay down the log of the guide with an old mistake on `main`, and a change of it on a branch."""
    files = edited(titled("writing.md", "contract.md", "policies.md"), RISK, "owner: demand-oncall\n", "")
    write_files(root, files)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "The log")
    git(root, "checkout", "--quiet", "-b", "later")
    files = edited(files, DECISION, "  within: 10m\n  owner: demand-oncall\n", "  within: 30m\n")
    files = edited(files, FOLLOW_UP, "due: 2027-01-15", "due: 2027-03-01")
    write_files(root, edited(files, RISK, "residual-impact: 3", "residual-impact: 4"))
    git(root, "commit", "--quiet", "--all", "--message", "More time")


def commit(root: Path, day: str, author: str, *words: str, command: str = "commit") -> None:
    """Commit, or merge, what lies in a folder on a day."""
    who = {"AUTHOR": author, "COMMITTER": author}
    names = {f"GIT_{role}_NAME": name for role, name in who.items()}
    days = {f"GIT_{role}_DATE": f"{day}T09:00:00+00:00" for role in who}
    mails = {f"GIT_{role}_EMAIL": "someone@example.org" for role in who}
    git(root, "add", "--all")
    subprocess.run(
        ["git", command, "--quiet", *words],
        cwd=root,
        check=True,
        env={**os.environ, **names, **days, **mails},
    )


def a_history(root: Path) -> None:
    """Lay down the log of the guide as it was proposed, accepted by a merge, amended, and edited on disk."""
    files = titled("writing.md", "contract.md", "policies.md")
    proposed = edited(files, DECISION, "status: accepted\ndate: 2026-10-14", "status: proposed\ndate: 2026-10-05")
    write_files(root, edited(proposed, DECISION, "  within: 10m\n", "  within: 30m\n"))
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "2026-10-05", "Ines Duarte", "--message", "Propose a dated table")
    git(root, "checkout", "--quiet", "-b", "accept")
    write_files(root, proposed)
    commit(root, "2026-10-12", "Omar Haddad", "--message", "Roll back in ten minutes")
    write_files(root, files)
    commit(root, "2026-10-14", "Omar Haddad", "--message", "Accept the dated table")
    git(root, "checkout", "--quiet", "main")
    commit(
        root, "2026-10-15", "Ines Duarte", "--no-ff", "--message", "Merge the dated table", "accept", command="merge"
    )
    reason = "The stores order at six, not at five; nothing that was decided depends on it"
    amendment = f"amendments:\n  - {{date: 2026-11-02, by: Omar Haddad, reason: '{reason}'}}\n"
    amended = with_key(edited(files, DECISION, "At 05:00 the", "At 06:00 the"), DECISION, amendment)
    write_files(root, amended)
    commit(root, "2026-11-02", "Omar Haddad", "--message", "The stores order at six")
    (root / FOLLOW_UP).unlink()
    commit(root, "2026-11-09", "Ines Duarte", "--message", "The rota is paged by the ordering system")
    write_files(root, {DECISION: amended[DECISION].replace("follow-ups: [FU-0001]\n", "")})


SCENES: dict[Path, Callable[[Path], None]] = {
    README: three_mistakes,
    GUIDE / "start.md": nothing,
    GUIDE / "contract.md": the_log,
    GUIDE / "writing.md": the_log,
    GUIDE / "gates.md": three_mistakes,
    GUIDE / "reviewing.md": a_branch,
    GUIDE / "history.md": a_history,
    GUIDE / "plugin.md": three_mistakes_in_a_site,
}
"""What lies in the folder in which the first command of a page is given."""


def sessions(page: Path) -> list[Block]:
    """Give the terminal sessions of a page."""
    return [block for block in blocks(page) if block.language == "console"]


def steps(block: Block) -> list[tuple[str, list[str]]]:
    """Give each command of a session with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def printed(command: str, root: Path) -> list[str]:
    """Run a command line in a folder and give what it prints."""
    midnight = dt.datetime.combine(TODAY, dt.time(), dt.UTC)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(midnight.timestamp()))}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return (done.stdout + done.stderr).strip("\n").splitlines()


def alike(line: str) -> str:
    """Give a line with the ids of commits left open: they change with every letter of the records."""
    return _ID.sub("0" * 10, line)


def matches(said: list[str], seen: list[str]) -> bool:
    """Tell whether lines are the same; a line with an ellipsis stands for any number of them."""
    if not said:
        return not seen
    if said[0].strip() == _CUT:
        return any(matches(said[1:], seen[start:]) for start in range(len(seen) + 1))
    return bool(seen) and alike(said[0]) == alike(seen[0]) and matches(said[1:], seen[1:])


def test_each_page_with_a_session_is_run() -> None:
    """No page shows a terminal that is not compared with a real one."""
    pages = {page for page in (*GUIDE.glob("*.md"), README) if sessions(page)}

    assert pages == set(SCENES)


@pytest.mark.parametrize("page", first(SCENES, quick=3), ids=lambda page: page.name)
def test_sessions_show_what_is_printed(page: Path, tmp_path: Path) -> None:
    """The commands of a page, given one after another, print what the page says."""
    SCENES[page](tmp_path)

    for block in sessions(page):
        for command, said in steps(block):
            seen = printed(command, tmp_path)
            while said and not said[-1]:
                said.pop()
            assert matches(said, seen), "\n".join([f"{block.place} $ {command}", *seen])


def shown(page: str, language: str, start: str) -> str:
    """Give the one block of a page in a language that starts in a certain way."""
    (text,) = (
        block.text for block in blocks(GUIDE / page) if block.language == language and block.text.startswith(start)
    )
    return text


def test_the_finding_shown_as_json_is_a_real_one(tmp_path: Path) -> None:
    """The page of formats shows a finding of the JSON report to the letter, fingerprint and all."""
    three_mistakes(tmp_path)
    report = json.loads("\n".join(printed("gatepost check --format json", tmp_path)))

    assert json.loads(shown("formats.md", "json", "{")) in report["findings"]


@pytest.mark.parametrize(
    ("page", "start", "edit"),
    [
        ("contract.md", "stages.", ("designs/demand/pipeline.md", "[wape <= 0.30, ", "[wape at most 0.30, ")),
        ("policies.md", "a decision about", (DECISION, "domain: serving", "domain: pricing")),
    ],
)
def test_messages_shown_are_real_ones(page: str, start: str, edit: tuple[str, str, str], tmp_path: Path) -> None:
    """A message that the guide quotes is what the log of the guide gives after one edit."""
    write_files(tmp_path, edited(titled("writing.md", "contract.md", "policies.md"), *edit))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    report = json.loads("\n".join(printed("gatepost check --format json", tmp_path)))
    message, *hint = shown(page, "text", start).splitlines()

    assert (message, *hint) in {(one["message"], *([f"  {one['hint']}"] if hint else [])) for one in report["findings"]}

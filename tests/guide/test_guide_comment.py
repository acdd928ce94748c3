"""The scripts of the guide that write a comment run, and find the comment that they wrote before."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from guide_pages import GUIDE, blocks

from gatepost.report.diff_markdown import MARKER

FILES = {
    block.title: yaml.safe_load(block.text) for block in blocks(GUIDE / "reviewing.md") if block.language == "yaml"
}
NOTES = [{"id": 3, "body": "Looks good", "user": {"type": "User"}}]
OURS = {"id": 7, "body": f"{MARKER}\n**Old**", "user": {"type": "Bot"}}
_FORGE = """#!/usr/bin/env python3
import pathlib, sys
words = sys.argv[1:]
if any(word in {"PATCH", "PUT", "POST"} for word in words):
    pathlib.Path("calls").open("a").write(" ".join(words) + "\\n")
else:
    sys.stdout.write(pathlib.Path("answer").read_text())
"""


def run(script: str, root: Path, name: str, answer: str) -> list[str]:
    """Run a script with a stand-in for the forge's command, and give the words of each call that writes."""
    tools = root / "tools"
    tools.mkdir(exist_ok=True)
    (tools / name).write_text(_FORGE, encoding="utf-8")
    (tools / name).chmod(0o755)
    (root / "answer").write_text(answer, encoding="utf-8")
    (root / "calls").unlink(missing_ok=True)
    settings = {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_REPOSITORY": "shop/forecasts",
        "NUMBER": "12",
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "12",
        "GATEPOST_TOKEN": "secret",
    }
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=root, env={**os.environ, **settings}, check=True)
    return (root / "calls").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("answer", "call"),
    [
        ("", "--method POST repos/shop/forecasts/issues/12/comments --field body=@comment.md"),
        ("7\n9\n", "--method PATCH repos/shop/forecasts/issues/comments/7 --field body=@comment.md"),
    ],
)
def test_the_job_of_github_writes_one_comment(answer: str, call: str, tmp_path: Path) -> None:
    """The first time a comment is written, after that the same one is written anew."""
    steps = FILES[".github/workflows/gatepost-comment.yml"]["jobs"]["comment"]["steps"]
    script = steps[-1]["run"]
    assert MARKER in script
    assert run(script, tmp_path, "gh", answer) == [f"api --silent {call}"]


@pytest.mark.parametrize(("notes", "call"), [(NOTES, "--request POST"), ([*NOTES, OURS], "--request PUT")])
def test_the_job_of_gitlab_writes_one_comment(notes: list[object], call: str, tmp_path: Path) -> None:
    """The note with the marker is found among the others; its body comes from the file."""
    script = FILES["gatepost-comment.gitlab-ci.yml"]["gatepost-comment"]["script"][-1]
    (written,) = run(script, tmp_path, "curl", json.dumps(notes))
    place = "https://gitlab.example/api/v4/projects/5/merge_requests/12/notes"
    assert f"{call} --data-urlencode body@comment.md {place}{'/7' if 'PUT' in call else ''}" in written

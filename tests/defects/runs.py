"""A check and a strict build, as a person runs them."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from click.testing import CliRunner
from mkdocs.__main__ import cli as mkdocs

from gatepost.cli import main
from trees import TODAY

__all__ = ["run_build", "run_check"]


def run_check(root: Path) -> tuple[int, str]:
    """Run `gatepost check` and give its exit code and output, line breaks taken out."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(["check", "--directory", str(root), "--as-of", str(TODAY)])
    return code, " ".join(printed.getvalue().split())


def run_build(root: Path) -> tuple[int, list[str]]:
    """Run `mkdocs build --strict` and give its exit code and the warnings of Gatepost."""
    words = ["build", "--strict", "--config-file", str(root / "mkdocs.yml"), "--site-dir", str(root / "site")]
    done = CliRunner().invoke(mkdocs, words, env={"SOURCE_DATE_EPOCH": "1795392000"})
    assert "Traceback" not in done.output
    lines = [line for line in done.output.splitlines() if "gatepost" in line]
    return done.exit_code, [line for line in lines if line.startswith("WARNING")]

"""Each command line that the guide shows exists, and the command reference is what the command says of itself."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest
import yaml
from guide_pages import GUIDE, PAGES, blocks, command_lines

from gatepost.cli.app import app
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.reference import render
from gatepost.mkdocs_plugin.options import Options

_STANDS_FOR = {"KIND": "decision", "GATE": "in-scope", "ID": "ADR-1", "…": "x"}
_LINES = [
    pytest.param(line, id=f"{page.name}:{number}")
    for page in PAGES
    if page.name != "commands.md"
    for number, line in command_lines(page)
]


def parse(line: str) -> None:
    """Parse a command line as click would, without running it; a bare name in prose needs no arguments.

    Raises:
        click.ClickException: there is no such command, option or choice.
    """
    words = [_STANDS_FOR.get(word, word) for word in shlex.split(line)[1:]]
    with click.Context(app, info_name="gatepost") as context:
        name, command, rest = app.resolve_command(context, words)
        assert command is not None
        with command.make_context(name, rest, parent=context, resilient_parsing=not rest):
            pass


@pytest.mark.parametrize("line", _LINES)
def test_each_command_line_shown_exists(line: str) -> None:
    """Its command, its options and their choices are known."""
    parse(line)


def test_command_lines_are_found() -> None:
    """The guide shows commands in blocks, in spans and in CI files, so that the test above looks at something."""
    found = {line.split()[1] for page in PAGES for _, line in command_lines(page)}

    assert {"init", "new", "check", "show", "list", "explain", "schema"} <= found


@pytest.mark.parametrize("line", ["gatepost chekc", "gatepost check --formta json", "gatepost check --format sarif"])
def test_a_command_line_that_does_not_exist_is_refused(line: str) -> None:
    """A misspelt command, option or choice in the guide would be seen."""
    with pytest.raises(click.ClickException):
        parse(line)


def test_the_command_reference_is_what_the_command_says() -> None:
    """commands.md holds what `gatepost.cli.reference.render` gives, to the letter."""
    page = (GUIDE / "commands.md").read_text(encoding="utf-8")

    assert page == render()


def test_exit_codes_in_the_guide_are_the_real_ones() -> None:
    """The table of exit codes has each code once, and no other."""
    text = (GUIDE / "formats.md").read_text(encoding="utf-8").split("## Exit codes", 1)[1].split("\n## ", 1)[0]
    codes = [
        int(line.strip("| ").split("|")[0]) for line in text.splitlines() if line.startswith("|") and line[2].isdigit()
    ]

    assert codes == [int(code) for code in ExitCode]


def test_plugin_options_in_the_guide_are_the_real_ones() -> None:
    """The table of options has each option of the plugin, and no other."""
    text = (GUIDE / "plugin.md").read_text(encoding="utf-8").split("## Options", 1)[1].split("\n## ", 1)[0]
    named = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    (example,) = (block for block in blocks(GUIDE / "plugin.md") if "as_of" in block.text)
    (options,) = (one["gatepost"] for one in yaml.safe_load(example.text)["plugins"] if isinstance(one, dict))

    assert named == {name for name, _ in Options._schema}  # noqa: SLF001 - MkDocs offers no other list of options
    config = Options()
    config.load_dict(options)
    assert config.validate() == ([], [])


def test_yaml_files_in_the_guide_parse() -> None:
    """Each file of YAML that the guide shows is YAML."""
    shown = [block for page in PAGES for block in blocks(page) if block.language == "yaml"]

    assert len(shown) > 5
    for block in shown:
        assert isinstance(yaml.safe_load(block.text), dict), block.place


@pytest.mark.parametrize(("ci", "path"), [("github", ".github/workflows/gatepost.yml"), ("gitlab", ".gitlab-ci.yml")])
def test_ci_files_in_the_guide_are_those_that_init_writes(ci: str, path: str, tmp_path: Path) -> None:
    """What a reader copies from the page is what the command lays down."""
    assert app.main(["-C", str(tmp_path), "init", "--ci", ci], standalone_mode=False) == ExitCode.MET
    (shown,) = (block.text for block in blocks(GUIDE / "ci.md") if block.title == path)

    assert (tmp_path / path).read_text(encoding="utf-8") == shown

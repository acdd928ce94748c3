"""`gatepost diff`: what a branch, or what is not committed yet, changes in the log."""

from __future__ import annotations

import click

from gatepost import __version__
from gatepost.cli.base import compared
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.selection import designs_named
from gatepost.cli.settings import Settings, output_option, project_options, revision_option

__all__ = ["command"]


@click.command("diff")
@click.argument("base", required=False, default=None, metavar="BASE")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs (`gatepost schema diff`), or Markdown for a comment on a pull request.",
)
@output_option
@click.option("--design", "designs", multiple=True, metavar="ID", help="Only this design's records, and the policy.")
@click.option("--exact", is_flag=True, help="Compare with BASE itself, not with the commit where it was left.")
@click.option("--fail-on-new", is_flag=True, help="Exit with 1 when something blocks that did not before.")
@revision_option
@project_options
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    settings: Settings,
    *,
    base: str | None,
    form: str,
    designs: tuple[str, ...],
    exact: bool,
    fail_on_new: bool,
) -> ExitCode:
    """Say what a branch changes: records, gates, risks, follow-ups.

    BASE is a branch, a tag or a commit; when left out, the default branch. As on a forge, the comparison is with the
    commit where this branch left it. On the default branch itself its upstream counts, else the last commit, so that
    what is not committed yet is shown. Both sides are judged whole, on the same day.
    """
    from gatepost.report.diff_json import render_diff_json  # noqa: PLC0415 - not for --help
    from gatepost.report.diff_markdown import render_diff_markdown  # noqa: PLC0415 - the same
    from gatepost.report.diff_text import render_diff_text  # noqa: PLC0415 - the same

    file = settings.file
    found, sides = compared(settings, base, exact=exact)
    if designs:
        found = found.only(designs_named((found.before, found.after), designs))
    match form:
        case "json":
            text = render_diff_json(found, sides, __version__)
        case "markdown":
            text = render_diff_markdown(found, sides)
        case _:
            paint, columns = dressed(file)
            text = render_diff_text(found, sides, paint=paint, width=columns)
    emit(text, file)
    fails = fail_on_new and any(one.effect == "block" for one in found.worse)
    return ExitCode.NOT_MET if fails else ExitCode.MET

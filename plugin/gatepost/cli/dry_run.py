"""`gatepost dry-run`: every branch of a stage contract, simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gatepost import __version__
from gatepost.cli.contracts import UnreadContractError, contract_of
from gatepost.cli.executing import Executing, execute_options
from gatepost.cli.executing import execute as run_it
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.output import dressed, emit
from gatepost.cli.project import book_of, checked
from gatepost.cli.settings import Settings, output_option, project_options, revision_option
from gatepost.cli.trouble import CouldNotCheckError

if TYPE_CHECKING:
    from gatepost.book import Unread

__all__ = ["command"]


@click.command("dry-run")
@click.argument("design", required=False, default=None, metavar="[DESIGN]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs (`gatepost schema dry-run`), or Markdown for a comment.",
)
@output_option
@click.option("--quiet", is_flag=True, help="Leave out the table of branches; what is broken is always told.")
@execute_options
@revision_option
@project_options
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    design: str | None,
    form: str,
    quiet: bool,
    execute: bool,
    **options: Any,  # noqa: ANN401 - those of an executed run, as click reads them
) -> ExitCode:
    """Walk every success and failure branch of a stage contract.

    DESIGN is the id of a design with a contract; it may be left out when only one has one. Every stage succeeds,
    fails, times out, rejects or breaches a limit; faults come alone and in pairs, with retries and handlers. Nothing is
    run. The exit code is 1 when an invariant is broken, and 3 when the contract cannot be read: no branch of it is
    known then, and all that is to be mended in it is told.

    With --execute the stages' commands are run on a clean checkout: twice, to see what repeats; then each branch that
    can be provoked, watching handlers and production; then each documented limit, at it and beside it. The record goes
    to evidence/dry-runs/ of the design. The exit code is 1 when something differs from the contract, 3 when it cannot
    run.
    """
    from gatepost.pipeline import Contract, simulated  # noqa: PLC0415 - not for --help
    from gatepost.report.dry_run_json import render_dry_run_json  # noqa: PLC0415 - the same
    from gatepost.report.dry_run_markdown import render_dry_run_markdown  # noqa: PLC0415 - the same
    from gatepost.report.dry_run_text import render_dry_run_text  # noqa: PLC0415 - the same

    file = settings.file
    book = book_of(settings)
    try:
        entry, record = contract_of(book, design)
    except UnreadContractError as error:
        raise CouldNotCheckError(_to_mend(settings, error.unread)) from error
    if execute:
        if form != "text" or file is not None:
            message = "--format and --output are for the branch table: --execute writes a record to evidence/dry-runs/"
            raise click.UsageError(message)
        return run_it(settings, book, entry, record, Executing(**options))
    verdict = simulated(Contract(record), book.policy)
    match form:
        case "json":
            text = render_dry_run_json(entry, verdict, __version__)
        case "markdown":
            text = render_dry_run_markdown(entry, verdict)
        case _:
            paint, columns = dressed(file)
            text = render_dry_run_text(entry, verdict, every=not quiet, paint=paint, width=columns)
    emit(text, file)
    return ExitCode.NOT_MET if verdict.violations else ExitCode.MET


def _to_mend(settings: Settings, unread: Unread) -> str:
    """Say that a contract cannot be read, and below that all that is to be mended in it."""
    from gatepost.report import in_plain  # noqa: PLC0415 - only for a contract that cannot be read
    from gatepost.report.text import findings_lines  # noqa: PLC0415 - the same

    found = [one for one in checked(settings).findings if one.path == unread.path]
    _, width = dressed()
    head = f"{unread.path} cannot be read, so no branch of it is known; to mend in it:"
    return "\n".join((head, *findings_lines(found, in_plain, width)))

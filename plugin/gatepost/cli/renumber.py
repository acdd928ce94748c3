"""`gatepost renumber`: a new number for a record, and whatever names it mended."""

from __future__ import annotations

import click

from gatepost.cli.changing import carry_out, dry_run_option
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.renumbering import renumbered
from gatepost.cli.settings import Settings, project_options

__all__ = ["command"]


@click.command("renumber")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@dry_run_option
@project_options
@click.pass_obj
def command(settings: Settings, old: str, new: str, *, dry_run: bool) -> ExitCode:
    """Give a record another number, and mend whatever names it.

    OLD is an id, or the path of a file: after a merge two files may claim one id. NEW is an id or a number that is
    free. The file is renamed; ids in fields and in prose, links and the nav of mkdocs.yml are mended in the spelling
    that stands there. Code is left alone and listed, and so is what could mean either of two records. All files are
    written, or none.
    """
    return carry_out(settings, lambda room: renumbered(room, old, new, settings.directory), dry_run=dry_run)

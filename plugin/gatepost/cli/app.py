"""The group of commands, and the way in: arguments to an exit code."""

from __future__ import annotations

import atexit
import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Final

import click

from gatepost import __version__
from gatepost.cli.exit_codes import ExitCode
from gatepost.cli.settings import Settings, project_options
from gatepost.cli.trouble import CouldNotCheckError

__all__ = ["COMMANDS", "app", "main"]

COMMANDS: Final = {
    "init": ("init", "Lay down a working log, or add one to a repository."),
    "new": ("new", "Write a record from its template, with the next free id."),
    "accept": ("accept", "Accept a proposed decision."),
    "reject": ("reject", "Reject a proposed decision."),
    "deprecate": ("deprecate", "Deprecate an accepted decision that nothing replaces."),
    "supersede": ("supersede", "Let one decision replace another; both files say so."),
    "close": ("close", "Close a risk or a follow-up."),
    "renumber": ("renumber", "Give a record another number, and mend whatever names it."),
    "check": ("check", "Evaluate the gates on all records."),
    "dry-run": ("dry_run", "Walk every success and failure branch of a stage contract."),
    "conform": ("conform", "Compare a stage contract with the real definition that it names."),
    "export": ("export", "Write a stage contract as the skeleton of a real definition."),
    "diff": ("diff", "Say what a branch changes: records, gates, risks, follow-ups."),
    "show": ("show", "Show one record: its gates, findings and links."),
    "history": ("history", "Say what happened to one record: who changed it, when, which fields from what to what."),
    "list": ("listing", "List records, filtered."),
    "explain": ("explain", "Explain a gate, or list all gates."),
    "schema": ("schema", "Print the JSON Schema of a kind of record, or of what a command prints as JSON."),
}
"""Each command: the module that holds it, and what it does. The modules are imported when they are asked for."""


class _Commands(click.Group):
    """A group that imports a command only when it is run or explained."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"gatepost.cli.{COMMANDS[cmd_name][0]}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the commands are {', '.join(COMMANDS)}"
            message = f"there is no command '{name}'; {hint}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
    epilog="Exit codes: 0 gates met, 1 gates not met, 2 wrong usage, 3 could not check.",
)
@project_options
@click.version_option(__version__, message="gatepost %(version)s")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Keep decisions about ML pipelines as records in git, and hold them to quality gates."""
    ctx.obj = ctx.obj or Settings()


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code.

    Args:
        args: the arguments; those of the process when left out.
    """
    _write_utf8()
    with _uncollected():
        return _run(args)


def _run(args: Sequence[str] | None) -> int:
    arguments = list(sys.argv[1:] if args is None else args)
    try:
        code = int(app.main(arguments, prog_name="gatepost", standalone_mode=False) or 0)
    except click.UsageError as error:
        error.show()
        return ExitCode.USAGE
    except CouldNotCheckError as error:
        return _could_not_check(str(error))
    except (click.Abort, KeyboardInterrupt):
        return _could_not_check("interrupted")
    except click.ClickException as error:
        return _could_not_check(error.format_message())
    except Exception as error:
        if "--debug" in arguments:
            raise
        said = f"{type(error).__name__}: {error}".replace("\n", " ")
        return _could_not_check(f"Gatepost itself broke: {said}; --debug shows where")
    # Without a command nothing was checked: a CI job that forgot it must not pass.
    return code if arguments else ExitCode.USAGE


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the cyclic garbage collector back: a command ends soon, and all that it read is needed until then."""
    was_enabled = gc.isenabled()
    gc.disable()
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)  # no last look at a million objects either
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _could_not_check(message: str) -> ExitCode:
    click.echo(f"gatepost: {message}", err=True)
    return ExitCode.COULD_NOT_CHECK


def _write_utf8() -> None:
    """Make output UTF-8 whatever the locale says; what is no text is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")

"""The reference of the command, made of the command itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from gatepost.cli.app import COMMANDS, app
from gatepost.cli.exit_codes import MEANING

__all__ = ["render"]


def render() -> str:
    """Give the reference as Markdown: every command with its arguments and options, then the exit codes."""
    context = click.Context(app, info_name="gatepost")
    shared = {str(option.name) for option in _options(app)}
    lines = [
        "# Commands",
        "",
        "`gatepost [OPTIONS] COMMAND …`: these options stand before the command or after it.",
        "",
        *_table(_options(app)),
    ]
    for name in COMMANDS:
        command = app.get_command(context, name)
        if command is not None:
            lines += ["", *_command(name, command, shared)]
    lines += ["", "## Exit codes", "", "| code | meaning |", "| --- | --- |"]
    lines += [f"| {code.value} | {said} |" for code, said in MEANING.items()]
    return "\n".join(lines) + "\n"


def _command(name: str, command: click.Command, shared: set[str]) -> Iterator[str]:
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    own = [option for option in _options(command) if option.name not in shared]
    words = [_metavar(one) if one.required else f"[{_metavar(one)}]" for one in arguments]
    yield f"## gatepost {name}"
    yield ""
    yield f"`{' '.join(['gatepost', name, *(['[OPTIONS]'] if own else []), *words])}`"
    yield ""
    yield inspect.cleandoc(command.help or "")
    if own:
        yield ""
        yield from _table(own)


def _options(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option) and not one.hidden]


def _table(options: list[click.Option]) -> Iterator[str]:
    yield "| option | what it does |"
    yield "| --- | --- |"
    for option in options:
        names = ", ".join(f"`{name}`" for name in option.opts)
        value = "" if option.is_flag else f" {_metavar(option)}"
        said = [inspect.cleandoc(option.help or "")]
        if option.show_default and isinstance(option.default, str):
            said.append(f"Default: {option.default}.")
        if option.multiple:
            said.append("Can be given several times.")
        yield f"| {names}{_cell(value)} | {_cell(' '.join(said).strip())} |"


def _metavar(param: click.Parameter) -> str:
    if param.metavar:
        return param.metavar
    if isinstance(param.type, click.Choice):
        return "|".join(str(choice) for choice in param.type.choices)
    return (param.name or "").upper()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

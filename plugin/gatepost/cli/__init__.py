"""The command `gatepost`: one module for each subcommand, imported when it is asked for."""

from gatepost.cli.app import main

__all__ = ["main"]

"""Shell scripts, followed without being run: what becomes of a script when one of its commands fails.

`words` and `quoting` take a text apart; `cursor`, `compound` and `parser` make a `tree` of it. `asking`, `outcomes` and
`results` tell what parts of it do when all is well. `codes`, `lists`, `beside`, `branches` and `calls` each add to the
`walk` a way to follow a failure, with `feeding` and `nested` for shells within the script; `ends` is the way in.
"""

from gatepost.definitions.shell.ends import script_ends
from gatepost.definitions.shell.fates import HARMLESS, NOT_RUN, Command, Fate
from gatepost.definitions.shell.lines import one_line
from gatepost.definitions.shell.nested import Nested, nested
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.play import Fails, Played, Ran, played
from gatepost.definitions.shell.quoting import ShellError

__all__ = [
    "HARMLESS",
    "NOT_RUN",
    "Command",
    "Fails",
    "Fate",
    "Nested",
    "Played",
    "Ran",
    "ShellError",
    "nested",
    "one_line",
    "parse",
    "played",
    "script_ends",
]

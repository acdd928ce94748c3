"""Shell scripts, followed without being run: what becomes of a script when one of its commands fails.

From the outside in: `words` and `quoting` take a text apart, `parser` makes a `tree` of it. `results` tells what parts
of it do when all is well; `lists`, `branches` and `ends` follow a failure through them.
"""

from gatepost.definitions.shell.ends import NOT_RUN, script_ends
from gatepost.definitions.shell.fates import Command, Fate
from gatepost.definitions.shell.lines import cannot_fail, one_line
from gatepost.definitions.shell.nested import Nested, nested
from gatepost.definitions.shell.quoting import ShellError

__all__ = ["NOT_RUN", "Command", "Fate", "Nested", "ShellError", "cannot_fail", "nested", "one_line", "script_ends"]

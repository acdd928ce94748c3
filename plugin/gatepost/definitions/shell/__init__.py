"""Shell scripts, followed without being run: what becomes of a script when one of its commands fails, and what runs.

`words` and `quoting` take a text apart; `cursor`, `compound` and `parser` make a `tree` of it. `lists`, `branches`,
`simple`, `calls`, `running` and `builtins` are the parts of one follower, which goes through the tree with a set of
states (`state`); `filling` and `asking` tell what words and tests are in a state, `feeding` and `nested` find shells in
the script, `wrappers`, `opening`, `makefiles` and `packages` what a command runs of the repository (`files`). `records`
keeps the commands that are met, and `fates` judges them. `ends` is the way in.
"""

from gatepost.definitions.shell.ends import Played, Ran, always_ends_well, played, script_ends
from gatepost.definitions.shell.fates import NOT_RUN, Command, Fate
from gatepost.definitions.shell.files import ANYWHERE, UNKNOWN, Where
from gatepost.definitions.shell.lines import one_line
from gatepost.definitions.shell.nested import Nested, first_line, nested
from gatepost.definitions.shell.parser import parse
from gatepost.definitions.shell.quoting import ShellError
from gatepost.definitions.shell.records import HARMLESS, Fails
from gatepost.definitions.shell.wrappers import unwrapped

__all__ = [
    "ANYWHERE",
    "HARMLESS",
    "NOT_RUN",
    "UNKNOWN",
    "Command",
    "Fails",
    "Fate",
    "Nested",
    "Played",
    "Ran",
    "ShellError",
    "Where",
    "always_ends_well",
    "first_line",
    "nested",
    "one_line",
    "parse",
    "played",
    "script_ends",
    "unwrapped",
]

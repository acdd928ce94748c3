"""What `make TARGET` runs, as a shell script, where the Makefile is plain.

Source: https://www.gnu.org/software/make/manual/make.html
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from typing import Final

__all__ = ["MakeError", "Makefile"]

_LONGEST: Final = 200_000
_MOST: Final = 300
"""So many lines are run for one target."""
_DEEPEST: Final = 20
_SETS: Final = re.compile(r"(?:export\s+|override\s+)*([\w.-]+)\s*(\?|\+|::?:?|!)?=\s*(.*)\Z", re.DOTALL)
_RULE: Final = re.compile(r"([^:=#]+?)\s*(::?)(?!=)\s*(.*)\Z", re.DOTALL)
_CONDITION: Final = re.compile(r"(ifeq|ifneq|ifdef|ifndef|else|endif)\b")
_OTHER: Final = re.compile(r"-?(?:include|sinclude|vpath|undefine|export|unexport|load)\b")
_FILLED: Final = re.compile(r"\$(?:\(([^()$]*)\)|\{([^{}$]*)\}|([@<^*?+|%A-Za-z]))")
_SIGN: Final = "\0"
"""What stands for a `$` of the shell."""


class MakeError(Exception):
    """A Makefile, or a target of it, that is not plain."""


class _Rule:
    def __init__(self) -> None:
        self.needs: list[str] = []
        self.lines: list[str] = []
        self.is_open = False
        """Whether a condition, or a pattern, decides what it is."""


class Makefile:
    """The rules of a Makefile."""

    def __init__(self, text: str, values: dict[str, str], *, exists: Callable[[str], bool]) -> None:
        """Read a Makefile.

        Args:
            text: the Makefile.
            values: the variables that the command line sets.
            exists: tells whether a file is there, so that a target may be up to date.

        Raises:
            MakeError: it is not plain.
        """
        if len(text) > _LONGEST:
            message = "it is too long"
            raise MakeError(message)
        self._values: dict[str, str | None] = {"MAKE": "make", "CURDIR": "."}
        self._given = values
        self._rules: dict[str, _Rule] = {}
        self._exists = exists
        self._first = ""
        self._level = 0
        self._open: list[_Rule] = []
        self._read(text)
        self._values |= values

    def _read(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").split("\n")
        at = 0
        while at < len(lines):
            line = lines[at]
            at += 1
            is_recipe = line.startswith("\t") and bool(self._open)
            while line.endswith("\\") and at < len(lines):
                following = lines[at].removeprefix("\t") if is_recipe else lines[at].lstrip()
                line = f"{line}\n{following}" if is_recipe else f"{line[:-1].rstrip()} {following}"
                at += 1
            if is_recipe:
                for rule in self._open:
                    rule.lines.append(line[1:])
                    rule.is_open |= self._level > 0
            elif line.strip().startswith("define "):
                while at < len(lines) and lines[at].strip() != "endef":
                    at += 1
                at += 1
            else:
                self._statement(re.sub(r"(?<!\\)#.*", "", line).strip())

    def _statement(self, line: str) -> None:
        if not line:
            return
        if condition := _CONDITION.match(line):
            self._level += condition[1].startswith("if") - (condition[1] == "endif")
        elif found := _SETS.match(line):
            self._open = []
            self._set(found[1], found[2] or "", found[3])
        elif rule := _RULE.match(line):
            self._rule(rule[1], rule[3])
        elif not _OTHER.match(line):
            self._open = []

    def _set(self, name: str, sign: str, value: str) -> None:
        if name in self._given or (sign == "?" and name in self._values):
            return
        if self._level or sign == "!":
            self._values[name] = None
        elif sign == "+":
            before = self._values.get(name, "")
            self._values[name] = None if before is None else f"{before} {value}".strip()
        else:
            self._values[name] = self._known(value) if sign.startswith(":") else value

    def _known(self, value: str) -> str:
        return _FILLED.sub(lambda one: self._values.get(one[1] or one[2] or one[3]) or one[0], value)

    def _rule(self, names: str, rest: str) -> None:
        needs, _, inline = rest.partition(";")
        is_set = _SETS.match(needs.strip())
        targets = self._known(names).split()
        found = [self._rules.setdefault(one, _Rule()) for one in targets]
        for rule in found:
            rule.is_open |= self._level > 0 or is_set is not None
            rule.needs += [] if is_set else self._known(needs).replace("|", " ").split()
            rule.lines += [inline.strip()] if inline.strip() else []
        self._open = found
        plain = [one for one in targets if not one.startswith(".") and "%" not in one]
        self._first = self._first or (plain[0] if plain else "")

    # ---- what it runs

    def script(self, targets: Iterable[str], *, ignores: bool) -> str:
        """Give what `make` runs for some targets as a script, which ends where one of its commands fails.

        Raises:
            MakeError: what it runs is not plain.
        """
        wanted = list(targets) or [self._values.get(".DEFAULT_GOAL") or self._first]
        done: set[str] = set()
        lines = [line for one in wanted for line in self._lines(str(one), done, 0, ignores=ignores, is_wanted=True)]
        return "\n".join(["set -e", *lines, ""])

    def _lines(self, target: str, done: set[str], depth: int, *, ignores: bool, is_wanted: bool) -> list[str]:
        if target in done:
            return []
        done.add(target)
        rule = self._rules.get(target)
        if rule is None:
            if is_wanted or any("%" in name and _fits(name, target) for name in self._rules):
                message = f"it has no plain rule for {target[:60]}"
                raise MakeError(message)
            return []
        phony = self._rules.get(".PHONY", _Rule()).needs
        if rule.is_open or depth > _DEEPEST or (target not in phony and self._exists(target)):
            message = f"what decides about {target[:60]} is not followed"
            raise MakeError(message)
        found = [
            line for need in rule.needs for line in self._lines(need, done, depth + 1, ignores=ignores, is_wanted=False)
        ]
        silent = self._rules.get(".IGNORE")
        skips = ignores or (silent is not None and (not silent.needs or target in silent.needs))
        found += self._recipe(rule, target, ignores=skips)
        if len(found) > _MOST:
            message = "it runs too much"
            raise MakeError(message)
        return found

    def _recipe(self, rule: _Rule, target: str, *, ignores: bool) -> list[str]:
        texts = [self._filled(line, rule, target) for line in rule.lines]
        if ".ONESHELL" in self._rules and texts:
            first = texts[0].lstrip()
            prefix = first[: len(first) - len(first.lstrip("@-+ "))]
            texts = [prefix + "\n".join(one.lstrip("@-+ ") for one in texts)]
        found: list[str] = []
        for text in texts:
            plain = text.lstrip("@-+ \t")
            prefix = text[: len(text) - len(plain)]
            if plain.strip():
                shell = f"{self._values.get('SHELL') or 'sh'} {self._values.get('.SHELLFLAGS') or '-c'}"
                found.append(f"{shell} {shlex.quote(plain)}{' || true' if ignores or '-' in prefix else ''}")
        return found

    def _filled(self, line: str, rule: _Rule, target: str) -> str:
        """Fill in variables; what is not known becomes a variable of the shell without a value."""
        own = {"@": target, "<": rule.needs[0] if rule.needs else "", "^": " ".join(rule.needs)}
        text = line.replace("$$", _SIGN)
        for _ in range(_DEEPEST):
            if "$" not in text:
                break
            text = _FILLED.sub(lambda one: self._value((one[1] or one[2] or one[3]).strip(), own), text)
        if "$" in text:
            message = "what it fills in is not followed"
            raise MakeError(message)
        return text.replace(_SIGN, "$")

    def _value(self, name: str, own: dict[str, str]) -> str:
        held = own.get(name, self._values.get(name))
        if held is None:
            return f"{_SIGN}{{make_{re.sub(r'[^A-Za-z0-9_]', '_', name)[:60]}}}"
        return held.replace("$$", _SIGN)


def _fits(pattern: str, target: str) -> bool:
    before, _, after = pattern.partition("%")
    return target.startswith(before) and target.endswith(after) and len(target) > len(before) + len(after)

"""Methods of lists and mappings. What they change is kept in the journal, so that it can be taken back."""

from __future__ import annotations

from typing import Any, Final

from gatepost.definitions.airflow.functions import Functions
from gatepost.definitions.airflow.journal import ABSENT
from gatepost.definitions.airflow.values import REST, UNKNOWN

__all__ = ["Containers"]

_CHANGES: Final = frozenset({"setdefault", "update", "pop", "popitem", "clear"})


class Containers(Functions):
    """The part of a walk that calls methods of lists and mappings."""

    def list_method(self, holder: list[Any], name: str, given: list[object]) -> object:
        """Give what `holder.name(…)` gives of a list."""
        kept = list(holder)
        match name:
            case "append" if len(given) == 1:
                kept.append(given[0])
            case "extend" if len(given) == 1:
                kept.extend(given[0] if isinstance(given[0], list) else [UNKNOWN])
            case "insert" if len(given) > 1 and isinstance(given[0], int):
                kept.insert(given[0], given[1])
            case "reverse":
                kept.reverse()
            case "clear":
                kept.clear()
            case "pop" if kept and all(type(one) is int and -len(kept) <= one < len(kept) for one in given):
                index = given[0] if given and isinstance(given[0], int) else -1
                found = kept.pop(index)
                self.journal.put(holder, None, kept)
                return found
            case "copy":
                return kept
            case "index" | "count":
                return UNKNOWN
            case _:
                kept = [UNKNOWN]  # sorted, or something taken out
        self.journal.put(holder, None, kept)
        return None

    def dict_method(self, holder: dict[Any, Any], name: str, given: list[object], named: dict[str, object]) -> object:
        """Give what `holder.name(…)` gives of a mapping."""
        if name in _CHANGES:
            return self._changed(holder, name, given, named)
        key = given[0] if given and isinstance(given[0], str | int | float) else None
        match name:
            case "get" if key is not None:
                default = given[1] if len(given) > 1 else None
                return holder.get(key, UNKNOWN if REST in holder else default)
            case "items" | "keys" | "values" if REST in holder:
                return UNKNOWN
            case "items":
                return [[one, inner] for one, inner in holder.items()]
            case "keys" | "values":
                return list(holder if name == "keys" else holder.values())
            case "copy":
                return dict(holder)
            case _:
                return UNKNOWN

    def _changed(self, holder: dict[Any, Any], name: str, given: list[object], named: dict[str, object]) -> object:
        key = given[0] if given and isinstance(given[0], str | int | float) else None
        default = given[1] if len(given) > 1 else None
        if name == "update" and (not given or isinstance(given[0], dict)):
            for one, inner in {**(given[0] if given and isinstance(given[0], dict) else {}), **named}.items():
                self.journal.put(holder, one, inner)
            return None
        if name in {"setdefault", "pop"} and key is not None and (key in holder or REST not in holder):
            found = holder.get(key, default)
            self.journal.put(holder, key, found if name == "setdefault" else ABSENT)
            return found
        self.forget(holder)
        return UNKNOWN

    def forget(self, holder: dict[Any, Any] | list[Any]) -> None:
        """Know nothing more of what a list or a mapping holds."""
        if isinstance(holder, list):
            self.journal.put(holder, None, [UNKNOWN])
            return
        for key in [*holder, REST]:
            self.journal.put(holder, key, UNKNOWN)

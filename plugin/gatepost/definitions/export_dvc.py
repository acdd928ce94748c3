"""A contract as the skeleton of a `dvc.yaml`; what DVC cannot say is a comment.

Source: https://dvc.org/doc/user-guide/project-structure/dvcyaml-files
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost.definitions.scalars import quoted
from gatepost.definitions.unsaid import Names, comment, head, is_unwritten, running, tail, unsaid
from gatepost.pipeline import Contract, Promise
from gatepost.records.pipeline import looks_like_an_image, pins_an_image

__all__ = ["export_dvc"]

_AFTER_ALL: Final = "DVC runs what comes after it all the same"
_UNWRITTEN: Final = "evaluate its conditions here, write {} where all hold, and fail where one does not"


def export_dvc(contract: Contract, folder: str) -> str:  # noqa: ARG001 - as every skeleton
    """Give a `dvc.yaml` for the folder that the stages run in.

    A stage without a command is a comment: DVC has nothing that waits for a person, and no stage that runs nothing. A
    gate without one is a stage that fails until somebody has written it, and what comes after it waits for its file.

    Args:
        contract: the contract; no stages in a circle.
        folder: the folder that the stages run in, from the root of the repository.
    """
    return "\n".join(_Skeleton(contract).lines()) + "\n"


class _Skeleton:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.names = Names(contract, "dvc", digit_first=True)
        self.written: dict[str, str] = {}
        self.marked: set[str] = set()
        """The stages that write a file for no other reason than that what comes after them waits for it."""

    def lines(self) -> Iterator[str]:
        yield from head(self.contract, "DVC", ())
        yield "stages:"
        for name in self.contract.graph.order:
            promise = self.contract.promises[name]
            if self._is_unwritten(name):
                yield from self._unwritten(promise)
            elif promise.stage.run is None:
                yield comment(f"{name} has no `run`, so nothing could be run for it; {_AFTER_ALL}.", 2)
                if promise.stage.gate:
                    yield comment(f"it lives in the code of {promise.stage.gate['in']}", 4)
                yield from unsaid(promise, (), 4)
            else:
                yield from self._stage(promise)
        yield from tail(self.contract)

    def _is_unwritten(self, name: str) -> bool:
        promise = self.contract.promises[name]
        return promise.kind == "gate" and is_unwritten(promise)

    def _unwritten(self, promise: Promise) -> Iterator[str]:
        name, file = self.names[promise.name], self._passed(promise.name)
        yield f"  {quoted(name)}:"
        yield from self.names.told(promise.name, 4)
        yield from unsaid(promise, (), 4)
        yield comment(_UNWRITTEN.format(file), 4)
        yield "    cmd: exit 1"
        yield from self._reads(promise)
        yield f"    outs: [{_text(file)}]"

    def _passed(self, name: str) -> str:
        """Give the file by which what comes after a stage waits for it."""
        return f"{self.names[name]}.passed"

    def _stage(self, promise: Promise) -> Iterator[str]:
        yield f"  {quoted(self.names[promise.name])}:"
        yield from self.names.told(promise.name, 4)
        environment = promise.environment or ""
        is_file = bool(environment) and not pins_an_image(environment) and not _is_tag(environment)
        yield from unsaid(promise, {"environment"} if is_file else (), 4)
        run = _text(promise.stage.run or "")
        if self._needs_a_mark(promise):
            self.marked.add(promise.name)
            yield from ("    cmd:", f"      - {run}", f"      - echo passed > {self._passed(promise.name)}")
        else:
            yield f"    cmd: {run}"
        if environment and not is_file:
            yield comment(f"it runs in {environment}, which DVC does not start", 4)
        yield from self._reads(promise, *((environment,) if is_file else ()))
        yield from self._outputs(promise)
        for artifact in (one for one in (*promise.stage.in_, *promise.stage.out) if not self._path(one)):
            yield comment(f"{artifact} has no path", 4)

    def _needs_a_mark(self, promise: Promise) -> bool:
        """Tell whether a stage writes no file of its own that what comes after it could wait for."""
        name, graph = promise.name, self.contract.graph
        paths = (self._path(one) for one in promise.stage.out)
        is_followed = bool(graph.later[graph.number[name]])
        return is_followed and not any(path and self.written.get(path, name) == name for path in paths)

    def _reads(self, promise: Promise, *besides: str) -> Iterator[str]:
        reads = [path for artifact in promise.stage.in_ if (path := self._path(artifact))]
        reads += self._order(promise)
        if reads or besides:
            yield f"    deps: [{', '.join(map(_text, dict.fromkeys((*reads, *besides))))}]"

    def _path(self, artifact: str) -> str | None:
        known = self.contract.record.artifacts.get(artifact)
        return known.path if known else None

    def _order(self, promise: Promise) -> Iterator[str]:
        """Give the files that stand for the stages which come before one without handing it a file.

        A stage without a command is stepped over: DVC cannot wait for it, but for what comes before it.
        """
        graph = self.contract.graph
        given = {
            name for artifact in promise.stage.in_ if self._path(artifact) for name in graph.producers.get(artifact, ())
        }
        for earlier in running(self.contract, promise.name, shown=self._is_unwritten):
            if self._is_unwritten(earlier) or earlier in self.marked:
                yield self._passed(earlier)
            elif earlier not in given:
                outs = (self._path(one) for one in self.contract.promises[earlier].stage.out)
                yield next(path for path in outs if path and self.written.get(path) == earlier)

    def _outputs(self, promise: Promise) -> Iterator[str]:
        metrics: list[str] = []
        others: list[str] = [_text(self._passed(promise.name))] if promise.name in self.marked else []
        for artifact in promise.stage.out:
            path = self._path(artifact)
            if path and self.written.setdefault(path, promise.name) != promise.name:
                yield comment(f"{self.written[path]} writes {path}, too, and DVC lets only one stage write it", 4)
            elif path:
                kind = self.contract.record.artifacts[artifact].type
                (metrics if kind == "metrics" else others).append(_text(path))
        if others:
            yield f"    outs: [{', '.join(dict.fromkeys(others))}]"
        if metrics:
            yield f"    metrics: [{', '.join(f'{path}: {{cache: false}}' for path in dict.fromkeys(metrics))}]"


def _is_tag(environment: str) -> bool:
    return looks_like_an_image(environment) and ":" in environment


def _text(text: str) -> str:
    """Give text as a YAML scalar in which DVC fills in nothing."""
    return quoted(text.replace("${", "\\${"))

"""A contract as the skeleton of a real definition: DVC, or a workflow of GitHub Actions; what it lacks is a comment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from gatepost.pipeline import Contract, Promise

__all__ = ["EXPORTS", "export_dvc", "export_github_actions"]

_NO_COMMAND: Final = "has no `run`, so nothing could be run for it"


def _head(contract: Contract, tool: str) -> Iterator[str]:
    yield f"# A skeleton for {tool}, from the stage contract '{_line(contract.record.title)}'. Go on from here."


def _line(text: str) -> str:
    return " ".join(text.split())


def _value(text: str) -> str:
    """Give text as a YAML scalar; JSON's strings are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)


def _path(contract: Contract, artifact: str) -> str | None:
    known = contract.record.artifacts.get(artifact)
    return known.path if known else None


def export_dvc(contract: Contract) -> str:
    """Give a `dvc.yaml` for the folder that the stages run in. Stages without a command are comments."""
    lines = [*_head(contract, "DVC"), "stages:"]
    written: set[str] = set()
    for name in contract.graph.order:
        promise = contract.promises[name]
        if promise.stage.run is None:
            lines.append(f"  # {name} ({promise.kind}) {_NO_COMMAND}; DVC runs what comes after it all the same.")
            continue
        lines += _dvc_stage(contract, promise, written)
    return "\n".join(lines) + "\n"


def _dvc_stage(contract: Contract, promise: Promise, written: set[str]) -> Iterator[str]:
    yield f"  {promise.name}:"
    yield f"    cmd: {_value(promise.stage.run or '')}"
    reads = [path for artifact in promise.stage.in_ if (path := _path(contract, artifact))]
    given = {name for artifact in promise.stage.in_ for name in contract.graph.producers.get(artifact, ())}
    for earlier in contract.graph.before[promise.name]:
        if earlier in given:
            continue
        handed = next((path for one in contract.promises[earlier].stage.out if (path := _path(contract, one))), None)
        if handed is None:
            yield f"    # it runs after {earlier}, which writes no file that DVC could wait for"
        else:
            reads.append(handed)
    environment = promise.environment
    if environment and "@sha256:" not in environment:
        reads.append(environment)
    if reads:
        yield f"    deps: [{', '.join(map(_value, dict.fromkeys(reads)))}]"
    for artifact in promise.stage.out:
        if _path(contract, artifact) is None:
            yield f"    # {artifact} has no path"
    paths = [path for artifact in promise.stage.out if (path := _path(contract, artifact)) and path not in written]
    written.update(paths)
    if paths:
        yield f"    outs: [{', '.join(map(_value, dict.fromkeys(paths)))}]"


def export_github_actions(contract: Contract) -> str:
    """Give a workflow: a job for each stage with a command, `needs` for the order, environments for promotions."""
    lines = [
        *_head(contract, "GitHub Actions"),
        f"name: {_value(_line(contract.record.title))}",
        "on: workflow_dispatch",
        "permissions: {contents: read}",
        "jobs:",
    ]
    for name in contract.graph.order:
        promise = contract.promises[name]
        if promise.stage.run is None:
            lines.append(f"  # {name} ({promise.kind}) {_NO_COMMAND}{_instead(promise)}.")
        else:
            lines += _job(contract, promise)
    return "\n".join(lines) + "\n"


def _instead(promise: Promise) -> str:
    if promise.kind == "approval":
        return "; give the environment of the promotion required reviewers in the repository's settings"
    return "; add a step that evaluates its conditions and fails" if promise.kind == "gate" else ""


def _job(contract: Contract, promise: Promise) -> Iterator[str]:
    yield f"  {promise.name.replace('.', '-')}:"
    yield "    runs-on: ubuntu-24.04"
    needs = [one.replace(".", "-") for one in _running(contract, promise.name)]
    if needs:
        yield f"    needs: [{', '.join(needs)}]"
    if promise.timeout is not None:
        yield f"    timeout-minutes: {promise.timeout.seconds / 60:g}"
    if promise.kind == "promote" and promise.stage.to:
        yield f"    environment: {_value(promise.stage.to)}"
    environment = promise.environment
    if environment and "@sha256:" in environment:
        yield f"    container: {{image: {_value(environment)}}}"
    yield "    steps:"
    yield f"      - run: {_value(promise.stage.run or '')}"


def _running(contract: Contract, name: str) -> list[str]:
    """Give the stages with a command that a stage waits for; those without are stepped over."""
    found: dict[str, None] = {}
    for earlier in contract.graph.before[name]:
        if contract.promises[earlier].stage.run is None:
            found.update(dict.fromkeys(_running(contract, earlier)))
        else:
            found[earlier] = None
    return list(found)


EXPORTS: Final = {"dvc": export_dvc, "github-actions": export_github_actions}
"""The skeletons that can be written, by the kind of definition."""

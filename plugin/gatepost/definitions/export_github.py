"""A contract as the skeleton of a workflow of GitHub Actions; what it cannot say is a comment.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.promised import promised
from gatepost.definitions.scalars import quoted
from gatepost.definitions.unsaid import Names, comment, head, is_unwritten, running, tail, unsaid
from gatepost.pipeline import Contract, Promise
from gatepost.records.pipeline import pins_an_image

__all__ = ["export_github_actions"]

_ON: Final = "on: workflow_dispatch\npermissions: {contents: read}"


def export_github_actions(contract: Contract, folder: str) -> str:
    """Give a workflow: a job for each stage with a command, `needs` for the order, environments for promotions.

    Args:
        contract: the contract; no stages in a circle.
        folder: the folder that the stages run in, from the root of the repository.
    """
    names = Names(contract, "github-actions", digit_first=False)
    lines = [*head(contract, "GitHub Actions", ("timeout",)), f"name: {quoted(_line(contract.record.title))}", _ON]
    if folder:
        lines.append(f"defaults: {{run: {{working-directory: {quoted(folder)}}}}}")
    lines.append("jobs:")
    for name in contract.graph.order:
        promise = contract.promises[name]
        if promise.stage.run is not None:
            lines += _job(contract, promise, names)
        else:
            lines += _unwritten(contract, promise, names) if is_unwritten(promise) else _without_command(promise)
    return "\n".join((*lines, *tail(contract))) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _without_command(promise: Promise) -> Iterator[str]:
    instead = f"; it lives in the code of {promise.stage.gate['in']}" if promise.stage.gate else ""
    yield comment(f"{promise.name} has no `run`, so nothing could be run for it{instead}.", 2)
    yield from unsaid(promise, (), 4)


def _unwritten(contract: Contract, promise: Promise, names: Names) -> Iterator[str]:
    """Give a job that fails until somebody has written the gate, or set up the approval: nothing goes on before."""
    name = names[promise.name]
    yield f"  {quoted(name)}:"
    yield from names.told(promise.name, 4)
    yield from unsaid(promise, {"timeout"}, 4)
    yield from _place(contract, promise, names)
    if promise.kind == "approval":
        yield f"    environment: {quoted(name)}"
        yield comment(f"in the repository's settings, give {name} its reviewers; then let this job end well", 4)
    else:
        yield comment("evaluate its conditions here, and fail where one does not hold", 4)
    yield "    steps:"
    yield from _handed(contract, promise)
    yield "      - run: exit 1"


def _place(contract: Contract, promise: Promise, names: Names) -> Iterator[str]:
    """Give where a job runs, what it waits for, and for how long it may run."""
    yield "    runs-on: ubuntu-24.04"
    before = running(contract, promise.name, shown=lambda one: is_unwritten(contract.promises[one]))
    needs = [quoted(names[one]) for one in before]
    if needs:
        yield f"    needs: [{', '.join(needs)}]"
    if promise.timeout is not None:
        minutes = math.ceil(promise.timeout.seconds / 60)
        yield f"    timeout-minutes: {minutes}"
        if minutes * 60 != promise.timeout.seconds:
            yield comment(f"the contract says {promise.timeout}, and GitHub counts whole minutes", 4)


def _job(contract: Contract, promise: Promise, names: Names) -> Iterator[str]:
    shown = {"timeout", "to"} if promise.stage.to else {"timeout"}
    environment = promise.environment
    if environment and pins_an_image(environment):
        shown.add("environment")
    yield f"  {quoted(names[promise.name])}:"
    yield from names.told(promise.name, 4)
    yield from unsaid(promise, shown, 4)
    yield from _place(contract, promise, names)
    if promise.kind == "promote" and promise.stage.to:
        yield f"    environment: {quoted(promise.stage.to)}"
    if environment and pins_an_image(environment):
        yield f"    container: {{image: {quoted(environment)}}}"
    yield "    steps:"
    yield "      - uses: actions/checkout@v4   # pin it to a commit"
    yield from _handed(contract, promise)
    if environment and not pins_an_image(environment):
        yield comment(f"install what {environment} pins", 6)
    yield f"      - run: {quoted(promise.stage.run or '')}"
    yield from _answers(contract, promise)


def _answers(contract: Contract, promise: Promise) -> Iterator[str]:
    """Give a step for each command that answers a failure, each run whatever became of the one before."""
    done: set[str] = set()
    for key, actions, commands in promised(contract, promise):
        new = [command for command in commands if command not in done]
        if new and key == "on-reject":
            yield comment(f"{actions} only when it has rejected: tell exit code 10 from a crash here", 6)
        for command in new:
            done.add(command)
            yield f"      - {{if: failure(), run: {quoted(command)}}}"


def _handed(contract: Contract, promise: Promise) -> Iterator[str]:
    """Say which files a job needs from others: each runs on a machine of its own."""
    for artifact in promise.stage.in_:
        if makers := contract.graph.producers.get(artifact, ()):
            known = contract.record.artifacts.get(artifact)
            path = f" ({known.path})" if known and known.path else ""
            yield comment(
                f"fetch {artifact}{path}, which {' or '.join(makers)} writes: each job has its own machine", 6
            )
        else:
            yield comment(f"fetch {artifact}", 6)

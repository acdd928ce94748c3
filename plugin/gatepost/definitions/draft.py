"""A first contract from a real definition: what it says is filled in, what a person must decide is marked."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from gatepost.definitions.after_failure import after_failure
from gatepost.definitions.definition import Definition, ReadFile, RealStage
from gatepost.definitions.draft_failures import Failures, unseen_answers
from gatepost.definitions.draft_files import with_files
from gatepost.definitions.draft_idle import before_it, befores, idle_of, in_order, why_idle
from gatepost.definitions.draft_numbers import Numbers
from gatepost.definitions.draft_open import environment_line, open_lines, rollback_lines, told
from gatepost.definitions.draft_pieces import in_pieces
from gatepost.definitions.draft_pins import Pins
from gatepost.definitions.draft_place import image_of, installed_by, is_elsewhere, lockfile_of, place_of
from gatepost.definitions.draft_run import run_lines
from gatepost.definitions.draft_text import names_of, plain, short_names
from gatepost.definitions.draft_work import work_of
from gatepost.definitions.github_artifacts import may_do
from gatepost.definitions.guess import artifact_type, is_data, stage_kind
from gatepost.definitions.reach import Reach
from gatepost.definitions.scalars import quoted
from gatepost.definitions.stage_kinds import command_kind
from gatepost.pipeline import listed
from gatepost.records.expressions import Action
from gatepost.records.pipeline import StageKind, pins_an_image

__all__ = ["draft"]

_NO_PROMOTION: Final = (
    "# environments: {production: {known-good: previous}}   # nothing here seems to promote: where a stage does, "
    "its kind is promote"
)
_REPEAT: Final = (
    "  # repeat: exact   # what a second run gives, for you to say: exact, semantic, {metric: 0.005} or {none: reason}"
)
_WATCH: Final = "    watch: []   # the signals that show a bad release"
_HANDLERS: Final[dict[Action, str]] = {
    "alert": "notifies",
    "page": "pages",
    "quarantine": "puts away what was rejected",
}
"""The actions that a command does, in the order in which they are written, and what that is."""
_WHERE_FROM: Final = 'source: "<where it comes from, with its version after an at sign>"'


def draft(definition: Definition, folder: str, title: str, read_file: ReadFile = lambda _: None) -> str:
    """Give the frontmatter of a contract, as YAML text without its fences.

    Args:
        definition: what the definition says.
        folder: the folder of the contract, from the root of the repository.
        title: the contract's title.
        read_file: gives other files of the repository: what pins an input is looked for.
    """
    return "\n".join(_Draft(definition, folder, title, read_file).lines()) + "\n"


class _Draft:
    def __init__(self, definition: Definition, folder: str, title: str, read_file: ReadFile) -> None:
        self.definition = definition
        self.title = title
        self.folder = folder
        self.read_file = read_file
        besides = after_failure(definition)
        self.pieces = with_files(definition, in_pieces(definition, besides), read_file)
        self.reach = Reach(self.pieces.definition)
        self.failures = Failures(definition, besides, self.pieces, self.reach)
        self.idle = idle_of(self.failures.stages)
        left = tuple(one for one in self.failures.stages if one not in self.idle)
        self.stages = in_order(self.pieces.definition, left) if definition.tool == "kubeflow" else left
        self.image = image_of(self.stages)
        self.before = befores(self.pieces.definition)
        self.work = {stage.name: work_of(stage) for stage in self.stages}
        self.written = {path for stage in self.stages for path in stage.writes}
        self.held = {path: kind for stage in self.stages for path, kind in stage.holds}
        self.pins = Pins(definition, read_file)
        own = [stage.name for stage in self.stages]
        self.names = names_of(short_names(definition.tool, own), "stage", own)
        self.numbers = Numbers(definition, self.stages, self.names)
        self.every = {stage.name: stage for stage in self.pieces.definition.stages}
        self.folders = {stage.name: stage.folders for stage in definition.stages}
        self.passed_over = self.every.keys() - set(own)
        self.artifacts = self._artifacts()
        self.inputs = {stage.name: self._inputs(stage) for stage in self.stages}
        folders = (folder for work in self.work.values() for folder in work.folders)
        self.place = place_of(folder, folders, self.artifacts)
        self.on_fail = {stage.name: self.failures.on_fail(stage) for stage in self.stages}
        others = [answer for answer in self.on_fail.values() if not answer.startswith("rollback")]
        self.default = max(others, key=others.count, default="halt + alert")
        """What most stages are answered with when they fail."""

    def _artifacts(self) -> dict[str, str]:
        """Give a name to each file that a stage writes, or reads as data that none writes, by its path."""
        found: dict[str, None] = {}
        for stage in self.stages:
            found.update(dict.fromkeys(stage.writes))
            found.update({path: None for path in stage.reads if is_data(path) and not any(self._made(path))})
        names = names_of((posixpath.basename(path).partition(".")[0] for path in found), "artifact", list(found))
        return {path: names[path] for path in found}

    def _made(self, path: str) -> Iterator[str]:
        """Give what some stage writes that is a file, holds it, or lies in it."""
        return (
            made for made in self.written if path == made or path.startswith(f"{made}/") or made.startswith(f"{path}/")
        )

    def lines(self) -> Iterator[str]:
        """Give the lines of the frontmatter."""
        yield "kind: pipeline"
        yield f"title: {quoted(self.title)}"
        yield 'owner: "<the team that answers for the pipeline>"'
        yield self._source()
        if self.place.is_said:
            yield f"workdir: {quoted(self.place.base or '.')}"
        yield from self._environments()
        yield from self._defaults()
        yield from self._handlers()
        if self.artifacts:
            yield "artifacts:"
            for path, name in self.artifacts.items():
                yield f"  {name}: {self._artifact(path)}"
        yield "stages:"
        for stage in self.stages:
            yield from self._stage(stage)
        for gap in self.definition.gaps:
            yield plain(f"# {gap.path}:{gap.line}: {gap.message}")

    def _environments(self) -> Iterator[str]:
        """Give the environments that promotions name; one whose name does not say otherwise has users."""
        if not self.failures.targets:
            yield _NO_PROMOTION
            return
        yield "environments:"
        for name, is_production in sorted(set(self.failures.targets.values())):
            if not is_production:
                yield f"  {quoted(name)}: {{production: false}}   # told by its name: check it"
            elif name == "production":
                yield f"  {name}: {{known-good: previous}}"
            else:
                yield f"  {quoted(name)}: {{known-good: previous, production: true}}   # a guess: check it"

    def _source(self) -> str:
        path = self._from_contract(self.definition.path)
        besides = [quoted(name) for name in (*self.failures.besides, *(one.name for one in self.idle))]
        also = f", besides: [{', '.join(besides)}]" if besides else ""
        return f"source: {{kind: {self.definition.tool}, path: {quoted(path)}{also}}}"

    def _from_contract(self, path: str) -> str:
        """Give a path as the contract names files: from its own folder, or from the root for what lies elsewhere."""
        seen = posixpath.relpath(path, self.folder or ".")
        return path if seen.startswith("..") else seen

    def _defaults(self) -> Iterator[str]:
        """Give what holds for every stage: what the definition says of all of them, and what a person must decide."""
        lockfile, is_everywhere = lockfile_of(self.stages)
        name = self._from_contract(lockfile) if lockfile else None
        installed = (self._from_contract(path) for path in installed_by(self.definition.stages, self.read_file))
        yield "defaults:"
        if self.image:
            yield f"  environment: {quoted(self.image)}"
        else:
            yield environment_line(name, installed, is_everywhere=is_everywhere)
        yield from self.numbers.defaults()
        yield _REPEAT
        is_told = any(action in self.default for action in ("alert", "page"))
        yield f"  on-fail: {self.default}" + (
            "" if is_told else "   # nothing tells anybody of most failures: check it"
        )

    def _handlers(self) -> Iterator[str]:
        """Give the commands behind actions, each told by its words, and what runs after a failure beside them."""
        if self.failures.handlers:
            yield "handlers:"
        for action, does in _HANDLERS.items():
            found = self.failures.handlers.get(action)
            if found is not None:
                yield plain(f"  {action}: {quoted(found.command)}   # {told(found)}")
            elif self.failures.handlers:
                yield f"  # {action}: engine   # if what runs the stages {does} by itself"
        for stage, command in self.failures.beside():
            when = "after a failure" if self.failures.besides[stage.name] else "at the end, whatever happened"
            when = "at the end, when all is well" if stage.name in self.failures.well else when
            yield plain(f"# {stage.path}:{stage.line}: {stage.name} runs {when}{command}")
        for stage in self.idle:
            yield plain(f"# {stage.path}:{stage.line}: {stage.name} {why_idle(stage)}: its order is kept")
        yield from map(plain, unseen_answers([one for one in self.stages if one.name in self.pieces.last], self.names))

    def _artifact(self, path: str) -> str:
        kind = self.held.get(path) or artifact_type(path)
        pin = self.pins.of(path) if path not in self.written else None
        is_seen_from = bool(self.place.base) and not is_elsewhere(path)
        seen = posixpath.relpath(path, self.place.base) if is_seen_from else path
        parts = [f"type: {quoted(kind)}", f"path: {quoted(seen)}"]
        if path not in self.written:
            parts.append(pin.field if pin else _WHERE_FROM)
        if kind == "metrics":
            parts.append("keys: []")
        if not any(path in inputs for inputs in self.inputs.values()):
            parts.append("final: true")
        return f"{{{', '.join(parts)}}}" + (plain(f"   # {pin.told}") if pin and pin.told else "")

    def _inputs(self, stage: RealStage) -> list[str]:
        """Give the artifacts that a stage reads, by their paths; what is made behind it is none of them."""
        later = self.reach.later(stage.name)
        late = {path for one in self.stages if one.name in later for path in one.writes}
        found = dict.fromkeys(one for path in stage.reads for one in (path, *sorted(self._made(path))))
        return [path for path in found if path in self.artifacts and path not in stage.writes and path not in late]

    def _stage(self, stage: RealStage) -> Iterator[str]:
        kind, why = stage_kind(stage)
        name = self.names[stage.name]
        yield plain(f"  {name}:   # {stage.path}:{stage.line}")
        yield f"    kind: {kind}   # {why}: check it"
        job = self.pieces.jobs.get(stage.name)
        if job or name != stage.name:
            yield f"    impl: {quoted(job or stage.name)}" + ("   # which runs several commands" if job else "")
        yield from self._run(stage, kind)
        answering = {answer.command for answer in stage.answers}
        yield from (
            plain(f"    # it also runs {one}, which may fail") for one in stage.tolerated if one not in answering
        )
        reads = self.inputs[stage.name]
        for key, names in (
            ("in", [self.artifacts[path] for path in reads]),
            ("out", [self.artifacts[path] for path in stage.writes]),
            ("after", [self.names[one] for one in self._after(stage, set(reads))]),
        ):
            if names:
                yield f"    {key}: [{', '.join(dict.fromkeys(names))}]"
        yield from self.numbers.of(stage)
        yield from _environment(stage, self.image)
        yield from open_lines(kind, stage.command)
        yield from self._answered(stage, kind)

    def _run(self, stage: RealStage, kind: StageKind) -> Iterator[str]:
        """Give what a stage runs; a command beside an action that may promote is not said to be what promotes."""
        work = self.work[stage.name]
        if kind == "approval" and stage.waits_for and (work.command or "").split(maxsplit=1)[:1] == ["echo"]:
            return
        can_move = self.folders[self.pieces.job_of(stage)] == work.folders
        actions = stage.actions if stage.name in self.pieces.last else ()
        doing = [] if kind != "promote" or command_kind(work.command or "") == "promote" else may_do(actions)
        yield from run_lines(work, self.place, listed(doing) if doing else "", can_move=can_move)
        if actions:
            yield plain(f"    # it uses {listed(list(actions))}: what that does is not seen here")

    def _answered(self, stage: RealStage, kind: StageKind) -> Iterator[str]:
        """Give what a stage is answered with when it fails or rejects, where that is not what holds for all."""
        if kind == "gate":
            yield f"    on-reject: {self.failures.on_reject(stage)}"
        target = self.failures.targets.get(stage.name)
        if target is not None:
            yield f"    to: {quoted(target.name)}"
        if target is not None and target.is_production:
            yield _WATCH
            back = self.failures.rollbacks.get(stage.name)
            yield from rollback_lines(back, (self.failures.within(stage.name) or back.limit) if back else None)
        if (target is not None and target.is_production) or self.on_fail[stage.name] != self.default:
            yield f"    on-fail: {self.on_fail[stage.name]}"
        if stage.name not in self.pieces.last:
            return
        for one in self.failures.remaining(stage):
            yield plain(f"    # {'after a failure' if one.only else 'whatever happens'} it runs {one.command}")

    def _after(self, stage: RealStage, reads: set[str]) -> list[str]:
        """Give the stages that a stage waits for and reads nothing of; what follows from others is left out."""
        before = before_it(self.before, stage.name, self.passed_over)
        giving = {one for one in before if not reads.isdisjoint(self._writes(one))}
        return [
            one
            for one in before
            if one not in giving and not any(other in self.reach.later(one) for other in before if other != one)
        ]

    def _writes(self, name: str) -> tuple[str, ...]:
        stage = self.every.get(name)
        return stage.writes if stage else ()


def _environment(stage: RealStage, shared: str | None) -> Iterator[str]:
    """Give the image, where not all stages share it, and what the contract has no field for as a comment."""
    if stage.image and stage.image != shared:
        yield (
            f"    environment: {quoted(stage.image)}"
            if pins_an_image(stage.image)
            else (f"    # it runs in {plain(stage.image)}, which is no digest")
        )
    if stage.condition:
        yield f"    # it runs only sometimes: {plain(stage.condition)}"
    if stage.waits_for:
        yield f"    # it waits for {plain(stage.waits_for)}"
    if stage.resumes:
        yield plain(f"    # it goes on by itself after {stage.resumes}, approved or not: suspend with a duration")

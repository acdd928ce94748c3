"""A first contract from a real definition: what it says is filled in, what a person must decide is marked."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final

from gatepost.definitions.definition import Definition, RealStage

__all__ = ["draft"]

_KINDS: Final = (
    ("gate", r"gate|threshold"),
    ("promote", r"deploy|promot|release|publish|rollout|canary|push.?model|serve"),
    ("approval", r"approv|sign.?off|manual|hold"),
    ("monitor", r"monitor|watch|drift|observe"),
    ("gate", r"check.?quality|validate.?model|should|condition"),
    ("validate", r"eval|test|valid|metric|score|bench|smoke|report"),
    ("package", r"packag|bundle|build|export|register|image|docker|wheel"),
    ("train", r"train|fit|tune|learn"),
)
_METRICS: Final = re.compile(r"metric|scores?\.json|eval", re.IGNORECASE)
_DATA: Final = re.compile(r"\.(?:csv|parquet|json|jsonl|tsv|feather|npz?|zip|gz)$|(?:^|/)data(?:/|$)")
_MODEL: Final = re.compile(r"model|\.(?:pkl|joblib|pt|onnx|h5|safetensors)$", re.IGNORECASE)


def draft(definition: Definition, folder: str, title: str) -> str:
    """Give the frontmatter of a contract, as YAML text without its fences.

    Args:
        definition: what the definition says.
        folder: the folder of the contract, from the root of the repository.
        title: the contract's title.
    """
    return "\n".join(_Draft(definition, folder, title).lines()) + "\n"


class _Draft:
    def __init__(self, definition: Definition, folder: str, title: str) -> None:
        self.definition = definition
        self.folder = folder
        self.title = title
        self.names = {stage.name: _stage_name(stage.name) for stage in definition.stages}
        self.artifacts = self._artifacts()

    def _artifacts(self) -> dict[str, str]:
        """Give a name to each file that a stage writes, or reads without writing it, by its path."""
        found: dict[str, str] = {}
        for stage in self.definition.stages:
            for path in (*stage.writes, *(one for one in stage.reads if self._is_data(one))):
                if path not in found:
                    found[path] = self._free_name(path, set(found.values()))
        return found

    def _is_data(self, path: str) -> bool:
        """Tell whether a file that is read is data; code and lockfiles are pinned by the commit."""
        written = any(path == one or path.startswith(f"{one}/") for one in self._written)
        return written or bool(
            re.search(r"\.(?:csv|parquet|json|jsonl|tsv|feather|npz?|zip|gz)$|(?:^|/)data(?:/|$)", path)
        )

    @property
    def _written(self) -> set[str]:
        return {path for stage in self.definition.stages for path in stage.writes}

    @staticmethod
    def _free_name(path: str, taken: set[str]) -> str:
        stem = (
            re.sub(r"[^\w.-]+", "-", posixpath.basename(path).partition(".")[0] or "artifact").strip("-.") or "artifact"
        )
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        return name

    def lines(self) -> Iterator[str]:
        """Give the lines of the frontmatter."""
        yield "kind: pipeline"
        yield f"title: {_quoted(self.title)}"
        yield 'owner: "<the team that answers for the pipeline>"'
        path = posixpath.relpath(self.definition.path, self.folder or ".")
        source = path if not path.startswith("..") else self.definition.path
        yield f"source: {{kind: {self.definition.tool}, path: {_quoted(source)}}}"
        if not self.folder or any(not one.startswith(f"{self.folder}/") for one in self.artifacts):
            yield "workdir: ."
            self.folder = ""
        yield "environments:"
        yield "  production: {known-good: previous}"
        yield "defaults:"
        yield "  # environment: requirements.lock   # a lockfile, or an image by digest"
        yield "  timeout: 1h"
        yield "  repeat: exact   # what a second run gives: exact, semantic, {metric: 0.005} or {none: reason}"
        yield "  on-fail: halt + alert"
        if self.artifacts:
            yield "artifacts:"
            for place, name in self.artifacts.items():
                yield f"  {name}: {self._artifact(place)}"
        yield "stages:"
        for stage in self.definition.stages:
            yield from self._stage(stage)
        for gap in self.definition.gaps:
            yield f"# {gap.path}:{gap.line}: {gap.message}".replace("\n", " ")

    def _artifact(self, path: str) -> str:
        kind = "metrics" if _METRICS.search(path) else "model" if _MODEL.search(path) else "dataset"
        parts = [f"type: {kind}", f"path: {_quoted(self._seen(path))}"]
        if path not in self._written:
            parts.append('source: "<where it comes from, with its version after an at sign>"')
        if kind == "metrics":
            parts.append("keys: []")
        if not any(path in stage.reads for stage in self.definition.stages):
            parts.append("final: true")
        return f"{{{', '.join(parts)}}}"

    def _seen(self, path: str) -> str:
        return posixpath.relpath(path, self.folder) if self.folder else path

    def _stage(self, stage: RealStage) -> Iterator[str]:
        kind = _kind(stage)
        yield f"  {self.names[stage.name]}:   # {stage.path}:{stage.line}"
        yield f"    kind: {kind}   # told by its name: check it"
        if self.names[stage.name] != stage.name:
            yield f"    impl: {_quoted(stage.name)}"
        if stage.command and kind != "approval":
            yield f"    run: {_quoted(stage.command)}"
        reads = [self.artifacts[one] for one in stage.reads if one in self.artifacts]
        writes = [self.artifacts[one] for one in stage.writes]
        if reads:
            yield f"    in: [{', '.join(reads)}]"
        if writes:
            yield f"    out: [{', '.join(writes)}]"
        after = [self.names[one] for one in self._after(stage, set(reads))]
        if after:
            yield f"    after: [{', '.join(after)}]"
        if stage.retries is not None:
            yield f"    retries: {stage.retries}"
        if stage.timeout is not None:
            yield f"    timeout: {_duration(stage.timeout)}"
        yield from _open_questions(kind)

    def _after(self, stage: RealStage, reads: set[str]) -> list[str]:
        """Give the stages that a stage waits for without reading what they write."""
        found = []
        for edge in self.definition.edges:
            if edge.after != stage.name:
                continue
            before = self.definition.stage(edge.before)
            hands_over = before is not None and any(self.artifacts.get(path) in reads for path in before.writes)
            if not hands_over and edge.before not in found:
                found.append(edge.before)
        return found


def _open_questions(kind: str) -> Iterator[str]:
    match kind:
        case "gate":
            yield "    pass: []   # the conditions, like auc >= 0.72; list the metrics under `keys:` of what it reads"
            yield "    on-reject: quarantine + alert"
        case "approval":
            yield '    by: ["<the role that approves>"]'
            yield "    expires: 24h"
        case "promote":
            yield "    to: production"
            yield "    watch: []   # the signals that show a bad release"
            yield "    # rollback: {to: previous, first: disable-route, run: …, within: 15m, when: [error_rate > 0.01]}"
            yield "    on-fail: rollback + page"
        case "train":
            yield "    # seed: 1"
        case _:
            return


def _kind(stage: RealStage) -> str:
    if stage.waits_for and not stage.command:
        return "approval"
    name = stage.name.rpartition(".")[2].casefold()
    return next((kind for kind, pattern in _KINDS if re.search(pattern, name)), "data")


def _stage_name(name: str) -> str:
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")
    return plain if re.match(r"[A-Za-z0-9]", plain) else f"stage-{plain}"


def _quoted(text: Any) -> str:  # noqa: ANN401 - a scalar
    value = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return value if re.fullmatch(r"[A-Za-z][\w ./-]*", value) and not value.endswith(" ") else f'"{value}"'


def _duration(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s" if seconds >= 1 else f"{seconds * 1000:g}ms"

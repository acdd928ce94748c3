"""Which reader reads what, and how a definition is told by its name. A reader is imported when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from gatepost.definitions.definition import Definition, PathsBelow, Reader, ReadFile
from gatepost.records.pipeline import Source

__all__ = ["READERS", "kind_of_definition", "read_definition"]

READERS: Final[dict[str, str]] = {
    "dvc": "dvc",
    "github-actions": "github_actions",
    "gitlab-ci": "gitlab_ci",
    "argo": "argo",
    "kubeflow": "kubeflow",
    "airflow": "airflow",
    "snapshot": "snapshot",
}
"""The module of each kind of definition; its reader is called `read_` and the module's name."""


def read_definition(
    source: Source, path: str, content: bytes, read_file: ReadFile, paths_below: PathsBelow = lambda _: None
) -> Definition:
    """Read a real definition.

    Args:
        source: what the contract says about it.
        path: where it is, from the root of the repository.
        content: its bytes.
        read_file: gives other files of the repository.
        paths_below: gives the files below a folder that git tracks; None when git cannot say.

    Raises:
        DefinitionError: it cannot be read.
    """
    if source.kind == "gitlab-ci":  # the one tool whose files name others by a pattern
        from gatepost.definitions.gitlab_ci import read_gitlab_ci  # noqa: PLC0415 - a reader is imported when needed

        return read_gitlab_ci(source, path, content, read_file, paths_below)
    module = READERS[source.kind]
    read: Reader = getattr(import_module(f"gatepost.definitions.{module}"), f"read_{module}")
    return read(source, path, content, read_file)


def kind_of_definition(path: str, content: bytes) -> str | None:
    """Tell by name and content which tool a definition is written for; None when that cannot be told."""
    name = path.rpartition("/")[2]
    text = content[:65536].decode("utf-8", "replace")
    told = {
        "dvc": name == "dvc.yaml",
        "gitlab-ci": name.endswith(".gitlab-ci.yml"),
        "github-actions": ".github/workflows/" in f"/{path}" or ("\njobs:" in f"\n{text}" and "runs-on:" in text),
        "argo": "argoproj.io/" in text and "kind:" in text,
        "kubeflow": "pipelineInfo:" in text or '"pipelineInfo"' in text or "deploymentSpec:" in text,
        "airflow": name.endswith(".py") and "airflow" in text,
        "snapshot": "\ntool:" in f"\n{text}" and "\nstages:" in f"\n{text}",
    }
    return next((kind for kind, holds in told.items() if holds), None)

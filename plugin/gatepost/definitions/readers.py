"""Which reader reads what, and how a definition is told by its name."""

from __future__ import annotations

from typing import Final

from gatepost.definitions.airflow import read_airflow
from gatepost.definitions.argo import read_argo
from gatepost.definitions.definition import Definition, Reader, ReadFile
from gatepost.definitions.dvc import read_dvc
from gatepost.definitions.github_actions import read_github_actions
from gatepost.definitions.gitlab_ci import read_gitlab_ci
from gatepost.definitions.kubeflow import read_kubeflow
from gatepost.definitions.snapshot import read_snapshot
from gatepost.records.pipeline import Source

__all__ = ["READERS", "kind_of_definition", "read_definition"]

READERS: Final[dict[str, Reader]] = {
    "dvc": read_dvc,
    "github-actions": read_github_actions,
    "gitlab-ci": read_gitlab_ci,
    "argo": read_argo,
    "kubeflow": read_kubeflow,
    "airflow": read_airflow,
    "snapshot": read_snapshot,
}
"""The reader of each kind of definition."""


def read_definition(source: Source, path: str, content: bytes, read_file: ReadFile) -> Definition:
    """Read a real definition.

    Args:
        source: what the contract says about it.
        path: where it is, from the root of the repository.
        content: its bytes.
        read_file: gives other files of the repository.

    Raises:
        DefinitionError: it cannot be read.
    """
    return READERS[source.kind](source, path, content, read_file)


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

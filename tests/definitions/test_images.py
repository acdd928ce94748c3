"""The image that a contract pins by its digest, and the one that the definition names."""

from __future__ import annotations

from typing import Any

import pytest
from comparing import differences, told

DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"
STAGES: dict[str, Any] = {"fit": {"kind": "train", "run": "python fit.py", "environment": f"ghcr.io/x/ml@{DIGEST}"}}


def github(container: str = "", step: str = "{run: python fit.py}") -> str:
    """Give a workflow of one job."""
    return f"jobs: {{fit: {{{container}steps: [{step}]}}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (github(f"container: 'ghcr.io/x/ml@{DIGEST}', "), []),
        (github(f"container: {{image: 'ghcr.io/x/ml:1.2@{DIGEST}'}}, "), []),
        (github(f"container: 'mirror.example/ml@{DIGEST}', "), []),
        (github(f"container: '${{{{ env.IMAGE }}}}', env: {{IMAGE: 'ghcr.io/x/ml@{DIGEST}'}}, "), []),
        (github(step=f"{{run: docker run ghcr.io/x/ml@{DIGEST} python fit.py}}"), []),
        (github("container: 'ghcr.io/x/ml:1.2', "), ["image-differs differs"]),
        (github(f"container: 'ghcr.io/x/ml@{OTHER}', "), ["image-differs differs"]),
        (github(), ["image-differs differs"]),
        (github("container: '${{ vars.IMAGE }}', "), ["image-differs unknown"]),
        (github(step="{run: python fit.py}, {uses: org/run-in-image@v1}"), ["image-differs unknown"]),
    ],
)
def test_a_job_of_github_runs_in_the_image_that_is_pinned(text: str, expected: list[str]) -> None:
    """The digest says which image it is, whatever stands before it; a job that names none runs in none."""
    assert told("github-actions", text, {}, STAGES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"fit: {{image: 'ghcr.io/x/ml@{DIGEST}', script: python fit.py}}", []),
        (f"default: {{image: 'ghcr.io/x/ml@{DIGEST}'}}\nfit: {{script: python fit.py}}", []),
        (f"variables: {{IMAGE: 'ghcr.io/x/ml@{DIGEST}'}}\nfit: {{image: $IMAGE, script: python fit.py}}", []),
        ("fit: {image: 'python:3.12', script: python fit.py}", ["image-differs differs"]),
        ("fit: {image: $CI_REGISTRY_IMAGE, script: python fit.py}", ["image-differs unknown"]),
        ("fit: {script: python fit.py}", ["image-differs unknown"]),
    ],
)
def test_a_job_of_gitlab_runs_in_the_image_that_is_pinned(text: str, expected: list[str]) -> None:
    """Where it names none, the runner decides."""
    assert told("gitlab-ci", text, {}, STAGES) == expected


def test_a_lockfile_is_no_image() -> None:
    """It may well lie in one: nothing differs."""
    stages = {"fit": {**STAGES["fit"], "environment": "requirements.lock"}}
    assert told("github-actions", github("container: 'python:3.12', "), {}, stages) == []
    assert told("github-actions", github(), {}, stages) == []


def test_stages_without_the_image_of_the_defaults_are_one_difference() -> None:
    """One line of the contract is one cause."""
    stages = {name: {"kind": "data", "run": f"python {name}.py"} for name in ("a", "b")}
    text = "jobs: {a: {steps: [{run: python a.py}]}, b: {steps: [{run: python b.py}]}}"
    image = f"ghcr.io/x/ml@{DIGEST}"
    (one,) = differences("github-actions", text, {}, stages, defaults={"environment": image})
    assert one.message == f"a and b run in {image} here, and in no container in the definition"
    assert one.at == ("defaults", "environment")

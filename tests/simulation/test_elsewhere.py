"""What a promotion runs does not reach another place than the one that it says."""

from __future__ import annotations

import pytest
from honest_shapes import JUDGED, PACKAGE
from short_contracts import contract_of

from gatepost.pipeline import Contract
from gatepost.pipeline.elsewhere import commands_elsewhere
from gatepost.records import Pipeline


def said(to: str, run: str, rollback: str, other: str) -> list[tuple[str, str]]:
    """Give what is told of a promotion beside another one."""
    stages = f"{JUDGED}{PACKAGE}approve approval bundle > note\n"
    stages += f"one promote bundle note > release ; to {to} ; run {run}\n"
    stages += f"two promote bundle note > release-two ; to {other}\n"
    data = contract_of(stages).record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["stages"]["one"]["rollback"] = {"to": "previous", "run": rollback}
    return [(one.invariant, one.message) for one in commands_elsewhere(Contract(Pipeline.model_validate(data)))]


@pytest.mark.parametrize(
    ("to", "run", "rollback", "other", "expected"),
    [
        (
            "staging",
            "deploy --env production",
            "undo",
            "production",
            "one goes to staging, and its command names produ",
        ),
        ("prod-us", "deploy --region eu", "undo us", "prod-eu", "one goes to prod-us, and its command names prod-eu"),
        ("prod-us", "deploy us", "undo eu", "prod-eu", "one goes to prod-us, and its rollback names prod-eu: undo eu"),
        (
            "production",
            "deploy",
            "undo --to=staging",
            "staging",
            "one goes to production, and its rollback names stagi",
        ),
        ("prod-us", "deploy prod-us", "undo prod-eu", "prod-eu", "one goes to prod-us, and its rollback names prod-eu"),
    ],
)
def test_a_command_that_names_another_place_is_told(
    to: str, run: str, rollback: str, other: str, expected: str
) -> None:
    """An argument that is the other place, or the part of its name that tells it from the own."""
    ((invariant, message),) = said(to, run, rollback, other)
    assert message.startswith(expected)
    assert invariant == ("rollback-complete" if "rollback" in expected else "no-bypass")


@pytest.mark.parametrize(
    ("to", "run", "rollback", "other"),
    [
        ("production", "promote --from staging", "undo", "staging"),
        ("production", "promote --from staging --to production", "undo production", "staging"),
        ("production", "python staging/run.py deploy", "python staging.py undo", "staging"),
        ("prod-us", "deploy prod", "undo all", "prod-eu"),
        ("prod-us", "deploy us --after eu", "undo us", "prod-eu"),
        ("staging", "deploy.sh", "undo.sh", "production"),
        ("production", "deploy --production-like --no-staging", "undo --keep-staging", "staging"),
    ],
)
def test_a_command_that_may_be_about_its_own_place_is_left_alone(to: str, run: str, rollback: str, other: str) -> None:
    """What something is taken from, a path, an option, or a name that both have, says nothing of where it goes."""
    assert said(to, run, rollback, other) == []

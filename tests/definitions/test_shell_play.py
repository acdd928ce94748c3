"""A script played: what runs when the gate fails, surely, perhaps, or not; and how the script ends."""

from __future__ import annotations

import pytest

from gatepost.definitions.shell import ShellError, played
from gatepost.definitions.truth import holds


def said(script: str, *, stops: bool | None = True, pipefail: bool | None = False) -> tuple[str, bool | None]:
    """Say whether `deploy` runs when `gate` fails, and whether the script fails."""
    found = played(script, lambda text: text == "gate", stops=stops, pipefail=pipefail)
    sure = {one.text: one.is_sure for one in found.ran}
    return {True: "runs", False: "perhaps", None: "kept"}[sure.get("deploy")], found.failed


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("gate\ndeploy", ("kept", True)),
        ("gate && deploy", ("kept", True)),
        ("if gate; then deploy; fi", ("kept", False)),
        ("if gate; then deploy; else tell; exit 1; fi", ("kept", True)),
        ("if ! gate; then exit 1; fi; deploy", ("kept", True)),
        ("gate || exit 1\ndeploy", ("kept", True)),
        ("gate || code=$?\n[ $code -eq 0 ] || exit 1\ndeploy", ("kept", True)),
        ('[ -n "$X" ] || exit 1\ngate\ndeploy', ("kept", True)),
        ("f() { gate; }\nf\ndeploy", ("kept", True)),
        ("for x in a b; do gate; done; deploy", ("kept", True)),
        ("set -o pipefail\ngate | tee log\ndeploy", ("kept", True)),
        ("deploy\ngate", ("runs", True)),
        ("gate || true\ndeploy", ("runs", False)),
        ("gate | tee log\ndeploy", ("runs", False)),
        ("set +e\ngate\ndeploy", ("runs", False)),
        ('sh -c "gate; deploy"', ("runs", False)),
        ("if [ x ]; then gate; fi\ndeploy", ("perhaps", None)),
        ("[ x ] && gate\ndeploy", ("perhaps", None)),
        ("gate & deploy", ("runs", False)),
        ("gate & wait $!\ndeploy", ("kept", True)),
        ("trap tell ERR\ngate\ndeploy", ("kept", True)),
        ("trap deploy EXIT\ngate", ("runs", True)),
        ("until gate; do sleep 1; done; deploy", ("kept", None)),
    ],
)
def test_what_follows_a_gate_is_told(script: str, expected: tuple[str, bool | None]) -> None:
    """With `-e`, and no `pipefail`."""
    assert said(script) == expected


def test_a_shell_that_is_not_known_is_each_that_it_may_be() -> None:
    """What they disagree about is open."""
    assert said("gate; deploy", stops=None) == ("perhaps", None)
    assert said("gate | tee log; deploy", pipefail=None) == ("perhaps", None)
    assert said("fail() { exit 1; }\ngate || fail\ndeploy", stops=None) == ("kept", True)
    with pytest.raises(ShellError):
        said("alias gate=true\ngate\ndeploy")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a == 'x' && !b", True),
        ("(a != 'x' || b) && c", False),
        ("c && b", False),
        ("c || a == 'X'", True),
        ("c && a == 'x'", None),
        ("f(a, 'b)') == 'y'", None),
        ("a == ", None),
        ("${{ a == 'x' }}", True),
        ("", True),
    ],
)
def test_a_condition_is_answered_as_far_as_it_is_known(text: str, expected: bool | None) -> None:  # noqa: FBT001
    """`a` is `x`, `b` is false, nothing else is known."""
    assert holds(text, {"a": "x", "b": False}.get) is expected

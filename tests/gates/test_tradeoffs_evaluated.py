"""`tradeoffs-evaluated`: options, scores, and a choice that follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trees import checked, clean_log, said, with_key

GATE = "tradeoffs-evaluated"
ADR3 = "churn/decisions/0003-logistic-regression.md"


def option(name: str, *scores: int | None) -> str:
    """Give an option as YAML; a score of None is left out."""
    names = ("security", "performance", "operability", "maintainability")
    given = [f"{key}: {score}" for key, score in zip(names, scores, strict=True) if score is not None]
    return f"  - {{name: {name}, {', '.join(given)}}}"


def chosen(tmp_path: Path, options: list[str], choice: str | None = "a", override: str = "") -> list[str]:
    """Give what the gate says about a choice among options."""
    files = with_key(clean_log(), ADR3, "options:\n" + "\n".join(options) if options else "options: []")
    files = with_key(files, ADR3, f"chosen: {choice}" if choice else "x-chosen: none")
    if not choice:
        files[ADR3] = files[ADR3].replace("chosen: logistic regression\n", "")
    return said(checked(tmp_path, with_key(files, ADR3, f"override: {override}") if override else files), GATE)


@pytest.mark.parametrize(
    ("options", "choice", "override", "expected"),
    [
        ([option("a", 3, 3, 3, 3), option("b", 2, 2, 2, 2)], "a", "", []),
        ([option("a", 3, 3, 3, 3), option("b", 5, 5, 1, 1)], "a", "", []),
        ([option("a", 3, 3, 3, 3), option("b", 4, 3, 3, 3)], "a", "", ["'a' has 12 points, 'b' has 13"]),
        ([option("a", 3, 3, 3, 3), option("b", 4, 3, 3, 3)], "a", "b needs a licence", []),
        ([option("a", 3, 3, 3, 3)], "a", "", ["one option considered"]),
        ([], "a", "", ["no options considered"]),
        ([option("a", 3, 3, 3, 3), option("b", 2, 2, 2, 2)], None, "", ["chosen is missing"]),
        (
            [option("a", 3, 3, 3, 3), option("b", 2, 2, 2, 2)],
            "c",
            "",
            ["the chosen option 'c' is not among the options"],
        ),
        ([option("a", 3, 3, 3, 3), option("a", 2, 2, 2, 2)], "a", "", ["2 options are called 'a'"]),
    ],
)
def test_the_choice(options: list[str], choice: str | None, override: str, expected: list[str], tmp_path: Path) -> None:
    """A tie needs no reason, a lower total does; the choice is one of two options or more."""
    assert chosen(tmp_path, options, choice, override) == expected


def test_a_missing_score_is_one_finding(tmp_path: Path) -> None:
    """While a score is missing, totals are not compared: that would blame the choice for it."""
    found = chosen(tmp_path, [option("a", None, 5, None, 5), option("b", 4, 4, 4, 4)])
    assert found == ["the option 'a' has no score for security, operability"]


def test_each_option_with_a_missing_score_is_named(tmp_path: Path) -> None:
    """Two incomplete options are two findings."""
    found = chosen(tmp_path, [option("a", None, 5, 5, 5), option("b", 4, 4, 4, None)])
    assert [one.split("'")[1] for one in found] == ["a", "b"]


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    """A misspelt choice comes with the option that it is close to."""
    files = with_key(clean_log(), ADR3, "chosen: boosted tree")
    report = checked(tmp_path, files)
    (finding,) = report.findings
    assert finding.hint == "did you mean 'boosted trees'?"

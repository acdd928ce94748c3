"""Each kind of record: what it asks for, what it accepts, what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from gatepost.records import (
    KINDS,
    MODEL_OF_KIND,
    Checklist,
    Decision,
    Design,
    DryRun,
    Evidence,
    FollowUp,
    Kind,
    Pipeline,
    Policy,
    Risk,
    canonical,
    kind_of_id,
)

DAY = dt.date(2026, 1, 1)
WAIVER = {"gate": "in-scope", "reason": "r", "approved-by": "Ana", "until": DAY}
LEAST: dict[Kind, dict[str, Any]] = {
    "decision": {"title": "T", "id": "ADR-1", "status": "proposed", "date": DAY},
    "risk": {"title": "T", "id": "RISK-1", "status": "open", "likelihood": 2, "impact": 3},
    "follow-up": {"title": "T", "id": "FU-1", "status": "open"},
    "design": {"title": "T", "id": "churn", "owners": ["a"], "tier": "low"},
    "pipeline": {"title": "T", "owner": "o", "stages": {"a": {"kind": "data"}}},
    "checklist": {"title": "T", "items": [{"id": "CHK-1", "criterion": "c"}]},
    "policy": {"title": "T"},
}


def refusal(kind: Kind, **changes: Any) -> str:
    """Give the type of the first error that a record with some changes has; empty when it has none."""
    return _error(MODEL_OF_KIND[kind], {**LEAST[kind], **{key.replace("_", "-"): v for key, v in changes.items()}})


def _error(model: type, data: dict[str, Any]) -> str:
    try:
        model.model_validate({key: value for key, value in data.items() if value is not ...})  # type: ignore[attr-defined]
    except ValidationError as error:
        return error.errors()[0]["type"]
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_that_a_record_says(kind: Kind) -> None:
    """A record of each kind with the fields that it cannot do without; each of them is asked for."""
    assert refusal(kind) == ""
    for key in LEAST[kind]:
        assert refusal(kind, **{key: ...}) == "missing"


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_can_carry_waivers(kind: Kind) -> None:
    """A waiver names gate, reason, approver and end; a date that is no day is refused."""
    assert refusal(kind, waivers=[WAIVER]) == ""
    for key in WAIVER:
        assert refusal(kind, waivers=[{k: v for k, v in WAIVER.items() if k != key}]) == "missing"
    assert refusal(kind, waivers=[{**WAIVER, "until": "soon"}]) == "day"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_key_is_refused(kind: Kind) -> None:
    """Nothing is silently left aside; the canonical keys are kebab-case, and snake_case is accepted."""
    assert refusal(kind, colour="red") == "extra_forbidden"
    assert all("_" not in key for key in MODEL_OF_KIND[kind].field_keys())
    data = {**LEAST[kind], "waivers": [{**{k.replace("-", "_"): v for k, v in WAIVER.items()}}]}
    assert _error(MODEL_OF_KIND[kind], data) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_frozen(kind: Kind) -> None:
    """What was read does not change."""
    record = MODEL_OF_KIND[kind].model_validate(LEAST[kind])
    with pytest.raises(ValidationError, match="frozen"):
        record.title = "other"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", ["", "   ", 3, None, ["a"]])
def test_a_title_is_words(kind: Kind, title: object) -> None:
    """A title is text with something in it."""
    assert refusal(kind, title=title) in {"string_too_short", "string_type"}


ACCEPTED: list[tuple[Kind, str, object, object]] = [
    ("decision", "decision-makers", ["Ana"], ("Ana",)),
    ("decision", "consulted", ["a", "b"], ("a", "b")),
    ("decision", "informed", [], ()),
    ("decision", "domain", "serving", "serving"),
    ("decision", "stages", ["train"], ("train",)),
    ("decision", "constraints", [" a "], ("a",)),
    ("decision", "chosen", "A", "A"),
    ("decision", "override", "because", "because"),
    ("decision", "production-impact", True, True),
    ("decision", "risks", ["RISK-1"], ("RISK-1",)),
    ("decision", "residual-risk", "none: it is not deployed", "none: it is not deployed"),
    ("decision", "follow-ups", ["FU-0001"], ("FU-0001",)),
    ("decision", "supersedes", ["ADR-2"], ("ADR-2",)),
    ("decision", "superseded-by", ["ADR-2"], ("ADR-2",)),
    ("decision", "relates", ["CHK-2"], ("CHK-2",)),
    ("decision", "verification", ["look"], ("look",)),
    ("risk", "residual-likelihood", ..., None),
    ("risk", "treatment", "t", "t"),
    ("risk", "due", DAY, DAY),
    ("risk", "due", "2026-01-01", DAY),
    ("risk", "decisions", ["ADR-1"], ("ADR-1",)),
    ("follow-up", "status", "in-progress", "in-progress"),
    ("follow-up", "risks", ["RISK-1"], ("RISK-1",)),
    ("design", "change-scope", ["a"], ("a",)),
    ("policy", "enforcement", {"GP104": "off"}, {"GP104": "off"}),
    ("policy", "roles", {"lead": ["Ana"]}, {"lead": ("Ana",)}),
    ("policy", "warn-days", 7, 7),
    ("policy", "unknown", "block", "block"),
]


@pytest.mark.parametrize(("kind", "key", "written", "read"), ACCEPTED)
def test_what_a_field_accepts(kind: Kind, key: str, written: object, read: object) -> None:
    """A field holds what the author wrote, lists as tuples, text without the spaces around it."""
    data = {k: v for k, v in {**LEAST[kind], key: written}.items() if v is not ...}
    record = MODEL_OF_KIND[kind].model_validate(data)
    assert getattr(record, key.replace("-", "_")) == read


REFUSED: list[tuple[Kind, str, object, str]] = [
    ("decision", "status", "done", "literal_error"),
    ("decision", "date", "01.02.2026", "day"),
    ("decision", "date", "2026-02-30", "day"),
    ("decision", "date", 20260101, "day"),
    ("decision", "date", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "day"),
    ("decision", "date", "\u0662\u0660\u0662\u0666-01-01", "day"),
    ("decision", "decision-makers", "Ana", "tuple_type"),
    ("decision", "options", [{"name": "A", "security": 0}], "greater_than_equal"),
    ("decision", "options", [{"name": "A", "security": 6}], "less_than_equal"),
    ("decision", "options", [{"name": "A", "security": 2.5}], "int_type"),
    ("decision", "options", [{"name": "A", "security": True}], "int_type"),
    ("decision", "options", [{"security": 3}], "missing"),
    ("decision", "production-impact", "no", "bool_type"),
    ("decision", "production-impact", 1, "bool_type"),
    ("decision", "risks", ["RISK-"], "record_id"),
    ("decision", "risks", ["risk-1"], "record_id"),
    ("decision", "risks", ["RISK-1 "], "record_id"),
    ("decision", "risks", ["RISK-1\n"], "record_id"),
    ("decision", "risks", ["RISK-1234567890"], "record_id"),
    ("decision", "risks", ["RISK-٣"], "record_id"),
    ("decision", "superseded-by", "ADR-2", "tuple_type"),
    ("decision", "assumptions", ["text alone"], "model_type"),
    ("decision", "scope", {"in": "a"}, "tuple_type"),
    ("risk", "likelihood", 6, "less_than_equal"),
    ("risk", "impact", True, "int_type"),
    ("risk", "status", "accepted", "accepted_risk"),
    ("risk", "residual-impact", 2, "residual"),
    ("risk", "escalation", {"to": "a", "date": DAY, "outcome": "maybe"}, "literal_error"),
    ("follow-up", "status", "done", "outcome"),
    ("follow-up", "status", "dropped", "outcome"),
    ("design", "id", "Churn Batch", "string_pattern_mismatch"),
    ("design", "id", "../a", "string_pattern_mismatch"),
    ("design", "owners", [], "too_short"),
    ("design", "tier", "extreme", "literal_error"),
    ("design", "outcomes", [{"outcome": "a", "measure": "more"}], "expression"),
    ("pipeline", "stages", {}, "too_short"),
    ("pipeline", "stages", {"a b": {"kind": "data"}}, "string_pattern_mismatch"),
    ("pipeline", "stages", {"a": {"kind": "cook"}}, "literal_error"),
    ("pipeline", "defaults", {"retries": -1}, "greater_than_equal"),
    ("pipeline", "defaults", {"retries": True}, "int_type"),
    ("pipeline", "defaults", {"timeout": "0s"}, "expression"),
    ("pipeline", "source", {"kind": "dvc"}, "missing"),
    ("pipeline", "artifacts", {"a": {"type": "x", "sha256": "ABC"}}, "string_pattern_mismatch"),
    ("checklist", "items", [], "too_short"),
    ("checklist", "items", [{"id": "CHK-1", "criterion": "c", "operator": "=>"}], "literal_error"),
    ("checklist", "items", [{"id": "CHK-1", "criterion": "c", "threshold": True}], "float_type"),
    ("policy", "enforcement", {"in-scope": "warn"}, "literal_error"),
    ("policy", "tiers", {"extreme": {"accepted-exposure": 3}}, "literal_error"),
    ("policy", "tiers", {"low": {"accepted-exposure": 26}}, "less_than_equal"),
    ("policy", "warn-days", 0, "greater_than_equal"),
    ("policy", "warn-days", 10**9, "less_than_equal"),
    ("policy", "sections", {"policy": ["A"]}, "literal_error"),
]


@pytest.mark.parametrize(("kind", "key", "written", "error"), REFUSED)
def test_what_a_field_refuses(kind: Kind, key: str, written: object, error: str) -> None:
    """A value of the wrong form is refused for that reason; nothing is bent into shape."""
    assert refusal(kind, **{key: written}) == error


@pytest.mark.parametrize("status", ["accepted", "rejected", "deprecated", "superseded"])
def test_a_decision_that_was_taken_names_who_took_it(status: str) -> None:
    """Only a proposal can do without decision makers."""
    assert refusal("decision", status=status) == "decision_makers"
    assert refusal("decision", status=status, **{"decision-makers": ["Ana"]}) == ""


@pytest.mark.parametrize(
    ("written", "status", "successors"),
    [
        ("Accepted", "accepted", ()),
        ("ACCEPTED", "accepted", ()),
        ("superseded by ADR-2", "superseded", ("ADR-2",)),
        ("Superseded by ADR-0002", "superseded", ("ADR-0002",)),
        ("superseded by ADR-2 and ADR-3", "superseded", ("ADR-2", "ADR-3")),
        ("superseded by ADR-2, ADR-3", "superseded", ("ADR-2", "ADR-3")),
        ("superseded by [ADR-0005](0005-this-and-that.md)", "superseded", ("ADR-0005",)),
    ],
)
def test_madr_s_ways_to_write_a_status(written: str, status: str, successors: tuple[str, ...]) -> None:
    """MADR 4 names the successor in the status; its older form links it."""
    data = {**LEAST["decision"], "status": written, "decision-makers": ["Ana"]}
    record = Decision.model_validate(data)
    assert (record.status, record.superseded_by) == (status, successors)
    data["superseded_by"] = ["ADR-9"]
    assert Decision.model_validate(data).superseded_by == (*(["ADR-9"]), *successors)


def test_a_successor_in_both_places_is_kept_from_both() -> None:
    """`superseded-by` as text beside such a status is an error, not a list of its letters."""
    data = {**LEAST["decision"], "status": "superseded by ADR-2", "superseded-by": "ADR-3", "decision-makers": ["a"]}
    assert _error(Decision, data) == "tuple_type"


@pytest.mark.parametrize(
    "status", ["superseded by", "superseded  by ADR-2", "by ADR-2", "✅ accepted", "accepted by Ana"]
)
def test_a_status_is_never_guessed(status: str) -> None:
    """What is not certain is refused rather than normalised."""
    assert refusal("decision", status=status, **{"decision-makers": ["a"]}) == "literal_error"


@pytest.mark.parametrize(
    ("impact", "domain", "changes"),
    [
        (None, "serving", True),
        (None, "promotion", True),
        (None, "training", False),
        (None, None, False),
        (False, "serving", False),
        (True, "training", True),
    ],
)
def test_what_changes_production(impact: bool | None, domain: str | None, changes: bool) -> None:  # noqa: FBT001 - columns of the table
    """Promotion and serving change production unless the decision says otherwise."""
    record = Decision.model_validate({**LEAST["decision"], "production-impact": impact, "domain": domain})
    assert record.changes_production is changes


def test_exposure_is_likelihood_times_impact() -> None:
    """The residual exposure counts once there is one."""
    risk = Risk.model_validate(LEAST["risk"])
    assert (risk.inherent_exposure, risk.exposure) == (6, 6)
    treated = Risk.model_validate({**LEAST["risk"], "residual-likelihood": 1, "residual-impact": 2})
    assert (treated.inherent_exposure, treated.exposure) == (6, 2)


@pytest.mark.parametrize(
    ("status", "live"),
    [
        ("open", True),
        ("mitigated", True),
        ("accepted", True),
        ("transferred", False),
        ("avoided", False),
        ("closed", False),
    ],
)
def test_a_risk_that_can_still_hurt_is_live(status: str, live: bool) -> None:  # noqa: FBT001 - a column of the table
    """Accepted risks are still live; avoided, transferred and closed ones are not."""
    record = Risk.model_validate({**LEAST["risk"], "status": status, "accepted-by": "a", "accepted-on": DAY})
    assert record.is_live is live


@pytest.mark.parametrize(
    ("status", "live"), [("open", True), ("in-progress", True), ("done", False), ("dropped", False)]
)
def test_a_follow_up_is_owed_until_it_is_done_or_dropped(status: str, live: bool) -> None:  # noqa: FBT001 - a column of the table
    """What was done or dropped says what came of it."""
    assert FollowUp.model_validate({**LEAST["follow-up"], "status": status, "outcome": "o"}).is_live is live


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, ""),
        ({"path": "a"}, ""),
        ({"path": "a", "sha256": "0" * 64}, ""),
        ({"path": "a", "pointer": "/b", "value": Decimal("0.8")}, ""),
        ({"path": "a", "url": "https://b"}, "evidence_place"),
        ({"commit": "abcdef1", "run": "b"}, "evidence_place"),
        ({"path": "a", "pointer": "/b"}, "evidence_number"),
        ({"path": "a", "value": Decimal(1)}, "evidence_number"),
        ({"path": "a", "pointer": "/b", "value": True}, "float_type"),
        ({"path": "a", "pointer": "/b", "value": float("nan")}, "finite_number"),
        ({"sha256": "0" * 64}, "evidence_file"),
        ({"path": "a", "sha256": "A" * 64}, "string_pattern_mismatch"),
        ({"path": "a", "pointer": "b", "value": 1}, "string_pattern_mismatch"),
        ({"url": "javascript:alert(1)"}, "string_pattern_mismatch"),
        ({"url": "https://a b"}, "string_pattern_mismatch"),
        ({"commit": "HEAD"}, "string_pattern_mismatch"),
        ({"kind": "hunch"}, "literal_error"),
    ],
)
def test_evidence_names_one_place(fields: dict[str, Any], error: str) -> None:
    """A file, an address, a commit or a run, never two; a digest and a number need a file."""
    assert _error(Evidence, {"kind": "benchmark", "claim": "c", **fields}) == error


@pytest.mark.parametrize(
    ("written", "claim", "detail"),
    [
        ("exact", "exact", None),
        ("semantic", "semantic", None),
        ({"metric": Decimal("0.005")}, "metric", 0.005),
        ("metric: 0.005", "metric", 0.005),
        ({"none": "a GPU kernel is not deterministic"}, "none", "a GPU kernel is not deterministic"),
        ("none: no seed", "none", "no seed"),
        ({"claim": "exact"}, "exact", None),
    ],
)
def test_the_forms_of_a_repeat_claim(written: object, claim: str, detail: object) -> None:
    """A second run gives the same digest, predictions or metrics, or none of them for a reason."""
    data = {**LEAST["pipeline"], "defaults": {"repeat": written}}
    repeat = Pipeline.model_validate(data).defaults.repeat
    assert repeat is not None
    assert (repeat.claim, repeat.tolerance if claim == "metric" else repeat.reason) == (claim, detail)
    assert str(repeat).startswith(claim)


@pytest.mark.parametrize(
    "written",
    [
        "always",
        "exact: 3",
        "none",
        "none:",
        {"none": ""},
        {"metric": None},
        {"metric": -1},
        {"metric": True},
        {"metric": float("inf")},
        {"exact": 1},
        3,
        ["exact"],
    ],
)
def test_what_is_no_repeat_claim(written: object) -> None:
    """A claim has one of four forms; a reason or a tolerance is never left out."""
    assert _error(Pipeline, {**LEAST["pipeline"], "defaults": {"repeat": written}})


def test_an_unlisted_environment_is_production() -> None:
    """What the contract does not say to be harmless is taken to be production."""
    data = {**LEAST["pipeline"], "environments": {"staging": None, "eu": {"production": True}, "production": {}}}
    contract = Pipeline.model_validate(data)
    assert {name: contract.is_production(name) for name in ("staging", "eu", "production", "us")} == {
        "staging": False,
        "eu": True,
        "production": True,
        "us": True,
    }


def test_a_checklist_item_as_a_condition() -> None:
    """Metric, operator and threshold make a condition; without one of them there is none."""
    item = {
        "id": "CHK-1",
        "criterion": "c",
        "metric": "auc",
        "operator": ">=",
        "threshold": Decimal("0.8"),
        "slice": "new",
    }
    (whole,) = Checklist.model_validate({"title": "T", "items": [item]}).items
    assert whole.condition is not None
    assert whole.condition.key == "auc@new"
    assert whole.condition.holds(0.8)
    for key in ("metric", "operator", "threshold"):
        (part,) = Checklist.model_validate({"title": "T", "items": [{**item, key: None}]}).items
        assert part.condition is None


def test_the_policy_s_defaults() -> None:
    """Tiers left out keep their thresholds; roles are compared without regard to case."""
    policy = Policy.model_validate(
        {
            "title": "T",
            "roles": {"lead": ["Ana Lee"]},
            "tiers": {"low": {"accepted-exposure": 3}},
            "out-of-scope": {"art": "x"},
        }
    )
    assert [policy.tier(tier).accepted_exposure for tier in ("low", "medium", "high")] == [3, 9, 6]
    assert policy.roles_of(" ana lee ") == {"lead"}
    assert policy.roles_of("Ana") == frozenset()
    assert (policy.elsewhere("art"), policy.elsewhere("api") is None, policy.elsewhere("y")) == ("x", False, None)


def test_a_dry_run_says_what_was_run() -> None:
    """The record of a dry run has the contract's digest, a result and at least one branch."""
    data = {
        "kind": "dry-run",
        "design": "churn",
        "contract-sha256": "0" * 64,
        "date": DAY,
        "result": "passed",
        "branches": [{"branch": "train ok", "outcome": "released", "passed": True}],
    }
    assert _error(DryRun, data) == ""
    assert _error(DryRun, {**data, "branches": []}) == "too_short"
    assert _error(DryRun, {**data, "branches": [{"branch": "a", "outcome": "b", "passed": "yes"}]}) == "bool_type"


def test_key_values_are_what_the_author_wrote() -> None:
    """Only fields that stand in the file come back, under their canonical keys."""
    record = Design.model_validate({**LEAST["design"], "change_scope": ["a"]})
    assert record.key_values() == {"title": "T", "id": "churn", "owners": ("a",), "tier": "low", "change-scope": ("a",)}


@pytest.mark.parametrize(
    ("written", "key", "kind"),
    [
        ("ADR-0003", "ADR-3", "decision"),
        ("ADR-3", "ADR-3", "decision"),
        ("RISK-000", "RISK-0", "risk"),
        ("FU-10", "FU-10", "follow-up"),
        ("CHK-1", "CHK-1", "item"),
        ("churn", "churn", None),
        ("ADR-3\n", "ADR-3\n", None),
    ],
)
def test_the_number_of_an_id_counts(written: str, key: str, kind: str | None) -> None:
    """`ADR-3` and `ADR-0003` are one record; the prefix tells the kind."""
    assert (canonical(written), kind_of_id(written)) == (key, kind)

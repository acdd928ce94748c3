"""The stage contract: what each stage of a pipeline promises, as a typed record."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from gatepost.records.annotated import ActionsField, ConditionField, DurationField, RolloutStepField
from gatepost.records.base import Model, Record, Text, Truth, Whole, no_truth
from gatepost.records.expressions import Action
from gatepost.records.places import is_plainly_none

__all__ = [
    "ENGINE",
    "EXECUTABLE_KINDS",
    "Artifact",
    "Defaults",
    "Environment",
    "Pipeline",
    "Repeat",
    "Source",
    "Stage",
    "StageKind",
    "StageRollback",
    "looks_like_an_image",
    "pins_an_image",
]

StageKind = Literal["data", "train", "validate", "gate", "package", "approval", "promote", "monitor"]
EXECUTABLE_KINDS: Final = frozenset({"data", "train", "validate", "package"})
"""The kinds of stage that compute something, and so must be reproducible."""
ENGINE: Final = "engine"
"""What stands for the command of an action that the tool does which runs the stages."""

_STAGE_NAME: Final = r"^[A-Za-z0-9][\w.-]*$"
StageName = Annotated[str, Field(pattern=_STAGE_NAME)]
_IMAGE: Final = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}\Z")
_IMAGE_LIKE: Final = re.compile(r"[\w.-]+(?::\d+)?(?:/[\w.-]+)*(?::[\w.-]+|@\S*)\Z")


class Environment(Model):
    """A place that a model is promoted to."""

    known_good: Text | None = None
    """What is known to work there, for instance `previous`."""
    production: Truth | None = None
    """Whether users or decisions depend on it; taken to be true where the name does not plainly say otherwise."""
    state: Text | None = None
    """The file or folder that says what is served there, relative to the place where the stages run.

    An executed dry run compares it before and after each branch. It must tell one release from the next.
    """


class Artifact(Model):
    """A file or data set that stages hand to each other."""

    type: Text
    """What it is: dataset, model, metrics, package, report."""
    path: Text | None = None
    """Where it is written, relative to the place where the stages run."""
    schema_: Text | None = Field(default=None, alias="schema")
    """The file that describes its columns or fields."""
    source: Text | None = None
    """Where it comes from, when no stage makes it. Name the version: `warehouse.tx@2026-11-01`."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """SHA-256 of its bytes, which pins an input that no stage makes."""
    keys: tuple[Text, ...] = ()
    """The metrics that it holds, each with its slice: `auc`, `auc@tenure_lt_12m`."""
    pii: Text | None = None
    """How personal data in it is protected: none, tokenised, encrypted."""
    license: Text | None = None
    """The licence that it comes under."""
    sign: Text | None = None
    """How it is signed, for instance cosign."""
    provenance: Text | None = None
    """The provenance level that it carries, for instance slsa-l3."""
    final: Truth = False
    """Whether it is meant for readers outside the pipeline, so that no stage needs to read it."""


class Repeat(Model):
    """What a second run of the same stage on the same input gives."""

    claim: Literal["exact", "semantic", "metric", "none"]
    """The same digest; the same predictions; the same metrics within a tolerance; or no claim."""
    tolerance: Annotated[float, Field(gt=0, allow_inf_nan=False), no_truth] | None = None
    """For `metric`: how far the metrics may be apart."""
    reason: Text | None = None
    """For `none`: why no claim can be made."""
    probe: Text | None = None
    """For `semantic`: the artifact that holds the predictions on a probe set, which must be the same bytes."""

    def __str__(self) -> str:
        detail = {"metric": self.tolerance, "none": self.reason, "semantic": self.probe}.get(self.claim)
        return self.claim if detail is None else f"{self.claim}: {detail}"


_REPEAT_FORM: Final = "expected exact, semantic, {semantic: predictions}, {metric: 0.005} or {none: reason}"


def _repeat(value: Any) -> Any:  # noqa: ANN401 - whatever the frontmatter holds
    """Read the short forms of a `repeat` claim."""
    if isinstance(value, str):
        claim, colon, detail = value.partition(":")
        claim, detail = claim.strip(), detail.strip()
    elif isinstance(value, dict) and len(value) == 1 and "claim" not in value:
        ((claim, detail),) = value.items()
        colon = ":"
    else:
        return value
    if claim in {"exact", "semantic"} and not colon:
        return {"claim": claim}
    if claim == "semantic" and isinstance(detail, str) and detail:
        return {"claim": claim, "probe": detail}
    if claim == "none" and isinstance(detail, str) and detail:
        return {"claim": claim, "reason": detail}
    if claim == "metric" and detail not in {None, ""}:
        return {"claim": claim, "tolerance": detail}
    raise PydanticCustomError("repeat", "{form}, found '{value}'", {"form": _REPEAT_FORM, "value": str(value)[:60]})


RepeatField = Annotated[
    Repeat,
    BeforeValidator(
        _repeat, json_schema_input_type=str | dict[Literal["none", "metric", "semantic"], str | float] | Repeat
    ),
]


class StageRollback(Model):
    """How a promotion is undone."""

    to: Text
    """What is restored: a version, which is always there, or another name, for instance previous."""
    first: Text | None = None
    """What is done when no previous version exists yet, for instance disable-route; left out for a version."""
    run: Text | None = None
    """The command that does it."""
    within: DurationField | None = None
    """How long it may take."""
    when: tuple[ConditionField, ...] = ()
    """The conditions on watched signals that start it."""


class Defaults(Model):
    """What holds for each stage that does not say otherwise."""

    timeout: DurationField | None = None
    """How long a stage may run."""
    retries: Annotated[Whole, Field(ge=0, le=100)] | None = None
    """How often a stage is tried again."""
    environment: Text | None = None
    """The lockfile of the repository, or the image by digest, that stages run in."""
    seed: Whole | None = None
    """The seed of every source of randomness."""
    repeat: RepeatField | None = None
    """What a second run gives."""
    on_fail: ActionsField | None = None
    """What happens when a stage fails."""
    owner: Text | None = None
    """Who answers for a stage."""


class Stage(Model):
    """One stage of the pipeline."""

    kind: StageKind
    """What it does: data, train, validate, gate, package, approval, promote or monitor."""
    run: Text | None = None
    """The command that runs it."""
    in_: tuple[Text, ...] = Field(default=(), alias="in")
    """The artifacts that it reads."""
    out: tuple[Text, ...] = ()
    """The artifacts that it writes."""
    after: tuple[Text, ...] = ()
    """Stages that come before it without handing it data."""
    pass_: tuple[ConditionField, ...] = Field(default=(), alias="pass")
    """For a gate: the conditions that must all hold."""
    by: tuple[Text, ...] = ()
    """For an approval: the roles or teams that must give it."""
    expires: DurationField | None = None
    """For an approval: how long it is good for."""
    to: Text | None = None
    """For a promotion: the environment."""
    rollout: tuple[RolloutStepField, ...] = ()
    """For a promotion: the shares of traffic and how long each is held."""
    watch: tuple[Text, ...] = ()
    """For a promotion: the signals that are watched while it rolls out."""
    rollback: StageRollback | None = None
    """For a promotion: how it is undone."""
    signals: tuple[Text, ...] = ()
    """For a monitor: the signals that it watches."""
    on_fail: ActionsField | None = None
    """What happens when it fails."""
    on_reject: ActionsField | None = None
    """What happens when a gate or an approval rejects."""
    timeout: DurationField | None = None
    """How long it may run."""
    retries: Annotated[Whole, Field(ge=0, le=100)] | None = None
    """How often it is tried again."""
    idempotent: Truth | None = None
    """Whether running it twice has the effect of running it once."""
    environment: Text | None = None
    """The lockfile of the repository, or the image by digest, that it runs in."""
    seed: Whole | None = None
    """The seed of its sources of randomness."""
    repeat: RepeatField | None = None
    """What a second run on the same input gives."""
    owner: Text | None = None
    """Who answers for it."""
    impl: Text | None = None
    """The stage of the real definition that it stands for, when named otherwise."""
    gate: dict[Literal["in"], Text] | None = None
    """The real stage whose code holds this gate."""
    description: Text | None = None
    """What it does, in words."""


class Source(Model):
    """The real definition of the pipeline in this repository."""

    kind: Literal["dvc", "github-actions", "gitlab-ci", "argo", "kubeflow", "airflow", "snapshot"]
    """The tool that it is written for."""
    path: Text
    """The file that holds it."""
    dag: Text | None = None
    """For Airflow: the DAG that is meant, where the file has several."""
    besides: tuple[Text, ...] = ()
    """Stages of the definition that are no part of the pipeline: a job that lints, one that builds the docs."""


class Pipeline(Record):
    """The stage contract of a design."""

    kind: Literal["pipeline"] = "pipeline"
    """Which kind of record this is."""
    owner: Text
    """The team that answers for the pipeline."""
    source: Source | None = None
    """The real definition, when the repository has it."""
    workdir: Text | None = None
    """The folder in which the stages run, from the root of the repository; the design's folder when left out."""
    environments: dict[StageName, Environment] = {}
    """The places that models are promoted to, by name."""
    defaults: Defaults = Defaults.model_construct()
    """What holds for each stage that does not say otherwise."""
    handlers: dict[Action, Text] = {}
    """The command behind an action: `{alert: python notify.py, page: python notify.py page}`.

    With commands for some of alert, page and quarantine, each that is called for has one, or is left to what runs the
    stages: `{page: engine}`. An executed dry run runs them with `GATEPOST_STAGE` and `GATEPOST_OUTCOME` in their
    environment.
    """
    artifacts: dict[StageName, Artifact] = {}
    """The files and data sets that stages hand to each other, by name."""
    stages: Annotated[dict[StageName, Stage], Field(min_length=1)]
    """The stages, by name."""

    @model_validator(mode="before")
    @classmethod
    def _read_empty_environments(cls, data: Any) -> Any:  # noqa: ANN401 - whatever was read
        places = data.get("environments") if isinstance(data, dict) else None
        if not isinstance(places, dict):
            return data
        return {**data, "environments": {name: {} if value is None else value for name, value in places.items()}}

    def is_production(self, environment: str) -> bool:
        """Tell whether users or decisions depend on an environment.

        It does unless it is listed, and says that it is no production or plainly is called otherwise, like staging.
        """
        known = self.environments.get(environment)
        if known is None:
            return True
        return not is_plainly_none(environment) if known.production is None else known.production


def pins_an_image(environment: str) -> bool:
    """Tell whether an environment names an image by its digest."""
    return bool(_IMAGE.match(environment))


def looks_like_an_image(environment: str) -> bool:
    """Tell whether an environment has the form of an image name with a tag or a broken digest."""
    return bool(_IMAGE_LIKE.match(environment))

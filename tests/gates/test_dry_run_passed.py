"""`dry-run-passed`: every branch ends safely, and an executed dry run of this very contract says so."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import frontmatter
import pytest
from whole_records import METRICS, whole_record

from effort import first
from gatepost.check import Report
from gatepost.pipeline import contract_digest, contract_digests
from gatepost.records import Pipeline
from trees import TODAY, checked, clean_log, edited, findings, outcome, said

GATE = "dry-run-passed"
CONTRACT = "churn/pipeline.md"
RUN = "churn/evidence/dry-runs/2026-11-04.md"
ROLLBACK = (
    "    rollback: {to: previous, first: disable-route, run: python rollback.py, within: 15m, "
    "when: [opt_out_rate > 0.02]}\n"
)


def digest(files: dict[str, str], *, as_written: bool = False) -> str:
    """Give the digest of the contract of a tree; as older records have it when it is that of what is written."""
    record = Pipeline.model_validate(frontmatter.loads(files[CONTRACT]).metadata)
    return contract_digests(record)[-1] if as_written else contract_digest(record)


def asked(policy: str = "require") -> dict[str, str]:
    """Give the clean log with a policy that asks for an executed dry run, and with a record of one that is whole."""
    files = edited(clean_log(), "policy.md", 'executed: "off"', f"executed: {policy}")
    return {**files, RUN: whole_record(files[CONTRACT], files[RUN].removeprefix("---\n").partition("branches:")[0])}


def told(report: Report) -> list[str]:
    """Give the messages of the gate, but for the advice that a record names no commit: these trees have none."""
    return [one for one in said(report, GATE) if "names no commit" not in one]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("first: disable-route, ", "", "a first release cannot be undone: promote goes back to previous"),
        ("sign: cosign", "pii: none", "promote brings bundle to production, which is not signed"),
        ("    watch: [opt_out_rate]\n", "", "promote rolls out without watching a signal"),
        ("rollout: [10% 24h, 100%]", "rollout: [10%, 100%]", "promote does not hold 10%"),
        ("within: 15m, ", "", "the rollback of promote does not say how long it may take"),
    ],
)
def test_a_circle_does_not_hide_what_needs_no_order(old: str, new: str, message: str, tmp_path: Path) -> None:
    """Every mistake that no branch has to show is said in the run that names the circle."""
    files = edited(clean_log(), CONTRACT, "out: [features]}", "out: [features], after: [train]}")
    report = checked(tmp_path, edited(files, CONTRACT, old, new))
    assert any(one.startswith("stages wait for each other in a circle") for one in said(report, "promotion-gated"))
    assert any(one.startswith(message) for one in said(report, GATE))


def test_a_circle_alone_is_one_finding(tmp_path: Path) -> None:
    """Whether branches end safely is unknown then, and nothing is made up about it."""
    files = edited(clean_log(), CONTRACT, "out: [features]}", "out: [features], after: [train]}")
    report = checked(tmp_path, files)
    assert said(report, GATE) == []
    assert outcome(report, "churn/pipeline", GATE).state == "unknown"


def folder(tmp_path: Path, name: str) -> Path:
    """Make a folder for one of two trees."""
    (tmp_path / name).mkdir()
    return tmp_path / name


def test_a_contract_whose_branches_are_safe_and_were_run_is_met(tmp_path: Path) -> None:
    """Every branch ends safely, and the record is about this contract, passed and is young."""
    report = checked(tmp_path, asked())
    assert outcome(report, "churn/pipeline", GATE).state == "pass"
    assert told(report) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "key"),
    [
        ("  on-fail: halt + alert\n", "", "nothing ends the run when features", "defaults.on-fail"),
        ("on-reject: quarantine + alert", "on-reject: alert", "nothing ends the run when quality-gate", None),
        ("on-reject: quarantine + alert", "on-reject: quarantine", "nobody is told when quality-gate", None),
        ("    on-fail: rollback + page\n  watch", "  watch", "nobody knows what is in production when promote", None),
        (
            "    on-fail: rollback + page\n  watch",
            "    on-fail: rollback + alert\n  watch",
            "nobody is paged when promote does not succeed and the rollback fails",
            None,
        ),
        (
            "signals: [opt_out_rate], on-fail: rollback + page",
            "signals: [opt_out_rate], on-fail: halt + page",
            "the version in breach stays in production when watch breaches a limit",
            None,
        ),
        ("first: disable-route, ", "", "a first release cannot be undone: promote goes back to previous", None),
        (ROLLBACK, "", "promote reaches production and cannot be undone", "stages.promote"),
        ("run: python rollback.py, ", "", "the rollback of promote does not say the command that does it", None),
        ("within: 15m, ", "", "the rollback of promote does not say how long it may take", None),
        ("run: python rollback.py", "run: python  promote.py", "the rollback of promote runs the command that", None),
        (
            ", when: [opt_out_rate > 0.02]",
            "",
            "the rollback of promote does not say the conditions that start it",
            None,
        ),
        (
            "when: [opt_out_rate",
            "when: [opt_in_rate",
            "promote rolls back on opt_in_rate, which it does not watch",
            None,
        ),
        ("    retries: 0\n", "", "promote is tried again after a time-out, and its effect may have happened", None),
        ("  timeout: 10m\n", "", "have no time-out", None),
        (", expires: 24h", "", "the approval approve never expires", None),
        ("sign: cosign", "pii: none", "promote brings bundle to production, which is not signed", "artifacts.bundle"),
        ("    in: [bundle]\n", "", "promote does not say what it brings to production", None),
    ],
)
def test_each_broken_promise_is_one_finding(old: str, new: str, message: str, key: str | None, tmp_path: Path) -> None:
    """What lets a branch end badly is found by this gate, once, with the field and a mend."""
    files = clean_log()
    assert old in files[CONTRACT], f"the clean contract has no {old!r}"
    report = checked(tmp_path, edited(files, CONTRACT, old, new))
    found = findings(report, GATE)
    texts = [one.message for one in found]
    if "in: [bundle]" in old:
        texts = [text for text in texts if "the artifact bundle is written and never read" not in text]
    assert len(texts) == 1, texts
    assert message in texts[0]
    assert found[0].hint
    if key:
        assert found[0].field == key


ROLLOUT = "rollout: [10% 24h, 100%]"
FULL = """  full:
    kind: promote
    to: production
    run: python promote.py --all
    retries: 0
    in: [bundle]
    after: [promote]
    rollout: [{}]
    watch: [opt_out_rate]
    rollback: {{to: previous, first: disable-route, run: python rollback.py, within: 15m, when: [opt_out_rate > 0.02]}}
    on-fail: rollback + page
"""


@pytest.mark.parametrize(
    ("steps", "message", "field"),
    [
        ("10% 24h, 100%", None, ""),
        ("10% 1h, 10% 2h, 100% 24h", None, ""),
        ("100%", None, ""),
        ("50% 1h, 10% 1h, 100%", "the rollout of promote goes down from 50% to 10%", "stages.promote.rollout.1"),
        ("100% 1h, 1% 30m", "the rollout of promote goes down from 100% to 1%", "stages.promote.rollout.1"),
        ("10%, 100%", "promote does not hold 10%, so nothing is seen before the next step", "stages.promote.rollout.0"),
        ("1% 1h, 12.5% 1h", "the rollout of promote ends at 12.5%", "stages.promote.rollout.1"),
    ],
)
def test_a_rollout_goes_up_to_everybody_and_is_watched_on_the_way(
    steps: str, message: str | None, field: str, tmp_path: Path
) -> None:
    """Shares never go down, each but the last is held, and the last is everybody."""
    found = findings(checked(tmp_path, edited(clean_log(), CONTRACT, ROLLOUT, f"rollout: [{steps}]")), GATE)
    assert [one.message.partition(";")[0] for one in found] == ([message] if message else [])
    assert [one.field for one in found] == ([field] if message else [])
    assert all(one.hint for one in found)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("1% 1h, 10% 24h", "50% 1h, 100%", None),
        ("1% 1h, 10% 24h", "100%", None),
        ("1% 1h, 10% 24h", "5% 1h, 100%", "full starts at 5%, and promote before it has brought bundle to 10%"),
        ("100%", "10% 1h, 100%", "full starts at 10%, and promote before it has brought bundle to 100%"),
        ("1% 1h, 10% 24h", "50% 1h", "the rollout of promote ends at 10%|the rollout of full ends at 50%"),
    ],
)
def test_a_canary_and_a_full_promotion_are_one_rollout(
    first: str, second: str, message: str | None, tmp_path: Path
) -> None:
    """A share may be raised by the promotion behind, which goes on where the one before it ended."""
    files = edited(clean_log(), CONTRACT, ROLLOUT, f"rollout: [{first}]")
    watch = "  watch: {kind: monitor, after: [promote]"
    files = edited(files, CONTRACT, watch, FULL.format(second) + watch.replace("promote", "full"))
    found = said(checked(tmp_path, files), GATE)
    assert [one.partition(";")[0] for one in found] == (message.split("|") if message else [])


@pytest.mark.parametrize(
    ("known_good", "back", "agree"),
    [
        ("previous", "to: previous, first: disable-route", True),
        ("previous", "to: the last release, first: disable-route", True),
        ("rules-engine", "to: Rules-Engine, first: the same", True),
        ("fraud@7", "to: Fraud@7", True),
        ("rules-engine", "to: previous, first: rules-engine", True),
        ("rules-engine", "to: previous, first: disable-route", False),
        ("previous", "to: rules-engine, first: the same", False),
        ("previous", "to: champion@7", False),
        ("champion@7", "to: previous, first: disable-route", False),
        ("N-1", "to: previous, first: disable-route", True),
        ("none", "to: previous, first: disable-route", True),
        ("none", "to: fraud@7", False),
    ],
)
def test_a_rollback_goes_to_what_is_known_to_work(
    known_good: str,
    back: str,
    agree: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
) -> None:
    """What the place says and what is restored, or done on a first release, are the same."""
    files = edited(clean_log(), CONTRACT, "known-good: previous", f"known-good: {known_good}")
    files = edited(files, CONTRACT, "to: previous, first: disable-route", back)
    found = findings(checked(tmp_path, files), GATE)
    assert [one.field for one in found] == ([] if agree else ["stages.promote.rollback.to"])
    assert all(f"what is known to work in production is {known_good}" in one.message for one in found)


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ("to: previous", "there is none"),
        ("to: N-1", "there is none"),
        ("to: N - 1", "there is none"),
        ("to: previous, first: the same", "there is none"),
        ("to: previous, first: none", "there is none"),
        ("to: stable", "nothing says that it is there by then"),
        ("to: what was there", "nothing says that it is there by then"),
        ("to: rules-engine", "nothing says that it is there by then"),
        ("to: champion@stable", "there is none"),
        ("to: fraud@stable-2", "nothing says that it is there by then"),
        ("to: 'fraud@${RELEASE}'", "nothing says that it is there by then"),
        ("to: model", "nothing says that it is there by then"),
        ("to: previous, first: it is there from the start", "there is none"),
        ("to: stable, first: the same as before", "nothing says that it is there by then"),
        ("to: stable, first: it is the same previous release", "nothing says that it is there by then"),
        *((f"to: previous, first: {one}", "there is none") for one in ("later", "not decided yet", "to be defined")),
        *((f"to: previous, first: {one}", "there is none") for one in ("last-good", "keep it", "page", "bundle")),
        *((f"to: previous, first: {one}", None) for one in ("route-off", "keep the rules engine")),
        ("to: previous, first: 'do not route, decided with risk'", None),
        ("to: models:/fraud/7", None),
        ("to: rules-engine, first: it is always there", None),
        ("to: rules-engine, first: the rules engine is there from the start", None),
        ("to: rules-engine, first: the same, known to work", None),
        ("to: stable, first: previous", "nothing says that it is there by then"),
        ("to: churn-champion@7", None),
        ("to: release-before-2026", None),
        ("to: the model of 2026-05-04", None),
        ("to: facts", None),
        ("to: stable, first: 'the same, it is there from the start'", None),
        ("to: rules-engine, first: rules-engine", None),
        ("to: N-1, first: disable-route", None),
        ("to: what was there, first: let the rules answer", None),
    ],
)
def test_a_rollback_answers_a_first_release_unless_its_target_is_fixed(
    back: str, said: str | None, tmp_path: Path
) -> None:
    """A version and a pinned input are there at first; of anything else the author says what is done, or that it is."""
    files = edited(clean_log(), CONTRACT, "{known-good: previous}", "{}")
    found = findings(checked(tmp_path, edited(files, CONTRACT, "to: previous, first: disable-route", back)), GATE)
    assert [one.field for one in found] == (["stages.promote.rollback"] if said else [])
    for one in found:
        assert one.message.startswith("a first release cannot be undone: promote goes back to ")
        assert f", and {said}; shown by: " in one.message
        assert "`first: disable-route`" in str(one.hint)
        assert ("`first: the same, it is there from the start`" in str(one.hint)) is (said != "there is none")


@pytest.mark.parametrize(
    ("within", "policy", "message"),
    [
        ("24h", "", None),
        ("900d", "", "the rollback of promote may take 900d, and the policy allows 24h"),
        ("25h", "max-rollback: 2d", None),
        ("15m", "max-rollback: 10m", "the rollback of promote may take 15m, and the policy allows 10m"),
    ],
)
def test_a_rollback_ends_while_it_helps(within: str, policy: str, message: str | None, tmp_path: Path) -> None:
    """A day by default, or what the policy says: a bound of years is none."""
    files = edited(clean_log(), CONTRACT, "within: 15m", f"within: {within}")
    if policy:
        files = edited(files, "policy.md", 'executed: "off"', f'executed: "off"\n  {policy}')
    found = findings(checked(tmp_path, files), GATE)
    assert [one.message.partition(";")[0] for one in found] == ([message] if message else [])
    assert [one.field for one in found] == (["stages.promote.rollback.within"] if message else [])


@pytest.mark.parametrize(
    ("sign", "signed"),
    [
        *((one, False) for one in ("none", "n/a", "not yet", "not signed", "'-'", "signed")),
        *((one, False) for one in ("unsigned for now", "not needed", "planned", "cosign later", "no cosign", "so")),
        *((one, True) for one in ("cosign", "signed with the key of the platform", "hmac-sha256", "Sigstore bundle")),
        *((one, True) for one in ("cosign, no long-lived key", "with our-own-tool", "AWS Signer", "GPG (release)")),
    ],
)
def test_what_is_signed_says_how(sign: str, signed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """A word for no, or for later, is no signature."""
    found = said(checked(tmp_path, edited(clean_log(), CONTRACT, "sign: cosign", f"sign: {sign}")), GATE)
    assert [one.partition(";")[0] for one in found] == (
        [] if signed else ["promote brings bundle to production, which is not signed"]
    )


MONITOR = "signals: [opt_out_rate], on-fail"


@pytest.mark.parametrize(
    ("old", "new", "message", "field"),
    [
        (MONITOR, "signals: [moon_phase], on-fail", "watch watches moon_phase, which no artifact", "watch.signals.0"),
        (MONITOR, "signals: [opt_out_rat], on-fail", "watch watches opt_out_rat, which no artifact", "watch.signals.0"),
        (MONITOR, "signals: [auc, opt_out_rate], on-fail", None, ""),
        (MONITOR, "on-fail", "the monitor watch watches nothing: it has no signals and no command", "watch"),
        (MONITOR, "run: python watch.py, on-fail", None, ""),
        (
            "watch: [opt_out_rate]",
            "watch: [opt_out_rate, moon]",
            "promote watches moon, which no artifact",
            "promote.watch.1",
        ),
        ("watch: [opt_out_rate]", "watch: [opt_out_rate, auc@new]", None, ""),
    ],
)
def test_what_is_watched_is_measured_or_has_a_limit(
    old: str, new: str, message: str | None, field: str, tmp_path: Path
) -> None:
    """A signal that no artifact holds and no limit names starts nothing, whatever it shows."""
    found = findings(checked(tmp_path, edited(clean_log(), CONTRACT, old, new)), GATE)
    assert [one.field for one in found] == ([f"stages.{field}"] if message else [])
    assert all(one.message.startswith(str(message)) and one.hint for one in found)


@pytest.mark.parametrize(
    ("handlers", "said"),
    [
        ("alert: a, page: p, quarantine: q", []),
        ("alert: a, page: engine, quarantine: engine", []),
        (
            "alert: a, quarantine: q",
            ["promote and watch call for page, and `handlers` has no command for it: nobody is"],
        ),
        ("alert: a, page: p", ["quality-gate calls for quarantine, and `handlers` has no command for it: nothing is"]),
        (
            "quarantine: q, page: p",
            [
                "features, train, evaluate",
            ],
        ),
        (
            "alert: echo look, page: echo look, quarantine: q",
            ["promote and watch call for page, and `handlers` runs `echo look`, which does nothing: nobody is paged"],
        ),
        (
            "alert: a, page: p, quarantine: 'true'",
            ["quality-gate calls for quarantine, and `handlers` runs `true`, which does nothing: nothing is put away"],
        ),
        ("halt: h", []),
    ],
)
def test_who_gives_commands_for_actions_gives_one_for_each(handlers: str, said: list[str], tmp_path: Path) -> None:
    """Where some are commands, one that is missing is nobody's; without any, what runs the stages does it all."""
    files = edited(clean_log(), CONTRACT, "defaults:\n", f"handlers: {{{handlers}}}\ndefaults:\n")
    found = findings(checked(tmp_path, files), GATE)
    assert len(found) == len(said)
    for one, begins in zip(found, said, strict=True):
        assert one.message.startswith(begins)
        assert (one.field, "engine` if" in str(one.hint)) == ("handlers", True)


@pytest.mark.parametrize(
    ("old", "new", "days", "message"),
    [
        ("timeout: 10m", "timeout: 9000h", 180, "defaults.timeout: features may take 9000h, and an executed dry run"),
        ("timeout: 10m", "timeout: 180d", 180, None),
        (
            "expires: 24h",
            "expires: 400d",
            180,
            "stages.approve.expires: approve may take 400d, and an executed dry run",
        ),
        ("timeout: 10m", "timeout: 60d", 30, "defaults.timeout: features may take 60d, and an executed dry run"),
        ("timeout: 10m", "timeout: 9000h", 400, None),
    ],
)
def test_nothing_takes_longer_than_a_dry_run_counts(
    old: str, new: str, days: int, message: str | None, tmp_path: Path
) -> None:
    """When such a stage gives up at last, nobody knows any more whether the way out works."""
    files = edited(clean_log(), "policy.md", 'executed: "off"', f'executed: "off"\n  max-age-days: {days}')
    found = [
        f"{one.field}: {one.message}" for one in findings(checked(tmp_path, edited(files, CONTRACT, old, new)), GATE)
    ]
    assert len(found) == (1 if message else 0)
    assert message is None or found[0].startswith(message)


@pytest.mark.parametrize(
    ("when", "said"),
    first(
        [
            ("auc < 0", "promote rolls back when auc < 0, which never holds"),
            ("auc > 0.8", "promote rolls back when auc > 0.8, and of auc more is better"),
            ("p99_ms < 0", "promote rolls back when p99_ms < 0, and of p99_ms less is better"),
            ("error_rate <= 0.01", "promote rolls back when error_rate <= 0.01, and of error_rate less is better"),
            ("error_rate >= 0", "promote rolls back when error_rate >= 0, which holds whatever is measured"),
            ("accuracy_pct < 0.8", "promote rolls back when accuracy_pct < 0.8, which never holds"),
            ("p99_ms > 50", None),
            ("p99_ms > 50, p99_ms < 0.01", None),
            ("auc < 0.6, auc > 0.999", None),
            ("error_budget_left < 0.1", None),
            ("label_delay_hours < 1", None),
        ],
        quick=5,
    ),
)
def test_a_limit_of_a_rollback_is_a_breach(when: str, said: str | None, tmp_path: Path) -> None:
    """What no value meets starts no rollback, and what a good release meets undoes it."""
    key = when.split(maxsplit=1)[0]
    files = edited(clean_log(), CONTRACT, "watch: [opt_out_rate]", f"watch: [opt_out_rate, {key}]")
    files = edited(files, CONTRACT, "signals: [opt_out_rate]", f"signals: [opt_out_rate, {key}]")
    files = edited(files, CONTRACT, "when: [opt_out_rate > 0.02]", f"when: [opt_out_rate > 0.02, {when}]")
    found = findings(checked(tmp_path, files), GATE)
    assert [one.message.partition(";")[0] for one in found] == ([said] if said else [])
    assert [one.field for one in found] == (["stages.promote.rollback.when.1"] if said else [])


def test_what_is_known_to_work_may_be_left_out(tmp_path: Path) -> None:
    """Then the rollback alone says what is restored."""
    assert said(checked(tmp_path, edited(clean_log(), CONTRACT, "{known-good: previous}", "{}")), GATE) == []


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        (
            "path: out/model.json",
            "path: ../model.json",
            "artifacts.model.path",
            "../model.json leads out of the folder",
        ),
        ("path: out/model.json", "path: out/../model.json", "artifacts.model.path", "out/../model.json leads out"),
        ("path: out/model.json", "path: /srv/model.json", "artifacts.model.path", "/srv/model.json leads out"),
        ("path: out/model.json", "path: ~/model.json", "artifacts.model.path", "~/model.json leads out of the folder"),
        ("path: out/model.json", "path: 'C:\\m.json'", "artifacts.model.path", "C:\\m.json leads out of the folder"),
        (
            "{known-good: previous}",
            "{known-good: previous, state: /srv/live}",
            "environments.production.state",
            "/srv/live leads out of the folder",
        ),
        ("owner: growth-ml\n", "owner: growth-ml\nworkdir: ../run\n", "workdir", "../run leads out of the repository"),
        ("path: out/model.json", "path: s3://models/model.json", None, ""),
        ("path: out/model.json", "path: ./out/..model.json", None, ""),
    ],
)
def test_what_stages_write_stays_where_they_run(
    old: str, new: str, field: str | None, message: str, tmp_path: Path
) -> None:
    """A path that climbs out, or is absolute, is another one on another machine."""
    found = findings(checked(tmp_path, edited(clean_log(), CONTRACT, old, new)), GATE)
    assert [one.field for one in found] == ([field] if field else [])
    assert all(message in one.message for one in found)
    assert all(one.hint for one in found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("out: [bundle]", "out: [bundle, bundle]", "package names bundle twice in `out:`"),
        (
            "in: [features], out: [model]",
            "in: [features], out: [model, metrics]",
            "metrics is written by train and evaluate, so what is read depends on the order",
        ),
    ],
)
def test_an_artifact_is_written_once(old: str, new: str, message: str, tmp_path: Path) -> None:
    """Two stages that write one artifact race; one stage that names it twice says nothing by it."""
    found = said(checked(tmp_path, edited(clean_log(), CONTRACT, old, new)), GATE)
    assert [one.partition(";")[0] for one in found] == [message]


def test_a_finding_names_the_branch_that_shows_it(tmp_path: Path) -> None:
    """The path can be followed from the first stage to the terminal state."""
    files = edited(clean_log(), CONTRACT, "on-reject: quarantine + alert", "on-reject: alert")
    (message,) = said(checked(tmp_path, files), GATE)
    shown = "features ok → train ok → evaluate ok → quality-gate reject → alert → unhandled"
    assert message.endswith(f"shown by: {shown}")


def test_stages_with_one_cause_are_one_finding(tmp_path: Path) -> None:
    """When the default answer is missing, the stages that rely on it are named together."""
    (message,) = said(checked(tmp_path, edited(clean_log(), CONTRACT, "  on-fail: halt + alert\n", "")), GATE)
    assert "features, train, evaluate" in message


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([(RUN, "result: passed", "result: failed")], "the dry run of 2026-11-04 failed: it says so"),
        (
            [
                (
                    RUN,
                    "{branch: quality-gate reject, outcome: quarantined, passed: true",
                    "{branch: quality-gate reject, outcome: completed, passed: false",
                ),
                (RUN, "result: passed", "result: failed"),
            ],
            "the dry run of 2026-11-04 failed: quality-gate reject ended in completed",
        ),
        ([(CONTRACT, "timeout: 10m", "timeout: 12m")], "the contract changed after the dry run of 2026-11-04"),
        ([(RUN, "date: 2026-11-04", "date: 2026-12-24")], "the dry run of 2026-12-24 is in the future"),
        ([(RUN, "branches:", "branch:")], f"the dry-run record docs/{RUN} cannot be read: "),
        (
            [(RUN, METRICS, METRICS.replace("0.8, champion.auc: 0.79", "0.71, champion.auc: 0.7"))],
            "quality-gate asks for auc >= 0.72, but the dry run of",
        ),
        ([(RUN, "files:\n", "commit: abcdef1234\nx-files:\n")], "requirements.lock is a file of the pipeline that the"),
    ],
)
def test_a_record_that_proves_nothing_fails_where_one_is_required(
    edits: list[tuple[str, str, str]], message: str, tmp_path: Path
) -> None:
    """Failed, stale, unreadable, dated ahead, of an unknown commit, contradicted by its own numbers: one finding."""
    files = asked()
    for path, old, new in edits:
        files = edited(files, path, old, new)
    (found,) = findings(checked(tmp_path, files), GATE)
    assert found.message.startswith(message)
    assert found.effect == "block"


WATCHED = [
    (CONTRACT, "artifacts:\n", "artifacts:\n  seen: {type: metrics, path: out/seen.json, keys: [opt_out_rate]}\n"),
    (CONTRACT, "signals: [opt_out_rate],", "signals: [opt_out_rate], in: [seen],"),
    (
        CONTRACT,
        "  watch: {",
        "  observe: {kind: validate, run: python o.py, after: [promote], out: [seen]}\n  watch: {",
    ),
]
"""A monitor that reads what another stage has measured."""


@pytest.mark.parametrize(
    ("metrics", "measured"),
    [("{opt_out_rate: 0.03}", "0.03"), ("{opt_out_rate: 0.01, watch.opt_out_rate: 0.04}", "0.04"), ("{auc: 0.8}", "")],
)
def test_a_limit_of_a_rollback_is_held_to_what_the_monitor_measured(
    metrics: str, measured: str, tmp_path: Path
) -> None:
    """A clean run in breach of the limit contradicts it; the value is the monitor's own where there are two."""
    files = edited(asked(), RUN, METRICS, f"metrics: {metrics}")
    for path, old, new in WATCHED:
        files = edited(files, path, old, new)
    texts = said(checked(tmp_path, files), GATE)
    expected = f"promote is rolled back when opt_out_rate > 0.02, but the dry run of 2026-11-04 measured {measured}"
    assert any(text.startswith(expected) for text in texts) is bool(measured), texts


def test_a_condition_that_was_tried_and_is_gone_is_named(tmp_path: Path) -> None:
    """Whoever drops one condition of several reads which one the dry run had tried."""
    probe = "{gate: quality-gate, condition: brier <= 0.2, value: '0.2', expected: pass, outcome: pass, passed: true}"
    files = edited(asked(), RUN, "\nprobes:\n", f"\nprobes:\n- {probe}\n")
    (text,) = said(checked(tmp_path, edited(files, CONTRACT, "timeout: 10m", "timeout: 12m")), GATE)
    assert text.endswith(": it tried brier <= 0.2 of quality-gate, which the contract asks for no more")


def test_none_at_all_fails_where_one_is_required(tmp_path: Path) -> None:
    """Without a record the gate says how to make one."""
    files = asked()
    del files[RUN]
    files = edited(
        files,
        "churn/decisions/0002-batch-scoring.md",
        "path: evidence/dry-runs/2026-11-04.md",
        "path: evidence/metrics.json",
    )
    (found,) = findings(checked(tmp_path, files), GATE)
    assert found.message == "no dry run of this contract was executed"
    assert "gatepost dry-run churn --execute" in found.hint


@pytest.mark.parametrize(("wanted", "effects"), [("advise", ["advise"]), ('"off"', [])])
def test_who_removes_a_record_is_told_what_is_lacking(wanted: str, effects: list[str], tmp_path: Path) -> None:
    """No record is not quieter than one of long ago, or than one that failed, unless the policy asks for none."""
    files = edited(clean_log(), "policy.md", 'executed: "off"', f"executed: {wanted}")
    del files[RUN]
    found = findings(checked(tmp_path, files), GATE)
    assert [one.effect for one in found if one.message == "no dry run of this contract was executed"] == effects


@pytest.mark.parametrize("other", ["0a" * 32, "ff" * 32])
@pytest.mark.parametrize("date", ["2026-11-04", "2026-11-20"])
def test_a_record_of_another_contract_does_not_hide_one_of_this(other: str, date: str, tmp_path: Path) -> None:
    """Whoever changes a contract twice a day, or takes a change back, has run what stands there."""
    files = asked()
    text = files[RUN].replace(digest(files, as_written=True), other).replace("date: 2026-11-04", f"date: {date}")
    files[f"churn/evidence/dry-runs/{date}-{other[:8]}.md"] = text
    assert told(checked(tmp_path, files)) == []


def test_an_old_record_counts_until_the_policy_s_age(tmp_path: Path) -> None:
    """180 days are allowed by default; the day after it the record is too old."""
    last = dt.date(2026, 11, 4) + dt.timedelta(days=180)
    assert told(checked(folder(tmp_path, "a"), asked(), last)) == []
    assert said(checked(folder(tmp_path, "b"), asked(), last + dt.timedelta(days=1)), GATE) == [
        "the dry run of 2026-11-04 is 181 days old; the policy allows 180"
    ]


def test_by_default_a_stale_record_is_advice(tmp_path: Path) -> None:
    """A team that does not require dry runs is told, not stopped; a record of a failure stops it all the same."""
    stale = edited(asked("advise"), CONTRACT, "timeout: 10m", "timeout: 12m")
    assert [one.effect for one in findings(checked(folder(tmp_path, "a"), stale), GATE)] == ["advise"]
    failed = edited(asked("advise"), RUN, "result: passed", "result: failed")
    assert [one.effect for one in findings(checked(folder(tmp_path, "b"), failed), GATE)] == ["block"]


def test_a_changed_file_of_the_pipeline_makes_the_record_stale(tmp_path: Path) -> None:
    """The files that were run are known by digest, and those that changed are named."""
    files = {**asked(), "churn/train.py": "print('fit')\n"}
    sha256 = hashlib.sha256(b"print('fit')\n").hexdigest()
    listed = f"files:\n  - {{path: train.py, sha256: {sha256}}}"
    files = edited(files, RUN, "files:", listed)
    assert told(checked(folder(tmp_path, "a"), files)) == []
    files["churn/train.py"] = "print('fits')\n"
    assert said(checked(folder(tmp_path, "b"), files), GATE) == ["train.py changed after the dry run of 2026-11-04"]


def test_wording_and_order_keep_the_evidence(tmp_path: Path) -> None:
    """A title, a description and the order of keys are no part of what was run."""
    files = asked()
    before = digest(files)
    files = edited(files, CONTRACT, "{kind: train, ", "{description: Fits the model, kind: train, ")
    assert digest(files) == before
    assert told(checked(tmp_path, files, TODAY)) == []


REWRITTEN = {
    "another order of what is read": ("in: [model, features]", "in: [features, model]"),
    "a default written out": ("{kind: train, ", "{kind: train, retries: 1, timeout: 10m, seed: 11, "),
    "an owner written out": ("{kind: train, ", "{kind: train, owner: growth-ml, on-fail: halt + alert, "),
    "what holds anyway": ("{kind: train, ", "{kind: train, idempotent: true, after: [], "),
    "an empty environment": ("production: {known-good: previous}", "production: {known-good: previous, state: null}"),
    "what is not final": ("path: out/features.csv}", "path: out/features.csv, final: false}"),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_contract_that_promises_the_same_keeps_its_evidence(name: str, tmp_path: Path) -> None:
    """The order of lists that have none, and a default that is written out, change nothing of what was run."""
    files = asked()
    files = edited(files, RUN, digest(files, as_written=True), digest(files))
    files = edited(files, CONTRACT, *REWRITTEN[name])
    assert told(checked(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{kind: train, ", "{kind: train, retries: 2, "),
        ("{kind: train, ", "{kind: train, idempotent: false, "),
        ("  retries: 1\n", "  retries: 0\n"),
        ("in: [model, features], out: [metrics]", "in: [model], out: [metrics]"),
        ("auc >= 0.72", "auc >= 0.7"),
        ("{known-good: previous}", "{known-good: previous, state: out/live}"),
        ("owner: growth-ml\n", "owner: core-ml\n"),
    ],
)
def test_a_contract_that_promises_something_else_does_not(old: str, new: str) -> None:
    """Whatever a stage does otherwise is another contract."""
    files = clean_log()
    before, after = digest(files), digest(edited(files, CONTRACT, old, new))
    assert before != after


def test_a_circle_leaves_the_branches_unknown(tmp_path: Path) -> None:
    """Stages that wait for each other have no branch that ends; `promotion-gated` fails, and this gate cannot tell."""
    report = checked(tmp_path, edited(clean_log(), CONTRACT, "{kind: data,", "{kind: data, after: [evaluate],"))
    assert outcome(report, "churn/pipeline", GATE).state == "unknown"
    assert not report.passed


TRAINING = """\
---
kind: pipeline
title: P
owner: ml
{environments}
defaults: {{timeout: 1h, on-fail: halt + alert}}
artifacts:
  model: {{type: model, path: m, final: true}}
stages:
  train: {{kind: train, run: a, out: [model]}}
  {more}
---

# P
"""


@pytest.mark.parametrize(
    ("environments", "more", "asked_for"),
    [
        ("environments: {production: {}}", "", ["production"]),
        ("environments: {eu: {}, staging: {}}", "", ["eu"]),
        ("environments: {staging: {}}", "", []),
        ("", "", []),
        ("environments: {rehearsal: {}}", "ship: {kind: promote, to: rehearsal, in: [model], on-fail: halt}", []),
    ],
)
def test_a_production_that_nothing_reaches_is_asked_about(
    environments: str, more: str, asked_for: list[str], tmp_path: Path
) -> None:
    """It blocks nothing: a contract that only trains is whole, and one that lists no production is not asked."""
    files = {"pipeline.md": TRAINING.format(environments=environments, more=more)}
    report = checked(tmp_path, files)
    told = [one for one in findings(report, GATE) if "no stage promotes to it" in one.message]
    assert [one.message.split()[5].rstrip(",") for one in told] == asked_for
    assert {one.effect for one in told} <= {"advise"}
    assert (outcome(report, "docs/pipeline", GATE).state == "pass") is not bool(more)


@pytest.mark.parametrize("wanted", ["advise", '"off"'])
def test_what_needs_a_shell_is_told_before_the_dry_run_refuses_it(wanted: str, tmp_path: Path) -> None:
    """It is advice, since a contract may be run by an engine alone; where the policy wants no run, nobody is told."""
    files = edited(clean_log(), CONTRACT, "run: python train.py", "run: python train.py > out/train.log")
    files = edited(files, "policy.md", 'executed: "off"', f"executed: {wanted}")
    told = [(one.message, one.effect) for one in findings(checked(tmp_path, files), GATE) if "a shell" in one.message]
    expected = ("stages.train.run needs a shell, so `dry-run --execute` refuses it", "advise")
    assert told == ([expected] if wanted == "advise" else [])


@pytest.mark.parametrize(("key", "read"), [("opt_out_rate", True), ("opened", False)])
def test_a_monitor_may_write_down_what_it_watches(key: str, read: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Its own signals are read by it; anything else that it writes is for somebody."""
    seen = f"  seen: {{type: metrics, path: out/seen.json, keys: [{key}]}}\n"
    files = edited(clean_log(), CONTRACT, "stages:\n", f"{seen}stages:\n")
    files = edited(files, CONTRACT, "watch: {kind: monitor,", "watch: {kind: monitor, out: [seen],")
    found = [one.message for one in findings(checked(tmp_path, files), GATE)]
    assert found == ([] if read else ["the artifact seen is written and never read"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    first(
        [
            ("to: previous,", "to: bundle,", "promote goes back to bundle, which is what it brings"),
            ("to: previous,", "to: model,", "promote goes back to model, which this run has made"),
            (
                "run: python rollback.py",
                "run: sh -c 'python rollback.py || true'",
                "that the rollback of promote fails may",
            ),
            (
                "monitor, after: [promote]",
                "monitor, after: [package]",
                "watch rolls back, and it comes behind no promotion",
            ),
            (
                "run: python rollback.py",
                "run: echo rolled back",
                "the rollback of promote runs `echo rolled back`",
            ),
            ("watch: {kind: monitor,", "watch: {kind: monitor, run: 'true',", "watch runs `true`, which ends well"),
            (
                "watch: {kind: monitor,",
                "watch: {kind: monitor, run: python watch.py || true,",
                "what watch sees may be lost",
            ),
            (
                "when: [opt_out_rate > 0.02]",
                "when: [opt_out_rate > 0.02, opt_out_rate < 0.1]",
                "promote rolls back when opt_out_rate < 0.1, which is met wherever opt_out_rate > 0.02 is not",
            ),
            (
                "path: out/model.json",
                "path: out/./facts.csv",
                "facts and model are written to one path, out/./facts.csv, by",
            ),
        ],
        quick=4,
    ),
)
def test_what_cannot_help_after_a_breach_is_told(old: str, new: str, message: str, tmp_path: Path) -> None:
    """Back to the release itself, unheard, too early, always, or over what was to be compared with."""
    files = edited(edited(clean_log(), CONTRACT, "{known-good: previous}", "{}"), CONTRACT, old, new)
    found = [one.message for one in findings(checked(tmp_path, files), GATE)]
    assert any(one.startswith(message) for one in found), found

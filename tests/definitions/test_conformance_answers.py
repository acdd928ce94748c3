"""What the definition runs after a failure is what the contract answers it with: shown, open, or surely not there."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from reading import read

from gatepost.definitions import Conformance, compare
from gatepost.records import Pipeline

CONTRACT: dict[str, Any] = {
    "title": "Release",
    "owner": "ml",
    "handlers": {"alert": "python notify.py alert", "page": "python notify.py page"},
    "defaults": {"on-fail": "halt + alert"},
    "stages": {
        "fit": {"kind": "train", "run": "python fit.py"},
        "judge": {"kind": "gate", "run": "python judge.py", "after": ["fit"]},
        "ship": {
            "kind": "promote",
            "to": "production",
            "run": "python ship.py",
            "after": ["judge"],
            "rollback": {"to": "previous", "run": "python ship.py --undo"},
            "on-fail": "rollback + page",
        },
    },
}
ALERT = (
    "nothing in the definition runs `python notify.py alert` when fit and judge fail; here the answer is halt + alert"
)
UNDO = (
    "nothing in the definition runs `python ship.py --undo` or `python notify.py page` when ship fails; "
    "here the answer is rollback + page"
)
BACK = UNDO.replace(" or `python notify.py page`", "")
WAKE = UNDO.replace("`python ship.py --undo` or ", "")
UNASKED = "in the definition {} runs `python ship.py --undo` after each good end of ship, too"
EARLY = "in the definition `python ship.py --undo` also runs when fit and judge fail, before ship has begun"
NONE = (
    "nothing in the definition runs after a failure; here `python notify.py alert`, `python ship.py --undo` and "
    "`python notify.py page` answer one"
)


def unseen(message: str) -> str:
    """Give what is told where it is not known whether something runs a command."""
    return message.replace("nothing in the definition", "nothing that is seen of the definition")


def compared(tool: str, text: str, *besides: str, **more: Any) -> Conformance:
    """Compare a definition with the contract."""
    source = {"kind": tool, "path": "d", "besides": besides}
    return compare(Pipeline.model_validate({**CONTRACT, "source": source, **more}), read(tool, text, path="d/x"), "d")


def told(tool: str, text: str, *besides: str, **more: Any) -> list[tuple[str, str]]:
    """Give each difference as its weight and its message."""
    return [(one.weight, one.message) for one in compared(tool, text, *besides, **more).differences]


ACTIONS = """\
jobs:
  fit:
    runs-on: ubuntu-24.04
    steps: [{uses: actions/checkout@v4}, {run: python fit.py}]
  judge:
    runs-on: ubuntu-24.04
    needs: fit
    steps: [{run: python judge.py}]
  ship:
    runs-on: ubuntu-24.04
    needs: judge
    environment: production
    steps:
      - {id: ship, run: python ship.py}
      - {name: Take it back, if: failure(), run: python ship.py --undo}
      - {name: Wake somebody, if: always() && steps.ship.outcome == 'failure', run: python notify.py page}
  alert:
    runs-on: ubuntu-24.04
    needs: [judge]
    if: failure()
    steps:
      - run: python notify.py alert --run ${{ github.run_id }}
"""


def test_github_answers_by_steps_and_by_jobs() -> None:
    """A step that runs after a failure answers for its job, a job for all before it, those it does not name too."""
    assert told("github-actions", ACTIONS, "alert") == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "if: failure(), run: python ship.py",
            "if: success(), run: python ship.py",
            [("differs", BACK), ("differs", UNASKED.format("ship"))],
        ),
        ("if: failure(), run: python ship", "if: cancelled(), run: python ship", [("differs", BACK)]),
        ("    if: failure()\n    steps", "    if: cancelled()\n    steps", [("differs", ALERT)]),
        ("    if: failure()\n    steps", "    steps", [("differs", ALERT)]),
        ("notify.py alert --run", "notify.py nothing --run", [("differs", ALERT)]),
        ("run: python notify.py alert", "run: echo python notify.py alert", [("differs", ALERT)]),
        ("run: python notify.py alert", "run: if false; then python notify.py alert; fi #", [("differs", ALERT)]),
        ("needs: [judge]\n    if", "if", [("differs", ALERT)]),
    ],
)  # fmt: skip
def test_an_answer_that_github_surely_does_not_run_is_told(old: str, new: str, expected: list[Any]) -> None:
    """Another command, one that is only printed, one that runs when all is well, one that waits for nothing."""
    assert old in ACTIONS
    assert told("github-actions", ACTIONS.replace(old, new), "alert") == expected


def test_an_answer_of_the_engine_needs_no_command_in_the_definition() -> None:
    """`alert: engine` says that what runs the stages tells people by itself: no job has to."""
    handlers = {**CONTRACT["handlers"], "alert": "engine"}
    without = ACTIONS.partition("  alert:")[0]
    assert told("github-actions", without, handlers=handlers) == []
    assert told("github-actions", without) == [("differs", ALERT)]


def test_a_workflow_that_an_answer_starts_is_not_seen() -> None:
    """A step that starts it is unknown; a job that does, and that the contract sets aside, is vouched for."""
    for start in ("gh workflow run undo.yml", "gh api -X POST repos/o/r/dispatches -f event_type=undo"):
        step = ACTIONS.replace("if: failure(), run: python ship.py --undo", f"if: failure(), run: {start}")
        assert told("github-actions", step, "alert") == [("unknown", unseen(BACK))]
        job = ACTIONS.replace("python notify.py alert --run ${{ github.run_id }}", start)
        assert told("github-actions", job, "alert") == []


WATCH = """\
on: {workflow_run: {workflows: [release], types: [completed]}}
jobs:
  undo:
    if: github.event.workflow_run.conclusion == 'failure'
    steps: [{run: python ship.py --undo}]
"""


@pytest.mark.parametrize(
    ("watch", "expected"),
    [
        (WATCH, []),
        (WATCH.replace("--undo", "--other"), [("differs", BACK)]),
        (WATCH.replace("'failure'", "'success'"), [("differs", BACK)]),
    ],
)
def test_a_workflow_that_waits_for_the_end_of_this_one_is_read(watch: str, expected: list[Any]) -> None:
    """The contract names it in `besides`; its jobs answer each failure, unless they want all to be well."""
    text = "name: release\n" + ACTIONS.replace(
        "      - {name: Take it back, if: failure(), run: python ship.py --undo}\n", ""
    )
    path = ".github/workflows/undo.yml"
    source = {"kind": "github-actions", "path": "d", "besides": ["alert", path]}
    record = Pipeline.model_validate({**CONTRACT, "source": source})
    definition = read("github-actions", text, {path: watch}, path="d/x", besides=["alert", path])
    found = compare(record, definition, "d").differences
    assert [(one.weight, one.message) for one in found if one.id == "answer-missing"] == expected
    assert not [one for one in found if one.id == "besides-missing" and "success" not in watch]


def test_what_an_action_of_others_does_is_open() -> None:
    """A step of it is unknown; a job of it that the contract sets aside is vouched for, and so is a called workflow."""
    step = ACTIONS.replace("if: failure(), run: python ship.py --undo", "if: failure(), uses: org/undo@v1")
    assert told("github-actions", step, "alert") == [("unknown", unseen(BACK))]
    job = ACTIONS.replace("- run: python notify.py alert --run ${{ github.run_id }}", "- uses: org/chat@v2")
    assert told("github-actions", job, "alert") == []
    called = ACTIONS.replace(
        "    if: failure()\n    steps:\n      - run: python notify.py alert --run ${{ github.run_id }}\n",
        "    if: failure()\n    uses: org/x/.github/workflows/alert.yml@v1\n",
    ).replace("    needs: [judge]\n    runs-on", "    needs: [judge]\n    x")
    assert not compared("github-actions", called, "alert").of("differs")


def test_a_job_that_is_handed_what_failed_may_answer_each_in_its_own_way() -> None:
    """One command for all of them, told which it was, is taken at the word of the contract."""
    one = ACTIONS.replace(
        "python notify.py alert --run ${{ github.run_id }}", "python answer.py '${{ toJSON(needs) }}'"
    )
    assert told("github-actions", one, "alert") == []
    assert told("github-actions", one.replace("'${{ toJSON(needs) }}'", ""), "alert") == [("differs", ALERT)]


def test_a_step_before_the_command_answers_nothing() -> None:
    """Nothing has failed yet when it is passed over."""
    steps = "      - {id: ship, run: python ship.py}\n"
    early = ACTIONS.replace(steps, "").replace("  alert:\n", f"{steps}  alert:\n")
    assert told("github-actions", early, "alert") == [("differs", UNDO)]


def test_a_script_may_answer_itself() -> None:
    """What it runs because the command before it has failed."""
    own = ACTIONS.replace("{run: python fit.py}", "{run: \"trap 'python notify.py alert' ERR\\npython fit.py\"}")
    expected = ALERT.replace("fit and judge fail", "judge fails")
    assert told("github-actions", own[: own.index("  alert:")]) == [("differs", expected)]


GITLAB = """\
stages: [build, test, deploy, answer]
fit: {stage: build, script: [python fit.py]}
judge: {stage: test, script: [python judge.py]}
ship:
  stage: deploy
  script: [python ship.py]
  environment: production
undo:
  stage: answer
  needs: [ship]
  when: on_failure
  script: [python ship.py --undo, python notify.py page]
alert:
  stage: answer
  when: on_failure
  script:
    - python notify.py alert
"""


def test_gitlab_answers_by_jobs_that_run_on_failure() -> None:
    """One that needs a job answers that alone, one of a later stage all before it."""
    assert told("gitlab-ci", GITLAB, "undo", "alert") == []
    status = 'if [ "$CI_JOB_STATUS" = failed ]; then python ship.py --undo; fi'
    after = GITLAB.replace("script: [python ship.py]", f"script: [python ship.py]\n  after_script: ['{status}']")
    assert told("gitlab-ci", after.replace("--undo, ", ""), "undo", "alert") == []


MAIN = "if: '$CI_COMMIT_BRANCH == \"main\"'"
TAGS = "if: $CI_COMMIT_TAG"


@pytest.mark.parametrize(
    ("ship", "undo", "expected"),
    [
        (f"{{{MAIN}}}", f"{{{MAIN}, when: on_failure}}", ""),
        (f"{{{MAIN}, when: manual}}", f"{{{MAIN}, when: on_failure}}", ""),
        (f"{{{MAIN}}}, {{{TAGS}}}", f"{{{TAGS}, when: on_failure}}, {{{MAIN}, when: on_failure}}", ""),
        (f"{{{TAGS}, when: never}}, {{{MAIN}}}", f"{{{TAGS}, when: never}}, {{{MAIN}, when: on_failure}}", ""),
        (f"{{{MAIN}}}", f"{{{MAIN}, when: on_failure}}, {{when: never}}", ""),
        (f"{{{MAIN}}}", f"{{{TAGS}, when: on_failure}}", "unknown"),
        (f"{{{MAIN}}}, {{{TAGS}}}", f"{{{TAGS}, when: on_failure}}", "unknown"),
        (f"{{{MAIN}}}", f"{{{TAGS}, when: never}}, {{{MAIN}, when: on_failure}}", "unknown"),
        ("{changes: {paths: [a]}}", "{changes: {paths: [b]}, when: on_failure}", "unknown"),
        (f"{{{MAIN}}}", f"{{{MAIN}, when: never}}", "differs"),
        (f"{{{MAIN}}}", f"{{{MAIN}, when: always}}", "good"),
        (f"{{{MAIN}}}", f"{{{MAIN}}}", "differs"),
    ],
)
def test_a_rule_that_held_for_the_promotion_holds_for_what_answers_it(ship: str, undo: str, expected: str) -> None:
    """Both were asked when the pipeline began; one of the promotion's rules decided there, and decides here."""
    text = GITLAB.replace("  environment: production\n", f"  environment: production\n  rules: [{ship}]\n")
    text = text.replace("  needs: [ship]\n  when: on_failure\n", f"  needs: [ship]\n  rules: [{undo}]\n")
    found = told("gitlab-ci", text, "undo", "alert")
    assert [weight for weight, _ in found] == (
        [] if not expected else ["unknown" if expected == "unknown" else "differs"]
    )
    assert all(("after each good end" in message) is (expected == "good") for _, message in found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  when: on_failure\n  script:\n", "  script:\n", [("differs", ALERT)]),
        ("  when: on_failure\n  script: [", "  script: [", [("differs", UNDO)]),
        ("- python notify.py alert", "- 'true'", [("differs", ALERT)]),
        ("  stage: answer\n  when", "  stage: answer\n  needs: [ship]\n  when", [("differs", ALERT)]),
        ("  when: on_failure\n  script:\n", "  rules: [{when: never}]\n  script:\n", [("differs", ALERT)]),
        ("- python notify.py alert", "- python answer.py $CI_PIPELINE_ID", []),
    ],
)
def test_an_answer_that_gitlab_surely_does_not_run_is_told(old: str, new: str, expected: list[Any]) -> None:
    """A job that runs when all is well, that never runs, that answers another job, that does something else."""
    assert old in GITLAB
    assert told("gitlab-ci", GITLAB.replace(old, new), "undo", "alert") == expected


ARGO = """\
kind: Workflow
spec:
  entrypoint: release
  onExit: answer
  templates:
    - name: release
      dag:
        tasks:
          - {name: fit, template: fit}
          - {name: judge, template: judge, depends: fit}
          - name: ship
            template: ship
            depends: judge
            hooks:
              exit: {template: undo, expression: 'tasks.ship.status == "Failed"'}
    - {name: fit, container: {image: x, command: [python, fit.py]}}
    - {name: judge, container: {image: x, command: [python, judge.py]}}
    - {name: ship, container: {image: x, command: [python, ship.py]}}
    - name: undo
      steps:
        - - {name: back, template: back}
        - - {name: wake, template: wake}
    - {name: back, container: {image: x, command: [python, ship.py, --undo]}}
    - {name: wake, container: {image: x, command: [sh, -c, 'python notify.py page']}}
    - {name: answer, container: {image: x, command: [python, notify.py, alert]}}
"""
BESIDES = ("onExit.answer", "ship.exit")


def test_argo_answers_by_hooks_and_at_the_end() -> None:
    """A hook of a task answers for that, `onExit` for all of the workflow; `depends: ship.Failed` for one task."""
    assert told("argo", ARGO, *BESIDES) == []
    task = """\
          - {name: back, template: back, depends: ship.Failed}
          - {name: wake, template: wake, depends: ship.Failed || back.Failed}
    - {name: fit"""
    hook = ARGO[ARGO.index("            hooks:") : ARGO.index("    - {name: fit, container")]
    depends = ARGO.replace(hook, "").replace("    - {name: fit, container", f"{task}, container", 1)
    assert told("argo", depends, "onExit.answer", "back", "wake") == []


@pytest.mark.parametrize(
    ("old", "new", "besides", "expected"),
    [
        ("  onExit: answer\n", "", ["ship.exit"], [ALERT]),
        ("[python, notify.py, alert]", "[python, notify.py, noop]", BESIDES, [ALERT]),
        ("[python, notify.py, alert]", "['true']", BESIDES, [ALERT]),
        ("[python, notify.py, alert]", "[echo, python, notify.py, alert]", BESIDES, [ALERT]),
        ('== "Failed"', '== "Succeeded"', BESIDES, [UNDO]),
        ("onExit: answer", "hooks: {running: {template: answer, expression: workflow.status == 'Running'}}",
         ["ship.exit", "running.answer", "hooks.running.answer"], [ALERT]),
        ("{name: back, template: back}", "{name: back, template: back, when: 'false'}", BESIDES,
         [BACK]),
        ("[python, notify.py, alert]", "[python, answer.py, '{{workflow.failures}}']", BESIDES, []),
        ("[python, notify.py, alert]", "[python, answer.py, '{{workflow.name}}']", BESIDES, [ALERT]),
    ],
)  # fmt: skip
def test_an_answer_that_argo_surely_does_not_run_is_told(
    old: str, new: str, besides: list[str], expected: list[str]
) -> None:
    """It is gone, does nothing, does something else, or runs when all is well; one that is told what failed may do."""
    assert old in ARGO
    found = compared("argo", ARGO.replace(old, new), *besides).differences
    assert [one.message for one in found if one.id == "answer-missing"] == expected
    assert {one.weight for one in found} <= {"differs"}


def test_nothing_at_all_is_one_difference() -> None:
    """Where no failure is answered the cause is one."""
    hook = ARGO[ARGO.index("            hooks:") : ARGO.index("    - {name: fit, container")]
    assert told("argo", ARGO.replace(hook, "").replace("  onExit: answer\n", "")) == [("differs", NONE)]


@pytest.mark.parametrize("tool", ["argo", "gitlab-ci", "github-actions"])
def test_an_excuse_for_what_is_gone_is_told(tool: str) -> None:
    """`besides:` names what exists beside the contract; a stage, or a group of it."""
    text = {"argo": ARGO, "gitlab-ci": GITLAB, "github-actions": ACTIONS}[tool]
    besides = {"argo": BESIDES, "gitlab-ci": ("undo", "alert"), "github-actions": ("alert",)}[tool]
    (found,) = compared(tool, text, *besides, "lint").differences
    assert (found.id, found.weight, found.at) == ("besides-missing", "differs", ("source", "besides"))
    assert found.message == "`besides:` names lint, which the definition does not have"


def test_an_excuse_is_open_where_the_definition_is() -> None:
    """A job of a workflow elsewhere may have the name."""
    text = ACTIONS + "  more: {needs: fit, uses: org/x/.github/workflows/more.yml@v1}\n"
    found = compared("github-actions", text, "alert", "more", "more.lint").differences
    assert [(one.id, one.weight) for one in found] == [("besides-missing", "unknown")]


AIRFLOW = '''\
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

FOLDER = Path(__file__).parent
UNDO = [sys.executable, "ship.py", "--undo"]


def call(*words):
    subprocess.run([sys.executable, *words], cwd=FOLDER, check=False)


def alert(context):
    """Not a rollback: python ship.py --undo."""
    call("notify.py", "alert")


def undo(context):
    subprocess.run(UNDO, cwd=FOLDER, check=False)
    call("notify.py", "page")


with DAG("release", default_args={"on_failure_callback": alert}):
    fit = BashOperator(task_id="fit", bash_command="python fit.py")
    judge = BashOperator(task_id="judge", bash_command="python judge.py")
    ship = BashOperator(task_id="ship", bash_command="python ship.py", on_failure_callback=undo)
    fit >> judge >> ship
'''
RULED = """\
    back = BashOperator(task_id="back", bash_command="python ship.py --undo", trigger_rule="one_failed")
    wake = BashOperator(task_id="wake", bash_command="python notify.py page", trigger_rule="all_done")
    ship >> back >> wake
"""


def test_another_dag_that_an_answer_starts_is_not_seen() -> None:
    """A task that triggers one after a failure may start anything."""
    ruled = AIRFLOW.replace(", on_failure_callback=undo", ", on_failure_callback=None")
    start = '    back = TriggerDagRunOperator(task_id="back", trigger_dag_id="undo", trigger_rule="one_failed")\n'
    start = f"{start}    ship >> back\n"
    found = told("airflow", ruled + start, "back")
    assert found == []
    assert ("unknown", unseen(UNDO)) in told("airflow", ruled + start)


def test_airflow_answers_by_callbacks_and_by_rules() -> None:
    """Functions of the file, what they call, what they are given; or tasks that run when something has failed."""
    assert told("airflow", AIRFLOW) == []
    ruled = AIRFLOW.replace(", on_failure_callback=undo", "") + RULED
    assert told("airflow", ruled, "back", "wake") == [("differs", EARLY)]
    assert told("airflow", AIRFLOW.replace("on_failure_callback=undo", "on_failure_callback=[alert, undo]")) == []
    whole = AIRFLOW.replace(
        'DAG("release", default_args={"on_failure_callback": alert})', 'DAG("release", on_failure_callback=alert)'
    )
    assert told("airflow", whole) == []
    given = AIRFLOW.replace("def undo(context):", "def undo(first, context):").replace(
        "subprocess.run(UNDO, cwd", "subprocess.run(first, cwd"
    )
    partial = given.replace("callback=undo", "callback=functools.partial(undo, UNDO)")
    assert told("airflow", f"import functools\n{partial}") == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("on_failure_callback=undo", "on_failure_callback=alert", [("differs", UNDO)]),
        (", on_failure_callback=undo", "", [("differs", UNDO)]),
        ("on_failure_callback=undo", "on_failure_callback=None", [("differs", UNDO)]),
        ("on_failure_callback=undo", "on_success_callback=undo", [("differs", UNDO)]),
        ('{"on_failure_callback": alert}', "{}", [("differs", ALERT)]),
        ('"--undo"', '"--again"', [("differs", BACK)]),
        ('call("notify.py", "page")', "pass", [("differs", WAKE)]),
        (
            "subprocess.run([sys.executable, *words], cwd",
            "print([sys.executable, *words], cwd",
            [("differs", ALERT), ("unknown", unseen(WAKE))],
        ),
        (
            'call("notify.py", "page")',
            "Pager().page()",
            [("unknown", unseen(WAKE))],
        ),
        ("on_failure_callback=undo", "on_failure_callback=page_somebody", [("unknown", unseen(UNDO))]),
        ("on_failure_callback=undo", "on_failure_callback=page_somebody('sre')", [("unknown", unseen(UNDO))]),
    ],
)
def test_an_answer_that_airflow_surely_does_not_run_is_told(old: str, new: str, expected: list[Any]) -> None:
    """What no function of the file holds; code of another file may run anything."""
    assert old in AIRFLOW
    text = AIRFLOW.replace(old, new)
    if new not in AIRFLOW and ("Pager" in new or "page_somebody" in new):
        text = f"from common.paging import Pager, page_somebody\n{text}"
    assert told("airflow", text) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("'--undo'", [WAKE]), ("FLAG", [WAKE]), ("'--again'", [UNDO]), ("Pager().words()", [])],
)
def test_a_task_of_python_is_read_like_a_callback(words: str, expected: list[str]) -> None:
    """What its function holds; one that takes code from elsewhere is vouched for by `besides`."""
    task = f"""\
    @task(trigger_rule="one_failed")
    def back():
        subprocess.run([sys.executable, "ship.py", {words}], check=False)

    ship >> back()
"""
    head = "from airflow.sdk import task\nfrom common import Pager\nFLAG = '--undo'\n"
    text = head + AIRFLOW.replace(", on_failure_callback=undo", "") + task
    early = [EARLY] if BACK not in expected and UNDO not in expected and words != "Pager().words()" else []
    assert told("airflow", text, "back") == [("differs", one) for one in [*expected, *early]]


@pytest.mark.parametrize(
    ("when", "expected"),
    [("!=", []), ("==", [ALERT])],
)
def test_a_step_of_the_exit_handler_may_be_for_the_good_end(when: str, expected: list[str]) -> None:
    """Argo asks for the status of the workflow; a script of another language is read for its words."""
    handler = f"""\
    - name: answer
      steps:
        - - {{name: tell, template: tell, when: '{{{{workflow.status}}}} {when} Succeeded'}}
    - name: tell
      script:
        image: x
        command: [python]
        source: |
          import subprocess
          subprocess.run(["python", "notify.py", "alert"])
"""
    text = ARGO[: ARGO.index("    - {name: answer,")] + handler
    found = compared("argo", text, *BESIDES).differences
    assert [one.message for one in found if one.id == "answer-missing"] == expected


@pytest.mark.parametrize("rule", ["none_failed", "all_success", "none_failed_min_one_success"])
def test_a_rule_that_waits_for_success_answers_no_failure(rule: str) -> None:
    """A task behind the promotion that does not run when it has failed."""
    ruled = AIRFLOW.replace(", on_failure_callback=undo", "") + RULED.replace("one_failed", rule)
    found = compared("airflow", ruled, "back", "wake").of("differs")
    assert [one.message for one in found] == [BACK]


def test_kubeflow_answers_by_an_exit_handler() -> None:
    """A task that runs when all before it have ended, however they did."""
    names = {"fit": "fit.py", "judge": "judge.py", "ship": "ship.py", "undo": "ship.py --undo"}
    tasks: dict[str, Any] = {name: {"componentRef": {"name": name}} for name in names}
    tasks["judge"]["dependentTasks"] = ["fit"]
    tasks["ship"]["dependentTasks"] = ["judge"]
    tasks["undo"] |= {"dependentTasks": ["ship"], "triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}}
    executors: dict[str, Any] = {
        name: {"container": {"image": "x", "command": f"python {words}".split()}} for name, words in names.items()
    }
    executors["undo"]["container"]["command"].append("{{$.inputs.parameters['status']}}")
    spec = {
        "components": {name: {"executorLabel": name} for name in names},
        "deploymentSpec": {"executors": executors},
        "root": {"dag": {"tasks": tasks}},
    }
    answers = {"handlers": {}}
    assert told("kubeflow", yaml.safe_dump(spec), "undo", **answers) == []
    del tasks["undo"]["triggerPolicy"]
    assert told("kubeflow", yaml.safe_dump(spec), "undo", **answers) == [("differs", BACK)]


LIMITED: dict[str, Any] = {
    **CONTRACT["stages"],
    "ship": {
        **CONTRACT["stages"]["ship"],
        "rollback": {"to": "previous", "run": "python ship.py --undo", "within": "5m"},
    },
}
LATE = "the rollback of ship may take 5m here, and "


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("activeDeadlineSeconds: 300, ", []),
        ("activeDeadlineSeconds: 60, ", []),
        ("activeDeadlineSeconds: 3600, ", [f"{LATE}ship.exit.back, which runs it, may take 1h in the definition"]),
        ("", [f"{LATE}ship.exit.back, which runs it, has no limit in the definition"]),
    ],
)
def test_what_runs_the_rollback_ends_in_its_time(said: str, expected: list[str]) -> None:
    """`within` is a promise, too: a handler that may hang keeps a bad release where it is."""
    text = ARGO.replace("{name: back, container", f"{{name: back, {said}container")
    assert [message for _, message in told("argo", text, *BESIDES, stages=LIMITED)] == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (("", "timeout-minutes: 5, "), []),
        (("timeout-minutes: 30, ", "timeout-minutes: 5, "), []),
        (("", "timeout-minutes: 60, "), [f"{LATE}undo, which runs it, may take 1h in the definition"]),
        (("timeout-minutes: 5, ", "timeout-minutes: 60, "), []),
        (("timeout-minutes: 30, ", ""), [f"{LATE}undo, which runs it, may take 30m in the definition"]),
    ],
)
def test_a_step_that_runs_the_rollback_has_a_limit_of_its_own(limits: tuple[str, str], expected: list[str]) -> None:
    """Of the job and the step, whichever ends first."""
    job = ACTIONS.replace("run: python ship.py --undo}", "run: tidy}")
    condition = "failure() && needs.ship.result == 'failure'"
    job += f"  undo: {{needs: ship, if: {condition}, {limits[0]}steps: [{{run: look}}, "
    job += f"{{{limits[1]}run: python ship.py --undo}}]}}\n"
    assert [message for _, message in told("github-actions", job, "alert", "undo", stages=LIMITED)] == expected


@pytest.mark.parametrize(("minutes", "is_late"), [(5, False), (60, True)])
def test_a_step_of_the_promotion_that_runs_the_rollback_ends_in_its_time(minutes: int, *, is_late: bool) -> None:
    """The job of the promotion may take longer than what undoes it."""
    text = ACTIONS.replace("run: python ship.py --undo}", f"timeout-minutes: {minutes}, run: python ship.py --undo}}")
    assert text != ACTIONS
    late = [f"{LATE}ship, which runs it, may take 1h in the definition"]
    assert [message for _, message in told("github-actions", text, "alert", stages=LIMITED)] == late * is_late


@pytest.mark.parametrize(
    ("more", "weight", "names"),
    [
        ("", "", ""),
        (" > undo.log 2>&1", "", ""),
        (" ${{ github.sha }}", "", ""),
        (" --restore", "unknown", ""),
        (" --to staging", "differs", ", which names staging"),
        (" --to staging && notify", "differs", ", which names staging"),
        (" --check && python ship.py --undo", "", ""),
    ],
)
@pytest.mark.parametrize("is_job", [False, True])
def test_a_rollback_is_told_nothing_more_than_the_contract_says(
    more: str, weight: str, names: str, *, is_job: bool
) -> None:
    """With further arguments it may do something else, and one that names another place does."""
    run = f"python ship.py --undo{more}"
    text = ACTIONS.replace("run: python ship.py --undo}", f"run: {json.dumps(run)}}}")
    if is_job:
        text = ACTIONS.replace("run: python ship.py --undo}", "run: tidy}")
        condition = "failure() && needs.ship.result == 'failure'"
        text += f"  undo: {{needs: ship, if: {condition}, steps: [{{run: {json.dumps(run)}}}]}}\n"
    places = {"environments": {"staging": {}, "production": {}}}
    shown = f"python ship.py --undo{more.partition(' &&')[0]}"
    said = f"the rollback of ship runs `python ship.py --undo` here, and `{shown}` in the definition{names}"
    besides = ["alert", "undo"] if is_job else ["alert"]
    assert told("github-actions", text, *besides, **places) == ([(weight, said)] if weight else [])


def test_each_tool_limits_what_runs_the_rollback_in_its_own_way() -> None:
    """A job of GitLab by a setting, one of GitHub after six hours; a step that says no limit has none to compare."""
    by_setting = f"{LATE}undo, which runs it, is limited by a setting of the project alone"
    assert told("gitlab-ci", GITLAB, "undo", "alert", stages=LIMITED) == [("unknown", by_setting)]
    job = ACTIONS.replace("run: python ship.py --undo}", "run: tidy}")
    condition = "failure() && needs.ship.result == 'failure'"
    job += f"  undo: {{needs: ship, if: {condition}, steps: [{{run: python ship.py --undo}}]}}\n"
    by_itself = f"{LATE}undo, which runs it, may take 6h in the definition"
    assert told("github-actions", job, "alert", "undo", stages=LIMITED) == [("differs", by_itself)]
    limited = job.replace("'failure', steps: [{run: python", "'failure', timeout-minutes: 5, steps: [{run: python")
    assert told("github-actions", limited, "alert", "undo", stages=LIMITED) == []
    assert told("github-actions", ACTIONS, "alert", stages=LIMITED) == []


@pytest.mark.parametrize("tool", ["dvc", "snapshot"])
def test_a_tool_that_answers_nothing_is_not_asked(tool: str) -> None:
    """Whatever starts it runs the commands."""
    stages = {"fit": {"kind": "train", "run": "python fit.py"}}
    text = (
        "stages: {fit: {cmd: python fit.py}}"
        if tool == "dvc"
        else "tool: x\nstages: [{name: fit, command: python fit.py}]"
    )
    assert told(tool, text, stages=stages) == []


def test_an_answer_without_a_command_is_not_asked_for() -> None:
    """Alerts that a system sends by itself have none in the contract."""
    text = ACTIONS[: ACTIONS.index("  alert:")]
    assert told("github-actions", text, handlers={"page": "python notify.py page"}) == []

"""An Argo workflow: nested templates laid flat, whose failure still stops what follows, what the file does not tell."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from reading import edges, names, read, weak

from gatepost.definitions import Definition, DefinitionError
from gatepost.definitions.argo_depends import parse_depends

_REST = """
    - {name: run, container: {image: "python@sha256:ab", command: [python, p.py]}}
    - {name: hold, suspend: {}}
"""


def workflow(templates: str, spec: str = "", kind: str = "Workflow") -> str:
    """Write a workflow whose template `main` begins it; `run` and `hold` are always there."""
    return f"kind: {kind}\nmetadata: {{name: w}}\nspec:\n  entrypoint: main\n{spec}  templates:{_REST}{templates}"


def dag(*tasks: str, more: str = "", spec: str = "") -> Definition:
    """Read a workflow of one DAG, each task in flow style."""
    lines = "".join(f"          - {{{one}}}\n" for one in tasks)
    return read("argo", workflow(f"    - name: main\n      dag:\n        tasks:\n{lines}{more}", spec))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", set()),
        ("A && B", set()),
        ("A.Succeeded && B", set()),
        ("A || B", {"A", "B"}),
        ("A && (B || C.Failed)", {"B", "C"}),
        ("(A && B) || (A && C)", {"B", "C"}),
        ("A.Failed", {"A"}),
        ("A.Errored && B", {"A"}),
        ("A.Skipped || A.Succeeded", {"A"}),
        ("A.AnySucceeded", {"A"}),
        ("A.AllFailed && B", {"A"}),
        ("A.Daemoned", set()),
        ("!A", {"A"}),
        ("!A.Failed && B", {"A"}),
        ("!(A && B)", {"A", "B"}),
        ("a-1_x && 2b.Succeeded", set()),
    ],
)
def test_depends_tells_whose_failure_still_stops(text: str, expected: set[str]) -> None:
    """Weakly waited for is what may have failed though the expression holds, or been left out where that is named."""
    found = parse_depends(text)
    assert found is not None
    assert found.weak == expected


@pytest.mark.parametrize(
    "text", ["A &&", "A B", "(A", "A)", "A & B", "A.B.C", "&& A", "!", "A || ()", "(" * 200 + "A" + ")" * 200]
)
def test_a_depends_that_is_none_is_a_gap(text: str) -> None:
    """It is not guessed what was meant."""
    assert parse_depends(text) is None
    found = dag("name: A, template: run", f"name: b, template: run, depends: '{text}'")
    assert "what b waits for is not known" in found.gaps[0].message


def _expression(draw: random.Random) -> str:
    terms = draw.sample("ABCD", draw.randint(1, 4))
    results = ["", ".Succeeded", ".Failed", ".Errored"]
    text = terms[0] + draw.choice(results)
    for one in terms[1:]:
        text = f"{draw.choice(['', '!'])}({text}) {draw.choice(['&&', '||'])} {one}{draw.choice(results)}"
    return text


def _tried(text: str) -> set[str]:
    """Try every way in which the tasks can end; give those that can fail in one that lets the expression hold."""
    python = re.sub(r"([A-D])(?:\.(\w+))?", lambda m: f"({m[1]}=={(m[2] or 'Succeeded')!r})", text)
    python = python.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    terms = sorted(set(re.findall(r"\b[A-D]\b", text)))
    found: set[str] = set()
    for ends in itertools.product(["Succeeded", "Failed", "Errored"], repeat=len(terms)):
        scope = dict(zip(terms, ends, strict=True))
        if eval(python, {}, scope):  # noqa: S307 - an expression that was written here
            found |= {name for name, end in scope.items() if end != "Succeeded"}
    return found


def test_depends_agrees_with_every_way_that_tasks_can_end() -> None:
    """Whatever lets a task run after a failure, tried one by one, is called weak, and nothing else."""
    for seed in range(200):
        text = _expression(random.Random(seed))  # noqa: S311 - an expression, no secret
        found = parse_depends(text)
        assert found is not None
        assert found.weak == _tried(text), text


def test_dependencies_and_depends_draw_the_edges() -> None:
    """Both ways to say it, and the line where it is said."""
    found = dag(
        "name: a, template: run",
        "name: b, template: run, dependencies: [a]",
        "name: c, template: run, depends: 'a && b.Succeeded'",
    )
    assert edges(found) == {"a>b", "a>c", "b>c"}
    assert weak(found) == {}
    assert [edge.line for edge in found.edges] == [12, 13, 13]


def test_steps_wait_for_the_group_before() -> None:
    """Steps of one group run side by side; an empty group changes nothing."""
    found = read(
        "argo",
        workflow("""\
    - name: main
      steps:
        - [{name: a, template: run}]
        - []
        - - {name: b, template: run}
          - {name: c, template: run}
        - - {name: d, template: run}
"""),
    )
    assert edges(found) == {"a>b", "a>c", "b>d", "c>d"}


def test_nested_templates_carry_the_name_of_what_holds_them() -> None:
    """A DAG inside steps inside a DAG: what is handed in reaches the innermost template."""
    found = dag(
        "name: a, template: outer, arguments: {parameters: [{name: rate, value: '0.1'}]}, when: '{{x}} == 1'",
        "name: b, template: run, dependencies: [a]",
        more="""\
    - name: outer
      inputs: {parameters: [{name: rate}, {name: image, value: "ml:3"}]}
      steps:
        - - {name: s, template: inner, arguments: {parameters: [{name: rate, value: "{{inputs.parameters.rate}}"}]}}
        - - {name: t, template: "{{inputs.parameters.image}}"}
    - name: inner
      inputs: {parameters: [{name: rate}]}
      dag:
        tasks:
          - name: u
            template: fit
            when: "yes"
            arguments: {parameters: [{name: r, value: "{{inputs.parameters.rate}}"}]}
          - {name: v, template: run}
    - name: fit
      inputs: {parameters: [{name: r}]}
      container: {image: "i:{{workflow.parameters.tag}}", command: [fit, "--rate={{inputs.parameters.r}}"]}
    - {name: "ml:3", container: {image: x}}
""",
    )
    assert edges(found) == {"a.s.u>a.t", "a.s.v>a.t", "a.t>b"}
    inner = found.stage("a.s.u")
    assert inner is not None
    assert (inner.command, inner.image) == ("fit --rate=0.1", "i:{{workflow.parameters.tag}}")
    assert inner.condition == "when: {{x}} == 1, when: yes"
    assert found.gaps == ()


def test_continue_on_counts_a_failure_as_success() -> None:
    """The edge says so; what stood before still stops both."""
    found = dag(
        "name: a, template: run", "name: b, template: run, dependencies: [a], continueOn: {failed: true, error: false}",
        "name: c, template: run, dependencies: [b]",
        "name: d, template: run, dependencies: [a], continueOn: {failed: false}",
        "name: e, template: run, dependencies: [d]",
    )  # fmt: skip
    assert weak(found) == {"b>c": "continueOn: failed"}
    assert [edge.before for edge in found.edges if edge.tolerated] == ["b"]


def test_exit_handlers_and_hooks_run_whatever_happened() -> None:
    """Of a task, in the old and the new way, and of the workflow: on weakened edges."""
    found = dag(
        "name: a, template: run, onExit: run",
        "name: b, template: run, dependencies: [a], hooks: {exit: {template: run}, slow: {template: run, expression: "
        "tasks.b.status == 'Running'}}",
        spec="  onExit: run\n  hooks: {exit: {template: run}}\n",
    )
    assert weak(found) == {
        "a>a.onExit": "hooks: onExit",
        "b>b.exit": "hooks: exit",
        "b>b.slow": "hooks: slow, tasks.b.status == 'Running'",
        "a.onExit>exit.run": "hooks: exit",
        "b.exit>exit.run": "hooks: exit",
        "b.slow>exit.run": "hooks: exit",
    }


def test_only_a_suspend_without_an_end_waits_for_somebody() -> None:
    """One with a duration goes on by itself."""
    found = dag(
        "name: a, template: hold", "name: b, template: nap", more='    - {name: nap, suspend: {duration: "20"}}\n'
    )
    assert [stage.waits_for for stage in found.stages] == ["suspend", None]


@pytest.mark.parametrize(
    ("said", "seconds"), [("300", 300.0), ("'90s'", 90.0), ("1h30m", 5400.0), ("1.5h", 5400.0), ("2d", 172800.0)]
)
def test_retries_and_time_outs_are_those_of_the_template(said: str, seconds: float) -> None:
    """Or of the workflow's defaults for all templates."""
    limits = f"retryStrategy: {{limit: '3'}}, activeDeadlineSeconds: {said}"
    more = f"    - {{name: x, {limits}, script: {{image: i, source: s}}}}\n"
    found = dag(
        "name: a, template: x", "name: b, template: run", more=more, spec="  templateDefaults: {timeout: 10m}\n"
    )
    assert [(stage.retries, stage.timeout) for stage in found.stages] == [(3, seconds), (None, 600.0)]
    assert found.stage("a").command == "s"  # type: ignore[union-attr]


def test_a_limit_that_is_filled_in_while_it_runs_is_a_gap() -> None:
    """Retries and time-outs that name a parameter of the workflow."""
    limits = "retryStrategy: {limit: '{{workflow.parameters.n}}'}, timeout: '{{=1}}'"
    more = f"    - {{name: x, {limits}, container: {{image: i}}}}\n"
    found = dag("name: a, template: x", more=more)
    assert [gap.message for gap in found.gaps] == [
        "how often a is tried again is not known: {{workflow.parameters.n}}",
        "how long a may run is not known: {{=1}}",
    ]


def test_a_loop_over_what_is_not_known_is_a_condition() -> None:
    """It may be over nothing; a loop over a list in the file always runs."""
    found = dag(
        "name: a, template: run, withItems: [1, 2]",
        "name: b, template: run, dependencies: [a], withParam: '{{tasks.a.outputs.result}}'",
        "name: c, template: run, withSequence: {count: 5}",
    )
    assert [stage.condition for stage in found.stages] == [
        None,
        "withParam: {{tasks.a.outputs.result}}",
        "withSequence: count 5",
    ]
    assert [edge.via for edge in found.edges] == ["result"]


def test_an_output_is_handed_over_along_an_edge() -> None:
    """It names the edge; used further on it is no edge; used by what does not wait, it is a gap."""
    found = dag(
        "name: a, template: run",
        "name: b, template: run, depends: a, "
        "arguments: {artifacts: [{name: m, from: '{{tasks.a.outputs.artifacts.model}}'}]}",
        "name: c, template: run, depends: b, when: '{{tasks.a.outputs.parameters.auc}} > 0.8'",
        "name: d, template: run, arguments: {parameters: [{name: x, value: \"{{=tasks['a'].outputs.result}}\"}]}",
    )
    assert {(edge.before, edge.after, edge.via) for edge in found.edges} == {("a", "b", "model"), ("b", "c", "")}
    assert [gap.message for gap in found.gaps] == ["d uses an output of a and does not wait for it"]


def test_a_template_of_another_document_is_followed() -> None:
    """One of the cluster is hidden, and a gap."""
    main = workflow("""\
    - name: main
      dag:
        tasks:
          - {name: a, templateRef: {name: lib, template: prepare}}
          - {name: b, templateRef: {name: far, template: away}, dependencies: [a]}
          - {name: c, template: nothing}
          - {name: d, inline: {container: {image: x, command: [y]}}}
""")
    templates = "[{name: prepare, steps: [[{name: s, template: run}]]}]"
    library = f"---\nkind: WorkflowTemplate\nmetadata: {{name: lib}}\nspec: {{templates: {templates}}}"
    found = read("argo", f"{main}{library}")
    assert names(found) == ["a.s", "b", "c", "d"]
    assert found.stage("b").hidden == "templateRef far/away"  # type: ignore[union-attr]
    assert found.stage("d").command == "y"  # type: ignore[union-attr]
    assert [gap.message.partition(":")[0] for gap in found.gaps] == [
        "what b runs is not known",
        "what c runs is not known",
    ]


def test_a_workflow_may_run_a_template_of_the_file() -> None:
    """A cron workflow of a template beside it; one that is elsewhere is an error that says which file to name."""
    library = workflow("    - {name: main, container: {image: x}}\n", kind="WorkflowTemplate")
    cron = "kind: CronWorkflow\nmetadata: {name: nightly}\nspec: {workflowSpec: {workflowTemplateRef: {name: w}}}\n"
    assert names(read("argo", f"{cron}---\n{library}")) == ["main"]
    with pytest.raises(DefinitionError, match="runs the workflow template w, which is not in this file") as caught:
        read("argo", cron)
    assert caught.value.hint == "name the file that holds w"


def test_a_file_with_several_workflows_asks_which() -> None:
    """One is chosen by its name."""
    one = workflow("    - {name: main, container: {image: x}}\n")
    text = f"{one}---\n{one.replace('{name: w}', '{generateName: other-}').replace('image: x', 'image: y')}"
    with pytest.raises(DefinitionError, match="several workflows: w, other"):
        read("argo", text)
    assert read("argo", text, dag="other").stages[0].image == "y"


def test_a_library_begins_with_the_template_that_none_names() -> None:
    """A workflow template has no entrypoint of its own."""
    text = workflow(
        "    - {name: fit, steps: [[{name: a, template: run}]]}\n"
        "    - {name: top, steps: [[{name: b, template: fit}]]}\n",
        kind="ClusterWorkflowTemplate",
    ).replace("  entrypoint: main\n", "")
    assert names(read("argo", text)) == ["b.a"]


def test_a_template_that_names_itself_is_one_hidden_stage() -> None:
    """A loop by recursion is legal; how often it runs is a gap."""
    found = read(
        "argo", workflow("    - {name: main, steps: [[{name: a, template: run}], [{name: b, template: main}]]}\n")
    )
    assert names(found) == ["a", "b"]
    assert found.stage("b").hidden == "a template that it is part of"  # type: ignore[union-attr]
    assert "how often is not shown here" in found.gaps[0].message


def test_only_what_a_target_needs_runs() -> None:
    """A DAG with `target` leaves the other tasks out."""
    found = read(
        "argo",
        workflow("""\
    - name: main
      dag:
        target: b
        tasks:
          - {name: a, template: run}
          - {name: b, template: run, dependencies: [a]}
          - {name: c, template: run, dependencies: [b]}
"""),
    )
    assert names(found) == ["a", "b"]


def test_tasks_that_wait_for_each_other_are_an_error() -> None:
    """Argo refuses them, too."""
    with pytest.raises(DefinitionError, match="wait for each other in a circle"):
        dag("name: a, template: run, depends: b", "name: b, template: run, depends: a")


def test_a_task_that_waits_for_nothing_known_is_a_gap() -> None:
    """The name is told."""
    found = dag("name: a, template: run, dependencies: [typo]")
    assert found.gaps[0].message == "a waits for typo, which is no task here"


def test_what_a_resource_or_a_plugin_does_is_hidden() -> None:
    """The manifest that it applies is no stage of this pipeline."""
    found = dag("name: a, template: x", more="    - {name: x, resource: {action: create, manifest: 'kind: Job'}}\n")
    assert found.stages[0].hidden == "resource: create, whose manifest is not followed"


def test_a_workflow_that_unfolds_without_end_is_bounded() -> None:
    """Templates that hold each other twice, many times over, end in one error."""
    layers = "".join(
        f"    - {{name: t{n}, steps: [[{{name: a, template: t{n + 1}}}, {{name: b, template: t{n + 1}}}]]}}\n"
        for n in range(30)
    )
    text = workflow(f"{layers}    - {{name: t30, container: {{image: x}}}}\n").replace(
        "entrypoint: main", "entrypoint: t0"
    )
    with pytest.raises(DefinitionError, match="unfolds into more than"):
        read("argo", text)


def test_what_a_workflow_hands_to_its_templates_is_filled_in() -> None:
    """Its own parameters stand in the file; what has no value there is left as it is written."""
    found = read(
        "argo",
        """
        kind: Workflow
        metadata: {name: w}
        spec:
          entrypoint: main
          onExit: tell
          arguments: {parameters: [{name: limit, value: 0.8}, {name: image, value: "ml@sha256:7"}, {name: day}]}
          templates:
            - name: main
              inputs: {parameters: [{name: limit}]}
              steps:
                - - name: gate
                    template: run
                    arguments:
                      parameters:
                        - {name: what, value: "gate.py --min {{inputs.parameters.limit}}"}
            - name: run
              inputs: {parameters: [{name: what}]}
              container:
                image: "{{workflow.parameters.image}}"
                command: [python]
                args: ["{{inputs.parameters.what}}", "{{ workflow.parameters.limit }}", "{{workflow.parameters.day}}"]
            - name: tell
              container: {image: x, command: [tell, "{{workflow.parameters.limit}}"]}
        """,
    )
    assert [(one.command, one.image) for one in found.stages] == [
        ("python gate.py --min 0.8 0.8 {{workflow.parameters.day}}", "ml@sha256:7"),
        ("tell 0.8", "x"),
    ]

"""Pipelines of GitLab CI: one rule a test."""

from __future__ import annotations

import time

import pytest
from reading import edges, names, read, weak

from effort import first
from gatepost.definitions import Definition, DefinitionError, RealStage


def gitlab(text: str, files: dict[str, str] | None = None) -> Definition:
    """Read a pipeline, with other files of the repository."""
    return read("gitlab-ci", text, files, ".gitlab-ci.yml")


def stage(found: Definition, name: str) -> RealStage:
    """Give a job that must be there."""
    one = found.stage(name)
    assert one is not None, names(found)
    return one


def messages(found: Definition) -> list[str]:
    """Give what the gaps say."""
    return [gap.message for gap in found.gaps]


# ---- jobs


def test_each_job_is_a_stage_with_its_line() -> None:
    """Hidden jobs and global keys are none; what runs is one line without what only prepares it."""
    text = """\
    variables: {A: 1}
    workflow: {rules: [{when: always}]}
    .hidden: {script: x}
    train:
      image: {name: "python@sha256:ab", entrypoint: [""]}
      before_script: [pip install]
      script:
        - python train.py
        - |
          python tune.py \\
            --depth 3
          # a comment
          python pack.py
      retry: {max: 2, when: script_failure}
      timeout: 1h 30m
      artifacts: {paths: [./out/model.json, data/]}
    """
    found = gitlab(text)
    assert [(one.name, one.line) for one in found.stages] == [("train", 4)]
    train = stage(found, "train")
    assert train.command == "python train.py && python tune.py --depth 3 && python pack.py"
    assert (train.image, train.retries, train.timeout) == ("python@sha256:ab", 2, 5400.0)
    assert train.writes == ("out/model.json", "data")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3600", 3600.0),
        ("90 minutes", 5400.0),
        ("2 hours 5 minutes", 7500.0),
        ("1h 30s", 3630.0),
        ("1.5h", 5400.0),
        ("1 week", 604800.0),
        ("1 month", None),
        ("soon", None),
    ],
)
def test_a_timeout_is_read_as_people_write_it(said: str, seconds: float | None) -> None:
    """Units are whole words or letters; a month has no fixed length."""
    assert stage(gitlab(f"a: {{script: x, timeout: {said}}}"), "a").timeout == seconds


def test_extends_merges_mappings_and_replaces_lists() -> None:
    """Later parents win over earlier ones, the job over all; parents may extend others."""
    text = """\
    .a: {image: one, artifacts: {paths: [a], when: always}, script: [x, y]}
    .b: {extends: .a, timeout: 1m}
    .c: {image: two, artifacts: {paths: [c, d]}}
    job: {extends: [.b, .c], script: [z]}
    """
    job = stage(gitlab(text), "job")
    assert (job.image, job.timeout, job.command, job.writes) == ("two", 60.0, "z", ("c", "d"))


def test_defaults_hold_unless_a_job_says_otherwise_or_does_not_inherit() -> None:
    """`default` and the older global keys; a default is taken as a whole."""
    text = """\
    image: global
    default: {image: base, retry: 1, timeout: 10m, artifacts: {paths: [d]}}
    a: {script: x}
    b: {script: x, image: own, artifacts: {name: n}}
    c: {script: x, inherit: {default: false}}
    d: {script: x, inherit: {default: [retry]}}
    """
    found = gitlab(text)
    facts = {one.name: (one.image, one.retries, one.timeout, one.writes) for one in found.stages}
    assert facts == {
        "a": ("base", 1, 600.0, ("d",)),
        "b": ("own", 1, 600.0, ()),
        "c": (None, None, None, ()),
        "d": (None, 1, None, ()),
    }


def test_references_are_filled_in_anywhere() -> None:
    """In scripts and rules, through other references, and into what a job has from its parents."""
    text = """\
    .base: {script: [one]}
    .more: {extends: .base, rules: [{if: $CI_TAG, when: manual}]}
    .chain: {script: [!reference [.more, script], two]}
    job:
      script: [!reference [.chain, script], three]
      rules: [!reference [.more, rules], {when: never}]
      timeout: !reference [.times, long]
    .times: {long: 2h}
    """
    job = stage(gitlab(text), "job")
    assert (job.command, job.timeout, job.waits_for) == ("one && two && three", 7200.0, "rules: when: manual")
    assert job.condition == "if: $CI_TAG, when: manual; when: never"


def test_the_last_of_two_equal_keys_wins() -> None:
    """As GitLab reads it."""
    assert stage(gitlab("a: {script: x}\na: {script: y}\n"), "a").command == "y"


@pytest.mark.parametrize(
    ("job", "condition", "waits_for"),
    [
        ("when: manual", "when: manual", "when: manual"),
        ("rules: [{if: $A}, {when: manual}]", "if: $A; when: manual", "rules: when: manual"),
        ("rules: [{changes: [a, b], when: always}]", "changes: a, b, when: always", None),
        ("rules: [{exists: {paths: [c]}}]", "exists: …", None),
        ("only: [main, tags]", "only: main, tags", None),
        ("except: {refs: [main], variables: [$X]}", "except: refs main, variables $X", None),
        ("when: delayed", "when: delayed", None),
        ("when: on_success", None, None),
    ],
)
def test_conditions_and_what_a_job_waits_for_are_in_the_words_of_the_file(
    job: str, condition: str | None, waits_for: str | None
) -> None:
    """A manual job waits for a person, whether it says so itself or in a rule."""
    found = stage(gitlab(f"a:\n  script: x\n  {job}\n"), "a")
    assert (found.condition, found.waits_for) == (condition, waits_for)


def test_a_parallel_job_is_one_stage() -> None:
    """Its forms are listed; where they are not written out, that is a gap."""
    text = """\
    a: {script: x, parallel: 3}
    b: {script: x, parallel: {matrix: [{LANG: [en, de], SIZE: s}, {LANG: fr}]}}
    c: {script: x, parallel: 5000}
    """
    found = gitlab(text)
    assert stage(found, "a").variants == ("1/3", "2/3", "3/3")
    assert stage(found, "b").variants == ("en, s", "de, s", "fr")
    assert messages(found) == ["how often c runs is not known"]


def test_what_each_form_of_a_matrix_runs_and_where_it_deploys_is_filled_in() -> None:
    """The values of a matrix come before those of variables; what no value is given stays open."""
    text = """\
    variables: {REGION: none, KEEP: "7"}
    a:
      script: deploy $REGION --keep $KEEP
      environment: {name: prod-$REGION}
      parallel: {matrix: [{REGION: [eu, us]}]}
    b: {script: deploy $KEEP, parallel: {matrix: [{REGION: [eu, us]}]}}
    c: {script: deploy $REGION, environment: prod-$WHO}
    """
    a, b, c = gitlab(text).stages
    assert a.command == "deploy $REGION --keep 7"
    assert (a.forms, a.targets) == (("deploy eu --keep 7", "deploy us --keep 7"), ("prod-eu", "prod-us"))
    assert (b.forms, b.targets, b.command) == ((), (), "deploy 7")
    assert (c.forms, c.targets, c.command) == ((), (), "deploy none")


def test_a_triggered_pipeline_is_hidden() -> None:
    """What a child pipeline or another project does is not known here."""
    text = """\
    a: {trigger: {include: [{local: child.yml}], strategy: depend}}
    b: {trigger: group/project}
    c: {trigger: {include: child.yml}}
    """
    found = gitlab(text)
    assert [one.hidden for one in found.stages] == [
        "a child pipeline, child.yml",
        "a pipeline of the project group/project",
        "a child pipeline, child.yml",
    ]
    assert messages(found) == [f"the jobs that {name} triggers are not known" for name in "abc"]


# ---- files


def test_local_includes_are_laid_below_what_includes_them() -> None:
    """Later includes win over earlier ones, the file itself over all; paths are seen from the root."""
    text = """\
    include: [{local: /ci/a.yml}, ci/b.yml]
    job: {image: own}
    """
    files = {
        "ci/a.yml": "include: ci/deep/c.yml\njob: {script: a, timeout: 1m}\n",
        "ci/b.yml": "job: {timeout: 2m, retry: 1}\n",
        "ci/deep/c.yml": "job: {script: c, tags: [x]}\nother: {script: o}\n",
    }
    found = gitlab(text, files)
    job = stage(found, "job")
    assert (job.image, job.command, job.timeout, job.retries) == ("own", "a", 120.0, 1)
    assert (job.path, job.line) == (".gitlab-ci.yml", 2)
    assert (stage(found, "other").path, stage(found, "other").line) == ("ci/deep/c.yml", 2)
    assert found.files == (".gitlab-ci.yml", "ci/a.yml", "ci/deep/c.yml", "ci/b.yml")


def test_inputs_of_an_include_are_filled_in() -> None:
    """As they are given, else their default; in names of jobs, in texts, and as whole values."""
    text = """\
    include:
      - {local: part.yml, inputs: {name: churn, paths: [a, b]}}
    """
    part = """\
    spec:
      inputs: {name: , env: {default: staging}, paths: {type: array}, secret: }
    ---
    train-$[[ inputs.name ]]:
      script: train $[[inputs.name]] --to $[[ inputs.env ]]
      artifacts:
        paths: $[[ inputs.paths ]]
    ship: {script: "x $[[ inputs.secret ]] $[[ inputs.env | expand_vars ]]"}
    """
    found = gitlab(text, {"part.yml": part})
    train = stage(found, "train-churn")
    assert (train.command, train.writes) == ("train churn --to staging", ("a", "b"))
    assert messages(found) == ["the input secret is not known: it has no value in these files"]
    assert (found.gaps[0].path, found.gaps[0].line) == ("part.yml", 8)


@pytest.mark.parametrize(
    ("include", "words"),
    [
        ("{remote: 'https://example.org/ci.yml'}", "what remote https://example.org/ci.yml includes is not known"),
        ("https://example.org/ci.yml", "what https://example.org/ci.yml includes is not known"),
        ("{project: group/shared, file: a.yml}", "what project group/shared includes is not known"),
        ("{template: Jobs/SAST.gitlab-ci.yml}", "what template Jobs/SAST.gitlab-ci.yml includes is not known"),
        ("{component: example.org/group/c@1, inputs: {a: b}}", "what component example.org/group/c@1 includes is"),
        ("ci/*.yml", "what ci/*.yml includes is not known: it fits no file in git"),
        ("{local: $FILE}", "what $FILE includes is not known: a run fills it in"),
        ("none.yml", "what none.yml includes is not known: it cannot be read"),
        ("{local: more.yml, rules: [{if: $X}]}", "whether more.yml is included is not known: its rules decide"),
    ],
)
def test_what_lies_outside_of_the_files_is_a_gap(include: str, words: str) -> None:
    """The line is that of `include`."""
    found = gitlab(f"a: {{script: x}}\ninclude:\n  - {include}\n", {"more.yml": "b: {script: y}\n"})
    assert [gap.line for gap in found.gaps] == [2]
    assert found.gaps[0].message.startswith(words)


@pytest.mark.parametrize(
    ("pattern", "jobs"),
    [
        ("/ci/*.yml", ["a", "train", "x"]),
        ("ci/**.yml", ["a", "train", "x", "ship"]),
        ("ci/**/*.yml", ["a", "ship"]),
        ("ci/t*.yml", ["a", "train"]),
    ],
)
def test_an_include_by_a_pattern_names_the_files_that_git_has(pattern: str, jobs: list[str]) -> None:
    """One star stays within a folder, two go through any number of them; a file does not include itself."""
    files = {
        "ci/train.yml": "train: {script: python train.py}\n",
        "ci/x.yml": "x: {script: y}\ninclude: ci/*.yml\n",
        "ci/deep/ship.yml": "ship: {script: z}\n",
        "ci/notes.yaml": "no: {script: z}\n",
        "other/a.yml": "other: {script: z}\n",
    }
    found = gitlab(f"a: {{script: x}}\ninclude:\n  - local: {pattern}\n", files)
    assert sorted(names(found)) == sorted(jobs)
    assert found.gaps == ()


def test_names_that_lead_nowhere_are_gaps() -> None:
    """A parent, a reference, a need, and a stage that `stages` does not list."""
    text = """\
    stages: [one]
    a: {stage: one, extends: .none, script: [!reference [.none, script], x]}
    b: {stage: two, script: x, needs: [c, {job: d, optional: true}]}
    """
    assert messages(gitlab(text)) == [
        "a extends .none, which is not in these files",
        "!reference [.none, script] names nothing in these files",
        "b is in the stage two, which `stages` does not list",
        "b needs c, which is no job of these files",
    ]


# ---- order


def test_a_job_waits_for_all_jobs_of_earlier_stages() -> None:
    """Also past a stage whose jobs wait for nothing; what follows from other edges is left out."""
    text = """\
    stages: [data, check, ship]
    prepare: {stage: data, script: x}
    lint: {stage: check, needs: [], script: x}
    ship: {stage: ship, script: x}
    first: {stage: .pre, script: x}
    last: {stage: .post, script: x}
    """
    assert edges(gitlab(text)) == {"first>prepare", "prepare>ship", "lint>ship", "ship>last"}


def test_stages_have_an_order_of_their_own_when_none_is_given() -> None:
    """Build, test, deploy; a job without a stage is in `test`."""
    text = "c: {stage: deploy, script: x}\nb: {script: x}\na: {stage: build, script: x}\n"
    assert edges(gitlab(text)) == {"a>b", "b>c"}


def test_needs_take_the_place_of_the_order_of_stages() -> None:
    """By name or as a mapping; a need of another pipeline is a gap; the line is that of `needs`."""
    text = """\
    stages: [one, two]
    a: {stage: one, script: x}
    b: {stage: one, script: x}
    c:
      stage: two
      script: x
      needs: [a, {job: a, artifacts: true}, {pipeline: other, job: z}]
    """
    found = gitlab(text)
    assert [(edge.before, edge.after, edge.line) for edge in found.edges] == [("a", "c", 7)]
    assert messages(found) == ["c needs a job of another pipeline"]


def test_an_edge_names_the_artifacts_that_are_handed_over() -> None:
    """Not where `dependencies` or `artifacts: false` leave them out."""
    text = """\
    stages: [one, two]
    a: {stage: one, script: x, artifacts: {paths: [out/a, out/b]}}
    b: {stage: two, script: x}
    c: {stage: two, script: x, dependencies: []}
    d: {stage: two, script: x, needs: [{job: a, artifacts: false}]}
    e: {stage: two, script: x, needs: [a], dependencies: [a]}
    """
    via = {edge.after: edge.via for edge in gitlab(text).edges}
    assert via == {"b": "out/a, out/b", "c": "", "d": "", "e": "out/a, out/b"}


@pytest.mark.parametrize(
    ("gate", "ship", "why"),
    [
        ("allow_failure: true", "", "allow_failure: true"),
        ("allow_failure: {exit_codes: [3]}", "", "allow_failure: exit_codes [3]"),
        ("when: manual", "", "when: manual, which allows failure unless it says otherwise"),
        ("when: manual, allow_failure: true", "", "allow_failure: true"),
        ("when: manual, allow_failure: false", "", None),
        ("rules: [{when: manual}]", "", None),
        ("rules: [{when: manual, allow_failure: true}]", "", "rules: allow_failure: true"),
        ("rules: [{if: $A}], allow_failure: true", "", "allow_failure: true"),
        ("", "when: always", "when: always"),
        ("", "when: on_failure", "when: on_failure"),
        ("", "rules: [{if: $A}, {when: always}]", "rules: when: always"),
        ("", "rules: [{if: $A, when: on_success}]", None),
        ("", "needs: [{job: gate, optional: true}]", None),
        ("", "needs: [gate]", None),
        ("", "", None),
    ],
)
def test_what_lets_a_job_run_though_one_before_it_has_failed_weakens_the_edge(
    gate: str, ship: str, why: str | None
) -> None:
    """The words are those of the file. A manual job allows failure by itself, a manual rule does not."""
    text = f"gate: {{stage: build, script: g, {gate}}}\nship: {{script: s, {ship}}}\n"
    found = gitlab(text)
    assert edges(found) == {"gate>ship"}
    assert weak(found).get("gate>ship") == why


def test_a_script_that_hides_its_failure_stops_nothing() -> None:
    """`|| true` at the end of all that a job runs makes it succeed; at the end of one line it does not."""
    text = """\
    hides: {stage: build, script: ["gate.py || true"]}
    stops: {stage: build, script: [gate.py, "tidy || true"]}
    ship: {script: s}
    """
    assert weak(gitlab(text)) == {"hides>ship": "its command hides each failure: `gate.py || true`"}


def test_a_pipeline_that_is_only_started_stops_nothing() -> None:
    """Without `strategy: depend` the job has succeeded as soon as the other pipeline exists."""
    text = """\
    a: {stage: build, trigger: {include: child.yml}}
    b: {stage: build, trigger: {include: child.yml, strategy: depend}}
    ship: {script: s}
    """
    assert set(weak(gitlab(text))) == {"a>ship"}
    assert weak(gitlab(text))["a>ship"].startswith("trigger without `strategy: depend`")


def test_a_manual_job_that_only_prints_is_an_answer_when_it_is_needed_by_name() -> None:
    """A job that needs it waits until somebody starts it; one of a later stage does not wait."""
    text = """\
    approve: {stage: build, when: manual, script: [echo yes]}
    gate: {stage: build, when: manual, script: [python gate.py]}
    ship: {script: s, needs: [approve, gate]}
    """
    assert set(weak(gitlab(text))) == {"gate>ship"}
    assert set(weak(gitlab(text.replace(", needs: [approve, gate]", "")))) == {"approve>ship", "gate>ship"}


def test_a_failure_that_is_tolerated_hides_only_itself() -> None:
    """What stands before such a job still stops what comes after it; what runs whatever happened is not stopped."""
    text = """\
    stages: [data, gate, ship]
    data: {stage: data, script: x}
    gate: {stage: gate, script: x, allow_failure: true}
    ship: {stage: ship, script: x}
    report: {stage: ship, script: x, when: always}
    """
    found = gitlab(text)
    assert edges(found) == {"data>gate", "gate>ship", "gate>report"}
    assert {(edge.after, edge.tolerated) for edge in found.edges if edge.weakened} == {
        ("ship", True),
        ("report", False),
    }


# ---- refused and hostile


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("stages: [a]\n", 1, "has no jobs"),
        (".a: {script: x}\n", 1, "has no jobs"),
        ("b: {extends: .c, script: x}\n.c: {extends: .d}\n.d: {extends: .c}\n", None, "extends itself"),
        ("a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}\n", None, "in a circle"),
    ],
)
def test_what_gitlab_refuses_is_an_error(text: str, line: int | None, words: str) -> None:
    """With a line and a mend."""
    with pytest.raises(DefinitionError, match=words) as caught:
        gitlab(text)
    assert caught.value.hint
    assert line in {None, caught.value.line}


_EXTENDS = ".a0: {script: x}\n" + "".join(
    f".a{n}: {{extends: [{', '.join([f'.a{n - 1}'] * 12)}]}}\n" for n in range(1, 9)
)
_REFERENCES = ".a0: {script: [x]}\n" + "".join(
    f".a{n}: {{script: [{', '.join([f'!reference [.a{n - 1}, script]'] * 12)}]}}\n" for n in range(1, 8)
)
_LONG = "x" * 500_000
HOSTILE: dict[str, tuple[str, dict[str, str], str]] = {
    "extends": (f"{_EXTENDS}job: {{extends: .a8}}\n", {}, ""),
    "references": (f"{_REFERENCES}job: {{script: [!reference [.a7, script]]}}\n", {}, "unfold into more than"),
    "a reference to itself": ("job: {script: [!reference [job, script], x]}\n", {}, ""),
    "includes": ("include: w.yml", {"w.yml": f"include: [{'v.yml, ' * 200}]", "v.yml": "a: {script: x}"}, "than 150"),
    "includes in a circle": ("include: w.yml\na: {script: x}", {"w.yml": "include: [w.yml, .gitlab-ci.yml]"}, ""),
    "inputs": (
        f"include: {{local: w.yml, inputs: {{a: {_LONG}}}}}",
        {"w.yml": "spec: {inputs: {a: }}\n---\njob:\n  script:\n" + "    - x$[[ inputs.a ]]\n" * 900},
        "fill in more than",
    ),
    "many jobs": ("".join(f"j{n}: {{stage: s{n}, script: x}}\n" for n in range(3000)), {}, "more than 2,000 jobs"),
    "many edges": (
        "".join(f"j{n}: {{needs: [{', '.join(f'j{m}' for m in range(n))}], script: x}}\n" for n in range(650)),
        {},
        "unfolds into more than 200,000 values",
    ),
    "many edges of few words": (
        f"stages: [{', '.join(f's{n}' for n in range(2))}]\n"
        + "".join(f"j{n}: {{stage: s{n % 2}, script: x}}\n" for n in range(1000)),
        {},
        "more than 200,000 pairs",
    ),
    "many stages": (
        f"stages: [{', '.join(f's{n}' for n in range(1500))}]\n"
        + "".join(f"j{n}: {{stage: s{n}, script: x}}\n" for n in range(1500)),
        {},
        "",
    ),
    "legs": (
        "a: {parallel: {matrix: [" + "{K: [1, 2]}," * 2_000 + "]}, script: [" + "'x $K'," * 300 + "]}",
        {},
        "",
    ),
    "axes": ("a: {script: x, parallel: {matrix: [{" + ",".join(f"K{n}: [1, 2]" for n in range(60)) + "}]}}", {}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", first(sorted(HOSTILE, key=lambda name: name.startswith("many")), len(HOSTILE) - 4))
def test_hostile_pipelines_take_no_time(name: str) -> None:
    """What unfolds into too much ends in one error, everything else is read within seconds."""
    text, files, words = HOSTILE[name]
    began = time.process_time()
    if words:
        with pytest.raises(DefinitionError, match=words):
            gitlab(text, files)
    else:
        assert gitlab(text, files).stages
    assert time.process_time() - began < 5

"""What a DAG file does not tell is a gap; nothing of it is run; a hostile one ends in an error within bounds."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from airflow_reading import dag_of, gaps, told
from reading import names, read

from gatepost.definitions import DefinitionError


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("for n in load(): EmptyOperator(task_id=n)", "how often this loop runs is not known"),
        ("[EmptyOperator(task_id=n) for n in Variable.get('n')]", "how often this loop runs is not known"),
        ("while more(): EmptyOperator(task_id='a')", "how often this while loop runs is not known"),
        ("if os.environ.get('X'): EmptyOperator(task_id='a')", "what `if os.environ.get('X')` leaves out is not known"),
        ("x = EmptyOperator(task_id='a') if flag() else None", "which tasks this expression makes is not known"),
        ("os.environ.get('X') and EmptyOperator(task_id='a')", "which tasks this expression makes is not known"),
        ("EmptyOperator(task_id=Variable.get('x'))", "the name of a task is not known"),
        ("EmptyOperator(**Variable.get('x'))", "the name of a task is not known"),
        ("TaskGroup(Variable.get('x'))", "the name of a task group is not known"),
        ("a = EmptyOperator(task_id='a')\na >> missing", "what is put in order here is not known"),
        ("chain(*Variable.get('x'))", "what is put in order here is not known"),
        ("EmptyOperator(task_id='a', retries=Variable.get('r'))", "how often a is tried again is not known"),
        ("EmptyOperator(task_id='a', execution_timeout=limit())", "how long a may run is not known"),
        ("EmptyOperator(task_id='a', trigger_rule=Variable.get('r'))", "its trigger rule, is not known"),
        ("from team.tools import build\nbuild()", "what build makes is not known: it comes from another file"),
        (
            "from .tools import connect\nconnect(EmptyOperator(task_id='a'))",
            "what connect does with tasks is not known",
        ),
        (
            "from cosmos import DbtTaskGroup\nDbtTaskGroup(group_id='x')",
            "what DbtTaskGroup makes by itself is not known",
        ),
        ("from team.tools import Team\nTeam('x').build()", "what Team('x').build makes is not known"),
        (
            "for k in os.environ:\n    if k: break\n    EmptyOperator(task_id='a')",
            "how often this loop runs is not known",
        ),
    ],
)
def test_what_only_running_tells_is_a_gap(body: str, words: str) -> None:
    """What depends on settings, on other files or on the world is said to be unknown, never guessed."""
    assert words in gaps(body)


CHAIN = "a = BashOperator(task_id='a', bash_command='gate')\nb = EmptyOperator(task_id='b')\na >> b\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("b.upstream_task_ids.clear()", "what is left of b.upstream_task_ids is not known: it is changed by hand"),
        ("b.upstream_task_ids.remove('a')", "what is left of b.upstream_task_ids"),
        ("a.downstream_task_ids.discard('b')", "what is left of a.downstream_task_ids"),
        ("a.downstream_task_ids = set()", "what is left of a.downstream_task_ids"),
        ("b.upstream_task_ids -= {'a'}", "what is left of b.upstream_task_ids"),
        ("ids = b.upstream_task_ids\nids -= {'a'}", "what is left of b.upstream_task_ids"),
        ("ids = b.upstream_task_ids\nids.clear()", "what is left of b.upstream_task_ids"),
        ("del b.upstream_task_ids", "what is left of b.upstream_task_ids"),
        ("for one in (a, b): one.upstream_task_ids.clear()", "what is left of b.upstream_task_ids"),
        ("getattr(b, 'upstream_task_ids').clear()", "what is left of b.upstream_task_ids"),
        ("getattr(b, os.environ['X']).clear()", "which attribute getattr takes of a task is not known"),
        ("setattr(b, 'upstream_task_ids', set())", "what is left of b.upstream_task_ids"),
        ("setattr(b, os.environ['X'], set())", "which attribute setattr takes of a task is not known"),
        ("set.clear(b.upstream_task_ids)", "what set.clear does with tasks is not known"),
        ("object.__setattr__(b, 'x', set())", "what object.__setattr__ does with tasks is not known"),
        ("vars(b)['upstream_task_ids'] = set()", "what is left of b.__dict__"),
        ("b.__dict__.update(x=1)", "what is left of b.__dict__"),
        ("wipe(b.upstream_task_ids)", "what wipe does with tasks is not known"),
        ("dag.task_dict.pop('a')", "what is left of d.task_dict"),
        ("del dag.task_dict['a']", "what is left of d.task_dict"),
        ("dag.task_dict['a'] = b", "what is left of d.task_dict"),
        ("dag._remove_task('a')", "what _remove_task does to the DAG d is not known"),
        ("exec('b.upstream_task_ids.clear()')", "what exec does is not known: it runs a text"),
        ("a.execute = lambda context: None", "what execute of a, which is set afterwards, does is not known"),
        ("BashOperator.execute = lambda *given: None", "what BashOperator does is not known: its execute is changed"),
    ],
)
def test_an_edge_that_may_be_taken_back_is_a_gap(body: str, words: str) -> None:
    """What Airflow keeps the graph in can be changed by hand, and a task made to do something else."""
    assert words in gaps(CHAIN + body)


@pytest.mark.parametrize(
    "body",
    [
        "print(b.upstream_task_ids)",
        "if 'a' in b.upstream_task_ids: pass",
        "names = sorted(b.upstream_task_ids.copy())",
        "b.upstream_list.clear()",
        "a.doc_md = 'x'; a.pool = 'small'; a.on_failure_callback = print",
        "dag.task_dict['a'] >> dag.task_dict.get('b')",
        "dag.doc_md = 'x'; dag.test()",
        "a.get_direct_relative_ids(); dag.topological_sort()",
    ],
)
def test_what_only_looks_at_the_graph_is_no_gap(body: str) -> None:
    """Reading changes nothing, nor do settings that order no tasks."""
    assert gaps(CHAIN + body) == ""


def test_a_command_that_is_set_afterwards_is_the_command() -> None:
    """The last one counts."""
    assert dag_of(f"{CHAIN}a.bash_command = 'true'").stage("a").command == "true"  # type: ignore[union-attr]


def test_an_operator_that_runs_code_of_its_own_is_a_gap() -> None:
    """Its command is not what runs."""
    head = "class Gate(BashOperator):\n    def execute(self, context): return None\n"
    assert "what Gate runs is not followed" in gaps("Gate(task_id='a', bash_command='gate')", head)


def test_one_cause_is_one_gap() -> None:
    """What comes out of a call that is not known is not told again where it is used."""
    body = "from team.tools import build\nmade = build('x')\nEmptyOperator(task_id='a') >> made.first >> made"
    assert gaps(body) == "what build makes is not known: it comes from another file"


def test_what_code_of_another_file_may_change_is_unknown_afterwards() -> None:
    """A mapping that is handed to it may come back with other defaults."""
    head = "from team.tools import complete\nARGS = {'retries': 1}\ncomplete(ARGS)\n"
    assert "how often a is tried again is not known" in gaps("EmptyOperator(task_id='a', default_args=ARGS)", head)


def test_a_value_that_two_branches_leave_differently_is_unknown() -> None:
    """What is set, appended or returned under a condition that nobody knows, is not known afterwards."""
    head = """
    base = {"retries": 1}
    names = ["a"]
    if os.environ.get("PROD"):
        base["retries"] = 5
        names.append("b")
    def early(name):
        if os.environ.get("PROD"): return None
        return EmptyOperator(task_id=name)
    """
    assert "how often x is tried again is not known" in gaps("EmptyOperator(task_id='x', **base)", head)
    assert "how often this loop runs" in gaps("for one in names: EmptyOperator(task_id=one)", head)
    assert "`if os.environ.get('PROD')` may leave before" in gaps("early('x')", head)


def test_a_value_on_which_branches_agree_is_known() -> None:
    """An import that falls back to an older place, a setting that both branches make: nothing is unknown."""
    head = """
    try:
        from airflow.sdk import task as job
        HAS = True
    except ImportError:
        from airflow.decorators import task as job
    limit = 3 if os.environ.get("X") else 3
    @job(retries=limit)
    def a(): ...
    """
    assert told("a()", head) == "a"


def test_a_task_under_a_condition_that_nobody_knows_says_so() -> None:
    """It is a stage, with the condition in the file's words, and a gap."""
    found = dag_of("if os.environ.get('PROD'): EmptyOperator(task_id='ship')")
    assert found.stage("ship").condition == "if os.environ.get('PROD')"  # type: ignore[union-attr]
    assert len(found.gaps) == 1


def test_an_operator_of_the_file_that_sets_things_itself_is_a_gap() -> None:
    """One that hands its arguments on is followed."""
    head = """
    class Plain(BashOperator):
        def __init__(self, *, task_id, **more): super().__init__(task_id=task_id, bash_command="x", **more)
    class Loud(BashOperator):
        def __init__(self, **more): super().__init__(retries=9, **more)
    """
    assert told("Plain(task_id='a', retries=2)", head) == "a"
    assert "what Loud sets by itself is not followed" in gaps("Loud(task_id='a')", head)


def test_nothing_of_a_file_happens(tmp_path: Path) -> None:
    """Writing, running, importing, exiting, at the top or inside: the file is text."""
    marker = tmp_path / "marker"
    head = f"""
    import subprocess, sys, antigravity_of_mine
    open({str(marker)!r}, "w").write("x")
    subprocess.run(["touch", {str(marker)!r}])
    eval("open({str(marker)!r}, 'w')"); exec("raise SystemExit"); __import__("os").system("touch {marker}")
    class Touch(metaclass=type("M", (type,), {{}})):
        here = open({str(marker)!r}, "w")
    f"{{open({str(marker)!r}, 'w')}}"
    """
    assert told("EmptyOperator(task_id='a')", head) == "a"
    assert not marker.exists()
    assert "antigravity_of_mine" not in __import__("sys").modules


_GROWING = [
    "x = 2\nfor i in range(5000): x = x * x",
    "x = 'ab'\nfor i in range(5000): x = x + x",
    "x = [1]\nfor i in range(5000): x = x + x\nx.extend(x)",
    "x = '{:>999999999}'.format(1); y = '%999999999d' % 1; z = f'{1:>999999999}'; w = 'x' * 10**10; v = 9**9**9",
    pytest.param("x = [[[c for a in range(5000)] for b in range(5000)] for c in range(5000)]", marks=pytest.mark.slow),
    pytest.param(
        "for a in range(5000):\n    for b in range(5000):\n        for c in range(5000): pass", marks=pytest.mark.slow
    ),
    "while True: pass",
    "def f(n): return [f(n), f(n)]\nf(1)",
    "f = lambda: f()\nf()",
    "x = []\nx.append(x)\nx == x",
    "def a(): b()\ndef b(): a()\na()",
    "class A:\n    def __init__(self): super().__init__(); A()\nA()",
    "import itertools\nx = list(itertools.product(range(4000), range(4000), range(4000)))",
]


@pytest.mark.parametrize("head", _GROWING)
def test_what_grows_without_end_is_bounded(head: str) -> None:
    """A file that computes for ever, or into too much, is read within bounds."""
    text = f"from airflow import DAG\n{head}\nwith DAG('d'): EmptyOperator(task_id='a')"
    with contextlib.suppress(DefinitionError):
        found = read("airflow", text)
        assert found.gaps or names(found) == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "-" * 100_000 + "1",
        "x = " + "not " * 50_000 + "1",
        "x = a" + ".b" * 100_000,
        "x = a" + "()" * 50_000,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "lambda: " * 5000 + "1",
        "x = " + "1 if y else " * 5000 + "2",
        "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 99)) + " " * 99 + "y",
        "def f(:\n",
        "x = 1\0",
        "\xff\xfe",
        "# -*- coding: no-such-code -*-\n",
        "x" * 2_000_000,
        "",
        "print('no DAG here')",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_hostile_file_ends_in_one_clear_error(text: str) -> None:
    """The message names the file; there is a line, and a way to mend."""
    with pytest.raises(DefinitionError) as caught:
        read("airflow", text)
    assert "p/definition" in str(caught.value)
    assert caught.value.hint
    assert caught.value.line >= 1


def test_a_long_chain_is_no_deep_one() -> None:
    """Thousands of tasks in one chain of shifts are read."""
    many = " >> ".join(f"t[{number}]" for number in range(1500))
    found = dag_of(f"t = [EmptyOperator(task_id=str(i)) for i in range(1500)]\n{many}")
    assert len(found.edges) == 1499

"""A DAG file is read by its text: what it draws is drawn, however it is written."""

from __future__ import annotations

import pytest
from airflow_reading import HEAD, dag_of, drawn, gaps, told
from reading import edges, names, read, weak

from gatepost.definitions import DefinitionError

_TASKS = "a, b, c, d, e = [EmptyOperator(task_id=one) for one in 'abcde']\n"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("a >> b >> c", "a>b b>c"),
        ("a << b << c", "b>a c>b"),
        ("a >> [b, c] >> d", "a>b a>c b>d c>d"),
        ("[a, b] >> c", "a>c b>c"),
        ("a.set_downstream([b, c]); d.set_upstream(c)", "a>b a>c c>d"),
        ("chain(a, [b, c], [d, e])", "a>b a>c b>d c>e"),
        ("chain_linear(a, [b, c], [d, e])", "a>b a>c b>d b>e c>d c>e"),
        ("chain(*[a, b], c)", "a>b b>c"),
        ("cross_downstream([a, b], [c, d])", "a>c a>d b>c b>d"),
        ("a >> Label('good') >> [b, c]", "a>b a>c"),
        ("a << Label('x') << b", "b>a"),
        ("dag.set_dependency('a', 'b'); dag.get_task('b') >> c", "a>b b>c"),
        ("functools.reduce(lambda x, y: x >> y, [a, b, c])", "a>b b>c"),
        ("for x, y in itertools.pairwise([a, b, c]): x >> y", "a>b b>c"),
        ("for x in [b, c]:\n    a >> x", "a>b a>c"),
        ("t = a\nt >>= b", "a>b"),
        ("first, *rest = [a, b, c]\nfirst >> rest", "a>b a>c"),
    ],
)
def test_order_is_drawn_however_it_is_written(order: str, expected: str) -> None:
    """Shifts, methods, chains, labels and loops over tasks put them in order."""
    assert drawn(_TASKS + order) == expected


def test_the_output_of_a_task_that_is_an_argument_puts_it_before() -> None:
    """Outputs are found in lists and mappings; an operator itself is no output, and a text that names one is none."""
    head = "@task\ndef use(*given, **named): ...\n"
    body = """
    a = BashOperator(task_id="a", bash_command="x")
    b = BashOperator(task_id="b", bash_command=a.output)
    use(a, f"{a.output}")
    use([b.output["key"]], named={"k": XComArg(a)})
    """
    assert drawn(body, head) == "a>b a>use__1 b>use__1"
    via = {f"{edge.before}>{edge.after}": edge.via for edge in dag_of(body, head).edges}
    assert via == {"a>b": "", "a>use__1": "", "b>use__1": "key"}


def test_a_decorated_function_is_one_task_a_call() -> None:
    """A second call is numbered; `override` names and sets; a group and a loop give each call its own task."""
    head = "@task(retries=2)\ndef one(x=None): ...\n"
    body = """
    one(); one()
    one.override(task_id="named", retries=5)()
    with TaskGroup("g"):
        one(); one()
    [one.override(task_id=f"n_{i:02d}")(i) for i in range(3) if i != 1]
    """
    assert told(body, head) == "one one__1 named g.one g.one__1 n_00 n_02"
    found = dag_of(body, head)
    assert [found.stage(name).retries for name in ("one", "named")] == [2, 5]  # type: ignore[union-attr]


def test_decorators_are_known_by_where_they_come_from() -> None:
    """An alias is followed; a decorator of the file is followed too; one of another file leaves the name unknown."""
    head = """
    from airflow.decorators import task as job
    from team.tools import traced
    def loud(inner):
        @functools.wraps(inner)
        def wrapped(*given): return inner(*given)
        return wrapped
    @job
    @loud
    def a(): ...
    @job.bash(task_id="b")
    @traced
    def other(): ...
    @loud
    def make(name): return EmptyOperator(task_id=name)
    """
    assert told("a() >> b() >> make('c')", head.replace("def other", "def b")) == "a b c"
    head = head.replace('(task_id="b")', "")
    assert "what another decorator does with other is not known" in gaps("other()", head)


@pytest.mark.parametrize(
    ("outer", "middle", "expected"),
    [
        ("", "", "out.mid.in.t out.mid.u out.v"),
        ("", ", prefix_group_id=False", "in.t u out.v"),
        (", prefix_group_id=False", "", "mid.in.t mid.u v"),
    ],
)
def test_a_group_gives_its_name_to_what_is_inside(outer: str, middle: str, expected: str) -> None:
    """A group that does not, gives nothing on from the groups around it either."""
    body = f"""
    with TaskGroup("out"{outer}):
        with TaskGroup("mid"{middle}):
            with TaskGroup("in"): EmptyOperator(task_id="t")
            EmptyOperator(task_id="u")
        EmptyOperator(task_id="v")
    """
    assert told(body) == expected


def test_order_to_and_from_a_group_is_that_of_its_ends() -> None:
    """What waits for a group waits for its last tasks; an empty group hands on the task that it waits for."""
    body = """
    with TaskGroup("g") as g:
        x, y, z = [EmptyOperator(task_id=one) for one in "xyz"]
        x >> [y, z]
    with TaskGroup("empty") as empty: pass
    a, b = EmptyOperator(task_id="a"), EmptyOperator(task_id="b")
    a >> g >> b
    a >> empty >> EmptyOperator(task_id="c")
    EmptyOperator(task_id="late", task_group=g) << g["x"]
    """
    assert drawn(body) == "a>c a>g.x g.x>g.late g.x>g.y g.x>g.z g.y>b g.z>b"


def test_a_decorated_group_gives_what_its_function_returns() -> None:
    """A call gives the returned task, or the group when nothing is returned; a second call is numbered."""
    head = """
    @task
    def one(x): return x
    @task_group
    def pair(x):
        return one(one(x))
    @task_group(group_id="loose")
    def both(x):
        one(x); one(x)
    """
    assert drawn("one(pair(1)); pair(2) >> both(3)", head) == (
        "pair.one>pair.one__1 pair.one__1>one pair__1.one>pair__1.one__1 "
        "pair__1.one__1>loose.one pair__1.one__1>loose.one__1"
    )


def test_a_mapped_task_is_one_stage() -> None:
    """`expand` makes one task however often it runs; a mapped group waits for what it is mapped over."""
    head = """
    @task
    def items(): ...
    @task
    def one(x, y=0): ...
    @task_group
    def group(x):
        one(x)
        EmptyOperator(task_id="plain")
    """
    body = """
    found = items()
    one.partial(y=1).expand(x=found)
    BashOperator.partial(task_id="bash", retries=3).expand(bash_command=["a", "b"])
    group.expand(x=found)
    """
    assert drawn(body, head) == "items>group.one items>group.plain items>one"
    assert dag_of(body, head).stage("bash").retries == 3  # type: ignore[union-attr]


def test_arguments_default_from_task_to_group_to_dag() -> None:
    """Retries, time-outs and trigger rules are those of the task, else of its groups, else of the DAG."""
    text = f"""{HEAD}
ARGS = dict(owner="ml", retries=1, execution_timeout=timedelta(minutes=2) * 2)
with DAG("d", default_args={{**ARGS, "trigger_rule": TriggerRule.NONE_FAILED}}):
    a = EmptyOperator(task_id="a")
    with TaskGroup("g", default_args={{"retries": 7}}):
        b = EmptyOperator(task_id="b", trigger_rule="all_success")
        c = EmptyOperator(task_id="c", default_args={{"retries": 0}}, execution_timeout=timedelta(0, 30))
    c.trigger_rule = TriggerRule.ALL_DONE
    a >> b >> c
"""
    found = read("airflow", text)
    assert [(one.retries, one.timeout) for one in found.stages] == [(1, 240.0), (7, 240.0), (0, 30.0)]
    assert weak(found) == {"g.b>g.c": "trigger_rule: all_done"}
    assert found.gaps == ()


def test_a_trigger_rule_weakens_the_edges_into_a_task() -> None:
    """A rule that a failure before does not stop weakens; one that passes a task that left itself out does not."""
    body = (
        "[EmptyOperator(task_id='gate'), EmptyOperator(task_id='b')] >> EmptyOperator(task_id='ship', trigger_rule='R')"
    )
    for rule in ("all_done", "all_failed", "one_failed", "one_done", "one_success", "none_skipped", "always"):
        words = f"trigger_rule: {rule}"
        assert weak(dag_of(body.replace("R", rule))) == {"gate>ship": words, "b>ship": words}
    for rule in ("none_failed", "none_failed_min_one_success", "none_failed_or_skipped", "all_skipped"):
        found = dag_of(body.replace("'R'", f"'{rule}'"))
        assert weak(found) == {}
        assert {edge.skipped for edge in found.edges} == {f"trigger_rule: {rule}"}
    assert weak(dag_of(body.replace("'R'", "'all_success'"))) == {}


def test_one_task_before_is_all_of_them() -> None:
    """What wants one success waits for the only one that there is, unless that one is many."""
    body = "EmptyOperator(task_id='gate') >> EmptyOperator(task_id='ship', trigger_rule='one_success')"
    assert weak(dag_of(body)) == {}
    mapped = "BashOperator.partial(task_id='gate').expand(bash_command=['a', 'b'])" + body[body.index(" >>") :]
    assert set(weak(dag_of(mapped))) == {"gate>ship"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("skip_on_exit_code=10", "skip_on_exit_code: 10"),
        ("skip_on_exit_code=None", None),
        ("bash_command='python gate.py || exit 99'", "exit 99"),
        ("bash_command='python gate.py || exit 99', skip_on_exit_code=None", None),
        ("python_callable=check", "AirflowSkipException"),
        ("bash_command='python gate.py'", None),
    ],
)
def test_how_a_task_leaves_itself_out_is_read(arguments: str, expected: str | None) -> None:
    """An exit code, or the exception of a function of the file."""
    body = f"""
    def check():
        if bad():
            raise AirflowSkipException("no")
    BashOperator(task_id='gate', {arguments})
    """
    assert dag_of(body).stage("gate").skips == expected  # type: ignore[union-attr]


def test_what_comes_behind_a_branch_is_chosen_by_it() -> None:
    """A branch is no gate by itself: what it chooses runs on a condition, in the definition's words."""
    body = """
    @task.short_circuit
    def good(): ...
    pick = BranchPythonOperator(task_id="pick", python_callable=lambda: "a")
    pick >> EmptyOperator(task_id="a")
    good() >> EmptyOperator(task_id="b")
    """
    found = dag_of(body)
    assert found.stage("a").condition == "BranchPythonOperator pick chooses whether it runs"  # type: ignore[union-attr]
    assert found.stage("b").condition == "@task.short_circuit good chooses whether it runs"  # type: ignore[union-attr]
    assert found.stage("pick").condition is None  # type: ignore[union-attr]


def test_teardowns_run_though_the_work_failed() -> None:
    """A teardown waits for its setup and the work, on edges that are weakened; nothing behind a group waits for it."""
    body = """
    with TaskGroup("g") as g:
        with EmptyOperator(task_id="down").as_teardown(setups=EmptyOperator(task_id="up")):
            EmptyOperator(task_id="work")
    g >> EmptyOperator(task_id="after")
    """
    assert drawn(body) == "g.up>g.down g.up>g.work g.work>after g.work>g.down"
    assert weak(dag_of(body)) == {
        "g.up>g.down": "trigger_rule: all_done_setup_success",
        "g.work>g.down": "trigger_rule: all_done_setup_success",
    }


def test_decorated_setups_and_teardowns_are_followed() -> None:
    """`@setup`, `@teardown`, and a context inside another one."""
    head = """
    @setup
    def up(): ...
    @teardown
    def down(): ...
    @task
    def work(): ...
    """
    body = """
    with up() >> down():
        work()
        with up() >> down():
            work()
    """
    assert drawn(body, head) == (
        "down__1>down up>down up>up__1 up>work up__1>down__1 up__1>work__1 work>down work__1>down__1"
    )


def test_helpers_closures_and_classes_are_followed() -> None:
    """Functions are walked through with the names that they see where they stand, methods with their object."""
    head = """
    def maker(kind, **more):
        def make(number): return EmptyOperator(task_id=f"{kind}_{number}", **more)
        return make
    class Base:
        kind = "base"
        def __init__(self, count): self.made = [self.one(n) for n in range(count)]
        def one(self, n): return EmptyOperator(task_id=f"{self.kind}_{n}")
        @property
        def last(self): return self.made[-1]
    class Special(Base):
        kind = "special"
        def __init__(self): super().__init__(2)
    """
    body = """
    kind = "seen from inside of neither"
    maker("x")(1) >> functools.partial(maker, "y", retries=4)()(2) >> Special().last
    """
    assert drawn(body, head) == "x_1>y_2 y_2>special_1"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for i, n in enumerate(['p', 'q']): EmptyOperator(task_id=f'{n}{i:02d}')", "p00 q01"),
        ("for n in 'abcd':\n    if n == 'b': continue\n    if n == 'd': break\n    EmptyOperator(task_id=n)", "a c"),
        (
            "CONF = {'x': {'on': True}, 'y': {}}\n[EmptyOperator(task_id=k) for k, v in CONF.items() if v.get('on')]",
            "x",
        ),
        ("EmptyOperator(task_id='{}-{n}'.format(1, n='z')); EmptyOperator(task_id='%s_%02d' % ('m', 3))", "1-z m_03"),
        ("i = 0\nwhile i < 2:\n    EmptyOperator(task_id=str(i))\n    i += 1", "0 1"),
        ("match 'full':\n    case 'small': EmptyOperator(task_id='s')\n    case _: EmptyOperator(task_id='f')", "f"),
        ("def gen():\n    yield from [EmptyOperator(task_id='g')]\nlist(gen())", "g"),
        ("for p in itertools.product('ab', [1]): EmptyOperator(task_id=f'{p[0]}{p[1]}')", "a1 b1"),
        ("list(map(lambda n: EmptyOperator(task_id=n), ['u', 'v']))", "u v"),
        ("EmptyOperator(task_id=os.path.basename(__file__).replace('.py', ''))", "release"),
        ("EmptyOperator(task_id='t') if 2 in [1, 2] else EmptyOperator(task_id='f')", "t"),
        ("if not os.environ.get('X'):\n    raise ValueError\nEmptyOperator(task_id='on')", "on"),
        ("if __name__ == '__main__':\n    EmptyOperator(task_id='never')\nEmptyOperator(task_id='on')", "on"),
    ],
)
def test_what_the_text_computes_is_computed(body: str, expected: str) -> None:
    """Loops over what is known, conditions that are known, texts that are put together."""
    assert told(body) == expected


def test_tasks_come_into_a_dag_by_argument_by_order_or_by_hand() -> None:
    """`dag=`, an edge to a task of the DAG, `add_task`; what comes into none is a gap."""
    text = f"""{HEAD}
d = DAG("d")
a = EmptyOperator(task_id="a")
b = EmptyOperator(task_id="b", dag=d)
c = EmptyOperator(task_id="c")
a >> b
d.add_task(c)
lost = EmptyOperator(task_id="lost")
"""
    found = read("airflow", text)
    assert names(found) == ["b", "a", "c"]
    assert [(gap.line, gap.message) for gap in found.gaps] == [
        (text.splitlines().index('lost = EmptyOperator(task_id="lost")') + 1, "which DAG lost is part of is not known")
    ]


def test_a_file_with_several_dags_is_read_by_name() -> None:
    """`dag:` of the contract's source chooses; gaps of the other DAGs are theirs."""
    text = f"""{HEAD}
def create(name, many):
    with DAG(name) as made:
        chain(*[EmptyOperator(task_id=f"t{{i}}") for i in range(many)])
    return made
for one in (1, 2):
    globals()[f"made_{{one}}"] = create(f"made_{{one}}", one + 1)
@dag(schedule=None)
def decorated(days=3):
    EmptyOperator(task_id=f"{{days}}")
decorated()
@asset(schedule=None)
def churn(): ...
"""
    with pytest.raises(DefinitionError, match="several DAGs: made_1, made_2, decorated, churn") as caught:
        read("airflow", text)
    assert "dag: …" in caught.value.hint
    assert edges(read("airflow", text, dag="made_2")) == {"t0>t1", "t1>t2"}
    assert names(read("airflow", text, dag="churn")) == ["churn"]
    assert read("airflow", text, dag="made_1").gaps == ()
    assert "the name of a task is not known" in read("airflow", text, dag="decorated").gaps[0].message


def test_a_dag_whose_name_is_not_known_is_taken_when_it_is_the_only_one() -> None:
    """Its name is a gap."""
    found = read("airflow", f"{HEAD}\nwith DAG(Variable.get('x')): EmptyOperator(task_id='a')", dag="release")
    assert names(found) == ["a"]
    assert found.gaps[0].message == "the name of the DAG is not known"


def test_commands_and_images_are_those_of_the_arguments() -> None:
    """A shell command, the name of a function, the words of a container."""
    head = """
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
    def fit(): ...
    """
    body = """
    BashOperator(task_id="a", bash_command="python a.py")
    PythonOperator(task_id="b", python_callable=fit)
    KubernetesPodOperator(task_id="c", image="ml@sha256:ab", cmds=["python"], arguments=["c.py", "--fast"])
    """
    found = dag_of(body, head)
    assert [one.command for one in found.stages] == ["python a.py", "fit", "python c.py --fast"]
    assert found.stages[2].image == "ml@sha256:ab"

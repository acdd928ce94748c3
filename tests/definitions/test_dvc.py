"""`dvc.yaml` as DVC loads it: one rule a test. That the rules are DVC's own is shown by test_dvc_oracle.py."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from reading import edges, names, read, weak

from gatepost.book import read_text
from gatepost.definitions import Definition, DefinitionError, RealStage
from gatepost.pipeline import Contract
from gatepost.records import Pipeline


def dvc(text: str, path: str = "dvc.yaml", **files: str) -> Definition:
    """Read a dvc.yaml; files beside it are named with `__` for a dot and `___` for a slash."""
    return read("dvc", text, {name.replace("___", "/").replace("__", "."): one for name, one in files.items()}, path)


def stage(found: Definition, name: str) -> RealStage:
    """Give a stage that must be there."""
    one = found.stage(name)
    assert one is not None, names(found)
    return one


def test_paths_are_seen_from_the_root_of_the_repository() -> None:
    """The folder of the dvc.yaml comes first, then `wdir`, then what is written; other places stay as they are."""
    text = """\
    stages:
      a:
        wdir: src/../work
        cmd: x
        deps: [./in.csv, ../../shared/b.csv, "s3://bucket/c.csv", /data/d.csv]
        outs: [out/]
    """
    found = stage(dvc(text, "models/churn/dvc.yaml"), "a")
    assert found.reads == ("models/churn/work/in.csv", "models/shared/b.csv", "s3://bucket/c.csv", "/data/d.csv")
    assert found.writes == ("models/churn/work/out",)
    assert found.line == 2


def test_variables_of_params_yaml_hold_without_being_named() -> None:
    """It lies beside the dvc.yaml, and what it holds is filled in as DVC writes it."""
    text = "stages:\n  a: {cmd: 'x ${n} ${r} ${on} ${nil} ${deep.list[1]} ${deep.list[-1]} ${ deep.word }'}\n"
    params = "n: 3\nr: 1e-3\n'on': true\nnil: null\ndeep: {list: [a, b, c], word: w}\n"
    assert stage(dvc(text, params__yaml=params), "a").command == "x 3 0.001 true None b c w"


def test_variables_come_from_files_chosen_keys_and_the_text() -> None:
    """YAML, JSON and TOML are read, seen from the folder of the dvc.yaml; mappings of several are merged."""
    text = """\
    vars:
      - conf/a.yaml
      - b.json:lr,seed
      - c.toml
      - model: {width: 8}
    stages:
      a: {cmd: "x ${model.depth} ${model.width} ${lr} ${seed} ${t.k}"}
    """
    more = {"conf___a__yaml": "model: {depth: 4}\n", "b__json": '{"lr": 0.5, "seed": 7, "width": 1}'}
    found = dvc(text, **more, c__toml="[t]\nk = 'v'\n")
    assert stage(found, "a").command == "x 4 8 0.5 7 v"
    assert found.gaps == ()
    assert found.files == ("dvc.yaml", "conf/a.yaml", "b.json", "c.toml")


def test_a_stage_has_variables_of_its_own() -> None:
    """They are seen from its `wdir` and hold for it alone."""
    text = """\
    stages:
      a: {wdir: sub, vars: [own.yaml, {b: 2}], cmd: "x ${a} ${b}"}
      c: {cmd: "x ${b}"}
    """
    found = dvc(text, sub___own__yaml="a: 1\n")
    assert stage(found, "a").command == "x 1 2"
    assert stage(found, "c").command is None
    assert [gap.message for gap in found.gaps] == ["the command of c is not known: ${b} has no value in the files"]


def test_foreach_over_a_list_names_its_members_by_value() -> None:
    """A list of scalars gives `name@value`, one with mappings gives `name@0`, `name@1`; a value twice is one stage."""
    text = """\
    stages:
      a: {foreach: [en, 1.50, true, en], do: {cmd: "x ${item}"}}
      b: {foreach: [{l: de}, fr], do: {cmd: "x ${item}"}}
      c: {foreach: [{l: de}, {l: fr}], do: {cmd: "x ${item.l}", outs: ["o/${item.l}"]}}
    """
    found = dvc(text)
    assert names(found) == ["a@en", "a@1.5", "a@true", "b@0", "b@1", "c@0", "c@1"]
    assert stage(found, "c@1").command == "x fr"
    assert stage(found, "c@1").writes == ("o/fr",)
    assert stage(found, "b@1").command == "x fr"
    assert stage(found, "b@0").command == "x --l de"


def test_foreach_over_a_mapping_gives_key_and_item() -> None:
    """Members are named by the key; a list gives no key."""
    text = """\
    vars: [{models: {cnn: {lr: 1}, rnn: {lr: 2}}}]
    stages:
      a: {foreach: "${models}", do: {cmd: "x ${key} ${item.lr}"}}
      b: {foreach: {1: p, 0.50: q}, do: {cmd: "x ${key}"}}
      c: {foreach: [u], do: {cmd: "x ${key}"}}
    """
    found = dvc(text)
    assert names(found) == ["a@cnn", "a@rnn", "b@1", "b@0.5", "c@u"]
    assert stage(found, "a@rnn").command == "x rnn 2"
    assert stage(found, "c@u").command is None


def test_matrix_unfolds_into_every_combination() -> None:
    """Scalars name the member, lists and mappings are named by axis and place."""
    text = """\
    vars: [{langs: [en, de]}]
    stages:
      a:
        matrix: {lang: "${langs}", size: [s, {d: 1}], n: [1]}
        cmd: x ${item.lang} ${key}
    """
    found = dvc(text)
    assert names(found) == ["a@en-s-1", "a@en-size1-1", "a@de-s-1", "a@de-size1-1"]
    assert stage(found, "a@de-s-1").command == "x de de-s-1"


def test_a_command_may_be_a_list_and_take_options_from_a_mapping() -> None:
    """Commands of a list follow one another; a mapping becomes options: flags, quoted texts, lists, dotted names."""
    text = """\
    vars: [{o: {lr: 0.1, shuffle: true, quiet: false, name: a b, sizes: [64, 32], deep: {x: 1}, none: []}}]
    stages:
      a: {cmd: ["x ${o}", y]}
      b: {cmd: x, deps: ["p/${o}"]}
    """
    found = dvc(text)
    assert stage(found, "a").command == "x --lr 0.1 --shuffle --name 'a b' --sizes 64 32 --deep.x 1 && y"
    assert "${o} is a mapping, which cannot be written as text" in found.gaps[0].message


def test_a_template_behind_a_backslash_is_left_to_the_shell() -> None:
    r"""`\${HOME}` stays `${HOME}`."""
    assert stage(dvc("vars: [{a: 1}]\nstages:\n  a: {cmd: 'x \\${HOME} ${a}'}\n"), "a").command == "x ${HOME} 1"


def test_parameters_are_named_with_templates_filled_in() -> None:
    """Those of params.yaml and of other files; a file that is followed as a whole is its own name."""
    text = """\
    vars: [{which: lr}]
    stages:
      a: {cmd: x, params: [train.depth, "${which}", other.yaml: [seed], whole.json: ]}
    """
    assert stage(dvc(text), "a").parameters == ("train.depth", "lr", "seed", "whole.json")


def test_an_input_in_an_output_folder_is_an_edge_and_so_is_one_around_an_output() -> None:
    """Outputs, metrics and plots with options count; `out` is not a folder of `outer`."""
    text = """\
    stages:
      make: {cmd: x, outs: [out: {cache: false}], metrics: [m/a.json], plots: [p.csv: {x: n}]}
      inside: {cmd: x, deps: [out/deep/rows.csv]}
      around: {cmd: x, deps: [m]}
      plot: {cmd: x, deps: [p.csv]}
      beside: {cmd: x, deps: [outer/a, out.csv]}
    """
    found = dvc(text)
    assert edges(found) == {"make>inside", "make>around", "make>plot"}
    assert {(edge.after, edge.via) for edge in found.edges} == {
        ("inside", "out"),
        ("around", "m/a.json"),
        ("plot", "p.csv"),
    }
    assert [edge.line for edge in found.edges] == [3, 4, 5]


def test_a_file_of_parameters_that_a_stage_writes_is_an_input() -> None:
    """The stage that has its parameters from it waits."""
    text = """\
    stages:
      tune: {cmd: x, outs: [best.yaml]}
      fit: {cmd: y, params: [best.yaml: [lr]]}
    """
    found = dvc(text)
    assert edges(found) == {"tune>fit"}
    assert stage(found, "fit").reads == ("best.yaml",)


def test_a_frozen_stage_stops_nothing() -> None:
    """It is not run again, and neither is what it waits for on its account: both edges are weakened."""
    text = """\
    stages:
      a: {cmd: x, outs: [a]}
      gate: {cmd: y, deps: [a], outs: [g], frozen: true}
      ship: {cmd: z, deps: [g]}
    """
    found = dvc(text)
    assert stage(found, "gate").condition == "frozen: true"
    assert weak(found) == dict.fromkeys(("a>gate", "gate>ship"), "frozen: true on gate, which is not run again")


def test_a_command_that_cannot_fail_stops_nothing() -> None:
    """`|| true` at the end of every part of a command hides each failure; at the end of one part it does not."""
    text = """\
    stages:
      a: {cmd: ["gate.py || true"], outs: [a]}
      b: {cmd: ["gate.py", "tidy || true"], outs: [b]}
      ship: {cmd: z, deps: [a, b]}
    """
    assert weak(dvc(text)) == {"a>ship": "its command hides each failure: `gate.py || true`"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("vars: [conf.yaml]\nstages: {a: {cmd: x}}", 1, "the variables of conf.yaml are not known: it cannot be read"),
        ("vars: [conf.py]\nstages: {a: {cmd: x}}", 1, "the variables of conf.py are not known: Python is not run"),
        ("stages:\n  a: {cmd: x, deps: ['${b}']}", 2, "a path under deps of a is not known: ${b} has no value"),
        ("stages:\n  a: {cmd: 'x ${}'}", 2, "${} is no name of a variable"),
        ("stages:\n  a: {cmd: 'x ${b..c}'}", 2, "${b..c} is no name of a variable"),
        ("stages:\n  a: {matrix: {k: '${b}'}, cmd: x}", 2, "how often a runs is not known: ${b} has no value"),
        ("stages:\n  a: {cmd: x, dep: [y]}", 2, "what `dep` of a means is not known"),
        ("templates: {}\nstages: {a: {cmd: x}}", 1, "what `templates` of this dvc.yaml means is not known"),
    ],
)
def test_what_the_files_do_not_tell_is_a_gap(text: str, line: int, words: str) -> None:
    """A gap has the line, and nothing is guessed in its place."""
    found = dvc(text, conf__py="a = 1\n")
    assert [gap.line for gap in found.gaps] == [line]
    assert words in found.gaps[0].message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("stages:\n  a: {deps: [x]}", 2, "a has no `cmd`"),
        ("stages:\n  a: 3", 2, "a has no `cmd`"),
        ("vars: [{a: 1}]\nstages: {s: {cmd: x}}", 1, "`vars` gives a a value, and it has one already"),
        ("vars: [{d: {k: 2}}]\nstages: {s: {cmd: x}}", 1, "`vars` gives d.k a value"),
        ("vars: ['o.yaml:k']\nstages: {s: {cmd: x}}", 1, "`vars` wants k of o.yaml, which does not have it"),
        ("vars: ['params.yaml:a']\nstages: {s: {cmd: x}}", 1, "has read all of it already"),
        ("vars: ['o.yaml:z', 'o.yaml:z']\nstages: {s: {cmd: x}}", 1, "has read a part of it already"),
        ("vars: [list.yaml]\nstages: {s: {cmd: x}}", 1, "list.yaml holds no mapping"),
        ("stages:\n  s: {foreach: word, do: {cmd: x}}", 2, "each of word, which is no list and no mapping"),
        ("stages:\n  s: {matrix: [1], cmd: x}", 2, "the matrix of s is no mapping of lists"),
        ("stages:\n  a: {cmd: x, outs: [o]}\n  b: {cmd: x, outs: [./o]}", 3, "a and b both write o"),
        ("stages:\n  a: {cmd: x, outs: [o]}\n  b: {cmd: x, outs: [o/p/q]}", 3, "b writes o/p/q, which lies in what a"),
        ("stages:\n  a: {cmd: x, deps: [b], outs: [a]}\n  b: {cmd: x, deps: [a], outs: [b]}", 2, "a → b → a"),
        ("stages:\n  a: {cmd: x, deps: [d], outs: [d/e]}", 2, "in a circle: a → a"),
        ("stages:\n  a: {cmd: x}\n  a: {cmd: y}", 3, "has the key a twice"),
    ],
)
def test_what_dvc_refuses_is_an_error(text: str, line: int, words: str) -> None:
    """The message names what DVC would stumble over, with its line and a mend."""
    with pytest.raises(DefinitionError) as caught:
        dvc(text, params__yaml="a: 2\nd: {k: 1}\n", o__yaml="z: 1\n", list__yaml="[1]\n")
    assert words in str(caught.value)
    assert (caught.value.line, bool(caught.value.hint)) == (line, True)


_LONG = "x" * 500_000
_MANY = ",".join(map(str, range(999)))
HOSTILE = {
    "a matrix": "stages: {a: {matrix: {" + ", ".join(f"k{n}: [1,2,3,4,5,6,7,8,9]" for n in range(9)) + "}, cmd: x}}",
    "a list of lists": "vars: [{v: ["
    + "1," * 200
    + "]}]\nstages: {a: {foreach: ["
    + "'${v}'," * 300
    + "], do: {cmd: x}}}",
    "a long text often": f"vars: [{{v: {_LONG}}}]\nstages: {{a: {{cmd: '{'${v}' * 5000}'}}}}",
    "a long text in a family": f"stages: {{a: {{foreach: [{_MANY}], do: {{cmd: [{_LONG}, {_LONG}]}}}}}}",
    "4,000 stages": "stages:\n" + "".join(f"  s{n}: {{cmd: x, outs: [d/{n}], deps: [r/{n}]}}\n" for n in range(4000)),
    "depth": "stages: {a: {cmd: x, outs: ['" + "d/" * 20000 + "e'], deps: ['" + "c/" * 20000 + "e']}}",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_definitions_take_no_time(name: str) -> None:
    """What unfolds into too much ends in an error or a gap, in bounded time and memory."""
    began = time.process_time()
    if name == "a matrix":
        with pytest.raises(DefinitionError, match="unfolds into more than"):
            dvc(HOSTILE[name])
    else:
        assert sum(len(one.command or "") for one in dvc(HOSTILE[name]).stages) < 40_000_000
    assert time.process_time() - began < 5


def test_the_worked_design_reads_without_gaps() -> None:
    """Its stages and edges are those of its contract, and none of them is weakened."""
    designs = Path(__file__).parents[2] / "designs/churn-batch"
    record = read_text("pipeline.md", (designs / "pipeline.md").read_text(encoding="utf-8")).data
    contract = Contract(Pipeline.model_validate(record))
    text = (designs / "dvc.yaml").read_text(encoding="utf-8")
    found = read("dvc", text, path="designs/churn-batch/dvc.yaml")
    assert found.gaps == ()
    assert names(found) == list(contract.record.stages)
    assert edges(found) == {f"{one}>{name}" for name in names(found) for one in contract.graph.before[name]}
    assert weak(found) == {}

"""What simulating stage contracts costs: growth with the number of stages, and what it adds to a build.

    python tests/bench/bench_contracts.py [--stages 10 100 300 1000] [--contracts 50] [--runs 5]

The first table has CPU seconds within one process: single faults with failing rollbacks, the count of the pairs, and
holding all ends to the invariants. The second has the same for contracts of the largest size in other shapes. The third
has whole builds of a site with so many contracts of 20 stages: as they are, and in a process where a contract has no
branches, so that neither the gate nor the pages have anything to walk or to show. Builds of the two alternate; the
difference is the median of the differences of pairs.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from processes import cpu
from shapes import SHAPES, contract_of_shape

from gatepost.book.frontmatter import read_document
from gatepost.pipeline import Contract, Simulation, broken_promises, open_ways, unsafe_ends
from gatepost.records import Pipeline

_PER_CONTRACT: Final = 20
_SETTINGS: Final = "site_name: Log\ntheme: {name: material, font: false}\nplugins: [search, gatepost]\n"
_WITHOUT: Final = """
import sys
from gatepost.pipeline import Simulation
Simulation.singles = ()
Simulation.pair_count = 0
from mkdocs.__main__ import cli
cli()
"""
_HEAD: Final = """---
kind: pipeline
title: A contract of {stages} stages
owner: ml
environments: {{production: {{known-good: previous}}}}
defaults: {{timeout: 10m, retries: 1, environment: requirements.lock, seed: 7, repeat: exact, on-fail: halt + alert}}
artifacts:
  a0: {{type: dataset, path: out/a0, source: warehouse.facts@2026-11-02}}
"""
_TAIL: Final = """  approve: {{kind: approval, by: [lead], after: [{last}], expires: 24h, on-reject: halt + alert}}
  publish:
    kind: promote
    to: production
    run: python publish.py
    in: [bundle]
    after: [approve]
    idempotent: true
    watch: [error_rate]
    rollback: {{to: previous, first: disable-route, run: python back.py, within: 5m, when: [error_rate > 0.02]}}
    on-fail: rollback + page
  watch: {{kind: monitor, after: [publish], signals: [error_rate], on-fail: rollback + page}}
---

# The pipeline
"""


def main() -> None:
    """Measure all and print three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stages", nargs="+", type=int, default=[10, 100, 300, 1000])
    parser.add_argument("--contracts", type=int, default=50)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    heads = ("stages", "branches", "pairs", "walk s", "pairs s", "invariants s", "all s")
    print("{:>7} {:>9} {:>11} {:>9} {:>9} {:>13} {:>9}".format(*heads))  # noqa: T201 - the output
    for stages in given.stages:
        print(_row(_record(stages), given.runs), flush=True)  # noqa: T201 - the output
    print()  # noqa: T201 - the output
    for shape in SHAPES:
        print(_row(contract_of_shape(shape, given.stages[-1]), given.runs, shape), flush=True)  # noqa: T201 - the output
    print(f"\n{'contracts':>9} {'build s':>9} {'without s':>10} {'added s':>9}")  # noqa: T201 - the output
    with tempfile.TemporaryDirectory() as folder:
        print(_builds(Path(folder), given.contracts, given.runs))  # noqa: T201 - the output


def contract_text(stages: int) -> str:
    """Give a contract of so many stages: a chain with a gate for every fourth, then approval, promotion, monitor."""
    return "".join(_lines(stages))


def _lines(stages: int) -> Iterator[str]:
    made = stages - 4  # the last four are the packaging, the approval, the promotion and the monitor
    yield _HEAD.format(stages=stages)
    for number in range(1, made + 1):
        measured = ", keys: [auc]" if number % 4 == 3 else ""
        kind = ("report", "dataset", "model", "metrics")[number % 4]
        yield f"  a{number}: {{type: {kind}, path: out/a{number}{measured}}}\n"
    yield "  bundle: {type: package, path: out/bundle, sign: cosign}\nstages:\n"
    for number in range(1, made + 1):
        kind = ("gate", "data", "train", "validate")[number % 4]
        own = "pass: [auc >= 0.7], on-reject: quarantine + alert" if kind == "gate" else f"run: python s{number}.py"
        yield f"  s{number}: {{kind: {kind}, {own}, in: [a{number - 1}], out: [a{number}]}}\n"
    yield f"  package: {{kind: package, run: python package.py, in: [a{made}], out: [bundle]}}\n"
    yield _TAIL.format(last="package")


def _record(stages: int) -> Pipeline:
    return Pipeline.model_validate(read_document("pipeline.md", contract_text(stages).encode()).data)


def _row(record: Pipeline, runs: int, shape: str = "") -> str:
    times = []
    for _ in range(runs):
        simulation = Simulation(Contract(record))
        walk = _timed(lambda one=simulation: (one.singles, one.failing_rollbacks))
        pairs = _timed(lambda one=simulation: one.pair_count)
        held = _timed(lambda one=simulation: _violations(one))
        times.append((walk, pairs, held, walk + pairs + held))
    number = len(simulation.singles) + len(simulation.failing_rollbacks)
    middle = [statistics.median(column) for column in zip(*times, strict=True)]
    return (
        "{:>7} {:>9,} {:>11,} {:>9.4f} {:>9.4f} {:>13.4f} {:>9.4f}".format(
            len(record.stages), number, simulation.pair_count, *middle
        )
        + f"  {shape}"
    )


def _violations(simulation: Simulation) -> int:
    contract = simulation.contract
    return len([*open_ways(contract), *unsafe_ends(simulation), *broken_promises(contract)])


def _timed(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def _builds(root: Path, contracts: int, runs: int) -> str:
    _site(root, contracts)
    plain = [sys.executable, "-m", "mkdocs"]
    without = [sys.executable, "-c", _WITHOUT]
    _build(root, plain)  # compiles, fills the caches of the disk
    pairs = [(_build(root, plain), _build(root, without)) for _ in range(runs)]
    added = statistics.median(one - other for one, other in pairs)
    whole, rest = (statistics.median(column) for column in zip(*pairs, strict=True))
    return f"{contracts:>9} {whole:>9.2f} {rest:>10.2f} {added:>9.2f}"


def _site(root: Path, contracts: int) -> None:
    for number in range(contracts):
        folder = root / "docs" / f"design-{number}"
        folder.mkdir(parents=True)
        (folder / "pipeline.md").write_text(contract_text(_PER_CONTRACT))
        (folder / "requirements.lock").write_text("scikit-learn==1.5.2\n")
    (root / "mkdocs.yml").write_text(_SETTINGS)
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=B", "-c", "user.email=b@b", "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=root, check=True)


def _build(root: Path, mkdocs: list[str]) -> float:
    return cpu([*mkdocs, "build", "-q", "-d", str(root / "site")], root)


if __name__ == "__main__":
    main()

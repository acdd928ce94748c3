"""How much CPU a check takes: whole processes, beside an empty one and a floor that does the least there is to do.

    python tests/bench/bench_check.py [--records 200 1000 5000] [--runs 5] [--corpus plain advised full]

Prints user and system seconds, the median of several runs after one to warm up, and ratios within the same run: only
those compare from machine to machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from corpora import CORPORA, write_corpus
from processes import cpu

DAY: Final = "2026-11-23"
EMPTY: Final = "pass"
FLOOR: Final = """
import re, sys
from pathlib import Path
import yaml
from pydantic import BaseModel

class Record(BaseModel):
    id: str
    title: str
    status: str

known, named = set(), []
for path in sorted(Path("docs").rglob("*.md")):
    _, front, body = path.read_text(encoding="utf-8").split("---\\n", 2)
    data = yaml.load(front, Loader=yaml.CSafeLoader)
    if "status" in data:
        data.setdefault("id", path.stem)
        known.add(Record.model_validate(data).id)
    named += re.findall(r"\\b(?:ADR|RISK|FU)-\\d+", body)
print(len(known), sum(one not in known for one in named))
"""


def median(command: list[str], folder: Path, runs: int) -> float:
    """Give the median of several runs after one that warms the caches."""
    cpu(command, folder)
    return statistics.median(cpu(command, folder) for _ in range(runs))


def main() -> None:
    """Measure each corpus in each size and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", nargs="+", type=int, default=[200, 1000, 5000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--corpus", nargs="+", choices=CORPORA, default=list(CORPORA))
    chosen = parser.parse_args()
    row = "{:<8} {:>7}  {:>8} {:>8} {:>8}  {:>8} {:>8}"
    print(row.format("corpus", "records", "check s", "floor s", "empty s", "÷ floor", "÷ empty"))  # noqa: T201 - the output
    for corpus in chosen.corpus:
        for records in chosen.records:
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                write_corpus(root, corpus, records)
                check = [sys.executable, "-m", "gatepost", "check", "--quiet", "--as-of", DAY]
                programs = (check, [sys.executable, "-c", FLOOR], [sys.executable, "-c", EMPTY])
                took, floor, empty = (median(program, root, chosen.runs) for program in programs)
            times = (f"{took:.2f}", f"{floor:.2f}", f"{empty:.3f}", f"{took / floor:.1f}", f"{took / empty:.0f}")
            print(row.format(corpus, records, *times), flush=True)  # noqa: T201 - the output


if __name__ == "__main__":
    main()

"""What the whole history of a log costs a check: CPU of the process and of the git that it asks.

    python tests/bench/bench_history.py [--records 200 1000 5000] [--runs 3] [--site]

Cold is the first check of a clone, warm the next one. Beside them what git alone takes for one pass (its log, and
every version's content), and a check of the same files without a repository. The cost grows with the versions: the
table gives it for a thousand of them, with what git takes and without. Ours stays the same; git's log grows faster than
the versions, since each of its commits compares two listings of a folder that grows, too. With --site, the site with
its pages is built, too, against the same site without the plugin.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from histories import write_history
from processes import cpu, memory

DAY: Final = "2026-11-23"
CHECK: Final = [sys.executable, "-m", "gatepost", "check", "--quiet", "--as-of", DAY]
LOG: Final = "git log --raw --no-abbrev --find-renames --diff-merges=first-parent --format= HEAD"
PASS: Final = f"{LOG} | awk '$4 !~ /^0+$/ {{print $4}}' | git cat-file --batch >/dev/null"
ROW: Final = "{:>7} {:>8} {:>8}  {:>7} {:>7} {:>7} {:>7}  {:>6} {:>6} {:>11} {:>9}  {:>7}"
HEAD: Final = (
    "records", "commits", "versions", "cold s", "warm s", "git s", "none s", "÷ git", "÷ none",
    "s per 1,000", "but git's", "MiB"
)  # fmt: skip
SITE: Final = "site_name: Log\ntheme: {name: material, font: false}\n"


def main() -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", nargs="+", type=int, default=[200, 1000, 5000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--site", action="store_true", help="build the site with and without the plugin, too (slow)")
    chosen = parser.parse_args()
    print(ROW.format(*HEAD))  # noqa: T201 - the output
    for records in chosen.records:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), records, chosen.runs)
            if chosen.site:
                _build(Path(folder), chosen.runs)


def _measure(folder: Path, records: int, runs: int) -> None:
    root, plain, cache = folder / "log", folder / "plain", folder / "cache"
    root.mkdir()
    versions, commits = write_history(root, records)
    shutil.copytree(root, plain, ignore=shutil.ignore_patterns(".git"))
    os.environ["GATEPOST_CACHE_DIR"] = str(cache)
    cpu(CHECK, root)  # compiles, fills the caches of the disk
    took: dict[str, list[float]] = {name: [] for name in ("cold", "warm", "git", "none")}
    for _ in range(runs):
        shutil.rmtree(cache, ignore_errors=True)
        took["cold"].append(cpu(CHECK, root))
        took["warm"].append(cpu(CHECK, root))
        took["git"].append(cpu(["sh", "-c", PASS], root))
        took["none"].append(cpu(CHECK, plain))
    shutil.rmtree(cache, ignore_errors=True)
    cold, warm, git, none = (statistics.median(took[name]) for name in took)
    growth = (f"{(cold - none - apart) / versions * 1000:.2f}" for apart in (0, git))
    ratios = (f"{cold / git:.1f}", f"{cold / none:.1f}", *growth)
    times = (f"{one:.2f}" for one in (cold, warm, git, none))
    row = ROW.format(records, commits, versions, *times, *ratios, f"{memory(CHECK, root):.0f}")
    print(row, flush=True)  # noqa: T201 - the output


def _build(folder: Path, runs: int) -> None:
    """Build the site of the log that was measured, with the plugin and without it."""
    root = folder / "log"
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder / "site")]
    took: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(runs + 1):
        for name, plugins in (("with", "[search, gatepost]"), ("without", "[search]")):
            settings = f"{SITE}plugins: {plugins}\nnot_in_nav: |\n  *\nnav: [index.md]\n"
            (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
            (root / "docs/index.md").write_text("# Log\n", encoding="utf-8")
            took[name].append(cpu(build, root))
    subprocess.run(["git", "checkout", "--quiet", "--", "."], cwd=root, check=True)
    one, other = (statistics.median(took[name][1:]) for name in took)
    print(f"        site with the plugin {one:.2f} s, without {other:.2f} s: {one / other:.2f}", flush=True)  # noqa: T201 - the output


if __name__ == "__main__":
    main()

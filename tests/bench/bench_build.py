"""What the plugin adds to a build, in CPU seconds of the whole process and as ratios within one run.

    python tests/bench/bench_build.py [--records 200 1000] [--runs 9] [--default-nav]

Three sites of the same records: with the plugin; without it; and, on request, as Material lists them by default, all
in the nav. The first two have the same `nav:` in mkdocs.yml, which lists the pages that lead to all others (without
the plugin these are empty pages), since the cost of a page depends on how many entries its navigation has. Builds of
the two alternate; a ratio is the median of the ratios of pairs, which is steadier than a ratio of medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from corpora import write_corpus
from processes import cpu

from gatepost.book.layout import GENERATED_PAGES

GENERATED = tuple(page for page in GENERATED_PAGES if page != "policy.md")
THEME = "site_name: Log\ntheme: {name: material, font: false}\n"


def main() -> None:
    """Build each site several times and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--records", type=int, nargs="+", default=[200, 1000])
    arguments.add_argument("--runs", type=int, default=9)
    arguments.add_argument("--default-nav", action="store_true", help="build Material's default navigation, too (slow)")
    given = arguments.parse_args()
    heads = f"{'records':>8} {'nav entries':>12} {'with plugin':>12} {'without':>10} {'ratio':>7}"
    print(f"{heads} {'default nav':>12} {'ratio':>7}" if given.default_nav else heads)  # noqa: T201 - the output
    for records in given.records:
        with tempfile.TemporaryDirectory() as folder:
            print(_row(Path(folder), records, given.runs, default_nav=given.default_nav), flush=True)  # noqa: T201 - the output


def _row(folder: Path, records: int, runs: int, *, default_nav: bool) -> str:
    plugin, same, default = (folder / name for name in ("plugin", "same", "default"))
    nav = "not_in_nav: /adr/\nnav:\n" + "".join(f"  - {page}\n" for page in GENERATED)
    _site(plugin, records, f"plugins: [search, gatepost]\n{nav}")
    _site(same, records, f"plugins: [search]\n{nav}", pages=GENERATED)
    with_plugin, without = [], []
    _build(plugin)  # compiles, fills the caches of the disk
    _build(same)
    for _ in range(runs):
        with_plugin.append(_build(plugin))
        without.append(_build(same))
    ratio = statistics.median(a / b for a, b in zip(with_plugin, without, strict=True))
    one = statistics.median(with_plugin)
    row = f"{records:>8} {len(GENERATED):>12} {one:>10.2f} s {statistics.median(without):>8.2f} s {ratio:>7.2f}"
    if default_nav:
        _site(default, records, "plugins: [search]\n", pages=("index.md",))
        seconds = _build(default)
        row += f" {seconds:>10.2f} s {one / seconds:>7.2f}"
    return row


def _site(root: Path, records: int, settings: str, pages: tuple[str, ...] = ()) -> None:
    docs = root / "docs"
    write_corpus(root, "plain", records)
    for page in pages:
        (docs / page).parent.mkdir(parents=True, exist_ok=True)
        (docs / page).write_text(f"# {page}\n")
    (root / "mkdocs.yml").write_text(THEME + settings)


def _build(root: Path) -> float:
    """Build a site in a process of its own; give its CPU seconds, user and system."""
    return cpu([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(root / "site")], root)


if __name__ == "__main__":
    main()

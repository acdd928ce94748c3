"""What stands on a record's page, the author's words or not, is in its table of contents."""

from __future__ import annotations

import re
from pathlib import Path

from builds import build, project

from trees import clean_log

PARTS = ["contract-graph", "contract-stages", "contract-artifacts", "contract-answers", "branches", "executed"]


def test_the_parts_of_a_contract_are_in_its_table_of_contents(tmp_path: Path) -> None:
    """After the author's headings, each part once, in the order of the page, and no two headings with one name."""
    files = clean_log()
    files["churn/pipeline.md"] += "\n## Stages\n\nEight of them.\n"
    built = build(project(tmp_path, files))
    page = built.html("churn/pipeline/index.html")
    contents = page.partition("Table of contents")[2].partition("</nav>")[0]
    found = re.findall(r'href="#([^"]+)"', contents)
    assert found == ["stages", *PARTS, "invariants", "gp-history"]
    assert set(found) <= built.document("churn/pipeline/index.html").anchors
    headings = re.findall(r"<h2[^>]*>([^<]+)", page)
    assert len(set(headings)) == len(headings) > 7

"""A report to text, JSON and annotations: each a pure function that gives a string."""

from gatepost.report.counts import Counts, counts_of
from gatepost.report.github import render_github
from gatepost.report.json_report import render_json
from gatepost.report.paint import Paint, in_colour, in_plain
from gatepost.report.text import render_text

__all__ = [
    "Counts",
    "Paint",
    "counts_of",
    "in_colour",
    "in_plain",
    "render_github",
    "render_json",
    "render_text",
]

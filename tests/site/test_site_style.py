"""The style sheet and the script: readable in both colour schemes, small, and asking nobody for anything."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

ASSETS = files("gatepost.site") / "assets"
CSS = (ASSETS / "gatepost.css").read_text(encoding="utf-8")
SCRIPT = (ASSETS / "gatepost.js").read_text(encoding="utf-8")
BACKGROUNDS = {"light": "#ffffff", "dark": "#1e2129"}
"""What Material paints behind the text in its default and its slate scheme."""


def _palette(scheme: str) -> dict[str, str]:
    light, dark = (
        re.search(r":root \{(.*?)\n\}", CSS, re.DOTALL),
        re.search(r'\[data-bs-theme="dark"\] \{(.*?)\n\}', CSS, re.DOTALL),
    )
    assert light
    assert dark
    found = dict(re.findall(r"--gp-([\w-]+): (#[0-9a-f]{3,6});", light[1]))
    if scheme == "dark":
        found |= dict(re.findall(r"--gp-([\w-]+): (#[0-9a-f]{3,6});", dark[1]))
    return found


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours; source: WCAG 2.2, success criterion 1.4.3."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["met", "failing", "escalated", "open", "advice", "waived", "unknown"])
def test_every_state_is_readable(scheme: str, state: str) -> None:
    """The word of a state has a contrast of 4.5 on its own tint and on the page, in both schemes."""
    palette = _palette(scheme)

    assert _contrast(palette[state], palette[f"{state}-bg"]) >= 4.5
    assert _contrast(palette[state], BACKGROUNDS[scheme]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_quiet_text_and_solid_labels_are_readable(scheme: str) -> None:
    """Notes on the page, on raised ground and on the verdict, STOPPED in white, numbers on the heat map: all 4.5."""
    palette = _palette(scheme)
    for ground in (BACKGROUNDS[scheme], palette["raised"], palette["failing-bg"], palette["met-bg"]):
        assert _contrast(palette["quiet"], ground) >= 4.5
    assert _contrast(palette["solid-fg"], palette["solid"]) >= 4.5
    for shade in range(1, 6):
        assert _contrast(palette["ink"], palette[f"x-{shade}"]) >= 4.5


def test_nothing_is_fetched() -> None:
    """Neither asks another host, and the script fetches nothing at all, so that a site works from disk."""
    addresses = re.findall(r"https?://[^\s'\")]+", CSS + SCRIPT)

    assert set(addresses) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(fetch|XMLHttpRequest|import)\b\s*\(|@import", CSS + SCRIPT)


def test_the_script_is_small_and_the_page_does_not_need_it() -> None:
    """It is below ten kilobytes and starts with Material's instant navigation as well as without."""
    assert len(SCRIPT.encode()) < 10_000
    assert 'typeof document$ !== "undefined"' in SCRIPT


@pytest.mark.parametrize("query", ["print", "(prefers-reduced-motion: no-preference)", "(forced-colors: active)"])
def test_readers_settings_are_respected(query: str) -> None:
    """There are rules for paper, for no motion and for forced colours; what moves is behind one of them."""
    assert f"@media {query} {{" in CSS
    outside = re.sub(r"@media \(prefers-reduced-motion.*?\n\}\n", "", CSS, flags=re.DOTALL)
    assert "transition" not in outside
    assert "animation" not in outside


def test_every_class_of_the_templates_that_carries_a_state_has_a_sign() -> None:
    """Each mark, state and result has a sign beside its colour, and no two states of a gate have the same."""
    signs = {}
    for name in ("met", "failing", "error", "open", "advice", "waived", "unknown"):
        rule = next(
            line for line in CSS.splitlines() if re.match(rf"\.gp-m-{name}\b(?!.*display)", line) and "--gp-i:" in line
        )
        found = re.search(r"--gp-i: var\((--gp-i-[a-z]+)\)", rule)
        assert found
        signs[name] = found[1]

    assert len(set(signs.values())) == len(signs)

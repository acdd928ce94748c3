"""Seeded defects: each is one mistake that a person could make, applied alone to the clean log."""

from __future__ import annotations

import re
from typing import Final

from edits import POLICY, Defect, Files
from seeds_conformance import ON_CONFORMANCE
from seeds_contracts import ON_CONTRACTS, ON_POLICIES
from seeds_decisions import ON_DECISIONS, ON_QUALITY
from seeds_evidence import ON_CHECKLISTS, ON_EVIDENCE, ON_WAIVERS
from seeds_risks import ON_FOLLOW_UPS, ON_RISKS, ON_ROLLOUTS

__all__ = ["ALL", "Defect", "Files", "shifted", "together"]

ALL: Final = (
    *ON_DECISIONS,
    *ON_QUALITY,
    *ON_RISKS,
    *ON_FOLLOW_UPS,
    *ON_ROLLOUTS,
    *ON_EVIDENCE,
    *ON_WAIVERS,
    *ON_CHECKLISTS,
    *ON_CONTRACTS,
    *ON_CONFORMANCE,
    *ON_POLICIES,
)
"""Every defect, each with a name of its own."""


def shifted(text: str, number: int) -> str:
    """Give text of the clean log as it reads in its copy with a number: other ids, another design."""
    text = re.sub(
        r"\b(ADR|RISK|FU|CHK)-(\d+)\b",
        lambda found: f"{found[1]}-{int(found[2]) + 100 * number:0{len(found[2])}d}",
        text,
    )
    text = re.sub(r"(?<=/)(\d{4})-(?=[a-z])", lambda found: f"{int(found[1]) + 100 * number:04d}-", text)
    return re.sub(r"^(churn(?=/)|(?:id|design): churn(?=$))", rf"\1-{number}", text, flags=re.MULTILINE)


def together(clean: Files) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Give one log that holds every defect, and for each the gate, the file and the words of its finding.

    Each defect sits in a design of its own, a copy of the clean one with other numbers. They share one policy; a
    policy that cannot be read would hide what the others rest on, and a second one cannot be copied, so such
    defects are left to the tests of one defect.
    """
    log, expected = dict(clean), []
    for number, defect in enumerate(ALL, start=1):
        if defect.path == POLICY and defect.gate == "schema-valid":
            continue
        seeded = defect.seeded(clean)
        if defect.gate == "policy-sound":
            changed = {path: text for path, text in defect.seeded(log).items() if "/" not in path}
            log.update(changed)
            expected.append((defect.gate, defect.path, defect.says))
            continue
        log.update({shifted(path, number): shifted(text, number) for path, text in seeded.items() if "/" in path})
        expected.append((defect.gate, shifted(defect.path, number), shifted(defect.says, number)))
    return log, expected

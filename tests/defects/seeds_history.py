"""Defects that only the history shows: what stands in the end is, but for the last of them, a clean log."""

from __future__ import annotations

from typing import Final

from edits import ADR1, ADR2, ADR3, ADR4, DESIGN, FU1, RISK1, Edit, change, copy, without
from lapses import Commit, Lapse

__all__ = ["LAPSES"]

ADR5: Final = "churn/decisions/0005-weekly-table.md"
NOTES: Final = "churn/notes.md"
_ACCEPTED: Final = "status: accepted"
_OPTION: Final = "- {name: boosted trees, security: 3, performance: 4, operability: 4, maintainability: 3}"
_LAST_WORDS: Final = "Logistic regression: its AUC is"
_CONTEXT: Final = "ADR-0002 needs a model that the people on call can explain."
_END: Final = "on its form\n---\n"
_AMENDMENT: Final = "amendments:\n  - {date: 2026-11-12, by: Ana Ruiz, reason: A typing error}\n"
_NAMELESS: Final = "amendments:\n  - {date: 2026-11-12, reason: A typing error}\n"


def status(path: str, now: str, then: str) -> Commit:
    """Give the beginning of a log in which one record had another status."""
    return Commit((change(path, f"status: {now}", f"status: {then}"),))


def back(path: str, now: str, then: str) -> Commit:
    """Give the commit that brings a record to the status of the clean log."""
    return Commit((change(path, f"status: {then}", f"status: {now}"),))


def moved(path: str, to: str) -> Edit:
    """Give the edit that moves a file."""
    return lambda files: without(path)(copy(path, to)(files))


def first(path: str, old: str, new: str) -> tuple[Commit, Commit]:
    """Give a log in which a record was accepted with other words than it has now."""
    return Commit((change(path, old, new),)), Commit((change(path, new, old),))


def fifth(files: dict[str, str]) -> dict[str, str]:
    """Add an accepted decision that the clean log does not have."""
    text = files[ADR4].replace("ADR-0004", "ADR-0005").replace("status: rejected", "status: accepted")
    return {**files, ADR5: text.replace("Retrain every day", "Keep the table weekly")}


def page(files: dict[str, str]) -> dict[str, str]:
    """Turn the fifth decision into a page beside the records."""
    text = files[ADR5].split("---\n", 2)[2]
    return {**without(ADR5)(files), NOTES: text}


_IMMUTABLE: Final = "accepted-immutable"
_LEGAL: Final = "lifecycle-legal"

LAPSES: Final = (
    Lapse(
        "accepted body edited", first(ADR3, _CONTEXT, "Boosted trees won."), _IMMUTABLE, ADR3, "«Context and Problem"
    ),
    Lapse(
        "rejected turned accepted",
        (status(ADR3, "accepted", "rejected"), back(ADR3, "accepted", "rejected")),
        _LEGAL,
        ADR3,
        "from rejected to accepted",
    ),
    Lapse(
        "accepted deleted",
        (Commit((fifth,)), Commit((without(ADR5),))),
        _IMMUTABLE,
        DESIGN,
        f"ADR-0005 (docs/{ADR5}), accepted, was removed",
    ),
    Lapse(
        "accepted date rewritten",
        first(ADR3, "date: 2026-11-06\n", "date: 2026-11-04\n"),
        _IMMUTABLE,
        ADR3,
        "date changed from «2026-11-04» to «2026-11-06»",
    ),
    Lapse(
        "status skipped",
        (status(ADR1, "superseded", "proposed"), back(ADR1, "superseded", "proposed")),
        _LEGAL,
        ADR1,
        "from proposed to superseded",
    ),
    Lapse(
        "superseded revived",
        (status(ADR3, "accepted", "superseded"), back(ADR3, "accepted", "superseded")),
        _LEGAL,
        ADR3,
        "from superseded to accepted",
    ),
    Lapse(
        "deprecated revived",
        (status(ADR3, "accepted", "deprecated"), back(ADR3, "accepted", "deprecated")),
        _LEGAL,
        ADR3,
        "from deprecated to accepted",
    ),
    Lapse(
        "accepted turned rejected",
        (status(ADR4, "rejected", "accepted"), back(ADR4, "rejected", "accepted")),
        _LEGAL,
        ADR4,
        "from accepted to rejected",
    ),
    Lapse(
        "amendment without author",
        (
            Commit((change(ADR3, _LAST_WORDS, "Logistic: its AUC is"),)),
            Commit(
                (change(ADR3, "Logistic: its AUC is", _LAST_WORDS), change(ADR3, _END, _END[:-4] + _NAMELESS + "---\n"))
            ),
        ),
        "schema-valid",
        ADR3,
        "by is missing",
    ),
    Lapse(
        "amendment removed again",
        (
            Commit(),
            Commit((change(ADR3, _END, _END[:-4] + _AMENDMENT + "---\n"),)),
            Commit((change(ADR3, _AMENDMENT, ""),)),
        ),
        _IMMUTABLE,
        ADR3,
        "amendments",
    ),
    Lapse(
        "deletion through rename",
        (Commit((fifth,)), Commit((page,))),
        _IMMUTABLE,
        DESIGN,
        "ADR-0005",
    ),
    Lapse(
        "moved out of the docs folder",
        (Commit((fifth,)), Commit((moved(ADR5, "../archive/0005-weekly-table.md"),))),
        _IMMUTABLE,
        DESIGN,
        "was removed",
    ),
    Lapse(
        "rewritten by a merge",
        (
            Commit((change(ADR3, _CONTEXT, "Another model was better."),)),
            Commit((change(ADR2, "status: accepted", "status: accepted # as agreed"),), branch="topic"),
            Commit((change(ADR3, "Another model was better.", _CONTEXT),), merges="topic"),
        ),
        _IMMUTABLE,
        ADR3,
        "«Context and Problem Statement» changed",
    ),
    Lapse(
        "rewritten on a branch that was merged",
        (
            Commit((change(ADR3, _CONTEXT, "Another model was better."),)),
            Commit((change(ADR3, "Another model was better.", _CONTEXT),), branch="topic"),
            Commit((change(ADR3, "Another model was better.", _CONTEXT),), merges="topic"),
        ),
        _IMMUTABLE,
        ADR3,
        "«Context and Problem Statement» changed",
    ),
    Lapse(
        "options rewritten",
        first(ADR3, _OPTION, _OPTION.replace("performance: 4", "performance: 2")),
        _IMMUTABLE,
        ADR3,
        "options.boosted trees.performance changed from «2» to «4»",
    ),
    Lapse(
        "an option added",
        (
            Commit((change(ADR3, f"  {_OPTION}\n", ""),)),
            Commit((change(ADR3, "chosen: logistic", f"  {_OPTION}\nchosen: logistic"),)),
        ),
        _IMMUTABLE,
        ADR3,
        "boosted trees was added",
    ),
    Lapse(
        "another option chosen",
        first(ADR3, "chosen: logistic regression", "chosen: boosted trees"),
        _IMMUTABLE,
        ADR3,
        "chosen changed from «boosted trees»",
    ),
    Lapse(
        "scope widened",
        first(ADR3, "How often it is trained (ADR-0002)", "Whether it is trained at all"),
        _IMMUTABLE,
        ADR3,
        "scope changed",
    ),
    Lapse(
        "deciders rewritten",
        first(ADR3, "decision-makers: [Ana Ruiz]", "decision-makers: [Ana Ruiz, Tom Berg]"),
        _IMMUTABLE,
        ADR3,
        "decision-makers changed: Tom Berg was removed",
    ),
    Lapse(
        "set back to proposed and rewritten",
        (
            Commit((change(ADR3, _CONTEXT, "Another model was better."),)),
            Commit((change(ADR3, _ACCEPTED, "status: proposed"),)),
            Commit((change(ADR3, "Another model was better.", _CONTEXT), change(ADR3, "status: proposed", _ACCEPTED))),
        ),
        _IMMUTABLE,
        ADR3,
        "«Context and Problem Statement» changed",
    ),
    Lapse(
        "id reused for another decision",
        (
            Commit(
                (
                    moved(ADR3, "churn/decisions/0003-boosted-trees.md"),
                    change(
                        "churn/decisions/0003-boosted-trees.md", "title: Train a logistic regression", "title: Boost"
                    ),
                )
            ),
            Commit((without("churn/decisions/0003-boosted-trees.md"),)),
            Commit((lambda files: {**files, ADR3: _clean(ADR3)},)),
        ),
        _IMMUTABLE,
        ADR3,
        "title changed from «Boost»",
    ),
    Lapse(
        "renumbered and rewritten",
        (
            Commit(
                (
                    moved(ADR3, "churn/decisions/0007-old.md"),
                    change("churn/decisions/0007-old.md", "id: ADR-0003", "id: ADR-0007"),
                    change("churn/decisions/0007-old.md", _CONTEXT, "Another model was better."),
                )
            ),
            Commit((without("churn/decisions/0007-old.md"), lambda files: {**files, ADR3: _clean(ADR3)})),
        ),
        _IMMUTABLE,
        ADR3,
        "«Context and Problem Statement» changed",
    ),
    Lapse(
        "rewritten and not committed",
        (Commit((change(ADR3, _CONTEXT, "Another model was better."),)),),
        _IMMUTABLE,
        ADR3,
        "in changes that are not committed yet",
        on_disk=(change(ADR3, "Another model was better.", _CONTEXT),),
    ),
    Lapse(
        "removed and not committed",
        (Commit((fifth,)),),
        _IMMUTABLE,
        DESIGN,
        "was removed in changes that are not committed yet",
        on_disk=(without(ADR5),),
    ),
    Lapse(
        "a transferred risk that turned mitigated",
        (
            status(RISK1, "mitigated", "transferred"),
            Commit(
                (
                    change(RISK1, "status: transferred", "status: mitigated"),
                    change(ADR2, "status: accepted", "status: accepted # the risk was read again"),
                    change(FU1, "status: open", "status: open # the risk was read again"),
                )
            ),
        ),
        _LEGAL,
        RISK1,
        "from transferred to mitigated",
    ),
    Lapse(
        "a follow-up that was done and is dropped",
        (
            Commit((change(FU1, "status: open", "status: done"),)),
            Commit(
                (
                    change(FU1, "status: done", "status: dropped\noutcome: The service stays"),
                    change(ADR2, "status: accepted", "status: accepted # without it"),
                )
            ),
        ),
        _LEGAL,
        FU1,
        "from done to dropped",
    ),
)
"""Every one, each with a name of its own."""


def _clean(path: str) -> str:
    from trees import clean_log  # noqa: PLC0415 - read when it is used

    return clean_log()[path]

"""What a router is worth: on the company's tickets, by slice; on the general set; on what must not be misrouted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from routing.decide import PERSON, SAFETY, Router, best
from routing.text import SHORT_WORDS, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Case", "Metrics", "f1_by_queue", "macro_f1", "misrouted", "quality", "rounded", "slices"]

Metrics = dict[str, "float | None"]
"""Numbers by name; None where one is not defined."""
_DIGITS: Final = 6


class Case(NamedTuple):
    """A ticket and the queue that was right for it."""

    language: str
    queue: str
    text: str

    @property
    def is_short(self) -> bool:
        """Whether it has five words or fewer."""
        return len(words(self.text)) <= SHORT_WORDS


_SLICES: Final[dict[str, Callable[[Case], bool]]] = {
    "lang_en": lambda case: case.language == "en",
    "lang_es": lambda case: case.language == "es",
    "lang_de": lambda case: case.language == "de",
    "short": lambda case: case.is_short,
}


def quality(router: Router, cases: Sequence[Case]) -> Metrics:
    """Measure a router on tickets: the model's first choice, and what is decided with bars and guard."""
    first = [best(router.chances(case.text)) for case in cases]
    decided = [router.decide(case.text) for case in cases]
    routed = [(queue, case.queue) for queue, case in zip(decided, cases, strict=True) if queue != PERSON]
    right = [case.queue for case in cases]
    by_queue = f1_by_queue(first, right)
    found: Metrics = {
        "accuracy": _share([a == b for a, b in zip(first, right, strict=True)]),
        "macro_f1": macro_f1(first, right),
        "f1@worst_queue": min(by_queue.values(), default=None),
        "triage_share": _share([queue == PERSON for queue in decided]),
        "routed_accuracy": _share([queue == own for queue, own in routed]),
        **{f"f1@queue_{queue}": value for queue, value in by_queue.items()},
    }
    return found | slices(first, cases)


def slices(first: Sequence[str], cases: Sequence[Case]) -> Metrics:
    """Give macro F1 and the number of tickets for each language, and for short tickets."""
    found: Metrics = {}
    for name, belongs in _SLICES.items():
        pairs = [(queue, case.queue) for queue, case in zip(first, cases, strict=True) if belongs(case)]
        found[f"macro_f1@{name}"] = macro_f1(*zip(*pairs, strict=True)) if pairs else None
        found[f"rows@{name}"] = len(pairs)
    return found


def misrouted(router: Router, cases: Sequence[Case]) -> list[Case]:
    """Give the must-not-misroute cases that would reach neither the safety queue nor a person."""
    return [case for case in cases if router.decide(case.text) not in {SAFETY, PERSON}]


def f1_by_queue(found: Sequence[str], right: Sequence[str]) -> dict[str, float]:
    """Give the F1 of each queue that occurs."""
    scores = {}
    for queue in sorted({*found, *right}):
        hits = sum(a == b == queue for a, b in zip(found, right, strict=True))
        scores[queue] = 2 * hits / (sum(a == queue for a in found) + sum(b == queue for b in right))
    return scores


def macro_f1(found: Sequence[str], right: Sequence[str]) -> float | None:
    """Give the mean of the queues' F1, in which a small queue counts as much as a large one."""
    scores = f1_by_queue(found, right)
    return sum(scores.values()) / len(scores) if scores else None


def rounded(metrics: Mapping[str, float | None]) -> Metrics:
    """Round to six digits."""
    return {name: value if value is None else round(value, _DIGITS) for name, value in metrics.items()}


def _share(answers: Sequence[bool]) -> float | None:
    return sum(answers) / len(answers) if answers else None

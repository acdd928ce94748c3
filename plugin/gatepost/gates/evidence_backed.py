"""`evidence-backed`: the choice rests on evidence that was looked at, not on preference."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.book import Entry, Fault, KeyPath
from gatepost.book.evidence import Assessment, assess
from gatepost.book.links import evidence_of
from gatepost.gates.gate import NOT_APPLICABLE, Context, Gate, Unknown, Verdict
from gatepost.records import AnyRecord, Decision, Design, Evidence

__all__ = ["GATE"]

_WORDS = {
    "A": "a dry run that can be run again",
    "B": "a file with its digest, a number found in a file, or a commit",
    "C": "a file, a commit or a reference",
    "D": "an assertion",
}


def check(entry: Entry, context: Context) -> Verdict:
    """Look at each piece of evidence, then at the best one that speaks for the choice."""
    record = entry.record
    if isinstance(record, Design) and not record.domain_evidence:
        return NOT_APPLICABLE
    looked_at = [(at, one, assess(context.book, entry, at, one)) for at, one in evidence_of(entry)]
    faults = [assessment.fault for _, _, assessment in looked_at if assessment.fault]
    for at, evidence, _ in looked_at:
        faults.extend(_dates(record, context, at, evidence))
    if isinstance(record, Decision):
        faults.extend(_support(record))
        if not faults:
            faults.extend(_strength(record, context, looked_at))
    unknown = next((assessment.note for _, _, assessment in looked_at if assessment.state == "unknown"), None)
    return Unknown(unknown) if unknown and not faults else faults


def _dates(record: AnyRecord, context: Context, at: KeyPath, evidence: Evidence) -> Iterator[Fault]:
    if evidence.date is None:
        return
    if evidence.date > context.latest_today:
        yield Fault(f"the evidence is dated {evidence.date}, in the future", "correct it", (*at, "date"), "future")
    limit = context.policy.evidence.max_age_days
    if isinstance(record, Decision) and (age := (min(record.date, context.today) - evidence.date).days) > limit:
        when = "is" if record.date > context.today else "was"
        on = "" if record.date > context.today else " on the day of the decision"
        message = f"the evidence {when} {age} days old{on}; the policy allows {limit}"
        yield Fault(message, "obtain it again", (*at, "date"), str(evidence.date))


def _support(record: Decision) -> Iterator[Fault]:
    names = {option.name for option in record.options}
    for index, evidence in enumerate(record.evidence):
        if evidence.supports and names and evidence.supports not in names:
            message = f"supports names '{evidence.supports}', which is no option"
            yield Fault(
                message,
                f"the options are {', '.join(sorted(names))}",
                ("evidence", index, "supports"),
                evidence.supports,
            )


def _strength(
    record: Decision,
    context: Context,
    looked_at: list[tuple[KeyPath, Evidence, Assessment]],
) -> Iterator[Fault]:
    rules = context.policy.evidence
    wanted = rules.minimum_production if record.changes_production else rules.minimum
    is_an_option = record.chosen in {option.name for option in record.options}
    grades = [
        _grade(one, found)
        for _, one, found in looked_at
        if not is_an_option or one.supports in {None, record.chosen}  # whichever is chosen, one of them speaks for it
    ]
    if not grades:
        message = "no evidence speaks for the chosen option"
        yield Fault(message, f"add `evidence:` of grade {wanted} or better: {_WORDS[wanted]}", ("evidence",), "none")
    elif min(grades) > wanted:
        why = "with production impact the policy asks for" if record.changes_production else "the policy asks for"
        message = (
            f"the best evidence for the chosen option has grade {min(grades)} ({_WORDS[min(grades)]}); {why} {wanted}"
        )
        yield Fault(message, f"cite {_WORDS[wanted]}", ("evidence",), min(grades))


def _grade(evidence: Evidence, assessment: Assessment) -> str:
    """Give the grade; a commit that could not be looked up here may have the one it would have elsewhere."""
    return "B" if evidence.commit and assessment.state == "unknown" else assessment.grade


GATE = Gate(
    id="evidence-backed",
    code="GP104",
    kind="quality",
    applies_to=frozenset({"decision", "design"}),
    holds_when=(
        "The evidence that the record cites holds up when looked at, and the best of it that speaks for the "
        "chosen option has the grade that the policy asks for."
    ),
    check=check,
)

"""Whether a text, or what a program holds, runs a command: its words show it, leave it open, or it surely does not."""

from __future__ import annotations

from typing import Final, Literal

from gatepost.definitions.definition import Answer, Script, Step
from gatepost.definitions.mentions import are_words_of, is_put_together, mentions
from gatepost.definitions.playing import command_fails, play_job, surely
from gatepost.definitions.shell import Fails, ShellError

__all__ = ["HOW_IT_ENDED", "Answered", "answered", "in_text", "mentioned", "of_answer", "weakest"]

Answered = Literal["runs", "vouched", "open", "absent"]
"""Whether a command runs when a stage fails: its text shows it; the contract says so of what cannot be read; it cannot
be told; it surely does not."""

HOW_IT_ENDED: Final = "CI_JOB_STATUS"
"""The variable by which a script of GitLab asks how its job has ended."""


def mentioned(command: str) -> Fails:
    """Give which commands hold the words of a command."""
    return lambda text: mentions(text, command)


def answered(is_run: bool | None) -> Answered:  # noqa: FBT001 - what is known of a run
    """Give what is known of a command in the words of an answer."""
    return {True: "runs", None: "open", False: "absent"}[is_run]  # type: ignore[return-value]


def weakest(does: Answered, start: bool | None) -> Answered:  # noqa: FBT001 - what is known of a run
    """Give what is known of a command in what starts surely, perhaps, or not."""
    if start is False:
        return "absent"
    return "open" if start is None and does in {"runs", "vouched"} else does


def of_answer(answer: Answer, command: str) -> Answered:
    """Tell whether an answer runs a command."""
    if answer.command and (found := in_text(answer.command, command)) != "absent":
        return found
    if any(are_words_of(one, command) for one in answer.commands):
        return "runs"
    is_said = bool(answer.words) and is_put_together(answer.words, command)
    return "open" if is_said or answer.unseen else "absent"


def in_text(text: str, command: str) -> Answered:
    """Tell whether a text of its own runs a command; one whose shell is not followed is taken at its words."""
    if not mentions(text, command):
        return "absent"
    try:
        ran = play_job([Step(Script(text))], command_fails(None)).ran
    except ShellError:
        return "runs"
    is_run = answered(surely(ran, mentioned(command)))
    return "runs" if is_run == "open" and HOW_IT_ENDED in text else is_run

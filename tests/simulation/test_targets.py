"""What is done on a first release takes the release away, or says nothing."""

from __future__ import annotations

import pytest
from honest_shapes import HONEST
from short_contracts import contract_of

from gatepost.pipeline.targets import is_answered
from gatepost.records.pipeline import StageRollback

SAYS_NOTHING = (
    *("last-good", "known good", "stable", "N-1", "N - 1", "keep it", "continue", "go on", "ignore", "do nothing"),
    *("accept the breach", "page", "alert", "halt + page", "retry", "wait", "x", "unclear", "whatever there is", "ok"),
    *("bundle", "serve the bundle", "keep the model", "fix forward", "roll forward", "hotfix", "roll back", "revert"),
    *("undo", "not applicable", "n/a", "initial release", "cannot happen", "see runbook", "call the on-call", "none"),
    *("notify the team", "open an incident", "page sre", "redeploy", "deploy again", "re-run the pipeline", "later"),
    *("restart", "to be decided with ops", "see above", "previous", "the one before", "todo"),
)
TAKES_IT_AWAY = (
    *("disable-route", "route-off", "keep the rules engine", "switch it off", "rules", "停用路由", "stop", "manual"),
    *("serve the rules engine", "accept nothing and answer by hand", "fraud@7", "shut down", "answer with defaults"),
    *("do not route, decided with risk", "let the rules answer", "scale to zero", "drain the queue", "block all"),
)


@pytest.mark.parametrize(("answers", "expected"), [(SAYS_NOTHING, False), (TAKES_IT_AWAY, True)])
def test_an_answer_takes_the_release_away(answers: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001 - a case
    """Words that leave it where it is, name nobody knows what, or name what the run has made are no answer."""
    contract = contract_of(HONEST["one gate, on the package"])
    found = {
        one: is_answered(contract, StageRollback.model_validate({"to": "previous", "first": one})) for one in answers
    }
    assert [one for one, is_said in found.items() if is_said is not expected] == []

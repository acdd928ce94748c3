"""Contracts in which something reaches production around a gate or an approval, each with what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from honest_shapes import DATA, EVALUATE, JUDGED, LATENCY, PACKAGE, QUALITY, RELEASE, RELEASE_FAST, TRAIN

__all__ = ["AROUND", "Around"]


class Around(NamedTuple):
    """A way around, and how it is told."""

    stages: str
    invariant: str
    message: str
    """How it begins; the hint, too."""
    hint: str
    fields: Mapping[str, Any] = {}
    """Of the whole contract."""


BLIND_EVALUATE: Final = "evaluate validate clean > metrics[auc brier auc@new]\n"
OF_THE_CHAMPION: Final = BLIND_EVALUATE.replace("clean", "clean champion")
RETRAIN: Final = "retrain train model clean > model2\npackage package model2 verdict > bundle\n"
FAIR: Final = """
compare validate {} > fairness[demographic_parity auc@women]
fair gate fairness > verdict-fair : demographic_parity <= 0.1, auc@women >= 0.7
package package model verdict verdict-fair > bundle
"""
COMPARED: Final = "evaluate validate model clean champion > metrics[auc brier champion.auc]\n"
CANARY: Final = (
    JUDGED
    + PACKAGE
    + """
approve approval bundle > note
canary promote bundle note > release
see validate release > seen[alert_rate]
canary-gate gate seen > verdict-canary : alert_rate <= 0.1
full promote bundle note verdict-canary > release-full ; after canary
"""
)
_ADD: Final = "add model to `in:` of evaluate"

AROUND: Final = {
    "the model is not measured for quality, while its package is timed": Around(
        DATA + TRAIN + BLIND_EVALUATE + QUALITY + PACKAGE + LATENCY + RELEASE_FAST,
        "judged",
        "the gate quality asks for auc and brier, which were measured without model, and promote brings model",
        _ADD,
    ),
    "the champion is measured for quality, while the package is timed": Around(
        DATA + TRAIN + OF_THE_CHAMPION + QUALITY + PACKAGE + LATENCY + RELEASE_FAST,
        "judged",
        "the gate quality asks for auc and brier, which were measured on champion, and promote brings model",
        _ADD,
    ),
    "quality is read from an old report": Around(
        DATA + TRAIN + "evaluate data report-2025 > metrics[auc brier]\n" + QUALITY + PACKAGE + LATENCY + RELEASE_FAST,
        "judged",
        "the gate quality asks for auc and brier, which were measured without model, and promote brings model",
        _ADD,
    ),
    "the model is trained again after its gate, and the package is timed": Around(
        JUDGED + RETRAIN + LATENCY + RELEASE_FAST,
        "judged",
        "promote brings model2, of which the gates before it ask for p99_ms alone: quality judges model",
        "add model2 to `in:` of evaluate, which measures what quality asks for, or promote model",
    ),
    "it is trained again only once its gate has passed": Around(
        JUDGED + RETRAIN.replace("model clean", "model clean verdict") + LATENCY + RELEASE_FAST,
        "judged",
        "promote brings model2, of which the gates before it ask for p99_ms alone: quality judges model",
        "add model2 to `in:` of evaluate",
    ),
    "another model is packaged, and the judged one goes to staging alone": Around(
        JUDGED
        + "retrain train clean > model2\npackage package model2 verdict > bundle\nstage promote model ; to staging\n"
        + LATENCY
        + RELEASE_FAST,
        "judged",
        "promote brings model2, of which the gates before it ask for p99_ms alone: quality judges model",
        "add model2 to `in:` of evaluate",
    ),
    "training writes a package, and is done again after its gate": Around(
        """
train train facts > bundle-first
evaluate validate bundle-first facts > metrics[auc]
quality gate metrics > verdict : auc >= 0.7
again train facts bundle-first verdict > bundle
"""
        + LATENCY
        + RELEASE_FAST,
        "judged",
        "promote brings bundle, of which the gates before it ask for p99_ms alone: quality judges bundle-first",
        "add bundle to `in:` of evaluate",
    ),
    "it is trained again, and a threshold is fitted to the new one": Around(
        JUDGED
        + """
retrain train model clean > model2
choose train model2 clean > params
package package model2 params verdict > bundle
"""
        + LATENCY
        + RELEASE_FAST,
        "judged",
        "promote brings model2, of which the gates before it ask for p99_ms alone: quality judges model",
        "add model2 to `in:` of evaluate",
    ),
    "the base model is judged in the place of what it was fine-tuned to": Around(
        """
train train facts base > model
evaluate validate base facts > metrics[macro_f1]
quality gate metrics > verdict : macro_f1 >= 0.8
package package model base verdict > bundle
"""
        + LATENCY
        + RELEASE_FAST,
        "judged",
        "promote brings model, of which the gates before it ask for p99_ms alone: quality judges base",
        _ADD,
    ),
    "the champion is to be good before training, and the new model only fast": Around(
        """
evaluate validate champion facts > metrics[auc]
quality gate metrics > verdict : auc >= 0.7
train train facts verdict > model
package package model > bundle
"""
        + LATENCY
        + RELEASE_FAST,
        "judged",
        "promote brings model, of which the gates before it ask for p99_ms alone: quality judges champion",
        _ADD,
    ),
    "one gate asks for quality without the model, and for the speed of the package": Around(
        DATA
        + TRAIN
        + BLIND_EVALUATE
        + """
package package model > bundle
time validate bundle > latency[p99_ms]
quality gate metrics latency > verdict : auc >= 0.7, p99_ms <= 20
approve approval bundle verdict > release-note
promote promote bundle release-note > release
""",
        "judged",
        "the gate quality asks for auc, which was measured without model, and promote brings model",
        _ADD,
    ),
    "fairness is measured on the data": Around(
        JUDGED + FAIR.format("clean") + RELEASE,
        "judged",
        "the gate fair asks for auc@women, which was measured without model, and promote brings model",
        "add model to `in:` of compare",
    ),
    "fairness is measured on the predictions of the champion": Around(
        JUDGED + "predict data champion clean > predictions\n" + FAIR.format("predictions clean") + RELEASE,
        "judged",
        "the gate fair asks for auc@women, which was measured on champion, and promote brings model",
        "add model to `in:` of compare",
    ),
    "one of two models in the bundle is measured by nobody": Around(
        JUDGED + "other train clean > model2\npackage package model model2 verdict > bundle\n" + RELEASE,
        "judged",
        "promote brings model2, which no gate before it judges: quality judges model",
        "add model2 to `in:` of the stage that measures what quality asks for, or promote what it judges",
    ),
    "a metric has two holders, and the first is the champion's": Around(
        DATA
        + TRAIN
        + EVALUATE
        + "defend validate champion clean > champion-metrics[auc]\n"
        + "quality gate champion-metrics metrics > verdict : auc >= 0.7, brier <= 0.2\n"
        + PACKAGE
        + RELEASE,
        "judged",
        "the gate quality asks for auc, which was measured on champion, and promote brings model",
        "champion-metrics and metrics hold auc, and the first in `in:` is compared",
    ),
    "a metric has two holders, and the first comes from outside": Around(
        JUDGED.replace("quality gate metrics", "quality gate metrics-2025[auc] metrics") + PACKAGE + RELEASE,
        "judged",
        "the gate quality judges auc by metrics-2025, which comes from outside the run",
        "metrics-2025 and metrics hold auc, and the first in `in:` is compared: name another first",
    ),
    "a gate judges metrics that lie in the repository": Around(
        DATA + TRAIN + "quality gate committed[auc] > verdict : auc >= 0.7\n" + PACKAGE + LATENCY + RELEASE_FAST,
        "judged",
        "the gate quality judges auc by committed, which comes from outside the run",
        "let a stage measure it: add the artifact to `out:` of that stage",
    ),
    "a gate judges what it has written itself": Around(
        JUDGED
        + """
package package model > bundle
smoke gate bundle smoked > smoked[load_ok] : load_ok >= 1
approve approval bundle verdict smoked > release-note
promote promote bundle release-note > release
""",
        "judged",
        "the gate smoke judges load_ok by smoked, which it writes itself",
        "let a stage measure it",
    ),
    "who approves has another package before them": Around(
        JUDGED
        + PACKAGE
        + """
other train clean > model2
pack-other package model2 > bundle-other
approve approval bundle-other verdict > release-note
promote promote bundle release-note > release
""",
        "approved",
        "approve approves bundle-other, and promote brings bundle",
        "name bundle in `in:` of approve",
    ),
    "a package stage says that it goes to production": Around(
        JUDGED + "package package model verdict > bundle ; to production\n" + RELEASE,
        "gated",
        "package goes to production, and a stage of kind package is asked for no gate and no approval",
        "write `kind: promote`, or remove `to:`",
    ),
    "a monitor rolls out": Around(
        JUDGED + PACKAGE + RELEASE + "watch monitor release ; rollout 10% 1h, 100%\n",
        "gated",
        "watch rolls out, and a stage of kind monitor is asked for no gate and no approval",
        "write `kind: promote`, or remove `rollout:`",
    ),
    "a stage that trains runs the command that promotes": Around(
        JUDGED.replace("> model\n", "> model ; run python run.py promote\n") + PACKAGE + RELEASE,
        "gated",
        "train runs the command that promotes: python run.py promote",
        "write the command of train; to promote is for promote",
    ),
    "a handler runs the command that promotes": Around(
        JUDGED + PACKAGE + RELEASE,
        "gated",
        "alert runs the command that promotes: python run.py  promote",
        "write the command that does alert",
        {"handlers": {"alert": "python run.py  promote"}},
    ),
    "a stage writes what production serves": Around(
        JUDGED + "package package model verdict > bundle live\n" + RELEASE + "look validate live > report\n",
        "gated",
        "package writes out/live.json, which is what production serves",
        "let a promotion to production write it, or give the artifact another path",
    ),
    "a stage writes into the folder that production serves": Around(
        JUDGED + "package package model verdict > bundle live\n" + RELEASE + "look validate live > report\n",
        "gated",
        "package writes out/live.json, which is what production serves",
        "let a promotion to production write it, or give the artifact another path",
        {"environments": {"production": {"state": "./out/live.json/"}}},
    ),
    "a promotion to staging writes what production serves": Around(
        JUDGED + PACKAGE + "stage promote model > live ; to staging\n" + RELEASE + "look validate live > report\n",
        "gated",
        "stage writes out/live.json, which is what production serves",
        "let a promotion to production write it, or give the artifact another path",
    ),
    "a monitor writes what production serves": Around(
        JUDGED + PACKAGE + RELEASE + "watch monitor release > live\n",
        "gated",
        "watch writes out/live.json, which is what production serves",
        "let a promotion to production write it, or give the artifact another path",
    ),
    "staging serves what production serves": Around(
        JUDGED + PACKAGE + RELEASE + "stage promote model > staged ; to staging\n",
        "gated",
        "stage goes to staging, and what that serves is what production serves: out/live.json",
        "give staging a `state:` of its own, or promote to production",
        {"environments": {"staging": {"state": "out/live.json"}}},
    ),
    "production in a region is said to be none": Around(
        JUDGED + PACKAGE + RELEASE + "eu promote model > release-eu ; to production-eu\n",
        "gated",
        "eu promotes to production-eu, and the contract says that it is no production",
        "remove `production: false`",
        {"environments": {"production-eu": {"production": False}}},
    ),
    "conditions stand in a stage that measures": Around(
        JUDGED.replace("auc@new]\n", "auc@new] ; pass auc@new >= 0.6\n") + PACKAGE + RELEASE,
        "gated",
        "evaluate has conditions, and a stage of kind validate is not held to them",
        "write it into a stage of kind gate, or remove `pass:`",
    ),
    "a gate asks for a bad model": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : auc <= 0.85, brier <= 0.2\n" + PACKAGE + RELEASE,
        "judged",
        "the gate quality asks for auc <= 0.85, and of auc more is better",
        "write >=",
    ),
    "a gate asks for another number than one": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : auc != 0.85, brier <= 0.2\n" + PACKAGE + RELEASE,
        "judged",
        "the gate quality asks for auc != 0.85, and of auc more is better",
        "write >=",
    ),
    "a gate asks for less than the champion": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : auc <= champion.auc\n" + PACKAGE + RELEASE,
        "judged",
        "the gate quality asks for auc <= champion.auc, and of auc more is better",
        "write >=",
    ),
    "a gate asks for an error that is large": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : brier >= 0.2\n" + PACKAGE + RELEASE,
        "judged",
        "the gate quality asks for brier >= 0.2, and of brier less is better",
        "write <=",
    ),
    "only the champion has to be good": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : champion.auc >= 0.8\n" + PACKAGE + RELEASE,
        "judged",
        "promote brings model, and its gates ask for champion.auc alone, of what it replaces",
        "ask for a metric of model, too, or compare it: `auc >= champion.auc`",
    ),
    "the champion has to be the better one": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : champion.auc >= auc - 0.01\n" + PACKAGE + RELEASE,
        "judged",
        "the gate quality asks for champion.auc >= auc - 0.01, and of auc more is better",
        "write >=",
    ),
    "the rest of a release does not wait for what its canary has shown": Around(
        CANARY.replace("note verdict-canary", "note"),
        "no-bypass",
        "full does not wait for canary-gate, which may still reject what it brings",
        "name canary-gate in `after:` of full",
    ),
    "nor for who has looked at the canary": Around(
        CANARY + "human approval seen > note-canary\n",
        "no-bypass",
        "full does not wait for human, which may still reject what it brings",
        "name human in `after:` of full",
    ),
    "a gate prints that all is well": Around(
        JUDGED.replace("brier <= 0.2\n", "brier <= 0.2 ; run echo ok\n") + PACKAGE + RELEASE,
        "gated",
        "quality runs `echo ok`, which says yes whatever is the case",
        "let `run` name the command that decides",
    ),
    "no model passes a gate": Around(
        DATA + TRAIN + COMPARED + "quality gate metrics > verdict : auc >= 0.85, auc < 0.8\n" + PACKAGE + RELEASE,
        "judged",
        "the gate quality asks for auc >= 0.85 and for auc < 0.8, which no value meets",
        "a gate passes when all",
    ),
    "no model is better than the champion and no better": Around(
        DATA
        + TRAIN
        + COMPARED
        + "quality gate metrics > verdict : auc > champion.auc + 0.1, auc <= champion.auc + 0.1\n"
        + PACKAGE
        + RELEASE,
        "judged",
        "the gate quality asks for auc > champion.auc + 0.1 and for auc <= champion.auc + 0.1, which no value meets",
        "a gate passes when all",
    ),
    "any model is good enough beside the champion": Around(
        DATA
        + TRAIN
        + COMPARED
        + "quality gate metrics > verdict : auc >= 0.5, auc >= champion.auc - 1\n"
        + PACKAGE
        + RELEASE,
        "judged",
        "the gate quality asks for auc >= champion.auc - 1, which holds whatever is measured",
        "correct the limit",
    ),
    "a gate asks for slow answers": Around(
        JUDGED + PACKAGE + LATENCY.replace("<= 20", ">= 20") + RELEASE_FAST,
        "judged",
        "the gate latency-gate asks for p99_ms >= 20, and of p99_ms less is better",
        "turn it round",
    ),
    "a second promotion to a region waits for an approval that the first does not wait for": Around(
        JUDGED
        + PACKAGE
        + """
approve-both approval bundle > note
eu promote bundle note > release-eu ; to prod-eu
us promote bundle note > release-us ; to prod-us
approve-eu approval bundle > note-eu
eu-two promote bundle note note-eu > release-eu-two ; to prod-eu
""",
        "no-bypass",
        "eu does not wait for approve-eu, which may still reject what it brings",
        "name approve-eu in `after:` of eu",
    ),
    "nothing waits for what a shadow was compared by": Around(
        JUDGED
        + PACKAGE
        + """
shadow promote bundle > release-shadow ; to shadow
compare validate release-shadow > shadow-figures[alert_rate]
agrees gate shadow-figures > verdict-shadow : alert_rate <= 0.1
"""
        + RELEASE,
        "no-bypass",
        "the gate agrees guards nothing: no promotion waits for it",
        "name it in `after:` of promote",
    ),
    "nothing waits for the approval of what was seen in staging": Around(
        JUDGED
        + PACKAGE
        + """
stage promote bundle > staged ; to staging
look-on approval bundle staged > staging-note
"""
        + RELEASE,
        "no-bypass",
        "the approval look-on guards nothing: no promotion waits for it",
        "name it in `after:` of promote",
    ),
    "a promotion names who approves": Around(
        JUDGED + PACKAGE + RELEASE + "stage promote bundle ; to staging ; by security\n",
        "approved",
        "stage names who approves, and a stage of kind promote waits for nobody",
        "write it into a stage of kind approval, or remove `by:`",
    ),
}
"""Each with a line that says what is done."""

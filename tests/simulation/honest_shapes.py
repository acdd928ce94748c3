"""Pipelines as teams build them: whatever their shape, nobody may be blamed for one of these."""

from __future__ import annotations

from typing import Final

__all__ = ["HONEST"]

DATA: Final = """
ingest data facts > clean profile[rows missing_rate]
data-gate gate profile > verdict-data : rows >= 10, missing_rate <= 0.1
"""
TRAIN: Final = "train train clean verdict-data > model\n"
EVALUATE: Final = "evaluate validate model clean > metrics[auc brier auc@new]\n"
QUALITY: Final = "quality gate metrics > verdict : auc >= 0.7, brier <= 0.2\n"
PACKAGE: Final = "package package model verdict > bundle\n"
RELEASE: Final = """
approve approval bundle > release-note
promote promote bundle release-note > release
"""
JUDGED: Final = DATA + TRAIN + EVALUATE + QUALITY
LATENCY: Final = """
time validate bundle > latency[p99_ms]
latency-gate gate latency > verdict-latency : p99_ms <= 20
"""
RELEASE_FAST: Final = """
approve approval bundle verdict-latency > release-note
promote promote bundle release-note > release
"""
TWO: Final = """
pack-one package model-one verdict-one > bundle-one
train-two train rows > model-two
pack-two package model-two > bundle-two
time validate bundle-two > latency[p99_ms]
latency-gate gate latency > verdict-two : p99_ms <= 20
approve approval bundle-one bundle-two verdict-one verdict-two > release-note
promote-one promote bundle-one release-note > release-one
promote-two promote bundle-two release-note > release-two
"""

HONEST: Final = {
    "a data gate, a quality gate and a latency gate": JUDGED + PACKAGE + LATENCY + RELEASE_FAST,
    "a data gate beside training, for which only the package waits": """
ingest data facts > clean profile[rows missing_rate]
data-gate gate profile > verdict-data : rows >= 10, missing_rate <= 0.1
train train clean > model
"""
    + EVALUATE
    + QUALITY
    + "package package model verdict verdict-data > bundle\n"
    + RELEASE,
    "how well people label is measured beside training": """
ingest data facts > clean
agree validate clean > labels[label_accuracy annotator_kappa]
label-gate gate labels > verdict-labels : label_accuracy >= 0.9, annotator_kappa >= 0.6
train train clean > model
"""
    + EVALUATE
    + QUALITY
    + "package package model verdict verdict-labels > bundle\n"
    + RELEASE,
    "a classifier must not tell the training data from live data": """
ingest data facts live > clean
tell-apart validate clean live > shift[auc adversarial_auc]
shift-gate gate shift > verdict-shift : auc <= 0.6, adversarial_auc <= 0.6
train train clean > model
"""
    + EVALUATE
    + QUALITY
    + "package package model verdict verdict-shift > bundle\n"
    + RELEASE,
    "the base model is judged, then fine-tuned, and the result is judged": """
probe validate base facts > base-metrics[perplexity]
base-gate gate base-metrics > verdict-base : perplexity <= 20
train train facts base verdict-base > model
evaluate validate model facts > metrics[macro_f1]
quality gate metrics > verdict : macro_f1 >= 0.8
"""
    + PACKAGE
    + RELEASE,
    "pre-trained in the run, judged, fine-tuned, and judged as a package": """
pretrain train corpus > model-base
probe validate model-base corpus > base-metrics[perplexity]
base-gate gate base-metrics > verdict-base : perplexity <= 20
train train facts model-base verdict-base > model
package package model > bundle
evaluate validate bundle facts > metrics[exact_match win_rate]
quality gate metrics > verdict : exact_match >= 0.5, win_rate >= 0.55
"""
    + RELEASE.replace("approval bundle", "approval bundle verdict"),
    "the base is tried for size alone, the fine-tuned bundle by metrics of its own": """
probe validate base > base-metrics[size_gb licence_ok]
base-gate gate base-metrics > verdict-base : size_gb <= 8, licence_ok >= 1
train train facts base verdict-base > model
package package model > bundle
evaluate validate bundle facts > metrics[polite_answers]
quality gate metrics > verdict : polite_answers >= 0.99
"""
    + RELEASE.replace("approval bundle", "approval bundle verdict"),
    "champion and challenger are measured by one stage": DATA
    + TRAIN
    + "evaluate validate model clean champion > metrics[auc champion.auc]\n"
    + "quality gate metrics > verdict : auc >= champion.auc - 0.01, champion.auc >= 0.6\n"
    + PACKAGE
    + RELEASE,
    "the champion is measured by a stage of its own": DATA
    + TRAIN
    + EVALUATE
    + "defend validate champion clean > champion-metrics[champion_auc]\n"
    + "quality gate metrics champion-metrics > verdict : auc >= champion_auc - 0.01, champion_auc >= 0.6\n"
    + PACKAGE
    + RELEASE,
    "the champion must still do well on the test data, which shows that these are sound": DATA
    + TRAIN
    + EVALUATE
    + "defend validate champion clean > champion-metrics[champion_auc]\n"
    + "sane gate champion-metrics > verdict-sane : champion_auc >= 0.6\n"
    + QUALITY
    + "package package model verdict verdict-sane > bundle\n"
    + RELEASE,
    "training starts only when the champion has become worse": """
ingest data facts > clean
defend validate champion clean > champion-metrics[auc]
due gate champion-metrics > verdict-due : auc <= 0.8
train train clean verdict-due > model
package package model > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "the metrics of the challenger and of the champion have one name, and the challenger comes first": DATA
    + TRAIN
    + "evaluate validate model clean > metrics[auc]\n"
    + "defend validate champion clean > champion-metrics[auc]\n"
    + "quality gate metrics champion-metrics > verdict : auc >= 0.7\n"
    + PACKAGE
    + RELEASE,
    "one gate, on the package": "train train facts > model\npackage package model > bundle\n" + LATENCY + RELEASE_FAST,
    "one gate, on drift of what the package scores": """
train train facts > model
package package model > bundle
score data bundle live > scores drift[psi_score rows_scored]
drift-gate gate drift > verdict : psi_score <= 0.2, rows_scored >= 500
approve approval scores verdict > release-note
promote promote bundle scores release-note > release
""",
    "fairness is measured on predictions": JUDGED
    + """
predict data model clean > predictions
compare validate predictions clean > fairness[demographic_parity auc@women]
fair gate fairness > verdict-fair : demographic_parity <= 0.1, auc@women >= 0.7
package package model verdict verdict-fair > bundle
"""
    + RELEASE,
    "everything is measured on predictions that training writes": """
train train facts > model predictions
evaluate validate predictions > metrics[rmse mape]
quality gate metrics > verdict : rmse <= 3, mape <= 0.2
"""
    + PACKAGE
    + RELEASE,
    "a shadow, its gate, a canary, its gate, and everybody": JUDGED
    + PACKAGE
    + """
shadow promote bundle > release-shadow ; to shadow
look validate release-shadow > shadow-figures[alert_rate]
shadow-gate gate shadow-figures > verdict-shadow : alert_rate <= 0.1
approve approval bundle verdict-shadow > release-note
canary promote bundle release-note > release
see validate release > canary-figures[alert_rate]
canary-gate gate canary-figures > verdict-canary : alert_rate <= 0.1
full promote bundle release-note verdict-canary > release-full
""",
    "a gate without metrics of its own, on what staging has answered": JUDGED
    + PACKAGE
    + """
stage promote bundle ; to staging
ask validate replay > answers[load_ok] ; after stage
smoke-gate gate answers > verdict-smoke : load_ok >= 1
approve approval bundle verdict-smoke > release-note
promote promote bundle release-note > release
""",
    "quality is measured in staging alone, by metrics of the team": """
train train facts > model
package package model > bundle
stage promote bundle > staged ; to staging
ask validate staged replay > answers[solved_tickets]
quality gate answers > verdict : solved_tickets >= 0.6
approve approval bundle verdict > release-note
promote promote bundle release-note > release
""",
    "each member of an ensemble has a gate": """
one train facts > model-one
two train facts > model-two
try-one validate model-one facts > metrics-one[auc]
try-two validate model-two facts > metrics-two[auc]
gate-one gate metrics-one > verdict-one : auc >= 0.6
gate-two gate metrics-two > verdict-two : auc >= 0.6
package package model-one model-two verdict-one verdict-two > bundle
"""
    + RELEASE,
    "an ensemble is judged as one": """
one train facts > model-one
two train facts > model-two
package package model-one model-two > bundle
evaluate validate bundle facts > metrics[auc]
quality gate metrics > verdict : auc >= 0.7
approve approval bundle verdict > release-note
promote promote bundle release-note > release
""",
    "a model that stacks two others is judged, and so is each of them": """
one train facts > model-one
two train facts > model-two
try-one validate model-one facts > metrics-one[auc]
gate-one gate metrics-one > verdict-one : auc >= 0.6
stack train model-one model-two facts verdict-one > model
"""
    "evaluate validate model facts > metrics[auc brier]\n" + QUALITY + PACKAGE + RELEASE,
    "the best of three candidates is chosen and judged": """
one train facts > model-one
two train facts > model-two
three train facts > model-three
choose data model-one model-two model-three facts > model
evaluate validate model facts > metrics[auc brier]
"""
    + QUALITY
    + PACKAGE
    + RELEASE,
    "a student learns from a teacher that has a gate beside it": """
teach train facts > teacher
mark validate teacher facts > teacher-metrics[accuracy]
teacher-gate gate teacher-metrics > verdict-teacher : accuracy >= 0.9
distil train teacher facts > student
evaluate validate student teacher facts > metrics[agreement accuracy]
quality gate metrics > verdict : agreement >= 0.95, accuracy >= 0.85
package package student verdict verdict-teacher > bundle
"""
    + RELEASE,
    "what was judged is quantised by packaging, and timed": JUDGED
    + """
quantise package model verdict calibration-rows > model-int8
package package model-int8 > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "trained again with quantised weights, and held against the first": JUDGED
    + """
quantise train model clean verdict > model-int8
compare validate model-int8 model clean > loss[accuracy_drop size_mb]
drop-gate gate loss > verdict-drop : accuracy_drop <= 0.01, size_mb <= 50
package package model-int8 verdict-drop > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "a calibration stage has a gate of its own": JUDGED
    + """
calibrate train model calibration-rows > model-calibrated
reckon validate model-calibrated calibration-rows > calibration[ece]
calibrated gate calibration > verdict-calibrated : ece <= 0.05
package package model-calibrated verdict verdict-calibrated > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "features are scaled by what was fitted in the run": """
fit train facts > scaler
features data facts scaler > clean profile[null_rate]
data-gate gate profile > verdict-data : null_rate <= 0.1
train train clean > model
package package model scaler verdict-data > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "training writes an encoder beside the model, and both are packaged": """
train train facts > model encoder
evaluate validate model facts > metrics[auc brier]
"""
    + QUALITY
    + "package package model encoder verdict > bundle\n"
    + RELEASE,
    "a table of features goes to production": """
ingest data facts > features profile[rows]
data-gate gate profile > verdict : rows >= 10
approve approval features verdict > release-note
promote promote features release-note > release
""",
    "a gate on a report of the service, which says whether there is an error budget left": JUDGED
    + """
ask-slo validate slo > budget[error_budget_left]
budget-gate gate budget > verdict-budget : error_budget_left >= 0.1
package package model verdict verdict-budget > bundle
"""
    + RELEASE,
    "a gate on what other gates have said": JUDGED
    + """
package package model > bundle
sum-up gate verdict verdict-data profile > verdict-all : rows >= 10
approve approval bundle verdict-all > release-note
promote promote bundle release-note > release
""",
    "two models, two promotions, one approval": """
one train facts > model-one
try-one validate model-one facts > metrics-one[auc]
gate-one gate metrics-one > verdict-one : auc >= 0.6
pack-one package model-one verdict-one > bundle-one
two train facts > model-two
pack-two package model-two > bundle-two
time validate bundle-two > latency[p99_ms]
latency-gate gate latency > verdict-two : p99_ms <= 20
approve approval bundle-one bundle-two verdict-one verdict-two > release-note
promote-one promote bundle-one release-note > release-one
promote-two promote bundle-two release-note > release-two
""",
    "two pipelines in one contract, each with its own": """
one train facts > model-one
try-one validate model-one facts > metrics-one[auc]
gate-one gate metrics-one > verdict-one : auc >= 0.6
pack-one package model-one verdict-one > bundle-one
approve-one approval bundle-one > note-one
promote-one promote bundle-one note-one > release-one
two train facts > model-two
try-two validate model-two facts > metrics-two[rmse]
gate-two gate metrics-two > verdict-two : rmse <= 3
pack-two package model-two verdict-two > bundle-two
approve-two approval bundle-two > note-two
promote-two promote bundle-two note-two > release-two
""",
    "a table of scores is promoted, and its model was judged": JUDGED
    + PACKAGE
    + """
score data bundle live > scores drift[psi]
drift-gate gate drift > verdict-drift : psi <= 0.2
approve approval scores verdict-drift > release-note
promote promote scores release-note > release
""",
    "a hosted model answers, and another one judges the answers": """
answer data hosted questions > answers
mark validate answers hosted-judge > metrics[faithfulness accuracy]
quality gate metrics > verdict : faithfulness >= 0.9, accuracy >= 0.8
package package hosted verdict > bundle
"""
    + RELEASE,
    "personal data are looked for by a model of another team, beside training": """
ingest data facts > clean
scan validate clean detector > pii[pii_hits pii_recall]
pii-gate gate pii > verdict-pii : pii_hits <= 0
train train clean > model
package package model verdict-pii > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "a package is made into an image, and the image is approved": JUDGED
    + PACKAGE
    + """
build package bundle > image
approve approval image > release-note
promote promote bundle release-note > release
""",
    "an approval on reports alone": JUDGED
    + PACKAGE
    + "write data metrics model > card\napprove approval card verdict > release-note\n"
    + "promote promote bundle release-note > release\n",
    "a second approval, of what waits for the release": JUDGED
    + PACKAGE
    + """
draw package clean > image-dashboard
approve-dashboard approval image-dashboard > note-dashboard
approve approval bundle > release-note
promote promote bundle image-dashboard release-note note-dashboard > release
""",
    "a test set that another team's model has cleaned": """
ingest data facts > clean
filter data clean detector > clean-test
train train clean > model
evaluate validate model clean-test > metrics[auc brier]
"""
    + QUALITY
    + PACKAGE
    + RELEASE,
    "last week's scores are held against what came of them, before a model from outside scores again": """
reckon validate last-scores outcomes > backtest[mape]
backtest-gate gate backtest > verdict : mape <= 0.2
score data hosted live verdict > scores drift[psi]
drift-gate gate drift > verdict-drift : psi <= 0.2
approve approval scores verdict-drift > release-note
promote promote scores release-note > release
""",
    "the same beside the scoring": """
reckon validate last-scores outcomes > backtest[mape]
backtest-gate gate backtest > verdict : mape <= 0.2
score data hosted live > scores drift[psi]
drift-gate gate drift > verdict-drift : psi <= 0.2
approve approval scores verdict verdict-drift > release-note
promote promote scores release-note > release
""",
    "an explainer is fitted to the judged model, and packaged with it": JUDGED
    + """
explain train model clean > model-explainer
package package model model-explainer verdict > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "a threshold is chosen for the judged model": JUDGED
    + """
choose train model clean > params
package package model params verdict > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "what training is to use is searched for, and has a gate of its own": """
search train facts > params trials[cv_auc]
worth gate trials > verdict-search : cv_auc >= 0.6
train train facts params verdict-search > model
evaluate validate model facts > metrics[auc brier]
"""
    + QUALITY
    + PACKAGE
    + LATENCY
    + RELEASE_FAST,
    "a bundle of a judged model and the champion to fall back on": JUDGED
    + "package package model champion verdict > bundle\n"
    + LATENCY
    + RELEASE_FAST,
    "a reward model has its gate, the policy is judged by preference": """
rank train facts > model-reward
mark validate model-reward facts > reward-metrics[accuracy]
reward-gate gate reward-metrics > verdict-reward : accuracy >= 0.7
train train facts base model-reward verdict-reward > model
compare validate model base facts > metrics[preferred]
quality gate metrics > verdict : preferred >= 0.55
"""
    + PACKAGE
    + LATENCY
    + RELEASE_FAST,
    "the champion is asked for what is asked of the model, too": JUDGED
    + """
defend validate champion clean > champion-metrics[auc]
sane gate champion-metrics > verdict-sane : auc >= 0.6
package package model verdict verdict-sane > bundle
"""
    + LATENCY
    + RELEASE_FAST,
    "labels and predictions have an accuracy": """
ingest data facts > clean
audit validate clean gold > labels[accuracy]
label-gate gate labels > verdict-labels : accuracy >= 0.95
train train clean > model
evaluate validate model clean > metrics[accuracy]
quality gate metrics > verdict : accuracy >= 0.8
package package model verdict verdict-labels > bundle
"""
    + RELEASE,
    "two models have one approval, the base of one is judged before it is fine-tuned, and the other is timed": """
probe validate base facts > base-metrics[perplexity]
base-gate gate base-metrics > verdict-base : perplexity <= 20
train-one train facts base verdict-base > model-one
try-one validate model-one facts > metrics-one[accuracy]
gate-one gate metrics-one > verdict-one : accuracy >= 0.8
"""
    + TWO,
    "two models have one approval, labels of one are measured beside its training, and the other is timed": """
audit validate facts > labels[accuracy]
label-gate gate labels > verdict-labels : accuracy >= 0.95
train-one train facts > model-one
try-one validate model-one facts > metrics-one[accuracy]
gate-one gate metrics-one verdict-labels > verdict-one : accuracy >= 0.8
"""
    + TWO,
    "a model that is too good to be true is stopped, and one that answers too fast": DATA
    + TRAIN
    + EVALUATE
    + "quality gate metrics > verdict : auc >= 0.7, auc <= 0.995, brier <= 0.2, brier >= 0.001\n"
    + PACKAGE
    + LATENCY.replace("<= 20", "<= 20, p99_ms >= 0.01")
    + RELEASE_FAST,
    "two regions side by side, each with its own package, latency and approval": JUDGED
    + """
pack-eu package model verdict > bundle-eu
time-eu validate bundle-eu > latency-eu[p99_ms]
fast-eu gate latency-eu > verdict-eu : p99_ms <= 20
approve-eu approval bundle-eu verdict-eu > note-eu
eu promote bundle-eu note-eu > release-eu ; to prod-eu
pack-us package model verdict > bundle-us
time-us validate bundle-us > latency-us[p99_ms]
fast-us gate latency-us > verdict-us : p99_ms <= 20
approve-us approval bundle-us verdict-us > note-us
us promote bundle-us note-us > release-us ; to prod-us
""",
    "two regions side by side, each with its own approval of one package": JUDGED
    + PACKAGE
    + """
approve-eu approval bundle > note-eu
eu promote bundle note-eu > release-eu ; to prod-eu
approve-us approval bundle > note-us
us promote bundle note-us > release-us ; to prod-us
""",
    "two regions in turn": JUDGED
    + PACKAGE
    + """
approve-eu approval bundle > note-eu
eu promote bundle note-eu > release-eu ; to prod-eu
look validate release-eu > eu-figures[error_rate]
healthy gate eu-figures > verdict-eu : error_rate <= 0.01
approve-us approval bundle verdict-eu > note-us
us promote bundle note-us > release-us ; to prod-us
""",
    "golden cases are all answered, without one error": DATA
    + TRAIN
    + "evaluate validate model clean > metrics[accuracy@golden errors]\n"
    + "quality gate metrics > verdict : accuracy@golden == 1, errors == 0\n"
    + PACKAGE
    + RELEASE,
    "what nobody should be able to tell is asked to stay hidden": DATA
    + TRAIN
    + "evaluate validate model clean > metrics[auc auc@membership accuracy@forget p10 win_rate rouge@verbatim]\n"
    + "quality gate metrics > verdict : auc >= 0.8, auc@membership <= 0.6, accuracy@forget <= 0.2, p10 >= 0.5\n"
    + "spoken gate metrics > verdict-spoken : win_rate >= 0.5, rouge@verbatim <= 0.3\n"
    + "package package model verdict verdict-spoken > bundle\n"
    + RELEASE,
    "one limit asks for good, and another stops what is too good": DATA
    + TRAIN
    + "evaluate validate model clean > metrics[auc recall]\n"
    + "quality gate metrics > verdict : recall >= 0.5, auc <= 0.995\n"
    + PACKAGE
    + RELEASE,
    "there are enough failures and errors to learn from": """
ingest data facts > clean profile[rows failures failure_rate errors]
data-gate gate profile > verdict-data : rows >= 10, failures >= 100, failure_rate >= 0.001, errors >= 50
train train clean verdict-data > model
"""
    + EVALUATE
    + QUALITY
    + PACKAGE
    + RELEASE,
    "the model is held against the champion and against a fixed limit": DATA
    + TRAIN
    + "evaluate validate model clean champion > metrics[auc champion.auc]\n"
    + "quality gate metrics > verdict : auc >= champion.auc - 0.01, auc >= 0.7, champion.auc >= 0.6\n"
    + PACKAGE
    + RELEASE,
    "another model is tried in a shadow, and is promoted by no release yet": JUDGED
    + PACKAGE
    + RELEASE
    + """
next train clean > model-next
shadow promote model-next > release-shadow ; to shadow
compare validate release-shadow > shadow-figures[alert_rate]
agrees gate shadow-figures > verdict-shadow : alert_rate <= 0.1
""",
    "what is released is tried in another shadow, and looked at there": JUDGED
    + PACKAGE
    + RELEASE
    + """
shadow promote release > release-shadow ; to shadow
compare validate release-shadow > shadow-figures[alert_rate]
agrees gate shadow-figures > verdict-shadow : alert_rate <= 0.1
""",
    "files stand beside what production serves, and staging serves its own": JUDGED
    + "package package model verdict > bundle live-bundle\n"
    + """
stage promote bundle > staged ; to staging
look validate staged live-bundle > report
"""
    + RELEASE,
}
"""Sound contracts, each with what it shows."""

"""What a metric is about is read from its name, and nothing is read from a name that nobody here knows."""

from __future__ import annotations

import pytest

from gatepost.pipeline.metric_names import better, better_served

PREDICTED = {
    "higher": "auc roc_auc val_accuracy f1_macro recall_at_fpr1 r2 tpr accuracy_pct overall_auc average_precision",
    "lower": "val_loss log_loss mean_absolute_error root_mean_squared_error mape fpr fnr_at_tpr95 cross_entropy_loss",
    "": "label_accuracy champion.auc train_auc information_loss packet_loss uplift auc_delta toxicity rows psi",
}
SERVED = {
    "higher": "availability uptime_pct auc",
    "lower": "p99_ms inference_p99_ms api_latency_p95_s ttft_ms error_rate api_error_rate http_5xx_rate toxicity "
    "hallucination_rate psi psi_score timeout_rate",
    "": "alert_rate session_p50_s errors_fixed requests throughput_drop",
}


@pytest.mark.parametrize("side", PREDICTED)
def test_what_everybody_computes_alike_from_predictions_has_a_better_side(side: str) -> None:
    """However it is averaged, on whatever part of the data; a metric of another thing has none."""
    assert {name: better(name) for name in PREDICTED[side].split()} == dict.fromkeys(PREDICTED[side].split(), side)


@pytest.mark.parametrize("side", SERVED)
def test_what_everybody_wants_of_serving_has_one_too(side: str) -> None:
    """Answers that come soon, without errors, and of data that have not moved; what a business counts has none."""
    assert {name: better_served(name) for name in SERVED[side].split()} == dict.fromkeys(SERVED[side].split(), side)

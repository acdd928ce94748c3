"""The churn-batch pipeline: synthetic data in, a published table of churn scores out."""

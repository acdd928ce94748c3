"""The real-time fraud pipeline: synthetic payments in, a scorer that answers a share of the traffic out."""

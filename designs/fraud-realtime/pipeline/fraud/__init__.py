"""The parts of the real-time fraud pipeline."""

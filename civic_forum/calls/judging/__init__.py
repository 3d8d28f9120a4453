"""Steps, scores, release, decision and results of a call."""

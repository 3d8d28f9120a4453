"""Votes at the desk: looking somebody up, numbers by day."""

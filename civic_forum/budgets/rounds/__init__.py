"""Rounds: made, filled in, rehearsed, opened, and shown in every phase."""

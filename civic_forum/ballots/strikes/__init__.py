"""Striking somebody from the roll of an opened vote."""

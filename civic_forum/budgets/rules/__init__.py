"""Decisions about budget rounds, without clock, web or database."""

"""Observers of a vote, their statements, and objections."""

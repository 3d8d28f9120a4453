"""Breakout tables: seats, notes, conversations, results."""

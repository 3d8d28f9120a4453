"""Consultations with a map of opinions."""

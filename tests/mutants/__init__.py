"""Mutants: weakened permissions, transitions, locks and limits, and whether a test finds each (`bin/test mutants`)."""

"""Every change of a budget round, by subject."""

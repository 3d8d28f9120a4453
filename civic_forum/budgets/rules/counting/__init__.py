"""Counting a participatory budget in exact arithmetic: greedy, weighted and the Method of Equal Shares."""

"""Figures on participation and on the office's answers, for everybody."""

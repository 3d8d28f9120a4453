"""Casting a ballot: standing, ballot, refusals, receipt."""

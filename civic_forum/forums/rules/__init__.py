"""Decisions about forums, without clock, web or database. Each subject has its module."""

"""Declarations shared by features."""

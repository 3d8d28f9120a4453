"""Comes with its pages."""

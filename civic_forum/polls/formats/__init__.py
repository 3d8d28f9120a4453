"""Polls as files."""

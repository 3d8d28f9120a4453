"""Permissions at a budget round. Each subject has its module; all build on `acting`."""

from . import acting

__all__ = ["acting"]

"""Polls for everybody, their ballots, and at the desk."""

from ..pages import bp
from . import public, voting, desk

__all__ = ["bp", "desk", "public", "voting"]

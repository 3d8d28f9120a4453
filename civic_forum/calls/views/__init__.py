"""Calls for everybody, at the desk, and before a jury."""

from . import desk, public
from .blueprint import bp
from ..applying import views as applying
from ..judging import views as judging

__all__ = ["applying", "bp", "desk", "judging", "public"]

"""Calls for everybody, at the desk, and before a jury."""

from . import desk, public
from .blueprint import bp
from ..applying import views as applying
from ..following import views as following
from ..judging import views as judging
from ..reviewing import views as reviewing

__all__ = ["applying", "bp", "desk", "following", "judging", "public", "reviewing"]

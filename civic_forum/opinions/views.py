"""Pages of consultations: for everybody, at the desk, and of paper."""

from . import desk, public
from .pages import bp
from .paper import views as paper

__all__ = ["bp", "desk", "paper", "public"]

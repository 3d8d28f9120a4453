"""Pages of consultations: for everybody, and at the desk."""

from . import desk, public
from .paper import views as paper
from .pages import bp

__all__ = ["bp", "desk", "paper", "public"]

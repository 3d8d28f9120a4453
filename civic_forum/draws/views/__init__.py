"""Pages of draws: for everybody, for those in the list, and at the desk."""

from . import desk, public
from .blueprint import bp

__all__ = ["bp", "desk", "public"]

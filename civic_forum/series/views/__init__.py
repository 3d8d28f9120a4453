"""Pages of series: for everybody, and at the desk."""

from . import desk, public
from .blueprint import bp

__all__ = ["bp", "desk", "public"]

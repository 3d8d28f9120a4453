"""Pages of courses: for everybody, for who came, and at the desk."""

from . import desk, public
from .blueprint import bp

__all__ = ["bp", "desk", "public"]

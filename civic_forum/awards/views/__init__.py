"""Awards for everybody, and at the desk."""

from .blueprint import bp
from . import desk, public

__all__ = ["bp", "desk", "public"]

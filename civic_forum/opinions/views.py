"""Pages of consultations: for everybody, and at the desk."""

from . import desk, public
from .pages import bp

__all__ = ["bp", "desk", "public"]

"""Pages of evaluations: for everybody, for members, at the desk."""

from . import desk, member, public
from .blueprint import bp

__all__ = ["bp", "desk", "member", "public"]

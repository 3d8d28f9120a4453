"""Pages of requests for a visit."""

from .desk import desk
from .public import bp

__all__ = ["bp", "desk"]

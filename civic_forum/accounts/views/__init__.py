"""Pages of accounts."""

from ..pages import bp
from . import entry, own, residency, safety, sessions

__all__ = ["bp", "entry", "own", "residency", "safety", "sessions"]

"""The pages of ballot boxes."""

from . import voting
from .blueprint import bp

__all__ = ["bp", "voting"]

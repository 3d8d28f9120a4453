"""The pages of ballot boxes."""

from . import receipts, voting
from .blueprint import bp

__all__ = ["bp", "receipts", "voting"]

"""The pages of ballot boxes."""

from . import kiosk, receipts, voting
from .blueprint import bp

__all__ = ["bp", "kiosk", "receipts", "voting"]

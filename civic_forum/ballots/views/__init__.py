"""The pages of ballot boxes."""

from . import desk, kiosk, observation, officials, papers, receipts
from .desk import bp

__all__ = ["bp", "desk", "kiosk", "observation", "officials", "papers", "receipts"]

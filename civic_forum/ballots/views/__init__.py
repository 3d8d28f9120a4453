"""The pages of ballot boxes."""

from . import desk, key_copies, kiosk, kiosks, observation, observers, officers, officials, papers, receipts, strikes
from .desk import bp

__all__ = ["bp", "desk", "key_copies", "kiosk", "kiosks", "observation", "observers", "officers", "officials", "papers",
           "receipts", "strikes"]

"""The pages of ballot boxes."""

from . import batches, desk, kiosk, kiosk_passes, objections, observation, officials, papers, receipts, voting
from .blueprint import bp

__all__ = ["bp", "batches", "desk", "kiosk", "kiosk_passes", "objections", "observation", "officials", "papers",
           "receipts", "voting"]

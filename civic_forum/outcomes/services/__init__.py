"""Every change to outcomes, by what officials do."""

from .correcting import approve_correction, correct, send_back_correction
from .reporting import report
from .writing import approve, preview, save, send_back, submit

__all__ = ["approve", "approve_correction", "correct", "preview", "report", "save", "send_back", "send_back_correction",
           "submit"]

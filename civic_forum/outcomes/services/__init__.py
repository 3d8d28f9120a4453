"""Every change to outcomes, by what officials do."""

from .reporting import report
from .writing import (
    APPROVAL, approve, approve_correction, correct, preview, save, send_back, send_back_correction, submit,
)

__all__ = ["APPROVAL", "approve", "approve_correction", "correct", "preview", "report", "save", "send_back",
           "send_back_correction", "submit"]

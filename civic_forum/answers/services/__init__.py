"""Every change to duties and answers, by what people do."""

from .author import ask_completion, ask_review, complete, file
from .triage import (
    ask_department, assign, forget_contacts, give_back, judge, refer, see_contact, take, undo_referral,
)
from .writing import (
    APPROVAL, approve, approve_correction, carry_on, correct, preview, reckon, save, send_back, send_back_correction,
    submit,
)

__all__ = ["APPROVAL", "approve", "approve_correction", "ask_completion", "ask_department", "ask_review", "assign",
           "carry_on", "complete", "correct", "file", "forget_contacts", "give_back", "judge", "preview", "reckon",
           "refer", "save", "see_contact", "send_back", "send_back_correction", "submit", "take", "undo_referral"]

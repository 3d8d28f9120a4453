"""Every change to duties and answers, by what people do."""

from .author import ask_review, complete, file
from .carrying import carry_on
from .completing import ask_completion
from .judging import judge
from .reckoning import reckon
from .referring import undo_referral
from .triage import ask_department, assign, forget_contacts, give_back, refer, see_contact, take
from .writing import (
    APPROVAL, approve, approve_correction, correct, preview, save, send_back, send_back_correction, submit,
)

__all__ = ["APPROVAL", "approve", "approve_correction", "ask_completion", "ask_department", "ask_review", "assign",
           "carry_on", "complete", "correct", "file", "forget_contacts", "give_back", "judge", "preview", "reckon",
           "refer", "save", "see_contact", "send_back", "send_back_correction", "submit", "take", "undo_referral"]

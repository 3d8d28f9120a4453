"""The shape of what is sent: reports, appeals and requests, and what moderators decide about them."""

from .asking import AppealForm, NumberForm, ReasonForm, TakedownForm, VerdictForm, WordForm
from .deciding import DecisionForm, ReportForm, WaveForm

__all__ = ["AppealForm", "DecisionForm", "NumberForm", "ReasonForm", "ReportForm", "TakedownForm", "VerdictForm",
           "WaveForm", "WordForm"]

"""Forums and everything that happens in them. Each subject has its module."""

from .chat import ChatMessage, ForumMute
from .floor import SpeakingRequest, Turn
from .forum import Forum, ForumDuty, ProgrammeItem
from .event_log import ForumEvent
from .minutes import Correction, Minutes
from .people import RecordingConsent, Registration
from .pulses import Pulse, PulseHands, PulseResponse
from .questions import Question, QuestionSupport
from .record import Caption, Decision
from .tables import ForumTable, Note, NoteGroup, Seat, TableMessage

__all__ = ["Caption", "ChatMessage", "Correction", "Decision", "Forum", "ForumDuty", "ForumEvent", "ForumMute",
           "ForumTable", "Minutes", "Note", "NoteGroup", "ProgrammeItem", "Pulse", "PulseHands", "PulseResponse",
           "Question", "QuestionSupport", "RecordingConsent", "Registration", "Seat", "SpeakingRequest",
           "TableMessage", "Turn"]

"""All pages of forums. Each subject has its own; all hang on the blueprints of `pages`."""

from .chat import views as chat
from .consultations import views as consultations
from .floor import views as floor
from .live import views as live
from .minutes import views as minutes
from .pages import bp
from .preparing import people
from .preparing import views as preparing
from .pulses import views as pulses
from .questions import views as questions
from .record import views as record
from .registration import views as registration
from .tables import pieces
from .tables import views as tables

__all__ = ["bp", "chat", "consultations", "floor", "live", "minutes", "people", "pieces", "preparing", "pulses",
           "questions", "record", "registration", "tables"]

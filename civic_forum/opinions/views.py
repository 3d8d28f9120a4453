"""Pages of consultations: for everybody, at the desk, of paper, letters and kiosks."""

from . import desk, public
from .kiosk import views as kiosk
from .letters import views as letters
from .pages import bp
from .paper import views as paper

__all__ = ["bp", "desk", "kiosk", "letters", "paper", "public"]

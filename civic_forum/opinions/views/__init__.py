"""Pages of consultations: for everybody, at the desk, of paper, letters and kiosks."""

from ..kiosk import views as kiosk
from ..letters import views as letters
from ..pages import bp
from ..paper import views as paper
from . import answers, desk, own, public, results, statements

__all__ = ["answers", "bp", "desk", "kiosk", "letters", "own", "paper", "public", "results", "statements"]

"""All pages of ballot boxes. Each subject has its own; all hang on the blueprint of the desk's."""

from . import labels
from .desk import views as desk
from .desk.views import bp
from .keys import views as keys
from .kiosk import desk as kiosks
from .kiosk import views as kiosk
from .observing import desk as observers
from .observing import views as observing
from .officers import views as officers
from .officials import views as officials
from .paper import views as paper
from .published import views as published
from .strikes import views as strikes

__all__ = ["bp", "desk", "keys", "kiosk", "kiosks", "observers", "observing", "officers", "officials", "paper",
           "published", "strikes"]
bp.add_app_template_global(labels, "vote_labels")

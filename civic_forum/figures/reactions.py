"""Registrations of this feature with the desk."""

from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry

from . import sheets  # noqa: F401 (it registers itself)

MENU["figures"] = Navigation(_l("숫자"), "figures.index", 42, "results")
ENTRIES["figures"] = DeskEntry("figures.see_desk", _l("숫자 보기"), "figures_desk.show")

"""Registrations of this feature with the desk."""

from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry

ENTRIES["figures"] = DeskEntry("figures.see_desk", _l("숫자 보기"), "figures_desk.show")

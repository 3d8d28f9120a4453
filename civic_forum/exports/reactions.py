"""Registrations of exports with the desk."""

from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import DeskEntry, ENTRIES

ENTRIES["exports"] = DeskEntry("exports.take", _l("표로 받기"), "export_desk.index")

"""Registrations of budget rounds with the rest of the site."""

from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.platform.i18n import _l

from . import reactions_pages, reactions_projects, reactions_results, reactions_rounds, reactions_trials
from .committee import own_data as reactions_committee

__all__ = [
    "reactions_committee", "reactions_pages", "reactions_projects", "reactions_results", "reactions_rounds",
    "reactions_trials",
]

MENU["budget"] = Navigation(_l("주민참여예산"), "budgets.show_list", 25)

"""The page of a forum that is over, to which features above add sections; and gatherings that are theirs."""

from typing import Any

import sqlalchemy as sa

from civic_forum.blocks.extensions import Extension, Page, Section

from .models import Forum

OWN_PAGE: Extension[[Forum], Any] = Extension("page of a gathering that a feature above shows itself")
READERS: Extension[[Any, Forum], bool] = Extension("who reads of a closed gathering")
"""(actor, forum) → whether they do; None: it is none of this feature's."""
WAY: Extension[[Forum], list[tuple[str, str]]] = Extension("lists above a gathering of a feature above")
"""Their names and addresses."""
LISTED_ELSEWHERE: Extension[[], sa.ColumnElement[bool]] = Extension("gatherings in a list of a feature above")
FINISHED: Page[[Forum], Section] = Page("forum that is over")

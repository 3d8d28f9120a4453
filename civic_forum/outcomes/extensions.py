"""Page of an outcome for features above."""

from civic_forum.blocks.extensions import Page, Section

from .models import Outcome

PAGE: Page[[Outcome], Section] = Page("outcome")
"""Sections that say how far it is carried out, below that heading."""

"""The page of a forum that is over, to which features above add sections."""

from civic_forum.blocks.extensions import Page, Section

from .models import Forum

FINISHED: Page[[Forum], Section] = Page("forum that is over")

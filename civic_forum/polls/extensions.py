"""The page of a published poll, to which features above add sections."""

from civic_forum.blocks.extensions import Page, Section

PAGE: Page[[int], Section] = Page("poll")
"""Given the id of the poll."""

"""The page of a poll, to which features above add sections."""

from typing import TYPE_CHECKING

from civic_forum.blocks.extensions import Extension, Page, Section
from civic_forum.blocks.process import Next

if TYPE_CHECKING:
    from .models import Poll

PAGE: Page[[int], Section] = Page("poll")
"""Of a published one; given the id of the poll."""
SUBJECT: Page[[int], Section] = Page("poll as a subject")
"""Polls and forums that are about it; given its id, the same for everybody (`blocks.sections`)."""
OWN: Page[[str], Section] = Page("what the reader does with a poll")
"""Given its slug."""
AFTERWARDS: "Extension[[Poll], Next]" = Extension("what becomes of a published result, and who has to say it")

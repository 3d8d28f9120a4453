"""Questions that consultations ask features above them."""

from civic_forum.blocks.extensions import Extension

ANSWERED: Extension[[int], None] = Extension("halls that hear of answers")
COMPUTED: Extension[[int], None] = Extension("halls that hear of results")
"""Told the id of the consultation, after the commit."""

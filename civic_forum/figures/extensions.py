"""Sections that other features add to the figures. Features below answer at `civic_forum.blocks.extensions.FIGURES`."""

from civic_forum.blocks.extensions import FIGURES as PAGE

__all__ = ["PAGE"]

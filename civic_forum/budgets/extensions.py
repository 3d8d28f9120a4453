"""The page of a project, to which features above add sections."""

from civic_forum.blocks.extensions import Page, Section

from .projects.models import Project

PROJECT: Page[[Project], Section] = Page("project")

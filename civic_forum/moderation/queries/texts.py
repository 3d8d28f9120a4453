"""The kinds of texts that people report and moderators hide, in the order in which they are locked."""

from civic_forum.agendas.models import AuthorObjection
from civic_forum.budgets.models import Project
from civic_forum.comments.models import Comment
from civic_forum.forums import moderated
from civic_forum.proposals.models import Proposal

TEXTS = {"comment": Comment, "proposal": Proposal, "author_objection": AuthorObjection,
         "project": Project} | moderated.TABLES
AUTHOR = {"comment": Comment.author_id, "proposal": Proposal.author_id,
          "author_objection": AuthorObjection.by_id, "project": Project.author_id} | moderated.AUTHORS
"""Whose each is, as a column."""

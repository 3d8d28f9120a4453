"""Kinds of things that notices are about, imported before the table that names them is read."""

from civic_forum.agendas import kinds as agendas
from civic_forum.answers import kinds as answers
from civic_forum.bodies import kinds as bodies
from civic_forum.budgets import kinds as budgets
from civic_forum.calls import kinds as calls
from civic_forum.calls.applying import kinds as applications
from civic_forum.comments import kinds as comments
from civic_forum.commitments import kinds as commitments
from civic_forum.evaluations import kinds as evaluations
from civic_forum.forums import kinds as forums
from civic_forum.intake import kinds as intake
from civic_forum.opinions import kinds as opinions
from civic_forum.outcomes import kinds as outcomes
from civic_forum.polls import kinds as polls
from civic_forum.proposals import kinds as proposals

__all__ = ["agendas", "answers", "applications", "bodies", "budgets", "calls", "comments", "commitments",
           "evaluations", "forums", "intake", "opinions", "outcomes", "polls", "proposals"]

"""Notices about facts of other features. Each part of the site has its module."""

from . import agendas, comments, forums, leaving_the_site, moderation, office, outcomes, own, steps_taken, votes

__all__ = ["agendas", "comments", "forums", "leaving_the_site", "moderation", "office", "outcomes", "own",
           "steps_taken",
           "votes"]

"""The ballot of a poll: opened anew each time, never kept, filled in by one person."""

from flask import redirect, session
from flask_login import login_required

from civic_forum.ballots import ballot_forms
from civic_forum.ballots.pages import ballot_pages
from civic_forum.ballots.pages.ballot_pages import Voting
from civic_forum.ballots.standing import Actions
from civic_forum.platform.i18n import _
from civic_forum.platform.web import unlogged, visitor

from ..models import Poll
from ..policy import may_read
from ..queries import records
from .blueprint import bp


def found(slug: str) -> Poll:
    """The poll at this address, if the visitor may know of it. Raises NotFound."""
    poll = records.by_slug(slug)
    if may_read(visitor(), poll):
        raise records.missing()
    return poll


@bp.get("/<slug>/ballot")
@login_required
@unlogged
def ballot(slug: str):
    poll = found(slug)
    return redirect(f"/polls/{slug}") if poll.box is None else ballot_pages.ballot(voting(poll))


@bp.post("/<slug>/casts")
@unlogged
def cast(slug: str):
    """As JSON of one length from the script, or as a form from a page without it. Nothing here writes a line, an event
    or a cookie; the route stays out of every log."""
    poll, caller = records.vote(slug, session.get("_user_id"))
    if may_read(caller, poll):
        raise records.missing()
    return ballot_pages.cast(poll.box_id, caller, lambda: voting(records.by_slug(slug)))


def voting(poll: Poll) -> Voting:
    """A poll that has a box, for the pages of its ballot."""
    ways = Actions(f"/polls/{poll.slug}")
    return Voting(poll.box, ways, [(_("투표"), "/polls"), (ballot_forms.title_of(poll.box), ways.page)])

"""Casting: ballots as JSON of one length from the script, or as a form from a page without it.

Nothing here writes a line, an event or a cookie; the routes stay out of every log.
"""

from flask import jsonify, request, session

from civic_forum.ballots import ballot_forms, identities, refusals
from civic_forum.ballots.pages import ballot_pages
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.services import casting
from civic_forum.ballots.receipt_view import ReceiptView
from civic_forum.kernel.web import unlogged

from ..queries import records, voting
from . import ballot
from .blueprint import bp


@bp.post("/<slug>/casts")
@unlogged
def cast(slug: str):
    if request.is_json and (known := voting.known(slug, session.get("_user_id"))):
        return _by_script(slug, known)
    poll = ballot.found(slug)
    if poll.box is None:
        raise records.missing()
    return ballot_pages.cast(ballot.voting(poll))


def _by_script(slug: str, known: voting.Known):
    """The same with little read: this is what nearly all ballots arrive by, a hundred a second."""
    persons = identities.candidates_of(known.user_id, known.identity_hash, known.distinguisher)
    try:
        receipt = casting.cast_as(known.box_id, persons, ballot_forms.from_json(request.get_data()), Channel.ONLINE)
    except refusals.CastingOver as late:
        return ballot_pages.too_late(ballot.voting(records.by_slug(slug)), late)
    return jsonify(ReceiptView.of(receipt).to_json())

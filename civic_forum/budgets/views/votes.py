"""The vote on one envelope: how one stands to it, how many take part, what proves it later."""

from hashlib import sha256

from flask import render_template

from civic_forum.ballots import heads, standing
from civic_forum.ballots.ballot_forms import title_of
from civic_forum.ballots.queries import boxes
from civic_forum.ballots.rules.boxes import Stage, close_is_due, vote_stage
from civic_forum.ballots.services import closing
from civic_forum.platform import clock, countdown
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.web import visitor

from ..models import Envelope
from .ballot import crumbs_of, ways_of
from .blueprint import bp
from .gate import found_envelope

UNDER_WAY = (Stage.OPEN, Stage.COUNTING)


@bp.get("/<slug>/<envelope>")
def vote(slug: str, envelope: str):
    """Stage of the vote on an envelope; before its box is made there is none yet."""
    one = _closed_if_due(found_envelope(slug, envelope))
    box, now = one.box, clock.now()
    if box is not None:
        becomes_another(box.opens_at, box.closes_at)
    stage = vote_stage(one.round.shown_since, box, now)
    signed = heads.of_box(box.id) if box is not None and box.opened_at is not None else []
    return render_template(
        "budgets/ballot/vote.html", envelope=one, round=one.round, box=box, stage=stage, way=crumbs_of(one)[:-1],
        title=title_of(box) if box is not None else f"{one.round.title} — {one.name}", ways=ways_of(one),
        standing=standing.of(ways_of(one), stage, standing.mine(box, one.roll, visitor())),
        turnout=standing.turnout(box) if box is not None and stage in UNDER_WAY else None,
        rule=boxes.rule_of(box) if box is not None else None, head=signed[0] if signed else None,
        key_fingerprint=sha256(signed[0].public_key).hexdigest() if signed else None,
        left=countdown.left(box.closes_at, now) if stage is Stage.OPEN else None)


def _closed_if_due(one: Envelope) -> Envelope:
    if one.box is None or not close_is_due(one.box, clock.now()):
        return one
    slug, envelope = one.round.slug, one.slug
    closing.close_if_due(one.box.id)
    return found_envelope(slug, envelope)

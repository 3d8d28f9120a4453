"""Queries of voting: in which envelopes somebody may vote."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.rules.boxes import BoxStage, Channel, stage_of
from civic_forum.ballots.voting import own as votes
from civic_forum.ballots.voting.standing import why_bound
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

from ..models import Envelope


@dataclass(frozen=True)
class OwnVote:
    """Eligibility of one person in the vote on an envelope that is open now."""

    envelope: Envelope
    person: bytes | None
    """As whom they are in its roll; None: they may not vote in it."""
    channel: Channel | None = None
    """How they took part; None: not yet."""
    bound: Refusal | None = None
    """Refusal because of what staff did to the account."""

    @property
    def on_paper(self) -> bool:
        return self.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED)

    @property
    def may_vote(self) -> bool:
        """Here, on the site."""
        return self.person is not None and not self.on_paper and self.bound is None


def own(envelopes: Sequence[Envelope], user: User) -> list[OwnVote]:
    """Every one of these envelopes whose box is open, in their order: two statements, however many there are, and for
    somebody who is not on a roll that grows those that say whether they are added to it."""
    now = clock.now()
    opened = [one for one in envelopes if one.box is not None and stage_of(one.box, now) is BoxStage.OPEN]
    persons = _persons(opened, identities.candidates(user, *{rolls.key_of(one.box_id) for one in opened}))
    for one in opened:
        if one.box.roll_id not in persons and boxes.grows(one.box):
            entry = rolls.own_entry(one.box.roll, user)
            if entry.state is EntryState.MAY_BE_ADDED:
                persons[one.box.roll_id] = entry.person
    channels = votes.channels([(one.box_id, person) for one in opened if (person := persons.get(one.box.roll_id))])
    return [OwnVote(one, person, channels.get(one.box_id), person and why_bound(one.box, person, user))
            for one in opened for person in [persons.get(one.box.roll_id)]]


def _persons(opened: Sequence[Envelope], candidates: Sequence[bytes]) -> dict[int, bytes]:
    """Roll → as whom somebody is in it; the verified person goes before the account."""
    entries = RollEntry.__table__.c
    rows = db.session.execute(sa.select(entries.roll_id, entries.person).where(
        entries.roll_id.in_({one.box.roll_id for one in opened}), entries.person.in_(candidates),
        entries.struck_at.is_(None))) if opened else ()
    return dict(sorted((tuple(row) for row in rows), key=lambda row: candidates.index(row[1]), reverse=True))

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
    opened = [purse for purse in envelopes if purse.box is not None and stage_of(purse.box, now) is BoxStage.OPEN]
    if not opened:
        return []
    persons = _persons(opened, identities.candidates(user, *{rolls.key_of(envelope.box_id) for envelope in opened}))
    for envelope in opened:
        if envelope.box.roll_id not in persons and boxes.grows(envelope.box):
            entry = rolls.own_entry(envelope.box.roll, user)
            if entry.state is EntryState.MAY_BE_ADDED:
                persons[envelope.box.roll_id] = entry.person
    channels = votes.channels([(envelope.box_id, person) for envelope in opened
                               if (person := persons.get(envelope.box.roll_id))])
    return [OwnVote(envelope, person, channels.get(envelope.box_id), person and why_bound(envelope.box, person, user))
            for envelope in opened for person in [persons.get(envelope.box.roll_id)]]


def _persons(opened: Sequence[Envelope], candidates: Sequence[bytes]) -> dict[int, bytes]:
    """Roll → as whom somebody is in it; the verified person goes before the account."""
    entries = RollEntry.__table__.c
    rows = db.session.execute(sa.select(entries.roll_id, entries.person).where(
        entries.roll_id.in_({envelope.box.roll_id for envelope in opened}), entries.person.in_(candidates),
        entries.struck_at.is_(None)))
    return dict(sorted((tuple(row) for row in rows), key=lambda row: candidates.index(row[1]), reverse=True))

"""How one person stands to a vote, and how many take part."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Refusal

from .. import keyring
from ..models import BallotBox, ElectoralRoll, Participated
from ..rules.boxes import Channel
from ..rules.counting import Participations
from . import boxes, casts, rolls
from .rolls import OwnEntry


@dataclass(frozen=True)
class Mine:
    """How the person behind a request stands to the vote."""

    entry: OwnEntry
    channel: Channel | None = None
    """How they took part; None: not at all, or nobody can tell."""

    @property
    def voted(self) -> bool:
        return self.channel is not None

    @property
    def on_paper(self) -> bool:
        return self.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED)


def turnout(box: BallotBox) -> Participations | None:
    """How many take part, by channel; None before the opening and after the count's figures are the result's."""
    return None if box.opened_at is None or box.erased_at is not None else boxes.participations(box.id)


def mine(box: BallotBox | None, roll: ElectoralRoll | None, user) -> Mine | None:
    """None while there is no roll to ask. `roll` is that of the vote; the box may have been opened with another one."""
    asked = roll_of(box, roll)
    if asked is None:
        return None
    entry = rolls.own_entry(asked, user)
    if entry.person is None or box is None or box.opened_at is None:
        return Mine(entry)
    return Mine(entry, _channel(box, entry.person))


def roll_of(box: BallotBox | None, roll: ElectoralRoll | None) -> ElectoralRoll | None:
    """The roll that counts: of the box, as soon as it has one."""
    return box.roll if box is not None and box.roll is not None else roll


def _channel(box: BallotBox, person: bytes) -> Channel | None:
    if box.erased_at is not None:
        return db.session.scalar(sa.select(Participated.channel).filter_by(box_id=box.id, person=person))
    try:
        row_key = keyring.box_keys(box.id).row_key(box.id, person)
    except Refusal:
        return None  # The key is away: the page says so where ballots are cast.
    return casts.channel_of(box.id, row_key)

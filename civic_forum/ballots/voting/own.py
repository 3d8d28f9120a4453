"""Votes that wait for the person behind an account, and those in which they took part: never what was chosen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.blocks import sections
from civic_forum.blocks.first_page import Task
from civic_forum.platform import clock, countdown
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, end_day
from civic_forum.platform.statements import made_once

from .. import identities, queries, voted
from ..box.voters import NOT_TAKING_PART
from ..keys import keyring
from ..models import BallotBox, ElectoralRoll, Participated, RollEntry, Voter
from ..rolls import queries as rolls
from ..rolls.rules import EntryState
from ..rules.boxes import Channel
from .refusals import SecondClerkFirst

MAY_VOTE = (EntryState.IN, EntryState.MAY_BE_ADDED)


@dataclass(frozen=True, slots=True)
class OpenBox:
    """A box that takes ballots, with what it is called; several that are voted on together have one address."""

    id: bytes
    roll_id: int
    key_id: int
    grows: bool
    created_at: datetime
    closes_at: datetime
    title: str
    ballot: str
    """Address of the ballot."""


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A vote in which somebody may take part, however many boxes it has."""

    title: str
    ballot: str
    until: datetime
    box_ids: tuple[bytes, ...] = ()
    left: tuple[bytes, ...] = ()
    """Those of them in which they did not take part."""
    channels: frozenset[Channel] = frozenset()
    """Ways in which they took part."""

    @property
    def done(self) -> int:
        return len(self.box_ids) - len(self.left)

    @property
    def page(self) -> str:
        return self.ballot.removesuffix("/ballot")

    @property
    def voted(self) -> bool:
        return bool(self.box_ids) and not self.left


@dataclass(frozen=True, slots=True)
class Place:
    """A box in which somebody may vote, and the way in which they took part."""

    box: OpenBox
    channel: Channel | None


def open_boxes() -> list[OpenBox]:
    """The same for everybody (`blocks.sections`)."""
    ballot_boxes = [box for box in queries.open_now(clock.now()) if box.roll]
    boxes = []
    for box, vote in zip(ballot_boxes, voted.gathered(ballot_boxes), strict=True):
        invited = vote.voted.invites(vote.record)
        boxes.append(OpenBox(box.id, box.roll_id, box.roll.key_id, rolls.rule_of(box.roll).grows, box.created_at,
                             box.closes_at, invited.title if invited else vote.title,
                             invited.url if invited else f"{vote.url}/ballot"))
    return boxes


def votes(own_boxes: Sequence[tuple[OpenBox, bytes]]) -> list[OwnVote]:
    """Votes of these boxes, the one that closes first on top."""
    together = defaultdict(list)
    for place in _places(own_boxes):
        together[place.box.ballot].append(place)
    return sorted((OwnVote(places[0].box.title, ballot, min(place.box.closes_at for place in places),
                           tuple(place.box.id for place in places),
                           tuple(place.box.id for place in places if place.channel is None),
                           frozenset(place.channel for place in places if place.channel is not None))
                   for ballot, places in together.items()), key=lambda vote: vote.until)


def votes_now(user) -> list[OwnVote]:
    """Votes in which somebody may take part now; before they are verified, those in which they may right after it."""
    if user.person_id is not None:
        return votes(eligible(user))
    return [OwnVote(vote.title, vote.ballot, vote.until) for vote in voted.reachable(clock.now()) if vote.ballot]


def waiting(own_boxes: Sequence[tuple[OpenBox, bytes]], user) -> list[Task]:
    """Votes of these boxes in which this person did not take part, or not in every part."""
    now = clock.now()
    bound = {box.id for box, _own in own_boxes if user.staff_act_at and user.waits_for_second_clerk(box.created_at)}
    return [_task(vote, now, not bound.isdisjoint(vote.left)) for vote in votes(own_boxes) if not vote.voted]


def _task(vote: OwnVote, now: datetime, is_bound: bool) -> Task:
    """`is_bound`: its page says that a second clerk comes first."""
    several = len(vote.box_ids) > 1
    about = (_("투표함 %(all)s개 가운데 %(done)s개에 투표했어요.", all=len(vote.box_ids), done=vote.done) if vote.done
             else _("아직 투표하지 않았어요."))
    label = _("이어서 투표하기") if vote.done else _("투표하기")
    if is_bound:
        about, label = str(SecondClerkFirst.title), _("어떻게 확인받나요?")
    return Task(vote.ballot, vote.title, about, label,
                countdown.days_left(vote.until, now), "budget" if several else "vote", until=vote.until)


@made_once
def _entries() -> sa.Select:
    return sa.select(RollEntry.roll_id, RollEntry.person, RollEntry.struck_at).where(
        RollEntry.roll_id.in_(sa.bindparam("rolls", expanding=True)),
        RollEntry.person.in_(sa.bindparam("persons", expanding=True)))


@made_once
def _voters() -> sa.Select:
    return sa.select(Voter.box_id, Voter.channel).where(
        Voter.row_key.in_(sa.bindparam("keys", expanding=True)),
        Voter.box_id.in_(sa.bindparam("boxes", expanding=True)))


def eligible(user) -> list[tuple[OpenBox, bytes]]:
    """Boxes in which they may vote, each with the entry in its roll. Whoever is on no roll is looked up where people
    are still added."""
    boxes = sections.kept(open_boxes)
    known = {box.roll_id: identities.candidates(user, box.key_id) for box in boxes}
    persons = sorted({person for some in known.values() for person in some})
    entries = {(row.roll_id, row.person): row.struck_at for row in db.session.connection().execute(
        _entries(), {"rolls": list(known), "persons": persons})} if persons else {}
    own_boxes = []
    for box in boxes:
        own = [person for person in known[box.roll_id] if (box.roll_id, person) in entries]
        if own and entries[box.roll_id, own[0]] is None:
            own_boxes.append((box, own[0]))
        elif not own and box.grows and user.person_id:
            entry = rolls.own_entry(db.session.get_one(ElectoralRoll, box.roll_id), user, is_new=True)
            if entry.state in MAY_VOTE and entry.person is not None:
                own_boxes.append((box, entry.person))
    return own_boxes


def _places(own_boxes: Sequence[tuple[OpenBox, bytes]]) -> list[Place]:
    taken_part = channels((box.id, person) for box, person in own_boxes)
    return [Place(box, taken_part[box.id]) for box, _person in own_boxes if box.id in taken_part]


def channels(places: Iterable[tuple[bytes, bytes]]) -> dict[bytes, Channel | None]:
    """By box that can be asked: the way in which this person takes part, None where not at all."""
    keys: dict[bytes, bytes] = {}
    for box_id, person in places:
        try:
            keys[box_id] = keyring.box_keys(box_id).row_key(box_id, person)
        except Refusal:
            continue  # The key is away: the vote's own page says so.
    rows = db.session.connection().execute(
        _voters(), {"keys": list(keys.values()), "boxes": list(keys)}).all() if keys else []
    taken = {box_id: channel for box_id, channel in rows if channel is not NOT_TAKING_PART}
    return {box_id: taken.get(box_id) for box_id in keys}


def _as_it_is(vote: OwnVote) -> str:
    """A word for a vote in which they take part; what is on paper is not changed here."""
    if min(vote.channels) < Channel.PAPER_ISSUED:
        return _("%(day)s까지 바꿀 수 있어요", day=end_day(vote.until, year=False))
    return _("종이 투표지를 받았어요") if Channel.PAPER_ISSUED in vote.channels else _("종이로 투표했어요")


MOST_TAKEN_PART = 50


def took_part(user) -> list[tuple[str, str, str]]:
    """Title, address and a word of every vote in which this person takes part or took part, the newest first."""
    now = [(vote.title, vote.page, _as_it_is(vote)) for vote in votes(eligible(user)) if vote.done]
    persons = identities.candidates(user)
    done = list(db.session.scalars(
        sa.select(BallotBox).where(sa.exists().where(
            Participated.box_id == BallotBox.id, Participated.person.in_(persons),
            Participated.channel != NOT_TAKING_PART))
        .order_by(BallotBox.closes_at.desc()).limit(MOST_TAKEN_PART)))
    return list(dict.fromkeys(now + [(vote.title, vote.url, _("%(day)s에 끝났어요", day=end_day(box.closes_at)))
                                     for box, vote in zip(done, voted.gathered(done), strict=True)]))

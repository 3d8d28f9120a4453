"""Votes that wait for the person behind an account, and those in which they took part: never what was chosen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.blocks.first_page import Task
from civic_forum.platform import clock, countdown
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, day

from .. import identities, queries, voted
from ..box.voters import NOT_TAKING_PART
from ..keys import keyring
from ..models import BallotBox, Participated, RollEntry, Voter
from ..rolls import queries as rolls
from ..rolls.rules import EntryState
from ..rules.boxes import Channel

MAY_VOTE = (EntryState.IN, EntryState.MAY_BE_ADDED)


@dataclass(frozen=True)
class Place:
    """A box in which somebody may vote, and the way in which they took part."""

    box: BallotBox
    channel: Channel | None


def waiting_for(user) -> list[Task]:
    """Open votes in which this person may vote and did not, or not in every part."""
    now, found = clock.now(), defaultdict(list)
    places = _open_to(user, queries.open_now(now))
    titles = {}
    for place, vote in zip(places, voted.gathered([place.box for place in places]), strict=True):
        invited = vote.voted.invites(vote.record)
        url = invited.url if invited else vote.url
        titles[url] = invited.title if invited else vote.title
        found[url].append(place)
    return [_task(url, titles[url], together, now) for url, together in found.items()
            if any(place.channel is None for place in together)]


def _task(url: str, title: str, places: Sequence[Place], now) -> Task:
    done, until = sum(place.channel is not None for place in places), min(place.box.closes_at for place in places)
    about = _("투표함 %(all)s개 가운데 %(done)s개에 투표했어요.", all=len(places), done=done) if done else _(
        "아직 투표하지 않았어요.")
    return Task(f"{url}/ballot", title, about, _("이어서 투표하기") if done else _("투표하기"),
                countdown.days_left(until, now), "vote" if len(places) == 1 else "budget", until=until)


def _open_to(user, boxes: Sequence[BallotBox]) -> list[Place]:
    """Those of these boxes in which they may vote. Nobody without a verified person is on a roll that is not a list of
    accounts, and whoever is on none is looked up where people are still added."""
    known = {box.roll_id: identities.candidates(user, box.roll.key_id) for box in boxes if box.roll}
    persons = [person for some in known.values() for person in some]
    entries = {(row.roll_id, row.person): row.struck_at for row in db.session.execute(
        sa.select(RollEntry.roll_id, RollEntry.person, RollEntry.struck_at).where(
            RollEntry.roll_id.in_(known), RollEntry.person.in_(persons)))} if persons else {}
    found: dict[bytes, tuple[BallotBox, bytes]] = {}
    for box in boxes:
        own = [person for person in known.get(box.roll_id, ()) if (box.roll_id, person) in entries]
        if own:
            if entries[box.roll_id, own[0]] is None:
                found[box.id] = box, own[0]
        elif box.roll and user.person_id and rolls.rule_of(box.roll).grows:
            entry = rolls.own_entry(box.roll, user)
            if entry.state in MAY_VOTE and entry.person is not None:
                found[box.id] = box, entry.person
    channels = _channels((box.id, person) for box, person in found.values())
    return [Place(box, channels.get(box.id)) for box, _person in found.values() if box.id in channels]


def _channels(places: Iterable[tuple[bytes, bytes]]) -> dict[bytes, Channel | None]:
    """By box that can be asked: the way in which this person takes part, None where not at all."""
    keys: dict[bytes, bytes] = {}
    for box_id, person in places:
        try:
            keys[box_id] = keyring.box_keys(box_id).row_key(box_id, person)
        except Refusal:
            continue  # The key is away: the vote's own page says so.
    rows = db.session.execute(sa.select(Voter.box_id, Voter.channel).where(
        Voter.row_key.in_(keys.values()), Voter.box_id.in_(keys))).all() if keys else []
    taken = {box_id: channel for box_id, channel in rows if channel is not NOT_TAKING_PART}
    return {box_id: taken.get(box_id) for box_id in keys}


MOST_TAKEN_PART = 50


def took_part(user) -> list[tuple[str, str, str]]:
    """Title, address and a word of every vote in which this person takes part or took part, the newest first."""
    boxes = [place.box for place in _open_to(user, queries.open_now(clock.now())) if place.channel is not None]
    persons = identities.candidates(user)
    done = db.session.scalars(
        sa.select(BallotBox).join(Participated, Participated.box_id == BallotBox.id)
        .where(Participated.person.in_(persons), Participated.channel != NOT_TAKING_PART)
        .order_by(BallotBox.closes_at.desc()).limit(MOST_TAKEN_PART)) if persons else []
    boxes += [box for box in done if box not in boxes]
    return [(vote.title, vote.url, _("%(day)s까지 바꿀 수 있어요", day=day(box.closes_at, year=False))
             if box.closes_at > clock.now() else _("%(day)s에 끝났어요", day=day(box.closes_at)))
            for box, vote in zip(boxes, voted.gathered(boxes), strict=True)]

"""Polls at every stage, with what hangs on them. Of those that run, the resident may vote and the author has."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.ballots import identities
from civic_forum.ballots.models import ElectionSeason, RollEntry, RollObjection
from civic_forum.ballots import operations as opening
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.officials import queries
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel, ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.polls.models import Poll
from civic_forum.polls import services as rehearsing
from civic_forum.search.models import Entry
from tests.ballots.boxes import form_of
from tests.ballots.officials import EARLY, bring_to_publication
from tests.factories import saved
from tests.polls import making

from .things import Thing

NOWHERE = {"slug": "no-such-vote", "box": "0" * 32, "number": 999_999, "part": "terms", "objection_id": 999_999,
           "proposal": 999_999, "season_id": 999_999, "tracker": "0000-0000-0000", "fingerprint": "0" * 64}
SOON = timedelta(hours=2)


def add(scene) -> None:
    town, people = scene.town, scene.people

    def thing(name: str, poll: Poll, form=None, **path) -> None:
        box = poll.box_id.hex() if poll.box_id else NOWHERE["box"]
        fingerprint = poll.box.fingerprint.hex() if poll.box_id else NOWHERE["fingerprint"]
        here = {"slug": poll.slug, "box": box, "fingerprint": fingerprint, "number": 1}
        scene.things[name] = Thing(NOWHERE | here | path, lambda _actor: {"old": 0, "new": 1}, form=form or {})

    scene.things["no_poll"] = Thing(NOWHERE)
    moderator = town.moderator()
    thing("poll_unannounced", making.unannounced(town, by=moderator))
    held = making.unannounced(town, by=moderator)
    held.department_id = min(people["official"].department_ids())
    db.session.commit()
    thing("poll_held", held)
    thing("poll_announced", making.poll(town, by=moderator, **_later()))
    prepared = making.prepared(town, by=moderator, **_later())
    proposed = confirmations.propose(ConfirmedAction.OPEN, prepared.box_id, by=moderator)
    objection = saved(RollObjection(roll_id=prepared.roll_id, user_id=people["author"].id, text="이름이 빠졌어요.",
                                    at=clock.now()))
    thing("poll_prepared", prepared, {"seen": proposed.fingerprint.hex(), "action": "open"}, proposal=proposed.id,
          objection_id=objection.id)
    opened = _opened(scene, moderator)
    _cast(opened.box_id, people["author"])
    seen = queries.fingerprint(ConfirmedAction.CLOSE_EARLY, boxes.by_id(opened.box_id))
    thing("poll_open", opened, {"seen": seen.hex(), "action": "close_early", "note": EARLY})
    rehearsed = rehearsing.rehearse(making.poll(town, by=moderator, **_later()).id, [people["resident"].sign_in_name],
                                    hours=24, by=moderator)
    thing("poll_rehearsed", rehearsed)
    for name in ("poll_closed", "poll_published"):
        _closed(scene, name, moderator, thing)
    season = saved(ElectionSeason(name="지방선거", first_day=clock.now().date() + timedelta(days=200),
                                  last_day=clock.now().date() + timedelta(days=210), set_at=clock.now()))
    scene.things["season"] = Thing({"season_id": season.id})
    db.session.execute(sa.delete(Entry))  # as for proposals: what is put back after a request has no index beside it
    db.session.commit()


def _closed(scene, name: str, moderator, thing) -> None:
    poll = _opened(scene, moderator, closes_at=_text(SOON))
    receipt = _cast(poll.box_id, scene.people["author"])
    _cast(poll.box_id, scene.people["resident"])
    clock.shift(2 * int(SOON.total_seconds()))
    closing.close_if_due(poll.box_id)
    if name == "poll_published":
        closing.finish(poll.box_id, by=moderator)
        bring_to_publication(poll.box_id, moderator, scene.people["official"])
    clock.shift(0)
    db.session.rollback()
    thing(name, db.session.get(Poll, poll.id), tracker=receipt.tracker)


def _later() -> dict[str, str]:
    return {"opens_at": _text(timedelta(days=2)), "closes_at": _text(timedelta(days=9))}


def _text(later: timedelta) -> str:
    return (clock.now() + later).isoformat(timespec="seconds")


def _opened(scene, moderator, **facts) -> Poll:
    """A poll that two officials opened, with the resident and the author in its roll."""
    poll = making.prepared(scene.town, by=moderator, options=making.options(3), **facts)
    for name in ("resident", "author"):
        saved(RollEntry(roll_id=poll.roll_id, person=identities.of_account(scene.people[name].id)))
    opening.follow_roll(poll.roll_id)
    db.session.commit()
    proposed = confirmations.propose(ConfirmedAction.OPEN, poll.box_id, by=scene.people["official"])
    confirmations.confirm(proposed.id, by=moderator)
    db.session.rollback()
    return db.session.get(Poll, poll.id, populate_existing=True)


def _cast(box_id: bytes, user):
    box = boxes.by_id(box_id)
    form = form_of(box, identities.of_account(user.id), boxes.rule_of(box).encode({1: 1}))
    return casting.cast(box_id, identities.of_account(user.id), form, Channel.ONLINE)

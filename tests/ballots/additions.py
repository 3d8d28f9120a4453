"""A roll that grows, and who is added to it."""


import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots import identities
from civic_forum.ballots.box import additions_file
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.voting import services as casting
from civic_forum.platform.base import db
from tests.ballots.people import verified
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)


def own(made, user):
    db.session.rollback()
    return rolls.own_entry(made.row.roll, db.session.get(User, user.id))


def person_of(made, user):
    db.session.rollback()
    return identities.of_person(db.session.get(User, user.id).person, rolls.key_of(made.id))


def cast(made, user, *chosen, form=None):
    """As the page of a ballot does it."""
    person = person_of(made, user)
    form = form or made.form(person, *chosen)
    known_as = identities.candidates(db.session.get(User, user.id), rolls.key_of(made.id))
    db.session.rollback()
    return casting.cast_as(made.id, known_as, form, Channel.ONLINE, user.id)


def added(made):
    db.session.rollback()
    return list(db.session.scalars(sa.select(RollEntry.person).filter_by(roll_id=made.roll_id, added=True)))


def named(made):
    return additions_file.read(made.id, keyring.box_keys(made.id))


def newcomers(town, many, place=None, first=0):
    place = place or town.neighbourhood()
    return [verified(town, f"새 주민{first + number}", place=place) for number in range(many)]

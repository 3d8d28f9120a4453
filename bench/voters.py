"""A vote under way with as many voters as wanted, each signed in already: what casting is measured with."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex, token_urlsafe

import sqlalchemy as sa
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

import config
from civic_forum.accounts.models import Person, User, UserSession
from civic_forum.app import create_app
from civic_forum.ballots import identities
from civic_forum.ballots.models import BallotBox, RollEntry
from civic_forum.ballots.queries import boxes
from civic_forum.kernel import clock, migrations
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import local
from tests import factories
from tests.polls import making

OPTIONS, MOST = 18, 6
"""As many as in the votes that this district holds."""
AT_ONCE = 10_000


@dataclass(frozen=True)
class Vote:
    """An open poll and the cookies of people who may vote in it."""

    slug: str
    fingerprint: bytes
    choices: tuple[bytes, ...]
    cookies: list[str]
    csrf_token: str

    def casts(self, revision: int = 0) -> Iterator[bytes]:
        """A request for each voter in turn, as the script of the ballot page sends it."""
        for cookie, choice in zip(self.cookies, itertools.cycle(self.choices)):
            yield self.cast(cookie, choice, revision)

    def cast(self, cookie: str, choice: bytes, revision: int) -> bytes:
        body = json.dumps({"fingerprint": self.fingerprint.hex(), "form_key": token_hex(16),
                           "revision": f"{revision:08x}", "choice": choice.hex()}, separators=(",", ":"))
        return (f"POST /polls/{self.slug}/casts HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
                f"Content-Type: application/json\r\nAccept: application/json\r\nX-CSRFToken: {self.csrf_token}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def vote(data: Path, voters: int, **settings: str) -> Vote:
    """Make a database in this data directory (or at the `DATABASE_URL` given) with an open vote and its voters."""
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), **settings))
    with app.app_context():
        migrations.upgrade()
        poll = making.opened(factories.Town(), options=making.options(OPTIONS), kind="up_to_k",
                             max_choices=MOST)
        box = db.session.get(BallotBox, poll.box_id)
        secrets = _settle(box, voters)
        rule = boxes.rule_of(box)
        choices = [rule.encode(dict.fromkeys(range(first, first + MOST), 1)) for first in range(1, OPTIONS - MOST + 2)]
        cookies, csrf_token = signed_in(app, secrets)
        made = Vote(poll.slug, box.fingerprint, (*choices, rule.blank_choice()), cookies, csrf_token)
        db.session.remove()
        db.engine.dispose()
    return made


def _settle(box: BallotBox, voters: int) -> list[str]:
    """Write verified people with accounts and sessions, and their entries in the roll; returns the secrets."""
    secrets: list[str] = []
    while len(secrets) < voters:
        secrets += _settle_some(box, len(secrets), min(AT_ONCE, voters - len(secrets)))
        db.session.commit()
    return secrets


def _settle_some(box: BallotBox, before: int, voters: int) -> list[str]:
    now, numbers = clock.now(), range(before, before + voters)
    hashes = [token_bytes(32) for _number in numbers]
    people = _ids(sa.insert(Person).returning(Person.id, sort_by_parameter_order=True),
                  [{"identity_hash": one, "distinguisher": 0, "name_sealed": token_bytes(40),
                    "birth_date_sealed": token_bytes(40), "created_at": now}
                   for one in hashes])
    users = _ids(sa.insert(User).returning(User.id, sort_by_parameter_order=True),
                 [{"sign_in_name": f"voter{number}", "sign_in_key": f"voter{number}", "nickname": f"주민 {number}",
                   "created_at": now, "language": "ko", "person_id": person, "is_resident": True}
                  for number, person in zip(numbers, people, strict=True)])
    secrets = [token_urlsafe(32) for _number in numbers]
    db.session.execute(sa.insert(UserSession), [
        {"secret_hash": sha256(secret.encode()).digest(), "user_id": user, "device": "Firefox", "created_at": now,
         "seen_on": local(now).date()} for secret, user in zip(secrets, users, strict=True)])
    db.session.execute(sa.insert(RollEntry), [
        {"roll_id": box.roll_id, "person": identities.of_identity(one)} for one in hashes])
    return secrets


def _ids(insert: sa.Insert, rows: list[dict]) -> list[int]:
    return list(db.session.scalars(insert, rows))


def signed_in(app: Flask, secrets: list[str]) -> tuple[list[str], str]:
    """The cookies of these sessions, and the token of a form that all of them carry."""
    with app.test_request_context():
        csrf_token, kept = generate_csrf(), session["csrf_token"]
    serializer = app.session_interface.get_signing_serializer(app)
    return [f"session={serializer.dumps({'_user_id': secret, '_fresh': True, 'csrf_token': kept})}"
            for secret in secrets], csrf_token

"""A vote under way with as many voters as wanted, each signed in already: what casting is measured with."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box import ledger_file
from civic_forum.ballots.box import sealing as entries
from civic_forum.ballots.box.sealing import BoxKeys, Channel, FORM_KEY_BYTES, MINE_BYTES, PERSON_BYTES
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.box.ledger import Written
from civic_forum.ballots.box.voters import NO_FORM
from civic_forum.ballots.models import BallotBox, Promise, RollEntry, Voter
from civic_forum.platform import clock, migrations
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests import factories
from tests.ballots.boxes import opened_anew
from tests.polls import making

OPTIONS, MOST = 18, 6
"""As many as in the votes that this district holds."""
AT_ONCE = 10_000


@dataclass(frozen=True)
class Vote:
    """An open poll and the cookies of people who may vote in it, with what their pages would know."""

    slug: str
    fingerprint: bytes
    choices: tuple[bytes, ...]
    cookies: list[str]
    csrf_token: str
    keys: BoxKeys
    row_keys: dict[str, bytes]
    """By cookie."""
    form_keys: dict[str, bytes] = field(default_factory=dict)
    """Of the newest form of each."""

    def casts(self, revision: int = 0) -> Iterator[bytes]:
        """A request for each voter in turn, as the script of the ballot page sends it."""
        for cookie, choice in zip(self.cookies, itertools.cycle(self.choices)):
            yield self.cast(cookie, choice, revision)

    def cast(self, cookie: str, choice: bytes, revision: int, row_key: bytes | None = None) -> bytes:
        """A form opened when so many ballots of this person were in the box, the newest by the form before this one.
        `row_key`: of a person who is signed in twice."""
        before = self.form_keys[cookie] if revision else NO_FORM
        form_key = self.form_keys[cookie] = token_bytes(FORM_KEY_BYTES)
        state = self.keys.state(row_key or self.row_keys[cookie], revision, before)
        body = json.dumps({"fingerprint": self.fingerprint.hex(), "form_key": form_key.hex(), "state": state.hex(),
                           "mine": token_hex(MINE_BYTES), "choice": choice.hex()}, separators=(",", ":"))
        return (f"POST /polls/{self.slug}/casts HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
                f"Content-Type: application/json\r\nAccept: application/json\r\nX-CSRFToken: {self.csrf_token}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def vote(data: Path, voters: int, **settings: str) -> Vote:
    """Make a database in this data directory (or at the `DATABASE_URL` given) with an open vote and its voters."""
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), LEAST_OFFICERS=0, **settings))
    with app.app_context():
        migrations.upgrade()
        poll = making.opened(factories.Town(), options=making.options(OPTIONS), kind="up_to_k",
                             max_choices=MOST)
        box = db.session.get(BallotBox, poll.box_id)
        persons, secrets = _settle(box, voters)
        rule = boxes.rule_of(box)
        choices = [rule.encode(dict.fromkeys(range(first, first + MOST), 1)) for first in range(1, OPTIONS - MOST + 2)]
        cookies, csrf_token = signed_in(app, secrets)
        keys = keyring.box_keys(box.id)
        row_keys = {cookie: keys.row_key(box.id, person) for cookie, person in zip(cookies, persons, strict=True)}
        made = Vote(poll.slug, box.fingerprint, (*choices, rule.blank_choice()), cookies, csrf_token, keys, row_keys)
        db.session.remove()
        db.engine.dispose()
    return made


def _settle(box: BallotBox, voters: int) -> tuple[list[bytes], list[str]]:
    """Write verified people with accounts and sessions, and their entries in the roll; returns them as the roll has
    them, and the secrets of their sessions."""
    persons: list[bytes] = []
    secrets: list[str] = []
    while len(secrets) < voters:
        found = _settle_some(box, len(secrets), min(AT_ONCE, voters - len(secrets)))
        persons, secrets = persons + found[0], secrets + found[1]
        db.session.commit()
    return persons, secrets


def _settle_some(box: BallotBox, before: int, voters: int) -> tuple[list[bytes], list[str]]:
    now, numbers = clock.now(), range(before, before + voters)
    hashes = [token_bytes(32) for _number in numbers]
    people = _ids(sa.insert(Person).returning(Person.id, sort_by_parameter_order=True),
                  [{"identity_hash": one, "folded_hash": one, "distinguisher": 0, "name_sealed": token_bytes(40),
                    "birth_date_sealed": token_bytes(40), "created_at": now} for one in hashes])
    users = _ids(sa.insert(User).returning(User.id, sort_by_parameter_order=True),
                 [{"sign_in_name": f"voter{number}", "sign_in_key": f"voter{number}", "nickname": f"주민 {number}",
                   "created_at": now, "language": "ko", "person_id": person, "is_resident": True}
                  for number, person in zip(numbers, people, strict=True)])
    secrets = [token_urlsafe(32) for _number in numbers]
    db.session.execute(sa.insert(UserSession), [
        {"secret_hash": sha256(secret.encode()).digest(), "user_id": user, "device": "Firefox", "created_at": now,
         "seen_on": local(now).date()} for secret, user in zip(secrets, users, strict=True)])
    persons = [identities.of_identity(one) for one in hashes]
    db.session.execute(sa.insert(RollEntry), [{"roll_id": box.roll_id, "person": person} for person in persons])
    return persons, secrets


def fill(box_id: bytes, choices: Sequence[bytes]) -> None:
    """Put online ballots into an opened box without casting them, each of somebody who is new in its roll, with the
    promise and the line of the ledger that casting leaves."""
    persons = [token_bytes(PERSON_BYTES) for _choice in choices]
    roll_id = boxes.by_id(box_id).roll_id
    db.session.execute(sa.insert(RollEntry), [{"roll_id": roll_id, "person": person} for person in persons])
    db.session.commit()
    fingerprint, keys = opened_anew(box_id), keyring.box_keys(box_id)  # with this roll
    for first in range(0, len(choices), AT_ONCE):
        some = zip(persons[first:first + AT_ONCE], choices[first:first + AT_ONCE], strict=True)
        rows_of, promises, written = zip(*(_left(box_id, fingerprint, keys, *one) for one in some), strict=True)
        db.session.execute(sa.insert(Voter), rows_of)
        db.session.execute(sa.insert(Promise), promises)
        db.session.commit()
        ledger_file.append(box_id, written)


def _left(box_id: bytes, fingerprint: bytes, keys: BoxKeys, person: bytes, choice: bytes) -> tuple[dict, dict, Written]:
    """Traces of a first cast: row, promise, line of the ledger."""
    voter = entries.OpenedRow(Channel.ONLINE, 0, 1, token_bytes(FORM_KEY_BYTES), token_bytes(MINE_BYTES), choice)
    row_key, name = keys.row_key(box_id, person), keys.name(voter.mine)
    promised = (entries.mark(fingerprint, voter.mine),
                entries.commitment(keys.n(row_key, 1, voter.form_key), choice))
    return ({"box_id": box_id, "row_key": row_key, "channel": int(voter.channel), "paper": 0,
             "sealed": entries.seal_voter(keys, box_id, row_key, voter)},
            {"box_id": box_id, "name": name, "sealed": entries.seal_promise(keys, box_id, name, *promised)},
            Written(row_key, 1, name))


def _ids(insert: sa.Insert, rows: list[dict]) -> list[int]:
    return list(db.session.scalars(insert, rows))


def signed_in(app: Flask, secrets: Sequence[str | None]) -> tuple[list[str], str]:
    """The cookies of these sessions (None: of nobody's), and the token of a form that all of them carry."""
    with app.test_request_context():
        csrf_token, kept = generate_csrf(), session["csrf_token"]
    serializer = app.session_interface.get_signing_serializer(app)
    known = [{"_user_id": secret, "_fresh": True} if secret else {} for secret in secrets]
    return [f"session={serializer.dumps({**one, 'csrf_token': kept})}" for one in known], csrf_token

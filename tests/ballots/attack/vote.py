"""A vote of a small town in some days, cast through the site itself, and all that it leaves behind."""

import json
import logging
import random
import shutil
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from secrets import token_bytes

import sqlalchemy as sa

from civic_forum.accounts.identity import SEALED_BIRTH_DATE
from civic_forum.accounts.models import Affiliation, Person, User, UserSession
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.ballots import identities
from civic_forum.ballots import operations as opening
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.locking import take_lock
from civic_forum.ballots.box.sealing import Channel, token
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.voting import adding
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import closing_file, ledger_file, voters
from civic_forum.ballots.paper.models import PaperBatch
from civic_forum.ballots.rules import signing
from civic_forum.platform import backups, clock, keys
from civic_forum.platform.base import database_now, db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from tests.ballots.boxes import form_of
from tests.ballots.officials import two_destroy
from tests.polls import making

from . import dumps
from .material import Ballot, Day, Material, Truth, Voter

A_DAY = 24 * 3600
ONLINE, KIOSK, PAPER = "online", "kiosk", "paper"
CHANGES = (37, 5, 2, 1)


@dataclass
class Plan:
    """Everybody's acts in their order, by day, and how often everybody changes who votes online."""

    voters: int
    days: list[list[tuple[int, str]]]
    changes: dict[int, int]

    @classmethod
    def drawn(cls, chance: random.Random, voters: int, days: int) -> "Plan":
        """One voter changes 37 times, some 5, 2 and 1 times; one in ten comes to a kiosk, one in five takes paper, half
        of these after a ballot that they cast online."""
        order = list(range(voters))
        chance.shuffle(order)
        tenth, third = voters // 10, voters // 10 + voters // 5
        kiosk, paper, online = order[:tenth], order[tenth:third], order[third:]
        shares = {37: 1, 5: max(1, voters // 50), 2: max(2, voters // 20), 1: voters // 6}
        changes, remaining = dict.fromkeys(online, 0), iter(online)
        for times in CHANGES:
            changes |= {next(remaining): times for _voter in range(shares[times])}
        steps = {voter: [ONLINE] * (1 + times) for voter, times in changes.items()}
        steps |= {voter: [KIOSK] for voter in kiosk}
        steps |= {voter: [PAPER] if number % 2 else [ONLINE, PAPER] for number, voter in enumerate(paper)}
        events = sorted((at, voter, what) for voter, whats in steps.items()
                        for at, what in zip(sorted(chance.uniform(0, days) for _what in whats), whats, strict=True))
        return cls(voters, [[(voter, what) for at, voter, what in events if int(at) == day] for day in range(days)],
                   changes)


@dataclass
class Held:
    """A vote that was carried out: what an attacker has of it, and who is who."""

    material: Material
    truth: Truth


class Town:
    """People who may vote, each with an account, a session and a verified address."""

    def __init__(self, town, how_many: int, chance: random.Random, newcomers: int):
        self.place = town.neighbourhood()
        now = clock.now()
        day = local(now).date()
        first = max(1_000_000, 1 + (db.session.scalar(sa.select(sa.func.max(User.id))) or 0))
        person = first + 1_000_000  # above the numbers that the database gives
        numbers = list(range(how_many))
        chance.shuffle(numbers)  # accounts were made in another order than people vote
        self.user_ids = [first + n for n in numbers]
        self.secrets = [chance.randbytes(24).hex() for _ in numbers]
        born = keys.seal(SEALED_BIRTH_DATE, "1980-01-01")
        seen = [now - timedelta(days=100)] * (how_many - newcomers) + [now] * newcomers
        db.session.execute(sa.insert(Person), [
            {"id": person + n, "identity_hash": chance.randbytes(32), "distinguisher": 0, "created_at": now,
             "name_sealed": born, "birth_date_sealed": born} for n in range(how_many)])
        db.session.execute(sa.insert(User), [
            {"id": first + n, "sign_in_name": f"voter{n:05}", "sign_in_key": f"voter{n:05}", "nickname": f"이웃 {n:05}",
             "created_at": now, "language": "ko", "person_id": person + n, "is_resident": True,
             "neighbourhood_id": self.place.id} for n in range(how_many)])
        db.session.execute(sa.insert(Affiliation), [
            {"user_id": first + n, "person_id": person + n, "kind": AffiliationKind.LIVE, "how": Verification.DESK,
             "neighbourhood_id": self.place.id, "at": at} for n, at in enumerate(seen)])
        db.session.execute(sa.insert(UserSession), [
            {"secret_hash": sha256(secret.encode()).digest(), "user_id": user_id, "device": "Firefox",
             "created_at": now, "seen_on": day} for user_id, secret in zip(self.user_ids, self.secrets, strict=True)])
        db.session.commit()

    def person(self, voter: int) -> bytes:
        return identities.of_person(db.session.get(User, self.user_ids[voter]).person)


class Ballots:
    """The box of an opened poll, and what people do with it."""

    def __init__(self, app, town, plan: Plan, choose, facts: dict, chance: random.Random, newcomers: int = 0):
        self.app, self.choose, self.chance = app, choose, chance
        self.people = Town(town, plan.voters, chance, newcomers)
        self.poll = opened_poll(town, len(plan.days), **facts)
        self.id, self.slug = self.poll.box_id, self.poll.slug
        self.rule = boxes.rule_of(boxes.by_id(self.id))
        self.casts: dict[int, list[int]] = {}
        self.papers: list[int] = []
        """Voters in order of the numbers."""
        self._order = 0

    def take_part(self, voter: int, what: str) -> None:
        if what != ONLINE:  # as the desk does it
            adding.add([self.id], self.people.user_ids[voter])
        if what == PAPER:
            return self._take_paper(voter)
        person, before = self.people.person(voter), self.casts.setdefault(voter, [])
        form = form_of(boxes.by_id(self.id), person, self.choice(voter, len(before)))
        if what == KIOSK:
            casting.cast(self.id, person, form, Channel.ASSISTED)
        else:
            self._send(voter, {name: getattr(form, name).hex() for name in form.__slots__})
        before.append(self._order)
        self._order += 1

    def choice(self, voter: int, cast: int) -> bytes:
        chosen = self.choose(voter, cast)
        return self.rule.encode(dict.fromkeys(chosen, 1)) if chosen else self.rule.blank_choice()

    def _send(self, voter: int, form: dict) -> None:
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = self.people.secrets[voter], True
        answer = client.post(f"/polls/{self.slug}/casts", json=form)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def _take_paper(self, voter: int) -> None:
        person = self.people.person(voter)
        with use_case(None) as work:
            issued = papers.issue_to(boxes.held(self.id), person, at=take_lock(self.id))
            work.record("ballots.paper_issued", f"ballot_box:{self.id.hex()}", number=issued.number)
        with use_case(None):
            written = papers.note_return(boxes.held(self.id), issued.number, at=take_lock(self.id))
        ledger_file.append(self.id, [issued.written, written])
        self.papers.append(voter)

    def count_papers(self) -> list[int]:
        """One batch, its envelopes mixed before they were opened; voters in its order."""
        mixed = self.chance.sample(self.papers, len(self.papers))
        with use_case(None) as work:
            work.session.add(PaperBatch(
                box_id=self.id, number=1, sheets=len(mixed), counted=len(mixed), invalid=0, settled_at=work.at,
                choices=b"".join(self.choice(voter, -1) for voter in mixed), n=token_bytes(32), n2=token_bytes(32)))
        return mixed

    def row_keys(self) -> dict[int, bytes]:
        """Voter → row key of all who took part."""
        keys = keyring.box_keys(self.id)
        return {voter: keys.row_key(self.id, self.people.person(voter)) for voter in {*self.casts, *self.papers}}


def opened_poll(town, days: int, **facts) -> Poll:
    """A poll of the district that has just begun, with everybody verified in its roll."""
    now = clock.now()
    poll = making.poll(town, opens_at=(now - timedelta(minutes=1)).isoformat(timespec="seconds"),
                       closes_at=(now + timedelta(days=days)).isoformat(timespec="seconds"), **facts)
    moderator = town.moderator()
    process.prepare(poll.id, by=moderator)
    with use_case(moderator):
        box = boxes.held(poll.box_id)
        opening.open_box(box, at=database_now())
    heads.keep(poll.box_id)
    return poll


@contextmanager
def everything_logged():
    """All that any part of the program says, at its most talkative."""
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def held(app, town, plan: Plan, folder: Path, *, choose, facts: dict, server_log=lambda: "", seed: int = 0,
         newcomers: int = 0) -> Held:
    """Carry a vote out, day by day, to its record. `choose(voter, cast)` gives the option numbers of a ballot, none for
    an explicit blank; the cast of a paper is -1. `newcomers`: so many were verified after the day of a roll that grows.
    """
    start, chance = clock.offset_seconds(), random.Random(seed)
    folder.mkdir(exist_ok=True)
    ballots = Ballots(app, town, plan, choose, facts, chance, newcomers)
    days, ahead = [], dumps.WrittenAhead()
    for number, events in enumerate(plan.days):
        clock.shift(start + number * A_DAY + 60)
        with everything_logged() as log:
            for voter, what in events:
                ballots.take_part(voter, what)
                ahead.look()
        days.append(evening(folder / f"day-{number}", log.getvalue() + server_log(), ahead))
    ledger = lines_of(ledger_file.path(ballots.id))
    clock.shift(start + len(plan.days) * A_DAY + 60)
    assert closing.close(ballots.id)
    truth, keys = who_is_who(ballots), ballots.row_keys()
    truth |= {ballots.people.user_ids[voter]: -1 - place for place, voter in enumerate(ballots.count_papers())}
    two_destroy(ballots.id)
    clock.shift(start)
    return Held(gathered(ballots, days, ledger, keys), truth)


def evening(backup: Path, log: str, ahead: dumps.WrittenAhead) -> Day:
    """The log first and then the files, because making a copy writes both anew."""
    db.session.rollback()
    wal, files = ahead.taken(), dumps.files()
    backups.backup(str(backup))
    tables, size = dumps.tables(backup), dumps.size(backup)
    shutil.rmtree(backup)
    return Day(tables, files, wal, log, size)


def lines_of(ledger: Path) -> list[tuple[bytes, int, bytes]]:
    """Row key, revision and name of a promise of each line, as anybody can read them."""
    lines = map(bytes.fromhex, ledger.read_text().split())
    return [(line[:32], int.from_bytes(line[32:36], "big"), line[36:52]) for line in lines]


def who_is_who(ballots: Ballots) -> Truth:
    """Facts that only the key tells, asked before it is destroyed."""
    keys, box = keyring.box_keys(ballots.id), boxes.by_id(ballots.id)
    leaves = {live.mine: live.number for live in closing_file.read(box).live}
    opened = {voter: voters.by_key(ballots.id, keys, row_key) for voter, row_key in ballots.row_keys().items()}
    return {ballots.people.user_ids[voter]: leaves[row.mine] for voter, row in opened.items() if row.mine in leaves}


def gathered(ballots: Ballots, days: list[Day], ledger, keys: dict[int, bytes]) -> Material:
    """The observers' edition with all that was seen and copied before; the public one is a part of it."""
    box, user_ids = boxes.by_id(ballots.id), ballots.people.user_ids
    numbers = {voter: number for number, voter in enumerate(ballots.papers, start=1)}
    people = [Voter(user_ids[voter], key, ballots.casts.get(voter, []),
                    Channel.PAPER_RETURNED if voter in numbers else Channel.ONLINE, numbers.get(voter, 0))
              for voter, key in keys.items()]
    with zipfile.ZipFile(records.observers(box)) as record:
        members = {name: record.read(name) for name in record.namelist()}
    [batch] = json.loads(members["paper-choices.json"])
    public = {"key_sha256": box.key_sha256, "fingerprint": box.fingerprint, "zeros": bytes(32),
              "public key": signing.public_key(keyring.signing_seed()), "box twice": ballots.id * 2,
              **{head["kind"]: bytes.fromhex(head["root"]) for head in json.loads(members["heads.json"])}}
    sheets = [bytes.fromhex(choice) for choice in batch["choices"]]
    return Material(days, people, ballots_of(members, box.fingerprint), sheets, ledger, box.fingerprint,
                    public, ballots.id)


def ballots_of(members: dict[str, bytes], fingerprint: bytes) -> list[Ballot]:
    entries, found = [bytes.fromhex(line) for line in members["entries.txt"].decode().split()], []
    for line in members["choices.txt"].decode().splitlines():
        leaf, mine, n, choice, *told = line.split()
        entry, mine = entries[int(leaf)], bytes.fromhex(mine)
        found.append(Ballot(int(leaf), sha256(b"\0" + entry).digest(), entry[-68:-36], entry[-32:],
                            token(fingerprint, mine), mine, bytes.fromhex(n), bytes.fromhex(choice), "".join(told)))
    return found

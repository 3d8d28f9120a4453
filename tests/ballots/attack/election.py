"""A vote of a small town in seven days, cast through the site itself, and all that it leaves behind."""

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

from civic_forum.accounts.models import Affiliation, Person, User, UserSession
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.ballots import heads, identities, keyring, records
from civic_forum.ballots.models import Leaf, PaperBatch, PaperSheet
from civic_forum.ballots.queries import boxes, casts
from civic_forum.ballots.rules.boxes import SheetState
from civic_forum.ballots.rules.log import leaf_hash
from civic_forum.ballots.rules.sealing import CastKind
from civic_forum.ballots.services import closing, publication
from civic_forum.ballots.steps import opening, papers
from civic_forum.ballots.steps.locking import take_lock
from civic_forum.kernel import backups, clock
from civic_forum.kernel.base import database_now, db
from civic_forum.kernel.i18n import local
from civic_forum.kernel.work import use_case
from civic_forum.polls.models import Poll
from civic_forum.polls.services import opening as polls_opening
from tests.polls import making

from . import dumps
from .leaks import Copy
from .material import Ballot, Material, Voter

A_DAY = 24 * 3600


@dataclass
class Plan:
    """Who casts when: one list a day of (voter, how often they cast before)."""

    voters: int
    days: list[list[tuple[int, int]]]
    on_paper: dict[int, int]
    """Voter → day on which they take paper."""

    @classmethod
    def drawn(cls, chance: random.Random, first_ballots: list[int], *, changing: float, most: int,
              papers: int = 0) -> "Plan":
        """`first_ballots` a day; so large a share changes, up to `most` ballots each, not where one votes alone."""
        days: list[list[tuple[int, int]]] = [[] for _ in first_ballots]
        order = list(range(sum(first_ballots)))
        chance.shuffle(order)
        quiet = {number for number, count in enumerate(first_ballots) if count == 1}
        later = [number for number in range(len(days)) if number not in quiet]
        remaining = iter(order)
        for number, count in enumerate(first_ballots):
            for voter in (next(remaining) for _ in range(count)):
                days[number].append((voter, 0))
                day, cast = number, 1
                while cast < most and chance.random() < changing:
                    day = chance.choice([other for other in later if other >= day] or [later[-1]])
                    days[day].append((voter, cast))
                    cast += 1
        for day in days:
            chance.shuffle(day)
            day.sort(key=lambda each: each[1])  # nobody changes before they voted
        lone = {day[0][0] for number, day in enumerate(days) if number in quiet}
        on_paper = {voter: chance.choice(later) for voter in chance.sample([v for v in order if v not in lone], papers)}
        return cls(len(order), days, on_paper)


@dataclass
class Election:
    """A vote that was carried out, and what an attacker has of it."""

    material: Material
    truth: dict[int, int]
    row_of: dict[int, bytes]
    choice_of: dict[int, bytes]
    """user id → the choice that counts."""

    def copy(self) -> Copy:
        return Copy(self.material, self.truth, self.row_of)


class Town:
    """People who may vote, each with an account, a session and a verified address."""

    def __init__(self, town, how_many: int, chance: random.Random):
        self.place = town.neighbourhood()
        now = clock.now()
        day = local(now).date()
        first = max(1_000_000, 1 + (db.session.scalar(sa.select(sa.func.max(User.id))) or 0))
        person = first + 1_000_000  # above the numbers that the database gives
        numbers = list(range(how_many))
        chance.shuffle(numbers)  # accounts were made in another order than people vote
        self.user_ids = [first + n for n in numbers]
        self.secrets = [chance.randbytes(24).hex() for _ in numbers]
        born = b"sealed long ago" * 3
        db.session.execute(sa.insert(Person), [
            {"id": person + n, "identity_hash": chance.randbytes(32), "distinguisher": 0, "created_at": now,
             "name_sealed": born, "birth_date_sealed": born} for n in range(how_many)])
        db.session.execute(sa.insert(User), [
            {"id": first + n, "sign_in_name": f"voter{n:05}", "sign_in_key": f"voter{n:05}", "nickname": f"이웃 {n:05}",
             "created_at": now, "language": "ko", "person_id": person + n, "is_resident": True,
             "neighbourhood_id": self.place.id} for n in range(how_many)])
        db.session.execute(sa.insert(Affiliation), [
            {"user_id": first + n, "person_id": person + n, "kind": AffiliationKind.LIVE, "how": Verification.DESK,
             "neighbourhood_id": self.place.id, "at": now - timedelta(days=100)} for n in range(how_many)])
        db.session.execute(sa.insert(UserSession), [
            {"secret_hash": sha256(secret.encode()).digest(), "user_id": user_id, "device": "Firefox",
             "created_at": now, "seen_on": day} for user_id, secret in zip(self.user_ids, self.secrets, strict=True)])
        db.session.commit()

    def person(self, voter: int) -> bytes:
        return identities.of_person(db.session.get(User, self.user_ids[voter]).person)


def opened_poll(town, **facts) -> Poll:
    """A poll of the district that has just begun, with everybody verified in its roll."""
    now = clock.now()
    poll = making.poll(town, opens_at=(now - timedelta(minutes=1)).isoformat(timespec="seconds"),
                       closes_at=(now + timedelta(days=7)).isoformat(timespec="seconds"), **facts)
    moderator = town.moderator()
    polls_opening.prepare(poll.id, by=moderator)
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


def held(app, town, plan: Plan, folder: Path, *, choose, facts: dict, evenings=range(7), server_log=lambda: "",
         seed: int = 0) -> Election:
    """Carry a vote out, day by day, with a backup on these evenings, to its publication.

    `choose(voter, cast)` gives the option numbers of a ballot, none for an explicit blank.
    """
    start = clock.offset_seconds()
    folder.mkdir(exist_ok=True)
    people = Town(town, plan.voters, random.Random(seed))
    poll = opened_poll(town, **facts)
    box_id, slug = poll.box_id, poll.slug
    box = boxes.by_id(box_id)
    rule, fingerprint = boxes.rule_of(box), box.fingerprint
    days, order = [], []
    papers_given: list[int] = []
    for number, events in enumerate(plan.days):
        clock.shift(start + number * A_DAY + 60)
        with everything_logged() as log:
            for voter, cast in events:
                if voter in papers_given:
                    continue
                chosen = choose(voter, cast)
                choice = rule.encode(dict.fromkeys(chosen, 1)) if chosen else rule.blank_choice()
                _send(app, people, slug, voter, {
                    "fingerprint": fingerprint.hex(), "form_key": token_bytes(16).hex(), "revision": f"{cast:08x}",
                    "choice": choice.hex()})
                order.append((voter, number))
            papers_given += _issue_papers(box_id, people, [v for v, day in plan.on_paper.items() if day == number])
            db.session.rollback()
            if number not in evenings:
                continue
            target = folder / f"day-{number}"
            backups.backup(str(target))
        days.append(dumps.day(target, log.getvalue() + server_log()))
        shutil.rmtree(target)
    clock.shift(start + 7 * A_DAY + 60)
    closing.close_if_due(box_id)
    truth, row_of, choice_of = _who_is_who(box_id, people, plan)
    _count_papers(box_id, papers_given, rule)
    _publish(box_id, town)
    clock.shift(start)
    voters = [_voter(people.user_ids[voter], [(at, day) for at, (who, day) in enumerate(order) if who == voter])
              for voter in range(plan.voters) if people.user_ids[voter] in truth]
    ballots, sizes, files = _record(records.observers(boxes.by_id(box_id)))
    return Election(Material(days, voters, ballots, sizes, files), truth, row_of, choice_of)


def _send(app, people: Town, slug: str, voter: int, form: dict) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = people.secrets[voter], True
    answer = client.post(f"/polls/{slug}/casts", json=form)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def _issue_papers(box_id: bytes, people: Town, voters: list[int]) -> list[int]:
    for voter in voters:
        person = people.person(voter)
        with use_case(None) as work:
            at = take_lock(box_id)
            issued = papers.issue(boxes.held(box_id), person, at=at)
            work.record("ballots.paper_issued", f"ballot_box:{box_id.hex()}", number=issued.number)
        with use_case(None):
            at = take_lock(box_id)
            papers.mark_returned(boxes.held(box_id), issued.number, at=at)
    return voters


def _count_papers(box_id: bytes, voters: list[int], rule) -> None:
    if voters:
        with use_case(None) as work:
            work.session.add(PaperBatch(
                box_id=box_id, number=1, sheets=len(voters), counted=len(voters), invalid=0, settled_at=work.at,
                choices=rule.encode({1: 1}) * len(voters), n=token_bytes(32), n2=token_bytes(32)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PaperSheet).where(
        PaperSheet.state != SheetState.RETURNED)) == 0


def _who_is_who(box_id: bytes, people: Town, plan: Plan) -> tuple[dict, dict, dict]:
    """What only the key tells, asked before it is destroyed."""
    keys = keyring.box_keys(box_id)
    fingerprint = boxes.by_id(box_id).fingerprint
    newest = {}
    for cast in casts.opened(box_id, keys):
        if cast.row_key not in newest or cast.revision > newest[cast.row_key].revision:
            newest[cast.row_key] = cast
    numbers = dict(db.session.execute(sa.select(Leaf.hash, Leaf.number).filter_by(box_id=box_id)).all())
    truth, row_of, choice_of = {}, {}, {}
    for voter in range(plan.voters):
        user_id, row_key = people.user_ids[voter], keys.row_key(box_id, people.person(voter))
        cast = newest.get(row_key)
        if cast is not None and cast.kind is CastKind.BALLOT:
            row_of[user_id], choice_of[user_id] = row_key, cast.choice
            truth[user_id] = numbers[leaf_hash(casts.entry_of(fingerprint, cast, keys)[1])]
    db.session.rollback()
    return truth, row_of, choice_of


def _publish(box_id: bytes, town) -> None:
    first, second = town.moderator(), town.official()
    closing.finish(box_id, by=first)
    for _again in range(3):
        for official in (first, second):
            publication.advance(box_id, copies="there were none", by=official)
    assert boxes.by_id(box_id).published_at is not None


def _voter(user_id: int, casts_of: list[tuple[int, int]]) -> Voter:
    return Voter(user_id, casts_of[-1][0], [day for _at, day in casts_of])


def _record(path: Path) -> tuple[list[Ballot], list[int], dict[str, bytes]]:
    with zipfile.ZipFile(path) as record:
        files = {name: record.read(name) for name in record.namelist()}
    opened = {}
    for line in files["openings.txt"].decode().splitlines():
        leaf, n1, tag, revision = line.split()
        opened[int(leaf)] = bytes.fromhex(n1), bytes.fromhex(tag), int(revision)
    entries = files["entries.txt"].split()
    ballots = []
    for line in files["choices.txt"].decode().splitlines():
        leaf, n2, choice = line.split()
        n1, tag, revision = opened[int(leaf)]
        ballots.append(Ballot(int(leaf), sha256(b"\0" + bytes.fromhex(entries[int(leaf)].decode())).digest(), tag, n1,
                              bytes.fromhex(n2), bytes.fromhex(choice), revision))
    return ballots, [head["size"] for head in json.loads(files["heads.json"])], files

"""Polls, ready-made, for the tests of everything that needs one."""

from copy import deepcopy
from datetime import date, timedelta
from itertools import count

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity
from civic_forum.accounts.models import Affiliation, Person, RoleGrant
from civic_forum.accounts.rules import AffiliationKind, Role, Verification
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from civic_forum.polls import services as making
from tests.factories import saved, signed_in_anew

_number = count(1001)  # so that no name begins with another one
BINDING = "이 투표는 주민투표법에 따른 주민투표가 아니에요. 가장 많은 표를 받은 안으로 설계를 시작해요."


def entry(**facts) -> dict:
    """A poll as a file describes it: three options, one choice, open from now for a week, for residents."""
    now = clock.now()
    return deepcopy({
        "slug": f"vote-{next(_number)}", "title": "빈터를 무엇으로 쓸까요?",
        "question": "산기슭도로 옆 빈터를 무엇으로 쓰면 좋을까요? 하나만 골라 주세요.",
        "description": "오래 비어 있던 땅이에요.", "kind": "choose_one", "max_choices": 1,
        "eligibility": {"who": ["구민"], "check": "verified",
                        "roll_fixed_on": local(now - timedelta(days=7)).date().isoformat()},
        "opens_at": (now - timedelta(minutes=1)).isoformat(timespec="seconds"),
        "closes_at": (now + timedelta(days=7)).isoformat(timespec="seconds"),
        "binding": BINDING, "publishes": "totals",
        "options": [{"number": 1, "title": "텃밭", "text": "한 집에 두 평씩 가꿔요.", "cost": 42000},
                    {"number": 2, "title": "주차장", "text": "아홉 면을 만들어요.", "cost": 58000},
                    {"number": 3, "title": "놀이터", "text": "흙 놀이터를 만들어요."}],
    } | facts)


def options(how_many: int) -> list[dict]:
    return [{"number": number, "title": f"{number}번 사업", "text": "동네에 필요한 일이에요."} for number in range(1, how_many + 1)]


def poll(town, *, by=None, **facts) -> Poll:
    """A poll that is announced; `facts` are names of the entry. `by` is the moderator who makes it."""
    made = making.create(entry(**facts), by=by or town.moderator())
    db.session.refresh(made)
    return made


def unannounced(town, *, by=None, **facts) -> Poll:
    return poll(town, by=by, state="preparing", **facts)


def voter(town, *, place="시흥1동", kind=AffiliationKind.LIVE, born=None, how=Verification.DESK, since=None, **facts):
    """A resident who is known by name and birthday, and so is in the roll of every vote for residents."""
    number = next(_number)
    who = Identity(f"주민 {number}", born or date(1960, 1, 1) + timedelta(days=number % 10_000))
    since = since or clock.now() - timedelta(days=90)
    person = saved(Person(identity_hash=who.hash, distinguisher=0, created_at=since,
                          name_sealed=keys.seal(SEALED_NAME, who.name),
                          birth_date_sealed=keys.seal(SEALED_BIRTH_DATE, who.birth_date.isoformat())))
    user = town.resident(person_id=person.id, neighbourhood_id=town.neighbourhood(place).id, **facts)
    saved(Affiliation(user_id=user.id, person_id=person.id, kind=kind, how=how, at=since,
                      neighbourhood_id=town.neighbourhood(place).id))
    db.session.refresh(user)
    return user


def administrator(town):
    """Somebody verified at a desk to whom no other administrator gave the role, and who has just signed in."""
    person = voter(town)
    saved(RoleGrant(user_id=person.id, role=Role.ADMINISTRATOR, granted_at=clock.now()))
    db.session.refresh(person)
    signed_in_anew(person.id)
    return person


def prepared(town, *, voters=10, by=None, **facts) -> Poll:
    """A poll with its box, which two officials may open; `voters` more people are in its roll."""
    for _one in range(voters):
        voter(town)
    by = by or town.moderator()
    made = poll(town, by=by, **facts)
    return process.prepare(made.id, by=by)


def opened(town, **facts) -> Poll:
    """A poll that two officials opened; everybody made by `voter` before it may vote."""
    made = prepared(town, **facts)
    proposed = confirmations.propose(ConfirmedAction.OPEN, made.box_id, by=town.official())
    confirmations.confirm(proposed.id, by=town.moderator())
    db.session.rollback()
    return db.session.get(Poll, made.id, populate_existing=True)

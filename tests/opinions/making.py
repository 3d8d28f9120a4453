"""Consultations, ready-made. Say only what the test is about."""

from datetime import date, timedelta
from itertools import count

import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.operations import verify_person
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.opinions import computing, keyring, operations, queries, rows
from civic_forum.opinions.letters import services
from civic_forum.opinions.models import Consultation, Participant, Statement
from civic_forum.opinions.rules import Audience, Basis, Origin, StatementState
from civic_forum.opinions.sealing import Point
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.common import commit, main_of
from tests.common import stamp as stamp
from tests.factories import saved

_number = count(1)
words = main_of
LINES = ("밤길 등을 낮게 달아 주세요.", "걷는 길과 자전거 길을 바닥 색으로 나눠요.", "개는 목줄을 짧게 잡아요.", "의자를 백 미터마다 놓아요.",
         "풀을 일 년에 두 번만 베어요.", "다리 밑에 운동 기구를 놓아요.")


def consultation(statements=LINES, *, open_since=timedelta(hours=1), lasts=timedelta(days=10), **facts) -> Consultation:
    """One that is open, announced, for everybody."""
    now = clock.now()
    made = saved(Consultation(**{
        "slug": f"river-{db.session.query(Consultation).count() + 1}", "title": "안양천 둔치, 어떻게 나눠 쓸까요?",
        "question": "무엇을 바꾸고 무엇을 그대로 둘까요?", "background": "둔치는 모두의 것이에요.",
        "background_html": "<p>둔치는 모두의 것이에요.</p>", "follow_up": "30일 안에 답해요.", "texts": {},
        "audience": Audience.EVERYONE, "opens_at": now - open_since, "closes_at": now - open_since + lasts,
        "created_at": now, "announced_at": now - open_since - timedelta(hours=1)} | facts))
    for number, text in enumerate(statements, 1):
        db.session.add(Statement(consultation_id=made.id, number=number, text=text, texts={}, origin=Origin.SEED,
                                 state=StatementState.PUBLISHED, published_at=made.announced_at))
    if made.announced_at is not None:
        operations.prepare(made, len(statements))
    db.session.commit()
    return made


def preparing(statements=LINES, **facts) -> Consultation:
    """One that opens in two days, and of which only the desk knows."""
    return consultation(statements, **{"announced_at": None, "open_since": timedelta(days=-2)} | facts)


def people() -> list[queries.Opened]:
    """Everybody who answered and took it not back, in whatever order."""
    db.session.rollback()
    return [queries.opened(keyring.keys(row.consultation_id), row) for row in db.session.scalars(
        sa.select(Participant).where(~Participant.is_empty))]


def letters(asked, many: int, town) -> list[str]:
    """Codes of letters that were printed by one person and posted by another."""
    codes = services.print_letters(asked.id, many, by=town.official())
    services.post(asked.id, 1, many, by=poster(town))
    return codes


def poster(town, **facts):
    """A moderator whom a desk has verified: may be the second person."""
    return verified(town.moderator(**facts), f"운영 {next(_number)}", place=town.neighbourhood())


def participants() -> list[tuple[Basis, int]]:
    """Ground and number of answers of each participant, in any order."""
    return [(one.row.basis, len(one.content.answers)) for one in people()]


def place_all(asked, group: str, x: float, y: float) -> None:
    """Let everybody stand in the last result, in this group and at this point."""
    with use_case(None):
        keys = keyring.keys(asked.id)
        computing._place(keys, {row.row_key.hex(): Point(group, x, y) for row in rows.all_held(keys)})


def values() -> list[int]:
    """All answers, whosever and to whatever, in their order."""
    return sorted(value for one in people() for value in one.content.answers.values())


def verified(user, name="김금천", born=date(1950, 3, 1), place=None):
    """The user, verified as this person."""
    verify_person(user, Identity(name, born), how=Verification.DESK,
                  affiliations={AffiliationKind.LIVE: place.id} if place else {}, at=clock.now())
    db.session.commit()
    return user


def granted_by(giver, user):
    """This user, whose role the giver gave."""
    commit(sa.update(RoleGrant).where(RoleGrant.user_id == user.id).values(granted_by_id=giver.id))
    return user

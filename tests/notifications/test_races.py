"""Two acts at once, on both databases: nobody is told twice, and nobody is forgotten."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.answers.services import texts as answers
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.work import use_case
from civic_forum.notifications import services
from civic_forum.notifications import operations as telling
from civic_forum.notifications.models import Delivery, Notice
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from civic_forum.proposals.services import supports as proposals
from tests.answers.making import on_the_table, text
from tests.racing import at_once

from .told import notices, reachable, steps

pytestmark = pytest.mark.both


def user(user_id: int) -> User:
    return db.session.get(User, user_id)


def test_the_same_told_by_many_at_once_is_told_once(town, app):
    crowd = [reachable(town.resident()).id for _n in range(20)]

    def tell(n):
        with use_case(None) as work:
            whom = sa.select(User.id).where(User.id.in_(crowd if n % 2 else list(reversed(crowd))))
            telling.tell(work.session, whom, kind=NoticeKind.OUTCOME, about="outcome:1", step="outcome_published",
                         title="결과", url="/outcomes/1", once="outcome:1:1", at=work.at)

    assert not [one for one in at_once(app, 8, tell) if isinstance(one, Refusal)]
    db.session.rollback()
    count = sa.select(sa.func.count())
    assert db.session.scalar(count.select_from(Notice)) == db.session.scalar(count.select_from(Delivery)) == 20


def test_an_answer_that_many_approve_at_once_is_told_once(town, app):
    official, author = town.official(), town.resident()
    proposal = on_the_table(town, official, author=author)
    answers.submit(proposal.id, text(), seen=0, by=official)
    people, proposal_id = [town.official().id for _n in range(6)], proposal.id
    db.session.rollback()
    at_once(app, 6, lambda n: answers.approve(proposal_id, seen=1, by=user(people[n])))
    assert steps(author).count("answered") == 1


def test_everybody_who_supports_while_others_do_hears_of_the_threshold_but_the_last(town, app):
    author, people = town.resident(), [town.resident().id for _n in range(9)]
    proposal_id = town.proposal(author=author, threshold=9).id
    db.session.rollback()
    at_once(app, 9, lambda n: proposals.support(proposal_id, by=user(people[n])))
    heard = [one for one in people if "threshold" in steps(user(one))]
    assert len(heard) == 8 and steps(author) == ["threshold"]


def test_comments_of_many_at_once_are_each_told(town, app):
    author, people = town.resident(), [town.resident().id for _n in range(6)]
    thread_id = town.proposal(author=author).thread_id
    db.session.rollback()
    at_once(app, 6, lambda n: comments.write(thread_id, stance=Stance.NOTE, text=f"{n}번째로 적어요.", by=user(people[n])))
    assert len(notices(author)) == 6
    assert len({one.url for one in notices(author)}) == 6


def test_reading_everything_in_two_windows_while_news_arrive(town, app):
    reader = town.resident()
    reader_id = reader.id

    def news(n):
        with use_case(None) as work:
            telling.tell(work.session, sa.select(User.id).filter_by(id=reader_id), kind=NoticeKind.REPLY,
                         about="proposal:1", step="replied", title="", url=f"/comments/{n}", once=f"comment:{n}",
                         at=work.at)

    for n in range(5):
        news(n)
    seen = notices(reader)[-1].id
    db.session.rollback()
    at_once(app, 4, lambda n: services.read_all(seen, by=user(reader_id)) if n % 2 else news(100 + n))
    assert [one.read_at is None for one in notices(reader)] == [False] * 5 + [True] * 2


def test_choices_of_two_windows_are_one_of_them_for_each_kind(town, app):
    reader_id = town.resident().id
    kinds = (NoticeKind.REPLY, NoticeKind.OUTCOME)
    db.session.rollback()

    def choose(n):
        services.choose({(kind, Channel.MAIL): (Frequency.NEVER, Frequency.WEEKLY)[n % 2] for kind in kinds},
                        by=user(reader_id))

    assert not [one for one in at_once(app, 6, choose) if isinstance(one, Refusal)]

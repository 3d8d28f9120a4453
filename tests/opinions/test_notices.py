"""Authors of statements: what they hear, once for each decision, and nothing of what anybody answered."""

from datetime import timedelta

import pytest

from civic_forum.notifications.rules import NoticeKind
from civic_forum.opinions import answering, services
from civic_forum.opinions.rules import Became, Moderation
from civic_forum.opinions.services import Decision
from civic_forum.platform.base import db
from tests.notifications.told import last, notices, steps, told

from .making import consultation

WHY = "다른 질문에서 다뤄요."


def written(town, author, **facts):
    asked = consultation(moderation=Moderation.BEFORE, **facts)
    return asked, services.write(asked.id, "의자에 등받이를 달아요.", by=author).number


def test_an_author_hears_of_every_decision(town):
    author, first, second, third = town.user(), town.moderator(), town.moderator(), town.moderator()
    asked, number = written(town, author)
    for decision, by in ((Decision.PUBLISH, first), (Decision.META, first), (Decision.PUT_BACK, first),
                         (Decision.TAKE_OUT, second), (Decision.PUT_BACK, second)):
        services.decide(asked.id, number, decision, why=WHY, by=by)
    services.join(asked.id, number, 6, by=third)
    assert steps(author) == ["statement_public", "statement_hidden", "statement_public", "statement_hidden"]
    assert {kind for kind, _step in told(author)} == {NoticeKind.MODERATION}
    assert last(author).url == f"/consultations/{asked.slug}/mine"


@pytest.mark.both
def test_a_refusal_is_told_and_its_reason_stands_on_the_page_alone(town):
    author = town.user()
    asked, number = written(town, author)
    answering.respond(asked.id, 1, -1, by=author)
    services.decide(asked.id, number, Decision.REFUSE, why=WHY, by=town.moderator())
    assert steps(author) == ["statement_refused"]
    assert all(not one.details for one in notices(author))


def test_an_author_hears_what_became_of_a_statement_each_time(town):
    author, moderator = town.user(), town.moderator()
    asked, number = written(town, author)
    services.decide(asked.id, number, Decision.PUBLISH, by=moderator)
    asked.opens_at, asked.closes_at = asked.opens_at - timedelta(days=20), asked.closes_at - timedelta(days=20)
    db.session.commit()
    for text in ("내년에 해요.", "올해 안에 해요."):
        services.say_what_became(asked.id, number, Became.PROMISE, text, by=moderator)
    assert told(author)[1:] == [(NoticeKind.OUTCOME, "statement_answered")] * 2


def test_statements_of_the_office_are_told_to_nobody(town):
    moderator = town.moderator()
    asked = consultation()
    services.decide(asked.id, 1, Decision.TAKE_OUT, why=WHY, by=moderator)
    assert not notices(moderator)

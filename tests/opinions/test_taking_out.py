"""A statement that people could answer is taken out by two moderators; what one did alone is undone after 72 hours."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.moderation import services as moderation
from civic_forum.moderation.rules import Decision as Act
from civic_forum.moderation.rules import Rule
from civic_forum.opinions import answering, computing, queries, services, taking_out
from civic_forum.opinions.models import OpinionMap, Statement
from civic_forum.opinions.services import Decision
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.platform.waiting import listed, sources
from civic_forum.platform.i18n import local
from tests.common import commit, main_of
from tests.notifications.told import last, notices, steps
from tests.racing import all_at_once, held, on_postgresql

from .making import consultation, preparing
from .published import result

WHY = "다른 질문에서 다뤄요."


@pytest.fixture
def anna(town):
    return town.moderator(mobile="01000000001")


@pytest.fixture
def ben(town):
    return town.moderator(mobile="01000000002")


@pytest.fixture
def travel():
    """Go so many hours on."""
    yield lambda hours: (db.session.rollback(), clock.shift(clock.offset_seconds() + 3_600 * hours))
    clock.shift(0)


def now(asked, number: int = 1) -> Statement:
    db.session.rollback()
    return queries.statement(asked.id, number)


def take_out(asked, by, number: int = 1, **facts) -> Statement:
    return services.decide(asked.id, number, Decision.TAKE_OUT, why=WHY, by=by, **facts)


def confirm(asked, by, number: int = 1) -> Statement:
    return services.decide(asked.id, number, Decision.CONFIRM, by=by)


@pytest.mark.both
def test_one_alone_takes_it_out_for_72_hours(town, anna, ben, travel):
    asked = consultation()
    take_out(asked, anna)
    assert now(asked).is_taken_out and 1 not in queries.draw(asked.id).numbers
    travel(hours=71)
    assert taking_out.bring_back() == 0 and now(asked).is_taken_out
    travel(hours=1)
    assert taking_out.bring_back() == 1
    assert now(asked).is_asked and now(asked).why is None
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "opinions.out_lapsed")) == 1
    with pytest.raises(NotFound):
        confirm(asked, ben)


def test_two_take_it_out_for_good(town, anna, ben, travel):
    asked = consultation()
    take_out(asked, anna)
    for wrong in (anna, town.moderator(mobile=anna.mobile), town.official()):
        with pytest.raises(Denied):
            confirm(asked, wrong)
    confirm(asked, ben)
    travel(hours=100)
    assert taking_out.bring_back() == 0 and now(asked).is_taken_out
    with pytest.raises(NotFound):
        confirm(asked, ben)


def test_the_second_confirms_what_the_page_showed(town, anna, ben, browse):
    asked = consultation()
    here = f"/desk/consultations/{asked.slug}/moderation/1"
    take_out(asked, anna)
    page = browse(ben).get(here).text
    seen = re.search(r'name="seen" value="(\w{64})"', page)[1]
    services.decide(asked.id, 1, Decision.PUT_BACK, by=anna)
    services.decide(asked.id, 1, Decision.META, by=town.moderator(mobile="01000000003"))
    for wrong in ("", "00", seen):
        with pytest.raises(Conflict):
            services.decide(asked.id, 1, Decision.CONFIRM, seen=wrong, by=ben)


@pytest.mark.both
def test_it_holds_after_the_close_too(town, anna, travel):
    asked = consultation(open_since=timedelta(days=20))
    take_out(asked, anna)
    travel(hours=72)
    assert taking_out.bring_back() == 1 and now(asked).is_asked


@pytest.mark.both
def test_a_moderator_without_a_second_does_not_begin_again(town, anna, ben, travel):
    asked = consultation()
    take_out(asked, anna)
    travel(hours=72)
    taking_out.bring_back()
    again = town.moderator(mobile=anna.mobile)
    for act in (lambda: take_out(asked, anna), lambda: take_out(asked, again),
                lambda: services.join(asked.id, 1, 2, by=anna),
                lambda: services.decide(asked.id, 1, Decision.META, by=anna)):
        with pytest.raises(Conflict, match="다른 운영자만"):
            act()
        assert now(asked).is_asked and not now(asked).is_meta
    take_out(asked, ben)
    confirm(asked, anna)
    assert now(asked).is_taken_out and now(asked).out_until is None


def test_a_twin_and_a_mark_need_two_as_well(town, anna, ben, travel):
    asked = consultation()
    services.join(asked.id, 1, 2, by=anna)
    services.decide(asked.id, 3, Decision.META, by=anna)
    with pytest.raises(Conflict, match="확인을 기다"):
        take_out(asked, ben, 3)
    with pytest.raises(Conflict):
        services.decide(asked.id, 3, Decision.NOT_META, by=ben)
    travel(hours=72)
    assert taking_out.bring_back() == 2
    assert now(asked).is_asked and not now(asked, 3).is_meta
    services.join(asked.id, 1, 2, by=ben)
    services.decide(asked.id, 3, Decision.META, by=ben)
    confirm(asked, anna)
    confirm(asked, anna, 3)
    travel(hours=72)
    assert taking_out.bring_back() == 0 and now(asked).same_as_id and now(asked, 3).is_meta


@pytest.mark.in_turns(of=10)
def test_results_count_it_until_a_second_moderator_confirms(town, anna, ben):
    asked = consultation()
    for _person in range(6):
        answering.respond(asked.id, 1, 1, by=town.user())
    take_out(asked, anna)
    services.decide(asked.id, 2, Decision.META, by=anna)
    assert computing.compute(asked.id)
    assert flags(asked) == [(False, False), (False, False)]
    confirm(asked, ben)
    confirm(asked, ben, 2)
    for _person in range(10):
        answering.respond(asked.id, 3, 1, by=town.user())
    assert computing.compute(asked.id)
    assert flags(asked) == [(True, False), (False, True)]


def flags(asked) -> list[tuple[bool, bool]]:
    """Taken out and mark of the first two statements in the last result."""
    db.session.rollback()
    latest = db.session.scalar(sa.select(OpinionMap).order_by(OpinionMap.number.desc()).limit(1))
    return [(bool(each.get("taken_out")), bool(each.get("meta"))) for each in latest.published["statements"][:2]]


@pytest.mark.both
def test_before_everybody_reads_it_one_is_enough(town, anna):
    asked = preparing()
    commit(sa.update(Statement).values(published_at=None))
    take_out(asked, anna)
    assert now(asked).is_taken_out and now(asked).out_until is None


@pytest.mark.both
def test_any_moderator_puts_back_what_waits(town, anna, ben):
    asked = consultation()
    take_out(asked, anna)
    services.decide(asked.id, 1, Decision.PUT_BACK, by=ben)
    services.decide(asked.id, 2, Decision.META, by=anna)
    services.decide(asked.id, 2, Decision.PUT_BACK, by=ben)
    assert now(asked).is_asked and not now(asked, 2).is_meta
    with pytest.raises(NotFound):
        confirm(asked, ben)


def test_an_act_of_moderation_outlives_what_one_began(town, anna, ben, travel):
    asked, author = consultation(), town.user()
    line = services.write(asked.id, "옆집 김 아무개가 개를 풀어놓아요.", by=author)
    moderation.reports.report("statement", line.id, rule=Rule.PRIVACY, by=town.user())
    take_out(asked, anna, line.number)
    moderation.cases.decide("statement", line.id, Act(hide=True, account=None, rule=Rule.PRIVACY, reason=WHY), by=ben)
    with pytest.raises(Conflict):
        confirm(asked, ben, line.number)
    travel(hours=72)
    assert taking_out.bring_back() == 0 and now(asked, line.number).is_taken_out


def test_the_asker_hears_of_statements_of_the_office_and_authors_of_theirs(town, anna, ben, travel):
    owner, author = town.official(), town.user()
    asked = consultation(created_by_id=owner.id)
    line = services.write(asked.id, "의자에 등받이를 달아요.", by=author)
    take_out(asked, anna, out_for="unclear")
    take_out(asked, anna, line.number, out_for="insult")
    assert (steps(owner), steps(author)) == (["statement_hidden"], ["statement_hidden"])
    assert last(owner).details["why"] == "무슨 뜻인지 알 수 없음" and last(author).details["why"] == "욕설·비방"
    assert last(owner).url == f"/desk/consultations/{asked.slug}" and last(owner).details["until"]
    confirm(asked, ben)
    travel(hours=72)
    taking_out.bring_back()
    assert steps(owner) == ["statement_hidden", "statement_out"]
    assert steps(author) == ["statement_hidden", "statement_public"]
    assert not notices(anna)


def test_a_confirmation_waits_at_the_desk_of_moderators(town, anna, ben, browse):
    asked = consultation()
    take_out(asked, anna)
    today = local(clock.now()).date()
    mine = [source for source in sources(ben, today) if source.name == "opinions.statements"]
    [task] = listed(mine, due="all", today=today).items
    assert task.line.url == f"/desk/consultations/{asked.slug}/moderation"
    page, here = browse(ben), f"/desk/consultations/{asked.slug}/moderation"
    assert "다른 운영자의 확인을 기다리는 의견 1개" in main_of(page.get(here))
    shown = main_of(page.get(f"{here}/1"))
    assert WHY in shown and "질문과 관계없음" in shown and "두 번째로 확인하기" in shown
    assert browse(anna).post(f"{here}/1/decisions", data={"do": "confirm"}).status_code == 403
    assert page.post(f"{here}/1/decisions", data={"do": "confirm"}).status_code == 303
    assert "두 번째로 확인하기" not in main_of(page.get(f"{here}/1")) and "확인을 기다리는" not in main_of(page.get(here))


def test_everybody_reads_how_many_were_taken_out_and_why(town, anna, ben, browse):
    for asked in (consultation(), consultation(open_since=timedelta(days=20))):
        assert "뺀 의견" not in main_of(browse().get(f"/consultations/{asked.slug}"))
        take_out(asked, anna, 1, out_for="insult")
        take_out(asked, anna, 2, out_for="insult")
        confirm(asked, ben, 2)
        services.join(asked.id, 3, 4, by=anna)
        result(asked)
        for page in ("", "/result"):
            shown = main_of(browse().get(f"/consultations/{asked.slug}{page}"))
            assert "뺀 의견 3개" in shown and "욕설·비방 2개" in shown and "같은 뜻의 의견 1개" in shown
            assert "한 사람이 뺀 의견은 72시간 안에 다른 운영자가 확인하지 않으면 다시 물어요" in shown


@pytest.mark.both
def test_a_reason_is_chosen(town, anna, browse):
    asked = consultation()
    page, here = browse(anna), f"/desk/consultations/{asked.slug}/moderation/1/decisions"
    for wrong in ({}, {"out_for": "privacy"}, {"out_for": ""}):
        assert page.post(here, data={"do": "take_out", "why": WHY} | wrong).status_code == 422
    assert now(asked).is_asked
    assert page.post(here, data={"do": "take_out", "why": WHY, "out_for": "personal"}).status_code == 303
    assert now(asked).hidden_rule == "personal"


@pytest.mark.both
def test_of_two_who_confirm_at_once_one_does(app, town, anna, ben):
    asked, carol = consultation(), town.moderator(mobile="01000000003")
    take_out(asked, anna)
    number, ids = asked.id, (ben.id, carol.id)
    outcomes = all_at_once(app, *[lambda who=who: services.decide(
        number, 1, Decision.CONFIRM, by=db.session.get_one(User, who)) and None for who in ids])
    assert sum(isinstance(outcome, NotFound) for outcome in outcomes) == 1
    assert now(asked).out_until is None and now(asked).is_taken_out


@on_postgresql
def test_a_confirmation_waits_for_the_right_of_who_began(app, town, anna, ben):
    asked = consultation()
    take_out(asked, anna)
    with held(anna, blocked_at=clock.now()), pytest.raises(Denied):
        confirm(asked, ben)
    assert now(asked).out_until is not None


@on_postgresql
def test_coming_back_waits_for_who_confirms(app, town, anna, travel):
    asked = consultation()
    take_out(asked, anna)
    travel(hours=72)
    with held(asked, title="다른 제목"):
        assert taking_out.bring_back() == 1
    assert now(asked).is_asked

"""A resident's statement is reported to the moderators and hidden by the same acts as every other text."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.services import leaving
from civic_forum.moderation import services as moderation
from civic_forum.moderation.models import ModerationAction, Report
from civic_forum.moderation.queries import takedowns
from civic_forum.moderation.rules import ActionKind, Decision, Ground, Length, Rule
from civic_forum.opinions import queries, services
from civic_forum.opinions.models import Statement
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.work import use_case

from .making import consultation

TEXT = "옆집 김 아무개가 개를 풀어놓아요."
HIDE = Decision(hide=True, account=None, rule=Rule.PRIVACY, reason="누구인지 알 수 있는 이웃 이야기가 있어요.")


def written(asked, author) -> Statement:
    return services.write(asked.id, TEXT, by=author)


def again(statement: Statement) -> Statement:
    db.session.rollback()
    return db.session.get(Statement, statement.id, populate_existing=True)


@pytest.mark.both
def test_it_is_reported_from_its_page_hidden_and_asked_again_once_the_act_ends(town, browse):
    asked, author, moderator = consultation(), town.resident(), town.moderator()
    line = written(asked, author)
    page, about = f"/consultations/{asked.slug}/answer?statement={line.number}", f"statement:{line.id}"
    reader = browse(town.user())
    assert f"/reports/new?about={about}" in reader.get(page).text
    assert "/reports/new" not in reader.get(f"/consultations/{asked.slug}/answer?statement=1").text
    assert TEXT in reader.get(f"/reports/new?about={about}").text
    sent = reader.post("/reports/new", data={"about": about, "rule": "privacy"})
    assert (sent.status_code, sent.location) == (303, page)
    desk = browse(moderator)
    for address in ("/desk/reports", "/desk/reports?kind=statement", f"/desk/reports/statement/{line.id}"):
        assert TEXT in desk.get(address).text
    action, = moderation.cases.decide("statement", line.id, HIDE, by=moderator)
    assert not again(line).is_asked and line.number not in queries.draw(asked.id).numbers
    assert browse().get(page).status_code == 409 and reader.get(f"/reports/new?about={about}").status_code == 404
    assert TEXT not in reader.get("/me/reports").text
    assert TEXT in browse(author).get(f"/moderation/actions/{action.id}").text
    assert "한 줄 의견" in browse(author).get("/me/notices").text
    moderation.cases.take_back(action.id, by=moderator)
    assert again(line).is_asked and line.number in queries.draw(asked.id).numbers


def test_a_hidden_one_counts_for_nothing_and_is_put_back_by_the_end_of_its_act_alone(town, browse):
    asked, moderator = consultation(), town.moderator()
    line = written(asked, town.user())
    moderation.reports.report("statement", line.id, rule=Rule.PRIVACY, by=town.user())
    moderation.cases.decide("statement", line.id, HIDE, by=moderator)
    with pytest.raises(Conflict, match="운영 원칙"):
        services.decide(asked.id, line.number, services.Decision.PUT_BACK, by=moderator)
    shown = browse(moderator).get(f"/desk/consultations/{asked.slug}/moderation/{line.number}").text
    assert f"/desk/reports/statement/{line.id}" in shown and "다시 묻기" not in shown
    there = [one for one in queries.statements(asked.id) if one.published_at is not None]
    assert there[-1].is_taken_out


def test_only_what_residents_wrote_and_what_is_asked_can_be_reported(town):
    asked, by = consultation(), town.user()
    line = written(asked, town.user())
    services.decide(asked.id, line.number, services.Decision.TAKE_OUT, why="다른 질문에서 다뤄요.", by=town.moderator())
    for id_ in (line.id, queries.statement(asked.id, 1).id, 987654):
        with pytest.raises(NotFound):
            moderation.reports.report("statement", id_, rule=Rule.PRIVACY, by=by)


@pytest.mark.both
def test_an_author_appeals(town, browse):
    asked, author = consultation(), town.user()
    line = written(asked, author)
    moderation.reports.report("statement", line.id, rule=Rule.PRIVACY, by=town.user())
    action, = moderation.cases.decide("statement", line.id, HIDE, by=town.moderator())
    page = browse(author)
    assert page.get(f"/moderation/actions/{action.id}/appeal").status_code == 200
    asked_again = page.post(f"/moderation/actions/{action.id}/appeal", data={"text": "이름을 적지 않았는데 가려졌어요."})
    assert asked_again.status_code == 303


@pytest.mark.both
def test_nobody_learns_at_the_desk_who_wrote_one_before_it_is_reported(town, browse):
    asked, author, moderator = consultation(), town.user(), town.moderator()
    line, desk = written(asked, author), browse(moderator)
    here = f"/desk/reports/statement/{line.id}"
    missing = desk.get(here)
    assert missing.status_code == 404 and author.name not in missing.text
    assert desk.post(here, data={"text": "hide", "rule": "privacy", "reason": HIDE.reason}).status_code == 404
    with pytest.raises(NotFound):
        moderation.cases.decide("statement", line.id, HIDE, by=moderator)
    assert again(line).is_asked
    assert desk.get(f"/desk/reports/proposal/{town.proposal().id}").status_code == 200, "whose it is, everybody reads"
    moderation.reports.report("statement", line.id, rule=Rule.PRIVACY, by=moderator)
    alone = desk.get(here)
    assert alone.status_code == 403 and author.name not in alone.text, "one's own report opens nothing"
    moderation.reports.report("statement", line.id, rule=Rule.PRIVACY, by=town.user())
    assert author.name in desk.get(here).text
    seen = db.session.query(sa.func.max(Report.id)).scalar()
    moderation.cases.decide("statement", line.id, Decision(hide=False, account=None), seen=seen, by=moderator)
    assert author.name in desk.get(here).text, "decided, and still to be read"


def left_one(asked, author) -> Statement:
    """A statement of somebody who has left since."""
    line = written(asked, author)
    with use_case(None) as work:
        leaving.erase(work, work.session.merge(author))
    assert again(line).author_id is None
    db.session.commit()
    return line


@pytest.mark.both
def test_words_of_somebody_who_left_are_reported_and_hidden(town, browse):
    asked, moderator = consultation(), town.moderator()
    reader, desk = browse(town.user()), browse(moderator)
    line = left_one(asked, town.user())
    about, here = f"statement:{line.id}", f"/desk/reports/statement/{line.id}"
    page = f"/consultations/{asked.slug}/answer?statement={line.number}"
    assert f"/reports/new?about={about}" in reader.get(page).text
    assert reader.post("/reports/new", data={"about": about, "rule": "privacy"}).status_code == 303
    assert TEXT in desk.get("/desk/reports").text and "새 신고가 들어왔어요." in desk.get("/me/notices").text
    shown = desk.get(here).text
    assert TEXT in shown and "탈퇴한 회원" in shown and "글쓴이에게 조치할까요?" not in shown
    with pytest.raises(Refusal, match="탈퇴한 회원"):
        moderation.cases.decide("statement", line.id, Decision(hide=True, account=ActionKind.MUTE, rule=Rule.PRIVACY,
                                                               length=Length.WEEK, reason=HIDE.reason), by=moderator)
    assert desk.post(here, data={"text": "hide", "rule": "privacy", "reason": HIDE.reason}).status_code == 303
    assert not again(line).is_asked
    assert TEXT in desk.get(here).text
    action = db.session.query(ModerationAction).one()
    assert action.user_id is None and desk.get(f"/moderation/actions/{action.id}").status_code == 200
    moderation.cases.take_back(action.id, by=moderator)
    assert again(line).is_asked


@pytest.mark.both
def test_words_of_somebody_who_left_are_taken_down(town):
    asked, first, second = consultation(), town.moderator(), town.moderator()
    line = left_one(asked, town.user())
    made = moderation.takedowns.ask_takedown("a" * 32, "statement", line.id, ground=Ground.PRIVACY,
                                             text="제 이름이 그대로 적혀 있어요.", contact="02-000-0000")
    waiting = takedowns.WAITING.read({})
    assert [one.request.id for one in takedowns.waiting(waiting, first).items] == [made.id]
    moderation.takedowns.block_takedown(made.id, reason=HIDE.reason, by=first)
    assert not again(line).is_asked
    moderation.takedowns.decide_takedown(made.id, granted=True, decision="이름이 적혀 있어 가려요.", by=second)
    assert not again(line).is_asked

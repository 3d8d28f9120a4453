"""Things are put on the next meeting of a body, dealt with there, and passed on to another one."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from civic_forum.bodies.rules import BodyAccess
from civic_forum.commitments.models import Commitment, CommitmentNews
from civic_forum.commitments.queries.records import origins
from civic_forum.forums.events import DecisionWritten
from civic_forum.forums.record.models import Decision
from civic_forum.meetings import services
from civic_forum.meetings.models import Matter, MeetingItem
from civic_forum.meetings.records import DecisionRecord
from civic_forum.meetings.rules import ItemResult
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case

from ..agendas.test_branching import begun
from ..forums.scene import live_forum
from ..opinions.making import consultation
from .making import REASON, body, item, record, signed


def all_of(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id)).all()


@pytest.mark.both
def test_an_agenda_waits_is_dealt_with_and_passed_on(town, browse):
    secretary, other = town.user(), town.user()
    division, council = body(town, secretary=secretary), body(town, name="협치회의", secretary=other)
    author = town.resident()
    agenda = begun(moderator := town.moderator(), "night-walks", town.proposal(author=author))
    put = {"subject": f"agenda:{agenda.slug}", "body": str(division.id)}
    desk = f"/desk/bodies/meetings/matters?subject=agenda:{agenda.slug}"
    assert "위원회의 다음 회의" not in browse(town.user()).get(f"/agendas/{agenda.slug}").text
    assert "위원회의 다음 회의에 올리기" in browse(moderator).get(f"/agendas/{agenda.slug}").text
    assert "올라 있어요" not in browse(moderator).get(desk).text
    assert browse(moderator).post("/desk/bodies/meetings/matters", data=put).status_code == 303
    assert browse(moderator).post("/desk/bodies/meetings/matters", data=put).status_code == 409
    assert browse(moderator).get(desk).text.count("올라 있어요") == 1
    assert browse(moderator).get("/desk/bodies/meetings/matters?subject=agenda:nothing").status_code == 422
    page = browse(secretary).get(f"/desk/bodies/{division.slug}/meetings/record").text
    assert f'value="agenda:{agenda.slug}"' in page and agenda.question in page

    about = ("agenda", agenda.slug)
    first = services.keep(division.id, record(item(about=about, result=ItemResult.CARRIED)), by=secretary)
    [matter] = all_of(Matter)
    [dealt] = all_of(MeetingItem)
    assert matter.item_id == dealt.id
    assert "in_meeting" in {notice.step for notice in all_of(Notice) if notice.user_id == author.id}
    with pytest.raises(Denied):
        services.forward(dealt.id, council.id, by=other)
    with pytest.raises(Conflict):
        services.forward(dealt.id, division.id, by=secretary)
    assert browse(secretary).post(f"/desk/bodies/meetings/items/{dealt.id}/forward", data={
        "body": str(council.id)}).status_code == 303
    with pytest.raises(Conflict):
        services.forward(dealt.id, council.id, by=secretary)
    second = services.keep(council.id, record(item(about=about, result=ItemResult.DEFERRED), days=-1), by=other)
    assert [matter.item_id is not None for matter in all_of(Matter)] == [True, True]
    assert all_of(MeetingItem)[1].from_item_id == dealt.id
    assert f"/forums/{second.forum.slug}#item-1" in browse().get(f"/forums/{first.forum.slug}").text
    page = browse().get(f"/forums/{second.forum.slug}").text
    assert f'/forums/{first.forum.slug}#item-1">{first.forum.title}에서 넘어왔어요.' in page


@pytest.mark.both
@pytest.mark.parametrize(("access", "is_read"), [(BodyAccess.MINUTES, True), (BodyAccess.RESULTS, False)])
def test_an_item_that_a_body_does_not_open_stays_closed_where_it_is_passed_on(town, browse, access, is_read):
    secretary = town.user()
    division, council = (body(town, access=given, secretary=secretary) for given in (access, BodyAccess.OPEN))
    agenda = begun(town.moderator(), "night-walks", town.proposal())
    first = services.keep(division.id, record(item(about=("agenda", agenda.slug))), by=secretary)
    services.forward(first.items[0].id, council.id, by=secretary)
    second = services.keep(council.id, record(item(about=("agenda", agenda.slug), opinions=("말한 것이에요",),
                                                   result=ItemResult.CARRIED), days=-1), by=secretary)
    signed(second)
    for path in ("", "/minutes"):
        page = browse().get(f"/forums/{second.forum.slug}{path}").text
        assert "가결" in page and ("말한 것이에요" in page) is is_read
    assert second.items[0].closed_by == (None if is_read else REASON)


@pytest.mark.in_turns(of=5)
def test_nothing_waits_that_somebody_may_not_put(town):
    council, proposal = body(town, secretary=town.user()), town.proposal()
    with pytest.raises(Denied):
        services.put(council.id, ("proposal", str(proposal.number)), by=town.official())
    with pytest.raises(Refusal):
        services.put(council.id, ("agenda", "nothing"), by=town.moderator())
    assert all_of(Matter) == []


@pytest.mark.in_turns(of=5)
def test_a_consultation_and_decisions_of_a_hall_are_put_on_it_by_a_press(town, browse):
    moderator, council = town.moderator(), body(town, secretary=town.user())
    asked, hall = consultation(), ended(town)
    here = {f"/consultations/{asked.slug}": f"consultation:{asked.slug}",
            f"/forums/{hall.forum.slug}": f"forum_decision:{decided(hall, '보안등을 먼저 달아요.').id}"}
    title, number = asked.title, str(council.id)
    db.session.rollback()
    strangers, desk = (browse(), browse(town.user()), browse(town.official())), browse(moderator)
    for address, subject in here.items():
        link = f"/desk/bodies/meetings/matters?subject={quote(subject, safe='')}"
        for stranger in strangers:
            assert "/desk/bodies/meetings/matters" not in stranger.get(address).text
        assert link in desk.get(address).text
        sent = {"subject": subject, "body": number}
        assert desk.post("/desk/bodies/meetings/matters", data=sent).status_code == 303
    assert [(matter.about.kind, matter.title) for matter in all_of(Matter)] == [
        ("consultation", title), ("forum_decision", "보안등을 먼저 달아요.")]


@pytest.mark.both
def test_a_decision_and_that_of_a_council_about_it_are_one_promise(town):
    secretary, hall, department = town.user(), ended(town), town.department()
    council, came, by = body(town, secretary=secretary), hall.person(), local(clock.now()).date() + timedelta(days=30)
    first = decided(hall, "보안등을 먼저 달아요.")
    carried = item(about=("forum_decision", str(first.id)), result=ItemResult.CARRIED, decisions=[
        DecisionRecord(text="보안등 열두 개를 달아요.", department_id=department.id, due_on=by),
        DecisionRecord(text="다른 곳도 살펴요.", department_id=department.id)])
    services.keep(council.id, record(carried), by=secretary)
    one, other = all_of(Commitment)
    assert (one.department_id, one.due_on, one.title) == (department.id, by, "보안등 열두 개를 달아요.")
    [kept] = all_of(MeetingItem)
    assert [(origin.ref.kind, origin.ref.id) for origin in origins(one.id)] == [
        ("forum_decision", kept.decision_ids[0]), ("forum_decision", first.id)]
    assert [origin.ref.id for origin in origins(other.id)] == kept.decision_ids[1:]
    assert set(db.session.scalars(sa.select(CommitmentNews.user_id).filter_by(told_at=None))) == {came.id}
    again = item(about=("forum_decision", str(first.id)), result=ItemResult.CARRIED, decisions=[
        DecisionRecord(text="한 번 더 정해요.", department_id=department.id)])
    services.keep(council.id, record(again, days=-1), by=secretary)
    assert [promise.id for promise in all_of(Commitment)] == [one.id, other.id]


@pytest.mark.in_turns(of=5)
def test_a_council_names_department_and_day_of_a_promise_that_had_none(town):
    secretary, hall, department = town.user(), ended(town), town.department()
    council, by = body(town, secretary=secretary), local(clock.now()).date() + timedelta(days=30)
    first = decided(hall, "보안등을 먼저 달아요.", due_on=by + timedelta(days=9))
    [promise] = all_of(Commitment)
    assert (promise.department_id, promise.due_on) == (None, by + timedelta(days=9))
    services.keep(council.id, record(item(about=("forum_decision", str(first.id)), result=ItemResult.NO_OBJECTION,
                                          decisions=[DecisionRecord(text="달아요.", department_id=department.id,
                                                                    due_on=by)])), by=secretary)
    [promise] = all_of(Commitment)
    assert (promise.department_id, promise.due_on) == (department.id, by + timedelta(days=9))


def ended(town):
    hall = live_forum(town)
    hall.forum.closed_at = clock.now()
    db.session.commit()
    return hall


def decided(hall, text, **facts):
    """A decision as the hall wrote it down."""
    with use_case(hall.host) as work:
        made = Decision(forum_id=hall.forum.id, text=text, at=work.at, by_id=hall.host.id, earlier=[], **facts)
        work.session.add(made)
        work.session.flush()
        work.emit(DecisionWritten(made.id))
    return db.session.get(Decision, made.id)

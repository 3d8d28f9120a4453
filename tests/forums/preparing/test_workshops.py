"""Workshops: much-supported proposals, a table for each, and agendas of what the tables decided."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda, AgendaLink
from civic_forum.agendas.rules import Relation
from civic_forum.forums.models import Forum, ForumDuty
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.preparing import workshops
from civic_forum.forums.record.models import Decision
from civic_forum.forums.rules import Duty
from civic_forum.forums.tables.models import ForumTable
from civic_forum.journeys.queries import entries
from civic_forum.notifications import services as notices
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports
from tests.common import again, form_of, rows
from tests.factories import saved
from tests.forums.scene import live_forum
from tests.racing import at_once, on_postgresql

ADDRESS = "/desk/forums/workshop"


def made(town, by, browse, *proposals, **typed):
    page = browse(by)
    sent = form_of(page, ADDRESS) | {"place": "구청 강당", "chosen": [str(proposal.id) for proposal in proposals]} | typed
    return page, page.post(ADDRESS, data=sent)


def only(table):
    db.session.rollback()
    return db.session.scalars(sa.select(table)).one()


@pytest.mark.both
def test_from_proposals_to_agendas(town, browse):
    by, anna, ben = town.moderator(), town.resident(), town.resident()
    bench, lamp, other = (town.proposal(title=title) for title in ("의자를 놓아요", "등을 켜요", "다른 것"))
    for proposal in (bench, lamp):
        supports.support(proposal.id, by=anna)
    supports.support(other.id, by=ben)
    ids, authors = (bench.id, lamp.id), {bench.author_id, lamp.author_id}
    journey_id, number = bench.journey_id, bench.number
    page, answer = made(town, by, browse, bench, lamp)
    forum = only(Forum)
    assert answer.location == f"/desk/forums/{forum.slug}"
    assert [(table.number, table.proposal_id, table.name) for table in rows(ForumTable)] == [
        (1, ids[0], "의자를 놓아요"), (2, ids[1], "등을 켜요")]
    notices.write_at_once()
    assert rows(Notice) == []  # nobody is invited to what is not announced
    assert page.post(f"/desk/forums/{forum.slug}/announcements", data={"version": forum.version}).status_code == 303
    notices.write_at_once()
    told = [notice.user_id for notice in rows(Notice) if notice.step == "in_workshop"]
    assert sorted(told) == sorted({anna.id} | authors)
    assert [entry.step for entry in entries(journey_id)][-1] == "in_forum"
    clock.shift((forum.starts_at - clock.now()).total_seconds())
    preparing.open_forum(forum.id, by=again(by))
    address = f"/desk/forums/{forum.slug}/agendas"
    assert page.post(address, data={"result-1": " "}).status_code == 422
    assert page.post(address, data={"result-1": "의자를 열 개 놓아요."}).location == address
    agenda, decision = only(Agenda), only(Decision)
    assert (agenda.question, agenda.published_at) == ("의자를 놓아요", None) and "열 개" in agenda.summary
    assert entries(agenda.journey_id)[-1].url == f"/forums/{forum.slug}#decision-{decision.id}"
    assert (only(AgendaLink).proposal_id, only(AgendaLink).relation) == (ids[0], Relation.CORE)
    assert [(table.agenda_id, table.result) for table in rows(ForumTable)] == [
        (agenda.id, "의자를 열 개 놓아요."), (None, None)]
    assert f'href="/proposals/{number}"' in page.get(f"/forums/{forum.slug}/tables/1").text
    assert page.post(address, data={"result-1": "또"}).status_code == 422  # that table is an agenda already
    assert page.post(address, data={"result-2": "등을 켜요."}).status_code == 303 and len(rows(Agenda)) == 2


def test_a_proposal_that_is_not_open_or_none_at_all_makes_nothing(town, browse):
    by, bench, over = town.moderator(), town.proposal(), town.proposal(state=State.DECIDED, title="끝난 일")
    hidden = town.proposal(hidden_at=clock.now(), hidden_rule="privacy", title="가린 일")
    shown = browse(by).get(ADDRESS).text
    assert bench.title in shown and "끝난 일" not in shown and "가린 일" not in shown
    statuses = [made(town, by, browse, *chosen)[1].status_code for chosen in ([], [bench, over], [hidden])]
    assert statuses == [422, 409, 409]
    assert made(town, by, browse, chosen=["999"])[1].status_code == 404
    assert made(town, by, browse, bench, place="")[1].status_code == 422
    assert rows(Forum) == [] and rows(ForumTable) == []


def with_table(town, by, **facts):
    """A workshop that runs, with one table about a proposal."""
    scene = live_forum(town, **facts)
    saved(ForumTable(forum_id=scene.forum.id, number=1, proposal_id=town.proposal().id))
    return scene.forum.id


def test_only_moderators_make_agendas_of_what_a_hall_decided(town):
    by = town.moderator()
    forum_id = with_table(town, by)
    host = db.session.scalar(sa.select(ForumDuty.user_id).filter_by(forum_id=forum_id, duty=Duty.HOST))
    for user_id in (host, town.official().id, town.resident().id):
        with pytest.raises(Denied):
            workshops.carry_on(forum_id, {1: "그늘을 더해요."}, by=db.session.get_one(User, user_id))
    signed = with_table(town, by, closed_at=clock.now(), signed_version=1)
    with pytest.raises(Denied, match="서명했어요"):
        workshops.carry_on(signed, {1: "그늘을 더해요."}, by=by)
    with pytest.raises(Refusal, match="1,000자"):
        workshops.carry_on(forum_id, {1: "가" * 1001}, by=by)
    assert rows(Agenda) == rows(Decision) == []


@on_postgresql
def test_two_who_carry_on_at_once_make_one_agenda(app, town):
    by = town.moderator()
    forum_id, number = with_table(town, by), by.id
    done = at_once(app, 2, lambda _n: len(workshops.carry_on(
        forum_id, {1: "그늘을 더해요."}, by=db.session.get_one(User, number))))
    assert sorted(map(str, done))[0] == "1" and len(rows(Agenda)) == 1

"""Codes and papers of a desk: they are numbered and counted by day, for a register on paper and for observers; whoever
it is about is told."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import DeskCount
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.ballots.paper.models import PaperSheet
from civic_forum.ballots.desk import counts as desk_counts
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.voting.refusals import VotedOnline
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from civic_forum.notifications.models import Notice
from civic_forum.notifications.rules import Channel as Site
from civic_forum.notifications.rules import Frequency, NoticeKind
from tests.notifications import told
from tests.racing import at_once

from .desk_scene import WITHDRAWN_FOR, Vote
from .kiosks import device


def handed(vote, clerk, voter=None) -> kiosk.Handed:
    return kiosk.issue(vote.box_id, (voter or vote.voter()).visit(clerk), by=clerk)


def helped(vote, clerk, voter) -> None:
    """Somebody votes at the kiosk."""
    here = device()
    kiosk.use(kiosk.enter(handed(vote, clerk, voter).code, here), voter.form(2), here)


def counted(vote) -> list[tuple[int, int, int, int]]:
    db.session.rollback()
    return [(one.codes, one.used, one.papers, one.withdrawn) for one in desk_counts.of_box(vote.box_id)]


def test_codes_are_numbered_by_desk_and_day(town, vote, clerk):
    other, elsewhere = Vote(town), town.moderator()
    assert [handed(vote, clerk).number for _each in range(3)] == [1, 2, 3]
    assert handed(other, clerk).number == 1, "each box has a register of its own"
    assert handed(vote, elsewhere).number == 1, "and each desk"
    assert counted(vote) == [(1, 0, 0, 0), (3, 0, 0, 0)]


def test_the_next_day_begins_with_one(town, vote, clerk):
    row = DeskCount(box_id=vote.box_id, day=local(clock.now()).date() - timedelta(days=1), codes=7, used=5, papers=0,
                    withdrawn=0, desk=town.neighbourhood("시흥1동").id)
    db.session.add(row)
    db.session.commit()
    assert handed(vote, clerk).number == 1 and counted(vote) == [(7, 5, 0, 0), (1, 0, 0, 0)]


def test_codes_given_out_at_once_have_a_number_each(app, town, vote):
    clerks = [town.clerk().id for _each in range(6)]
    visits = [vote.voter().visit(db.session.get(User, number)) for number in clerks]
    db.session.rollback()
    given = at_once(app, 6, lambda n: kiosk.issue(vote.box_id, visits[n], by=db.session.get(User, clerks[n])).number)
    assert sorted(given) == [1, 2, 3, 4, 5, 6]


def test_used_and_unused_codes_are_told_apart(vote, clerk):
    helped(vote, clerk, vote.voter())
    here, secret = device(), kiosk.enter(handed(vote, clerk).code, device())
    kiosk.leave(secret)
    again = vote.voter()
    form = again.form(1)
    secret = kiosk.enter(handed(vote, clerk, again).code, here)
    kiosk.use(secret, form, here)
    handed(vote, clerk)
    assert counted(vote) == [(4, 2, 0, 0)]


def test_neither_the_pass_nor_the_counts_say_who_got_which_number(vote, clerk):
    """Knowledge of somebody who has the whole database: how many, by desk and day."""
    anna = vote.voter()
    handed(vote, clerk, anna)
    db.session.rollback()
    kept = db.session.scalars(sa.select(KioskPass)).one()
    opened = kiosk._admitted(kept)
    assert opened._fields == ("box_id", "person", "until", "account_id", "desk", "device_id", "issued", "past",
                              "ahead", "casts")
    assert [column.name for column in KioskPass.__table__.c] == ["secret_hash", "box_id", "holder", "sealed", "is_open"]
    assert [column.name for column in DeskCount.__table__.c] == [
        "box_id", "day", "desk", "codes", "used", "papers", "withdrawn", "changed", "bound"]
    details = db.session.scalars(sa.select(AuditEntry.details).where(AuditEntry.action == "ballots.kiosk_pass_issued"))
    assert details.all() == [{}]


@pytest.mark.both
def test_the_register_prints_numbers_and_blanks_and_nothing_else(vote, town, clerk, browse):
    anna = vote.voter()
    given = handed(vote, clerk, anna)
    page = browse(clerk).get(f"/desk/votes/{vote.hex}/kiosk-passes/register")
    assert page.status_code == 200 and "시흥1동 창구" in page.text and "오늘 드린 번호는 1개" in page.text
    assert page.text.count('<td class="mark"></td><td></td>') == 25
    assert anna.who.name not in page.text and given.code not in page.text
    following = browse(clerk).get(f"/desk/votes/{vote.hex}/kiosk-passes/register?sheet=2").text
    assert ">26</th>" in following and ">25</th>" not in following
    far = town.neighbourhood("독산1동").id
    assert browse(clerk).get(f"/desk/votes/{vote.hex}/kiosk-passes/register?desk={far}").status_code == 403
    assert browse(town.moderator()).get(f"/desk/votes/{vote.hex}/kiosk-passes/register?desk={far}").status_code == 200
    assert "구 전체 창구" in browse(town.moderator()).get(f"/desk/votes/{vote.hex}/kiosk-passes/register").text


def test_the_clerk_reads_the_number_beside_the_code(vote, clerk, browse):
    handed(vote, clerk)
    answer = browse(clerk).post(f"/desk/votes/{vote.hex}/kiosk-passes", data={"visit": vote.voter().visit(clerk)})
    assert "창구 기록부의 2번 칸에 서명을 받으세요" in answer.text


def test_observers_see_the_numbers_of_each_desk_and_no_time(vote, town, clerk, browse):
    anna, ben = vote.voter(), vote.voter()
    helped(vote, clerk, anna)
    handed(vote, clerk)
    ben.casts(1)
    ben.gets_paper(clerk)
    cho = vote.voter(place="독산1동")
    cho.gets_paper(town.moderator())
    cho.spoils(town.moderator())
    assert counted(vote) == [(2, 1, 1, 1), (0, 0, 2, 0)]
    text = browse(town.staff(Role.OBSERVER)).get(f"/votes/{vote.hex}/observation").text
    row = text.split('시흥1동 창구</th>')[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>(\d+)</td>", row) == ["2", "1", "1", "1", "1"]
    assert "독산1동 창구" in text and WITHDRAWN_FOR not in text


@pytest.mark.both
def test_observers_see_the_newest_day_and_open_the_others(vote, town, browse):
    today, desk = local(clock.now()).date(), town.neighbourhood("시흥1동").id
    for ago in (2, 0, 1):
        db.session.add(DeskCount(box_id=vote.box_id, day=today - timedelta(days=ago), desk=desk, codes=30 + ago, used=3,
                                 papers=0, withdrawn=0))
    db.session.commit()
    page = html.fromstring(browse(town.staff(Role.OBSERVER)).get(f"/votes/{vote.hex}/observation").text)
    days = page.xpath("//section[@aria-labelledby='desks']/details")
    assert [one.get("open") is not None for one in days] == [True, False, False]
    assert [re.search(r"번호 (\d+)개", one.text_content())[1] for one in days] == ["30", "31", "32"]


# Telling who it is about


def account_of(vote, town, voter):
    anna = town.resident(person_id=vote.verified(voter).id, confirmed_mobile="01000000009")
    for channel in (Site.SITE, Site.MAIL, Site.SMS):
        told.wants(told.reachable(anna), channel, Frequency.NEVER, NoticeKind.VOTE)
    return anna


def test_a_voter_at_a_desk_is_told_at_once_by_every_channel_and_not_of_the_choice(vote, town, clerk):
    voter = vote.voter()
    anna = account_of(vote, town, voter)
    helped(vote, clerk, voter)
    notice, = told.notices(anna)
    assert (notice.kind, notice.step, notice.read_at) == (NoticeKind.VOTE, "assisted_at", None)
    assert notice.details == {"desk": "시흥1동"} and "쓰임새" not in json.dumps(notice.details, ensure_ascii=False)
    assert sorted(told.leaving(anna)) == [(Site.MAIL, Frequency.AT_ONCE), (Site.SMS, Frequency.AT_ONCE)]
    with pytest.raises(VotedOnline):
        helped(vote, clerk, voter)
    assert len(told.notices(anna)) == 1, "a second code for it is refused, and tells nothing"


def test_at_the_desk_of_the_whole_district_the_notice_names_no_neighbourhood(vote, town):
    voter = vote.voter()
    anna = account_of(vote, town, voter)
    helped(vote, town.moderator(), voter)
    assert [(one.step, one.details) for one in told.notices(anna)] == [("assisted", {})]


def test_a_code_that_nobody_votes_with_and_a_ballot_of_one_s_own_tell_nothing(vote, town, clerk):
    voter = vote.voter()
    anna = account_of(vote, town, voter)
    handed(vote, clerk, voter)
    assert told.notices(anna) == []
    voter.casts(1)
    with pytest.raises(VotedOnline):
        handed(vote, clerk, voter)
    assert told.notices(anna) == [] and db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0
    assert counted(vote) == [(1, 0, 0, 0)]


# Why an online ballot is withdrawn


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("reason", ["", " ", "아", "가" * 201, "900101-1234568인 분이에요"])
def test_paper_for_an_online_ballot_needs_a_reason(vote, clerk, reason):
    anna = vote.voter()
    anna.casts(1)
    with pytest.raises(Refusal) as refused:
        anna.gets_paper(clerk, reason=reason)
    assert refused.value.field == "reason" and vote.by_channel() == {Channel.ONLINE: 1} and counted(vote) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PaperSheet)) == 0


@pytest.mark.both
def test_the_reason_stands_in_the_audit_log_alone_and_beside_no_person(vote, clerk):
    anna = vote.voter()
    anna.casts(1)
    anna.gets_paper(clerk)
    vote.voter().gets_paper(clerk, reason="적지 않아도 되는 이유")
    db.session.rollback()
    written = db.session.scalars(sa.select(AuditEntry.details).where(AuditEntry.action == "ballots.paper_issued")
                                 .order_by(AuditEntry.id)).all()
    assert written == [{"number": 1, "by_post": False, "reason": WITHDRAWN_FOR}, {"number": 2, "by_post": False}]


def test_the_clerk_is_asked_for_the_reason_and_asked_again_without_looking_up_anew(vote, clerk, browse):
    anna = vote.voter()
    page, where = browse(clerk), f"/desk/votes/{vote.hex}/papers"
    sent = {"visit": anna.visit(clerk)}
    anna.casts(1)
    refused = page.post(where, data=sent)
    assert refused.status_code == 422 and "그 표를 거두는 이유" in refused.text and sent["visit"] in refused.text
    assert 'name="reason"' in refused.text
    waits = page.post(where, data=sent | {"reason": WITHDRAWN_FOR}, follow_redirects=True)
    assert "내 몫은 끝났어요" in waits.text and "내주지 못했어요" not in waits.text
    assert vote.by_channel() == {Channel.ONLINE: 1}

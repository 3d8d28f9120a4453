"""Paper at the desk: numbers, withdrawals, sheets that come back or do not, and who may do what."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.models import AccessRecord, Affiliation
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.ballots import identities
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.paper import queries
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import ledger_file, watching
from civic_forum.ballots.models import RollEntry, Voter
from civic_forum.ballots.paper.models import PaperSheet
from civic_forum.ballots.rules.boxes import RollSource, SheetState
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.notifications.rules import Channel as Site
from civic_forum.notifications.rules import Frequency, NoticeKind
from tests.factories import saved
from tests.notifications import told

from .desk_scene import REASON, UNDONE_FOR, WITHDRAWN_FOR, Vote


def state(vote, number):
    db.session.rollback()
    return db.session.get(PaperSheet, (vote.box_id, number)).state


def test_the_first_paper_is_number_one_and_marks_the_person(vote, clerk):
    issued = vote.voter().gets_paper(clerk)
    assert (issued.number, issued.withdrew) == (1, False)
    assert vote.by_channel() == {Channel.PAPER_ISSUED: 1} and state(vote, 1) is SheetState.ISSUED
    assert vote.revisions() == [1]


def test_an_online_ballot_is_withdrawn_as_its_next_revision_and_no_later_one_gets_in(vote, clerk):
    anna = vote.voter()
    anna.casts(1)
    anna.casts(1, 2)
    late = anna.form(3)
    assert anna.gets_paper(clerk).withdrew
    assert vote.revisions() == [3] and vote.live() == 0
    for form in (late, anna.form(4)):
        with pytest.raises(Conflict, match="종이 투표지를 받아서"):
            casting.cast(vote.box_id, anna.person, form, Channel.ONLINE)
    assert vote.revisions() == [3] and vote.by_channel() == {Channel.PAPER_ISSUED: 1}


def test_a_ballot_cast_at_the_kiosk_is_withdrawn_alike(vote, clerk):
    anna = vote.voter()
    anna.casts(1, channel=Channel.ASSISTED)
    assert anna.gets_paper(clerk).withdrew and vote.live() == 0


def test_nobody_gets_two_papers(vote, clerk):
    anna = vote.voter()
    anna.gets_paper(clerk)
    with pytest.raises(Conflict, match="1번 종이예요"):
        anna.gets_paper(clerk)
    assert queries.counts(vote.box_id) == {SheetState.ISSUED: 1}


def test_the_printed_number_may_be_typed_and_must_be_the_next_one(vote, clerk):
    assert vote.voter().gets_paper(clerk, number=1).number == 1
    assert vote.voter().gets_paper(clerk).number == 2
    with pytest.raises(Conflict, match="1번 종이는 이미 내줬어요"):
        vote.voter().gets_paper(clerk, number=1)
    for wrong in (0, 4, 1_000_000):
        with pytest.raises(Refusal, match="다음 종이는 3번"):
            vote.voter().gets_paper(clerk, number=wrong)
    assert vote.by_channel() == {Channel.PAPER_ISSUED: 2}


def test_no_paper_before_the_opening_or_after_the_close(vote, clerk):
    anna = vote.voter()
    visit = anna.visit(clerk)
    clock.shift(3600)
    with pytest.raises((Conflict, Denied)):
        papers.issue(vote.box_id, visit, by=clerk)
    with pytest.raises(Conflict, match="투표가 끝나서 종이를 내줄 수 없어요"):
        anna.gets_paper(clerk)
    clock.shift(-2 * 3600)
    with pytest.raises(Conflict, match="부터 종이를 내줄 수 있어요"):
        anna.gets_paper(clerk)
    assert vote.by_channel() == {}


def test_somebody_struck_from_the_roll_gets_none(vote, clerk):
    anna = vote.voter()
    visit = anna.visit(clerk)
    entry = db.session.get(RollEntry, (vote.roll.id, anna.person))
    entry.struck_at, entry.struck_reason = clock.now(), "이사했어요"
    db.session.commit()
    found, = anna.found_by(clerk)
    assert found.visit is None and "이사했어요" in found.why_not
    with pytest.raises(Refusal, match="명부에서 빠진"):
        papers.issue(vote.box_id, visit, by=clerk)


def test_somebody_who_is_not_in_the_roll_is_not_found(vote, clerk):
    anna = vote.voter()
    anna.who = type(anna.who)("다른 이름", anna.who.birth_date)
    assert anna.found_by(clerk) == []


def test_a_paper_taken_back_unused_opens_online_voting_again(vote, clerk):
    anna = vote.voter()
    anna.casts(1)
    anna.gets_paper(clerk)
    anna.gives_back(clerk)
    assert state(vote, 1) is SheetState.TAKEN_BACK and vote.by_channel() == {Channel.PAPER_TAKEN_BACK: 1}
    anna.casts(2)
    assert vote.by_channel() == {Channel.ONLINE: 1} and vote.live() == 1
    again = anna.gets_paper(clerk)
    assert (again.number, again.withdrew) == (2, True) and vote.revisions() == [5]


def test_every_change_at_the_desk_is_named_by_the_ledger(vote, clerk):
    anna = vote.voter()
    anna.casts(1)
    anna.gets_paper(clerk)
    anna.spoils(clerk)
    papers.mark_returned(vote.box_id, 2, by=clerk)
    vote.undo_return(2)
    anna.gives_back(clerk)
    named = ledger_file.read(vote.box_id, keyring.box_keys(vote.box_id))
    [seen] = watching.look().values()
    assert list(named.revisions.values()) == vote.revisions() == [6]
    assert seen == watching.CLEAN | {"roll": 1}  # the scene put its voter on the roll after the opening


def test_a_spoiled_paper_is_replaced_and_can_never_come_back(vote, clerk):
    anna = vote.voter()
    anna.gets_paper(clerk)
    assert anna.spoils(clerk) == 2
    with pytest.raises(Conflict, match="못 쓰게 되어 새 종이로"):
        papers.mark_returned(vote.box_id, 1, by=clerk)
    papers.mark_returned(vote.box_id, 2, by=clerk)
    assert vote.by_channel() == {Channel.PAPER_RETURNED: 1}
    with pytest.raises(Conflict, match="2번 종이는 이미 돌아왔어요"):
        anna.spoils(clerk)


def test_paper_comes_back_after_the_close_until_the_last_day_of_receipt(vote, clerk):
    for _each in range(2):
        vote.voter().gets_paper(clerk)
    vote.after_the_close()
    papers.mark_returned(vote.box_id, 1, by=clerk)
    vote.after_the_last_return()
    with pytest.raises(Conflict, match="돌아오지 않은 것으로 남아요"):
        papers.mark_returned(vote.box_id, 2, by=clerk)
    assert vote.by_channel() == {Channel.PAPER_RETURNED: 1, Channel.PAPER_ISSUED: 1}


def test_without_a_last_day_paper_comes_back_until_the_close(town, clerk):
    vote = Vote(town, paper_until=None)
    vote.voter().gets_paper(clerk)
    vote.after_the_close()
    with pytest.raises(Conflict, match="돌아오지 않은"):
        papers.mark_returned(vote.box_id, 1, by=clerk)


def test_a_return_noted_for_the_wrong_number_can_be_undone(vote, clerk):
    vote.voter().gets_paper(clerk)
    with pytest.raises(Conflict, match="적혀 있지 않아요"):
        vote.undo_return(1)
    papers.mark_returned(vote.box_id, 1, by=clerk)
    vote.undo_return(1)
    assert state(vote, 1) is SheetState.ISSUED and vote.by_channel() == {Channel.PAPER_ISSUED: 1}


@pytest.mark.parametrize("number", [0, 2, 999_999, 10**17])
def test_a_number_that_nobody_was_given_is_not_found(vote, clerk, number):
    vote.voter().gets_paper(clerk)
    with pytest.raises(NotFound, match="내준 적이 없어요"):
        papers.mark_returned(vote.box_id, number, by=clerk)


def test_a_clerk_serves_only_the_own_neighbourhood_a_moderator_everybody(vote, town, clerk):
    far = vote.voter(place="독산1동")
    far.casts(1)
    found, = far.found_by(clerk)
    assert found.visit is None and "내가 맡은 동" in found.why_not
    assert (found.neighbourhood_id, found.channel) == (None, None), "neither where nor whether they voted"
    moderator = town.moderator()
    far.gets_paper(moderator)
    with pytest.raises(Denied, match="내가 맡은 동"):
        papers.mark_returned(vote.box_id, 1, by=clerk)
    papers.mark_returned(vote.box_id, 1, by=moderator)


def test_a_voter_without_a_neighbourhood_is_served_by_every_clerk(vote, clerk):
    assert vote.voter(place=None).gets_paper(clerk).number == 1


def test_nobody_issues_paper_to_themselves(vote, town, clerk):
    anna = vote.voter()
    clerk.person_id = vote.verified(anna).id
    db.session.commit()
    found, = anna.found_by(clerk)
    assert found.visit is None and "내 일을 내가" in found.why_not


def test_a_look_up_needs_a_reason_and_is_written_down_before_anything_is_shown(vote, clerk):
    anna = vote.voter()
    with pytest.raises(Refusal, match="왜 찾아보는지"):
        desk.look_up(vote.box_id, anna.who, "그냥", by=clerk)
    assert db.session.scalars(sa.select(AccessRecord)).all() == []
    anna.found_by(clerk)
    record = db.session.scalars(sa.select(AccessRecord)).one()
    assert (record.by_id, record.user_id, record.reason) == (clerk.id, None, REASON)


@pytest.mark.both
def test_the_look_up_names_the_account_where_there_is_one(vote, town, clerk):
    anna = vote.voter()
    user = town.user(person_id=vote.verified(anna).id)
    anna.found_by(clerk)
    assert db.session.scalars(sa.select(AccessRecord.user_id)).all() == [user.id]


def test_a_look_up_serves_its_clerk_and_its_vote_for_fifteen_minutes(vote, town, clerk):
    anna, other = vote.voter(), Vote(town)
    visit = anna.visit(clerk)
    colleague = town.clerk()
    with pytest.raises(Denied, match="다시 찾아"):
        papers.issue(vote.box_id, visit, by=colleague)
    with pytest.raises(Denied, match="다시 찾아"):
        papers.issue(other.box_id, visit, by=clerk)
    for wrong in ("", "xyz", visit[:-8], visit[:-8] + "AAAAAAA="):
        with pytest.raises(Denied, match="다시 찾아"):
            papers.issue(vote.box_id, wrong, by=clerk)
    clock.shift(16 * 60)
    with pytest.raises(Denied, match="다시 찾아"):
        papers.issue(vote.box_id, visit, by=clerk)


def test_namesakes_are_told_apart_and_keep_their_own_papers(vote, clerk):
    first = vote.voter()
    second = vote.voter(born=first.who.birth_date, distinguisher=1)
    vote.verified(first)
    one, other = first.found_by(clerk)
    assert one.verified_at is not None and other.verified_at is None
    papers.issue(vote.box_id, other.visit, by=clerk)
    db.session.rollback()
    one, other = first.found_by(clerk)
    assert (one.channel, other.paper_number) == (None, 1)
    assert other.person == second.person


def test_the_clerk_sees_that_somebody_voted_online_and_nothing_more(vote, clerk):
    anna = vote.voter()
    anna.casts(1, 2)
    found, = anna.found_by(clerk)
    assert found.channel is Channel.ONLINE and found.paper_number is None


def test_a_voter_in_the_roll_by_an_account_is_found_by_the_number_it_shows(town, clerk):
    vote = Vote(town, source=RollSource.DECLARED)
    user, place = town.resident(), town.neighbourhood()
    saved(Affiliation(user_id=user.id, kind=AffiliationKind.WORK, how=Verification.DECLARED,
                      neighbourhood_id=place.id, at=clock.now()))
    saved(RollEntry(roll_id=vote.roll.id, person=identities.of_account(user.id), neighbourhood_id=place.id))
    number = desk_numbers.shown(user.id, clock.now()).text
    found, = desk.look_up_account(vote.box_id, number, REASON, by=clerk)
    papers.issue(vote.box_id, found.visit, by=clerk)
    assert vote.by_channel() == {Channel.PAPER_ISSUED: 1}
    for wrong in (f"{user.id}-000000", str(user.id), "abc"):
        with pytest.raises(Refusal, match="창구 번호가 맞지 않거나"):
            desk.look_up_account(vote.box_id, wrong, REASON, by=clerk)


@pytest.mark.both
def test_somebody_verified_since_the_roll_was_fixed_is_found_by_name_as_the_account_in_it(town, clerk):
    vote = Vote(town, source=RollSource.DECLARED)
    anna = vote.voter()
    user = town.resident(person_id=vote.verified(anna).id)
    db.session.execute(sa.update(RollEntry).values(person=identities.of_account(user.id)))
    db.session.commit()
    anna.gets_paper(clerk)
    assert vote.by_channel() == {Channel.PAPER_ISSUED: 1}


def test_everything_is_audited_by_number_and_nothing_names_the_person(vote, clerk):
    anna = vote.voter()
    anna.casts(1)
    anna.gets_paper(clerk)
    anna.spoils(clerk)
    papers.mark_returned(vote.box_id, 2, by=clerk)
    vote.undo_return(2)
    anna.gives_back(clerk)
    db.session.rollback()
    written = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("ballots.paper_%"))
                                 .order_by(AuditEntry.id)).all()
    assert [(entry.action.removeprefix("ballots.paper_"), entry.details) for entry in written] == [
        ("issued", {"number": 1, "by_post": False, "reason": WITHDRAWN_FOR}),
        ("spoiled", {"number": 1, "replaced_by": 2}),
        ("returned", {"number": 2}), ("return_undone", {"number": 2, "reason": UNDONE_FOR}),
        ("taken_back", {"number": 2})]
    assert {entry.subject for entry in written} == {f"ballot_box:{vote.hex}"}


@pytest.mark.both
def test_paper_sent_by_post_says_so_and_so_does_what_replaces_it(vote, clerk):
    anna = vote.voter()
    anna.gets_paper(clerk, by_post=True)
    anna.spoils(clerk)
    db.session.rollback()
    assert [sheet.by_post for sheet in db.session.scalars(sa.select(PaperSheet).order_by(PaperSheet.number))] == [
        True, True]


@pytest.mark.both
def test_each_holder_has_exactly_one_living_number(vote, clerk):
    people = [vote.voter() for _each in range(3)]
    for one in people:
        one.gets_paper(clerk)
    people[1].spoils(clerk)
    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(Voter.paper))) == [1, 3, 4]


def test_a_voter_given_paper_for_an_online_ballot_is_told_at_once_by_every_channel(vote, town, clerk):
    """For any choice of theirs: somebody else may have taken it in their name."""
    told_of, other = vote.voter(), vote.voter()
    anna, bruno = (town.resident(person_id=vote.verified(one).id, confirmed_mobile=f"0100000000{place}")
                   for place, one in enumerate((told_of, other)))
    for channel in (Site.SITE, Site.MAIL, Site.SMS):
        told.wants(told.reachable(anna), channel, Frequency.NEVER, NoticeKind.VOTE)
    told_of.casts(1)
    told_of.gets_paper(clerk)
    other.gets_paper(clerk)
    notice, = told.notices(anna)
    assert (notice.kind, notice.step, notice.read_at) == (NoticeKind.VOTE, "online_withdrawn", None)
    assert sorted(told.leaving(anna)) == [(Site.MAIL, Frequency.AT_ONCE), (Site.SMS, Frequency.AT_ONCE)]
    assert [one.step for one in told.notices(bruno)] == ["paper_issued"], "nothing was withdrawn"


def undone(vote, anna, clerk):
    papers.mark_returned(vote.box_id, 1, by=clerk)
    vote.undo_return(1)


CHANGES = {"paper_spoiled": lambda _vote, anna, clerk: anna.spoils(clerk),
           "paper_taken_back": lambda _vote, anna, clerk: anna.gives_back(clerk), "paper_return_undone": undone}


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("step", CHANGES)
def test_the_holder_of_a_paper_is_told_at_once_of_what_is_done_with_it(vote, town, clerk, step):
    anna = vote.voter()
    user = town.resident(person_id=vote.verified(anna).id, confirmed_mobile="01000000001")
    for channel in (Site.SITE, Site.MAIL, Site.SMS):
        told.wants(told.reachable(user), channel, Frequency.NEVER, NoticeKind.VOTE)
    anna.gets_paper(clerk)
    CHANGES[step](vote, anna, clerk)
    assert [one.step for one in told.notices(user)] == ["paper_issued", step]
    assert sorted(told.leaving(user)) == 2 * [(Site.MAIL, Frequency.AT_ONCE)] + 2 * [(Site.SMS, Frequency.AT_ONCE)]


@pytest.mark.parametrize("act", [papers.replace, papers.take_back])
def test_no_clerk_changes_a_paper_by_its_number_or_of_somebody_who_is_not_there(vote, town, clerk, act):
    anna, ben, colleague = vote.voter(), vote.voter(), town.clerk()
    anna.gets_paper(clerk)
    for visit in ("1", "", anna.visit(colleague)):
        with pytest.raises(Denied, match="다시 찾아"):
            act(vote.box_id, visit, 1, by=clerk)
    with pytest.raises(Conflict, match="이분이 지금 가진 종이가 아니에요"):
        act(vote.box_id, ben.visit(clerk), 1, by=clerk)
    assert state(vote, 1) is SheetState.ISSUED


def test_nobody_changes_the_own_paper(vote, town, clerk):
    anna = vote.voter()
    anna.gets_paper(clerk)
    visit = anna.visit(clerk)
    clerk.person_id = vote.verified(anna).id
    db.session.commit()
    with pytest.raises(Denied, match="내 일을 내가"):
        papers.replace(vote.box_id, visit, 1, by=clerk)


def test_pressed_twice_one_sheet_is_replaced(vote, clerk):
    anna = vote.voter()
    anna.gets_paper(clerk)
    visit = anna.visit(clerk)
    assert papers.replace(vote.box_id, visit, 1, by=clerk) == 2
    for act in (papers.replace, papers.take_back):
        with pytest.raises(Conflict, match="이분이 지금 가진 종이가 아니에요"):
            act(vote.box_id, visit, 1, by=clerk)
    assert state(vote, 2) is SheetState.ISSUED

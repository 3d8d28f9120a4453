"""The clock: begun, stopped, restarted, ended, and untouched by a change of the setting. Time is frozen."""

from datetime import date, datetime, timedelta
from unittest.mock import Mock

import pytest

from civic_forum.agendas.events import MergeUndone, ProposalMerged
from civic_forum.agendas.models import ProposalMerge
from civic_forum.agendas.services import merging
from civic_forum.answers.queries import records as queries
from civic_forum.answers import operations
from civic_forum.answers.cli import answers as commands
from civic_forum.answers.models import FormalFiling
from civic_forum.answers.rules import DutyEnd, DutyKind
from civic_forum.answers.services import author, cases
from civic_forum.cli import collect, main
from civic_forum.journeys.queries import entries
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case
from civic_forum.proposals.events import ThresholdLost, ThresholdReached
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication as proposals

from .making import declined, duty_of, on_the_table, owed, published

OCTOBER = datetime(2026, 10, 21, 15, tzinfo=SEOUL)
CONTACT = {"name": "김하늘", "contact": "010-0000-0000"}
ASKED = "어느 정류장인지 사진과 함께 알려 주세요."


def days(number):
    return OCTOBER + timedelta(days=number)


def test_the_threshold_starts_the_clock(town, at):
    at(OCTOBER)
    duty = duty_of(owed(town))
    assert (duty.kind, duty.days, duty.due_on, duty.ended_at) == (DutyKind.THRESHOLD, 30, date(2026, 11, 20), None)


@pytest.mark.both
def test_a_department_that_was_asked_takes_what_another_gave_back(town):
    official, other = town.official(), town.official(department=town.department("청소과"))
    proposal = on_the_table(town, official)
    [elsewhere] = other.department_ids()
    cases.ask_department(proposal.id, elsewhere, note="치울 수 있나요?", by=official)
    cases.take(proposal.id, by=other)
    cases.give_back(proposal.id, note="청소과 일이에요.", by=official)
    cases.take(proposal.id, by=other)
    case = queries.case(proposal)
    assert (case.lead.department_id, len(case.at_work)) == (elsewhere, 1)


def test_a_day_begins_at_midnight_in_seoul(town, at):
    at(datetime(2026, 10, 21, 23, 59, tzinfo=SEOUL))
    early = owed(town)
    at(datetime(2026, 10, 22, 0, 1, tzinfo=SEOUL))
    assert (duty_of(early).due_on, duty_of(owed(town)).due_on) == (date(2026, 11, 20), date(2026, 11, 23))


def test_at_the_end_of_a_year(town, at):
    at(datetime(2026, 12, 2, 9, tzinfo=SEOUL))
    assert duty_of(owed(town)).due_on == date(2027, 1, 4)


def test_a_change_of_the_setting_touches_new_duties_only(app, town, at, monkeypatch):
    at(OCTOBER)
    official = town.official()
    before = on_the_table(town, official)
    monkeypatch.setitem(app.config, "ANSWER_DAYS", 10)
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", True)
    assert duty_of(owed(town)).due_on == date(2026, 11, 4)
    cases.ask_completion(before.id, asked=ASKED, by=official)
    at(days(2))
    author.complete(before.id, reply="독산역 앞 정류장이에요.", by=before.author)
    assert (duty_of(before).days, duty_of(before).due_on) == (30, date(2026, 11, 23))


@pytest.mark.parametrize("working, stopped, restarted, due", [
    (False, datetime(2026, 12, 28, 9), datetime(2027, 1, 4, 9), date(2027, 1, 11)),
    (True, datetime(2026, 12, 28, 9), datetime(2027, 1, 4, 9), date(2027, 1, 22)),
    (True, datetime(2027, 1, 4, 9), datetime(2027, 2, 11, 9), date(2027, 2, 25)),
])
def test_stopped_over_the_end_of_a_year_or_the_lunar_new_year(app, town, at, monkeypatch, working, stopped, restarted,
                                                              due):
    """The setting changes while the clock stands still; this one goes on as it began."""
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", working)
    at(datetime(2026, 12, 3, 9, tzinfo=SEOUL))
    official = town.official()
    proposal = on_the_table(town, official)
    at(stopped.replace(tzinfo=SEOUL))
    cases.ask_completion(proposal.id, asked=ASKED, by=official)
    monkeypatch.setitem(app.config, "ANSWER_WORKING_DAYS", not working)
    at(restarted.replace(tzinfo=SEOUL))
    author.complete(proposal.id, reply="독산역 앞 정류장이에요.", by=proposal.author)
    assert (duty_of(proposal).working_days, duty_of(proposal).due_on) == (working, due)


def test_a_clock_that_stopped_twice_counts_neither_time(town, at):
    at(OCTOBER)
    official = town.official()
    proposal = on_the_table(town, official)
    for stopped, restarted in ((5, 10), (20, 25)):
        at(days(stopped))
        cases.ask_completion(proposal.id, asked=ASKED, by=official)
        at(days(restarted))
        author.complete(proposal.id, reply="독산역 앞 정류장이에요.", by=proposal.author)
    assert duty_of(proposal).due_on == date(2026, 11, 30)


def test_a_day_declared_a_holiday_moves_the_last_day_of_clocks_that_run(app, town, at, monkeypatch):
    at(OCTOBER)
    official = town.official()
    running, answered, standing = on_the_table(town, official), owed(town), on_the_table(town, official)
    proposals.withdraw(answered.id, reason="다른 곳에서 해결됐어요.", by=answered.author)
    cases.ask_completion(standing.id, asked=ASKED, by=official)
    monkeypatch.setitem(app.config, "HOLIDAYS", (date(2026, 11, 20),))
    assert cases.reckon() == 1 and cases.reckon() == 0
    assert duty_of(running).due_on == date(2026, 11, 23)
    assert duty_of(standing).due_on == date(2026, 11, 20)
    collect()
    assert main.commands["answers"] is commands
    assert "0 last days moved" in app.test_cli_runner().invoke(commands, ["reckon"]).output
    monkeypatch.setitem(app.config, "HOLIDAYS", ())
    assert cases.reckon() == 1 and duty_of(running).due_on == date(2026, 11, 20)


def test_stopped_and_restarted(town, at):
    at(OCTOBER)
    official = town.official()
    proposal = on_the_table(town, official)
    at(days(12))
    cases.ask_completion(proposal.id, asked=ASKED, by=official)
    assert duty_of(proposal).paused_on == date(2026, 11, 2)
    with pytest.raises(Denied, match="이미 보완"):
        cases.ask_completion(proposal.id, asked=ASKED, by=official)
    at(days(22))
    with pytest.raises(Denied, match="제안한 사람"):
        author.complete(proposal.id, reply="독산역 앞 정류장이에요.", by=town.resident())
    author.complete(proposal.id, reply="독산역 앞 정류장이에요.", by=proposal.author)
    duty = duty_of(proposal)
    assert (duty.paused_on, duty.due_on) == (None, date(2026, 11, 30))
    with pytest.raises(Denied, match="기다리지 않아요"):
        author.complete(proposal.id, reply="독산역 앞 정류장이에요.", by=proposal.author)


def test_a_formal_proposal_is_due_in_a_month_whatever_the_support(town, at):
    at(datetime(2026, 1, 31, 9, tzinfo=SEOUL))
    proposal = town.proposal()
    with pytest.raises(Denied):
        author.file(proposal.id, **CONTACT, by=town.resident())
    author.file(proposal.id, **CONTACT, by=proposal.author)
    duty = duty_of(proposal)
    assert (duty.kind, duty.days, duty.due_on) == (DutyKind.FORMAL, None, date(2026, 3, 3))
    assert proposal.state is State.ANSWER_DUE
    assert [entry.step for entry in entries(proposal.journey_id)] == ["formal"]
    with pytest.raises(Denied, match="이미"):
        author.file(proposal.id, **CONTACT, by=proposal.author)


@pytest.mark.both
def test_a_filing_that_is_cut_off_leaves_nothing_and_may_be_tried_again(town, monkeypatch):
    proposal = town.proposal()
    with monkeypatch.context() as cut, pytest.raises(Conflict):
        cut.setattr(operations, "begin_duty", Mock(side_effect=Conflict("끊겼어요.")))
        author.file(proposal.id, **CONTACT, by=proposal.author)
    db.session.rollback()
    assert db.session.query(FormalFiling).count() == 0 and duty_of(proposal) is None
    author.file(proposal.id, **CONTACT, by=proposal.author)
    assert proposal.state is State.ANSWER_DUE and duty_of(proposal)


def test_a_formal_filing_is_sealed(town):
    proposal = town.proposal()
    filing = author.file(proposal.id, **CONTACT, by=proposal.author)
    assert CONTACT["name"].encode() not in filing.name_sealed
    assert CONTACT["contact"].encode()[:6] not in filing.contact_sealed, "three bytes may come by chance"


@pytest.mark.parametrize("wrong", [{"name": "김"}, {"contact": ""}, {"name": "김" * 61}])
def test_a_formal_proposal_needs_a_name_and_a_contact(town, wrong):
    proposal = town.proposal()
    with pytest.raises(Refusal) as refused:
        author.file(proposal.id, **CONTACT | wrong, by=proposal.author)
    assert refused.value.field in wrong and duty_of(proposal) is None


def test_withdrawing_ends_the_duty(town, at):
    at(OCTOBER)
    official = town.official()
    proposal = on_the_table(town, official)
    proposals.withdraw(proposal.id, reason="다른 곳에서 해결됐어요.", by=proposal.author)
    assert duty_of(proposal).ended_how is DutyEnd.WITHDRAWN


def merged(proposal, into) -> ProposalMerge:
    """A merge that is only on record: nothing moves by it. It is undone already."""
    merge = ProposalMerge(merged_id=proposal.id, into_id=into.id, reason="같은 문제예요.", at=clock.now(),
                          by_id=proposal.author_id, undone_at=clock.now())
    db.session.add(merge)
    db.session.flush()
    return merge


def test_a_merge_and_its_undoing_leave_the_duty_as_it_was(town, at):
    at(OCTOBER)
    proposal, into = owed(town), owed(town)
    due = duty_of(proposal).due_on
    with use_case(None) as work:
        merge = merged(proposal, into)
        work.emit(ProposalMerged(merge.id, proposal.id, into.id))
    assert duty_of(proposal).ended_how is DutyEnd.MERGED
    with use_case(None) as work:
        work.emit(MergeUndone(merge.id, proposal.id, into.id))
    assert (duty_of(proposal).ended_at, duty_of(proposal).due_on) == (None, due)


@pytest.mark.both
def test_no_merge_makes_what_was_promised_later_or_lets_it_fall(town, at):
    at(OCTOBER)
    formal, plain, moderator = town.proposal(), town.proposal(), town.moderator()
    author.file(formal.id, **CONTACT, by=formal.author)
    owed_first = owed(town)
    at(days(5))
    lapsing, owed_later = town.proposal(state=State.LAPSED), owed(town)
    for merged_one, into in ((formal, plain), (formal, owed_later), (owed_first, lapsing), (owed_first, owed_later),
                             (owed_first, town.proposal())):
        with pytest.raises(Conflict, match="반대로"):
            merging.merge(merged_one.id, into.id, "같은 뜻을 담은 제안이에요.", by=moderator)
        assert duty_of(merged_one).ended_at is None
        assert db.session.query(ProposalMerge).count() == 0
    for into, merged_one in ((formal, plain), (owed_first, owed_later)):
        merging.merge(merged_one.id, into.id, "같은 뜻을 담은 제안이에요.", by=moderator)
        assert duty_of(into).ended_at is None
    assert duty_of(owed_later).ended_how is DutyEnd.MERGED


def test_a_duty_that_stands_still_takes_up_nothing_that_runs(town, at):
    at(OCTOBER)
    official, moderator = town.official(), town.moderator()
    standing, running, also = on_the_table(town, official), owed(town), on_the_table(town, official)
    for one in (standing, also):
        cases.ask_completion(one.id, asked=ASKED, by=official)
    with pytest.raises(Conflict, match="반대로"):
        merging.merge(running.id, standing.id, "같은 뜻을 담은 제안이에요.", by=moderator)
    merging.merge(also.id, standing.id, "같은 뜻을 담은 제안이에요.", by=moderator)
    merging.merge(standing.id, running.id, "같은 뜻을 담은 제안이에요.", by=moderator)
    assert duty_of(running).ended_at is None


def test_an_answered_proposal_takes_up_one_that_waits_but_not_a_formal_one(town, at):
    at(OCTOBER)
    official, second, moderator = town.official(), town.official(), town.moderator()
    answered = on_the_table(town, official)
    published(answered, official, second)
    waiting, formal = owed(town), town.proposal()
    author.file(formal.id, **CONTACT, by=formal.author)
    merging.merge(waiting.id, answered.id, "같은 뜻을 담은 제안이에요.", by=moderator)
    with pytest.raises(Conflict, match="반대로"):
        merging.merge(formal.id, answered.id, "같은 뜻을 담은 제안이에요.", by=moderator)


def test_a_threshold_that_was_lost_again_obliges_nobody(town, at):
    at(OCTOBER)
    proposal = owed(town)
    with use_case(None) as work:
        work.emit(ThresholdLost(proposal.id))
    assert duty_of(proposal).ended_how is DutyEnd.UNDONE
    with use_case(None) as work:
        work.emit(ThresholdReached(proposal.id))
    assert duty_of(proposal).ended_at is None


@pytest.mark.both
def test_a_threshold_lost_while_merged_is_not_owed_after_the_merge(town, at):
    at(OCTOBER)
    proposal, into = owed(town), owed(town)
    with use_case(None) as work:
        merge = merged(proposal, into)
        for fact in (ProposalMerged(merge.id, proposal.id, into.id), ThresholdLost(proposal.id),
                     MergeUndone(merge.id, proposal.id, into.id)):
            work.emit(fact)
    assert duty_of(proposal).ended_how is DutyEnd.UNDONE


def test_a_second_review_is_asked_for_once_and_in_time(town, at):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, second, declined())
    assert duty_of(proposal).ended_how is DutyEnd.ANSWERED
    at(days(15))
    with pytest.raises(Denied, match="제안한 사람"):
        author.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=town.resident())
    author.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=proposal.author)
    duty = duty_of(proposal)
    assert (duty.kind, duty.due_on, proposal.state) == (DutyKind.SECOND_REVIEW, date(2026, 12, 7), State.ANSWERED)
    with pytest.raises(Denied, match="한 번만"):
        author.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=proposal.author)
    published(proposal, official, second, declined())
    assert duty_of(proposal).ended_how is DutyEnd.ANSWERED
    assert [one.step for one in entries(proposal.journey_id)][-3:] == ["answered", "second_review", "answered_again"]


def test_a_second_review_goes_to_the_department_that_declined_where_nobody_has_it(town, at):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, second, declined())
    cases.give_back(proposal.id, note="우리 부서 일은 끝났어요", by=official)
    author.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=proposal.author)
    db.session.rollback()
    assert {queries.case(proposal).lead.department_id} == official.department_ids()


def test_a_proposal_merged_since_is_not_reviewed_again(town, at):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, second, declined())
    proposal.state = State.MERGED
    db.session.commit()
    with pytest.raises(Denied, match="합쳐졌어요"):
        author.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=proposal.author)


def test_a_formal_filing_is_owed_also_below_the_threshold(town, at):
    at(OCTOBER)
    proposal = town.proposal()
    author.file(proposal.id, **CONTACT, by=proposal.author)
    with use_case(None) as work:
        work.emit(ThresholdLost(proposal.id))
    assert duty_of(proposal).ended_at is None


def test_a_second_review_comes_too_late(town, at):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, second, declined())
    at(days(16))
    with pytest.raises(Denied, match="15일"):
        author.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=proposal.author)

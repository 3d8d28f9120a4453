"""Leaving erases what is kept around duties, reports and notices, too: every byte is searched for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.services import leaving
from civic_forum.answers import personal_data
from civic_forum.answers import operations as answers
from civic_forum.answers.models import DutyPause, FormalFiling, SecondReview
from civic_forum.answers.rules import DutyKind
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.moderation import services as moderation
from civic_forum.moderation.models import ModerationAction
from civic_forum.moderation.rules import ActionKind, Decision, Rule
from civic_forum.notifications import services as delivering
from tests.accounts.people import PASSWORD
from tests.accounts.test_leaving import NAME, NICKNAME, NUMBER, STREET, somebody_well_known, where_somebody_is_found


def somebody_the_office_knows(town):
    """A user who wrote to the office, was acted upon, appealed, reported others and is about to get a letter."""
    user, moderator = somebody_well_known(town), town.moderator()
    proposal, other = town.proposal(author=user), town.proposal()
    remark = comments.write(other.thread_id, stance=Stance.NOTE, text="우리 골목 이야기예요.", by=user)
    moderation.reports.report("proposal", other.id, rule=Rule.OTHER, sentence=f"{NAME}라고 부르며 놀려요.", by=user)
    moderation.cases.decide("comment", remark.id, Decision(True, ActionKind.WARN, None, Rule.ABUSE, "욕설이 있어요."),
                            by=moderator)
    act = db.session.scalar(sa.select(ModerationAction.id).filter_by(subject_kind="comment"))
    moderation.appeals.appeal(act, text=f"저는 {STREET}에 살고 그런 말을 하지 않았어요.", by=user)
    with use_case(None) as work:
        duty = answers.begin_duty(work.session, proposal.id, DutyKind.FORMAL, at=work.at, days=None, working=False)
        work.session.add_all([
            FormalFiling(proposal_id=proposal.id, name_sealed=personal_data.sealed(NAME),
                         contact_sealed=personal_data.sealed(NUMBER), at=work.at),
            DutyPause(duty_id=duty.id, asked="어느 골목인지 알려 주세요.", reply=f"{STREET} 앞 골목이에요.",
                      from_day=work.at.date(), to_day=work.at.date() + timedelta(days=1), asked_by_id=moderator.id),
            SecondReview(proposal_id=proposal.id, reason=f"{NAME}의 말을 다시 들어 주세요.", at=work.at)])
    assert delivering.write_at_once() > 0
    return user


@pytest.mark.both
def test_nothing_that_was_written_for_the_office_alone_is_found(app, town):
    user = somebody_the_office_knows(town)
    collected = str(PERSONAL_DATA["answers"].collect(user))
    assert all(word in collected for word in (NAME, NUMBER, STREET))
    before = {place for place, _needle in where_somebody_is_found(app)}
    assert before >= {"report", "appeal", "duty_pause", "second_review", "outgoing_mail"}

    leaving.leave(PASSWORD, by=user)

    assert where_somebody_is_found(app) == set()
    filing = db.session.scalar(sa.select(FormalFiling))
    assert (filing.name_sealed, filing.contact_sealed) == (None, None)


@pytest.mark.in_turns(of=5)
def test_nicknames_stand_in_nothing_that_others_are_told(app, town):
    """Notices, letters, steps, versions and logs name things; a name in them would stay when its owner leaves."""
    user = somebody_the_office_knows(town)
    places = {place for place, needle in where_somebody_is_found(app) if needle == NICKNAME}
    db.session.rollback()
    assert user.nickname == NICKNAME
    assert not places & {"notice", "journey_entry", "audit_entry", "moderation_action", "signal", "outcome"}

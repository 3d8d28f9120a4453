"""Real names and contacts of formal proposals: looked at with a reason, and gone when nothing is left to answer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord
from civic_forum.answers.models import FormalFiling
from civic_forum.answers.services import author, cases
from civic_forum.platform import clock, jobs
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from tests.factories import MAY

from .making import declined, published

NAME, CONTACT, WHY = "김하늘", "010-0000-0000", "어느 정류장인지 물어보려고 해요."


@pytest.fixture
def filed(town, pair, at):
    """A formal proposal on the table of a department."""
    at(MAY)
    proposal = town.proposal()
    author.file(proposal.id, name=NAME, contact=CONTACT, by=proposal.author)
    cases.take(proposal.id, by=pair[0])
    return proposal


def filing() -> FormalFiling:
    db.session.rollback()
    return db.session.scalars(sa.select(FormalFiling).execution_options(populate_existing=True)).one()


def forgotten(app) -> int:
    return jobs.enforce_retention(app)["contacts of formal proposals"]


@pytest.mark.both
@pytest.mark.parametrize("reason", ["", "  ", "음음", "가" * 201])
def test_without_a_reason_nobody_sees_them(filed, pair, reason):
    with pytest.raises(Refusal):
        cases.see_contact(filed.id, reason=reason, by=pair[0])
    assert db.session.query(AccessRecord).count() == 0


def test_a_look_and_its_reason_are_written_down_without_what_was_seen(filed, pair):
    assert cases.see_contact(filed.id, reason=WHY, by=pair[1]) == (NAME, CONTACT)
    record = db.session.query(AccessRecord).one()
    assert (record.by_id, record.user_id, record.reason) == (pair[1].id, filed.author_id, WHY)
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="answers.saw_contact")).one()
    assert entry.subject == f"proposal:{filed.id}" and entry.details == {}


def test_after_the_answer_they_are_kept_for_a_time_and_then_gone(app, filed, pair, at):
    published(filed, *pair)
    at(MAY + timedelta(days=90) - timedelta(seconds=1))
    assert forgotten(app) == 0 and filing().name_sealed
    assert cases.see_contact(filed.id, reason=WHY, by=pair[0]) == (NAME, CONTACT)
    at(MAY + timedelta(days=90, seconds=1))
    assert forgotten(app) == 1 and forgotten(app) == 0
    assert (filing().name_sealed, filing().contact_sealed) == (None, None)
    with pytest.raises(Denied):
        cases.see_contact(filed.id, reason=WHY, by=pair[0])


def test_while_somebody_has_to_answer_they_stay(app, filed, pair, at):
    at(MAY + timedelta(days=400))
    assert forgotten(app) == 0 and filing().name_sealed


def test_while_a_second_review_waits_they_stay(app, filed, pair, at):
    published(filed, *pair, declined())
    author.ask_review(filed.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=filed.author)
    at(MAY + timedelta(days=400))
    assert forgotten(app) == 0
    published(filed, *pair, declined())
    at(clock.now() + timedelta(days=91))
    assert forgotten(app) == 1


def test_the_page_of_the_department_and_the_own_data_go_on_without_them(app, filed, pair, browse, at):
    published(filed, *pair)
    at(MAY + timedelta(days=91))
    forgotten(app)
    page = browse(pair[0]).get(f"/desk/answers/{filed.number}")
    assert page.status_code == 200 and "이름과 연락처가 없는 제안이에요" in page.text
    assert browse(filed.author).get(f"/proposals/{filed.number}").status_code == 200
    assert NAME not in browse(pair[0]).get("/desk/exports/formal").text

"""Permissions about outcomes: what keeps a thing from having one, and who writes, approves, corrects and reports."""

import pytest

from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState
from civic_forum.district.models import Department
from civic_forum.platform import policy
from civic_forum.platform.base import db
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.policy import not_yet
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable
from civic_forum.outcomes.queries.subjects import OutcomeCase
from civic_forum.outcomes.rules import Decision, OutcomeState
from civic_forum.polls.models import Poll
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.factories import MAY

UNKNOWN = [Poll(announced_at=MAY)]
"""A vote whose result nobody knows."""


def about(subject, record, *, department_id=None, votes=(), outcome=None):
    kind = kinds.of(subject)
    return OutcomeCase(kind, kind.get(Decidable), record, department_id, votes, outcome)


def answered(**facts):
    return Proposal(**{"state": State.ANSWERED, "published_at": MAY} | facts)


@pytest.mark.parametrize(("facts", "words"), [
    ({"state": State.WITHDRAWN}, "거둔"), ({"state": State.MERGED}, "이어 가는 제안"), ({"published_at": None}, "공개하지 않은 제안"),
    ({"hidden_at": MAY}, "가린 제안"), ({"state": State.IN_AGENDA}, "의제의 결과"), ({"state": State.GATHERING}, "부서 답변"),
])
def test_reasons_against_an_outcome_of_a_proposal(app, facts, words):
    assert not_yet(about("proposal", answered())) is None
    assert words in not_yet(about("proposal", answered(**facts)))


@pytest.mark.parametrize(("facts", "words"), [
    ({"merged_into_id": 1}, "합쳐진 의제"), ({"published_at": None}, "준비하는"), ({"state": AgendaState.PREPARING}, "준비하는")])
def test_reasons_against_an_outcome_of_an_agenda(app, facts, words):
    known = {"state": AgendaState.IN_DELIBERATION, "published_at": MAY}
    assert not_yet(about("agenda", Agenda(**known))) is None
    assert words in not_yet(about("agenda", Agenda(**known | facts)))


@pytest.mark.parametrize(("facts", "words"), [({"rehearsal_of_id": 1}, "예행연습"), ({"announced_at": None}, "알리지 않은")])
def test_reasons_against_an_outcome_of_a_poll(app, facts, words):
    assert not_yet(about("poll", Poll(announced_at=MAY))) is None
    assert words in not_yet(about("poll", Poll(**{"announced_at": MAY} | facts)))


@pytest.mark.parametrize(("subject", "record"), [
    ("proposal", answered()), ("poll", Poll(announced_at=MAY)),
    ("agenda", Agenda(state=AgendaState.IN_DELIBERATION, published_at=MAY))])
def test_nothing_has_an_outcome_before_its_votes_have_a_result(app, subject, record):
    assert "투표 결과를 공개한 뒤" in not_yet(about(subject, record, votes=UNKNOWN))


@pytest.fixture
def cast(town):
    """`writer`, `second` and `again` are of one department; `again` is another account of the writer's."""
    people = {name: town.official() for name in ("writer", "second", "again")}
    people["again"].mobile = people["writer"].mobile = "01012345678"
    return people | {"other": town.official(department=town.department("공원녹지과")), "moderator": town.moderator(),
                     "administrator": town.administrator(), "user": town.user()}


DEPARTMENT = {"writer", "second", "again"}


def who(cast, name, subject):
    return {one for one, actor in cast.items() if policy.can(actor, f"outcomes.{name}", subject)}


def test_rights_to_write_and_approve(cast):
    writer, (department_id,) = cast["writer"], cast["writer"].department_ids()
    outcome = Outcome(state=OutcomeState.DRAFT, department_id=department_id, written_by=writer)
    proposal = answered()
    case = about("proposal", proposal, department_id=department_id, outcome=outcome)
    nobody_writes = about("proposal", proposal)
    assert who(cast, "see_case", nobody_writes) == who(cast, "write", nobody_writes) == DEPARTMENT | {"other"}
    assert who(cast, "see_case", case) == who(cast, "write", case) == DEPARTMENT
    assert not who(cast, "approve", case) | who(cast, "send_back", case)
    outcome.state = OutcomeState.AWAITING_APPROVAL
    assert not who(cast, "write", case)
    assert (who(cast, "approve", case), who(cast, "send_back", case)) == ({"second"}, DEPARTMENT)
    proposal.hidden_at = MAY
    assert (who(cast, "approve", case), who(cast, "send_back", case)) == (set(), DEPARTMENT)
    proposal.hidden_at, outcome.state = None, OutcomeState.PUBLISHED
    assert not who(cast, "write", case) | who(cast, "approve", case)
    assert "바로잡아" in policy.why_not(writer, "outcomes.write", case)


def test_rights_to_correct(cast):
    writer, (department_id,) = cast["writer"], cast["writer"].department_ids()
    outcome = Outcome(state=OutcomeState.PUBLISHED, department_id=department_id, written_by=writer, published_at=MAY,
                      decision=Decision.DECIDED, department=db.session.get_one(Department, department_id))
    assert who(cast, "correct", outcome) == DEPARTMENT
    assert not who(cast, "approve_correction", outcome) | who(cast, "send_back_correction", outcome)
    outcome.correction = {"title": "달라진 제목"}
    assert not who(cast, "correct", outcome)
    assert who(cast, "send_back_correction", outcome) == DEPARTMENT
    assert who(cast, "approve_correction", outcome) == {"second"}
    outcome.correction, outcome.published_at = None, None
    assert not who(cast, "correct", outcome)

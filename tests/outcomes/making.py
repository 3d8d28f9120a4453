"""Subjects of outcomes, ready-made."""

from datetime import date

from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.agendas.services import grouping, making
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.models import Assignment
from civic_forum.answers.rules import AssignmentState
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments import operations, rules
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.outcomes import services
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision, OutcomeText
from civic_forum.proposals.rules import State
from tests.commitments.making import told
from tests.common import today
from tests.factories import saved

QUESTION = "골목을 함께 쓰려면 무엇부터 할까요?"
WHY = "같은 골목의 이야기예요."
TITLE = "두 골목에서 석 달 먼저 해 보고 다시 정해요"
REASONS = "골목 열한 곳을 조사하니 밤에 모자라는 자리가 모두 64면이었어요."
FOLLOWS = "12월에 주민 설명회를 열고 3월부터 석 달 동안 해 봐요."


def text(**facts) -> OutcomeText:
    return OutcomeText(**{
        "decision": Decision.DECIDED, "title": TITLE, "reasons": REASONS, "what_follows": FOLLOWS,
        "decided_on": today(), "promised_on": date(today().year + 1, 6, 30), "cost": 41_000_000,
        "cost_note": "도색과 안내판. 구비", "documents": (("골목 조사표", "열한 곳을 밤 11시에 셌어요."),),
        "links": (("제안 목록", "/proposals"),)} | facts)


def agenda(town, official, *proposals, slug="alley", relation=Relation.CORE):
    """A public agenda in deliberation, led by the department of this official."""
    moderator = town.moderator()
    [department] = official.department_ids()
    made = making.begin(slug, Wording(QUESTION, lead_department_id=department), by=moderator)
    grouping.group(made.id, [one.id for one in proposals or [town.proposal()]], relation, WHY, by=moderator)
    making.publish(made.id, by=moderator)
    return making.move(made.id, AgendaState.IN_DELIBERATION, by=moderator)


def answered(town, official, **facts):
    """A proposal that the department of this official has answered."""
    proposal = town.proposal(**{"state": State.ANSWERED} | facts)
    [department] = official.department_ids()
    saved(Assignment(proposal_id=proposal.id, department_id=department, is_lead=True, state=AssignmentState.TAKEN,
                     at=clock.now(), by_id=official.id))
    return proposal


def published(subject: str, subject_id: int, official, second, given=None):
    """Written by one official, approved by another."""
    written = services.submit(Ref(subject, subject_id), given or text(), seen=0, by=official)
    return services.approve(Ref(subject, subject_id), seen=written.version, by=second)


def carried(outcome: Outcome, official, second, text: str = "모퉁이 여섯 곳에 노면 표시와 볼라드를 놓았어요.", *,
            spent: int | None = None, done: bool = False, **facts) -> Outcome:
    """Told in the ledger of its commitment by two officials: what was done, what was spent; `done`: all of it."""
    one = queries.of_outcome(outcome.id)
    if spent is not None:
        lines = rules.with_executed(queries.ledger(one.id).lines, today().year, spent)
        one = told(one, EntryKind.MONEY, operations.money(lines, None), official, second, given={"confirmed": True})
    one = told(one, EntryKind.LOG, {"text": text}, official, second, **facts)
    if done:
        told(one, EntryKind.STATUS, {"status": "done", "why": "모두 마쳤어요."}, official, second, **facts)
    return db.session.get(Outcome, outcome.id, populate_existing=True)

"""SELECTs of applications as whoever applied reads them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic_forum.accounts.models import User
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind, AnswerState
from civic_forum.attachments.models import Attachment
from civic_forum.attachments.queries import of_set
from civic_forum.blocks import questions
from civic_forum.blocks.submissions import Submission
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.question_rows import AnswerSheet, Question, QuestionType

from ..models import Call, CallApplication, CallConflict, CallScore
from ..rules import APPLICATION, MOST_JURY, ApplicationState

MINE_MOST, EVERY = 50, 100_000


def missing() -> NotFound:
    return NotFound(_("이런 신청은 없어요. 번호를 다시 확인해 주세요."))


def _applications() -> sa.Select:
    return sa.select(CallApplication).join(CallApplication.submission).options(
        contains_eager(CallApplication.submission), joinedload(CallApplication.call))


def known(call: Call, number: str) -> CallApplication | None:
    """Of this call, whosever it is."""
    return db.session.scalar(_applications().where(
        CallApplication.call_id == call.id, Submission.kind == APPLICATION, Submission.number == number))


def numbered(call: Call, number: str) -> CallApplication:
    """The same. Raises NotFound."""
    return existing(known(call, number), missing)


def owned(call: Call, number: str, user: User) -> CallApplication:
    """Raises NotFound for one of somebody else."""
    application = numbered(call, number)
    return existing(application if application.submission.owner_id == user.id else None, missing)


def of_owner(user_id: int, call: Call | None = None, *, most: int = MINE_MOST) -> Sequence[CallApplication]:
    """The last ones of somebody, the newest first."""
    found_in = CallApplication.call_id == call.id if call else sa.true()
    return db.session.scalars(_applications().where(Submission.owner_id == user_id, found_in).order_by(
        CallApplication.id.desc()).limit(most)).all()


def held(application_id: int) -> CallApplication:
    """Read again with its submission, and locked until the transaction ends; after the call."""
    return db.session.scalars(_applications().where(CallApplication.id == application_id).with_for_update(
        of=(CallApplication, Submission)).execution_options(populate_existing=True)).one()


def sheet_of(application: CallApplication) -> AnswerSheet:
    return db.session.get_one(AnswerSheet, application.submission_id, populate_existing=True)


def is_verified(application: CallApplication) -> bool:
    """True if the account that handed it in is a verified resident's today."""
    return bool(db.session.scalar(sa.select(User.is_resident).where(User.id == application.submission.owner_id)))


def is_nominated(call: Call, proposal_id: int) -> bool:
    """True once it was, also where its author declined."""
    return bool(db.session.scalar(sa.select(sa.exists().where(
        CallApplication.call_id == call.id, CallApplication.proposal_id == proposal_id))))


def last_outcome(proposal_id: int) -> str | None:
    """Of the final answer to a proposal."""
    return db.session.scalar(
        sa.select(Answer.outcome).filter_by(proposal_id=proposal_id, state=AnswerState.PUBLISHED,
                                            kind=AnswerKind.FINAL).order_by(Answer.id.desc()).limit(1))


def of_proposal(proposal_id: int) -> Sequence[CallApplication]:
    """Its nominations that were not declined, the newest first."""
    return db.session.scalars(_applications().where(
        CallApplication.proposal_id == proposal_id, CallApplication.state != ApplicationState.WITHDRAWN).order_by(
        CallApplication.id.desc()).limit(MINE_MOST)).all()


def places_taken(call: Call, marks: Collection[bytes]) -> set[int]:
    """Places of one who applies, without those of applications that were taken back."""
    return set(db.session.scalars(sa.select(CallApplication.place).where(
        CallApplication.call_id == call.id, CallApplication.mark.in_(marks), CallApplication.place > 0)))


def files_of(sheet: AnswerSheet, rows: Sequence[Question]) -> dict[int, list[Attachment]]:
    """Id of each question that asks for files → those that were put there."""
    files = of_set(sheet.attachment_set_id)
    return {question.id: [file for file in files if file.key in sheet.answers.get(questions.name_of(question), ())]
            for question in rows if question.type is QuestionType.FILE}


@dataclass(frozen=True)
class OwnResult:
    """Result of an application, for who handed it in."""

    application: CallApplication
    mean: Fraction | None
    notes: Sequence[str]
    """Of the jurors, without their names."""


def own_results(call: Call, user: Any) -> list[OwnResult]:
    """Of the applications that this account handed in, once the call is decided."""
    mine = of_owner(user.id, call, most=20) if call.decided_at else ()
    return [_own_result(application) for application in mine if application.state is not ApplicationState.DRAFT]


def _own_result(application: CallApplication) -> OwnResult:
    notes = () if application.mean_bottom is None else sorted(db.session.scalars(sa.select(CallScore.note).where(
        CallScore.application_id == application.id, CallScore.note != "",
        ~sa.exists().where(CallConflict.application_id == CallScore.application_id,
                           CallConflict.juror_id == CallScore.juror_id)).limit(MOST_JURY)))
    step = () if application.state is not ApplicationState.OUT else [
        step.reason for step in application.steps if step.passed is False]
    return OwnResult(application, application.mean, [*step, *notes])

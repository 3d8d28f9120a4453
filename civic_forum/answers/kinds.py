"""Final answers of a department as a kind of thing: what was promised in one can have an outcome."""

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Kind
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals.queries import records as proposals

from .models import Answer
from .queries.records import missing
from .rules import AnswerKind, AnswerState


def _is_final(answer: Answer) -> bool:
    return answer.state is AnswerState.PUBLISHED and answer.kind is AnswerKind.FINAL


def _why_not_read(actor, answer: Answer) -> str | None:
    if not _is_final(answer):
        return str(missing())
    return (proposal_policy.may_read(actor, answer.proposal) or proposal_policy.may_read_hidden(actor, answer.proposal))


def _locked(answer_id: int) -> Answer:
    """With its proposal."""
    answer = db.session.get(Answer, answer_id)
    if answer is None:
        raise missing()
    proposals.locked(answer.proposal_id)
    db.session.refresh(answer)
    return answer


def _why_not_decided(answer: Answer) -> str | None:
    if not _is_final(answer):
        return _("먼저 부서 답변을 공개해 주세요. 그 뒤에 결과를 쓸 수 있어요.")
    if answer.proposal.hidden_at is not None:
        return _("운영 원칙에 따라 가린 제안이에요.")
    return None


ANSWER = kinds.register(Kind(
    "answer", Answer, label=_l("부서 답변"), title=lambda answer: answer.proposal.title,
    url=lambda answer: f"/proposals/{answer.proposal.number}#answer-{answer.id}", why_not_read=_why_not_read,
    missing=missing, named=kinds.numbered(Answer),
    capabilities=(Decidable(
        place="answers", about=_l("부서 답변의 결과"), order=60, name=lambda answer: str(answer.id),
        name_sql=lambda id_: sa.cast(id_, sa.String), locked=_locked, why_not_read=_why_not_read,
        department_id=lambda answer: answer.department_id, began=lambda answer: answer.published_at,
        why_not_yet=_why_not_decided,
        proposals=lambda id_: sa.select(Answer.proposal_id).where(Answer.id == id_)),)))

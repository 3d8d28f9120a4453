"""Final answers of a department as a kind of thing: what was promised in one can have an outcome."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import join

from civic_forum.blocks import kinds
from civic_forum.blocks.public import NUMBER, Public
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, day
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.queries.records import READABLE

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


PUBLIC = Public(
    kind="answer", model=Answer, label=_l("부서 답변"), place="answers", name=Answer.id, title=Proposal.title,
    since=Answer.published_at,
    where=(READABLE, Answer.state == AnswerState.PUBLISHED, Answer.kind == AnswerKind.FINAL),
    tables=join(Answer, Proposal, Proposal.id == Answer.proposal_id), titled=lambda answer: answer.proposal.title,
    address=lambda answer: f"/proposals/{answer.proposal.number}#answer-{answer.id}", exact=NUMBER,
    pasted=re.compile(r"#answer-([1-9][0-9]{0,17})$"), why_not_read=_why_not_read, missing=missing,
    named=kinds.numbered(Answer))
PUBLIC.picker("polls.make", "forums.prepare", words=(Proposal.title, Proposal.number),
              note=lambda answer: f"{answer.proposal.number} · {day(answer.published_at)}")
ANSWER = PUBLIC.register(PUBLIC.decidable(
    about=_l("부서 답변의 결과"), order=60, locked=_locked, department=Answer.department_id, why_not_yet=_why_not_decided,
    proposals=lambda id_: sa.select(Answer.proposal_id).where(Answer.id == id_)))

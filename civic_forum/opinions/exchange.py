"""Consultations from Polis files and publications, and back into files."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal, Unavailable
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.subprocess_call import NoAnswer
from civic_forum.platform.work import use_case

from . import computing, identities, keyring, mapping, operations, queries, rules
from .events import ConsultationEdited
from .formats.polis import TAKEN_OUT, Comment, Conversation
from .mapping import Matrix
from .models import Consultation, Statement
from .operations import BroughtIn
from .policy import may_make, stage_of
from .process import proposed_slug
from .rules import Audience, Basis, Origin, Stage, StatementState

LASTED = timedelta(days=1)
"""Length of a consultation whose files say no times."""


def bring(conversation: Conversation, title: str, question: str, *, by: User) -> Consultation:
    """A consultation that is over, with the statements and answers of these files, all or nothing. Statements are
    numbered in the order of the file from 1. Raises Refusal naming the statement that is empty or too long."""
    bodies = {comment.id: comment for comment in conversation.comments}
    texts = [_text(bodies.get(id_) or Comment(id_, "")) for id_ in conversation.matrix.statements]
    if len(texts) > rules.STATEMENTS_MOST:
        raise Refusal(_("의견이 %(most)s개보다 많아요.", most=f"{rules.STATEMENTS_MOST:,}"))
    with use_case(by) as work:
        require(by, may_make)
        made = work.store(Consultation(
            slug=proposed_slug(title, work.at), title=plain_text.clean(title)[:200],
            question=plain_text.clean(question or title)[:500], texts={}, audience=Audience.EVERYONE,
            takes_statements=False, publishes_matrix=True, opens_at=work.at - LASTED, closes_at=work.at,
            announced_at=work.at, created_at=work.at, created_by_id=by.id))
        for number, (id_, text) in enumerate(zip(conversation.matrix.statements, texts), 1):
            work.session.add(_statement(made, number, bodies.get(id_) or Comment(id_, text), text, work.at))
        operations.prepare(made, len(texts))
        work.session.flush()
        answers = operations.bring_in(work, made, _people(conversation))
        work.record("opinions.imported", made, statements=len(texts), answers=answers)
        work.emit(ConsultationEdited(made.id))
    with suppress(NoAnswer, Unavailable):  # what is due is computed each minute
        computing.compute(made.id)
    return made


def _text(comment: Comment) -> str:
    text = " ".join(plain_text.clean(comment.body, lines=True).split())
    if not 1 <= len(text) <= rules.IMPORTED_MOST:
        raise Refusal(_("%(id)s번 의견의 글이 없거나 %(most)s자보다 길어요.", id=comment.id, most=f"{rules.IMPORTED_MOST:,}"))
    return text


def _statement(made: Consultation, number: int, comment: Comment, text: str, at: Any) -> Statement:
    out = at if comment.moderated == TAKEN_OUT else None
    return Statement(
        consultation_id=made.id, number=number, text=text, texts={}, origin=Origin.IMPORTED, is_meta=comment.meta,
        state=StatementState.PUBLISHED, published_at=at, hidden_at=out, hidden_rule=rules.OUT_FOR[0] if out else None)


def _people(conversation: Conversation) -> Iterator[BroughtIn]:
    answers: dict[str, dict[int, int]] = {participant: {} for participant in conversation.matrix.participants}
    numbers = {statement: number for number, statement in enumerate(conversation.matrix.statements, 1)}
    for participant, statement, answer in conversation.matrix.triples():
        answers[participant][numbers[statement]] = answer
    for responses in filter(None, answers.values()):
        yield BroughtIn(secrets.token_bytes(identities.BYTES), Basis.IMPORTED, responses)


def files(consultation_id: int) -> dict[str, Iterator[bytes]]:
    """Polis files of a consultation, by name: participants under fresh random numbers, without times and authors.
    Raises Conflict for one that is not over, was not to publish its answers, or has too few of them."""
    consultation, last = db.session.get_one(Consultation, consultation_id), queries.latest_map(consultation_id)
    if stage_of(consultation) is not Stage.CLOSED or not consultation.publishes_matrix:
        raise Conflict(_("마쳤고, 응답 표를 공개한다고 미리 알린 질문만 파일로 만들 수 있어요."))
    statements = [statement for statement in queries.statements(consultation_id) if statement.published_at is not None]
    published = last.published.get("matrix") if last else None
    conversation = Conversation(_published(published) if published else _with_key(consultation, statements), tuple(
        Comment(str(statement.number), _published_text(statement),
                moderated=TAKEN_OUT if statement.is_taken_out else 0, meta=statement.is_meta,
                seed=statement.origin is Origin.SEED) for statement in statements),
        summary={"topic": consultation.title})
    from .formats import polis_writing
    return polis_writing.files(conversation, mapping.compute(conversation.matrix, conversation.statements()))


def _published_text(statement: Statement) -> str:
    """Its words, unless a moderator took them out here."""
    is_hidden = statement.hidden_at is not None and statement.origin is not Origin.IMPORTED
    return _("가린 의견") if is_hidden else statement.text


def _published(rows: list[dict[str, Any]]) -> Matrix:
    return Matrix.of(((row["participant"], number, answer) for row in rows
                      for number, answer in row["responses"].items()), [row["participant"] for row in rows])


def _with_key(consultation: Consultation, statements: list[Statement]) -> Matrix:
    """Answers by people in an order of no meaning."""
    people, _damaged = queries.everybody(keyring.keys(consultation.id), operations.counted(consultation))
    if len(people) < rules.MATRIX_LEAST and not any(person.row.basis is Basis.IMPORTED for person in people):
        raise Conflict(_("응답 표는 %(least)s명 이상 답해야 공개해요.", least=rules.MATRIX_LEAST))
    secrets.SystemRandom().shuffle(people)
    answers = computing.matrix(people, statements).without(
        {str(statement.number) for statement in statements if statement.is_meta})
    return replace(answers, participants=tuple(map(str, range(len(people)))))

"""Every change to consultations and their statements, except answers."""

from collections.abc import Iterable
from enum import StrEnum

from civic_forum.accounts.models import User
from civic_forum.agendas import operations as agendas
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import QUESTION_MOST
from civic_forum.platform import plain_text, rich_text
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.search.rules import distinct_pieces

from . import answering, operations, queries, rules, taking_out
from .events import StatementAnswered, StatementDecided
from .identities import Device
from .models import Consultation, Statement
from .parts import Answerers, Times, Wording
from .policy import may_make_agenda, may_moderate, may_prepare, may_say_what_became, may_write
from .process import proposed_slug
from .rules import Became, Origin, StatementState

WHY_MOST, BECAME_MOST, URL_MOST = 300, 500, 300
_PLAIN = str.maketrans({mark: f"\\{mark}" for mark in "\\*_`[]<>#"})
"""Marks that would format a line of a statement."""


def begin(wording: Wording, times: Times, answerers: Answerers, *, by: User) -> Consultation:
    """A consultation that only those who prepare it see. Raises Refusal naming the field, Denied for another's."""
    with use_case(by) as work:
        made = Consultation(slug=proposed_slug(wording.title, work.at), created_by_id=by.id, created_at=work.at,
                            texts={})
        for part in (wording, times, answerers):
            part.write(made)
        require(by, may_prepare, made)
        work.session.add(made)
        work.record("opinions.made", made)
        return made


# Statements of residents


def write(consultation_id: int, text: str, *, by: User, device: Device | None = None) -> Statement:
    """A statement of one's own; public at once, or after a look where the consultation says so.

    Raises Denied, Refusal at `text`, and Conflict for one that is there word for word.
    """
    text = operations.statement_text(text)
    with use_case(by) as work:
        consultation = queries.locked(consultation_id)
        require(by, may_write, answering.entered(consultation, by, device).asked)
        return operations.add_statement(work, consultation, text, Origin.RESIDENT, author_id=by.id)


def alike(text: str, among: Iterable[Statement], most: int = 3) -> list[Statement]:
    """Statements that are asked and say much the same, the most similar first."""
    pieces = distinct_pieces(text)
    scored = [(-rules.likeness(pieces, distinct_pieces(statement.text)), statement.number, statement)
              for statement in among if statement.is_asked]
    return [statement for share, _number, statement in sorted(scored, key=lambda each: each[:2])[:most]
            if -share >= rules.ALIKE]


class Decision(StrEnum):
    """Decision of a moderator about a statement."""

    PUBLISH = "publish"
    REFUSE = "refuse"
    TAKE_OUT = "take_out"
    PUT_BACK = "put_back"
    META = "meta"
    NOT_META = "not_meta"
    CONFIRM = "confirm"
    """Of another moderator, for what one did alone."""


MARKS = (Decision.META, Decision.NOT_META)
"""Decisions of which nobody is told."""


def decide(consultation_id: int, number: int, decision: Decision, *, why: str = "",
           out_for: str = rules.OUT_FOR[0], seen: str | None = None, by: User) -> Statement:
    """Publish, refuse, take out, put back, or mark a statement. Refusing and taking out need a reason, which its author
    reads. What takes one from those who answer holds for 72 hours unless another moderator confirms it (`taking_out`).
    Answers to one that was taken out stay and count as 0 (docs/decisions/0055). `seen`: fingerprint of the act that is
    confirmed, as the page showed it."""
    if decision is Decision.CONFIRM:
        statement = queries.statement(consultation_id, number)
        shown = taking_out.OUT.fingerprint(statement)
        if seen not in (None, shown.hex()):
            raise Conflict(_("그 사이에 다른 사람이 정했어요."))
        taking_out.OUT.confirm(taking_out.subject_of(statement), seen=shown, by=by)
        return statement
    needs_reason = decision in (Decision.REFUSE, Decision.TAKE_OUT)
    why = words_given(why, rules.LEAST_TEXT, WHY_MOST, "why") if needs_reason else ""
    if decision is Decision.TAKE_OUT and out_for not in rules.OUT_FOR:
        raise Refusal(_("이유를 골라 주세요."), field="out_for")
    with use_case(by) as work:
        statement = _held(consultation_id, number, by)
        if reason := _why_not(statement, decision):
            raise Conflict(reason)
        if decision is Decision.PUT_BACK:
            taking_out.put_back(work, statement)
        else:
            _carry_out(work, statement, decision, why, out_for)
        work.record(f"opinions.statement_{decision}", statement)
        return statement


def _why_not(statement: Statement, decision: Decision) -> str | None:
    if decision in (Decision.PUBLISH, Decision.REFUSE):
        return None if statement.state is StatementState.WAITING else _("그 사이에 다른 사람이 정했어요.")
    if decision in (Decision.TAKE_OUT, Decision.META):
        return None if statement.is_asked else _("공개한 의견만 뺄 수 있어요.")
    if decision is Decision.NOT_META:
        return _("다른 운영자의 확인을 기다리고 있어요.") if statement.out_until else None
    if not (statement.is_taken_out or statement.out_until):
        return _("빠진 의견이 아니에요.")
    return _("운영 원칙에 따라 가린 의견이에요. 조치를 되돌리면 다시 물어요.") if statement.is_against_rules else None


def _carry_out(work: Work, statement: Statement, decision: Decision, why: str, out_for: str) -> None:
    if decision in MARKS:
        statement.is_meta = decision is Decision.META
    else:
        statement.why, statement.decided_at, statement.decided_by_id = why or None, work.at, work.actor.id
    if decision is Decision.PUBLISH:
        statement.state, statement.published_at = StatementState.PUBLISHED, work.at
    elif decision is Decision.REFUSE:
        statement.state = StatementState.REFUSED
    elif decision is Decision.TAKE_OUT:
        statement.hidden_at, statement.hidden_rule = work.at, out_for
    if decision in (Decision.TAKE_OUT, Decision.META):
        taking_out.begin(work, statement)
    if decision not in MARKS:
        work.emit(StatementDecided(statement.id))


def join(consultation_id: int, number: int, same_as: int, *, by: User) -> Statement:
    """Take a statement out because another one means the same. Answers are not joined (docs/decisions/0055)."""
    with use_case(by) as work:
        statement = _held(consultation_id, number, by)
        other = queries.statement(consultation_id, same_as)
        if other.id == statement.id or not other.is_asked or not statement.is_asked:
            raise Refusal(_("지금 묻고 있는 다른 의견의 번호를 적어 주세요."), field="same_as")
        statement.same_as_id = other.id
        statement.why = _("다른 의견과 뜻이 같아서 그 의견에 답을 모아요.")
        statement.decided_at, statement.decided_by_id = work.at, by.id
        taking_out.begin(work, statement)
        work.record("opinions.statement_joined", statement, same_as=other.number)
        work.emit(StatementDecided(statement.id))
        return statement


def _held(consultation_id: int, number: int, by: User) -> Statement:
    operations.held(consultation_id, by, may_moderate)
    return queries.statement(consultation_id, number)


def say_what_became(consultation_id: int, number: int, became: Became, text: str, url: str = "", *,
                    by: User) -> Statement:
    """Say what came of a statement, on its line of the result; its author is told."""
    text = words_given(text, rules.LEAST_TEXT, BECAME_MOST, "text")
    url = plain_text.clean(url)
    if url and (local_path(url, "") != url or len(url) > URL_MOST):
        raise Refusal(_("이 누리집의 주소를 /로 시작해서 적어 주세요."), field="url")
    with use_case(by) as work:
        operations.held(consultation_id, by, may_say_what_became)
        statement = queries.statement(consultation_id, number)
        if statement.state is not StatementState.PUBLISHED:
            raise Conflict(_("공개한 의견에만 쓸 수 있어요."))
        statement.became, statement.became_text, statement.became_url = became, text, url or None
        statement.became_at = work.at
        work.record("opinions.statement_answered", statement, became=became)
        work.emit(StatementAnswered(statement.id))
        return statement


def make_agenda(consultation_id: int, *, by: User) -> Agenda:
    """An agenda in preparation with the question of the consultation and what everybody shares in its result. Raises
    Denied, and Conflict where there is no last result or nothing in it is shared."""
    with use_case(by) as work:
        consultation = operations.held(consultation_id, by, may_make_agenda)
        shared = queries.shared_statements(consultation_id)
        if not shared:
            raise Conflict(_("모든 쪽이 함께하는 의견이 아직 없어요. 마지막 결과가 나온 뒤에 만들 수 있어요."))
        agenda = agendas.open_agenda(work, None, _agenda_question(consultation))
        agenda.summary = _agenda_summary(consultation, shared)
        agenda.summary_html = rich_text.render(agenda.summary)
        agenda.lead_department_id = consultation.department_id
        agenda.neighbourhoods = list(consultation.neighbourhoods)
        agendas.keep_version(work, agenda)
        consultation.agenda_id = agenda.id
        for statement in shared:
            _carried_on(work, statement, agenda)
        work.record("opinions.agenda_made", consultation, agenda=agenda.id,
                    statements=[statement.number for statement in shared])
        return agenda


def _agenda_question(consultation: Consultation) -> str:
    question = " ".join(consultation.question.split())
    return question if len(question) <= QUESTION_MOST else consultation.title


def _agenda_summary(consultation: Consultation, shared: Iterable[Statement]) -> str:
    head = _("‘%(title)s’ 질문에서 모든 쪽이 함께한 의견이에요. 의제에서는 어떻게 이룰지 함께 정해요.", title=consultation.title)
    lines = (_("“%(line)s” 어떻게 하면 될까요?", line=statement.text.translate(_PLAIN)) for statement in shared)
    return "\n".join([head.translate(_PLAIN), "", *(f"- {line}" for line in lines)])


def _carried_on(work: Work, statement: Statement, agenda: Agenda) -> None:
    """Say that a statement became an agenda, unless the office said something of it before."""
    if statement.became is not None:
        return
    statement.became, statement.became_at = Became.AGENDA, work.at
    statement.became_text = _("의제 ‘%(question)s’에서 어떻게 할지 함께 정해요.", question=agenda.question)
    work.emit(StatementAnswered(statement.id))

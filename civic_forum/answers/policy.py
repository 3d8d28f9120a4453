"""Permissions around an answer: of its author, at the desk, in the department, and of readers."""


from civic_forum.accounts.policy import account_permission, needs_account
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role, same_person
from civic_forum.blocks import kinds
from civic_forum.blocks.approval_rights import AnotherPerson, ApprovalRights
from civic_forum.blocks.kinds import Answerable
from civic_forum.platform import clock, settings
from civic_forum.platform.i18n import _, _l, local, today
from civic_forum.platform.policy import permission
from civic_forum.proposals.policy import is_public, may_read_hidden
from civic_forum.proposals.rules import Mover, State, allowed, state_now

from . import rules
from .rules import AnswerState, AssignmentState, SignedAs

CLOSED = (State.WITHDRAWN, State.MERGED)
STILL_OPEN = (State.GATHERING, State.LAPSED, State.ANSWER_DUE, State.IN_AGENDA)
"""States in which a proposal can still be passed on."""


def is_moderator(actor) -> bool:
    return actor.has(Role.MODERATOR)


def is_of(actor, department_id: int | None) -> bool:
    return department_id is not None and department_id in actor.department_ids()


def succeeds(actor, record) -> bool:
    """True if this department has or had it, or is the successor of the one that had."""
    return is_of(actor, record.department_id) or is_of(actor, record.department.successor_id)


def why_closed(case) -> str | None:
    """Reason of a proposal itself against being worked on."""
    if case.proposal.state is State.WITHDRAWN:
        return _("제안한 사람이 거둔 제안이라 답변하지 않아요.")
    if case.proposal.state is State.MERGED:
        return _("다른 제안과 합쳐졌어요. 이어 가는 제안에 답변해 주세요.")
    return None if is_public(case.proposal) else _("아직 공개하지 않은 제안이에요.")


def needs_lead(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if case.lead is None:
        return _("아직 맡은 부서가 없어요. 먼저 부서를 정해 주세요.")
    return None if is_of(actor, case.lead.department_id) else _("이 제안을 맡은 부서의 담당자만 할 수 있어요.")


def needs_author(actor, case) -> str | None:
    return None if actor.id == case.proposal.author_id else _("제안한 사람만 할 수 있어요.")


@account_permission("answers.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    if is_moderator(actor) or actor.department_ids():
        return None
    return _("운영자와 부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("answers.see_case")
def may_see_case(actor, case) -> str | None:
    """Moderators, the departments that work or worked on it, and every official while nobody does."""
    if reason := may_see_desk(actor):
        return reason
    if is_moderator(actor) or case.lead is None:
        return None
    if actor.department_ids() & {assignment.department_id for assignment in case.assignments}:
        return None
    return _("다른 부서가 맡은 제안이에요. 내부 기록은 맡은 부서만 봐요.")


@permission("answers.see_drafts")
def may_see_drafts(actor, case) -> str | None:
    """Permission to see drafts: what is not public yet stays inside the department that writes it."""
    return needs_account(actor) or (None if case.lead and is_of(actor, case.lead.department_id)
                                     else _("쓰는 중인 답변은 맡은 부서만 봐요."))


@permission("answers.see_note")
def may_see_note(actor, noted) -> str | None:
    """Permission to see notes between offices: moderators, those who work on it now, and whoever it was written by or
    to. `noted` is the case and the assignment."""
    case, assignment = noted
    if reason := needs_account(actor):
        return reason
    if is_moderator(actor) or actor.department_ids() & {task.department_id for task in (*case.at_work, assignment)}:
        return None
    return _("다른 부서가 맡은 제안이에요. 내부 기록은 맡은 부서만 봐요.")


@account_permission("answers.see_replies")
def may_see_replies(actor, case) -> str | None:
    """Permission to see what completes a proposal: for the department that answers, and for moderators."""
    if is_moderator(actor) or (case.lead is not None and is_of(actor, case.lead.department_id)):
        return None
    return _("다른 부서가 맡은 제안이에요. 내부 기록은 맡은 부서만 봐요.")


@account_permission("answers.see_contact")
def may_see_contact(actor, case) -> str | None:
    """Real name and contact, for those who work on the formal proposal."""
    if case.lead is None or not is_of(actor, case.lead.department_id):
        return _("이 제안을 맡은 부서의 담당자만 볼 수 있어요.")
    if case.filing is None or case.filing.name_sealed is None:
        return _("이름과 연락처가 없는 제안이에요.")
    return None


@permission("answers.reply")
def may_reply(actor, case) -> str | None:
    """The author completes the proposal; the clock goes on."""
    if reason := needs_account(actor) or needs_author(actor, case):
        return reason
    if case.duty is None or case.duty.paused_on is None:
        return _("지금은 보완을 기다리지 않아요.")
    return None


@permission("answers.file")
def may_file(actor, case) -> str | None:
    """The author makes it a formal proposal (정식 제안)."""
    if reason := needs_account(actor) or needs_author(actor, case):
        return reason
    if case.filing is not None:
        return _("이미 정식 제안으로 냈어요.")
    proposal = case.proposal
    if proposal.hidden_at is not None:
        return _("운영 원칙에 따라 가린 제안이에요.")
    if not allowed(state_now(proposal.state, proposal.gathering_ends_at, clock.now()), Mover.AUTHOR, State.ANSWER_DUE):
        return _("공감을 모으는 동안에만 정식 제안으로 낼 수 있어요.")
    return None


@permission("answers.ask_review")
def may_ask_review(actor, case) -> str | None:
    if reason := needs_account(actor) or needs_author(actor, case) or why_closed(case):
        return reason
    if case.review is not None:
        return _("재심사는 한 번만 요청할 수 있어요.")
    final = case.final
    if final is None or not rules.may_ask_review(final.outcome, local(final.published_at).date(), today()):
        return _("안 하기로 한 답변이 나온 뒤 15일 안에만 재심사를 요청할 수 있어요.")
    return None


@permission("answers.judge")
def may_judge(actor, answer) -> str | None:
    """Say whether one understood an answer to a proposal that one may read."""
    if reason := needs_account(actor) or may_read_hidden(actor, answer.proposal):
        return reason
    return None if answer.state is AnswerState.PUBLISHED else _("아직 공개하지 않은 답변이에요.")


@permission("answers.assign")
def may_assign(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    return None if is_moderator(actor) else _("운영자만 맡을 부서를 정할 수 있어요.")


@permission("answers.take")
def may_take(actor, case) -> str | None:
    """An official takes what was given to the own department, or what nobody has."""
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if not actor.department_ids():
        return _("부서 담당자만 맡을 수 있어요.")
    if case.lead is None or any(assignment.state is AssignmentState.ASKED and is_of(actor, assignment.department_id)
                                for assignment in case.at_work):
        return None
    return _("이미 맡은 부서가 있어요.")


@permission("answers.ask_department")
def may_ask_department(actor, case) -> str | None:
    return needs_lead(actor, case)


@permission("answers.return")
def may_return(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if any(is_of(actor, assignment.department_id) for assignment in case.at_work):
        return None
    return _("우리 부서에 온 제안만 돌려보낼 수 있어요.")


@permission("answers.refer")
def may_refer(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if not is_moderator(actor) and (reason := needs_lead(actor, case)):
        return reason
    if case.passed_on is not None:
        return _("이미 넘긴 제안이에요.")
    if case.final is not None or case.proposal.state not in STILL_OPEN:
        return _("이미 답변한 제안은 넘길 수 없어요.")
    return None


@permission("answers.undo_referral")
def may_undo_referral(actor, case) -> str | None:
    """Moderators, and the department that had it, answer here after all."""
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if case.passed_on is None:
        return _("넘긴 제안이 아니에요.")
    had_it = case.passed_on_by
    if not is_moderator(actor) and not (had_it and succeeds(actor, had_it)):
        return _("운영자나 넘긴 부서의 담당자만 되돌릴 수 있어요.")
    if case.final is not None or case.proposal.state not in (*STILL_OPEN, State.ANSWERED):
        return _("그 사이에 답변하거나 결정해서 되돌릴 수 없어요.")
    return None


@permission("answers.ask_completion")
def may_ask_completion(actor, case) -> str | None:
    if reason := needs_lead(actor, case):
        return reason
    if case.duty is None:
        return _("답변 기한이 있는 제안만 보완을 요청할 수 있어요.")
    if case.duty.paused_on is not None:
        return _("이미 보완을 요청했어요. 글쓴이의 답을 기다리고 있어요.")
    if rules.is_late(case.duty.due_on, None, today()):
        return _("답변 기한이 지나 시계를 멈출 수 없어요. 먼저 답변해 주세요.")
    return None


@permission("answers.carry_on")
def may_carry_on(actor, case) -> str | None:
    """Say that what was decided is being carried out, or done."""
    if reason := needs_lead(actor, case):
        return reason
    if case.proposal.state not in (State.DECIDED, State.IN_PROGRESS):
        return _("결정한 제안만 실행을 알릴 수 있어요.")
    return None


@permission("answers.write")
def may_write(actor, case) -> str | None:
    if reason := needs_lead(actor, case):
        return reason
    if case.final is not None and case.duty is None:
        return _("이미 최종 답변을 했어요. 고칠 것이 있으면 답변을 바로잡아 주세요.")
    if case.final is None and case.duty is None and case.proposal.state not in STILL_OPEN:
        return _("이 단계에서는 답변할 수 없어요.")
    return _why_waits(case)


def _why_waits(case) -> str | None:
    if case.draft is not None and case.draft.state is AnswerState.AWAITING_APPROVAL:
        return _("승인을 기다리는 답변이 있어요. 먼저 승인하거나 되돌려 주세요.")
    return None


def _needs_own(actor, answer) -> str | None:
    if reason := needs_account(actor):
        return reason
    if not succeeds(actor, answer):
        return _("답변한 부서의 담당자만 바로잡을 수 있어요.")
    return None if answer.state is AnswerState.PUBLISHED else _("아직 공개하지 않은 답변이에요.")


ANOTHER = AnotherPerson(same=same_person, is_asked=lambda: settings.value("ANSWERS_NEED_APPROVAL"),
                        refusal=_l("내가 쓴 답변은 같은 부서의 다른 담당자가 승인해요."))
RIGHTS = ApprovalRights(
    name="answers", needs=needs_lead, needs_own=_needs_own, draft=lambda case: case.draft,
    writer=lambda answer: people.by_id(answer.correction["by_id"]) if answer.correction else answer.written_by,
    none_waits=_l("승인을 기다리는 답변이 없어요."),
    another=ANOTHER).register()


# What is owed about something other than a proposal: the case is the duty


@permission("answers.see_duty")
def may_see_duty(actor, duty) -> str | None:
    """Moderators, and the department that owes it or owed it."""
    if reason := may_see_desk(actor):
        return reason
    return None if is_moderator(actor) or succeeds(actor, duty) else _("다른 부서가 맡은 일이에요.")


def needs_debtor(actor, duty) -> str | None:
    if reason := needs_account(actor):
        return reason
    if not is_of(actor, duty.department_id):
        return _("이 일을 맡은 부서의 담당자만 할 수 있어요.")
    return _("끝난 일이라 답변할 것이 없어요.") if duty.ended_at is not None else None


@account_permission("answers.pass_duty_on")
def may_pass_duty_on(actor, duty) -> str | None:
    """Moderators, and the department that has it, while nobody has answered."""
    return None if is_moderator(actor) and duty.ended_at is None else needs_debtor(actor, duty)


@permission("later_answers.write")
def may_write_later(actor, duty) -> str | None:
    return needs_debtor(actor, duty) or _why_waits(duty)


@permission("later_answers.sign_for")
def may_sign_for(actor, duty) -> str | None:
    """Sign what is answered about a visit as its head or the mayor: the head of the department that owes or owed it."""
    if reason := needs_account(actor):
        return reason
    about = kinds.with_capability(duty.about.kind, Answerable)
    if not about.is_of_visit(kinds.of(duty.about.kind).record(duty.about.id)):
        return _("찾아간 자리에서 들은 말에만 구청장이나 동장 이름으로 답해요.")
    return _why_not_delegated(actor, duty)


def _why_not_delegated(actor, duty) -> str | None:
    leads = any(grant.is_head and grant.department_id == duty.department_id for grant in actor.counting_grants)
    return None if leads else _("구청장이나 동장 이름은 부서장만 대신 쓸 수 있어요.")


def _why_not_signed(duty) -> str | None:
    return None if duty.draft.signed_as is SignedAs.DEPARTMENT else _why_not_delegated(duty.draft.written_by, duty)


LATER_RIGHTS = ApprovalRights(
    name="later_answers", needs=needs_debtor, needs_own=_needs_own, draft=lambda duty: duty.draft,
    why_not_yet=_why_not_signed, none_waits=_l("승인을 기다리는 답변이 없어요."), another=ANOTHER).register()

"""Permissions of the author of a proposal towards the office, and of anybody on an answer."""

from civic_forum.accounts.policy import needs_account
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import permission
from civic_forum.proposals.policy import may_read_hidden
from civic_forum.proposals.rules import Mover, State, allowed, state_now

from .. import rules
from ..rules import AnswerState
from .case import needs_author, today, why_closed


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

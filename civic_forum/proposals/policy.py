"""Permissions on a proposal: the record or what `queries.detail` read of it."""


from civic_forum.accounts.policy import account_permission, is_moderator, needs_account, why_muted
from civic_forum.platform import clock, settings
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from . import rules, labels
from .rules import State


def _state(proposal) -> State:
    return rules.state_now(proposal.state, proposal.gathering_ends_at, clock.now())


def _is_author(actor, proposal) -> bool:
    return actor.is_authenticated and actor.id == proposal.author_id


def _needs_author(actor, proposal) -> str | None:
    return needs_account(actor) or (None if _is_author(actor, proposal) else _("제안한 사람만 할 수 있어요."))


def _is_hidden(proposal) -> str | None:
    return _("운영 원칙에 따라 가린 제안이에요.") if proposal.hidden_at else None


def is_public(proposal) -> bool:
    """True if everybody may read it; one that was withdrawn while it was held never was."""
    return proposal.state in rules.PUBLIC and proposal.published_at is not None


@permission("proposals.read")
def may_read(actor, proposal) -> str | None:
    if is_public(proposal) or _is_author(actor, proposal):
        return None
    if is_moderator(actor) and proposal.number:
        return None
    return _("아직 공개하지 않은 제안이에요.")


@permission("proposals.read_hidden")
def may_read_hidden(actor, proposal) -> str | None:
    """The text of a hidden proposal; that it is hidden, everybody may know."""
    if not proposal.hidden_at or _is_author(actor, proposal) or is_moderator(actor):
        return None
    return _is_hidden(proposal)


@permission("proposals.write")
def may_write(actor, _subject=None) -> str | None:
    if reason := needs_account(actor) or why_muted(actor):
        return reason
    if settings.value("WHO_MAY_PROPOSE") == "residents" and not actor.is_resident:
        return _("주민 확인을 받은 뒤에 제안할 수 있어요. 내 정보에서 신청해 주세요.")
    return None


@permission("proposals.write_draft")
def may_write_draft(actor, proposal) -> str | None:
    if reason := _needs_author(actor, proposal) or why_muted(actor):
        return reason
    return None if proposal.state is State.DRAFT else _("이미 등록한 제안이에요.")


@permission("proposals.publish")
def may_publish(actor, proposal) -> str | None:
    return may_write(actor) or may_write_draft(actor, proposal)


@permission("proposals.edit")
def may_edit(actor, proposal) -> str | None:
    if reason := _needs_author(actor, proposal) or _is_hidden(proposal) or why_muted(actor):
        return reason
    if proposal.state not in rules.BEFORE_DECISION:
        return _("이 단계에서는 내용을 고칠 수 없어요.")
    return None


@permission("proposals.withdraw")
def may_withdraw(actor, proposal) -> str | None:
    if reason := _needs_author(actor, proposal):
        return reason
    if not rules.allowed(_state(proposal), rules.Mover.AUTHOR, State.WITHDRAWN):
        return _("이 단계에서는 거둘 수 없어요.")
    return None


@permission("proposals.support")
def may_support(actor, proposal) -> str | None:
    if reason := why_closed(proposal) or needs_account(actor, once=True):
        return reason
    return _("내가 쓴 제안에는 공감할 수 없어요. 이웃에게 알려 주세요.") if _is_author(actor, proposal) else None


def why_closed(proposal) -> str | None:
    """Reason why nobody can support it any more, or yet."""
    state, step = _state(proposal), rules.next_step(proposal.steps, max(proposal.step_reached, proposal.threshold))
    if not rules.takes_support(state, proposal.gathering_ends_at, step, clock.now()):
        return str(labels.WHY_NO_SUPPORT[state])
    return _is_hidden(proposal)


@permission("proposals.follow")
def may_follow(actor, proposal) -> str | None:
    return needs_account(actor) or _is_hidden(proposal) or (None if is_public(proposal) else _("아직 공개하지 않은 제안이에요."))


@permission("proposals.comment")
def may_comment(_actor, proposal) -> str | None:
    """Reason of the proposal itself against comments; who may write them is decided there."""
    if reason := _is_hidden(proposal):
        return reason
    if proposal.state not in rules.TAKES_COMMENTS:
        return str(labels.WHY_NO_COMMENTS.get(proposal.state) or _("이 제안에는 댓글을 쓸 수 없어요."))
    return None


@account_permission("proposals.check")
def may_check(actor, _subject=None) -> str | None:
    """See what is held, as a moderator."""
    return None if is_moderator(actor) else _("운영자만 할 수 있어요.")


@permission("proposals.approve")
def may_approve(actor, proposal) -> str | None:
    if reason := may_check(actor):
        return reason
    if _is_author(actor, proposal):
        return _("내가 쓴 제안은 다른 운영자가 확인해요.")
    return None if proposal.state is State.HELD else _("이미 확인이 끝난 제안이에요.")

"""Permissions on a project: the record with its round, whose phases are loaded."""


from civic_forum.accounts.policy import needs_account, why_muted
from civic_forum.platform import clock, settings
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission
from civic_forum.proposals import policy as proposals
from civic_forum.proposals.rules import TAKES_COMMENTS

from .. import rules as phases
from ..policy import is_moderator, may_read, why_frozen
from ..rules import EDITABLE, Phase, ProjectState, may_move
from . import rules
from .rules import Hand

CLOSED = frozenset((ProjectState.WITHDRAWN, ProjectState.MERGED))


def phases_on(budget_round) -> list[Phase]:
    """The phases of a round in which something may be done now; mostly one."""
    now = clock.now()
    return [phase for phase in Phase if phases.is_on(budget_round.phases, phase, now)]


def is_proposer(actor, project) -> bool:
    return actor.is_authenticated and project.author_id is not None and actor.id == project.author_id


def answers_for(actor, project) -> bool:
    """True if somebody is an official of the department that answers for it."""
    return (actor.is_authenticated and project.department_id is not None
            and project.department_id in actor.department_ids())


def hands(actor, project) -> list[Hand]:
    """In which roles somebody may change it at all, the nearest first; who proposed it is nothing else to it."""
    if is_proposer(actor, project):
        return [Hand.PROPOSER]
    roles = ((Hand.OFFICIAL, answers_for(actor, project)), (Hand.MODERATOR, is_moderator(actor)))
    return [hand for hand, has in roles if has]


@permission("budgets.hand_in")
def may_hand_in(actor, budget_round) -> str | None:
    """While projects are collected: who may propose, and moderators."""
    if reason := may_read(actor,
                          budget_round) or why_not_collecting(budget_round) or needs_account(actor) or why_muted(actor):
        return reason
    if settings.value("WHO_MAY_PROPOSE") == "residents" and not actor.is_resident and not is_moderator(actor):
        return _("주민 확인을 받은 뒤에 사업을 낼 수 있어요. 내 정보에서 신청해 주세요.")
    return None


def why_not_nobody(budget_round) -> str | None:
    """Reason against a project that somebody without an account hands in at a window."""
    return why_not_collecting(budget_round) or (
        _("주민 확인을 받은 분만 사업을 낼 수 있어요. 창구 번호를 받거나, 본인 확인을 하고 온라인에서 내게 해 주세요.")
        if settings.value("WHO_MAY_PROPOSE") == "residents" else None)


def why_not_collecting(budget_round) -> str | None:
    if reason := why_frozen(budget_round):
        return reason
    if budget_round.announced_at is None:
        return _("아직 알리지 않은 주민참여예산이에요.")
    if Phase.COLLECTING not in phases_on(budget_round):
        return _("지금은 사업을 받는 때가 아니에요. 진행 일정을 확인해 주세요.")
    return None


@permission("budgets.make_project_of")
def may_make_project_of(actor, proposal) -> str | None:
    """Turn a proposal into a project: its author, and moderators."""
    if reason := needs_account(actor) or why_muted(actor):
        return reason
    if not proposals.is_public(proposal) or proposal.hidden_at or proposal.state not in TAKES_COMMENTS:
        return _("공개돼 있고 거두거나 합치지 않은 제안만 사업으로 낼 수 있어요.")
    if actor.id != proposal.author_id and not is_moderator(actor):
        return _("제안한 사람과 운영자만 이 제안을 사업으로 낼 수 있어요.")
    return None


@permission("budgets.read_project")
def may_read_project(actor, project) -> str | None:
    return may_read(actor, project.round)


@permission("budgets.read_hidden_project")
def may_read_hidden(actor, project) -> str | None:
    """The text of a hidden project; that it is hidden, everybody may know."""
    if not project.hidden_at or is_proposer(actor, project) or is_moderator(actor):
        return None
    return _("운영 원칙에 따라 가린 사업이에요.")


def _why_not_change(actor, project) -> str | None:
    return needs_account(actor) or why_not_change(project)


def why_not_change(project) -> str | None:
    """Reason of the project itself against any change."""
    if reason := why_frozen(project.round):
        return reason
    return None if project.state in EDITABLE else _("이 단계에서는 사업을 고칠 수 없어요.")


@permission("budgets.edit_project")
def may_edit_project(actor, project) -> str | None:
    """Its proposer while projects are collected and adjusted; its department and moderators while they are reviewed and
    adjusted."""
    if reason := _why_not_change(actor, project) or why_muted(actor):
        return reason
    if project.hidden_at:
        return _("운영 원칙에 따라 가린 사업이에요.")
    own = hands(actor, project)
    if not own:
        return _("제안한 사람, 담당 부서, 운영자만 고칠 수 있어요.")
    if rules.may_change(own, phases_on(project.round)) is None:
        return _("지금은 고치는 때가 아니에요. 진행 일정을 확인해 주세요.")
    return None


def hand_of(actor, project) -> Hand | None:
    """In which role somebody changes it now."""
    return rules.may_change(hands(actor, project), phases_on(project.round))


def may_place(actor, project) -> bool:
    """True if whoever may edit it may also say to which envelope, neighbourhood, subject and kind it belongs: its
    proposer while projects are collected, moderators."""
    by_office = is_moderator(actor) and not is_proposer(actor, project)
    return by_office or Phase.COLLECTING in phases_on(project.round)


@permission("budgets.withdraw_project")
def may_withdraw(actor, project) -> str | None:
    """Its proposer, until the vote is opened."""
    if reason := _why_not_change(actor, project):
        return reason
    if not is_proposer(actor, project):
        return _("제안한 사람만 거둘 수 있어요.")
    return None


@permission("budgets.merge_project")
def may_merge(actor, project) -> str | None:
    """Let another project carry it on."""
    if reason := _why_not_change(actor, project):
        return reason
    if not is_moderator(actor):
        return _("운영자만 사업을 합칠 수 있어요.")
    return None if may_move(project.state, ProjectState.MERGED) else _("이 단계에서는 합칠 수 없어요.")


@permission("budgets.comment")
def may_comment(_actor, project) -> str | None:
    """Reason of the project itself against comments; who may write them is decided there."""
    if project.hidden_at:
        return _("운영 원칙에 따라 가린 사업이에요.")
    if project.state in CLOSED:
        return _("거두었거나 합친 사업에는 댓글을 쓸 수 없어요.")
    return None

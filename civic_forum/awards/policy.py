"""Permissions in a round of awards. `case` is a nominee with its round, its author and the jury."""

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.answers.rules import AnswerOutcome
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import permission
from civic_forum.proposals.policy import is_public

from . import rules
from .rules import RoundState

WORTH = (AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED, AnswerOutcome.ALREADY_DONE, AnswerOutcome.LONG_TERM)
"""What the office answered to a proposal that can be nominated."""


@account_permission("awards.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    """Everybody with a role: any of them can be on a jury."""
    return None if actor.roles - {Role.READER} else _("담당자와 심사위원만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@account_permission("awards.manage")
def may_manage(actor, _subject=None) -> str | None:
    return None if actor.has(Role.MODERATOR) else _("운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("awards.prepare")
def may_prepare(actor, round_) -> str | None:
    """Choose the jury, and begin with scoring."""
    if reason := may_manage(actor):
        return reason
    return None if round_.state is RoundState.NOMINATING else _("후보 추천이 끝난 포상이에요.")


@account_permission("awards.nominate")
def may_nominate(actor, round_) -> str | None:
    if not actor.has(Role.MODERATOR) and not actor.department_ids():
        return _("운영자와 부서 담당자만 추천할 수 있어요.")
    return None if round_.state is RoundState.NOMINATING else _("후보 추천이 끝난 포상이에요.")


def why_not_worth(actor, proposal, outcome: str | None) -> str | None:
    """Reason of a proposal itself against being nominated; `outcome` is that of its last final answer."""
    if not is_public(proposal) or proposal.hidden_at is not None or proposal.state in rules.GONE:
        return _("거두었거나 가린 제안은 추천할 수 없어요.")
    if outcome not in WORTH:
        return _("부서가 하기로 했거나 검토하기로 답변한 제안만 추천할 수 있어요.")
    return _("내가 쓴 제안은 다른 담당자가 추천해요.") if actor.id == proposal.author_id else None


@permission("awards.score")
def may_score(actor, case) -> str | None:
    if reason := may_see_desk(actor):
        return reason
    if actor.id not in case.jury:
        return _("이 포상의 심사위원만 점수를 낼 수 있어요.")
    if rules.is_own(actor.id, actor.person_id, case.author.id, case.author.person_id):
        return _("내가 쓴 제안은 심사할 수 없어요. 다른 심사위원이 심사해요.")
    if case.round.state is not RoundState.SCORING:
        return _("지금은 심사하는 때가 아니에요.")
    if local(clock.now()).date() > case.round.scores_until:
        return _("심사 기한이 지났어요.")
    if not case.stands:
        return _("후보에서 빠진 제안이라 심사하지 않아요.")
    return _("이미 점수를 냈어요. 낸 점수는 바꿀 수 없어요.") if actor.id in case.scored_by else None


@permission("awards.publish")
def may_publish(actor, panel) -> str | None:
    """`panel` is the whole round. Who sees the scores before is nobody: they are shown here when all are in."""
    if reason := may_manage(actor):
        return reason
    if panel.round.state is RoundState.PUBLISHED:
        return _("이미 발표한 포상이에요.")
    if panel.round.state is RoundState.NOMINATING:
        return _("아직 심사를 시작하지 않았어요.")
    if not rules.may_publish_on(local(clock.now()).date(), panel.round.scores_until, panel.waiting):
        return _("아직 내지 않은 점수가 %(count)s개 있어요. 모두 내거나 심사 기한이 지나면 발표할 수 있어요.", count=panel.waiting)
    return None


@account_permission("awards.decline")
def may_decline(actor, case) -> str | None:
    if actor.id != case.author.id:
        return _("제안한 사람만 할 수 있어요.")
    if case.round.state is RoundState.PUBLISHED:
        return _("이미 발표한 포상이에요. 구청에 문의해 주세요.")
    return _("이미 포상을 받지 않기로 했어요.") if case.nominee.declined_at else None

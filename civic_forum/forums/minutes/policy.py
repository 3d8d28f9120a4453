"""Permissions to draft, correct and sign the minutes."""

from civic_forum.accounts.policy import account_permission, needs_account, why_muted
from civic_forum.platform.i18n import _, end
from civic_forum.platform.policy import permission

from .. import labels
from ..policy import ForumContext, is_moderator, runs
from ..rules import Duty, Stage


def _why_not_over(at: ForumContext) -> str | None:
    if at.forum.stage is Stage.FINISHED:
        return None
    return _("%(gathering)s 마친 뒤에 회의록을 만들어요.", gathering=labels.named(at.forum.form, "을/를"))


@account_permission("forums.keep_minutes")
def may_keep(actor, at: ForumContext) -> str | None:
    """Make the draft, answer corrections, publish what was corrected: host or moderator, until it is signed."""
    if not runs(actor, at):
        return _("진행자와 운영자만 할 수 있어요.")
    if at.forum.signed_version is not None:
        return _("회의록에 이미 서명했어요.")
    return _why_not_over(at)


@permission("forums.correct_minutes")
def may_correct(actor, at: ForumContext) -> str | None:
    """Say what is wrong: who took part, for a week. `at.thing` is the standing of the minutes."""
    if reason := needs_account(actor) or why_muted(actor):
        return reason
    if not (at.standing.takes_part or is_moderator(actor)):
        return _("함께한 분만 고칠 곳을 알릴 수 있어요.")
    if at.thing.latest is None:
        return _("아직 회의록이 없어요.")
    if at.forum.signed_version is not None:
        return _("회의록에 서명했어요. 이제 고칠 수 없어요.")
    if at.now >= at.thing.corrections_until:
        return _("%(until)s까지 고칠 곳을 받았어요.", until=end(at.thing.corrections_until))
    return None


@account_permission("forums.sign_minutes")
def may_sign(actor, at: ForumContext) -> str | None:
    """Sign, with one's password: the host; a moderator where no host has an account. `at.thing` is the standing of the
    minutes."""
    hosts = any(duty.duty is Duty.HOST and duty.user_id for duty in at.forum.duties)
    if Duty.HOST not in at.standing.duties and (hosts or not is_moderator(actor)):
        return _("진행자가 서명해요.")
    if at.forum.signed_version is not None:
        return _("회의록에 이미 서명했어요.")
    if at.thing.latest is None:
        return _("먼저 회의록 초안을 만들어 주세요.")
    if at.now < at.thing.corrections_until:
        return _("%(until)s까지 고칠 곳을 받아요. 그 뒤에 서명할 수 있어요.", until=end(at.thing.corrections_until))
    return _("아직 답하지 않은 고칠 곳이 있어요.") if at.thing.open_corrections else None

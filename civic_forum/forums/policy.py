"""Roles at a forum: the ground of the policies of all subjects.

The subject of each predicate is `ForumContext`: the forum and what the actor is there, read under the lock by whoever
asks.
"""

from dataclasses import dataclass
from datetime import datetime

from civic_forum.accounts.policy import account_permission, is_moderator, needs_account, why_guest, why_muted
from civic_forum.accounts.rules import Role
from civic_forum.blocks.extensions import PREPARERS
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from . import labels
from .extensions import READERS
from .models import Forum
from .rules import Duty, Form, Stage

WATCHING = frozenset((Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR))
"""See a forum that is being prepared."""


@dataclass(frozen=True)
class ForumContext:
    """A forum, and what the actor is there (`queries.Attendance`)."""

    forum: Forum
    standing: object
    now: datetime
    thing: object = None
    """What it is about, where that is more than the forum: a question, a table."""


@permission("forums.read")
def may_read(actor, forum: Forum) -> str | None:
    """Everybody once it is announced; before that those who prepare it, and of a closed one who sits in its body."""
    if forum.announced_at is not None or forum.is_closed and any(READERS.ask(actor, forum)):
        return None
    watches = actor.is_authenticated and actor.roles & WATCHING and not forum.is_closed
    return None if watches or may_prepare(actor, forum) is None else _("아직 알리지 않았어요.")


@account_permission("forums.prepare")
def may_prepare(actor, forum: Forum | None = None) -> str | None:
    """Make and edit a gathering, and see what the desk knows of it: moderators all but inner visits, officials what
    their department holds, clerks visits of their neighbourhood. Without one: any."""
    is_closed = forum is not None and forum.is_closed
    if is_closed and forum.form is not Form.VISIT:
        return _("공개하지 않는 회의예요.")
    if is_moderator(actor) and not is_closed:
        return None
    departments, places = actor.department_ids(), actor.neighbourhood_ids()
    if forum is None:
        return None if departments or places else _(
            "운영자와 부서 담당자, 동 담당자만 준비할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    if forum.department_id in departments or is_own_visit(actor, forum) or any(PREPARERS.ask(actor, forum)):
        return None
    return _("운영자와 여는 부서의 담당자만 준비할 수 있어요. 찾아가는 날은 그 동의 담당자도 준비할 수 있어요.")


def is_own_visit(actor, forum: Forum) -> bool:
    """True for a visit in a neighbourhood of this clerk."""
    return forum.form is Form.VISIT and forum.neighbourhood_id in actor.neighbourhood_ids()


@account_permission("forums.oversee")
def may_oversee(actor, _subject=None) -> str | None:
    """Do what is nobody's own: answer for forums that are owed, for minutes, for promises without a department."""
    return None if is_moderator(actor) else _("운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


def why_not_live(at: ForumContext) -> str | None:
    if at.forum.stage is Stage.LIVE:
        return None
    if at.forum.stage is Stage.FINISHED:
        return _("%(gathering)s 마쳤어요. 이제 기록만 볼 수 있어요.", gathering=labels.named(at.forum.form, "을/를"))
    return _("아직 %(gathering)s 시작하지 않았어요.", gathering=labels.named(at.forum.form, "을/를"))


def runs(actor, at: ForumContext) -> bool:
    return is_moderator(actor) or actor.is_authenticated and Duty.HOST in at.standing.duties


@account_permission("forums.run")
def may_run(actor, at: ForumContext) -> str | None:
    """Lead it while it is live: programme, floor, pulses, tables, mutes. The host, or any moderator."""
    return why_not_live(at) if runs(actor, at) else _("진행자와 운영자만 할 수 있어요.")


@account_permission("forums.lead")
def may_lead(actor, at: ForumContext) -> str | None:
    """See the host's console, at any stage."""
    return None if runs(actor, at) else _("진행자와 운영자만 볼 수 있어요.")


@permission("forums.take_part")
def may_take_part(actor, at: ForumContext) -> str | None:
    """Respond to what is asked while it is live, without writing: support a question, answer a pulse."""
    if reason := needs_account(actor, once=True):
        return reason
    if reason := why_not_live(at):
        return reason
    if at.standing.takes_part or is_moderator(actor):
        return None
    return _("참여 신청을 한 분만 할 수 있어요. 자리가 남아 있으면 지금 신청할 수 있어요.")


@permission("forums.write")
def may_write(actor, at: ForumContext) -> str | None:
    """Write, ask or speak while it is live: who takes part and is not muted, here or everywhere."""
    if reason := may_take_part(actor, at) or why_guest(actor) or why_muted(actor):
        return reason
    return _("진행자가 지금은 글과 발언을 멈추게 했어요. 듣고 볼 수는 있어요.") if at.standing.is_muted else None

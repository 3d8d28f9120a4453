"""Use-cases of preparing, announcing, opening and closing a forum."""

from types import SimpleNamespace

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import check_lengths, words_given
from civic_forum.platform.work import use_case
from civic_forum.proposals.queries import records as proposals

from ..events import ForumClosed, ForumOpened
from ..models import Forum, ForumDuty
from ..operations import add_event, end_everything, entered
from ..policy import may_oversee, may_run
from ..rules import Duty, ForumEventKind
from . import queries, rules
from .parts import Holder, Times, Wording
from .policy import may_edit, may_open
from .process import PROCESS, new


def create(slug: str | None, holder: Holder, wording: Wording, times: Times, *, by: User) -> Forum:
    """A forum that only those who prepare it see; everything else is filled in afterwards. Without a slug its address
    is made from its title.

    Raises Refusal naming the field, Conflict for an address that is taken.
    """
    with use_case(by) as work:
        forum = new(work, slug, holder, wording, times)
        work.record("forums.made", forum)
        return forum


def appoint(forum_id: int, duty: Duty, *, sign_in_name: str = "", name: str = "", about: str = "", topic: str = "",
            version: int, by: User) -> ForumDuty:
    """Name who does something at the forum: an account by its sign-in name, or a name alone.

    Only an account can lead on the site or type captions, so host and captioner need one. Raises Refusal at the field.
    """
    check_lengths(SimpleNamespace(name=name, about=about, topic=topic), {"name": 60, "about": 100, "topic": 200})
    if not sign_in_name and (duty in (Duty.HOST, Duty.CAPTIONER) or not name):
        raise Refusal(_("진행과 속기는 이 누리집에서 하니까 로그인 이름을 적어 주세요. 패널과 통역사는 이름만 적어도 돼요."),
                      field="sign_in_name")
    with PROCESS.editing(forum_id, version, may_edit, by) as edit:
        work, forum = edit.work, edit.record
        user = users.by_name(sign_in_name) if sign_in_name else None
        if sign_in_name and (user is None or not user.is_active):
            raise Refusal(_("이런 로그인 이름을 쓰는 사람이 없어요. 다시 확인해 주세요."), field="sign_in_name")
        if len(forum.duties) >= rules.MOST_DUTIES:
            raise Conflict(_("사람은 %(most)s명까지 넣을 수 있어요.", most=rules.MOST_DUTIES))
        if user is not None and any(other.duty is duty and other.user_id == user.id for other in forum.duties):
            raise Conflict(_("이미 그 일을 맡은 사람이에요."), field="sign_in_name")
        appointed = ForumDuty(forum_id=forum.id, duty=duty, user_id=user and user.id, name=None if user else name,
                              about=about or None, topic=topic or None)
        work.session.add(appointed)
        edit.details |= {"part": "duty", "duty": str(duty), "user": user.id if user else 0}
        return appointed


def dismiss(forum_id: int, duty_id: int, *, version: int, by: User) -> None:
    """Somebody does it no longer; what they may do ends with it."""
    with PROCESS.editing(forum_id, version, may_edit, by) as edit:
        work, forum = edit.work, edit.record
        gone = queries.duty(forum.id, duty_id)
        work.session.delete(gone)
        edit.details |= {"part": "duty_ended", "duty": str(gone.duty), "user": gone.user_id or 0}


def open_forum(forum_id: int, key: str = "", *, by: User) -> Forum:
    """Open it: from now on people write, ask and speak."""
    with use_case(by) as work:
        forum = entered(work, forum_id, by, may_open).forum
        if reason := PROCESS.why_not_in_season(forum):
            raise Conflict(reason)
        forum.opened_at = work.at
        add_event(work, forum, ForumEventKind.FORUM_OPENED, key=key)
        work.record("forums.opened", forum)
        work.emit(ForumOpened(forum.id))
        return forum


def close_forum(forum_id: int, key: str = "", *, by: User) -> Forum:
    """Close it: whatever still runs ends with it, and nothing is written any more."""
    with use_case(by) as work:
        forum = entered(work, forum_id, by, may_run).forum
        end_everything(work, forum)
        forum.closed_at, forum.floor_open, forum.chat_open = work.at, False, False
        add_event(work, forum, ForumEventKind.FORUM_CLOSED, key=key)
        work.record("forums.closed", forum)
        work.emit(ForumClosed(forum.id))
        return forum


def decline_call(call_id: int, *, reason: str, by: User) -> None:
    """Tell everybody why there is no forum about a proposal that reached the step for one."""
    reason = words_given(reason, 5, journeys.MOST_EVIDENCE, "reason")
    with use_case(by) as work:
        call = queries.call(call_id)
        proposal = proposals.locked(call.proposal_id)
        work.session.refresh(call)
        require(by, may_oversee)
        if call.ended_at is not None:
            raise Conflict(_("그 사이에 공론장을 알렸거나 이유를 적었어요."))
        call.ended_at = work.at
        journeys.add(work.session, proposal.journey_id, "forum_declined", at=work.at, evidence=reason)
        work.record("forums.declined_call", proposal)

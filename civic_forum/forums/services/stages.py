"""From a forum that is prepared to one that is announced, open and over."""

from civic_forum.accounts.models import User
from civic_forum.ballots.queries.seasons import seasons
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import use_case

from .. import labels
from ..events import ForumAnnounced, ForumClosed, ForumOpened
from ..models import Forum
from ..policy.acting import may_run
from ..policy.preparing import may_announce, may_arrange, may_open
from ..queries import preparing, records
from ..rules.kinds import ForumEventKind
from ..steps import closing, event_log
from . import opening


def announce(forum_id: int, *, by: User) -> Forum:
    """Let everybody see it, and register. Raises Conflict for what is missing, and in election season until somebody
    took that upon themselves."""
    with use_case(by) as work:
        forum = records.locked(forum_id)
        require(by, may_announce, forum)
        if missing := preparing.missing(forum, work.at):
            raise Conflict(labels.MISSING[missing[0]])
        if reason := why_not_in_season(forum):
            raise Conflict(reason)
        forum.announced_at = work.at
        forum.version += 1
        work.record("forums.announced", forum)
        work.emit(ForumAnnounced(forum.id))
        return forum


def accept_season(forum_id: int, *, by: User) -> Forum:
    """Take it upon oneself that the forum is held in an election season; who did is public."""
    with use_case(by) as work:
        forum = records.locked(forum_id)
        require(by, may_arrange, forum)
        season = preparing.season_of(forum, seasons())
        if season is None:
            raise Conflict(_("선거 기간과 겹치지 않는 공론장이에요."))
        if forum.season_accepted_at is not None:
            raise Conflict(_("이미 확인한 공론장이에요."))
        forum.season_accepted_at, forum.season_accepted_by_id = work.at, by.id
        work.record("forums.season_accepted", forum, season=season.id)
        return forum


def why_not_in_season(forum: Forum) -> str | None:
    """Refusal near an election, unless somebody answers for holding the forum all the same."""
    season = preparing.season_of(forum, seasons())
    if season is None or forum.season_accepted_at is not None:
        return None
    return _("선거 기간(%(name)s)과 겹쳐요. 그래도 열려면 공론장 준비 화면에서 한 번 더 확인해 주세요.", name=season.name)


def begin(forum_id: int, key: str = "", *, by: User) -> Forum:
    """Open it: from now on people write, ask and speak."""
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_open).forum
        if reason := why_not_in_season(forum):
            raise Conflict(reason)
        forum.opened_at = work.at
        event_log.add(work, forum, ForumEventKind.FORUM_OPENED, key=key)
        work.record("forums.opened", forum)
        work.emit(ForumOpened(forum.id))
        return forum


def end(forum_id: int, key: str = "", *, by: User) -> Forum:
    """Close it: whatever still runs ends with it, and nothing is written any more."""
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        closing.end_everything(work, forum)
        forum.closed_at, forum.floor_open, forum.chat_open = work.at, False, False
        event_log.add(work, forum, ForumEventKind.FORUM_CLOSED, key=key)
        work.record("forums.closed", forum)
        work.emit(ForumClosed(forum.id))
        return forum

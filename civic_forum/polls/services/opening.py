"""From a poll that is filled in to a box that two officials may open."""

from civic_forum.accounts.models import User
from civic_forum.ballots.queries.seasons import seasons
from civic_forum.ballots.steps import opening, rolls
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import use_case

from .. import readiness, steps
from ..definition import definition
from ..events import PollAnnounced
from ..models import Poll
from ..policy import may_announce, may_prepare_opening, why_not_prepared
from ..queries import records


def announce(poll_id: int, *, by: User) -> Poll:
    """Let everybody see it. The numbers of its options are fixed from now on."""
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_announce, poll)
        _refuse_unready(poll)
        poll.announced_at = work.at
        poll.version += 1
        steps.keep_in_step(work.session, poll)
        work.record("polls.announced", poll)
        work.emit(PollAnnounced(poll.id))
        return poll


def prepare(poll_id: int, *, by: User | None) -> Poll:
    """Make the box with its key, or bring it up to date: from now on two officials can open it.

    `by` is None for the command of whoever runs the server, which two officials confirm afterwards.

    Fixes the roll if its day has come and nobody did. Raises Conflict for what is missing, for an imported
    list that is not there, and in election season until somebody took that upon themselves.
    """
    with use_case(by) as work:
        poll = records.locked(poll_id)
        if by is not None:
            require(by, may_prepare_opening, poll)
        elif reason := why_not_prepared(poll):
            raise Conflict(reason)
        _refuse_unready(poll)
        steps.keep_in_step(work.session, poll)
        if reason := why_not_in_season(poll):
            raise Conflict(reason)
        rolls.fix_for_opening(work, poll.roll)
        if poll.box is None:
            poll.box = opening.prepare_box(work.session, poll.subject, definition(poll), roll_id=poll.roll_id,
                                           at=work.at)
        work.record("polls.opening_prepared", poll, fingerprint=poll.box.fingerprint.hex())
        return poll


def accept_season(poll_id: int, *, by: User) -> Poll:
    """Take it upon oneself that the vote is held in an election season; who did is public."""
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_prepare_opening, poll)
        season = readiness.season_of(poll, seasons())
        if season is None:
            raise Conflict(_("선거 기간과 겹치지 않는 투표예요."))
        if poll.season_accepted_at is not None:
            raise Conflict(_("이미 확인한 투표예요."))
        poll.season_accepted_at, poll.season_accepted_by_id = work.at, by.id
        work.record("polls.season_accepted", poll, season=season.id)
        return poll


def why_not_in_season(poll: Poll) -> str | None:
    """Refusal near an election, unless somebody answers for holding the vote all the same."""
    season = readiness.season_of(poll, seasons())
    if season is None or poll.season_accepted_at is not None:
        return None
    return _("선거 기간(%(name)s)과 겹쳐요. 그래도 열려면 투표 준비 화면에서 한 번 더 확인해 주세요.", name=season.name)


def _refuse_unready(poll: Poll) -> None:
    if reason := steps.why_not_ready(poll):
        raise Conflict(reason)

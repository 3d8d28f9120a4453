"""What polls mean to the rest of the site."""

from civic_forum.ballots import subjects
from civic_forum.ballots.models import BallotBox
from civic_forum.kernel import hooks, rich_text
from civic_forum.kernel.i18n import _
from civic_forum.search import steps as search

from . import steps
from .definition import definition
from .events import PollAnnounced, PollEdited
from .models import Poll
from .queries import records
from .services import opening

KIND = "poll"


@hooks.on(PollAnnounced)
@hooks.on(PollEdited)
def make_findable(fact, session) -> None:
    poll = session.get_one(Poll, fact.poll_id)
    if poll.announced_at is None:
        return
    options = " ".join(f"{one.title} {one.text}" for one in poll.options)
    body = f"{poll.question} {rich_text.text_of(poll.description_html)} {options}"
    search.put(session, KIND, poll.id, title=poll.title, body=body, at=poll.announced_at)


def _of(box: BallotBox) -> Poll:
    return records.by_subject(box.subject)


def _box_named(name: str) -> BallotBox | None:
    poll = records.slugged(name)
    return poll.box if poll else None


def _why_not_open(box: BallotBox) -> str | None:
    """Filled in, announced, and not in an election season that nobody answered for."""
    poll = _of(box)
    if poll.announced_at is None:
        return _("먼저 투표를 알려 주세요.")
    return steps.why_not_ready(poll) or opening.why_not_in_season(poll)


subjects.register(subjects.Subject(
    kind=KIND, title=lambda box: _of(box).title, url=lambda box: f"/polls/{_of(box).slug}",
    definition=lambda box: definition(_of(box)), find=_box_named, why_not_open=_why_not_open,
    desk_url=lambda box: f"/desk/polls/{_of(box).slug}"))

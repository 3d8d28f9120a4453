"""A rehearsal (예행연습): a copy of the poll with a box of its own, open at once, for those who are invited."""

from collections.abc import Iterable
from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.ballots import heads
from civic_forum.ballots.events import BoxOpened
from civic_forum.ballots.steps import opening, rehearsing, rolls
from civic_forum.blocks.parts import copied
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..definition import definition
from ..models import Option, Poll
from ..parts import PARTS, OptionText
from ..policy import may_rehearse
from ..process import gaps
from ..queries import records


def rehearse(poll_id: int, names: Iterable[str], *, hours: int, by: User) -> Poll:
    """Open a rehearsal for the people of these sign-in names and whoever starts it.

    Raises Refusal naming somebody who is not there, Conflict for a poll that misses something.
    """
    rehearsing.check_hours(hours)
    with use_case(by) as work:
        poll = records.locked(poll_id)
        require(by, may_rehearse, poll)
        for gap in gaps(poll):
            raise Refusal(str(gap.sentence))
        people = rehearsing.invited(names, by)
        now = database_now().replace(microsecond=0)
        copy = _copy(work, poll)
        copy.opens_at, copy.closes_at = now, now + timedelta(hours=hours)
        copy.roll = rolls.roll_of(work.session, people, fixed_on=local(now).date(), at=work.at)
        work.session.flush()
        parts = definition(copy)
        if "draw" in parts:
            parts["draw"] = str(rehearsing.DRAW)
        copy.box = opening.prepare_box(work.session, copy.subject, parts, roll_id=copy.roll.id, at=work.at,
                                       rehearsal=True)
        opening.open_box(copy.box, at=now)
        work.record("polls.rehearsed", poll, rehearsal=copy.id, people=len(people))
        work.emit(BoxOpened(copy.box.id, copy.subject))
    heads.keep(copy.box.id)
    return copy


def _copy(work: Work, poll: Poll) -> Poll:
    number = len(records.rehearsals_of(poll.id)) + 1
    copy = Poll(slug=f"{poll.slug[:44]}-rehearsal-{number}", rehearsal_of_id=poll.id, created_by_id=work.actor.id,
                created_at=work.at, announced_at=work.at, **copied(poll, PARTS.values(), "roll_check_from",
                                                                   "roll_check_to", "paper_until"))
    copy.options = [Option(number=one.number, attachment_id=one.attachment_id, **copied(one, (OptionText,)))
                    for one in poll.options]
    work.session.add(copy)
    work.session.flush()
    return copy

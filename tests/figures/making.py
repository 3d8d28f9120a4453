"""People who take part, ready-made: everything two days before the clock unless said otherwise."""

import json
from datetime import datetime, timedelta
from secrets import token_bytes

from civic_forum.answers.models import Answer, Duty
from civic_forum.answers.rules import AnswerKind, AnswerOutcome, AnswerState, Disclosure, DutyEnd, DutyKind
from civic_forum.ballots.models import BallotBox
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from civic_forum.proposals.models import Support
from tests.factories import saved
from tests.forums.scene import registration

TWO_DAYS = timedelta(days=2)


def before(days: int = 2) -> datetime:
    return clock.now() - timedelta(days=days)


def living(town, name: str, number: int) -> list:
    """Residents of a neighbourhood."""
    place = town.neighbourhood(name)
    return [town.resident(neighbourhood_id=place.id) for _number in range(number)]


def supported(proposal, users, days: int = 2) -> None:
    for user in users:
        saved(Support(proposal_id=proposal.id, user_id=user.id, as_resident=True, at=before(days)))


def commented(proposal, user, **facts) -> None:
    saved(Comment(**{"thread_id": proposal.thread_id, "author_id": user.id, "stance": Stance.NOTE, "source": "가",
                     "html": "<p>가</p>", "at": before()} | facts))


def registered(forum, user, **facts) -> None:
    registration(forum, user, **{"asked_at": before()} | facts)


def voted(online=0, assisted=0, paper=0, **facts) -> BallotBox:
    """A vote whose result is published, with so many people."""
    result = {"turnout": {"online": online, "assisted": assisted, "paper_returned": paper}}
    return saved(BallotBox(**{
        "id": token_bytes(16), "subject": "poll:1", "rule": "{}", "definition": "{}", "fingerprint": token_bytes(32),
        "key_sha256": bytes(32), "publishes": "totals", "created_at": before(500), "opens_at": before(450),
        "closes_at": before(), "published_at": before(1), "result": json.dumps(result)} | facts))


def replied(town, proposal, outcome=AnswerOutcome.ACCEPTED, *, took=10, late=False, department=None) -> None:
    """A final answer to what was owed, given yesterday after so many days."""
    given = before(1)
    started = given - timedelta(days=took)
    saved(Duty(proposal_id=proposal.id, kind=DutyKind.THRESHOLD, started_at=started, days=30,
               due_on=local(given).date() - timedelta(days=1 if late else 0), ended_at=given,
               ended_how=DutyEnd.ANSWERED))
    saved(Answer(proposal_id=proposal.id, department_id=(department or town.department()).id, kind=AnswerKind.FINAL,
                 outcome=outcome, state=AnswerState.PUBLISHED, text="답", dated_on=local(given).date(),
                 disclosure=Disclosure.OPEN, published_at=given, written_at=given, written_by_id=town.user().id))

"""Votes: told to everybody who belongs where they are held. Of who voted only the desk's own doing is told, to whom it
is about."""

from civic_forum.ballots import subjects
from civic_forum.ballots.events import BoxOpened, BoxPublished, OnlineBallotWithdrawn
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import rolls
from civic_forum.kernel import clock, hooks
from civic_forum.kernel.i18n import local

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind


@hooks.on(BoxOpened)
def tell_who_may_vote(fact: BoxOpened, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    days = {"opens": local(box.opens_at).date().isoformat(), "closes": local(box.closes_at).date().isoformat()}
    _tell(session, box, "vote_opens", box.opened_at, subjects.invitation(box), days)


@hooks.on(BoxPublished)
def tell_of_result(fact: BoxPublished, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    subject = subjects.of(box)
    _tell(session, box, "vote_result", box.published_at,
          subjects.Invitation(box.subject, subject.title(box), subject.url(box)), {})


@hooks.on(OnlineBallotWithdrawn)
def tell_who_was_given_paper(fact: OnlineBallotWithdrawn, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    vote = subjects.invitation(box)
    steps.tell(session, recipients.one(fact.user_id), kind=NoticeKind.VOTE, about=vote.about, step="online_withdrawn",
               title=vote.title, url=vote.url, once=f"online_withdrawn:{box.id.hex()}:{fact.number}", at=clock.now(),
               whatever_they_chose=True)


def _tell(session, box: BallotBox, step: str, at, vote: subjects.Invitation, details: dict[str, object]) -> None:
    """A rehearsal is for those who prepare it, and no news."""
    if box.rehearsal or box.roll is None:
        return
    steps.tell(session, recipients.may_take_part(rolls.rule_of(box.roll)), kind=NoticeKind.VOTE, about=vote.about,
               step=step, title=vote.title, url=vote.url, details=details, once=f"{step}:{vote.about}", at=at)

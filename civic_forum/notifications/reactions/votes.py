"""Votes: told to everybody who belongs where they are held. Of who voted only the desk's own doing is told, to whom it
is about."""

import logging
from secrets import token_hex

from civic_forum.ballots import voted
from civic_forum.ballots.events import (
    AssistedBallotCast,
    BoxClosed,
    BoxOpened,
    BoxPublished,
    BoxRecorded,
    EntryStruck,
    OnlineBallotWithdrawn,
)
from civic_forum.ballots.models import BallotBox, Head
from civic_forum.ballots.queries import rolls
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.district.models import Neighbourhood
from civic_forum.kernel import clock, hooks
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import local

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind

log = logging.getLogger(__name__)


@hooks.on(BoxOpened)
def tell_who_may_vote(fact: BoxOpened, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    days = {"opens": local(box.opens_at).date().isoformat(), "closes": local(box.closes_at).date().isoformat()}
    _tell(session, box, "vote_opens", box.opened_at, voted.invitation(box), days)


@hooks.on(BoxPublished)
def tell_of_result(fact: BoxPublished, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    subject = voted.of(box)
    _tell(session, box, "vote_result", box.published_at,
          voted.Invitation(box.subject, subject.title, subject.url), {})


@hooks.on(BoxClosed)
def tell_observers_of_the_closing_head(fact: BoxClosed, session) -> None:
    _tell_observers(session, session.get_one(BallotBox, fact.box_id), "observe_closed")


@hooks.on(BoxRecorded)
def tell_observers_to_recount(fact: BoxRecorded, session) -> None:
    _tell_observers(session, session.get_one(BallotBox, fact.box_id), "observe_recount")


@hooks.on(OnlineBallotWithdrawn)
def tell_who_was_given_paper(fact: OnlineBallotWithdrawn, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    vote = voted.invitation(box)
    steps.tell(session, recipients.one(fact.user_id), kind=NoticeKind.VOTE, about=vote.about, step="online_withdrawn",
               title=vote.title, url=vote.url, once=f"online_withdrawn:{box.id.hex()}:{fact.number}", at=clock.now(),
               whatever_they_chose=True)


@hooks.on(EntryStruck)
def tell_who_was_struck(fact: EntryStruck, session) -> None:
    """The reason stands on the page of their own entry, where they can object; no letter carries it."""
    box = session.get_one(BallotBox, fact.box_id)
    vote, roll = voted.invitation(box), voted.of_roll(box.roll_id)
    steps.tell(session, recipients.one(fact.user_id), kind=NoticeKind.VOTE, about=vote.about, step="struck",
               title=vote.title, url=roll.url if roll else vote.url, once=f"struck:{fact.confirmation_id}",
               at=clock.now(), whatever_they_chose=True)


@hooks.on(AssistedBallotCast)
def tell_who_voted_at_a_desk(fact: AssistedBallotCast, session) -> None:
    box = session.get_one(BallotBox, fact.box_id)
    vote = voted.invitation(box)
    place = session.get(Neighbourhood, fact.desk) if fact.desk else None
    steps.tell(session, recipients.one(fact.user_id), kind=NoticeKind.VOTE, about=vote.about,
               step="assisted_at" if place else "assisted", title=vote.title, url=vote.url,
               details={"desk": place.name_ko} if place else {}, once=f"assisted:{box.id.hex()}:{token_hex(8)}",
               at=clock.now(), whatever_they_chose=True)


def _tell_observers(session, box: BallotBox, step: str) -> None:
    """By every channel they have: nothing goes on before they signed. A rehearsal needs none, and without a closing
    head there is nothing to keep yet. A closing waits for nobody: what tables say of its subject cannot stop it."""
    if box.rehearsal or session.get(Head, (box.id, HeadKind.CLOSING.number)) is None:
        return
    try:
        people, title = recipients.observers(box), voted.of(box).title
    except (Refusal, LookupError, TypeError, ValueError):
        log.exception("ALARM: observers of box %s could not be told", box.id.hex())
        return
    steps.tell(session, people, kind=NoticeKind.VOTE, about=box.subject, step=step, title=title,
               url=f"/votes/{box.id.hex()}/observation",
               once=f"{step}:{box.id.hex()}", at=clock.now(), whatever_they_chose=True)


def _tell(session, box: BallotBox, step: str, at, vote: voted.Invitation, details: dict[str, object]) -> None:
    """A rehearsal is for those who prepare it, and no news."""
    if box.rehearsal or box.roll is None:
        return
    steps.tell(session, recipients.may_take_part(rolls.rule_of(box.roll)), kind=NoticeKind.VOTE, about=vote.about,
               step=step, title=vote.title, url=vote.url, details=details, once=f"{step}:{vote.about}", at=at)

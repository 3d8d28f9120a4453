"""Records that facts are of, for the table of what is told to whom."""

import logging
from datetime import datetime
from functools import cached_property
from secrets import token_hex
from typing import Any, NamedTuple

import sqlalchemy as sa

from civic_forum.agendas.models import AgendaLink, ProposalMerge
from civic_forum.answers.models import Assignment, Duty, LaterAnswer
from civic_forum.ballots import voted as votes
from civic_forum.ballots.models import BallotBox, Confirmation, Head, RollObjection
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Answerable, Ref
from civic_forum.bodies.models import Membership
from civic_forum.comments.models import Comment, Thread
from civic_forum.district.models import Neighbourhood
from civic_forum.draws.models import Draw
from civic_forum.forums.registration.models import Registration
from civic_forum.intake.claims.models import Claim
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import clock
from civic_forum.meetings.models import Meeting
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.i18n import local
from civic_forum.platform.work import going_on
from civic_forum.opinions.models import Statement
from civic_forum.moderation.models import Appeal, BulkAction, ModerationAction, Report, TakedownRequest
from civic_forum.outcomes.queries import participants, subjects
from civic_forum.proposals.models import Proposal
from civic_forum.visits.models import VisitRequest

from . import recipients

log = logging.getLogger(__name__)
RECORDS = {
    "appeal": Appeal, "box": BallotBox, "claim": Claim, "bulk": BulkAction, "confirmation": Confirmation, "draw": Draw,
    "duty": Duty,
    "entry": JourneyEntry, "into": Proposal, "later_answer": LaterAnswer, "link": AgendaLink, "membership": Membership,
    "meeting": Meeting, "merge": ProposalMerge, "merged": Proposal, "registration": Registration,
    "report": Report, "roll_objection": RollObjection, "statement": Statement, "takedown": TakedownRequest,
    "thread": Thread, "vote_objection": Objection, "visit_request": VisitRequest,
}
"""Names of records that are of no kind, whose number is in the fact, or in the record of `THROUGH`."""
THROUGH = {"box": ("confirmation", "vote_objection"), "consultation": ("statement",), "duty": ("later_answer",),
           "forum": ("registration",), "proposal": ("answer",)}


def model(name: str) -> type | None:
    """Model of the records of this name; every kind has one."""
    kind = kinds.find(name)
    return kind.model if kind else RECORDS.get(name)


def number(name: str) -> str:
    """Field of a fact with the number of such a record."""
    return "objection_id" if name.endswith("_objection") else f"{name}_id"


class Thing(NamedTuple):
    about: str
    title: str
    url: str


def owed(about: Ref) -> tuple[Thing, sa.Select[Any]]:
    """A thing about which an answer is owed, as notices name it, and who waits for the answer."""
    kind, answerable = kinds.of(about.kind), kinds.with_capability(about.kind, Answerable)
    record = existing(kind.record(about.id), kind.missing)
    return Thing(str(answerable.told_about(record)), "", kind.url(record)), answerable.people(record)


class Case:
    """A fact with the records that it is of, each read once, and not before somebody asks for it."""

    def __init__(self, fact: Any) -> None:
        self.fact = fact

    def __getattr__(self, name: str) -> Any:
        if (known := model(name)) is None:
            raise AttributeError(name)
        of, at = self.fact, number(name)
        if not hasattr(of, at):
            of = getattr(self, next(via for via in THROUGH.get(name, ()) if hasattr(of, number(via))))
        record = self.__dict__[name] = db.session.get_one(known, getattr(of, at))
        return record

    def __getitem__(self, name: str) -> Any:
        """For `str.format_map`."""
        return getattr(self, name)

    @cached_property
    def now(self) -> datetime:
        work = going_on()
        return work.at if work else clock.now()

    @cached_property
    def moment(self) -> str:
        return self.now.isoformat()

    @cached_property
    def today(self) -> str:
        return local(self.now).date().isoformat()

    @cached_property
    def own_url(self) -> str:
        """Page of a proposal for its author, who finds it among the drafts until it is published."""
        return f"/proposals/{self.proposal.number}" if self.proposal.number else "/proposals/drafts"

    @cached_property
    def lead_id(self) -> int | None:
        """The department that has the proposal to answer."""
        return db.session.scalar(sa.select(Assignment.department_id).filter_by(
            proposal_id=self.fact.proposal_id, is_lead=True, ended_at=None))

    @cached_property
    def assignment_id(self) -> int:
        return db.session.scalar(sa.select(sa.func.max(Assignment.id)).filter_by(
            proposal_id=self.fact.proposal_id, department_id=self.fact.department_id))

    @cached_property
    def answered(self) -> Comment | None:
        return None if self.comment.parent_id is None else db.session.get_one(Comment, self.comment.parent_id)

    @cached_property
    def commented(self) -> Proposal | None:
        return db.session.get_one(Proposal, self.thread.owner_id) if self.thread.kind == "proposal" else None

    @cached_property
    def told_at(self) -> datetime:
        """The beginning of the days to object: anew for what comes along when agendas are merged or parted."""
        return self.link.told_at or self.now

    @cached_property
    def objected(self) -> Thing:
        """The agenda, or that one of two merged proposals whose author objected: titles of others are not kept for
        them."""
        objection = self.author_objection
        if objection.link_id is not None:
            agenda = db.session.get_one(AgendaLink, objection.link_id).agenda
            return Thing(f"agenda:{agenda.id}", agenda.question, f"/agendas/{agenda.slug}")
        merge = db.session.get_one(ProposalMerge, objection.merge_id)
        merged, into = db.session.get_one(Proposal, merge.merged_id), db.session.get_one(Proposal, merge.into_id)
        proposal = into if into.author_id == objection.by_id != merged.author_id else merged
        return Thing(f"proposal:{proposal.id}", proposal.title, f"/proposals/{proposal.number}#lineage")

    @cached_property
    def owed(self) -> Thing:
        return owed(self.duty.about)[0]

    @cached_property
    def box_name(self) -> str:
        return self.box.id.hex()

    @cached_property
    def invitation(self) -> votes.Invitation:
        """The vote, or the whole that it is a part of."""
        return votes.invitation(self.box)

    @cached_property
    def box_url(self) -> str:
        return votes.of(self.box).url

    @cached_property
    def observers(self) -> sa.Select | None:
        """Observers of a vote. A rehearsal needs none, and without a closing head there is nothing to keep yet. A
        closing waits for nobody: what tables say of its subject cannot stop it."""
        if self.box.rehearsal or db.session.get(Head, (self.box.id, HeadKind.CLOSING.number)) is None:
            return None
        try:
            votes.of(self.box)  # fails where nobody knows the subject, whom a notice could not name
            return recipients.observers(self.box)
        except (Refusal, LookupError, TypeError, ValueError):
            log.exception("ALARM: observers of box %s could not be told", self.box_name)
            return None

    @cached_property
    def entry_url(self) -> str:
        """The page of one's own entry, with the reason and a way to object; no letter carries it."""
        roll = votes.of_roll(self.box.roll_id)
        return roll.url if roll else self.invitation.url

    @cached_property
    def desk(self) -> Neighbourhood | None:
        return db.session.get(Neighbourhood, self.fact.desk) if self.fact.desk else None

    @cached_property
    def random(self) -> str:
        return token_hex(8)

    @cached_property
    def roll(self) -> votes.RollOf | None:
        """The vote whose roll somebody objected to."""
        return votes.of_roll(self.roll_objection.roll_id)

    @cached_property
    def prepared(self) -> subjects.OutcomeCase:
        return subjects.about(self.outcome)

    @cached_property
    def decided(self) -> sa.Select:
        """Proposals that an outcome is about."""
        return participants.proposals_of(self.outcome)

    @cached_property
    def action(self) -> ModerationAction | None:
        """The act, or that about which an appeal or a request to take down was decided."""
        if hasattr(self.fact, "takedown_id"):
            return db.session.scalar(sa.select(ModerationAction).filter_by(takedown_id=self.takedown.id).limit(1))
        of = self.fact if hasattr(self.fact, "action_id") else self.appeal
        return db.session.get_one(ModerationAction, of.action_id)

    @cached_property
    def closed(self) -> Report:
        """The first of reports that were closed at once."""
        return db.session.get_one(Report, self.fact.report_ids[0])

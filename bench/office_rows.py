"""An office with a great deal to do: 10,000 open items of all kinds, a long agenda, a long ledger, many outcomes.

Written straight into the tables of a copy of a scaled district; true enough for the pages that read them.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from civic_forum.accounts.models import Letter, User
from civic_forum.agendas.models import Agenda, AgendaLink, AuthorObjection
from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.answers.models import Answer, Assignment, Duty
from civic_forum.answers.rules import AnswerKind, AnswerState, AssignmentState, Disclosure, DutyKind
from civic_forum.comments.models import Comment, Thread
from civic_forum.district import queries as district
from civic_forum.journeys.models import Journey
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.moderation import operations as moderation
from civic_forum.moderation.models import Appeal, ModerationAction, Report, TakedownRequest
from civic_forum.moderation.rules import ActionKind, Ground, Rule
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision, OutcomeState, Progress
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .districts import filled

HELD, UNSORTED, TO_WRITE, TO_APPROVE, LETTERS, OBJECTIONS, REPORTS, APPEALS, TAKEDOWNS = OPEN = (
    1_500, 1_000, 3_440, 60, 500, 500, 2_500, 300, 200)
ACTIONS, OUTCOMES, LONG_AGENDA = 100_000, 10_000, 200
OBJECTED = 10
"""Objections in the long agenda; the others are elsewhere."""
assert sum(OPEN) == 10_000
SLUG = "two-hundred"
WHY = "같은 길에서 같은 것을 겪은 이야기예요."
A_DAY = timedelta(days=1)


def fullest() -> str:
    """The number of a proposal that was answered, grouped and decided, with the most comments of those."""
    return db.session.scalar(
        sa.select(Proposal.number).join(Answer, Answer.proposal_id == Proposal.id)
        .join(AgendaLink, AgendaLink.proposal_id == Proposal.id)
        .where(Answer.state == AnswerState.PUBLISHED, AgendaLink.ended_at.is_(None))
        .order_by(Proposal.comment_count.desc(), Proposal.id).limit(1))


def busy(data: Path, folder: Path) -> Path:
    """A copy of this district with all of it."""
    return filled(data, folder / "busy", lambda: Office().fill())


class Office:
    """People and things there are to write about."""

    def __init__(self):
        self.now = clock.now()
        self.today = local(self.now).date()
        self.official = self._user("official1")
        self.moderator = self._user("moderator1")
        own = next(iter(self.official.department_ids()))
        self.departments = [own, *(one.id for one in district.departments() if one.id != own)]
        self.own = own
        self.proposals = list(db.session.execute(
            sa.select(Proposal.id, Proposal.author_id).where(Proposal.state.in_((State.LAPSED, State.GATHERING)))
            .order_by(Proposal.id)).all())
        self.people = list(db.session.scalars(sa.select(User.id).order_by(User.id.desc()).limit(5_000)))

    def _user(self, name: str) -> User:
        return db.session.scalars(sa.select(User).filter_by(sign_in_key=name)).one()

    def fill(self) -> None:
        self._hold()
        self._owe()
        self._post()
        self._group()
        self._moderate()
        self._publish()

    def _some(self, number: int) -> list:
        """Proposals of which nothing else is said."""
        taken, self.proposals = self.proposals[:number], self.proposals[number:]
        assert len(taken) == number, "the district is too small"
        return taken

    def _ago(self, n: int, days: int):
        return self.now - timedelta(minutes=n * 7 % (days * 1440))

    def _hold(self) -> None:
        for n, proposal in enumerate(self._some(HELD)):
            db.session.execute(sa.update(Proposal).filter_by(id=proposal.id).values(
                state=State.HELD, published_at=None, edited_at=self._ago(n, 4)))

    def _owe(self) -> None:
        owed = self._some(UNSORTED + TO_WRITE + TO_APPROVE)
        db.session.execute(sa.update(Proposal).where(Proposal.id.in_([one.id for one in owed])).values(
            state=State.ANSWER_DUE))
        _put(Duty, ({"proposal_id": one.id, "kind": DutyKind.THRESHOLD, "started_at": self._ago(n, 30), "days": 30,
                     "due_on": self.today + A_DAY * (n % 40 - 10)} for n, one in enumerate(owed)))
        tables = owed[UNSORTED:]
        _put(Assignment, ({"proposal_id": one.id, "department_id": self._department(n), "is_lead": True, "note": "",
                           "state": AssignmentState.TAKEN, "at": self.now, "by_id": self.official.id}
                          for n, one in enumerate(tables)))
        _put(Answer, ({"proposal_id": one.id, "department_id": self._department(n), "kind": AnswerKind.FINAL,
                       "state": AnswerState.AWAITING_APPROVAL, "version": 1, "text": WHY, "text_html": f"<p>{WHY}</p>",
                       "dated_on": self.today, "disclosure": Disclosure.OPEN, "written_by_id": self.moderator.id,
                       "written_at": self.now, "submitted_at": self._ago(n, 5), "understood": 0, "not_understood": 0}
                      for n, one in enumerate(tables[:TO_APPROVE])))

    def _department(self, n: int) -> int:
        """The first has half of it all."""
        return self.own if n % 2 else self.departments[n // 2 % len(self.departments)]

    def _post(self) -> None:
        places = [one.id for one in district.neighbourhoods()]
        _put(Letter, ({"user_id": person, "neighbourhood_id": places[n % len(places)], "tries": 0,
                       "requested_at": self._ago(n, 4)} for n, person in enumerate(self.people[:LETTERS])))

    def _group(self) -> None:
        """One long agenda, and others with objections."""
        serial = count()
        for number, slug in ((LONG_AGENDA, SLUG), (OBJECTIONS - OBJECTED, "objected")):
            thread, journey = Thread(kind="agenda"), Journey()
            db.session.add_all([thread, journey])
            db.session.flush()
            agenda = Agenda(slug=slug, question="골목을 누구나 걷기 좋게 하려면 무엇부터 할까요?", summary=WHY,
                            summary_html=f"<p>{WHY}</p>", state=AgendaState.IN_DELIBERATION,
                            lead_department_id=self.own, created_by_id=self.moderator.id, created_at=self.now,
                            published_at=self.now, thread_id=thread.id, journey_id=journey.id)
            db.session.add(agenda)
            db.session.flush()
            thread.owner_id = agenda.id
            grouped = self._some(number)
            _put(AgendaLink, ({"agenda_id": agenda.id, "proposal_id": one.id, "position": n, "at": self.now,
                               "relation": (Relation.CORE, Relation.RELATED, Relation.ALTERNATIVE)[n % 3], "why": WHY,
                               "by_id": self.moderator.id} for n, one in enumerate(grouped)))
        for link_id, author_id in db.session.execute(
                sa.select(AgendaLink.id, Proposal.author_id).join(Proposal, Proposal.id == AgendaLink.proposal_id)
                .where(~sa.exists().where(AuthorObjection.link_id == AgendaLink.id))
                .order_by(AgendaLink.id.desc()).limit(OBJECTIONS)).all():
            db.session.add(AuthorObjection(link_id=link_id, by_id=author_id, text=WHY, at=self._ago(next(serial), 12)))

    def _moderate(self) -> None:
        comments = list(db.session.execute(
            sa.select(Comment.id, Comment.author_id).order_by(Comment.id.desc()).limit(ACTIONS)).all())
        rules, kinds = list(Rule), (ActionKind.HIDE, ActionKind.HIDE, ActionKind.HIDE, ActionKind.WARN)
        first = (db.session.scalar(sa.select(sa.func.max(ModerationAction.id))) or 0) + 1
        _put(ModerationAction, ({
            "id": first + n, "kind": kinds[n % 4], "subject_kind": "comment", "subject_id": comment.id,
            "user_id": comment.author_id, "rule": rules[n % len(rules)].value, "reason": WHY, "role": "moderator",
            "by_id": self.moderator.id, "at": self.now - timedelta(minutes=5 * n), "before": {},
            "ended_at": None if n % 9 else self.now, "ended_how": None if n % 9 else "taken_back"}
            for n, comment in enumerate(comments)))
        moderation.tally_again(db.session)
        _put(Appeal, ({"action_id": first + 9 * n + 1, "by_id": comments[9 * n + 1].author_id, "text": WHY,
                       "at": self._ago(n, 8)} for n in range(APPEALS)))
        _put(Report, ({"subject_kind": "comment", "subject_id": comments[-n - 1].id, "sentence": WHY,
                       "rule": rules[n % len(rules)].value, "by_id": self.people[n % 50], "at": self._ago(n, 5)}
                      for n in range(REPORTS)))
        _put(TakedownRequest, ({"form_key": f"bench-{n}", "subject_kind": "comment", "subject_id": comments[-n - 1].id,
                                "ground": Ground.PRIVACY, "text": WHY, "at": self._ago(n, 20)}
                               for n in range(TAKEDOWNS)))

    def _publish(self) -> None:
        """As they stand in the list, which reads nothing else."""
        taken = set(db.session.scalars(sa.select(Outcome.subject_id).filter_by(subject="proposal")))
        free = [one for one in db.session.scalars(sa.select(Proposal.id).order_by(Proposal.id)) if one not in taken]
        decisions, progress = list(Decision), list(Progress)
        _put(Outcome, ({
            "subject": "proposal", "subject_id": proposal_id, "state": OutcomeState.PUBLISHED,
            "department_id": self.departments[n % len(self.departments)], "decision": decisions[n % len(decisions)],
            "title": f"골목 {n}의 보도 턱을 낮춰요", "reasons": WHY, "reasons_html": f"<p>{WHY}</p>",
            "what_follows": WHY, "what_follows_html": f"<p>{WHY}</p>", "decided_on": self.today - A_DAY * (n % 2_000),
            "promised_on": self.today + A_DAY * (n % 300), "first_promised_on": self.today + A_DAY * (n % 300),
            "cost": 1_000_000 * (n % 90), "documents": [], "links": [], "progress": progress[n % len(progress)],
            "reported_on": self.today - A_DAY * (n % 100) if n % len(progress) else None,
            "way": [["proposed", 1, "2026-01-05", "/proposals"], ["supported", 31, "2026-02-05", "/proposals"],
                    ["answered", 1, "2026-03-05", "/proposals"]],
            "written_by_id": self.official.id, "written_at": self.now, "published_at": self.now - A_DAY * (n % 2_000)}
            for n, proposal_id in enumerate(free[:OUTCOMES])))


def _put(model: type, rows: Iterable[dict]) -> None:
    db.session.execute(sa.insert(model), list(rows))

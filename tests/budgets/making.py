"""Budget rounds, ready-made, for the tests of everything that needs one."""

from datetime import timedelta
from itertools import count

from civic_forum.attachments.models import AttachmentSet
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.blocks.seats import SeatWay
from civic_forum.budgets.committee.models import CommitteeMember
from civic_forum.budgets.models import BudgetPhase, BudgetRound, Envelope
from civic_forum.budgets.rules import ORDER, Phase, ProjectState
from civic_forum.budgets.projects.models import Project, ProjectVersion
from civic_forum.budgets.counting.settings import CountingRules
from civic_forum.budgets.rounds import opening
from civic_forum.comments.models import Thread
from civic_forum.journeys.models import Journey
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.factories import saved
from tests.polls.making import voter

_number = count(1001)  # so that no name begins with another one
BINDING = "뽑힌 사업은 구의회 의결을 거쳐 예산에 담아요. 구의회가 바꾸면 이유를 알려요."
EACH_PHASE = timedelta(days=7)


def new_round(town, *, phase=Phase.COLLECTING, left_out=(), envelopes=1, **facts) -> BudgetRound:
    """A round that is announced, in this phase since a minute, with greedy counting and one envelope of 100,000,000
    won.

    Every phase takes a week; the voting ends by itself. `facts` are its columns.
    """
    now, number = clock.now().replace(second=0, microsecond=0), next(_number)
    start = now - timedelta(minutes=1) - EACH_PHASE * ORDER.index(phase)
    voting = start + EACH_PHASE * ORDER.index(Phase.VOTING)
    made = saved(BudgetRound(**{
        "slug": f"round-{number}", "title": f"주민참여예산 {number}", "year": local(now).year + 1,
        "description": "동네에 필요한 사업을 함께 골라요.", "description_html": "<p>동네에 필요한 사업을 함께 골라요.</p>",
        "counting": CountingRules().to_json(), "binding": BINDING,
        "project_cap": 100_000_000, "roll_fixed_on": local(voting - EACH_PHASE).date(), "created_at": now,
        "announced_at": now} | facts))
    for position, one in enumerate(ORDER):
        if one not in left_out:
            db.session.add(BudgetPhase(round_id=made.id, phase=one, starts_at=start + EACH_PHASE * position,
                                       ends_at=voting + EACH_PHASE if one is Phase.VOTING else None))
    db.session.commit()
    for _one in range(envelopes):
        envelope(made)
    db.session.refresh(made)
    return made


def sitting(budget_round, user, serial=1, **facts) -> CommitteeMember:
    """Somebody on the committee of this round, from now on."""
    now = clock.now()
    return saved(CommitteeMember(round_id=budget_round.id, user_id=user.id, serial=serial, begins=local(now).date(),
                                 way=SeatWay.APPOINTMENT, consent=False, noted_at=now, **facts))


def envelope(budget_round, **facts) -> Envelope:
    """One more envelope, in which three projects may be chosen."""
    position = 1 + db.session.query(Envelope).filter_by(round_id=budget_round.id).count()
    made = saved(Envelope(**{"round_id": budget_round.id, "slug": f"envelope-{position}", "position": position,
                             "name": f"배정 예산 {position}", "amount": 100_000_000, "max_choices": 3} | facts))
    db.session.expire(budget_round, ["envelopes"])
    return made


def project(town, budget_round, *, envelope=None, state=ProjectState.ELIGIBLE, **facts) -> Project:
    """A project in the round's first envelope, with its first version, journey, thread and set of attachments."""
    number = 1 + db.session.query(Project).filter_by(round_id=budget_round.id).count()
    author = facts.pop("author", None) or town.resident()
    thread, journey, files = Thread(kind="project"), Journey(), AttachmentSet(kind="project")
    db.session.add_all([thread, journey, files])
    db.session.flush()
    cost = facts.pop("cost", 10_000_000)
    made = saved(Project(**{
        "round_id": budget_round.id, "envelope_id": (envelope or budget_round.envelopes[0]).id,
        "code": f"A{number:02d}",
        "state": state, "author_id": author.id, "title": f"골목 쉼터 {number}", "text": "앉아 쉴 의자를 놓아요.",
        "text_html": "<p>앉아 쉴 의자를 놓아요.</p>", "place": "시흥1동 골목", "scope": "의자 세 개",
        "category": "safety", "cost": cost, "proposed_cost": cost, "created_at": clock.now(),
        "thread_id": thread.id, "journey_id": journey.id, "attachment_set_id": files.id} | facts))
    thread.owner_id = files.owner_id = made.id
    db.session.add(ProjectVersion(project_id=made.id, number=1, title=made.title, text=made.text, place=made.place,
                                  scope=made.scope, cost=made.cost, at=made.created_at, by_id=made.author_id))
    db.session.commit()
    return made


def moved_to(budget_round, phase: Phase) -> BudgetRound:
    """The same round, in this phase since a minute: all its phases are moved in time."""
    spans = {one.phase: one for one in budget_round.phases}
    by = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=1) - spans[phase].starts_at
    for one in spans.values():
        one.starts_at, one.ends_at = one.starts_at + by, one.ends_at and one.ends_at + by
    budget_round.roll_fixed_on = budget_round.roll_fixed_on and budget_round.roll_fixed_on + by
    db.session.commit()
    db.session.refresh(budget_round)
    return budget_round


def prepared(town, *, projects=3, voters=10, by=None, budget_round=None, **facts) -> BudgetRound:
    """A round in the phase of its vote with boxes that two officials may open; `projects` in each of its envelopes.

    `voters` more people are in its rolls. A given round is taken as it is.
    """
    for _one in range(voters):
        voter(town)
    if budget_round is None:
        budget_round = new_round(town, **{"phase": Phase.VOTING} | facts)
        for one in budget_round.envelopes:
            for _project in range(projects):
                project(town, budget_round, envelope=one)
    return opening.prepare(budget_round.id, by=by or town.moderator())


def opened(town, **facts) -> BudgetRound:
    """A round all of whose votes two officials opened; everybody made by `voter` before it may vote."""
    made = prepared(town, **facts)
    for box_id in [one.box_id for one in made.envelopes if one.box_id is not None]:
        proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=town.official())
        confirmations.confirm(proposed.id, by=town.moderator())
    db.session.rollback()
    return db.session.get(BudgetRound, made.id, populate_existing=True)

"""Budget rounds in every phase, with what hangs on them. Of those that run, the resident may vote and the author has.

The author handed in every project, the resident sits on the committee, the official's department reviews.
"""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.ballots import identities
from civic_forum.ballots.models import RollEntry, RollObjection
from civic_forum.ballots import operations as opening
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel, ConfirmedAction
from civic_forum.budgets.models import BudgetRound, ChoiceGroup, ExclusionGroup
from civic_forum.budgets.rules import CouncilDecision, Phase, ProjectState
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.trials import services as trials
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.search.models import Entry
from tests.ballots.boxes import form_of
from tests.ballots.officials import bring_to_publication
from tests.budgets import making
from tests.budgets.committee.weighted import RULES
from tests.budgets.results import published
from tests.budgets.reviews import opinions
from tests.factories import saved

from .things import Thing

NOWHERE = {"slug": "no-such-round", "envelope": "no-such-envelope", "code": "Z99", "number": 999_999, "member": 999_999,
           "group_id": 999_999, "exclusion_id": 999_999, "objection_id": 999_999, "review_id": 999_999,
           "project_id": 999_999, "look_id": 999_999, "proposal": 999_999, "seen": "", "part": "wording",
           "what": "projects", "rule": "greedy", "box": "0" * 32}
TRIAL = """META
key;value
description;작은 모의 선거
country;Korea
unit;Hanbit-gu
instance;2025
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
date_begin;2025
date_end;2025
PROJECTS
project_id;cost;name
A;60;쉼터
B;50;가로등
VOTES
voter_id;vote
1;A
2;A,B
3;B
"""


def add(scene) -> None:
    town, people = scene.town, scene.people
    by = people["moderator"]

    def thing(name: str, budget_round: BudgetRound, project=None, form=None, **path) -> None:
        first = budget_round.envelopes[0]
        known = {"slug": budget_round.slug, "envelope": first.slug, "number": 1,
                 "box": first.box_id.hex() if first.box_id else NOWHERE["box"]}
        if project is not None:
            known |= {"code": project.code, "project_id": project.id}
        scene.things[name] = Thing(NOWHERE | known | path, form={"envelope": str(first.id)} | (form or {}))

    def project(budget_round, **facts):
        return making.project(town, budget_round, author=people["author"], **facts)

    scene.things["no_round"] = Thing(NOWHERE)
    unannounced = making.new_round(town, announced_at=None)
    thing("round_unannounced", unannounced, project(unannounced, state=ProjectState.HANDED_IN))
    held = making.new_round(town, announced_at=None, department_id=min(people["official"].department_ids()))
    thing("round_held", held, project(held, state=ProjectState.HANDED_IN))
    collecting = making.new_round(town)
    handed_in = project(collecting, state=ProjectState.HANDED_IN)
    project(collecting, state=ProjectState.HANDED_IN)
    group = saved(ChoiceGroup(envelope_id=collecting.envelopes[0].id, position=1, name="쉼터", max_choices=2))
    exclusion = saved(ExclusionGroup(envelope_id=collecting.envelopes[0].id, why="같은 마당을 써요."))
    thing("round_collecting", collecting, handed_in, group_id=group.id, exclusion_id=exclusion.id)
    _in_review(scene, thing, project)
    _committee(scene, thing, project)
    _votes(scene, thing, by)
    for name, is_public in (("trial", False), ("trial_published", True)):
        made = trials.create(TRIAL.encode(), slug=name.replace("_", "-"), title="작은 모의 선거", by=by)
        trials.count(made.id)
        if is_public:
            trials.publish(made.id, by=by)
        scene.things[name] = Thing(NOWHERE | {"slug": made.slug, "what": "removals"})
    db.session.execute(sa.delete(Entry))  # as for proposals: what is put back after a request has no index beside it
    db.session.commit()


def _in_review(scene, thing, project) -> None:
    """One waits for a department, one has it, one got each verdict; a second look is asked for."""
    town, official, moderator = scene.town, scene.people["official"], scene.people["moderator"]
    department = town.department()
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    thing("project_unassigned", budget_round, project(budget_round, state=ProjectState.HANDED_IN))
    held = project(budget_round, state=ProjectState.HANDED_IN)
    waiting = reviews.assign(held.id, department.id, by=moderator)
    thing("project_in_review", budget_round, held, {"version": "1", "project_version": "1"}, review_id=waiting.id)
    for name, opinion in (("project_eligible_if", opinions.eligible_if()), ("project_refused", opinions.not_eligible()),
                          ("project_looked_at", opinions.not_eligible())):
        one = project(budget_round, state=ProjectState.HANDED_IN)
        review = reviews.assign(one.id, department.id, by=moderator)
        reviews.hand_in(review.id, opinion, version=1, project_version=1, by=official)
        more = {}
        if name == "project_looked_at":
            more = {"look_id": reviews.ask(one.id, text="땅 주인이 동의했어요.", by=scene.people["author"]).id}
        thing(name, budget_round, one, review_id=review.id, **more)
    hidden = project(budget_round, hidden_at=clock.now(), hidden_rule="privacy")
    thing("project_hidden", budget_round, hidden)
    withdrawn = project(budget_round, state=ProjectState.WITHDRAWN, withdrawn_at=clock.now())
    thing("project_withdrawn", budget_round, withdrawn)
    adjusting = making.new_round(town, phase=Phase.ADJUSTING)
    thing("round_adjusting", adjusting, project(adjusting, department_id=department.id))


def _committee(scene, thing, project) -> None:
    budget_round = making.new_round(scene.town, phase=Phase.COMMITTEE, counting=RULES.to_json())
    one = project(budget_round)
    member = committee.name(budget_round.id, scene.people["resident"].id, by=scene.people["moderator"])
    thing("round_committee", budget_round, one, {"version": "1"}, member=member.id)
    fixed = making.new_round(scene.town, phase=Phase.COMMITTEE, counting=RULES.to_json())
    first = project(fixed)
    committee.enter(fixed.id, 9, {first.code: 5}, "구청 회의실에서 모였어요.", by=scene.people["moderator"])
    thing("round_fixed", fixed, project(fixed))


def _votes(scene, thing, by) -> None:
    """Prepared, open, closed and published."""
    town, people = scene.town, scene.people
    prepared = making.prepared(town, by=by)
    box_id = prepared.envelopes[0].box_id
    proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=by)
    objection = saved(RollObjection(roll_id=prepared.envelopes[0].roll_id, user_id=people["author"].id,
                                    text="이름이 빠졌어요.", at=clock.now()))
    thing("round_prepared", prepared, _first(prepared), {"seen": proposed.fingerprint.hex()}, proposal=proposed.id,
          objection_id=objection.id)
    thing("round_open", _open(scene, by), None)
    for name in ("round_closed", "round_published"):
        budget_round = _open(scene, by)
        if name == "round_published":  # numbers are shown from ten ballots on
            _all_but_the_resident(scene, budget_round.envelopes[0])
        box_id = budget_round.envelopes[0].box_id
        later = boxes.by_id(box_id).closes_at - clock.now() + timedelta(minutes=5)
        clock.shift(int(later.total_seconds()))
        closing.close_if_due(box_id)
        if name == "round_published":
            closing.finish(box_id, by=by)
            bring_to_publication(box_id, by, people["official"])
        clock.shift(0)
        db.session.rollback()
        budget_round = db.session.get(BudgetRound, budget_round.id, populate_existing=True)
        thing(name, budget_round, _first(budget_round))
    chosen = published.published(town, [40_000_000], [(1,)] * 10, author=people["author"])
    thing("project_chosen", chosen.round, _first(chosen.round))
    envelope = published.published(town, [40_000_000, 70_000_000], [(1,), (1, 2), (2,)] * 4, author=people["author"])
    first = _first(envelope.round)
    council.decide(envelope.round_id, [Decided(first.code, CouncilDecision.CONFIRMED, None, "")],
                   on=local(clock.now()).date(), by=by)
    thing("project_decided", db.session.get(BudgetRound, envelope.round_id, populate_existing=True), first,
          seen=f"confirmed:{first.cost}")


def _first(budget_round):
    of_the_first = sa.select(Project).filter_by(envelope_id=budget_round.envelopes[0].id)
    return db.session.scalars(of_the_first.order_by(Project.code)).first()


def _open(scene, by) -> BudgetRound:
    """The author has voted, the resident may."""
    people = scene.people
    budget_round = making.prepared(scene.town, by=by)
    envelope = budget_round.envelopes[0]
    for user in (people["resident"], people["author"]):
        saved(RollEntry(roll_id=envelope.roll_id, person=identities.of_account(user.id)))
    opening.follow_roll(envelope.roll_id)
    db.session.commit()
    for box_id in [one.box_id for one in budget_round.envelopes if one.box_id is not None]:
        proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=people["official"])
        confirmations.confirm(proposed.id, by=people["moderator"])
    db.session.rollback()
    _cast(envelope, identities.of_account(people["author"].id))
    return db.session.get(BudgetRound, budget_round.id, populate_existing=True)


def _all_but_the_resident(scene, envelope) -> None:
    voted = [identities.of_account(scene.people[name].id) for name in ("resident", "author")]
    for person, _salt in rolls.salted(envelope.roll_id, envelope.box.opened_at):
        if person not in voted:
            _cast(envelope, person)


def _cast(envelope, person: bytes) -> None:
    box = boxes.by_id(envelope.box_id)
    casting.cast(box.id, person, form_of(box, person, boxes.rule_of(box).encode({1: 1})), Channel.ONLINE)

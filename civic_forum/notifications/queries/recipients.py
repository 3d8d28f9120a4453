"""Recipients: each function gives a SELECT of user ids, so that nobody's id travels to the process and back."""

from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.accounts.models import Affiliation, RoleGrant, User
from civic_forum.accounts.queries.people import not_blocked
from civic_forum.accounts.rules import Role, Verification
from civic_forum.agendas.queries import union
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.blocks.submissions import Submission
from civic_forum.bodies.models import BodySeat, Membership
from civic_forum.calls.models import CallApplication, CallJuror
from civic_forum.calls.rules import ApplicationState
from civic_forum.district import queries as district
from civic_forum.forums.models import ForumDuty
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.tables.models import ForumTable
from civic_forum.intake.models import IntakeItem
from civic_forum.platform import clock
from civic_forum.platform.i18n import end_of, local
from civic_forum.proposals.models import Follow, Proposal


def one(user_id: int) -> sa.Select:
    return sa.select(User.id).where(User.id == user_id)


def but(people: sa.SelectBase, *user_ids: int | None) -> sa.Select:
    """Those people without these."""
    kept, people = people.get_execution_options(), people.subquery()
    left = people.c[0].not_in([user_id for user_id in user_ids if user_id is not None])
    return sa.select(people.c[0]).where(left).execution_options(**kept)


def among(people: sa.SelectBase, user_id: int) -> sa.Select:
    """This one, if they are of those people."""
    kept, people = people.get_execution_options(), people.subquery()
    return sa.select(people.c[0]).where(people.c[0] == user_id).execution_options(**kept)


def concerned(proposals: Collection[int] | sa.Select) -> sa.Select:
    """Everybody who supports these proposals or what was merged into them, each person once, and who follows them."""
    family = union.family_of(proposals, "followed_family")
    followers = sa.select(Follow.user_id).where(Follow.proposal_id.in_(sa.select(family.c.id)))
    return sa.select(sa.union(union.reaching(proposals), followers).subquery("concerned").c.user_id)


def authors(proposals: Collection[int] | sa.Select) -> sa.Select:
    return sa.select(Proposal.author_id).where(Proposal.id.in_(proposals))


def staff(*roles: Role, department_id: int | None = None) -> sa.Select:
    """Users who have one of these roles now and can sign in; officials of one department. The statement says under
    which right they are told (`right_of`)."""
    statement = sa.select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id).where(
        RoleGrant.role.in_(roles), RoleGrant.withdrawn_at.is_(None), not_blocked(clock.now())).execution_options(
        right={"roles": [role.value for role in roles], "department": department_id})
    return statement if department_id is None else statement.where(RoleGrant.department_id == department_id)


def at_window(submission_id: int) -> sa.Select:
    """Clerks of the window at which something was handed in."""
    return staff(Role.CLERK).where(RoleGrant.neighbourhood_id.in_(
        sa.select(IntakeItem.neighbourhood_id).filter_by(submission_id=submission_id)))


def observers(box: BallotBox) -> sa.Select:
    """Accounts of those who were named for a vote; where the office named somebody by a key alone, whose account nobody
    knows, everybody with the role; nobody where no observer was named."""
    named, accounts = observed.observers(box), observed.accounts(box)
    statement = staff(Role.OBSERVER)
    if not all(observer.key in accounts for observer in named):
        return statement
    return statement.where(RoleGrant.user_id.in_([user_id for ids in accounts.values() for user_id in ids]))


def members(body_id: int) -> sa.Select:
    """Those with an account who sit in a body today."""
    today = local(clock.now()).date()
    return sa.select(Membership.user_id).join(Membership.seat).where(
        BodySeat.body_id == body_id, Membership.user_id.is_not(None), Membership.begins <= today,
        sa.or_(Membership.until.is_(None), Membership.until >= today))


def took_part(forum_id: int) -> sa.Select:
    """People who came to a forum, or did something there."""
    people = sa.union(
        sa.select(Registration.user_id).where(Registration.forum_id == forum_id, Registration.came_at.is_not(None),
                                              Registration.user_id.is_not(None)),
        sa.select(ForumDuty.user_id).where(ForumDuty.forum_id == forum_id, ForumDuty.user_id.is_not(None)),
        sa.select(ForumTable.host_id).where(ForumTable.forum_id == forum_id,
                                            ForumTable.host_id.is_not(None))).subquery()
    return sa.select(people.c[0])


def jurors(call_id: int) -> sa.Select:
    return sa.select(CallJuror.user_id).where(CallJuror.about_id == call_id, CallJuror.user_id.is_not(None))


def applicants(call_id: int) -> sa.Select:
    """People who write an application for a call, or handed one in."""
    return sa.select(Submission.owner_id).join(CallApplication, CallApplication.submission_id == Submission.id).where(
        CallApplication.call_id == call_id, Submission.owner_id.is_not(None),
        CallApplication.state.in_((ApplicationState.DRAFT, ApplicationState.RECEIVED)))


def right_of(people: sa.SelectBase) -> dict[str, object] | None:
    """The right under which these are told, None where none is needed."""
    return people.get_execution_options().get("right")


def moderators() -> sa.Select:
    return staff(Role.MODERATOR)


def may_take_part(rule: RollRule) -> sa.Select:
    """Accounts that belong where a vote is held, whether they voted or not; nobody looks at the roll or at casts.

    How old somebody is lies sealed; the page of the vote says whether one may vote.
    """
    known = sa.select(Affiliation.user_id, Affiliation.person_id).where(Affiliation.kind.in_(rule.kinds))
    if not rule.grows:
        known = known.where(Affiliation.at < end_of(rule.fixed_on))
    if rule.source is not RollSource.DECLARED:
        known = known.where(Affiliation.how != Verification.DECLARED)
    if rule.neighbourhoods:
        ids = {name: place.id for place in district.neighbourhoods(closed=True) for name in place.names}
        known = known.where(Affiliation.neighbourhood_id.in_(
            district.places_within(ids[name] for name in rule.neighbourhoods if name in ids)))
    known = known.subquery("known")
    return sa.select(User.id).where(sa.or_(User.id.in_(sa.select(known.c.user_id)),
                                           User.person_id.in_(sa.select(known.c.person_id))))

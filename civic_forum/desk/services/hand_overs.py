"""Leaving the office in one act: what somebody holds goes to others and their roles end, by two administrators."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from civic_forum.accounts import extensions
from civic_forum.accounts.events import WorkReceived
from civic_forum.accounts.extensions import Bundle, Obstacle
from civic_forum.accounts.models import HandOver, User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.policy import may_grant_role
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role, marks_of
from civic_forum.accounts.services.people import end_roles
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.district import queries as district
from civic_forum.district.rules import DistrictList
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Departure:
    """Somebody with a role or with open work, all that they hold, and who is to get it."""

    user: User
    bundles: list[Bundle]
    receivers: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(len(bundle.ids) for bundle in self.bundles)

    @property
    def obstacles(self) -> list[Obstacle]:
        obstacles = (bundle.holding.obstacle(self.user.id) for bundle in self.bundles)
        return [obstacle for obstacle in obstacles if obstacle is not None]

    def candidates(self, bundle: Bundle) -> list[User]:
        """Those who can receive it; nobody for what ends with the roles."""
        roles = bundle.holding.roles
        there = people.holders(roles, bundle.department_id) if roles else []
        return [user for user in there if user.id != self.user.id]

    def unreceived(self) -> list[Bundle]:
        """Bundles without a receiver who can have them."""
        return [bundle for bundle in self.bundles if bundle.holding.roles and self.receivers.get(bundle.key) not in {
            user.id for user in self.candidates(bundle)}]


def subject_of(user_id: int) -> str:
    return f"user:{user_id}"


def departure(user_id: int, receivers: Mapping[str, int] | None = None) -> Departure:
    """The departure that waits for a second person, or one to these receivers. Raises NotFound."""
    user = people.by_id(user_id)
    if user is None or user.left_at is not None:
        raise NotFound(_("그런 회원이 없어요."))
    if receivers is None:
        proposed = db.session.get(HandOver, user_id, populate_existing=True)
        receivers = proposed.receivers if proposed else {}
    return Departure(user, extensions.bundles(user_id), receivers)


def _held(subject: str, signers: frozenset[int]) -> Departure:
    user_id = int(subject.removeprefix("user:"))
    receivers = departure(user_id).receivers
    people.held(*signers, user_id, *receivers.values())
    district.held(DistrictList.DEPARTMENTS)
    return departure(user_id)


def _carry_out(work: Work, case: Departure) -> None:
    counts: Counter[int] = Counter()
    for bundle in case.bundles:
        receiver = case.receivers.get(bundle.key)
        counts[receiver or 0] += extensions.hand_over(work, case.user.id, bundle, receiver)
    for receiver, count in counts.items():
        if receiver:
            work.emit(WorkReceived(receiver, case.user.id, count))
    work.record("accounts.work_handed_over", case.user, **{bundle.key: len(bundle.ids) for bundle in case.bundles})
    end_roles(work, case.user)
    work.session.delete(work.session.get_one(HandOver, case.user.id))


HAND_OVER: TwoPeople[Departure] = TwoPeople(
    name="accounts.hand_over", strength=Strength.STRICT, lasts=LASTS, held=_held, held_for=people.held_for,
    may=lambda actor, case: may_grant_role(actor, case.user), about=lambda case: (marks_of(case.user),),
    shown=lambda case: [
        case.user.id, [grant.id for grant in case.user.grants], case.receivers, len(case.obstacles),
        [[bundle.key, bundle.ids] for bundle in case.bundles], [bundle.key for bundle in case.unreceived()]],
    signatory=people.signatory_of(Role.ADMINISTRATOR), proof=require_proof, carry_out=_carry_out)


def propose(user_id: int, receivers: Mapping[str, int | None], *, by: User) -> None:
    """Ask another administrator for it; one that waits is replaced. Raises Refusal at what nobody was chosen for, and
    Conflict for who holds nothing, or what stays with its holder."""
    chosen = {key: number for key, number in receivers.items() if number is not None}
    with use_case(by) as work:
        people.held(by.id, user_id, *chosen.values())
        case = departure(user_id, chosen)
        require(people.by_id(by.id), may_grant_role, case.user)
        require_proof(by, work.at)
        if not case.user.grants and not case.bundles:
            raise Conflict(_("권한도 맡은 일도 없는 사람이에요."))
        if obstacles := case.obstacles:
            raise Conflict(obstacles[0].sentence)
        if unreceived := case.unreceived():
            raise Refusal(_("받을 사람을 목록에서 골라 주세요."), field=unreceived[0].key)
        work.session.merge(HandOver(user_id=user_id, receivers=chosen))
        HAND_OVER.begin(work, subject_of(user_id), case)
        work.record("accounts.hand_over_proposed", case.user)

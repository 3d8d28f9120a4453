"""Who hands out paper, opens the kiosk, types paper ballots in and settles where two read differently."""

from dataclasses import dataclass

from civic_forum.accounts.rules import Role
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission

AT_THE_DESK = frozenset({Role.CLERK, Role.MODERATOR})


@dataclass(frozen=True)
class DeskVisit:
    """Somebody at a desk, or a paper of theirs: the neighbourhood of their entry in the roll, if it says one."""

    neighbourhood_id: int | None


@dataclass(frozen=True)
class Typing:
    """A batch as far as it decides who may do the next thing with it."""

    finished_by: tuple[object, ...]
    """Users who have finished typing it."""
    begun_by: tuple[object, ...] = ()
    """Users who type it now."""
    is_settled: bool = False


def _at_the_desk(actor) -> str | None:
    if not actor.is_authenticated:
        return _("동 담당자로 로그인해 주세요.")
    if actor.lacks_second_factor:
        return _("담당자는 두 번째 확인을 켜야 투표를 다룰 수 있어요. 내 정보에서 켜 주세요.")
    if not actor.roles & AT_THE_DESK:
        return _("동 담당자와 운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


def _at_own_desk(actor, visit: DeskVisit | None) -> str | None:
    """Moderators for the whole district; clerks for those whom the roll counts to their neighbourhood."""
    if reason := _at_the_desk(actor):
        return reason
    if visit is None or visit.neighbourhood_id is None or actor.has(Role.MODERATOR):
        return None
    if visit.neighbourhood_id not in actor.neighbourhood_ids():
        return _("내가 맡은 동의 일만 할 수 있어요. 그 동 주민센터에서 하도록 안내해 주세요.")
    return None


@permission("ballots.issue_paper")
def may_issue_paper(actor, visit: DeskVisit | None = None) -> str | None:
    """Find somebody in the roll, hand out paper, take it back, note what returned."""
    return _at_own_desk(actor, visit)


@permission("ballots.open_kiosk")
def may_open_kiosk(actor, visit: DeskVisit | None = None) -> str | None:
    """Give somebody the code with which they vote alone at the kiosk."""
    return _at_own_desk(actor, visit)


@permission("ballots.type_paper")
def may_type(actor, typing: Typing | None = None) -> str | None:
    """Type a batch in: two different people, neither twice, none with a second account."""
    if reason := _at_the_desk(actor):
        return reason
    if typing is None:
        return None
    if typing.is_settled:
        return _("정해진 묶음이에요. 더 입력할 수 없어요.")
    others = [user for user in (*typing.finished_by, *typing.begun_by) if user.id != actor.id]
    if any(user.id == actor.id for user in typing.finished_by):
        return _("이 묶음은 이미 입력했어요. 두 번째는 다른 사람이 입력해요.")
    if any(same_person(actor, user) for user in others):
        return _("이 묶음은 같은 분의 다른 계정으로 이미 입력했어요. 두 번째는 다른 사람이 입력해요.")
    if len(others) >= 2:
        return _("이 묶음은 두 사람이 이미 맡았어요. 다른 묶음을 골라 주세요.")
    return None


@permission("ballots.settle_paper")
def may_settle(actor, typing: Typing | None = None) -> str | None:
    """Decide the sheets that two typists read differently: a third person."""
    if reason := _at_the_desk(actor):
        return reason
    if typing is None:
        return None
    if typing.is_settled:
        return _("정해진 묶음이에요. 바꿀 수 없어요.")
    if any(same_person(actor, user) for user in typing.finished_by):
        return _("내가 입력한 묶음의 차이는 다른 사람이 정해요.")
    return None


def same_person(one, other) -> bool:
    """Whether two accounts are one person's, as far as the site can know."""
    if one.id == other.id:
        return True
    known = ((one.person_id, other.person_id), (one.mobile, other.mobile), (_mail(one), _mail(other)))
    return any(mine is not None and mine == theirs for mine, theirs in known)


def _mail(user) -> str | None:
    return user.confirmed_email or (user.email.casefold() if user.email else None)

"""Acts of staff on somebody's account: noted in one place, told to its owner, seen by a second clerk."""

from collections.abc import Collection
from datetime import timedelta

from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..events import AccountTouched, ManyActs
from ..identity import Identity
from ..models import DeskCheck, Letter, User
from ..operations import end_sessions
from ..policy import may_change_own, may_see_account
from ..queries import people
from ..rules import Evidence, Role, StaffAct, marks_of
from ..wrong_names import note_wrong_name, refuse_guessing

ALARMING = 40
"""Acts of one member of staff in a day of which administrators and observers hear."""


def _held(subject: str, signers: Collection[int]) -> User:
    number = int(subject.removeprefix("user:"))
    return people.held(number, *signers)[number]


def _confirm(work: Work, user: User) -> None:
    """Whoever is signed in there since the first clerk acted signs in again."""
    user.staff_act_confirmed = True
    end_sessions(work.session, user.id)


SEEN: TwoPeople[User] = TwoPeople(
    name="accounts.seen", strength=Strength.STRICT, lasts=timedelta(days=90), may=may_see_account, held=_held,
    shown=lambda user: [user.id, user.person_id, user.staff_act_at], about=lambda user: [marks_of(user)],
    signatory=people.signatory_of(Role.CLERK, Role.ADMINISTRATOR), held_for=people.held_for, carry_out=_confirm)


def note(work: Work, user: User, *acts: StaffAct, place: int | None = None, evidence: Evidence | None = None) -> None:
    """Note that staff could have got into a held account: its votes wait for a second clerk, and its owner is told on
    every channel, on the next page, and where there is none by a letter."""
    bind(work, user)
    tell(work, user, *acts, place=place, evidence=evidence)
    SEEN.begin(work, f"user:{user.id}", user)


def bind(work: Work, user: User) -> None:
    """Let what asks for a second clerk wait for one: before anything hears of an act that is noted afterwards."""
    user.staff_act_at, user.staff_act_confirmed = work.at, False


def tell(work: Work, user: User, *acts: StaffAct, place: int | None, evidence: Evidence | None) -> list[DeskCheck]:
    """Count these acts under a desk, and tell the owner of a held account on every channel, or by a letter."""
    user.staff_act_unread = True
    checks = [DeskCheck(person_id=user.person_id, user_id=user.id, clerk_id=work.actor.id, at=work.at,
                        neighbourhood_id=place, purpose=act, evidence=evidence) for act in acts if work.actor]
    work.session.add_all(checks)
    for act in acts:
        work.emit(AccountTouched(user.id, act))
    home = place or user.neighbourhood_id
    if user.person_id and home and not user.confirmed_email and not user.confirmed_mobile:
        letter = people.open_letter(user.id, lock=True, is_notice=True) or Letter(
            user_id=user.id, is_notice=True, neighbourhood_id=home, requested_at=work.at, tries=0)
        letter.printed_at = letter.printed_by_id = None  # one that waits tells of this act too
        work.session.add(letter)
    if work.actor is not None:
        count = people.acts_today(work.actor.id, work.at)
        if count // ALARMING > (count - len(acts)) // ALARMING:
            work.emit(ManyActs(work.actor.id, count))
    return checks


def confirm_seen(who: Identity, *, sign_in_name: str = "", evidence: Evidence, by: User) -> JointAct:
    """A second clerk has seen the person of an account and the paper: it may vote now. The number of what is returned
    stands in the register that the person signs. Raises Denied for who is not a second person, NotFound where nobody of
    this name waits, TooMany after five of these."""
    with use_case(by) as work:
        waiting = [user for user in people.waiting_for_a_second(who, SEEN.name)
                   if not sign_in_name or user.sign_in_name == sign_in_name]
        signers = {by.id, *(user.id for user in waiting), *(SEEN.pending(f"user:{user.id}").by_id or by.id
                                                            for user in waiting)}
        actor = people.held(*signers)[by.id]
        require(actor, may_see_account)
        refuse_guessing(work, actor)
        if len(waiting) == 1:
            act = SEEN.confirm_in(work, f"user:{waiting[0].id}", waiting[0])
            tell(work, waiting[0], StaffAct.SEEN, place=people.home(waiting[0]), evidence=evidence)
            return act
        refusal = Refusal(_("같은 이름과 생년월일로 기다리는 계정이 둘 이상이에요. 로그인 이름도 적어 주세요."), field="sign_in_name")
        if not waiting:
            note_wrong_name(work)
            refusal = NotFound(_("두 번째 확인을 기다리는 분이 아니에요. 신분증을 다시 보고 적어 주세요."), field="name")
    raise refusal


def read(*, by: User) -> None:
    """The owner of an account has read what staff did."""
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        require(by, may_change_own, user)
        user.staff_act_unread = False
        work.record("accounts.staff_act_read", user)

"""An online ballot is withdrawn for paper by two: each clerk finds the person in the roll, the second hands it out."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import marks_of
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _l
from civic_forum.platform.work import Work

from ..keys import keyring
from ..models import BallotBox, Voter
from ..policy import AT_THE_DESK, may_issue_paper
from ..rolls import queries as rolls


class SecondClerkHandsOut(Conflict):
    """The first of two clerks asked for the withdrawal of an online ballot."""

    def __init__(self) -> None:
        super().__init__(_l("온라인으로 투표한 분이에요. 표를 거두는 일은 두 사람이 해요. 다른 담당자가 24시간 안에 신분증을 보고 "
                            "이 화면에서 다시 찾아 종이를 내주면 돼요."))


@dataclass(frozen=True)
class Withdrawal:
    """The ballot that is withdrawn, as it is sealed now, and whose it is."""

    subject: str
    sealed: bytes
    account: User | None
    neighbourhood_id: int | None


ACT: TwoPeople[Withdrawal] = TwoPeople(
    name="ballots.withdrawal", strength=Strength.STRICT,
    may=lambda actor, case: may_issue_paper(actor, case.neighbourhood_id),
    shown=lambda case: [case.subject, case.sealed.hex()],
    about=lambda case: [marks_of(case.account)] if case.account else [],
    signatory=lambda number, _case: people.signatory(db.session.get_one(User, number), AT_THE_DESK),
    held_for=people.held_for)


def subject_of(box_id: bytes, person: bytes) -> str:
    """Name of what waits: it says to nobody without the box's key whose it is, or which row is theirs."""
    mark = hmac.digest(keyring.box_keys(box_id).subkey("withdrawal"), box_id + person, "sha256")
    return f"withdrawal:{mark[:16].hex()}"


def case_of(box: BallotBox, person: bytes, account: User | None) -> Withdrawal:
    """The ballot of this person, whose row the caller holds."""
    row_key = keyring.box_keys(box.id).row_key(box.id, person)
    sealed = db.session.scalar(sa.select(Voter.sealed).filter_by(box_id=box.id, row_key=row_key))
    entry = rolls.entry(box.roll_id, person)
    return Withdrawal(subject_of(box.id, person), sealed or b"", account, entry and entry.neighbourhood_id)


def who_began(box_id: bytes, person: bytes) -> Collection[int]:
    """Accounts to hold beside the one that acts."""
    act = ACT.pending(subject_of(box_id, person))
    return {act.by_id} if act and act.by_id else set()


def is_agreed(work: Work, case: Withdrawal) -> bool:
    """True where another clerk began it and this one may confirm it, which ends it; else it waits from now on for
    somebody else. Raises Denied for who is not the second person."""
    act = ACT.pending(case.subject, lock=True)
    if act is None or act.by_id == work.actor.id or ACT.why_void(act, case, work.at):
        ACT.begin(work, case.subject, case)
        return False
    ACT.confirm_in(work, case.subject, case)
    return True

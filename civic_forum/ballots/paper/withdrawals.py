"""Ballots taken out of the box by two: an online one is withdrawn for paper, where each clerk finds the person in the
roll and the second hands it out; the return of a paper is undone."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, replace

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import marks_of
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.platform.work import Work

from ..box import voters
from ..keys import keyring
from ..models import BallotBox
from .models import PaperSheet
from ..policy import AT_THE_DESK, may_issue_paper
from ..rolls import queries as rolls


class SecondClerk(Exception):
    """The first of two clerks has done their part, which stays; nothing happens before the second one."""


@dataclass(frozen=True)
class Withdrawal:
    """The ballot that is taken out of the box, the state of its row, and whose it is."""

    subject: str
    state: bytes
    account: User | None
    neighbourhood_id: int | None


ACT: TwoPeople[Withdrawal] = TwoPeople(
    name="ballots.withdrawal", strength=Strength.STRICT,
    may=lambda actor, case: may_issue_paper(actor, case.neighbourhood_id),
    shown=lambda case: [case.subject, case.state.hex()],
    about=lambda case: [marks_of(case.account)] if case.account else [],
    signatory=people.signatory_of(*AT_THE_DESK), held_for=people.held_for)
RETURN = replace(ACT, name="ballots.return")


def subject_of(box_id: bytes, person: bytes) -> str:
    """Name of what waits: it says to nobody without the box's key whose it is, or which row is theirs."""
    mark = hmac.digest(keyring.box_keys(box_id).subkey("withdrawal"), box_id + person, "sha256")
    return f"withdrawal:{mark[:16].hex()}"


def case_of(box: BallotBox, person: bytes, account: User | None) -> Withdrawal:
    """The ballot of this person, whose row the caller holds."""
    entry = rolls.entry(box.roll_id, person)
    return Withdrawal(subject_of(box.id, person), voters.standing(box.id, person).state, account,
                      entry and entry.neighbourhood_id)


def return_of(box: BallotBox, sheet: PaperSheet) -> Withdrawal:
    """The paper that came back. Nothing but the box's key joins its number to a person: roll and accounts are read."""
    keys = keyring.box_keys(box.id)
    row_key, holder = voters.by_paper(box.id, keys, sheet.number)
    persons = {person for person, _salt in (*rolls.salted(box.roll_id), *rolls.salted(box.roll_id, box.opened_at))
               if keys.row_key(box.id, person) == row_key}
    account_id = next((some[0] for some in rolls.accounts_of(persons, {box.roll.key_id}) if some), 0)
    return Withdrawal(f"{box.id.hex()}:{sheet.number}", voters.state_of(keys, row_key, holder),
                      people.by_id(account_id), sheet.neighbourhood_id)


def who_began(subject: str, acts: TwoPeople[Withdrawal] = ACT) -> Collection[int]:
    """Accounts to hold beside the one that acts."""
    act = acts.pending(subject)
    return {act.by_id} if act and act.by_id else set()


def is_agreed(work: Work, case: Withdrawal, acts: TwoPeople[Withdrawal] = ACT) -> bool:
    """True where another clerk began it and this one may confirm it, which ends it; else it waits from now on for
    somebody else. Raises Denied for who is not the second person."""
    act = acts.pending(case.subject, lock=True)
    if act is None or act.by_id == work.actor.id or acts.why_void(act, case, work.at):
        acts.begin(work, case.subject, case)
        return False
    acts.confirm_in(work, case.subject, case)
    return True

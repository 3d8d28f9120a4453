"""Looking somebody up in the electoral roll at a desk: reason first, and written down before anything is shown."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.identity import Identity, hash_of
from civic_forum.accounts.models import AccessRecord, Person, User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST, is_bound
from civic_forum.accounts.wrong_names import note_wrong_name, refuse_guessing
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal, Unavailable
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import identities
from .. import queries as boxes
from ..box.locking import acting
from ..box.sealing import Channel
from ..keys import keyring
from ..models import BallotBox, Voter
from ..policy import may_issue_paper, why_own_list
from ..rolls import queries as rolls
from ..rolls.rules import EntryState
from ..rules.boxes import RollSource
from ..voting import adding

VISIT_LASTS = timedelta(minutes=15)
"""The time in which a look-up lets the clerk do something for the person."""
_VISIT = "ballots.visit"


@dataclass(frozen=True)
class RollEntryAtDesk:
    """Somebody in the roll as a clerk sees them: as much as telling apart needs, and the way they take part so far."""

    person: bytes
    neighbourhood_id: int | None = None
    channel: Channel | None = None
    paper_number: int | None = None
    struck_reason: str | None = None
    verified_at: datetime | None = None
    """The moment at which the site established who they are; None where only the imported list knows them."""
    account: User | None = None
    visit: str | None = None
    """The pass that says to the next form that the clerk may serve them."""
    why_not: str | None = None
    is_new: bool = False
    """Not on the roll yet, which grows: they are added when they get paper or a code."""
    is_elsewhere: bool = False
    """Of another neighbourhood: the clerk learns that, and neither which one nor the way they take part."""

    @property
    def account_name(self) -> str | None:
        """`ha***21`: beginning and end of the sign-in name."""
        name = self.account.sign_in_name if self.account else None
        return name and f"{name[:2]}***{name[-2:]}"


def look_up(box_id: bytes, who: Identity, reason: str, *, by) -> list[RollEntryAtDesk]:
    """Everybody of this name and birthday in the roll. Raises Refusal for a reason that says nothing."""
    with use_case(by) as work:
        actor, box = _begun(work, box_id, reason)
        refuse_guessing(work, actor)
        if not (voters := _named(box, who)):
            note_wrong_name(work)
        return _shown(work, actor, box, voters, reason)


def look_up_account(box_id: bytes, desk_number: str, reason: str, *, by) -> list[RollEntryAtDesk]:
    """The same by the number that the page of their account shows, where the roll takes declared residents."""
    with use_case(by) as work:
        actor, box = _begun(work, box_id, reason)
        account_id = desk_numbers.account_in(desk_number)
        user = db.session.get(User, account_id) if account_id else None
        if user is None or not user.is_active or not desk_numbers.holds(desk_number, work.at):
            raise Refusal(_("창구 번호가 맞지 않거나 시간이 지났어요. 본인이 로그인해서 주민 확인 화면을 새로 열고 거기 나온 번호를 "
                            "보여 달라고 해 주세요."), field="desk_number")
        voter = _voter(box, identities.candidates(user, box.roll.key_id), user.person, user)
        return _shown(work, actor, box, [voter] if voter else [], reason)


def takes_declared(box: BallotBox) -> bool:
    """True where somebody may stand in the roll by their account alone."""
    return box.roll is not None and box.roll.source is RollSource.DECLARED


def _begun(work: Work, box_id: bytes, reason: str) -> tuple:
    actor = acting(work.actor, may_issue_paper)
    if not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
        raise Refusal(_("왜 찾아보는지 5자부터 200자까지 적어 주세요."), field="reason")
    box = boxes.by_id(box_id)
    if box is None or box.opened_at is None:
        raise NotFound(_("아직 열리지 않은 투표예요. 담당관 두 명이 열면 종이와 현장 투표를 다룰 수 있어요."))
    require(actor, why_own_list, box.roll)
    return actor, box


def _shown(work: Work, actor, box: BallotBox, voters: list[RollEntryAtDesk], reason: str) -> list[RollEntryAtDesk]:
    """Write down who was looked at, then what the clerk may do for each."""
    accounts = {voter.account.id for voter in voters if voter.account} or {None}
    for user_id in sorted(accounts, key=lambda user_id: user_id or 0):
        work.session.add(AccessRecord(by_id=actor.id, user_id=user_id, reason=reason, at=work.at))
    work.record("ballots.roll_looked_up", box, found=len(voters))
    return [_judged(actor, box, voter, work.at) for voter in voters]


def _judged(actor, box: BallotBox, voter: RollEntryAtDesk, at: datetime) -> RollEntryAtDesk:
    if elsewhere := may_issue_paper(actor, voter.neighbourhood_id):
        return RollEntryAtDesk(voter.person, why_not=elsewhere, is_elsewhere=True)
    reason = why_not_own(actor, voter.person)
    if reason is None and voter.struck_reason is not None:
        reason = _("명부에서 빠진 분이에요. 이유: %(reason)s", reason=voter.struck_reason)
    if reason:
        return replace(voter, why_not=reason)
    return replace(voter, visit=_pass_for(box.id, voter.person, voter.account and voter.account.id, actor.id, at))


def _pass_for(box_id: bytes, person: bytes, account_id: int | None, clerk_id: int, at: datetime) -> str:
    text = json.dumps([box_id.hex(), person.hex(), account_id, clerk_id, at.timestamp()])
    return urlsafe_b64encode(keys.seal(_VISIT, text)).decode()


def visitor_of(visit: str, box_id: bytes, *, by, at: datetime) -> tuple[bytes, int | None]:
    """Person, and account if any, whom the clerk has just looked up for this box. Raises Denied for anything else."""
    try:
        box, person, account_id, clerk_id, then = json.loads(keys.unseal(_VISIT, urlsafe_b64decode(visit.encode())))
    except (ValueError, Unavailable):
        box = clerk_id = then = None
    if (box, clerk_id) != (box_id.hex(), by.id) or not 0 <= at.timestamp() - then <= VISIT_LASTS.total_seconds():
        raise Denied(_("찾아본 지 15분이 지났거나 다른 화면에서 왔어요. 이유를 적고 다시 찾아 주세요."))
    return bytes.fromhex(person), account_id


def _named(box: BallotBox, who: Identity) -> list[RollEntryAtDesk]:
    """Everybody in the roll of this box with this name and birthday."""
    key = box.roll.key_id
    hashed, persons = who.hashed(key), {identities.of_person(person, key): person for person in people.namesakes(who)}
    accounts = people.accounts_of([person.id for person in persons.values()])
    voters = []
    hashes = identities.of_namesakes(hashed, max((person.distinguisher for person in persons.values()), default=0), key)
    for identity in dict.fromkeys([*persons, *hashes, *identities.listed_together(hashed, key)]):
        person = persons.get(identity)
        account = accounts.get(person.id) if person else None
        known_as = [identity]
        if account is not None:
            known_as.append(identities.of_account(account.id, key))
        voters.append(_voter(box, known_as, person, account))
    return [voter for voter in voters if voter]


def _voter(box: BallotBox, known_as: Iterable[bytes], person: Person | None,
           account: User | None) -> RollEntryAtDesk | None:
    for known in known_as:
        entry = rolls.entry(box.roll_id, known)
        if entry is not None:
            row = db.session.get(Voter, (box.id, keyring.box_keys(box.id).row_key(box.id, known)),
                                 populate_existing=True)
            struck = (entry.struck_reason or "") if entry.struck_at else None
            taking_part = row is not None and row.channel is not Channel.PAPER_TAKEN_BACK
            channel, number = (row.channel, row.paper or None) if taking_part else (None, None)
            return RollEntryAtDesk(known, entry.neighbourhood_id, channel, number, struck, person and person.created_at,
                                   account)
    if (own := newcomer(box, account)) is None or own.person is None:
        return None
    return RollEntryAtDesk(own.person, own.neighbourhood_id, verified_at=person and person.created_at, account=account,
                           is_new=True)


def newcomer(box: BallotBox, account: User | None) -> rolls.OwnEntry | None:
    """The place that somebody would get on a roll that grows; None where they are not added to it."""
    if account is None or not boxes.grows(box):
        return None
    own = rolls.own_entry(box.roll, account)
    return own if own.state is EntryState.MAY_BE_ADDED else None


def add_visitor(together: Iterable[BallotBox], box_id: bytes, visit: str,
                check: Callable[[BallotBox, bytes, User], Refusal | None], *, by) -> None:
    """Add the person whom the clerk has just looked up for this box to the rolls of those of these boxes that grow and
    that they belong to, before they are given paper or a code. `check` is asked first what stands against serving them
    in a box, by box, person and account: nobody is added who gets nothing. Raises as `visitor_of`."""
    growing = [box for box in together if boxes.grows(box)]
    if not growing:
        return
    person, account_id = visitor_of(visit, box_id, by=by, at=clock.now())
    account = db.session.get(User, account_id or 0)
    adding.add([box.id for box in growing if newcomer(box, account) and check(box, person, account) is None],
               account_id or 0)


def why_alone(box: BallotBox, account: User | None) -> Refusal | None:
    """Refusal for an account into which staff could have got, or that they made, until a second clerk has seen whose it
    is: neither paper nor a code then."""
    if account is None or box.rehearsal or account.staff_act_confirmed or not is_bound(account.staff_act_at,
                                                                                       box.created_at):
        return None
    return Denied(_("창구에서 다룬 계정이에요. 다른 담당자가 업무 화면의 ‘두 번째로 확인하기’에서 신분증을 확인한 뒤에 내줄 수 있어요."))


def why_not_own(actor: User, person: bytes) -> str | None:
    """Reason why a member of staff cannot do this for themselves, or None."""
    own = identities.candidates(actor)
    if actor.person_id is not None:
        own += [identity for key in keys.ids()
                for identity in identities.listed_together(hash_of(actor.person, key), key)]
    if person in own:
        return _("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요.")
    return None

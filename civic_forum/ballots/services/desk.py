"""Looking somebody up in the electoral roll at a desk: reason first, and written down before anything is shown."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import AccessRecord
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.kernel import keys
from civic_forum.kernel.errors import Denied, NotFound, Refusal, Unavailable
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from ..models import BallotBox
from ..policy.desk import DeskVisit, may_issue_paper
from ..queries import boxes
from ..rules.boxes import RollSource
from ..steps.desk import Voter, is_own, signed_in_account, voter_of, voters

VISIT_LASTS = timedelta(minutes=15)
"""How long a look-up lets the clerk do something for the person."""
_VISIT = "ballots.visit"


@dataclass(frozen=True)
class Found:
    """A voter whom the clerk may serve, with the pass that says so to the next form; or why not."""

    voter: Voter
    visit: str | None
    why_not: str | None
    is_elsewhere: bool = False
    """Of another neighbourhood: the clerk learns that, and neither which one nor how they take part."""


def look_up(box_id: bytes, who: Identity, reason: str, *, by) -> list[Found]:
    """Everybody of this name and birthday in the roll. Raises Refusal for a reason that says nothing."""
    with use_case(by) as work:
        actor, box = _begun(work, box_id, reason)
        return _shown(work, actor, box, voters(box, who), reason)


def look_up_account(box_id: bytes, desk_number: str, reason: str, *, by) -> list[Found]:
    """The same by the number that the page of their account shows, where the roll takes declared residents."""
    with use_case(by) as work:
        actor, box = _begun(work, box_id, reason)
        user = signed_in_account(desk_numbers.account_in(desk_number))
        if user is None or not desk_numbers.holds(desk_number, work.at):
            raise Refusal(_("창구 번호가 맞지 않거나 시간이 지났어요. 본인이 로그인해서 주민 확인 화면을 새로 열고 거기 나온 번호를 "
                            "보여 달라고 해 주세요."), field="desk_number")
        voter = voter_of(box, user)
        return _shown(work, actor, box, [voter] if voter else [], reason)


def takes_declared(box: BallotBox) -> bool:
    """Whether somebody may stand in the roll by their account alone."""
    return box.roll is not None and box.roll.source is RollSource.DECLARED


def _begun(work: Work, box_id: bytes, reason: str) -> tuple:
    actor = people.held(work.actor.id)[work.actor.id]
    require(actor, may_issue_paper)
    if not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
        raise Refusal(_("왜 찾아보는지 5자부터 200자까지 적어 주세요."), field="reason")
    box = boxes.by_id(box_id)
    if box is None or box.opened_at is None:
        raise NotFound(_("아직 열리지 않은 투표예요. 담당자 두 명이 열면 종이와 현장 투표를 다룰 수 있어요."))
    return actor, box


def _shown(work: Work, actor, box: BallotBox, found: list[Voter], reason: str) -> list[Found]:
    """Write down who was looked at, then what the clerk may do for each."""
    accounts = {voter.account.id for voter in found if voter.account} or {None}
    for user_id in sorted(accounts, key=lambda one: one or 0):
        work.session.add(AccessRecord(by_id=actor.id, user_id=user_id, reason=reason, at=work.at))
    work.record("ballots.roll_looked_up", f"ballot_box:{box.id.hex()}", found=len(found))
    return [_judged(actor, box, voter, work.at) for voter in found]


def _judged(actor, box: BallotBox, voter: Voter, at: datetime) -> Found:
    if elsewhere := may_issue_paper(actor, DeskVisit(voter.neighbourhood_id)):
        unseen = replace(voter, neighbourhood_id=None, channel=None, paper_number=None, struck_reason=None,
                         verified_at=None, account=None)
        return Found(unseen, None, elsewhere, is_elsewhere=True)
    reason = why_not_served(actor, voter)
    return Found(voter, None if reason else _pass_for(box.id, voter.person, actor.id, at), reason)


def why_not_served(actor, voter: Voter) -> str | None:
    """What stands against doing anything for this person here."""
    if is_own(actor, voter.person):
        return _("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요.")
    if voter.is_struck:
        return _("명부에서 빠진 분이에요. 이유: %(reason)s", reason=voter.struck_reason)
    return None


def _pass_for(box_id: bytes, person: bytes, clerk_id: int, at: datetime) -> str:
    said = json.dumps([box_id.hex(), person.hex(), clerk_id, at.timestamp()])
    return urlsafe_b64encode(keys.seal(_VISIT, said)).decode()


def person_of(visit: str, box_id: bytes, *, by, at: datetime) -> bytes:
    """Whom the clerk has just looked up for this box. Raises Denied for anything else."""
    try:
        box, person, clerk_id, then = json.loads(keys.unseal(_VISIT, urlsafe_b64decode(visit.encode())))
    except (ValueError, Unavailable):
        raise Denied(_looked_up_first()) from None
    if (box, clerk_id) != (box_id.hex(), by.id) or not 0 <= at.timestamp() - then <= VISIT_LASTS.total_seconds():
        raise Denied(_looked_up_first())
    return bytes.fromhex(person)


def _looked_up_first() -> str:
    return _("찾아본 지 15분이 지났거나 다른 화면에서 왔어요. 이유를 적고 다시 찾아 주세요.")

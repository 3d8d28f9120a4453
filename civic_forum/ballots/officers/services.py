"""Granting, ending, naming and replacing officers: two administrators, never one."""

from collections.abc import Collection

from civic_forum.accounts.models import User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import same_person
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import Language, _, moment, speaking
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import voted
from .. import operations as opening
from .. import queries as boxes
from ..box import locking
from ..box.watching import announce
from ..rules.log import canonical_json
from ..models import BallotBox
from .models import Officer, OfficerChange
from ..policy import may_confirm_officer, may_grant_officer, may_officiate
from ..published import heads
from ..rules import signing
from . import queries
from .rules import (
    LEAST,
    POSITION_LEAST,
    POSITION_MOST,
    PROPOSAL_LASTS,
    REPLACED_AFTER,
    Change,
    NamedOfficer,
    why_not_named,
)


def propose(user: User, position: str, *, by: User) -> Officer:
    """Propose that somebody may be an officer; another administrator confirms it within 24 hours. Raises Denied for who
    may not grant, Refusal for somebody who cannot be one, Conflict for who is one already."""
    with use_case(by) as work:
        subject = _administrating(work, user)
        officer = _new(work, subject, position)
        work.record("ballots.officer_proposed", officer)
        return officer


def grant_by_command(user: User, position: str) -> Officer:
    """The first ones, and where only one administrator is left: by whoever runs the machine, and listed so."""
    with use_case(None) as work:
        officer = _new(work, people.held(user.id)[user.id], position)
        officer.granted_at = work.at
        work.record("ballots.officer_granted", officer, by_command=True)
        return officer


def confirm(officer_id: int, *, by: User) -> Officer:
    """Grant what another administrator proposed. Raises Denied for the proposer and for the officer, also with another
    account; Conflict after 24 hours, and where the proposer or the officer may not any more."""
    with use_case(by) as work:
        known = queries.rows([officer_id]).get(officer_id)
        actor = _administrating(work, known.user if known else by, confirming=True)
        officer = queries.held(officer_id)
        if officer.granted_at is not None:
            raise Conflict(_("다른 관리자가 이미 확인했어요."))
        if work.at - officer.proposed_at >= PROPOSAL_LASTS:
            raise Conflict(_("제안한 지 24시간이 지났어요. 다시 제안해 주세요."))
        _refuse_same_person(officer.proposed_by, officer.user, by=actor)
        _refuse_proposer(officer.proposed_by)
        if reason := _why_no_officer(officer.user):
            raise Conflict(reason)
        officer.granted_by_id, officer.granted_at = actor.id, work.at
        work.record("ballots.officer_granted", officer, proposed_by=officer.proposed_by_id)
        return officer


def end(officer_id: int, *, by: User) -> None:
    """End a grant or withdraw a proposal: one administrator is enough, for it takes away. Who is named in a vote does
    not act there any more; two administrators replace them."""
    with use_case(by) as work:
        locking.acting(by, may_grant_officer)
        officer = queries.held(officer_id)
        officer.ended_at, officer.ended_by_id = work.at, by.id
        work.record("ballots.officer_ended", officer)


def name(box_id: bytes, grants: Collection[int], *, by: User) -> list[BallotBox]:
    """Name the officers of a vote that nobody has opened, and of all that are voted on together with it. What was
    confirmed before is void by it. Raises Refusal for too few, too many, or one who is not in force, Conflict after the
    opening."""
    with use_case(by) as work:
        locking.acting(by, may_officiate)
        first = boxes.required(box_id)
        together = [box.id for _name, box in voted.together(first) if box.opened_at is None and not box.rehearsal]
        ids = sorted({box_id, *together})
        locking.take_lock_alone(*ids)
        known = {officer.id: officer for officer in queries.may_be_named(work.at)}
        if (wrong := why_not_named(len(grants), LEAST)) is not None:
            raise Refusal({"few": _("담당관을 세 명 이상 골라 주세요. 한 명이 자리를 비워도 둘이 남아야 해요."),
                           "many": _("담당관은 여섯 명까지 고를 수 있어요.")}[wrong], field="officers")
        if any(grant not in known for grant in grants):
            raise Refusal(_("아직 담당관이 될 수 없는 사람이 있어요. 목록을 새로 열어 다시 골라 주세요."), field="officers")
        chosen = [known[grant] for grant in known if grant in grants]
        if any(same_person(first.user, second.user) for place, first in enumerate(chosen) for second in chosen[:place]):
            raise Refusal(_("같은 사람의 계정이 둘 있어요. 서로 다른 사람을 골라 주세요."), field="officers")
        named = {"officers": [NamedOfficer(officer.id, officer.position).to_json() for officer in chosen]}
        votes = []
        for vote_id in ids:
            box = boxes.held(vote_id)
            opening.refresh(box, opening.parts_of(box) | named, roll_id=box.roll_id)
            work.record("ballots.officers_named", box, officers=len(chosen))
            votes.append(box)
        return votes


def propose_change(box_id: bytes, leaves: int, comes: int, *, by: User) -> OfficerChange:
    """Propose that an officer of an opened vote be replaced. Raises Denied, Refusal for somebody who is not in office
    or cannot come, Conflict while another replacement waits and before the opening."""
    with use_case(by) as work:
        _administrating(work, by, confirming=True)
        box = boxes.held(box_id)
        before = queries.pending_change(box_id, lock=True)
        if before is not None:
            if work.at - before.proposed_at < PROPOSAL_LASTS:
                raise Conflict(_("이미 제안한 교체가 있어요. 다른 관리자의 확인을 기다려요."))
            _end_change(work, box, before)
        _check_change(box, leaves, comes)
        change = work.store(OfficerChange(box_id=box_id, leaves_id=leaves, comes_id=comes, proposed_by_id=by.id,
                                          proposed_at=work.at))
        work.record("ballots.officer_change_proposed", box)
        return change


def confirm_change(box_id: bytes, *, by: User) -> Change:
    """Confirm a replacement that another administrator proposed: signed, kept beside the keys, told to everybody, in
    force after 72 hours. Raises as `confirm`."""
    with use_case(by) as work:
        actor = _administrating(work, by, confirming=True)
        box = boxes.held(box_id)
        proposed = queries.pending_change(box_id, lock=True)
        if proposed is None or work.at - proposed.proposed_at >= PROPOSAL_LASTS:
            raise Conflict(_("확인할 교체가 없어요. 24시간이 지났으면 다시 제안해 주세요."))
        _refuse_same_person(proposed.proposed_by, proposed.comes.user, by=actor)
        _refuse_proposer(proposed.proposed_by)
        leaves, comes = _check_change(box, proposed.leaves_id, proposed.comes_id)
        before = queries.changes_of(box)
        at = (database_now() + REPLACED_AFTER).replace(microsecond=0)
        signature = signing.sign(heads.seed_of(box.id), signing.officer(
            box.fingerprint, len(before) + 1, canonical_json(queries.said(leaves, comes, at))))
        change = Change(leaves, comes, at, len(before) + 1, signature)
        proposed.confirmed_by_id, proposed.ended_at = actor.id, work.at
        work.record("ballots.officer_changed", box, number=change.number, proposed_by=proposed.proposed_by_id)
        with speaking(Language.KO):
            announce(work, box.subject, kind="notice", title=_("투표를 맡은 담당관이 바뀌어요"), text=_(
                "%(at)s부터 %(leaves)s 대신 %(comes)s이(가) 맡아요. 관리자 두 명이 함께 정했어요.", at=moment(at),
                leaves=leaves.position, comes=comes.position))
        queries.keep_changes(box, [*before, change])  # last: what fails before it leaves nothing
        return change


def withdraw_change(box_id: bytes, *, by: User) -> None:
    """Take a proposed replacement back."""
    with use_case(by) as work:
        locking.acting(by, may_grant_officer)
        box = boxes.held(box_id)
        if (proposed := queries.pending_change(box_id, lock=True)) is None:
            raise Conflict(_("이미 끝난 제안이에요."))
        _end_change(work, box, proposed)
        work.record("ballots.officer_change_withdrawn", box)


def _end_change(work: Work, box: BallotBox, proposed: OfficerChange) -> None:
    """End a proposal that nobody confirmed, with what a confirmation that was cut off has written of it."""
    confirmed = queries.changes_of(box)
    proposed.ended_at = work.at
    work.session.flush()
    if queries.changes_of(box) != confirmed:
        queries.keep_changes(box, confirmed)


def _administrating(work: Work, subject: User, *, confirming: bool = False) -> User:
    """The subject, or who confirms, locked after the right of the actor was checked on their grants as they are now."""
    held = people.held(*{subject.id, work.actor.id})
    actor = held[work.actor.id]
    require(actor, may_confirm_officer, queries.is_trusted(actor, work.at))
    require_proof(work.actor, work.at, passkey=actor.confirms_by_passkey)
    return actor if confirming else held[subject.id]


def _new(work: Work, user: User, position: str) -> Officer:
    label = " ".join(position.split())
    if not POSITION_LEAST <= len(label) <= POSITION_MOST:
        raise Refusal(_("부서와 직위를 2자부터 80자까지 적어 주세요. 모두에게 보여요."), field="position")
    if reason := _why_no_officer(user):
        raise Refusal(reason, field="sign_in_name")
    if work.actor is not None and same_person(work.actor, user):
        raise Denied(_("나를 담당관으로 정할 수는 없어요. 다른 관리자 두 명이 정해요."))
    for other in (*queries.granted(), *queries.proposed()):
        if other.granted_at is None and work.at - other.proposed_at >= PROPOSAL_LASTS:
            other.ended_at = work.at
        elif same_person(other.user, user):
            raise Conflict(_("이미 담당관이거나 제안한 사람이에요."), field="sign_in_name")
        elif other.position == label:
            raise Conflict(_("같은 이름의 자리가 있어요. 구분할 수 있게 적어 주세요."), field="position")
    officer = Officer(user_id=user.id, position=label, proposed_by_id=work.actor and work.actor.id, proposed_at=work.at)
    db.session.flush()
    work.session.add(officer)
    return officer


def _why_no_officer(user: User) -> str | None:
    if not user.is_active or may_officiate(user):
        return _("운영자, 부서 담당자, 관리자이면서 2단계 인증을 켠 사람만 담당관이 될 수 있어요.")
    if user.confirms_by_passkey and not user.has_passkey:
        return _("패스키가 있는 사람만 담당관이 될 수 있어요. 내 정보의 패스키에서 먼저 만들어야 해요.")
    if not people.is_verified_at_desk(user):
        return _("동 주민센터에서 본인 확인을 받은 사람만 담당관이 될 수 있어요.")
    return None


def _refuse_same_person(*others: User, by: User) -> None:
    if any(same_person(other, by) for other in others):
        raise Denied(_("제안한 사람도, 담당관이 될 사람도 아닌 다른 관리자가 확인해야 해요."))


def _refuse_proposer(proposer: User) -> None:
    """The first one must still be one who may."""
    if may_grant_officer(proposer, queries.is_trusted(proposer, database_now())):
        raise Conflict(_("제안한 사람이 이제 담당관을 정할 수 없어요. 다시 제안해 주세요."))


def _check_change(box: BallotBox, leaves: int, comes: int) -> tuple[NamedOfficer, NamedOfficer]:
    """Check who leaves and who comes. Raises Refusal, and Conflict for a vote that is not going on."""
    if box.opened_at is None or box.published_at is not None:
        raise Conflict(_("열린 뒤부터 결과를 공개할 때까지만 담당관을 바꿀 수 있어요."))
    changes = queries.changes_of(box)
    seats = queries.current(box, changes[-1].at if changes else None)
    going = next((seat for seat in seats if seat.grant == leaves), None)
    coming = next((officer for officer in queries.may_be_named(database_now()) if officer.id == comes), None)
    if going is None:
        raise Refusal(_("이 투표의 담당관이 아니에요. 목록을 새로 열어 다시 골라 주세요."), field="leaves")
    if coming is None or any(seat.grant == comes for seat in seats):
        raise Refusal(_("담당관이 될 수 있고 아직 이 투표를 맡지 않은 사람을 골라 주세요."), field="comes")
    holders = queries.rows(seat.grant for seat in seats if seat.grant != leaves)
    if any(same_person(holder.user, coming.user) for holder in holders.values()):
        raise Refusal(_("같은 사람의 계정이 이미 이 투표를 맡고 있어요."), field="comes")
    return going, NamedOfficer(coming.id, coming.position)

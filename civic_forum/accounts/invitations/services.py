"""Invitations to roles by mail: proposed as a list by one administrator, sent once another one has confirmed all of it,
used once, and deleted when they are used, withdrawn or too old."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.district import queries as district
from civic_forum.platform import clock, csv_tables, outbox
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.plain_text import clean
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import mail
from ..authenticators import Answer
from ..models import User
from ..operations import require_proof
from ..policy import may_change_own, may_grant_role
from ..queries import people, users
from ..rules import NICKNAME_LEAST, NICKNAME_MOST, Post, Role
from ..services.entry import NewAccount, hashed, keep_made, opened
from ..services.first_links import BYTES
from ..services.people import check_post, give
from . import directory, queries
from .directory import Invitee, Reading
from .models import Invitation, InvitationList

LASTS = timedelta(days=14)
"""For the second administrator, and then for who is invited."""


class Proposal(NamedTuple):
    """A list with those whom it invites, as they are now."""

    list: InvitationList
    people: Sequence[Invitation]


def subject_of(list_id: int) -> str:
    return f"invitations:{list_id}"


def proposal(list_id: int, *, lock: bool = False) -> Proposal:
    """Raises NotFound where nobody of it is left, and for pages where it waits no more."""
    invitations = queries.of_list(list_id, lock=lock)
    if not invitations or not lock and invitations[0].token_hash:
        raise NotFound(_("기다리는 초대가 없어요. 이미 썼거나 거뒀거나 기간이 지났어요."))
    return Proposal(db.session.get_one(InvitationList, list_id), invitations)


def _held(subject: str, signers: frozenset[int]) -> Proposal:
    people.held(*signers)
    return proposal(int(subject.removeprefix("invitations:")), lock=True)


def _send(work: Work, case: Proposal) -> None:
    case.list.confirmed_at = work.at
    tokens = {invitation.id: token_urlsafe(BYTES) for invitation in case.people}
    for invitation in case.people:
        invitation.token_hash = queries.token_hash(tokens[invitation.id])
        invitation.expires_at = work.at + LASTS
    work.session.flush()
    outbox.post_all(work.session, [mail.invitation(sent, tokens[sent.id]) for sent in queries.of_list(case.list.id)])


INVITING: TwoPeople[Proposal] = TwoPeople(
    name="accounts.invitations", strength=Strength.PLAIN, lasts=LASTS, held=_held, held_for=people.held_for,
    may=lambda actor, _case: may_grant_role(actor, None),
    about=lambda case: [frozenset({("mail", invitation.email)}) for invitation in case.people],
    shown=lambda case: [[invitation.id, invitation.email, invitation.name, *post_of(invitation)]
                        for invitation in case.people],
    signatory=people.signatory_of(Role.ADMINISTRATOR), proof=require_proof, carry_out=_send)


def post_of(invitation: Invitation) -> Post:
    return Post(invitation.role, invitation.department_id, invitation.neighbourhood_id, invitation.is_head,
                invitation.title or "", invitation.ends_on)


def read(rows: Sequence[csv_tables.Row], mends: Mapping[tuple[int, str], str], *, by: User) -> Reading:
    """A directory as it is understood, once what was chosen for (line, column) stands there. Raises Denied, and Refusal
    for what is no directory."""
    require(by, may_grant_role, None)
    if not 1 < len(rows) <= directory.MOST + 1:
        raise Refusal(_("한 번에 1줄부터 %(most)s줄까지 넣을 수 있어요.", most=f"{directory.MOST:,}"), field="table")
    try:
        mended = list(csv_tables.rows(directory.rewritten(rows, mends)))
    except directory.NoDirectory as wrong:
        raise Refusal(_("첫 줄에 이름, 메일, 부서, 역할 칸이 하나씩 있어야 해요."), field="table") from wrong
    emails = directory.emails(mended)
    return directory.read(mended, directory.Known(
        departments=_by_key(district.departments(closed=True)), neighbourhoods=_by_key(district.neighbourhoods()),
        invited=queries.invited(emails, clock.now()), held=queries.held(emails)))


def _by_key(entries: Sequence) -> dict[str, int]:
    return {directory.key(name): number for name, number in district.ids_by_name(entries).items()}


def propose(invitees: Sequence[Invitee], *, by: User) -> InvitationList:
    """Ask another administrator for all of these invitations. Raises Denied, Refusal at the field of what is wrong, and
    Conflict for an address that is invited, or somebody who has the role."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_grant_role, None)
        require_proof(by, work.at)
        _delete(work, Invitation.expires_at <= work.at)
        for post in {invitee.post for invitee in invitees}:
            check_post(post, work.at)
        if not invitees:
            raise Refusal(_("초대할 사람이 없어요. 아래에서 고친 뒤에 다시 해 주세요."), field="table")
        emails = {invitee.email for invitee in invitees}
        if len(emails) < len(invitees) or queries.invited(emails, work.at):
            raise Conflict(_("이미 초대한 주소예요. 거두거나 기간이 지난 다음에 다시 초대해 주세요."), field="email")
        if not queries.held(emails).isdisjoint((invitee.email, invitee.post[:3]) for invitee in invitees):
            raise Conflict(_("이미 가진 권한이에요."), field="email")
        proposed = work.store(InvitationList(by_id=by.id, made_at=work.at))
        invitations = [Invitation(
            list_id=proposed.id, email=email, name=_name(name, "name"), expires_at=work.at + LASTS,
            **post._asdict() | {"title": post.title or None}) for name, email, post in invitees]
        work.session.add_all(invitations)
        INVITING.begin(work, subject_of(proposed.id), Proposal(proposed, invitations))
        work.record("accounts.invitations_proposed", subject_of(proposed.id), count=len(invitations))
        return proposed


def _name(typed: str, field: str) -> str:
    if not NICKNAME_LEAST <= len(name := clean(typed)) <= NICKNAME_MOST:
        raise Refusal(_("이름은 2~20자로 적어 주세요."), field=field)
    return name


def withdraw(list_id: int, invitation_id: int | None = None, *, by: User) -> None:
    """Take back a list that waits, or one invitation that was sent. Raises NotFound, and Conflict for a part of what
    waits: the second administrator confirms what was proposed."""
    with use_case(by) as work:
        case = _held(subject_of(list_id), frozenset((by.id,)))
        require(by, may_grant_role, None)
        act = INVITING.pending(subject_of(list_id), lock=True)
        if (act is None) is (invitation_id is None):
            raise Conflict(_("그 사이에 내용이 바뀌었어요. 다시 한번 확인해 주세요."))
        if act is not None:
            act.ended_at = work.at
        count = _delete(work, Invitation.list_id == case.list.id, *(
            () if invitation_id is None else (Invitation.id == invitation_id,)))
        if not count:
            raise NotFound(_("기다리는 초대가 없어요. 이미 썼거나 거뒀거나 기간이 지났어요."))
        work.record("accounts.invitations_withdrawn", subject_of(list_id), count=count)


def forget_old() -> int:
    """Delete invitations whose time is over; returns how many."""
    with use_case(None) as work:
        return _delete(work, Invitation.expires_at <= work.at)


def _delete(work: Work, *which: sa.ColumnElement[bool]) -> int:
    return work.session.execute(sa.delete(Invitation).where(*which)).rowcount


def accept(token: str, *, by: User) -> Post:
    """Take the role with the own account, whose confirmed address is the one that was invited. Raises Denied, NotFound
    for a link that does not work, Conflict for a role that is held already."""
    with use_case(by) as work:
        user = people.held(by.id)[by.id]
        require(by, may_change_own, user)
        return _take(work, user, _opened(token, work.at))


def open_account(token: str, account: NewAccount, name: str, *, device: str) -> str:
    """Open an account by an invitation and take its role; returns the secret of the session. The address is confirmed
    by the link that was sent there. Raises Denied where an account has it already, else as `sign_up` and `accept`."""
    name = _name(name, "nickname")

    def take(work: Work, user: User) -> None:
        keep_made(work, user, account, device)
        invitation = _opened(token, work.at)
        if users.by_confirmed_email(invitation.email) is not None:
            raise another_account()
        user.nickname, user.email, user.confirmed_email = name, invitation.email, invitation.email
        _take(work, user, invitation)

    return opened(account, hashed(account), device=device, passkey=isinstance(account.password, Answer), beside=take)


def _opened(token: str, at: datetime) -> Invitation:
    """Held: of two who come at once one finds it."""
    invitation = queries.opened(token, at, lock=True)
    if invitation is None:
        raise does_not_work()
    return invitation


def _take(work: Work, user: User, invitation: Invitation) -> Post:
    """Give a held user the role of a held invitation and delete it."""
    if user.confirmed_email != invitation.email:
        raise another_account()
    post, by_id = post_of(invitation), db.session.get_one(InvitationList, invitation.list_id).by_id
    work.session.delete(invitation)
    give(work, user, post, by_id)
    work.record("accounts.invitation_used", user)
    return post


def does_not_work() -> NotFound:
    return NotFound(_("이미 썼거나 거뒀거나 기간이 지난 초대예요. 초대한 관리자에게 다시 부탁해 주세요."))


def another_account() -> Denied:
    return Denied(_("초대는 메일을 받은 주소의 것이에요. 그 주소를 확인한 계정으로 로그인해 주세요. 다른 계정이 대신 받을 수는 없어요."))

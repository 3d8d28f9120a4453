"""Invitations to roles: proposed by one administrator, confirmed by another, used once by the owner of the address."""

import os
import re
import signal
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.invitations.directory import Invitee
from civic_forum.accounts.invitations.models import Invitation, InvitationList
from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Post, Role
from civic_forum.accounts.invitations import services as invitations
from civic_forum.accounts.services import people as roles
from civic_forum.accounts.services.entry import NewAccount
from civic_forum.accounts.invitations.services import INVITING, subject_of
from civic_forum.district.extensions import OPEN_WORK
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.outbox import OutgoingMail
from civic_forum.platform.work import use_case
from tests.common import again, rows
from tests.factories import MAY
from tests.polls import making
from tests.racing import at_once

from .people import PASSWORD, member

pytestmark = pytest.mark.both
MAIL = "haneul@example.org"
ACCOUNT = NewAccount("haneul.kim", PASSWORD, agrees=True)


@pytest.fixture
def two(town):
    return making.administrator(town), making.administrator(town)


def invitee(town, email=MAIL, **post):
    return Invitee("김하늘", email, Post(Role.OFFICIAL, town.department().id, **post))


def proposed(by, *invitees):
    db.session.rollback()
    return invitations.propose(invitees, by=again(by)).id


def confirmed(list_id, by, seen=None):
    db.session.rollback()
    return INVITING.confirm(subject_of(list_id), seen=seen, by=again(by))


def tokens():
    """Tokens of the letters, by address."""
    return {letter.recipient: re.search(r"/invitations/(\S+)", letter.body)[1] for letter in rows(OutgoingMail)
            if letter.kind == "invitation"}


def sent(town, two, *invitees):
    """Token of the first of those who were invited."""
    confirmed(proposed(two[0], *(invitees or [invitee(town)])), two[1])
    return tokens()[MAIL]


def opened(token, account=ACCOUNT, name="김하늘"):
    invitations.open_account(token, account, name, device="Chrome")
    return users.by_name(account.name)


def grants(user):
    return [(grant.role, grant.department_id, grant.granted_by_id) for grant in rows(RoleGrant)
            if grant.user_id == user.id]


def test_the_second_administrator_lets_the_mail_leave_and_its_reader_takes_the_role(town, two):
    list_id = proposed(two[0], invitee(town, is_head=True))
    assert tokens() == {} and rows(Invitation)[0].token_hash is None
    confirmed(list_id, two[1])
    user = opened(tokens()[MAIL])
    assert (user.nickname, user.confirmed_email) == ("김하늘", MAIL)
    assert grants(user) == [(Role.OFFICIAL, town.department().id, two[0].id)] and again(user).grants[0].is_head
    assert rows(Invitation) == []


def test_nobody_confirms_an_own_proposal_nor_an_own_invitation(town, two):
    list_id = proposed(two[0], invitee(town))
    with pytest.raises(Denied, match="다른 사람"):
        confirmed(list_id, two[0])
    again(two[1]).confirmed_email = "me@example.org"
    db.session.commit()
    own = proposed(two[0], invitee(town, "me@example.org"))
    with pytest.raises(Denied, match="내 일"):
        confirmed(own, two[1])
    for stranger in (town.official(), town.user()):
        with pytest.raises(Denied):
            confirmed(list_id, stranger)
        with pytest.raises(Denied):
            proposed(stranger, invitee(town, "other@example.org"))
    assert tokens() == {}


def test_of_many_who_confirm_at_once_one_succeeds(app, town, two):
    list_id = proposed(two[0], *(invitee(town, f"p{number}@example.org") for number in range(9)))
    others = [making.administrator(town).id for _number in range(3)]
    db.session.rollback()
    answers = at_once(app, 3, lambda number: INVITING.confirm(
        subject_of(list_id), by=db.session.get(User, others[number])))
    assert sorted(map(type, answers), key=str) == [NotFound, NotFound, JointAct]
    assert len(tokens()) == len([letter for letter in rows(OutgoingMail) if letter.kind == "invitation"]) == 9


def test_a_kill_while_it_is_confirmed_leaves_nothing(app, town, two):
    list_id, by_id = proposed(two[0], invitee(town)), two[1].id
    db.session.rollback()
    db.engine.dispose()
    if (child := os.fork()) == 0:
        sa.event.listen(db.session, "before_commit", lambda _session: os.kill(os.getpid(), signal.SIGKILL))
        INVITING.confirm(subject_of(list_id), by=db.session.get(User, by_id))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert tokens() == {} and rows(InvitationList)[0].confirmed_at is None and rows(Invitation)[0].token_hash is None
    confirmed(list_id, two[1])
    assert len(tokens()) == 1


def test_a_link_is_used_once_also_by_many_at_once(app, town, two):
    token = sent(town, two)
    db.session.rollback()
    answers = at_once(app, 4, lambda number: invitations.open_account(
        token, NewAccount(f"person.{number}", PASSWORD, agrees=True), "김하늘", device=""))
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert len([grant for grant in rows(RoleGrant) if grant.role is Role.OFFICIAL]) == 1


def test_only_the_account_of_the_address_takes_it(town, two):
    owner, other = member(town, confirmed_email=MAIL, email=MAIL), member(town, email=MAIL)
    token = sent(town, two)
    with pytest.raises(Denied, match="다른 계정"):
        invitations.accept(token, by=again(other))
    with pytest.raises(Denied, match="다른 계정"):
        opened(token)
    assert users.by_name(ACCOUNT.name) is None and grants(other) == []
    invitations.accept(token, by=again(owner))
    assert grants(owner) == [(Role.OFFICIAL, town.department().id, two[0].id)]
    with pytest.raises(NotFound):
        invitations.accept(token, by=again(owner))


def test_withdrawn_and_old_invitations_open_nothing_and_are_forgotten(town, two, at):
    at(MAY)
    invitations.withdraw(before := proposed(two[0], invitee(town)), by=again(two[1]))
    list_id = proposed(two[0], invitee(town), invitee(town, "bada@example.org"))
    with pytest.raises(NotFound):
        confirmed(before, two[1])
    with pytest.raises(Conflict):
        invitations.withdraw(list_id, rows(Invitation)[0].id, by=again(two[1]))
    confirmed(list_id, two[1])
    with pytest.raises(Conflict):
        invitations.withdraw(list_id, by=again(two[1]))
    invitations.withdraw(list_id, rows(Invitation)[0].id, by=again(two[1]))
    with pytest.raises(NotFound):
        opened(tokens()[MAIL])
    at(MAY + timedelta(days=14))
    with pytest.raises(NotFound):
        opened(tokens()["bada@example.org"])
    assert invitations.forget_old() == 1 and rows(Invitation) == []


def test_an_address_is_invited_once_until_it_is_over(town, two, at):
    at(MAY)
    proposed(two[0], invitee(town))
    for by in two:
        with pytest.raises(Conflict, match="이미 초대"):
            proposed(by, invitee(town))
    at(MAY + timedelta(days=15))
    making.signed_in_anew(two[1].id)
    assert proposed(two[1], invitee(town))


def test_a_role_with_what_it_cannot_have_is_refused_without_a_trace(town, two):
    holder = member(town, confirmed_email=MAIL)
    roles.grant(again(holder), Role.OBSERVER, by=None)
    for post, field in ((Post(Role.OFFICIAL), "department"), (Post(Role.READER), "title"),
                        (Post(Role.CLERK), "neighbourhood"),
                        (Post(Role.MODERATOR, is_head=True), "is_head"), (Post(Role.OBSERVER), "email"),
                        (Post(Role.MODERATOR, ends_on=clock.now().date()), "ends_on")):
        with pytest.raises(Refusal) as refused:
            proposed(two[0], Invitee("김하늘", MAIL, post))
        assert refused.value.field == field
    assert rows(Invitation) == rows(InvitationList) == rows(JointAct) == []


def test_a_department_that_closes_takes_the_invitation_along_and_voids_what_waits(town, two):
    before, after = town.department("앞과"), town.department("뒷과")
    list_id = proposed(two[0], Invitee("김하늘", MAIL, Post(Role.OFFICIAL, before.id)))
    with use_case(None) as work:
        assert OPEN_WORK["invitations"].carry_over(work, before.id, after.id) == 1
    with pytest.raises(Conflict, match="내용이 바뀌었어요"):
        confirmed(list_id, two[1])


def test_neither_log_nor_event_has_name_address_or_link(town, two):
    token = sent(town, two)
    opened(token)
    kept = str([(entry.action, entry.subject, entry.details) for entry in rows(AuditEntry)])
    for private in (token, MAIL, "김하늘"):
        assert private not in kept

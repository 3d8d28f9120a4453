"""Attacks that worked when any two accounts were two officials, by the forms of the pages: each is refused in words."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import leaving
from civic_forum.ballots import identities
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import queries as pending
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.models import BallotBox, Confirmation, RollEntry, VoteNotice
from civic_forum.ballots.officers.models import Officer
from civic_forum.ballots.officers import queries, services
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.desk_scene import Vote
from tests.ballots.kiosks import at_kiosk
from tests.ballots.officials import CLOSE_EARLY, EARLY, FIRST, OPEN, after, two_confirm
from tests.polls.making import prepared, voter
from tests.polls.test_pages import casts, text_of
from tests.racing import at_once
from tests.factories import count

from . import attacking
from .attacking import Browser
from .people import granted, staff, three

NOT_THEIRS = "이 투표를 맡은 담당관만 할 수 있어요"
NOT_TRUSTED = "다른 관리자 한 명이 만든 관리자예요"


class Poll:
    """An open poll with three officers, in which eleven residents have voted."""

    def __init__(self, town):
        self.voters = [voter(town) for _each in range(11)]
        self.poll = prepared(town, voters=0)
        self.id, self.slug, (self.officers, grants) = self.poll.box_id, self.poll.slug, three(town)
        services.name(self.id, [one.id for one in grants], by=self.officers[0])
        two_confirm(OPEN, self.id, *self.officers[:2])
        for number, one in enumerate(self.voters):
            casts(self.poll, one, 1 + number % 2)

    @property
    def row(self) -> BallotBox:
        db.session.rollback()
        return db.session.get(BallotBox, self.id, populate_existing=True)

    def seen(self, action: str) -> str:
        return pending.fingerprint(ConfirmedAction(action), self.row).hex()

    def is_struck(self, user) -> bool:
        db.session.rollback()
        known = RollEntry.person.in_(identities.candidates(user))
        return db.session.scalar(sa.select(RollEntry.struck_at).where(known)) is not None


@pytest.fixture
def made(town, app, monkeypatch):
    monkeypatch.setitem(app.config, "LEAST_OFFICERS", 3)
    return Poll(town)


@pytest.fixture
def real(made, app, monkeypatch):
    """No marked sample any more: staff need a second factor, and a grant waits for seven days."""
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    return made


def at_a_browser(browse, user) -> Browser:
    """Signed in, with the password of the tests."""
    db.session.rollback()
    user.password_hash = password_hash()
    db.session.commit()
    return Browser(browse(user), user.sign_in_name)


def known(town, role=Role.OFFICIAL):
    """Staff whom a clerk has seen, with a second factor."""
    db.session.rollback()
    user = staff(town, role)
    user.totp_confirmed_at = clock.now()
    db.session.commit()
    return user


@pytest.fixture
def administrator(town, browse):
    """One whom a command made, and whom a clerk has seen."""
    return at_a_browser(browse, staff(town, Role.ADMINISTRATOR))


def puppets(town, browse, administrator, *names, role="moderator") -> list[Browser]:
    """Accounts of the administrator: new, with second factors of their own, made staff in the same minute."""
    made = [Browser.signed_up(browse, town.neighbourhood(), name) for name in names]
    for one in made:
        one.sets_up_a_second_factor()
    if not administrator.key:
        administrator.sets_up_a_second_factor()
    administrator.gives_role(*made, role=role)
    return made


def are_refused(answers, sentence=NOT_THEIRS, status=403):
    for number, answer in enumerate(answers):
        assert answer.status_code == status and sentence in text_of(answer), (number, answer.status_code)


@pytest.mark.in_turns(of=5)
def test_one_administrator_with_two_new_accounts_neither_closes_nor_publishes_a_vote(town, browse, real, administrator):
    one, other = puppets(town, browse, administrator, "puppet.one", "puppet.two")
    before = count(Confirmation)
    for pair in ((one, other), (administrator, one)):
        are_refused(attacking.close_early(*pair, real))
    here = f"/desk/votes/{real.id.hex()}"
    are_refused([one.page.get(f"{here}/key"), one.page.get(f"{here}/strikes"), one.page.post(
        f"{here}/key/proposals", data={"seen": real.seen("export_key"), "phrase": FIRST, "repeated": FIRST})])
    assert real.row.closed_at is None
    after(8 * 24 * 3600)
    one.signs_in_again()
    other.signs_in_again()
    are_refused(attacking.count_destroy_and_publish(one, other, real))
    are_refused([one.page.get(f"{here}/observers.zip")])
    assert real.row.counted_at is None and keyring.is_there(real.id) and count(Confirmation) == before


@pytest.mark.in_turns(of=5)
def test_one_officer_with_a_new_account_is_no_two(town, browse, made, administrator):
    """A proposal of the officer is neither confirmed nor taken back by the puppet, nor by the officer."""
    [puppet] = puppets(town, browse, administrator, "puppet.one")
    thief = at_a_browser(browse, made.officers[0])
    confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=made.officers[0])
    [number] = [one.id for one in pending.of_box(made.id) if one.action is CLOSE_EARLY]
    here = f"/desk/votes/{made.id.hex()}/proposals/{number}"
    seen = pending.now_of(db.session.get(Confirmation, number), made.row).hex()
    are_refused([puppet.page.post(f"{here}/confirmation", data={"seen": seen, **puppet.oneself()}),
                 puppet.page.post(f"{here}/withdrawal")])
    are_refused([thief.page.post(f"{here}/confirmation", data={"seen": seen, **thief.oneself()})],
                "제안한 사람이 아닌 다른 담당관이 확인해야 해요")
    assert made.row.closed_at is None


@pytest.mark.both
def test_one_administrator_with_puppets_makes_nobody_an_officer_and_replaces_none(town, browse, real, administrator):
    """Nor with accounts that were made administrators, moved their mail, and have second factors of their own."""
    first, second = puppets(town, browse, administrator, "puppet.one", "puppet.two", role="administrator")
    for one in (first, second):
        one.page.post("/me/email", data={"email": f"{one.name}@example.org", "password": PASSWORD})
    candidate, incoming = known(town), granted(known(town))
    for one in (first, second):
        are_refused([one.page.post("/desk/officers", data={
            "sign_in_name": candidate.sign_in_name, "position": "꾸며 낸 자리", **one.oneself()})], NOT_TRUSTED)
    proposed = administrator.page.post("/desk/officers", data={
        "sign_in_name": candidate.sign_in_name, "position": "꾸며 낸 자리", **administrator.oneself()})
    assert proposed.status_code == 303, "one administrator may propose"
    db.session.rollback()
    number = db.session.scalar(sa.select(sa.func.max(Officer.id)))
    for one in (first, second):
        are_refused([one.page.post(f"/desk/officers/{number}/confirmation", data=one.oneself())], NOT_TRUSTED)
    alone = administrator.page.post(f"/desk/officers/{number}/confirmation", data=administrator.oneself())
    are_refused([alone], "제안한 사람도, 담당관이 될 사람도 아닌 다른 관리자가 확인해야 해요")
    here = f"/desk/votes/{real.id.hex()}/officers/changes"
    [seat] = [one.id for one in db.session.scalars(sa.select(Officer).filter_by(user_id=real.officers[0].id))]
    change = {"leaves": seat, "comes": incoming.id}
    assert administrator.page.post(here, data=change | administrator.oneself()).status_code == 302
    for one in (first, second):
        are_refused([one.page.post(f"{here}/confirmation", data=one.oneself())], NOT_TRUSTED)
    alone = administrator.page.post(f"{here}/confirmation", data=administrator.oneself())
    are_refused([alone], "다른 관리자가 확인해야 해요")
    db.session.rollback()
    assert db.session.get(Officer, number).granted_at is None
    assert not keyring.beside_keys(real.id, ".officers").exists()


def test_a_clerk_votes_for_nobody_who_is_not_there(town, browse):
    """Neither in a browser of their own, nor at a kiosk of another desk; and never over an online ballot."""
    vote = Vote(town)
    absent, online = vote.voter(), vote.voter()
    online.casts(3)
    clerk, _elsewhere = browse(town.clerk()), town.neighbourhood("독산1동")
    are_refused([attacking.vote_for(absent, clerk, browse(), vote.hex, "2")], "등록된 투표소 기기가 아니라서")
    there = at_kiosk(browse(), "독산1동")
    are_refused([attacking.vote_for(absent, clerk, there, vote.hex, "2")], "다른 창구에서 드린 번호예요", 404)
    answer = attacking.vote_for(online, clerk, at_kiosk(browse(), "시흥1동"), vote.hex, "2")
    assert "이미 투표한 분이에요" in text_of(answer)
    assert vote.by_channel() == {Channel.ONLINE: 1} and vote.revisions() == [1]


@pytest.mark.both
def test_one_moderator_strikes_nobody_from_an_open_vote(town, browse, made, administrator):
    """Nor does one officer, nor one with a puppet; whoever was to be struck still votes."""
    person, moderator = made.voters[0], at_a_browser(browse, town.moderator())
    are_refused([attacking.strike(moderator.page, made.slug, person.sign_in_name)], "두 담당관이 함께 명부에서 빼요", 409)
    here = f"/desk/votes/{made.id.hex()}/strikes"
    said = {"name": person.sign_in_name, "reason": "다른 구로 이사했어요"}
    are_refused([moderator.page.post(here, data=said), moderator.page.get(here)])
    thief, [puppet] = at_a_browser(browse, made.officers[0]), puppets(town, browse, administrator, "puppet.one")
    assert thief.page.post(here, data=said).status_code == 302, "one officer may propose"
    db.session.rollback()
    number = db.session.scalar(sa.select(sa.func.max(Confirmation.id)))
    for one, sentence in ((puppet, NOT_THEIRS), (thief, "제안한 사람이 아닌 다른 담당관이 확인해야 해요")):
        words = {f"strike{number}-{name}": value for name, value in one.oneself().items()}
        are_refused([one.page.post(f"{here}/{number}/confirmation", data=words)], sentence)
    assert not made.is_struck(person)
    casts(made.poll, person, 3)


@pytest.mark.in_turns(of=5)
def test_of_several_administrators_at_once_one_confirms(town, app, made):
    """A position is granted once; a replacement is signed once, and everybody is told once."""
    db.session.rollback()
    four, candidate, incoming = [staff(town, Role.ADMINISTRATOR)
                                 for _each in range(4)], staff(town), granted(staff(town))
    proposed = services.propose(candidate, "참여소통팀장", by=four[0]).id
    [seat] = [one.id for one in db.session.scalars(sa.select(Officer).filter_by(user_id=made.officers[0].id))]
    services.propose_change(made.id, seat, incoming.id, by=four[0])
    numbers = [one.id for one in four[1:]]
    db.session.rollback()
    for act, sentence in ((lambda by: services.confirm(proposed, by=by), "이미 확인했어요"),
                          (lambda by: services.confirm_change(made.id, by=by), "확인할 교체가 없어요")):
        answers = at_once(app, 3, lambda n, act=act: act(db.session.get(User, numbers[n])))
        refused = [answer for answer in answers if isinstance(answer, Conflict)]
        assert len(refused) == 2 and all(sentence in str(one) for one in refused), answers
    assert [one.number for one in queries.changes_of(made.row)] == [1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(VoteNotice)) == 1


@pytest.mark.in_turns(of=5)
def test_a_proposal_of_an_officer_is_void_once_they_left_the_site(town, made):
    going, one, other = made.officers
    db.session.rollback()
    going.password_hash = password_hash()
    db.session.commit()
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=going).id
    leaving.leave(PASSWORD, by=going)
    with pytest.raises(Conflict, match="제안한 사람이 이제 담당관이 아니에요"):
        confirmations.confirm(proposed, by=one)
    confirmations.withdraw(proposed, by=one)
    two_confirm(CLOSE_EARLY, made.id, one, other)
    assert made.row.closed_at is not None

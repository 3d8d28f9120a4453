"""Leaving the office in one act: what somebody holds goes to others, and their roles end."""

import os
import signal

import pytest
import sqlalchemy as sa

from civic_forum.accounts import extensions
from civic_forum.accounts.models import HandOver, RoleGrant, User
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import people as roles
from civic_forum.answers.models import Answer
from civic_forum.answers.services import texts as answers
from civic_forum.ballots.officers.models import Officer
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as promises
from civic_forum.commitments.services import entries
from civic_forum.desk.services import hand_overs
from civic_forum.forums.rules import Duty
from civic_forum.notifications.models import Notice
from civic_forum.outcomes import services as outcomes
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests import factories
from tests.answers.making import on_the_table, text
from tests.ballots.officers.people import box_of, granted, three
from tests.commitments.making import accepted
from tests.common import let_go
from tests.forums.scene import live_forum
from tests.outcomes import making as deciding
from tests.polls import making

pytestmark = pytest.mark.both


@pytest.fixture
def two(town):
    return making.administrator(town), making.administrator(town)


def holding(town, *, promised=1):
    """An official with promises, a draft and a duty at a forum; and a colleague."""
    user, colleague = town.official(), town.official()
    for _number in range(promised):
        promise = accepted(town, user, colleague)
        entries.name_person(promise.id, user.id, seen=promise.version, by=colleague)
    answers.save(on_the_table(town, user).id, text(), seen=0, by=user)
    live_forum(town).with_duty(Duty.PANEL, user)
    db.session.rollback()
    return user, colleague


def receivers(user, receiver):
    db.session.rollback()
    return {bundle.key: receiver.id for bundle in extensions.bundles(user.id) if bundle.holding.roles}


def propose(user, receiver, by):
    hand_overs.propose(user.id, receivers(user, receiver), by=by)


def confirm(user, by, seen=None):
    db.session.rollback()
    hand_overs.HAND_OVER.confirm(hand_overs.subject_of(user.id), seen=seen, by=by)


def held(user):
    db.session.rollback()
    return {bundle.name: len(bundle.ids) for bundle in extensions.bundles(user.id)}


def grants(user):
    db.session.rollback()
    return list(db.session.scalars(sa.select(RoleGrant).filter_by(user_id=user.id, withdrawn_at=None)))


def told(user):
    db.session.rollback()
    return {notice.step: notice.details for notice in db.session.scalars(sa.select(Notice).filter_by(user_id=user.id))}


def test_everything_goes_to_the_receiver_in_one_act_and_no_day_moves(town, two):
    user, colleague = holding(town, promised=2)
    before = {promise.id: (promise.due_on, promise.next_due_on, promise.next_first_on, promise.department_id)
              for promise in db.session.scalars(sa.select(Commitment).filter_by(person_id=user.id))}
    assert held(user) == {"commitments": 2, "answers": 1, "forum_duties": 1}
    propose(user, colleague, two[0])
    assert held(user) and grants(user)
    confirm(user, two[1])
    assert held(user) == {} and grants(user) == []
    assert held(colleague) == {"commitments": 2, "answers": 1, "forum_duties": 1}
    after = {promise.id: (promise.due_on, promise.next_due_on, promise.next_first_on, promise.department_id)
             for promise in db.session.scalars(sa.select(Commitment).filter_by(person_id=colleague.id))}
    assert after == before and db.session.get(HandOver, user.id) is None
    assert told(user).keys() >= {"roles_ended"} and told(colleague)["duty_received"] == {"count": 4}


def test_the_one_in_charge_before_stays_in_the_ledger(town, two):
    user, colleague = holding(town)
    promise = db.session.scalar(sa.select(Commitment).filter_by(person_id=user.id))
    propose(user, colleague, two[0])
    confirm(user, two[1])
    named = [entry.content["person"] for entry in promises.entries(promise.id) if "person" in entry.content]
    assert named == [user.id, colleague.id]


def test_drafts_that_wait_for_approval_stay_with_their_author(town, two):
    user, colleague = town.official(), town.official()
    answers.submit(on_the_table(town, user).id, text(), seen=0, by=user)
    assert held(user) == {}
    propose(user, colleague, two[0])
    confirm(user, two[1])
    assert db.session.scalar(sa.select(Answer.written_by_id)) == user.id


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("who", ["nobody", "elsewhere", "oneself", "blocked", "gone"])
def test_only_somebody_of_the_department_with_the_right_receives(town, two, who):
    user, colleague = holding(town)
    other = town.official(department=town.department("다른 과"))
    if who == "blocked":
        db.session.get(User, colleague.id).blocked_at = clock.now()
        db.session.commit()
    chosen = {"nobody": None, "elsewhere": other.id, "oneself": user.id, "blocked": colleague.id, "gone": 10**9}[who]
    with pytest.raises(Refusal, match="받을 사람"):
        hand_overs.propose(user.id, {bundle.key: chosen for bundle in extensions.bundles(user.id)}, by=two[0])
    assert held(user) and grants(user)


def test_one_administrator_alone_or_with_a_puppet_hands_nothing_over(town, two):
    user, colleague = holding(town)
    propose(user, colleague, two[0])
    puppet = making.voter(town)
    roles.grant(puppet, Role.ADMINISTRATOR, by=two[0])
    factories.signed_in_anew(puppet.id)
    unverified = town.administrator()
    for actor in (two[0], puppet, unverified, town.moderator(), user):
        factories.signed_in_anew(actor.id)
        with pytest.raises(Denied):
            confirm(user, actor)
    for actor in (town.moderator(), user):
        factories.signed_in_anew(actor.id)
        with pytest.raises(Denied):
            propose(user, colleague, actor)
    assert held(user) and grants(user)


def test_nobody_ends_the_own_work(town, two):
    with pytest.raises(Denied, match="내 권한"):
        propose(two[0], two[1], two[0])


def test_it_is_void_once_anything_that_was_shown_changed(town, two):
    user, colleague = holding(town)
    propose(user, colleague, two[0])
    answers.save(on_the_table(town, user).id, text(), seen=0, by=user)
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirm(user, two[1])
    propose(user, colleague, two[0])
    with pytest.raises(Conflict, match="화면을 연 뒤"):
        confirm(user, two[1], seen=b"another page")
    roles.withdraw(grants(colleague)[0].id, by=two[1])
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirm(user, two[1])
    assert held(user) and grants(user)


def test_a_second_proposal_takes_the_place_of_the_first_and_one_is_withdrawn(town, two):
    user, colleague = holding(town)
    third = town.official()
    propose(user, colleague, two[0])
    propose(user, third, two[1])
    with pytest.raises(Denied):
        confirm(user, two[1])
    hand_overs.HAND_OVER.withdraw(hand_overs.subject_of(user.id), by=two[0])
    with pytest.raises(NotFound):
        confirm(user, two[0])


def test_an_officer_of_an_open_vote_is_replaced_first(town, two):
    user = town.official()
    officer = granted(user)
    box_of([officer, *three(town)[1]])
    with pytest.raises(Conflict, match="72시간"):
        propose(user, town.official(), two[0])
    db.session.rollback()
    assert extensions.HOLDS["officers"].obstacle(user.id).url.endswith("/officers")


def test_a_position_of_officer_without_a_vote_ends_with_the_roles(town, two):
    user = town.official()
    officer = granted(user)
    propose(user, town.official(), two[0])
    confirm(user, two[1])
    db.session.rollback()
    assert db.session.get(Officer, officer.id).ended_by_id == two[1].id


def test_of_two_processes_that_confirm_at_once_one_does(town, two):
    user, colleague = holding(town)
    actors = [two[1].id, making.administrator(town).id]
    propose(user, colleague, two[0])
    number, other, before = user.id, colleague.id, held(user)
    let_go()
    children = []
    for actor in actors:
        children.append(os.fork())
        if children[-1] == 0:
            try:
                hand_overs.HAND_OVER.confirm(hand_overs.subject_of(number), seen=None, by=db.session.get(User, actor))
                os._exit(0)
            except (Conflict, NotFound):
                os._exit(3)
            finally:
                os._exit(4)
    assert sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children) == [0, 3]
    user, colleague = db.session.get(User, number), db.session.get(User, other)
    assert held(user) == {} and held(colleague) == before and grants(user) == []


def test_a_killed_process_hands_over_all_or_nothing(town, two, monkeypatch):
    user, colleague = holding(town, promised=2)
    propose(user, colleague, two[0])
    before, number, second, other = held(user), user.id, two[1].id, colleague.id
    let_go()
    child = os.fork()
    if child == 0:  # dies with the work moved and the roles not ended
        try:
            monkeypatch.setattr(hand_overs, "end_roles", lambda *_given: os.kill(os.getpid(), signal.SIGKILL))
            hand_overs.HAND_OVER.confirm(hand_overs.subject_of(number), seen=None, by=db.session.get(User, second))
        finally:
            os._exit(4)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    user, colleague, actor = (db.session.get(User, key) for key in (number, other, second))
    assert held(user) == before and len(grants(user)) == 1
    confirm(user, actor)
    assert held(user) == {} and held(colleague) == before


def test_two_administrators_see_it_through_on_pages(town, two, browse):
    user, colleague = holding(town)
    address, chosen = f"/desk/roles/people/{user.id}/leaving", receivers(user, colleague)
    first = browse(two[0])
    page = first.get(address).text
    assert "떠나면 일 3개가 남아요" in page and "약속 1개" in page and "지금 맡은 것 0개" in page
    assert first.post(address, data=dict.fromkeys(chosen, "")).status_code == 422
    assert first.post(address, data=chosen).status_code == 303
    assert "승인하기" not in first.get(address).text
    second = browse(two[1])
    page = second.get(address).text
    assert "일 3개를 넘기고" in page and "0개 → 3개" in page and "승인하기" in page
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert second.post(f"{address}/confirmations", data={"seen": seen}).status_code == 303
    assert held(user) == {} and grants(user) == []
    assert second.post(address, data={}).status_code == 409


def page(town, browse, user) -> str:
    db.session.rollback()
    grant = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.user_id == user.id))
    return browse(town.administrator()).get(f"/desk/roles/{grant}/withdrawals/new").text


def test_promises_duties_and_drafts_are_named_before_a_role_is_withdrawn(town, browse):
    user, second = town.official(), town.official()
    assert "아직 맡고 있는 것" not in page(town, browse, user)
    promise = accepted(town, user, second)
    entries.name_person(promise.id, user.id, seen=promise.version, by=second)
    answers.save(on_the_table(town, user).id, text(), seen=0, by=user)
    about = deciding.agenda(town, user)
    outcomes.save(Ref("agenda", about.id), deciding.text(), seen=0, by=user)
    live_forum(town).with_duty(Duty.PANEL, user)
    box_of([granted(user), *three(town)[1]])
    shown = page(town, browse, user)
    assert "아직 맡고 있는 것" in shown and f"/desk/roles/people/{user.id}/leaving" in shown
    for fact in ("약속 1개", "쓰던 답변 1개", "쓰던 결과 1개", "공론장에서 맡은 일 1개", "투표 담당관 1개"):
        assert fact in shown, fact

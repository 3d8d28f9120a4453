"""Seats of a body, or places in a forum, for those who were chosen, without typing again."""

from datetime import timedelta

import pytest

from civic_forum.bodies import services as bodies
from civic_forum.bodies.models import MemberChange, Membership
from civic_forum.calls.following import services
from civic_forum.calls.following.services import Term
from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.rules import Applicants, CallKind
from civic_forum.forums.registration.models import Registration
from civic_forum.notifications.models import Notice
from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import today
from tests.factories import count
from tests.forums.scene import announced_forum
from tests.picking import picked

from .making_judging import REASON, Judged, jury_body


def decided(town, kind, owners, **facts):
    """A call of this kind for persons, of which these were chosen and one waits as a reserve."""
    made = Judged(town, jury=0, kind=kind, applicants=Applicants.PERSON, budget=None, **facts)
    numbers = [made.apply("왜 하고 싶은지", group=None, owner=owner) for owner in owners]
    for place, number in enumerate(numbers, 1):
        judging.propose(made.call.slug, number, Proposed(reserve_place=1) if place == len(numbers) else Proposed(won=0),
                        REASON, by=made.official)
    made.decide()
    return made, numbers


@pytest.mark.both
def test_seats_are_proposed_in_one_step_and_approved_by_another_person(town, browse):
    body = jury_body(town, [town.user(), town.user(), town.user()], slug="council")
    body.department_id = town.department().id
    for member in db.session.query(Membership).limit(2):
        member.until = today() - timedelta(days=1)
    db.session.commit()
    people = [town.resident() for _number in range(3)]
    made, numbers = decided(town, CallKind.SEATS, people, filled_id=body.id, places=2)
    slug, term = made.call.slug, Term("civil", today(), today() + timedelta(days=729))
    for by, error in ((town.official(department=town.department("문화과")), Denied), (people[0], Denied)):
        with pytest.raises(error):
            services.propose_seats(slug, term, by=by)
    with pytest.raises(Refusal):
        services.propose_seats(slug, Term("nobody", today(), None), by=made.official)
    with pytest.raises(Conflict):
        services.propose_seats(slug, Term("desk", today(), None), by=made.official)
    db.session.rollback()
    assert count(MemberChange) == 0, "one seat is too few for two: nobody is proposed"
    page, address = browse(made.official), f"/desk/calls/{slug}/following"
    assert address in page.get(f"/desk/calls/{slug}/decision").text
    typed = {"seat": "civil", "begins": term.begins.isoformat(), "until": term.until.isoformat()}
    assert page.post(address, data=typed | {"begins": ""}).status_code == 422
    assert page.post(address, data=typed).status_code == 303
    with pytest.raises(Conflict, match="이미 모두"):
        services.propose_seats(slug, term, by=made.second)
    changes = db.session.query(MemberChange).order_by(MemberChange.id).all()
    assert [change.user_id for change in changes] == [person.id for person in people[:2]]
    with pytest.raises(Denied):
        bodies.approve(changes[0].id, by=made.official)
    assert bodies.approve(changes[0].id, by=made.second).until == term.until
    assert db.session.query(Notice).filter_by(user_id=people[0].id, step="membership_begun").count() == 1
    bodies.withdraw(changes[1].id, "이사했어요.", by=made.second)
    judging.give_way(slug, numbers[1], by=made.official)
    judging.give_way(slug, numbers[1], by=made.second)
    assert services.propose_seats(slug, term, by=made.second) == 1, "the reserve that moved up"


@pytest.mark.both
def test_places_in_a_forum_are_given_and_told(town, browse):
    people = [town.resident() for _number in range(3)]
    made, numbers = decided(town, CallKind.PARTICIPANTS, people)
    unknown = made.state(numbers[1]).submission
    unknown.owner_id = None
    unknown.code_hash = keys.keyed_hash("submission.code", f"{unknown.number}:ABCDEFGH".encode())
    number = unknown.number
    db.session.commit()
    slug, forum, other = made.call.slug, announced_forum(town, on_site_places=1), town.official(
        department=town.department("문화과"))
    forum.department_id = town.department().id
    db.session.commit()
    for by in (other, town.moderator()):
        with pytest.raises(Denied):
            services.register(slug, forum.slug, by=by)
    with pytest.raises(Conflict, match="1개 모자라요"):
        services.register(slug, forum.slug, by=made.official)
    db.session.rollback()
    assert count(Registration) == 0
    forum.on_site_places = 5
    db.session.commit()
    page, address = browse(made.official), f"/desk/calls/{slug}/following"
    assert picked(page, address, {"forum": "골목"}, "forum").status_code == 303
    with pytest.raises(Conflict, match="이미 모두"):
        services.register(slug, forum.slug, by=made.official)
    told = db.session.query(Notice).filter_by(step="call_registered")
    assert {notice.user_id for notice in told} == {people[0].id}
    assert {each.called for each in db.session.query(Registration)} == {people[0].name, f"모집에서 뽑힘, {number}"}
    assert f"/applications/{number}" in page.get(address).text
    mine = browse().post(f"/calls/{slug}/mine", data={"number": number, "code": "abcd-efgh"}).text
    assert f"/forums/{forum.slug}" in mine

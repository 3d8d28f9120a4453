"""Number and code make an item somebody's: once, of nobody who has none, by two clerks where somebody has it."""

from datetime import timedelta

import pytest

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.blocks import submissions
from civic_forum.blocks.submissions import Submission
from civic_forum.intake import queries
from civic_forum.intake.claims import services
from civic_forum.intake.claims.models import Claim
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import Became
from civic_forum.intake.sorting.services import Sorting, sort
from civic_forum.notifications.models import Notice
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.services import supports
from tests.factories import count
from tests.opinions import making as opinions
from tests.racing import all_at_once, on_postgresql

from .making import checked
from .test_sorting import NEW, TEXTS


def verified(town, name):
    user = town.user()
    opinions.verified(user, name)
    return user


def owner_id():
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Submission).order_by(Submission.id).first().owner_id


@pytest.mark.both
def test_its_owner_is_the_author_and_a_second_claim_takes_two_clerks(town, browse):
    (item_id,), (code,) = checked(town, TEXTS[0])
    number = db.session.get_one(IntakeItem, item_id).number
    sort([item_id], Sorting(became=Became.PROPOSAL, **NEW), by=town.moderator())
    first, second, stranger = verified(town, "김하나"), verified(town, "이두리"), town.resident()
    made = db.session.query(Proposal).one()
    supports.support(made.id, by=first)
    for wrong, refused in ((first, "0000-0000-00000"), (stranger, code)):
        with pytest.raises((Refusal, Denied)):
            services.claim(number, refused, by=wrong)
    page, site = browse(first), browse()
    assert "/claim" not in site.post(f"/intake/{number}", data={"code": code}).text
    assert "/claim" in page.post(f"/intake/{number}", data={"code": code}).text
    assert page.post(f"/intake/{number}/claim", data={"code": code}).status_code == 303
    assert services.claim(number, code, by=first).is_granted
    db.session.rollback()
    assert (owner_id(), made.author_id, count(Support), made.support_count) == (first.id, first.id, 0, 0)
    waiting = services.claim(number, code, by=second)
    assert number in page.get("/me").text and "확인을 기다려요" in browse(second).get("/me").text
    assert not waiting.is_granted and db.session.query(Notice).filter_by(user_id=first.id, step="item_claimed").count()
    clerk, other = browse(town.clerk()), browse(town.moderator())
    address = f"/desk/intake/claims/{waiting.id}"
    assert clerk.post(address, data={"act": "propose"}).status_code == 303
    assert clerk.post(address, data={"act": "confirm"}).status_code == 403
    assert second.name in other.get("/desk/intake/claims").text
    assert other.post(address, data={"act": "confirm"}).status_code == 303
    assert (owner_id(), made.author_id) == (second.id, second.id)
    assert db.session.query(Notice).filter_by(user_id=second.id, step="claim_granted").count() == 1


@pytest.mark.both
def test_a_name_that_was_left_with_it_must_fit_and_is_found_at_the_window(town, browse):
    (item_id,), (code,) = checked(town, TEXTS[0])
    number = db.session.get_one(IntakeItem, item_id).number
    with use_case(None) as work:
        submissions.seal_contact(work.session.query(Submission).one(), "김하나 010-0000-0000",
                                 queries.today() + timedelta(days=90))
    clerk = browse(town.clerk())
    shown = clerk.post("/desk/intake/claims", data={"name": "김 하나", "reason": "번호를 잃어버리셨어요."})
    assert number in shown.text and "010" not in shown.text and count(AccessRecord) == 1
    assert clerk.post("/desk/intake/claims", data={"name": "김하나", "reason": ""}).status_code == 422
    wrong, right = (services.claim(number, code, by=verified(town, name)) for name in ("이두리", "김하나"))
    assert (wrong.is_granted, right.is_granted) == (False, True)
    services.decline(services.subject_of(wrong.id), by=town.moderator())
    assert queries.open_claims() == []
    (again,), (code,) = checked(town, TEXTS[1])
    with use_case(None) as work:
        left = db.session.get_one(IntakeItem, again)
        submissions.seal_contact(left.submission, "김하나 010-0000-0000", queries.today())
        assert submissions.forget(work.session, queries.today()) == 1 and left.number
    number = db.session.get_one(IntakeItem, again).number
    assert not services.claim(number, code, by=verified(town, "박세리")).is_granted  # a name was left with it


@on_postgresql
def test_two_who_claim_at_once_are_one_owner(app, town):
    (item_id,), (code,) = checked(town, TEXTS[0])
    number = db.session.get_one(IntakeItem, item_id).number
    people = [verified(town, name).id for name in ("김하나", "이두리")]

    def claimed(user_id):
        return lambda: services.claim(number, code, by=db.session.get_one(User, user_id)).is_granted

    db.session.rollback()
    assert sorted(all_at_once(app, *map(claimed, people))) == [False, True]
    assert owner_id() in people and count(Claim) == 2


def test_handling_it_gives_no_claim_alone_and_no_owner_declines_for_others(town):
    typist = town.moderator()
    opinions.verified(typist, "박세리")
    (item_id, second_id), (code, other) = checked(town, *TEXTS[:2], by=typist)
    number, second = (db.session.get_one(IntakeItem, id_).number for id_ in (item_id, second_id))
    sort([item_id], Sorting(became=Became.PROPOSAL, **NEW), by=town.moderator())
    assert not services.claim(number, code, by=typist).is_granted
    assert db.session.query(Proposal).one().author_id != typist.id
    clerk = town.clerk()
    opinions.verified(clerk, "이두리")
    assert services.claim(second, other, by=clerk).is_granted
    waiting = services.claim(second, other, by=verified(town, "김하나"))
    with pytest.raises(Denied):
        services.decline(services.subject_of(waiting.id), by=clerk)


def test_sorting_puts_nothing_into_the_name_of_the_owner(town, browse):
    (item_id,), (code,) = checked(town, TEXTS[0])
    number, owner = db.session.get_one(IntakeItem, item_id).number, verified(town, "김하나")
    services.claim(number, code, by=owner)
    sort([item_id], Sorting(became=Became.PROPOSAL, **NEW), by=town.moderator())
    made = db.session.query(Proposal).one()
    assert made.author_id != owner.id
    page = browse(owner)
    assert "/claim" in page.post(f"/intake/{number}", data={"code": code}).text
    assert page.post(f"/intake/{number}/claim", data={"code": code}).status_code == 303
    db.session.expire_all()
    assert made.author_id == owner.id

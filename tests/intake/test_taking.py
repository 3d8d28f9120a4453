"""Items are typed in once, checked by a second person, found by number, withdrawn with their code."""

from datetime import timedelta

import pytest

from civic_forum.accounts.models import User
from civic_forum.blocks import submissions
from civic_forum.blocks.submissions import Submission
from civic_forum.intake import queries, services
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import ItemForm, ItemRecord, ItemState, TakenState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.factories import count
from tests.racing import all_at_once, on_postgresql

LIGHT = "시장 뒷길 가로등이 두 달째 꺼져 있어요."


def row(text=LIGHT, key="row-1", form=ItemForm.SPOKEN, **facts):
    return ItemRecord(text=text, key=key, form=form, **facts)


def printed(code=True):
    with use_case(None) as work:
        slip = submissions.begin(work.session, "intake", at=work.at, coded=code)
        return slip.submission.number, slip.code


@pytest.mark.both
def test_a_row_comes_once_however_often_it_is_sent(town):
    moderator, other = town.moderator(), town.moderator()
    first, long = services.take([row(), row("가" * 81, "row-2", ItemForm.NOTE)], by=moderator)
    assert (first.state, long.state, bool(first.code)) == (TakenState.NEW, TakenState.REFUSED, True)
    again, = services.take([row("딴 글")], by=moderator)
    assert (again.state, again.number, again.code) == (TakenState.SAME, first.number, None)
    foreign, = services.take([row()], by=other)
    assert (foreign.state, foreign.number) == (TakenState.SAME, "")
    twice = services.take([row(key="row-3"), row(key="row-3")], by=moderator)
    assert [taken.state for taken in twice] == [TakenState.NEW, TakenState.SAME]
    assert count(IntakeItem) == count(Submission) == 2


@pytest.mark.both
def test_a_printed_number_belongs_to_the_first_row(town):
    moderator, (number, code) = town.moderator(), printed()
    with pytest.raises(NotFound):
        queries.by_number(number)
    db.session.rollback()
    first, clash = (services.take([row(key=key, number=number)], by=moderator)[0] for key in ("a", "b"))
    assert (first.state, first.number) == (TakenState.NEW, number)
    assert clash.state is TakenState.CLASH and clash.number != number
    assert queries.by_number(clash.number).clash.number == number
    unknown, wrong = services.take([row(key="c", number=submissions.number_of("2001", 9)),
                                    row(key="d", number="2001-0009-0")], by=moderator)
    assert (unknown.state, wrong.state) == (TakenState.REFUSED, TakenState.REFUSED)
    assert services.opened(number, code.lower()).text == LIGHT
    with pytest.raises(Refusal):
        services.opened(clash.number, code)


@pytest.mark.both
def test_a_second_person_reads_what_everybody_will_read(town):
    moderator, other = town.moderator(), town.moderator()
    services.take([row()], by=moderator)
    item = db.session.query(IntakeItem).one()
    assert item.state is ItemState.WRITTEN and not item.is_public
    with pytest.raises(Denied):
        services.check(item.id, LIGHT, by=moderator)
    with pytest.raises(Denied):
        services.check(item.id, LIGHT, by=town.resident())
    with pytest.raises(Conflict):
        services.check(item.id, "딴 글", by=other)
    services.send_back(item.id, "가로등이 아니라 보안등이에요.", by=other)
    with pytest.raises(Denied):
        services.mend(item.id, "시장 뒷길 보안등이 꺼져 있어요.", by=other)
    services.mend(item.id, "시장 뒷길 보안등이 꺼져 있어요.", by=moderator)
    services.check(item.id, "시장 뒷길 보안등이 꺼져 있어요.", by=other)
    assert db.session.query(IntakeItem).one().is_public
    with pytest.raises(Conflict):
        services.send_back(item.id, "다시 볼게요.", by=other)


@pytest.mark.both
def test_an_item_is_taken_back_with_its_slip_within_thirty_days(town, monkeypatch):
    moderator = town.moderator()
    first, late = services.take([row(), row(key="row-2")], by=moderator)
    with pytest.raises(Refusal):
        services.withdraw(first.number, late.code)
    services.withdraw(first.number, first.code)
    db.session.rollback()
    item = queries.by_number(first.number)
    assert (item.state, item.text) == (ItemState.WITHDRAWN, "")
    with pytest.raises(Conflict):
        services.withdraw(first.number, first.code)
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "read", lambda: later)
    with pytest.raises(Conflict):
        services.withdraw(late.number, late.code)


@pytest.mark.both
def test_names_and_telephones_go_on_their_day(town):
    services.take([row()], by=town.moderator())
    with use_case(None) as work:
        submission = work.session.query(Submission).one()
        submissions.seal_contact(submission, "김금천 010-0000-0000", queries.today() + timedelta(days=1))
    assert services.forget() == 0
    with use_case(None) as work:
        submission = work.session.query(Submission).one()
        assert submissions.contact(submission) == "김금천 010-0000-0000"
        submission.forget_on = queries.today()
    assert services.forget() == 1
    assert db.session.query(Submission).one().contact_sealed is None


@on_postgresql
def test_two_devices_send_one_sheet_at_once(app, town):
    typist = town.moderator().id
    batch = [row(key=f"row-{n}") for n in range(5)]

    def send():
        return [taken.state for taken in services.take(batch, by=db.session.get_one(User, typist))]

    answers = all_at_once(app, send, send)
    assert [TakenState.NEW] * 5 in answers
    assert all(isinstance(answer, Conflict) or set(answer) in ({TakenState.NEW}, {TakenState.SAME})
               for answer in answers)
    assert send() == [TakenState.SAME] * 5 and count(IntakeItem) == 5


def test_a_text_of_several_lines_is_read_as_it_was_shown(town, browse):
    services.take([ItemRecord(text="가로등이 꺼졌어요\n두 달째예요", key="lines", form=ItemForm.SPOKEN)], by=town.moderator())
    item = db.session.query(IntakeItem).one()
    sent = browse(town.moderator()).post(f"/desk/intake/items/{item.id}/check",
                                         data={"text": "가로등이 꺼졌어요\r\n두 달째예요"})
    db.session.expire_all()
    assert sent.status_code == 303 and item.checked_at

"""A helper of one day types on one device, sees nothing else, and loses nothing once the day is over."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.forums.rules import Form
from civic_forum.intake import services
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.passes import services as passes
from civic_forum.intake.passes.models import IntakePass
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.platform.i18n import local
from tests.factories import count
from tests.forums.scene import announced_forum
from tests.servers import axe, chromium, in_process

HELPER, BATCHES = "/intake/helper", "/intake/helper/batches"
ROW = {"key": "row-1", "form": "note", "text": "그늘이 없어요", "at": "2026-12-03T10:00:00"}
"""With a clock of the device, three days wrong."""


def visit(town, **facts):
    now = clock.now()
    return announced_forum(town, form=Form.VISIT, starts_at=now, ends_at=now + timedelta(hours=1), **facts)


def sent(device, *rows, account=None):
    own = device.get(BATCHES).json or {}
    return device.post(BATCHES, json={"account": account or own.get("account"), "rows": list(rows)})


def moved(**facts):
    db.session.rollback()
    for name, value in facts.items():
        setattr(db.session.query(IntakePass).one(), name, value)
    db.session.commit()


@pytest.mark.both
def test_a_helper_types_on_one_device_and_sees_nothing_else(town, browse):
    clerk, place = town.clerk(), town.neighbourhood()
    here, past = visit(town, neighbourhood_id=place.id), visit(
        town, neighbourhood_id=place.id, place="다른 곳")
    past.starts_at, past.ends_at = (moment - timedelta(days=2) for moment in (past.starts_at, past.ends_at))
    db.session.commit()
    with pytest.raises(Conflict):
        passes.make(past.id, by=clerk)
    with pytest.raises(Denied):
        passes.make(here.id, by=town.official(department=town.department("도로과")))
    page = browse(clerk).post("/desk/intake/passes", data={"visit": here.id}).text
    assert page.count("<option") == 1 and f'value="{here.id}"' in page
    code = page.partition('<b class="num">')[2].partition("<")[0]
    first, other = browse(), browse()
    assert len(code) == 15 and sent(first, ROW).status_code == 404
    assert first.post(HELPER, data={"code": "0" * 13}).status_code == 404
    assert first.post(HELPER, data={"code": code.lower()}).status_code == 303
    assert other.post(HELPER, data={"code": code}).status_code == 404
    answer = sent(first, ROW, ROW, {"key": "row-2", "form": "signature", "text": "김금천"},
                  {"key": "row-3", "form": "note", "text": "전화 010-1234-5678"}).json["rows"]
    assert [row["state"] for row in answer] == ["new", "same", "refused", "refused"]
    assert sent(first, ROW, account=clerk.id).status_code == 409
    assert first.post(HELPER, data={"key": "row-4", "form": "note", "text": "의자가 없어요"}).status_code == 200
    assert "그늘이 없어요" in first.get(HELPER).text and "그늘이 없어요" not in other.get(HELPER).text
    for closed in ("/desk", "/desk/intake", "/desk/intake/batches", "/desk/intake/passes"):
        assert first.get(closed).status_code in (302, 303, 401)
    db.session.rollback()
    item = db.session.query(IntakeItem).filter_by(row_key="row-1").one()
    assert (item.forum_id, item.typed_by_id, item.neighbourhood_id) == (here.id, clerk.id, place.id)
    with pytest.raises(Denied):
        services.check(item.id, item.text, by=clerk)
    assert "하루 도우미가 적었어요" in browse(town.moderator()).get(f"/desk/intake/items/{item.id}/check").text


@pytest.mark.both
def test_rows_that_come_after_the_day_wait_for_a_second_person_and_later_ones_stay_there(town, browse):
    moderator, here, device = town.moderator(), visit(town), browse()
    assert device.post(HELPER, data={"code": passes.make(here.id, by=moderator)}).status_code == 303
    pass_id = db.session.query(IntakePass).one().id
    assert browse(moderator).post(f"/desk/intake/passes/{pass_id}/end").status_code == 303
    with pytest.raises(Conflict):
        passes.end(pass_id, by=moderator)
    assert "오늘 일이 끝났어요" in device.get(HELPER).text
    assert device.post(HELPER, data=ROW | {"key": "row-9"}).status_code == 404
    assert sent(device, ROW).json["rows"][0]["state"] == "new" and count(IntakeItem) == 1
    item = db.session.query(IntakeItem).one()
    assert "끝난 뒤에 왔어요" in browse(town.moderator()).get(f"/desk/intake/items/{item.id}/check").text
    clerk_id, helper = town.clerk().id, db.session.query(IntakePass).one()
    made_by = helper.made_by_id
    moved(made_by_id=clerk_id)
    assert sent(device, ROW | {"key": "row-3"}).status_code == 403, "who made it may not type there any more"
    moved(made_by_id=made_by)
    moved(ended_at=None, day=local(clock.now()).date() - timedelta(days=4))
    assert sent(device, ROW | {"key": "row-2"}).status_code == 403 and count(IntakeItem) == 1
    with pytest.raises(NotFound):
        passes.take([], "0" * 40)


@pytest.mark.browser
@pytest.mark.one_database
@pytest.mark.in_turns(of=10)
@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_the_device_of_a_helper_sends_what_waits_on_it_once_the_day_is_over(town, app, window):
    moderator, here = town.moderator(), visit(town)
    code = passes.make(here.id, by=moderator)
    db.session.rollback()
    with in_process.served(app) as address:
        page = window(base_url=address, width=390)
        page.goto(HELPER)
        page.get_by_label("코드").focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.wait_for_selector("form[data-ready]", state="attached")
        assert axe.violations(page) == [] and chromium.overflow(page) == 0
        page.context.set_offline(True)
        page.get_by_label("들은 말").focus()
        page.keyboard.insert_text("물이 고여요")
        page.keyboard.press("Enter")
        expect(page.locator("[data-connection]")).to_contain_text("1개는 이 기기에")
        passes.end(db.session.query(IntakePass).one().id, by=moderator)
        db.session.rollback()
        page.context.set_offline(False)
        page.reload()
        expect(page.locator("[data-queue]")).to_contain_text("보냈어요")
        assert page.get_by_label("들은 말").is_hidden() and count(IntakeItem) == 1

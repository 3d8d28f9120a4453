"""A list of 5,000 items costs no more than a few empty pages, and two steps lead from a slip to its end."""

import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.blocks import submissions
from civic_forum.blocks.submissions import Submission
from civic_forum.intake import queries
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.replies import services as replies
from civic_forum.intake.rules import KIND, Became, ItemForm
from civic_forum.intake.sorting.services import Sorting, sort
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.typed_codes import grouped
from tests.servers import axe, chromium, in_process

from .making import checked

MANY, EMPTY_PAGES = 5_000, 15
ENDS = [*Became, None]


def fill(by_id, place_id):
    now = clock.now()
    db.session.execute(sa.insert(Submission), [
        {"id": n, "kind": KIND, "number": submissions.number_of("2001", n), "made_at": now, "handed_in_at": now}
        for n in range(1, MANY + 1)])
    db.session.execute(sa.insert(IntakeItem), [
        {"submission_id": n, "row_key": f"row-{n}", "form": list(ItemForm)[n % 4], "text": f"골목 {n}번 등이 꺼졌어요",
         "day": queries.today() - timedelta(days=n % 900), "typed_by_id": by_id, "typed_at": now, "checked_at": now,
         "became": ENDS[n % len(ENDS)], "neighbourhood_id": place_id} for n in range(1, MANY + 1)])
    db.session.commit()


def calls(act):
    made = 0

    def count(_frame, event, _argument):
        nonlocal made
        made += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.in_turns(of=5)
def test_a_list_of_many_items_costs_few_empty_pages(town, app, browse):
    site, desk = browse(), browse(town.moderator())
    pages = {"/intake": site, "/desk/intake/sorting": desk}

    def cost(page):
        pages[page].get(page)
        return calls(lambda: (app.extensions["sections"].clear(), pages[page].get(page)))

    empty = {page: cost(page) for page in pages}
    fill(town.moderator().id, town.neighbourhood().id)
    full = {page: cost(page) for page in pages}
    assert all(full[page] <= EMPTY_PAGES * empty[page] for page in pages), (empty, full)
    assert len(submissions.number_of("2001", MANY)) and "5,000" in site.get("/intake").text


@pytest.mark.one_database
@pytest.mark.in_turns(of=10)
def test_somebody_with_a_slip_reads_its_end_in_two_steps(town, app, window):
    (item_id,), (code,) = checked(town, "장 보러 오면 앉을 데가 없다")
    sort([item_id], Sorting(became=Became.ANSWERED, reply="걸상 두 개를 놓았어요.", replied_by="동장"), by=town.moderator())
    replies.confirm({item_id: replies.shown(db.session.get_one(IntakeItem, item_id))}, by=town.moderator())
    number = db.session.get_one(IntakeItem, item_id).number
    db.session.rollback()
    with in_process.served(app) as address:
        page = window(base_url=address, width=360, javascript=False)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto("/intake")
        page.get_by_label("내가 낸 것은 어떻게 됐나요").fill(number.replace("-", ""))
        page.get_by_role("button", name="찾아보기").click()
        assert page.get_by_role("heading", level=1).inner_text() == "답했어요"
        assert "걸상 두 개를 놓았어요." in page.locator("main").inner_text()
        assert axe.violations(page) == [] and chromium.overflow(page) == 0
        scanned = window(base_url=address, width=360)
        scanned.goto(f"/intake/{number}#{grouped(code)}")
        scanned.get_by_role("button", name="거두기").wait_for()
        assert code not in scanned.url and "내 것으로" in scanned.locator("main").inner_text()

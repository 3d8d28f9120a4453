"""Awards and tables in a browser: at both widths, in large text and high contrast, for everybody's eyes."""

import pytest

from civic_forum.platform.base import db
from tests.servers import axe, chromium

from .making import Round, begun

pytestmark = pytest.mark.one_database
VIEWS = [(390, "text=xl"), (1280, "contrast=1")]
LONG = "은행나무 정류장에서 시흥사거리까지 걷다가 쉴 수 있게 그늘과 의자와 물 마실 곳을 함께 놓아 주세요 " * 2


def test_pages_of_awards_and_tables_look_right(town, signed_in):
    made = Round(town, winners=1).score()
    made.proposals[1].title = LONG[:100]
    db.session.commit()
    scoring = Round(town, name="다음 해의 제안")
    begun(made.moderator, name="빈 포상")
    look(signed_in, made.moderator, [
        "/desk/awards", f"/desk/awards/{scoring.id}", f"/desk/awards/{made.id}/publication"])
    look(signed_in, scoring.jury[0], [f"/desk/awards/{scoring.id}", f"/desk/awards/nominees/{scoring.nominees[0]}"])
    made.publish()
    author = made.proposals[0].author
    look(signed_in, author, ["/awards", f"/awards/{made.id}", f"/proposals/{made.proposals[0].number}"])
    look(signed_in, scoring.proposals[0].author, [
        f"/proposals/{scoring.proposals[0].number}", f"/award-nominees/{scoring.nominees[0]}/declining"])


def look(signed_in, user, addresses: list[str]) -> None:
    for width, display in VIEWS:
        page = signed_in(user, width=width)
        if display:
            page.goto(f"/display?{display}&back=/data")
        for address in addresses:
            page.goto(address)
            for fold in page.get_by_role("main").locator("details").all():
                fold.locator("summary").click()
            assert axe.violations(page) == [], address
            assert chromium.overflow(page) == 0, address
        page.context.close()

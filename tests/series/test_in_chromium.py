"""The assembly of a neighbourhood in Chromium, from finding topics to sharing what was done, and the next one."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.budgets.parts import EnvelopeParts, Wording as RoundWording
from civic_forum.budgets.rounds import history
from civic_forum.forums.rules import Form
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from civic_forum.series import queries, services
from civic_forum.series.rules import SeriesKind
from tests.browser.seat import Seat
from tests.budgets.history.test_entering import past, project
from tests.forums.scene import announced_forum
from tests.servers import chromium

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
DAY = 86_400
STEPS = ("의제 찾기", "함께 살펴보기", "자치계획안", "공고", "미리 투표", "주민총회", "자치계획 정하고 답하기", "실행하고 나누기")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.PHONE, pytest.param(chromium.DESKTOP, marks=pytest.mark.long)])
def test_an_assembly_is_walked_from_its_first_step_to_its_last(town, signed_in, window, served, width):
    place, held = town.neighbourhood(), {"department_id": town.department().id}
    day = today().replace(month=6, day=15) + timedelta(days=365)
    visit = announced_forum(town, form=Form.VISIT, neighbourhood_id=place.id, title="시흥1동에 찾아가요", **held)
    hall = announced_forum(town, title=f"{day.year} 시흥1동 총회 날", **held)
    history.enter(past(project(neighbourhood_id=place.id), slug="chosen", wording=RoundWording("주민자치활동", day.year + 1),
                       envelopes=[("n01", EnvelopeParts("시흥1동", 30_000_000))]), by=town.moderator())
    official = Seat(signed_in(town.moderator(), width=width))
    official.goes("/desk/series").follows("새 사업 만들기").fills(
        kind="assembly", year=str(day.year), neighbourhood_id=str(place.id), title=f"{day.year} 시흥1동 주민총회",
        department_id=str(held["department_id"]), day=str(day)).presses("만들고 이어서 채우기")
    here = official.page.url
    for number, thing in ((1, visit), (6, hall)):
        official.goes(f"{here}/steps/{number}").fills(thing=thing.slug).presses("잇기").presses("잇기", says="이었어요")
    made = queries.by_slug(here.rpartition("/")[2])
    db.session.rollback()
    services.link(made.id, 5, "budget_round", "chosen", version=made.version, by=town.moderator())
    link = official.goes(here).main.get_by_role("link", name=hall.title)
    assert link.get_attribute("href") == f"/desk/forums/{hall.slug}"
    official.presses("모두에게 알리기", says="모두에게 알렸어요")

    resident = Seat(window(base_url=served, width=width))
    for step in queries.by_slug(made.slug).steps:
        db.session.rollback()
        clock.shift((step.starts_on - today()).days * DAY + clock.offset_seconds())
        resident.goes(made.url)
        expect(resident.main.locator("[aria-current=step]")).to_contain_text(STEPS[step.number - 1])
    expect(resident.main).to_contain_text("고른 1가지는 이렇게 됐어요")
    resident.goes("/assemblies").follows("시흥1동")
    clock.shift(clock.offset_seconds() + 600 * DAY)
    expect(resident.goes(made.url).main).to_contain_text("모두 마쳤어요")

    official = Seat(signed_in(town.official(), width=width))
    official.goes("/desk/series").follows("한꺼번에 만들기").presses(f"{day.year + 1}년 것 만들기", says="1개를 만들었어요")
    official.presses("모두 알리기", says="1개를 모두에게 알렸어요")
    [following] = queries.of_year(SeriesKind.ASSEMBLY, day.year + 1)
    assert following.after_id == made.id and len(following.steps[5].things) == 1

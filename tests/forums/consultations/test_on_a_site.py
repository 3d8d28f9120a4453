"""A consultation in the hall of a real site: on a phone and the screen, and with fifty who answer at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from civic_forum.forums.consultations import rules, services
from civic_forum.forums.models import ForumDuty
from civic_forum.forums.rules import Duty
from civic_forum.opinions.models import Consultation, OpinionMap
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.faults.people import Somebody
from tests.forums.live import halls
from tests.forums.live.conftest import crowd, hall  # noqa: F401
from tests.opinions.making import consultation, people, values
from tests.opinions.published import publication
from tests.servers import axe, chromium

pytestmark = pytest.mark.servers
TEN = [f"{number}번 골목에 등을 달아요." for number in range(1, 11)]
PEOPLE = 50


def put_up(made, statements=TEN) -> str:
    """The address of a consultation that stands in the hall."""

    def change():
        asked, duty = consultation(statements), db.session.query(ForumDuty)
        host = duty.filter_by(forum_id=made.forum, duty=Duty.HOST).one().user
        services.put(made.forum, asked.slug, by=host)
        return asked.slug

    return f"/consultations/{made.change(change)}"


class Answerer(Somebody):
    """Somebody who answers every statement, as the script of the page does."""

    def __init__(self, session, url):
        super().__init__(session)
        self.arrive(url)
        self.read_form("/me")

    def send(self, path, **fields):
        return self.ask("POST", path, urlencode(fields | {"csrf_token": self.token}), Accept="application/json",
                        **{"Content-Type": "application/x-www-form-urlencoded"})[0]

    close = Somebody.leave


def value(person, number) -> int:
    """Two groups that answer in opposite ways, share the last two statements, and pass here and there."""
    if number > 8:
        return 1
    return 0 if number == 1 + person % 11 else 1 if (person + number) % 2 else -1


def answered(session, url, asked, person) -> list[int]:
    """Statuses of the answers of somebody who answers all of it."""
    with closing(Answerer(session, url)) as one:
        return [one.send(f"{asked}/responses", statement=number, value=value(person, number), then="forums/x")
                for number in range(1, len(TEN) + 1)]


def let_time_pass() -> None:
    """Results are old enough for another one."""
    for one in db.session.query(OpinionMap):
        one.at -= rules.RESULT_EVERY
    db.session.commit()


def computed(made):
    """People in the results, answers and people that there are."""
    return made.change(lambda: ([one.participants for one in db.session.query(OpinionMap).order_by(
        OpinionMap.number)], len(values()), len(people())))


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_fifty_answer_ten_statements_and_every_socket_hears_all_of_it(hall, crowd, database):  # noqa: F811
    made = hall(database, people=PEOPLE)
    with halls.running(made) as site:
        crowd.come(made, site.url, PEOPLE, cookies=made.cookies)
        asked = put_up(made)
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda n: answered(made.cookies[n], site.url, asked, n), range(PEOPLE)))
        assert done == [[204] * len(TEN)] * PEOPLE
        for _try in range(30):  # the site computes what is due by itself as well
            time.sleep(1)
            made.change(let_time_pass)
            with closing(Answerer(made.host, site.url)) as host:
                host.send(f"/forums/{made.slug}/consultation/results", back="/host")
            if computed(made)[0][-1:] == [PEOPLE]:
                break
        results, answers, people = computed(made)
        assert (results[-1], answers, people) == (PEOPLE, PEOPLE * len(TEN), PEOPLE)
        numbers = made.numbers()
        crowd.until_all_have(numbers[-1])
        assert numbers == list(range(1, len(numbers) + 1)) and crowd.lists() == [[numbers, PEOPLE]]
        for one in crowd.report():
            assert "opinion-map" in one["puts"]["consultation-result"]
            assert "답이 500개" in one["puts"]["consultation-count"]


def test_two_are_answered_on_a_phone_and_the_result_comes_to_the_screen(hall, window):  # noqa: F811
    made = hall(people=1)
    with halls.running(made) as site:
        phone, guest, screen = (window(width=width, base_url=site.url) for width in (390, 390, 1920))
        phone.context.add_cookies([{"name": "session", "value": made.cookies[0], "url": site.url}])
        screen.goto(f"/forums/{made.slug}/projector")
        guest.goto(f"/forums/{made.slug}?tab=pulse")
        guest.wait_for_timeout(500)
        asked = put_up(made, TEN[:6])
        phone.goto(f"/forums/{made.slug}?tab=pulse")
        for page in (phone, guest):
            page.evaluate("window.same = true")
            for left in (6, 5):
                expect(page.locator("#hall-answer")).to_contain_text(f"{left}개 남았어요")
                page.locator(".three-answers .yes").click()
            expect(page.locator("#hall-answer")).to_contain_text("4개 남았어요")
            expect(page.locator("#hall-statement")).to_be_focused()
            assert page.evaluate("window.same") and chromium.overflow(page) == 0 and axe.violations(page) == []
        assert computed(made) == ([], 4, 2)
        expect(screen.locator("#consultation-result")).to_contain_text("아직 결과가 없어요")
        made.change(lambda: show_result(asked))
        for page in (screen, phone):
            expect(page.locator("#consultation-result")).to_contain_text("서로 달라도 같은 생각")
            expect(page.locator(".opinion-map")).to_be_visible()
        assert screen.evaluate("""[...document.querySelectorAll("#consultation-result *")].every(
            (one) => one.getBoundingClientRect().bottom <= innerHeight)""")


def show_result(asked: str) -> None:
    """Keep a result of this consultation, and let halls hear of it."""
    found = db.session.query(Consultation).filter_by(slug=asked.rpartition("/")[2]).one()
    db.session.add(OpinionMap(consultation_id=found.id, number=1, at=clock.now(), participants=90,
                              published=publication(), kept=b""))
    db.session.commit()
    services.tell_result(found.id)

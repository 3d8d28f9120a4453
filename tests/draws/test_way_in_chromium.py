"""Seats of a council in Chromium, from the call to the members: 113 apply, fifty are drawn, anybody draws again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from civic_forum.accounts.identity import opened
from civic_forum.blocks import questions
from civic_forum.blocks.seats import SeatWay
from civic_forum.blocks.submissions import Submission
from civic_forum.bodies import queries as bodies
from civic_forum.bodies import services as members
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import parts as applying
from civic_forum.calls.applying import services as applications
from civic_forum.draws import queries
from civic_forum.draws.rules import filling
from civic_forum.draws.services import chances, values
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from tests.bodies.making import CIVIL, council
from tests.browser.seat import Seat
from tests.calls.test_way_in_chromium import HOUR, office
from tests.forums.preparing.test_desk import stamp
from tests.polls.making import voter
from tests.servers import chromium

from .making import BALLS, BONUS, SIGNATURE, later, official

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
LOTS = "먼저 자리, 5, 먼저 자리\n서른다섯 살이 안 된 사람, 10, 서른넷까지\n모두의 자리, 35"
FIGURES = " ".join(map(str, (*BALLS, BONUS)))
AGES, FIRST = ("서른넷까지", "서른다섯부터"), ("먼저 자리", "괜찮아요")


def is_made(first, second, body, opens):
    first.goes("/desk/calls").follows("새로 모집하기").fills(title="주민자치회 위원 모집", kind="seats", applicants="person")
    first.presses("만들고 이어서 채우기")
    here = first.page.url
    for part, fields in {
            "wording": {"text": "동네 일을 함께 정해요."},
            "times": {"opens_at": stamp(opens), "closes_at": stamp(opens + timedelta(hours=1))},
            "choosing": {"has_lot": "y", "lots": LOTS}, "amounts": {"places": "50", "filled_id": str(body.id)}}.items():
        first.goes(f"{here}/{part}").fills(**fields).presses("저장하기")
    for label, options in (("몇 살인가요?", AGES), ("먼저 자리에 신청할까요?", FIRST)):
        first.goes(f"{here}/questions").fills(label=label, type="choice", options="\n".join(options), needed="y",
                                              reader="sealed", keep_days="365").presses("질문 넣기")
    second.goes(here).presses("모두에게 알리기")
    return here.rpartition("/")[2]


def others_apply(slug, by):
    """At the desk: 20 are young, 16 want a first seat, nobody both."""
    call = calls.slugged(slug)
    rows = calls.questions_of(call)
    for place in range(112):
        young, first = place >= 20, not 20 <= place < 36
        part = applying.typed_in(call, rows)(
            by_way=1, contact="", person_name=f"이웃 {place}", born=date(1960, 1, 1) + timedelta(days=place),
            title="함께하고 싶어요", **dict(zip(map(questions.name_of, rows), (int(young), int(first)), strict=True)))
        applications.type_in(call.id, part, by=by)


@pytest.mark.in_turns(of=10)
def test_of_113_fifty_are_drawn_and_become_members(town, signed_in, window, served, monkeypatch):
    monkeypatch.setattr(filling, "seeds_of_chance", lambda _lines: 200)
    staff, resident = (official(town), official(town)), voter(town)
    body = council(town.administrator(), seats=replace(CIVIL, number=50, way=SeatWay.DRAW),
                   department_id=town.department().id)
    first, second = office(signed_in, staff)
    opens = clock.now() + timedelta(minutes=10)
    slug = is_made(first, second, body, opens)
    clock.shift(HOUR / 3)
    others_apply(slug, staff[0])
    mine = Seat(signed_in(resident, width=chromium.PHONE)).goes(f"/calls/{slug}").follows("신청하기")
    mine.presses("쓰기 시작하기").fills(title="함께하고 싶어요")
    for option in (AGES[1], FIRST[1]):
        mine.main.get_by_label(option, exact=True).check()
    mine.presses("내기", says="접수번호")

    clock.shift(3 * HOUR)
    (first, second), desk = office(signed_in, staff), f"/desk/draws/{slug}"
    first.goes(f"/desk/calls/{slug}/decision").presses("남은 신청을 모두 통과로 적기")
    first.goes(desk).presses("명단 만들기", says="113").presses("이 명단을 잠그자고 하기")
    second.goes(desk).presses("나도 확인했어요. 명단 잠그기", says="명단을 잠그고 모두에게 알렸어요")
    chances.reckon()
    mine = Seat(signed_in(resident, width=chromium.PHONE)).goes(f"/draws/{slug}")
    expect(mine.main).to_contain_text("번쯤 뽑혀요")
    receipt = db.session.query(Submission.number).filter_by(owner_id=resident.id).scalar()
    letter = mine.goes(f"/calls/{slug}/mine/{receipt}").follows("번호와 확인값 보기").main.locator("dd").all_inner_texts()

    later(values.lottery_at(queries.published(slug)) + timedelta(hours=2) - clock.now())
    first, second = office(signed_in, staff)
    for seat in (first, second):
        seat.goes(desk).fills(balls=FIGURES, signature=SIGNATURE).presses("적기")
    expect(second.main).to_contain_text("결과가 나왔어요")
    first.goes(f"/desk/calls/{slug}/decision").presses("이대로 정하자고 하기")
    second.goes(f"/desk/calls/{slug}/decision").presses("나도 확인했어요. 결과 알리기")
    first.goes(f"/desk/calls/{slug}/following").fills(
        seat="civil", begins=f"{today()}", until=f"{today() + timedelta(days=729)}").presses("모두 위원으로 제안하기", says="50명")
    change, *rest = bodies.changes(body.id)
    second.goes(f"/desk/bodies/{body.slug}/changes/{change.id}").presses("승인하기")
    for waits in rest:
        members.approve(waits.id, by=staff[1])
    stranger = Seat(window(base_url=served, width=chromium.PHONE)).goes(f"/bodies/{body.slug}")
    expect(stranger.main).to_contain_text("50자리 가운데 50자리가 찼어요")
    stranger.goes(f"/draws/{slug}")
    expect(stranger.main).to_contain_text("113명 가운데 50명을 뽑았어요")
    is_drawn_again(stranger, slug, letter, opened(resident.person))


def is_drawn_again(reader, slug, letter, who):
    """From the file of the record and what stands in the letter, without a network."""
    number, salt, commit, *_when = letter
    drawn = [str(each) for lot in queries.published(slug).drawn for each in lot["numbers"]]
    record = reader.page.request.get(f"/draws/{slug}/1/record.zip").body()
    reader.goes("/draws/check").page.context.set_offline(True)
    file = {"name": "draw.zip", "mimeType": "application/zip", "buffer": record}
    reader.main.locator("#draw-record").set_input_files(file)
    reader.main.get_by_text("내 이름으로 만든 줄인지도 확인하기").click()
    for name, typed in (("commit", f"{commit[:8]} {commit[-8:]}"), ("number", number), ("salt", salt),
                        ("name", who.name), ("birthday", who.birth_date.isoformat()), ("figures", FIGURES),
                        ("beacon", SIGNATURE)):
        reader.main.locator(f"#draw-{name}").fill(typed)
    reader.main.get_by_role("button", name="다시 뽑기").click()
    expect(reader.main.locator("[data-found] .ok")).to_have_count(4)
    expect(reader.main.locator("[data-found] ol.num li")).to_have_text(drawn)
    reader.looks()

"""The desk's pages serve the votes of envelopes: kiosk, paper with its groups, batches, rolls."""

from datetime import date, timedelta

import pytest
from lxml import html

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity
from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import Promise
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.paper import batches
from civic_forum.ballots.paper import queries as paper_queries
from civic_forum.ballots.paper import services as papers
from civic_forum.budgets.rounds import opening
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.ballots.kiosks import at_kiosk
from tests.budgets.making import voter

from .scene import JSON, drafted, fields, opened
from .test_ballot_pages import count, in_hex, main_of

REASON = "창구에서 도와 달라고 했어요"


def identity(user) -> Identity:
    """Name and birth date as their paper says them."""
    person = user.person
    return Identity(keys.unseal(SEALED_NAME, person.name_sealed),
                    date.fromisoformat(keys.unseal(SEALED_BIRTH_DATE, person.birth_date_sealed)))


def visit(box_id, user, clerk) -> str:
    """The pass that a look-up of this person at the desk gives."""
    found, = desk.look_up(box_id, identity(user), REASON, by=clerk)
    assert found.why_not is None, found.why_not
    return found.visit


@pytest.mark.in_turns(of=5)
def test_at_the_kiosk_an_envelope_is_voted_on_with_its_groups(town, browse):
    ada, clerk = voter(town), town.clerk()
    opened_first, box_id = (one.box_id for one in opened(town).envelopes)
    code = kiosk.issue(box_id, visit(box_id, ada, clerk), by=clerk).code
    client = at_kiosk(browse())
    client.post("/kiosk", data={"code": code})
    client.post("/kiosk/skips", data={"box": opened_first.hex()})
    page = client.get("/kiosk/ballot")
    assert "주민협치형" in main_of(page)
    assert html.fromstring(page.text).xpath("//fieldset/@data-set") == ["주민자치회 사업", "협치회의 사업"]
    refused = client.post("/kiosk/casts", data=fields(page.text) | {"option": ["1", "4"]})
    assert refused.status_code == 422 and count(Promise) == 0
    again = fields(client.get("/kiosk/ballot").text)
    done = client.post("/kiosk/casts", json=again | {"choice": in_hex(8, 1, 2, 4)}, headers=JSON)
    assert done.status_code == 200 and count(Promise) == 1
    assert boxes.participations(box_id).assisted == 1


@pytest.mark.in_turns(of=5)
def test_the_paper_ballot_names_the_round_the_envelope_and_its_groups(town, browse):
    made = opened(town)
    page = browse(town.clerk()).get(f"/desk/votes/{made.envelopes[1].box_id.hex()}/papers/ballot")
    sheet = html.fromstring(page.text).xpath("//article[contains(@class, 'paper-ballot')]")[0]
    said = " ".join(sheet.text_content().split())
    assert f"{made.title} — 주민협치형" in said and "주민자치회 사업: 꼭 2개" in said and "협치회의 사업: 2개까지" in said
    rows = [len(body.xpath("./tr")) for body in sheet.xpath(".//tbody")]
    assert rows == [4, 6, 1], "each group under its name, then the blank"


@pytest.mark.in_turns(of=5)
def test_paper_of_an_envelope_is_typed_in_by_two_and_counts(town):
    ada, clerk, second = voter(town), town.clerk(), town.moderator()
    last = clock.now() + timedelta(days=20)
    made = opened(town, paper_until=last)
    box_id = made.envelopes[1].box_id
    issued = papers.issue(box_id, visit(box_id, ada, clerk), by=clerk)
    papers.mark_returned(box_id, issued.number, by=clerk)
    clock.shift((last - clock.now()).total_seconds() + 1)
    closing.close_if_due(box_id)
    number = batches.open_batch(box_id, 1, by=clerk)
    with pytest.raises(Refusal) as refused:
        batches.type_sheet(box_id, number, 1, "1 4", by=clerk)
    assert "1번째 묶음" in str(refused.value) and "무효" in str(refused.value)
    for typist in (clerk, second):
        batches.type_sheet(box_id, number, 1, "1 2 4", by=typist)
        batches.finish_typing(box_id, number, by=typist)
    db.session.rollback()
    batch = paper_queries.batch(box_id, number)
    assert batch.counted == 1 and batch.invalid == 0
    assert boxes.participations(box_id).paper_returned == 1


@pytest.mark.in_turns(of=5)
def test_the_list_of_votes_at_the_desk_names_envelopes(town, browse):
    made = opened(town)
    said = main_of(browse(town.clerk()).get("/desk/votes"))
    assert f"{made.title} — 배정 예산 1" in said and f"{made.title} — 주민협치형" in said


@pytest.mark.in_turns(of=5)
def test_own_entry_and_an_objection_while_the_roll_is_checked(town, browse):
    now, day = clock.now(), timedelta(days=1)
    budget_round = drafted(town, roll_check_from=now - day, roll_check_to=now + day)
    budget_round = opening.prepare(budget_round.id, by=town.moderator())
    left_out = browse(town.resident())
    here = f"/budgets/{budget_round.slug}/envelope-1/roll"
    assert "투표인 명부에 없어요" in main_of(left_out.get(here))
    assert left_out.post(f"{here}/objections", data={"text": "지난달에 이사 왔는데 명부에 없어요."}).status_code == 303
    desk_page = browse(town.moderator())
    where = f"/desk/budgets/{budget_round.slug}/rolls/envelope-1"
    shown = desk_page.get(where)
    assert "지난달에 이사" in main_of(shown)
    answer = html.fromstring(shown.text).xpath("//form[contains(@action, '/answers/')]/@action")[0]
    assert desk_page.post(answer, data={"text": "확인했고 명부에 넣었어요."}).status_code == 303
    assert "확인했고 명부에 넣었어요" in main_of(left_out.get(here))


@pytest.mark.in_turns(of=5)
def test_observers_see_the_votes_of_envelopes_and_their_edition_waits_for_the_count(town, browse):
    made = opened(town)
    observer = browse(town.staff(Role.OBSERVER))
    page = observer.get(f"/votes/{made.envelopes[0].box_id.hex()}/observation")
    assert page.status_code == 200 and "배정 예산 1" in main_of(page)
    where = f"/budgets/{made.slug}/envelope-1"
    assert observer.get(f"{where}/observers.zip").status_code == 404
    assert browse(town.moderator()).get(f"{where}/observers.zip").status_code == 403

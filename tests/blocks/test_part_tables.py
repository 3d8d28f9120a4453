"""Options and envelopes from a table that was pasted: all of its rows, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from civic_forum.blocks import part_tables
from civic_forum.budgets.models import Envelope
from civic_forum.budgets.parts import EnvelopeParts
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.polls.models import Option
from civic_forum.polls.parts import OptionText
from tests.budgets import making
from tests.polls.making import unannounced

TABS = "이름\t내용\t금액(원)\t동\n꽃밭\t이웃이 가꿔요.\t4,200,000\t시흥1동\n\n\"쉼터, 의자\"\t\"두 줄로\n적은 글\"\t\t구 전체\n"


def read(app, part, text, most=40):
    with app.test_request_context(method="POST"):
        return part_tables.read(part, text, most)


def test_rows_of_a_spreadsheet_are_options(town, app):
    place = town.neighbourhood("시흥1동")
    first, second = read(app, OptionText, TABS)
    assert (first.title, first.text, first.cost, first.neighbourhood_id) == ("꽃밭", "이웃이 가꿔요.", 4_200_000, place.id)
    assert (second.title, second.text, second.cost) == ("쉼터, 의자", "두 줄로\n적은 글", None)


@pytest.mark.parametrize("address", ["", "https://example.org/proposals/"])
def test_a_thing_is_named_exactly_by_its_number_or_address(town, app, address):
    number = town.proposal().number
    made, = read(app, OptionText, f"이름\t바탕이 된 제안\n꽃밭\t{address}{number}")
    assert made.proposal_number == number
    with pytest.raises(Refusal, match="2번째 줄. 바탕이 된 제안: 찾을 수 없어요"):
        read(app, OptionText, "이름\t바탕이 된 제안\n꽃밭\t통학로")


@pytest.mark.parametrize("text", [
    "배정 금액(원),이름,그 수만큼 꼭 골라야 해요,어느 동의 주민이 투표하나요\n\"30,000,000\",시흥1동,네,시흥1동\n",
    "이름;배정 금액(원);그 수만큼 꼭 골라야 해요;어느 동의 주민이 투표하나요;\n시흥1동;30,000,000;네;시흥1동;\n"])
def test_commas_and_semicolons_do_as_well_and_the_columns_may_stand_in_any_order(town, app, text):
    town.neighbourhood("시흥1동")
    made, = read(app, EnvelopeParts, text)
    assert (made.name, made.amount, made.exactly, len(made.voters_of)) == ("시흥1동", 30_000_000, True, 1)


@pytest.mark.parametrize(("text", "says"), [
    ("", "첫 줄에 칸 이름을"), ("이름\n", "첫 줄에 칸 이름을"), ("이름,색\n꽃밭,파랑", "모르는 칸"),
    ("이름,이름\n가,나", "두 번"), ("이름\n꽃밭\n쉼터\n의자", "2줄까지"), ("이름,내용\n꽃밭,글,남는 칸", "2번째 줄에 칸이 더 많아요"),
    ("이름,금액(원)\n꽃밭,많이", "2번째 줄. 금액(원): 숫자로"), ("내용\n글", "2번째 줄. 여기를 채워"),
    ("이름\n꽃밭\n" + "가" * 201, "3번째 줄. 이름: 200자까지"), ("이름,내용\n꽃밭,900101-1234568", "2번째 줄. 내용"),
    ("이름,동\n꽃밭,없는동", "동을 골라 주세요"), ("이름,동\n꽃밭,시흥1동\n쉼터,", "3번째 줄. 동: 윗줄"),
    ('이름\n"꽃밭', "표로 읽을 수 없어요")])
def test_the_first_thing_that_is_wrong_is_named_by_its_line_and_column(town, app, text, says):
    with pytest.raises(Refusal) as refused:
        read(app, OptionText, text, most=2)
    assert says in str(refused.value) and refused.value.field == "table"


@given(st.text(max_size=80))
def test_no_text_breaks_it(sqlite_app, text):
    with sqlite_app.app_context(), sqlite_app.test_request_context(method="POST"):
        try:
            part_tables.read(OptionText, text, 5)
        except Refusal as refusal:
            assert refusal.field == "table"


@pytest.mark.in_turns(of=10)
@pytest.mark.both
def test_the_page_puts_all_in_or_nothing(town, browse):
    made = unannounced(town)
    before = db.session.query(Option).filter_by(poll_id=made.id).count()
    page, here = browse(town.moderator()), f"/desk/polls/{made.slug}/options"
    assert "금액(원)" in page.get(f"{here}/table").text and f"{here}/table" in page.get(here).text
    refused = page.post(f"{here}/table", data={"version": made.version, "table": "이름,금액(원)\n꽃밭,1\n쉼터,x"})
    assert refused.status_code == 422 and "3번째 줄" in refused.text and "꽃밭,1" in refused.text
    assert db.session.query(Option).filter_by(poll_id=made.id).count() == before
    done = page.post(f"{here}/table", data={"version": made.version, "table": "이름\n꽃밭\n쉼터"})
    assert done.status_code == 303
    db.session.rollback()
    assert [one.number for one in made.options] == [*range(1, before + 3)]
    twice = page.post(f"{here}/table", data={"version": made.version, "table": "이름\n새로\n꽃밭"})
    assert twice.status_code == 422 and "‘꽃밭’" in twice.text
    stale = page.post(f"{here}/table", data={"version": "1", "table": "이름\n꽃밭"})
    assert stale.status_code == 409
    rows = "\n".join(f"{number}번" for number in range(99))
    many = page.post(f"{here}/table", data={"version": made.version, "table": "이름\n" + rows})
    assert many.status_code == 409 and db.session.query(Option).filter_by(poll_id=made.id).count() == before + 2


@pytest.mark.both
def test_envelopes_come_with_addresses_of_their_own(town, browse):
    made = making.new_round(town)
    before = db.session.query(Envelope).filter_by(round_id=made.id).count()
    page, here = browse(town.moderator()), f"/desk/budgets/{made.slug}/money"
    table = "이름\t배정 금액(원)\n시흥1동\t30,000,000\n시흥 1동\t20,000,000"
    done = page.post(f"{here}/table", data={"version": made.version, "table": table})
    assert done.status_code == 303
    rows = db.session.query(Envelope).filter_by(round_id=made.id).order_by(Envelope.position).all()
    assert [one.position for one in rows] == [*range(1, before + 3)] and len({one.slug for one in rows}) == before + 2


def test_ten_neighbourhoods_with_two_envelopes_each_are_seen_before_they_are_put_in(town, browse):
    made, places = making.new_round(town), [town.neighbourhood(f"시흥{number}동").name for number in range(1, 11)]
    here = f"/desk/budgets/{made.slug}/money"
    lines = ["동\t이름\t금액(천원)\t주민 수\t투표하는 동"] + [
        f"{place}\t{name}\t{sum_}\t1,200\t{place}" for place in places
        for name, sum_ in (("주민자치활동", "1,200.5"), ("참여예산", "30,000"))]
    page, sent = browse(town.moderator()), {"version": made.version, "table": "\n".join(lines)}
    wrong = page.post(f"{here}/table", data=sent | {"table": sent["table"] + "\n없는동\t축제\t1", "preview": "1"})
    assert wrong.status_code == 422 and "22번째 줄. 동: 동을 골라 주세요." in wrong.text
    seen = page.post(f"{here}/table", data=sent | {"preview": "1"}).text
    for words in ("20개를 넣어요", "시흥1동 참여예산", "120만 500원", "3,000만 원", "금액(원) 합계 3억 1,200만 5,000원"):
        assert words in seen, words
    assert db.session.query(Envelope).filter_by(round_id=made.id).count() == 1
    [table] = html.fromstring(seen).xpath("//input[@name='table']/@value")
    assert page.post(f"{here}/table", data=sent | {"table": table}).status_code == 303
    db.session.rollback()
    rows = db.session.query(Envelope).filter_by(round_id=made.id).order_by(Envelope.position).all()[1:]
    assert [(one.name, one.amount, one.residents, [place.name for place in one.voters_of]) for one in rows[-2:]] == [
        ("시흥10동 주민자치활동", 1_200_500, 1_200, ["시흥10동"]), ("시흥10동 참여예산", 30_000_000, 1_200, ["시흥10동"])]
    assert len(rows) == 20 and len({one.slug for one in rows}) == 20


@pytest.mark.in_turns(of=5)
def test_the_page_says_which_words_a_column_takes(town, browse):
    town.neighbourhood("시흥1동")
    page = browse(town.moderator())
    assert "시흥1동" in page.get(f"/desk/polls/{unannounced(town).slug}/options/table").text
    assert "네, 또는 비워 두기" in page.get(f"/desk/budgets/{making.new_round(town).slug}/money/table").text

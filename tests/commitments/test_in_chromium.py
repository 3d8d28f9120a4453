"""Commitments in a browser: kept by two officials, read by everybody at both widths."""

import pytest

from civic_forum.commitments.rules import EntryKind
from civic_forum.notifications import commitments as news
from civic_forum.platform.base import db
from civic_forum.platform.spreadsheets import as_csv
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.services import supports as proposals
from tests.attachments.making import jpeg
from tests.blocks.charts_page import settle
from tests.servers import axe, chromium, in_process

from .making import accepted, newest, planned, reached, told

pytestmark = pytest.mark.one_database
MOST_FIELDS, MOST_CLICKS = 12, 16
"""Half of what an outcome and its reports asked for before, from the answer to the end."""
LONG = "아주 긴 제목을 가진 약속이 좁은 화면에서도 넘치지 않고 끝까지 읽히는지 보려고 일부러 길게 적은 한 문장이에요 " * 2
MONEY = {"total": 90_000_000, "lines": [[2029, "city", "", 40_000_000, 40_000_000, 31_500_000],
                                        [2030, "district", "인건비", 50_000_000, 20_000_000, 1_600_000]]}

FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one)
  if (!one.closest('main')) return null
  if (one.matches('.piece')) return getComputedStyle(one.querySelector('polygon')).strokeWidth === '7px'
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none' ? one.textContent.trim() || one.tagName : false
}"""
"""What has the focus, false where nobody sees it, null outside of the main part."""


@pytest.fixture
def signed_in(app, town, window):
    """Opens a window of somebody, on the application of the tests."""
    with in_process.served(app) as address:
        yield lambda user, **options: in_process.sign_in(window(base_url=address, **options), app, address, user)


class Hands:
    """An official at the keyboard, whose clicks and fields are counted."""

    def __init__(self, page):
        self.page, self.clicks, self.fields = page, 0, 0

    def click(self, role, name):
        self.clicks += 1
        self.page.get_by_role(role, name=name).first.click()

    def fill(self, label, text):
        self.fields += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label):
        self.fields += 1
        self.page.get_by_label(label, exact=True).check()


def rich(town, pair, title="정류장에 의자를 놓아 주세요"):
    """A commitment with everything that one can have."""
    place = town.neighbourhood().id
    one = planned(accepted(town, *pair, title=title[:100], neighbourhood_id=place), *pair)
    one = told(one, EntryKind.SLIP, {"milestone": "m2", "to": "2031-06-30", "why": "비가 많이 와서 늦었어요."}, *pair)
    one = reached(one, "m1", *pair)
    for kind, content in (
            (EntryKind.MONEY, MONEY),
            (EntryKind.SHIFT, {"item_from": "행사운영비", "item_to": "사무관리비", "of": 11_500_000, "moved": 3_640_000,
                               "why": "협치회의 의결"}),
            (EntryKind.TARGETS, {"targets": [{"label": "의자(개)", "target": {"2029": 5, "2030": 7},
                                              "achieved": {"2029": 4}}]}),
            (EntryKind.QUARTER, {"quarter": "2026-1", "text": "자리를 골랐어요.", "next": "의자를 놓아요.", "people": 41}),
            (EntryKind.SURVEY, {"text": "쓰는 사람에게 물었어요.", "respondents": 259, "satisfied": 243}),
            (EntryKind.PRINTED, {"percent": 22, "of": "집행액 ÷ 총사업비", "numerator": 265_000_000,
                                 "denominator": 1_194_000_000})):
        one = told(one, kind, content, *pair)
    return one


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", [(390, "text=xl"), (1280, "contrast=1"), (320, ""), (390, "language=en")])
def test_pages_can_be_read_by_everybody(town, pair, signed_in, width, view):
    one = rich(town, pair, LONG)
    told(one, EntryKind.LOG, {"text": "승인을 기다리는 기록이에요."}, pair[0])
    page = signed_in(pair[1], width=width)
    if view:
        page.goto(f"/display?{view}&back=/")
    here = f"/desk/commitments/{one.id}"
    acts = ("facts", "milestones", "reached", "slip", "status", "money", "shift", "targets", "quarter", "survey")
    for address in ("/commitments", "/commitments?standing=kept", f"/commitments/{one.id}", "/me/commitments",
                    "/desk/commitments", "/desk/commitments/people", "/desk/commitments/new", here,
                    *(f"{here}/{act}" for act in acts)):
        assert page.goto(address).status == 200, address
        for fold in page.get_by_role("main").locator("details").all():
            fold.locator("summary").first.click()
        assert axe.violations(page) == [], address
        assert chromium.overflow(page) == 0, address


def test_pages_are_printed_whole(town, pair, signed_in):
    one = rich(town, pair)
    page = signed_in(pair[0])
    for address, tables in (("/commitments", 1), (f"/commitments/{one.id}", 3), ("/me/commitments", 0)):
        assert page.goto(address).status == 200
        assert page.locator("main table").count() == tables
        assert chromium.paper_faults(page) == [], address
        assert page.locator(".promises li, .timeline li, .blank").first.is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_keyboard_reaches_everything_and_leaves_again(town, pair, signed_in, width):
    settle()
    one = rich(town, pair)
    page = signed_in(pair[0], width=width)
    for address in (f"/commitments/{one.id}", "/commitments"):
        assert page.goto(address).status == 200
        page.locator("main").focus()
        reached = []
        while page.evaluate("(document.activeElement.closest('main') ?? null) !== null"):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(FOCUSED))
        wanted = page.locator("main :is(a[href], button, input, select, summary, [tabindex='0']):visible").count()
        assert reached[-1] is None and len(reached) - 1 == wanted
        assert all(reached[:-1]), reached
    assert page.locator(".piece").count() == 10
    page.locator("a.piece").first.focus()
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/commitments?neighbourhood=*")
    assert page.locator("[name=neighbourhood] option:checked").inner_text() == name.rpartition(" ")[0]


def test_everything_works_without_scripts(town, pair, signed_in):
    one = rich(town, pair)
    page = signed_in(pair[0], width=390, javascript=False)
    page.goto("/commitments")
    page.locator("summary", has_text="분야, 부서, 동으로 좁히기").click()
    page.locator("main [name=q]").fill("의자")
    page.get_by_role("button", name="적용하기").click()
    page.wait_for_url("**/commitments?*q=*")
    assert page.locator(".promises li").count() == 1
    page.get_by_role("link", name=one.title).click()
    page.wait_for_url(f"**/commitments/{one.id}")
    for fold in page.locator("main details").all():
        fold.locator("summary").click()
        assert fold.locator("table, ol").first.is_visible()
    page.get_by_role("link", name="제안에서 소식 받기").click()
    page.wait_for_url("**/proposals/**")
    assert page.locator("#commitments .far .meter").bounding_box()["height"] < 10


@pytest.mark.parametrize("width", [390, 1280])
def test_the_days_have_a_scale_of_years(town, pair, signed_in, width):
    one = reached(planned(accepted(town, *pair), *pair), "m1", *pair)
    page = signed_in(pair[0], width=width)
    assert page.goto(f"/commitments/{one.id}").status == 200
    years, line = page.locator(".span-years span"), page.locator(".spans .base").first.bounding_box()
    shown = [box for each in years.all() if (box := each.bounding_box())]
    assert years.first.is_visible() and len(shown) == years.count() > 1
    ends = shown[-1]["x"] + shown[-1]["width"]
    assert abs(shown[0]["x"] - line["x"]) < 4 and abs(ends - line["x"] - line["width"]) < 16


def test_two_officials_keep_a_promise(town, pair, signed_in, tmp_path):
    photo, supporter = tmp_path / "after.jpg", town.resident()
    photo.write_bytes(jpeg())
    one = accepted(town, *pair, title="정류장에 의자를 놓아 주세요")
    proposals.follow(newest_proposal(), by=supporter)
    first, second = (Hands(signed_in(user, width=width)) for user, width in zip(pair, (1280, 390), strict=True))
    here = f"/desk/commitments/{one.id}"

    def approved():
        second.page.goto(here)
        second.click("button", "승인하고 공개하기")
        second.page.wait_for_selector("text=승인했어요")

    first.page.goto("/desk")
    first.click("link", "정류장에 의자를 놓아 주세요")
    first.click("link", "단계 나누기")
    first.click("button", "승인 요청하기")
    approved()
    first.page.goto(here)
    first.click("link", "날 옮기기")
    first.fill("언제로 옮기나요?", "2028-06-30")
    first.fill("왜 옮기나요?", "의자를 만드는 곳이 바빠요.")
    first.click("button", "승인 요청하기")
    approved()
    first.page.goto(here)
    first.click("link", "마쳤어요")
    first.fill("무엇을 보면 알 수 있나요?", "의자 네 개를 놓았어요.")
    first.fields += 1
    first.page.get_by_label("사진과 파일", exact=False).first.set_input_files(photo)
    first.click("button", "승인 요청하기")
    approved()
    db.session.rollback()
    assert news.tell_news() >= 1
    first.page.goto(here)
    first.click("link", "상태 바꾸기")
    first.choose("완료")
    first.fill("이유", "네 곳 모두 놓았어요.")
    first.click("button", "승인 요청하기")
    approved()
    reader = signed_in(supporter, width=390)
    reader.goto("/me/notices")
    assert "새 소식이 있어요" in reader.content()
    reader.goto(f"/commitments/{one.id}")
    shown = reader.content()
    db.session.rollback()
    assert "지켰어요" in shown and "100%" in shown and "의자를 만드는 곳이 바빠요." in shown
    assert reader.locator("#story img").count() == 1 and newest().done_on is not None
    assert first.fields + second.fields <= MOST_FIELDS and first.clicks + second.clicks <= MOST_CLICKS


def newest_proposal():
    return db.session.query(Proposal).order_by(Proposal.id.desc()).first().id


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", [(390, "text=xl"), (1280, "contrast=1"), (320, ""), (1280, "theme=dark")])
def test_money_from_a_table_is_looked_at_before_it_is_written(town, pair, signed_in, width, view):
    one = told(accepted(town, *pair, title=LONG[:100]), EntryKind.MONEY, MONEY, *pair)
    page = signed_in(pair[0], width=width)
    if view:
        page.goto(f"/display?{view}&back=/")

    def looks_right():
        assert axe.violations(page) == [] and chromium.overflow(page) == 0

    def brought_in(*rows):
        text = as_csv(["약속", "해", "재원", "항목", "계획", "확보", "집행"], [(one.id, *row) for row in rows])
        page.set_input_files("#file", {"name": "money.csv", "mimeType": "text/csv", "buffer": text.encode()})
        page.get_by_role("button", name="달라지는 것 보기").click()
        looks_right()

    page.goto("/desk/commitments")
    page.get_by_role("link", name="표로 돈 적기").click()
    page.locator("summary", has_text="표를 적는 법").click()
    looks_right()
    brought_in((2029, "시비", "", "많이", "", ""), (29, "시비", "", "1", "", ""))
    assert page.get_by_text("2줄을 고쳐서").count() and page.get_by_text("3번째 줄").count()
    brought_in((2029, "시비", "", "40,000", "40000000", "31,500"), (2030, "구비", "인건비", "", "", ""),
               (2030, "구비", "여비와 강사료", "50,000", "", ""))
    page.get_by_label("천 배쯤 다른 숫자도 이대로 맞아요").check()
    page.get_by_role("button", name="승인 요청하기").click()
    page.wait_for_selector("text=적었어요.")
    db.session.rollback()
    assert newest().waiting == 1

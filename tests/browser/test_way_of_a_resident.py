"""The main job, whole: from signing up to a proposal that others find, support and discuss."""

import re
from io import BytesIO
from itertools import count
from secrets import token_hex

import pytest
from PIL import Image
from playwright.sync_api import expect

from .visits import WINDOWS

PASSWORD = "세 마리 왜가리가 난다"
FLOWER = "수레국화"
"""A word that no other text of the district has."""
_number = count(1)


def picture() -> dict:
    made = BytesIO()
    Image.new("RGB", (640, 400), (120, 160, 90)).save(made, "JPEG")
    return {"name": "골목 화단.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


class Person:
    """Somebody at a window of their own."""

    def __init__(self, page, url):
        self.page, self.url, self.main = page, url, page.get_by_role("main")

    def opens(self, path: str) -> None:
        self.page.goto(self.url + path)

    def fills(self, **fields: str) -> None:
        for name, text in fields.items():
            self.main.locator(f"[name={name}]").first.fill(text)

    def ticks(self, label: str) -> None:
        self.main.get_by_label(label, exact=True).check()

    def presses(self, button: str) -> None:
        self.main.get_by_role("button", name=button, exact=True).first.click()

    def reads(self, text: str) -> None:
        expect(self.main).to_contain_text(text)

    def signs_up(self, name: str, nickname: str) -> None:
        self.opens("/sign-up")
        self.fills(name=name, password=PASSWORD)
        self.ticks("만 14세 이상이에요")
        self.ticks("이용약관에 동의해요 (필수)")
        self.ticks("개인정보 수집과 이용에 동의해요 (필수)")
        self.presses("가입하기")
        self.reads("가입했어요")
        self.main.get_by_role("link", name="고르기 내 동과 별명").click()
        self.fills(nickname=nickname)
        self.main.get_by_label("사는 동", exact=True).select_option(label="시흥5동")
        self.presses("저장하기")
        self.reads("가입했어요")

    def signs_in(self, name: str, password: str) -> None:
        self.opens("/sign-in")
        if not (typed := self.main.get_by_label("로그인 이름")).is_visible():
            self.main.get_by_text("로그인 이름과 비밀번호로").click()
        typed.fill(name)
        self.main.get_by_label("비밀번호", exact=True).fill(password)
        self.presses("로그인하기")
        self.page.wait_for_url(f"{self.url}/")

    def proposes(self, title: str) -> str:
        """In three steps, with a picture; returns the public number."""
        self.opens("/proposals/new")
        self.fills(title=title)
        self.main.get_by_label("분야", exact=True).select_option(label="환경·청소")
        self.presses("다음 단계로")
        self.fills(problem=f"골목 화단에 쓰레기가 쌓여요. **{FLOWER}**를 심으면 버리지 않을 거예요.", wish="봄마다 함께 심을 수 있게 꽃씨와 흙을 지원해 주세요.")
        self.presses("다음 단계로")
        self.main.locator("input[type=file]").set_input_files(picture())
        self.presses("파일 올리기")
        self.reads("파일을 올렸어요")
        self.main.locator("[name^=description-]").first.fill("쓰레기가 쌓인 골목 화단")
        self.presses("설명 저장하기")
        self.presses("등록하기")
        self.reads("제안을 등록했어요")
        return re.search(r"/proposals/(\d{4}-\d{4,})", self.page.url)[1]

    def signs_out(self) -> None:
        for menu in self.page.locator(".hd-act details:is(.menu, .drop) > summary").all():
            if menu.is_visible():
                menu.click()
                break
        self.page.get_by_role("button", name="로그아웃하기").locator("visible=true").click()
        self.reads("로그아웃했어요")


@pytest.mark.in_turns
@pytest.mark.parametrize(("width", "javascript"), WINDOWS)
def test_the_way_of_a_resident(site, window, width, javascript):
    def somebody() -> Person:
        return Person(window(width=width, javascript=javascript), site.url)

    author, clerk, neighbour, visitor = somebody(), somebody(), somebody(), somebody()
    mark = f"{token_hex(3)}{next(_number)}"
    name, title = f"walker-{mark}", f"골목 화단에 {FLOWER}를 심어요 {mark}"

    author.signs_up(name, "골목산책")
    author.opens("/me")
    author.reads("아직 확인하지 않았어요")
    author.opens("/me/residency")
    is_verified_at_the_desk(clerk, site, author.main.locator(".code-large").inner_text(), mark)
    author.opens("/me")
    author.reads("확인했어요")

    number = author.proposes(title)
    is_shown(author, title)

    neighbour.signs_up(f"neighbour-{mark}", "옆집이웃")
    supports_and_comments(neighbour, number)

    visitor.opens("/search")
    visitor.main.get_by_role("searchbox").or_(visitor.main.locator("input[name=q]")).first.fill(f"{FLOWER}를")
    visitor.main.get_by_role("button", name=re.compile("검색|찾기")).first.click()
    visitor.main.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    visitor.reads("꽃씨 나눔 모임에서도 돕겠어요.")

    edits(author, number)
    visitor.page.reload()
    visitor.main.get_by_role("link", name=re.compile("바뀐 내용 보기")).first.click()
    expect(visitor.main.locator("ins").first).to_contain_text("가을에는")
    author.signs_out()
    expect(author.page.locator("header a[href='/sign-in']").first).to_be_attached()


def is_verified_at_the_desk(clerk: Person, site, number: str, mark: str) -> None:
    clerk.signs_in("clerk1", site.password)
    clerk.opens("/desk")
    clerk.main.get_by_role("link", name=re.compile("주민 확인")).first.click()
    clerk.ticks("계정이 있어요")
    clerk.fills(desk_number=number, name=f"한 {mark}", birth_date="19840229")
    clerk.main.locator("[name=kinds][value=live]").check()
    clerk.main.locator("[name=evidence][value=resident_card]").check()
    clerk.presses("확인하기")
    clerk.reads("골목산책 님을 주민으로 확인했어요.")


def is_shown(person: Person, title: str) -> None:
    """With its text and its picture, which a browser can read."""
    expect(person.main.get_by_role("heading", level=1)).to_have_text(title)
    expect(person.main.locator("strong", has_text=FLOWER)).to_be_visible()
    shown = person.main.get_by_role("img", name="쓰레기가 쌓인 골목 화단").first
    answer = person.page.request.get(person.url + shown.get_attribute("src"))
    assert answer.ok and answer.headers["content-type"].startswith("image/")


def supports_and_comments(person: Person, number: str) -> None:
    person.opens(f"/proposals/{number}")
    person.presses("공감하기")
    expect(person.main.get_by_role("button", name="공감했어요").first).to_be_visible()
    expect(person.main.locator("[data-support-count]").first).to_have_text("1")
    person.fills(text="꽃씨 나눔 모임에서도 돕겠어요.")
    person.presses("찬성으로 등록")
    person.reads("꽃씨 나눔 모임에서도 돕겠어요.")


def edits(person: Person, number: str) -> None:
    person.opens(f"/proposals/{number}")
    person.main.get_by_role("link", name="내용 고치기").first.click()
    wish = person.main.locator("[name=wish]")
    wish.fill(wish.input_value() + " 가을에는 국화를 심어요.")
    person.presses("고친 내용 저장하기")
    person.reads("가을에는 국화를 심어요.")

"""Three sessions of a neighbouring district's council in September 2020, with every figure that its report prints.

Names, numbers of seats and words of opinions are not printed and made up here.
"""

from datetime import datetime, timedelta

import pytest
from lxml import html

from civic_forum.blocks.seats import MemberFunction
from civic_forum.bodies.rules import BodyKind
from civic_forum.meetings import services
from civic_forum.meetings.records import Money
from civic_forum.meetings.rules import Attendance, ItemKind, ItemResult
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL

from .making import body, item, members_of, record, signed

PLAN = (("기반조성", "구민과 함께하는 민·관 협치 2.0", 280_000, "자치행정과"),
        ("전략사업", "영등포형 돌봄 네트워크 추진", 150_000, "복지정책과"),
        ("전략사업", "주민과 함께하는 쓰레기 없는 마을 조성", 50_000, "청소과"),
        ("일반사업", "당산골 걷고 싶은 거리 조성", 155_000, "자치행정과"),
        ("일반사업", "탁트인 문화예술 거점 문래창작촌 활성화", 55_000, "문화체육과"),
        ("일반사업", "영등포 스마트메디컬 힐링투어", 60_000, "비전협력과"),
        ("일반사업", "왁자지껄 나만의 생활상권 만들기", 100_000, "사회적경제과"))
"""Kind, title, thousands of won, department."""
TOTAL, PARTS, CUT = 850_000, {"기반조성": 280_000, "전략사업": 200_000, "일반사업": 370_000}, 15
OPINIONS = {"최종 보고": 3, "협치동아리": 3, "랜선 주민교육": 3, "그 밖": 4}
OFFICIALS = ("팀장", "주무관 2명", "협치조정관", "협치지원관")
ORDER = (5, 15, 20, 10)
"""Minutes of the opening, the report, the discussion and the end."""
SESSIONS = {"협치기반조성": (datetime(2020, 9, 14, 14, tzinfo=SEOUL), 8, 7, 0),
            "역량강화": (datetime(2020, 9, 15, 10, 30, tzinfo=SEOUL), 5, 4, 1),
            "전략사업": (datetime(2020, 9, 15, 14, tzinfo=SEOUL), 6, 5, 0)}
"""Division → beginning, members, those of them who came, those who sat in another division's session."""
MONEY = Money(source="행사운영비", target="사무관리비", whole=115_000_000, moved=36_400_000)


def opinions(*subjects: str) -> list[str]:
    return [f"{subject}에 나온 의견 {number}" for subject in subjects for number in range(1, OPINIONS[subject] + 1)]


def items(present: int, money: Money | None):
    plan = [f"{kind} {title} {budget:,}천원 {department}" for kind, title, budget, department in PLAN]
    parts = [f"{kind} {budget:,}천원" for kind, budget in PARTS.items()]
    opening, report, discussion, end = ORDER
    return (
        item("안내", ItemKind.REPORT, minutes=opening, present=present),
        item("지역사회혁신계획 최종 보고", ItemKind.REPORT, minutes=report, present=present, result=ItemResult.NOTED,
             reported="\n".join([f"모두 {TOTAL:,}천원, 지난해보다 {CUT}% 줄었어요.", *parts, *plan]),
             opinions=opinions("최종 보고")),
        item("주요안건: 하반기 협치사업 공유", ItemKind.REPORT, minutes=discussion, present=present, result=ItemResult.NOTED,
             opinions=opinions("협치동아리", "랜선 주민교육")),
        item("2020년 계획 사업예산 변경 결정: 구민과 함께하는 영등포 민관협치 2.0", present=present, money=money,
             result=ItemResult.NO_OBJECTION),
        item("협치 활성화 의견 수렴", ItemKind.DISCUSSION, present=present, opinions=opinions("그 밖")),
        item("마무리", ItemKind.REPORT, minutes=end, present=present))


@pytest.fixture
def sessions(town):
    """Division → its meeting. The last is written down first: somebody of another division sat there."""
    secretary = town.user()
    council = body(town, members=1, name="협치회의", secretary=secretary)
    divisions = {name: body(town, members=members, name=name, kind=BodyKind.DIVISION, parent_id=council.id,
                            secretary=secretary) for name, (_at, members, _came, _away) in SESSIONS.items()}
    meetings = {}
    for name, (starts_at, members, came, away) in reversed(SESSIONS.items()):
        head, *others = members_of(divisions[name].id)
        head.function = MemberFunction.HEAD
        db.session.commit()
        ways = [Attendance.ONLINE] * (came - 1) + [Attendance.ELSEWHERE] * away
        ways += [Attendance.ABSENT] * (len(others) - len(ways))
        present = {head.id: Attendance.ON_SITE} | {member.id: way for member, way in zip(others, ways, strict=True)}
        meetings[name] = signed(services.keep(divisions[name].id, record(
            *items(came, MONEY if name == "협치기반조성" else None), title=f"2020년 3차 {name}분과회의", number=3,
            place="화상회의(분과 대표자만 구청)", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=sum(ORDER)),
            came=[("민간 위원", came, members)], present=present, officials=OFFICIALS,
            guests=1 if name == "전략사업" else 0,
            elsewhere={number: meetings["전략사업"].id for number, way in present.items() if way is Attendance.ELSEWHERE}),
            by=secretary))
    return council, meetings


def text_of(page) -> str:
    return " ".join(" ".join(html.fromstring(page.text).find(".//main").itertext()).split())


@pytest.mark.in_turns(of=5)
@pytest.mark.both
def test_the_pages_say_every_figure_of_the_report(browse, sessions):
    council, meetings = sessions
    assert "2020년 3번" in browse().get(f"/bodies/{council.slug}/meetings").text
    for name, (starts_at, members, came, away) in SESSIONS.items():
        page = text_of(browse().get(f"/forums/{meetings[name].forum.slug}"))
        assert f"9. {starts_at.day}." in page and f"{starts_at:%H:%M}" in page, name
        figures = [f"{budget:,}천원 {department}" for _kind, _title, budget, department in PLAN]
        for words in (*figures, *(f"{kind} {budget:,}천원" for kind, budget in PARTS.items()), f"{TOTAL:,}천원",
                      f"{CUT}%", "이견 없음", f"{members}명 가운데 {came}명", ", ".join(OFFICIALS),
                      *(f"{minutes}분" for minutes in ORDER), *opinions(*OPINIONS), f"화상 {came - 1}명", "현장 1명"):
            assert words in page, (name, words)
        assert ("다른 분과에 참석 1명" in page) is bool(away)
        assert ("다른 분과 위원 1명이 함께했어요." in page) is (name == "전략사업")
        assert page.count("에 나온 의견") == sum(OPINIONS.values()) == 13
        moved = ("행사운영비 1억 1,500만 원 7,860만 원", "사무관리비 + 3,640만 원")
        assert all(words in page for words in moved) is (name == "협치기반조성")
        assert "끝까지 정족수를 지켰어요" in page
    for words in ("표가 많아요", "표가 적어요", "적게 있었어요"):
        assert words not in page

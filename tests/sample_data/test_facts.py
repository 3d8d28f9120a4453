"""Pages of the sample's ledger, which say what the printed sources say: a line for each fact."""

from collections import Counter

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind
from civic_forum.platform.base import db
from civic_forum.polls.models import Poll
from civic_forum.sample_data.people import read

pytestmark = pytest.mark.usefixtures("district")
TITLES = {promise["key"]: promise["title"] for promise in read("promises")}
OF_PLAN = ("platform", "pop-up", "policy-forum", "workshop", "asks", "living-lab", "assembly-2021")
OF_ITEM_12 = OF_PLAN[:-1]
DEPARTMENTS_PLAN = "2021년 마을자치과 주요업무계획"
PANEL = {  # on the right: promise, name of the fact → what stands there
    **{(key, "계획"): "마을자치과 2021년 주요업무계획" for key in OF_PLAN},
    **{(key, "부서"): "마을자치과" for key in (*OF_PLAN, "cooperation", "village-democracy", "innovation-2021")},
    ("innovation-2021", "계획"): "2021년 금천구 지역사회혁신계획(구단위계획형)",
    ("innovation-2021", "함께"): "복지정책과, 청소과, 어르신장애인과, 도로과, 문화체육과, 사회적경제과, 주차관리과, 공원녹지과, "
                              "지역혁신과, 교통행정과, 여성가족과",
    ("welfare-hub", "부서"): "복지정책과",
    ("village-democracy", "함께"): "복지정책과, 지역혁신과, 기획예산과, 홍보디지털과, 행정지원과, 동주민센터",
    ("cooperation", "함께"): "모든 부서, 서울시 서울민주주의위원회 민관협치담당관",
    **{(key, "팀"): "금천1번가팀" for key in (*OF_ITEM_12, "innovation-2021")},
    ("assembly-2021", "팀"): "주민참여팀",
    ("cooperation", "협업내용"): "시민참여예산 추진 및 민관협치 추진",
    ("village-democracy", "협업내용"): "유사사업 현황 공유 및 협업, 사업 컨설팅 및 마케팅",
    ("cooperation", "갈래"): "계속, 자체, 운영",
    ("village-democracy", "갈래"): "자체, 기타(계속), 임기 내, 단기",
    ("welfare-hub", "갈래"): "임기 내, 신규",
    ("cooperation", "언제부터"): "2016. 9. 1.(목)",
    ("cooperation", "언제까지"): "2022. 12. 31.(토)",
    ("welfare-hub", "언제부터"): "2014. 1. 1.(수)",
    ("welfare-hub", "언제까지"): "2018. 6. 30.(토)",
}
PRINTED = {  # "자료에 더 적힌 것": promise, name → what stands there
    **{(key, DEPARTMENTS_PLAN): "12번 마을민주주의 플랫폼 「금천1번가」 운영|사업 15개, 2021년에 6,763,492천원이에요."
       for key in OF_ITEM_12},
    ("assembly-2021", DEPARTMENTS_PLAN): "9번 주민자치회 활성화 지원|사업 15개, 2021년에 6,763,492천원이에요.",
    ("innovation-2021", DEPARTMENTS_PLAN): "13번 금천형 협치 만들기|사업 15개, 2021년에 6,763,492천원이에요.",
    ("innovation-2021", "2021년 지역사회혁신계획"): "사업 17개, 900,000천원(시비). 2020. 9. 17.에 냈어요.",
    ("platform", "같은 계획 8번 사업의 조사"):
        "마을공동체와 함께 하는 마을공간 활성화. 이 장부의 어느 약속에도 들지 않아요.|"
        "모두의 마을공간 커뮤니티센터(독산1동), 2020. 5. 6.~10. 30.|"
        "15,592명이 왔어요(대관 1,683명, 쉼터 13,909명).|259명이 답했고 243명(94%)이 만족하거나 더 좋다고 했어요.",
    ("village-democracy", "단계별 추진사항"):
        "2015~2016 마을사람 발굴: 마을계획단 구성, 마을기금, 마을활력소 조성, 주민자치위원회 확대개편, 동특성화 1단계 전 동 추진|"
        "2017 마을조직 정비: 주민자치회 전국 최초 전 동 동시출범, 마을전문가 전동 전진배치, 동특성화사업 2단계 추진|"
        "2018~ 마을사업 성숙: 주민자치회 성공 전환, 동단위 마을공동체 활성화, 동특성화사업 추진, 동단위 시민참여예산 결정",
    ("village-democracy", "한 해"): "의제발굴 상시, 주민총회 5월, 마을의제 실행 3월~10월, 성과공유회 11월",
    ("village-democracy", "동네의제"): "154개",
    ("welfare-hub", "누구의 공약"):
        "서울시 공약이에요. 총괄부서는 서울시 자치행정과예요.|이 예시에서는 복지정책과가 챙겨요.",
    ("welfare-hub", "설치한 곳"): "2015년 79곳, 2016년 204곳, 모두 283곳|자치구 18개(전체 17개, 시범 1개)",
    ("welfare-hub", "2016년과 2017년 일정"):
        "1분기 현장조사, 사업협약식, 설계(안) 보고회, 실시설계|2분기 발주 및 시공|3분기 준공(7. 1.)",
    ("welfare-hub", "주민 모임"): "2단계 204곳마다 평균 4.8회",
}
SAID = {  # anywhere on the page
    "platform": ("총사업비 4억 9,100만 원", "12번 사업 모두의 돈이에요. 동에 번쩍, 정책공론장, 워크숍, 금나래가 묻습니다, 리빙랩이 함께 써요."),
    "living-lab": ("2021 재원 모름 6,000만 원", "이 사업이 든 항목(12번, 2021년 118,000천원)의 재원은 시비와 구비예요. "
                   "60,000천원을 어떻게 나눴는지는 적혀 있지 않아요."),
    "assembly-2021": ("총사업비 25억 916만 4,000원", "1~4월 의제발굴"),
    "village-democracy": ("보고서는 금액이 계획인지 확보인지 나누어 적지 않았어요. 여기서는 계획으로 읽었어요.",),
    "cooperation": ("협업사항: 지속적이고 안정적인 서울시 예산 지원 필요 민관협치, 관관협업은 어렵고 힘든 과정이지만, 보다 성숙된 "
                    "행정의 발전을 위해서 지속적인 협치·협업 요청", "'18. 11. 5. ~ 11. 12.", "'18. 12."),
    "welfare-hub": ("시민 참여실적: 설명회·공청회(기획회의 포함) 979, 만족도 조사 1, 민간전문가 자문 32, 언론·방송 보도(사업 전반) 771, "
                    "보고서 발간 1", "사업협약을 맺었어요(5월).", "사업협약을 맺었어요(2월).", "1단계 백서를 냈어요(12월).", "MP 회의를 14번 열었어요(1월~7월).",
                    "공청회 등을 통해 주민들의 의견을 반영한 공간개선 추진", "민선6기 이후 지속성 있는 사업 추진 검토 필요",
                    "공간개선 시 동주민센터 인근 재활용품 수거시설 개선 병행", "동주민센터 직원 의견을 반영한 공간개선 추진", "반영 검토"),
    "innovation-2021": ("예시로 지어낸 값이 있어요", "확보하고 쓴 돈", "17개 사업, 900,000천원(시비), 낸 날(2020. 9. 17.)은 자료에 적힌 그대로예요."),
    "bench-wall": ("예시로 지어낸 값이 있어요",),
}
NEVER = {"living-lab": ("기타",), "village-democracy": ("259", "만족도"), "platform": ("지역사회혁신계획",),
         "cooperation": ("지어낸",), "assembly-2021": ("지역사회혁신계획",)}
LINES = {  # year, source and plan in the table of money; the rest is not known
    "platform": ["2020 시비 9,000만 원", "2020 구비 8,300만 원", "2021 시비 4,000만 원",
                 "2021 구비 7,800만 원", "2022 구비 1억 원", "2023 구비 1억 원"],
    "living-lab": ["2021 재원 모름 6,000만 원"],
    "assembly-2021": ["2021 시비 2억 202만 4,000원", "2021 구비 6억 738만 4,000원", "2022 구비 8억 940만 8,000원",
                      "2023 구비 8억 9,034만 8,000원"],
}
TARGETS = {  # tables of targets: years, targets, what was achieved
    "cooperation": [["해 2018 2019 2020 2021 2022", "목표 5 7 8 10 10", "이룬 것 5 7 - - -"],
                    ["해 2018 2019 2020 2021 2022", "목표 5 5 6 6 6", "이룬 것 3 못 미침 5 - - -"]],
    "welfare-hub": [["해 2015 2016 2017", "목표 - 204 59", "이룬 것 79 204 -"]],
    "platform": [["해 2020", "목표 -", "이룬 것 44"]],
}
QUARTERS = {  # of 소통행정-3: as printed, and as its lines are counted
    "2018년 3분기": ("협치론장 운영 : 2회", "공론장 2"),
    "2018년 4분기": ("민관협치 사업 5개 완료, 협치론장 운영 : 1회", "사업 완료 4, 교육 2, 회의 1, 개소 1, 공론장 1"),
    "2019년 1분기": ("협치론장 운영 : 1회", "회의 1, 공론장 1"),
    "2019년 2분기": ("민관협치 사업 1개 완료, 협치론장 운영 : 3회", "공론장 3, 교육 1, 사업 완료 1"),
    "2019년 3분기": ("민관협치 사업 4개 완료", "사업 완료 4"),
    "2019년 4분기": ("민관협치 사업 2개 완료, 협치론장 운영 : 1회", "회의 1, 교육 1, 공론장 1, 사업 완료 1, 개소 1"),
}
LOG = [  # day, line, what it is
    ("2018. 7. 4.", "나풀나풀 100인+ 협치론장", "공론장"),
    ("2018. 7. 26.", "학교 주변 보행안전 개선(산기슭도로) 공론장, 독산3·4동", "공론장"),
    ("2018. 10. 15.", "공중선 정비 완료", "사업 완료"),
    ("2018. 11. 5.", "2018 금천 주민 협치 요리조리학교", "교육"),
    ("2018. 11. 9.", "2018 금천 공무원 협치 요리조리학교", "교육"),
    ("2018. 11. 29.", "학교 주변 보행안전 개선(산기슭도로) 공사 완료", "사업 완료"),
    ("2018. 11. 30.", "걷기 편한 보행로(남문시장길) 공사 완료", "사업 완료"),
    ("2018. 12. 4.", "2018 하반기 금천구협치회의 확대회의 워크숍", "회의"),
    ("2018. 12. 13.", "독산로 보행환경 개선 임대공간 개소식, 공론장", "개소, 공론장"),
    ("2018. 12. 31.", "쓰레기문제 개선사업 완료", "사업 완료"),
    ("2019. 1. 30.", "2019 금천구협치회의 확대회의 신규위원 위촉", "회의"),
    ("2019. 3. 12.", "공원의 턱이 없는 금천(무지개공원) 공론장, 독산2동", "공론장"),
    ("2019. 5. 2.", "주민이 만드는 생태공원 공론장(협치위원과)", "공론장"),
    ("2019. 5. 14.", "2019 금천 주민 협치 요리조리학교", "교육"),
    ("2019. 5. 29.", "마을정보판 설치 완료", "사업 완료"),
    ("2019. 6. 24.", "나풀나풀 100인+ 협치론장", "공론장"),
    ("2019. 6. 27.", "G밸리 생활악취 줄이기 공론장", "공론장"),
    ("2019. 7. 11.", "공원의 턱이 없는 금천(무지개공원) 완료", "사업 완료"),
    ("2019. 7. 22.", "어두운 학교 앞, 밝게 만들기 완료", "사업 완료"),
    ("2019. 9. 24.", "사연 있는 세탁소 조성 완료", "사업 완료"),
    ("2019. 9. 30.", "주민이 만드는 생태공원 조성 완료", "사업 완료"),
    ("2019. 10. 30.", "2019 하반기 금천구협치회의 확대회의 워크숍", "회의"),
    ("2019. 11. 12.", "2018 금천구 직원 협치 교육 실시", "교육"),
    ("2019. 11. 18.", "인식의 턱이 없는 금천(장애인식개선) 공론장", "공론장"),
    ("2019. 12. 13.", "인식의 턱이 없는 금천 추진 완료", "사업 완료"),
    ("2019. 12. 23.", "독산로 보행환경 개선사업 임대공간 3호점 개소식", "개소"),
]
PAGES: dict[str, html.HtmlElement] = {}


def promise(key: str) -> Commitment:
    return db.session.scalars(sa.select(Commitment).filter_by(title=TITLES[key])).one()


@pytest.fixture
def page(district):
    def read_page(key: str) -> html.HtmlElement:
        if (district, key) not in PAGES:
            answer = district.test_client().get(f"/commitments/{promise(key).id}")
            assert answer.status_code == 200
            PAGES[district, key] = html.fromstring(answer.text).xpath("//main")[0]
        return PAGES[district, key]
    return read_page


def text(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def texts(element: html.HtmlElement, path: str) -> list[str]:
    return [text(each) for each in element.xpath(path)]


def fact(main: html.HtmlElement, part: str, name: str) -> str:
    """Text behind this name in a list of facts; its lines apart by bars."""
    [there] = main.xpath(f"{part}//dt[normalize-space()='{name}']/following-sibling::dd[1]")
    return "|".join(texts(there, "./p") or [text(there)])


@pytest.mark.parametrize(("key", "name"), PANEL)
def test_the_panel_says_what_is_printed(page, key, name):
    shown = fact(page(key), "//aside", name)
    assert sorted(shown.split(", ")) == sorted(PANEL[key, name].split(", "))


@pytest.mark.parametrize(("key", "name"), PRINTED)
def test_all_else_that_the_source_prints_is_there(page, key, name):
    assert fact(page(key), "//section[@id='printed']", name) == PRINTED[key, name]


@pytest.mark.parametrize(("key", "sentence"), [(key, each) for key, many in SAID.items() for each in many])
def test_the_page_says(page, key, sentence):
    assert sentence in text(page(key))


@pytest.mark.parametrize(("key", "words"), [(key, each) for key, many in NEVER.items() for each in many])
def test_the_page_never_says(page, key, words):
    assert words not in text(page(key))


@pytest.mark.parametrize("key", LINES)
def test_money_by_year_and_source(page, key):
    lines = texts(page(key), "//section[@id='money']//tbody/tr")[:len(LINES[key])]
    assert lines == [f"{line} 알려지지 않음 알려지지 않음" for line in LINES[key]]


@pytest.mark.parametrize("key", TARGETS)
def test_targets_and_what_was_achieved(page, key):
    tables = page(key).xpath("//section[@aria-labelledby='targets-h']//table")
    assert [texts(table, ".//tr") for table in tables] == TARGETS[key]


@pytest.mark.parametrize("quarter", QUARTERS)
def test_a_quarter_as_printed_and_as_counted(page, quarter):
    [entry] = page("cooperation").xpath(f"//ol[@class='timeline']/li[b='{quarter}']")
    printed, counted, *_more = texts(entry, "./p")
    assert (printed, Counter(counted.partition(": ")[2].replace("번", "").split(", "))) == (
        QUARTERS[quarter][0], Counter(QUARTERS[quarter][1].split(", ")))


def test_the_26_lines_of_the_log(page):
    entries = page("cooperation").xpath("//section[@id='story']/ol/li[not(p[@class='pre'])]")
    lines = [(text(entry.find("time")).partition("(")[0], text(entry.find("b")), text(entry.find("p")))
             for entry in entries]
    assert lines == LOG and len(LOG) == 26


def test_the_lines_come_to_the_printed_years():
    """Finished works and openings are the projects of the sheet."""
    years = {year: Counter(what for on, _line, kinds in LOG if on.startswith(year) for what in kinds.split(", "))
             for year in ("2018", "2019")}
    assert [(years[year]["사업 완료"] + years[year]["개소"], years[year]["공론장"]) for year in years] == [(5, 3), (7, 5)]


def test_no_money_counts_twice():
    """Of the item 118,000 in 2021 the project has 60,000: they stand on its page and count with those of the item."""
    shared, item = promise("living-lab"), promise("platform")
    assert (shared.planned, item.planned) == (None, 491_000_000)
    assert queries.ledger(shared.id).sums.planned == 60_000_000


def test_no_survey_belongs_to_the_pledge():
    assert not [entry for entry in queries.entries(promise("village-democracy").id) if entry.kind is EntryKind.SURVEY]


def test_the_table_of_data_has_the_plan_under_its_name(district):
    lines = district.test_client().get("/data/commitments.csv").text.splitlines()
    [platform] = [line for line in lines if TITLES["platform"] in line]
    assert '"마을자치과","계획"' in platform and ",491000000," in platform


# Figures that were right


def test_the_vote_took_seven_days_six_choices_and_eighteen_options():
    poll = db.session.scalars(sa.select(Poll).filter_by(slug="napulnapul-2020")).one()
    assert ((poll.closes_at - poll.opens_at).days, poll.max_choices, len(poll.options)) == (7, 6, 18)

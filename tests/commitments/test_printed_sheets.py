"""The three printed sheets of the sample, read back from every file: each figure, date, heading and title of the source
stands there, and where the source errs the sheet says so."""

from collections import defaultdict

import pytest

from civic_forum.blocks.sheets import Sheet
from civic_forum.commitments import days
from civic_forum.commitments.rules import Entry, EntryKind
from civic_forum.commitments.sheet_parts import Parts, as_of
from civic_forum.sample_data.ledgers import SaidOf, first_day
from civic_forum.sample_data.people import read
from civic_forum.sheets import making, parts
from tests.sheets import reading

LOG = """'18.7.4.:나풀나풀 100인+ 협치론장|'18.7.26.:학교 주변 보행안전 개선(산기슭도로) 공론장, 독산3·4동|'18.10.15.:공중선 정비 완료
'18.11.:걷기 편한 보행로(남문시장길) 공사 완료|'18.11.5.~11.12.:2018 금천 주민 협치 요리조리학교
'18.11.9.:2018 금천 공무원 협치 요리조리학교|'18.11.29.:학교 주변 보행안전 개선(산기슭도로) 공사 완료
'18.12.:쓰레기문제 개선사업 완료|'18.12.4.:2018 하반기 금천구협치회의 확대회의 워크숍
'18.12.13.:독산로 보행환경 개선 임대공간 개소식, 공론장|'19.1.30.:2019 금천구협치회의 확대회의 신규위원 위촉
'19.3.12.:공원의 턱이 없는 금천(무지개공원) 공론장, 독산2동|'19.5.14.~5.17.:2019 금천 주민 협치 요리조리학교
'19.5.2.:주민이 만드는 생태공원 공론장(협치위원과)|'19.5.29.:마을정보판 설치 완료|'19.6.24.:나풀나풀 100인+ 협치론장
'19.6.27.:G밸리 생활악취 줄이기 공론장|'19.7.11.:공원의 턱이 없는 금천(무지개공원) 완료
'19.7.22.:어두운 학교 앞, 밝게 만들기 완료|'19.9.24.:사연 있는 세탁소 조성 완료|'19.9.30.:주민이 만드는 생태공원 조성 완료
'19.10.30.:2019 하반기 금천구협치회의 확대회의 워크숍|'19.11.12.~11.25.:2018 금천구 직원 협치 교육 실시
'19.11.18.:인식의 턱이 없는 금천(장애인식개선) 공론장|'19.12.13.:인식의 턱이 없는 금천 추진 완료
'19.12.23.:독산로 보행환경 개선사업 임대공간 3호점 개소식""".replace("\n", "|").split("|")
SHEETS = {
    "cooperation": ("2019-4", """소통행정-3|장애인, 체육, 직능, 사회단체 등과 협치 강화|정상추진|22%|임기내(2022)|1,194백만원|계속/자체/운영|마을자치과
2016.9.~2022.12.|민관협치 사업(중간조직 참여 사업)|협치론장 운영(회 이상)|(단위: 백만원)|전부서
서울시 서울민주주의위원회 민관협치담당관|시민참여예산 추진 및 민관협치 추진|지속적이고 안정적인 서울시 예산 지원 필요
민관협치, 관관협업은 어렵고 힘든 과정이지만, 보다 성숙된 행정의 발전을 위해서 지속적인 협치·협업 요청
【18년3분기】 협치론장 운영: 2회|【18년4분기】 민관협치 사업 5개 완료, 협치론장 운영: 1회|【19년1분기】 협치론장 운영: 1회
【19년2분기】 민관협치 사업 1개 완료, 협치론장 운영: 3회|【19년3분기】 민관협치 사업 4개 완료
【19년4분기】 민관협치 사업 2개 완료, 협치론장 운영: 1회|4(인쇄된 값 5)|1(인쇄된 값 2)
집행액÷총사업비: 265/1,194|2018년 협치론장 운영(회 이상): 목표에 못 미쳤어요. 목표 5, 이룬 것 3.
2018년 4분기: 자료의 제목과 적힌 일의 수가 달라요. 사업 완료: 제목 5, 센 것 4(사업 완료 4, 교육 2, 회의 1, 개소 1, 공론장 1).
2019년 4분기: 자료의 제목과 적힌 일의 수가 달라요. 사업 완료: 제목 2, 센 것 1(회의 1, 교육 1, 공론장 1, 사업 완료 1, 개소 1).
'19.11.12.~11.25.에 한 일: 이름에 적힌 해(2018)가 한 날과 달라요.""", (
        "계 1194 265 138 131 156 134 300 0 300 0 300 0", "목표 5 7 8 10 10", "이룬 것 5 7", "목표 5 5 6 6 6", "이룬 것 3 5"), 5),
    "village-democracy": ("2019-4", """금천 마을민주주의 사업|적혀 있지 않음|임기내(2022)|단기|4,105백만원|자체/기타(계속)|마을자치과|동주민센터
복지정책과, 지역혁신과, 기획예산과, 홍보디지털과, 행정지원과|유사사업 현황 공유 및 협업, 사업 컨설팅 및 마케팅
2015~2016 마을사람 발굴: 마을계획단 구성|주민자치위원회 확대개편|동특성화 1단계 전 동 추진|2017 마을조직 정비: 주민자치회 전국 최초 전 동 동시출범
마을전문가 전동 전진배치|동특성화사업 2단계 추진|2018~ 마을사업 성숙: 주민자치회 성공 전환|동단위 마을공동체 활성화|동단위 시민참여예산 결정
의제발굴 상시|주민총회 5월|마을의제 실행 3월~10월|성과공유회 11월|154""", (
        "주민자치사업 활성화 시비 1070 214 214 214 214 214", "구비 480 96 96 96 96 96", "동단위 공동체 활성화 구비 465 93 93 93 93 93",
        "동단위 시민참여예산 사업 구비 1380 180 300 300 300 300", "동특성화사업 구비 500 250 250 0 0 0",
        "찾아가는 동주민센터 구비 210 42 42 42 42 42", "계 4105 875 995 745 745 745"), 1),
    "welfare-hub": ("2016-4", """7-1-3|동 주민센터를 민·관협력 복지허브 기구로 재구조화|정상추진|17,450백만원|임기 내/신규|2014.1.~2018.6.
찾아가는 동주민센터 설치(개소)|2015년 79곳, 2016년 204곳, 모두 283곳|자치구 18개(전체 17개, 시범 1개)|서울시 공약|총괄부서는 서울시 자치행정과
현장조사, 사업협약식, 설계(안) 보고회, 실시설계|발주 및 시공|준공(7. 1.)|평균 4.8회|'15.5.:사업협약|'16.2.:사업협약|'15.12.:1단계 백서
'16.1.~7.:MP 회의를 14번|'16.10.~11.:시민공약평가단|반영 검토|공청회 등을 통해 주민들의 의견을 반영한 공간개선 추진
민선6기 이후 지속성 있는 사업 추진 검토 필요|공간개선 시 동주민센터 인근 재활용품 수거시설 개선 병행|동주민센터 직원 의견을 반영한 공간개선 추진""", (
        "설명회·공청회(기획회의 포함) 979", "만족도 조사 1", "민간전문가 자문 32", "언론·방송 보도(사업 전반) 771", "보고서 발간 1",
        "계 17450 14220 250 250 4000 3750 10250 10220 2950", "목표 204 59", "이룬 것 79 204"), 0),
}
"""Promise → the quarter of its sheet; what stands on it; rows of its tables; how many faults of the source it says."""


def sheet(key: str, quarter: str) -> Sheet:
    entry = next(entry for entry in read("promises") if entry["key"] == key)
    told = SaidOf(entry, defaultdict(int))
    entries = [Entry(1, EntryKind.FACTS, first_day(entry["term"]["from"]), told.facts), *(
        Entry(number, kind, on, content, by_id=1) for number, (on, kind, content) in enumerate(told.in_order(), 2))]
    parts = Parts(as_of(entries, quarter), quarter, told.facts["goal"], entry["department"],
                  tuple(name for name in entry.get("cooperating", ()) if name != "전부서"))
    return Sheet(title=entry["title"], code=entry.get("code") or "", kind="약속 시트", office=parts.office, slug=key,
                 day=days.quarter_end(quarter), blocks=tuple(parts.blocks()), notes=tuple(parts.notes()))


@pytest.mark.parametrize("key", SHEETS)
def test_a_printed_sheet_is_made_again_of_the_entries(sqlite_app, key):
    quarter, standing, rows, faults = SHEETS[key]
    with sqlite_app.test_request_context():
        made = sheet(key, quarter)
        papers = parts.papers(made)
        files = {ending: making.make(ending, papers, made.title, "ko") for ending in making.TYPES}
    wanted = [*standing.replace("\n", "|").split("|"), *(LOG if key == "cooperation" else ())]
    for ending, data in files.items():
        text = reading.together(reading.TEXTS[ending](data))
        assert [each for each in wanted if reading.together(each) not in text] == [], ending
    lines = [" ".join(" ".join(str(value) for value in row if value is not None).split())
             for tab in reading.xlsx(files["xlsx"]) for row in tab.iter_rows(values_only=True)]
    assert [row for row in rows if not any(line.endswith(row) for line in lines)] == []
    assert len(made.notes) == faults and len(LOG) == 26

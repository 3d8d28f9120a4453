"""Reports of meetings that are pasted: what becomes of each line, and that none is lost."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.app import no_garbage_collection
from civic_forum.forums.record.report import LONGEST, Part, Report, read

from .report_texts import FIVE, SAMPLE, other

PIECES = st.sampled_from([
    "1. ", "가. ", "(1) ", "①", "○ ", "- ", "※ ", "⇒ ", "□ ", "안건 1. ", "제２호 안건 ", "Ⅱ ", "二. ", "[분과]",
    "일시: ", "참석자: ", "장 소: ", "위원 7명", "회의결과: ", "가결", "이견 없음", "찬성 5, 반대 1", "회의내용", "주요의견",
    "2020. 9. 31.", "2020. 9. 8.", "|", "\t", " ", "\n",
    "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x00", "홍길동 위원: ", "말", "ﷺ", "- 1 -", "향후계획"])


def joined(report: Report) -> str:
    return "".join(line for row in report.rows for line in row.lines)


def items(report: Report) -> list[tuple]:
    return [(item.number, item.section, item.kind, *item.result, len(item.of(Part.OPINION))) for item in report.items]


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_the_rows_give_back_every_line(text):
    report = read(text)
    assert joined(report) == text
    [*report.contradictions()]
    placed = [row for item in report.items for row in item.rows]
    assert all(item.rows[0].part is Part.ITEM for item in report.items)
    assert [row for row in report.rows if row.part in (Part.ITEM, Part.OPINION, Part.RESULT)] == placed


def test_the_report_of_the_sample_is_read_whole():
    report = read(SAMPLE)
    assert joined(report) == SAMPLE and report.title == "금천구협치회의 분과회의(9월) 개최 결과 보고"
    culture, welfare, youth = "교육·문화분과", "복지·건강분과", "청년·경제일자리분과"
    assert report.days == {culture: date(2020, 9, 8), welfare: date(2020, 9, 9), youth: date(2020, 9, 9)}
    assert report.came == {culture: {"민간": 4, "확대": 1}, welfare: {"민간": 3, "확대": 2}, youth: {"민간": 5, "확대": 3}}
    assert items(report) == [
        ("1", culture, "report", "reported", {}, 2), ("2", culture, "discussion", "agreed", {}, 2),
        ("1", welfare, "report", "reported", {}, 2), ("2", welfare, "decision", "agreed", {}, 1),
        ("1", youth, "report", "reported", {}, 2), ("2", youth, "discussion", "agreed", {}, 2)]
    assert report.items[3].of(Part.ITEM)[0].text == "행사운영비 24,000천원 중 7,500천원을 사무관리비로 변경"
    assert [row.text for row in report.rows if row.part is Part.TEXT] == [
        "분과별 온라인 회의(분과장만 구청 소회의실)", "진행순서(14:00 시작 기준)", "안내 14:00~14:05 5'", "보고 14:05~14:20 15'",
        "주요안건 논의 14:20~14:40 20'", "마무리 14:40~14:50 10'", "분과별 화면 갈무리 3장"]
    assert [*report.contradictions()] == []


def test_a_report_of_another_form_is_read_whole():
    text = other(30)
    report = read(text)
    assert joined(report) == text and "\r\n" in text
    assert (report.title, report.place) == ("2021년 제3차 마을만들기위원회 회의록", "구민회관 지하1층 대회의실")
    assert report.days == {"": date(2021, 3, 11)} and report.came == {"": {"위원": 9, "공무원": 3}}
    votes = {"찬성": 5, "반대": 2, "기권": 1}
    assert items(report) == [*((str(number), "", "decision", "carried", votes, 3) for number in range(1, 31)),
                             ("21", "", "report", "reported", {}, 0), ("22", "", "", "postponed", {}, 0)]
    assert report.items[0].rows[0].text == "주민 쉼터 1호점 운영 규칙 의결의 건 (지난 회의에서 넘어온 것)"
    assert [row.text for row in report.items[29].of(Part.OPINION)] == [
        "아홉 시는 너무 늦어 이웃이 잠을 못 잔다.", "여름에는 늦게까지 여는 것이 맞다.", "문 닫는 사람이 있어야 한다"]
    assert [(kind, item.number, *numbers) for kind, item, *numbers in report.contradictions()] == [
        ("votes", str(number), 9, 8) for number in range(1, 31)]
    assert [row.text for row in report.rows if row.part is Part.TEXT][:3] == [
        "| 서기 | 김주무관 |", "+------+----------+", "- 1 -"]


def test_a_report_with_marks_before_its_items_is_read_whole():
    report = read(FIVE)
    assert joined(report) == FIVE and (report.place, report.days) == (
        "구청 9층 대회의실(온라인 병행)", {"": date(2025, 11, 20)})
    assert items(report) == [
        ("1", "", "decision", "carried", {"찬성": 15, "반대": 2, "기권": 2}, 3), ("2", "", "", "carried", {}, 2),
        ("3", "", "", "postponed", {}, 2), ("4", "", "decision", "rejected", {"찬성": 6, "반대": 11, "기권": 2}, 1),
        ("5", "", "report", "reported", {}, 2)]
    assert [item.rows[0].text for item in report.items] == [
        "2026년도 협치사업 예산(안) 심의", "작은도서관 야간 운영 시범사업", "공유주차장 이용시간 연장의 건", "협치회의 운영세칙 개정(안)",
        "2025년 협치학교 운영 결과 보고"]
    assert [item.more for item in report.items] == [
        [], ["수정 가결(4곳 → 3곳, 2026. 3월부터)"], ["보류(차기 회의 재상정)"], [], []]
    assert [row.text for row in report.rows if row.part is Part.TEXT][-4:] == [
        "수정 예산(안) 재제출 : 2025. 12. 4.까지, 기획예산과", "제4차 정기회의 : 2025. 12. 18.(목) 14:00", "붙임 1. 참석자 명부 1부.",
        "회의자료 1부. 끝."]


@pytest.mark.parametrize("line", ["안건 2의 예산은 좋다", "안건 12명이 좋다", "제3호선 역은 좋다"])
def test_an_opinion_that_names_an_item_is_none(line):
    report = read(f"회의 보고\n○ 안건 1  규칙\n - {line}\n ○ {line}\n")
    assert [len(item.of(Part.OPINION)) for item in report.items] == [2]


def test_contradictions_are_said_and_change_nothing():
    text = ("제5차 회의 개최 결과 보고\n○ 일 시: 2026. 11. 12.(목) 14:00~14:50\n○ 참석자: 민간위원 7명, 행정 4명\n"
            "□ 안건 1. 2027년 계획(2차안) 보고\n - 1차 대비 15% 감액 사유를 사업별로 표기\n□ 안건 2. 통계목 변경\n ⇒ 이견 없음\n"
            "□ 안건 3. 야간 조명 우선 설치\n ⇒ 찬성 5, 기권 1. 정례회 상정\n□ 안건 4. 이름 정하기\n - 회의결과: 가결(찬성 3, 반대 4)\n"
            "※ 차기 회의 12. 1. 예정\n")
    report = read(text)
    assert items(report) == [
        ("1", "", "report", "", {}, 1), ("2", "", "decision", "agreed", {}, 0),
        ("3", "", "", "", {"찬성": 5, "기권": 1}, 0), ("4", "", "", "carried", {"찬성": 3, "반대": 4}, 0)]
    assert [(kind, item.number, *numbers) for kind, item, *numbers in report.contradictions()] == [
        ("votes", "3", 7, 6), ("outcome", "4", 3, 4)]
    assert report.rows[-1].part is Part.TEXT and joined(report) == text


@pytest.mark.parametrize(("words", "outcome"), [
    ("원안대로 가결", "carried"), ("가결되지 않음", ""), ("부결", "rejected"), ("보류", "postponed"), ("이견 없음", "agreed"),
    ("異견 없음", "agreed"), ("보고 받음", "reported"), ("가결 여부는 다음에", ""), ("이견 있음", ""), ("원안 가결(이견 없음)", "carried")])
def test_the_outcome_is_what_the_line_of_the_result_says(words, outcome):
    report = read(f"보고\n안건\n1. 규칙\n - 가결되면 좋겠다\n - 회의결과: {words}\n")
    assert items(report) == [("1", "", "", outcome, {}, 1)]


@pytest.mark.parametrize("heads", [
    "1. 회의개요\n 가. 일시: 2021. 3. 11.\n 나. 장소: 구청\n2. 회의내용\n 가. 규칙\n  - 좋다\n3. 향후계획\n 가. 없음",
    "一. 개요\n ㅇ 일시 2021.3.11\n ㅇ 장소 구청\n二. 안건\n (1) 규칙\n  • 좋다\n三. 붙임\n (2) 없음",
    "일시 | 2021-03-11 | 장소 | 구청\n안건 및 결과\n안건 1. 규칙\n 1) 좋다\n붙임\n안건 아닌 것",
    "○ 일시: 2021. 3. 11.\n○ 장소: 구청\n【안건 1】 규칙\n - 좋다\n붙임 1. 명부\n 2. 자료",
    "○ 일시: 2021. 3. 11.\n○ 장소: 구청\n□ 논의 내용\n○ <제1호 안건> 규칙\n - 좋다\n□ 향후 계획\n ○ 없음"])
def test_headings_of_several_forms_lead_to_the_same(heads):
    report = read(f"회의 보고\n{heads}\n")
    assert (report.days, report.place) == ({"": date(2021, 3, 11)}, "구청")
    [item] = report.items
    assert (item.rows[0].text, [row.text for row in item.of(Part.OPINION)]) == ("규칙", ["좋다"])


HOSTILE = ["가", "1.", "1. 가\n", "(", "[", "|", "\t", " ", "\n", "- \n", "가 \n", "찬성 ",
           "일시:", "안건 1\n - 가결\n", "ﷺ", "가|\n",
           "위원 1명", "- 1", "제 1", " \t가\n", "회의", "안건 및 "]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("piece", HOSTILE)
def test_long_texts_take_no_longer_than_in_proportion(piece):
    def seconds(size: int) -> float:
        text = "회의 보고\n안건\n1. 규칙\n" + piece * (size // len(piece))
        began = process_time()
        report = read(text)
        [*report.contradictions()]
        assert joined(report) == text
        return process_time() - began

    with no_garbage_collection():  # of what earlier tests of the process left
        few, many = (min(seconds(size) for _turn in range(2)) for size in (10_000, 80_000))
    assert many < 24 * few + .5


def test_only_the_beginning_of_an_endless_line_is_looked_at():
    line = "- " + "말" * LONGEST + " ⇒ 가결"
    report = read(f"회의 보고\n안건\n1. 규칙\n{line}\n")
    last = report.rows[-1]
    assert last.part is Part.OPINION and len(last.text) < LONGEST and last.lines == [line + "\n"]

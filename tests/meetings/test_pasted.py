"""A pasted report in the form of a meeting: each line stands in a field, or in what is left over."""

import re

import pytest

from civic_forum.meetings import pasted
from tests.forums.record.report_texts import FIVE, SAMPLE

DIVISIONS = ("교육·문화분과", "복지·건강분과", "청년·경제일자리분과")
CHOSEN = {"보고받음", "이견없음", "보고로갈음", "원안가결(찬성15,반대2,기권2)", "부결(찬성6,반대11,기권2)"}
"""Lines that are choices and numbers of the form."""
LABELS = {SAMPLE: ["Ⅱ주요회의내용", *(line for name in DIVISIONS for line in (f"[{name}]", *["○주요의견"] * 2))],
          FIVE: ["□논의내용", "-위원의견"]}
"""Lines that only name what stands below them."""


def lines_of(values) -> set[str]:
    """Lines in the fields of the form, without white space."""
    texts = [values["left_over"],
             *(item[name] for item in values["items"] for name in ("title", "opinions", "reported"))]
    return {"".join(line.split()) for text in texts for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize(("text", "bodies", "items"), [(SAMPLE, DIVISIONS, 2), (FIVE, ("협치회의",), 5)])
def test_no_line_of_a_report_is_lost(text, bodies, items):
    read = [pasted.values_of(text, name) for name in bodies]
    assert [len(values["items"]) for values in read] == [items] * len(bodies)
    kept = tuple(set().union(CHOSEN, *map(lines_of, read)))
    lines = [re.sub(r"\((?:보고|논의|결정)\)$", "", "".join(line.split())) for line in text.splitlines() if line.strip()]
    assert [line for line in lines if not line.endswith(kept)] == LABELS[text]


def test_the_rest_of_a_line_with_a_result_is_reported():
    items = pasted.values_of(FIVE, "협치회의")["items"]
    assert [(item["kind"], item["result"], item["reported"]) for item in items] == [
        ("decision", "carried", "총 12개 사업 3,200백만원(전년 대비 4.2% 증)"),
        ("decision", "carried", "수정 가결(4곳 → 3곳, 2026. 3월부터)"), ("decision", "deferred", "보류(차기 회의 재상정)"),
        ("decision", "rejected", ""), ("report", "noted", "")]
    assert [(item["yes"], item["no"], item["abstained"]) for item in items if item["yes"]] == [
        ("15", "2", "2"), ("6", "11", "2")]


@pytest.mark.parametrize(("hours", "begins", "ends"), [
    ("14:00 ~ 16:20", "2025-11-20T14:00", "2025-11-20T16:20"), ("14:00∼16:20", "2025-11-20T14:00", "2025-11-20T16:20"),
    ("22:30 ~ 00:40", "2025-11-20T22:30", "2025-11-21T00:40"), ("9:00", "2025-11-20T09:00", None)])
def test_the_hours_of_a_report_are_those_of_its_day(hours, begins, ends):
    values = pasted.values_of(FIVE.replace("14:00 ~ 16:20", hours, 1), "협치회의")
    assert (values["starts_at"], values.get("ends_at")) == (begins, ends)

"""Facts are found as wholes."""

from .differences import Read


def test_a_number_is_no_part_of_another_and_a_break_is_nothing():
    read = Read("총 17,000\n가산동 주민\n센터 7,000,000 2.5", (("1", "가산동 주민\n센터", "신규", "17,000"),))
    assert read.missing(["17,000", "가산동 주민센터", "2.5"]) == []
    assert read.missing(["7,000", "5", "17,00", "시비"]) == ["7,000", "5", "17,00", "시비"]
    assert read.rows_missing([("가산동 주민센터", "17,000")]) == []
    assert read.rows_missing([("17,000", "가산동 주민센터"), ("가산동", "17,000")]) == [
        ("17,000", "가산동 주민센터"), ("가산동", "17,000")]

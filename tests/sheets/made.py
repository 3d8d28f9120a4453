"""Sheets made by hand for the tests."""

from datetime import date
from decimal import Decimal

from civic_forum.blocks.sheets import Column, Facts, Points, Printed, Sheet, Table, Text

YEARS = (2018, 2019, 2020, 2021, 2022)
ABOVE = "연차별 투자수요 및 집행액"
MONEY = Table(
    heading="연차별 투자수요 및 집행액", unit="(단위: 백만원)", merged=1,
    columns=(Column(name="구분", width=3), Column(name="재원별", width=1.4),
             *(Column(name=name, above=above) for above, names in (
                 (("합계",), ("확보액", "집행액")),
                 *(((ABOVE, f"{year}년"), ("확보액", "집행액")) for year in YEARS)) for name in names)),
    rows=(("협치기반강화", "시비", 1194, 265, 138, 131, 156, 134, 300, None, 300, None, 300, None),
          ("협치기반강화", "구비", 0, 0, 0, 0, 0, 0, 0, None, 0, None, 0, None)),
    foot=(("계", "", 1194, 265, 138, 131, 156, 134, 300, 0, 300, 0, 300, 0),))


def quarter(**changes) -> Sheet:
    """A sheet of a quarter with every kind of block."""
    return Sheet(**{
        "title": "장애인, 체육, 직능, 사회단체 등과 협치 강화", "code": "소통행정-3", "kind": "분기 시트", "office": "마을자치과",
        "team": "협치지원팀", "day": date(2019, 12, 31), "slug": "2019-4-sotong-3", "blocks": (
            Facts(rows=(("추진현황", "정상추진"), ("이행률(%)", Printed(Decimal("22.2"), 22)), ("완료시기", "임기 내(2022)"),
                        ("총사업비(백만원)", 1194), ("추진부서", "마을자치과")), across=3),
            Text(heading="정책목표", paragraphs=("주민의 삶의 질 향상을 위한 민관협치",)),
            MONEY,
            Points(heading="【18년 3분기】 협치론장 운영: 2회", minor=True,
                   items=("'18. 7. 4.: 2018 나풀나풀 100인+ 협치론장 개최",))),
        "notes": ("2018년 협치론장은 3회로, 목표는 5회 이상이에요.",)} | changes)


def long(rows: int, **changes) -> Sheet:
    """A sheet with a table of so many rows, their names merged in threes."""
    return quarter(blocks=(Table(
        heading="추진 실적", merged=1, columns=(Column(name="동"), Column(name="사업", width=4, align="left"),
                                            Column(name="금액")),
        rows=tuple((f"{place // 3}동", f"{place}번째 사업 이름이 길어서 칸 안에서 두 줄이 되는 사업이에요 그래도 찢어지지 않아요",
                    place * 1000) for place in range(rows))),), **changes)

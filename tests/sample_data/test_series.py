"""Assemblies of 2020: how many each neighbourhood chose, and how many were carried out, counted out of the things."""

from civic_forum.platform.base import db
from civic_forum.series import queries
from civic_forum.series.models import Series
from civic_forum.series.rules import SeriesKind

CHOSEN = {"주민자치활동": [4, 6, 2, 5, 3, 5, 2, 2, 2, 2], "주민참여예산": [3, 1, 4, 2, 2, 2, 3, 6, 2, 3]}
CARRIED_OUT = {"주민자치활동": [4, 6, 2, 1, 2, 2, 2, 3, 8, 2], "주민참여예산": [1, 5, 4, 3, 4, 3, 1, 1, 3, 4]}


def test_choices_of_the_neighbourhoods_and_what_was_carried_out(district):
    browser = district.test_client()
    for year, printed, sentence in ((2020, CHOSEN, "고른 61가지 가운데 1가지를 했어요"), (2019, CARRIED_OUT, "61가지는 마쳤다고 적었지만")):
        series = queries.of_year(SeriesKind.ASSEMBLY, year)
        chosen = queries.chosen([each.id for each in series])
        rows = chosen if year == 2020 else [project for project in chosen if project.is_written]
        counts = queries.counts(rows)
        assert {group: [counts[each.id, group] for each in series] for group in queries.groups(rows)} == printed
        assert sentence in browser.get(f"/assemblies?year={year}").text
    page = " ".join(browser.get(series[-1].url.replace("2019", "2020")).text.split())
    assert "2020년에 고른 5가지는" in page and "2019년에 고른 6가지는" in page and "모두 마쳤어요" in page


def test_forums_held_for_a_promise_are_counted_out_of_their_series(district):
    browser, promise = district.test_client(), db.session.query(Series).filter_by(year=2018).one().commitment_id
    pages = [" ".join(browser.get(page).text.split()) for page in (f"/commitments/{promise}", "/series")]
    for page in pages:
        assert "5회 이상 가운데 3회 했어요" in page and "5회 이상 가운데 5회 했어요" in page
    assert "적은 수는" not in pages[0] and pages[1].count("언제 열었는지는 적은 것이 없어요") == 3
    item_12 = [(series.title, series.promised) for series in queries.of_year(SeriesKind.YEARLY, 2021)]
    assert item_12 == [("2021년 정책공론장", 4), ("2021년 구민제안 발굴 워크숍", 2), ("2021년 금나래가 묻습니다", 2)]

"""Assemblies of 2020: how many each neighbourhood chose, and how many were carried out, counted out of the things."""

from civic_forum.series import queries
from civic_forum.series.rules import SeriesKind

CHOSEN = {"주민자치활동": [4, 6, 2, 5, 3, 5, 2, 2, 2, 2], "주민참여예산": [3, 1, 4, 2, 2, 2, 3, 6, 2, 3]}
CARRIED_OUT = {"주민자치활동": [4, 6, 2, 1, 2, 2, 2, 3, 8, 2], "주민참여예산": [1, 5, 4, 3, 4, 3, 1, 1, 3, 4]}


def test_choices_of_the_neighbourhoods_and_what_was_carried_out(district):
    browser = district.test_client()
    for year, printed, sentence in ((2020, CHOSEN, "고른 61가지"), (2019, CARRIED_OUT, "고른 61가지 가운데 61가지를 했어요")):
        series = queries.of_year(SeriesKind.ASSEMBLY, year)
        chosen = queries.chosen(series)
        rows = chosen if year == 2020 else [project for project in chosen if project.is_done]
        counts = queries.counts(rows)
        assert {group: [counts[each.id, group] for each in series] for group in queries.groups(rows)} == printed
        assert sentence in browser.get(f"/assemblies?year={year}").text
    page = " ".join(browser.get(series[-1].url.replace("2019", "2020")).text.split())
    assert "2020년에 고른 5가지는" in page and "2019년에 고른 6가지는" in page and "모두 마쳤어요" in page

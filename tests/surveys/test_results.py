"""Results: counted once, published by two, the same in every file, and nothing hidden to be found by differences."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from civic_forum.platform.base import db
from civic_forum.platform.csv_tables import rows
from civic_forum.platform.errors import Conflict, Denied
from civic_forum.surveys import queries, services
from civic_forum.surveys.models import Survey, SurveyLetter, SurveyMark
from tests.opinions.making import verified, words

from .making import FINDINGS, SATISFACTION, VISITOR, on_paper, over, part, sent, survey


def publish(made, first, second):
    services.propose(made.id, FINDINGS, by=first)
    services.PUBLISHING.confirm(services.subject_of(made), by=second)
    db.session.rollback()


def exported(site, made):
    """Rows of the two files below their heads."""
    table = [row.cells for row in rows(site.get(f"/surveys/{made.slug}/results.csv").text)][1:]
    sheet = load_workbook(BytesIO(site.get(f"/surveys/{made.slug}/results.xlsx").data)).active
    return table, [tuple("" if cell is None else str(cell) for cell in row) for row in sheet.values][1:]


@pytest.mark.in_turns(of=10)
def test_the_survey_of_259_with_243_satisfied(browse, town):
    official, other, clerk = town.official(), town.official(), town.clerk()
    made = survey(official, department_id=min(official.department_ids()))
    by_step = [2, 3, 11, 103, 140]
    values = [step for step, many in enumerate(by_step) for _person in range(many)]
    once = verified(town.user(once_until=made.closes_at), "김시흥")
    for user in (verified(town.user(), "김독산"), once, town.user()):
        assert browse(user).post(f"/surveys/{made.slug}", data=sent(
            made, str(values.pop()), ["0"], "12", "5", "의자를 더")).status_code == 303
    site = browse()
    for code in services.print_letters(made.id, 240, by=official):
        services.answer(made.id, part(made, values.pop()), code, by=VISITOR)
    on_paper(made, [(value,) for value in values], clerk, official)
    for _time in range(7):
        assert site.post(f"/surveys/{made.slug}", data=sent(made, "0")).status_code == 303
    over(made)
    assert site.get(f"/surveys/{made.slug}/results.csv").status_code == 404
    desk = browse(official).get(f"/desk/surveys/{made.slug}/results").text
    assert "259명" in desk and "의자를 더" in desk
    publish(made, official, other)
    made = db.session.get_one(Survey, made.id)
    satisfied = made.results["questions"][0]["known"]
    assert made.results["people"] == {"known": 259, "free": 7}
    assert [number for _name, number in satisfied] == [None, None, 11, 103, 140]
    assert sum(number for name, number in satisfied if name in SATISFACTION[3:]) == 243
    assert [way for way, number in made.results["ways"] if number is None] == ["person", "account", "paper"]
    page = site.get(f"/surveys/{made.slug}").text
    assert "259명이 답했어요" in page and FINDINGS.missing in page and "의자를 더</li>" not in page
    assert "따로 세어요" in page


@pytest.mark.both
def test_two_exports_differ_in_nothing_and_their_sums_give_nothing_away(browse, town, monkeypatch):
    monkeypatch.setattr(queries, "MOST_SHEETS", 0)  # of pages, not of what is counted
    official, other, site = town.moderator(), town.moderator(), browse()
    made = survey(official)
    on_paper(made, [(value, [0] if value == 4 else [1], value, 5) for value in [0, 2, 2, *[3] * 9, *[4] * 12]],
             official, other)
    services.answer(made.id, part(made, 1), by=VISITOR)
    over(made)
    services.propose(made.id, FINDINGS, by=official)
    with pytest.raises(Denied):
        services.PUBLISHING.confirm(services.subject_of(made), by=official)
    for differing, typist, value in ((None, official, 2), ([1], other, 3), ([], official, 3)):
        assert services.type_paper(made.id, part(made, value), 77, by=typist) == differing
    services.type_paper(made.id, part(made, 3), 99, by=official)
    with pytest.raises(Conflict):
        services.type_paper(made.id, part(made, 3), 99, by=official)
    with pytest.raises(Conflict):
        services.PUBLISHING.confirm(services.subject_of(made), by=other)
    publish(made, official, other)
    before = exported(site, made)
    with pytest.raises(Denied):
        services.type_paper(made.id, part(made, 3), 78, by=official)
    with pytest.raises(Denied):
        services.propose(made.id, FINDINGS, by=other)
    assert exported(site, made) == before and before[0] == before[1]
    of_people = [row for row in before[0] if row[0] == "1" and row[2] == before[0][0][2]]
    shown = [int(row[4]) for row in of_people if row[4]]
    assert len(of_people) - len(shown) >= 2 and 25 - sum(shown) >= 5 and min(shown) >= 5
    assert all(not row[4] for row in before[0] if row[2] == "누구나")
    assert {row[3] for row in before[0] if row[0] == "3"} >= {"답하지 않음", "1–9"}
    assert "종이 1장" in words(site.get(f"/surveys/{made.slug}"))
    site.get("/display?language=en&back=/surveys")
    assert "No answer" in site.get(f"/surveys/{made.slug}/results.csv").text
    assert not any("더" in row[3] for row in before[0]) and {row[0] for row in before[0]} == set("1234")
    assert db.session.query(SurveyMark).count() == 0 == db.session.query(SurveyLetter).count()

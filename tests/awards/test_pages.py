"""The pages of awards: for everybody, for the author, for jury and moderators."""

import re

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.awards import queries, services
from civic_forum.awards.models import AwardScore
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.picking import chosen

from .making import CRITERIA, REASON, WHY, Round, answered

FORM = {"year": "2030", "name": "올해의 제안", "criteria": "\n".join(CRITERIA), "winners": "2", "scores_until": "2090-05-01"}


def test_everybody_reads_places_reasons_and_scores_without_names(town, browse):
    made = Round(town, winners=1).score().publish()
    page = browse().get(f"/awards/{made.id}").text
    assert made.proposals[0].title in page and REASON in page and "18.0점" in page and "1위" in page
    assert "같은 순위예요" in page
    for juror in made.jury:
        assert juror.nickname not in page
    listed = browse().get("/awards").text
    assert made.proposals[0].title in listed and made.proposals[1].title not in listed


def test_a_hidden_nominee_shows_no_title(town, browse):
    made = Round(town).score().publish()
    made.proposals[0].hidden_at, made.proposals[0].hidden_rule = clock.now(), "abuse"
    db.session.commit()
    for path in (f"/awards/{made.id}", "/awards"):
        page = browse().get(path)
        assert page.status_code == 200 and made.proposals[0].title not in page.text


@pytest.mark.both
def test_nothing_is_public_before_it_is_published(town, browse):
    made = Round(town).score()
    assert browse().get(f"/awards/{made.id}").status_code == 404
    assert "올해의 제안" not in browse().get("/awards").text
    moderator = browse(made.moderator)

    def read() -> str:
        return " ".join(html.fromstring(moderator.get(f"/desk/awards/{made.id}").text).find(".//main").itertext())

    before = read()
    db.session.execute(sa.update(AwardScore).values(points=[2, 7]))
    db.session.commit()
    assert "3/3명" in before and read() == before, "whatever the jury gave"


@pytest.mark.both
def test_a_proposal_says_that_it_was_awarded_and_its_author_may_decline(town, browse):
    made = Round(town)
    first, second = made.proposals
    address = f"/award-nominees/{made.nominees[1]}/declining"
    assert address in browse(second.author).get(f"/proposals/{second.number}").text
    assert "declining" not in browse().get(f"/proposals/{second.number}").text
    assert browse(first.author).get(address).status_code == 403
    assert browse(second.author).get(address).status_code == 200
    answer = browse(second.author).post(f"/award-nominees/{made.nominees[1]}/declinations")
    assert answer.status_code == 303
    assert "declining" not in browse(second.author).get(f"/proposals/{second.number}").text
    for juror in made.jury:
        services.score(made.nominees[0], (9, 9), by=juror)
    made.publish()
    page = browse().get(f"/proposals/{first.number}").text
    assert "제안 포상을 받았어요" in page and f"/awards/{made.id}" in page


@pytest.mark.both
def test_a_round_goes_its_way_by_pages_alone(town, browse):
    moderator, jury = browse(town.moderator()), [town.moderator(), town.official(), town.clerk()]
    proposal = answered(town)
    home = moderator.post("/desk/awards", data=FORM).location
    assert moderator.post(f"{home}/nominees", data=chosen("number", proposal.number) | {"why": WHY}).status_code == 303
    for juror in jury:
        assert moderator.post(f"{home}/jurors", data={"juror": str(juror.id)}).status_code == 303
    assert "심사 시작하기" in moderator.get(home).text
    assert moderator.post(f"{home}/scoring").status_code == 303
    nominee = queries.panel(int(home.rsplit("/", 1)[1])).cases[0].nominee.id
    db.session.rollback()
    for juror in jury:
        page = browse(juror).get(home).text
        assert f"/desk/awards/nominees/{nominee}" in page
        sheet = browse(juror).get(f"/desk/awards/nominees/{nominee}").text
        assert all(criterion in sheet for criterion in CRITERIA)
        wrong = browse(juror).post(f"/desk/awards/nominees/{nominee}", data={"points_0": "11", "points_1": "x"})
        assert wrong.status_code == 422 and "0점부터 10점까지" in wrong.text
        done = browse(juror).post(f"/desk/awards/nominees/{nominee}", data={"points_0": "7", "points_1": "8"})
        assert done.status_code == 303
    assert "발표하기" in moderator.get(home).text and "15.0" in moderator.get(f"{home}/publication").text
    refused = moderator.post(f"{home}/publication", data={f"reason_{nominee}": ""})
    assert refused.status_code == 422 and "5자 이상" in refused.text
    done = moderator.post(f"{home}/publication", data={f"reason_{nominee}": REASON})
    assert done.status_code == 303 and REASON in browse().get(done.location).text


@pytest.mark.both
@pytest.mark.parametrize("changed", [{"year": "x"}, {"winners": "0"}, {"criteria": ""}, {"criteria": "하나\n하나"},
                                     {"scores_until": "어제"}, {"scores_until": "2001-01-01"}, {"name": ""}])
def test_a_round_that_makes_no_sense_is_refused_at_its_field(town, browse, changed):
    answer = browse(town.moderator()).post("/desk/awards", data=FORM | changed)
    assert answer.status_code == 422 and "aria-invalid" in answer.text
    assert not queries.rounds()


@pytest.mark.both
def test_nominees_are_searched_sorted_and_narrowed_to_what_a_juror_has_not_scored(town, browse):
    made = Round(town)
    number = made.proposals[1].number
    services.score(made.nominees[0], (9, 9), by=made.jury[0])
    juror, other = browse(made.jury[0]), browse(made.moderator)
    first, second = (re.compile(f'class="due">{one.number}<') for one in made.proposals)
    for query, found in (("", [first, second]), ("sort=newest", [second, first]), ("q=의자", [first]),
                         (f"q={number}", [second]), ("sheet=owed", [second]), ("sheet=given", [first]),
                         ("sheet=given&q=없는", [])):
        page = juror.get(f"/desk/awards/{made.id}?{query}").text
        places = {one: one.search(page) for one in (first, second)}
        assert sorted((one for one in places if places[one]), key=lambda one: places[one].start()) == found, query
    assert 'name="sheet"' in page and "조건에 맞는 후보가 없어요." in page
    assert 'name="sheet"' not in other.get(f"/desk/awards/{made.id}").text
    for wrong in ("sheet=x", "sort=x"):
        assert other.get(f"/desk/awards/{made.id}?{wrong}").status_code == 400


def test_pages_take_few_statements_however_many_nominees(town, browse, queries):
    made = Round(town, winners=2).score().publish()
    without = answered(town)
    browse().get("/proposals")  # names of categories are kept
    seen = []
    for path in ("/awards", f"/awards/{made.id}",
                 *(f"/proposals/{one.number}" for one in (made.proposals[0], without))):
        db.session.rollback()
        with queries() as statements:
            assert browse().get(path).status_code == 200
        seen.append(len(statements))
    assert seen[0] <= 3 and seen[1] <= 4 and seen[2] == seen[3]

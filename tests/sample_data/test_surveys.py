"""The survey of the sample district: 259 who answered once, 243 of them satisfied or better, small numbers hidden."""

from civic_forum.platform.base import db
from civic_forum.sample_data.people import read
from civic_forum.surveys.models import Survey, SurveyAnswer, SurveyMark
from civic_forum.surveys.rules import Way


def test_the_printed_survey_comes_out_of_its_answers(district):
    entry, is_open = read("surveys")
    survey, other = (db.session.query(Survey).filter_by(title=each["title"]).one() for each in (entry, is_open))
    assert survey.results["people"] == {"known": 259, "free": 18}
    satisfied = dict(survey.results["questions"][0]["known"])
    assert satisfied["매우 만족"] + satisfied["만족"] == 243 and round(100 * 243 / 259) == 94
    assert satisfied["불만"] is satisfied["매우 불만"] is None
    came = db.session.query(SurveyAnswer.way).filter_by(paper=None).all()
    assert {way: sum(each is way for each, in came) for way in Way} == entry["came"]
    assert db.session.query(SurveyMark).count() == 0
    page = district.test_client().get(f"/surveys/{survey.slug}").text
    assert "259명이 답했어요" in page and "의자가 더 있으면" not in page and entry["missing"] in page
    page = district.test_client().get(f"/surveys/{other.slug}").text
    assert other.stage == "open" and page.count('type="radio"') == 4 + 5

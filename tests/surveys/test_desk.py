"""A survey made at the desk, announced by another person, found and answered by everybody."""

from datetime import timedelta

import pytest

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.surveys import queries
from civic_forum.surveys.models import Survey
from tests.opinions.making import stamp, verified, words

from .making import FINDINGS, over, sent

QUESTION = {"label": "얼마나 만족하나요?", "type": "choice", "options": "불만\n만족", "reader": "public"}


@pytest.mark.both
def test_from_the_first_form_to_the_published_page(town, browse):
    writer, other = browse(town.official()), browse(town.official())
    opens = clock.now() + timedelta(hours=1)
    first = {"title": "골목 설문", "text": "골목을 고치려고 물어요.", "department_id": str(town.department().id),
             "opens_at": stamp(opens), "closes_at": stamp(opens + timedelta(days=9))}
    assert browse(town.official(department=town.department("다른 과"))).post(
        "/desk/surveys/new", data=first).status_code == 403
    assert writer.post("/desk/surveys/new", data=first | {"text": ""}).status_code == 422
    here = writer.post("/desk/surveys/new", data=first).location
    made = queries.by_slug(here.rpartition("/")[2])
    page = f"/surveys/{made.slug}"
    assert browse().get(page).status_code == 404 and other.get(page).status_code == 200
    assert "질문을 하나 이상" in words(writer.get(here)) and other.post(f"{here}/announcements").status_code == 409

    def ask(**more):
        db.session.rollback()
        return writer.post(f"{here}/questions", data=QUESTION | {"version": db.session.get_one(
            Survey, made.id, populate_existing=True).version} | more)

    assert ask().status_code == ask(label="왜 그런가요?", type="text", options="", reader="office",
                                    keep_days="30").status_code == 303
    for wrong in ({"type": "file", "options": ""}, {"type": "money", "options": ""},
                  {"reader": "sealed", "keep_days": "3"},
                  {"type": "text", "options": ""}, {"type": "text", "options": "", "reader": "office"}):
        assert ask(**wrong).status_code == 422
    assert "빼기" in words(writer.get(f"{here}/questions")) and "2번 질문" in words(writer.get(f"{here}/questions/2"))
    assert writer.post(f"{here}/announcements").status_code == 403
    assert other.post(f"{here}/announcements").status_code == 303
    assert ask().status_code == 403 and "골목 설문" in words(browse().get("/surveys"))
    assert "골목 설문" in words(browse().get("/search?q=얼마나 만족"))
    db.session.get_one(Survey, made.id).opens_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    assert "골목 설문" in words(browse().get("/")) and "골목 설문" in words(writer.get("/desk/surveys"))
    assert browse(verified(town.user())).post(page, data=sent(made, "1", "넓어서")).status_code == 303
    over(db.session.get_one(Survey, made.id))
    assert "넓어서" in words(writer.get(f"{here}/results")) and other.post(
        f"{here}/results/confirmations", data={"seen": ""}).status_code == 404
    assert writer.post(f"{here}/results", data={"summary": "만족해요.", "missing": ""}).status_code == 422
    assert writer.post(f"{here}/results", data=vars(FINDINGS)).status_code == 303
    seen = other.get(f"{here}/results").text.partition('name="seen" value="')[2].partition('"')[0]
    assert writer.post(f"{here}/results/confirmations", data={"seen": seen}).status_code == 403
    assert other.post(f"{here}/results/confirmations", data={"seen": seen}).status_code == 303
    assert FINDINGS.missing in words(browse().get(page)) and other.get(f"{here}/results").status_code == 403

"""A gathering that was held without a live hall is written down afterwards, in one page."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.answers import rules
from civic_forum.answers.models import Duty
from civic_forum.district.calendar import is_working
from civic_forum.forums.minutes import services
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.minutes.services import Heard
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing.parts import Holder, Times, Wording
from civic_forum.forums.questions.models import Question
from civic_forum.forums.rules import Form, Stage
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from tests.common import form_of, main_of, stamp
from tests.factories import count
from tests.forums.scene import announced_forum

from ..preparing.test_desk import DESK

HEARD = [Heard(text="가로등이 어두워요.")]


def parts(form=Form.VISIT, department=None, place=None, ago=timedelta(days=3), where="주민센터"):
    starts = clock.now().replace(minute=0, second=0, microsecond=0) - ago
    return (Holder(form, department and department.id, place and place.id), Wording("동네 한 바퀴", "무엇을 들었나요?"),
            Times(where, starts, starts + timedelta(hours=1)))


@pytest.mark.both
def test_a_clerk_writes_down_a_visit_and_everybody_reads_what_was_heard(town, browse):
    roads = town.department("도로과")
    page, starts = browse(town.clerk()), clock.now().replace(hour=3) - timedelta(days=3)
    sent = form_of(page, f"{DESK}/record")
    assert sent["form"] == "visit" and sent["neighbourhood_id"] == str(town.neighbourhood().id)
    typed = sent | {
        "title": "동에 번쩍", "question": "무엇이 불편한가요?", "place": "주민센터", "starts_at": stamp(starts),
        "ends_at": stamp(starts + timedelta(hours=2)), "came": "138", "heard-0-text": "가로등이 어두워요.",
        "heard-0-department": str(roads.id), "heard-0-days": "14", "heard-1-text": "화분이 예뻐요.",
        "heard-1-answer": "봄에 더 놓을게요."}
    more = page.post(f"{DESK}/record", data=typed | {"more": "1"})
    assert 'name="heard-5-text"' in more.text and "화분이 예뻐요." in more.text
    assert page.post(f"{DESK}/record", data=typed | {"came": "여럿"}).status_code == 422
    assert page.post(f"{DESK}/record", data=typed | {"heard-1-text": "제 번호는 900101-1234568이에요."}).status_code == 422
    assert count(Forum) == count(Question) == 0
    answer = page.post(f"{DESK}/record", data=typed)
    assert answer.status_code == 303
    shown = main_of(browse().get(answer.location))
    for words in ("마침", "들은 말 2개", "가로등이 어두워요.", "나중에 답하기로 했어요.", "도로과", "봄에 더 놓을게요.", "138명"):
        assert words in shown
    assert "발언 시간 기록" not in shown and "정한 것" not in shown
    db.session.rollback()
    duty = db.session.scalars(sa.select(Duty)).one()
    due_on = rules.due_on(local(starts).date(), 14, False, [], is_working)
    assert (duty.department_id, duty.due_on) == (roads.id, due_on)
    minutes = browse().get(f"{answer.location}/minutes")
    assert "화분이 예뻐요." in main_of(minutes) and '<a href="/forums?form=visit">찾아가는 날</a>' in minutes.text
    assert '"/forums?form=meeting"' not in browse().get("/forums").text
    assert "동에 번쩍" in main_of(browse().get("/forums?stage=finished&form=visit"))
    assert "동에 번쩍" in main_of(browse().get(f"/calendar?month={local(starts):%Y-%m}"))
    again = page.post(f"{DESK}/record", data=typed | {"title": "다른 이름"})
    assert again.status_code == 409 and count(Forum) == 1


@pytest.mark.both
def test_those_who_prepare_a_form_write_it_down_once_it_is_over(town):
    parks, roads, here = town.department("공원녹지과"), town.department("도로과"), town.neighbourhood()
    official, clerk = town.official(department=parks), town.clerk()
    held = services.write_down(parts(Form.SESSION, parks), HEARD, 12, by=official)
    assert (held.stage, held.came) == (Stage.FINISHED, {"on_site": 12})
    assert services.write_down(parts(Form.FORUM, None, where="강당"), HEARD, by=town.moderator()).came is None
    for given, error, by in (
            (parts(Form.SESSION, roads), Denied, official), (parts(Form.FORUM, None, here), Denied, clerk),
            (parts(Form.MEETING, parks), Refusal, official), (parts(Form.SESSION, parks), Conflict, official),
            (parts(Form.SESSION, parks, ago=-timedelta(days=1)), Refusal, official)):
        with pytest.raises(error):
            services.write_down(given, HEARD, by=by)
        db.session.rollback()
    with pytest.raises(Refusal, match="하나 이상"):
        services.write_down(parts(Form.SESSION, parks, where="공원"), [], by=official)
    db.session.rollback()
    assert count(Forum) == count(Minutes) == count(Question) == 2


@pytest.mark.in_turns(of=5)
def test_an_announced_gathering_is_filled_in_and_none_that_is_over(town, browse):
    parks, then = town.department("공원녹지과"), clock.now() - timedelta(days=1)
    forum = announced_forum(town, starts_at=then, department_id=parks.id, title="나무 돌보기")
    page, home = browse(town.official(department=parks)), f"{DESK}/{forum.slug}"
    assert "끝났으면 적어 두세요" in main_of(page.get(home))
    sent = form_of(page, f"{home}/record") | {"heard-0-text": "그늘이 적어요."}
    answer = page.post(f"{home}/record", data=sent)
    assert answer.status_code == 303
    db.session.rollback()
    held = db.session.scalars(sa.select(Forum).execution_options(populate_existing=True)).one()
    assert (held.stage, held.opened_at) == (Stage.FINISHED, then)
    assert page.post(f"{home}/record", data=sent).status_code == 403 and count(Question) == 1
    assert "그늘이 적어요." in main_of(browse().get(answer.location))

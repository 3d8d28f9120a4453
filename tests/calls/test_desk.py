"""The desk of a call: made part by part with its questions, announced by another person, its close moved by two."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.blocks import questions, submissions
from civic_forum.calls import queries
from civic_forum.calls.models import Call, CallApplication, CallTime
from civic_forum.calls.process import gaps
from civic_forum.calls.rules import KIND, ApplicationState, CallKind, Channel
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import last_day
from civic_forum.platform.question_rows import QuestionType
from civic_forum.platform.work import use_case
from tests.factories import count
from tests.forums.preparing.test_desk import form_of, stamp
from tests.polls.reading import main_of

from .making import CRITERIA, WHY, call

DESK = "/desk/calls"


def edited(page, address, **fields):
    return page.post(address, data=form_of(page, address) | fields)


def asked(page, here, kind, label="무엇을 하나요?", **more):
    return edited(page, f"{here}/questions", label=label, type=kind,
                  reader="office" if kind == "file" else "public", **more)


@pytest.mark.both
def test_an_official_makes_a_call_and_another_person_announces_it(town, browse):
    maker, second, elsewhere = town.official(), town.official(), town.department("다른 과")
    page, other, stranger = browse(maker), browse(second), browse(town.official(department=elsewhere))
    first = {"title": "골목 실험실", "kind": "lab", "applicants": "group"}
    for department in ("", str(elsewhere.id)):
        assert page.post(f"{DESK}/new", data=first | {"department_id": department}).status_code == 403
    assert page.post(f"{DESK}/new", data=first | {"title": ""}).status_code == 422 and count(Call) == 0
    made = edited(page, f"{DESK}/new", **first)
    assert made.status_code == 303
    here, slug = made.location, made.location.rpartition("/")[2]
    assert stranger.get(here).status_code == stranger.get(f"{here}/times").status_code == 403
    assert "골목 실험실" in main_of(page.get(DESK)) and "골목 실험실" not in main_of(stranger.get(DESK))
    assert browse().get(f"/calls/{slug}").status_code == 404 and "빠진 것 3가지" in main_of(page.get(here))
    assert edited(page, f"{here}/wording", text=WHY, themes="골목 쓰레기\n자유", elsewhere="돈은 보탬e에서 다뤄요.").status_code == 303
    assert edited(page, f"{here}/wording", themes="가" * 61).status_code == 422
    opens = clock.now() + timedelta(days=1)
    times = {"opens_at": stamp(opens), "closes_at": stamp(opens + timedelta(days=9))}
    assert edited(page, f"{here}/times", **times | {"closes_at": times["opens_at"]}).status_code == 422
    assert edited(page, f"{here}/times", **times).status_code == 303
    for wrong in ("문제", "문제, 0", "문제, 많이", ", 5"):
        assert edited(page, f"{here}/choosing", criteria=wrong).status_code == 422, wrong
    points = {"has_scores": "y", "criteria": "문제를 잘 아는가, 60\n해 볼 방법이 또렷한가, 40", "least_points": "101"}
    assert edited(page, f"{here}/choosing", **points).status_code == 303
    db.session.rollback()
    made = queries.slugged(slug)
    assert [gap.name for gap in gaps(made, clock.now())] == ["body", "criteria", "scores_until", "questions"]
    assert made.criteria == CRITERIA
    made.kind, made.has_scores, made.has_lot = CallKind.PRIZE, False, True
    assert [gap.name for gap in gaps(made, clock.now())] == ["places", "has_lot", "prizes", "questions"]
    db.session.rollback()
    form = form_of(page, f"{here}/choosing")
    del form["has_scores"]
    assert page.post(f"{here}/choosing", data=form | {"has_lot": "y"}).status_code == 303
    assert edited(page, f"{here}/amounts", places="5", budget="60,000,000").status_code == 303
    assert asked(page, here, "line").status_code == 303
    assert "다른 담당자나 운영자가" in main_of(page.get(here)) and page.post(f"{here}/announcements").status_code == 403
    assert stranger.post(f"{here}/announcements").status_code == 403
    assert other.post(f"{here}/announcements").status_code == 303
    assert edited(other, f"{here}/times", **times).status_code == 403
    assert other.post(f"{here}/questions", data={"label": "더", "type": "text", "reader": "public"}).status_code == 403
    seen = main_of(browse().get(f"/calls/{slug}"))
    assert "6,000만 원" in seen and "5자리" in seen and "무엇을 하나요?" in seen and "보탬e" in seen and "골목 쓰레기" in seen
    assert "골목 실험실" in main_of(browse().get("/calls")) and "골목 실험실" in main_of(browse().get("/search?q=골목"))


def test_the_last_editor_of_a_call_does_not_announce_it(town, browse):
    made = call(town, "preparing", opens_in=timedelta(days=2))
    page, other = browse(town.official()), browse(town.official())
    assert edited(page, f"{DESK}/{made.slug}/amounts", places="7").status_code == 303
    assert page.post(f"{DESK}/{made.slug}/announcements").status_code == 403
    assert edited(page, f"{DESK}/{made.slug}/amounts", places="8", version="1").status_code == 409
    assert other.post(f"{DESK}/{made.slug}/announcements").status_code == 303
    db.session.refresh(made)
    assert made.announced_by_id not in (made.created_by_id, made.edited_by_id) and made.edited_by_id


@pytest.mark.both
def test_questions_are_changed_and_moved_until_somebody_answers(town, browse):
    made, page = call(town, "preparing", questions=0), browse(town.official())
    here = f"{DESK}/{made.slug}"
    for kind in (QuestionType.LINE, QuestionType.TEXT, QuestionType.NUMBER, QuestionType.FILE):
        assert asked(page, here, kind, f"{kind} 질문").status_code == 303, kind
    assert asked(page, here, "file", "또 파일").status_code == 422
    assert asked(page, here, "choice", "하나뿐", options="가").status_code == 422
    assert asked(page, here, "line", "제 번호는 900101-1234568").status_code == 422
    assert edited(page, f"{here}/questions/1", type="file").status_code == 422
    assert edited(page, f"{here}/questions/2", label="더 길게", reader="sealed").status_code == 422
    assert edited(page, f"{here}/questions/2", label="더 길게", reader="sealed", keep_days="90").status_code == 303
    version = form_of(page, f"{here}/questions")["version"]
    assert page.post(f"{here}/questions/2/moves", data={"to": "1", "version": version}).status_code == 303
    assert page.post(f"{here}/questions/2/removals", data={"version": version}).status_code == 409
    assert page.post(f"{here}/questions/2/removals", data={"version": int(version) + 1}).status_code == 303
    db.session.rollback()
    assert [row.label for row in queries.questions_of(made)][:2] == ["더 길게", "number 질문"]
    begun(made, town.resident())
    refused = page.post(f"{here}/questions/1/removals", data={"version": int(version) + 2})
    assert refused.status_code == 403 and "이미 답하기 시작한" in refused.text


def begun(made, owner, state=ApplicationState.DRAFT) -> CallApplication:
    with use_case(None) as work:
        entry = submissions.begin(work.session, KIND, at=work.at, coded=False, drawn=True).submission
        entry.owner_id = owner.id
        questions.begin(work.session, entry, KIND, made.id, at=work.at)
        application = CallApplication(call_id=made.id, submission=entry, mark=bytes(31) + bytes([owner.id % 256]),
                                      place=1, channel=Channel.ONLINE, state=state)
        work.session.add(application)
        return application


@pytest.mark.both
def test_two_people_move_a_close_and_those_who_write_are_told(town, browse):
    made, writer = call(town, scores_until=last_day(clock.now() + timedelta(days=30))), town.resident()
    begun(made, writer), begun(made, other := town.resident(), ApplicationState.WITHDRAWN)
    page, second = browse(town.official()), browse(town.moderator())
    here, before, until = f"{DESK}/{made.slug}/close", made.closes_at, made.scores_until
    later = before + timedelta(days=7)
    for wrong in (clock.now() + timedelta(hours=23), clock.now() - timedelta(days=1), before):
        assert edited(page, here, after=stamp(wrong), reason="설이 끼어 있어요.").status_code == 422
    assert edited(page, here, after=stamp(later), reason="설").status_code == 422 and count(CallTime) == 0
    assert edited(page, here, after=stamp(later), reason="설이 끼어 있어요.").status_code == 303
    seen = html.fromstring(second.get(here).text).xpath("//input[@name='seen'][@value!='']/@value")[0]
    assert page.post(here, data={"seen": seen}).status_code == 403
    assert second.post(here, data={"seen": "00"}).status_code == 409
    assert "설이 끼어" not in browse().get(f"/calls/{made.slug}").text
    assert second.post(here, data={"seen": seen}).status_code == 303
    db.session.rollback()
    db.session.refresh(made)
    assert stamp(made.closes_at) == stamp(later) and made.scores_until == until + timedelta(days=7)
    visitor = browse()
    assert "설이 끼어 있어요." in main_of(visitor.get(f"/calls/{made.slug}"))
    for address in ("/", f"/calendar?month={later:%Y-%m}", f"/share/calls/{made.slug}"):
        assert made.title in main_of(visitor.get(address)), address
    assert 'href="/calls"' in visitor.get("/").text
    told = db.session.scalars(sa.select(Notice).where(Notice.step == "close_moved")).all()
    assert [notice.user_id for notice in told] == [writer.id] and other.id != writer.id
    assert second.post(here, data={"seen": seen}).status_code == 404
    over = call(town, "review")
    assert over.title in main_of(second.get(DESK))
    sent = page.post(f"{DESK}/{over.slug}/close", data={"after": stamp(later), "reason": "설이 끼어 있어요."})
    assert sent.status_code == 403

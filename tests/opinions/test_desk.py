"""The desk on which the office asks, from the first form to what became of each statement."""

from datetime import timedelta

from lxml import html
import pytest

from civic_forum.accounts.rules import Role
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.opinions import queries, services
from civic_forum.opinions.models import Consultation
from civic_forum.opinions.rules import Became, Moderation
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.common import main_of, stamp
from tests.picking import chosen

from .making import LINES, consultation, preparing
from .published import result

DESK = "/desk/consultations"
MORE = {"background": "둔치는 모두의 것이에요.", "follow_up": "30일 안에 답해요."}


def texts(asked: Consultation) -> list[str]:
    db.session.rollback()
    return [one.text for one in queries.statements(asked.id)]


def first() -> dict[str, str]:
    now = clock.now()
    return {"title": "골목 주차", "question": "낮과 밤을 어떻게 나눠 쓸까요?", "opens_at": stamp(now + timedelta(days=1)),
            "closes_at": stamp(now + timedelta(days=9)), "audience": "everyone"}


@pytest.mark.both
def test_an_official_asks_from_nothing_to_everybody(town, browse):
    page, elsewhere, own = browse(town.official()), town.department("다른 과"), str(town.department().id)
    stranger = browse(town.official(department=elsewhere))
    assert f'selected value="{own}"' in page.get(f"{DESK}/new").text
    for other in ("", str(elsewhere.id)):
        assert page.post(f"{DESK}/new", data=first() | {"department_id": other}).status_code == 403
    made = page.post(f"{DESK}/new", data=first() | {"department_id": own})
    assert made.status_code == 303
    here = made.location
    assert stranger.get(here).status_code == 200 and "새로 묻기" in stranger.get(DESK).text
    assert stranger.get(f"{here}/wording").status_code == stranger.post(f"{here}/announcements").status_code == 403
    given_away = {"title": "골목", "question": "어떻게?", "version": "1", "department_id": str(elsewhere.id)} | MORE
    assert page.post(f"{here}/wording", data=given_away).status_code == 403
    assert "빠진 것 3가지" in main_of(page.get(here)) and "골목 주차" in main_of(page.get(DESK))
    asked = queries.by_slug(here.rpartition("/")[2])
    wording = {"title": asked.title, "question": asked.question, "version": asked.version, "department_id": own} | MORE
    assert page.post(f"{here}/wording", data=wording).status_code == 303
    table = "한 줄 의견\n" + "\n".join(LINES)
    assert "답하는 사람에 대한 의견이에요: 네, 또는 비워 두기" in main_of(page.get(f"{here}/statements/table"))
    assert page.post(f"{here}/statements/table", data={"table": table, "version": 2}).status_code == 303
    assert texts(asked) == list(LINES) and "모두 채웠어요" in main_of(page.get(here))
    assert page.post(f"{here}/announcements").status_code == 303
    assert "시작을 기다려요" in main_of(page.get(here))
    assert browse().get(f"/consultations/{asked.slug}").status_code == 200


def test_a_first_form_that_is_wrong_keeps_what_was_typed(town, browse):
    page = browse(town.moderator())
    for wrong in ({"title": ""}, {"closes_at": first()["opens_at"]}, {"audience": "neighbours"}):
        answer = page.post(f"{DESK}/new", data=first() | wrong)
        assert answer.status_code == 422 and "낮과 밤을 어떻게 나눠 쓸까요?" in answer.text
    assert not db.session.query(Consultation).count()


@pytest.mark.both
def test_statements_are_added_edited_moved_and_taken_away(town, browse):
    asked, page = preparing(), browse(town.moderator())
    here = f"{DESK}/{asked.slug}/statements"
    assert page.post(here, data={"text": "나무를 더 심어요.", "version": 1}).status_code == 303
    assert page.post(here, data={"text": "나무를 더 심어요.", "version": 1}).status_code == 409
    assert page.post(here, data={"text": "", "version": 2}).status_code == 422
    assert page.post(f"{here}/7", data={"text": "나무를 많이 심어요.", "is_meta": "y", "version": 2}).status_code == 303
    assert page.post(f"{here}/7/moves", data={"to": 1, "version": 3}).status_code == 303
    assert page.post(f"{here}/2/removals", data={"version": 4}).status_code == 303
    assert page.post(f"{here}/1/moves", data={"to": 99, "version": 5}).status_code == 422
    assert texts(asked) == ["나무를 많이 심어요.", *LINES[1:]]
    assert page.get(f"{here}/1").status_code == 200 and page.get(f"{here}/99").status_code == 404


def test_numbers_stay_once_it_was_announced_and_words_once_it_began(town, browse):
    page = browse(town.moderator())
    soon, begun = preparing(announced_at=clock.now()), consultation()
    here = f"{DESK}/{soon.slug}/statements"
    assert page.post(f"{here}/1/removals", data={"version": 1}).status_code == 403
    assert page.post(here, data={"text": "나무를 더 심어요.", "version": 1}).status_code == 303
    assert page.post(f"{DESK}/{begun.slug}/statements", data={"text": "늦었어요.", "version": 1}).status_code == 403
    assert "고칠 수 없어요" in main_of(page.get(f"{DESK}/{begun.slug}/statements"))


def test_a_statement_is_taken_from_a_proposal_or_a_comment(town, browse):
    asked, page, proposal = preparing(()), browse(town.moderator()), town.proposal(title="벤치에 등받이를 달아 주세요")
    comment = comments.write(proposal.thread_id, stance=Stance.NOTE, text="그늘도 있어야 해요.", by=town.user())
    here, there = f"{DESK}/{asked.slug}/sources", f"{DESK}/{asked.slug}/statements"
    for sent, source, text in ((chosen("proposal", proposal.number), f"proposal:{proposal.id}", proposal.title),
                               ({"comment": f"/comments/{comment.id}"}, f"comment:{comment.id}", "그늘도 있어야 해요.")):
        taken = page.post(here, data=sent)
        assert taken.status_code == 303
        form = html.fromstring(page.get(taken.location).text).xpath("//form[.//input[@name='text']]")[0]
        given = dict(form.form_values())
        assert (given["text"], given["source"]) == (text, source)
        assert page.post(there, data=given).status_code == 303
    db.session.rollback()
    assert [one.source for one in queries.statements(asked.id)] == [f"proposal:{proposal.id}", f"comment:{comment.id}"]
    assert "가져온 곳: 제안" in main_of(page.get(f"{there}/1"))
    for sent in ({"proposal": "없는 제안이에요"}, {"comment": "/comments/999999"}, {}):
        assert page.post(here, data=sent).status_code == 422
    hidden = town.proposal(hidden_at=clock.now())
    forged = {"text": "몰래 가져왔어요.", "source": f"proposal:{hidden.id}", "version": 3}
    assert page.post(there, data=forged).status_code == 422 and len(texts(asked)) == 2


def test_a_copy_has_the_parts_and_the_statements_of_the_office(town, browse):
    asked, moderator = consultation(), town.moderator()
    services.write(asked.id, "주민이 쓴 의견은 두고 가요.", by=town.user())
    page = browse(moderator)
    day = f"{local(clock.now() + timedelta(days=30)).date():%Y-%m-%d}"
    made = page.post(f"{DESK}/{asked.slug}/copies", data={"title": "둔치, 올해는 어떻게?", "first_day": day})
    copy = queries.by_slug(made.location.rpartition("/")[2])
    assert (copy.question, copy.announced_at, texts(copy)) == (asked.question, None, list(LINES))


def test_the_list_says_what_waits_and_who_reads_it(town, browse):
    asked = consultation(moderation=Moderation.BEFORE)
    services.write(asked.id, "의자에 등받이를 달아요.", by=town.user())
    preparing(title="아직 준비하는 질문")
    assert "살펴볼 의견 1개" in main_of(browse(town.moderator()).get(DESK))
    for user in (town.official(), town.staff(Role.ADMINISTRATOR)):
        assert "아직 준비하는 질문" in main_of(browse(user).get(DESK))
    assert browse(town.user()).get(DESK).status_code == 403


def test_the_next_step_follows_the_life_of_a_consultation(town, browse):
    page, moderator = browse(town.moderator()), town.moderator()
    asked = consultation(moderation=Moderation.BEFORE)
    here = f"{DESK}/{asked.slug}"
    assert "답을 받고 있어요" in main_of(page.get(here))
    services.write(asked.id, "의자에 등받이를 달아요.", by=town.user())
    assert "주민이 쓴 의견 1개가 기다려요" in main_of(page.get(here))
    over = consultation(open_since=timedelta(days=20))
    there = f"{DESK}/{over.slug}"
    assert "무엇이 됐는지 알려 주세요" in main_of(page.get(there))
    made = result(over)
    made.is_last = True
    db.session.commit()
    assert "의제를 만들 수 있어요" in main_of(page.get(there))
    services.make_agenda(over.id, by=moderator)
    assert "무엇이 됐는지 알려 주세요" in main_of(page.get(there)) and "만든 의제" in main_of(page.get(there))


def test_the_office_says_once_it_is_over_what_became_of_a_statement(town, browse):
    asked, page = consultation(open_since=timedelta(days=20)), browse(town.official())
    here = f"{DESK}/{asked.slug}/consequences"
    assert LINES[0] in main_of(page.get(here)) and page.get(f"{here}/1").status_code == 200
    said = {"became": "promise", "text": "내년 봄까지 등을 바꿔요.", "url": "/commitments/3"}
    for wrong in ({"became": ""}, {"text": "네"}, {"url": "https://elsewhere.example"}):
        answer = page.post(f"{here}/1", data=said | wrong)
        assert answer.status_code == 422 and not queries.statement(asked.id, 1).became
    assert page.post(f"{here}/1", data=said).status_code == 303
    db.session.rollback()
    one = queries.statement(asked.id, 1)
    assert (one.became, one.became_text, one.became_url) == (Became.PROMISE, said["text"], said["url"])
    assert "6개 가운데 1개에 적었어요" in main_of(page.get(here))
    running = consultation()
    assert page.post(f"{DESK}/{running.slug}/consequences/1", data=said).status_code == 403


def test_the_next_step_is_one_that_its_reader_can_take(town, browse):
    asked = consultation(open_since=timedelta(days=20))
    result(asked).is_last = True
    db.session.commit()
    steps = {who: html.fromstring(browse(user).get(f"{DESK}/{asked.slug}").text).xpath(
        "//section[contains(., '다음에 할 일')]//a/@href")[0].rpartition("/")[2]
        for who, user in (("moderator", town.moderator()), ("official", town.official()))}
    assert steps == {"moderator": "agenda", "official": "consequences"}

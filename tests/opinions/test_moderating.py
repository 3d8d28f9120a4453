"""Moderation: what waits, what needs a look and why, and what follows from a decision."""

from itertools import count

import pytest

from civic_forum.opinions import answering, operations, queries, reviewing, rules, services
from civic_forum.opinions.rules import Basis, Moderation, StatementState
from civic_forum.opinions.services import Decision
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from civic_forum.platform.i18n import local
from civic_forum.platform.waiting import WORK, listed, sources
from civic_forum.platform.work import use_case

from tests.common import main_of
from .making import LINES, consultation, values
from .published import result

_mark = count(1)
WHY = "다른 질문에서 다뤄요."


def answered(asked, number: int, agrees: int, passes: int, disagrees: int) -> None:
    """So many answers of people of whom nobody knows more."""
    given = [1] * agrees + [0] * passes + [-1] * disagrees
    with use_case(None) as work:
        operations.bring_in(work, asked, [operations.BroughtIn(
            next(_mark).to_bytes(16, "big"), Basis.ACCOUNT, {number: value}) for value in given])


def now(asked, number: int):
    db.session.rollback()
    return queries.statement(asked.id, number)


def waits(town, *texts):
    asked = consultation(moderation=Moderation.BEFORE)
    for text in texts:
        services.write(asked.id, text, by=town.user())
    return asked


def test_the_oldest_comes_first_with_the_most_similar_line(town, browse):
    asked = waits(town, "다리 밑에 운동 기구를 더 놓아요.", "나무를 더 심어요.")
    page, here = browse(town.moderator()), f"/desk/consultations/{asked.slug}/moderation"
    shown = main_of(page.get(here))
    assert "새 의견 2개가 기다려요" in shown and "비슷한 의견: 6번" in shown and "6번과 같아서 돌려보내기" in shown
    assert page.post(f"{here}/7/decisions", data={"do": "publish"}).status_code == 303
    shown = main_of(page.get(here))
    assert "새 의견 1개가 기다려요" in shown and "비슷한 의견" not in shown
    assert now(asked, 7).is_asked
    assert page.post(f"{here}/7/decisions", data={"do": "publish"}).status_code == 409


def test_refusing_and_taking_out_need_a_reason(town, browse):
    asked = waits(town, "나무를 더 심어요.")
    page, here = browse(town.moderator()), f"/desk/consultations/{asked.slug}/moderation"
    for number, do in ((7, "refuse"), (1, "take_out")):
        data = {"do": do, "why": "네", "out_for": "off_topic"}
        refused = page.post(f"{here}/{number}/decisions", data=data)
        assert refused.status_code == 422 and "5자 이상" in main_of(refused)
        assert page.post(f"{here}/{number}/decisions", data=data | {"why": WHY}).status_code == 303
    assert now(asked, 7).state is StatementState.REFUSED
    assert now(asked, 1).is_taken_out and WHY in main_of(page.get(f"{here}/1"))
    assert page.post(f"{here}/1/decisions", data={"do": "put_back"}).status_code == 303
    assert now(asked, 1).is_asked and now(asked, 1).why is None
    assert page.post(f"{here}/1/decisions", data={"do": "burn"}).status_code == 422
    assert page.post(f"{here}/99/decisions", data={"do": "publish"}).status_code == 404


@pytest.mark.both
def test_one_meaning_is_asked_once_and_answers_are_not_joined(town, browse):
    asked = consultation([*LINES, "다리 밑에 운동 기구를 더 놓아요."])
    user, page = town.user(), browse(town.moderator())
    answering.respond(asked.id, 7, 1, by=user)
    here = f"/desk/consultations/{asked.slug}/moderation"
    assert "지난 답은 섞지 않아요" in main_of(page.get(f"{here}/7"))
    for wrong in ("7", "99", "이것", ""):
        assert page.post(f"{here}/7/joins", data={"same_as": wrong}).status_code in (404, 422)
    assert page.post(f"{here}/7/joins", data={"same_as": "6"}).status_code == 303
    db.session.rollback()
    assert values() == [1]
    assert queries.statement(asked.id, 7).is_taken_out and "6번" in main_of(page.get(f"{here}/7"))
    assert "지난 답은 섞지 않았어요" in main_of(page.get(f"{here}/7"))
    result(asked, counts=[([60, 0, 90],)] * 7)
    shown = main_of(browse().get(f"/consultations/{asked.slug}/result"))
    assert f"“{LINES[5]}” 의견과 뜻이 같아서" in shown
    assert page.post(f"{here}/6/decisions", data={"do": "take_out", "why": WHY, "out_for": "untrue"}).status_code == 303
    shown = main_of(browse().get(f"/consultations/{asked.slug}/result"))
    assert "다른 의견과 뜻이 같아서" in shown and LINES[5] not in shown and WHY not in shown


@pytest.mark.both
@pytest.mark.both
def test_statements_that_need_a_look_say_why(town, browse):
    asked = consultation([*LINES, "다리 밑에 운동 기구를 더 놓아요."])
    counts = ([15, 5, 25], [5, 4, 15], [3, 1, 6], [8, 0, 11], [4, 0, 10], [0, 0, 0], [0, 0, 0])
    latest = result(asked, groups=False, counts=[(one,) for one in counts])
    found = {one.statement.number: one.reasons for one in reviewing.reviewed(queries.tallied(asked.id, latest))}
    assert found == {1: [], 2: ["모르겠어요 40%"], 3: ["답 6개"], 4: [], 5: ["모르겠어요 60%"],
                     6: ["답 0개", "7번과 뜻이 같아 보여요"], 7: ["답 0개", "6번과 뜻이 같아 보여요"]}
    page, here = browse(town.moderator()), f"/desk/consultations/{asked.slug}/moderation"
    shown = main_of(page.get(here))
    assert "모르겠어요 40%" in shown and LINES[0] not in shown and "5 · 6 · 4" in shown
    assert LINES[0] in main_of(page.get(f"{here}?show=published"))
    page.post(f"{here}/2/decisions", data={"do": "meta"})
    services.decide(asked.id, 2, Decision.CONFIRM, by=town.moderator())
    assert LINES[1] not in main_of(page.get(here)) and LINES[1] in main_of(page.get(f"{here}?show=meta"))
    assert page.get(f"{here}?show=nothing&after=x").status_code == 200


def test_nothing_needs_a_look_while_hardly_anybody_has_answered(town):
    asked = consultation()
    latest = result(asked, groups=False, counts=[([9, 0, 9],)])
    assert not any(one.looks for one in reviewing.reviewed(queries.tallied(asked.id, latest)))


def test_the_desk_tells_no_answer_that_is_in_no_result_yet(town, browse):
    asked, page = consultation(), browse(town.moderator())
    here = f"/desk/consultations/{asked.slug}"
    addresses = (here, f"{here}/statements", f"{here}/moderation?show=published", f"{here}/moderation/1")
    before = [main_of(page.get(one)) for one in addresses]
    assert "아직 세지 않았어요" in before[0] and "결과를 처음 센 뒤에" in before[2]
    answered(asked, 1, 12, 3, 2)
    assert [main_of(page.get(one)) for one in addresses] == before
    result(asked)
    counted = [main_of(page.get(one)) for one in addresses]
    assert "90명" in counted[0] and "78 · 5 · 3" in counted[2] and "답 86개" in counted[3]
    answered(asked, 1, 12, 3, 2)
    assert [main_of(page.get(one)) for one in addresses] == counted


def test_pairs_are_found_among_thousands():
    texts = {number: f"{number}번 골목에 나무를 {number % 7}그루 심어 주세요." for number in range(1, 2001)}
    texts |= {3001: "다리 밑에 운동 기구를 놓아요.", 3002: "다리 밑에 운동 기구를 더 놓아요."}
    assert rules.alike_pairs({one: texts[one] for one in (1, 3001, 3002)}) == [(3001, 3002)]
    assert (3001, 3002) in rules.alike_pairs(texts)


@pytest.mark.both
def test_waiting_statements_stand_at_the_desk_of_moderators_alone(town, browse):
    asked, moderator = waits(town, "나무를 더 심어요."), town.moderator()
    today = local(clock.now()).date()
    mine = [one for one in sources(moderator, today) if one.name == "opinions.statements"]
    [item] = listed(mine, due="all", today=today).items
    assert item.line.url == f"/desk/consultations/{asked.slug}/moderation" and item.line.title == asked.title
    assert (item.due_on - today).days == 1 and "opinions.statements" in WORK
    assert not [one for one in sources(town.official(), today) if one.name == "opinions.statements"]
    assert browse(moderator).get("/desk").status_code == 200


def test_only_moderators_decide(town):
    asked = waits(town, "나무를 더 심어요.")
    for user in (town.user(), town.official()):
        with pytest.raises(Denied):
            services.decide(asked.id, 7, Decision.PUBLISH, by=user)
    with pytest.raises(Conflict):
        services.decide(asked.id, 7, Decision.TAKE_OUT, why=WHY, by=town.moderator())

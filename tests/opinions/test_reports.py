"""A resident's statement is reported to the moderators and hidden by the same acts as every other text."""

import pytest

from civic_forum.moderation import services as moderation
from civic_forum.moderation.rules import Decision, Rule
from civic_forum.opinions import queries, services
from civic_forum.opinions.models import Statement
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound

from .making import consultation

TEXT = "옆집 김 아무개가 개를 풀어놓아요."
HIDE = Decision(hide=True, account=None, rule=Rule.PRIVACY, reason="누구인지 알 수 있는 이웃 이야기가 있어요.")


def written(asked, author) -> Statement:
    return services.write(asked.id, TEXT, by=author)


def again(statement: Statement) -> Statement:
    db.session.rollback()
    return db.session.get(Statement, statement.id, populate_existing=True)


def test_it_is_reported_from_its_page_hidden_and_asked_again_once_the_act_ends(town, browse):
    asked, author, moderator = consultation(), town.resident(), town.moderator()
    line = written(asked, author)
    page, about = f"/consultations/{asked.slug}/answer?statement={line.number}", f"statement:{line.id}"
    reader = browse(town.user())
    assert f"/reports/new?about={about}" in reader.get(page).text
    assert "/reports/new" not in reader.get(f"/consultations/{asked.slug}/answer?statement=1").text
    assert TEXT in reader.get(f"/reports/new?about={about}").text
    sent = reader.post("/reports/new", data={"about": about, "rule": "privacy"})
    assert (sent.status_code, sent.location) == (303, page)
    desk = browse(moderator)
    for address in ("/desk/reports", "/desk/reports?kind=statement", f"/desk/reports/statement/{line.id}"):
        assert TEXT in desk.get(address).text
    action, = moderation.decide("statement", line.id, HIDE, by=moderator)
    assert not again(line).is_asked and line.number not in queries.draw(asked.id).numbers
    assert browse().get(page).status_code == 409 and reader.get(f"/reports/new?about={about}").status_code == 404
    assert TEXT not in reader.get("/me/reports").text
    assert TEXT in browse(author).get(f"/moderation/actions/{action.id}").text
    assert "한 줄 의견" in browse(author).get("/me/notices").text
    moderation.take_back(action.id, by=moderator)
    assert again(line).is_asked and line.number in queries.draw(asked.id).numbers


def test_a_hidden_one_counts_for_nothing_and_is_put_back_by_the_end_of_its_act_alone(town, browse):
    asked, moderator = consultation(), town.moderator()
    line = written(asked, town.user())
    moderation.report("statement", line.id, rule=Rule.PRIVACY, by=town.user())
    moderation.decide("statement", line.id, HIDE, by=moderator)
    with pytest.raises(Conflict, match="운영 원칙"):
        services.decide(asked.id, line.number, services.Decision.PUT_BACK, by=moderator)
    shown = browse(moderator).get(f"/desk/consultations/{asked.slug}/moderation/{line.number}").text
    assert f"/desk/reports/statement/{line.id}" in shown and "다시 묻기" not in shown
    there = [one for one in queries.statements(asked.id) if one.published_at is not None]
    assert there[-1].is_taken_out


def test_only_what_residents_wrote_and_what_is_asked_can_be_reported(town):
    asked, by = consultation(), town.user()
    line = written(asked, town.user())
    services.decide(asked.id, line.number, services.Decision.TAKE_OUT, why="다른 물음에서 다뤄요.", by=town.moderator())
    for id_ in (line.id, queries.statement(asked.id, 1).id, 987654):
        with pytest.raises(NotFound):
            moderation.report("statement", id_, rule=Rule.PRIVACY, by=by)


def test_an_author_appeals(town, browse):
    asked, author = consultation(), town.user()
    line = written(asked, author)
    moderation.report("statement", line.id, rule=Rule.PRIVACY, by=town.user())
    action, = moderation.decide("statement", line.id, HIDE, by=town.moderator())
    page = browse(author)
    assert page.get(f"/moderation/actions/{action.id}/appeal").status_code == 200
    asked_again = page.post(f"/moderation/actions/{action.id}/appeal", data={"text": "이름을 적지 않았는데 가려졌어요."})
    assert asked_again.status_code == 303

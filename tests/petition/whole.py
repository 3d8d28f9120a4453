"""A petition from its first word to its outcome: run by `test_petition.py` in a process of its own."""

import pytest
import sqlalchemy as sa
from lxml import html

import civic_forum
import civic_forum.app as application
from tests.petition.test_petition import FEATURE
from tests.servers import axe, chromium, in_process

civic_forum.__path__.append(str(FEATURE))
place = application.FEATURES.index("outcomes")
application.FEATURES = (*application.FEATURES[:place], "petition", *application.FEATURES[place:])

HERE, TITLE = "/petitions/night-bus", "밤 버스를 늘려 주세요"
PARTS = {"wording": {"title": TITLE, "demand": "**막차**를 한 시간 늦춰요."}, "reason": {"reason": "늦게 일해요."},
         "place": {"place": "시흥대로"}, "until": {"until": "2031-01-06"}, "contact": {"contact": "교통과"}}
ACTORS = ("visitor", "resident", "author", "moderator", "official", "administrator")
RIGHTS = """
                                 visitor resident author moderator official administrator
GET  /petitions                  200     200      200    200       200      200
GET  /petitions/new              302     200      200    200       200      200
POST /petitions/new              401     422      422    422       422      422
# while it is prepared
GET  {here}                      403     403      200    403       403      403
GET  {here}/wording              302     403      200    403       403      403
POST {here}/wording              401     403      409    403       403      403
POST {here}/announcements        401     403      409    403       403      403
POST {here}/closings             401     403      403    403       403      403
# once it is announced
GET  {here}                      200     200      200    200       200      200
POST {here}/wording              401     403      403    403       403      403
POST {here}/reply                401     403      403    403       422      403
POST {here}/reply/approvals      401     403      403    403       400      403
POST {here}/announcements        401     403      403    403       403      403
# once it is hidden
GET  {here}                      403     403      200    403       403      403
"""


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


def begun(client):
    made = client.post("/petitions/new", data={"title": TITLE, "slug": "night-bus"})
    assert (made.status_code, made.location) == (303, HERE)


def filled(client):
    for number, (part, data) in enumerate(PARTS.items(), 1):
        assert client.post(f"{HERE}/{part}", data=data | {"version": number}).status_code == 303, part


def hidden(client):
    about = client.get("/desk/reports").text
    assert TITLE in about and "밤 버스를" in client.get("/desk/reports/petition/1").text
    done = client.post("/desk/reports/petition/1", data={
        "text": "hide", "account": "none", "length": "", "rule": "advertising", "reason": "물건을 파는 글이에요.", "seen": "1"})
    assert done.status_code == 303


def reported(client):
    assert client.post("/reports/new?about=petition:1", data={
        "about": "petition:1", "rule": "advertising", "sentence": "광고예요."}).status_code == 303


def test_its_rights_are_a_table(town, browse):
    people = dict(zip(ACTORS, [browse(), *map(browse, (town.resident(), town.resident(), town.moderator(),
                                                       town.official(), town.administrator()))], strict=True))
    begun(people["author"])
    for part in RIGHTS.split("#"):
        if part.startswith(" once it is announced"):
            filled(people["author"])
            assert people["author"].post(f"{HERE}/announcements").status_code == 303
        if part.startswith(" once it is hidden"):
            reported(people["resident"])
            hidden(people["moderator"])
        for line in part.splitlines()[1:]:
            if line.startswith(("GET", "POST")):
                method, address, *statuses = line.format(here=HERE).split()
                got = [client.open(address, method=method).status_code for client in people.values()]
                assert got == [int(one) for one in statuses], line


def test_a_hidden_one_is_read_by_its_author_alone_until_it_is_taken_back(town, browse):
    from civic_forum.moderation.services import cases
    from civic_forum.moderation.models import ModerationAction
    from civic_forum.platform.base import db
    author, moderator = town.resident(), town.moderator()
    begun(browse(author))
    filled(browse(author))
    assert browse(author).post(f"{HERE}/announcements").status_code == 303
    reported(browse(town.resident()))
    hidden(browse(moderator))
    assert TITLE not in browse().get("/petitions").text and TITLE not in browse().get("/data/petitions.csv").text
    assert "가려서" in browse(author).get("/me/notices").text or "가렸" in browse(author).get("/me/notices").text
    cases.take_back(db.session.scalar(sa.select(ModerationAction.id)), by=moderator)
    assert TITLE in browse().get("/petitions").text


def test_it_has_an_outcome(town, browse):
    from tests.outcomes.making import TITLE as DECIDED
    from tests.outcomes.making import published
    author, first, second = town.resident(), town.official(), town.official()
    begun(browse(author))
    filled(browse(author))
    assert browse(author).post(f"{HERE}/announcements").status_code == 303
    outcome = published("petition", 1, first, second)
    shown = browse().get(f"/outcomes/{outcome.id}").text
    assert DECIDED in shown and HERE in shown and DECIDED in browse().get("/outcomes?kind=petition").text


def test_axe_finds_nothing_on_a_phone(app, town, browse, window):
    author, official = town.resident(), town.official()
    begun(browse(author))
    with in_process.served(app) as address:
        page = in_process.sign_in(window(base_url=address, width=chromium.PHONE), app, address, author)
        looked_at = [HERE, "/petitions/new", *(f"{HERE}/{part}" for part in PARTS)]
        for place in looked_at:
            page.goto(place)
            assert axe.violations(page) == [] and chromium.overflow(page) == 0, place
        filled(browse(author))
        assert browse(author).post(f"{HERE}/announcements").status_code == 303
        page = in_process.sign_in(window(base_url=address, width=chromium.PHONE), app, address, official)
        for place in (HERE, "/petitions", "/desk"):
            page.goto(place)
            assert axe.violations(page) == [] and chromium.overflow(page) == 0, place


def test_it_goes_its_way(town, browse):
    from civic_forum.notifications.models import Notice
    from civic_forum.platform.base import db
    author, first, second = browse(town.resident()), browse(town.official()), browse(town.official())
    moderator, visitor = browse(town.moderator()), browse()
    here = HERE
    begun(author)
    assert visitor.get(here).status_code in (302, 401, 403)
    assert author.post(f"{here}/announcements").status_code == 409, "its demand is missing"
    assert "여기를 채워 주세요" in author.get(here).text
    filled(author)
    assert author.post(f"{here}/wording", data={"title": "다른 제목", "version": 1}).status_code == 409
    assert first.post(f"{here}/wording", data={"title": "남의 것", "version": 6}).status_code == 403
    assert author.post(f"{here}/announcements").status_code == 303
    assert "<strong>막차</strong>" in visitor.get(here).text
    assert db.session.scalar(sa.select(sa.func.count(Notice.id)).filter_by(step="petition_announced")) == 2
    assert "밤 버스를 늘려 주세요" in first.get("/desk").text
    for download in ("/data/petitions.csv", "/feeds/petitions.atom"):
        assert "night-bus" in visitor.get(download).text
    assert here in visitor.get("/petitions").text
    assert first.post(f"{here}/reply", data={"text": "노선을 **검토**해요.", "seen": "0"}).status_code == 303
    assert first.post(f"{here}/reply/approvals", data={"seen": "1"}).status_code == 403, "who wrote it approves nothing"
    assert "승인하기" in second.get(here).text and "노선을" not in visitor.get(here).text
    assert second.post(f"{here}/reply/approvals", data={"seen": "2"}).status_code == 409
    assert second.post(f"{here}/reply/approvals", data={"seen": "1"}).status_code == 303
    assert "<strong>검토</strong>" in visitor.get(here).text
    thread = db.session.scalar(sa.text("SELECT thread_id FROM petition"))
    key = html.fromstring(second.get(here).text).xpath("//input[@name='form_key']/@value")[0]
    said = second.post(f"/threads/{thread}/comments", data={"stance": "for", "text": "좋아요.", "form_key": key})
    assert said.status_code == 303 and "좋아요." in visitor.get(here).text
    assert first.get("/desk/outcomes/petitions/night-bus").status_code == 200
    reported(second)
    assert TITLE in moderator.get("/desk/reports").text
    assert author.post(f"{here}/closings").status_code == 303 and author.post(f"{here}/closings").status_code == 403
    assert second.post(f"/threads/{thread}/comments", data={"stance": "for", "text": "늦었어요."}).status_code == 403

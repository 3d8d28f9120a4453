"""A petition from its first word to its outcome: run by `test_petition.py` in a process of its own."""

import sqlalchemy as sa

from lxml import html

import civic_forum
import civic_forum.app as application
from tests.petition.test_petition import FEATURE

civic_forum.__path__.append(str(FEATURE))
place = application.FEATURES.index("outcomes")
application.FEATURES = (*application.FEATURES[:place], "petition", *application.FEATURES[place:])


def test_it_goes_its_way(town, browse):
    from civic_forum.notifications.models import Notice
    from civic_forum.platform.base import db
    author, first, second = browse(town.resident()), browse(town.official()), browse(town.official())
    moderator, visitor = browse(town.moderator()), browse()
    here = "/petitions/night-bus"
    made = author.post("/petitions/new", data={"title": "밤 버스를 늘려 주세요", "slug": "night-bus"})
    assert (made.status_code, made.location) == (303, here)
    assert visitor.get(here).status_code in (302, 401, 403)
    assert author.post(f"{here}/announcements").status_code == 409, "its demand is missing"
    page = author.get(here).text
    assert "여기를 채워 주세요" in page
    for number, (part, data) in enumerate((
            ("wording", {"title": "밤 버스를 늘려 주세요", "demand": "**막차**를 한 시간 늦춰요."}), ("reason", {"reason": "늦게 일해요."}),
            ("place", {"place": "시흥대로"}), ("until", {"until": "2031-01-06"}), ("contact", {"contact": "교통과"})), 1):
        assert author.post(f"{here}/{part}", data=data | {"version": number}).status_code == 303, part
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
    assert second.post("/reports/new?about=petition:1", data={"about": "petition:1", "rule": "advertising",
                                                              "sentence": "광고예요."}).status_code == 303
    assert "밤 버스를 늘려 주세요" in moderator.get("/desk/reports").text
    assert author.post(f"{here}/closings").status_code == 303 and author.post(f"{here}/closings").status_code == 403
    assert second.post(f"/threads/{thread}/comments", data={"stance": "for", "text": "늦었어요."}).status_code == 403

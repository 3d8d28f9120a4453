"""Visits: kinds and who went, inner ones, and the days before an election."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest

from civic_forum.forums.minutes import services as minutes
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing.parts import Times, Visiting
from civic_forum.forums.preparing.process import PROCESS, why_not_near_election
from civic_forum.forums.rules import Form, election_near
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.settings import DistrictSetting
from tests.common import form_of, main_of, picture, stamp
from tests.factories import count, saved
from tests.forums.scene import announced_forum

from ..record.test_written_down import HEARD, parts
from .test_desk import DESK, sent_to

ELECTION = date(2030, 6, 3)


def decided(**values) -> None:
    for name, value in values.items():
        saved(DistrictSetting(name=name, value=value))


@pytest.mark.parametrize("days, near", [
    ((date(2030, 4, 3),), False), ((date(2030, 4, 4),), True), ((ELECTION,), True), ((date(2030, 6, 4),), False),
    ((date(2030, 1, 1), date(2030, 5, 1)), True), ((), False)])
def test_sixty_days_before_an_election_and_its_day_are_near_it(days, near):
    assert (election_near((date(2028, 4, 12), ELECTION), days) == ELECTION) is near


@pytest.mark.both
def test_a_visit_of_the_mayor_is_not_announced_before_an_election_and_is_written_down_after_it(town):
    today, here = local(clock.now()).date(), town.neighbourhood()
    decided(VISIT_KINDS=["주민과의 대화", "동에 번쩍"], MAYOR_VISITS=["주민과의 대화"],
            ELECTION_DAYS=[(today + timedelta(days=50)).isoformat()])
    forum = announced_forum(town, form=Form.VISIT, neighbourhood_id=here.id, visit_kind="동에 번쩍")
    clerk, now = town.clerk(), clock.now()
    assert why_not_near_election(forum, now) is None
    with pytest.raises(Conflict, match="60일 전부터"):
        PROCESS.write(forum.id, Visiting("주민과의 대화"), version=forum.version, by=clerk)
    db.session.rollback()
    forum.visit_kind, forum.announced_at = "주민과의 대화", None
    db.session.commit()
    assert "구청장이 가는 날" in why_not_near_election(forum, now)
    forum.visit_kind = None
    assert "종류를 먼저" in why_not_near_election(forum, now)
    db.session.rollback()
    with pytest.raises(Conflict):
        PROCESS.announce(forum.id, by=clerk)
    db.session.rollback()
    starts = now - timedelta(days=1)
    PROCESS.write(forum.id, Times("주민센터", starts, starts + timedelta(hours=1)), version=forum.version, by=clerk)
    held = minutes.write_down_announced(forum.id, HEARD, 138, Visiting(went="구청장, 부서장 7명"), by=clerk)
    assert (held.visit_kind, held.went, held.announced_at is None) == ("주민과의 대화", "구청장, 부서장 7명", False)


@pytest.mark.both
def test_a_visit_shows_who_went_why_it_was_moved_and_its_photographs(town, browse):
    decided(VISIT_KINDS=["동에 번쩍"])
    clerk = town.clerk()
    page, starts = browse(clerk), clock.now() - timedelta(days=3)
    typed = form_of(page, f"{DESK}/record") | {
        "title": "시장에 가요", "question": "무엇이 불편한가요?", "place": "시장", "starts_at": stamp(starts),
        "ends_at": stamp(starts + timedelta(hours=2)), "visit_kind": "동에 번쩍", "went": "동장, 담당자 2명",
        "moved_because": "비가 와서 시장 안으로 옮겼어요.", "heard-0-text": "가로등이 어두워요."}
    for wrong in ({"visit_kind": "소풍"}, {"went": "가" * 201}, {"form": "session"}):
        assert page.post(f"{DESK}/record", data=typed | wrong).status_code == 422
    answer = page.post(f"{DESK}/record", data=typed)
    assert answer.status_code == 303
    slug = answer.location.rpartition("/")[2]
    sent = form_of(page, f"{DESK}/{slug}/documents") | {
        "description": "쪽지를 붙이는 자리", "file": (picture(), "board.png")}
    assert page.post(f"{DESK}/{slug}/documents", data=sent).status_code == 303
    shown = browse().get(answer.location).text
    for words in ("누가 갔나요", "동장, 담당자 2명", "동에 번쩍", "비가 와서", 'alt="쪽지를 붙이는 자리"'):
        assert words in shown
    assert "사진 올리기" not in shown and "사진 올리기" in page.get(answer.location).text


@pytest.mark.both
def test_an_inner_visit_is_read_by_those_who_prepare_it_and_named_nowhere(town, browse):
    parks, here = town.department("공원녹지과"), town.neighbourhood()
    official, clerk, moderator = town.official(department=parks), town.clerk(), town.moderator()
    inner, word = Visiting(went="동장", is_closed=True), "홀몸어르신"
    holder, wording, times = parts(Form.VISIT, parks, here, where=f"{word} 댁")
    written = (holder, wording.__class__(f"{word} 댁에 가요", "어떻게 지내시나요?"), times, inner)
    with pytest.raises(Denied):
        minutes.write_down(written, HEARD, by=moderator)
    db.session.rollback()
    with pytest.raises(Refusal, match="나중에"):
        minutes.write_down(written, [minutes.Heard(text="추워요.", later=(parks.id, 14))], by=official)
    db.session.rollback()
    assert count(Forum) == 0
    held = minutes.write_down(written, HEARD, by=official)
    where = f"/forums/{held.slug}"
    assert held.announced_at is None and held.recorded_at is not None
    for reader in (official, clerk):
        assert browse(reader).get(where).status_code == 200 and word in main_of(browse(reader).get(DESK))
    for reader in (None, moderator, town.official(department=town.department("도로과")), town.administrator()):
        other = browse(reader) if reader else browse()
        for address in (where, f"{where}/minutes", f"{where}/record", f"{where}/calendar.ics", f"/f/{held.code}"):
            assert other.get(address).status_code == 404, address
        assert not reader or word not in other.get(DESK).text
    month = f"{local(held.starts_at):%Y-%m}"
    for address in ("/", "/forums", "/forums?form=visit", f"/search?q={quote(word)}", f"/calendar?month={month}",
                    "/feeds/forums.xml", "/sitemap.xml", "/answers/late"):
        text = browse().get(address).get_data(as_text=True)
        assert held.slug not in text and ("q=" in address or word not in text), address


def test_an_announced_visit_and_another_form_are_not_made_inner(town, browse):
    forum = announced_forum(town, form=Form.VISIT, neighbourhood_id=town.neighbourhood().id)
    page = browse(town.clerk())
    assert sent_to(page, f"{DESK}/{forum.slug}/visit", is_closed="y").status_code == 422
    forum.announced_at = None
    db.session.commit()
    assert sent_to(page, f"{DESK}/{forum.slug}/visit", is_closed="y").status_code == 303
    assert "안에서만 봐요" in main_of(page.get(f"{DESK}/{forum.slug}"))
    with pytest.raises(Denied, match="안에서만"):
        PROCESS.announce(forum.id, by=town.clerk())
    db.session.rollback()
    assert sent_to(page, f"{DESK}/{forum.slug}/holder", form="session").status_code == 403

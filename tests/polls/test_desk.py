"""The desk on which a moderator makes a poll, from the first form to the notices."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import Affiliation
from civic_forum.ballots.models import ElectionSeason, VoteNotice
from civic_forum.ballots.rolls import services as roll_services
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.polls.definition import definition
from civic_forum.polls.models import Option, Poll
from civic_forum.polls.queries import records
from tests.common import commit, form_of, main_of, picture, stamp
from tests.picking import chosen

from .making import BINDING, opened, options, poll, prepared, unannounced, voter

DESK = "/desk/polls"


@pytest.mark.both
def test_a_moderator_makes_a_poll_from_nothing_to_a_box_that_can_be_opened(town, browse, app, monkeypatch):
    page, now = browse(town.moderator()), clock.now()
    for _one in range(10):
        voter(town)
    place, bench = town.neighbourhood("독산3동"), town.proposal()
    made = page.post(f"{DESK}/new", data={
        "title": "빈터의 쓰임새", "question": "무엇으로 쓸까요?", "slug": "lot", "kind": "up_to_k", "max_choices": "2",
        "opens_at": stamp(now + timedelta(hours=1)), "closes_at": stamp(now + timedelta(days=7)),
        "roll_fixed_on": local(now - timedelta(days=2)).date().isoformat()})
    assert made.status_code == 303 and made.location == f"{DESK}/lot"
    assert "빠진 것 2가지" in main_of(page.get(f"{DESK}/lot"))

    for number, title in enumerate(("텃밭", "쉼터", "놀이터")):
        sent = form_of(page, f"{DESK}/lot/options") | {"title": title, "cost": "1,000,000", "title_en": "Garden"}
        if number == 1:
            sent |= {"picture": (picture(), "shade.png"), "picture_description": "나무 그늘 아래 의자",
                     "neighbourhood": str(place.id)} | chosen("proposal_number", bench.number)
        assert page.post(f"{DESK}/lot/options", data=sent).status_code == 303
    sent = form_of(page, f"{DESK}/lot/terms") | {"binding": BINDING, "quorum": "min_turnout", "quorum_value": "5"}
    assert page.post(f"{DESK}/lot/terms", data=sent).status_code == 303
    sent = form_of(page, f"{DESK}/lot/electorate") | {"who": ["residents"]}
    assert page.post(f"{DESK}/lot/electorate", data=sent).status_code == 303

    assert "모두에게 알리기" in main_of(page.get(f"{DESK}/lot"))
    assert browse().get("/polls/lot").status_code == 404
    page.post(f"{DESK}/lot/announcements")
    public = browse().get("/polls/lot").text
    assert "나무 그늘 아래 의자" in public and bench.number in public and "100만 원" in public
    key = html.fromstring(public).xpath("//img[@alt='나무 그늘 아래 의자']/@src")[0]
    with browse().get(key) as given:
        assert given.status_code == 200
    assert "열 준비하기" in main_of(page.get(f"{DESK}/lot"))
    page.post(f"{DESK}/lot/preparations")
    db.session.rollback()
    box = records.by_slug("lot").box
    assert f"/desk/votes/{box.id.hex()}" in page.get(f"{DESK}/lot").text
    assert "두 담당관이 열어요" in main_of(page.get(f"{DESK}/lot"))
    monkeypatch.setitem(app.config, "LEAST_ELECTORATE", 100)
    asks = main_of(page.get(f"{DESK}/lot"))
    assert "명부에 100명은 있어야" in asks and "두 담당관이 열어요" not in asks


def test_an_official_prepares_a_poll_of_the_own_department_and_does_not_announce_it(town, browse):
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    page = browse(town.official(department=parks))
    sent = form_of(page, f"{DESK}/new") | {
        "title": "빈터의 쓰임새", "question": "무엇으로 쓸까요?", "slug": "lot", "kind": "choose_one"}
    assert sent["department_id"] == str(parks.id)
    assert page.post(f"{DESK}/new", data=sent | {"department_id": str(roads.id)}).status_code == 403
    assert page.post(f"{DESK}/new", data=sent).status_code == 303
    assert f"{DESK}/lot/terms" in page.get(f"{DESK}/lot").text
    for title in ("텃밭", "쉼터"):
        assert page.post(f"{DESK}/lot/options", data=form_of(page, f"{DESK}/lot/options") | {
            "title": title}).status_code == 303
    terms = form_of(page, f"{DESK}/lot/terms") | {"binding": BINDING}
    assert page.post(f"{DESK}/lot/terms", data=terms).status_code == 303
    for name in ("announcements", "preparations", "season", "copies"):
        assert page.post(f"{DESK}/lot/{name}").status_code == 403
    away = form_of(page, f"{DESK}/lot/wording") | {"department_id": str(roads.id)}
    assert page.post(f"{DESK}/lot/wording", data=away).status_code == 403
    other = browse(town.official(department=roads))
    assert other.get(f"{DESK}/lot/wording").status_code == other.get(f"{DESK}/lot/options").status_code == 403
    assert browse(town.moderator()).post(f"{DESK}/lot/announcements").status_code == 303
    db.session.rollback()
    held = records.by_slug("lot")
    assert (held.department_id, held.announced_at is not None, len(held.options)) == (parks.id, True, 2)


def test_a_roll_that_is_too_small_is_said_before_everybody_is_told(town, browse, app, monkeypatch):
    moderator = town.moderator()
    made = unannounced(town, by=moderator)
    page = browse(moderator)
    monkeypatch.setitem(app.config, "LEAST_ELECTORATE", 100)
    assert "명부에 100명은 있어야" not in main_of(page.get(f"{DESK}/{made.slug}")), "nobody knows before it is fixed"
    roll_services.fix(made.roll_id, by=moderator)
    asks = main_of(page.get(f"{DESK}/{made.slug}"))
    assert "명부에 100명은 있어야" in asks and "모두에게 알리기" in asks


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("facts", "field"), [
    ({"title": ""}, "title"), ({"slug": "한글"}, "slug"), ({"slug": "new"}, "slug"), ({"kind": "x"}, "kind"),
    ({"opens_at": "0001-01-01T00:00"}, "opens_at"), ({"closes_at": "9999-12-31T23:59"}, "closes_at"),
    ({"roll_fixed_on": "9999-12-31"}, "roll_fixed_on"), ({"opens_at": "2026-01-01T00:00+09:00"}, "opens_at"),
    ({"opens_at": "soon"}, "opens_at"), ({"closes_at": ""}, "closes_at"), ({"roll_fixed_on": "x"}, "roll_fixed_on"),
    ({"kind": "up_to_k", "max_choices": "many"}, "max_choices"), ({"kind": "up_to_k", "max_choices": "0"}, None),
    ({"closes_at": "2001-01-01T00:00"}, "closes_at"), ({"question": "가" * 501}, "question"),
])
def test_a_fault_in_the_first_form_is_said_at_its_field(town, browse, facts, field):
    now = clock.now()
    answer = browse(town.moderator()).post(f"{DESK}/new", data={
        "title": "제목", "question": "질문", "slug": "lot", "kind": "choose_one", "opens_at": stamp(now),
        "closes_at": stamp(now + timedelta(days=2)), "roll_fixed_on": "2026-01-01"} | facts)
    if field is None:
        assert answer.status_code == 303  # nothing typed counts as one
        return
    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath(f"//*[@name='{field}' or @id='{field}'][@aria-invalid]")
    assert db.session.scalar(sa.select(sa.func.count(Poll.id))) == 0


def test_a_form_that_is_empty_names_every_field_that_is_asked_for(town, browse):
    answer = browse(town.moderator()).post(f"{DESK}/new", data={})
    wrong = set(html.fromstring(answer.text).xpath("//*[@aria-invalid]/@name"))
    assert answer.status_code == 422 and {"title", "question"} <= wrong and "slug" not in wrong


@pytest.mark.parametrize("part", ["wording", "times", "electorate", "terms"])
def test_a_part_that_is_saved_as_it_stands_changes_nothing(town, browse, part):
    made = unannounced(town, kind="up_to_k", max_choices=2, title_en="Lot", paper_until={"days": 9}, quorum={
        "kind": "min_voters", "value": 10}, roll_check={
        "from": {"days": -3}, "to": {"days": -1}})
    before = definition(made)
    page = browse(town.moderator())
    sent = form_of(page, f"{DESK}/{made.slug}/{part}")
    assert page.post(f"{DESK}/{made.slug}/{part}", data=sent).status_code == 303
    db.session.rollback()
    db.session.expire_all()
    after = definition(db.session.get(Poll, made.id))
    for texts in (before, after):  # a browser's field has no seconds
        texts["opens_at"], texts["closes_at"] = texts["opens_at"][:16], texts["closes_at"][:16]
    assert after == before


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("part", "facts", "field"), [
    ("wording", {"title": ""}, "title"), ("wording", {"sign_language_video": "ftp://x"}, "sign_language_video"),
    ("times", {"closes_at": "2001-01-01T00:00"}, "closes_at"),
    ("times", {"paper_until": "2001-01-01T00:00"}, "paper_until"),
    ("times", {"roll_check_from": "2001-02-01T00:00", "roll_check_to": "2001-01-01T00:00"}, "roll_check_to"),
    ("electorate", {"who": []}, "who"), ("electorate", {"min_age": "9"}, "min_age"),
    ("electorate", {"neighbourhoods": ["999"]}, "neighbourhoods"), ("electorate", {"roll_source": "x"}, "roll_source"),
    ("terms", {"quorum": "min_turnout", "quorum_value": "101"}, "quorum_value"), ("terms", {"kind": "luck"}, "kind"),
    ("terms", {"quorum": "per_mille", "quorum_value": "1001"}, "quorum_value"),
    ("terms", {"quorum": "per_mille", "quorum_value": "9", "quorum_residents": "900"}, "quorum_source"),
    ("terms", {"publishes": "names"}, "publishes"), ("terms", {"binding": "결과는 60일 안에 알려요."}, "answer_days"),
    ("terms", {"binding": "가" * 3001}, "binding"),
])
def test_a_fault_in_a_part_is_said_at_its_field(town, browse, part, facts, field):
    made = unannounced(town)
    page = browse(town.moderator())
    address = f"{DESK}/{made.slug}/{part}"
    answer = page.post(address, data=form_of(page, address) | facts)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.session.get(Poll, made.id, populate_existing=True).version == 1


def test_the_slower_of_two_editors_gets_409_and_nothing_is_lost(town, browse):
    made, page = unannounced(town), browse(town.moderator())
    address = f"{DESK}/{made.slug}/wording"
    sent = form_of(page, address)
    assert page.post(address, data=sent | {"title": "처음"}).status_code == 303
    late = page.post(address, data=sent | {"title": "나중"})
    assert late.status_code == 409 and "다른 사람이" in late.text and "나중" in late.text
    assert db.session.get(Poll, made.id, populate_existing=True).title == "처음"


@pytest.mark.both
def test_options_are_put_in_order_and_taken_out_until_people_know_their_numbers(town, browse):
    made, page = unannounced(town), browse(town.moderator())
    here = f"{DESK}/{made.slug}/options"

    def titles():
        db.session.rollback()
        return list(db.session.scalars(sa.select(Option.title).filter_by(poll_id=made.id).order_by(Option.number)))

    def version():
        return {"version": db.session.get(Poll, made.id, populate_existing=True).version}

    page.post(f"{here}/3/moves", data={"to": "1"} | version())
    assert titles() == ["놀이터", "텃밭", "주차장"]
    page.post(f"{here}/2/removals", data=version())
    assert titles() == ["놀이터", "주차장"]
    assert page.post(f"{here}/1/moves", data={"to": "9"} | version()).status_code == 422
    assert page.post(f"{here}/1/removals", data={"version": "1"}).status_code == 409
    page.post(f"{DESK}/{made.slug}/announcements")
    assert page.post(f"{here}/1/removals", data=version()).status_code == 403
    assert page.post(f"{here}/1/moves", data={"to": "2"} | version()).status_code == 403
    assert page.post(here, data=form_of(page, here) | {"title": "하나 더"}).status_code == 303
    assert titles() == ["놀이터", "주차장", "하나 더"]


@pytest.mark.both
def test_after_the_opening_nothing_is_edited_but_a_notice_corrects(town, browse):
    made = opened(town)
    page = browse(town.moderator())
    version = {"version": made.version}
    for part in ("wording", "times", "electorate", "terms"):
        address = f"{DESK}/{made.slug}/{part}"
        assert "고칠 수 없어요" in main_of(page.get(address))
        assert page.post(address, data=form_of(page, address)).status_code == 403
    for address in ("options/1/removals", "options/1/moves", "options/1/picture-removals", "preparations"):
        assert page.post(f"{DESK}/{made.slug}/{address}", data=version).status_code == 403, address
    answer = page.post(f"{DESK}/{made.slug}/notices", data={"title": "금액을 바로잡아요", "text": "14개가 맞아요."})
    assert answer.status_code == 303
    assert db.session.scalar(sa.select(VoteNotice.kind).filter_by(subject=made.subject)) == "correction"
    shown = main_of(browse().get(f"/polls/{made.slug}"))
    assert "바로잡음" in shown and "14개가 맞아요." in shown


@pytest.mark.both
def test_a_notice_needs_its_words(town, browse):
    made = poll(town)
    answer = browse(town.moderator()).post(f"{DESK}/{made.slug}/notices", data={"title": "", "text": "x"})
    assert answer.status_code == 422 and 'id="title-error"' in answer.text


def test_the_preview_shows_the_ballot_and_sends_nothing(town, browse):
    made = unannounced(town)
    answer = browse(town.moderator()).get(f"{DESK}/{made.slug}/preview")
    tree = html.fromstring(answer.text)
    assert "미리보기예요" in main_of(answer) and "텃밭" in main_of(answer)
    assert not tree.xpath("//main//form[@method='post']") and not tree.xpath("//main//button[@type='submit']")
    assert len(tree.xpath("//input[@name='option'][@type='radio']")) == 4  # three and the blank
    assert browse(town.resident()).get(f"{DESK}/{made.slug}/preview").status_code == 403


@pytest.mark.both
def test_an_administrator_sets_election_seasons_and_a_vote_in_one_asks_again(town, browse):
    boss, today = browse(town.administrator()), local(clock.now()).date()
    answer = boss.post("/desk/election-seasons", data={
        "name": "지방선거", "first_day": today.isoformat(), "last_day": (today + timedelta(days=9)).isoformat()})
    assert answer.status_code == 303 and "지방선거" in boss.get("/desk/election-seasons").text
    made, page = poll(town), browse(town.moderator())
    assert "선거 기간과 겹쳐요" in main_of(page.get(f"{DESK}/{made.slug}"))
    assert page.post(f"{DESK}/{made.slug}/preparations").status_code == 409
    assert "지방선거" in main_of(page.get(f"{DESK}/{made.slug}/season"))
    assert page.post(f"{DESK}/{made.slug}/season").status_code == 303
    assert "열 준비" in main_of(page.get(f"{DESK}/{made.slug}"))
    season = db.session.scalar(sa.select(ElectionSeason.id))
    assert page.post(f"/desk/election-seasons/{season}/removals").status_code == 403
    assert boss.post(f"/desk/election-seasons/{season}/removals").status_code == 303
    assert boss.post(f"/desk/election-seasons/{season}/removals").status_code == 404


@pytest.mark.both
@pytest.mark.parametrize("facts", [{"name": ""}, {"first_day": "x"}, {"last_day": "2020-01-01"}])
def test_a_season_that_makes_no_sense_is_refused(town, browse, facts):
    answer = browse(town.administrator()).post("/desk/election-seasons", data={
        "name": "선거", "first_day": "2030-01-01", "last_day": "2030-02-01"} | facts)
    assert answer.status_code == 422 and db.session.scalar(sa.select(sa.func.count(ElectionSeason.id))) == 0


@pytest.mark.in_turns(of=5)
def test_the_desk_answers_objections_and_corrects_the_roll(town, browse):
    missing = voter(town, place="가산동")
    inside = voter(town)
    town.neighbourhood("시흥1동")
    made = prepared(town, opens_at={"days": 2, "time": "09:00"}, closes_at={"days": 9, "time": "18:00"}, eligibility={
        "who": ["구민"], "neighbourhoods": ["시흥1동"],
        "roll_fixed_on": (clock.now() - timedelta(days=7)).date().isoformat()})
    browse(missing).post(f"/polls/{made.slug}/roll/objections", data={"text": "저도 시흥1동에 살아요."})
    page, here = browse(town.moderator()), f"{DESK}/{made.slug}/roll"
    shown = page.get(here)
    assert "저도 시흥1동에 살아요." in main_of(shown)
    answer_url = html.fromstring(shown.text).xpath("//form[contains(@action, '/answers/')]/@action")[0]
    assert page.post(answer_url, data={"text": "확인해서 명부에 넣었어요."}).status_code == 303
    sent = {"name": missing.sign_in_name, "what": "add", "reason": "이사한 것을 확인했어요"}
    assert "정해진 동의 주민만" in main_of(page.post(f"{here}/corrections", data=sent))
    commit(sa.update(Affiliation).where(Affiliation.user_id == missing.id).values(
        neighbourhood_id=town.neighbourhood("시흥1동").id))
    assert page.post(f"{here}/corrections", data=sent).status_code == 303
    sent = {"name": inside.sign_in_name, "what": "strike", "reason": "다른 구로 이사했어요"}
    assert page.post(f"{here}/corrections", data=sent).status_code == 303
    db.session.rollback()
    assert "투표인 명부에 있어요" in main_of(browse(missing).get(f"/polls/{made.slug}"))
    assert "다른 구로 이사했어요" in main_of(browse(inside).get(f"/polls/{made.slug}"))
    for facts in ({"name": "nobody-here"}, {"what": "x"}, {"reason": ""}):
        assert page.post(f"{here}/corrections", data=sent | facts).status_code in (409, 422)


@pytest.mark.both
def test_an_imported_list_is_taken_over_whole_or_not_at_all(town, browse):
    town.neighbourhood("시흥1동")
    made = poll(town, eligibility={"who": ["구민"], "check": "imported",
                                   "roll_fixed_on": (clock.now() - timedelta(days=1)).date().isoformat()})
    page, here = browse(town.moderator()), f"{DESK}/{made.slug}/roll"
    wrong = "name,birth_date,neighbourhood\n김하늘,1990-01-01,시흥1동\n이바다,1990-13-01,시흥1동\n"
    answer = page.post(f"{here}/imports", data={"list": (BytesIO(wrong.encode()), "a.csv")})
    assert answer.status_code == 422 and "3번째 줄" in main_of(answer) and "이바다" not in answer.text
    right = wrong.replace("13-01", "12-01")
    asked = page.post(f"{here}/imports", data={"list": (BytesIO(right.encode()), "a.csv")})
    assert "2명" in main_of(asked) and "시흥1동" in main_of(asked) and "아직 확정하지 않았어요" in main_of(page.get(here))
    seen = asked.text.partition('name="seen" value="')[2][:64]
    again = wrong.replace("이바다,1990-13-01", "이나무,1990-12-01")
    other = page.post(f"{here}/imports", data={"seen": seen, "list": (BytesIO(again.encode()), "a.csv")})
    assert other.status_code == 200
    answer = page.post(f"{here}/imports", data={"seen": seen, "list": (BytesIO(right.encode()), "a.csv")})
    assert answer.status_code == 303 and "2명" in main_of(page.get(here))
    assert "그 명부를 버려요" in main_of(page.get(f"{DESK}/{made.slug}/electorate"))
    assert page.post(f"{here}/imports", data={}).status_code == 422


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999", "-1", "x"])
def test_an_option_that_is_not_there_is_not_found(town, browse, number):
    made, page = unannounced(town), browse(town.moderator())
    assert page.get(f"{DESK}/{made.slug}/options/{number}").status_code == 404
    for change in ("removals", "moves", "picture-removals"):
        assert page.post(f"{DESK}/{made.slug}/options/{number}/{change}", data={"version": "1"}).status_code == 404


def test_the_list_says_who_makes_a_poll(town, browse):
    assert "투표를 만들고" in main_of(browse(town.moderator()).get(DESK))
    assert "새 투표 만들기" in main_of(browse(town.official()).get(DESK))
    assert "투표는 운영자가 만들어요" in main_of(browse(town.administrator()).get(DESK))


@pytest.mark.in_turns(of=5)
def test_the_list_of_the_desk_holds_every_stage_and_few_statements(town, browse, queries):
    moderator = town.moderator()
    for _one in range(6):
        unannounced(town, by=moderator)
    opened(town)
    page = browse(moderator)
    with queries() as seen:
        shown = page.get(DESK).text
    assert len(seen) <= 9 and "준비 중" in shown and "지금 투표 중" in shown
    assert "투표 준비하기" in page.get("/desk").text


def test_the_page_of_a_vote_on_the_desk_takes_few_statements(town, browse, queries):
    made = prepared(town, kind="up_to_k", max_choices=3, options=options(18))
    for who in (town.moderator(), town.official()):
        page = browse(who)
        page.get(f"{DESK}/{made.slug}")
        with queries() as seen:
            assert page.get(f"{DESK}/{made.slug}").status_code == 200
        assert len(seen) <= 10, seen

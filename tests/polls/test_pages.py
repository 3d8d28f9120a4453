"""The list of votes and the page of one: at every stage, for everybody who may come."""

from datetime import timedelta

import pytest
from lxml import html

from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import ElectionSeason, Voter
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import day, local
from civic_forum.polls import process
from tests.ballots.boxes import form_of
from tests.ballots.kiosks import device
from tests.ballots.officials import strike
from tests.ballots.officials import observers_sign
from tests.factories import saved

from .making import opened, options, poll, prepared, unannounced, voter
from .published import published, votes


def text_of(answer) -> str:
    page = html.fromstring(answer.text)
    return " ".join(page.xpath("//main")[0].text_content().split())


def without_clock(answer) -> str:
    page = html.fromstring(answer.text)
    for figures in page.xpath("//dl[@class='figures']"):
        figures.getparent().remove(figures)
    return " ".join(page.xpath("//main")[0].text_content().split())


def casts(made, user, *chosen):
    rule = boxes.rule_of(made.box)
    person = identities.candidates(user)[0]
    casting.cast(made.box_id, person, form_of(made.box, person, rule.encode(dict.fromkeys(chosen, 1))), Channel.ONLINE)


def test_an_open_vote_tells_a_visitor_everything_but_a_count(town, browse):
    made = opened(town, quorum={"kind": "min_voters", "value": 5, "text": "다섯 명이 넘게"},
                  sign_language_video="https://example.org/sign")
    page = text_of(browse().get(f"/polls/{made.slug}"))
    for said in ("지금 투표 중", made.title, made.question, "금천구에 사는 사람이 투표해요", made.binding, "5명 이상 투표해야 해요",
                 "채울 수 5명", "5명 남았어요", "모자라면 아무것도 정하지 않아요.",
                 "텃밭", "4,200만 원", "수어 영상 보기", "로그인하고 투표하기", made.box.fingerprint.hex(),
                 "종이로 투표하기", "도움을 받아 투표하기"):
        assert said in page, said
    assert "다섯 명이 넘게" not in page


def test_a_kiosk_is_promised_where_there_is_a_kiosk(town, browse):
    made = opened(town)
    assert "투표 화면에서 혼자" not in text_of(browse().get(f"/polls/{made.slug}"))
    device()
    assert "투표 화면에서 혼자" in text_of(browse().get(f"/polls/{made.slug}"))


def test_the_turnout_is_shown_and_grows_and_nothing_else_does(town, browse):
    first = voter(town)
    made = opened(town, voters=9)
    before = without_clock(browse().get(f"/polls/{made.slug}"))
    casts(made, first, 2)
    after = without_clock(browse().get(f"/polls/{made.slug}"))
    assert "참여 0명" in before and "참여 1명" in after
    assert before.replace("참여 0명", "").replace("온라인0명", "") == (after.replace("참여 1명", "").replace("온라인1명", ""))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("who", "title", "way"), [
    ("visitor", "투표하려면 로그인해 주세요", "/sign-in?next=%2Fpolls%2F"),
    ("voter", "투표할 수 있어요", "/ballot"),
    ("voted", "투표한 것으로 되어 있어요", "/ballot"),
    ("stranger", "이번 투표에는 참여할 수 없어요", "/me/residency?next=%2Fpolls%2F"),
    ("late", "이번 투표에는 참여할 수 없어요", "/me/residency?next=%2Fpolls%2F"),
    ("elsewhere", "이번 투표에는 참여할 수 없어요", "/me/residency?next=%2Fpolls%2F"),
    ("struck", "이번 투표에는 참여할 수 없어요", "/roll"),
    ("paper", "종이 투표지를 받았어요", "/roll"),
    ("helped", "주민센터에서 도움을 받아 투표했어요", "/ballot"),
])
def test_everybody_sees_at_once_whether_they_may_vote_and_what_to_do(town, browse, who, title, way):
    user = None if who == "visitor" else town.user() if who == "stranger" else voter(
        town, place="가산동" if who == "elsewhere" else "시흥1동",
        since=clock.now() - timedelta(days=1) if who == "late" else None)
    town.neighbourhood("시흥1동")
    made = opened(town, eligibility={"who": ["구민"], "neighbourhoods": ["시흥1동"],
                                     "roll_fixed_on": (clock.now() - timedelta(days=7)).date().isoformat()})
    if who == "voted":
        casts(made, user, 1)
    if who in ("paper", "helped"):
        row_key = keyring.box_keys(made.box_id).row_key(made.box_id, identities.candidates(user)[0])
        db.session.add(Voter(box_id=made.box_id, row_key=row_key, sealed=b"", channel=(
            Channel.ASSISTED if who == "helped" else Channel.PAPER_ISSUED)))
        db.session.commit()
    if who == "struck":
        strike(made.box_id, identities.candidates(user)[0], town.moderator(), town.official(), "이사를 가셨어요")
    answer = browse(user).get(f"/polls/{made.slug}")
    assert title in text_of(answer)
    links = html.fromstring(answer.text).xpath("//main//p[@class='act-row']//a/@href")
    assert any(way in link for link in links), links
    if who == "struck":
        assert "이사를 가셨어요" in text_of(answer)


def test_before_the_opening_one_checks_the_roll(town, browse):
    user = voter(town)
    made = prepared(town, opens_at={"days": 2, "time": "09:00"}, closes_at={"days": 9, "time": "18:00"})
    page = text_of(browse(user).get(f"/polls/{made.slug}"))
    assert "투표인 명부에 있어요" in page and "내 투표권 확인하기" in page and "시작까지" in page
    assert "로그인하고 내 투표권 확인하기" in text_of(browse().get(f"/polls/{made.slug}"))


def test_a_vote_that_nobody_opened_stays_announced(town, browse):
    made = prepared(town)
    assert made.opens_at < clock.now()
    page = text_of(browse().get(f"/polls/{made.slug}"))
    assert "곧 시작해요" in page and "투표하기" not in page.replace("종이로 투표하기", "").replace("받아 투표하기", "")


def test_the_first_reading_after_the_close_closes_it(town, browse):
    user = voter(town)
    made = opened(town, voters=9)
    casts(made, user, 1)
    clock.shift(8 * 24 * 3600)
    page = text_of(browse(user).get(f"/polls/{made.slug}"))
    assert "마감했어요" in page and "다음에 있을 일" in page and "투표한 것으로 되어 있어요" in page
    db.session.rollback()
    assert boxes.by_id(made.box_id).closed_at is not None
    assert "투표한 사람은 1명이에요" in page
    assert not closing.close_due()


@pytest.mark.both
def test_the_list_closes_what_is_due_as_well(town, browse):
    made = opened(town)
    clock.shift(8 * 24 * 3600)
    assert "마감했어요" in text_of(browse().get("/polls"))
    db.session.rollback()
    assert boxes.by_id(made.box_id).closed_at is not None


def test_a_poll_in_preparation_is_seen_only_by_those_who_prepare_it(town, browse):
    made = unannounced(town)
    for who, status in ((None, 404), (town.resident(), 404), (town.clerk(), 404), (town.moderator(), 200),
                        (town.official(), 200), (town.administrator(), 200)):
        assert browse(who).get(f"/polls/{made.slug}").status_code == status
    assert made.title not in browse().get("/polls").text


@pytest.mark.both
def test_the_list_is_filtered_by_stage_and_refuses_what_it_does_not_know(town, browse):
    announced = poll(town, title="알린 투표")
    running = opened(town, title="열린 투표")
    page = browse()
    for stage, there, not_there in (("open", running, announced), ("announced", announced, running)):
        shown = page.get(f"/polls?stage={stage}").text
        assert there.slug in shown and f"/polls/{not_there.slug}\"" not in shown
    assert "이런 투표는 아직 없어요" in page.get("/polls?stage=published").text
    for wrong in ("stage=preparing", "stage=x", "after=x", "after=WzFd"):
        assert page.get(f"/polls?{wrong}").status_code == 400


@pytest.mark.both
def test_the_list_goes_on_page_by_page_and_leaves_nothing_out(town, browse):
    moderator = town.moderator()
    made = {poll(town, by=moderator, closes_at={"days": 5 + number // 3, "time": "18:00"}).slug for number in range(23)}
    seen, address, page = [], "/polls", browse()
    while address:
        tree = html.fromstring(page.get(address).text)
        seen += tree.xpath("//a[@class='card-link']/@href")
        address = next(iter(tree.xpath("//a[@rel='next']/@href")), None)
    assert sorted(seen) == sorted(f"/polls/{slug}" for slug in made)


def test_open_votes_come_first_then_announced_ones_then_the_rest(town, browse):
    over = opened(town, closes_at=(clock.now() + timedelta(hours=2)).isoformat(timespec="seconds"))
    clock.shift(3 * 3600)
    announced = poll(town, closes_at={"days": 30}, opens_at={"days": 20})
    running = opened(town, closes_at={"days": 2})
    tree = html.fromstring(browse().get("/polls").text)
    assert tree.xpath("//a[@class='card-link']/@href") == [f"/polls/{one.slug}" for one in (running, announced, over)]


@pytest.mark.both
def test_the_page_of_a_published_vote_takes_few_statements(town, browse, queries):
    user = voter(town)
    made = published(town, votes(12, 20, 5), ballots=40, blank=3)
    observers_sign(made.box_id)
    for who, most in ((None, 10), (user, 14), (town.user(), 14)):
        page = browse(who)
        page.get(f"/polls/{made.slug}")
        with queries() as seen:
            assert page.get(f"/polls/{made.slug}").status_code == 200
        assert len(seen) <= most, (who, seen)


@pytest.mark.in_turns(of=5)
def test_pages_take_few_statements_however_much_there_is(town, browse, queries):
    user, moderator = voter(town), town.moderator()
    for _one in range(25):
        poll(town, by=moderator)
    made = opened(town, voters=9, kind="up_to_k", max_choices=6, options=options(18), notices=[
        {"at": "2026-01-01T00:00:00+09:00", "title": f"알림 {n}", "text": "글"} for n in range(5)])
    for address, more in (("/polls", 0), (f"/polls/{made.slug}", 4), ("/polls?stage=open", 0)):
        for who, most in ((None, 6), (user, 10), (town.user(), 10), (town.moderator(), 10)):
            page = browse(who)
            page.get(address)
            with queries() as seen:
                assert page.get(address).status_code == 200
            assert len(seen) <= most + more, (address, who, seen)


def test_english_pages_speak_english_where_somebody_wrote_it(town, browse):
    made = opened(town, title_en="What should the empty lot become?", options=[
        {"number": 1, "title": "텃밭", "title_en": "Vegetable plots"}, {"number": 2, "title": "쉼터"}])
    page = browse()
    page.set_cookie("language", "en")
    shown = page.get(f"/polls/{made.slug}").text
    assert "What should the empty lot become?" in shown and "Vegetable plots" in shown
    assert '<h3 lang="ko">쉼터</h3>' in shown


def test_pages_in_chinese_speak_it_where_somebody_wrote_it_and_mark_what_is_korean(town, browse):
    made = opened(town, title_zh="空地用来做什么？", options=[
        {"number": 1, "title": "텃밭", "title_zh": "菜园"}, {"number": 2, "title": "쉼터"}])
    page = browse()
    page.set_cookie("language", "zh")
    shown = html.fromstring(page.get(f"/polls/{made.slug}").text)
    assert shown.get("lang") == "zh" and "空地用来做什么？" in shown.xpath("//h1")[0].text_content()
    assert [title.text_content() for title in shown.xpath("//h3")][:2] == ["菜园", "쉼터"]
    assert shown.xpath("//h3[@lang='ko' or span[@lang='ko']]")[0].text_content() == "쉼터"


def test_the_one_who_holds_a_vote_in_election_season_is_public(town, browse):
    today = clock.now().date()
    saved(ElectionSeason(name="보궐선거", first_day=today, last_day=today + timedelta(days=3), set_at=clock.now()))
    moderator = town.moderator(nickname="산들바람")
    made = poll(town, by=moderator)
    process.PROCESS.accept_season(made.id, by=moderator)
    page = text_of(browse().get(f"/polls/{made.slug}"))
    assert "산들바람 님이" in page and "선거 기간" in page


def test_the_open_vote_has_the_panel_of_the_first_page(town, browse, queries):
    lamp = town.proposal(support_count=15)
    made = opened(town, title="먼저 끝나는 투표")
    later = poll(town, title="알린 투표", opens_at={"days": 1, "time": "09:00"}, closes_at={"days": 3, "time": "09:00"})
    page = browse()
    tree = html.fromstring(page.get("/").text)
    assert made.title in tree.xpath("//section[@class='livecard']")[0].text_content()
    assert tree.xpath("//section[@aria-labelledby='deciding']//a/@href") == [
        "/polls", f"/polls/{later.slug}", f"/proposals/{lamp.number}"], "a lone card has company"
    with queries() as seen:
        page.get("/")
    assert len(seen) <= 6
    clock.shift(8 * 24 * 3600)
    assert made.title not in page.get("/").text


def test_no_result_stands_on_the_first_page_among_what_is_to_come(town, browse):
    page, result = browse(), published(town, votes(4, 6), ballots=10)
    running = opened(town, closes_at={"days": 5})
    to_come = poll(town, opens_at={"days": 1, "time": "09:00"}, closes_at={"days": 3, "time": "09:00"})
    tree = html.fromstring(page.get("/").text)
    assert tree.xpath("//section[@class='livecard']//a/@href") == [f"/polls/{running.slug}"]
    assert tree.xpath("//section[@aria-labelledby='deciding']//a[@class='card-link']/@href") == [
        f"/polls/{to_come.slug}"]
    assert result.title not in tree.text_content() or result.title in (running.title, to_come.title)


def test_a_vote_can_be_found_and_says_how_far_it_is(town, browse):
    made = opened(town, title="빈터의 쓰임새를 정해요")
    found = browse().get("/search?q=빈터의").text
    assert f'href="/polls/{made.slug}"' in found and "지금 투표 중" in found
    assert f'href="/polls/{made.slug}"' in browse().get("/search?q=텃밭&kind=poll").text


def test_a_proposal_tells_that_it_is_voted_on(town, browse):
    bench, lamp = town.proposal(title="앉을 곳을 만들어 주세요"), town.proposal(title="가로등을 달아 주세요")
    made = poll(town, links={"proposals": [bench.title]}, options=[
        {"number": 1, "title": "가로등", "proposal": lamp.number}, {"number": 2, "title": "의자"}])
    for proposal in (bench, lamp):
        shown = text_of(browse().get(f"/proposals/{proposal.number}"))
        assert "이 제안이 투표에 올랐어요" in shown and made.title in shown and "투표에 올랐어요" in shown
    page = browse().get(f"/polls/{made.slug}").text
    assert f"/proposals/{bench.number}" in page and f"/proposals/{lamp.number}" in page


def test_a_hidden_proposal_is_not_linked(town, browse):
    bench = town.proposal()
    made = poll(town, options=[{"number": 1, "title": "의자", "proposal": bench.number}, {"number": 2, "title": "등"}])
    bench.hidden_at, bench.hidden_rule = clock.now(), "spam"
    db.session.commit()
    page = browse().get(f"/polls/{made.slug}").text
    assert "의자" in page and bench.number not in page


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("address", "open_word"), [("/polls/{}", "마감까지"), ("/polls", "남음"), ("/", "지금 투표 중")])
def test_a_kept_page_never_outlives_the_close(town, app, browse, monkeypatch, address, open_word):
    monkeypatch.setitem(app.config, "PAGE_CACHE", True)
    minute = clock.now().replace(second=0, microsecond=0) + timedelta(days=2)
    made = opened(town, closes_at=(minute + timedelta(seconds=40)).isoformat(timespec="seconds"))
    here, page = address.format(made.slug), browse()
    stop_the_clock(monkeypatch, minute + timedelta(seconds=20))
    assert open_word in text_of(page.get(here))
    stop_the_clock(monkeypatch, minute + timedelta(seconds=40))
    assert open_word not in text_of(page.get(here))


def stop_the_clock(monkeypatch, moment) -> None:
    """For the pages; the database's own clock goes on."""
    monkeypatch.setattr(clock, "read", lambda: moment)


@pytest.mark.both
def test_texts_written_in_korean_are_marked_on_english_pages(town, browse):
    made = opened(town, programme="나풀나풀", invented="지어낸 투표예요", sign_language_video="수어 영상 자리",
                  quorum={"kind": "min_voters", "value": 5}, notices=[
                      {"at": "2026-01-01T00:00:00+09:00", "title": "바뀐 것", "text": "금액이 달라요"}])
    poll(town, title="다음 투표", question="무엇을 할까요?")
    page = browse()
    page.set_cookie("language", "en")
    written = [made.title, made.question, "사람이 투표해요.", made.binding, made.invented, "다음 투표",
               "무엇을 할까요?", "바뀐 것", "금액이 달라요", "텃밭", "수어 영상 자리", "오래 비어 있던"]
    for address in (f"/polls/{made.slug}", "/polls", "/"):
        document = html.fromstring(page.get(address).text)
        for element in document.xpath("//*[@lang='ko'] | //title | //head"):
            element.drop_tree()
        left = document.text_content()
        assert [text for text in written if text in left] == [], address


def test_a_vote_that_missed_its_opening_says_so_and_leaves_the_first_page(town, browse):
    made = prepared(town, title="열지 못한 투표")
    assert "아직 열지 않았어요" in text_of(browse().get(f"/polls/{made.slug}"))
    clock.shift(8 * 24 * 3600)
    assert made.title not in browse().get("/").text
    assert made.title in browse().get("/polls").text


def test_a_vote_until_midnight_ends_the_evening_before_on_every_page(town, browse):
    midnight = local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=5)
    made = opened(town, closes_at=midnight.isoformat())
    evening = f"{day(midnight - timedelta(days=1))} 밤 12시"
    assert f"{evening}까지" in text_of(browse().get(f"/polls/{made.slug}"))
    assert f"{day(midnight - timedelta(days=1))} 밤 12시" in text_of(browse().get("/polls"))
    desk = browse(town.moderator())
    assert evening in text_of(desk.get(f"/desk/polls/{made.slug}")) and evening in text_of(desk.get("/desk/polls"))
    other = unannounced(town, closes_at=midnight.isoformat())
    assert "00:00이면 그 전날 밤 12시에 끝나요" in text_of(desk.get(f"/desk/polls/{other.slug}/times"))

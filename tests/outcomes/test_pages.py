"""Pages of outcomes for everybody, and those of officials at their desk."""

import csv
import html
import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.queries import records as commitments
from civic_forum.journeys import operations
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import day, local
from civic_forum.platform.waiting import Staff
from civic_forum.outcomes import services
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision, OutcomeState, Progress, WayStep
from tests.answers import making as answers
from tests.common import today
from tests.factories import saved

from .making import REASONS, TITLE, agenda, answered, carried, published, text

MOST = 6
"""Statements of a page for visitors."""


@pytest.fixture
def second(town):
    return town.official()


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def ready(official, **facts) -> Outcome:
    """Public at once: for lists that only read."""
    [department] = official.department_ids()
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Outcome)) + 1
    return saved(Outcome(**{
        "subject": "proposal", "subject_id": number, "department_id": department,
        "state": OutcomeState.PUBLISHED, "decision": Decision.DECIDED, "title": f"{number}번째로 정한 일",
        "reasons": REASONS, "reasons_html": f"<p>{REASONS}</p>",
        "decided_on": date(2030, 1, 1) + timedelta(days=number),
        "way": [[WayStep.PROPOSED.value, 1, "2029-12-01", "/proposals/2029-0001"]], "written_by_id": official.id,
        "written_at": clock.now(), "published_at": clock.now()} | facts))


def test_the_empty_list_says_what_will_stand_there(town, browse):
    told = page(browse(), "/outcomes")
    assert "아직 알린 결과가 없어요." in told and "0건" in told
    assert "결과와 실행" not in page(browse(), "/")


def test_an_outcome_stands_in_the_list_on_the_first_page_at_the_agenda_and_its_proposals(
        town, official, second, browse):
    inside = town.proposal(title="골목 모퉁이를 비워 주세요")
    about = agenda(town, official, inside)
    outcome = published("agenda", about.id, official, second)
    for address in ("/outcomes", "/", f"/agendas/{about.slug}", f"/proposals/{inside.number}"):
        told = page(browse(), address)
        assert TITLE in told and f"/outcomes/{outcome.id}" in told, address
    told = page(browse(), f"/outcomes/{outcome.id}")
    for said in (TITLE, "하기로 했어요", REASONS, "열한 곳을 밤 11시에 셌어요.", "4,100만 원", "공감하거나 댓글을 남긴",
                 inside.title, about.question, "이날까지 하기로 했어요"):
        assert said in told, said
    assert "투표 확인증" not in told


def test_an_outcome_that_is_told_after_the_answer_folds_it(town, official, second, browse, at):
    proposal = answers.on_the_table(town, official)
    answers.published(proposal, official, second)
    folded, page_of_it = f"앞서 한 답변 ({day(clock.now())}): 하기로 했어요", f"/proposals/{proposal.number}"
    assert folded not in page(browse(), page_of_it)
    at(clock.now() + timedelta(days=20))
    published("proposal", proposal.id, official, second, text(decision=Decision.DIFFERENTLY))
    told = page(browse(), page_of_it)
    assert told.index("다르게 하기로 했어요") < told.index(folded) and "답변 전체 읽기" not in told
    operations.add(db.session(), proposal.journey_id, "answered_again", at=clock.now() + timedelta(days=1))
    db.session.commit()
    told = page(browse(), page_of_it)
    assert folded not in told and "답변 전체 읽기" in told


def test_an_answer_that_is_younger_than_the_decision_stays(town, official, second, browse, at):
    proposal, before = answers.on_the_table(town, official), local(clock.now()).date()
    at(clock.now() + timedelta(days=20))
    answers.published(proposal, official, second)
    at(clock.now() + timedelta(days=1))
    published("proposal", proposal.id, official, second, text(decided_on=before))
    assert "앞서 한 답변" not in page(browse(), f"/proposals/{proposal.number}")


def test_the_numbers_above_the_list_add_up_to_all(town, official, second, browse):
    for decision in Decision:
        moved = {} if decision in (Decision.DECIDED, Decision.PARTLY, Decision.DIFFERENTLY) else {
            "promised_on": None, "cost": None, "cost_note": ""}
        published("proposal", answered(town, official).id, official, second, text(decision=decision, **moved))
    shown = page(browse(), "/outcomes")
    all_of_them, *parts = map(int, re.findall(r'<dd class="num">(\d+)건</dd>', shown))
    assert all_of_them == sum(parts) == len(Decision)


@pytest.mark.both
def test_search_finds_outcomes_by_what_their_documents_say(town, official, second, browse):
    about = agenda(town, official)
    outcome = published("agenda", about.id, official, second)
    told = page(browse(), "/search?q=조사표&kind=outcome")
    assert f"/outcomes/{outcome.id}" in told


@pytest.mark.in_turns(of=5)
def test_drafts_are_seen_by_their_department_alone(town, official, browse):
    about, stranger = agenda(town, official), town.official(department=town.department("청소과"))
    draft = services.save(Ref("agenda", about.id), text(title="아직 아무도 몰라요"), seen=0, by=official)
    assert "아직 아무도 몰라요" not in page(browse(), "/outcomes") + page(browse(), f"/agendas/{about.slug}")
    page(browse(), f"/outcomes/{draft.id}", 404)
    page(browse(stranger), f"/desk/outcomes/agendas/{about.slug}", 403)
    page(browse(town.moderator()), f"/desk/outcomes/agendas/{about.slug}", 403)
    assert "아직 아무도 몰라요" not in page(browse(stranger), "/desk/outcomes")
    assert "아직 아무도 몰라요" in page(browse(official), f"/desk/outcomes/agendas/{about.slug}")
    assert "아직 아무도 몰라요" in page(browse(official), "/desk/outcomes")


@pytest.mark.both
def test_the_list_is_filtered_by_links_and_unknown_filters_are_refused(town, official, second, browse):
    here, there = town.neighbourhood("시흥1동"), town.neighbourhood("독산1동")
    proposal = answered(town, official, neighbourhood_id=here.id)
    declined = text(decision=Decision.DECLINED, promised_on=None, cost=None, title="이번에는 하지 않아요")
    published("proposal", proposal.id, official, second, declined)
    ready(official, subject_id=999, title="오래전에 정한 일", decided_on=date(2021, 5, 1), progress=Progress.DONE,
          reported_on=date(2021, 6, 1))
    department = min(official.department_ids())
    for query, first, other in (
            ("decision=declined", True, False), ("decision=decided", False, True), ("progress=done", False, True),
            ("kind=proposal", True, True), ("kind=poll", False, False), (f"department={department}", True, True),
            (f"neighbourhood={here.id}", True, False), (f"neighbourhood={there.id}", False, False),
            ("neighbourhood=0", False, True), ("year=2021", False, True), (f"year={today().year}", True, False)):
        told = page(browse(), f"/outcomes?{query}")
        assert ("이번에는 하지 않아요" in told, "오래전에 정한 일" in told) == (first, other), query
    for query in ("decision=maybe", "kind=forum", "year=1999", "department=999", "neighbourhood=x", "after=x",
                  "progress=", "year=２０２１"):
        page(browse(), f"/outcomes?{query}", 200 if query == "progress=" else 400)


def forget_sections():
    current_app.extensions["sections"].clear()


@pytest.mark.both
def test_pages_of_a_long_list_follow_each_other_and_cost_the_same(town, official, browse, queries):
    client = browse()
    for _number in range(3):
        ready(official)
    counted = []
    for address in ("/outcomes", "/outcomes?year=2030&kind=proposal"):
        page(client, address)
        forget_sections()
        with queries() as seen:
            page(client, address)
        counted.append(len(seen))
    for _number in range(42):
        ready(official)
    for before, address in zip(counted, ("/outcomes", "/outcomes?year=2030&kind=proposal"), strict=True):
        forget_sections()
        with queries() as seen:
            told = page(client, address)
        assert len(seen) == before <= MOST, seen
    assert told.count('class="card-link out-name"') == 20 and "45건" in told
    shown, address = 0, "/outcomes"
    while address:
        told = page(client, address)
        shown += told.count('class="card-link out-name"')
        more = told.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0] if 'rel="next"' in told else None
        address = more and more.replace("&amp;", "&")
    assert shown == 45


@pytest.mark.both
def test_the_pages_of_visitors_take_few_statements(town, official, second, browse, queries):
    about = agenda(town, official, *(town.proposal() for _number in range(5)))
    outcome = published("agenda", about.id, official, second)
    carried(outcome, official, second, spent=22_000_000)
    proposal = db.session.scalar(sa.text("SELECT number FROM proposal ORDER BY id LIMIT 1"))
    for address in (f"/outcomes/{outcome.id}", f"/outcomes/{outcome.id}/versions", "/", "/outcomes",
                    f"/agendas/{about.slug}", f"/proposals/{proposal}"):
        client = browse()
        page(client, address)
        with queries() as seen:
            page(client, address)
        assert len(seen) <= (14 if "/proposals/" in address else MOST), (address, seen)


@pytest.mark.both
def test_the_table_of_outcomes_runs_no_formula(town, official, second, browse):
    about = agenda(town, official)
    published("agenda", about.id, official, second, text(title="=HYPERLINK(1) 정했어요"))
    told = browse().get("/outcomes?decision=decided&kind=agenda").text
    address = "/data/outcomes.csv?decision=decided&amp;kind=agenda"
    assert address in told
    answer = browse().get(html.unescape(address))
    [row] = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert answer.mimetype == "text/csv" and row["제목"] == "'=HYPERLINK(1) 정했어요"
    assert row["비용(원)"] == "41000000" and row["여기까지 온 길"].endswith("결정")
    for other, lines in (("decision=declined", 1), ("kind=poll", 1), ("progress=done", 1), (f"year={today().year}", 2)):
        assert len(list(csv.reader(io.StringIO(browse().get(f"/data/outcomes.csv?{other}").text)))) == lines, other


@pytest.mark.in_turns(of=5)
def test_everybody_sees_whether_a_promise_was_kept(town, official, second, browse, at):
    about, start = agenda(town, official), clock.now()
    outcome = published("agenda", about.id, official, second, text(promised_on=today() + timedelta(days=30)))
    told = page(browse(), f"/outcomes/{outcome.id}")
    assert "알린 것이 없어요" not in told
    at(start + timedelta(days=31))
    for address in (f"/outcomes/{outcome.id}", "/outcomes", "/", f"/agendas/{about.slug}"):
        assert "약속한 날이 지났는데 알린 것이 없어요" in page(browse(), address), address
    carried(outcome, official, second, spent=22_000_000)
    told = page(browse(), f"/outcomes/{outcome.id}")
    assert told.partition("<body")[2].count("약속한 날보다 늦어지고 있어요") == 1 and "볼라드를 놓았어요" in told and "지금까지 2,200만 원" in told
    carried(outcome, official, second, done=True)
    assert "약속한 날보다 늦게 마쳤어요" in page(browse(), f"/outcomes/{outcome.id}")


@pytest.mark.both
def test_versions_are_compared_word_by_word(town, official, second, browse):
    outcome = published("proposal", (about := answered(town, official)).id, official, second)
    assert "바로잡은 적이 없어요" in page(browse(), f"/outcomes/{outcome.id}/versions")
    services.correct(outcome.id, text(reasons=REASONS + " 세 번 셌어요.", decision=Decision.PARTLY), why="셈을 바로잡아요",
                     seen=1, by=official)
    assert "→ 일부" in page(browse(second), f"/desk/outcomes/proposals/{about.number}")
    seen = db.session.get(Outcome, outcome.id, populate_existing=True).correction["at"]
    services.approve_correction(outcome.id, seen=seen, by=second)
    told = page(browse(), f"/outcomes/{outcome.id}/versions")
    assert "셈을 바로잡아요" in told and "세 번 셌어요." in told and "<ins>" in told and "일부 </ins>" in told
    page(browse(), f"/outcomes/{outcome.id}/versions?from=1&to=9", 404)
    page(browse(), f"/outcomes/{outcome.id}/versions?from=x", 404)


def words_of(told: str) -> list[str]:
    return [words for words in (part.strip() for part in re.split(r"<[^>]*>", html.unescape(told))) if words]


def as_read(told: str) -> list[str]:
    """The content of an outcome as everybody will read it."""
    return words_of(re.search(r'<article class="as-read".*?</article>', told, re.S)[0])


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("lacks", ["decision", "title", "reasons"])
def test_an_outcome_that_is_not_complete_yet_can_be_previewed(town, official, browse, lacks):
    about = agenda(town, official)
    form = {"seen": "0", "decision": "decided", "title": TITLE, "reasons": REASONS, "decided_on": today().isoformat()}
    told = browse(official).post(f"/desk/outcomes/agendas/{about.slug}", data=form | {"do": "preview", lacks: ""})
    assert told.status_code == 200 and "교통행정과" in as_read(told.text)


@pytest.mark.both
def test_an_official_writes_previews_and_publishes_at_the_desk(town, official, second, browse):
    about = agenda(town, official)
    address, client = f"/desk/outcomes/agendas/{about.slug}", browse(official)
    told = page(client, "/desk/outcomes")
    assert address in told and about.question in told
    form = {"seen": "0", "decision": "decided", "title": TITLE, "reasons": f"{REASONS}\n\n**64면**", "cost": "4,100",
            "what_follows": "12월에 설명회를 열어요.", "decided_on": today().isoformat(),
            "promised_on": f"{today().year + 1}-04-07", "promised_within": "quarter",
            "document_title": ["골목 조사표", ""],
            "document_text": ["열한 곳을 셌어요.", ""], "link_title": ["제안 목록"], "link_text": ["/proposals"]}
    preview = client.post(address, data=form | {"do": "preview"}).text
    assert "<strong>64면</strong>" in preview and "미리 보기" in preview
    assert db.session.scalar(sa.select(Outcome)) is None
    seen = as_read(preview)
    assert {TITLE, "하기로 했어요", "12월에 설명회를 열어요.", "골목 조사표", "열한 곳을 셌어요.", "제안 목록", "4,100만 원", "교통행정과"} <= set(seen), seen
    told = client.post(address, data=form | {"do": "submit", "title": "짧아"})
    assert told.status_code == 422 and "제목을 5자 이상" in told.text and "열한 곳을 셌어요." in told.text
    assert client.post(address, data=form | {"do": "submit", "link_text": ["https://example.org"]}).status_code == 422
    assert client.post(address, data=form | {"do": "submit"}).status_code == 303
    assert "승인하고 공개하기" not in page(client, address)
    db.session.rollback()
    other = browse(second)
    waiting = page(other, address)
    assert "승인하고 공개하기" in waiting and as_read(waiting) == seen
    for act, sent in (("approvals", {"seen": "7"}), ("send-backs", {"back-seen": "7", "back-reason": "다시 써 주세요."})):
        late = other.post(f"{address}/{act}", data=sent)
        assert late.status_code == 409 and "그 사이에 다른 담당자가" in late.text and as_read(late.text) == seen
    assert other.post(f"{address}/send-backs", data={"back-seen": "1", "back-reason": "음"}).status_code == 422
    assert other.post(f"{address}/send-backs", data={"back-seen": "1", "back-reason": "날을 적어 주세요."}).status_code == 303
    assert "날을 적어 주세요." in page(client, address)
    assert client.post(address, data=form | {"do": "submit", "seen": "2"}).status_code == 303
    db.session.rollback()
    answer = other.post(f"{address}/approvals", data={"seen": "3"})
    assert answer.status_code == 303 and answer.location.startswith("/outcomes/")
    shown = words_of(page(browse(), answer.location))
    assert [words for words in seen if words not in shown] == [], "what was previewed is what everybody reads"
    outcome = db.session.scalar(sa.select(Outcome))
    assert (outcome.cost, outcome.documents, outcome.links) == (
        41_000_000, [["골목 조사표", "열한 곳을 셌어요."]], [["제안 목록", "/proposals"]])
    one = commitments.of_outcome(outcome.id)
    assert client.get(f"/desk/outcomes/{outcome.id}/reports").location == f"/desk/commitments/{one.id}"
    assert client.post(f"/desk/outcomes/{outcome.id}/reports").status_code == 405
    stranger = browse(town.official(department=town.department("청소과")))
    assert stranger.get(f"/desk/outcomes/{outcome.id}/reports").location == f"/commitments/{one.id}"


def test_a_proposal_is_found_by_its_number_at_the_desk(town, official, browse):
    proposal, client = answered(town, official), browse(official)
    assert client.get(f"/desk/outcomes?number={proposal.number}").location.endswith(proposal.number)
    assert "이런 접수번호의 제안이 없어요" in page(client, "/desk/outcomes?number=2031-9999")
    assert "결과 알리기" in page(client, f"/proposals/{proposal.number}")
    assert "결과 알리기" not in page(browse(), f"/proposals/{proposal.number}")


def test_a_hidden_proposal_is_named_nowhere(town, official, second, browse):
    secret = town.proposal(title="아무도 보면 안 되는 제목")
    about = agenda(town, official, town.proposal(), secret)
    grouped = published("agenda", about.id, official, second)
    own = answered(town, official, title="가려질 제목이에요")
    outcome = published("proposal", own.id, official, second)
    for one in (secret, own):
        one.hidden_at, one.hidden_rule = clock.now(), "privacy"
    db.session.commit()
    told = page(browse(), f"/outcomes/{grouped.id}") + page(browse(), f"/outcomes/{outcome.id}")
    assert secret.title not in told and own.title not in told and "가린 제안" in told


@pytest.mark.both
def test_work_that_waits_for_officials_stands_at_their_desk(town, official, second, browse):
    about = agenda(town, official)
    services.submit(Ref("agenda", about.id), text(), seen=0, by=official)
    assert "결과 승인" in page(browse(second), "/desk") and TITLE in page(browse(second), "/desk")
    assert TITLE not in page(browse(official), "/desk")
    services.approve(Ref("agenda", about.id), seen=1, by=second)
    outcome = db.session.scalar(sa.select(Outcome))
    outcome.promised_on = today() + timedelta(days=3)
    db.session.commit()
    assert f"/desk/commitments/{commitments.of_outcome(outcome.id).id}" in page(browse(official), "/desk")


@pytest.mark.both
def test_a_promise_comes_to_the_desk_thirty_days_before_the_day_that_the_desk_is_asked_for(town, official, second):
    outcome = published("proposal", answered(town, official).id, official, second)
    one = commitments.of_outcome(outcome.id)
    for days, found in ((31, []), (30, [one.id]), (-400, [one.id])):
        staff = Staff.of(official, outcome.promised_on - timedelta(days=days))
        assert [row[0] for row in db.session.execute(desk_queries.to_do(staff))] == found

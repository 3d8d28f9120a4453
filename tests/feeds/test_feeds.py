"""Atom feeds: valid whatever people write, the same names for ever, nothing that not everybody may read."""

from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from civic_forum.answers.models import Answer, AnswerVersion
from civic_forum.answers.rules import AnswerKind, AnswerOutcome, AnswerState, Disclosure
from civic_forum.ballots.counting import closing
from civic_forum.ballots.published import heads
from civic_forum.ballots.box import watching
from civic_forum.journeys import operations as journeys
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision, OutcomeState
from civic_forum.proposals.rules import State
from tests.ballots.boxes import box
from tests.ballots.officials import after
from tests.factories import MAY, saved

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]></title><script>alert(1)</script> & \"'\x0b\x1f\ufffe 가나 \U0001f600"


def read(browse, path):
    """The feed at this address, after a look at whether it is one."""
    answer = browse().get(path)
    assert answer.status_code == 200 and answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    names = [root.findtext(f"{ATOM}id")]
    for part in [root, *root.findall(f"{ATOM}entry")]:
        assert part.findtext(f"{ATOM}title").strip() and part.findtext(f"{ATOM}id").startswith("tag:127.0.0.1,2026:")
        assert datetime.strptime(part.findtext(f"{ATOM}updated"), "%Y-%m-%dT%H:%M:%SZ")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://127.0.0.1:8000{path}" and links["alternate"].startswith("http://127.0.0.1:8000/")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    names += [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(names)) == len(names)
    return root


def titles(root):
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


@pytest.fixture
def answered(town):
    """Publishes an answer to a proposal."""

    def answer(proposal, **facts):
        official = town.official()
        return saved(Answer(**{
            "proposal_id": proposal.id, "department_id": town.department().id, "kind": AnswerKind.FINAL,
            "outcome": AnswerOutcome.ACCEPTED, "state": AnswerState.PUBLISHED, "text": "고쳐요.",
            "text_html": "<p>고쳐요.</p>", "dated_on": date(2030, 5, 1), "disclosure": next(iter(Disclosure)),
            "written_by_id": official.id, "written_at": MAY, "published_at": MAY} | facts))

    return answer


@pytest.fixture
def outcome(town):
    def publish(**facts):
        official = town.official()
        return saved(Outcome(**{
            "subject": "proposal", "subject_id": 1, "department_id": town.department().id,
            "state": OutcomeState.PUBLISHED, "decision": Decision.DECIDED, "title": "가로등을 더 세워요",
            "reasons": "어두워요.", "reasons_html": "<p>어두워요.</p>", "decided_on": date(2030, 5, 1),
            "written_by_id": official.id, "written_at": MAY, "published_at": MAY} | facts))

    return publish


EMPTY = ("/feeds/proposals.atom", "/feeds/answers.atom", "/feeds/outcomes.atom")


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_feed_is_a_feed(town, browse, path):
    assert titles(read(browse, path)) == []


def test_the_newest_proposals_come_first(town, browse):
    first = town.proposal(title="먼저", published_at=MAY)
    town.proposal(title="나중", published_at=MAY + timedelta(days=1))
    root = read(browse, "/feeds/proposals.atom")
    assert titles(root) == ["나중", "먼저"] and root.findtext(f"{ATOM}updated") == "2030-05-02T09:00:00Z"
    entry = root.findall(f"{ATOM}entry")[1]
    assert entry.findtext(f"{ATOM}id") == f"tag:127.0.0.1,2026:proposal/{first.number}"
    assert entry.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000/proposals/{first.number}"
    first.title, first.edited_at = "고친 제목", MAY + timedelta(days=3)
    db.session.commit()
    again = read(browse, "/feeds/proposals.atom")
    assert again.findtext(f"{ATOM}updated") == "2030-05-04T09:00:00Z"
    assert again.findall(f"{ATOM}entry")[1].findtext(f"{ATOM}id") == entry.findtext(f"{ATOM}id")


def test_no_more_than_thirty(town, browse):
    author = town.resident()
    for _each in range(33):
        town.proposal(author=author)
    assert len(titles(read(browse, "/feeds/proposals.atom"))) == 30


def test_a_text_that_not_everybody_may_read_stands_nowhere(town, browse, answered):
    shown, hidden = town.proposal(title="보여요"), town.proposal(title="가렸어요", hidden_at=MAY, hidden_rule="abuse")
    held = town.proposal(title="기다려요", state=State.HELD)
    for proposal in (shown, hidden):
        answered(proposal)
    answered(shown, state=AnswerState.DRAFT, published_at=None)
    assert titles(read(browse, "/feeds/proposals.atom")) == ["보여요"]
    assert titles(read(browse, "/feeds/answers.atom")) == ["보여요 부서 답변"]
    for number in (hidden.number, held.number, "2030-9999", "x" * 300):
        assert browse().get(f"/feeds/proposals/{number}.atom").status_code == 404


@pytest.mark.both
def test_one_neighbourhood(town, browse):
    here, there = town.neighbourhood("독산1동"), town.neighbourhood("시흥1동")
    town.proposal(title="여기", neighbourhood_id=here.id)
    town.proposal(title="저기", neighbourhood_id=there.id)
    root = read(browse, f"/feeds/neighbourhoods/{here.id}.atom")
    assert titles(root) == ["여기"] and "독산1동" in root.findtext(f"{ATOM}title")
    assert browse().get("/feeds/neighbourhoods/999999.atom").status_code == 404


def test_the_journey_of_one_proposal(town, browse):
    proposal = town.proposal(title="가로등")
    with use_case(None) as work:
        journeys.add(work.session, proposal.journey_id, "registered", at=MAY)
        journeys.add(work.session, proposal.journey_id, "answered", at=MAY + timedelta(days=9),
                     evidence="마을자치과-1234", link=f"/proposals/{proposal.number}#answers")
    root = read(browse, f"/feeds/proposals/{proposal.number}.atom")
    assert titles(root) == ["부서가 답변했어요", "접수했어요"] and "가로등" in root.findtext(f"{ATOM}title")
    assert root.find(f"{ATOM}entry").findtext(f"{ATOM}summary") == "마을자치과-1234"


def test_a_corrected_answer_is_the_same_entry_changed_later(town, browse, answered):
    answer = answered(town.proposal(title="가로등"))
    name = read(browse, "/feeds/answers.atom").find(f"{ATOM}entry").findtext(f"{ATOM}id")
    answer.version = 2
    saved(AnswerVersion(answer_id=answer.id, version=2, text="고쳤어요.", details={}, by_id=answer.written_by_id,
                        at=MAY + timedelta(days=2)))
    entry = read(browse, "/feeds/answers.atom").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == name and entry.findtext(f"{ATOM}updated") == "2030-05-03T09:00:00Z"
    assert entry.findtext(f"{ATOM}published") == "2030-05-01T09:00:00Z"


def test_outcomes_that_were_published(town, browse, outcome):
    outcome()
    outcome(subject_id=2, title="아직", state=OutcomeState.DRAFT, published_at=None, decision=None)
    root = read(browse, "/feeds/outcomes.atom")
    assert titles(root) == ["가로등을 더 세워요"] and "어두워요." in root.find(f"{ATOM}entry").findtext(f"{ATOM}summary")


def test_a_decision_of_long_ago_that_is_told_now_is_news(browse, outcome):
    outcome(title="먼저 알렸어요", published_at=MAY)
    outcome(subject_id=2, title="이제 알려요", published_at=MAY + timedelta(days=1), decided_on=date(2029, 1, 1))
    assert titles(read(browse, "/feeds/outcomes.atom")) == ["이제 알려요", "먼저 알렸어요"]


@pytest.mark.both
def test_hostile_texts_are_only_texts(town, browse, answered, outcome):
    proposal = town.proposal(title=HOSTILE, excerpt=HOSTILE)
    answered(proposal, text_html="<p>&lt;script&gt;</p>")
    outcome(title=HOSTILE)
    for path in (*EMPTY, f"/feeds/proposals/{proposal.number}.atom"):
        assert "<script" not in browse().get(path).text
        read(browse, path)
    assert "<script>alert(1)</script>" in titles(read(browse, "/feeds/proposals.atom"))[0]


def test_unchanged_it_is_not_sent_again(town, browse):
    town.proposal()
    first = browse().get("/feeds/proposals.atom")
    again = browse().get("/feeds/proposals.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data and "Set-Cookie" not in first.headers
    town.proposal()
    assert browse().get("/feeds/proposals.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.both
def test_it_is_compressed_and_kept_as_pages_are(app, town, browse, queries, monkeypatch, at):
    at(MAY)
    monkeypatch.setitem(app.config, "PAGE_CACHE", True)
    town.proposal(excerpt="골목 " * 40)
    first = browse().get("/feeds/proposals.atom", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    with queries() as seen:
        again = browse().get("/feeds/proposals.atom")
    assert again.mimetype == "application/atom+xml" and len(seen) <= 1


@pytest.mark.parametrize("many", [1, 12])
def test_a_feed_takes_few_statements_however_much_stands_in_it(town, browse, queries, answered, outcome, many):
    proposals = [town.proposal(neighbourhood_id=town.neighbourhood().id) for _each in range(many)]
    for n, proposal in enumerate(proposals):
        answered(proposal)
        outcome(subject_id=n + 1)
    for path in (*EMPTY, f"/feeds/neighbourhoods/{town.neighbourhood().id}.atom",
                 f"/feeds/proposals/{proposals[0].number}.atom"):
        with queries() as seen:
            read(browse, path)
        assert len(seen) <= 4, (path, seen)


def test_pages_say_where_their_feeds_are(town, browse):
    proposal = town.proposal(neighbourhood_id=town.neighbourhood().id)
    found = 'type="application/atom+xml"'
    for page, path in (("/", "answers"), ("/proposals", "proposals"), ("/feeds", "outcomes"),
                       (f"/proposals/{proposal.number}", f"proposals/{proposal.number}"),
                       (f"/proposals?neighbourhood={town.neighbourhood().id}",
                        f"neighbourhoods/{town.neighbourhood().id}")):
        text = browse().get(page).text
        assert found in text and f'href="/feeds/{path}.atom"' in text, page
    assert 'href="/feeds"' in browse().get("/").text


def test_the_page_about_feeds_says_what_they_are(town, browse, queries):
    town.neighbourhood("독산1동")
    with queries() as seen:
        page = browse().get("/feeds")
    assert page.status_code == 200 and "독산1동" in page.text and "로그인하지 않아도" in page.text and len(seen) <= 2


def test_a_vote_shows_its_signed_counts_and_heads_the_newest_first(town, browse):
    made = box(20)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    path = f"/feeds/votes/{made.id.hex()}.atom"
    assert titles(read(browse, path)) == ["여는 기록 확인값"]
    watching.sign_due()
    assert titles(read(browse, path)) == ["11명이 참여했어요", "여는 기록 확인값"]
    after(3700)
    closing.close(made.id)
    root = read(browse, path)
    assert titles(root)[0] == "닫는 기록 확인값" and len(titles(root)) == 3
    summaries = [entry.findtext(f"{ATOM}summary") for entry in root.findall(f"{ATOM}entry")]
    assert heads.closing(made.id).root.hex() in summaries[0] and "320" in summaries[0]


def test_a_vote_that_is_not_open_and_a_rehearsal_have_no_feed(town, browse):
    for made in (box(12, opened=False), box(12, rehearsal=True)):
        assert browse().get(f"/feeds/votes/{made.id.hex()}.atom").status_code == 404
    assert browse().get("/feeds/votes/nothing.atom").status_code == 404

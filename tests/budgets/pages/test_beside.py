"""Rounds and projects on the first page, on the page of a proposal, and in search."""

from lxml import html
import pytest

from civic_forum.blocks.kinds import Coming
from civic_forum.budgets.projects import hiding
from civic_forum.budgets.events import ProjectEdited, ProjectHandedIn, RoundAnnounced
from civic_forum.budgets.kinds import ROUND
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.budgets import making


def told(*facts):
    with use_case(None) as work:
        for fact in facts:
            work.emit(fact)
        work.record("budgets.tried", "budgets:test")


def hits(page) -> list[str]:
    return html.fromstring(page.text).xpath("//main//h3/a/@href | //main//h2/a/@href")


@pytest.mark.in_turns(of=5)
def test_the_first_page_leads_to_what_is_under_way_within_its_statements(town, browse, queries, at):
    at(clock.now())
    for phase in (Phase.COLLECTING, Phase.CARRIED_OUT, Phase.REVIEW):
        making.new_round(town, phase=phase)
    page = browse()
    with queries() as seen:
        said = page.get("/").text
    with queries() as seen_again:
        assert page.get("/").text == said
    assert len(seen) <= 13 and len(seen_again) <= 1, seen
    shown = html.fromstring(said)
    assert "/budgets/" in shown.xpath("//section[@class='livecard']//a/@href")[0], "the one in which people hand in"


def test_without_a_round_the_first_page_says_nothing_of_budgets(town, browse):
    page = browse().get("/")
    assert page.status_code == 200 and "우리 동네 예산" not in page.text


def test_a_proposal_leads_to_the_projects_that_came_from_it(town, browse):
    proposal, made = town.proposal(), making.new_round(town, title="내년 예산")
    project = making.project(town, made, proposal_id=proposal.id, title="골목 등 달기", cost=54_000_000)
    making.project(town, making.new_round(town), proposal_id=proposal.id, title="숨긴 것", hidden_at=clock.now())
    making.project(town, making.new_round(town, announced_at=None), proposal_id=proposal.id, title="알리지 않은 것")
    page = html.fromstring(browse().get(f"/proposals/{proposal.number}").text)
    [section] = page.xpath("//section[@aria-labelledby='became-projects']")
    assert section.xpath(".//a/@href") == [f"/budgets/{made.slug}/projects/{project.code}"]
    assert "내년 예산" in section.text_content() and "5,400만 원" in section.text_content()


def test_a_proposal_without_projects_has_no_such_section(town, browse):
    page = browse().get(f"/proposals/{town.proposal().number}")
    assert page.status_code == 200 and "이 제안에서 나온 사업" not in page.text


@pytest.mark.both
def test_an_announced_round_and_its_projects_are_found(town, browse):
    made = making.new_round(town, title="은하수 마을 예산")
    project = making.project(town, made, title="은하수 전망대", state=ProjectState.ELIGIBLE)
    told(RoundAnnounced(made.id))
    assert set(hits(browse().get("/search?q=은하수"))) == {
        f"/budgets/{made.slug}", f"/budgets/{made.slug}/projects/{project.code}"}
    assert hits(browse().get("/search?q=은하수&kind=project")) == [f"/budgets/{made.slug}/projects/{project.code}"]


def test_a_round_that_is_not_announced_is_not_found(town, browse):
    made = making.new_round(town, title="은하수 마을 예산", announced_at=None)
    project = making.project(town, made, title="은하수 전망대")
    told(RoundAnnounced(made.id), ProjectHandedIn(project.id))
    assert hits(browse().get("/search?q=은하수")) == []


def test_a_project_is_found_by_what_it_says_now(town, browse):
    made = making.new_round(town)
    project = making.project(town, made, title="은하수 전망대")
    told(ProjectHandedIn(project.id))
    project.title = "무지개 전망대"
    db.session.commit()
    told(ProjectEdited(project.id))
    assert hits(browse().get("/search?q=은하수")) == []
    assert len(hits(browse().get("/search?q=무지개"))) == 1


def test_a_hidden_project_is_not_found_until_it_is_shown_again(town, browse):
    made = making.new_round(town)
    project = making.project(town, made, title="은하수 전망대")
    told(ProjectHandedIn(project.id))
    for given, found in (((clock.now(), "personal_data"), 0), (None, 1)):
        with use_case(None) as work:
            [held] = hiding.locked(work.session, [project.id]).values()
            hiding.put_hidden(work, {held: given})
            work.record("budgets.tried", held)
        assert len(hits(browse().get("/search?q=은하수"))) == found


def test_an_agenda_leads_only_to_a_round_that_there_is(town):
    made = making.new_round(town)
    assert ROUND.get(Coming).why_not(made.slug) is None
    assert ROUND.get(Coming).why_not("no-such-round") is not None

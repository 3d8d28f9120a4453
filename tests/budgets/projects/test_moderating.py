"""Projects are reported, hidden and shown again like any other text, and what is kept of people can be taken out."""

import pytest
import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.budgets.projects import own_data as personal_data
from civic_forum.budgets.projects.models import Project, SecondLook
from civic_forum.budgets.kinds import PROJECT
from civic_forum.budgets.rules import ProjectState
from civic_forum.budgets.reviews import services as second_looks
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.moderation.services import cases
from civic_forum.moderation.models import ModerationAction, Report
from civic_forum.moderation.rules import Rule
from tests.budgets import making
from tests.budgets.reviews.opinions import not_eligible
from tests.budgets.reviews.test_reviewing import Case
from tests.budgets.reviews.test_second_looks import TEXT
from tests.moderation.acts import acted

TITLE = "김 아무개 집 앞 쉼터"


@pytest.fixture
def project(town):
    return making.project(town, making.new_round(town), title=TITLE)


@pytest.mark.both
def test_it_is_reported_from_its_page_and_hidden_there_for_all_but_its_proposer(town, browse, project):
    page, about = f"/budgets/{project.round.slug}/projects/{project.code}", f"/reports/new?about=project:{project.id}"
    reader, desk, author = browse(town.user()), browse(town.moderator()), browse(project.author)
    assert about in reader.get(page).text and about not in author.get(page).text
    assert TITLE in reader.get(about).text
    sent = reader.post("/reports/new", data={"about": f"project:{project.id}", "rule": "privacy"})
    assert (sent.status_code, sent.location) == (303, page)
    report, = db.session.scalars(sa.select(Report))
    assert TITLE in desk.get("/desk/reports").text and TITLE in desk.get("/desk/reports?kind=project").text
    assert "앉아 쉴 의자를 놓아요." in desk.get(f"/desk/reports/project/{project.id}").text
    done = desk.post(f"/desk/reports/project/{project.id}", data={
        "text": "hide", "account": "none", "length": "", "rule": "privacy", "reason": "누구 집인지 알 수 있어요.",
        "seen": str(report.id)})
    assert done.status_code == 303
    assert TITLE not in browse().get(page).text and "개인정보" in browse().get(page).text
    assert TITLE in author.get(page).text and "다른 사람에게는 보이지 않아요" in author.get(page).text
    assert reader.get(about).status_code == 404 and TITLE not in reader.get("/me/reports").text
    db.session.rollback()
    action, = db.session.scalars(sa.select(ModerationAction))
    assert TITLE in author.get(f"/moderation/actions/{action.id}").text
    assert TITLE not in browse().get("/moderation/ledger").text
    db.session.rollback()
    cases.take_back(action.id, by=town.moderator())
    assert TITLE in browse().get(page).text


def test_hiding_leaves_the_state_as_it_is_also_after_the_opening(town, project):
    project.round.opened_at = clock.now()
    project.state = ProjectState.ON_BALLOT
    db.session.commit()
    acted(town.moderator(), "project", project.id, rule=Rule.PRIVACY)
    found = db.session.get(Project, project.id, populate_existing=True)
    assert found.hidden_at is not None and found.state is ProjectState.ON_BALLOT


@pytest.mark.both
def test_comments_stand_with_their_project_and_are_closed_with_it(town, browse, project):
    visible, written = PROJECT.why_not_see, kinds.why_not_write
    assert kinds.discussed_titles("project", [project.id]) == {project.id: TITLE}
    assert kinds.url("project", project.id) == f"/budgets/{project.round.slug}/projects/{project.code}"
    assert written("project", town.resident(), project.id) is None
    project.hidden_at = clock.now()
    db.session.commit()
    assert kinds.discussed_titles("project", [project.id]) == {} and visible(town.resident(), project.id)
    assert visible(project.author, project.id) is None and written("project", project.author, project.id)
    assert visible(town.resident(), 10**6)


@pytest.mark.parametrize("state", [ProjectState.WITHDRAWN, ProjectState.MERGED])
def test_a_project_that_is_over_takes_no_comments(town, state):
    made = making.project(town, making.new_round(town), state=state)
    assert kinds.why_not_write("project", town.resident(), made.id)


def test_people_take_out_what_they_wrote_and_nobody_elses(town):
    case = Case(town)
    case.handed_in(not_eligible())
    second_looks.ask(case.project.id, text=TEXT, by=case.project.author)
    author = case.project.author
    taken = personal_data.collect(author)
    assert [one["code"] for one in taken["projects"]] == [case.project.code]
    assert [one["text"] for one in taken["second_looks"]] == [TEXT]
    assert personal_data.collect(town.resident()) == {"projects": [], "second_looks": []}


def test_somebody_who_leaves_is_not_known_as_the_one_who_asked_any_more(town):
    case = Case(town)
    case.handed_in(not_eligible())
    look = second_looks.ask(case.project.id, text=TEXT, by=case.project.author)
    personal_data.erase(case.project.author, db.session)
    db.session.commit()
    found = db.session.get(SecondLook, look.id, populate_existing=True)
    assert found.user_id is None and found.text == TEXT
    assert db.session.get(Project, case.project.id).title

"""Outcomes of a project, a decision of a forum and a final answer: found at the desk, written, shown on their pages."""

import pytest

from civic_forum.blocks.kinds import Decidable
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.kinds import PROJECT
from civic_forum.budgets.rules import ProjectState
from civic_forum.forums.kinds import DECISION
from civic_forum.forums.record.models import Decision
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.outcomes import services
from civic_forum.outcomes.queries import desk, subjects
from tests.budgets import making as budgets
from tests.answers import making as answers
from tests.forums.minutes.making import finished_forum
from tests.outcomes.making import published, text


def project_of(town, official, state=ProjectState.CHOSEN):
    made = budgets.project(town, budgets.new_round(town), state=state)
    made.department_id = min(official.department_ids())
    db.session.commit()
    return made


def decision_of(town, official):
    forum = finished_forum(town).forum
    made = Decision(forum_id=forum.id, text="놀이터에 그늘막을 세운다", department_id=min(official.department_ids()),
                    at=clock.now(), earlier=[])
    db.session.add(made)
    db.session.commit()
    return made


@pytest.mark.both
def test_a_project_that_the_vote_chose_has_an_outcome_on_its_page(town, pair, browse):
    project = project_of(town, pair[0])
    assert ("project", project.title) in {(one.subject, one.title) for one in desk.undecided(pair[0])}
    name = PROJECT.get(Decidable).name(project)
    page = browse(pair[0]).get(f"/desk/outcomes/projects/{name}")
    assert page.status_code == 200 and project.title in page.text
    outcome = published("project", project.id, *pair)
    shown = browse().get(f"/budgets/{project.round.slug}/projects/{project.code}")
    assert shown.status_code == 200 and f"/outcomes/{outcome.id}" in shown.text
    assert project.title in browse().get(f"/outcomes/{outcome.id}").text
    assert f"/outcomes/{outcome.id}" in browse().get("/outcomes?kind=project").text
    assert f"/outcomes/{outcome.id}" not in browse().get("/outcomes?kind=agenda").text
    links = browse().get("/outcomes").text
    assert "kind=project" in links and "kind=agenda" not in links, "nothing of the kind has an outcome yet"


def test_a_project_that_was_not_chosen_has_none(town, pair):
    project = project_of(town, pair[0], ProjectState.HANDED_IN)
    assert "뽑힌" in (PROJECT.get(Decidable).why_not_yet(project) or "")
    with pytest.raises(Denied):
        services.save(Ref("project", project.id), text(), seen=0, by=pair[0])


@pytest.mark.both
def test_a_decision_of_a_forum_waits_at_the_desk_of_its_department_alone(town, pair):
    decision = decision_of(town, pair[0])
    elsewhere = town.official(department=town.department("공원녹지과"))
    assert ("forum_decision", str(decision.id)) in {(one.subject, one.name) for one in desk.undecided(pair[0])}
    assert "forum_decision" not in {one.subject for one in desk.undecided(elsewhere)}
    with pytest.raises(Denied):
        services.save(Ref("forum_decision", decision.id), text(), seen=0, by=elsewhere)
    outcome = published("forum_decision", decision.id, *pair)
    assert subjects.about(outcome).url.endswith(f"#decision-{decision.id}")
    assert "forum_decision" not in {one.subject for one in desk.undecided(pair[0])}
    decision.removed_at = clock.now()
    db.session.commit()
    assert DECISION.get(Decidable).why_not_yet(decision)


@pytest.mark.both
def test_a_final_answer_has_an_outcome_beside_that_of_its_proposal(town, pair):
    proposal = answers.on_the_table(town, pair[0])
    answer = answers.published(proposal, *pair)
    outcome = published("answer", answer.id, *pair)
    case = subjects.of(outcome)
    assert (case.title, case.url) == (proposal.title, f"/proposals/{proposal.number}#answer-{answer.id}")
    assert case.desk_url == f"/desk/outcomes/answers/{answer.id}"


@pytest.mark.parametrize("address", ["projects/none.A1", "projects/none", "decisions/x", "decisions/99", "answers/0",
                                     "answers/999999999999999999999"])
def test_an_address_of_nothing_is_not_found(town, pair, browse, address):
    assert browse(pair[0]).get(f"/desk/outcomes/{address}").status_code == 404

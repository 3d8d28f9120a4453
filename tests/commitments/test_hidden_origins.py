"""Commitments say nothing of the words of an origin that is hidden."""

from html import unescape

import pytest

from civic_forum.budgets.projects.hiding import put_hidden as hide_projects
from civic_forum.budgets.rules import ProjectState
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.proposals.operations import put_hidden as hide_proposals

from .making import accepted, moved, newest, project_of, told


def put_hidden(record, put, *, hidden: bool) -> None:
    with use_case(None) as work:
        put(work, {work.session.get_one(type(record), record.id): (work.at, "abuse") if hidden else None})
    db.session.expire_all()


def public_texts(browse, one: Commitment, text: str) -> set[str]:
    """Addresses at which everybody reads this text, or finds the commitment by it."""
    addresses = (f"/commitments/{one.id}", "/commitments", "/data/commitments.csv", "/commitments/calendar.ics",
                 "/feeds/commitments.atom")
    found = {address for address in addresses if text in unescape(browse().get(address).text)}
    return found | ({"/search"} if f"/commitments/{one.id}" in browse().get(f"/search?q={text}").text else set())


@pytest.mark.both
def test_a_hidden_proposal_is_not_said_by_its_promise(town, pair, browse):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    proposal, title = answer.record.proposal, one.title
    assert len(public_texts(browse, one, title)) > 4
    put_hidden(proposal, hide_proposals, hidden=True)
    one = newest()
    assert one.title == "운영 원칙에 따라 가린 글에서 나온 약속" and public_texts(browse, one, title) == set()
    assert one.status is Status.ON_TRACK and one in desk_queries.of_departments(pair[0]).items
    one = told(one, EntryKind.LOG, {"text": "의자를 골랐어요."}, *pair)
    assert public_texts(browse, one, title) == set()
    put_hidden(proposal, hide_proposals, hidden=False)
    assert newest().title == title and len(public_texts(browse, one, title)) > 4


@pytest.mark.in_turns(of=5)
def test_a_promise_in_the_words_of_an_official_stays_when_its_proposal_is_hidden(town, pair, browse):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    facts = {"title": "정류장 의자 셋", "department": one.department_id, "due_on": None}
    one = told(one, EntryKind.FACTS, facts, *pair)
    put_hidden(answer.record.proposal, hide_proposals, hidden=True)
    one = newest()
    assert one.title == "정류장 의자 셋" and public_texts(browse, one, answer.record.proposal.title) == set()


def test_a_hidden_project_is_not_said_by_its_promise(town, pair, browse):
    project = project_of(town, pair[0], decided_amount=3_000_000, text_html="<p>골목 끝에 의자를 놓아요.</p>")
    moved(project, ProjectState.IN_BUDGET)
    assert newest().goal == "골목 끝에 의자를 놓아요."
    put_hidden(project, hide_projects, hidden=True)
    one = newest()
    assert one.goal == "" and public_texts(browse, one, project.title) == set()

"""Acts of authors with a proposal that others read."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.proposals.models import Proposal, ProposalVersion
from civic_forum.proposals.rules import State, Text
from civic_forum.proposals.services import publication, supports
from civic_forum.search import queries as search
from tests.proposals.test_writing import BODY, drafted

NEW = Text("학교 앞에 횡단보도를 놓아 주세요", "아이들이 날마다 차도로 뛰어들어서 위험해요.", BODY.wish)


@pytest.fixture
def anna(town):
    return town.resident()


@pytest.fixture
def published(anna):
    return publication.publish(drafted(anna).draft_key, by=anna)


def versions(proposal):
    return list(db.session.scalars(sa.select(ProposalVersion.problem).filter_by(proposal_id=proposal.id)
                                   .order_by(ProposalVersion.version)))


def version_on(page):
    return re.search(r'name="version"[^>]* value="(\d+)"', page.text)[1]


def test_every_version_is_kept(published, anna):
    publication.edit(published.id, NEW, version=1, by=anna)
    assert versions(published) == [BODY.problem, NEW.problem]
    assert (published.version, published.excerpt) == (2, NEW.problem)
    assert [entry.step for entry in entries(published.journey_id)] == ["registered", "edited"]


def test_the_new_text_is_found_and_the_old_one_is_not(published, anna):
    publication.edit(published.id, Text(NEW.title, "아이들이 육교를 바라고 있어요.", BODY.wish), version=1, by=anna)
    assert search.matches("육교를", ["proposal"]).items and not search.matches("위험해요", ["proposal"]).items


@pytest.mark.both
def test_saving_without_a_change_makes_no_version(published, anna):
    publication.edit(published.id, Text(published.title, BODY.problem, BODY.wish), version=1, by=anna)
    assert published.version == 1 and len(versions(published)) == 1


def test_an_older_window_gets_a_conflict_with_its_own_text_kept(published, anna, browse):
    page, address = browse(anna), f"/proposals/{published.number}/edit"
    form = {"title": published.title, "wish": BODY.wish, "version": "1"}
    assert page.post(address, data=form | {"problem": NEW.problem}).status_code == 302
    stale = page.post(address, data=form | {"problem": "다른 창에서 고친 글이에요."})
    assert stale.status_code == 409 and "다른 창에서 고친 글이에요." in stale.text and NEW.problem in stale.text
    again = page.post(address, data=form | {"problem": "다른 창에서 고친 글이에요.", "version": version_on(stale)})
    assert again.status_code == 302


def test_the_title_is_locked_after_ten_supports(published, anna, town, browse):
    for _n in range(10):
        supports.support(published.id, by=town.user())
    with pytest.raises(Refusal, match="제목은 바꿀 수 없어요"):
        publication.edit(published.id, Text("전혀 다른 제목이에요", BODY.problem, BODY.wish), version=1, by=anna)
    page = browse(anna)
    assert 'name="title"' not in page.get(f"/proposals/{published.number}/edit").text
    page.post(f"/proposals/{published.number}/edit", data={"problem": NEW.problem, "wish": BODY.wish, "version": "1"})
    shown = browse().get(f"/proposals/{published.number}").text
    assert NEW.problem in shown and "공감을 받은 뒤에 글이 바뀌었어요" in shown


@pytest.mark.parametrize("text, field", [
    (Text("짧다", BODY.problem, BODY.wish), "title"), (Text(NEW.title, "", BODY.wish), "problem"),
    (Text(NEW.title, BODY.problem, "가" * 10_001), "wish"),
])
def test_an_edit_keeps_to_the_same_limits(text, field, published, anna):
    with pytest.raises(Refusal) as refused:
        publication.edit(published.id, text, version=1, by=anna)
    assert refused.value.field == field


def test_versions_are_compared_word_by_word(published, anna, browse):
    publication.edit(published.id, NEW, version=1, by=anna)
    publication.edit(published.id, Text(NEW.title, NEW.problem, "<b>육교</b>를 놓아 주세요, 꼭이요."), version=2, by=anna)
    page = browse().get(f"/proposals/{published.number}/versions?from=1&to=3").text
    assert "<ins>" in page and "날마다" in page and "&lt;b&gt;육교" in page and "<b>육교" not in page
    assert browse().get(f"/proposals/{published.number}/versions").status_code == 200
    assert browse().get(f"/proposals/{published.number}").text.count("/versions") >= 1


@pytest.mark.parametrize("query, status",
                         [("from=9&to=1", 404), ("from=x", 400), ("from=٣", 400), ("to=" + "1" * 30, 400)])
def test_versions_that_are_not_there(query, status, published, anna, browse):
    publication.edit(published.id, NEW, version=1, by=anna)
    assert browse().get(f"/proposals/{published.number}/versions?{query}").status_code == status


@pytest.mark.both
def test_an_unchanged_proposal_has_nothing_to_compare(published, browse):
    assert "아직 고친 적이 없어요." in browse().get(f"/proposals/{published.number}/versions").text


@pytest.mark.both
def test_withdrawing_needs_a_reason_and_leaves_the_text(published, anna, browse):
    page, address = browse(anna), f"/proposals/{published.number}/withdrawal"
    assert page.get(address).status_code == 200
    refused = page.post(address, data={"reason": "음"})
    assert refused.status_code == 422 and "5자 이상" in refused.text
    page.post(address, data={"reason": "구청이 먼저 고쳐 주었어요."})
    shown = browse().get(f"/proposals/{published.number}").text
    assert "구청이 먼저 고쳐 주었어요." in shown and BODY.problem in shown
    db.session.rollback()
    assert db.session.scalar(sa.select(Proposal.state)) is State.WITHDRAWN


def test_a_withdrawn_proposal_stays_withdrawn(published, anna):
    publication.withdraw(published.id, reason="다시 생각해 볼게요.", by=anna)
    for change in (lambda: publication.withdraw(published.id, reason="다시 생각해 볼게요.", by=anna),
                   lambda: publication.edit(published.id, NEW, version=1, by=anna)):
        with pytest.raises((Denied, Conflict)):
            change()


def test_a_proposal_that_has_lapsed_can_still_be_withdrawn(published, anna, at):
    at(published.gathering_ends_at)
    publication.withdraw(published.id, reason="기간이 지나서 거두어요.", by=anna)
    assert published.state is State.WITHDRAWN

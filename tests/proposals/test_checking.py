"""Proposals in a district that holds every one until a moderator has looked at it."""

import pytest
import sqlalchemy as sa

from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.proposals.models import ProposalVersion
from civic_forum.proposals.queries import listing
from civic_forum.proposals.rules import Body, State, Text
from civic_forum.proposals.services import drafts, publication
from tests.proposals.test_writing import BODY, drafted


@pytest.fixture(autouse=True)
def holding(app, monkeypatch):
    monkeypatch.setitem(app.config, "HOLD_PROPOSALS", True)


@pytest.fixture
def anna(town):
    return town.user()


@pytest.fixture
def held(anna):
    return publication.publish(drafted(anna).draft_key, by=anna)


def test_a_held_proposal_has_a_number_and_is_not_public(held, browse):
    assert held.state is State.HELD and held.number and held.published_at is None
    assert browse().get(f"/proposals/{held.number}").status_code == 404
    assert listing.listed(listing.PROPOSALS.of()).items == []


def test_a_moderator_opens_it_to_all(held, town, browse):
    page = browse(town.moderator())
    assert held.title in page.get("/desk/held").text
    page.post(f"/proposals/{held.number}/approval")
    db.session.expire_all()
    assert (held.state, held.version) == (State.GATHERING, 1) and held.published_at
    assert [entry.step for entry in entries(held.journey_id)] == ["registered"]
    assert browse().get(f"/proposals/{held.number}").status_code == 200


def test_a_moderator_gives_it_back_with_a_reason_and_it_comes_again(held, anna, town, browse):
    page = browse(town.moderator())
    refused = page.post(f"/proposals/{held.number}/return", data={"reason": ""})
    assert refused.status_code == 422 and "이유를" in refused.text
    page.post(f"/proposals/{held.number}/return", data={"reason": "사진에 얼굴이 보여요."})
    db.session.expire_all()
    assert held.state is State.DRAFT
    assert "사진에 얼굴이 보여요." in browse(anna).get("/proposals/drafts").text
    number = held.number
    drafts.save_draft(held.draft_key, Body("얼굴을 지운 사진으로 바꿨어요.", BODY.wish), by=anna)
    publication.publish(held.draft_key, by=anna)
    publication.approve(held.id, by=town.moderator())
    assert held.number == number and held.reason is None


def test_the_author_edits_while_it_is_held(held, anna, town):
    publication.edit(held.id, Text(held.title, "확인을 기다리며 고친 글이에요.", BODY.wish), version=held.version, by=anna)
    publication.approve(held.id, by=town.moderator())
    kept = db.session.scalars(sa.select(ProposalVersion)).all()
    assert [(one.version, one.problem) for one in kept] == [(1, "확인을 기다리며 고친 글이에요.")]


def test_a_change_of_the_author_meanwhile_is_read_again_before_it_is_public(held, anna, town, browse):
    desk = browse(town.moderator())
    sent = {"seen": str(held.version)}
    assert f'type="hidden" name="seen" value="{held.version}"' in desk.get("/desk/held").text
    publication.edit(held.id, Text(held.title, "확인을 기다리며 고친 글이에요.", BODY.wish), version=held.version, by=anna)
    answer = desk.post(f"/proposals/{held.number}/approval", data=sent)
    assert answer.status_code == 409 and "그 사이에 제안한 사람이 글을 고쳤어요." in answer.text
    assert "확인을 기다리며 고친 글이에요." in answer.text
    db.session.expire_all()
    assert held.state is State.HELD
    assert desk.post(f"/proposals/{held.number}/approval", data={"seen": str(held.version)}).status_code == 302
    db.session.rollback()
    assert held.state is State.GATHERING


@pytest.mark.both
def test_a_moderator_reads_the_whole_text_before_it_is_public(held, anna, town, browse):
    late = "맨 끝에 적은 말까지 읽어요."
    publication.edit(held.id, Text(held.title, "긴 글이에요. " * 100 + late, BODY.wish), version=held.version, by=anna)
    for address in ("/desk/held", f"/desk/held?number={held.number}"):
        assert late in browse(town.moderator()).get(address).text


def test_a_proposal_withdrawn_before_the_check_never_becomes_public(held, anna, browse):
    publication.withdraw(held.id, reason="다시 써서 낼게요.", by=anna)
    assert held.state is State.WITHDRAWN
    assert browse().get(f"/proposals/{held.number}").status_code == 404
    assert browse(anna).get(f"/proposals/{held.number}").status_code == 200


def test_only_another_moderator_decides(held, anna, town, browse):
    mine = publication.publish(drafted(moderator := town.moderator()).draft_key, by=moderator)
    for proposal, actor in ((held, anna), (held, town.official()), (mine, moderator)):
        for change in (lambda: publication.approve(proposal.id, by=actor),
                       lambda: publication.give_back(proposal.id, reason="고쳐서 다시 내 주세요.", by=actor)):
            with pytest.raises(Denied):
                change()
    assert browse(anna).get("/desk/held").status_code == 403
    assert browse().get("/desk/held").status_code == 302


def test_two_moderators_approve_once(held, town):
    publication.approve(held.id, by=town.moderator())
    with pytest.raises(Denied, match="이미 확인이 끝난"):
        publication.approve(held.id, by=town.moderator())


def test_several_that_were_ticked_are_opened_to_all_and_one_that_changed_is_named(held, anna, town, browse):
    other, third = (publication.publish(drafted(anna).draft_key, by=anna) for _one in range(2))
    page = browse(town.moderator())
    assert f'value="{other.number}/{other.version}" form="several"' in page.get("/desk/held").text
    assert page.post("/desk/held/approvals").status_code == 422
    told = page.post("/desk/held/approvals", follow_redirects=True, data={
        "chosen": [f"{held.number}/{held.version}", f"{other.number}/{other.version}", f"{third.number}/7"]})
    assert "제안 2건을 공개했어요. 1건은 하지 못했어요." in told.text and "제안한 사람이 글을 고쳤어요" in told.text
    db.session.rollback()
    assert [one.state for one in (held, other, third)] == [State.GATHERING, State.GATHERING, State.HELD]
    refused = page.post("/desk/held/approvals", data={"chosen": [f"{third.number}/7", "nothing"]})
    assert refused.status_code == 409 and third.number in refused.text
    assert browse(anna).post("/desk/held/approvals", data={"chosen": f"{third.number}/1"}).status_code == 403
    assert page.post("/desk/held/approvals", data={"chosen": [str(one) for one in range(51)]}).status_code == 422

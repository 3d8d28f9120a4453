"""Public pages of agendas and merges: they hold no titles of hidden proposals and no drafts of agendas."""

import pytest

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import branching, grouping, making, merging
from civic_forum.agendas.services.making import Wording
from civic_forum.platform.base import db
from civic_forum.moderation.rules import Rule
from tests.moderation.acts import acted

SECRET, WHY = "301호 김 아무개의 개를 묶어 주세요", "같은 골목의 이야기예요."
DRAFT, QUESTION = "구청장이 좋아하는 대로 할까요?", "골목을 함께 쓰려면 무엇부터 할까요?"


def begun(moderator, slug, *members, question=QUESTION, public=True):
    agenda = making.begin(slug, Wording(question), by=moderator)
    if members:
        grouping.group(agenda.id, [one.id for one in members], Relation.RELATED, WHY, by=moderator)
    return making.publish(agenda.id, by=moderator) if public else agenda


def hide(moderator, proposal):
    acted(moderator, "proposal", proposal.id, rule=Rule.PRIVACY, reason="사는 곳이 드러나요.")


def test_a_hidden_title_is_not_in_the_steps_of_what_took_it_up(town, moderator, browse):
    told, board = town.proposal(title=SECRET), town.proposal()
    merge = merging.merge(told.id, board.id, WHY, by=moderator)
    merging.undo(merge.id, "두 제안의 뜻이 달라요.", by=moderator)
    hide(moderator, told)
    number = board.number
    for page in (f"/proposals/{number}", f"/feeds/proposals/{number}.atom"):
        answer = browse().get(page)
        assert answer.status_code == 200 and SECRET not in answer.text and told.number in answer.text


def test_a_hidden_title_is_not_in_the_steps_of_an_agenda(town, moderator, browse):
    told, other = town.proposal(title=SECRET), town.proposal()
    agenda = begun(moderator, "alley", told, other)
    link = next(one for one in grouping.links.open_of(agenda.id) if one.proposal_id == told.id)
    changed = grouping.change(link.id, Relation.ALTERNATIVE, "다른 방법을 말하는 제안이에요.", by=moderator)
    grouping.ungroup(changed.id, "다른 골목의 이야기예요.", by=moderator)
    assert told.number in browse().get("/agendas/alley").text
    hide(moderator, told)
    assert SECRET not in browse().get("/agendas/alley").text


@pytest.mark.both
def test_texts_of_an_agenda_before_it_was_public_stay_inside(town, moderator, browse):
    agenda = begun(moderator, "alley", town.proposal(), question=DRAFT, public=False)
    making.edit(agenda.id, Wording(QUESTION), version=1, by=moderator)
    assert DRAFT in browse(moderator).get("/agendas/alley/versions").text
    making.publish(agenda.id, by=moderator)
    assert DRAFT not in browse().get("/agendas/alley/versions").text
    making.edit(agenda.id, Wording("골목에서 무엇을 바꿀까요?"), version=2, by=moderator)
    page = browse().get("/agendas/alley/versions").text
    assert QUESTION in page and "무엇을 바꿀까요" in page and DRAFT not in page


def test_an_agenda_that_was_never_public_is_not_named_by_the_one_that_carries_it_on(town, moderator, browse):
    quiet = begun(moderator, "quiet", town.proposal(), question=DRAFT, public=False)
    public = begun(moderator, "alley", town.proposal())
    descent = branching.merge(quiet.id, public.id, WHY, by=moderator)
    assert DRAFT not in browse().get("/agendas/alley").text
    branching.undo(descent.id, "따로 보기로 했어요.", by=moderator)
    page = browse().get("/agendas/alley").text
    assert DRAFT not in page and "/agendas/quiet" not in page and "따로 보기로 했어요." in page
    db.session.rollback()

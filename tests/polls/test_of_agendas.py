"""Votes that decide about an agenda, or have agendas among their options: each page leads to the other."""

import pytest

from civic_forum.agendas.rules import NextKind, Relation
from civic_forum.agendas.services import branching, grouping
from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from civic_forum.journeys.queries import entries
from civic_forum.platform.errors import Refusal
from civic_forum.polls.definition import definition
from tests.budgets import making
from tests.common import form_of
from tests.picking import chosen

from .making import options, poll, unannounced

QUESTION = "빈터를 이웃이 함께 쓰려면 무엇부터 할까요?"
WHY = "같은 빈터의 이야기예요."


@pytest.fixture
def agenda(town, moderator):
    return opened(town, moderator, "empty-lot")


def opened(town, moderator, slug):
    made = agendas.begin(slug, Wording(QUESTION), by=moderator)
    grouping.group(made.id, [town.proposal().id], Relation.RELATED, WHY, by=moderator)
    return agendas.publish(made.id, by=moderator)


def test_a_vote_and_its_agenda_lead_to_each_other(town, agenda, moderator, browse):
    made = poll(town, links={"agenda": "empty-lot"})
    assert f"/polls/{made.slug}" in browse().get("/agendas/empty-lot").text
    assert "이 투표로 정하는 의제" in browse().get(f"/polls/{made.slug}").text
    step = entries(agenda.journey_id)[-1]
    assert (step.step, step.url) == ("vote_announced", f"/polls/{made.slug}")


def test_an_option_and_its_agenda_lead_to_each_other(town, agenda, browse):
    ways = options(3)
    ways[1]["agenda"] = "empty-lot"
    made = poll(town, options=ways)
    assert f"/polls/{made.slug}" in browse().get("/agendas/empty-lot").text
    page = browse().get(f"/polls/{made.slug}").text
    assert page.count("이 항목이 나온 의제 보기") == 1 and 'href="/agendas/empty-lot"' in page


def test_votes_of_an_agenda_that_was_merged_stand_at_the_one_that_carries_it_on(town, agenda, moderator, browse):
    made = poll(town, links={"agenda": "empty-lot"})
    other = opened(town, moderator, "all-lots")
    descent = branching.merge(agenda.id, other.id, WHY, by=moderator)
    assert f"/polls/{made.slug}" in browse().get("/agendas/all-lots").text
    branching.undo(descent.id, WHY, by=moderator)
    assert f"/polls/{made.slug}" not in browse().get("/agendas/all-lots").text


def test_a_poll_that_is_not_announced_or_not_public_is_not_linked(town, agenda, moderator, browse):
    made = unannounced(town, links={"agenda": "empty-lot"})
    page = browse().get("/agendas/empty-lot")
    assert page.status_code == 200 and made.slug not in page.text
    draft = agendas.begin("quiet", Wording(QUESTION), by=moderator)
    for slug in (draft.slug, "nothing"):
        with pytest.raises(Refusal, match="공개한 의제가 없어요"):
            poll(town, links={"agenda": slug})


@pytest.mark.both
def test_a_link_is_no_part_of_what_is_voted_on(town, agenda, moderator, browse):
    made = unannounced(town, by=moderator)
    before = definition(made)
    page, address = browse(moderator), f"/desk/polls/{made.slug}/wording"
    sent = form_of(page, address)
    assert sent["agenda_slug"] == ""
    assert page.post(address, data=sent | chosen("agenda_slug", "empty-lot", "agenda")).status_code == 303
    assert form_of(page, address)["agenda_slug-choice"] == "empty-lot"
    wrong = page.post(address, data=form_of(page, address) | {"agenda_slug": "<b>"})
    assert wrong.status_code == 422 and "이 말로 찾은 것이 없어요" in wrong.text
    assert definition(made) == before
    first = f"/desk/polls/{made.slug}/options/1"
    assert page.post(first, data=form_of(page, first) | chosen("agenda_slug", "empty-lot")).status_code == 303
    assert form_of(page, first)["agenda_slug-choice"] == "empty-lot"


@pytest.mark.both
def test_the_next_step_leads_only_to_a_page_that_is_there(town, agenda, moderator, browse):
    made = poll(town)
    agendas.set_next(agenda.id, NextKind.POLL, "네 가지 안 가운데 골라요.", slug=made.slug, by=moderator)
    assert f'<a class="krds-btn large" href="/polls/{made.slug}">' in browse().get("/agendas/empty-lot").text
    with pytest.raises(Refusal, match="이런 주소의 투표가 없어요"):
        agendas.set_next(agenda.id, NextKind.POLL, "네 가지 안 가운데 골라요.", slug="nothing", by=moderator)
    with pytest.raises(Refusal, match="이런 주소의 주민참여예산이 없어요"):
        agendas.set_next(agenda.id, NextKind.BUDGET, "주민참여예산으로 이어 가요.", slug="alley", by=moderator)
    slug = making.new_round(town).slug
    agendas.set_next(agenda.id, NextKind.BUDGET, "주민참여예산으로 이어 가요.", slug=slug, by=moderator)
    page = browse().get("/agendas/empty-lot").text
    assert "주민참여예산으로 이어 가요." in page and f'href="/budgets/{slug}"' in page

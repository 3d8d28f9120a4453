"""Polls about things of every kind that is decided: each page leads to the other."""

import pytest

from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.polls import process
from civic_forum.polls import services as rehearsing
from tests.blocks.subjects import MAKE, assert_that_they_lead_to_each_other, case
from tests.blocks.test_about import hide
from tests.common import form_of
from tests.picking import chosen

from .making import poll, unannounced


def linked(town, browse, moderator, thing):
    """A poll that the form joins to a thing, by its exact name."""
    made = unannounced(town, by=moderator, title="빈터를 누가 돌볼까요?")
    page, address = browse(moderator), f"/desk/polls/{made.slug}/wording"
    sent = form_of(page, address) | {"about_kind": thing.ref.kind} | chosen("agenda_slug", thing.name, thing.ref.kind)
    answer = page.post(address, data=sent)
    assert answer.status_code == 303, answer.text
    kept = form_of(page, address)
    assert (kept["about_kind"], kept["agenda_slug-choice"]) == thing.named
    return made


def announce(made, moderator):
    process.PROCESS.announce(made.id, by=moderator)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("kind", MAKE)
def test_a_poll_and_what_it_is_about_lead_to_each_other(town, browse, moderator, kind):
    thing = case(town, kind)
    made = linked(town, browse, moderator, thing)
    here = f'href="/polls/{made.slug}"'
    assert here not in browse().get(thing.page).text
    announce(made, moderator)
    shown = assert_that_they_lead_to_each_other(browse(), browse(), thing, f"/polls/{made.slug}")
    assert ("이 투표로 정하는 의제" in shown) == (kind == "agenda")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("kind", ["proposal", "project", "forum_decision"])
def test_a_stranger_reads_nothing_of_what_was_hidden_or_withdrawn(town, browse, moderator, kind):
    thing = case(town, kind)
    made = linked(town, browse, moderator, thing)
    announce(made, moderator)
    title = thing.title
    hide(thing.record)
    for reader in (browse(), browse(moderator)):
        shown = reader.get(f"/polls/{made.slug}")
        assert shown.status_code == 200 and title not in shown.text and thing.url not in shown.text


@pytest.mark.both
def test_an_edit_keeps_what_was_hidden_meanwhile(town, browse, moderator):
    thing = case(town, "project")
    made = linked(town, browse, moderator, thing)
    hide(thing.record)
    page, address = browse(moderator), f"/desk/polls/{made.slug}/wording"
    sent = form_of(page, address)
    assert page.post(address, data=sent | {"question": "누가 돌보면 좋을까요?"}).status_code == 303
    db.session.refresh(made)
    assert made.about == thing.ref and made.question == "누가 돌보면 좋을까요?"


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("about", "sentence"), [
    ({"about_kind": "comment", "agenda_slug": "1"}, "바탕이 될 수 있는 것을 목록에서 골라 주세요"),
    ({"about_kind": "proposal", "agenda_slug": "2030-9999"}, "이런 제안은 없어요"),
    ({"about_kind": "answer", "agenda_slug": "99"}, "없어요"),
    ({"about_kind": "project", "agenda_slug": "바다로"}, "이 말로 찾은 것이 없어요")])
def test_a_thing_not_there_or_not_decided_comes_back_with_its_sentence(town, browse, moderator, about, sentence):
    made = unannounced(town, by=moderator)
    page, address = browse(moderator), f"/desk/polls/{made.slug}/wording"
    answer = page.post(address, data=form_of(page, address) | about)
    assert answer.status_code in (404, 422) and sentence in answer.text and 'aria-invalid="true"' in answer.text
    db.session.refresh(made)
    assert made.about is None


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("kind", MAKE)
def test_texts_that_name_nothing_are_refused_for_every_kind(town, browse, moderator, kind):
    made = unannounced(town, by=moderator)
    page, address = browse(moderator), f"/desk/polls/{made.slug}/wording"
    sent = form_of(page, address) | {"about_kind": kind}
    for text in ("<b>", "9" * 30, "0", "' OR 1=1 --", "가" * 190, "%", "#answer-1#decision-1", "/budgets/a/projects/B1"):
        answer = page.post(address, data=sent | {"agenda_slug": text})
        assert answer.status_code in (404, 422) and 'aria-invalid="true"' in answer.text, text


def test_the_proposal_says_that_a_poll_is_about_it(town, browse, moderator):
    thing = case(town, "proposal")
    made = linked(town, browse, moderator, thing)
    announce(made, moderator)
    step = entries(thing.record.journey_id)[-1]
    assert (step.step, step.url) == ("in_poll", f"/polls/{made.slug}")


def test_a_rehearsal_is_about_the_same_and_stands_on_no_page(town, browse, moderator):
    thing = case(town, "project")
    made = linked(town, browse, moderator, thing)
    copy = rehearsing.rehearse(made.id, [], hours=1, by=moderator)
    assert copy.about == thing.ref
    assert copy.slug not in browse().get(thing.page).text


def test_a_poll_that_nothing_is_about_names_nothing(town, browse):
    shown = browse().get(f"/polls/{poll(town).slug}").text
    assert "이 투표로 정하는 의제" not in shown and "이 투표가 다루는 것" not in shown


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("kind", MAKE)
def test_pages_that_lead_to_each_other_take_few_statements(town, browse, moderator, queries, kind):
    thing = case(town, kind)
    made = linked(town, browse, moderator, thing)
    announce(made, moderator)
    for who in (None, moderator):
        client = browse(who)
        for address in (thing.page, f"/polls/{made.slug}"):
            client.get(address)
            with queries() as seen:
                assert client.get(address).status_code == 200
            assert len([one for one in seen if "pg_current_snapshot" not in one]) <= 16

"""Proposals that begin with a statement: the draft, the way between the two, and who hears of it."""

from datetime import timedelta

import pytest

from civic_forum.opinions import proposing, services
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication as proposals
from tests.common import main_of
from tests.notifications.told import last, steps
from tests.racing import at_once

from .making import LINES, consultation
from .published import result
from .test_pages import visitor  # noqa: F401 (a fixture)


def published(asked, number, by) -> Proposal:
    draft = proposing.propose(asked.id, number, by=by)
    draft.category, draft.wish = "safety", "올해 안에 시범으로 해 주세요."
    db.session.commit()
    return proposals.publish(draft.draft_key, by=by)


def test_a_draft_begins_with_the_words_and_again_leads_to_it(town):
    asked, user = consultation(), town.user()
    draft = proposing.propose(asked.id, 2, by=user)
    db.session.rollback()
    assert (draft.state, draft.title, draft.author_id) == (State.DRAFT, LINES[1], user.id)
    assert LINES[1] in draft.problem and asked.title in draft.problem
    assert proposing.propose(asked.id, 2, by=user).id == draft.id
    assert proposing.propose(asked.id, 2, by=town.user()).id != draft.id, "others may propose it too"


def test_a_withdrawn_proposal_makes_room_for_a_new_one(town, visitor):  # noqa: F811
    asked, user = consultation(), town.user()
    made = published(asked, 1, user)
    proposals.withdraw(made.id, reason="다른 제안과 합쳐요.", by=user)
    assert "시작한 제안" not in main_of(visitor.get(f"/consultations/{asked.slug}/statements/1"))
    assert proposing.propose(asked.id, 1, by=user).state is State.DRAFT


@pytest.mark.both
def test_an_english_reader_gets_the_english_words(town):
    asked, user = consultation(), town.user()
    asked.statements[0].texts = {"en": {"text": "Hang the lights lower."}}
    user.language = "en"
    db.session.commit()
    assert proposing.propose(asked.id, 1, by=user).title == "Hang the lights lower."


@pytest.mark.both
def test_two_taps_make_one_draft(app, town):
    asked_id, user = consultation().id, town.user()
    db.session.rollback()
    found = at_once(app, 3, lambda _n: proposing.propose(asked_id, 1, by=user).id)
    db.session.rollback()
    assert len(set(found)) == 1 == db.session.query(Proposal).count()


def test_only_what_is_asked_becomes_a_proposal(town):
    asked, user, moderator = consultation(), town.user(), town.moderator()
    services.decide(asked.id, 1, services.Decision.TAKE_OUT, why="다른 질문이에요.", by=moderator)
    early = consultation(open_since=-timedelta(days=1))
    for consultation_id, number in ((asked.id, 1), (early.id, 1)):
        with pytest.raises(Denied):
            proposing.propose(consultation_id, number, by=user)
    asked.statements[1].is_meta = True
    db.session.commit()
    with pytest.raises(Denied):
        proposing.propose(asked.id, 2, by=user)
    with pytest.raises(NotFound):
        proposing.propose(asked.id, 99, by=user)
    assert db.session.query(Proposal).count() == 0


def test_a_thrown_away_draft_leaves_nothing(town, browse):
    asked, user = consultation(), town.user()
    draft = proposing.propose(asked.id, 1, by=user)
    browse(user).post(f"/proposals/drafts/{draft.draft_key}/removal")
    db.session.rollback()
    assert db.session.query(Proposal).count() == 0
    assert proposing.propose(asked.id, 1, by=user).state is State.DRAFT


def test_a_stranger_signs_in_and_a_neighbour_goes_on_to_the_draft(town, visitor, browse):  # noqa: F811
    asked = consultation()
    here = f"/consultations/{asked.slug}/statements/3"
    assert "이 의견으로 제안하기" in main_of(visitor.get(here))
    assert "이 의견으로 제안하려면 로그인해 주세요." in visitor.post(f"{here}/proposal").text
    answer = browse(town.user()).post(f"{here}/proposal")
    assert answer.status_code == 303 and answer.location.endswith("/1")


def test_the_page_of_a_statement_says_what_all_answered_and_hides_what_is_out(town, visitor):  # noqa: F811
    asked = consultation(open_since=timedelta(days=20))
    here = f"/consultations/{asked.slug}/statements"
    assert "어떻게 답했나요" not in main_of(visitor.get(f"{here}/1"))
    result(asked)
    said = main_of(visitor.get(f"{here}/1"))
    assert LINES[0] in said and "어떻게 답했나요" in said and "가 쪽" in said
    services.decide(asked.id, 1, services.Decision.TAKE_OUT, why="다른 질문이에요.", by=town.moderator())
    assert visitor.get(f"{here}/1").status_code == 404
    assert visitor.get(f"{here}/99").status_code == 404


@pytest.mark.both
def test_both_pages_lead_to_each_other_and_the_author_hears_of_it_once(town, visitor):  # noqa: F811
    author, neighbour = town.user(), town.user()
    asked = consultation()
    number = services.write(asked.id, "의자에 등받이를 달아요.", by=author).number
    here = f"/consultations/{asked.slug}/statements/{number}"
    proposing.propose(asked.id, number, by=town.user())
    assert "시작한 제안" not in main_of(visitor.get(here)), "a draft is its author's alone"
    made = published(asked, number, neighbour)
    assert made.title in main_of(visitor.get(here)) and f"/proposals/{made.number}" in visitor.get(here).text
    assert here in visitor.get(f"/proposals/{made.number}").text
    assert steps(author) == ["statement_proposed"] and last(author).url == f"/proposals/{made.number}"
    published(asked, number, author)
    assert steps(author) == ["statement_proposed"], "one's own is no news"


def test_a_hidden_proposal_is_not_led_to(town, visitor):  # noqa: F811
    asked = consultation()
    made = published(asked, 1, town.user())
    made.hidden_at = made.published_at
    db.session.commit()
    assert "시작한 제안" not in main_of(visitor.get(f"/consultations/{asked.slug}/statements/1"))

"""Forms in which a thing is found by its title, as those who prepare agendas, votes, forums and rounds send them."""

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda, AgendaNext
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping
from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from civic_forum.forums.models import ForumDuty
from civic_forum.platform.base import db
from civic_forum.blocks.about import is_about
from civic_forum.polls.models import Poll
from civic_forum.search import operations as search
from tests.forums.scene import announced_forum
from tests.picking import picked
from tests.polls.making import poll, unannounced

WHY = "같은 이야기를 한곳에서 해요, 함께."


@pytest.fixture
def trees(town, moderator):
    """Two public agendas about trees, and one that is being prepared."""
    for slug, question in (("shade", "나무 그늘을 어디에 더할까요?"), ("roots", "나무 뿌리를 어떻게 돌볼까요?")):
        made = agendas.begin(slug, Wording(question), by=moderator)
        grouping.group(made.id, [town.proposal().id], Relation.CORE, WHY, by=moderator)
        agendas.publish(made.id, by=moderator)
    agendas.begin("quiet", Wording("나무 의자를 어디에 놓을까요?"), by=moderator)


def found(town, title):
    """A proposal that the search finds."""
    made = town.proposal(title=title)
    search.put(db.session, "proposal", made.id, title=title, body="", at=made.published_at)
    db.session.commit()
    return made


def choices(browser, name, **query):
    answer = browser.get(f"/pick/{name}", query_string=query)
    assert answer.status_code == 200
    return [one["value"] for one in answer.json["choices"]]


def wording(page, made):
    return {"version": str(made.version), "title": made.title, "question": made.question, "description": "",
            "agenda_slug": ""}


@pytest.mark.both
def test_the_agenda_of_a_vote_is_found_by_words_of_its_question(town, moderator, trees, browse):
    made, page = unannounced(town, by=moderator), browse(moderator)
    address = f"/desk/polls/{made.slug}/wording"
    several = page.post(address, data=wording(page, made) | {"agenda_slug": "나무", "title": "고친 제목"})
    assert several.status_code == 422 and "찾은 것이 맞는지" in several.text
    assert 'value="shade"' in several.text and 'value="roots"' in several.text and "고친 제목" in several.text
    assert 'value="quiet"' not in several.text
    nothing = page.post(address, data=wording(page, made) | {"agenda_slug": "바다로 가는 길"})
    assert nothing.status_code == 422 and "이 말로 찾은 것이 없어요" in nothing.text
    done = page.post(address, data=wording(page, made) | {
        "agenda_slug": "나무", "agenda_slug-asked": "agenda 나무", "agenda_slug-choice": "roots"})
    assert done.status_code == 303
    assert db.session.scalar(sa.select(Agenda.slug).join(Poll, is_about(Poll, "agenda", [Agenda.id]))) == "roots"
    assert "나무 뿌리를 어떻게 돌볼까요?" in page.get(address).text


def test_the_only_agenda_that_fits_is_shown_and_then_taken(town, moderator, trees, browse):
    made, page = unannounced(town, by=moderator), browse(moderator)
    sent = wording(page, made) | {"agenda_slug": "그늘"}
    assert picked(page, f"/desk/polls/{made.slug}/wording", sent, "agenda_slug").status_code == 303
    assert db.session.scalar(sa.select(Agenda.slug).join(Poll, is_about(Poll, "agenda", [Agenda.id]))) == "shade"


@pytest.mark.both
def test_the_next_of_an_agenda_is_looked_for_among_things_of_the_chosen_kind(town, moderator, trees, browse):
    made = poll(town, by=moderator, title="나무를 심을 자리 투표")
    sent = {"kind": "poll", "slug": "심을 자리", "note": "구민 투표로 자리를 정해요."}
    page = browse(moderator)
    assert page.post("/desk/agendas/shade/next", data=sent | {"kind": "forum"}).status_code == 422
    shown = page.post("/desk/agendas/shade/next", data=sent)
    other = {"kind": "forum", "slug-asked": f"poll {sent['slug']}", "slug-choice": made.slug}
    assert shown.status_code == 422 and page.post("/desk/agendas/shade/next", data=sent | other).status_code == 422
    assert picked(page, "/desk/agendas/shade/next", sent, "slug").status_code == 303
    assert db.session.scalar(sa.select(AgendaNext.slug)) == made.slug


def test_an_agenda_is_merged_into_one_that_is_found_by_its_question(moderator, trees, browse):
    sent = {"into": "뿌리", "reason": WHY}
    assert picked(browse(moderator), "/desk/agendas/shade/merge", sent, "into").location == "/desk/agendas/roots"


def test_a_proposal_is_merged_into_one_that_is_found_by_its_title(town, moderator, browse):
    one, other = found(town, "골목에 나무 의자를 놓아 주세요"), found(town, "정류장에 나무 의자를 놓아 주세요")
    sent = {"into": "정류장", "reason": WHY}
    page = browse(moderator)
    assert page.post(f"/desk/proposals/{one.number}/merge", data=sent | {"into": "의자를"}).status_code == 422
    assert picked(page, f"/desk/proposals/{one.number}/merge", sent, "into").status_code == 303
    assert f"/proposals/{other.number}" in browse().get(f"/proposals/{one.number}").text


@pytest.mark.both
def test_suggestions_hold_only_what_their_reader_may_read(town, moderator, trees, browse):
    seen, hidden = found(town, "나무 그늘을 더해 주세요"), found(town, "나무 그늘을 가려 주세요")
    hidden.hidden_at = hidden.published_at
    db.session.commit()
    page = browse(moderator)
    assert choices(page, "proposal", q="그늘") == [seen.number] == choices(page, "proposal", q=seen.number)
    assert choices(page, "proposal", q=hidden.number) == []
    assert choices(page, "agenda", q="나무") == ["roots", "shade"]
    assert choices(page, "any_agenda", q="나무") == ["quiet", "roots", "shade"]
    assert choices(page, "agenda", q="") == [] == choices(page, "agenda", q="%")


@pytest.mark.both
def test_a_rehearsal_of_a_vote_is_never_suggested(town, moderator, browse):
    made, copy = poll(town, by=moderator, title="공원 투표"), poll(town, by=moderator, title="공원 투표 연습", slug="copy")
    copy.rehearsal_of_id = made.id
    db.session.commit()
    assert choices(browse(moderator), "poll", q="공원") == [made.slug]


@pytest.mark.both
def test_somebody_known_is_found_by_nickname_and_chosen_never_taken(town, moderator, browse):
    host, other = town.user(nickname="느티나무 아래"), town.user(nickname="느티나무 위")
    made, page = announced_forum(town), browse(moderator)
    db.session.add(ForumDuty(forum_id=made.id, duty="panel", user_id=host.id))
    db.session.commit()
    assert choices(page, "forum_duty", q="느티나무") == [f"#{host.id}"]
    assert host.sign_in_name not in page.get("/pick/forum_duty?q=느티나무").text
    address = f"/desk/forums/{made.slug}/duties"
    sent = {"version": str(made.version), "duty": "host", "sign_in_name": "느티나무"}
    offered = page.post(address, data=sent)
    assert offered.status_code == 422 and f'value="#{host.id}"' in offered.text
    assert f'value="#{other.id}"' not in offered.text
    chosen = {"sign_in_name-asked": "느티나무", "sign_in_name-choice": f"#{host.id}"}
    stranger = chosen | {"sign_in_name-choice": f"#{other.id}"}
    assert page.post(address, data=sent | stranger).status_code == 422
    assert page.post(address, data=sent | chosen).status_code == 303
    hosts = db.session.scalars(sa.select(ForumDuty.user_id).filter_by(forum_id=made.id, duty="host"))
    assert hosts.all() == [host.id]


@pytest.mark.both
def test_a_sign_in_name_that_is_a_nickname_of_somebody_known_is_shown_first(town, moderator, browse):
    host, double = town.user(nickname="Minsu.Kim"), town.user(sign_in_name="minsu.kim")
    made, page = announced_forum(town), browse(moderator)
    db.session.add(ForumDuty(forum_id=made.id, duty="panel", user_id=host.id))
    db.session.commit()
    shown = page.post(f"/desk/forums/{made.slug}/duties", data={
        "version": str(made.version), "duty": "host", "sign_in_name": double.sign_in_name})
    assert shown.status_code == 422 and f'value="#{host.id}"' in shown.text
    assert not db.session.scalars(sa.select(ForumDuty).filter_by(duty="host")).all()

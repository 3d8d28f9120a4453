"""Pages of agendas and merges as people see them, and the forms they send."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda, AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.rules import AgendaState, NextKind, Relation
from civic_forum.agendas.services import branching, grouping, making, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.platform.base import db
from civic_forum.platform.i18n import moment
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals
from tests.browser.office_scene import handed_in
from tests.forums.scene import announced_forum
from tests.picking import chosen

QUESTION = "골목을 함께 쓰려면 무엇부터 할까요?"
WHY = "같은 골목의 이야기예요."


def opened(town, moderator, *members, slug="alley", relation=Relation.CORE):
    agenda = making.begin(slug, Wording(QUESTION, "함께 **견주어** 봐요.", [town.neighbourhood().id],
                                        [town.audience().id], town.department().id), by=moderator)
    links = grouping.group(agenda.id, [one.id for one in members], relation, WHY, by=moderator)
    making.publish(agenda.id, by=moderator)
    return agenda, links


def found(statement):
    """The rows that the pages have written by now; the session of the test lets go of them at once."""
    db.session.rollback()
    record = db.session.scalar(statement)
    db.session.rollback()
    return record


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_an_agenda_says_why_each_proposal_belongs_and_counts_people_once(town, moderator, browse):
    one, two, both = town.proposal(title="낮에 나눠 쓰게 해 주세요"), town.proposal(), town.resident()
    for proposal in (one, two):
        proposals.support(proposal.id, by=both)
    agenda, (link, _other) = opened(town, moderator, one, two)
    making.set_next(agenda.id, NextKind.OTHER, "투표로 정해요.", by=moderator)
    objection = objecting.object_to_grouping(link.id, "제 제안은 단속을 말한 것이에요.", by=one.author)
    objecting.answer(objection.id, "이어진 제안으로 옮길게요.", by=moderator)
    page = browse().get("/agendas/alley")
    text = text_of(page)
    for words in (QUESTION, "교통행정과", "시흥1동", "중심 제안 2", WHY, "공감한 이웃 1명", "묶음 반대 1건", "이어진 제안으로 옮길게요.",
                  "투표로 정해요.", "의제를 열었어요"):
        assert words in text
    assert "<strong>견주어</strong>" in page.text
    assert page.text.index("투표로 정해요.") < page.text.index("견주어</strong>"), "what comes next is read first"
    assert "함께 다루는 의제" in browse().get(f"/proposals/{one.number}").text


def test_an_unpublished_proposal_is_for_moderators_and_its_department(town, moderator, browse):
    making.begin("quiet", Wording(QUESTION, lead_department_id=town.department().id), by=moderator)
    others = town.official(department=town.department("공원녹지과"))
    for user, status in ((None, 404), (town.resident(), 404), (others, 404), (moderator, 200), (town.official(), 200)):
        assert browse(user).get("/agendas/quiet").status_code == status
        assert browse(user).get("/agendas/quiet/versions").status_code == status
    assert QUESTION not in browse().get("/agendas").text


def test_an_agenda_that_holds_nothing_says_what_can_be_done(town, moderator, browse):
    _agenda, (link,) = opened(town, moderator, town.proposal())
    assert "지금은 함께 다루는 제안이 없어요" not in browse().get("/agendas/alley").text
    grouping.ungroup(link.id, WHY, by=moderator)
    page = browse().get("/agendas/alley").text
    assert "지금은 함께 다루는 제안이 없어요" in page and "모두 0명" not in page and "/desk/" not in page
    assert 'href="/desk/agendas/alley/proposals"' in browse(moderator).get("/agendas/alley").text


@pytest.mark.both
def test_the_list_filters_and_refuses_what_it_does_not_know(town, moderator, browse):
    opened(town, moderator, town.proposal())
    place = town.neighbourhood().id
    assert QUESTION in browse().get(f"/agendas?neighbourhood={place}").text
    assert QUESTION not in browse().get("/agendas?state=closed").text
    for query in ("state=nothing", "neighbourhood=999", "neighbourhood=x", "after=zzz"):
        assert browse().get(f"/agendas?{query}").status_code == 400


@pytest.mark.both
def test_a_card_counts_people_once_and_says_the_day_of_what_comes_next(town, moderator, browse):
    one, two, both = town.proposal(title="낮에 나눠 쓰게 해 주세요"), town.proposal(), town.resident()
    for proposal, by in ((one, both), (two, both), (two, town.resident())):
        proposals.support(proposal.id, by=by)
    agenda, _links = opened(town, moderator, one, two)
    card = browse().get("/agendas").text.split('class="cards"')[1]
    assert "2명이 공감" in card and "교통행정과" in card
    forum = announced_forum(town)
    making.set_next(agenda.id, NextKind.FORUM, "만나서 이야기해요.", slug=forum.slug, by=moderator)
    card = browse().get("/agendas").text.split('class="cards"')[1]
    assert f"다음 만나는 날 <b>{moment(forum.starts_at, year=False)}</b>" in card
    page = f"/agendas/{agenda.slug}"
    shown = browse().get(page)
    words = text_of(shown)
    assert words.index(f"다음 만나는 날 {moment(forum.starts_at, year=False)}") < words.index(forum.place) < words.index(
        "제안한 이웃 2명") < words.index("공감한 이웃 2명")
    links = re.findall(r'href="([^"]*)"', shown.text.split('class="next-step"')[1])[:2]
    assert links == [f"/forums/{forum.slug}", f"/share/forums/{forum.slug}/calendar.ics"]
    making.set_next(agenda.id, NextKind.FORUM, "모여서 이야기해요.", by=moderator)
    assert "다음 만나는 날: 날을 정하고 있어요" in text_of(browse().get(page))


@pytest.mark.both
def test_a_moderator_makes_an_agenda_of_proposals_by_forms(town, moderator, browse):
    one = town.proposal()
    client = browse(moderator)
    made = client.post("/desk/agendas/new", data={"question": QUESTION, "slug": "alley", "summary": ""})
    assert made.status_code == 303 and made.location == "/desk/agendas/alley"
    assert client.get("/desk/agendas/alley/proposals").status_code == 200
    wrong = client.post("/desk/agendas/alley/proposals", data={"proposals": [one.id], "relation": "core", "why": ""})
    assert wrong.status_code == 422 and "함께 다루는 이유" in wrong.text
    client.post("/desk/agendas/alley/proposals", data={"proposals": [one.id], "relation": "core", "why": WHY})
    assert client.post("/desk/agendas/alley/publications").status_code == 303
    link = found(sa.select(AgendaLink.id))
    for path, form in ((f"groupings/{link}", {"relation": "related", "why": WHY}),
                       ("agendas/alley/state", {"state": "in_deliberation", "note": ""}),
                       ("agendas/alley/next", {"kind": "forum", "slug": "", "note": "공론장에서 이야기해요."}),
                       ("agendas/alley/notes", {"what": "함께 걸었어요, 열네 명."}),
                       ("agendas/alley/edit", {"version": "1", "question": "다르게 물을까요?", "summary": ""})):
        assert client.get(f"/desk/{path}").status_code == 200
        assert client.post(f"/desk/{path}", data=form).status_code in (303, 409), path
    fresh = found(sa.select(AgendaLink.id).filter_by(ended_at=None, relation=Relation.RELATED))
    assert client.post(f"/desk/groupings/{fresh}/take-up").status_code == 303
    assert found(sa.select(Proposal.state).filter_by(id=one.id)) is State.IN_AGENDA
    assert client.post(f"/desk/groupings/{fresh}/ending", data={"reason": WHY}).status_code == 303
    assert client.get("/desk/agendas").status_code == client.get("/desk/agendas/alley").status_code == 200


def test_no_vote_lies_behind_an_agenda_that_nobody_voted_on(town, moderator, browse):
    agenda, _links = opened(town, moderator, town.proposal())
    making.move(agenda.id, AgendaState.IN_DELIBERATION, by=moderator)
    stages = re.compile(r'<ol class="steps".*?</ol>', re.S)
    assert "투표" in stages.search(browse().get("/agendas/alley").text)[0], "it may still come"
    making.move(agenda.id, AgendaState.DECIDED, by=moderator)
    assert "투표" not in stages.search(browse().get("/agendas/alley").text)[0]


@pytest.mark.in_turns(of=5)
def test_similar_proposals_are_suggested_as_a_group_and_a_person_decides(town, moderator, browse):
    three = [handed_in(town, f"{place} 버스 정류장에 의자를 놓아 주세요") for place in ("시흥사거리", "우체국 앞", "은행나무")]
    handed_in(town, "도서관을 밤에도 열어 주세요")
    client = browse(moderator)
    page = client.get("/desk/agendas").text
    assert page.count("new?like=") == 1 and all(one.title in page for one in three) and "도서관" not in page
    sent = client.post(f"/desk/agendas/new?like={three[0].number}",
                       data={"question": "버스 정류장 의자를 어디에 먼저 놓을까요?", "slug": "bench", "summary": ""})
    assert sent.location == f"/desk/agendas/bench/proposals?like={three[0].number}"
    for address in (sent.location, "/desk/agendas/bench/proposals"):
        assert client.get(address).text.count('name="proposals"') == 3, address
    client.post(sent.location, data={"proposals": [one.id for one in three], "relation": "core", "why": WHY})
    assert "new?like=" not in client.get("/desk/agendas").text, "what is in an agenda is not suggested again"


def ticked(page) -> list[int]:
    return [int(number) for number in re.findall(r'name="proposals" value="(\d+)"\s+checked', page.text)]


def test_ticks_stay_while_a_moderator_looks_for_more(town, moderator, browse):
    bench, lamp = handed_in(town, "버스 정류장에 의자를 놓아 주세요"), handed_in(town, "골목에 가로등을 더 달아 주세요")
    client, address = browse(moderator), "/desk/agendas/alley/proposals"
    making.begin("alley", Wording(QUESTION), by=moderator)
    first = client.post(address, data={"do": "find", "q": "의자", "relation": "", "why": ""})
    assert first.status_code == 200 and f'value="{bench.id}"' in first.text and not ticked(first)
    second = client.post(address, data={"do": "find", "q": "가로등", "proposals": [bench.id], "relation": "core",
                                        "why": WHY})
    assert ticked(second) == [bench.id] and "고른 제안 1개" in second.text and WHY in second.text
    assert second.text.count(f'value="{bench.id}"') == 1 and f'value="{lamp.id}"' in second.text
    assert re.search(r'value="core"[^>]* checked|checked[^>]* value="core"', second.text)
    third = client.post(address, data={"do": "find", "q": "코끼리", "proposals": [lamp.id, bench.id, 10 ** 17, "x"]})
    assert ticked(third) == [lamp.id, bench.id] and "고른 제안 2개" in third.text and "찾은 제안이 없어요" in third.text
    assert found(sa.select(AgendaLink.id)) is None, "looking changes nothing"
    done = client.post(address, data={"q": "코끼리", "proposals": [lamp.id, bench.id], "relation": "core", "why": WHY})
    assert done.status_code == 303
    assert found(sa.select(sa.func.count()).select_from(AgendaLink)) == 2


@pytest.mark.in_turns(of=5)
def test_five_hundred_that_are_ticked_are_refused_with_a_sentence_and_stay_ticked(town, moderator, browse):
    author, client = town.resident(), browse(moderator)
    many = [town.proposal(author=author).id for _ in range(500)]
    making.begin("alley", Wording(QUESTION), by=moderator)
    form = {"proposals": many, "relation": "core", "why": WHY, "q": ""}
    sent = client.post("/desk/agendas/alley/proposals", data=form)
    assert sent.status_code == 422 and "한 번에 100개까지 묶을 수 있어요. 지금 고른 것은 500개예요." in sent.text
    assert ticked(sent) == many and "고른 제안 500개" in sent.text and WHY in sent.text
    assert found(sa.select(AgendaLink.id)) is None
    far_too_many = {"do": "find", "proposals": list(range(1, 20_000))}
    looked = client.post("/desk/agendas/alley/proposals", data=form | far_too_many)
    assert looked.status_code == 200 and len(ticked(looked)) == 500
    sent = client.post("/desk/agendas/alley/proposals", data=form | {"proposals": many[:100]})
    assert sent.status_code == 303 and found(sa.select(sa.func.count()).select_from(AgendaLink)) == 100


@pytest.mark.in_turns(of=5)
def test_proposals_of_the_same_agenda_are_suggested_to_be_merged_with(town, moderator, browse):
    one, other = handed_in(town, "우체국 앞 정류장에 의자를 놓아 주세요"), handed_in(town, "골목에 가로등을 더 달아 주세요")
    alike, apart = handed_in(town, "은행나무 정류장에 의자를 놓아 주세요"), handed_in(town, "시흥사거리 정류장에 의자를 놓아 주세요")
    gone = town.proposal(state=State.WITHDRAWN)
    opened(town, moderator, one, other)
    agenda, _links = opened(town, moderator, alike, slug="lane")
    branching.merge(agenda.id, opened(town, moderator, town.proposal(), one, slug="street",
                                      relation=Relation.RELATED)[0].id, WHY, by=moderator)
    page = browse(moderator).get(f"/desk/proposals/{one.number}/merge").text
    beside, similar = page.split("비슷한 제안")
    assert "같은 의제에 있는 제안" in beside and apart.number not in beside and gone.number not in page
    assert beside.index(alike.title) < beside.index(other.title), "what is most like it stands first"
    assert apart.title in similar and alike.title not in similar and other.title not in similar
    alone = browse(moderator).get(f"/desk/proposals/{apart.number}/merge").text
    assert "같은 의제에 있는 제안" not in alone and one.title in alone


@pytest.mark.both
def test_a_merge_is_objected_to_answered_and_undone_by_forms(town, moderator, browse):
    kick, board = town.proposal(title="킥보드 세울 칸"), town.proposal(title="점자블록 위 킥보드")
    neighbour = town.resident()
    proposals.support(kick.id, by=neighbour)
    client = browse(moderator)
    assert client.get(f"/desk/proposals/{kick.number}/merge").status_code == 200
    sent = client.post(f"/desk/proposals/{kick.number}/merge", data=chosen("into", board.number) | {"reason": WHY})
    assert sent.status_code == 303
    merge = found(sa.select(ProposalMerge.id))
    for proposal in (kick, board):
        page = text_of(browse().get(f"/proposals/{proposal.number}"))
        assert "합쳐진 제안" in page and WHY in page and "킥보드 세울 칸" in page and "점자블록 위 킥보드" in page
    assert browse(neighbour).post(f"/merges/{merge}/opt-outs").status_code == 303
    assert "세지 않아요" in browse(neighbour).get(f"/proposals/{kick.number}").text
    assert browse(board.author).post(f"/merges/{merge}/agreements").status_code == 303
    author = browse(kick.author)
    asked = text_of(author.get(f"/merges/{merge}/objections"))
    assert WHY in asked and "점자블록 위 킥보드" in asked, "what one objects to"
    assert author.post(f"/merges/{merge}/objections", data={"text": "제 뜻과 달라요."}).status_code == 303
    objection = found(sa.select(AuthorObjection.id))
    assert "제 뜻과 달라요." in client.get("/desk/agendas").text
    page = text_of(client.get(f"/desk/author-objections/{objection}"))
    assert "제 뜻과 달라요." in page and WHY in page and "점자블록 위 킥보드" in page and "합친 것을 되돌리기" in page
    sent = client.post(f"/desk/author-objections/{objection}", data={"answer": "되돌릴게요."})
    assert sent.status_code == 303 and sent.location == f"/proposals/{kick.number}#lineage"
    assert client.post(f"/desk/merges/{merge}/undo", data={"reason": WHY}).status_code == 303
    again = client.post(f"/desk/merges/{merge}/undo", data={"reason": WHY})
    assert again.status_code == 409 and "이미 되돌린" in again.text
    assert "되돌릴게요." in browse().get(f"/proposals/{kick.number}").text


@pytest.mark.both
def test_it_is_found_and_stands_on_the_first_page(town, moderator, browse):
    agenda, _links = opened(town, moderator, town.proposal())
    making.move(agenda.id, making.AgendaState.IN_DELIBERATION, by=moderator)
    assert QUESTION in text_of(browse().get("/search?q=골목을&kind=agenda"))
    assert QUESTION in browse().get("/").text


@pytest.mark.both
def test_it_is_split_and_merged_by_forms(town, moderator, browse):
    _agenda, links = opened(town, moderator, town.proposal(), town.proposal())
    client = browse(moderator)
    assert client.get("/desk/agendas/alley/split").status_code == 200
    part = client.post("/desk/agendas/alley/split", data={
        "links": [links[0].id], "slug": "part", "question": "나눠서 볼까요?", "reason": WHY})
    assert part.location == "/desk/agendas/part"
    assert client.get("/desk/agendas/part/merge").status_code == 200
    back = client.post("/desk/agendas/part/merge", data=chosen("into", "alley") | {"reason": WHY})
    assert back.location == "/desk/agendas/alley"
    assert "다른 의제와 합쳐졌어요" in browse().get("/agendas/part").text
    assert found(sa.select(Agenda.merged_into_id).filter_by(slug="part")) == links[0].agenda_id

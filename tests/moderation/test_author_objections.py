"""Objections of authors are public: each is reported, hidden, taken down and appealed about like any other text."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.agendas.models import AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.moderation.services import appeals, cases, reports, signals, takedowns
from civic_forum.moderation.models import ModerationAction, Report, Signal
from civic_forum.moderation.queries import queue, things
from civic_forum.moderation.queries import actions as own
from civic_forum.moderation.rules import ActionKind, Decision, Ground, Rule, SignalKind
from tests.notifications.told import steps

from .acts import acted

TEXT = "제 제안은 옆집 김 아무개가 막은 골목 이야기예요."
HIDE = Decision(hide=True, account=None, rule=Rule.PRIVACY, reason="누구인지 알 수 있는 이웃 이야기가 있어요.")
KIND = "author_objection"


@pytest.fixture
def author(town):
    return town.resident()


@pytest.fixture
def objection(town, author):
    """To a grouping, on the page of an agenda."""
    moderator, proposal = town.moderator(), town.proposal(author=author)
    made = making.begin("alley", Wording(question="골목을 어떻게 걷기 좋게 할까요?"), by=moderator)
    grouping.group(made.id, [proposal.id], Relation.CORE, "같은 골목이에요.", by=moderator)
    making.publish(made.id, by=moderator)
    return objecting.object_to_grouping(db.session.scalar(sa.select(AgendaLink.id)), TEXT, by=author)


@pytest.fixture
def of_merge(town, author):
    """To a merge, on the pages of both proposals."""
    one, other = town.proposal(author=author), town.proposal()
    merging.merge(one.id, other.id, "같은 뜻의 제안이에요.", by=town.moderator())
    return objecting.object_to_merge(db.session.scalar(sa.select(ProposalMerge.id)), TEXT, by=author)


def again(objection) -> AuthorObjection:
    db.session.rollback()
    return db.session.get(AuthorObjection, objection.id, populate_existing=True)


@pytest.mark.both
def test_it_is_reported_from_its_page_and_hidden_there_for_all_but_its_author(town, browse, objection, author):
    reader, moderator, page = browse(town.user()), town.moderator(), "/agendas/alley"
    about = f"/reports/new?about={KIND}:{objection.id}"
    assert about in reader.get(page).text and about not in browse(author).get(page).text
    assert TEXT in reader.get(about).text
    sent = reader.post("/reports/new", data={"about": f"{KIND}:{objection.id}", "rule": "privacy"})
    assert (sent.status_code, sent.location) == (303, f"{page}#objection-{objection.id}")
    report, = db.session.scalars(sa.select(Report))
    desk = browse(moderator)
    assert TEXT in desk.get("/desk/reports").text and f"/desk/reports/{KIND}/{objection.id}" in desk.get("/desk").text
    assert desk.get(f"/desk/reports?kind={KIND}").text.count(TEXT) == 1
    case = desk.get(f"/desk/reports/{KIND}/{objection.id}")
    assert TEXT in case.text and "골목을 어떻게 걷기 좋게 할까요?" in case.text
    done = desk.post(f"/desk/reports/{KIND}/{objection.id}", data={
        "text": "hide", "account": "none", "length": "", "rule": "privacy", "reason": HIDE.reason,
        "seen": str(report.id)})
    assert done.status_code == 303
    for client in (reader, browse(), desk):
        shown = client.get(page).text
        assert TEXT not in shown and "가린 글이에요. 어긴 원칙: 개인정보" in shown and about not in shown
    mine = browse(author).get(page).text
    assert TEXT in mine and "가려서 나에게만 보여요" in mine
    assert reader.get(about).status_code == 404 and TEXT not in reader.get("/me/reports").text
    action, = db.session.scalars(sa.select(ModerationAction))
    assert TEXT in browse(author).get(f"/moderation/actions/{action.id}").text
    assert "묶음 반대" in browse().get("/moderation/ledger").text and TEXT not in browse().get("/moderation/ledger").text
    assert "hidden" in steps(author) and "묶음 반대" in browse(author).get("/me/notices").text
    cases.take_back(action.id, by=moderator)
    assert TEXT in browse().get(page).text and again(objection).hidden_rule is None


@pytest.mark.in_turns(of=5)
def test_an_objection_to_a_merge_is_hidden_on_the_pages_of_both_proposals(town, browse, of_merge, author):
    numbers = of_merge.merge.merged.number, of_merge.merge.into.number
    assert all(TEXT in browse().get(f"/proposals/{one}").text for one in numbers)
    acted(town.moderator(), KIND, of_merge.id, rule=Rule.PRIVACY)
    for one in numbers:
        assert TEXT not in browse().get(f"/proposals/{one}").text
        assert "가린 글이에요. 어긴 원칙: 개인정보" in browse().get(f"/proposals/{one}").text
        assert TEXT in browse(author).get(f"/proposals/{one}").text


@pytest.mark.both
def test_somebody_concerned_has_it_taken_down_and_its_author_appeals(town, browse, objection, author):
    asked = browse().post("/moderation/takedowns/new", data={
        "form_key": "a" * 32, "address": f"http://localhost/agendas/alley#objection-{objection.id}",
        "ground": "privacy", "text": "옆집 김 아무개가 저예요. 이름을 가려 주세요.", "contact": "concerned@example.org"})
    assert asked.status_code == 303, asked.text
    blocker, granter, third = town.moderator(), town.moderator(), town.moderator()
    request = db.session.scalar(sa.text("SELECT id FROM takedown_request"))
    assert TEXT in browse(blocker).get(f"/desk/takedowns/{request}").text
    takedowns.block_takedown(request, reason="이웃이 드러나요.", by=blocker)
    takedowns.decide_takedown(request, granted=True, decision="이웃의 이름을 알 수 있어요.", by=granter)
    assert again(objection).hidden_rule == "privacy" and TEXT not in browse().get("/agendas/alley").text
    action = db.session.scalar(sa.select(ModerationAction.id))
    made = appeals.appeal(action, text="이웃의 이름은 적지 않았어요.", by=db.session.get(User, author.id))
    with pytest.raises(Denied):
        appeals.decide_appeal(made.id, upheld=True, decision="이름을 적지 않은 글이 맞아요.", by=granter)
    assert TEXT in browse(third).get(f"/desk/appeals/{made.id}").text
    appeals.decide_appeal(made.id, upheld=True, decision="이름을 적지 않은 글이 맞아요.", by=third)
    assert again(objection).hidden_at is None and TEXT in browse().get("/agendas/alley").text


def test_a_moderator_neither_hides_nor_judges_the_own_one(town):
    moderator, other = town.moderator(), town.moderator()
    proposal = town.proposal(author=moderator)
    made = making.begin("alley", Wording(question="골목을 어떻게 걷기 좋게 할까요?"), by=other)
    grouping.group(made.id, [proposal.id], Relation.CORE, "같은 골목이에요.", by=other)
    making.publish(made.id, by=other)
    objection = objecting.object_to_grouping(db.session.scalar(sa.select(AgendaLink.id)), TEXT, by=moderator)
    request = takedowns.ask_takedown("a" * 32, KIND, objection.id, ground=Ground.PRIVACY, contact="someone@example.org",
                                     text="옆집 김 아무개가 저예요. 이름을 가려 주세요.")
    with pytest.raises(Denied):
        cases.decide(KIND, objection.id, HIDE, by=moderator)
    with pytest.raises(Denied):
        takedowns.block_takedown(request.id, reason="이웃이 드러나요.", by=moderator)
    assert takedowns.block_takedown(request.id, reason="이웃이 드러나요.", by=other).blocked_until


def test_acts_on_it_lie_on_each_other(town, objection):
    hidden = acted(town.moderator(), KIND, objection.id, rule=Rule.ABUSE)
    other = acted(town.moderator(), KIND, objection.id, kind=ActionKind.TAKEDOWN, rule=Rule.PRIVACY)
    cases.take_back(hidden.id, by=town.moderator())
    assert again(objection).hidden_rule == "privacy"
    made = appeals.appeal(other.id, text="이웃의 이름은 적지 않았어요.", by=db.session.get(User, other.user_id))
    appeals.decide_appeal(made.id, upheld=True, decision="이름을 적지 않은 글이 맞아요.", by=town.moderator())
    assert again(objection).hidden_at is None


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("hide", ["agenda", "objection", "proposals"])
def test_a_thing_that_the_reader_cannot_see_is_not_there(town, objection, of_merge, hide):
    reader, gone = town.user(), of_merge if hide == "proposals" else objection
    if hide == "agenda":
        db.session.execute(sa.text("UPDATE agenda SET published_at = NULL"))
        db.session.commit()
    elif hide == "objection":
        acted(town.moderator(), KIND, objection.id)
    else:
        for one in (of_merge.merge.merged_id, of_merge.merge.into_id):
            acted(town.moderator(), "proposal", one)
    for number in (gone.id, 4711):
        with pytest.raises(NotFound):
            reports.report(KIND, number, rule=Rule.ABUSE, by=reader)
    with pytest.raises(NotFound):
        takedowns.ask_takedown("a" * 32, KIND, gone.id, ground=Ground.PRIVACY, contact="someone@example.org",
                               text="옆집 김 아무개가 저예요. 이름을 가려 주세요.")


def test_parts_that_may_be_worth_a_look_are_noticed(town, author):
    moderator = town.moderator()
    signals.add_word("막은 골목", by=moderator)
    proposal = town.proposal(author=author)
    made = making.begin("alley", Wording(question="골목을 어떻게 걷기 좋게 할까요?"), by=moderator)
    grouping.group(made.id, [proposal.id], Relation.CORE, "같은 골목이에요.", by=moderator)
    making.publish(made.id, by=moderator)
    said = objecting.object_to_grouping(db.session.scalar(sa.select(AgendaLink.id)), TEXT, by=author)
    signal, = db.session.scalars(sa.select(Signal))
    assert (signal.subject_kind, signal.subject_id, signal.kind) == (KIND, said.id, SignalKind.WATCHED_WORD)


def test_pages_of_moderators_read_many_in_few_statements(town, objection, of_merge, queries):
    about = [(KIND, objection.id), (KIND, of_merge.id)]
    db.session.expire_all()
    with queries() as seen:
        assert {one.url.partition("#")[2] for one in things.shown(about).values()} == {
            f"objection-{number}" for _kind, number in about}
    assert len(seen) == 1
    for _kind, number in about:
        reports.report(KIND, number, rule=Rule.ABUSE, by=town.user())
    assert {one.text for one in queue.waiting(queue.QUEUE.of({"kind": KIND}), town.moderator().id).items} == {TEXT}


def test_ones_own_data_say_that_it_is_hidden(town, objection, author):
    reader = town.user()
    reports.report(KIND, objection.id, rule=Rule.ABUSE, by=reader)
    acted(town.moderator(), KIND, objection.id)
    assert PERSONAL_DATA["agendas"].collect(author)["objections"][0]["hidden"] == "abuse"
    told, = own.reports(db.session.get(User, reader.id))
    assert (told.text, told.url) == ("", None)

"""Everybody's work that waits: only what one can do oneself, by the day it is due, counted truly while others act."""

import re
from datetime import date, timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.services import letters
from civic_forum.agendas.models import AuthorObjection
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.models import Duty
from civic_forum.answers.services import cases, texts
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication as proposals
from tests import factories
from tests.answers.making import on_the_table, owed, published, text
from tests.common import commit
from tests.racing import at_once

WHO = Identity("김서윤", date(1985, 4, 2))


def desk(browse, user, address="/desk"):
    answer = browse(user).get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def counts(page) -> dict[str, int]:
    """The number of each kind, as the filters say."""
    return {label.strip(): int(number.replace(",", "")) for label, number in
            re.findall(r'class="chip"[^>]*>([^<]+)<span class="n">([\d,]+)', page)}


def links(page) -> list[str]:
    """The addresses to which the items of the page lead."""
    return re.findall(r'<h3><a class="card-link" href="([^"]+)"', page)


def held(town, **facts) -> Proposal:
    return town.proposal(state=State.HELD, published_at=None, edited_at=factories.MAY, **facts)


def objection(town, moderator) -> AuthorObjection:
    author = town.resident()
    proposal = town.proposal(author=author)
    agenda = making.begin(f"alley-{proposal.id}", Wording(question="골목을 어떻게 걷기 좋게 할까요?"), by=moderator)
    grouping.group(agenda.id, [proposal.id], Relation.CORE, "같은 골목이에요.", by=moderator)
    making.publish(agenda.id, by=moderator)
    link = db.session.scalar(sa.text("SELECT max(id) FROM agenda_link"))
    return objecting.object_to_grouping(link, "제 제안은 다른 골목 이야기예요.", by=author)


class TestWhoSeesWhat:
    @pytest.mark.both
    def test_a_moderator_sorts_checks_and_answers_objections(self, town, browse):
        moderator = town.moderator()
        waits, one = held(town), owed(town)
        against = objection(town, moderator)
        page = desk(browse, moderator)
        assert counts(page) == {"모든 일": 3, "제안 확인": 1, "분류": 1, "묶음 반대": 1}
        assert set(links(page)) == {f"/desk/held?number={waits.number}", f"/desk/answers/{one.number}",
                                    f"/desk/author-objections/{against.id}"}

    @pytest.mark.both
    def test_own_work_waits_for_somebody_else(self, town, browse):
        moderator = town.moderator()
        held(town, author=moderator)
        assert links(desk(browse, moderator)) == []
        assert len(links(desk(browse, town.moderator()))) == 1

    @pytest.mark.both
    def test_an_official_sees_the_own_department_alone(self, town, browse):
        official, other = town.official(), town.official(department=town.department("복지정책과"))
        one = on_the_table(town, official)
        owed(town)
        assert links(desk(browse, official)) == [f"/desk/answers/{one.number}"]
        assert links(desk(browse, other)) == []
        cases.ask_department(one.id, next(iter(other.department_ids())), note="보도 폭을 알려 주세요.", by=official)
        assert counts(desk(browse, other)) == {"모든 일": 1, "다른 부서에 답하기": 1}

    def test_a_text_waits_for_the_second_official_and_not_for_its_writer(self, town, browse):
        writer, second = town.official(), town.official()
        one = on_the_table(town, writer)
        assert counts(desk(browse, second)) == {"모든 일": 1, "답변 쓰기": 1}
        texts.submit(one.id, text(), seen=0, by=writer)
        assert links(desk(browse, writer)) == []
        assert counts(desk(browse, second)) == {"모든 일": 1, "답변 승인": 1}

    def test_a_correction_waits_for_the_second_official(self, town, browse):
        writer, second = town.official(), town.official()
        answer = published(on_the_table(town, writer), writer, second)
        [promise] = links(desk(browse, second))
        texts.correct(answer.id, text(cost=1), why="금액을 바로잡아요.", seen=answer.version, by=writer)
        assert counts(desk(browse, second)) == {"모든 일": 2, "답변 승인": 1, "약속 단계 나누기": 1}
        assert links(desk(browse, writer)) == [promise] and promise.startswith("/desk/commitments/")

    def test_a_stopped_clock_waits_for_the_author(self, town, browse):
        official = town.official()
        one = on_the_table(town, official)
        cases.ask_completion(one.id, asked="어느 골목인지 알려 주세요.", by=official)
        assert links(desk(browse, official)) == []

    def test_a_clerk_sees_the_letters_of_the_own_neighbourhood(self, town, browse):
        clerk, there = town.clerk(), town.neighbourhood("독산3동")
        letters.request(WHO, "금하로 00길 1", town.neighbourhood().id, by=town.user())
        letters.request(Identity("이도윤", date(1990, 7, 9)), "금하로 00길 2", there.id, by=town.user())
        page = desk(browse, clerk)
        assert counts(page) == {"모든 일": 1, "우편 인쇄하기": 1}
        assert "김서윤" not in page and "금하로" not in page

    @pytest.mark.both
    @pytest.mark.both
    def test_the_rest_have_nothing_and_can_still_begin_something(self, town, browse):
        held(town)
        owed(town)
        page = desk(browse, town.administrator())
        assert links(page) == [] and "기다리는 일이 없어요." in page and "/desk/roles" in page


class TestTheList:
    @pytest.fixture
    def owing(self, town):
        """An official whose department owes answers for these days from today."""
        official = town.official()

        def owe(*days):
            for left in days:
                one = on_the_table(town, official, title=f"{left}일 제안")
                commit(sa.update(Duty).filter_by(proposal_id=one.id).values(
                    due_on=factories.MAY.date() + timedelta(days=left)))
            return official

        return owe

    def test_the_earliest_deadline_comes_first_in_words(self, browse, owing, at):
        at(factories.MAY)
        page = desk(browse, owing(9, 1, -2, 0, 3))
        assert re.findall(r"(-?\d+)일 제안", page)[:5] == ["-2", "0", "1", "3", "9"]
        assert re.findall(r'<span class="due[^"]*">([^<]+)', page) == ["늦음 2일", "오늘", "D-1", "D-3", "D-9"]
        assert re.findall(r'<h2 class="day-h"[^>]*>([^<]+)', page) == ["늦었어요", "오늘까지", "다음"]
        assert re.findall(r'<b\s+class="num">(\d+)', page) == ["1", "1", "3", "5"]

    @pytest.mark.both
    def test_filters_are_links_that_narrow_both_ways(self, town, browse, owing, at):
        at(factories.MAY)
        official = owing(-1, -1, 0, 5)
        page = desk(browse, official, "/desk?due=late")
        assert len(links(page)) == 2 and counts(page)["답변 쓰기"] == 2
        assert 'href="/desk?kind=answers.write"' in desk(browse, official)
        page = desk(browse, official, "/desk?due=today&kind=answers.write")
        assert len(links(page)) == 1
        page = desk(browse, official, "/desk?kind=answers.approve")
        assert links(page) == [] and "다른 거르기를" in page

    @pytest.mark.parametrize("wrong", ["due=never", "kind=nothing", "kind=proposals.held", "after=x", "after=W10"])
    def test_an_unknown_value_is_refused_with_a_sentence(self, town, browse, wrong):
        answer = browse(town.official()).get(f"/desk?{wrong}")
        assert answer.status_code == 400
        assert "보 주세요" in answer.text.replace("봐", "보") or "골라 주세요" in answer.text

    @pytest.mark.both
    def test_pages_go_on_by_key(self, browse, owing, at):
        at(factories.MAY)
        browser, seen, address = browse(owing(*range(25))), [], "/desk"
        while address:
            page = browser.get(address).text
            seen += re.findall(r">(-?\d+)일 제안", page)
            following = re.search(r'href="([^"]+)" rel="next"', page)
            address = following and following[1].replace("&amp;", "&")
        assert seen == [str(day) for day in range(25)]

    def test_two_clicks_and_it_can_be_done(self, town, browse):
        """Each item leads to a page with the button that does it, or that opens its form."""
        moderator, official, second = town.moderator(), town.official(), town.official()
        held(town)
        owed(town)
        objection(town, moderator)
        on_the_table(town, official)
        texts.submit(on_the_table(town, official).id, text(), seen=0, by=official)
        clerk = town.clerk()
        letters.request(WHO, "금하로 00길 1", town.neighbourhood().id, by=town.user())
        for user, most in ((moderator, 3), (second, 2), (clerk, 1)):
            found = links(desk(browse, user))
            assert len(found) == most
            for address in found:
                page = browse(user).get(address)
                assert page.status_code == 200 and '<main' in page.text
                main = page.text.split("<main", 1)[1]
                assert 'method="post"' in main or f'href="{address}/' in main, address


@pytest.mark.both
def test_a_title_is_text_and_a_hidden_one_is_not_shown(town, browse):
    moderator = town.moderator()
    held(town, title="<script>alert(1)</script>")
    owed(town, title="남을 해치는 제목이에요").hidden_at = factories.MAY
    db.session.commit()
    page = desk(browse, moderator)
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "남을 해치는" not in page and "가린 제안" in page


@pytest.mark.both
def test_a_role_that_was_withdrawn_takes_its_work_along(town, browse):
    official = town.official()
    on_the_table(town, official)
    browser = browse(official)
    assert len(links(browser.get("/desk").text)) == 1
    commit(sa.text("UPDATE role_grant SET withdrawn_at = granted_at"))
    assert browser.get("/desk").status_code == 403


@pytest.mark.in_turns(of=5)
def test_the_counts_are_true_while_others_act(town, app, browse):
    """Readers never see a number that was not so at some moment: what waits only shrinks, and the sums agree."""
    waiting = [held(town).id for _each in range(16)]
    moderators = [town.moderator().id for _each in range(4)]
    readers, over, seen = [browse(town.moderator()) for _each in range(2)], Event(), {0: [], 1: []}

    def read(number):
        while not over.is_set():
            page = readers[number].get("/desk").text
            totals = counts(page)
            seen[number].append((totals.get("모든 일", 0), totals.get("제안 확인", 0), len(links(page))))

    db.session.rollback()
    threads = [Thread(target=read, args=(number,)) for number in seen]
    for thread in threads:
        thread.start()
    for first in range(0, len(waiting), 4):
        done = at_once(app, 4, lambda n, first=first: proposals.approve(
            waiting[first + n], by=db.session.get(User, moderators[n])))
        assert all(isinstance(one, Proposal) for one in done)
    over.set()
    for thread in threads:
        thread.join()
    for readings in seen.values():
        totals = [every for every, _held, _listed in readings]
        assert readings and totals == sorted(totals, reverse=True)
        assert all(every == of_kind for every, of_kind, _listed in readings)
        assert all(listed <= every for every, _held, listed in readings)
    assert links(readers[0].get("/desk").text) == []

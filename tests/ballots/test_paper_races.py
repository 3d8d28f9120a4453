"""Paper and ballots at once: afterwards no online ballot of somebody with paper counts, and no number is used twice."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import Voter
from civic_forum.ballots.paper.models import PaperSheet
from civic_forum.ballots.rules.boxes import Channel, SheetState
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.voting import services as casting
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from tests.common import user
from tests.racing import at_once

from .desk_scene import live_ballots
from .officers.people import staff

pytestmark = pytest.mark.both


def refused(answers):
    return [answer for answer in answers if isinstance(answer, Refusal)]


def test_paper_is_issued_while_its_holder_casts(vote, town, app):
    """Eleven casts with fresh forms run against the second clerk: what changed first is asked for anew, then none
    counts and later ones get 409."""
    anna, clerks = vote.voter(), [staff(town, Role.MODERATOR).id for _each in range(2)]
    anna.casts(1)
    assert anna.is_handed_paper(user(clerks[0])) is None
    visit = anna.visit(user(clerks[1]))
    db.session.rollback()

    def act(n):
        if n == 7:
            return vote.issue(visit, by=user(clerks[1]))
        return anna.casts(1 + n % 5)

    answers = at_once(app, 12, act)
    answers[7] = answers[7] or anna.gets_paper(user(clerks[0]))
    assert isinstance(answers[7], papers.Issued) and answers[7].withdrew
    assert vote.live() == 0 and vote.by_channel() == {Channel.PAPER_ISSUED: 1}
    assert all(refusal.status == 409 for refusal in refused(answers))
    assert len(vote.revisions()) == 1
    with pytest.raises(Conflict, match="종이 투표지를 받아서"):
        anna.casts(2)


def test_the_first_cast_of_somebody_and_their_paper_at_once(vote, town, app):
    """Nobody has a row yet: the cast or the paper makes it, and one clerk withdraws no cast that came first."""
    clerk = town.clerk().id
    people = [vote.voter() for _each in range(6)]
    visits = [one.visit(user(clerk)) for one in people]
    forms = [one.form(1) for one in people]
    db.session.rollback()

    def act(n):
        if n % 2:
            return vote.issue(visits[n // 2], by=user(clerk))
        return casting.cast(vote.box_id, people[n // 2].person, forms[n // 2], Channel.ONLINE)

    answers = at_once(app, 12, act)
    on_paper = len(refused(answers[::2]))
    assert answers[1::2].count(None) == vote.live() == 6 - on_paper and vote.revisions() == [1] * 6
    assert vote.by_channel().get(Channel.PAPER_ISSUED, 0) == on_paper


def test_two_clerks_give_one_person_one_paper(vote, town, app):
    anna = vote.voter()
    clerks = [town.clerk().id for _each in range(8)]
    visits = [anna.visit(user(clerk)) for clerk in clerks]
    db.session.rollback()
    answers = at_once(app, 8, lambda n: papers.issue(vote.box_id, visits[n], by=user(clerks[n])))
    assert len(refused(answers)) == 7 and all("이미 종이를 받은 분" in str(one) for one in refused(answers))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PaperSheet)) == 1


def test_clerks_at_once_never_give_the_same_number(vote, town, app):
    clerks = [town.clerk().id for _each in range(10)]
    visits = [vote.voter().visit(user(clerk)) for clerk in clerks]
    db.session.rollback()
    answers = at_once(app, 10, lambda n: papers.issue(vote.box_id, visits[n], by=user(clerks[n])))
    assert sorted(issued.number for issued in answers) == list(range(1, 11))


def test_one_printed_number_goes_to_one_person(vote, town, app):
    clerks = [town.clerk().id for _each in range(6)]
    visits = [vote.voter().visit(user(clerk)) for clerk in clerks]
    db.session.rollback()
    answers = at_once(app, 6, lambda n: papers.issue(vote.box_id, visits[n], number=1, by=user(clerks[n])))
    assert len(refused(answers)) == 5 and vote.by_channel() == {Channel.PAPER_ISSUED: 1}


def test_one_sheet_is_returned_spoiled_or_taken_back_but_only_one_of_them(vote, town, app):
    clerk = town.clerk().id
    anna = vote.voter()
    anna.gets_paper(user(clerk))
    visit = anna.visit(user(clerk))
    acts = [(papers.mark_returned, 1), (papers.replace, visit, 1), (papers.take_back, visit, 1)] * 3
    db.session.rollback()
    answers = at_once(app, 9, lambda n: (acts[n][0](vote.box_id, *acts[n][1:], by=user(clerk)), "done"))
    assert len(refused(answers)) == 8
    db.session.rollback()
    assert db.session.get(PaperSheet, (vote.box_id, 1)).state is not SheetState.ISSUED


def test_casting_goes_on_while_an_unused_paper_is_taken_back(vote, town, app):
    """A cast with the state of a row that says paper waits, and goes in once the paper is back."""
    anna, clerk = vote.voter(), town.clerk().id
    anna.gets_paper(user(clerk))
    visit = anna.visit(user(clerk))
    db.session.rollback()

    def act(n):
        if n == 0:
            return papers.take_back(vote.box_id, visit, 1, by=user(clerk))
        return anna.casts(1)

    answers = at_once(app, 8, act)
    assert answers[0] == 1
    taken = 7 - len(refused(answers))
    assert vote.live() == bool(taken)
    assert vote.by_channel() == {Channel.ONLINE if taken else Channel.PAPER_TAKEN_BACK: 1}
    assert all(refusal.status == 409 for refusal in refused(answers))


def test_paper_that_waits_across_the_close_is_refused(vote, town):
    """By the database's clock once the lock is held, whatever the clerk's page said."""
    anna, clerk = vote.voter(), town.clerk()
    clock.shift(int((vote.box.closes_at - clock.now()).total_seconds()) + 1)
    visit = anna.visit(clerk)
    with pytest.raises(Conflict, match="투표가 끝나서"):
        papers.issue(vote.box_id, visit, by=clerk)
    db.session.rollback()
    assert db.session.scalars(sa.select(Voter)).all() == []


def test_in_every_committed_state_online_and_assisted_are_the_live_ballots(vote, town, app):
    """Casts, changes and papers of twelve people at once, while others look at what is committed."""
    first, clerk = staff(town, Role.MODERATOR).id, staff(town, Role.MODERATOR).id
    people = [vote.voter() for _each in range(12)]
    for one in people[:6]:
        one.casts(1)
    for one in people[:6:3]:
        assert one.is_handed_paper(user(first)) is None
    visits = [one.visit(user(clerk)) for one in people]
    db.session.rollback()

    def act(n):
        if n >= 12:
            return [snapshot(vote) for _again in range(40)]
        if n % 3 == 0:
            return vote.issue(visits[n], by=user(clerk))
        return [people[n].casts(1 + m) for m in range(3)]

    answers = at_once(app, 14, act)
    assert refused(answers) == []
    seen = [figures for looked in answers[12:] for figures in looked]
    assert len(seen) == 80 and all(live == taking_part for live, taking_part in seen)
    assert snapshot(vote) == (8, 8) and vote.by_channel()[Channel.PAPER_ISSUED] == 4


def snapshot(vote) -> tuple[int, int]:
    """Live ballots, and participations online or assisted, of one committed state."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    channels = dict(db.session.execute(sa.select(Voter.channel, sa.func.count())
                                       .filter_by(box_id=vote.box_id).group_by(Voter.channel)).all())
    figures = live_ballots(vote.box_id), channels.get(Channel.ONLINE, 0) + channels.get(Channel.ASSISTED, 0)
    db.session.rollback()
    return figures

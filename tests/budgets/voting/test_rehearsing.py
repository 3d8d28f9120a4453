"""A rehearsal of a round: its envelopes with boxes of their own, open at once, marked everywhere, never a result."""

import pytest
import sqlalchemy as sa

from civic_forum.ballots import identities
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.process import PROCESS
from civic_forum.budgets.rounds import opening
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from tests.ballots.boxes import form_of
from tests.budgets import making
from tests.budgets.making import voter

from .scene import drafted, fields
from .test_ballot_pages import main_of


def casts(box_id, user, *numbers):
    box, person = db.session.get(BallotBox, box_id), identities.candidates(user)[0]
    choice = boxes.rule_of(box).encode(dict.fromkeys(numbers, 1))
    return casting.cast(box_id, person, form_of(box, person, choice), Channel.ONLINE)


def rehearsed(town, *names, by=None, hours=2):
    made = drafted(town)
    copy = opening.rehearse(made.id, names, hours=hours, by=by or town.moderator())
    return made, db.session.get(BudgetRound, copy.id, populate_existing=True)


def states(budget_round) -> set:
    return {(one.id, one.state, one.number)
            for one in db.session.scalars(sa.select(Project).filter_by(round_id=budget_round.id))}


@pytest.mark.in_turns(of=5)
def test_those_who_are_invited_vote_at_once_in_every_envelope_and_nobody_else(town, browse):
    guest, stranger, moderator = voter(town), voter(town), town.moderator()
    made, copy = rehearsed(town, guest.sign_in_name, by=moderator)
    first, second = [one.box for one in copy.envelopes]
    assert first.rehearsal and second.rehearsal and first.opened_at and second.opened_at and made.opened_at is None
    assert casts(first.id, guest, 1) and casts(second.id, guest, 1, 2, 4) and casts(first.id, moderator, 2)
    with pytest.raises(Refusal):
        casts(first.id, stranger, 1)
    page = main_of(browse(guest).get(f"/budgets/{copy.slug}/envelope-1"))
    assert "예행연습이에요" in page
    assert "연습 투표예요" in browse(guest).get(f"/budgets/{copy.slug}/envelope-2/ballot").text
    assert copy.slug in browse(moderator).get(f"/desk/budgets/{made.slug}/rehearsals").text


@pytest.mark.both
def test_the_pages_vote_without_script_from_the_address_that_is_handed_around(town, browse):
    guest = voter(town)
    _made, copy = rehearsed(town, guest.sign_in_name)
    client = browse(guest)
    assert "예행연습이에요" in main_of(client.get(f"/budgets/{copy.slug}"))
    assert "배정 예산 1" in main_of(client.get(f"/budgets/{copy.slug}/ballot", follow_redirects=True))
    ballot = client.get(f"/budgets/{copy.slug}/envelope-1/ballot").text
    done = client.post(f"/budgets/{copy.slug}/envelope-1/casts", data=fields(ballot) | {"option": "3"})
    assert done.status_code == 200 and boxes.participations(copy.envelopes[0].box_id).online == 1


@pytest.mark.in_turns(of=5)
def test_its_ballots_ask_what_the_round_asks_and_nothing_becomes_of_the_projects(town):
    made, copy = rehearsed(town)
    before = states(made)
    again = opening.rehearse(made.id, [], hours=1, by=town.moderator())
    assert again.slug != copy.slug and again.envelopes[0].box_id != copy.envelopes[0].box_id
    real = opening.prepare(made.id, by=town.moderator())
    for mine, theirs in zip(copy.envelopes, real.envelopes, strict=True):
        known, asked = boxes.asked(mine.box), boxes.asked(theirs.box)
        for name in ("options", "rule", "budget", "question", "binding", "groups"):
            assert known.get(name) == asked.get(name), name
        assert (known["rehearsal"], asked["rehearsal"]) == (1, 0)
    assert {one[:2] for one in states(made)} == {one[:2] for one in before} and states(copy) == set()


@pytest.mark.in_turns(of=5)
def test_a_rehearsal_is_in_no_list_and_not_for_visitors(town, browse):
    made, copy = rehearsed(town)
    for address in ("", "/envelope-1", "/envelope-1/ballot", "/ballot"):
        assert browse().get(f"/budgets/{copy.slug}{address}").status_code in (302, 404), address
    for address in ("/budgets", "/", "/search?q=주민참여예산", "/data", "/feeds"):
        assert copy.slug not in browse(voter(town)).get(address).text, address
    desk = browse(town.moderator()).get("/desk/budgets").text
    assert made.slug in desk and copy.slug not in desk


def test_it_is_neither_announced_nor_prepared_nor_changed(town):
    moderator = town.moderator()
    _made, copy = rehearsed(town, by=moderator)
    with pytest.raises(Denied):
        PROCESS.announce(copy.id, by=moderator)
    with pytest.raises(Denied):
        opening.prepare(copy.id, by=moderator)
    with pytest.raises(Denied):
        opening.rehearse(copy.id, [], hours=1, by=moderator)
    assert db.session.get(BudgetRound, copy.id, populate_existing=True).announced_at is None


@pytest.mark.in_turns(of=5)
def test_a_round_that_is_not_whole_for_nobody_or_open_already_is_refused(town):
    moderator, made = town.moderator(), drafted(town)
    for names, hours, field in ((["nobody-there"], 1, "names"), ([], 0, "hours"), ([], 73, "hours")):
        with pytest.raises(Refusal) as refused:
            opening.rehearse(made.id, names, hours=hours, by=moderator)
        assert refused.value.field == field
    for who in (town.resident(), town.official(), town.administrator()):
        with pytest.raises(Denied):
            opening.rehearse(made.id, [], hours=1, by=who)
    with pytest.raises(Refusal):
        opening.rehearse(making.new_round(town, binding="").id, [], hours=1, by=moderator)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotBox)) == 0
    voter(town)
    with pytest.raises(Denied):
        opening.rehearse(making.opened(town).id, [], hours=1, by=moderator)

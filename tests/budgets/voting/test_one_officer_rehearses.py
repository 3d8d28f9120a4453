"""A rehearsed round from its ballots to the destruction of its keys by one officer, while the real one takes two."""

import re

import pytest

from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.budgets.rounds import opening
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.officials import COPIES, EARLY
from tests.ballots.test_draws import FACES
from tests.budgets.making import voter

from .test_rehearsing import casts, rehearsed, states


def row(box_id):
    db.session.rollback()
    return db.session.get(BallotBox, box_id, populate_existing=True)


def alone(client, box_id, action, note):
    """Propose on the page of the box and confirm on the page that comes after it; a draw is typed again."""
    here = at(box_id)
    seen = re.search(rf'name="seen" value="([0-9a-f]{{64}})"><input type="hidden" name="action" value="{action}"',
                     client.get(here).text)[1]
    assert client.post(f"{here}/proposals", data={"seen": seen, "action": action, "note": note}).status_code == 303
    proposal, seen = re.search(r'proposals/(\d+)/confirmation".*?name="seen" value="([0-9a-f]{64})"',
                               client.get(here).text, re.S).groups()
    given = {"seen": seen, "password": PASSWORD} | ({"note": note} if action == "draw" else {})
    answer = client.post(f"{here}/proposals/{proposal}/confirmation", data=given)
    assert answer.status_code == 303, answer.text


def at(box_id) -> str:
    return f"/desk/votes/{box_id.hex()}"


@pytest.mark.in_turns(of=5)
def test_one_officer_takes_every_envelope_from_the_ballots_to_the_destruction_of_its_key(town, browse):
    officer, guests = town.moderator(password_hash=password_hash()), [voter(town), voter(town)]
    made, copy = rehearsed(town, *(one.sign_in_name for one in guests), by=officer)
    before, slug, found = states(made), copy.slug, [one.box_id for one in copy.envelopes]
    casts(found[0], guests[0], 1)
    casts(found[0], guests[1], 1, 2)
    casts(found[1], guests[0], 1, 2, 4)
    client, others = browse(officer), (browse(), browse(voter(town)))
    clock.shift(60)
    for box_id in found:
        alone(client, box_id, "close_early", EARLY)
        assert row(box_id).closed_at is not None
        if box_id == found[1]:  # projects that cost the same and have as many votes
            assert client.post(f"{at(box_id)}/steps").status_code == 409 and row(box_id).tied_at
            alone(client, box_id, "draw", FACES)
        assert client.post(f"{at(box_id)}/steps").status_code == 303
        with client.get(f"{at(box_id)}/record.zip") as record:
            assert record.status_code == 200 and record.data[:2] == b"PK"
        alone(client, box_id, "destroy_key", COPIES)
        ended = row(box_id)
        assert (
            ended.erased_at
            and ended.key_destroyed_at
            and not keyring.is_there(box_id)
            and records.are_as_written(ended)
        )
        assert "예행연습은 결과로 공개하지 않아요" in client.get(at(box_id)).text
        assert ended.published_at is None
        for other in others:
            assert other.get(f"/votes/{box_id.hex()}/record.zip").status_code == 404
            assert other.get(f"/feeds/votes/{box_id.hex()}.atom").status_code == 404
    for other in others:
        assert slug not in other.get("/budgets").text
        assert other.get(f"/budgets/{slug}/envelope-1/record.zip").status_code == 404
    assert states(made) == before


@pytest.mark.in_turns(of=5)
def test_a_rehearsal_of_one_officer_lets_nobody_open_the_round_alone(town):
    voter(town)
    officer = town.moderator()
    made, _copy = rehearsed(town, by=officer)
    for envelope in opening.prepare(made.id, by=officer).envelopes:
        proposed = confirmations.propose(ConfirmedAction.OPEN, envelope.box_id, by=officer)
        assert not confirmations.is_confirmed_alone(ConfirmedAction.OPEN, envelope.box_id)
        with pytest.raises(Denied):
            confirmations.confirm(proposed.id, by=officer)
        assert row(envelope.box_id).opened_at is None


MARK = 'class="rehearsed"'
PUBLIC = ("", "/projects", "/ballot", "/ballot/all", "/envelope-1", "/envelope-1/ballot", "/envelope-1/roll")
OF_A_BOX = ("", "/papers", "/kiosk-passes", "/batches", "/objections", "/key", "/officers", "/observers", "/strikes")
OF_THE_ROUND = ("", "/opening", "/council", "/committee")


@pytest.mark.in_turns(of=5)
def test_every_page_of_a_rehearsal_says_that_it_is_one_and_no_page_of_the_round_does(town, browse):
    officer, guest = town.moderator(password_hash=password_hash()), voter(town)
    made, copy = rehearsed(town, guest.sign_in_name, by=officer)
    box, slug, real = copy.envelopes[0].box_id.hex(), copy.slug, made.slug
    desk, client, visitor = browse(officer), browse(guest), browse()
    for page in (*(f"/budgets/{slug}{one}" for one in PUBLIC), f"/votes/{box}/people"):
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code == 200 and MARK in answer.text, page
        assert visitor.get(page).status_code in (302, 404), page
    assert "두 명이 함께" not in client.get(f"/votes/{box}/people").text
    for page in (*(f"/desk/votes/{box}{one}" for one in OF_A_BOX),
                 *(f"/desk/budgets/{slug}{one}" for one in OF_THE_ROUND)):
        answer = desk.get(page)
        assert answer.status_code == 200 and MARK in answer.text, page
    prepared = opening.prepare(made.id, by=officer).envelopes[0].box_id.hex()
    for page in (f"/desk/budgets/{real}", f"/desk/budgets/{real}/opening", f"/desk/votes/{prepared}",
                 f"/budgets/{real}"):
        answer = desk.get(page)
        assert answer.status_code == 200 and MARK not in answer.text, page

"""Ties in the count: it waits for the draw that the definition names, and two officials type it."""

import json
import zipfile
from datetime import timedelta

import pytest

from civic_forum.ballots.box import closing as draws
from civic_forum.ballots.counting import publication
from civic_forum.ballots.officials import queries
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, Denied, Refusal

from .boxes import box
from .officials import after, both, two_confirm

DRAW = ConfirmedAction.DRAW
FACES = "1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6 1 2"
NUMBERS = "42 2 22 8 19 37 + 39"


def voted(*chosen, draw="dice"):
    """A closed box in which so many chose each option; one option wins."""
    named = {"draw": draw} if draw else {}
    made = box(max(10, sum(chosen)), publishes="ballots", winners={"kind": "most", "seats": 1}, **named)
    options = [option for option, votes in enumerate(chosen, start=1) for _vote in range(votes)]
    for voter, option in zip(made.voters, options, strict=False):
        made.cast(voter, option)
    after(3_700)
    return made


def outcome(made) -> dict:
    return json.loads(made.row.result)["outcome"]


def waits(made) -> None:
    with pytest.raises(Conflict, match="추첨"):
        publication.count(made.id, by=None)
    assert made.row.tied_at is not None and made.row.result is None


def drawn(made, note, town) -> None:
    two_confirm(DRAW, made.id, *both(town), note=note, typed=note)


def test_a_tie_waits_until_two_officials_have_typed_the_same_dice(town):
    made = voted(5, 2, 5)
    waits(made)
    drawn(made, FACES, town)
    publication.count(made.id, by=None)
    order = draws.order(heads.closing(made.id).root, draws.dice(map(int, FACES.split())), [1, 2, 3, 4])
    tied = [option for option in order if option in (1, 3)]
    assert outcome(made) == {"kind": "poll", "selected": tied[:1], "tied": tied}


@pytest.mark.in_turns(of=5)
def test_the_draw_stands_in_the_record_which_verifies(town):
    made = voted(5, 2, 5)
    waits(made)
    drawn(made, FACES.replace(" ", ""), town)
    publication.write_record(publication.count(made.id, by=None).id, by=None)
    with zipfile.ZipFile(records.public(made.row)) as archive:
        assert json.loads(archive.read("draw.json")) == {"kind": "dice", "faces": list(map(int, FACES.split()))}


@pytest.mark.in_turns(of=5)
def test_a_vote_without_a_tie_asks_nobody_for_a_draw(town):
    made = voted(6, 2, 5)
    publication.count(made.id, by=None)
    assert outcome(made) == {"kind": "poll", "selected": [1]} and made.row.tied_at is None
    publication.write_record(made.id, by=None)
    with zipfile.ZipFile(records.public(made.row)) as archive:
        assert archive.read("draw.json") == b"{}"


def test_without_a_draw_in_the_definition_the_number_decides(town):
    made = voted(5, 2, 5, draw=None)
    publication.count(made.id, by=None)
    assert outcome(made) == {"kind": "poll", "selected": [1], "tied": [1, 3]}


@pytest.mark.in_turns(of=5)
def test_few_ballots_wait_for_it_too(town):
    made = voted(2, 0, 2)
    waits(made)
    drawn(made, FACES, town)
    publication.write_record(publication.count(made.id, by=None).id, by=None)
    assert len(outcome(made)["selected"]) == 1 and "tied" not in outcome(made)


def test_it_is_typed_only_where_a_tie_was_met(town):
    made = voted(5, 2, 5)
    with pytest.raises(Conflict, match="추첨으로 정할 것이 없어요"):
        confirmations.propose(DRAW, made.id, note=FACES, by=town.official())
    assert DRAW not in {offer.action for offer in confirmations.offers(made.row)}
    waits(made)
    assert DRAW in {offer.action for offer in confirmations.offers(made.row)}
    drawn(made, FACES, town)
    with pytest.raises(Conflict, match="이미 추첨을 적고"):
        confirmations.propose(DRAW, made.id, note=FACES, by=town.official())


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("note", ["", None, "1 2 3", FACES + " 3", FACES.replace("6", "7"), FACES.replace("1", "하나")])
def test_a_text_that_is_no_draw_is_refused_at_its_field(town, note):
    made = voted(5, 2, 5)
    waits(made)
    with pytest.raises(Refusal, match="주사위 20개") as refused:
        confirmations.propose(DRAW, made.id, note=note, by=town.official())
    assert refused.value.field == "note" and queries.draw_of(made.id) == {}


def test_the_second_official_types_it_without_seeing_the_first_and_must_type_the_same(town, browse):
    made = voted(5, 2, 5)
    waits(made)
    first, second = both(town)
    proposed = confirmations.propose(DRAW, made.id, note=FACES, by=first)
    page = browse(second).get(f"/desk/votes/{made.id.hex()}").text
    assert "추첨 결과 적기" in page and "던진 차례대로" in page
    assert proposed.note not in page and "[1,2,3" not in page and FACES not in page
    with pytest.raises(Refusal, match="다른 담당관이 적은 것과 달라요"):
        confirmations.confirm(proposed.id, note=FACES.replace("6", "5"), by=second)
    with pytest.raises(Denied):
        confirmations.confirm(proposed.id, note=FACES, by=first)
    confirmations.confirm(proposed.id, note=FACES.replace(" ", ""), by=second)
    assert queries.draw_of(made.id)["faces"][:3] == [1, 2, 3]


def test_it_is_typed_on_the_page_of_the_officials(town, browse):
    made = voted(5, 2, 5)
    waits(made)
    first, second = both(town)
    here, seen = f"/desk/votes/{made.id.hex()}", queries.fingerprint(DRAW, made.row).hex()
    wrong = browse(first).post(f"{here}/proposals", data={"seen": seen, "action": "draw", "note": "1 2 3"})
    assert wrong.status_code == 422 and "1 2 3" in wrong.text
    right = browse(first).post(f"{here}/proposals", data={"seen": seen, "action": "draw", "note": FACES})
    assert right.status_code == 303 and queries.pending(made.id, DRAW).proposed_by_id == first.id


@pytest.mark.in_turns(of=5)
def test_the_lottery_is_waited_for_and_names_its_own_number(town):
    made = voted(5, 2, 5, draw="lottery")
    waits(made)
    number = draws.lottery_number(heads.closing(made.id).at)
    with pytest.raises(Conflict, match=f"{number}회"):
        confirmations.propose(DRAW, made.id, note=NUMBERS, by=town.official())
    after((draws.lottery_held_at(number) - database_now() + timedelta(minutes=90)).total_seconds())
    drawn(made, NUMBERS, town)
    assert queries.draw_of(made.id) == draws.lottery(number, [2, 8, 19, 22, 37, 42], 39)
    publication.write_record(publication.count(made.id, by=None).id, by=None)

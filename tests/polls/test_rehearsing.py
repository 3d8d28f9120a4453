"""A rehearsal: the same poll, a box of its own, open at once, marked everywhere, never a result."""

import pytest

from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.counting import closing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel, ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.polls.rules import PollKind
from civic_forum.polls import services as rehearsing

from tests.ballots.boxes import form_of
from tests.common import main_of
from .making import poll, unannounced, voter


def casts(made, user):
    rule = boxes.rule_of(made.box)
    person = identities.candidates(user)[0]
    return casting.cast(made.box_id, person, form_of(made.box, person, rule.encode({1: 1})), Channel.ONLINE)


def test_those_who_are_invited_vote_at_once_and_nobody_else(town, browse):
    made, moderator = unannounced(town), town.moderator()
    guest, stranger = voter(town), voter(town)
    copy = rehearsing.rehearse(made.id, [guest.sign_in_name], hours=2, by=moderator)
    assert copy.box.rehearsal and copy.box.opened_at and made.box is None
    assert casts(copy, guest) and casts(copy, moderator)
    with pytest.raises(Refusal):
        casts(copy, stranger)
    page = main_of(browse(guest).get(f"/polls/{copy.slug}"))
    assert "예행연습이에요" in page and "참여 2명" in page
    assert "예행연습" in browse(moderator).get(f"/desk/polls/{made.slug}/rehearsals").text


@pytest.mark.both
def test_a_rehearsal_is_in_no_list_and_not_for_visitors(town, browse):
    made = poll(town)
    copy = rehearsing.rehearse(made.id, [], hours=2, by=town.moderator())
    of_its_box, guest = f"/votes/{copy.box_id.hex()}/people", browse(voter(town))
    for page in (f"/polls/{copy.slug}", of_its_box):
        assert browse().get(page).status_code == 404 and 'class="rehearsed"' in guest.get(page).text
    assert 'class="rehearsed"' in guest.get(f"/polls/{copy.slug}/roll").text
    assert 'class="rehearsed"' not in guest.get(f"/polls/{made.slug}").text
    for address in ("/polls", "/", "/search?q=빈터", "/search?q=빈터&kind=poll"):
        assert copy.slug not in browse().get(address).text
    assert f"/polls/{copy.slug}" not in browse(town.moderator()).get("/desk/polls").text


def test_it_asks_what_the_poll_asks_with_another_box(town):
    made, moderator = poll(town), town.moderator()
    first = rehearsing.rehearse(made.id, [], hours=1, by=moderator)
    second = rehearsing.rehearse(made.id, [], hours=1, by=moderator)
    assert first.box_id != second.box_id and first.slug != second.slug
    assert [one.title for one in first.options] == [one.title for one in made.options]
    assert '"rehearsal":1' in first.box.definition


@pytest.mark.both
def test_equal_votes_wait_for_dice_and_not_for_the_lottery_of_a_saturday(town):
    copy = rehearsing.rehearse(poll(town, kind=str(PollKind.CHOOSE_ONE)).id, [], hours=1, by=town.moderator())
    assert boxes.asked(copy.box)["draw"] == DrawKind.DICE


def test_it_is_never_published_as_a_result(town):
    made, moderator = poll(town), town.moderator()
    copy = rehearsing.rehearse(made.id, [], hours=1, by=moderator)
    clock.shift(2 * 3600)
    assert closing.close_if_due(copy.box_id)
    box = db.session.get(type(copy.box), copy.box_id, populate_existing=True)
    box.counted_at = box.recorded_at = box.erased_at = box.key_destroyed_at = clock.now()
    db.session.commit()
    with pytest.raises(Conflict, match="예행연습"):
        confirmations.propose(ConfirmedAction.PUBLISH, copy.box_id, by=moderator)


def test_a_rehearsal_of_what_is_not_whole_or_for_nobody_is_refused(town):
    moderator = town.moderator()
    with pytest.raises(Refusal, match="반영"):
        rehearsing.rehearse(unannounced(town, binding="").id, [], hours=1, by=moderator)
    made = poll(town)
    for names, hours, field in ((["nobody-there"], 1, "names"), ([], 0, "hours"), ([], 73, "hours")):
        with pytest.raises(Refusal) as refused:
            rehearsing.rehearse(made.id, names, hours=hours, by=moderator)
        assert refused.value.field == field
    for who in (town.resident(), town.official(), town.administrator()):
        with pytest.raises(Denied):
            rehearsing.rehearse(made.id, [], hours=1, by=who)


@pytest.mark.both
def test_the_desk_opens_a_rehearsal_and_says_what_is_wrong(town, browse):
    made, guest = poll(town), voter(town)
    page = browse(town.moderator())
    here = f"/desk/polls/{made.slug}/rehearsals"
    answer = page.post(here, data={"hours": "3", "names": f"{guest.sign_in_name}\n"})
    assert answer.status_code == 303 and answer.location.startswith("/desk/votes/")
    assert f"http://localhost/polls/{made.slug}-rehearsal-" in page.get(answer.location).text
    assert page.post(here, data={"hours": "x"}).status_code == 422
    assert page.post(here, data={"hours": "3", "names": "who-is-this"}).status_code == 422

"""Observers who refuse, who never answer, who sign for another; and what two officials have to say before it goes
on."""

import json
import re
from datetime import timedelta

import pytest
from markupsafe import escape

from civic_forum.accounts.rules import Role
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.observing.rules import Observer
from civic_forum.ballots.observing.sample import statement
from civic_forum.ballots.officials import queries as officials
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.models import Confirmation
from civic_forum.ballots.observing.models import ObserverAsk
from civic_forum.ballots.rules.boxes import OBSERVERS_HAVE, ConfirmedAction
from civic_forum.ballots.rules.signing import LONGEST_REMARK, is_public_key, public_key
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.ballots.boxes import box
from tests.ballots.officials import COPIES, DESTROY_KEY, PUBLISH, after, both
from tests.hostile.strings import STRINGS

SEEDS = [bytes([number]) * 32 for number in range(1, 4)]
ANSWER, WITHOUT = ConfirmedAction.ANSWER_REFUSAL, ConfirmedAction.WITHOUT_SIGNATURES
SAYS = "종이 두 장을 다시 셌고 합계는 그대로예요."
SURROGATE = re.compile("[\ud800-\udfff]")
WEEK = OBSERVERS_HAVE.total_seconds()


def named(*seeds):
    return [{"name": f"참관인 {number}", "key": public_key(seed).hex()} for number, seed in enumerate(seeds, 1)]


def voted(**facts):
    made = box(20, **{"observers": named(*SEEDS), "signatures": 2} | facts)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    after(3700)
    return made


@pytest.fixture
def recorded(town):
    """A vote of three observers, two of whom have to agree, whose record waits for them."""
    made = voted()
    publication.carry_on(made.id, by=None)
    return made


def signed(made, seed, **says):
    row = made.row
    return statement(seed, row.fingerprint, observed.result_sha256(row), row.observers_sha256, **says)


def sends(made, *statements, by=None):
    return observing.take(made.id, json.dumps([one.to_json() for one in statements]).encode(), by=by)


def refuses(made, seed, text="합계가 한 표 달라요."):
    return sends(made, signed(made, seed, agrees=False, text=text))


def two(action, made, first, second, note=None, **said):
    proposed = confirmations.propose(action, made.id, note=note, by=first)
    return confirmations.confirm(proposed.id, by=second, **said)


def goes(made, first, second):
    """To the publication."""
    proposed = confirmations.propose(DESTROY_KEY, made.id, note=COPIES, by=first)
    confirmations.confirm(proposed.id, by=second)
    publication.destroy(made.id, by=second)
    two(PUBLISH, made, first, second)


def test_nothing_goes_on_before_as_many_agreed_as_the_box_says(town, recorded):
    one, other = both(town)
    sends(recorded, signed(recorded, SEEDS[0]))
    with pytest.raises(Conflict, match="1명이고, 2명이 있어야"):
        confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    assert publication.advance(recorded.id, by=one) is None and keyring.is_there(recorded.id)
    sends(recorded, signed(recorded, SEEDS[2]))
    goes(recorded, one, other)
    assert recorded.row.published_at is not None


def test_an_observer_who_never_answers_is_waited_for_seven_days_and_then_two_officials_say_why(town, recorded):
    one, other = both(town)
    sends(recorded, signed(recorded, SEEDS[0]))
    after(WEEK - 60)
    with pytest.raises(Conflict, match="기다려 주세요"):
        confirmations.propose(WITHOUT, recorded.id, note=SAYS, by=one)
    after(61)
    for words in (None, " ", "가", "가" * 1001):
        with pytest.raises(Refusal):
            confirmations.propose(WITHOUT, recorded.id, note=words, by=one)
    proposed = confirmations.propose(WITHOUT, recorded.id, note=SAYS, by=one)
    with pytest.raises(Denied):
        confirmations.confirm(proposed.id, by=one)
    with pytest.raises(Conflict):
        confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    confirmations.confirm(proposed.id, by=other)
    told = officials.told(recorded.row)
    assert told.reason.note == SAYS and (told.agreed, told.needed) == (1, 2)
    assert [one.agrees for one in told.observers] == [True, None, None]
    goes(recorded, one, other)


def test_without_signatures_is_not_said_where_there_are_enough_nor_in_place_of_an_answer(town, recorded):
    one = town.official()
    refuses(recorded, SEEDS[0])
    after(WEEK + 60)
    with pytest.raises(Conflict, match="먼저 답해"):
        confirmations.propose(WITHOUT, recorded.id, note=SAYS, by=one)
    enough = voted()
    publication.carry_on(enough.id, by=None)
    sends(enough, signed(enough, SEEDS[0]), signed(enough, SEEDS[1]))
    after(WEEK + 60)
    with pytest.raises(Conflict, match="모자라지 않아요"):
        confirmations.propose(WITHOUT, enough.id, note=SAYS, by=one)


def test_a_refusal_stops_the_destruction_until_two_officials_answer_it_in_public(town, recorded):
    one, other = both(town)
    sends(recorded, signed(recorded, SEEDS[0]), signed(recorded, SEEDS[1]))
    proposed = confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    refuses(recorded, SEEDS[2])
    with pytest.raises(Conflict):
        confirmations.confirm(proposed.id, by=other)
    with pytest.raises(Conflict, match="참관인 3 님이 다시 세고 틀렸다고"):
        confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    for words in (None, "", "가", "가" * 1001):
        with pytest.raises(Refusal):
            confirmations.propose(ANSWER, recorded.id, note=words, by=one)
    reply = confirmations.propose(ANSWER, recorded.id, note="가" * 1000, by=one)
    with pytest.raises(Denied):
        confirmations.confirm(reply.id, by=one)
    with pytest.raises(Conflict):
        confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    confirmations.confirm(reply.id, by=other)
    said = officials.told(recorded.row).observers[2].said
    assert [(one.text, reply.text) for one, reply in said] == [("합계가 한 표 달라요.", "가" * 1000)]
    goes(recorded, one, other)


def test_a_refusal_after_the_answer_wants_an_answer_of_its_own(town, recorded):
    one, other = both(town)
    sends(recorded, *(signed(recorded, seed) for seed in SEEDS))
    refuses(recorded, SEEDS[0], "첫째")
    waits = confirmations.propose(ANSWER, recorded.id, note=SAYS, by=one)
    refuses(recorded, SEEDS[0], "둘째")
    with pytest.raises(Conflict, match="내용이 바뀌었어요"):
        confirmations.confirm(waits.id, by=other)
    two(ANSWER, recorded, one, other, note="두 가지를 다 봤어요.")
    refuses(recorded, SEEDS[0], "셋째")
    assert [one.text for one in officials.unanswered(recorded.row)] == ["셋째"]
    with pytest.raises(Conflict, match="참관인 1 님"):
        confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    two(ANSWER, recorded, one, other, note="셋째도 봤어요.")
    said = [(one.text, reply and reply.text) for one, reply in officials.told(recorded.row).observers[0].said]
    assert said == [("", None), ("첫째", "두 가지를 다 봤어요."), ("둘째", "두 가지를 다 봤어요."), ("셋째", "셋째도 봤어요.")]
    assert officials.unanswered(recorded.row) == []
    with pytest.raises(Conflict, match="답을 기다리는 참관인이 없어요"):
        confirmations.propose(ANSWER, recorded.id, note=SAYS, by=one)


def test_an_observer_who_agreed_and_then_refuses_does_not_count_any_more(town, recorded):
    one, other = both(town)
    sends(recorded, signed(recorded, SEEDS[0]), signed(recorded, SEEDS[1]))
    refuses(recorded, SEEDS[1])
    two(ANSWER, recorded, one, other, note=SAYS)
    with pytest.raises(Conflict, match="1명이고, 2명이 있어야"):
        confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)


def test_a_refusal_between_the_confirmation_and_the_destruction_stops_it(town, recorded):
    one, other = both(town)
    sends(recorded, *(signed(recorded, seed) for seed in SEEDS))
    proposed = confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    confirmations.confirm(proposed.id, by=other)
    refuses(recorded, SEEDS[2])
    publication.destroy(recorded.id, by=other)
    assert recorded.row.erased_at is None and keyring.is_there(recorded.id)
    two(ANSWER, recorded, one, other, note=SAYS)
    goes(recorded, one, other)


def test_a_refusal_after_the_destruction_undoes_nothing_and_stops_the_publication(town, recorded):
    one, other = both(town)
    sends(recorded, signed(recorded, SEEDS[0]), signed(recorded, SEEDS[1]))
    proposed = confirmations.propose(DESTROY_KEY, recorded.id, note=COPIES, by=one)
    confirmations.confirm(proposed.id, by=other)
    publication.destroy(recorded.id, by=other)
    destroyed_at = recorded.row.key_destroyed_at
    waits = confirmations.propose(PUBLISH, recorded.id, by=one)
    refuses(recorded, SEEDS[2])
    with pytest.raises(Conflict):
        confirmations.confirm(waits.id, by=other)
    with pytest.raises(Conflict, match="참관인 3 님"):
        confirmations.propose(PUBLISH, recorded.id, by=one)
    assert publication.destroy_key(recorded.id, by=other).key_destroyed_at == destroyed_at
    two(ANSWER, recorded, one, other, note=SAYS)
    two(PUBLISH, recorded, one, other)
    assert recorded.row.published_at is not None


def test_a_refusal_after_the_publication_is_kept_and_can_be_answered(town, recorded):
    one, other = both(town)
    sends(recorded, signed(recorded, SEEDS[0]), signed(recorded, SEEDS[1]))
    goes(recorded, one, other)
    published_at = recorded.row.published_at
    refuses(recorded, SEEDS[2], "나중에 알았어요.")
    assert recorded.row.published_at == published_at
    assert [(said.text, reply) for said,
            reply in officials.told(recorded.row).observers[2].said] == [("나중에 알았어요.", None)]
    two(ANSWER, recorded, one, other, note=SAYS)
    assert officials.unanswered(recorded.row) == []


def test_a_rehearsal_waits_for_nobody(town):
    made, (one, other) = voted(rehearsal=True), both(town)
    publication.carry_on(made.id, by=None)
    refuses(made, SEEDS[0])
    proposed = confirmations.propose(DESTROY_KEY, made.id, note=COPIES, by=one)
    confirmations.confirm(proposed.id, by=other)
    publication.destroy(made.id, by=other)
    assert not keyring.is_there(made.id)


def test_a_vote_without_observers_needs_no_signature(town):
    made, (one, other) = voted(observers=[], signatures=0, publishes="ballots"), both(town)
    publication.carry_on(made.id, by=None)
    goes(made, one, other)
    assert made.row.published_at is not None


def observer(town):
    return town.staff(Role.OBSERVER)


def asked(town, seeds=SEEDS, **facts):
    """A vote that is not open yet, for which accounts with these keys ask."""
    made = box(20, opened=False, opens=3600, closes=7200, observers=[], signatures=0, **facts)
    people = [observer(town) for _seed in seeds]
    for number, (person, seed) in enumerate(zip(people, seeds, strict=True), 1):
        observing.ask(made.id, f"참관인 {number}", public_key(seed).hex(), by=person)
    return made, people


@pytest.mark.both
def test_an_observer_is_named_with_the_key_that_they_gave(town):
    made, people = asked(town)
    official = town.official()
    found = [Observer(one.name, one.public_key) for one in observed.asks(made.id)]
    observing.name_observers(made.id, found, 2, by=official)
    assert observed.accounts(made.row) == {public_key(seed): {one.id} for seed, one in zip(SEEDS, people, strict=True)}
    observing.ask(made.id, "다른 이름", public_key(b"9" * 32).hex(), by=people[0])
    assert len(observed.asks(made.id)) == 3 and public_key(SEEDS[0]) not in observed.accounts(made.row)


@pytest.mark.parametrize("key", ["", "00" * 32, "01" + "00" * 31, "ff" * 32, "ab" * 31, "xy" * 32, "02" + "00" * 31])
def test_a_bad_key_is_refused_with_a_sentence(town, key):
    made = box(12, opened=False, opens=3600, closes=7200)
    with pytest.raises(Refusal, match="열쇠가 맞지 않아요") as refused:
        observing.ask(made.id, "참관인", key, by=observer(town))
    assert refused.value.field == "key" and observed.asks(made.id) == []


def test_every_key_that_can_be_made_is_one_and_half_of_all_numbers_are_none():
    assert all(is_public_key(public_key(bytes([number]) * 32)) for number in range(64))
    kept = sum(is_public_key(number.to_bytes(32, "little")) for number in range(2, 202))
    assert 70 <= kept <= 130


@pytest.mark.parametrize("name", ["", " ", "가" * 101])
def test_nobody_observes_without_a_name(town, name):
    made = box(12, opened=False, opens=3600, closes=7200)
    with pytest.raises(Refusal, match="이름"):
        observing.ask(made.id, name, public_key(SEEDS[0]).hex(), by=observer(town))


def test_only_observers_ask_and_nobody_after_the_opening(town):
    made = box(12, opened=False, opens=3600, closes=7200)
    for person in (town.resident(), town.official()):
        with pytest.raises(Denied):
            observing.ask(made.id, "참관인", public_key(SEEDS[0]).hex(), by=person)
    with pytest.raises(Conflict, match="이미 연"):
        observing.ask(box(12).id, "참관인", public_key(SEEDS[0]).hex(), by=observer(town))


def test_a_key_that_can_verify_nothing_is_not_named_either(town):
    made = box(12, opened=False, opens=3600, closes=7200)
    with pytest.raises(Refusal, match="keygen"):
        observing.name_observers(made.id, [Observer("하나", bytes(32)), Observer("둘", public_key(SEEDS[0]))], 1,
                                 by=town.official())


@pytest.fixture
def watched(town):
    """A recorded vote: the first observer asked from an account, the others are known by their keys alone."""
    made = voted()
    db.session.add(ObserverAsk(box_id=made.id, user_id=observer(town).id, name="참관인 1",
                                        public_key=public_key(SEEDS[0]), at=made.row.opens_at))
    db.session.commit()
    publication.carry_on(made.id, by=None)
    return made, observed.asks(made.id)[0].user


def test_nobody_uploads_for_another(town, watched):
    made, first = watched
    with pytest.raises(Denied, match="다른 참관인의 열쇠"):
        sends(made, signed(made, SEEDS[0]), by=observer(town))
    with pytest.raises(Denied):
        sends(made, signed(made, SEEDS[1]), signed(made, SEEDS[0]), by=observer(town))
    assert observed.statements(made.row) == []
    assert len(sends(made, signed(made, SEEDS[0]), by=first)) == 1
    assert len(sends(made, signed(made, SEEDS[1]), by=observer(town))) == 1, "whose account nobody knows"


def test_sent_twice_is_once(town, watched):
    made, first = watched
    assert len(sends(made, signed(made, SEEDS[0]), by=first)) == 1
    assert sends(made, signed(made, SEEDS[0]), by=first) == []
    assert len(observed.statements(made.row)) == 1


def test_too_large_a_file_and_half_a_character_are_refused(town, watched):
    made, first = watched
    good = json.dumps(signed(made, SEEDS[0]).to_json()).encode()
    with pytest.raises(Refusal, match="너무 커요"):
        observing.take(made.id, good + b" " * observing.MOST_BYTES, by=first)
    half = good.replace(b'"text": ""', b'"text": "\\ud800"')
    assert half != good
    with pytest.raises(Refusal, match="서명 파일이 아니에요"):
        observing.take(made.id, half, by=first)
    assert not records.observed(made.row).exists()


@pytest.mark.both
def test_somebody_whose_role_was_withdrawn_hands_in_nothing_more(town, watched):
    made, first = watched
    for grant in first.grants:
        grant.withdrawn_at = made.row.opens_at
    db.session.commit()
    with pytest.raises(Denied):
        sends(made, signed(made, SEEDS[0]), by=first)


def test_an_answer_is_never_given_for_another_record(town, recorded):
    """The confirmation names box, result, editions and refusals; of a row that was copied elsewhere it says nothing."""
    one, other = both(town)
    refuses(recorded, SEEDS[0])
    two(ANSWER, recorded, one, other, note=SAYS)
    second = voted()
    publication.carry_on(second.id, by=None)
    refuses(second, SEEDS[0])
    kept = officials.confirmed(recorded.id, ANSWER)
    db.session.add(Confirmation(box_id=second.id, action=ANSWER, fingerprint=kept.fingerprint, note=kept.note,
                                proposed_by_id=kept.proposed_by_id, proposed_at=kept.proposed_at,
                                confirmed_by_id=kept.confirmed_by_id, confirmed_at=kept.confirmed_at,
                                ended_at=kept.ended_at))
    db.session.commit()
    assert officials.answers(second.row) == []
    with pytest.raises(Conflict, match="참관인 1 님"):
        confirmations.propose(DESTROY_KEY, second.id, note=COPIES, by=one)


def test_seven_days_are_the_seven_of_the_design():
    assert OBSERVERS_HAVE == timedelta(days=7)


def test_hostile_words_of_an_observer_are_kept_as_they_were_signed_and_are_words_alone(town, recorded, browse):
    """They are published unchanged, so no page may take them for more than text."""
    texts = [one for one in dict.fromkeys(one.text for one in STRINGS)
             if len(one) <= LONGEST_REMARK and not SURROGATE.search(one)]
    marked = [text for text in texts if "<" in text]
    official, watcher, desk = browse(town.official()), browse(observer(town)), f"/desk/votes/{recorded.id.hex()}"

    def pages():
        return [client.get(path).text for client, path in (
            (official, desk), (official, f"{desk}/observers"), (watcher, f"/votes/{recorded.id.hex()}/observation"))]

    before = pages()
    for first in range(0, len(texts), 20):
        sends(recorded, *(signed(recorded, SEEDS[0], agrees=False, text=text) for text in texts[first:first + 20]))
    assert [one.text for one in observed.statements(recorded.row)] == texts and len(marked) > 30
    for plain, page in zip(before, pages(), strict=True):
        long = [text for text in marked if len(text) > len("<blockquote>")]
        assert [text for text in long if page.count(text) != plain.count(text)] == []
        assert str(escape(long[0])) in page

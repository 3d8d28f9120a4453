"""The ballot as a voter opens it, with and without script, and what comes of what is sent."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import UserSession
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.models import Promise, RollEntry
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from tests.ballots.proofs import holds, receipt_of
from tests.ballots.test_casting import take_paper
from tests.common import commit
from tests.polls.making import opened, options, voter
from tests.factories import count

JSON = {"Accept": "application/json"}
HIDDEN = re.compile(r'name="(fingerprint|form_key|state|mine)" value="([0-9a-f]+)"')


@pytest.fixture
def poll(town):
    """Up to two of five options."""
    town.ada = voter(town)
    return opened(town, kind="up_to_k", max_choices=2, options=options(5))


def ballot(client, poll):
    """The hidden fields of a ballot that was opened now."""
    page = client.get(f"/polls/{poll.slug}/ballot")
    assert page.status_code == 200, page.headers.get("Location")
    return dict(HIDDEN.findall(page.text))


def in_hex(*chosen, how_many=5, blank=False):
    values = [int(number in chosen) for number in range(1, how_many + 1)]
    return ("01" if blank else "00") + "".join(f"{value:04x}" for value in values)


def send(client, poll, form, choice):
    return client.post(f"/polls/{poll.slug}/casts", json=form | {"choice": choice}, headers=JSON)


def order(client, poll):
    return re.findall(r'data-option data-number="(\d+)"', client.get(f"/polls/{poll.slug}/ballot").text)


def test_nothing_is_ticked_and_nothing_is_kept(town, browse, poll):
    page = browse(town.ada).get(f"/polls/{poll.slug}/ballot")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count('type="checkbox" id="option-') == 5 and " checked" not in page.text
    assert "기권할래요" in page.text and "ETag" not in page.headers


def test_every_opening_has_a_form_key_of_its_own(town, browse, poll):
    client = browse(town.ada)
    first, second = ballot(client, poll), ballot(client, poll)
    assert first["form_key"] != second["form_key"] and len(first["form_key"]) == 32
    assert first["fingerprint"] == second["fingerprint"] == poll.box.fingerprint.hex()
    assert first["state"] == second["state"] and first["mine"] != second["mine"]


@pytest.mark.both
def test_the_order_is_each_voters_own_and_stays(town, browse):
    people = [voter(town) for _one in range(8)]
    poll = opened(town, kind="up_to_k", max_choices=2, options=options(12), voters=3)
    seen = []
    for person in people:
        client = browse(person)
        first = order(client, poll)
        assert order(client, poll) == first and sorted(first, key=int) == [str(n) for n in range(1, 13)]
        seen.append(tuple(first))
    assert len(set(seen)) == len(people)


@pytest.mark.both
def test_the_words_are_those_that_the_fingerprint_covers(town, browse, poll):
    with_option = poll.options[0]
    with_option.title = "몰래 바꾼 이름"
    db.session.commit()
    page = browse(town.ada).get(f"/polls/{poll.slug}/ballot").text
    assert "몰래 바꾼 이름" not in page and "1번 사업" in page


def test_a_page_in_english_shows_the_english_texts(town, browse):
    ada = voter(town)
    named = [one | {"title_en": f"Project {one['number']}"} for one in options(3)]
    poll = opened(town, options=named)
    client = browse(ada)
    client.set_cookie("language", "en")
    page = client.get(f"/polls/{poll.slug}/ballot").text
    assert "Project 2" in page and "2번 사업" not in page


def test_a_ballot_in_chinese_has_the_words_of_the_definition(town, browse):
    ada = voter(town)
    named = [one | {"title_zh": f"项目{one['number']}"} for one in options(3)[:2]] + options(3)[2:]
    poll = opened(town, options=named)
    client = browse(ada)
    client.set_cookie("language", "zh")
    page = client.get(f"/polls/{poll.slug}/ballot").text
    assert "项目2" in page and "2번 사업" not in page and "3번 사업" in page


def test_a_cast_gives_a_receipt_that_holds(town, browse, poll):
    client = browse(town.ada)
    answer = send(client, poll, ballot(client, poll), in_hex(2, 4))
    assert answer.status_code == 200, answer.text
    receipt = receipt_of(answer.json["receipt"])
    assert holds(receipt) and receipt.fingerprint == poll.box.fingerprint
    assert json.loads(answer.json["file"]) == answer.json["receipt"]
    assert answer.json["slip"]["tracker"] == receipt.tracker


def test_the_last_ballot_replaces_the_one_before(town, browse, poll):
    client = browse(town.ada)
    before = ballot(client, poll)
    send(client, poll, before, in_hex(1))
    form = ballot(client, poll)
    assert form["state"] != before["state"]
    page = client.get(f"/polls/{poll.slug}/ballot").text
    assert "이미 투표했어요" in page and " checked" not in page
    assert send(client, poll, form, in_hex(3)).status_code == 200
    assert ballot(client, poll)["state"] not in (before["state"], form["state"])


def test_the_same_form_again_gives_the_same_receipt(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    first, again = send(client, poll, form, in_hex(1)), send(client, poll, form, in_hex(1))
    assert first.data == again.data and count(Promise) == 1


def test_a_form_that_is_none_of_ours_is_refused_with_a_sentence(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    for status, spoilt in (
            (409, form | {"fingerprint": "00" * 32}), (409, form | {"state": "07" * 16}),
            (400, form | {"form_key": "00"}), (400, form | {"state": 0}), (400, form | {"mine": "00"}),
        (400, form | {"more": "1"}),
            (400, {"form_key": "00" * 16}), (400, form | {"form_key": "GG" * 16}), (400, form | {"fingerprint": None})):
        answer = send(client, poll, spoilt, in_hex(1))
        assert answer.status_code == status and answer.json["detail"] and count(Promise) == 0, spoilt


def test_a_choice_that_is_none_is_refused(town, browse, poll):
    client = browse(town.ada)
    for choice in (in_hex(1, 2, 3), in_hex(), "00", in_hex(1, how_many=6), "020000" + "0000" * 4, in_hex(1, blank=True),
                   "00" + "0002" + "0000" * 4):
        answer = send(client, poll, ballot(client, poll), choice)
        assert answer.status_code == 422 and answer.json["detail"] and count(Promise) == 0, choice


def test_json_that_is_none(town, browse, poll):
    client = browse(town.ada)
    for body in (b"", b"[]", b"{", b'"x"', b"[" * 50_000):
        answer = client.post(f"/polls/{poll.slug}/casts", data=body, content_type="application/json", headers=JSON)
        assert answer.status_code == 400, body[:10]


def test_without_script_a_form_gives_the_page_of_the_receipt(town, browse, poll):
    client = browse(town.ada)
    answer = client.post(f"/polls/{poll.slug}/casts", data=ballot(client, poll) | {"option": ["2", "5"]})
    assert answer.status_code == 200 and "투표했어요" in answer.text
    assert f'href="/share/polls/{poll.slug}" data-share' in answer.text
    assert all(browse().get(f"/share/polls/{poll.slug}{ending}").status_code == 200 for ending in ("", "/calendar.ics"))
    assert re.search(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", answer.text)
    assert "2번 사업" not in answer.text and "5번 사업" not in answer.text


def test_without_script_a_reload_repeats_harmlessly(town, browse, poll):
    client = browse(town.ada)
    sent = ballot(client, poll) | {"blank": "1"}
    tracker = re.compile(r"data-slot=\"tracker\">([^<]+)<")
    first, again = (client.post(f"/polls/{poll.slug}/casts", data=sent).text for _time in range(2))
    assert tracker.search(first)[1] == tracker.search(again)[1] and count(Promise) == 1


def test_without_script_too_much_comes_back_with_what_was_chosen(town, browse, poll):
    client = browse(town.ada)
    for sent, says, kept in (({"option": ["1", "2", "3"]}, "2까지만", 3), ({}, "하나도 고르지 않았어요", 0),
                             ({"option": ["4"], "blank": "1"}, "기권과 다른", 2)):
        answer = client.post(f"/polls/{poll.slug}/casts", data=ballot(client, poll) | sent)
        assert answer.status_code == 422 and says in answer.text and "아직 투표하지 않았어요" in answer.text
        assert answer.text.count(" checked") == kept and count(Promise) == 0
    again = dict(HIDDEN.findall(answer.text)) | {"option": "1"}
    assert client.post(f"/polls/{poll.slug}/casts", data=again).status_code == 200


def test_without_script_an_old_form_leads_to_a_new_one(town, browse, poll):
    client = browse(town.ada)
    old = ballot(client, poll)
    send(client, poll, ballot(client, poll), in_hex(1))
    answer = client.post(f"/polls/{poll.slug}/casts", data=old | {"option": "2"})
    assert answer.status_code == 409 and "다른 곳에서" in answer.text and f"/polls/{poll.slug}/ballot" in answer.text


def test_an_option_that_is_not_there(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    for number in ("0", "6", "x", "１", "-1", "1" * 30, ""):
        answer = client.post(f"/polls/{poll.slug}/casts", data=form | {"option": number})
        assert answer.status_code in (400, 422) and count(Promise) == 0, number


def test_questions_are_answered_one_by_one(town, browse):
    ada = voter(town)
    poll = opened(town, kind="yes_no_each", options=options(3))
    client = browse(ada)
    form = ballot(client, poll)
    page = client.get(f"/polls/{poll.slug}/ballot").text
    assert page.count('name="answer-') == 9 and " checked" not in page
    some = client.post(f"/polls/{poll.slug}/casts", data=form | {"answer-1": "1", "answer-3": "2"})
    assert some.status_code == 422 and "고르지 않은 항목" in some.text and some.text.count(" checked") == 2
    answers = {"answer-1": "1", "answer-2": "3", "answer-3": "2"}
    assert client.post(f"/polls/{poll.slug}/casts", data=form | answers).status_code == 200


def test_one_of_several_or_nobody(town, browse):
    ada = voter(town)
    poll = opened(town)
    client = browse(ada)
    page = client.get(f"/polls/{poll.slug}/ballot").text
    assert page.count('type="radio"') == 4 and " checked" not in page
    assert client.post(f"/polls/{poll.slug}/casts", data=ballot(client, poll) | {"option": "blank"}).status_code == 200


def test_after_the_close_it_says_when_the_ballot_came_and_what_counts(town, browse, poll):
    client = browse(town.ada)
    send(client, poll, ballot(client, poll), in_hex(1))
    form = ballot(client, poll)
    clock.shift(int(timedelta(days=8).total_seconds()))
    late = send(client, poll, form, in_hex(2))
    assert late.status_code == 409 and late.json["type"] == "closed" and late.json["before"] == "있어요"
    assert re.search(r"\d\d:\d\d:\d\d에 도착해 세지 않았어요", late.json["detail"])
    page = client.post(f"/polls/{poll.slug}/casts", data=form | {"option": "2"})
    assert page.status_code == 409 and "에 마감한 투표예요" in page.text and late.json["detail"][:10] in page.text
    assert client.get(f"/polls/{poll.slug}/ballot").headers["Location"] == f"/polls/{poll.slug}"


@pytest.mark.both
def test_after_the_key_is_destroyed_it_is_simply_over(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    clock.shift(int(timedelta(days=8).total_seconds()))
    client.get(f"/polls/{poll.slug}")
    keyring.destroy(poll.box.id, by="두 사람", at=clock.now())
    late = send(client, poll, form, in_hex(2))
    assert late.status_code == 409 and late.json["type"] == "closed" and late.json["before"] == "없어요"
    assert "에 마감한 투표예요" in client.post(f"/polls/{poll.slug}/casts", data=form | {"option": "2"}).text


def test_a_lost_answer_is_given_again_after_the_close(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    first = send(client, poll, form, in_hex(1))
    clock.shift(int(timedelta(days=8).total_seconds()))
    assert send(client, poll, form, in_hex(1)).data == first.data


def test_somebody_who_is_not_in_the_roll_is_told_why(town, browse, poll):
    stranger = town.resident()
    client = browse(stranger)
    assert client.get(f"/polls/{poll.slug}/ballot").headers["Location"] == f"/polls/{poll.slug}/roll"
    answer = send(client, poll, {"fingerprint": poll.box.fingerprint.hex(), "form_key": "11" * 16,
                                 "state": "00" * 16, "mine": "22" * 16}, in_hex(1))
    assert answer.status_code == 403 and count(Promise) == 0


@pytest.mark.both
def test_a_voter_struck_between_opening_the_form_and_casting(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    person = rolls.own_entry(poll.box.roll, town.ada).person
    commit(sa.update(RollEntry).filter_by(person=person).values(struck_at=clock.now(), struck_reason="이사"))
    assert send(client, poll, form, in_hex(1)).status_code == 403
    assert client.post(f"/polls/{poll.slug}/casts", data=form | {"option": "1"}).status_code == 403


def test_a_voter_who_took_paper_meanwhile(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    person = rolls.own_entry(poll.box.roll, town.ada).person
    take_paper(poll.box, person)
    assert send(client, poll, form, in_hex(1)).status_code == 409
    assert client.get(f"/polls/{poll.slug}/ballot").headers["Location"] == f"/polls/{poll.slug}/roll"
    assert "종이 투표지를 받았어요" in client.get(f"/polls/{poll.slug}/roll").text


@pytest.mark.both
def test_casting_leaves_no_cookie_no_entry_and_no_last_use(town, browse, poll):
    client = browse(town.ada)
    form = ballot(client, poll)
    commit(sa.update(UserSession).values(seen_on=clock.now().date() - timedelta(days=1)))
    before = count(AuditEntry)
    for answer in (send(client, poll, form, in_hex(1)),
                   client.post(f"/polls/{poll.slug}/casts", data=ballot(client, poll) | {"option": "2"})):
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store" and "Content-Encoding" not in answer.headers
    assert count(AuditEntry) == before
    assert db.session.scalars(sa.select(UserSession.seen_on)).one() < clock.now().date()


def test_a_fault_while_casting_quotes_nothing(app, town, browse, poll, monkeypatch, caplog):
    client = browse(town.ada)
    form = ballot(client, poll)

    def stumble(*given):
        raise ValueError(f"secret {given}")

    monkeypatch.setattr("civic_forum.ballots.voting.services.cast_as", stumble)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert send(client, poll, form, in_hex(1)).status_code == 500
    assert "fault at polls.cast: ValueError" in caplog.text
    for quoted in ("secret", in_hex(1), form["form_key"], "Traceback"):
        assert quoted not in caplog.text

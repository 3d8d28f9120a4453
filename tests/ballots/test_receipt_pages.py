"""Looking a ballot up and what a browser checks a receipt with, before and after the close, without signing in."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from civic_forum.ballots.box.sealing import token
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rules.log import instant
from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import watching
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from tests.ballots import proofs
from tests.ballots.boxes import form_of
from tests.budgets import making
from tests.polls.making import opened, options, voter

AFTER = int(timedelta(days=8).total_seconds())


@pytest.fixture
def poll(town):
    town.people = [voter(town) for _one in range(5)]
    return opened(town, kind="up_to_k", max_choices=2, options=options(4))


def cast(poll, user, *chosen) -> Receipt:
    person = rolls.own_entry(poll.box.roll, user).person
    choice = bytes([0]) + b"".join(int(n in chosen).to_bytes(2, "big") for n in range(1, 5))
    return casting.cast(poll.box.id, person, form_of(poll.box, person, choice), Channel.ONLINE)


@pytest.mark.parametrize("form", [str, str.lower, lambda t: t.replace("-", ""), lambda t: f" {t.replace('-', ' ')} ",
                                  lambda t: t.replace("0", "O").replace("1", "l")])
def test_a_number_is_found_however_it_is_typed(browse, town, form):
    number = "0123-4567-89AB"
    answer = browse().get("/receipts", query_string={"tracker": form(number)})
    assert answer.status_code == 302 and answer.headers["Location"] == f"/receipts/{number}"
    led_to = browse().get(f"/receipts/{form(number).strip()}", follow_redirects=True)
    assert led_to.request.path == f"/receipts/{number}"


@pytest.mark.both
def test_a_text_that_is_no_number_says_what_to_do(browse, town):
    for text in ("", "  ", "abc", "0123-4567-89AU!", "가나다", "9" * 500):
        answer = browse().get("/receipts", query_string={"tracker": text})
        assert answer.status_code == 422 and "확인 번호" in answer.text
    assert browse().get("/receipts/nothing").status_code == 302


def test_before_the_close_nothing_is_found_and_the_page_says_why(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    answer = browse().get(f"/receipts/{receipt.tracker}")
    assert answer.status_code == 404 and "마감할 때 한꺼번에" in answer.text and poll.title in answer.text
    waits = browse().get(f"/receipts/{receipt.tracker}/{poll.box.fingerprint.hex()}.json")
    assert waits.status_code == 404 and waits.json["state"] == "waits" and "마감하면" in waits.json["detail"]


@pytest.mark.in_turns(of=5)
def test_after_the_close_it_stands_in_the_log_with_a_proof(browse, town, poll):
    receipts = [cast(poll, one, n % 4 + 1) for n, one in enumerate(town.people)]
    clock.shift(AFTER)
    for receipt in receipts:
        page = browse().get(f"/receipts/{receipt.tracker}")
        assert page.status_code == 200 and "이 투표지는 공개 기록부에 있어요" in page.text
        proof = browse().get(f"/receipts/{receipt.tracker}/{poll.box.fingerprint.hex()}.json").json
        assert proof["leaf"] == receipt.leaf.hex() and f"{proof['number'] + 1:,}번" in page.text
        assert proofs.verify_inclusion(receipt.leaf, proof["number"], proof["size"],
                                     [bytes.fromhex(node) for node in proof["proof"]],
                                     bytes.fromhex(proof["head"]["root"]))
        assert sha256(b"\0" + bytes.fromhex(proof["entry"])).digest() == receipt.leaf
        assert all(f"{n}번 사업" not in page.text for n in range(1, 5))
        for told in (receipt.signature, receipt.leaf, receipt.mine):
            assert told.hex()[:8] not in page.text


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("publishes", ["totals", "ballots"])
def test_a_receipt_that_tells_the_choice_is_said_before_and_after_casting(browse, town, publishes):
    town.people = [voter(town)]
    vote = opened(town, kind="up_to_k", max_choices=2, options=options(4), publishes=publishes)
    tells, tells_not = "번호를 아는 사람이 그 표의 내용까지 볼 수 있어요", "속에 무엇이 적혔는지도 보이지 않아요"
    before = browse(town.people[0]).get(f"/polls/{vote.slug}/ballot").text
    receipt = cast(vote, town.people[0], 1)
    clock.shift(AFTER)
    after = browse().get(f"/receipts/{receipt.tracker}").text
    assert "이 투표지는 공개 기록부에 있어요" in after
    for page in (before, after):
        assert (tells in page) is (publishes == "ballots") and (tells_not in page) is (publishes == "totals")


@pytest.mark.both
def test_a_ballot_that_was_replaced_is_in_the_log_too(browse, town, poll):
    first, last = cast(poll, town.people[0], 1), cast(poll, town.people[0], 2)
    clock.shift(AFTER)
    for one in (first, last):
        page = browse().get(f"/receipts/{one.tracker}")
        assert page.status_code == 200 and "이 투표지는 공개 기록부에 있어요" in page.text


def test_an_unknown_number_says_what_to_do(browse, town, poll):
    clock.shift(AFTER)
    answer = browse().get("/receipts/0123-4567-89AB")
    assert answer.status_code == 404 and "이렇게 해 보세요" in answer.text
    missing = browse().get(f"/receipts/0123-4567-89AB/{poll.box.fingerprint.hex()}.json")
    assert missing.status_code == 404 and missing.json["state"] == "missing" and "증거" in missing.json["detail"]
    for other in ("00" * 32, "zz", "é" * 64):
        assert browse().get(f"/receipts/0123-4567-89AB/{other}.json").json["state"] == "unknown"


def test_nobody_is_given_a_cookie_or_kept(browse, town, poll):
    answer = browse().get("/receipts/0123-4567-89AB")
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.in_turns(of=5)
def test_however_many_votes_are_open_the_page_asks_no_more_statements(town, browse, queries):
    """As many as a round has envelopes."""
    making.opened(town, envelopes=2)
    client = browse()
    with queries() as few:
        assert client.get("/receipts").text.count("/budgets/round-") == 2
    making.opened(town, envelopes=4)
    with queries() as many:
        assert client.get("/receipts").text.count("/budgets/round-") == 6
    assert len(many) == len(few)


def test_the_list_of_what_counts_comes_with_the_close_and_names_the_last_ballots_alone(browse, town, poll):
    first, last, other = (cast(poll, town.people[who], 1) for who in (0, 0, 1))
    here = f"/polls/{poll.slug}"
    assert browse().get(f"{here}/live.txt").status_code == 404
    clock.shift(AFTER)
    proof = browse().get(f"/receipts/{first.tracker}/{poll.box.fingerprint.hex()}.json").json
    answer = browse().get(proof["live"])
    assert answer.mimetype == "text/plain" and sha256(answer.data).hexdigest() == proof["head"]["live_sha256"]
    tokens = {token(poll.box.fingerprint, receipt.mine).hex() for receipt in (last, other)}
    assert set(answer.text.split()) == tokens


@pytest.mark.in_turns(of=5)
def test_the_signed_counts_are_there_while_the_vote_is_open(app, browse, town, poll):
    for person in town.people:
        cast(poll, person, 1)
    here = f"/polls/{poll.slug}/counts.json"
    assert browse().get(here).json == []
    clock.shift(int(timedelta(days=1).total_seconds()))
    watching.sign_due()
    count, = browse().get(here).json
    message = signing.count(poll.box.fingerprint, 1, instant(count["at"]), 5, acts=count["acts"])
    assert count["voters"] == 5 and count["number"] == 1
    assert signing.verify(signing.public_key(keyring.signing_seed()), message, bytes.fromhex(count["signature"]))


def test_the_checker_is_one_file_with_everything_in_it(browse, town, poll):
    answer = browse().get("/receipts/checker.html")
    assert "attachment" in answer.headers["Content-Disposition"] and keyring.key_fingerprint() in answer.text
    assert "verifyAsync" in answer.text and not re.search(r"^(import|export) {", answer.text, re.M)
    assert "src=" not in answer.text and 'data-home=""' in answer.text

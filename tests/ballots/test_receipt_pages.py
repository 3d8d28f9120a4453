"""Looking a receipt up and having it checked, before and after the close, without signing in."""

import io
import json
from datetime import timedelta
from secrets import token_bytes
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from civic_forum.ballots.models import Leaf
from civic_forum.ballots.queries import casts, rolls
from civic_forum.ballots.rules import tree
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.receipts import Receipt, tracker
from civic_forum.ballots.services import casting
from civic_forum.ballots.steps.casting import CastForm
from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from tests.budgets import making
from tests.polls.making import opened, options, voter

AFTER = int(timedelta(days=8).total_seconds())


@pytest.fixture
def poll(town):
    town.people = [voter(town) for _one in range(5)]
    return opened(town, kind="up_to_k", max_choices=2, options=options(4))


def cast(poll, user, *chosen) -> Receipt:
    person = rolls.own_entry(poll.box.roll, user).person
    box_id, fingerprint = poll.box.id, poll.box.fingerprint
    revision = casts.standing(box_id, person).revision
    choice = bytes([0]) + b"".join(int(n in chosen).to_bytes(2, "big") for n in range(1, 5))
    return casting.cast(box_id, person, CastForm(fingerprint, token_bytes(16), revision, choice), Channel.ONLINE)


def written(receipt: Receipt, **changes) -> str:
    return json.dumps(receipt.to_json() | changes)


def check(client, text):
    return client.post("/receipts/checks", data={"receipt": text})


@pytest.mark.parametrize("form", [str, str.lower, lambda t: t.replace("-", ""), lambda t: f" {t.replace('-', ' ')} ",
                                  lambda t: t.replace("0", "O").replace("1", "l")])
def test_a_number_is_found_however_it_is_typed(browse, town, form):
    number = "0123-4567-89AB"
    answer = browse().get("/receipts", query_string={"tracker": form(number)})
    assert answer.status_code == 302 and answer.headers["Location"] == f"/receipts/{number}"
    led_to = browse().get(f"/receipts/{form(number).strip()}", follow_redirects=True)
    assert led_to.request.path == f"/receipts/{number}"


def test_what_is_no_number_says_what_to_do(browse, town):
    for text in ("", "  ", "abc", "0123-4567-89AU!", "가나다", "9" * 500):
        answer = browse().get("/receipts", query_string={"tracker": text})
        assert answer.status_code == 422 and "확인 번호" in answer.text
    assert browse().get("/receipts/nothing").status_code == 302


def test_before_the_close_nothing_is_found_and_the_page_says_why(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    answer = browse().get(f"/receipts/{receipt.tracker}")
    assert answer.status_code == 404 and "마감할 때 한꺼번에" in answer.text and poll.title in answer.text


def test_after_the_close_it_stands_in_the_log_with_a_proof(browse, town, poll):
    receipts = [cast(poll, one, n % 4 + 1) for n, one in enumerate(town.people)]
    clock.shift(AFTER)
    for receipt in receipts:
        page = browse().get(f"/receipts/{receipt.tracker}")
        assert page.status_code == 200 and "이 투표지는 공개 기록부에 있어요" in page.text
        proof = browse().get(f"/receipts/{receipt.tracker}/{poll.box.id.hex()}.json").json
        assert proof["leaf"] == receipt.leaf.hex() and f"{proof['number'] + 1:,}번" in page.text
        assert tree.verify_inclusion(receipt.leaf, proof["number"], proof["size"],
                                     [bytes.fromhex(node) for node in proof["proof"]],
                                     bytes.fromhex(proof["head"]["root"]))
        assert all(f"{n}번 사업" not in page.text for n in range(1, 5))


@pytest.mark.parametrize("publishes", ["totals", "ballots"])
def test_whether_a_receipt_tells_the_choice_is_said_before_and_after_casting(browse, town, publishes):
    town.people = [voter(town)]
    vote = opened(town, kind="up_to_k", max_choices=2, options=options(4), publishes=publishes)
    tells, tells_not = "확인증으로 내 표의 내용까지 볼 수 있어요", "속에 무엇이 적혔는지는 보여 주지 않아요"
    before = browse(town.people[0]).get(f"/polls/{vote.slug}/ballot").text
    receipt = cast(vote, town.people[0], 1)
    clock.shift(AFTER)
    after = browse().get(f"/receipts/{receipt.tracker}").text
    assert "이 투표지는 공개 기록부에 있어요" in after
    for page in (before, after):
        assert (tells in page) is (publishes == "ballots") and (tells_not in page) is (publishes == "totals")


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
    assert browse().get(f"/receipts/0123-4567-89AB/{poll.box.id.hex()}.json").status_code == 404
    assert browse().get("/receipts/0123-4567-89AB/zz.json").status_code == 404


def test_a_pasted_receipt_is_right_and_waits_for_the_close(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    answer = check(browse(), written(receipt))
    assert answer.status_code == 200 and "확인증이 맞아요. 기록부는 마감한 뒤에" in answer.text
    assert receipt.tracker in answer.text and poll.title in answer.text


def test_an_uploaded_receipt_is_in_the_log_after_the_close(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    clock.shift(AFTER)
    answer = browse().post("/receipts/checks", data={"file": (io.BytesIO(written(receipt).encode()), "receipt.json")})
    assert answer.status_code == 200 and "확인증이 맞고 기록부에 있어요" in answer.text and "기록부에서 보기" in answer.text


def test_the_file_from_the_page_after_the_close_is_taken_as_well(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    clock.shift(AFTER)
    page = browse().get(f"/receipts/{receipt.tracker}").text
    file = json.loads(unquote(page.split("data:application/json,")[1].split('"')[0]))
    assert set(file) > {"number", "proof", "head", "leaf", "signature"} and Receipt.from_json(file) == receipt
    assert "확인증이 맞고 기록부에 있어요" in check(browse(), json.dumps(file)).text


def test_a_promise_that_was_not_kept_is_evidence(browse, town, poll):
    """The only leaf is taken out of the table, as whoever controls the server might."""
    receipt, other = cast(poll, town.people[0], 1), cast(poll, town.people[1], 1)
    clock.shift(AFTER)
    assert browse().get(f"/receipts/{receipt.tracker}").status_code == 200
    db.session.execute(sa.delete(Leaf).filter_by(tracker=tracker(receipt.leaf)))
    db.session.commit()
    answer = check(browse(), written(receipt))
    assert "기록부에 있어야 하는데 없어요" in answer.text and "증거" in answer.text
    assert "확인증이 맞고" in check(browse(), written(other)).text


def test_what_was_altered_does_not_hold(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    signature = receipt.signature.hex()
    other = ("1" if signature[0] != "1" else "2") + signature[1:]
    assert "서명이 맞지 않아요" in check(browse(), written(receipt, signature=other)).text
    box = check(browse(), written(receipt, fingerprint="00" * 32)).text
    assert "그런 투표함이 없어요" in box and "이 확인증은 맞지 않아요" in box


def test_a_receipt_of_another_signer(browse, town, poll):
    forged = Receipt.issue(bytes(range(32)), poll.box.fingerprint, bytes(32))
    page = check(browse(), written(forged)).text
    assert "이 누리집의 열쇠가 아니에요" in page and "이 확인증은 맞지 않아요" in page
    clock.shift(AFTER)
    assert "기록부에 있어야 하는데" not in check(browse(), written(forged)).text


def test_nothing_pasted_and_nothing_uploaded(browse, poll):
    answer = check(browse(), "  ")
    assert answer.status_code == 422 and "확인증 파일을 고르거나" in answer.text and "글자가 바뀌었어요" not in answer.text


def test_what_is_no_receipt(browse, town, poll):
    receipt = cast(poll, town.people[0], 1)
    for text in ("", "가", "[]", "{}", "[" * 20_000, "null", "1e999", written(receipt)[:-5],
                 written(receipt, tracker="0000-0000-0000"), written(receipt, leaf=7), written(receipt, format=2),
                 written(receipt, leaf="00"), "\x00", "{" * 60_000):
        answer = check(browse(), text)
        assert answer.status_code == 422 and "확인증" in answer.text, text[:30]
    huge = browse().post("/receipts/checks", data={"file": (io.BytesIO(b"[" * 300_000), "receipt.json")})
    assert huge.status_code == 413


def test_before_any_vote_nothing_breaks(app, browse, town, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "none"))
    assert browse().get("/receipts").status_code == 200
    forged = Receipt.issue(bytes(range(32)), bytes(32), bytes(32))
    answer = check(browse(), written(forged))
    assert answer.status_code == 200 and "이 확인증은 맞지 않아요" in answer.text


def test_nobody_is_given_a_cookie_or_kept(browse, town, poll):
    answer = browse().get("/receipts/0123-4567-89AB")
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"


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

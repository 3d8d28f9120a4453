"""Pages of a published vote as everybody sees them."""

import csv
import io
import json
import re
from hashlib import sha256

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import closing as draws
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.observing import sample as sample_observers
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.models import BallotBox, Confirmation
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.polls.outcome import Finding, Place, finding, places
from civic_forum.polls.rules import PollKind
from tests.ballots.officials import observers_sign
from tests.factories import saved

from .making import opened, options, prepared
from .published import LEAVES, objection, observer_of, published, votes
from .reading import every, page_at, said, text


def page_of(browse, poll, user=None):
    return page_at(browse(user), f"/polls/{poll.slug}")


def check_of(browse, poll, user=None):
    return page_at(browse(user), f"/polls/{poll.slug}/check")


def text_with_links(page) -> str:
    return " ".join(one.get("href", "") for one in every(page, "a"))


# What the figures say


def test_options_with_as_many_votes_share_a_place_and_the_next_place_is_free():
    assert [(one.number, one.place) for one in places(votes(5, 9, 9, 1))] == [(2, 1), (3, 1), (1, 3), (4, 4)]


@pytest.mark.parametrize("kind, ranked, voters, reached, says", [
    (PollKind.CHOOSE_ONE, [], 0, True, Finding.NOBODY),
    (PollKind.CHOOSE_ONE, [Place(1, 5, 1)], 5, False, Finding.TOO_FEW),
    (PollKind.YES_NO_EACH, [], 5, None, Finding.ANSWERS),
    (PollKind.UP_TO_K, [Place(1, 0, 1)], 5, None, Finding.ALL_BLANK),
    (PollKind.CHOOSE_ONE, [Place(1, 5, 1), Place(2, 5, 1)], 10, None, Finding.TIED),
    (PollKind.CHOOSE_ONE, [Place(1, 5, 1), Place(2, 4, 2)], 9, None, Finding.FIRST),
    (PollKind.CHOOSE_ONE, [Place(1, 5, 1)], 5, None, Finding.FIRST),
])
def test_the_first_sentence_says_what_matters_most(kind, ranked, voters, reached, says):
    assert finding(kind, ranked, voters=voters, quorum_reached=reached) is says


# The page


def test_the_first_sentence_is_the_result_then_how_far_it_binds(town, browse):
    page = page_of(browse, published(town, votes(12, 20, 5), ballots=40, blank=3))
    assert said(page, "h1#result-h") == "‘주차장’ 항목이 가장 많은 표를 받았어요"
    assert [text(one) for one in every(page, ".first-answer li")][:2] == [
        "20표를 받아 둘째보다 8표 많았어요", "투표인 200명 가운데 40명(20%)이 투표했어요"]
    assert "가장 많은 표를 받은 안으로 설계를 시작해요" in said(page, "#result .binding")
    assert every(page, "#result > h2")[0].getnext().get("class") == "binding"


def test_the_result_passes_on_itself(town, browse):
    poll = published(town, votes(12, 20, 5), ballots=40)
    page = page_of(browse, poll)
    assert [link.get("href") for link in every(page, "[data-share]")] == [f"/share/polls/{poll.slug}"]
    assert page.xpath("//meta[@property='og:title']/@content") == [poll.title]


def test_bars_are_measured_against_everybody_who_voted(town, browse):
    page = page_of(browse, published(town, votes(12, 20, 5), ballots=40))
    bars = [(bar.get("max"), bar.get("value")) for bar in every(page, "#result .ranks progress")]
    assert bars == [("40", "20"), ("40", "12"), ("40", "5")]
    cells = [text(row).split() for row in every(page, "#table tbody tr")]
    assert cells[0][:2] == ["1", "2"] and cells[0][-1] == "50.0%"


def test_options_with_the_same_number_of_votes_are_said_to_be_tied(town, browse):
    page = page_of(browse, published(town, votes(15, 15, 5)))
    assert said(page, "#result-h") == "2개 항목이 똑같이 15표로 가장 많은 표를 받았어요"


def test_a_decision_of_a_draw_stands_with_the_drawn_numbers(town, browse):
    poll = published(town, votes(15, 15, 5))
    drawn = canonical_json(draws.lottery(1100, [3, 11, 15, 29, 35, 44], 10)).decode()
    official, other = town.official(), town.moderator()
    saved(Confirmation(box_id=poll.box_id, action=ConfirmedAction.DRAW, fingerprint=bytes(32), note=drawn,
                       proposed_by_id=official.id, proposed_at=clock.now(), confirmed_by_id=other.id,
                       confirmed_at=clock.now(), ended_at=clock.now()))
    found = text(every(page_of(browse, poll), "#result")[0])
    assert "추첨으로 정했고, ‘텃밭’ 항목이 앞섰어요" in found
    assert "로또 6/45 1100회: 3, 11, 15, 29, 35, 44, 보너스 10" in found


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("ballots", [0, 1, 9])
def test_of_few_ballots_what_won_is_told_and_why_no_numbers_are(town, browse, ballots):
    poll = published(town, votes(0, ballots, 0), ballots=ballots, publishes="ballots")
    page = page_of(browse, poll, observer_of(town))
    shown = text(every(page, "#result")[0])
    check = check_of(browse, poll, observer_of(town))
    if ballots:
        assert said(page, "#result-h") == f"{ballots}명이 투표했어요"
        assert "10장보다 적어서 표 수는 공개하지 않아요" in shown and "주차장" in shown and "텃밭" not in shown
    else:
        assert said(page, "#result-h") == "아무도 투표하지 않았어요" and "10장보다" not in shown
    assert not every(page, "#result progress") and not every(page, "#table")
    assert "기권한 표" not in text(every(check, "aside")[-1])
    assert "참관인이 참관인용 기록으로" in said(check, "#check") and "observers.zip" in text_with_links(check)
    rows = list(csv.reader(io.StringIO(browse().get(f"/polls/{poll.slug}/result.csv").data.decode("utf-8-sig"))))
    assert rows[:2] == [["선정한 항목"], ["주차장"]] if ballots else [["선정한 항목"], []]
    assert not any("기권한 표" in row for row in rows)


def test_of_few_answers_the_questions_with_more_yes_are_told(town, browse):
    totals = [{"option": 1, "yes": 5, "no": 3, "blank": 0}, {"option": 2, "yes": 3, "no": 5, "blank": 0}]
    poll = published(town, totals, ballots=8, kind="yes_no_each", options=None, questions=options(2))
    page = page_of(browse, poll)
    shown = re.sub(r"\d{4}\. \d+\. \d+\.", "", text(every(page, "#result")[0]))
    assert "찬성이 더 많은 질문" in shown and "5" not in shown.replace("10장", "")
    assert said(page, "#result-h") == "8명이 투표했어요"


def test_ballots_that_are_lost_stand_in_the_turnout(town, browse):
    page = check_of(browse, published(town, votes(12, 20, 5), damaged=2, missing=1, withdrawn=0))
    aside = text(every(page, "aside")[-1])
    assert "읽을 수 없게 된 표 2명" in aside and "사라진 표 1명" in aside and "투표인 200명 가운데 43명" in aside


def test_ten_options_stand_open(town, browse):
    page = page_of(browse, published(town, votes(*range(20, 2, -1)), kind="up_to_k", max_choices=6,
                                     options=options(18)))
    assert len(every(page, "#result > .ranks li")) == 10
    assert len(every(page, "#result .fold .ranks li")) == 8
    assert len(every(page, "#table tbody tr")) == 18


def test_yes_and_no_stand_with_each_question(town, browse):
    totals = [{"option": 1, "yes": 20, "no": 15, "blank": 5}, {"option": 2, "yes": 10, "no": 25, "blank": 5},
              {"option": 3, "yes": 18, "no": 18, "blank": 4}]
    page = page_of(browse, published(town, totals, kind="yes_no_each", options=None, questions=options(3)))
    assert said(page, "#result-h") == "질문 3개 가운데 1개에서 찬성이 더 많았어요"
    leanings = [one.text_content() for one in every(page, ".asked .st")]
    assert leanings == ["찬성이 더 많아요", "반대가 더 많아요", "찬성과 반대가 같아요"]
    first = every(page, ".asked svg")[0]
    assert (first.get("data-parts"), first.get("data-whole")) == ("20 5 15", "40")
    assert [float(part.get("width")) for part in every(first, ".fill")] == [500, 125, 375]
    assert text(every(page, "#table tbody tr")[1]).split()[-4:] == ["10", "25", "5", "25.0%"]


def test_a_quorum_that_was_not_reached_comes_first(town, browse):
    page = page_of(browse, published(town, votes(12, 20, 5), quorum={"kind": "min_voters", "value": 100}))
    assert said(page, "#result-h") == "40명이 투표해서, 정해 둔 수에 모자랐어요"
    assert said(page, ".quorum") == "정한 수에 모자라요 100명 이상 투표해야 해요"
    assert every(page, "#result .ranks li"), "the votes are shown all the same"


def test_a_quorum_that_was_reached_is_said(town, browse):
    page = page_of(browse, published(town, votes(12, 20, 5), quorum={"kind": "min_turnout", "value": 20}))
    assert said(page, ".quorum") == "정한 수를 채웠어요 투표율이 20% 이상이어야 해요"


def test_turnout_stands_by_channel_and_paper_is_reconciled(town, browse):
    page = check_of(browse, published(town, votes(12, 20, 5), roll=200, paper={
        "issued": 9, "counted": 5, "invalid": 1, "spoiled": 1, "taken_back": 0, "unreturned": 2}))
    aside = text(every(page, "aside")[-1])
    assert "20.5%" in aside and "투표인 200명 가운데 41명" in aside
    assert "온라인 35명" in aside and "종이 6명" in aside
    for line in ("내준 투표지 9장", "센 것 5장", "무효 1장", "못 쓰게 된 것 1장", "돌아오지 않은 것 2장"):
        assert line in aside


def test_a_small_neighbourhood_is_hidden_with_another_and_only_their_sum_is_told(town, browse):
    cells = [{"name": "가산동", "roll": 80, "voted": 20}, {"name": "시흥1동", "roll": 60, "hidden": 1},
             {"name": "시흥3동", "roll": 60, "hidden": 1}]
    page = page_of(browse, published(town, votes(12, 20, 5), breakdown={"by": "neighbourhood", "cells": cells}))
    rows = [text(row) for row in every(page, "#turnout tr")]
    assert "가산동 80 20 25.0%" in rows and "시흥3동 60 가렸어요" in rows and "시흥1동 60 가렸어요" in rows
    assert "가린 동 모두 20" in rows
    assert "10명보다 적게" in said(page, "#turnout caption")


def test_the_steps_of_checking_name_the_file_the_key_and_the_last_line(town, browse):
    poll = published(town, votes(12, 20, 5))
    page = check_of(browse, poll)
    key = sha256(bytes.fromhex(browse().get(f"/polls/{poll.slug}/heads.json").json[0]["public_key"])).hexdigest()
    assert said(page, "[data-command]") == (
        f"python3 -I -S verify.py {poll.slug}-record.zip --key {key} --head {poll.slug}-heads.json"
        f" --confirmations {poll.slug}-confirmations.json --language ko")
    assert said(page, "[data-expected]").startswith("맞아요: ")
    assert len(every(page, "#check .num-list > li")) == 6
    assert "참관인이 참관인용 기록으로" in said(page, "#check")


def test_the_steps_of_checking_name_the_signatures_of_observers_once_there_are_some(town, browse):
    poll = published(town, votes(12, 20, 5))
    assert "--signatures" not in said(check_of(browse, poll), "#check")
    observers_sign(poll.box_id)
    page = check_of(browse, poll)
    name = f"{poll.slug}-signatures.json"
    assert f" --signatures {name} --confirmations " in said(page, "[data-command]")
    files = {link.text: link.get("href") for link in every(page, "#check a[href]")}
    given = browse().get(files[name])
    assert len(given.json) == 2 and f'"{name}"' in given.headers["Content-Disposition"]


def test_everybody_can_recount_published_ballots(town, browse):
    poll = published(town, votes(12, 20, 5), publishes="ballots")
    page = check_of(browse, poll, observer_of(town))
    assert "처음부터 다시 세어" in said(page, "#check") and "참관인용" not in said(page, "#check")
    assert "observers.zip" not in page.text_content()


def test_promises_and_their_limits_stand_with_the_check_too(town, browse):
    page = check_of(browse, published(town, votes(12, 20, 5)))
    assert [every(part, "h2")[0].text for part in every(page, "#promises .halves > section")] == ["약속해요", "약속하지 못해요"]


def test_an_objection_stands_with_its_answer_and_a_withheld_one_with_the_reason(town, browse):
    poll = published(town, votes(12, 20, 5))
    observer = town.user()
    objection(poll, observer, leaf_number=4, answer="그 말씀이 맞아요.", answered_for="마을자치과", outcome="받아들임",
              answered_at=clock.now())
    objection(poll, observer, withheld="다른 사람의 이름이 적혀 있어요.")
    page = check_of(browse, poll)
    first, second = [text(one) for one in every(page, ".objection")]
    assert "창구가 닫혀 있었어요." in first and "마을자치과" in first and "받아들임" in first
    assert "다른 사람의 이름이 적혀 있어요." in second and "창구가 닫혀" not in second
    assert "기록부를 마친 뒤에 들어왔어요" in second
    assert "공개 기록부 5번" in browse().get(f"/votes/{poll.box_id.hex()}/objections").text, "counted as on a receipt"
    assert observer.nickname not in every(page, "#objections")[0].text_content()


@pytest.mark.in_turns(of=5)
def test_invented_figures_are_marked_as_invented(town, browse):
    poll = published(town, votes(12, 20, 5), invented="숫자는 지어냈어요.")
    assert "지어낸 숫자예요" in page_of(browse, poll).text_content()
    assert "지어낸 숫자예요" not in page_of(browse, published(town, votes(1, 2, 3))).text_content()


def test_a_visitor_gets_the_same_page_in_english(town, browse):
    poll = published(town, votes(12, 20, 5))
    reader = browse()
    reader.set_cookie("language", "en")
    page = page_at(reader, f"/polls/{poll.slug}/check")
    assert "--language en" in said(page, "[data-command]") and said(page, "[data-expected]").startswith("OK: ")


# What can be taken home


def test_before_the_publication_nothing_of_the_result_is_given(town, browse):
    poll, observer = opened(town), observer_of(town)
    for path in ("record.zip", "result.json", "result.csv", "check"):
        assert browse().get(f"/polls/{poll.slug}/{path}").status_code == 404
    assert browse(observer).get(f"/polls/{poll.slug}/observers.zip").status_code == 404
    assert browse().get(f"/polls/{poll.slug}/proofs/0.json").status_code == 404
    for role in (town.moderator(), town.official(), observer):
        assert browse(role).get(f"/polls/{poll.slug}/result.json").status_code == 404
    assert "result-h" not in browse(town.moderator()).get(f"/polls/{poll.slug}").text


def test_the_opening_head_is_public_at_once(town, browse):
    poll = opened(town)
    [head] = browse().get(f"/polls/{poll.slug}/heads.json").json
    assert (head["kind"], head["size"], head["fingerprint"]) == ("opening", 0, poll.box.fingerprint.hex())


def test_a_poll_that_nobody_opened_has_no_heads(town, browse):
    poll = prepared(town)
    assert browse().get(f"/polls/{poll.slug}/heads.json").status_code == 404
    assert browse().get("/polls/no-such-vote/heads.json").status_code == 404


@pytest.mark.in_turns(of=5)
def test_the_record_comes_as_a_file_with_its_hash(town, browse):
    poll = published(town, votes(12, 20, 5), record=b"PK and so on")
    with browse().get(f"/polls/{poll.slug}/record.zip") as answer:
        assert answer.data == b"PK and so on" and answer.mimetype == "application/zip"
    assert int(answer.headers["Content-Length"]) == 12 and answer.headers["ETag"] == f'"{bytes(32).hex()}"'
    assert f'filename={poll.slug}-record.zip' in answer.headers["Content-Disposition"].replace('"', "")
    with browse().get(f"/polls/{poll.slug}/record.zip", headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304
    with browse().get(f"/polls/{poll.slug}/record.zip", headers={"Range": "bytes=0-1"}) as part:
        assert (part.status_code, part.data) == (206, b"PK")


def test_only_observers_get_their_edition(town, browse):
    poll = published(town, votes(12, 20, 5), record=b"PK")
    address = f"/polls/{poll.slug}/observers.zip"
    assert browse().get(address).status_code in (302, 403)
    assert browse(town.resident()).get(address).status_code == 403
    assert browse(town.moderator()).get(address).status_code == 403
    observer = observer_of(town)
    with browse(observer).get(address) as answer:
        assert answer.status_code == 200 and answer.data == b"PK"
    assert "private" in answer.headers["Cache-Control"]
    assert "observers.zip" in browse(observer).get(f"/polls/{poll.slug}/check").text
    assert "observers.zip" not in browse().get(f"/polls/{poll.slug}/check").text


def test_a_record_that_is_gone_is_said_to_be_gone(town, browse):
    poll = published(town, votes(12, 20, 5))
    records.public(poll.box).unlink()
    assert browse().get(f"/polls/{poll.slug}/record.zip").status_code == 404


def test_the_result_as_json_is_byte_for_byte_what_was_signed(town, browse):
    poll = published(town, votes(12, 20, 5))
    answer = browse().get(f"/polls/{poll.slug}/result.json")
    assert answer.text == db.session.get(BallotBox, poll.box_id).result
    assert browse().get(f"/polls/{poll.slug}/result.json",
                        headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_result_as_a_table_runs_nothing_in_a_spreadsheet(town, browse):
    three = options(3)
    three[1]["title"] = "=HYPERLINK(1)"
    poll = published(town, votes(12, 20, 5), options=three)
    answer = browse().get(f"/polls/{poll.slug}/result.csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["번호", "항목", "득표", "차례"] and rows[1] == ["2", "'=HYPERLINK(1)", "20", "1"]
    assert ["투표한 사람", "40"] in rows


def test_proofs_are_given_as_the_format_says(town, browse):
    poll = published(town, votes(12, 20, 5))
    proof = browse().get(f"/polls/{poll.slug}/proofs/3.json").json
    assert (proof["kind"], proof["number"], proof["leaf"], proof["size"]) == (
        "inclusion", 3, LEAVES[3].hex(), len(LEAVES))
    assert browse().get(f"/polls/{poll.slug}/proofs/3.json").headers["Cache-Control"] == "no-store"
    grown = browse().get(f"/polls/{poll.slug}/proofs/consistency.json?old=3&new=5").json
    assert (grown["kind"], grown["old"], grown["new"]) == ("consistency", 3, 5) and grown["proof"]
    heads = browse().get(f"/polls/{poll.slug}/heads.json").json
    assert [head["size"] for head in heads] == [0, 3, 5] and heads[2]["consistency"] == grown["proof"]
    assert json.dumps(heads)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("path, status", [
    ("proofs/5.json", 404), ("proofs/99999999999999999999.json", 404), ("proofs/-1.json", 404),
    ("proofs/consistency.json", 400), ("proofs/consistency.json?old=5&new=3", 400),
    ("proofs/consistency.json?old=0&new=6", 400), ("proofs/consistency.json?old=x&new=3", 400),
    ("proofs/consistency.json?old=%C2%B2&new=3", 400), ("proofs/consistency.json?old=1&new=" + "9" * 40, 400),
])
def test_a_proof_that_there_is_not_is_refused(town, browse, path, status):
    poll = published(town, votes(12, 20, 5))
    assert browse().get(f"/polls/{poll.slug}/{path}").status_code == status


# Who watched


def says_of(poll, seed, **says):
    box = poll.box
    return sample_observers.statement(seed, box.fingerprint, observed.result_sha256(box), box.observers_sha256, **says)


@pytest.mark.both
def test_statements_of_observers_stand_there_word_for_word_with_the_answer_and_those_who_did_not_sign(town, browse):
    poll = published(town, votes(30, 10))
    first, _second = sample_observers.SEEDS
    said_so = "합계가 <b>한 표</b> 달라요.\n종이를 다시 보세요."
    observing.take(poll.box_id, json.dumps(says_of(poll, first, agrees=False, text=said_so).to_json()).encode(),
                   by=None)
    watched = said(check_of(browse, poll), "#watched")
    assert "누가 지켜봤나요" in watched and "예시 참관인 1" in watched and "틀렸다고 서명했어요" in watched
    assert "합계가 <b>한 표</b> 달라요." in watched and "아직 답하지 않았어요" in watched and "서명하지 않았어요" in watched
    assert "틀렸다고 서명한 참관인이 1명 있어요" in text(every(page_of(browse, poll), "main")[0])
    one, other = town.official(), town.moderator()
    asked = confirmations.propose(ConfirmedAction.ANSWER_REFUSAL, poll.box_id, note="종이를 다시 봤고 맞아요.", by=one)
    confirmations.confirm(asked.id, by=other)
    watched = said(check_of(browse, poll), "#watched")
    assert "종이를 다시 봤고 맞아요." in watched and "아직 답하지 않았어요" not in watched


def test_a_vote_without_observers_says_so_first_of_all(town, browse):
    poll = published(town, votes(30, 10), publishes="ballots")
    definition = json.loads(poll.box.definition) | {"observers": [], "signatures": 0}
    db.session.execute(sa.update(BallotBox.__table__).where(BallotBox.__table__.c.id == poll.box_id).values(
        definition=canonical_json(definition).decode()))
    db.session.commit()
    page = page_of(browse, poll)
    main = text(every(page, "main")[0])
    assert "참관인이 없는 투표예요" in main and main.index("참관인이 없는 투표예요") < main.index("받았어요")

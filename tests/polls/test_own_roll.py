"""One's own entry in the roll: in it or why not, objecting to it, and whether one is marked as having voted."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box.sealing import roll_leaf, roll_root
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.rolls import services
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import RollSource
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import voters
from civic_forum.ballots.models import Participated, RollEntry, RollObjection
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.ballots.boxes import form_of
from tests.ballots.people import verified
from tests.ballots.test_casting import take_paper
from tests.factories import saved
from tests.polls.making import opened, poll, prepared, voter


def person_of(vote, user) -> bytes:
    return rolls.own_entry(vote.box.roll, user).person


def cast(vote, user, channel=Channel.ONLINE):
    person = person_of(vote, user)
    casting.cast(vote.box.id, person, form_of(vote.box, person, bytes.fromhex("00000100000000")), channel)


def page(browse, user, vote):
    answer = browse(user).get(f"/polls/{vote.slug}/roll")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return answer.text


def announced(town, **facts):
    """A poll that nobody has opened, whose roll can be checked."""
    return prepared(town, **facts)


def test_somebody_in_the_roll_may_vote(town, browse):
    ada = voter(town)
    vote = opened(town)
    text = page(browse, ada, vote)
    assert "투표인 명부에 있어요" in text and f'href="/polls/{vote.slug}/ballot"' in text and "투표했다는 표시" in text


def test_one_takes_along_what_finds_ones_own_line_in_the_published_roll(town, browse):
    ada, other = voter(town), voter(town)
    vote = opened(town)
    kept = []
    for person in (ada, other):
        text = browse(person).get(f"/polls/{vote.slug}/roll").text
        kept.append(json.loads(unquote(text.split("data:application/json,")[1].split('"')[0])))
        box, salt, whose = (bytes.fromhex(kept[-1][name]) for name in ("box", "salt", "person"))
        assert roll_leaf(box, salt, whose).hex() == kept[-1]["leaf"] and kept[-1]["leaf"][:8] in text
    leaves = [roll_leaf(vote.box.id, salt, whose) for whose, salt in rolls.salted(vote.box.roll_id)]
    assert {one["leaf"] for one in kept} <= {leaf.hex() for leaf in leaves} and len({one["salt"] for one in kept}) == 2
    assert roll_root(leaves).hex() == json.loads(vote.box.definition)["roll"]["root"]


def test_nobody_is_told_to_object_when_it_is_too_late(town, browse):
    vote = opened(town)
    stranger = verified(town, "윤늦")
    roll = vote.box.roll
    roll.source = RollSource.IMPORTED
    db.session.commit()
    text = page(browse, stranger, vote)
    assert "지금은 더 넣을 수 없어요" in text and "이의를 내 주세요" not in text
    assert "문의" in text.split('<p class="lead">')[1].split("</p>")[0]


def test_somebody_who_is_not_verified_is_told_what_to_do(town, browse):
    vote = opened(town)
    text = page(browse, town.resident(), vote)
    assert "투표인 명부에 없어요" in text and f'href="/me/residency?next=/polls/{vote.slug}"' in text
    assert f"/polls/{vote.slug}/ballot" not in text
    assert "다음 투표부터" in text.split('<p class="lead">')[1].split("</p>")[0]


def test_somebody_who_came_too_late_is_told_so(town, browse):
    vote = opened(town)
    assert "명부를 정한 날 뒤에" in page(browse, voter(town), vote)


def test_before_the_roll_is_fixed_it_says_how_it_will_be(town, browse):
    ada = voter(town)
    day = local(clock.now() + timedelta(days=2)).date().isoformat()
    vote = poll(town, opens_at=(clock.now() + timedelta(days=5)).isoformat(timespec="seconds"), eligibility={
        "who": ["구민"], "check": "verified", "roll_fixed_on": day})
    assert "명부가 정해지면 들어가요" in page(browse, ada, vote)


def test_a_struck_voter_reads_why(town, browse):
    ada = voter(town)
    vote = opened(town)
    db.session.execute(sa.update(RollEntry).filter_by(person=person_of(vote, ada)).values(
        struck_at=clock.now(), struck_reason="다른 구로 이사했어요"))
    db.session.commit()
    text = page(browse, ada, vote)
    assert "다른 구로 이사했어요" in text and f"/polls/{vote.slug}/ballot" not in text


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("channel", "word"), [(Channel.ONLINE, "있어요 · 온라인"),
                                               (Channel.ASSISTED, "있어요 · 창구에서 도움 받아")])
def test_somebody_who_voted_sees_the_mark_and_how(town, browse, channel, word):
    ada, ben = voter(town), voter(town)
    vote = opened(town)
    cast(vote, ada, channel)
    text = page(browse, ada, vote)
    assert word in text and "투표 바꾸기" in text
    assert word not in page(browse, ben, vote)


def test_a_holder_of_paper_does_not_vote_online(town, browse):
    ada = voter(town)
    vote = opened(town)
    take_paper(vote.box, person_of(vote, ada))
    text = page(browse, ada, vote)
    assert "종이 투표지를 받았어요" in text and f'href="/polls/{vote.slug}/ballot"' not in text


def test_after_the_key_is_gone_the_mark_comes_from_what_was_written_down(town, browse):
    ada, ben = voter(town), voter(town)
    vote = opened(town)
    cast(vote, ada)
    person = person_of(vote, ada)
    clock.shift(int(timedelta(days=8).total_seconds()))
    page(browse, ada, vote)
    saved(Participated(box_id=vote.box.id, person=person, channel=Channel.ONLINE))
    keyring.destroy(vote.box.id, by="두 사람", at=clock.now())
    assert "있어요 · 온라인" in page(browse, ada, vote)
    text = page(browse, ben, vote)
    assert "투표했다는 표시" in text and "온라인" not in text.split("투표했다는 표시")[1].split("</dl>")[0]


def test_a_lost_key_hides_the_mark_and_nothing_else(town, browse, monkeypatch):
    ada = voter(town)
    vote = opened(town)
    path = keyring._box_key(vote.box.id)
    path.rename(path.with_suffix(".away"))
    text = page(browse, ada, vote)
    assert "투표인 명부에 있어요" in text and "투표했다는 표시" not in text


@pytest.mark.both
def test_somebody_objects_and_reads_the_answer(town, browse):
    vote = announced(town)
    left_out = town.resident()
    client = browse(left_out)
    assert "명부에 이의 내기" in client.get(f"/polls/{vote.slug}/roll").text
    short = client.post(f"/polls/{vote.slug}/roll/objections", data={"text": "없다"})
    assert short.status_code == 422 and "5자에서" in short.text and "없다" in short.text
    text = "작년에 이사 왔는데 명부에 없어요."
    assert client.post(f"/polls/{vote.slug}/roll/objections", data={"text": text}).status_code == 303
    assert text in client.get(f"/polls/{vote.slug}/roll").text
    services.answer(db.session.scalars(sa.select(RollObjection.id)).one(), "확인해 보니 동 주민센터에 다녀가셔야 해요.",
                    by=town.moderator())
    assert "다녀가셔야 해요" in client.get(f"/polls/{vote.slug}/roll").text
    assert text not in page(browse, town.resident(), vote)


def test_after_the_opening_and_outside_the_days_nobody_objects(town, browse):
    vote = opened(town)
    client = browse(town.resident())
    assert "명부에 이의 내기" not in client.get(f"/polls/{vote.slug}/roll").text
    assert client.post(f"/polls/{vote.slug}/roll/objections", data={"text": "제 이름이 없어요."}).status_code == 409
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RollObjection)) == 0


def test_the_marks_of_casting_and_the_ballot_take_few_statements(town, browse, queries):
    ada = voter(town)
    vote = opened(town)
    client = browse(ada)
    for path in ("ballot", "roll"):
        client.get(f"/polls/{vote.slug}/{path}")
        with queries() as seen:
            client.get(f"/polls/{vote.slug}/{path}")
        assert len(seen) <= 13, (path, seen)
    assert voters.standing(vote.box.id, person_of(vote, ada)).channel is None

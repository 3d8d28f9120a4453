"""Fragments that are kept say nothing of what is hidden, left, withdrawn or renamed, from the next page on."""

import pytest

from civic_forum.comments import services
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.moderation.rules import Rule
from civic_forum.proposals.rules import State

TITLE, REMARK, NAME = "골목에 의자를 놓아 주세요", "앉을 곳이 꼭 있어야 해요.", "의자지킴이"
RENAMED = "다른이름"


@pytest.fixture
def talked_about(town):
    author = town.resident(nickname=NAME)
    proposal = town.proposal(title=TITLE, author=author)
    services.write(proposal.thread_id, stance=Stance.FOR, text=REMARK, by=author)
    db.session.commit()
    return proposal


def change(record, **facts):
    for name, value in facts.items():
        setattr(record, name, value)
    db.session.commit()


whatever_goes = pytest.mark.parametrize("text, places, act", [
    (REMARK, ("{detail}",), lambda proposal, comment: change(
        comment, hidden_at=clock.now(), hidden_rule=next(iter(Rule)).value)),
    (REMARK, ("{detail}",), lambda proposal, comment: change(comment, deleted_at=clock.now(), source="", html="")),
    (NAME, ("{detail}",), lambda proposal, comment: change(proposal.author, nickname=RENAMED)),
    (NAME, ("{detail}",), lambda proposal, comment: change(proposal.author, left_at=clock.now(), nickname=None)),
    (TITLE, ("/", "/proposals?state=gathering"), lambda proposal, comment: change(
        proposal, state=State.WITHDRAWN, state_before=State.GATHERING, withdrawn_at=clock.now())),
    (TITLE, ("/", "/proposals", "/search?q=의자"), lambda proposal, comment: change(
        proposal, hidden_at=clock.now(), hidden_rule=next(iter(Rule)).value)),
], ids=["hidden comment", "deleted comment", "renamed", "left", "withdrawn", "hidden proposal"])


@pytest.mark.in_turns(of=10)
@whatever_goes
def test_it_is_gone_for_everybody_at_once(town, browse, talked_about, text, places, act):
    readers = [browse(), browse(town.resident()), browse(talked_about.author)]
    urls = [place.format(detail=f"/proposals/{talked_about.number}") for place in places]
    assert all(text in reader.get(url).text for url in urls for reader in readers if "search" not in url)
    act(talked_about, db.session.query(Comment).one())
    assert [(url, number) for url in urls for number, reader in enumerate(readers[:2])
            if text in reader.get(url).text] == []

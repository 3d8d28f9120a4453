"""A comment on one's proposal, a reply to one's comment."""

from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.notifications.rules import NoticeKind

from .told import last, told

REPLY = NoticeKind.REPLY


def write(proposal, by):
    return comments.write(proposal.thread_id, stance=Stance.FOR, text="저도 그렇게 생각해요.", by=by)


def test_a_comment_on_my_proposal(town):
    author, other = town.resident(), town.resident()
    comment = write(town.proposal(author=author), other)
    assert told(author) == [(REPLY, "commented")]
    assert last(author).url == f"/comments/{comment.id}"
    assert told(other) == []


def test_a_reply_reaches_the_one_who_is_answered_and_the_author_of_the_proposal(town):
    author, first, second = town.resident(), town.resident(), town.resident()
    comment = write(town.proposal(author=author), first)
    comments.reply(comment.id, text="어느 골목인가요?", by=second)
    assert told(first) == [(REPLY, "replied")]
    assert told(author) == [(REPLY, "commented"), (REPLY, "commented")]
    assert told(second) == []


def test_an_author_who_is_answered_below_the_own_proposal_hears_of_it_once(town):
    author, other = town.resident(), town.resident()
    comment = write(town.proposal(author=author), author)
    assert told(author) == []
    comments.reply(comment.id, text="어느 골목인가요?", by=other)
    assert told(author) == [(REPLY, "replied")]


def test_answering_oneself_is_no_news(town):
    other = town.resident()
    comment = write(town.proposal(), other)
    comments.reply(comment.id, text="하나 더 적어요.", by=other)
    assert told(other) == []

"""The author of a proposal, marked below it."""

from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance


def test_an_answer_of_the_author_is_marked_as_theirs(town, browse):
    proposal = town.proposal(author=town.resident())
    neighbour = town.resident()
    asked = comments.write(proposal.thread_id, stance=Stance.NOTE, text="언제 고치나요?", by=neighbour)
    assert ">제안자<" not in browse().get(f"/proposals/{proposal.number}").text
    comments.reply(asked.id, text="저도 궁금해요.", by=proposal.author)
    assert browse().get(f"/proposals/{proposal.number}").text.count(">제안자<") == 1

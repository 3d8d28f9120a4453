"""The table of what is told to whom: rows that cannot be told stop the start, and a fact reads nothing twice."""

from dataclasses import dataclass, replace

import pytest

from civic_forum.ballots.voted import Votable
from civic_forum.blocks import kinds
from civic_forum.blocks.moderated import Moderated
from civic_forum.comments import services as comments
from civic_forum.comments.events import CommentWritten
from civic_forum.comments.rules import Stance
from civic_forum.platform import hooks
from civic_forum.platform.base import db
from civic_forum.notifications import labels
from civic_forum.notifications.queries.cases import Case
from civic_forum.notifications.reactions import steps_taken, table
from civic_forum.notifications.told import About, Choice, Told, register, why_not
from civic_forum.proposals.events import ProposalGivenBack

RIGHT = Told(ProposalGivenBack, [table.AUTHOR], "given_back", table.OWN, "given-back:{proposal.id}")


@dataclass(frozen=True)
class NoEvent:
    proposal_id: int


@pytest.mark.parametrize("change, names", [
    ({"step": "given_bakc"}, ["ProposalGivenBack", "'given_bakc'"]),
    ({"step": Choice(lambda it: it.now, {1: "given_back", 2: "given_bakc"})}, ["ProposalGivenBack", "'given_bakc'"]),
    ({"about": About("porposal:{proposal.id}", "/")}, ["ProposalGivenBack", "'porposal'"]),
    ({"about": About("{proposal.state}", "/", kinds=("proposal", "porposal"))}, ["ProposalGivenBack", "'porposal'"]),
    ({"about": About("{proposal.state}", "/")}, ["ProposalGivenBack", "'{proposal.state}'"]),
    ({"fact": NoEvent}, ["NoEvent", "no event"]),
    ({"fact": "ProposalGivenBack"}, ["'ProposalGivenBack'", "no event"]),
    ({"once": "given-back:{porposal.id}"}, ["ProposalGivenBack", "{porposal.id}"]),
    ({"once": "given-back:{agenda.id}"}, ["ProposalGivenBack", "{agenda.id}"]),
    ({"once": "given-back:{proposal.nummer}"}, ["ProposalGivenBack", "{proposal.nummer}"]),
    ({"once": "given-back:{fact.number}"}, ["ProposalGivenBack", "{fact.number}"]),
])
def test_a_row_that_cannot_be_told_stops_the_start_and_is_named(change, names, monkeypatch):
    monkeypatch.setattr(hooks, "_listeners", heard := hooks._listeners.copy())
    before = {fact: list(listeners) for fact, listeners in heard.items()}
    with pytest.raises(ValueError) as why:
        register([RIGHT, replace(RIGHT, **change)])
    assert str(why.value).count("\n") == 0 and all(name in str(why.value) for name in names)
    assert heard == before


def test_all_rows_that_cannot_be_told_are_named_at_once():
    with pytest.raises(ValueError, match=r"'given_bakc'(.|\n)*NoEvent"):
        register([replace(RIGHT, step="given_bakc"), replace(RIGHT, fact=NoEvent)])


def test_rows_of_the_site_can_be_told():
    assert len(table.ROWS) > 50 and [why for row in table.ROWS for why in why_not(row)] == []


def test_steps_that_are_told_beside_the_table_have_sentences():
    told = steps_taken.TOLD | steps_taken.OF_PROJECT | {"noted_in_words"} | set(table.ACTS_UNTIL.values())
    assert [step for step in told if not labels.has_sentence(step)] == []


def test_kinds_that_a_row_may_be_about_are_those_that_features_have(app):
    assert set(table.THREAD.kinds) == {kind.name for kind, _discussed in kinds.having(kinds.Discussed)}
    assert {kind.name for kind, _votable in kinds.having(Votable)} - {"test"} <= set(table.OF_VOTES)
    assert {kind.name for kind, _moderated in kinds.having(Moderated)} | {"user"} == set(table.TEXT.kinds)


def test_the_records_of_a_fact_are_read_once_and_only_when_they_are_asked_for(town, queries):
    comment = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="골목이 어두워요.", by=town.resident())
    fact = CommentWritten(comment.thread_id, comment.id)
    db.session.expunge_all()
    with queries() as seen:
        case = Case(fact)
        assert seen == []
        for _again in range(2):
            assert "{comment.id}{thread.kind}".format_map(case) == f"{fact.comment_id}proposal"
        assert len(seen) == 2

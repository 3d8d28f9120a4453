"""Withdrawing a proposal that carries others on: they stand by themselves again, and those concerned hear of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.services import leaving
from civic_forum.agendas.models import ProposalMerge
from civic_forum.agendas.queries.union import count_of_all
from civic_forum.agendas.services import merging
from civic_forum.answers.queries import records as answers
from civic_forum.answers.rules import DutyEnd
from civic_forum.journeys.queries import entries
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.notifications.rules import NoticeKind
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication, supports
from tests.accounts.people import PASSWORD, member
from tests.answers.making import duty_of
from tests.common import again, user
from tests.factories import MAY
from tests.notifications.told import steps, told
from tests.racing import at_once

from .test_merging import WHY, support

REASON = "다른 곳에서 해결됐어요."


def withdraw(proposal):
    return publication.withdraw(proposal.id, reason=REASON, by=proposal.author)


@pytest.mark.both
def test_carried_proposals_stand_by_themselves_again_with_their_own_supports(town):
    kick, cable, board, moderator = town.proposal(), town.proposal(), town.proposal(), town.moderator()
    for one in (kick, cable, board):
        support(one, town.resident())
    made = [merging.merge(one.id, board.id, WHY, by=moderator) for one in (kick, cable)]
    withdraw(board)
    assert [(again(one).state, again(one).merged_into_id, again(one).support_count) for one in (kick, cable)] == [
        (State.GATHERING, None, 1)] * 2
    assert (again(board).state, again(board).support_count, count_of_all([board.id])) == (State.WITHDRAWN, 1, 1)
    assert [step.step for step in entries(again(kick).journey_id)][-2:] == ["merged", "carrier_withdrawn"]
    assert entries(again(kick).journey_id)[-1].url == f"/proposals/{board.number}"
    assert [step.step for step in entries(again(board).journey_id)][-3:] == ["withdrawn", "let_go", "let_go"]
    ended = db.session.scalars(sa.select(ProposalMerge).order_by(ProposalMerge.id)).all()
    assert [(one.id, one.undone_by_id, one.undone_reason) for one in ended] == [
        (one.id, board.author_id, None) for one in made] and all(one.undone_at for one in ended)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).filter_by(
        action="agendas.merge_undone")) == 2


def test_a_proposal_merged_further_down_stays_with_the_one_that_carries_it(town):
    leaf, branch, root, moderator = town.proposal(), town.proposal(), town.proposal(), town.moderator()
    support(leaf, town.resident())
    merging.merge(leaf.id, branch.id, WHY, by=moderator)
    merging.merge(branch.id, root.id, WHY, by=moderator)
    withdraw(root)
    assert [again(one).state for one in (leaf, branch, root)] == [State.MERGED, State.GATHERING, State.WITHDRAWN]
    assert (again(branch).support_count, again(root).support_count) == (1, 0)


def test_an_answer_promised_to_the_merged_one_is_owed_again_by_the_same_day(town, at):
    at(MAY)
    kick, board, moderator = town.proposal(threshold=1), town.proposal(threshold=1), town.moderator()
    support(board, town.resident())
    at(MAY + timedelta(days=1))
    support(kick, town.resident())
    promised = duty_of(kick).due_on
    merging.merge(kick.id, board.id, WHY, by=moderator)
    assert duty_of(kick).ended_how is DutyEnd.MERGED
    at(MAY + timedelta(days=3))
    withdraw(board)
    db.session.rollback()
    assert duty_of(board).ended_how is DutyEnd.WITHDRAWN
    assert (duty_of(kick).ended_at, duty_of(kick).due_on, again(kick).state) == (None, promised, State.ANSWER_DUE)


def test_a_number_that_only_the_union_had_reached_gathers_again(town):
    kick, board = town.proposal(threshold=2), town.proposal(threshold=2)
    for one in (kick, board):
        support(one, town.resident())
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    assert again(board).state is State.ANSWER_DUE
    withdraw(board)
    assert (again(kick).state, answers.open_duties(kick.id), answers.open_duties(board.id)) == (State.GATHERING, [], [])
    assert duty_of(board).ended_how is DutyEnd.WITHDRAWN


def test_authors_supporters_and_moderators_hear_of_it_once(town):
    kick, cable, board = town.proposal(), town.proposal(), town.proposal()
    neighbour, moderator = town.resident(), town.moderator()
    support(kick, neighbour)
    for one in (kick, cable):
        merging.merge(one.id, board.id, WHY, by=moderator)
    withdraw(board)
    assert told(kick.author)[-1] == told(cable.author)[-1] == (NoticeKind.MY_PROPOSAL, "carrier_withdrawn")
    assert steps(neighbour)[-2:] == ["withdrawn", "carrier_withdrawn"]
    assert told(moderator) == [(NoticeKind.DUTY, "duty_parted")]
    assert "merge_undone" not in steps(board.author) and "carrier_withdrawn" not in steps(board.author)


def test_its_page_says_before_what_becomes_of_the_others_and_afterwards_why(town, browse):
    kick, board = town.proposal(), town.proposal()
    page = browse(board.author).get(f"/proposals/{board.number}/withdrawal").get_data(as_text=True)
    assert "합쳐진 제안" not in page
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    page = browse(board.author).get(f"/proposals/{board.number}/withdrawal").get_data(as_text=True)
    assert "이 제안에 합쳐진 제안 1개는 다시 따로 있게 돼요." in page
    sent = browse(board.author).post(f"/proposals/{board.number}/withdrawal", data={"reason": REASON})
    assert sent.status_code == 302
    for one in (kick, board):
        assert "이어 가던 제안을 글쓴이가 거뒀어요." in browse().get(f"/proposals/{one.number}").get_data(as_text=True)


def test_a_refusal_parts_nothing(town):
    kick, board = town.proposal(), town.proposal()
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    for reason, by in ((REASON, kick.author), ("음", board.author)):
        try:
            publication.withdraw(board.id, reason=reason, by=by)
        except Refusal:
            db.session.rollback()
        assert (again(kick).state, again(board).state) == (State.MERGED, State.GATHERING)


def test_somebody_who_leaves_the_site_withdraws_nothing(town):
    author = member(town)
    kick, board = town.proposal(), town.proposal(author=author)
    support(kick, town.resident())
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    leaving.leave(PASSWORD, by=author)
    assert (again(kick).state, again(board).state, again(board).support_count) == (State.MERGED, State.GATHERING, 1)


@pytest.mark.both
def test_withdrawals_merges_and_their_undoing_at_once_leave_nobody_merged_into_what_was_withdrawn(town, app):
    """Round for round: nobody waits for ever, whoever is second learns it."""
    moderators = [town.moderator().id for _ in range(3)]
    for _round in range(4):
        kick, cable, board = town.proposal(), town.proposal(), town.proposal()
        for one in (kick, cable, board):
            support(one, town.resident())
        merge = merging.merge(kick.id, board.id, WHY, by=user(moderators[0])).id
        ids, authors = (kick.id, cable.id, board.id), (kick.author_id, cable.author_id, board.author_id)
        acts = [lambda: publication.withdraw(ids[2], reason=REASON, by=user(authors[2])),
                lambda: merging.merge(ids[1], ids[2], WHY, by=user(moderators[1])),
                lambda: merging.undo(merge, WHY, by=user(moderators[2])),
                lambda: supports.support(ids[0], by=user(authors[1])),
                lambda: publication.withdraw(ids[1], reason=REASON, by=user(authors[1]))]
        db.session.rollback()
        at_once(app, 5, lambda n: acts[n]())
        db.session.rollback()
        into = sa.select(Proposal.id).where(Proposal.state == State.WITHDRAWN)
        assert not db.session.scalars(sa.select(ProposalMerge.id).where(
            ProposalMerge.into_id.in_(into), ProposalMerge.undone_at.is_(None))).all()
        assert again(board).state is State.WITHDRAWN and again(kick).state is State.GATHERING
        assert again(board).support_count == count_of_all([ids[2]]) == 1

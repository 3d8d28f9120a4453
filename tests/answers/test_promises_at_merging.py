"""The page of a merge says before what would be refused: the one that is to be answered first carries the other on."""

from datetime import datetime, timedelta

from civic_forum.answers.queries import records as carrying
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.proposals.models import SimilarProposal
from tests.picking import chosen

from .making import owed

OCTOBER = datetime(2026, 10, 21, 15, tzinfo=SEOUL)
REFUSED = "먼저 답변하기로 약속한 제안이에요."


def test_a_coming_refusal_is_said_before_it_is_sent(town, browse, at):
    at(OCTOBER)
    first, free = owed(town), town.proposal()
    at(OCTOBER + timedelta(days=1))
    later, moderator = owed(town), browse(town.moderator())

    def page(proposal, into):
        return moderator.get(f"/desk/proposals/{proposal.number}/merge?into={into.number}").text

    assert REFUSED in page(first, later) and REFUSED in page(first, free)
    assert REFUSED not in page(later, first) and REFUSED not in page(free, later)
    assert "답변하기로 약속한 제안이에요. 더 늦게" in page(later, first)
    assert "더 늦게" not in page(free, later)
    db.session.rollback()
    assert set(carrying.refused(first.id, [later.id, free.id])) == {later.id, free.id}
    sent = moderator.post(f"/desk/proposals/{first.number}/merge", data={
        **chosen("into", later.number), "reason": "같은 골목의 같은 문제예요."})
    assert sent.status_code == 409 and REFUSED in sent.text


def test_a_suggestion_that_cannot_carry_it_on_leads_to_the_other_way_round(town, browse, at):
    at(OCTOBER)
    first, free = owed(town), town.proposal()
    db.session.add(SimilarProposal(proposal_id=first.id, other_id=free.id, place=1))
    db.session.commit()
    said = browse(town.moderator()).get(f"/desk/proposals/{first.number}/merge").text
    assert REFUSED in said and f"/desk/proposals/{free.number}/merge?into={first.number}" in said

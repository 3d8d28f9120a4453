"""A vote that two officials closed before its time: nobody is told that there is time left."""

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.platform.base import db
from tests.budgets import making


def test_the_page_of_a_round_counts_down_to_no_close_that_is_past(town, browse):
    made, client = making.opened(town, envelopes=2), browse()
    for position, one in enumerate(made.envelopes):
        assert "마감까지" in client.get(f"/budgets/{made.slug}").text, position
        db.session.rollback()
        proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, one.box_id, note="모두 투표했어요", by=town.official())
        confirmations.confirm(proposed.id, by=town.moderator())
    page = client.get(f"/budgets/{made.slug}").text
    assert "마감까지" not in page and "주민 투표: 20" not in page and "투표가 끝났고, 표를 세고 있어요" in page

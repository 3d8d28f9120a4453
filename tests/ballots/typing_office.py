"""A closed vote with paper that came back, and people who type it."""

from civic_forum.ballots.paper import batches, queries
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.paper.batches import Outcome
from civic_forum.ballots.paper.models import PaperBatch
from civic_forum.platform.base import database_now, db

from .desk_scene import Vote

NOTE = "표시가 옅어 밝은 곳에서 다시 봤어요"


class Office:
    """A closed vote with paper that came back and none that may still come, and people who type."""

    def __init__(self, town, returned=4):
        self.vote = Vote(town)
        self.box_id = self.vote.box_id
        self.clerk = town.clerk()
        for number in range(1, returned + 1):
            self.vote.voter().gets_paper(self.clerk)
            papers.mark_returned(self.box_id, number, by=self.clerk)
        self.first, self.second, self.third = town.clerk(), town.moderator(), town.clerk()
        self.vote.after_the_last_return()

    def batch(self, sheets=None) -> int:
        """Of all that is left, unless a number of sheets is given."""
        left = queries.reconciliation(self.box_id).unbatched
        return batches.open_batch(self.box_id, left if sheets is None else sheets, by=self.clerk)

    def typed(self, number, by, *lines) -> Outcome:
        for sheet, line in enumerate(lines, start=1):
            batches.type_sheet(self.box_id, number, sheet, line, by=by)
        return batches.finish_typing(self.box_id, number, by=by)

    def found(self, number) -> PaperBatch:
        db.session.rollback()
        return queries.batch(self.box_id, number)

    def why_not_finished(self):
        box = self.vote.box
        return queries.why_not_finished(box, database_now())

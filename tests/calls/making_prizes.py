"""Calls for a prize, with nominated proposals."""

from datetime import timedelta

from civic_forum.calls.applying import parts, services
from civic_forum.calls.queries import questions_of
from civic_forum.calls.rules import CallKind, ScoresShown
from civic_forum.platform import clock
from civic_forum.platform.i18n import today
from tests.answers.making import on_the_table, published

from .making_judging import Judged

PRIZES = [{"name": "최우수", "won": 1_000_000, "count": 1}, {"name": "우수", "won": 500_000, "count": 1},
          {"name": "장려", "won": 300_000, "count": 1}, {"name": "노력", "won": 50_000, "count": 1}]
WHY = "여러 동네에 도움이 돼요."


def worth(town, answer=None, **facts):
    """A proposal that the office accepted, or answered like this."""
    official = town.official()
    proposal = on_the_table(town, official, **facts)
    published(proposal, official, town.official(), *([answer] if answer else []))
    return proposal


def nominate(call, proposal, *, by):
    """Number of the nomination."""
    rows = questions_of(call)
    part = parts.nomination(rows)(proposal=proposal.number, **{f"q{row.id}": WHY for row in rows})
    return services.nominate(call.id, part, by=by).number


class Nominated(Judged):
    """A call for four prizes for which these proposals are nominated, still open."""

    def __init__(self, town, *proposals, **facts):
        super().__init__(town, **{
            "slug": "prize", "kind": CallKind.PRIZE, "title": "올해의 제안 상", "prizes": PRIZES, "budget": None,
            "most_won": None, "least_points": None, "reserves": 0, "scores_shown": ScoresShown.FEW,
            "closes_at": clock.now() + timedelta(hours=1), "scores_until": today() + timedelta(days=1)} | facts)
        self.proposals = proposals
        self.numbers = [nominate(self.call, proposal, by=self.second) for proposal in proposals]

    def scoring(self):
        clock.shift(2 * 3600)
        return super().scoring()

    def scored(self, *sums):
        """Both jurors give each this sum; the scores are released."""
        if self.call.scoring_at is None:
            self.scoring()
        for number, points in zip(self.numbers, sums, strict=True):
            self.score(number, points, points)
        return self.release()

"""Pictures of evaluations: how grades are spread, how the body voted."""

from dataclasses import dataclass

from civic_forum.blocks.charts import Part, Share
from civic_forum.platform.i18n import _

from .models import ChangeVote
from .rules import STEPS, Score

HEIGHT = 36
"""Of the picture of a spread."""


@dataclass(frozen=True)
class Spread:
    """Bars of how many gave each fifth of the points, and the same in words."""

    bars: list[tuple[int, float, float, bool]]
    """x, y, height and whether it is the highest."""
    words: str

    @classmethod
    def of(cls, score: Score, most: int) -> "Spread":
        top = max(score.spread)
        bounds = [most * place // STEPS for place in range(STEPS + 1)]
        heights = [HEIGHT * number / top for number in score.spread]
        return cls([(1 + 20 * place, round(HEIGHT - height, 1), round(height, 1), number == top)
                    for place, (height, number) in enumerate(zip(heights, score.spread, strict=True))],
                   ", ".join(_("%(first)s~%(last)s점 %(count)s명", first=bounds[place],
                               last=bounds[place + 1] - (place < STEPS - 1), count=number)
                             for place, number in enumerate(score.spread)))


def votes(vote: ChangeVote) -> Share:
    """Votes of the body on a change, as parts of a bar."""
    return Share([Part(_("찬성"), vote.votes_for or 0, str(vote.votes_for), ""),
                  Part(_("기권"), vote.abstained or 0, str(vote.abstained), "quiet"),
                  Part(_("반대"), vote.votes_against or 0, str(vote.votes_against), "bad")])

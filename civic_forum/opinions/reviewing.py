"""Statements as a moderator looks through them: those that need a look, each with its reasons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from civic_forum.blocks.charts import Key, Part, Share
from civic_forum.platform.i18n import _

from . import labels, rules
from .models import Statement
from .results import Tally
from .rules import AGREE, DISAGREE, PASS, Look, StatementState


TONE = {AGREE: "", PASS: "quiet", DISAGREE: "bad"}


def legend() -> list[Key]:
    """Key of the answers in the table."""
    return [Key(str(labels.ANSWER[answer]), tone) for answer, tone in TONE.items()]


class Show(StrEnum):
    """Filter of the table."""

    LOOK = "look"
    PUBLISHED = "published"
    META = "meta"
    TAKEN_OUT = "taken_out"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reviewed:
    """A statement with what its answers and its words give to think about."""

    statement: Statement
    tally: Tally | None
    """Of the last result; None where it tells nothing."""
    looks: tuple[Look, ...]
    twins: tuple[int, ...] = ()
    """Numbers of statements that may mean the same."""

    @property
    def reasons(self) -> list[str]:
        """In words, with the figure that each is about."""
        return [_in_words(look, self) for look in self.looks]

    @property
    def answers(self) -> Share | None:
        if self.tally is None or not self.tally.seen:
            return None
        return Share([Part(str(labels.ANSWER[answer]), number, f"{number:,}", TONE[answer])
                      for answer in TONE for number in [self.tally.of(answer)]])


def _in_words(look: Look, of: Reviewed) -> str:
    if look is Look.PASSES:
        return _("모르겠어요 %(share)s%%", share=of.tally.percent(PASS) if of.tally else 0)
    if look is Look.FEW:
        return _("답 %(count)s개", count=of.tally.seen if of.tally else 0)
    return _("%(number)s번과 뜻이 같아 보여요", number=of.twins[0])


def reviewed(tallies: Sequence[tuple[Statement, Tally | None]]) -> list[Reviewed]:
    """All statements in their order; only those that are asked are looked at for reasons."""
    most = max((tally.seen for _statement, tally in tallies if tally), default=0)
    twins = defaultdict(list)
    for number, twin in rules.alike_pairs({each.number: each.text for each, _tally in tallies if each.is_asked}):
        twins[number].append(twin)
        twins[twin].append(number)
    return [_reviewed(statement, tally, most, twins[statement.number]) for statement, tally in tallies]


def _reviewed(statement: Statement, tally: Tally | None, most: int, twins: list[int]) -> Reviewed:
    if not statement.is_asked:
        return Reviewed(statement, tally, ())
    looks = rules.looks(tally.agree, tally.passed, tally.disagree, most) if tally else []
    return Reviewed(statement, tally, (*looks, *([Look.ALIKE] if twins else [])), tuple(twins))


def shown(among: Sequence[Reviewed], show: Show) -> list[Reviewed]:
    """Those of a filter; what needs a look leaves out what was told to be about people."""
    fits: Mapping[Show, object] = {
        Show.LOOK: lambda review: review.looks and not review.statement.is_meta,
        Show.PUBLISHED: lambda review: review.statement.is_asked,
        Show.META: lambda review: review.statement.is_meta,
        Show.TAKEN_OUT: lambda review: review.statement.is_taken_out,
        Show.REFUSED: lambda review: review.statement.state is StatementState.REFUSED}
    return [review for review in among if fits[show](review)]  # type: ignore[operator]

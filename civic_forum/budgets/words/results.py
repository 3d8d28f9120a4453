"""What a result says in few words: rules, stages, and the step in the journey of a project. The sentences with all
numbers are in `explanations`."""

from functools import cached_property

from civic_forum.kernel.i18n import Language, _, _l, speaking

from ..rules.counting.outcome import Count, Ending, Reason, Stage
from ..rules.counting.settings import Rule
from .explanations import SHORT

RULE = {Rule.GREEDY: _l("많은 표 차례"), Rule.WEIGHTED: _l("주민과 위원회 함께"), Rule.EQUAL_SHARES: _l("균등 몫")}
STAGE = {Stage.GREEDY: _l("차례대로 담기"), Stage.EQUAL_SHARES: _l("균등 몫"), Stage.FILL: _l("남은 돈 채우기")}
ENDING = {Ending.EXHAUSTED: _l("더 담을 수 있는 사업이 없어서 멈췄어요."),
          Ending.INFEASIBLE: _l("몫을 더 늘리면 배정 예산을 넘어서 멈췄어요."),
          Ending.ALL_FUNDED: _l("표를 받은 사업을 모두 담아서 멈췄어요.")}


class Said:
    """A count in the words of the journeys of its projects."""

    def __init__(self, envelope: str, count: Count, ballots: int) -> None:
        self.envelope, self.count, self.ballots = envelope, count, ballots

    @cached_property
    def places(self) -> dict[str, int]:
        """Code → as how manieth it was funded, from 1."""
        return {code: place for place, code in enumerate(self.count.selected, start=1)}

    @cached_property
    def _votes(self) -> dict[str, int]:
        return {one.project: int(one.votes) for one in (*self.count.rounds, *self.count.not_selected)}

    @cached_property
    def _reasons(self) -> dict[str, Reason]:
        return {one.project: one.reason for one in self.count.not_selected}

    def evidence(self, code: str) -> str:
        """In Korean whatever language the page of the official is in: everybody reads it."""
        with speaking(Language.KO):
            votes = _("%(voters)s명 가운데 %(votes)s명이 골랐어요.", voters=f"{self.ballots:,}",
                      votes=f"{self._votes[code]:,}")
            if place := self.places.get(code):
                said = _("%(envelope)s에서 %(place)s번째로 뽑혔어요.", envelope=self.envelope, place=place)
            else:
                said = f"{self.envelope}: {SHORT[self._reasons[code]]}."
            return f"{said} {votes}"

"""Labels of a result: rules, stages, and the step in the journey of a project. The sentences with all numbers are in
`explanations`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from civic_forum.platform.i18n import Language, _, _l, speaking

from ..counting.outcome import Count, Ending, Funding, NotSelected, Reason, Stage
from ..counting.settings import CountingRules, Rule
from ..rules.explaining import points, shown, verdict
from ..rules.fates import Turn
from . import explanations
from .explanations import SHORT, effective
from .money import money
from .weighing import ALONE

RULE = {Rule.GREEDY: _l("많은 표 차례"), Rule.WEIGHTED: _l("주민과 위원회 함께"), Rule.EQUAL_SHARES: _l("균등 몫")}
STAGE = {Stage.GREEDY: _l("차례대로 담기"), Stage.EQUAL_SHARES: _l("균등 몫"), Stage.FILL: _l("남은 돈 채우기")}
ENDING = {Ending.EXHAUSTED: _l("더 담을 수 있는 사업이 없어서 멈췄어요."),
          Ending.INFEASIBLE: _l("몫을 더 늘리면 배정 예산을 넘어서 멈췄어요."),
          Ending.ALL_FUNDED: _l("표를 받은 사업을 모두 담아서 멈췄어요.")}


WAY = ALONE | {"marks": _l("표 수로 나누어 함께"), "ballots": _l("사람 수로 나누어 함께")}
"""Other rules beside a result, as the signed outcome names them, where RULE does not say which it is."""


def way(name: str, rules: CountingRules) -> str:
    """Name of a rule beside a result; `name`: as the outcome names it."""
    return str(WAY.get(name) or RULE[rules.rule])


class Said:
    """A count in the words of the journeys of its projects."""

    def __init__(self, envelope: str, count: Count, ballots: int) -> None:
        self.envelope, self.count, self.ballots = envelope, count, ballots
        self.selected = frozenset(count.selected)

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


class SaidOfFew:
    """The same of a vote with so few ballots that only what won is told, in no order."""

    places: Mapping[str, int] = MappingProxyType({})

    def __init__(self, envelope: str, selected: Sequence[str]) -> None:
        self.envelope, self.selected = envelope, frozenset(selected)

    def evidence(self, code: str) -> str:
        with speaking(Language.KO):
            if code in self.selected:
                return _("%(envelope)s에서 뽑혔어요. 투표한 사람이 적어서 표 수는 공개하지 않아요.", envelope=self.envelope)
            return _("%(envelope)s에서 뽑히지 않았어요. 투표한 사람이 적어서 표 수는 공개하지 않아요.", envelope=self.envelope)


def said_of(envelope: str, result: Mapping) -> Said | SaidOfFew:
    """By the signed result of an envelope."""
    if "small" in result:
        return SaidOfFew(envelope, result["outcome"]["selected"])
    return Said(envelope, Count.from_json(result["outcome"]["count"]), result["ballots"])


def sentence(count: Count, code: str, titles: Mapping[str, str], *, is_hidden: bool) -> str:
    """Reason why a project was chosen or not, with its numbers; without them where they would tell what a few people
    chose."""
    if not is_hidden:
        return explanations.of_project(count, code, titles)
    said = verdict(count, code)
    votes = _("고른 사람이 %(votes)s명뿐이어서, 그 몫이 어디에 쓰였는지는 밝히지 않아요.", votes=int(said.votes))
    if isinstance(said, Funding):
        return _("고른 사람들이 몫을 모아 선정했어요.") + " " + votes
    return f"{SHORT[said.reason]}. {votes}"


def measure(count: Count, said: Funding | NotSelected) -> tuple[str, str]:
    """Measure by which the rule ordered a project: its name and its figure."""
    if count.rules.rule is Rule.WEIGHTED:
        return _("점수"), _points(said.score, count.rules) if said.score is not None else "-"
    if isinstance(said, Funding) and said.effective_votes is not None:
        return _("실효 표"), effective(said.effective_votes)
    return _("득표"), f"{int(said.votes):,}"


def share(amount: Fraction) -> str:
    """Won of a share, cut off like in the sentences."""
    told = shown(amount)
    return money(told.value) if told.is_exact else _("약 %(amount)s", amount=money(told.value))


def score(count: Count, turn: Turn) -> str:
    """By what the list was ordered, at this turn."""
    return _points(turn.score, count.rules) if turn.score is not None else f"{int(turn.votes):,}"


def points_in_parts(count: Count, said: Funding | NotSelected) -> str:
    """`53.11점 (주민 8.11점 + 위원회 45점)`."""
    if said.score is None:
        return explanations.score_parts(count, said.project)
    return _("%(points)s점 (%(parts)s)", points=_points(said.score, count.rules),
             parts=explanations.score_parts(count, said.project))


def _points(score: Fraction, rules: CountingRules) -> str:
    return f"{float(points(score, rules)):,.2f}"

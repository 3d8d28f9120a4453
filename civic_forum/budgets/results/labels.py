"""Labels and sentences of a result: why a project was chosen or not, its tables, the council's decisions."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from civic_forum.ballots.rules.quorums import is_void
from civic_forum.platform.i18n import Language, _, _l, nth, speaking, won

from ..counting.outcome import Count, Criterion, Ending, Funding, NotSelected, Reason, Stage, Tie
from ..counting.settings import BODIES, COMMITTEE, CountingRules, RESIDENTS, Rule, Share, Utility
from ..counting.weighing import Weighing
from ..labels import WON, money
from ..rules import CouncilDecision
from .rules import (
    MOST_REASON, ShownAmount, Turn, Wrong, main_spending, part_points, points, shortfall, shown, verdict)

TITLES = Mapping[str, str]
"""Project id → its title, as the page shows it."""

CRITERIA = {
    Criterion.COST: _l("비용이 낮은 사업"), Criterion.VOTES: _l("표가 많은 사업"),
    Criterion.ID: _l("번호가 앞선 사업"), Criterion.LOT: _l("추첨에서 앞선 사업"),
}

SHORT = {
    Reason.NO_VOTES: _l("받은 표가 없어요"), Reason.BELOW_THRESHOLD: _l("최소 표에 못 미쳤어요"),
    Reason.EXCLUDED: _l("함께 할 수 없는 사업이 선정됐어요"), Reason.STOPPED: _l("차례가 오기 전에 멈췄어요"),
    Reason.DID_NOT_FIT: _l("차례에 남은 돈이 모자랐어요"), Reason.NEVER_ENOUGH: _l("몫을 모두 모아도 모자랐어요"),
    Reason.WITHIN_REACH_UNTIL_ROUND: _l("몫이 먼저 다른 사업에 쓰였어요"),
}
"""For a column of a table and for filters."""


def of_project(count: Count, project: str, titles: TITLES, currency: str = "KRW", *, has_points: bool = False) -> str:
    """The sentence of this project; KeyError for one that the count does not know. `has_points`: voters gave points,
    which greedy rules add up."""
    ruling, has_points = verdict(count, project), has_points and count.rules.rule is Rule.GREEDY
    if isinstance(ruling, Funding):
        return why_funded(count, ruling, currency, has_points=has_points)
    if has_points and ruling.reason in _OF_POINTS:
        return str(_OF_POINTS[ruling.reason]) % {"points": _number(ruling.votes)}
    return why_not(ruling, titles, currency)


def why_not(verdict: NotSelected, titles: TITLES, currency: str = "KRW") -> str:
    """Reason why this project was not chosen; after a greedy fill, also how its turn there went."""
    return _REASONS[verdict.reason](verdict, titles, currency) + _turn_in_fill(verdict, titles, currency)


def why_funded(count: Count, funding: Funding, currency: str = "KRW", *, has_points: bool = False) -> str:
    """Reason why this project was chosen when it was."""
    if funding.stage is Stage.EQUAL_SHARES:
        return _by_shares(count, funding, currency)
    left = money(funding.left_before, currency)
    cost = money(funding.cost, currency)
    if funding.stage is Stage.FILL:
        return _("몫을 쓰고 남은 돈으로 더 고를 때 %(votes)s표로 %(rank)s 번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
                 votes=_number(funding.votes), rank=nth(funding.rank), left=left, cost=cost)
    if count.rules.rule is Rule.WEIGHTED:
        return _("%(score)s점(%(parts)s)으로 %(rank)s 번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
                 score=_number(points(funding.score, count.rules)), parts=score_parts(count, funding.project),
                 rank=nth(funding.rank), left=left, cost=cost)
    if has_points:
        return _("%(points)s점으로 %(rank)s 번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
                 points=_number(funding.votes), rank=nth(funding.rank), left=left, cost=cost)
    return _("%(votes)s표로 %(rank)s 번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
             votes=_number(funding.votes), rank=nth(funding.rank), left=left, cost=cost)


def score_parts(count: Count, project: str) -> str:
    """Points that each body adds to the score of this project: `주민 8.11점 + 위원회 45점`."""
    parts = part_points(count, project)
    names = {RESIDENTS: _("주민"), COMMITTEE: _("위원회")}
    return " + ".join(_("%(body)s %(points)s점", body=names[body], points=_number(part))
                      for body, part in parts.items() if count.rules.weights.get(body))


def of_tie(tie: Tie, titles: TITLES) -> str:
    """Projects that were equal, and what told them apart."""
    return _("%(projects)s: 서로 같아서 %(criteria)s부터 정했어요.", projects=_titles(tie.projects, titles),
             criteria=", ".join(str(CRITERIA[criterion]) for criterion in tie.decided_by))


def _by_shares(count: Count, funding: Funding, currency: str) -> str:
    if not funding.cost:
        return _("돈이 들지 않고 고른 사람이 %(votes)s명 있어서 먼저 선정했어요.", votes=_number(funding.votes))
    price = _about(shown(funding.payment_per_supporter, _places(currency)), currency)
    facts = {"votes": _number(funding.votes), "price": price, "cost": money(funding.cost, currency)}
    if count.rules.utility is Utility.CARDINALITY:
        return _("고른 %(votes)s명이 한 사람에 %(price)s씩, 그만큼 없으면 가진 몫을 모두 내서 사업비 %(cost)s만큼 모았고, "
                 "한 사람이 낼 돈이 그때 가장 적었어요.", **facts)
    return _("고른 %(votes)s명이 한 사람에 %(price)s씩, 그만큼 없으면 가진 몫을 모두 내서 사업비 %(cost)s만큼 모았고, "
             "실효 표 %(effective)s표가 그때 가장 많았어요.", effective=effective(funding.effective_votes), **facts)


def effective(votes: Fraction) -> str:
    """Effective votes to one decimal, cut off; whole ones without."""
    return _number(shown(votes, 1).value)


def _no_votes(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    return _("받은 표가 없어서 선정하지 않았어요.")


def _below_threshold(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    return _("%(votes)s표를 받아 선정에 필요한 %(threshold)s표에 못 미쳤어요.", votes=_number(verdict.votes),
             threshold=_number(Fraction(verdict.threshold)))


def _excluded(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    return _("함께 할 수 없는 %(winner)s 사업이 먼저 선정되어 선정하지 않았어요.", winner=_title(verdict.by, titles))


def _stopped(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    return _("%(rank)s 번째 차례였지만, 그 앞 %(by_rank)s 번째 차례인 %(other)s 사업이 남은 돈보다 비싸서 거기에서 멈췄어요.",
             rank=nth(verdict.rank), by_rank=nth(verdict.by_rank), other=_title(verdict.by, titles))


def _did_not_fit(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    return _("%(rank)s 번째 차례에 남은 돈이 %(had)s뿐이어서 사업비 %(cost)s에 %(missing)s 모자랐어요.",
             rank=nth(verdict.rank), **_shortfall(verdict.left, verdict.cost, currency))


def _never_enough(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    return _("고른 %(votes)s명의 몫을 처음부터 모두 모아도 %(had)s뿐이어서 사업비 %(cost)s에 %(missing)s 모자랐어요.",
             votes=_number(verdict.votes), **_shortfall(verdict.held_at_start, verdict.cost, currency))


def _within_reach(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    named, more = main_spending(verdict.spent_on)
    taken = _titles(named, titles)
    if more:
        taken = _("%(titles)s, 그 밖의 사업 %(more)s개", titles=taken, more=more)
    return _("%(round)s 번째 차례까지는 선정될 수 있었지만, 고른 사람들의 몫이 %(taken)s에 쓰여 %(had)s만 남았고 "
             "사업비 %(cost)s에 %(missing)s 모자랐어요.",
             round=nth(verdict.round), taken=taken, **_shortfall(verdict.left, verdict.cost, currency))


_REASONS: Mapping[Reason, Callable[[NotSelected, TITLES, str], str]] = {
    Reason.NO_VOTES: _no_votes, Reason.BELOW_THRESHOLD: _below_threshold, Reason.EXCLUDED: _excluded,
    Reason.STOPPED: _stopped, Reason.DID_NOT_FIT: _did_not_fit, Reason.NEVER_ENOUGH: _never_enough,
    Reason.WITHIN_REACH_UNTIL_ROUND: _within_reach,
}


_OF_POINTS = {Reason.NO_VOTES: _l("받은 점수가 없어서 선정하지 않았어요."),
              Reason.BELOW_THRESHOLD: _l("받은 점수가 선정에 필요한 점수에 못 미쳤어요(%(points)s점).")}


def _turn_in_fill(verdict: NotSelected, titles: TITLES, currency: str) -> str:
    if verdict.fill_rank is None or verdict.reason is Reason.EXCLUDED:
        return ""
    if verdict.fill_stopped_by is not None:
        return " " + _("남은 돈으로 더 고를 때에는 %(other)s 사업이 남은 돈보다 비싸서 차례가 오기 전에 멈췄어요.",
                       other=_title(verdict.fill_stopped_by, titles))
    return " " + _("남은 돈으로 더 고를 때에는 %(rank)s 번째 차례에 %(left)s뿐이었어요.", rank=nth(verdict.fill_rank),
                   left=money(verdict.fill_left, currency))


def _shortfall(had: Fraction, cost: Fraction, currency: str) -> dict[str, str]:
    amounts = shortfall(had, cost, _places(currency))
    return {"had": _about(amounts.had, currency), "cost": money(cost, currency),
            "missing": money(amounts.missing, currency)}


def _about(amount: ShownAmount, currency: str) -> str:
    told = money(amount.value, currency)
    return told if amount.is_exact else _("약 %(amount)s", amount=told)


def _places(currency: str) -> int:
    """Decimals that an amount is told with; the currencies of the elections from elsewhere have hundredths."""
    return 0 if currency in WON else 2


def _number(value: Fraction) -> str:
    """`1,342`, `61.25`; votes are whole, points need not be."""
    if value.denominator == 1:
        return f"{int(value):,}"
    return f"{float(value):,.2f}".rstrip("0")


def _title(project: str, titles: TITLES) -> str:
    return _("‘%(title)s’", title=titles.get(project, project))


def _titles(projects: tuple[str, ...], titles: TITLES) -> str:
    return ", ".join(_title(project, titles) for project in projects)


ALONE = {RESIDENTS: _l("주민만"), COMMITTEE: _l("위원회만")}
_IF = {RESIDENTS: _l("주민만 세었다면"), COMMITTEE: _l("위원회만 세었다면")}
_LIKENESS = ((Fraction(9, 10), _l("거의 같아요")), (Fraction(7, 10), _l("많이 비슷해요")), (Fraction(4, 10), _l("조금 비슷해요")),
             (Fraction(-1), _l("많이 달라요")))
"""From which correlation on the order is how alike."""
_HEAVIER = {RESIDENTS: _l("주민 투표가 결과를 훨씬 더 많이 정해요. 위원회의 추천으로는 차례가 잘 바뀌지 않아요."),
            COMMITTEE: _l("위원회의 추천이 결과를 훨씬 더 많이 정해요. 주민의 표로는 차례가 잘 바뀌지 않아요.")}
_FREER = {
    RESIDENTS: {Share.MARKS: _l("주민은 위원보다 사업을 더 많이 고를 수 있어요. 준 표 전체로 나누어서, 많이 고른다고 더 무거워지지는 않아요."),
                Share.BALLOTS: _l("주민은 위원보다 사업을 더 많이 고를 수 있어요. 사람 수로 나누어서, 그만큼 주민 쪽이 더 무거워져요.")},
    COMMITTEE: {Share.MARKS: _l("위원은 주민보다 사업을 더 많이 고를 수 있어요. 준 표 전체로 나누어서, 많이 고른다고 더 무거워지지는 않아요."),
                Share.BALLOTS: _l("위원은 주민보다 사업을 더 많이 고를 수 있어요. 사람 수로 나누어서, 그만큼 위원회 쪽이 더 무거워져요.")}}


def sentences(weighing: Weighing) -> list[str]:
    """One for each body alone."""
    return [_alone(weighing, body) for body in BODIES] if weighing.both else []


def warnings(weighing: Weighing) -> list[str]:
    """Warnings that one body decides more, or may choose more."""
    sentences = [_HEAVIER[weighing.heavier]] if weighing.heavier else []
    return list(map(str, sentences + ([_FREER[weighing.freer][weighing.share]] if weighing.freer else [])))


def _alone(weighing: Weighing, body: str) -> str:
    kept = _("%(if_alone)s: 함께 세어 뽑힌 사업 %(both)s개 가운데 %(kept)s개가 똑같이 뽑혀요.", if_alone=_IF[body],
             both=len(weighing.both.selected), kept=weighing.kept(body))
    return f"{kept} {_order(weighing.correlations[body])}"


def _order(correlation: Fraction | None) -> str:
    if correlation is None:
        return _("차례는 견줄 수 없어요.")
    likeness = next(word for least, word in _LIKENESS if correlation >= least)
    return _("차례는 함께 셀 때와 %(likeness)s(%(number)s).", likeness=likeness, number=f"{float(correlation):.2f}")


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


BINDS_NOBODY = _l("투표한 사람이 정해 둔 수보다 적어서 그대로 따르지 않아도 되는 결과예요.")


class Said:
    """A count in the words of the journeys of its projects."""

    def __init__(self, envelope: str, count: Count, ballots: int, *, binds: bool = True) -> None:
        self.envelope, self.count, self.ballots, self.binds = envelope, count, ballots, binds
        self.selected = frozenset(count.selected)

    @cached_property
    def places(self) -> dict[str, int]:
        """Code → as how manieth it was funded, from 1."""
        return {code: place for place, code in enumerate(self.count.selected, start=1)}

    @cached_property
    def _votes(self) -> dict[str, int]:
        return {verdict.project: int(verdict.votes) for verdict in (*self.count.rounds, *self.count.not_selected)}

    @cached_property
    def _reasons(self) -> dict[str, Reason]:
        return {verdict.project: verdict.reason for verdict in self.count.not_selected}

    def evidence(self, code: str) -> str:
        """In Korean whatever language the page of the official is in: everybody reads it."""
        with speaking(Language.KO):
            votes = _("%(voters)s명 가운데 %(votes)s명이 골랐어요.", voters=f"{self.ballots:,}",
                      votes=f"{self._votes[code]:,}")
            if place := self.places.get(code):
                sentence = _("%(envelope)s에서 %(place)s 번째로 뽑혔어요.", envelope=self.envelope, place=nth(place))
            else:
                sentence = f"{self.envelope}: {SHORT[self._reasons[code]]}."
            return f"{sentence} {votes} {'' if self.binds else BINDS_NOBODY}".strip()


class SaidOfFew:
    """The same of a vote with so few ballots that only what won is told, in no order."""

    places: Mapping[str, int] = MappingProxyType({})

    def __init__(self, envelope: str, selected: Sequence[str], *, is_void: bool = False, binds: bool = True) -> None:
        self.envelope, self.selected, self.is_void, self.binds = envelope, frozenset(selected), is_void, binds

    def evidence(self, code: str) -> str:
        with speaking(Language.KO):
            if self.is_void:
                return _("%(envelope)s에 투표한 사람이 정해 둔 수보다 적어서 아무것도 정하지 않았어요.", envelope=self.envelope)
            sentence = _("%(envelope)s에서 뽑혔어요. 투표한 사람이 적어서 표 수는 공개하지 않아요.", envelope=self.envelope
                         ) if code in self.selected else _(
                "%(envelope)s에서 뽑히지 않았어요. 투표한 사람이 적어서 표 수는 공개하지 않아요.", envelope=self.envelope)
            return f"{sentence} {'' if self.binds else BINDS_NOBODY}".strip()


def said_of(envelope: str, quorum: Mapping | None, result: Mapping) -> Said | SaidOfFew:
    """By the signed result of an envelope with this quorum."""
    outcome = result["outcome"]
    reached = bool(outcome.get("quorum", 1))
    if "count" not in outcome:
        return SaidOfFew(envelope, outcome["selected"], is_void=is_void(quorum, reached), binds=reached)
    return Said(envelope, Count.from_json(outcome["count"]), result["ballots"], binds=reached)


def sentence(count: Count, code: str, titles: Mapping[str, str], *, is_hidden: bool) -> str:
    """Reason why a project was chosen or not, with its numbers; without them where they would tell what a few people
    chose."""
    if not is_hidden:
        return of_project(count, code, titles)
    ruling = verdict(count, code)
    votes = _("고른 사람이 %(votes)s명뿐이어서, 그 몫이 어디에 쓰였는지는 밝히지 않아요.", votes=int(ruling.votes))
    if isinstance(ruling, Funding):
        return _("고른 사람들이 몫을 모아 선정했어요.") + " " + votes
    return f"{SHORT[ruling.reason]}. {votes}"


def measure(count: Count, verdict: Funding | NotSelected) -> tuple[str, str]:
    """Measure by which the rule ordered a project: its name and its figure."""
    if count.rules.rule is Rule.WEIGHTED:
        return _("점수"), _points(verdict.score, count.rules) if verdict.score is not None else "-"
    if isinstance(verdict, Funding) and verdict.effective_votes is not None:
        return _("실효 표"), effective(verdict.effective_votes)
    return _("득표"), f"{int(verdict.votes):,}"


def share(amount: Fraction) -> str:
    """Won of a share, cut off like in the sentences."""
    told = shown(amount)
    return money(told.value) if told.is_exact else _("약 %(amount)s", amount=money(told.value))


def score(count: Count, turn: Turn) -> str:
    """By what the list was ordered, at this turn."""
    return _points(turn.score, count.rules) if turn.score is not None else f"{int(turn.votes):,}"


def points_in_parts(count: Count, verdict: Funding | NotSelected) -> str:
    """`53.11점 (주민 8.11점 + 위원회 45점)`."""
    if verdict.score is None:
        return score_parts(count, verdict.project)
    return _("%(points)s점 (%(parts)s)", points=_points(verdict.score, count.rules),
             parts=score_parts(count, verdict.project))


def _points(score: Fraction, rules: CountingRules) -> str:
    return f"{float(points(score, rules)):,.2f}"


WRONG = {
    Wrong.AMOUNT: _l("줄여서 확정한 돈을 0원보다 많고 사업비보다 적게 적어 주세요."),
    Wrong.REASON: _l("돈이 줄거나 빠진 이유를 적어 주세요. 제안한 사람과 주민이 읽어요."),
    Wrong.TOO_LONG: _l("이유가 너무 길어요. %(most)s자까지 적을 수 있어요.", most=f"{MOST_REASON:,}"),
}


def evidence(decision: CouncilDecision, cost: int, amount: int, reason: str) -> str:
    """For everybody's reading, in Korean whatever language the page of the official is in."""
    with speaking(Language.KO):
        sentence = {
            CouncilDecision.CONFIRMED: _("구의회가 %(amount)s을 그대로 확정했어요.", amount=won(amount)),
            CouncilDecision.CUT: _("구의회가 %(cost)s을 %(amount)s으로 줄여 확정했어요.", cost=won(cost), amount=won(amount)),
            CouncilDecision.DROPPED: _("구의회가 예산에서 뺐어요."),
        }[decision]
    return f"{sentence} {reason}".strip()


PROJECTS = (_l("사업 번호"), _l("사업"), _l("배정 예산"), _l("동"), _l("사업 종류"), _l("고르는 묶음"), _l("상태"),
            _l("사업비(원)"), _l("처음 낸 사업비(원)"), _l("부서"), _l("곳"), _l("규모"), _l("내용"), _l("제안 번호"),
            _l("합쳐진 사업"), _l("낸 때"))
OUTCOMES = (_l("배정 예산"), _l("차례"), _l("사업 번호"), _l("사업"), _l("동"), _l("사업비(원)"), _l("득표"),
            _l("위원회 추천"), _l("왜 안 뽑혔나"), _l("상태"), _l("확정한 돈(원)"), _l("구의회가 바꾼 이유"))

"""For each project one sentence, with its numbers: why it was chosen, or why not."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from civic_forum.platform.i18n import _, _l

from ..counting.outcome import Count, Criterion, Funding, NotSelected, Reason, Stage, Tie
from ..counting.settings import COMMITTEE, RESIDENTS, Rule, Utility
from ..rules.explaining import ShownAmount, main_spending, part_points, points, shortfall, shown, verdict
from .money import WON, money

TITLES = Mapping[str, str]
"""Project id → its title, as the page shows it."""

CRITERIA = {
    Criterion.COST: _l("비용이 낮은 사업"),
    Criterion.VOTES: _l("표가 많은 사업"),
    Criterion.ID: _l("번호가 앞선 사업"),
    Criterion.LOT: _l("추첨에서 앞선 사업"),
}

SHORT = {
    Reason.NO_VOTES: _l("받은 표가 없어요"),
    Reason.BELOW_THRESHOLD: _l("최소 표에 못 미쳤어요"),
    Reason.EXCLUDED: _l("함께 할 수 없는 사업이 선정됐어요"),
    Reason.STOPPED: _l("차례가 오기 전에 멈췄어요"),
    Reason.DID_NOT_FIT: _l("차례에 남은 돈이 모자랐어요"),
    Reason.NEVER_ENOUGH: _l("몫을 모두 모아도 모자랐어요"),
    Reason.WITHIN_REACH_UNTIL_ROUND: _l("몫이 먼저 다른 사업에 쓰였어요"),
}
"""For a column of a table and for filters."""


def of_project(count: Count, project: str, titles: TITLES, currency: str = "KRW") -> str:
    """The sentence of this project; KeyError for one that the count does not know."""
    found = verdict(count, project)
    if isinstance(found, Funding):
        return why_funded(count, found, currency)
    return why_not(found, titles, currency)


def why_not(one: NotSelected, titles: TITLES, currency: str = "KRW") -> str:
    """Reason why this project was not chosen; after a greedy fill, also how its turn there went."""
    return _REASONS[one.reason](one, titles, currency) + _turn_in_fill(one, titles, currency)


def why_funded(count: Count, one: Funding, currency: str = "KRW") -> str:
    """Reason why this project was chosen when it was."""
    if one.stage is Stage.EQUAL_SHARES:
        return _by_shares(count, one, currency)
    left = money(one.left_before, currency)
    cost = money(one.cost, currency)
    if one.stage is Stage.FILL:
        return _("몫을 쓰고 남은 돈으로 더 고를 때 %(votes)s표로 %(rank)s번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
                 votes=_number(one.votes), rank=one.rank, left=left, cost=cost)
    if count.rules.rule is Rule.WEIGHTED:
        return _("%(score)s점(%(parts)s)으로 %(rank)s번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
                 score=_number(points(one.score, count.rules)), parts=score_parts(count, one.project),
                 rank=one.rank, left=left, cost=cost)
    return _("%(votes)s표로 %(rank)s번째 차례였고, 그때 남은 돈 %(left)s에서 사업비 %(cost)s만큼 쓸 수 있었어요.",
             votes=_number(one.votes), rank=one.rank, left=left, cost=cost)


def score_parts(count: Count, project: str) -> str:
    """Points that each body adds to the score of this project: `주민 8.11점 + 위원회 45점`."""
    parts = part_points(count, project)
    names = {RESIDENTS: _("주민"), COMMITTEE: _("위원회")}
    return " + ".join(_("%(body)s %(points)s점", body=names[body], points=_number(part))
                      for body, part in parts.items() if count.rules.weights.get(body))


def of_tie(tie: Tie, titles: TITLES) -> str:
    """Projects that were equal, and what told them apart."""
    return _("%(projects)s: 서로 같아서 %(criteria)s부터 정했어요.", projects=_titles(tie.projects, titles),
             criteria=", ".join(str(CRITERIA[one]) for one in tie.decided_by))


def _by_shares(count: Count, one: Funding, currency: str) -> str:
    if not one.cost:
        return _("돈이 들지 않고 고른 사람이 %(votes)s명 있어서 먼저 선정했어요.", votes=_number(one.votes))
    price = _about(shown(one.payment_per_supporter, _places(currency)), currency)
    facts = {"votes": _number(one.votes), "price": price, "cost": money(one.cost, currency)}
    if count.rules.utility is Utility.CARDINALITY:
        return _("고른 %(votes)s명이 한 사람에 %(price)s씩, 그만큼 없으면 가진 몫을 모두 내서 사업비 %(cost)s만큼 모았고, "
                 "한 사람이 낼 돈이 그때 가장 적었어요.", **facts)
    return _("고른 %(votes)s명이 한 사람에 %(price)s씩, 그만큼 없으면 가진 몫을 모두 내서 사업비 %(cost)s만큼 모았고, "
             "실효 표 %(effective)s표가 그때 가장 많았어요.", effective=effective(one.effective_votes), **facts)


def effective(votes: Fraction) -> str:
    """Effective votes to one decimal, cut off; whole ones without."""
    return _number(shown(votes, 1).value)


def _no_votes(one: NotSelected, titles: TITLES, currency: str) -> str:
    return _("받은 표가 없어서 선정하지 않았어요.")


def _below_threshold(one: NotSelected, titles: TITLES, currency: str) -> str:
    return _("%(votes)s표를 받아 선정에 필요한 %(threshold)s표에 못 미쳤어요.", votes=_number(one.votes),
             threshold=_number(Fraction(one.threshold)))


def _excluded(one: NotSelected, titles: TITLES, currency: str) -> str:
    return _("함께 할 수 없는 %(winner)s 사업이 먼저 선정되어 선정하지 않았어요.", winner=_title(one.by, titles))


def _stopped(one: NotSelected, titles: TITLES, currency: str) -> str:
    return _("%(rank)s번째 차례였지만, 그 앞 %(by_rank)s번째 차례인 %(other)s 사업이 남은 돈보다 비싸서 거기에서 멈췄어요.",
             rank=one.rank, by_rank=one.by_rank, other=_title(one.by, titles))


def _did_not_fit(one: NotSelected, titles: TITLES, currency: str) -> str:
    return _("%(rank)s번째 차례에 남은 돈이 %(had)s뿐이어서 사업비 %(cost)s에 %(missing)s 모자랐어요.",
             rank=one.rank, **_shortfall(one.left, one.cost, currency))


def _never_enough(one: NotSelected, titles: TITLES, currency: str) -> str:
    return _("고른 %(votes)s명의 몫을 처음부터 모두 모아도 %(had)s뿐이어서 사업비 %(cost)s에 %(missing)s 모자랐어요.",
             votes=_number(one.votes), **_shortfall(one.held_at_start, one.cost, currency))


def _within_reach(one: NotSelected, titles: TITLES, currency: str) -> str:
    named, more = main_spending(one.spent_on)
    taken = _titles(named, titles)
    if more:
        taken = _("%(titles)s, 그 밖의 사업 %(more)s개", titles=taken, more=more)
    return _("%(round)s번째 차례까지는 선정될 수 있었지만, 고른 사람들의 몫이 %(taken)s에 쓰여 %(had)s만 남았고 "
             "사업비 %(cost)s에 %(missing)s 모자랐어요.",
             round=one.round, taken=taken, **_shortfall(one.left, one.cost, currency))


_REASONS: Mapping[Reason, Callable[[NotSelected, TITLES, str], str]] = {
    Reason.NO_VOTES: _no_votes,
    Reason.BELOW_THRESHOLD: _below_threshold,
    Reason.EXCLUDED: _excluded,
    Reason.STOPPED: _stopped,
    Reason.DID_NOT_FIT: _did_not_fit,
    Reason.NEVER_ENOUGH: _never_enough,
    Reason.WITHIN_REACH_UNTIL_ROUND: _within_reach,
}


def _turn_in_fill(one: NotSelected, titles: TITLES, currency: str) -> str:
    if one.fill_rank is None or one.reason is Reason.EXCLUDED:
        return ""
    if one.fill_stopped_by is not None:
        return " " + _("남은 돈으로 더 고를 때에는 %(other)s 사업이 남은 돈보다 비싸서 차례가 오기 전에 멈췄어요.",
                       other=_title(one.fill_stopped_by, titles))
    return " " + _("남은 돈으로 더 고를 때에는 %(rank)s번째 차례에 %(left)s뿐이었어요.", rank=one.fill_rank,
                   left=money(one.fill_left, currency))


def _shortfall(had: Fraction, cost: Fraction, currency: str) -> dict[str, str]:
    found = shortfall(had, cost, _places(currency))
    return {"had": _about(found.had, currency), "cost": money(cost, currency),
            "missing": money(found.missing, currency)}


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

"""The rules of a count in plain sentences, as the page of a round tells them before anybody votes."""

from collections.abc import Iterable

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.platform.i18n import _, won

from ..counting.settings import COMMITTEE, Completion, CountingRules, Order, RESIDENTS, Rule, Share, Utility
from ..labels import DRAW


def sentences(rules: CountingRules, draw: DrawKind) -> list[str]:
    """Steps of the count in their order; the least votes stand with each envelope."""
    if rules.rule is Rule.EQUAL_SHARES:
        told = list(_equal_shares(rules))
    else:
        told = [_weights(rules) if rules.rule is Rule.WEIGHTED else _by_votes(rules), _fit(rules)]
    return [*told, _("똑같으면 비용이 적은 사업, 표가 많은 사업이 먼저예요. 그래도 똑같으면 추첨으로 정해요: %(draw)s.", draw=DRAW[draw])]


def own_sentences(envelope) -> list[str]:
    """Of an envelope with rules of its own; [] where it is counted as the round is."""
    return sentences(CountingRules.from_json(envelope.counting), envelope.round.draw) if envelope.counting else []


def told_apart(envelopes: Iterable) -> list[tuple[object, list[str]]]:
    """Those with rules of their own, each with its sentences."""
    return [(envelope, told) for envelope in envelopes if (told := own_sentences(envelope))]


def gist(rules: CountingRules, name: str) -> str:
    """One or two sentences on one of the other rules beside a result; `name`: as the outcome names it."""
    if name == RESIDENTS:
        return _("주민의 표만 세고 위원회의 추천은 세지 않아요. 표를 많이 받은 사업부터 담아요.")
    if name == COMMITTEE:
        return _("위원회의 추천만 세고 주민의 표는 세지 않아요.")
    if rules.rule is Rule.WEIGHTED:
        return _divided(rules)
    return next(iter(_equal_shares(rules))) if rules.rule is Rule.EQUAL_SHARES else _by_votes(rules)


def _by_votes(rules: CountingRules) -> str:
    if rules.order is Order.VOTES_PER_COST:
        return _("표를 비용으로 나눈 값이 큰 사업부터 차례로 담아요.")
    return _("표를 많이 받은 사업부터 차례로 담아요.")


def _weights(rules: CountingRules) -> str:
    whole = sum(rules.weights.values())
    residents, committee = (100 * rules.weights.get(body, 0) / whole for body in (RESIDENTS, COMMITTEE))
    told = _("주민 투표 %(residents)s%%와 참여예산위원회 %(committee)s%%를 더한 점수가 높은 사업부터 담아요.",
             residents=f"{float(residents):.10g}", committee=f"{float(committee):.10g}")
    return f"{told} {_divided(rules)}"


def _divided(rules: CountingRules) -> str:
    if rules.share is Share.MARKS:
        return _("주민의 표는 주민이 준 표 전체로, 위원의 추천은 위원이 한 추천 전체로 나눠요. " "그래서 더 많이 고를 수 있는 쪽이 더 무겁지 않아요.")
    return _("주민의 표는 투표한 사람 수로, 위원의 추천은 위원 수로 나눠요. " "그래서 더 많이 고를 수 있는 쪽이 더 무거워요.")


def _fit(rules: CountingRules) -> str:
    if rules.skips:
        return _("남은 돈보다 비싼 사업은 건너뛰고 다음 사업을 봐요.")
    return _("남은 돈보다 비싼 사업이 나오면 거기에서 멈춰요.")


def _equal_shares(rules: CountingRules) -> Iterable[str]:
    yield _("돈을 투표한 사람 수대로 똑같이 나누고, 고른 사람들이 자기 몫을 모아 사업비를 낼 수 있는 사업을 담아요.")
    if rules.utility is Utility.COST:
        yield _("사업비 1원에 가장 적은 몫을 내도 되는 사업부터 담아요.")
    else:
        yield _("한 사람이 가장 적은 몫을 내도 되는 사업부터 담아요.")
    if rules.completion is not Completion.NONE:
        yield _("돈이 남으면 한 사람의 몫을 %(step)s씩 늘려서 다시 세요. 쓸 수 있는 돈은 그대로예요.",
                step=won(int(rules.step)) if rules.step.denominator == 1 else str(rules.step))
    if rules.completion is Completion.ADD1:
        yield _("고른 사람이 있는 사업을 더 담을 수 없게 되면 멈추고, 돈을 넘게 되면 그 바로 앞의 결과로 정해요.")
    elif rules.completion is Completion.ADD1_UNTIL_INFEASIBLE:
        yield _("담은 사업이 돈을 넘을 때까지 늘리고, 그 바로 앞의 결과로 정해요.")
    if rules.fill_greedy:
        yield _("그래도 남은 돈은 표를 많이 받은 사업부터 담아요.")

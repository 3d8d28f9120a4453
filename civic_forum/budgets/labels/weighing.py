"""A trial count of each body alone, in plain sentences."""

from fractions import Fraction

from civic_forum.platform.i18n import _, _l

from ..counting.settings import BODIES, COMMITTEE, RESIDENTS, Share
from ..counting.weighing import Weighing

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
    found = [_HEAVIER[weighing.heavier]] if weighing.heavier else []
    return list(map(str, found + ([_FREER[weighing.freer][weighing.share]] if weighing.freer else [])))


def _alone(weighing: Weighing, body: str) -> str:
    kept = _("%(if_alone)s: 함께 세어 뽑힌 사업 %(both)s개 가운데 %(kept)s개가 똑같이 뽑혀요.", if_alone=_IF[body],
             both=len(weighing.both.selected), kept=weighing.kept(body))
    return f"{kept} {_order(weighing.correlations[body])}"


def _order(correlation: Fraction | None) -> str:
    if correlation is None:
        return _("차례는 견줄 수 없어요.")
    likeness = next(word for least, word in _LIKENESS if correlation >= least)
    return _("차례는 함께 셀 때와 %(likeness)s(%(number)s).", likeness=likeness, number=f"{float(correlation):.2f}")

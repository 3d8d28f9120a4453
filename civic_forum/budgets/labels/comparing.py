"""Labels of the compared rules, short enough to stand over a column."""

from civic_forum.platform.i18n import _l

COMPARED = {
    "own": _l("투표함에 적어 둔 방식"),
    "greedy": _l("득표순"),
    "greedy-per-cost": _l("비용 대비 득표순"),
    "shares": _l("균등 몫"),
    "shares-add1": _l("균등 몫, 몫 늘리기"),
    "shares-add1-greedy": _l("균등 몫, 몫 늘리고 득표순으로 채우기"),
    "shares-add1-until-infeasible": _l("균등 몫, 예산을 넘기 전까지 늘리기"),
    "cardinality-add1-greedy": _l("균등 몫(사업 수 기준), 몫 늘리고 득표순으로 채우기"),
    "weighted-marks": _l("주민과 위원회 반씩, 준 표 전체로 나누기"),
    "weighted-ballots": _l("주민과 위원회 반씩, 사람 수로 나누기"),
}

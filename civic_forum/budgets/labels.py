"""Labels of phases, states, verdicts and rules, of what a round misses, and money of any place."""

from fractions import Fraction

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.platform.i18n import _, _l, won

from .counting.outcome import text
from .counting.settings import Completion, Order, Rule, Share, Utility
from .rules import BadCalendar, CouncilDecision, Finding, Missing, Phase, ProjectState, Verdict
from .voting.rules import BallotFault

PHASE = {
    Phase.COLLECTING: _l("제안 받기"), Phase.REVIEW: _l("적격성 검토"), Phase.ADJUSTING: _l("함께 다듬기"),
    Phase.COMMITTEE: _l("위원회 심사"), Phase.VOTING: _l("주민 투표"), Phase.CHOSEN: _l("선정"),
    Phase.COUNCIL: _l("구의회 심의"), Phase.IN_BUDGET: _l("예산 확정"), Phase.CARRIED_OUT: _l("실행"),
}
STATE = {
    ProjectState.HANDED_IN: _l("접수"), ProjectState.IN_REVIEW: _l("적격성 검토 중"),
    ProjectState.ELIGIBLE: _l("적격"), ProjectState.ELIGIBLE_IF: _l("조건부 적격"),
    ProjectState.NOT_ELIGIBLE: _l("부적격"), ProjectState.MERGED: _l("합쳐짐"), ProjectState.WITHDRAWN: _l("거둠"),
    ProjectState.ON_BALLOT: _l("투표 대상"), ProjectState.CHOSEN: _l("선정"),
    ProjectState.NOT_CHOSEN: _l("선정되지 않음"), ProjectState.IN_BUDGET: _l("예산에 담음"),
    ProjectState.DROPPED: _l("예산에서 빠짐"), ProjectState.IN_PROGRESS: _l("실행 중"), ProjectState.DONE: _l("완료"),
}
USUAL = frozenset((ProjectState.ON_BALLOT, ProjectState.CHOSEN))
"""States that go without saying: marks are for exceptions."""
STATE_TONE = {
    ProjectState.HANDED_IN: "gray", ProjectState.IN_REVIEW: "information", ProjectState.ELIGIBLE: "primary",
    ProjectState.ELIGIBLE_IF: "warning", ProjectState.NOT_ELIGIBLE: "danger", ProjectState.MERGED: "gray",
    ProjectState.WITHDRAWN: "gray", ProjectState.ON_BALLOT: "primary", ProjectState.CHOSEN: "success",
    ProjectState.NOT_CHOSEN: "gray", ProjectState.IN_BUDGET: "success", ProjectState.DROPPED: "warning",
    ProjectState.IN_PROGRESS: "information", ProjectState.DONE: "success",
}
VERDICT = {Verdict.ELIGIBLE: _l("적격"), Verdict.ELIGIBLE_IF: _l("조건부 적격"), Verdict.NOT_ELIGIBLE: _l("부적격")}
FINDING = {Finding.FINE: _l("문제없어요"), Finding.WITH_CONDITIONS: _l("조건이 있어요"), Finding.NOT_POSSIBLE: _l("할 수 없어요")}
COUNCIL = {CouncilDecision.CONFIRMED: _l("그대로 확정"), CouncilDecision.CUT: _l("줄여서 확정"),
           CouncilDecision.DROPPED: _l("예산에서 뺌")}
DRAW = {DrawKind.LOTTERY: _l("투표가 끝나고 24시간이 지난 뒤에 처음 하는 로또 6/45 추첨"),
        DrawKind.DICE: _l("투표가 끝난 뒤에 참관인 앞에서 던지는 주사위 20개")}


MISSING = {
    Missing.ENVELOPES: _l("배정 예산을 하나 이상 넣어 주세요."),
    Missing.PHASES: _l("일정을 적어 주세요. 단계는 차례대로 이어져야 해요."),
    Missing.VOTING: _l("주민 투표를 언제 하는지 적어 주세요."),
    Missing.COUNTING: _l("셈 방법을 정해 주세요. 투표를 열면 바꿀 수 없어요."),
    Missing.BINDING: _l("결과를 어떻게 반영하는지(반영 방식) 적어 주세요. 이 문장이 없으면 투표를 열 수 없어요."),
    Missing.ROLL_DAY: _l("명부를 정하는 날을 적어 주세요. 투표를 시작하기 전이어야 해요."),
    Missing.RESIDENTS: _l("배정 예산마다 주민 수를 적어 주세요. 최소 참여 기준이 주민 수의 천분율(‰)이에요."),
    Missing.COMMITTEE: _l("위원회 심사를 확정해 주세요. 주민 투표와 함께 세요."),
    Missing.COMMITTEE_TOO_SMALL: _l("표를 낸 위원이 3명보다 적으면 위원회 심사를 세지 않아요. 누가 무엇을 권했는지 드러나기 때문이에요. "
                                    "심사를 거두고 3명 이상의 심사로 다시 확정해 주세요."),
    Missing.PROJECTS: _l("투표에 올릴 수 있는 사업(적격, 조건부 적격)이 아직 없어요."),
}
MISSING_PART = {
    Missing.ENVELOPES: "money", Missing.PHASES: "phases", Missing.VOTING: "phases", Missing.COUNTING: "counting",
    Missing.BINDING: "terms", Missing.ROLL_DAY: "electorate", Missing.RESIDENTS: "money",
    Missing.COMMITTEE: "committee", Missing.COMMITTEE_TOO_SMALL: "committee",
    Missing.PROJECTS: "/desk/reviews?show=unassigned",
}
"""On which page of the desk each is put right: below the round's own, or a whole address."""
UNFIT = {
    BallotFault.TOO_FEW: _l("투표에 올릴 사업이 두 개 이상 있어야 해요."),
    BallotFault.TOO_MANY: _l("한 투표지에 올릴 수 있는 것보다 사업이 많아요. 배정 예산을 나누거나 사업을 합쳐 주세요."),
    BallotFault.LIMIT: _l("고를 수 있는 수가 사업 수보다 많아요."),
    BallotFault.UNGROUPED: _l("어느 묶음에도 들지 않은 사업이 있어요."),
    BallotFault.GROUP_TOO_SMALL: _l("묶음에 든 사업이 그 묶음에서 고를 수보다 적어요."),
    BallotFault.GROUPS_AND_LIMIT: _l("묶음마다 고르는 수를 더한 것과 모두 고를 수 있는 수가 맞지 않아요."),
    BallotFault.MONEY: _l("배정 예산 안에서는 정한 수만큼 고를 수 없어요."),
    BallotFault.COSTS: _l("배정 예산보다 비싼 사업이 있어요."),
    BallotFault.EXCLUSION: _l("하나만 뽑는 묶음에 투표에 오를 사업이 두 개보다 적어요."),
    BallotFault.COMMITTEE: _l("위원회 표가 없는 사업이 있어요. 위원회 심사를 다시 확정해 주세요."),
}
UNFIT_PART = {BallotFault.EXCLUSION: "exclusions", BallotFault.COMMITTEE: "committee"}
"""On which page it is put right; the envelope's own where none is said."""
BAD_CALENDAR = {
    BadCalendar.TWICE: _l("같은 단계가 두 번 있어요."),
    BadCalendar.BACKWARDS: _l("끝나는 때는 시작하는 때보다 뒤여야 해요."),
    BadCalendar.OUT_OF_ORDER: _l("앞 단계보다 늦게 시작해야 해요."),
    BadCalendar.OVERLAP: _l("앞 단계가 끝나기 전에 시작할 수 없어요."),
    BadCalendar.VOTING_HAS_NO_END: _l("주민 투표를 마감하는 때를 적어 주세요."),
    BadCalendar.VOTING_TOO_SHORT: _l("마감은 시작하고 적어도 한 시간 뒤여야 해요."),
    BadCalendar.VOTING_TOO_LONG: _l("투표 기간은 60일을 넘을 수 없어요."),
    BadCalendar.PAPER_BEFORE_CLOSE: _l("종이 투표지를 받는 마지막 때는 마감보다 빠를 수 없어요."),
}
AT_THE_END = frozenset((BadCalendar.BACKWARDS, BadCalendar.VOTING_HAS_NO_END, BadCalendar.VOTING_TOO_SHORT,
                        BadCalendar.VOTING_TOO_LONG))
"""What is said at the end of the phase; the others at its beginning."""
RULE = {
    Rule.GREEDY: _l("많은 표 차례: 표를 많이 받은 사업부터 담아요"),
    Rule.WEIGHTED: _l("주민과 위원회 함께: 두 점수를 정한 비중으로 더한 차례로 담아요"),
    Rule.EQUAL_SHARES: _l("균등 몫: 돈을 사람마다 똑같이 나누고, 고른 사람들이 모아서 담아요"),
}
COUNTING_ORDER = {Order.VOTES: _l("표가 많은 사업부터"), Order.VOTES_PER_COST: _l("비용에 견주어 표가 많은 사업부터")}
GOES_ON = {"skip": _l("건너뛰고 다음 사업을 봐요"), "stop": _l("거기에서 멈춰요")}
SHARE = {
    Share.MARKS: _l("준 표 전체로 나눠요: 주민이 5개씩, 위원이 20개씩 골라도 정한 비중 그대로예요"),
    Share.BALLOTS: _l("투표한 사람 수로 나눠요: 더 많이 고를 수 있는 쪽이 정한 비중보다 무거워져요"),
}
UTILITY = {Utility.COST: _l("돈: 사업비가 큰 사업은 그만큼 값지다고 봐요"), Utility.CARDINALITY: _l("사업 수: 어느 사업이나 하나로 봐요")}
COMPLETION = {
    Completion.NONE: _l("그대로 둬요"),
    Completion.ADD1: _l("몫을 조금씩 늘려 다시 세고, 더 담을 사업이 없으면 멈춰요"),
    Completion.ADD1_UNTIL_INFEASIBLE: _l("몫을 조금씩 늘려 다시 세고, 배정 예산을 넘기 바로 앞에서 멈춰요"),
}
FILL = {"none": _l("남겨 둬요"), "greedy": _l("표가 많은 사업부터 담아요")}


WON = ("", "KRW")


def money(amount: Fraction | int, currency: str = "KRW") -> str:
    """`1,200만 원`, `66.66원`, or `2,532,645.83 PLN`."""
    amount = Fraction(amount)
    if amount.denominator == 1 and currency in WON:
        return won(int(amount))
    whole, point, rest = text(amount).partition(".")
    written = f"{int(whole):,}{point}{rest}" if "/" not in whole else f"{float(amount):,.2f}"
    return _("%(amount)s원", amount=written) if currency in WON else f"{written} {currency}"

"""Labels of the council's decisions, in the words of the public journey, and of what is wrong with what was entered."""

from civic_forum.platform.i18n import Language, _, _l, speaking, won

from ..rules.council import MOST_REASON, Wrong
from ..rules.states import CouncilDecision

WRONG = {
    Wrong.AMOUNT: _l("줄여서 확정한 돈을 0원보다 많고 사업비보다 적게 적어 주세요."),
    Wrong.REASON: _l("돈이 줄거나 빠진 까닭을 적어 주세요. 제안한 사람과 주민이 읽어요."),
    Wrong.TOO_LONG: _l("까닭이 너무 길어요. %(most)s자까지 적을 수 있어요.", most=f"{MOST_REASON:,}"),
}


def evidence(decision: CouncilDecision, cost: int, amount: int, reason: str) -> str:
    """For everybody's reading, in Korean whatever language the page of the official is in."""
    with speaking(Language.KO):
        said = {
            CouncilDecision.CONFIRMED: _("구의회가 %(amount)s을 그대로 확정했어요.", amount=won(amount)),
            CouncilDecision.CUT: _("구의회가 %(cost)s을 %(amount)s으로 줄여 확정했어요.", cost=won(cost), amount=won(amount)),
            CouncilDecision.DROPPED: _("구의회가 예산에서 뺐어요."),
        }[decision]
    return f"{said} {reason}".strip()

"""Opinions of departments on projects, ready-made."""

from civic_forum.budgets.reviews.rules import Opinion
from civic_forum.budgets.rules import Finding, Verdict


def eligible(**facts) -> Opinion:
    """Everything is fine, and it costs 10,000,000 won in two parts."""
    return Opinion(**{
        "legal": Finding.FINE, "legal_text": "따로 허가가 필요하지 않아요.", "technical": Finding.FINE,
        "technical_text": "보도 폭이 넉넉해요.", "cost_parts": (("의자 세 개", 7_000_000), ("설치", 3_000_000)),
        "duration": "두 달", "running_cost": 200_000, "running_cost_text": "해마다 칠을 다시 해요.",
        "text": "올해 안에 할 수 있는 사업이에요.", "verdict": Verdict.ELIGIBLE} | facts)


def eligible_if(**facts) -> Opinion:
    return eligible(**{"verdict": Verdict.ELIGIBLE_IF, "legal": Finding.WITH_CONDITIONS,
                       "condition": "땅 주인이 동의한다는 글을 받아야 해요."} | facts)


def not_eligible(**facts) -> Opinion:
    return eligible(**{"verdict": Verdict.NOT_ELIGIBLE, "legal": Finding.NOT_POSSIBLE,
                       "reason": "사유지라서 구청이 시설을 놓을 수 없어요."} | facts)

"""Labels of reviews."""

from civic_forum.platform.i18n import _l

from .rules import Lack

LACK = {
    Lack.FINDING: _l("법과 규정, 기술을 살펴본 결과를 골라 주세요."),
    Lack.OPINION: _l("종합 의견을 10자 이상 적어 주세요. 주민이 그대로 읽어요."),
    Lack.VERDICT: _l("적격, 조건부 적격, 부적격 가운데 하나를 골라 주세요."),
    Lack.COST: _l("드는 돈을 한 줄 이상 나눠 적어 주세요."),
    Lack.CONDITION: _l("무엇이 갖춰져야 하는지 10자 이상 적어 주세요."),
    Lack.REASON: _l("왜 할 수 없는지 10자 이상 적어 주세요. 주민이 그대로 읽어요."),
    Lack.WHICH_REASON: _l("어느 제외 사유인지 골라 주세요."),
    Lack.AGAINST_ITSELF: _l("할 수 없다고 본 것이 있으면 적격이 될 수 없어요. 살펴본 결과를 다시 확인해 주세요."),
}

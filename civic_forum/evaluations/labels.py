"""Names of stages and of changes."""

from civic_forum.platform.i18n import _l

from .rules import ChangeKind, EvaluationStage

STAGE = {EvaluationStage.PREPARING: _l("준비 중"), EvaluationStage.GRADING: _l("점수 매기는 중"),
         EvaluationStage.CLOSED: _l("점수를 열 차례예요"), EvaluationStage.RELEASED: _l("마쳤어요")}
CHANGE = {ChangeKind.SLIP: _l("날을 미루기"), ChangeKind.MONEY: _l("돈을 바꾸기"), ChangeKind.STATUS: _l("상태를 바꾸기")}

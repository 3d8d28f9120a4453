"""Words for kinds, stages and states of calls and applications."""

from civic_forum.platform.i18n import _l

from .rules import Applicants, ApplicationState, CallKind, CallStage, Channel, ScoresShown, Step, WhyNot

KIND = {CallKind.GRANT: _l("지원 공모"), CallKind.LAB: _l("리빙랩"), CallKind.SEATS: _l("위원 모집"),
        CallKind.PARTICIPANTS: _l("참여자 모집"), CallKind.COURSE: _l("교육 모집"), CallKind.PRIZE: _l("포상")}
APPLICANTS = {Applicants.PERSON: _l("혼자"), Applicants.GROUP: _l("모임"), Applicants.BOTH: _l("혼자나 모임")}
SHOWN = {ScoresShown.NAMES: _l("심사한 사람 이름과 함께"), ScoresShown.JURORS: _l("이름 없이 사람마다"),
         ScoresShown.FEW: _l("이름 없이 사람마다, 심사위원이 적어도"),
         ScoresShown.MEAN: _l("평균만")}
STAGE = {CallStage.PREPARING: _l("준비하고 있어요"), CallStage.ANNOUNCED: _l("곧 열려요"), CallStage.OPEN: _l("신청받아요"),
         CallStage.REVIEW: _l("심사하고 있어요"), CallStage.DECIDED: _l("결과가 나왔어요")}
STATE = {ApplicationState.DRAFT: _l("쓰고 있어요"), ApplicationState.RECEIVED: _l("냈어요"),
         ApplicationState.WITHDRAWN: _l("거뒀어요"), ApplicationState.OUT: _l("심사에서 빠졌어요"),
         ApplicationState.CHOSEN: _l("뽑혔어요"), ApplicationState.RESERVE: _l("예비예요"),
         ApplicationState.NOT_CHOSEN: _l("이번에는 뽑히지 않았어요")}
CHANNEL = {Channel.ONLINE: _l("온라인"), Channel.DESK: _l("창구"), Channel.PAPER: _l("종이")}
STEP = {Step.COMPLETE: _l("서류"), Step.REVIEW: _l("부서 검토")}
WHY_NOT = {WhyNot.INCOMPLETE: _l("서류가 모자라요"), WhyNot.NOT_ELIGIBLE: _l("신청할 수 있는 사람이 아니에요"),
           WhyNot.TOO_FEW_POINTS: _l("가장 낮은 점수에 못 미쳤어요"), WhyNot.NO_PLACE: _l("자리가 다 찼어요"),
           WhyNot.NO_MONEY: _l("예산이 다 됐어요"), WhyNot.OTHER: _l("다른 이유")}

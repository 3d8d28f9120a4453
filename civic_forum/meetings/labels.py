"""Labels of meetings."""

from civic_forum.platform.i18n import _l, _p

from .rules import Answer, Attendance, Doubt, ElectionFault, ItemKind, ItemResult, UndoFault

KIND = {ItemKind.REPORT: _l("보고"), ItemKind.DISCUSSION: _l("논의"), ItemKind.DECISION: _l("결정"),
        ItemKind.ELECTION: _l("선출")}
RESULT = {ItemResult.NOTED: _l("보고받음"), ItemResult.NO_OBJECTION: _l("이견 없음"), ItemResult.CARRIED: _l("가결"),
          ItemResult.REJECTED: _l("부결"), ItemResult.DEFERRED: _l("보류")}
RESULT_TONE = {ItemResult.NO_OBJECTION: "success", ItemResult.CARRIED: "success", ItemResult.REJECTED: "danger",
               ItemResult.DEFERRED: "warning", ItemResult.NOTED: "gray"}
ATTENDANCE = {Attendance.ON_SITE: _l("현장"), Attendance.ONLINE: _l("화상"),
              Attendance.ELSEWHERE: _l("다른 분과에 참석"), Attendance.ABSENT: _l("불참")}
ATTENDANCE_TONE = {Attendance.ON_SITE: "deep", Attendance.ONLINE: "good", Attendance.ELSEWHERE: "warm",
                   Attendance.ABSENT: "quiet"}
ANSWER = {Answer.YES: _l("찬성"), Answer.NO: _l("반대"), Answer.ABSTAINED: _p("meeting", "기권")}
ELECTION_FAULT = {
    ElectionFault.BOX_TOO_SMALL: _l("표결권이 있는 위원이 열 명보다 적으면 투표함을 열지 않아요. 종이로 센 표를 적어 주세요."),
    ElectionFault.NO_BOX: _l("표결권이 있는 위원이 열 명 이상이면 투표함으로 뽑아요. 그 투표의 화면 주소를 붙여 넣어 주세요."),
    ElectionFault.COUNTED_TWICE: _l("투표함으로 뽑았으면 표는 투표의 결과에 있어요. 후보의 표를 지워 주세요.")}
UNDO_FAULT = {
    UndoFault.NOT_PASSED: _l("가결되거나 이견이 없던 결정만 앞선 결정을 바꿀 수 있어요."),
    UndoFault.NO_DECISION: _l("결정한 안건만 바꿀 수 있어요."),
    UndoFault.NOT_LATER: _l("앞서 열린 회의의 결정만 바꿀 수 있어요.")}
DOUBT = {
    Doubt.MORE_VOTES: _l("온 사람보다 표가 많아요."), Doubt.FEWER_VOTES: _l("온 사람보다 표가 적어요."),
    Doubt.NO_QUORUM: _l("정할 수 있는 수보다 적게 있었어요."),
    Doubt.TOO_FEW_IN_FAVOUR: _l("찬성이 절반을 넘지 않는데 가결로 적혀 있어요."),
    Doubt.ENOUGH_IN_FAVOUR: _l("찬성이 절반을 넘는데 부결로 적혀 있어요."),
    Doubt.TIE: _l("가장 많은 표를 받은 사람이 한 사람이 아니에요.")}

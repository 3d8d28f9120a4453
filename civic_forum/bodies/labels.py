"""Labels of bodies, their seats and those who sit there."""

from civic_forum.blocks.seats import ALL, MemberFunction, SeatFault, SeatSide, SeatWay, VOTING
from civic_forum.platform.i18n import _l

from .rules import BodyAccess, BodyKind, QuorumShare

KIND = {BodyKind.COUNCIL: _l("협치회의"), BodyKind.DIVISION: _l("분과"), BodyKind.STEERING: _l("운영위원회"),
        BodyKind.RESIDENTS: _l("주민자치회"), BodyKind.EVALUATION: _l("평가단"), BodyKind.JURY: _l("심사위원회"),
        BodyKind.COMMITTEE: _l("위원회")}
ACCESS = {BodyAccess.OPEN: _l("공개"), BodyAccess.MINUTES: _l("회의록 공개"), BodyAccess.RESULTS: _l("결과만 공개"),
          BodyAccess.CLOSED: _l("비공개")}
ACCESS_TONE = {BodyAccess.OPEN: "good", BodyAccess.MINUTES: "soft", BodyAccess.RESULTS: "warm",
               BodyAccess.CLOSED: "quiet"}
SIDE = {SeatSide.CIVIL: _l("민간"), SeatSide.RESIDENT: _l("주민"), SeatSide.EXTENDED: _l("확대"), SeatSide.OFFICE: _l("당연직"),
        SeatSide.COUNCIL: _l("구의원"), SeatSide.EXPERT: _l("전문가")}
WAY = {SeatWay.CALL: _l("모집"), SeatWay.DRAW: _l("추첨"), SeatWay.OFFICE: _l("직위"), SeatWay.VOTE: _l("선출"),
       SeatWay.RECOMMENDATION: _l("추천"), SeatWay.APPOINTMENT: _l("위촉")}
FUNCTION = {
    MemberFunction.CHAIR: _l("의장"), MemberFunction.CO_CHAIR: _l("공동의장"), MemberFunction.VICE_CHAIR: _l("부의장"),
    MemberFunction.PRESIDENT: _l("회장"), MemberFunction.VICE_PRESIDENT: _l("부회장"), MemberFunction.HEAD: _l("분과장"),
    MemberFunction.VICE_HEAD: _l("부분과장"), MemberFunction.SECRETARY: _l("간사"), MemberFunction.AUDITOR: _l("감사")}
SHARE = {
    QuorumShare.MORE_THAN_HALF: _l("절반보다 많이"), QuorumShare.MORE_THAN_A_THIRD: _l("3분의 1보다 많이"),
    QuorumShare.MORE_THAN_TWO_THIRDS: _l("3분의 2보다 많이"), QuorumShare.A_THIRD: _l("3분의 1 이상"),
    QuorumShare.HALF: _l("절반 이상"), QuorumShare.TWO_THIRDS: _l("3분의 2 이상")}
COUNTED = {VOTING: _l("표결권이 있는 위원"), ALL: _l("모든 위원")}
FAULT = {SeatFault.UNKNOWN_SEAT: _l("이런 자리는 없어요. 목록에서 다시 골라 주세요."),
         SeatFault.BACKWARDS: _l("마지막 날이 첫날보다 빨라요."),
         SeatFault.TWICE: _l("그때 이미 이 자리에 있는 위원이에요."),
         SeatFault.FULL: _l("그때는 빈자리가 없어요. 먼저 임기를 끝내거나 첫날을 바꿔 주세요.")}
FAULT_FIELD = {SeatFault.UNKNOWN_SEAT: "seat", SeatFault.BACKWARDS: "until", SeatFault.TWICE: "sign_in_name",
               SeatFault.FULL: "seat"}


def post_of(function: MemberFunction | None, seat: str) -> str:
    """Name of a function, where the seat is not called the same."""
    name = str(FUNCTION[function]) if function else ""
    return "" if name == seat else name

"""Labels of roles, affiliations and what a clerk has seen."""

from civic_forum.platform.i18n import _l

from .invitations.directory import Fault
from .documents import Document
from .rules import AffiliationKind, Evidence, Role, StaffAct, Verification

ROLE = {
    Role.MODERATOR: _l("운영자"),
    Role.OFFICIAL: _l("부서 담당자"),
    Role.CLERK: _l("동 담당자"),
    Role.OBSERVER: _l("참관인"),
    Role.ADMINISTRATOR: _l("관리자"),
    Role.READER: _l("보기만 하는 사람"),
}
AFFILIATION = {
    AffiliationKind.LIVE: _l("여기 살아요"),
    AffiliationKind.WORK: _l("여기서 일해요"),
    AffiliationKind.STUDY: _l("여기 학교에 다녀요"),
}
VERIFICATION = {
    Verification.DECLARED: _l("본인이 알렸어요"),
    Verification.DESK: _l("동 주민센터에서 확인했어요"),
    Verification.LETTER: _l("우편으로 확인했어요"),
    Verification.PROVIDER: _l("온라인으로 확인했어요"),
}
EVIDENCE = {
    Evidence.RESIDENT_CARD: _l("주민등록증"),
    Evidence.DRIVING_LICENCE: _l("운전면허증"),
    Evidence.PASSPORT: _l("여권"),
    Evidence.FOREIGN_RESIDENT_CARD: _l("외국인등록증"),
    Evidence.YOUTH_CARD: _l("청소년증"),
    Evidence.STUDENT_CARD: _l("학생증"),
    Evidence.EMPLOYMENT: _l("재직을 알 수 있는 서류"),
    Evidence.BUSINESS: _l("사업자등록증"),
    Evidence.LETTER: _l("우편으로 받은 번호"),
}
LETTER_OUTCOME = {
    "confirmed": _l("확인을 마쳤어요"),
    "used_up": _l("번호를 다섯 번 잘못 넣어서 끝났어요"),
    "cancelled": _l("신청을 거뒀어요"),
    "desk": _l("동 주민센터에서 확인해야 해요"),
    "expired": _l("기간이 지나 끝났어요"),
}
DOCUMENT = {
    Document.TERMS: _l("이용약관"),
    Document.PRIVACY: _l("개인정보 처리방침"),
    Document.COLLECTION: _l("개인정보 수집과 이용 동의"),
    Document.AGE: _l("만 14세 이상"),
}
DESK_CHECK = {
    StaffAct.VERIFY: _l("주민 확인"),
    StaffAct.OPEN_ACCOUNT: _l("계정을 만들며 확인"),
    StaffAct.RESET_PASSWORD: _l("비밀번호 코드를 드리며 확인"),
    StaffAct.TOLD_APART: _l("같은 이름과 생년월일을 견줌"),
    StaffAct.CREATE: _l("관리자가 계정을 만듦"),
    StaffAct.SECOND_FACTOR: _l("관리자가 2단계 인증을 끔"),
    StaffAct.PROVIDER: _l("관리자가 로그인하는 방법을 연결"),
    StaffAct.SEEN: _l("두 번째 담당자의 확인"),
    StaffAct.POSTED: _l("우편을 부침"),
    StaffAct.SUPPORT: _l("창구에서 말한 공감을 적음"),
    StaffAct.SUPPORT_BACK: _l("창구에서 말한 대로 공감을 거둠"),
}
TAKEN_OUT = {"formal": _l("정식 제안한 사람 명단"), "residents": _l("확인된 주민 명단")}
"""Tables with personal data."""
ROW_FAULT = {
    Fault.FORMULA: _l("“%(typed)s”: 계산식으로 시작하는 칸이 있어요."),
    Fault.NAME: _l("“%(typed)s”: 이름은 2~20자로 적어 주세요."),
    Fault.EMAIL: _l("“%(typed)s”: 메일 주소가 아니에요."),
    Fault.TWICE: _l("%(typed)s: %(other)s번째 줄에 이미 나온 주소예요."),
    Fault.ROLE: _l("“%(typed)s”: 모르는 역할이에요."),
    Fault.PLACE: _l("“%(typed)s”: 모르는 부서나 동이에요."),
    Fault.HEAD: _l("“%(typed)s”: 부서장 칸은 부서 담당자만 ‘예’로 적거나 비워요."),
    Fault.TWO_HEADS: _l("%(typed)s: %(other)s번째 줄에 이미 부서장이 있어요."),
    Fault.TITLE: _l("“%(typed)s”: 보기만 하는 사람은 직함을 60자 안에서 적어요."),
    Fault.INVITED: _l("%(typed)s: 이미 초대했어요."),
    Fault.HELD: _l("%(typed)s: 이미 그 역할이 있어요."),
}

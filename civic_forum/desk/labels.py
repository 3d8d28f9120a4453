"""Labels of the areas of work at the desk, of the steps of the first day, and of the parts of the machine."""

from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group

from .rules import Part, Sign, Step

AREA = {
    "intake": _l("현장 접수"), "proposals": _l("제안"), "answers": _l("답변"), "agendas": _l("의제"), "outcomes": _l("결과"),
    "polls": _l("투표"), "ballots": _l("투표함"), "budgets": _l("주민참여예산"), "forums": _l("공론장"),
    "moderation": _l("신고와 조치"), "accounts": _l("주민과 계정"), "exports": _l("자료"), "district": _l("우리 구"),
}
GROUP = {Group.THRESHOLDS: _l("기준과 날"), Group.NAMES: _l("부르는 이름"), Group.TAKING_PART: _l("참여와 확인"),
         Group.PRIVACY: _l("연락처와 개인정보"), Group.FIGURES: _l("견줄 수"), Group.RULES: _l("운영 원칙"),
         Group.NOTICES: _l("알림 문장")}
OTHER = _l("그 밖의 일")
"""One heading for all areas without a word of their own."""
NEXT = _l("다음")
"""What is neither late nor due today."""
STEP = {
    Step.SECOND_FACTOR: (_l("내 2단계 인증"), _l("비밀번호가 새어 나가도 다른 사람이 들어오지 못해요.")),
    Step.ADMINISTRATOR: (_l("관리자 한 명 더"), _l(
        "처음 시작할 때 나온 두 번째 주소를 그 사람이 열어요. 혼자면 전화기를 잃었을 때 아무도 들어올 수 없고, 담당관도 정할 수 없어요.")),
    Step.NAMES: (_l("구와 누리집 이름"), _l("모든 화면의 맨 위에 나와요.")),
    Step.PRIVACY: (_l("약관과 처리방침"), _l("처리방침에 개인정보 보호책임자와 담당 부서가 나와요.")),
    Step.NEIGHBOURHOODS: (_l("동"), _l("주민이 사는 곳을 고르고, 동마다 투표를 나눠요.")),
    Step.DEPARTMENTS: (_l("부서"), _l("제안에 답하고 약속을 지켜요.")),
    Step.CATEGORIES: (_l("분야"), _l("제안을 나누어 보고, 분야마다 답변할 부서를 미리 정해요.")),
    Step.CLERK: (_l("동 담당자"), _l("창구에서 주민과 담당관의 신분증을 봐요.")),
    Step.MODERATOR: (_l("운영자"), _l("제안을 부서에 나누고 투표를 만들어요.")),
    Step.OFFICERS: (_l("투표 담당관 3명"), _l("두 명이 함께 투표를 열고 세요. 정한 날부터 7일 뒤에 일해요.")),
    Step.OBSERVER: (_l("참관인"), _l("투표가 제대로 됐는지 지켜봐요.")),
    Step.POLL: (_l("첫 투표 만들기"), _l("모두에게 알리기 전에 예행연습을 할 수 있어요.")),
}
"""Name of each step, and what it is for."""
SIGN = {Sign.BAD: ("!", _l("지금 하세요"), "a"), Sign.UNKNOWN: ("?", _l("몰라요"), "w"), Sign.WATCH: ("!", _l("지켜보세요"), "w"),
        Sign.GOOD: ("✓", _l("괜찮아요"), "ok"), Sign.UNUSED: ("–", _l("안 써요"), "")}
"""Sign, word and tone."""
PARTS = {
    _l("나가는 소식"): {Part.MAIL: _l("메일"), Part.SMS: _l("문자")},
    _l("돌아가는 것"): {Part.WORKER: _l("뒤에서 일하는 프로그램"), Part.DATABASE: _l("데이터베이스"), Part.DISK: _l("디스크"),
                  Part.REDIS: "Redis"},
    _l("잃지 않게"): {Part.BACKUP: _l("백업"), Part.KEYS: _l("열쇠"), Part.DECISIONS: _l("정한 것과 감사 기록")},
    _l("들어오는 길"): {Part.ADDRESS: _l("주소와 https"), Part.PROVIDERS: _l("본인확인 기관")},
}
"""Heading → names of the parts under it."""
REMEDY = {
    Part.DECISIONS: (_l("서버 담당자에게 백업 전체를 bin/civic-forum restore로 되돌려 달라고 하세요."), 30),
    Part.DATABASE: (_l("서버 담당자에게 bin/civic-forum database upgrade를 실행해 달라고 하세요."), 10),
    Part.KEYS: (_l("서버 담당자에게 열쇠 폴더의 사본을 되돌려 달라고 하세요."), 10),
    Part.DISK: (_l("서버 담당자에게 디스크를 비우거나 늘려 달라고 하세요."), 30),
    Part.WORKER: (_l("서버 담당자에게 뒤에서 일하는 프로그램을 다시 시작하고 기록을 봐 달라고 하세요."), 10),
    Part.BACKUP: (_l("서버 담당자에게 bin/civic-forum backup을 날마다 실행해 달라고 하세요."), 20),
    Part.MAIL: (_l("서버 담당자에게 설정 파일의 SMTP_URL을 고쳐 달라고 하세요. 다시 시작한 뒤 아래에서 시험해요."), 10),
    Part.ADDRESS: (_l("서버 담당자에게 https를 켜고 설정 파일의 URL을 고쳐 달라고 하세요."), 30),
    Part.SMS: (_l("서버 담당자에게 설정 파일의 SMS_URL을 고쳐 달라고 하세요. 다시 시작한 뒤 아래에서 시험해요."), 10),
}
"""Remedy of what is bad, and about how many minutes it takes."""
KEY = {"session": _l("로그인 열쇠"), "master": _l("기본 열쇠"), "signing": _l("서명 열쇠")}

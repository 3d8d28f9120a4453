"""Passwords that are guessed first: common ones of the world, of Korea and of its keyboards, and walks over keys. Pure.

The common ones of the world, dates, runs and repetitions are those of zxcvbn (Wheeler, USENIX Security 2016); its lists
take 9 MB, so they are read when the first password is chosen.
"""

import re
from functools import cache

from civic_forum.platform import plain_text

LEAST_GUESSES = 10**9
"""Guesses that a password withstands, as zxcvbn counts them."""
LOOKED_AT = 40
"""Characters of a password that are looked at: reckoning takes long for long texts."""
LEAST_DIFFERENT = 4
LEAST_NAME = 4
WALKED = 0.75
"""Share of steps from a key to one beside it that makes a walk; of other texts it is about a fifth."""
_ROWS = (" `1234567890-=", "  qwertyuiop[]\\", "  asdfghjkl;'", "  zxcvbnm,./")
_UNSHIFTED = str.maketrans('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./")
_PLACE = {key: (row, column) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys) if key != " "}
_BESIDE = {(0, 0), (0, 1), (0, -1), (1, 0), (1, -1), (-1, 0), (-1, 1)}
"""Rows are set off to the right by half a key or less: `w` lies below 2 and 3 and above a and s."""
_KEYS = (("r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"),
         ("k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m", "ml",
          "l"),
         ("", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q", "qt", "t",
          "T", "d", "w", "c", "z", "x", "v", "g"))
"""Keys of the two-set keyboard (KS X 5002) for the 19 initials, 21 vowels and 28 finals, in the order of Unicode."""
_FIRST_SYLLABLE, _LAST_SYLLABLE = ord("가"), ord("힣")
KOREAN = """
사랑해 사랑 안녕하세요 안녕 비밀번호 대한민국 한국 서울 바보 천사 하늘 행복 친구 우리 나라 엄마 아빠 가족 감사 감사합니다 고마워 사랑합니다
사랑해요 행복해 화이팅 파이팅 최고 대박 짱 공주 왕자 여보 자기 자기야 아가 아기 애기 이쁜이 강아지 고양이 멍멍이 야옹이 나비 토끼 호랑이 사자 곰돌이
곰 돼지 거북이 코끼리 여우 늑대 독수리 병아리 원숭이 두더지 용가리 바다 나무 구름 바람 햇님 달님 별님 별 태양 지구 우주 무지개 봄 여름 가을 겨울
꽃 장미 벚꽃 진달래 무궁화 개나리 해바라기 소나무 은행나무 백두산 한라산 관악산 호암산 안양천 한강 독도 제주도 제주 부산 대구 인천 광주 대전 울산 경기 경기도
강원 강원도 충청 전라 경상 세종 수원 성남 안양 광명 부천 구로 금천 금천구 관악 관악구 영등포 시흥 시흥동 독산 독산동 가산 가산동 강남 홍대 명동 종로 이태원
구청 금천구청 주민센터 동사무소 학교 선생님 학생 대학교 회사 사장님 부장님 과장 대리 공무원 회원 관리자 운영자 비번 암호 패스워드 로그인 아이디 컴퓨터 인터넷
네이버 카카오 카카오톡 다음 구글 유튜브 삼성 엘지 현대 기아 롯데 신한 국민 우리은행 농협 하이마트 갤럭시 아이폰 테스트 시험 임시 처음 마지막 시작 끝 하나 둘
셋 넷 다섯 일이삼사 가나다라 가나다라마바사 가나다 아자차카 동해물과 백두산이 애국가 대한 만세 독립 통일 평화 자유 정의 진리 믿음 소망 하나님 예수님 예수 주님
아멘 할렐루야 부처님 성당 교회 축복 은혜 자동차 버스 지하철 축구 야구 농구 배구 골프 수영 등산 낚시 자전거 여행 음악 노래 영화 드라마 게임 리니지 메이플 스타 오버워치 롤 피파
두산 한화 타이거즈 자이언츠 트윈스 라이온즈 손흥민 김연아 박지성 이순신 세종대왕 유재석 아이유 방탄소년단 방탄 블랙핑크 뉴진스 소녀시대 빅뱅 트와이스 엑소
김치 김밥 라면 떡볶이 치킨 피자 삼겹살 불고기 비빔밥 짜장면 짬뽕 소주 맥주 막걸리 커피 우유 콜라 사과 딸기 포도 수박 바나나 감자 고구마 두부 된장 순대
빨강 파랑 노랑 초록 보라 하양 검정 돈 부자 대박나자 로또 복권 행운 성공 건강 건강하자 잘살자 힘내 힘내자 웃자 미소 기쁨 희망 꿈 미래 추억 약속 인연 운명
영원 영원히 첫사랑 내사랑 그리움 눈물 이별 눈꽃 눈사람 비 소나기 번개 천둥 폭풍 나는나 내꺼 내거 뭐야 몰라 아니야 그래 좋아 좋아해 싫어 미워 배고파 졸려
월요일 화요일 수요일 목요일 금요일 토요일 일요일 생일 생일축하 크리스마스 설날 추석 김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 전 홍
철수 영희 영수 민수 민준 서준 도윤 예준 시우 하준 지호 주원 지후 준우 서연 서윤 지우 서현 하은 하윤 민서 지유 윤서 지민 수빈 지원 지현 지혜 은지 은영 미영
미경 미숙 영숙 정숙 순자 영자 정희 경희 성호 성민 성훈 정훈 지훈 동현 현우 준호 민호 진우 상훈 재현 영호 영철 정호 종수 광수 길동 홍길동 아무개 유진 혜진 수진 현정
은정 민정 수정 지영 보람 아름 한별 한솔 가람 슬기 다솜 나리 보배
""".split()
"""Common words and names, most common ones first."""


def is_easy(password: str, *names: str | None) -> bool:
    """True for a password that would soon be guessed: few different characters, a name of one's own inside, a walk over
    the keyboard, or few guesses by lists of common words, Korean ones in Hangul and as they are typed on keys that
    write Latin letters (`tkfkdgo` is 사랑해).
    """
    folded = plain_text.secret(password).casefold()
    own = [name for name in names if name and len(name) >= LEAST_NAME]
    return (len(set(folded)) < LEAST_DIFFERENT or any(name.casefold() in folded for name in own)
            or is_walk(folded) or _guesses(folded[:LOOKED_AT], own) < LEAST_GUESSES)


def is_walk(text: str) -> bool:
    """True if most of its steps lead to a key beside the one before, or to the same: 1q2w3e4r, qazwsx, asdf1234."""
    places = [_PLACE.get(key) for key in text.translate(_UNSHIFTED)]
    steps = [bool(place and other and (other[0] - place[0], other[1] - place[1]) in _BESIDE)
             for place, other in zip(places, places[1:], strict=False)]
    return sum(steps) >= WALKED * len(steps) > 0


def typed(text: str) -> str:
    """The Latin letters that a two-set keyboard writes where its Hangul is off: `tkfkdgo` of 사랑해."""
    return "".join(_keys_of(ord(character)) or character for character in text)


def _keys_of(code: int) -> str:
    if not _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        return ""
    syllable, final = divmod(code - _FIRST_SYLLABLE, 28)
    initial, vowel = divmod(syllable, 21)
    return _KEYS[0][initial] + _KEYS[1][vowel] + _KEYS[2][final]


@cache
def _korean() -> list[str]:
    return [form for word in KOREAN for form in (typed(word).casefold(), word)]


def _guesses(text: str, names: list[str]) -> float:
    from zxcvbn_rs_py import zxcvbn

    parts = [part for name in names for part in re.split(r"[\W_]+", name.casefold()) if len(part) >= LEAST_NAME]
    words = [*parts, *_korean()]
    return min(float(zxcvbn(form, words).guesses) for form in {text, text.translate(_UNSHIFTED)})

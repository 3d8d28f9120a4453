"""Terms and privacy statement as editions of the district, by two: whoever agreed to an earlier one reads that."""

from functools import partial

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare

MOST = 30_000
TEXT = partial(Setting, group=Group.PRIVACY, by_two=True, default={"ko": "", "en": ""},
               shape=shapes.prose(MOST, _l("누리집의 글을 써요")))
declare(TEXT(name="TERMS_TEXT", label=_l("이용약관"), does=_l("가입할 때 동의하는 글이에요. 바뀌면 동의한 사람이 내 정보에서 봐요.")),
        TEXT(name="PRIVACY_TEXT", label=_l("개인정보 처리방침"), does=_l(
            "책임자, 부서와 맡긴 회사는 이 글 아래에 저절로 나와요. 바뀌면 동의한 사람이 내 정보에서 봐요.")))

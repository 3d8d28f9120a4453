"""Names, contacts and figures of the district, as it decides them."""

from collections.abc import Callable
from functools import partial

import config
from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.settings import Group, Setting, by_language, declare, own_words

from .rules import AGES

PROGRAMMES = {"PROGRAMME_CONSULTATIONS": ("구청이 묻습니다", "Consultations"), "PROGRAMME_FORUMS": ("공론장", "Forums"),
              "PROGRAMME_BUDGETS": ("주민참여예산", "Participatory budget"), "PROGRAMME_OUTCOMES": ("결과·실행", "Outcomes")}
"""Programmes that a district may call otherwise → what they are called on the pages of the site."""


def _mail(text: str) -> str | None:
    name, _at, host = text.partition("@")
    leads_nowhere = text == config.BY_NAME["CONTACT_EMAIL"].default
    return text if name and "." in host and " " not in text and not leads_nowhere else None


def _phone(text: str) -> str | None:
    return text if sum(letter.isdecimal() for letter in text) >= 3 and set(text) <= set("0123456789-+() ") else None


def _taken(name: str, after: dict[str, str], of: Callable[[str], list]) -> str | None:
    others = {text for other in PROGRAMMES if other != name for names in map(by_language, of(other))
              for text in names.values()}
    return _("다른 메뉴가 쓰는 이름이에요. 다른 이름을 적어 주세요.") if others.intersection(after.values()) else None


NAMES = partial(Setting, group=Group.NAMES, shape=shapes.names(40))
PRIVACY = partial(Setting, group=Group.PRIVACY, by_two=True)
declare(
    NAMES(name="SITE_NAME", label=_l("누리집 이름"), does=_l("모든 화면의 맨 위와 알림에 나와요.")),
    NAMES(name="DISTRICT_NAME", label=_l("구 이름"), by_two=True,
          does=_l("새로 만드는 명부와 투표의 안내에 나오고, 본인 확인에서 우리 구 주민인지 견줘요.")),
    NAMES(name="OFFICE_NAME", label=_l("구청 이름"), does=_l("누가 답하는지 말하는 곳마다 나와요.")),
    *(NAMES(name=name, label=_l("“%(name)s” 이름", name=_l(korean)), default={"ko": korean, "en": english},
            compared=tuple(PROGRAMMES), contradiction=partial(_taken, name),
            does=_l("메뉴, 제목, 경로와 알림이 이 이름으로 불러요. 설명하는 문장 속 낱말은 그대로예요."))
      for name, (korean, english) in PROGRAMMES.items()),
    Setting(name="CONTACT_PHONE", group=Group.PRIVACY, label=_l("문의 전화"), does=_l("모든 화면 아래에 나와요."),
            shape=shapes.line(30, cleaned=_phone, refusal=_l("02-000-0000처럼 전화번호를 적어 주세요."))),
    Setting(name="CONTACT_EMAIL", group=Group.PRIVACY, label=_l("문의 메일"), does=_l("모든 화면 아래와 보안 신고 안내에 나와요."),
            shape=shapes.line(120, cleaned=_mail, refusal=_l("누군가 읽는 메일 주소를 적어 주세요."))),
    PRIVACY(name="PRIVACY_OFFICER", label=_l("개인정보 보호책임자"), does=_l("개인정보 처리방침에 나와요."),
            shape=shapes.line(200)),
    PRIVACY(name="PRIVACY_DESK", label=_l("개인정보를 다루는 부서"), does=_l("열람, 정정, 삭제를 청구할 곳으로 처리방침에 나와요."),
            shape=shapes.line(200)),
    PRIVACY(name="PROCESSORS", label=_l("개인정보를 맡긴 회사"), does=_l("회사와 맡긴 일을 한 줄에 하나씩, 처리방침에 보여요."),
            shape=shapes.lines()),
    Setting(name="RESIDENTS", group=Group.FIGURES, label=_l("우리 구에 사는 사람 수"), shape=shapes.people(AGES),
            does=_l("참여 현황이 누가 아직 없는지 이 수와 견줘요.")))

for _name, (_korean, _english) in PROGRAMMES.items():
    own_words(_name, _korean)

"""Rules of moderation as the district words them: by two people, since acts on texts and accounts name them."""

from functools import partial

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare, in_each

from .labels import MEANINGS, NAMES

RULES = partial(Setting, group=Group.RULES, by_two=True,
                does=_l("운영 원칙 화면, 신고하는 화면과 조치를 알리는 글에 나와요."))
declare(*(RULES(name=f"RULE_{rule.name}", label=_l("원칙 이름: %(name)s", name=name), shape=shapes.names(40),
                default=partial(in_each, name)) for rule, name in NAMES.items()),
        *(RULES(name=f"MEANING_{rule.name}", label=_l("원칙의 뜻: %(name)s", name=NAMES[rule]),
                shape=shapes.sentence(200, meaning), default=partial(in_each, meaning))
          for rule, meaning in MEANINGS.items()))
